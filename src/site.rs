//! The embedded site: stands in for a Windows site server on one machine, and answers as the AdminService does.
//!
//! [`Site::open`] wires the parts together: [`catalog`] says which classes there are, [`store`] keeps their objects,
//! [`rest`] answers requests, [`rules`] say what the provider refuses or fills in, [`methods`] run what is called.

pub mod background;
pub mod catalog;
pub mod collections;
pub mod content;
pub mod context;
pub mod methods;
mod placement;
pub mod refusal;
mod rest;
pub mod rules;
pub mod sample;
mod seed;
pub mod status_summarizer;
pub mod store;
#[cfg(test)]
mod testing;

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use rusqlite::Connection;

use crate::sms::ids::SiteCode;

pub use rest::strict;

use catalog::Catalog;
use context::{Context, Identity};
use store::{OpenError, Store, StoreError};

/// What a new site is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSite {
    /// Three letters or digits.
    pub code: SiteCode,
    /// Any name; the site's own server is called after it.
    pub name: String,
}

/// An open site. Clones share it.
#[derive(Debug, Clone)]
pub struct Site {
    catalog: &'static Catalog,
    store: Store,
    identity: Arc<Identity>,
}

impl Site {
    /// Makes a site in a folder, which must be empty or not there yet: built-in collections, the site server and the
    /// distribution point on it, nothing else. All or nothing.
    ///
    /// Blocks; call it outside of async code.
    pub fn create(folder: &Path, new: &NewSite) -> Result<Self, OpenError> {
        if !is_code(new.code.as_str()) {
            return Err(OpenError::Code {
                code: new.code.to_string(),
            });
        }
        let catalog = Catalog::shipped()?;
        let identity = Identity::new(new);
        let store = Store::create(folder, catalog, |transaction| {
            seed::fill(&Context::new(transaction, catalog, &identity))
        })?;
        Ok(Self {
            catalog,
            store,
            identity: Arc::new(identity),
        })
    }

    /// Opens the site of a folder.
    ///
    /// Blocks; call it outside of async code.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let catalog = Catalog::shipped()?;
        let store = Store::open(folder, catalog)?;
        let identity = store.now(Identity::read)?;
        Ok(Self {
            catalog,
            store,
            identity: Arc::new(identity),
        })
    }

    /// The AdminService of this site.
    pub fn router(&self) -> Router {
        rest::router(self.clone())
    }

    pub fn folder(&self) -> &Path {
        self.store.folder()
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    pub fn catalog(&self) -> &'static Catalog {
        self.catalog
    }

    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Reads with all that rules and methods need at hand.
    pub async fn read<T, F>(&self, read: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Context<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let site = self.clone();
        self.store
            .read(move |connection| read(&site.context(connection)))
            .await
    }

    /// Writes with all that rules and methods need at hand; all or nothing, on disk when it returns.
    pub async fn write<T, F>(&self, write: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Context<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let site = self.clone();
        self.store
            .write(move |transaction| write(&site.context(transaction)))
            .await
    }

    /// Fills the site with a sample fleet: all or nothing. Its content is copied by the background.
    pub async fn fill_sample(&self, sample: sample::Sample) -> Result<(), StoreError> {
        self.fill_sample_telling(sample, |_| {}).await
    }

    /// The same, and says how far it has come.
    pub async fn fill_sample_telling(
        &self,
        sample: sample::Sample,
        told: impl Fn(sample::Progress) + Send + 'static,
    ) -> Result<(), StoreError> {
        let folder = self.folder().to_owned();
        self.write(move |context| sample::fill(context, &folder, sample, &told))
            .await
    }

    fn context<'t>(&'t self, connection: &'t Connection) -> Context<'t> {
        Context::new(connection, self.catalog, &self.identity)
    }
}

fn is_code(code: &str) -> bool {
    code.len() == 3
        && code
            .chars()
            .all(|character| character.is_ascii_alphanumeric())
}
