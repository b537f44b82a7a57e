//! Going about: between panes, rows and levels.

use crate::tui::event::{Event, Spot};
use crate::tui::keymap::Action;
use crate::tui::shape::{self, Shape};

use super::details::{Content, Details};
use super::{App, Desk, OLD, PaneId};

impl App {
    /// To a pane; what is shown there is read again when it is no longer fresh.
    pub(super) fn go(&mut self, pane: PaneId, desk: &mut Desk) {
        if self.pane == pane {
            // The key of the pane one is in leads to its top.
            self.pane_mut().trail.clear();
            return;
        }
        self.pane = pane;
        let pane = self.pane_mut();
        for details in pane.trail.iter_mut().chain(&mut pane.beside) {
            details.forget_asked();
        }
        let is_stale = std::mem::take(&mut pane.is_stale);
        let table = &mut pane.sheet.table;
        let is_old = is_stale || (!table.is_reading() && desk.is_old(table.read_at(), OLD));
        // What could not be read may be there by now.
        if table.fault().is_some() || (table.read_at().is_some() && is_old) {
            table.refresh(desk);
        }
        if let Some(details) = pane.trail.last_mut()
            && (is_stale || details.fault().is_some() || desk.is_old(details.remote.read_at, OLD))
        {
            details.refresh(desk);
        }
        self.await_changes(desk);
    }

    /// How far a page moves.
    pub(super) fn page(&self) -> isize {
        let Some(shape) = Shape::of(self.size) else {
            return 1;
        };
        let rows = if self.pane().trail.is_empty() {
            shape.page()
        } else {
            usize::from(shape.whole().height.saturating_sub(3)).max(1)
        };
        isize::try_from(rows).unwrap_or(1)
    }

    pub(super) fn step(&mut self, rows: isize) {
        if let Some(sheet) = self.pane_mut().focus_mut() {
            return sheet.table.step(rows);
        }
        let most = self.scroll_most();
        if let Some(scroll) = self.scroll_mut() {
            *scroll = scroll.saturating_add_signed(rows).min(most);
        }
    }

    pub(super) fn reach_edge(&mut self, top: bool) {
        if let Some(sheet) = self.pane_mut().focus_mut() {
            return if top {
                sheet.table.reach_top();
            } else {
                sheet.table.reach_bottom();
            };
        }
        let most = self.scroll_most();
        if let Some(scroll) = self.scroll_mut() {
            *scroll = if top { 0 } else { most };
        }
    }

    pub(super) fn scroll_mut(&mut self) -> Option<&mut usize> {
        match &mut self.pane_mut().details_mut()?.current_mut()?.content {
            Content::Page { scroll, .. } => Some(scroll),
            Content::Table(_) => None,
        }
    }

    /// How far the page in front can be scrolled.
    pub(super) fn scroll_most(&self) -> usize {
        let (Some(shape), Some(details)) = (Shape::of(self.size), self.pane().details()) else {
            return 0;
        };
        let Some(Content::Page { page, .. }) = details.current().map(|tab| &tab.content) else {
            return 0;
        };
        let (room, rows) = shape.page_of_details(self.pane().trail.is_empty());
        page.lay_out(room).lines.len().saturating_sub(rows)
    }

    pub(super) fn open(&mut self, tab: Option<&str>) {
        let pane = self.pane_mut();
        let Some(subject) = pane.focus().and_then(|sheet| sheet.table.subject()) else {
            return;
        };
        if let Some(sheet) = pane.focus_mut() {
            // Who opens a row means it, whatever a filter has hidden.
            sheet.table.select(sheet.table.at());
        }
        let beside = pane
            .beside
            .take_if(|beside| pane.trail.is_empty() && beside.subject.key == subject.key);
        let mut details = beside.unwrap_or_else(|| Details::of(subject));
        if let Some(tab) = tab {
            details.turn_to(tab);
        }
        for place in &mut pane.trail {
            place.forget_asked();
        }
        pane.trail.push(details);
    }

    pub(super) fn open_or_turn(&mut self, tab: &str) {
        match self.pane_mut().trail.last_mut() {
            Some(details) => details.turn_to(tab),
            None => self.open(Some(tab)),
        }
    }

    pub(super) fn back(&mut self, desk: &mut Desk) {
        let pane = self.pane_mut();
        if pane.trail.is_empty() && pane.sheet.is_waiting() {
            pane.sheet.table.stop_reading();
            return;
        }
        if let Some(sheet) = pane.focus_mut()
            && sheet.is_narrowed()
        {
            sheet.widen(desk);
            return;
        }
        match (pane.trail.pop(), pane.trail.last_mut()) {
            (None, _) => self.close_roll(desk),
            (Some(_), Some(details)) => details.forget_asked(),
            // Members may have been read page by page in the details too.
            (Some(_), None) if pane.sheet.table.is_windowed() => pane.sheet.table.forget_asked(),
            (Some(_), None) => {}
        }
        self.await_changes(desk);
    }

    /// A click does what a key would do.
    pub(super) fn click(&mut self, spot: Spot, desk: &mut Desk) {
        match spot {
            Spot::Do(action) => self.press(Event::Do(action), desk),
            Spot::Row(at) => {
                let Some(sheet) = self.pane_mut().focus_mut() else {
                    return;
                };
                if sheet.table.at() == at {
                    self.press(Event::Do(Action::Open), desk);
                } else {
                    sheet.table.select(at);
                }
            }
            Spot::Tab(at) => {
                if let Some(details) = self.pane_mut().details_mut() {
                    details.tab = at.min(details.tabs.len().saturating_sub(1));
                }
            }
            Spot::Wizard(_) => self.tell_wizard(&Event::Clicked(spot), desk),
        }
    }

    /// Whether the details of the selected row stand beside the list.
    pub fn shows_beside(&self) -> bool {
        shape::is_wide(self.size) && self.pane().trail.is_empty()
    }
}
