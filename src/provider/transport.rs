//! What carries a request to a site and its whole answer back: whole bodies, never streams to be held open.
//!
//! A transport answers with whatever the site said, refusals included. Its own error means that there is no answer, and
//! says truthfully whether the request may have left.

pub mod auth;
pub mod certificate;
pub mod greeting;
pub mod https;
mod in_process;
pub mod trust;

use std::env;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Limited};
use thiserror::Error;
use tower::util::BoxCloneSyncService;

use crate::error::{Doubt, SignInCause, SiteError};
pub use in_process::in_process;

/// Carries one request at a time; clones share what is behind it.
pub type Transport = BoxCloneSyncService<Request<Bytes>, Response<Bytes>, TransportError>;

/// No answer is longer: a page of a thousand rows is a few megabytes.
const LONGEST_BODY: usize = 64 * 1024 * 1024;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TransportError {
    /// The site was not reached, or the line was lost.
    #[error("{reason}")]
    Lost {
        reason: String,
        /// The request may have left before: a write may have been carried out.
        after_sending: bool,
    },
    /// Nothing came back, or not all of it, for as long as anybody waits.
    #[error("no whole answer came within {} s", limit.as_secs())]
    Silent {
        limit: Duration,
        after_sending: bool,
    },
    /// The certificate is not one that is trusted.
    #[error("{reason}")]
    Untrusted {
        reason: String,
        fingerprint: String,
        doubt: Doubt,
    },
    /// There is nothing to sign in with, or it was refused. Nothing was done.
    #[error("{reason}")]
    SignIn { reason: String, cause: SignInCause },
}

impl TransportError {
    /// What it means for whoever asked a site of this name.
    pub fn about(self, site: &str) -> SiteError {
        let (site, reason) = (site.to_owned(), self.to_string());
        match self {
            Self::Lost { after_sending, .. } | Self::Silent { after_sending, .. } => {
                SiteError::Unreachable {
                    site,
                    reason,
                    after_sending,
                }
            }
            Self::Untrusted {
                fingerprint, doubt, ..
            } => SiteError::Untrusted {
                site,
                reason,
                fingerprint,
                doubt,
            },
            Self::SignIn { cause, .. } => SiteError::SignedOut {
                site,
                reason,
                cause,
            },
        }
    }
}

/// Sites log who asks: `consign/0.1.0 (linux x86_64)`.
pub fn ourselves() -> &'static str {
    static OURSELVES: LazyLock<String> = LazyLock::new(|| {
        let version = env!("CARGO_PKG_VERSION");
        format!(
            "consign/{version} ({} {})",
            env::consts::OS,
            env::consts::ARCH
        )
    });
    &OURSELVES
}

/// What was shown to a site that answers 401 was not good enough, and why there is nothing better to show.
///
/// Travels with the answer as an extension; without one, nothing was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnedDown {
    pub cause: SignInCause,
    pub why: String,
}

/// Whether a request may have begun to leave.
///
/// Travels with the request as an extension: the transport tells, and whoever gives up waiting reads it. A transport
/// says so *before* the first byte can leave.
#[derive(Debug, Clone, Default)]
pub struct Departure(Arc<AtomicBool>);

impl Departure {
    /// The departure of a request; one that nobody asks about where none travels with it.
    pub fn of<B>(request: &Request<B>) -> Self {
        request.extensions().get().cloned().unwrap_or_default()
    }

    pub fn has_left(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// From now on the request may be on its way.
    pub fn leave(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// It turned out that not a byte of it left.
    pub fn stay(&self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

/// The whole answer, once its head is there. A body that ends early is a lost answer.
async fn whole<B>(answer: Response<B>) -> Result<Response<Bytes>, TransportError>
where
    B: hyper::body::Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (head, body) = answer.into_parts();
    match Limited::new(body, LONGEST_BODY).collect().await {
        Ok(body) => Ok(Response::from_parts(head, body.to_bytes())),
        Err(error) => Err(TransportError::Lost {
            reason: format!("the answer broke off: {error}"),
            after_sending: true,
        }),
    }
}
