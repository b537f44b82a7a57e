//! What the settings of a site do to its screens: the banner, read only, the profiles.

use consign::client::Request;
use consign::config::{Access, Limits, Profile};
use consign::distribution::field::FieldId;
use consign::error::{SignInCause, SiteError};
use consign::sms::rights::Sight;
use consign::tui::app::Start;
use consign::tui::event::Event;
use consign::tui::keymap::Action;
use consign::tui::theme::Theme;
use consign::tui::wizard::Place;
use consign::tui::wizard::Setting;
use ratatui::style::Modifier;

use crate::support::played::{Played, start};
use crate::support::requests;
use crate::support::scripted::Scripted;

fn on_a_site(change: impl FnOnce(&mut Start), width: u16, height: u16) -> Played {
    let mut start = start();
    change(&mut start);
    Played::begin(Scripted::default(), start, width, height, false)
}

fn with_access(access: Access) -> Played {
    on_a_site(|start| start.setting.access = access, 80, 24)
}

fn as_helpdesk() -> Played {
    let setting = |setting: Setting| Setting {
        profile: Profile::Helpdesk,
        limits: Limits::of(Profile::Helpdesk),
        ..setting
    };
    on_a_site(
        |start| start.setting = setting(start.setting.clone()),
        80,
        24,
    )
}

#[test]
fn the_banner_stands_on_every_screen() {
    for (width, height) in [(80, 24), (160, 50), (60, 16)] {
        let banner = |start: &mut Start| start.banner = Some("PRODUCTION".into());
        let mut played = on_a_site(banner, width, height);
        for keys in [
            "5", "enter", "tab", "?", "esc", ":", "esc", "w", "ctrl-n", "ctrl-f", "esc", "ctrl-r",
        ] {
            played.press(keys).ring();
            let text = played.text();
            let top: Vec<_> = text.lines().take(2).collect();
            assert!(top.join("\n").contains(" PRODUCTION "), "{keys}:\n{text}");
        }
    }
}

#[test]
fn without_colours_the_banner_is_reversed() {
    let banner = |start: &mut Start| start.banner = Some("PRODUCTION".into());
    let mut played = on_a_site(banner, 80, 24);
    let buffer = played.draw(&Theme::default().without_colour());
    let cell = &buffer[(2, 1)];
    assert_eq!(cell.symbol(), "R");
    assert!(cell.modifier.contains(Modifier::REVERSED));
    assert!(played.text().contains("Packages"), "{}", played.text());
}

#[test]
fn a_long_banner_leaves_room_for_where_one_is() {
    let banner = |start: &mut Start| start.banner = Some("PRODUCTION ".repeat(9));
    let mut played = on_a_site(banner, 80, 24);
    let text = played.text();
    assert!(text.lines().nth(1).unwrap().contains("LAB"), "{text}");
}

#[test]
fn on_a_site_that_is_only_read_nothing_that_changes_it_is_offered() {
    for (access, why) in [(Access::ReadOnly, "--write"), (Access::Viewer, "viewer")] {
        let mut played = with_access(access);
        assert!(!played.text().contains("w wizard"), "{}", played.text());
        played.press("w");
        assert!(played.text().contains(why), "{}", played.text());
        assert!(played.app.wizard.is_none());
        played.press("?");
        let help = played.press("pagedown pagedown").text();
        assert!(!help.contains("distribute software"), "{help}");
    }
}

#[test]
fn what_was_lifted_is_said_and_works() {
    let mut played = with_access(Access::Lifted);
    assert!(
        played.text().contains("LAB embedded (write)"),
        "{}",
        played.text()
    );
    played.press("w");
    assert!(played.app.wizard.is_some());
    assert!(played.text().contains("(write)"), "{}", played.text());
    assert!(with_access(Access::ReadOnly).text().contains("(read only)"));
}

