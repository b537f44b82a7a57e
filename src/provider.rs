//! The SMS Provider as a typed interface: builds AdminService requests and reads its answers over a transport.
//!
//! Reads come in two kinds. What people make is read whole ([`Provider::list`]); what grows with devices is a window
//! ([`Provider::window`]) whose pages are anchored by key. Writes are sent once and never repeated: an answer that was
//! lost is told as such ([`SiteError::leaves_doubt`]), and finding out what became of it is up to the caller.

mod address;
mod ask;
mod garbled;
mod keyed;
mod layers;
mod list;
mod methods;
mod object;
mod oddities;
mod refusal;
mod requests;
mod sight;
mod standing;
pub mod transport;
mod window;
mod words;

use std::sync::Arc;

use tokio::sync::OnceCell;

pub use address::SiteAddress;
pub use layers::Patience;
pub use methods::{Movable, Returned};
pub use requests::{AskedRequest, Outcome, Requests};
pub use sight::Administrator;
pub use standing::Standing;
pub use window::{Anchor, Position, WindowAsk, WindowPage};

#[cfg(doc)]
use crate::error::SiteError;
use crate::sms::rights::Sight;
use transport::Transport;

/// One site. Clones share its transport and its limits.
#[derive(Clone, Debug)]
pub struct Provider {
    transport: Transport,
    address: Arc<SiteAddress>,
    requests: Requests,
    /// What the site said to whoever wanted to know it first; nothing while it could not answer.
    sight: Arc<OnceCell<Sight>>,
}

impl Provider {
    pub fn new(transport: Transport, address: SiteAddress) -> Self {
        Self::with_patience(transport, address, Patience::default())
    }

    /// A provider that waits and repeats as told.
    pub fn with_patience(transport: Transport, address: SiteAddress, patience: Patience) -> Self {
        let requests = Requests::default();
        Self {
            transport: layers::layered(transport, patience, requests.clone()),
            address: Arc::new(address),
            requests,
            sight: Arc::default(),
        }
    }

    /// The site's name as the settings know it.
    pub fn site(&self) -> &str {
        &self.address.name
    }

    /// What was asked of it lately.
    pub fn requests(&self) -> &Requests {
        &self.requests
    }

    /// Whether the site is answered by this process: its files are those of this machine.
    pub fn is_local(&self) -> bool {
        self.address.is_local
    }
}

#[cfg(test)]
pub(crate) mod testing;
