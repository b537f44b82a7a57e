//! The last requests to the site: followed while they are on screen, and only then.

use crate::client::listing::RequestLine;
use crate::client::requests::AskedRequest;
use crate::tui::event::Effect;

use super::{App, Desk, Layer, PaneId, Table};

impl App {
    pub(super) fn requested(&mut self, latest: &[AskedRequest], desk: &Desk) {
        let clock = desk.clock();
        let lines = latest
            .iter()
            .map(|asked| RequestLine::new(asked.clone(), &clock));
        if let Table::Requests(list) = &mut self.panes[PaneId::Requests as usize].sheet.table {
            list.take(lines.collect(), desk.now.datetime());
        }
    }

    /// Begins or ends the following, as what is on screen demands: where nobody looks, no request draws a frame.
    pub(super) fn follow_requests(&mut self, desk: &mut Desk) {
        let looks = !self.quitting && self.shows_requests();
        if looks != self.follows_requests {
            self.follows_requests = looks;
            desk.order(Effect::FollowRequests(looks));
        }
    }

    fn shows_requests(&self) -> bool {
        let is_covered = !matches!(
            self.layers.last(),
            None | Some(Layer::Filter { .. } | Layer::Command { .. })
        );
        self.pane().id == PaneId::Requests && self.pane().trail.is_empty() && !is_covered
    }
}
