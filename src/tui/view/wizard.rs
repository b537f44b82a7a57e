//! The wizard over the whole screen.
//!
//! ```text
//!  Distribute software                                     saved 14:05:40     where I am, whether it is kept
//!  ✓ Start ✓ Package > Program · Collection …                                rail; from 130 columns at the left
//!                                                                            fields, the review or the run;
//!   Which command, and how does it run?      │ What will happen              from 130 columns what will happen
//!  …                                                                         beside them
//!  Help of the field.
//!  ! COL-W04 what was found, or what just happened
//!  Enter take  Tab field  ^N next …                                          keys
//! ```

mod control;
mod fields;
mod lines;
mod over;
mod rail;
mod review;
mod run;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::tui::app::App;
use crate::tui::keymap::{Action, Scope};
use crate::tui::shape;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crate::tui::wizard::{Page, Wizard};

use super::{Screen, footer};
use lines::Column;

/// Cells of the rail beside the fields, on wide screens.
const RAIL: u16 = 24;
/// Cells of what will happen, on wide screens.
const PANEL: u16 = 46;

/// What a view of the wizard needs beside the wizard itself.
pub(super) struct View<'a> {
    wizard: &'a Wizard,
    app: &'a App,
    theme: &'a Theme,
}

pub fn draw(
    wizard: &Wizard,
    app: &App,
    theme: &Theme,
    screen: &mut Screen,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let view = View { wizard, app, theme };
    let is_wide = shape::is_wide(area.as_size());
    let help = if wizard.popup.is_none() && matches!(wizard.page, Page::Fields(_)) {
        u16::from(area.height >= 22) + 1
    } else {
        0
    };
    rail::header(&view, frame, text::line(area, 0));
    let has_rail = matches!(wizard.page, Page::Fields(_)) && !is_wide;
    if has_rail {
        rail::line(&view, frame, text::line(area, 1));
    }
    let top = 1 + u16::from(has_rail) + u16::from(area.height >= 20);
    let bottom = area.height.saturating_sub(2 + help);
    let mut body = Rect {
        y: area.y + top,
        height: bottom.saturating_sub(top),
        ..area
    };
    if is_wide {
        let left = Rect {
            width: RAIL,
            ..body
        };
        rail::column(&view, screen, frame, left);
        let right = text::skip(body, body.width - PANEL);
        rail::happening(&view, screen, frame, right);
        body = Rect {
            x: body.x + RAIL,
            width: body.width - RAIL - PANEL - 2,
            ..body
        };
    }
    let column = content(&view, body);
    column.draw(theme, screen, frame, body);
    let below = Rect {
        y: area.y + bottom,
        height: help,
        ..area
    };
    help_lines(&view, frame, below);
    state(
        &view,
        frame,
        text::line(area, area.height.saturating_sub(2)),
    );
    let allowed = |action: &Action| app.allows(*action).is_ok();
    let keys = text::line(area, area.height.saturating_sub(1));
    footer::keys(
        &app.keymap,
        wizard.scope(),
        allowed,
        theme,
        screen,
        frame,
        keys,
    );
}

/// The page, or what lies over it.
fn content(view: &View<'_>, area: Rect) -> Column {
    if let Some(popup) = &view.wizard.popup {
        return over::lines(view, popup, area);
    }
    match view.wizard.page {
        Page::Fields(_) => fields::lines(view, area),
        Page::Review => review::lines(view, area),
        Page::Run => run::lines(view, area),
    }
}

/// What the field under the cursor is for.
fn help_lines(view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let room = usize::from(area.width.saturating_sub(2));
    let help = fields::help(view);
    for (row, line) in (0..area.height).zip(text::wrap(&help, room)) {
        let area = text::skip(text::line(area, row), 1);
        text::put(
            frame.buffer_mut(),
            area,
            &line,
            view.theme.style(Role::Text),
        );
    }
}

/// What just happened, else what was found about the field or its step.
fn state(view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let room = usize::from(area.width.saturating_sub(2));
    let (words, role) = match (&view.app.notice, fields::found(view)) {
        (Some(notice), _) => (notice.words.clone(), notice.role),
        (None, Some(found)) => found,
        (None, None) => return,
    };
    let words = text::cut(&words, room, view.theme.marks.ellipsis);
    let area = text::skip(area, 1);
    text::put(frame.buffer_mut(), area, &words, view.theme.style(role));
}

impl View<'_> {
    /// The key of a verb, as the hints spell it.
    fn key(&self, scope: Scope, action: Action) -> String {
        let key = self.app.keymap.key(scope, action);
        key.map_or_else(String::new, crate::tui::keymap::Chord::short)
    }
}
