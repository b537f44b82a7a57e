//! All keys that work in a scope: one of the printings of the keymap. What is wrong with the user's files stands first.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::app::App;
use crate::tui::keymap::Scope;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};

/// Cells of the column of keys.
const KEYS: u16 = 22;

enum Line {
    Heading(&'static str),
    Complaint(String),
    Key { keys: String, does: &'static str },
    Blank,
}

pub fn draw(
    app: &App,
    scope: Scope,
    scroll: usize,
    theme: &Theme,
    buffer: &mut Buffer,
    area: Rect,
) {
    let lines = lines(app, scope, usize::from(area.width.saturating_sub(3)));
    let scroll = scroll.min(lines.len().saturating_sub(usize::from(area.height)));
    for (row, line) in (0..area.height).zip(lines.iter().skip(scroll)) {
        let area = text::skip(text::line(area, row), 2);
        match line {
            Line::Heading(words) => {
                text::put(buffer, area, words, theme.style(Role::Strong));
            }
            Line::Complaint(words) => {
                text::put(buffer, area, words, theme.style(Role::Fault));
            }
            Line::Key { keys, does } => {
                let keys = text::cut(keys, usize::from(KEYS - 2), theme.marks.ellipsis);
                text::put(buffer, area, &keys, theme.style(Role::Key));
                text::put(
                    buffer,
                    text::skip(area, KEYS),
                    does,
                    theme.style(Role::Text),
                );
            }
            Line::Blank => {}
        }
    }
}

fn lines(app: &App, scope: Scope, room: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for complaint in &app.complaints {
        lines.extend(text::wrap(complaint, room).into_iter().map(Line::Complaint));
    }
    if !lines.is_empty() {
        lines.push(Line::Blank);
    }
    for scope in scope.chain() {
        let mut bindings = app
            .keymap
            .bindings(*scope)
            .filter(|(action, _)| app.forbids(*action).is_none())
            .peekable();
        if bindings.peek().is_none() {
            continue;
        }
        lines.push(Line::Heading(scope.title()));
        for (action, chords) in bindings {
            let keys: Vec<_> = chords.iter().map(ToString::to_string).collect();
            lines.push(Line::Key {
                keys: keys.join("  "),
                does: action.does_in(*scope),
            });
        }
        lines.push(Line::Blank);
    }
    lines
}
