//! What a paste and a key with Alt do in each mode: text where text is typed, and nothing by accident anywhere.

use consign::tui::event::Event;

use crate::support::played::Played;
use crate::support::wizard_ways as ways;

/// Each mode with the keys that lead there.
const MODES: [(&str, &str); 9] = [
    ("list", "5"),
    ("details", "5 enter"),
    ("filter", "/"),
    ("command", ":"),
    ("help", "?"),
    ("sites", "s"),
    ("wizard", "w"),
    ("question", "5 w p i esc"),
    ("greeting", ""),
];

#[test]
fn a_key_with_alt_is_no_letter_and_no_other_key() {
    for (mode, keys) in MODES {
        let mut played = Played::at(80, 24);
        if !keys.is_empty() {
            played.press(keys);
        }
        let before = played.shot();
        played.press("alt-q alt-x alt-w alt-enter");
        assert_eq!(played.shot(), before, "{mode}");
    }
}

#[test]
fn pasted_text_is_typed_where_text_is_typed_and_presses_no_key() {
    for (mode, keys) in MODES {
        let mut played = Played::at(80, 24);
        if !keys.is_empty() {
            played.press(keys);
        }
        let takes_text = played.app.takes_text();
        let before = played.shot();
        played.happen(Event::Pasted("zq\nRw".to_owned()));
        assert!(!played.app.is_done(), "{mode}");
        let is_taken = played.text().contains("zq Rw");
        assert_eq!(is_taken, takes_text, "{mode}: {}", played.text());
        if !takes_text {
            assert_eq!(played.shot(), before, "{mode}");
        }
    }
}

#[test]
fn what_is_pasted_over_a_review_or_a_run_ticks_and_runs_nothing() {
    for at in [ways::warned, ways::failed, ways::going] {
        let mut played = at(80, 24);
        let asked = played.asked.len();
        let before = played.wizard().review.acceptance();
        played.happen(Event::Pasted(" \nR\nK\n".to_owned()));
        assert_eq!(played.asked.len(), asked);
        assert_eq!(played.wizard().review.acceptance(), before);
    }
}
