//! The lines below a page: what the field is for, what was found or just happened, and how a plan is run.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::lines::{Column, Line};
use super::{View, fields, review};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::view::Screen;
use crate::tui::wizard::Page;

/// Rows of the foot, the line of keys left out: more where what is told takes more than a line.
pub fn height(view: &View<'_>, area: Rect) -> u16 {
    let told = told(view).map_or(1, |(words, _)| text::wrap(&words, room(area)).len());
    let told = u16::try_from(told)
        .unwrap_or(1)
        .clamp(1, (area.height / 3).max(1));
    match view.wizard.page {
        _ if view.wizard.popup.is_some() => told,
        Page::Fields(_) => (2 + u16::from(area.height >= 22)).max(told + 1),
        // What was found stands in full above.
        Page::Review if view.app.notice.is_none() => 2,
        Page::Review => told + 1,
        Page::Run => told,
    }
}

/// Cells of a line.
fn room(area: Rect) -> usize {
    usize::from(area.width.saturating_sub(2))
}

pub fn draw(view: &View<'_>, screen: &mut Screen, frame: &mut Frame<'_>, area: Rect) {
    let room = room(area);
    let rows = usize::from(area.height);
    let is_open = view.wizard.popup.is_none();
    let mut column = Column::default();
    let least = match view.wizard.page {
        Page::Fields(_) if is_open => 1,
        Page::Review if is_open => {
            column.push(review::ending(view, room));
            1
        }
        _ => 0,
    };
    let state = state(view, room, rows.saturating_sub(least));
    if least == 1 && column.lines.is_empty() {
        // What was found matters more than what the field is for; one line of that always stays.
        let left = rows.saturating_sub(state.len()).max(1);
        for line in fit(view, &fields::help(view), room, left) {
            column.push(Line::of(format!(" {line}"), Role::Text));
        }
    }
    while column.lines.len() + state.len() < rows {
        column.blank();
    }
    column.lines.extend(state);
    column.draw(view.theme, screen, frame, area);
}

/// What just happened, else what was found about the field or its step.
fn told(view: &View<'_>) -> Option<(String, Role)> {
    match &view.app.notice {
        Some(notice) => Some((notice.words.clone(), notice.role)),
        None => fields::found(view).filter(|_| view.wizard.popup.is_none()),
    }
}

fn state(view: &View<'_>, room: usize, rows: usize) -> Vec<Line> {
    told(view).map_or_else(Vec::new, |(words, role)| {
        fit(view, &words, room, rows)
            .into_iter()
            .map(|line| Line::of(format!(" {line}"), role))
            .collect()
    })
}

/// Words on at most so many lines; the last ends in an ellipsis where there is more.
fn fit(view: &View<'_>, words: &str, room: usize, rows: usize) -> Vec<String> {
    let mut lines = text::wrap(words, room);
    if lines.len() > rows
        && let Some(last) = rows.checked_sub(1)
    {
        let rest = lines.split_off(last).join(" ");
        lines.push(text::cut(&rest, room, view.theme.marks.ellipsis).into_owned());
    }
    lines
}
