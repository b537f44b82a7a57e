//! How the state looks: functions of it, one file a region, with the screen's own memory of where things were drawn.
//!
//! ```text
//! header   the panes; where I am, what the filter is, when it was read
//! body     a list (table), details (tabs, page), or what lies over the place (help, question, greeting, notes)
//! footer   the selected row in words; faults, notices, the command line; the keys that apply
//! ```

mod banner;
mod details;
mod footer;
mod greeting;
mod header;
mod help;
mod list;
mod page;
mod question;
mod sites;
mod small;
pub mod table;
pub mod wizard;

use std::collections::HashMap;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::app::{App, Layer, PaneId};
use super::event::Spot;
use super::shape::Shape;
use super::theme::Theme;
use table::Scroll;

/// The frame's only memory: how far lists are scrolled, and what can be clicked where.
#[derive(Debug, Default)]
pub struct Screen {
    scrolls: HashMap<Place, Scroll>,
    spots: Vec<(Rect, Spot)>,
}

/// A list on screen: its pane, how deep in it, and behind which tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    pub pane: PaneId,
    /// It lies over the wizard, not in its pane.
    pub is_roll: bool,
    pub depth: usize,
    pub tab: usize,
}

impl Screen {
    /// What was drawn at a cell, the last drawn first.
    pub fn spot(&self, column: u16, row: u16) -> Option<Spot> {
        let at = Position::new(column, row);
        let mut found = self.spots.iter().rev();
        found
            .find(|(area, _)| area.contains(at))
            .map(|(_, spot)| *spot)
    }

    /// Remembers what a click there means.
    pub fn mark(&mut self, area: Rect, spot: Spot) {
        self.spots.push((area, spot));
    }

    fn scroll(&self, place: Place) -> Scroll {
        self.scrolls.get(&place).copied().unwrap_or_default()
    }

    fn scrolled(&mut self, place: Place, scroll: Scroll) {
        self.scrolls.insert(place, scroll);
    }
}

/// Draws one frame.
pub fn draw(app: &App, theme: &Theme, screen: &mut Screen, frame: &mut Frame<'_>) {
    screen.spots.clear();
    let area = frame.area();
    let Some(shape) = Shape::of(area.as_size()) else {
        return small::draw(app, theme, frame.buffer_mut(), area);
    };
    if let (Some(Layer::Wizard), Some(wizard)) = (app.layers.last(), &app.wizard) {
        return wizard::draw(wizard, app, theme, screen, frame, area);
    }
    let shape = footer::with_room(app, theme, shape);
    header::draw(app, theme, screen, frame, &shape);
    body(app, theme, screen, frame, &shape);
    footer::draw(app, theme, screen, frame, &shape);
}

fn body(app: &App, theme: &Theme, screen: &mut Screen, frame: &mut Frame<'_>, shape: &Shape) {
    let buffer = frame.buffer_mut();
    match app.layers.last() {
        Some(Layer::Help { scope, scroll }) => {
            help::draw(app, *scope, *scroll, theme, buffer, shape.whole());
        }
        Some(Layer::Notes { page, scroll, .. }) => {
            page::draw(page, *scroll, theme, buffer, shape.whole());
        }
        Some(Layer::Question(question)) => question::draw(question, theme, buffer, shape.whole()),
        Some(Layer::Sites { sites, at }) => {
            sites::draw(app, sites.as_deref(), *at, theme, buffer, shape.whole());
        }
        Some(Layer::Greeting) => greeting::draw(app, theme, buffer, shape.whole()),
        _ => place(app, theme, screen, frame, shape),
    }
}

/// The place itself: details, or a list with the details of its selected row beside it.
fn place(app: &App, theme: &Theme, screen: &mut Screen, frame: &mut Frame<'_>, shape: &Shape) {
    let pane = app.pane();
    if let Some(current) = pane.trail.last() {
        let depth = pane.trail.len();
        return details::draw(
            app,
            current,
            depth,
            theme,
            screen,
            frame,
            shape.details(false),
        );
    }
    let at = Place {
        pane: pane.id,
        is_roll: app.shows_roll(),
        depth: 0,
        tab: 0,
    };
    list::draw(app, &pane.sheet, at, theme, screen, frame, shape.body);
    if let (Some(beside), Some(_)) = (&pane.beside, shape.side) {
        let area = shape.details(true);
        details::draw(app, beside, usize::MAX, theme, screen, frame, area);
    }
}
