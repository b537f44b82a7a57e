//! The hand an operation works with: the site, the journal and the board, joined so that nothing leaves unwritten.

use std::future::Future;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use tokio::time::Instant;

use super::board::Board;
use super::failure::Trouble;
use super::progress::{Copied, State};
use super::stop::Stop;
use crate::distribution::guard::Bounds;
use crate::distribution::journal::{Answered, Doing, Event, Journal, Past, Record};
use crate::distribution::operation::Operation;
use crate::distribution::plan::{OpNumber, Plan, Ref, Stamp};
use crate::error::SiteError;
use crate::provider::Provider;

/// What one operation may use while it is carried out or taken back.
pub struct Hand<'r> {
    pub(crate) provider: &'r Provider,
    pub(crate) stop: &'r mut Stop,
    pub(super) journal: &'r Journal,
    pub(super) record: &'r mut Record,
    pub(super) bounds: &'r Bounds,
    pub(super) board: &'r mut Board,
    pub(crate) op: OpNumber,
    /// When the site last did something of this operation.
    pub(super) done_at: Option<Instant>,
}

/// A request about to leave, as the journal names it.
pub(crate) struct Sending {
    pub doing: Doing,
    /// In the site's own words, for example `create SMS_Package`.
    pub request: String,
    /// What is sent.
    pub values: Value,
    /// What is there before.
    pub before: Value,
}

impl Sending {
    pub fn make(request: impl Into<String>, values: &impl Serialize) -> Self {
        Self {
            doing: Doing::Make,
            request: request.into(),
            values: to_value(values),
            before: Value::Null,
        }
    }

    pub fn unmake(request: impl Into<String>, values: &impl Serialize) -> Self {
        Self {
            doing: Doing::Unmake,
            ..Self::make(request, values)
        }
    }

    pub fn with_before(self, before: &impl Serialize) -> Self {
        Self {
            before: to_value(before),
            ..self
        }
    }
}

impl Hand<'_> {
    /// The stamp of this operation.
    pub(crate) fn stamp(&self) -> Stamp {
        Stamp {
            plan: self.record.plan.id.clone(),
            op: self.op,
        }
    }

    /// Whether a text is a stamp of this plan.
    pub(crate) fn is_of_plan(&self, isv_string: &str) -> bool {
        Stamp::read(isv_string).is_some_and(|stamp| stamp.plan == self.record.plan.id)
    }

    /// The plan this belongs to.
    pub(crate) fn plan(&self) -> &Plan {
        &self.record.plan
    }

    /// What has happened to this operation so far.
    pub(crate) fn past(&self) -> &Past {
        self.record.past(self.op)
    }

    /// Whether the person chose to go on although some membership rules could not be added.
    pub(crate) fn went_on_without_all_rules(&self) -> bool {
        let is_rules = |operation: &Operation| matches!(operation, Operation::Rules(_));
        self.plan()
            .numbered()
            .any(|(op, operation)| is_rules(operation) && self.record.past(op).go_on)
    }

    /// The id a reference stands for by now, if its operation has one.
    pub(crate) fn known<T: Clone + From<String>>(&self, reference: &Ref<T>) -> Option<T> {
        match reference {
            Ref::Id(id) => Some(id.clone()),
            Ref::MadeBy(op) => self.record.past(*op).id.clone().map(T::from),
        }
    }

    /// The id a reference stands for; its operation is behind us.
    pub(crate) fn resolve<T: Clone + From<String>>(
        &self,
        reference: &Ref<T>,
    ) -> Result<T, Trouble> {
        self.known(reference).ok_or_else(|| {
            let needed = reference.maker().map_or(0, |number| number.0);
            Trouble::Broken(format!("operation {needed} has left no id to go on with"))
        })
    }

    /// Sends a request: its intent is on disk before it leaves, and what became of it right after.
    pub(crate) async fn send<T: Serialize>(
        &mut self,
        sending: Sending,
        request: impl Future<Output = Result<T, SiteError>>,
    ) -> Result<T, Trouble> {
        self.write(Event::Intent {
            op: self.op,
            doing: sending.doing,
            request: sending.request,
            values: sending.values,
            before: sending.before,
        })
        .await?;
        let result = request.await;
        if result.is_ok() {
            self.done_at = Some(Instant::now());
        }
        let answer = match &result {
            Ok(after) => Answered::Done {
                after: to_value(after),
            },
            Err(error) if error.leaves_doubt() => Answered::Lost {
                words: error.to_string(),
            },
            Err(error) => Answered::Refused {
                words: error.to_string(),
            },
        };
        self.write(Event::Answered {
            op: self.op,
            answer,
        })
        .await?;
        result.map_err(|error| {
            if error.leaves_doubt() {
                Trouble::Lost(error)
            } else {
                Trouble::Site(error)
            }
        })
    }

    /// Writes an event and takes it in.
    pub(super) async fn write(&mut self, event: Event) -> Result<(), Trouble> {
        let entry = self.journal.write(event).await?;
        self.record.apply(&entry);
        Ok(())
    }

    /// Shows that the site works on it, and its own figures.
    pub(crate) fn checking(&mut self, words: impl Into<String>, copied: Option<Copied>) {
        let words = words.into();
        self.board.change(self.op, |line| {
            line.state = State::Checking;
            line.words = words;
            line.copied = copied;
        });
    }

    /// Shows that the site does not answer, why, and that it is asked again.
    pub(crate) fn waiting_for_site(&mut self, error: &SiteError, copied: Option<Copied>) {
        let words = match error {
            SiteError::SignedOut { reason, .. } => {
                format!("the sign-in has ended ({reason}): sign in again; trying again")
            }
            SiteError::Unreachable { reason, .. } => {
                format!("the site does not answer ({reason}); trying again")
            }
            SiteError::Busy { reason, .. } => {
                format!("the site is not ready ({reason}); trying again then")
            }
            other => other.to_string(),
        };
        self.checking(words, copied);
    }

    /// Shows on an earlier line how far its files are; nothing once they have arrived.
    pub(crate) fn copying(&mut self, op: OpNumber, copied: Option<Copied>) {
        let past = self.record.past(op).clone();
        self.board.change(op, |line| {
            line.recall(&past);
            line.copied = copied;
            if copied.is_some() {
                line.state = State::Checking;
            }
        });
    }

    /// Shows how far a request of many parts has come.
    pub(crate) fn running(&mut self, words: impl Into<String>) {
        let words = words.into();
        self.board.change(self.op, |line| {
            line.state = State::Running;
            line.words = words;
        });
    }

    /// Waits a little, unless the person wants to stop.
    pub(crate) async fn pause(&mut self, length: Duration) -> Result<(), Trouble> {
        tokio::select! {
            biased;
            () = self.stop.pressed() => Err(Trouble::Stopped),
            () = tokio::time::sleep(length) => Ok(()),
        }
    }
}

/// A value as the journal keeps it. What cannot be told is left out rather than stopping a run for its own diary.
fn to_value(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
