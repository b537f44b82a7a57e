//! How the state looks: functions of it, with the screen's own memory of where things were drawn.

pub mod table;
pub mod wizard;

use ratatui::layout::{Position, Rect};

use super::event::Spot;

/// The frame's only memory: how far lists are scrolled, and what can be clicked where.
#[derive(Debug, Default)]
pub struct Screen {
    spots: Vec<(Rect, Spot)>,
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
}
