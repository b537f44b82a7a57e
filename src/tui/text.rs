//! Text in cells: measured, cut, wrapped and put where it belongs.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Cells a text takes. Control characters take none: the buffer drops them.
pub fn width(text: &str) -> usize {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return text.len();
    }
    text.graphemes(true).map(grapheme_width).sum()
}

fn grapheme_width(grapheme: &str) -> usize {
    if grapheme.contains(char::is_control) {
        0
    } else {
        grapheme.width()
    }
}

/// The text, or as much of it as fits with an ellipsis behind.
pub fn cut<'a>(text: &'a str, room: usize, ellipsis: &str) -> Cow<'a, str> {
    if width(text) <= room {
        return Cow::Borrowed(text);
    }
    let Some(room) = room.checked_sub(width(ellipsis)) else {
        return Cow::Borrowed("");
    };
    Cow::Owned(format!("{}{ellipsis}", head(text, room)))
}

/// As much of the text as fits.
fn head(text: &str, room: usize) -> &str {
    let mut used = 0;
    let end = text.grapheme_indices(true).find(|(_, grapheme)| {
        used += grapheme_width(grapheme);
        used > room
    });
    end.map_or(text, |(at, _)| text.get(..at).unwrap_or(text))
}

/// Lines of at most so many cells, broken between words where a word fits on a line.
pub fn wrap(text: &str, room: usize) -> Vec<String> {
    let room = room.max(1);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let indent: String = paragraph.chars().take_while(|c| *c == ' ').collect();
        let mut line = head(&indent, room / 2).to_owned();
        let empty = line.len();
        for word in paragraph.split_whitespace() {
            let gap = usize::from(line.len() > empty);
            if gap == 1 && width(&line) + 1 + width(word) > room {
                lines.push(std::mem::take(&mut line));
            } else if gap == 1 {
                line.push(' ');
            }
            let mut rest = word;
            while width(&line) + width(rest) > room {
                let part = head(rest, room.saturating_sub(width(&line)));
                let part = if part.is_empty() { first(rest) } else { part };
                line.push_str(part);
                rest = rest.get(part.len()..).unwrap_or_default();
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(rest);
        }
        lines.push(line);
    }
    lines
}

/// The first character as people see it, so that a line always takes something.
fn first(text: &str) -> &str {
    text.graphemes(true).next().unwrap_or(text)
}

/// Puts text at the left of an area, cut to its width; answers the first free column.
pub fn put(buffer: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    if area.is_empty() {
        return area.x;
    }
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return area.x;
    }
    buffer
        .set_stringn(area.x, area.y, text, usize::from(area.width), style)
        .0
}

/// Puts text at the right of an area; answers its first column.
pub fn put_right(buffer: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    let used = u16::try_from(width(text))
        .unwrap_or(u16::MAX)
        .min(area.width);
    put(buffer, skip(area, area.width - used), text, style);
    area.right() - used
}

/// The area without its first columns.
pub fn skip(area: Rect, columns: u16) -> Rect {
    let columns = columns.min(area.width);
    Rect {
        x: area.x + columns,
        width: area.width - columns,
        ..area
    }
}

/// One row of an area, empty if it lies below.
pub fn line(area: Rect, row: u16) -> Rect {
    if row >= area.height {
        return Rect::new(area.x, area.y, 0, 0);
    }
    Rect::new(area.x, area.y + row, area.width, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_counts_cells_not_characters() {
        assert_eq!(width("abc"), 3);
        assert_eq!(width("日本"), 4);
        assert_eq!(width("e\u{301}"), 1);
        assert_eq!(width("a\u{1b}[31mb"), 6);
    }

    #[test]
    fn text_is_cut_at_a_cell_with_an_ellipsis() {
        assert_eq!(cut("Finance PCs", 11, "…"), "Finance PCs");
        assert_eq!(cut("Finance PCs", 8, "…"), "Finance…");
        assert_eq!(cut("日本語", 4, "…"), "日…");
        assert_eq!(cut("abc", 0, "…"), "");
    }

    #[test]
    fn text_is_wrapped_between_words_and_long_words_are_broken() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("a\n\nb", 5), ["a", "", "b"]);
        assert_eq!(wrap("日本", 1), ["日", "本", ""]);
        assert_eq!(wrap("  indented", 20), ["  indented"]);
    }

    #[test]
    fn nothing_is_put_outside_the_buffer() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 3, 1));
        put(&mut buffer, Rect::new(2, 0, 9, 1), "abc", Style::new());
        put(&mut buffer, Rect::new(7, 7, 9, 1), "abc", Style::new());
        put_right(&mut buffer, Rect::new(0, 0, 2, 1), "xyz", Style::new());
        assert_eq!(buffer, Buffer::with_lines(["xya"]));
    }
}
