//! What an empty site is, and three ways on.
//!
//! ```text
//!   LAB is a site of its own on this machine. It is empty.
//!
//!   f   fill it with a sample fleet: devices, collections, packages, advertisements
//!   w   start the wizard and distribute something of your own
//!   c   see how to connect a real site
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::app::App;
use crate::tui::keymap::{Action, Scope};
use crate::tui::text;
use crate::tui::theme::{Role, Theme};

/// Cells of the column of keys.
const KEYS: u16 = 4;

pub fn draw(app: &App, theme: &Theme, buffer: &mut Buffer, area: Rect) {
    let area = Rect {
        width: area.width.saturating_sub(3),
        ..text::skip(area, 2)
    };
    let site = app.site.shown.as_ref();
    let what = match site {
        Some(site) if site.is_embedded => format!(
            "{} is a Configuration Manager site of its own on this machine. It is made for trying things out, \
             and it is empty so far.",
            site.code
        ),
        _ => "This site has no packages, no advertisements and no devices yet, or none that you may see.".to_owned(),
    };
    let ways = [
        (
            Action::Sample,
            "fill it with a sample fleet: devices, collections, packages and advertisements to look at",
        ),
        (
            Action::Wizard,
            "start the wizard: a folder of yours becomes a package and an advertisement",
        ),
        (Action::Connect, "see how to connect a real site"),
    ];
    let mut row = 0;
    for line in text::wrap(&what, usize::from(area.width)) {
        text::put(
            buffer,
            text::line(area, row),
            &line,
            theme.style(Role::Text),
        );
        row += 1;
    }
    row += 1;
    for (action, words) in ways {
        let Some(key) = app.keymap.key(Scope::Greeting, action) else {
            continue;
        };
        if app.allows(action).is_err() {
            continue;
        }
        text::put(
            buffer,
            text::line(area, row),
            &key.short(),
            theme.style(Role::Key),
        );
        let beside = text::skip(area, KEYS);
        for line in text::wrap(words, usize::from(beside.width)) {
            text::put(
                buffer,
                text::line(beside, row),
                &line,
                theme.style(Role::Text),
            );
            row += 1;
        }
    }
}
