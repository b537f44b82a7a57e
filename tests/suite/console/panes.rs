//! What keys do in the panes.

use consign::client::listing::Kind;
use consign::client::{Request, Role};
use consign::distribution::Draft;
use consign::error::SiteError;
use consign::tui::app::{Layer, PaneId, Standing};
use consign::tui::event::{Effect, Event, Timer};
use consign::tui::keymap::Scope;

use crate::support::fleet::{Fleet, now};
use crate::support::played::Played;
use crate::support::scripted::Scripted;

#[expect(clippy::unnecessary_wraps, reason = "the shape a script of faults has")]
fn lost(_: &Request) -> Option<SiteError> {
    Some(SiteError::Unreachable {
        site: "lab".to_owned(),
        reason: "the line was lost".to_owned(),
        after_sending: false,
    })
}

#[test]
fn a_pane_is_read_when_it_is_first_looked_at() {
    let mut played = Played::at(80, 24);
    assert!(!played.asked.contains(&Request::Collections));
    played.press("3");
    assert!(played.asked.contains(&Request::Collections));
    assert_eq!(played.app.pane, PaneId::Collections);
}

#[test]
fn a_stale_answer_is_dropped() {
    let mut played = Played::waiting(80, 24);
    played.press("r");
    played.release();
    // Two asks went out; the answer of the first was not awaited any more.
    let asked = played
        .asked
        .iter()
        .filter(|request| **request == Request::Packages)
        .count();
    assert_eq!(asked, 2);
    assert_eq!(played.app.pane().sheet.table.len(), 15);
    assert!(!played.app.pane().sheet.table.is_reading());
}

#[test]
fn old_rows_stay_visible_beside_a_fault() {
    let mut played = Played::at(80, 24);
    played.script.fault = lost;
    played.press("r");
    let table = &played.app.pane().sheet.table;
    assert_eq!(table.standing(), Standing::Rows);
    assert!(table.fault().is_some());
    assert!(played.text().contains("the line was lost"));
}

#[test]
fn the_selection_stays_on_its_object_when_rows_move() {
    let mut played = Played::at(80, 24);
    played.press("down down");
    let before = played.app.pane().sheet.table.subject();
    played.press("O");
    assert_eq!(played.app.pane().sheet.table.subject(), before);
    assert_ne!(played.app.pane().sheet.table.at(), 2);
}

#[test]
fn a_filter_is_applied_at_once_and_esc_brings_back_the_one_before() {
    let mut played = Played::at(80, 24);
    played.press("/").type_text("zip");
    assert_eq!(played.app.scope(), Scope::Filter);
    assert_eq!(played.app.pane().sheet.table.len(), 1);
    played.press("esc");
    assert_eq!(played.app.pane().sheet.table.len(), 15);
    played.press("/").type_text("zip").press("enter");
    assert_eq!(played.app.scope(), Scope::List);
    assert_eq!(played.app.pane().sheet.table.len(), 1);
    played.press("esc");
    assert_eq!(played.app.pane().sheet.table.len(), 15);
}

#[test]
fn a_filter_taken_back_gives_the_selection_back() {
    let mut played = Played::at(80, 24);
    played.press("down down down");
    let selected = |played: &Played| played.app.pane().sheet.table.subject().unwrap();
    let before = selected(&played);
    played
        .press("/")
        .type_text("nothing is called this")
        .press("esc");
    assert_eq!(selected(&played), before);
    played
        .press("/")
        .type_text("zoom")
        .press("enter enter esc esc");
    assert_eq!(selected(&played).name, "Zoom 6");
}

#[test]
fn in_a_text_field_letters_are_text() {
    let mut played = Played::at(80, 24);
    played.press("/").type_text("q?:/1");
    assert_eq!(played.app.pane().sheet.filter, "q?:/1");
    assert!(!played.app.is_done());
}

#[test]
fn a_filter_over_devices_waits_for_a_pause_before_it_asks() {
    let mut played = Played::at(80, 24);
    played.press("6");
    let before = played.asked.len();
    played.press("/").type_text("srv");
    assert_eq!(played.asked.len(), before);
    assert!(
        played
            .done
            .iter()
            .any(|effect| matches!(effect, Effect::Wake(Timer::Filter, _)))
    );
    played.ring();
    assert!(matches!(&played.asked[before], Request::Devices(ask) if !ask.words.is_empty()));
    assert_eq!(played.app.pane().sheet.table.len(), 20);
}

