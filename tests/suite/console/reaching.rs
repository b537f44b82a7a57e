//! A site that cannot be reached for a while, and a sign-in that ends: what is shown stays, and it goes on by itself.

use std::time::Duration;

use consign::client::Request;
use consign::error::{SignInCause, SiteError};
use consign::tui::event::{Effect, Timer};

use crate::support::played::Played;

#[expect(clippy::unnecessary_wraps, reason = "the shape a script of faults has")]
fn lost(_: &Request) -> Option<SiteError> {
    Some(SiteError::Unreachable {
        site: "lab".to_owned(),
        reason: "the line was lost".to_owned(),
        after_sending: false,
    })
}

#[expect(clippy::unnecessary_wraps, reason = "the shape a script of faults has")]
fn expired(_: &Request) -> Option<SiteError> {
    Some(SiteError::SignedOut {
        site: "lab".to_owned(),
        reason: "the ticket has expired".to_owned(),
        cause: SignInCause::TicketExpired,
    })
}

#[expect(clippy::unnecessary_wraps, reason = "the shape a script of faults has")]
fn refused(_: &Request) -> Option<SiteError> {
    Some(SiteError::SignedOut {
        site: "lab".to_owned(),
        reason: "the password is wrong".to_owned(),
        cause: SignInCause::WrongPassword,
    })
}

/// The waits until the site is tried again that were ordered since the last look.
fn waits(played: &mut Played) -> Vec<u64> {
    let waits = played.done.iter().filter_map(|effect| match effect {
        Effect::Wake(Timer::Reconnect, after) => Some(after.as_secs()),
        _ => None,
    });
    waits.collect()
}

fn asks(played: &Played) -> usize {
    let asks = played.asked.iter();
    asks.filter(|asked| **asked == Request::Packages).count()
}

#[test]
fn a_site_that_went_away_is_tried_again_until_it_is_back() {
    let mut played = Played::at(80, 24);
    assert_eq!(
        waits(&mut played),
        Vec::<u64>::new(),
        "nothing runs while all is well"
    );
    played.script.fault = lost;
    played.later(60).press("r");
    let text = played.text();
    assert!(text.contains("unreachable · 15 · read 14:02:11"), "{text}");
    assert!(text.contains("7-Zip"), "what was read stays\n{text}");
    let mut all = Vec::new();
    for _ in 0..6 {
        all.extend(waits(&mut played));
        played.ring();
    }
    assert_eq!(all, [5, 10, 20, 40, 60, 60]);
    let before = asks(&played);
    played.script.fault = |_| None;
    played.ring();
    assert_eq!(asks(&played), before + 1);
    let text = played.text();
    assert!(
        !text.contains("unreachable") && text.contains("read 14:03:11"),
        "{text}"
    );
    played.ring();
    assert_eq!(waits(&mut played), Vec::<u64>::new(), "it rests again");
    assert_eq!(asks(&played), before + 1);
}

#[test]
fn another_pane_that_could_not_be_read_is_read_when_one_comes_back_to_it() {
    let mut played = Played::at(80, 24);
    played.script.fault = lost;
    played.press("3 1");
    played.script.fault = |_| None;
    played.press("3");
    assert!(played.text().contains("Pilot PCs"), "{}", played.text());
}

#[test]
fn a_key_tries_at_once_and_the_waits_begin_anew() {
    let mut played = Played::at(80, 24);
    played.script.fault = lost;
    played.press("r").ring().ring().ring();
    played.done.clear();
    played.press("r").ring();
    let first = waits(&mut played).first().copied();
    assert!(first.is_some_and(|seconds| seconds <= 10), "{first:?}");
}

#[test]
fn a_sign_in_that_ended_says_so_and_goes_on_when_it_holds_again() {
    let mut played = Played::at(80, 24);
    played.script.fault = expired;
    played.press("r");
    let text = played.text();
    assert!(
        text.contains("signed out") && text.contains("kinit"),
        "{text}"
    );
    assert_eq!(waits(&mut played), [5]);
    played.script.fault = |_| None;
    played.ring();
    assert!(!played.text().contains("signed out"), "{}", played.text());
}

#[test]
fn a_refused_password_is_not_shown_again_without_a_key() {
    let mut played = Played::at(80, 24);
    played.script.fault = refused;
    played.press("r");
    assert!(played.text().contains("signed out"), "{}", played.text());
    assert_eq!(waits(&mut played), Vec::<u64>::new());
}

#[test]
fn rows_that_do_not_come_further_are_asked_for_less_and_less_often() {
    let mut played = Played::at(80, 24);
    played.press("3");
    let waits = |played: &mut Played| -> Vec<Duration> {
        let waits = played.done.iter().filter_map(|effect| match effect {
            Effect::Wake(Timer::Again, after) => Some(*after),
            _ => None,
        });
        waits.collect()
    };
    let mut all = Vec::new();
    for _ in 0..4 {
        all.extend(waits(&mut played));
        played.ring();
    }
    let seconds: Vec<_> = all.iter().map(Duration::as_secs).collect();
    assert_eq!(seconds, [2, 4, 8, 16]);
}
