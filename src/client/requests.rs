//! What was asked of the site lately, for whoever shows it.

use std::collections::VecDeque;

use tokio::sync::watch;

pub use crate::provider::{AskedRequest, Outcome, Requests};

/// The last requests to a site, told whenever another one came to its end.
#[derive(Debug)]
pub struct Following {
    /// Nothing before the site is open.
    site: watch::Receiver<Option<Requests>>,
    latest: Option<watch::Receiver<VecDeque<AskedRequest>>>,
}

impl Following {
    pub(super) fn new(site: watch::Receiver<Option<Requests>>) -> Self {
        Self { site, latest: None }
    }

    /// Those there are, at once; then again after each change. Dropping the wait loses nothing.
    pub async fn next(&mut self) -> Option<Vec<AskedRequest>> {
        if self.latest.is_none() {
            let open = self.site.wait_for(Option::is_some).await.ok()?;
            self.latest = open.as_ref().map(|requests| {
                let mut latest = requests.changes();
                latest.mark_changed();
                latest
            });
        }
        let latest = self.latest.as_mut()?;
        latest.changed().await.ok()?;
        Some(latest.borrow_and_update().iter().cloned().collect())
    }
}
