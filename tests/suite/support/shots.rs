//! Which views become pictures, and how one gets to each.

use consign::tui::theme::Theme;

use super::picture::svg;
use super::played::Played;
use super::scripted::Scripted;
use super::wizard_ways as ways;

/// Name, keys, size.
const SHOTS: [(&str, &str, (u16, u16)); 7] = [
    ("packages", "1", (80, 24)),
    ("collections", "3 down down down down down", (80, 24)),
    (
        "collection-members",
        "3 down down down down down enter tab",
        (80, 24),
    ),
    ("advertisements", "5", (80, 24)),
    ("advertisement", "5 enter", (80, 24)),
    ("wide", "5", (160, 40)),
    ("keys", "?", (80, 24)),
];

/// Every picture by its name.
pub fn all() -> Vec<(&'static str, String)> {
    let mut pictures: Vec<_> = SHOTS
        .iter()
        .map(|(name, keys, (width, height))| {
            let mut played = Played::at(*width, *height);
            played.press(keys).ring();
            (*name, svg(&played.draw(&Theme::default())))
        })
        .collect();
    let wizard: Vec<(&str, Played)> = vec![
        ("wizard-collection", {
            let mut played = ways::with_software(80, 24);
            played.type_text("pilot").ring();
            played
        }),
        ("wizard-wide", {
            let mut played = ways::with_software(160, 40);
            played.type_text("pilot").ring();
            played
        }),
        ("wizard-review", ways::warned(80, 24)),
        ("wizard-run", ways::going(80, 24)),
        ("wizard-result", ways::done(80, 24)),
    ];
    for (name, mut played) in wizard {
        pictures.push((name, svg(&played.draw(&Theme::default()))));
    }
    let script = Scripted {
        is_empty: true,
        ..Scripted::default()
    };
    let mut greeting = Played::with(script, 80, 24);
    pictures.push(("greeting", svg(&greeting.draw(&Theme::default()))));
    pictures
}
