//! One object: its tabs, and the page or the rows behind the one in front.
//!
//! ```text
//!  [Summary] Devices  Settings  Content  Raw                        lines 1-16 of 24
//!
//!   Runs         Install of 7-Zip 24.08 (LAB0000C)
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::tui::app::{App, Content, Details, way_out};
use crate::tui::event::Spot;
use crate::tui::keymap::Scope;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};

use super::{Place, Screen, list, page};

pub fn draw(
    app: &App,
    details: &Details,
    depth: usize,
    theme: &Theme,
    screen: &mut Screen,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let free = tabs(details, theme, screen, frame, text::line(area, 0));
    let below = Rect {
        y: area.y + 2.min(area.height),
        height: area.height.saturating_sub(2),
        ..area
    };
    let Some(tab) = details.current() else { return };
    match &tab.content {
        _ if details.remote.shown.is_none() && !is_window(details) => {
            instead(app, details, theme, frame, below);
        }
        Content::Page { page, scroll } => {
            let lines = page::draw(page, *scroll, theme, frame.buffer_mut(), below);
            mark_lines(
                *scroll,
                lines,
                usize::from(below.height),
                theme,
                frame,
                free,
            );
        }
        Content::Table(sheet) => {
            let place = Place {
                pane: app.pane().id,
                is_roll: app.shows_roll(),
                depth,
                tab: details.tab,
            };
            list::draw(app, sheet, place, theme, screen, frame, below);
        }
    }
}

/// A window is asked for by itself and may be here before the object is.
fn is_window(details: &Details) -> bool {
    details
        .sheet()
        .is_some_and(|sheet| sheet.table.is_windowed())
}

/// Draws the tabs; answers what is left of the line.
fn tabs(
    details: &Details,
    theme: &Theme,
    screen: &mut Screen,
    frame: &mut Frame<'_>,
    area: Rect,
) -> Rect {
    let mut rest = area;
    for (at, tab) in details.tabs.iter().enumerate() {
        let (words, role) = if at == details.tab {
            (format!("[{}]", tab.title), Role::ActiveTab)
        } else {
            (format!(" {} ", tab.title), Role::Tab)
        };
        let lead = text::skip(rest, u16::from(at == 0));
        let end = text::put(frame.buffer_mut(), lead, &words, theme.style(role));
        screen.mark(
            Rect {
                width: end - lead.x,
                ..lead
            },
            Spot::Tab(at),
        );
        rest = text::skip(rest, end - rest.x);
    }
    rest
}

/// Which lines of a longer page are seen.
fn mark_lines(
    scroll: usize,
    lines: usize,
    rows: usize,
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    if lines <= rows {
        return;
    }
    let first = scroll.min(lines - rows);
    let words = format!("lines {}-{} of {lines} ", first + 1, first + rows);
    if text::width(&words) < usize::from(area.width) {
        text::put_right(frame.buffer_mut(), area, &words, theme.style(Role::Dim));
    }
}

/// What is said until the object is here: what the list said of it, and how the reading goes.
fn instead(app: &App, details: &Details, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let what = details.subject.key.called();
    let (words, role) = match &details.remote.fault {
        Some(fault) => {
            let way_out = way_out(fault, &app.keymap, Scope::Details);
            (
                format!("Could not read the {what}: {fault}. {way_out}"),
                Role::Fault,
            )
        }
        None => (
            format!("Reading the {what}{}", theme.marks.ellipsis),
            Role::Busy,
        ),
    };
    let room = usize::from(area.width.saturating_sub(3));
    let said = text::wrap(&details.subject.words, room)
        .into_iter()
        .map(|line| (line, Role::Text));
    let told = text::wrap(&words, room)
        .into_iter()
        .map(|line| (line, role));
    let lines = said.chain([(String::new(), Role::Text)]).chain(told);
    for (row, (line, role)) in (0..area.height).zip(lines) {
        text::put(
            frame.buffer_mut(),
            text::skip(text::line(area, row), 2),
            &line,
            theme.style(role),
        );
    }
}
