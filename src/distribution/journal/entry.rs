//! What one line of a journal says. The form is stable: a line written by this version is read by every later one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::distribution::guard::Acceptance;
use crate::distribution::plan::{OpNumber, Plan};

/// One line: when, and what happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub at: Timestamp,
    #[serde(flatten)]
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// An accepted plan began. Holds the whole plan, so that a run needs nothing else to go on.
    Opened {
        by: Actor,
        plan: Box<Plan>,
        /// What was ticked and typed.
        acceptance: Acceptance,
    },
    /// Another process, or the same one later, took the run up again.
    Resumed { by: Actor },
    /// Taking back what the plan made began. From here on the run is rolled back or kept, never carried on.
    RollingBack { by: Actor },
    /// The line before this one was cut short, most likely by a kill or a full disk while it was written.
    Mended,
    /// A request is about to leave. On disk before it does.
    Intent {
        op: OpNumber,
        doing: Doing,
        /// In the site's own words, for example `create SMS_Package`.
        request: String,
        /// What is sent.
        values: Value,
        /// What was there before, where anything was.
        #[serde(default, skip_serializing_if = "Value::is_null")]
        before: Value,
    },
    /// What became of the request of the last intent.
    Answered { op: OpNumber, answer: Answered },
    /// An operation came to rest.
    Settled {
        op: OpNumber,
        state: Settled,
        /// Id of the object it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        words: String,
    },
    /// The person chose to go on in spite of what an operation left undone.
    GoOn { op: OpNumber, by: Actor },
    /// The run is over: nothing is open any more.
    Closed { how: Ending, words: String },
}

/// Whether a request makes something or takes it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doing {
    Make,
    Unmake,
}

/// What became of one request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "was", rename_all = "kebab-case")]
pub enum Answered {
    /// The site did it.
    Done {
        /// What the site says is there now.
        #[serde(default, skip_serializing_if = "Value::is_null")]
        after: Value,
    },
    /// The site, or the way to it, refused: nothing was changed.
    Refused { words: String },
    /// No answer came back: it may have been done.
    Lost { words: String },
}

/// How an operation came to rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Settled {
    Done,
    AlreadySo,
    Failed,
    Unknown,
    Undone,
    /// Rolling back left it where it is; the words say why.
    Left,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    Done,
    RolledBack,
    /// The person keeps what is there and finishes, or not, by hand.
    Kept,
}

/// Who wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// As the machine or the site knows the person.
    pub user: String,
    pub pid: u32,
    /// Version of consign.
    pub version: String,
}

impl Actor {
    /// This process, on behalf of `user`.
    pub fn here(user: impl Into<String>) -> Self {
        Self {
            user: user.into(),
            pid: std::process::id(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}
