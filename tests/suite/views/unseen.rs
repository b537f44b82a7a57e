//! A window too small for anything: it says so, and no key changes what nobody sees.

use consign::tui::event::Event;

use crate::support::played::Played;
use crate::support::wizard_ways as ways;

/// One of every sort of key, over and over what they would do where they could be seen.
const KEYS: &str =
    "x / y space enter down tab R K r 5 o ! ctrl-r ctrl-n ctrl-u backspace delete esc w c ctrl-y";

fn nothing_changes(mut played: Played, place: &str) {
    let (width, height) = (played.app.size.width, played.app.size.height);
    let before = played.shot();
    played.resize(52, 14);
    let (asked, done) = (played.asked.len(), played.done.len());
    played.press(KEYS);
    played.happen(Event::Pasted("pilot\nlaptops".to_owned()));
    let text = played.text();
    assert!(text.contains("needs at least 60x16"), "{place}: {text}");
    assert!(text.contains("q leaves consign"), "{place}: {text}");
    assert_eq!(played.asked.len(), asked, "{place}");
    assert_eq!(
        played.done.len(),
        done,
        "{place}: {:?}",
        played.done.get(done..)
    );
    assert!(!played.app.is_done(), "{place}");
    played.resize(width, height);
    assert_eq!(played.shot(), before, "{place}");
}

#[test]
fn no_key_acts_that_nobody_sees_act() {
    for place in [
        "5",
        "5 down enter",
        "/ p i",
        ": s o",
        "?",
        "s",
        "w",
        "5 w p i",
    ] {
        let mut played = Played::at(80, 24);
        played.press(place).ring();
        nothing_changes(played, place);
    }
    nothing_changes(ways::warned(80, 24), "the review");
    nothing_changes(ways::failed(80, 24), "a failed run");
    nothing_changes(ways::going(80, 24), "a run");
}

#[test]
fn one_can_leave_and_what_was_typed_is_kept() {
    for keys in ["5", "/ p i", "w p i"] {
        let mut played = Played::at(80, 24);
        played.press(keys);
        played.resize(52, 14).press("q");
        assert!(played.app.is_done(), "{keys}");
    }
}

#[test]
fn a_run_is_not_left_unseen() {
    let mut played = ways::going(80, 24);
    played.resize(52, 14).press("q");
    assert!(!played.app.is_done());
    let text = played.text();
    assert!(text.contains("make the window larger"), "{text}");
}
