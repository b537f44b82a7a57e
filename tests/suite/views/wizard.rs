//! The wizard at 80x24, 160x50 and 60x16: every step, the review, the run and the result, and what lies over them.

use consign::client::Request;
use consign::error::SiteError;
use consign::sms::rights::Sight;
use consign::tui::theme::Theme;

use crate::support::played::{Played, text};
use crate::support::scripted::Scripted;
use crate::support::wizard_ways as ways;

const SIZES: [(u16, u16); 3] = [(80, 24), (160, 50), (60, 16)];

type Way = fn(u16, u16) -> Played;

fn at_each_size(name: &str, way: impl Fn(u16, u16) -> Played) {
    for (width, height) in SIZES {
        let shot = way(width, height).shot();
        insta::assert_snapshot!(format!("{name}-{width}x{height}"), shot);
    }
}

fn then(way: Way, keys: &'static str) -> impl Fn(u16, u16) -> Played {
    move |width, height| {
        let mut played = way(width, height);
        played.press(keys).ring();
        played
    }
}

#[test]
fn steps() {
    at_each_size("start", ways::begun);
    at_each_size("start-typed", |width, height| {
        let mut played = ways::begun(width, height);
        played.type_text("zoom").ring();
        played
    });
    at_each_size("package", |width, height| {
        let mut played = ways::begun(width, height);
        played.type_text("something new").press("enter").ring();
        played
    });
    at_each_size("package-more", then(ways::new_program, "ctrl-p ctrl-o"));
    at_each_size("program", ways::new_program);
    at_each_size("collection", ways::with_software);
    at_each_size("collection-impact", |width, height| {
        let mut played = ways::with_software(width, height);
        played.type_text("pilot").ring();
        played
    });
    at_each_size("collection-devices", ways::new_collection);
    at_each_size(
        "collection-rule",
        then(ways::new_program, "enter up space space tab"),
    );
    at_each_size("points", ways::points);
    at_each_size("points-held", |width, height| {
        let mut played = ways::with_target("pilot laptops", width, height);
        played.press("ctrl-p").ring();
        played
    });
    at_each_size("advertisement", |width, height| {
        let mut played = ways::with_target("pilot laptops", width, height);
        played.press("down");
        played
    });
    at_each_size("advertisement-other", ways::other_time);
}

/// The cursor on the numbers of who would be reached.
fn on_numbers(script: Scripted, keys: &'static str, width: u16, height: u16) -> Played {
    let mut played = Played::with(script, width, height);
    played.press("5 w").ring();
    played.type_text("7-zip").press("enter").ring();
    played.type_text("pilot").ring();
    played.press("ctrl-d").press(keys).ring();
    played
}

#[test]
fn numbers() {
    let seen_whole =
        |keys| move |width, height| on_numbers(Scripted::default(), keys, width, height);
    at_each_size("number", seen_whole("right right"));
    at_each_size("number-keys", seen_whole("?"));
    at_each_size("number-list", seen_whole("right right enter"));
    at_each_size("number-members", seen_whole("down enter down"));
    at_each_size("number-device", seen_whole("right right enter enter"));
    at_each_size("number-nobody", seen_whole("right right right enter"));
}

#[test]
fn numbers_of_a_part_of_the_site() {
    let seen_in_part = |keys| {
        move |width, height| {
            let mut script = Scripted {
                sight: Sight::Part,
                ..Scripted::default()
            };
            script.fleet.hidden = 6;
            on_numbers(script, keys, width, height)
        }
    };
    at_each_size("number-members-part", seen_in_part("enter"));
    at_each_size("number-hidden", seen_in_part("down enter"));
}

#[test]
fn numbers_of_a_site_that_does_not_answer() {
    fn away(request: &Request) -> Option<SiteError> {
        matches!(request, Request::Reached(_) | Request::Members(..)).then(|| {
            SiteError::Unreachable {
                site: "lab".to_owned(),
                reason: "connection refused".to_owned(),
                after_sending: false,
            }
        })
    }
    let cut_off = |keys| {
        move |width, height| {
            let script = Scripted {
                fault: away,
                ..Scripted::default()
            };
            on_numbers(script, keys, width, height)
        }
    };
    at_each_size("number-list-failed", cut_off("right right enter"));
    at_each_size("number-members-failed", cut_off("enter"));
}

