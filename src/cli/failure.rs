//! A command that failed: what to say, what to do about it, and what the shell is told.

use std::fmt;
use std::io;

use super::exit::Exit;
use crate::config::Fault;
use crate::error::{Doubt, Hint, SiteError};

/// Why a command ended early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub exit: Exit,
    pub what: String,
    /// One line each: ways out, and what else a person should see.
    pub ways_out: Vec<String>,
}

impl Failure {
    pub fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self {
            exit,
            what: what.into(),
            ways_out: Vec::new(),
        }
    }

    /// A failure of this machine or of consign.
    pub fn failed(what: impl Into<String>) -> Self {
        Self::new(Exit::Failed, what)
    }

    /// A command that was not understood.
    pub fn usage(what: impl Into<String>) -> Self {
        Self::new(Exit::Usage, what)
    }

    #[must_use]
    pub fn with(mut self, way_out: impl Into<String>) -> Self {
        self.ways_out.push(way_out.into());
        self
    }

    /// What went wrong and the way out, on one line.
    pub fn brief(&self) -> String {
        let parts =
            std::iter::once(self.what.as_str()).chain(self.ways_out.iter().map(String::as_str));
        parts.collect::<Vec<_>>().join("; ")
    }

    /// Nothing went wrong that anybody has to hear of.
    pub fn is_silent(&self) -> bool {
        self.what.is_empty()
    }

    /// Data that nobody reads any more is no failure: the reader has had enough.
    pub fn writing(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::new(Exit::Done, "");
        }
        Self::failed(format!("the output could not be written: {error}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "consign: {}", self.what)?;
        for way_out in &self.ways_out {
            write!(f, "\n  {way_out}")?;
        }
        Ok(())
    }
}

impl From<SiteError> for Failure {
    fn from(error: SiteError) -> Self {
        let exit = match error {
            SiteError::Unreachable { .. }
            | SiteError::Busy { .. }
            | SiteError::Untrusted { .. } => Exit::Unreachable,
            SiteError::SignedOut { .. }
            | SiteError::Forbidden { .. }
            | SiteError::Refused { .. } => Exit::Refused,
            SiteError::Missing { .. } | SiteError::Garbled { .. } | SiteError::Failed { .. } => {
                Exit::Failed
            }
        };
        let failure = Self::new(exit, error.to_string());
        match way_out(&error) {
            Some(way_out) => failure.with(way_out),
            None => failure,
        }
    }
}

/// A file of ours that is not as it should be.
impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::failed(fault.to_string())
    }
}

/// What resolves a doubt about the certificate of a site: never a plain yes in passing.
pub fn doubted(site: &str, doubt: Doubt) -> String {
    match doubt {
        Doubt::Unproven => {
            format!("`consign site trust {site}` shows it, asks, and remembers the answer")
        }
        Doubt::Changed => format!(
            "ask the site's administrator why; `consign site trust {site} --replace` shows both and takes the new one"
        ),
        Doubt::OtherThanSet => format!(
            "ask the site's administrator which is right, and correct `pin` of [site.{site}] in the settings file"
        ),
    }
}

/// The hint as a command or a thing to do.
fn way_out(error: &SiteError) -> Option<String> {
    Some(match error.hint() {
        Hint::TryAgain => "try again when the site answers".into(),
        Hint::CheckCertificate(doubt) => match error {
            SiteError::Untrusted { site, .. } => doubted(site, doubt),
            _ => return None,
        },
        Hint::SignInAgain(cause) => cause.way_out().into(),
        Hint::AskForRight(right) => {
            format!("ask the site's administrator for the right to {right}")
        }
        Hint::Reload => "look with `consign get` what is there now".into(),
        Hint::Correct => return None,
        Hint::SeeRequests => "`--log-requests` writes into the log which request it was".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_wrong_decides_the_exit_code() {
        let unreachable = SiteError::Unreachable {
            site: "lab".into(),
            reason: "connection refused".into(),
            after_sending: false,
        };
        assert_eq!(Failure::from(unreachable).exit, Exit::Unreachable);
        let missing = SiteError::Missing {
            what: "package LAB00012".into(),
        };
        assert_eq!(Failure::from(missing).exit, Exit::Failed);
    }

    #[test]
    fn an_untrusted_site_is_told_with_what_resolves_it() {
        for (doubt, way_out) in [
            (Doubt::Unproven, "`consign site trust prod` shows"),
            (Doubt::Changed, "`consign site trust prod --replace`"),
            (Doubt::OtherThanSet, "`pin` of [site.prod]"),
        ] {
            let failure = Failure::from(SiteError::Untrusted {
                site: "prod".into(),
                reason: "it is not known".into(),
                fingerprint: "SHA256:00".into(),
                doubt,
            });
            let told = failure.to_string();
            assert!(told.contains(way_out), "{told}");
            assert_eq!(failure.exit, Exit::Unreachable);
        }
    }

    #[test]
    fn a_reader_who_left_is_no_failure() {
        let error = io::Error::from(io::ErrorKind::BrokenPipe);
        let failure = Failure::writing(&error);
        assert_eq!((failure.exit, failure.is_silent()), (Exit::Done, true));
    }
}
