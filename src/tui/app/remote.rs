//! Something the site was asked for: what is known of it, what is on its way, and what went wrong.

use jiff::Timestamp;

use crate::client::Ticket;
use crate::error::SiteError;

/// A value that lives on the site. At most one ask is live; what was read before stays beside a fault.
#[derive(Debug, Clone)]
pub struct Remote<T> {
    pub shown: Option<T>,
    /// When `shown` was read.
    pub read_at: Option<Timestamp>,
    pub asked: Option<Ticket>,
    pub fault: Option<SiteError>,
    /// The person stopped the reading; it begins again only when asked for.
    pub stopped: bool,
    /// Rows that have arrived of an answer still being read.
    pub so_far: usize,
}

impl<T> Default for Remote<T> {
    fn default() -> Self {
        Self {
            shown: None,
            read_at: None,
            asked: None,
            fault: None,
            stopped: false,
            so_far: 0,
        }
    }
}

impl<T> Remote<T> {
    /// A newer ask takes the place of an older one: its answer will be stale.
    pub fn ask(&mut self, ticket: Ticket) {
        self.asked = Some(ticket);
        self.stopped = false;
        self.so_far = 0;
    }

    /// Waits no longer; answers whether there was anything to wait for.
    pub fn stop(&mut self) -> bool {
        self.stopped = self.asked.take().is_some();
        self.stopped
    }

    /// Takes an answer if it is the one awaited; answers whether it was.
    pub fn settle(
        &mut self,
        ticket: Ticket,
        read_at: Timestamp,
        result: Result<T, SiteError>,
    ) -> bool {
        if self.asked != Some(ticket) {
            return false;
        }
        self.asked = None;
        match result {
            Ok(value) => {
                self.shown = Some(value);
                self.read_at = Some(read_at);
                self.fault = None;
            }
            Err(fault) => self.fault = Some(fault),
        }
        true
    }

    /// Whether nothing is known and nothing is on its way.
    pub fn is_untouched(&self) -> bool {
        self.shown.is_none() && self.asked.is_none() && self.fault.is_none() && !self.stopped
    }
}
