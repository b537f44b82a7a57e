//! The devices behind a number of the wizard: a list like the others, over the wizard. The wizard lies untouched below
//! it, with whatever lay below that.

use crate::distribution::impact::Way;
use crate::tui::event::{Effect, Timer};
use crate::tui::keymap::{Action, Chord, Scope};

use super::{App, Desk, Layer, Pane, PaneId, Sheet, Table};

/// A number to be opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Roll {
    /// Which number it is, and of which collection.
    pub heading: String,
    /// How many there were when they were counted.
    pub count: u64,
    pub way: Way,
}

/// The opened list, and what it lies over.
#[derive(Debug)]
pub(super) struct Opened {
    heading: String,
    count: u64,
    pub pane: Pane,
    below: Vec<Layer>,
}

impl App {
    pub(super) fn open_roll(&mut self, roll: Roll, desk: &mut Desk) {
        self.give_way();
        let Roll {
            heading,
            count,
            way,
        } = roll;
        let mut pane = Pane::new(PaneId::Devices);
        pane.sheet = Sheet::of(Table::behind(way));
        self.roll = Some(Box::new(Opened {
            heading,
            count,
            pane,
            below: std::mem::take(&mut self.layers),
        }));
        self.await_changes(desk);
    }

    /// Back to the wizard, as it was.
    pub(super) fn close_roll(&mut self, desk: &mut Desk) {
        let Some(opened) = self.roll.take() else {
            return;
        };
        let above = std::mem::replace(&mut self.layers, opened.below);
        self.layers.extend(above);
        self.resting_on = None;
        desk.order(Effect::Sleep(Timer::Beside));
        self.await_changes(desk);
    }

    /// What the places below had asked for may be dropped for what is asked here: they ask again.
    fn give_way(&mut self) {
        let pane = self.pane_mut();
        for details in pane.trail.iter_mut().chain(&mut pane.beside) {
            details.forget_asked();
        }
    }

    /// Whether the wizard lies below what is on screen: Esc leads back to it.
    pub fn is_over_wizard(&self) -> bool {
        let is_wizard = |layer: &Layer| matches!(layer, Layer::Wizard);
        self.shows_roll() || self.layers.iter().any(is_wizard)
    }

    /// Whether the devices behind a number are on screen.
    pub fn shows_roll(&self) -> bool {
        self.roll.is_some()
    }

    /// Which number it is, of which collection, and how many there are by now where that is another number.
    pub fn roll_heading(&self) -> Option<String> {
        let roll = self.roll.as_deref()?;
        let heading = &roll.heading;
        let sheet = &roll.pane.sheet;
        let (_, listed) = sheet.table.count();
        Some(match listed {
            Some(listed) if listed != roll.count && !sheet.is_narrowed() => {
                let listed = crate::client::listing::figure(listed);
                format!("{heading}; {listed} can be listed now")
            }
            _ => heading.clone(),
        })
    }

    /// Why a verb does nothing here: it leads away, and the wizard waits below.
    pub(super) fn kept_by_roll(&self, action: Action) -> Option<String> {
        let leads_away = PaneId::of_action(action).is_some()
            || matches!(
                action,
                Action::Wizard | Action::Sites | Action::Sample | Action::Quit
            );
        (self.shows_roll() && self.layers.is_empty() && leads_away).then(|| self.words_of_roll())
    }

    pub(super) fn words_of_roll(&self) -> String {
        let key = self.keymap.key(Scope::Roll, Action::Close);
        let key = key.map_or_else(String::new, |key: Chord| {
            format!(": {} goes back", key.short())
        });
        format!("this list lies over the wizard{key}")
    }
}
