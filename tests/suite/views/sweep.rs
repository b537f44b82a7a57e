//! No size, however small, makes any view panic.

use consign::tui::theme::Theme;

use crate::support::played::Played;
use crate::support::scripted::Scripted;

const WAYS: [&str; 16] = [
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "5 enter",
    "5 enter tab",
    "3 down down down down down enter tab tab",
    "6 enter",
    "y",
    "?",
    ": a d",
    "5 / c h r",
    "5 !",
    "w",
];

fn sweep(mut played: Played) {
    let theme = Theme::default();
    for height in 1..=20 {
        for width in 1..=60 {
            played.resize(width, height);
            played.draw(&theme);
        }
    }
}

#[test]
fn every_view_draws_at_every_size() {
    for way in WAYS {
        let mut played = Played::at(80, 24);
        played.press(way);
        sweep(played);
    }
    sweep(Played::waiting(80, 24));
    sweep(Played::with(
        Scripted {
            is_empty: true,
            ..Scripted::default()
        },
        80,
        24,
    ));
}

#[test]
fn wide_views_draw_just_around_the_size_where_they_turn_wide() {
    for way in WAYS {
        let mut played = Played::at(160, 50);
        played.press(way).ring();
        for width in 125..=135 {
            for height in [16, 19, 20, 21, 22, 24] {
                played.resize(width, height);
                played.draw(&Theme::default());
            }
        }
    }
}