#[test]
fn a_window_asks_ahead_and_keys_never_outrun_it() {
    let script = Scripted {
        fleet: Fleet::of(2_000),
        ..Scripted::default()
    };
    let mut played = Played::with(script, 80, 24);
    played.press("6");
    for _ in 0..100 {
        played.press("pagedown");
    }
    assert_eq!(
        played.app.pane().sheet.table.count(),
        (Some(1_601), Some(2_000))
    );
    played.press("G");
    let table = &played.app.pane().sheet.table;
    assert_eq!(table.count(), (Some(2_000), Some(2_000)));
    played.press("home");
    assert_eq!(played.app.pane().sheet.table.count().0, Some(1));
}

#[test]
fn keys_pressed_before_the_first_rows_are_not_lost() {
    let mut played = Played::waiting(80, 24);
    played.press("6 pagedown pagedown");
    played.release();
    assert_eq!(played.app.pane().sheet.table.count().0, Some(33));
}

#[test]
fn details_open_in_place_and_back_leads_out_again() {
    let mut played = Played::at(80, 24);
    played.press("enter tab enter");
    assert_eq!(played.app.pane().trail.len(), 2);
    assert_eq!(
        played.app.pane().trail[1].subject.key.kind(),
        Some(Kind::Programs)
    );
    played.press("esc esc");
    assert_eq!(played.app.scope(), Scope::List);
}

#[test]
fn a_key_that_does_not_apply_says_why() {
    let mut played = Played::at(80, 24);
    played.press("6 !");
    assert!(played.text().contains("too many to look through"));
    played.press("tab");
    assert!(played.text().contains("open a row first"));
}

#[test]
fn rows_on_their_way_are_asked_for_again_and_only_then() {
    let mut played = Played::at(80, 24);
    let again = |played: &Played| {
        played
            .done
            .iter()
            .filter(|effect| matches!(effect, Effect::Wake(Timer::Again, _)))
            .count()
    };
    assert_eq!(again(&played), 0);
    played.press("3");
    assert_eq!(again(&played), 1);
    let before = played.asked.len();
    played.ring();
    assert_eq!(played.asked[before], Request::Collections);
}

#[test]
fn esc_stops_a_reading_and_refresh_begins_it_again() {
    let mut played = Played::waiting(80, 24);
    played.press("esc");
    assert!(played.text().contains("Stopped reading packages"));
    played.press("r").release();
    assert_eq!(played.app.pane().sheet.table.len(), 15);
}

#[test]
fn an_empty_site_is_greeted_and_can_be_filled() {
    let mut played = Played::with(
        Scripted {
            is_empty: true,
            ..Scripted::default()
        },
        80,
        24,
    );
    assert_eq!(played.app.scope(), Scope::Greeting);
    played.script.is_empty = false;
    played.press("f");
    assert!(played.asked.contains(&Request::Fill));
    assert_eq!(played.app.scope(), Scope::List);
    assert_eq!(played.app.pane().sheet.table.len(), 15);
}

#[test]
fn a_paste_of_many_lines_into_one_line_never_presses_enter() {
    let mut played = Played::at(80, 24);
    played.press("/");
    played.happen(Event::Pasted("a\r\nb\n".repeat(10_000)));
    assert_eq!(played.app.scope(), Scope::Filter);
    let filter = &played.app.pane().sheet.filter;
    assert!(filter.starts_with("a b a b") && filter.len() <= 4_096);
}

#[test]
fn the_shown_rows_are_written_as_a_file() {
    let mut played = Played::at(80, 24);
    played.press("/").type_text("zip").press("enter x enter");
    let text = played.done.iter().find_map(|effect| match effect {
        Effect::Write(path, text) if path.ends_with("packages.csv") => Some(text.clone()),
        _ => None,
    });
    let text = text.unwrap();
    assert!(text.starts_with("Name,Version,ID"), "{text}");
    assert_eq!(text.lines().count(), 2);
}

#[test]
fn the_command_line_goes_to_a_pane_with_a_filter() {
    let mut played = Played::at(80, 24);
    played.press(":").type_text("adv errors>0").press("enter");
    assert_eq!(played.app.pane, PaneId::Advertisements);
    assert_eq!(played.app.pane().sheet.filter, "errors>0");
}

