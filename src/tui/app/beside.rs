//! The details beside a list on wide screens: they follow the selection when it rests.

use std::time::Duration;

use crate::tui::event::Timer;

use super::{App, Desk, Details};

/// How long the selection rests before its details are asked for.
const REST: Duration = Duration::from_millis(150);

impl App {
    /// Notices that the selection has moved away from what stands beside it.
    pub(super) fn watch_selection(&mut self, desk: &mut Desk) {
        if !self.shows_beside() {
            return;
        }
        let selected = self.pane().sheet.table.subject().map(|subject| subject.key);
        let beside = self.pane().beside.as_ref();
        let shown = beside.map(|beside| beside.subject.key.clone());
        if selected == shown {
            self.resting_on = None;
            if let Some(beside) = &mut self.pane_mut().beside {
                beside.ask_due(desk);
            }
        } else if shown.is_none() {
            self.follow_selection(desk);
        } else if self.resting_on != selected {
            self.resting_on = selected;
            desk.wake(Timer::Beside, REST);
        }
    }

    /// Shows the details of the selected row, on the same tab where there is one.
    pub(super) fn follow_selection(&mut self, desk: &mut Desk) {
        if !self.shows_beside() {
            return;
        }
        self.resting_on = None;
        let pane = self.pane_mut();
        let Some(subject) = pane.sheet.table.subject() else {
            pane.beside = None;
            return;
        };
        let tab = pane
            .beside
            .as_ref()
            .and_then(|beside| beside.current())
            .map(|tab| tab.title);
        let mut details = Details::of(subject);
        if let Some(tab) = tab {
            details.turn_to(tab);
        }
        details.ask_due(desk);
        pane.beside = Some(details);
    }
}
