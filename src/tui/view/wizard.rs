//! The wizard over the whole screen.
//!
//! ```text
//!  Distribute software on lab                              saved 14:05:40     where I am, whether it is kept
//!  ✓ Start ✓ Package > Program · Collection …                                rail; from 100 columns at the left
//!                                                                            fields, the review or the run;
//!   Which command, and how does it run?      │ What will happen              from 130 columns what will happen
//!  …                                                                         beside the fields
//!  Help of the field.                                                        foot: help, or how a plan is run
//!  ! COL-W04 what was found, or what just happened
//!  Enter take  Tab field  ^N next …                                          keys
//! ```

mod control;
mod fields;
mod foot;
mod lines;
mod numbers;
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
use crate::tui::theme::Theme;
use crate::tui::wizard::{Page, Wizard};

use super::{Screen, footer};
use lines::Column;

/// From this width on the rail stands beside the fields.
const BESIDE: u16 = 100;
/// Cells of the rail beside the fields.
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
    let parts = Parts::of(&view, area);
    rail::header(&view, frame, text::line(area, 0));
    if let Some(line) = parts.rail_line {
        rail::line(&view, frame, line);
    }
    if let Some(column) = parts.rail {
        rail::column(&view, screen, frame, column);
    }
    if let Some(panel) = parts.panel {
        rail::happening(&view, screen, frame, panel);
    }
    let column = content(&view, parts.body);
    column.draw(theme, screen, frame, parts.body);
    foot::draw(&view, screen, frame, parts.foot);
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

/// Where everything stands.
struct Parts {
    /// The steps on one line.
    rail_line: Option<Rect>,
    /// The steps one below the other.
    rail: Option<Rect>,
    /// What will happen.
    panel: Option<Rect>,
    body: Rect,
    foot: Rect,
}

impl Parts {
    fn of(view: &View<'_>, area: Rect) -> Self {
        let is_fields = matches!(view.wizard.page, Page::Fields(_));
        let has_rail = area.width >= BESIDE && view.wizard.page != Page::Run;
        let has_line = is_fields && !has_rail;
        let has_panel = is_fields && shape::is_wide(area.as_size());
        let foot = foot::height(view, area);
        let top = 1 + u16::from(has_line) + u16::from(area.height >= 20);
        let bottom = area.height.saturating_sub(1 + foot);
        let middle = Rect {
            y: area.y + top.min(area.height),
            height: bottom.saturating_sub(top),
            ..area
        };
        let left = if has_rail { RAIL } else { 0 };
        let right = if has_panel { PANEL + 2 } else { 0 };
        Self {
            rail_line: has_line.then(|| text::line(area, 1)),
            rail: has_rail.then_some(Rect {
                width: RAIL,
                ..middle
            }),
            panel: has_panel.then(|| text::skip(middle, middle.width.saturating_sub(PANEL))),
            body: Rect {
                x: middle.x + left,
                width: middle.width.saturating_sub(left + right),
                ..middle
            },
            foot: Rect {
                y: area.y + bottom,
                height: foot.min(area.height),
                ..area
            },
        }
    }
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

impl View<'_> {
    /// The key of a verb, as the hints spell it.
    fn key(&self, scope: Scope, action: Action) -> String {
        let key = self.app.keymap.key(scope, action);
        key.map_or_else(String::new, crate::tui::keymap::Chord::short)
    }
}