#[test]
fn on_wide_screens_the_details_follow_the_selection_when_it_rests() {
    let mut played = Played::at(160, 50);
    let beside = |played: &Played| {
        played
            .app
            .pane()
            .beside
            .as_ref()
            .map(|beside| beside.subject.name.clone())
    };
    assert_eq!(beside(&played).as_deref(), Some("7-Zip 24.08"));
    let before = played.asked.len();
    played.press("down down down");
    assert_eq!(played.asked.len(), before);
    played.ring();
    assert_eq!(beside(&played).as_deref(), Some("Chrome 130"));
    assert_eq!(played.asked.len(), before + 1);
}

#[test]
fn a_click_selects_a_row_and_a_second_one_opens_it() {
    let mut played = Played::at(80, 24);
    played.text();
    played.click(5, 6);
    assert_eq!(played.app.pane().sheet.table.at(), 2);
    played.text();
    played.click(5, 6);
    assert_eq!(played.app.pane().trail.len(), 1);
}

#[test]
fn a_hang_up_ends_the_console_whatever_is_on_top() {
    let mut played = Played::at(80, 24);
    played.press("?");
    played.app.layers.push(Layer::command(""));
    played.happen(Event::HangUp);
    assert!(played.app.is_done());
}

#[test]
fn a_draft_that_was_left_is_offered_before_another_is_begun() {
    let mut played = Played::at(80, 24);
    played.press("w").type_text("inst").press("enter esc enter");
    assert_eq!(played.app.scope(), Scope::List);
    played.press("w");
    assert_eq!(played.app.scope(), Scope::Question);
    assert!(played.text().contains("unfinished distribution"));
    played.press("enter");
    assert!(matches!(played.app.layers[..], [Layer::Wizard]));
    played.press("esc enter w tab enter");
    assert!(matches!(played.app.layers[..], [Layer::Wizard]));
    assert!(played.done.contains(&Effect::DropDraft));
}

#[test]
fn who_does_the_work_behind_the_site_is_told_when_it_is_somebody_else() {
    let mut played = Played::at(80, 24);
    let notice = |played: &mut Played, role: Role| {
        played.app.notice = None;
        played.happen(Event::Worked(role));
        played.app.notice.clone().map(|notice| notice.words)
    };
    assert_eq!(notice(&mut played, Role::Here), None);
    let other = Role::Elsewhere { process: 42 };
    let told = notice(&mut played, other.clone()).unwrap();
    assert!(told.starts_with("process 42 does"), "{told}");
    assert_eq!(notice(&mut played, Role::Nobody), None);
    assert_eq!(notice(&mut played, other), None);
    let told = notice(&mut played, Role::Here).unwrap();
    assert!(told.contains("this console does"), "{told}");
    assert_eq!(notice(&mut played, Role::Here), None);
}

#[test]
fn what_this_console_does_not_change_is_shown_and_locked() {
    let mut played = Played::at(80, 24);
    played.press("/").type_text("boot").press("enter");
    let text = played.text();
    assert!(text.contains("[boot image] Boot image (x64)"), "{text}");
    assert!(!text.contains("w wizard"), "{text}");
    played.press("w");
    let text = played.text();
    assert!(text.contains("its package type is boot image"), "{text}");
    assert_eq!(played.app.scope(), Scope::List);
    played.press("c");
    let copied = played.done.iter().any(
        |effect| matches!(effect, Effect::Copy(text) if text.starts_with("Boot image (x64)\t")),
    );
    assert!(copied, "{:?}", played.done);
    played.press("enter w");
    assert!(played.text().contains("its package type is boot image"));
}

#[test]
fn an_unfinished_draft_is_reached_from_a_locked_row_too() {
    let mut played = Played::at(80, 24);
    let draft = Box::new(Draft::begin("lab"));
    played.happen(Event::DraftFound(draft, now().timestamp()));
    played.press("esc /").type_text("boot").press("enter w");
    let text = played.text();
    assert!(text.contains("An unfinished distribution"), "{text}");
}

#[test]
fn a_deployment_that_is_no_advertisement_opens_a_page_of_its_own() {
    let mut played = Played::at(80, 24);
    played.press("5 /").type_text("google").press("enter enter");
    let text = played.text();
    assert!(text.contains("application Google Chrome"), "{text}");
    assert!(text.contains("Success"), "{text}");
    assert!(text.contains("not changed from here"), "{text}");
}
