//! A page of facts: labels on the left, what they say on the right.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::app::{Laid, Page};
use crate::tui::text;
use crate::tui::theme::{Role, Theme};

use super::table;

/// Cells of a count beside a bar.
const COUNT: u16 = 7;

/// Draws the page from a line on; answers how many lines it has at this width.
pub fn draw(page: &Page, scroll: usize, theme: &Theme, buffer: &mut Buffer, area: Rect) -> usize {
    let area = Rect {
        width: area.width.saturating_sub(3),
        ..text::skip(area, 2)
    };
    let laid = page.lay_out(usize::from(area.width));
    let labels = u16::try_from(laid.labels).unwrap_or(0);
    let rows = usize::from(area.height);
    let scroll = scroll.min(laid.lines.len().saturating_sub(rows));
    for (row, line) in (0..area.height).zip(laid.lines.iter().skip(scroll)) {
        draw_line(line, labels, theme, buffer, text::line(area, row));
    }
    laid.lines.len()
}

fn draw_line(line: &Laid, labels: u16, theme: &Theme, buffer: &mut Buffer, area: Rect) {
    let room = |area: Rect| usize::from(area.width);
    if line.is_whole {
        let words = text::cut(&line.text, room(area), theme.marks.ellipsis);
        text::put(buffer, area, &words, theme.style(line.role));
        return;
    }
    let label = text::cut(
        &line.label,
        usize::from(labels.saturating_sub(2)),
        theme.marks.ellipsis,
    );
    text::put(buffer, area, &label, theme.style(Role::Dim));
    let area = text::skip(area, labels);
    let Some(share) = line.share else {
        let words = text::cut(&line.text, room(area), theme.marks.ellipsis);
        text::put(buffer, area, &words, theme.style(line.role));
        return;
    };
    let count = Rect {
        width: COUNT.min(area.width),
        ..area
    };
    text::put_right(buffer, count, &line.text, theme.style(Role::Text));
    let area = text::skip(area, COUNT + 2);
    let bar = table::bar(share, room(area).min(40), &theme.marks, false);
    text::put(buffer, area, &bar, theme.style(line.role));
}