#[test]
fn an_empty_site_that_is_only_read_is_not_offered_to_be_filled() {
    let mut start = start();
    start.setting.access = Access::ReadOnly;
    let script = Scripted {
        is_empty: true,
        ..Scripted::default()
    };
    let mut played = Played::begin(script, start, 80, 24, false);
    let text = played.text();
    assert!(
        !text.contains("sample fleet") && !text.contains("start the wizard"),
        "{text}"
    );
    played.press("f");
    assert!(!played.asked.contains(&Request::Fill));
}

#[test]
fn a_plan_is_reviewed_and_saved_where_it_may_not_run() {
    let mut start = start();
    start.setting.access = Access::ReadOnly;
    start.into_wizard = true;
    let mut played = Played::begin(Scripted::default(), start, 80, 24, false);
    played.ring();
    played.type_text("7-zip").press("enter").ring();
    played.type_text("pilot laptops").ring();
    played.press("enter l enter").ring();
    let text = played.text();
    assert!(
        !text.contains("R run") && text.contains("s saves the plan"),
        "{text}"
    );
    played.press("R");
    assert!(played.text().contains("--write"), "{}", played.text());
    assert!(
        !played
            .asked
            .iter()
            .any(|asked| matches!(asked, Request::Run(_)))
    );
}

#[test]
fn how_much_is_seen_is_asked_once_and_never_of_an_embedded_site() {
    let asked = |sight| {
        let script = Scripted {
            sight,
            ..Scripted::default()
        };
        let mut played = Played::with(script, 80, 24);
        played.press("5 1 r");
        let asked = played.asked.iter();
        asked.filter(|asked| **asked == Request::Sight).count()
    };
    assert_eq!((asked(Sight::Part), asked(Sight::Whole)), (1, 0));
}

#[test]
fn how_much_is_seen_is_asked_again_where_the_site_could_not_say() {
    let script = Scripted {
        sight: Sight::Part,
        fault: |request| match request {
            Request::Open => None,
            _ => Some(SiteError::SignedOut {
                site: "lab".to_owned(),
                reason: "there is no ticket".to_owned(),
                cause: SignInCause::NoTicket,
            }),
        },
        ..Scripted::default()
    };
    let mut played = Played::with(script, 80, 24);
    let text = played.text();
    assert!(text.contains("signed out"), "{text}");
    played.script.fault = |_| None;
    let text = played.ring().text();
    assert!(text.contains("15 you can see · read"), "{text}");
    let before = played.asked.len();
    played.press("r");
    assert!(!played.asked[before..].contains(&Request::Sight));
}

#[test]
fn only_what_the_site_shows_is_said_to_be_seen_in_part() {
    let script = Scripted {
        sight: Sight::Part,
        ..Scripted::default()
    };
    let mut played = Played::with(script, 80, 24);
    assert!(
        played.text().contains("15 you can see · read"),
        "{}",
        played.text()
    );
    played.press("7");
    played.happen(Event::Requested(requests::on_a_bad_day()));
    assert!(!played.text().contains("you can see"), "{}", played.text());
}

#[test]
fn the_help_desk_is_guided() {
    let mut played = as_helpdesk();
    assert!(played.text().contains("(helpdesk)"), "{}", played.text());
    played.press("5 w").ring();
    // Neither the row nor the line of help that names it.
    assert!(!played.text().contains("omething new"), "{}", played.text());
    assert!(played.text().contains("maker, version or ID."));
    played.type_text("7-zip").press("enter").ring();
    played.type_text("pilot laptops").ring();
    played.press("enter o enter right").ring();
    let mode = Place::Field(FieldId::CollectionMode);
    let windows = Place::Field(FieldId::AdvertisementOverrideMw);
    let places = played.wizard().places();
    assert!(
        !places.contains(&windows) && !places.contains(&Place::More),
        "{places:?}"
    );
    played.press("pageup").ring();
    assert!(!played.wizard().places().contains(&mode));
    assert!(played.app.allows(Action::More).is_err());
}