#[test]
fn reviews() {
    at_each_size("review-calm", ways::calm);
    at_each_size("review-findings", ways::warned);
    at_each_size("review-stops", ways::stopped);
    at_each_size("review-all-new", ways::all_new);
    at_each_size("review-name", |width, height| {
        let mut played = ways::warned(width, height);
        while !played.app.takes_text() {
            played.press("down");
        }
        played.type_text("Pilot P");
        played
    });
}

#[test]
fn runs() {
    at_each_size("run-going", ways::going);
    at_each_size("run-failed", ways::failed);
    at_each_size("run-rolled-back", then(ways::failed, "R"));
    at_each_size("result", ways::done);
}

#[test]
fn over_the_pages() {
    at_each_size("leaving", then(ways::with_software, "esc"));
    at_each_size("explain", then(ways::new_program, "ctrl-f"));
    at_each_size("operation", then(ways::all_new, "home enter"));
    at_each_size("command", then(ways::warned, "!"));
    at_each_size("save", then(ways::calm, "s"));
    at_each_size("earlier", |width, height| {
        let mut played = ways::failed(width, height);
        played.press("down enter ctrl-r").ring();
        played.press("R");
        played
    });
}

const WAYS: [Way; 16] = [
    ways::begun,
    ways::with_software,
    ways::new_program,
    ways::new_collection,
    ways::points,
    ways::other_time,
    ways::calm,
    ways::warned,
    ways::stopped,
    ways::all_new,
    ways::going,
    ways::failed,
    ways::done,
    |width, height| {
        let mut played = ways::with_software(width, height);
        played.type_text("pilot").ring();
        played
    },
    |width, height| on_numbers(Scripted::default(), "down right", width, height),
    |width, height| on_numbers(Scripted::default(), "down enter", width, height),
];

/// What lies over a page: how one gets there, and by which keys.
const OVER: [(Way, &str); 9] = [
    (ways::with_software, "esc"),
    (ways::new_program, "ctrl-f"),
    (ways::new_program, "ctrl-o"),
    (ways::all_new, "home enter"),
    (ways::warned, "!"),
    (ways::calm, "s"),
    (ways::failed, "down enter ctrl-r R"),
    (ways::failed, "R"),
    (ways::failed, "K"),
];

#[test]
fn every_page_draws_at_every_size() {
    let theme = Theme::default();
    let over = OVER.into_iter().map(|(way, keys)| {
        let mut played = way(80, 24);
        for key in keys.split(' ') {
            played.press(key).ring();
        }
        played
    });
    let pages = WAYS.into_iter().map(|way| way(80, 24));
    for mut played in pages.chain(over) {
        for height in 1..=20 {
            for width in 1..=60 {
                played.resize(width, height);
                played.draw(&theme);
            }
        }
    }
}

#[test]
fn pages_draw_around_the_widths_where_they_change() {
    for way in WAYS {
        let mut played = way(160, 50);
        for width in [99, 100, 101, 129, 130, 131] {
            for height in [16, 19, 20, 21, 22, 24] {
                played.resize(width, height);
                played.draw(&Theme::default());
            }
        }
    }
}

#[test]
fn in_plain_mode_every_mark_has_its_twin() {
    for (at, way) in WAYS.into_iter().enumerate() {
        for (width, height) in SIZES {
            let text = text(&way(width, height).draw(&Theme::default().plain()));
            // Names of objects are as they are: letters of any script.
            let is_plain = |c: char| c.is_ascii() || c.is_alphanumeric();
            assert!(
                text.chars().all(is_plain),
                "way {at} at {width}x{height}:\n{text}"
            );
        }
    }
}

/// The rows of a page that are cut off below or above are counted at its edge.
#[test]
fn nothing_is_hidden_without_a_mark() {
    let rows = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).count();
    for way in [ways::all_new as Way, ways::warned, ways::new_program] {
        let mut played = way(60, 16);
        let small = played.text();
        played.resize(60, 60);
        let is_whole = rows(&played.text()) <= rows(&small);
        assert!(is_whole || small.contains(" more"), "{small}");
    }
}
