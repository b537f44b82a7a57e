//! Asking again by itself: while shown rows pass into another state, and while the site does not answer. Every wait is
//! longer than the one before until something has changed; where nothing is awaited nothing runs.

use std::time::Duration;

use crate::error::SiteError;
use crate::tui::event::Timer;

use super::{App, Desk, Details, Layer};

/// Rows on their way to another state.
const PASSING: (Duration, Duration) = (Duration::from_secs(2), Duration::from_mins(1));
/// A site that cannot be reached, or a sign-in that waits to be renewed.
const UNREACHABLE: (Duration, Duration) = (Duration::from_secs(5), Duration::from_mins(1));

/// A wait that doubles while nothing comes of it.
#[derive(Debug)]
pub(super) struct Patience {
    timer: Timer,
    /// The wait that comes next, and whether it is under way.
    next: Duration,
    is_waiting: bool,
    /// What was seen when it began: something else means that something has changed.
    seen: u64,
}

impl Patience {
    pub(super) fn with(timer: Timer) -> Self {
        Self {
            timer,
            next: Duration::ZERO,
            is_waiting: false,
            seen: 0,
        }
    }

    /// Waits, unless it does; the first wait again where something else is seen than the last time.
    fn wait(&mut self, (first, longest): (Duration, Duration), seen: u64, desk: &mut Desk) {
        if self.seen != seen {
            (self.seen, self.next, self.is_waiting) = (seen, first, false);
        }
        if !self.is_waiting {
            self.is_waiting = true;
            self.next = self.next.clamp(first, longest);
            desk.wake(self.timer, self.next);
        }
    }

    /// The wait is over; the next one is longer.
    fn rang(&mut self) {
        self.is_waiting = false;
        self.next *= 2;
    }

    /// Somebody asked by hand: the next wait is a short one.
    pub(super) fn begin_anew(&mut self) {
        self.seen = 0;
    }

    /// There is nothing to wait for.
    fn rest(&mut self, desk: &mut Desk) {
        if self.is_waiting {
            desk.order(crate::tui::event::Effect::Sleep(self.timer));
        }
        self.is_waiting = false;
        self.begin_anew();
    }
}

impl App {
    /// Asks again later while something shown is on its way to another state, or the site does not answer.
    pub(super) fn await_changes(&mut self, desk: &mut Desk) {
        if self.shows_passing() {
            let seen = self.passing_mark();
            self.passing.wait(PASSING, seen, desk);
        } else {
            self.passing.rest(desk);
        }
        match self.cut_off().map(SiteError::wait) {
            Some(asked) => {
                let (first, longest) = UNREACHABLE;
                let waits = (first.max(asked), longest.max(asked));
                self.cut.wait(waits, 1, desk);
            }
            None => self.cut.rest(desk),
        }
    }

    pub(super) fn passing_is_due(&mut self, desk: &mut Desk) {
        self.passing.rang();
        if self.shows_passing() {
            self.refresh_shown(desk);
        }
    }

    /// Time to try whether the site answers again; what is being read already is waited for.
    pub(super) fn reconnecting_is_due(&mut self, desk: &mut Desk) {
        self.cut.rang();
        if self.cut_off().is_none() {
            return;
        }
        if self.is_reading_shown() {
            return self.await_changes(desk);
        }
        self.ask_anew(desk);
    }

    /// Why the site does not answer, where trying again by itself may help and does no harm.
    fn cut_off(&self) -> Option<&SiteError> {
        let fault = self.site.fault.as_ref().or_else(|| self.shown_fault())?;
        match fault {
            SiteError::Unreachable { .. } | SiteError::Busy { .. } | SiteError::Failed { .. } => {
                Some(fault)
            }
            SiteError::SignedOut { cause, .. } if cause.can_be_renewed() => Some(fault),
            _ => None,
        }
    }

    /// What is wrong with the reading of what is on screen.
    pub fn shown_fault(&self) -> Option<&SiteError> {
        if let (Some(Layer::Wizard), Some(wizard)) = (self.layers.last(), &self.wizard) {
            return wizard.stock.fault();
        }
        let pane = self.pane();
        match pane.trail.last() {
            Some(details) => details.fault(),
            None => pane.sheet.table.fault(),
        }
    }

    fn is_reading_shown(&self) -> bool {
        let pane = self.pane();
        self.site.asked.is_some()
            || match pane.trail.last() {
                Some(details) => details.remote.asked.is_some(),
                None => pane.sheet.table.is_reading(),
            }
    }

    fn shows_passing(&self) -> bool {
        let in_wizard = matches!(self.layers.last(), Some(Layer::Wizard));
        let pane = self.pane();
        let list = pane.trail.is_empty() && pane.sheet.table.is_passing();
        !in_wizard && (list || pane.details().is_some_and(Details::is_passing))
    }

    /// A number that changes when what is passing has come further.
    fn passing_mark(&self) -> u64 {
        let pane = self.pane();
        let list = if pane.trail.is_empty() {
            pane.sheet.table.passing_mark()
        } else {
            0
        };
        let details = pane.details().map_or(0, Details::passing_mark);
        // Zero is what nothing has been seen as.
        (list ^ details.rotate_left(1)) | 1
    }
}

#[cfg(test)]
mod tests {
    use jiff::Zoned;
    use ratatui::layout::Size;

    use super::*;
    use crate::tui::event::Effect;

    fn desk() -> Desk {
        Desk::new(Zoned::now(), Size::new(80, 24), 0)
    }

    fn waits(patience: &mut Patience, seen: u64) -> Option<u64> {
        let mut desk = desk();
        patience.wait(PASSING, seen, &mut desk);
        desk.close().2.first().map(|effect| match effect {
            Effect::Wake(_, after) => after.as_secs(),
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn the_wait_doubles_up_to_a_minute_while_nothing_changes() {
        let mut patience = Patience::with(Timer::Again);
        let mut all = Vec::new();
        for _ in 0..7 {
            all.extend(waits(&mut patience, 5));
            assert_eq!(waits(&mut patience, 5), None, "one wait at a time");
            patience.rang();
        }
        assert_eq!(all, [2, 4, 8, 16, 32, 60, 60]);
    }

    #[test]
    fn a_change_or_a_key_makes_it_short_again_even_while_it_waits() {
        let mut patience = Patience::with(Timer::Again);
        for _ in 0..4 {
            waits(&mut patience, 5);
            patience.rang();
        }
        assert_eq!(waits(&mut patience, 5), Some(32));
        assert_eq!(waits(&mut patience, 6), Some(2), "something has changed");
        patience.rang();
        assert_eq!(waits(&mut patience, 6), Some(4));
        patience.begin_anew();
        assert_eq!(waits(&mut patience, 6), Some(2), "somebody asked");
    }

    #[test]
    fn where_nothing_is_awaited_nothing_runs() {
        let mut patience = Patience::with(Timer::Again);
        waits(&mut patience, 5);
        let mut first = desk();
        patience.rest(&mut first);
        assert_eq!(first.close().2, [Effect::Sleep(Timer::Again)]);
        let mut second = desk();
        patience.rest(&mut second);
        assert_eq!(second.close().2, []);
    }
}
