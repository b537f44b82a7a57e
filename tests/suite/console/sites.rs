//! Going to another site from the console.

use consign::tui::event::{Effect, Event};
use consign::tui::sites::KnownSite;

use crate::support::played::Played;

fn known() -> Vec<KnownSite> {
    let site = |name: &str, kind, place: &str| KnownSite {
        name: name.to_owned(),
        kind,
        place: place.to_owned(),
        ..KnownSite::default()
    };
    vec![
        site("lab", "embedded", "/srv/sites/lab"),
        KnownSite {
            standing: "helpdesk, read only".to_owned(),
            banner: Some("PRODUCTION".to_owned()),
            ..site("prod", "remote", "https://sccm01.corp.example")
        },
    ]
}

fn goes_to(played: &Played) -> Vec<&str> {
    let goes = played.done.iter().filter_map(|effect| match effect {
        Effect::GoTo(name) => Some(name.as_str()),
        _ => None,
    });
    goes.collect()
}

#[test]
fn the_sites_are_listed_and_one_is_gone_to() {
    let mut played = Played::at(80, 24);
    played.press("s");
    assert!(played.done.contains(&Effect::FindSites));
    played.happen(Event::SitesFound(known()));
    let text = played.text();
    assert!(
        text.contains("*lab") && text.contains("PRODUCTION"),
        "{text}"
    );
    assert!(text.contains("(helpdesk, read only)"), "{text}");
    played.press("down enter");
    assert_eq!(goes_to(&played), ["prod"]);
    assert!(
        played.text().contains("until it is open this is still lab"),
        "{}",
        played.text()
    );
    played.happen(Event::SiteOpened("prod".to_owned(), Ok(())));
    assert!(played.app.is_done(), "the console ends, and begins there");
}

#[test]
fn a_site_that_does_not_open_is_told_and_the_old_one_stays() {
    let mut played = Played::at(80, 24);
    played.press(":").type_text("site prod").press("enter");
    assert_eq!(goes_to(&played), ["prod"]);
    let refused = Err("cannot reach prod: no answer".to_owned());
    played.happen(Event::SiteOpened("prod".to_owned(), refused));
    let text = played.text();
    assert!(
        text.contains("prod was not opened: cannot reach prod"),
        "{text}"
    );
    assert!(text.contains("7-Zip") && !played.app.is_done(), "{text}");
}

#[test]
fn to_the_site_one_is_on_nobody_goes() {
    let mut played = Played::at(80, 24);
    played.press("s");
    played.happen(Event::SitesFound(known()));
    played.press("enter");
    assert_eq!(goes_to(&played), Vec::<&str>::new());
    assert!(played.text().contains("this is lab"), "{}", played.text());
}

#[test]
fn what_was_typed_in_the_wizard_is_kept_with_the_old_site() {
    let mut played = Played::at(80, 24);
    played.press(":").type_text("site prod").press("enter");
    played.press("5 w").ring();
    played.type_text("something new").press("enter");
    played.type_text("Line T");
    played.done.clear();
    played.happen(Event::SiteOpened("prod".to_owned(), Ok(())));
    let kept = |effect: &Effect| matches!(effect, Effect::KeepDraft(draft) if draft.package.name.as_deref() == Some("Line T"));
    assert!(played.done.iter().any(kept));
}
