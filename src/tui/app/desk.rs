//! Where one update writes down what is to be done: asks get their tickets here.

use std::time::Duration;

use jiff::{Timestamp, Zoned};
use ratatui::layout::Size;

use crate::client::listing::Clock;
use crate::client::{Request, Slot, Ticket};
use crate::tui::event::{Effect, Timer};

use super::notice::Notice;

/// One update's view of the world, and its orders to it.
#[derive(Debug)]
pub struct Desk {
    pub now: Zoned,
    pub size: Size,
    next: u64,
    effects: Vec<Effect>,
    notice: Option<Notice>,
}

impl Desk {
    pub fn new(now: Zoned, size: Size, next: u64) -> Self {
        Self {
            now,
            size,
            next,
            effects: Vec::new(),
            notice: None,
        }
    }

    /// Asks the site; the answer carries the ticket.
    pub fn ask(&mut self, slot: Slot, request: Request) -> Ticket {
        self.next += 1;
        let ticket = Ticket {
            slot,
            number: self.next,
        };
        self.effects.push(Effect::Ask(ticket, Box::new(request)));
        ticket
    }

    pub fn order(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub fn wake(&mut self, timer: Timer, after: Duration) {
        self.order(Effect::Wake(timer, after));
    }

    /// Shows words on the state line until the next key.
    pub fn tell(&mut self, notice: Notice) {
        self.notice = Some(notice);
    }

    /// The clock at this moment, for filters over times.
    pub fn clock(&self) -> Clock {
        Clock::in_zone(self.now.timestamp(), self.now.time_zone().clone())
    }

    /// Whether something read then has been left alone long enough to be read again.
    pub fn is_old(&self, read_at: Option<Timestamp>, after: Duration) -> bool {
        read_at.is_none_or(|read_at| {
            let age = self.now.timestamp().duration_since(read_at);
            age.unsigned_abs() >= after
        })
    }

    /// The number of the last ticket, the notice and the orders.
    pub fn close(self) -> (u64, Option<Notice>, Vec<Effect>) {
        (self.next, self.notice, self.effects)
    }
}
