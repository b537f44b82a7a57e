//! Snapshots: text and roles of each view at 80x24, 160x50 and 60x16.

use consign::client::Request;
use consign::error::{SignInCause, SiteError};
use consign::sms::rights::Sight;
use consign::tui::app::way_out;
use consign::tui::event::Event;
use consign::tui::keymap::Scope;

use crate::support::played::{Played, start_with};
use crate::support::requests;
use crate::support::scripted::Scripted;

/// The sizes every view is looked at.
const SIZES: [(u16, u16); 3] = [(80, 24), (160, 50), (60, 16)];

fn at_each_size(name: &str, prepare: impl Fn(u16, u16) -> Played) {
    for (width, height) in SIZES {
        let mut played = prepare(width, height);
        insta::assert_snapshot!(format!("{name}-{width}x{height}"), played.shot());
    }
}

fn pressed(keys: &'static str) -> impl Fn(u16, u16) -> Played {
    move |width, height| {
        let mut played = Played::at(width, height);
        played.press(keys).ring();
        played
    }
}

#[test]
fn panes() {
    at_each_size("packages", Played::at);
    at_each_size("programs", pressed("2"));
    at_each_size("collections", pressed("3 down"));
    at_each_size("points", pressed("4"));
    at_each_size("advertisements", pressed("5"));
    at_each_size("devices", pressed("6 down down"));
}

#[test]
fn requests() {
    let looking = |keys: &'static str| {
        move |width, height| {
            let mut played = Played::at(width, height);
            played.press("7");
            played.happen(Event::Requested(requests::on_a_bad_day()));
            played.press(keys).ring();
            played
        }
    };
    at_each_size("requests", looking("down down"));
    at_each_size("request", looking("down enter"));
    at_each_size("requests-none", pressed("7"));
}

#[test]
fn details() {
    at_each_size("package-summary", pressed("enter"));
    at_each_size("package-content", pressed("enter tab tab"));
    at_each_size("program-flags", pressed("2 enter tab"));
    at_each_size(
        "collection-members",
        pressed("3 down down down down down enter tab"),
    );
    at_each_size(
        "collection-rules",
        pressed("3 down down down down down enter tab tab"),
    );
    at_each_size(
        "collection-windows",
        pressed("3 down down down down down enter tab tab tab tab"),
    );
    at_each_size("point-content", pressed("4 enter tab"));
    at_each_size("advertisement-summary", pressed("5 enter"));
    at_each_size("advertisement-devices", pressed("5 enter tab"));
    at_each_size("advertisement-settings", pressed("5 enter tab tab"));
    at_each_size("device-summary", pressed("6 enter"));
    at_each_size("raw", pressed("y"));
}

#[test]
fn over_the_place() {
    at_each_size("help", pressed("?"));
    at_each_size("connect", pressed(": c o n n e c t enter"));
    at_each_size("command", pressed(": a d"));
    at_each_size("filter", pressed("5 / c h r o"));
    at_each_size("filter-wrong", pressed("5 / e r o r s > 1 enter"));
    at_each_size("attention", pressed("5 !"));
    at_each_size("greeting", |width, height| {
        let script = Scripted {
            is_empty: true,
            ..Scripted::default()
        };
        Played::with(script, width, height)
    });
    at_each_size("complaint", |width, height| {
        let start = start_with("[browse]\nrefesh = [\"R\"]\n");
        Played::begin(Scripted::default(), start, width, height, false)
    });
}

fn forbidden(request: &Request) -> Option<SiteError> {
    matches!(request, Request::Collections | Request::Package(_)).then(|| SiteError::Forbidden {
        attempt: "read collections".to_owned(),
        reason: "Your account may lack Read on Collection (403)".to_owned(),
    })
}

#[test]
fn empty_waiting_and_failed_never_look_alike() {
    at_each_size("waiting", Played::waiting);
    at_each_size("failed", |width, height| {
        let script = Scripted {
            fault: forbidden,
            ..Scripted::default()
        };
        let mut played = Played::with(script, width, height);
        played.press("3");
        played
    });
    at_each_size("failed-again", |width, height| {
        let mut played = Played::at(width, height);
        played.press("3");
        played.script.fault = forbidden;
        played.later(60).press("r");
        played
    });
    at_each_size("empty", |width, height| {
        let script = Scripted {
            is_empty: true,
            ..Scripted::default()
        };
        let mut played = Played::with(script, width, height);
        played.press("esc 5");
        played
    });
    at_each_size("none-kept", pressed("/ z z z z z enter"));
    at_each_size("detail-failed", |width, height| {
        let script = Scripted {
            fault: forbidden,
            ..Scripted::default()
        };
        let mut played = Played::with(script, width, height);
        played.press("enter");
        played
    });
}

/// A site that went away, with as many words about it as there can be.
fn unreachable(request: &Request) -> Option<SiteError> {
    (!matches!(request, Request::Open)).then(|| SiteError::Unreachable {
        site: "production".to_owned(),
        reason: "error sending request for url (https://sccm01.corp.example/AdminService/wmi/SMS_Package): \
                 tcp connect error: Connection refused (os error 111)"
            .to_owned(),
        after_sending: false,
    })
}

fn signed_out(request: &Request) -> Option<SiteError> {
    (!matches!(request, Request::Open)).then(|| SiteError::SignedOut {
        site: "production".to_owned(),
        reason: "the server's name HTTP/sccm01.corp.example is not known to Kerberos".to_owned(),
        cause: SignInCause::WrongServerName,
    })
}

#[test]
fn the_way_out_of_a_fault_is_never_cut() {
    for fault in [forbidden, unreachable, signed_out] {
        let error = fault(&Request::Collections).unwrap();
        for keys in ["3", "3 enter", "5", "6"] {
            for (width, height) in [(80, 24), (120, 40), (160, 50)] {
                let mut played = Played::at(width, height);
                played.press(keys);
                let page = if keys.contains("enter") {
                    Scope::Details
                } else {
                    Scope::List
                };
                played.script.fault = fault;
                played.later(60).press("r");
                if played.app.shown_fault().is_none() {
                    continue;
                }
                let text = played.text();
                let words: Vec<_> = text.split_whitespace().collect();
                let way_out = way_out(&error, &played.app.keymap, page);
                assert!(
                    words.join(" ").contains(&way_out),
                    "{keys} at {width}: {way_out}\n{text}"
                );
            }
        }
    }
}

#[test]
fn what_is_no_whole_list_says_so() {
    let seeing = |sight, is_empty, keys: &'static str| {
        move |width, height| {
            let script = Scripted {
                is_empty,
                sight,
                ..Scripted::default()
            };
            let mut played = Played::with(script, width, height);
            played.press(keys).ring();
            played
        }
    };
    at_each_size("part", seeing(Sight::Part, false, "5 / c h r o enter"));
    at_each_size("part-window", seeing(Sight::Part, false, "6 down down"));
    at_each_size("part-empty", seeing(Sight::Part, true, "esc 5"));
    at_each_size("unknown-empty", seeing(Sight::Unknown, true, "esc 5"));
}

#[test]
fn plain_mode_has_no_sign_outside_ascii() {
    use consign::tui::theme::Theme;
    for keys in ["5", "5 enter", "?", "5 / a", "6"] {
        let mut played = Played::at(80, 24);
        played.press(keys);
        let text = crate::support::played::text(&played.draw(&Theme::default().plain()));
        assert!(text.is_ascii(), "{keys}:\n{text}");
    }
}
