//! Lines of a page before they have a place: pieces of text in their roles, scrolled so that the cursor is seen.

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::tui::event::Spot;
use crate::tui::text;
use crate::tui::theme::{Marks, Role, Theme};
use crate::tui::view::Screen;

/// One line.
#[derive(Debug, Clone, Default)]
pub struct Line {
    pub pieces: Vec<(String, Role)>,
    pub is_selected: bool,
    /// The mark of the selected row stands at its left edge.
    pub has_edge: bool,
    /// The cell of the text cursor.
    pub caret: Option<usize>,
    /// What a click on it means, by its number.
    pub spot: Option<usize>,
}

/// Lines from top to bottom, and which of them must be seen.
#[derive(Debug, Clone, Default)]
pub struct Column {
    pub lines: Vec<Line>,
    /// The first and the last line of what the cursor is on.
    pub focus: Option<(usize, usize)>,
}

impl Line {
    pub fn of(words: impl Into<String>, role: Role) -> Self {
        Self::default().and(words, role)
    }

    #[must_use]
    pub fn and(mut self, words: impl Into<String>, role: Role) -> Self {
        self.pieces.push((words.into(), role));
        self
    }

    /// The selected row, with its mark at the left edge.
    #[must_use]
    pub fn selected(mut self, is_selected: bool) -> Self {
        (self.is_selected, self.has_edge) = (is_selected, is_selected);
        self
    }

    /// A further line of the selected row.
    #[must_use]
    pub fn lit(mut self, is_selected: bool) -> Self {
        self.is_selected = is_selected;
        self
    }

    /// The selected row, with its mark here.
    #[must_use]
    pub fn marked(self, is_selected: bool, theme: &Theme) -> Self {
        let line = self.lit(is_selected);
        if is_selected {
            line.and(theme.marks.selected, Role::Bar)
        } else {
            line.and(" ", Role::Text)
        }
    }

    /// The cursor is elsewhere.
    pub fn unlight(&mut self) {
        (self.is_selected, self.has_edge, self.caret) = (false, false, None);
    }

    /// Words at the right end of the room, where they fit.
    #[must_use]
    pub fn ending(self, words: &str, role: Role, room: usize) -> Self {
        match room.checked_sub(self.width() + text::width(words)) {
            Some(gap) if gap >= 2 => self.and(" ".repeat(gap), Role::Text).and(words, role),
            _ => self,
        }
    }

    pub fn ends_blank(&self) -> bool {
        self.pieces
            .last()
            .is_some_and(|(words, _)| words.ends_with(' '))
    }

    pub fn width(&self) -> usize {
        self.pieces
            .iter()
            .map(|(words, _)| text::width(words))
            .sum()
    }
}

impl Column {
    pub fn push(&mut self, line: Line) {
        self.lines.push(line);
    }

    pub fn blank(&mut self) {
        self.lines.push(Line::default());
    }

    /// Words over the whole width, indented.
    pub fn words(&mut self, words: &str, role: Role, indent: usize, room: usize) {
        let lead = " ".repeat(indent);
        for line in text::wrap(words, room.saturating_sub(indent + 1)) {
            self.push(Line::of(format!("{lead}{line}"), role));
        }
    }

    /// The next lines up to the end are what the cursor is on.
    pub fn focus_from(&mut self, first: usize) {
        self.focus = Some((first, self.lines.len().saturating_sub(1)));
    }

    pub fn draw(&self, theme: &Theme, screen: &mut Screen, frame: &mut Frame<'_>, area: Rect) {
        let height = usize::from(area.height);
        let top = self.top(height);
        let below = self.lines.len().saturating_sub(top + height);
        let last = area.height.saturating_sub(1);
        for (row, line) in (0..area.height).zip(self.lines.iter().skip(top)) {
            let area = text::line(area, row);
            let (count, sign) = match row {
                0 if top > 0 => (top, theme.marks.up),
                row if row == last => (below, theme.marks.down),
                _ => (0, ""),
            };
            let area = if count > 0 {
                hidden(count, sign, theme, frame, area)
            } else {
                area
            };
            draw_line(line, theme, screen, frame, area);
        }
    }

    /// The first line that is shown: the end of the focus is seen, and where both fit its beginning.
    fn top(&self, height: usize) -> usize {
        let Some((first, last)) = self.focus else {
            return 0;
        };
        let most = self.lines.len().saturating_sub(height);
        let top = (last + 1).saturating_sub(height).min(first);
        top.min(most)
    }
}

/// Nothing is hidden without a mark. Answers what the mark leaves of the row.
fn hidden(count: usize, sign: &str, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Rect {
    let words = format!(" {sign} {count} more ");
    let start = text::put_right(frame.buffer_mut(), area, &words, theme.style(Role::Dim));
    Rect {
        width: start.saturating_sub(area.x),
        ..area
    }
}

/// Signs in words have a twin in ASCII too, each of one cell, so that nothing moves.
fn twins<'a>(words: &'a str, theme: &Theme) -> Cow<'a, str> {
    if theme.marks != Marks::ASCII || words.is_ascii() {
        return Cow::Borrowed(words);
    }
    let twin = |c: char| match c {
        '·' | '−' | '–' => '-',
        '…' => '~',
        '→' => '>',
        '∩' => '&',
        other => other,
    };
    Cow::Owned(words.chars().map(twin).collect())
}

fn draw_line(line: &Line, theme: &Theme, screen: &mut Screen, frame: &mut Frame<'_>, area: Rect) {
    if let Some(spot) = line.spot {
        screen.mark(area, Spot::Wizard(spot));
    }
    if line.is_selected {
        let selected = theme.style(Role::Selected);
        frame.buffer_mut().set_style(area, selected);
    }
    let mut rest = area;
    if line.has_edge {
        let lead = line.pieces.first().map_or("", |(words, _)| words.as_str());
        // Lines are indented; only where one is not does the mark push it.
        if lead.starts_with(' ') {
            let edge = theme.on_selected(Role::Bar);
            text::put(frame.buffer_mut(), area, theme.marks.selected, edge);
        }
    }
    for (words, role) in &line.pieces {
        let style = if line.is_selected {
            theme.on_selected(*role)
        } else {
            theme.style(*role)
        };
        let room = usize::from(rest.width);
        let words = &twins(words, theme);
        let words = text::cut(words, room, theme.marks.ellipsis);
        let words = match words.strip_prefix(' ') {
            Some(behind) if line.has_edge && rest.x == area.x => {
                rest = text::skip(rest, 1);
                behind.to_owned().into()
            }
            _ => words,
        };
        let end = text::put(frame.buffer_mut(), rest, &words, style);
        rest = text::skip(rest, end.saturating_sub(rest.x));
    }
    if let Some(caret) = line.caret {
        let x = u16::try_from(caret)
            .unwrap_or(u16::MAX)
            .min(area.width.saturating_sub(1));
        frame.set_cursor_position((area.x + x, area.y));
    }
}
