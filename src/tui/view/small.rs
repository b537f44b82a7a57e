//! A screen too small for anything: it says so, as far as that fits.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::shape::LEAST;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};

pub fn draw(theme: &Theme, buffer: &mut Buffer, area: Rect) {
    let words = format!(
        "consign needs at least {}x{} (now {}x{})",
        LEAST.width, LEAST.height, area.width, area.height
    );
    for (row, line) in (0..area.height).zip(text::wrap(&words, usize::from(area.width))) {
        text::put(
            buffer,
            text::line(area, row),
            &line,
            theme.style(Role::Notice),
        );
    }
}
