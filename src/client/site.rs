//! The site as the client task is handed it. Who opens it, and how, is the composition root's business: this room
//! knows no transport and no embedded site.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use super::answer::SiteWords;
use crate::error::SiteError;
use crate::provider::Provider;

/// Opens the site; called again when it failed and somebody tries again.
pub type Opening = Box<dyn Fn() -> BoxFuture<'static, Result<Opened, SiteError>> + Send + Sync>;

/// Fills an empty site with a sample fleet.
pub type Fill = Box<dyn Fn() -> BoxFuture<'static, Result<(), SiteError>> + Send + Sync>;

/// A site that is open.
pub struct Opened {
    pub provider: Provider,
    pub words: SiteWords,
    /// What works behind the embedded site; `None` for a real one.
    pub background: Option<Arc<dyn Background>>,
    pub fill: Option<Fill>,
}

/// The working parts of the embedded site. They stop when this is dropped.
pub trait Background: Send + Sync {
    /// Lets go of them before the console is suspended, so that another process can take over.
    fn suspend(&self) -> BoxFuture<'_, ()>;
    /// Takes them up again, or waits in line for them.
    fn resume(&self);
    /// Who does their work, now and whenever that changes.
    fn roles(&self) -> BoxStream<'static, Role>;
}

/// Who does the work behind an embedded site: one process at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// This process.
    Here,
    /// Another one; this process takes over when it ends.
    Elsewhere { process: u32 },
    /// Nobody that is known: it is being asked for, or was let go.
    Nobody,
    /// This process never will, and why.
    Broken { reason: String },
}
