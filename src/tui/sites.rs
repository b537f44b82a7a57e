//! The sites one can go to from the console. It knows what they are called and what the settings say of them; how one is
//! reached is the business of whoever started the console.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::Setup;
use crate::client::{Client, Inbox};

/// A site of the settings, or an embedded one, as the list of sites shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownSite {
    pub name: String,
    /// `embedded` or `remote`.
    pub kind: &'static str,
    /// Folder or address.
    pub place: String,
    /// Profile, and whether anything may be changed; empty where all is as usual.
    pub standing: String,
    pub banner: Option<String>,
}

/// A site that was opened, with all the console needs to begin on it.
pub struct Place {
    pub setup: Setup,
    pub client: Arc<Client>,
    pub inbox: Inbox,
}

/// Who knows the sites and opens them.
pub trait Sites: Send + Sync {
    /// Every site there is, as the files say it now. Reads the disk.
    fn known(&self) -> Vec<KnownSite>;
    /// Opens a site; an error is words for the person.
    fn open(&self, name: String) -> BoxFuture<'static, Result<Place, String>>;
}

/// No sites but the one the console is on.
pub struct Nowhere;

impl Sites for Nowhere {
    fn known(&self) -> Vec<KnownSite> {
        Vec::new()
    }

    fn open(&self, name: String) -> BoxFuture<'static, Result<Place, String>> {
        Box::pin(async move { Err(format!("there is no site called {name}")) })
    }
}
