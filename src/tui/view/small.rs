//! A screen too small for anything: it says so, as far as that fits. The one key that acts here is named.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::app::App;
use crate::tui::keymap::{Action, Scope};
use crate::tui::shape::LEAST;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};

pub fn draw(app: &App, theme: &Theme, buffer: &mut Buffer, area: Rect) {
    let mut words = format!(
        "consign needs at least {}x{} (now {}x{})",
        LEAST.width, LEAST.height, area.width, area.height
    );
    if let Some(key) = app.keymap.key(Scope::Browse, Action::Quit) {
        words = format!(
            "{words}\n{} leaves consign; no other key acts here",
            key.short(),
        );
    }
    if let Some(notice) = &app.notice {
        words = format!("{words}\n{}", notice.words);
    }
    for (row, line) in (0..area.height).zip(text::wrap(&words, usize::from(area.width))) {
        text::put(
            buffer,
            text::line(area, row),
            &line,
            theme.style(Role::Notice),
        );
    }
}
