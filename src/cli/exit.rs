//! What the shell is told when consign ends. Documented in the README, and held to it by a test.

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Failed for a reason of this machine or of consign.
    Failed = 1,
    /// The command was not understood.
    Usage = 2,
    /// Findings stand against the plan.
    Findings = 3,
    /// The plan waits for a confirmation that was not given.
    Confirmation = 4,
    /// The site refused.
    Refused = 5,
    /// The site could not be reached, or its certificate is not trusted.
    Unreachable = 6,
    /// What the plan was made on has changed since.
    FactsChanged = 7,
    /// Interrupted; `consign resume` shows what is left to do.
    Interrupted = 8,
}

impl Exit {
    /// The number in words, as `--help` and the README list it.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Usage => "the command was not understood",
            Self::Findings => "stopped by findings: the plan cannot be carried out as it is",
            Self::Confirmation => "a confirmation is needed that was not given",
            Self::Refused => "the site refused",
            Self::Unreachable => "the site could not be reached or is not trusted",
            Self::FactsChanged => "the facts a plan rests on have changed since it was made",
            Self::Interrupted => "interrupted",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
