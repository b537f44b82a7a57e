//! What can go wrong between consign and a site, told by what a person can do about it.
//!
//! An error names what was tried and what the site said. The way out is a neutral [`Hint`]: the console maps it to a
//! key, the command line to a command.

mod sign_in;

use std::time::Duration;

pub use sign_in::SignInCause;
use thiserror::Error;

/// A request to a site that did not end well. One variant for each thing a person can do about it.
///
/// Texts are lower case without a full stop and never carry a secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SiteError {
    /// The site could not be reached, or the line was lost.
    #[error("cannot reach {site}: {reason}")]
    Unreachable {
        /// Name of the site as the settings know it.
        site: String,
        reason: String,
        /// The request may have left before the line was lost: a write may have been carried out.
        after_sending: bool,
    },
    /// The site turned the request away at the door (429, 503): nothing of it was done.
    #[error("{site} is not ready: {reason}")]
    Busy {
        site: String,
        reason: String,
        /// How long it asks to be left alone.
        wait: Option<Duration>,
    },
    /// The server showed a certificate that is not trusted. Nothing was sent to it.
    #[error("the certificate of {site} is not trusted: {reason}")]
    Untrusted {
        site: String,
        reason: String,
        /// SHA-256 of the certificate that was shown, as a pin is written.
        fingerprint: String,
        doubt: Doubt,
    },
    /// The site does not know who is asking (401), or there was nothing to sign in with.
    #[error("{}: {reason}", not_signed_in(site, *cause))]
    SignedOut {
        site: String,
        reason: String,
        cause: SignInCause,
    },
    /// The site knows who is asking and says no (403, or a provider message about rights).
    #[error("the site refused to {attempt}: {reason}")]
    Forbidden { attempt: String, reason: String },
    /// The object, class or method is not there, or is hidden from this account (404).
    #[error("{what} is not there any more, or you may not see it")]
    Missing { what: String },
    /// The provider refused for a rule of its own: duplicate, lock, bad value.
    #[error("the site refused to {attempt}: {reason}")]
    Refused {
        attempt: String,
        /// The site's own words.
        reason: String,
        /// `SMS_ExtendedStatus` or WBEM code where the answer carried one (errors.md 2 and 3).
        code: Option<u32>,
    },
    /// The site broke down over it (5xx without a judgement): a write may have been carried out all the same.
    #[error("the site failed to {attempt}: {reason}")]
    Failed { attempt: String, reason: String },
    /// The answer is not what the AdminService documents.
    #[error("the site's answer to {attempt} could not be read: {reason}")]
    Garbled { attempt: String, reason: String },
}

/// Why a certificate is not trusted, as far as the way out hangs on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Nobody here vouches for it; a person may, after comparing its fingerprint.
    Unproven,
    /// Another one was pinned when the site was first met.
    Changed,
    /// The settings name another one.
    OtherThanSet,
}

/// The way out of an error, before it becomes a key or a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// The same request may succeed a little later.
    TryAgain,
    /// Compare the fingerprint with what the site's administrator says, then trust it.
    CheckCertificate(Doubt),
    /// Sign in again; the cause says how.
    SignInAgain(SignInCause),
    /// Ask the site's administrator for this right.
    AskForRight(String),
    /// Read the object anew: it has changed or gone.
    Reload,
    /// Change what was asked for, as the site's words say.
    Correct,
    /// See which request it was: the answer itself tells no more.
    SeeRequests,
}

impl SiteError {
    /// The way out.
    pub fn hint(&self) -> Hint {
        match self {
            Self::Unreachable { .. } | Self::Busy { .. } | Self::Failed { .. } => Hint::TryAgain,
            Self::Untrusted { doubt, .. } => Hint::CheckCertificate(*doubt),
            Self::SignedOut { cause, .. } => Hint::SignInAgain(*cause),
            Self::Forbidden { attempt, .. } => Hint::AskForRight(attempt.clone()),
            Self::Missing { .. } => Hint::Reload,
            Self::Refused { .. } => Hint::Correct,
            Self::Garbled { .. } => Hint::SeeRequests,
        }
    }

    /// How long the site asks to be left alone.
    pub fn wait(&self) -> Duration {
        match self {
            Self::Busy { wait, .. } => wait.unwrap_or_default(),
            _ => Duration::ZERO,
        }
    }

    /// Whether a write that ended so may have been carried out all the same.
    ///
    /// Such a write is never repeated before the site was asked what became of it (wizard.md 11).
    pub fn leaves_doubt(&self) -> bool {
        matches!(
            self,
            Self::Unreachable {
                after_sending: true,
                ..
            } | Self::Garbled { .. }
                | Self::Failed { .. }
        )
    }
}

fn not_signed_in(site: &str, cause: SignInCause) -> String {
    if cause.is_refusal() {
        format!("{site} did not accept the sign-in")
    } else {
        format!("cannot sign in to {site}")
    }
}
