//! Carries a plan out, one operation after the other, and takes it back.
//!
//! The promise: nothing is made twice and nothing is left that cannot be found. Every request is in the journal before
//! it leaves ([`Hand::send`]); before anything is made the site is asked whether it is there, by this plan's stamp and
//! then by its natural key; a lost answer makes the outcome unknown, and unknown is looked up before anything is
//! repeated. A run can be stopped between operations and taken up by any later process from its journal alone.

mod board;
mod failure;
mod gate;
mod hand;
mod pauses;
mod progress;
mod step;
mod stop;
mod undo;

use tokio::sync::watch;

use board::Board;
pub(crate) use failure::Trouble;
pub use failure::{Cause, Failure, Halt, Offer, but_for_nothing};
pub use hand::Hand;
pub(crate) use hand::Sending;
pub(crate) use pauses::Pauses;
pub use progress::{Copied, LineState, Phase, Progress, State};
pub(crate) use step::is_passing;
pub use stop::{Stop, StopSwitch, stop_switch};
pub use undo::RolledBack;

use crate::distribution::guard::Bounds;
use crate::distribution::journal::{
    Actor, Ending, Event, Journal, JournalError, Journals, Record, Settled,
};
use crate::distribution::operation::Operation;
use crate::distribution::plan::{Accepted, OpNumber, Plan, PlanId};
use crate::provider::Provider;

/// A run that this process works on; nobody else can until it is dropped.
#[derive(Debug)]
pub struct Run {
    journal: Journal,
    record: Record,
    actor: Actor,
    bounds: Bounds,
}

/// How carrying a plan out came to rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Every operation is behind it.
    Done { made: Vec<MadeObject> },
    /// Stopped as asked. The run stays open.
    Stopped(Halt),
    /// An operation did not come to its end. The run stays open.
    Failed(Failure),
}

/// Something on the site, for the result page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeObject {
    pub op: OpNumber,
    /// For example `Package`.
    pub title: &'static str,
    pub subject: String,
    pub id: String,
    /// It was there before and was not touched.
    pub already: bool,
}

/// What the site holds of a plan, as far as the record of its run knows.
pub fn made(record: &Record) -> Vec<MadeObject> {
    let line = |(op, operation): (OpNumber, &Operation)| {
        let past = record.past(op);
        Some(MadeObject {
            op,
            title: operation.title(),
            subject: operation.subject(),
            id: past.id.clone()?,
            already: past.settled == Some(Settled::AlreadySo),
        })
    };
    record.plan.numbered().filter_map(line).collect()
}

impl Run {
    /// Opens the run of an accepted plan. The same plan may be applied again: what is behind it is not repeated.
    pub fn open(journals: &Journals, accepted: &Accepted, by: Actor) -> Result<Self, JournalError> {
        let opened = journals.open(accepted, &by)?;
        Ok(Self::of(opened, by))
    }

    /// Takes up a run that was cut, to continue it, roll it back or keep what it made.
    pub fn resume(journals: &Journals, plan: &PlanId, by: Actor) -> Result<Self, JournalError> {
        let opened = journals.resume(plan, &by)?;
        Ok(Self::of(opened, by))
    }

    fn of((journal, record): (Journal, Record), actor: Actor) -> Self {
        Self {
            journal,
            record,
            actor,
            bounds: Bounds::default(),
        }
    }

    /// The same under the bounds of its site as they are now, whatever they were when it was planned or begun. Without
    /// them those of a site nobody has set any for hold.
    #[must_use]
    pub fn within(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    pub fn plan(&self) -> &Plan {
        &self.record.plan
    }

    /// What has happened so far.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// What the site holds of this plan, as far as the journal knows.
    pub fn made(&self) -> Vec<MadeObject> {
        made(&self.record)
    }

    /// Carries out what is not behind the run yet.
    ///
    /// Safe to call again after a failure: what is there is found, and only the rest is made.
    pub async fn carry_out(
        &mut self,
        provider: &Provider,
        progress: &watch::Sender<Progress>,
        mut stop: Stop,
    ) -> End {
        let mut board = Board::new(&self.record, progress.clone(), Phase::Running);
        let end = match self.carry_on(provider, &mut board, &mut stop).await {
            Ok(()) => self.close().await,
            Err(end) => end,
        };
        rest(&mut board, &self.record);
        end
    }

    /// One operation after the other, until all are behind or one is not.
    async fn carry_on(
        &mut self,
        provider: &Provider,
        board: &mut Board,
        stop: &mut Stop,
    ) -> Result<(), End> {
        let mut may_go_on = false;
        for (op, operation) in self.record.plan.to_carry_out() {
            if self.record.past(op).is_behind() {
                continue;
            }
            let outcome = if stop.is_pressed() {
                Err(Trouble::Stopped)
            } else {
                let mut hand = Hand {
                    provider,
                    stop,
                    journal: &self.journal,
                    record: &mut self.record,
                    bounds: &self.bounds,
                    board,
                    op,
                    done_at: None,
                };
                let passed = if may_go_on {
                    Ok(())
                } else {
                    hand.pass_gate(&self.actor).await
                };
                may_go_on = passed.is_ok();
                match passed {
                    Ok(()) => hand.carry_out(&operation).await,
                    Err(trouble) => Err(trouble),
                }
            };
            outcome.map_err(|trouble| match trouble {
                Trouble::Stopped => End::Stopped(Halt::before(&self.record, op, &operation)),
                trouble => End::Failed(Failure::tell(&self.record, op, &operation, &trouble)),
            })?;
        }
        Ok(())
    }

    async fn close(&mut self) -> End {
        let closing = Event::Closed {
            how: Ending::Done,
            words: self.record.plan.sentence(),
        };
        // The work is done and the site has it; a run that cannot be closed is offered again and finds all done.
        let _ = self.write(closing).await;
        End::Done { made: self.made() }
    }

    /// The person goes on in spite of what this operation left undone.
    pub async fn go_on(&mut self, op: OpNumber) -> Result<(), JournalError> {
        let by = self.actor.clone();
        self.write(Event::GoOn { op, by }).await
    }

    /// Leaves what was made and closes the run.
    pub async fn keep(&mut self) -> Result<(), JournalError> {
        let words = format!("kept: {} objects", self.made().len());
        self.write(Event::Closed {
            how: Ending::Kept,
            words,
        })
        .await
    }

    /// A run that had ended is open again from now on.
    async fn reopen(&mut self) -> Result<(), JournalError> {
        if self.record.ended.is_none() {
            return Ok(());
        }
        let by = self.actor.clone();
        self.write(Event::Resumed { by }).await
    }

    async fn write(&mut self, event: Event) -> Result<(), JournalError> {
        let entry = self.journal.write(event).await?;
        self.record.apply(&entry);
        Ok(())
    }
}

/// Shows every line as the journal has it, and those that were not reached as such.
fn rest(board: &mut Board, record: &Record) {
    board.change_all(|line| {
        line.recall(record.past(line.number));
        line.copied = None;
        if line.state == State::Waiting {
            line.state = State::NotStarted;
        }
    });
    board.phase(Phase::AtRest);
}

#[cfg(test)]
mod tests;
