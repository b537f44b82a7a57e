//! What a journal amounts to: the events of one run, folded into the state they lead to.
//!
//! A live run and one read back from disk go through the same [`Record::apply`], so a run that was cut is taken up in
//! exactly the state it had.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::entry::{Actor, Answered, Doing, Ending, Entry, Event, Settled};
use crate::distribution::operation::Operation;
use crate::distribution::plan::{OpNumber, Plan};

/// One run as its journal tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub plan: Plan,
    pub opened_at: Timestamp,
    /// Who wrote to it last by opening or resuming it.
    pub actor: Actor,
    pub ended: Option<Ending>,
    /// A roll back began and has not come to its end.
    pub is_rolling_back: bool,
    /// Lines that were cut short by a kill or a full disk.
    pub torn_lines: usize,
    /// An advertisement was taken back that devices may have seen before.
    once_advertised: bool,
    pasts: BTreeMap<OpNumber, Past>,
}

/// What has happened to one operation.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Past {
    pub settled: Option<Settled>,
    pub id: Option<String>,
    pub words: String,
    /// The person chose to go on without the rest of it.
    pub go_on: bool,
    pub requests: Vec<PastRequest>,
}

/// One request and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PastRequest {
    pub sent_at: Timestamp,
    pub doing: Doing,
    pub request: String,
    pub values: Value,
    pub before: Value,
    /// Nothing while it is under way, or when the process ended before the answer was written.
    pub answer: Option<Answered>,
}

/// What a run has left on the site, as far as its journal knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Traces {
    Nothing,
    /// A request was sent and what became of it is not known.
    Perhaps,
    Something,
}

/// A request nobody has answered for so long is no longer under way anywhere between here and the site.
const LONGEST_UNDER_WAY: SignedDuration = SignedDuration::from_mins(10);

impl PastRequest {
    /// Whether it may have been carried out without this journal knowing.
    pub fn is_in_doubt(&self) -> bool {
        matches!(self.answer, None | Some(Answered::Lost { .. }))
    }
}

impl Past {
    /// Whether a request of this kind may have been carried out, or surely was.
    pub fn may_have(&self, doing: Doing) -> bool {
        self.requests.iter().any(|request| {
            request.doing == doing && !matches!(request.answer, Some(Answered::Refused { .. }))
        })
    }

    /// What it has left on the site.
    fn traces(&self) -> Traces {
        let makings = self
            .requests
            .iter()
            .filter(|past| past.doing == Doing::Make);
        let left = makings.map(|request| match &request.answer {
            Some(Answered::Refused { .. }) => Traces::Nothing,
            Some(Answered::Done { .. }) => Traces::Something,
            // What was looked up afterwards and found is no doubt any more.
            _ if self.settled == Some(Settled::Done) => Traces::Something,
            _ => Traces::Perhaps,
        });
        left.max().unwrap_or(Traces::Nothing)
    }

    /// Whether the last request of this kind was refused.
    pub fn was_refused(&self, doing: Doing) -> bool {
        let last = self.last(doing).and_then(|request| request.answer.as_ref());
        matches!(last, Some(Answered::Refused { .. }))
    }

    /// Whether the last request of this kind has no answer.
    pub fn is_in_doubt(&self, doing: Doing) -> bool {
        self.last(doing).is_some_and(PastRequest::is_in_doubt)
    }

    /// Whether the last request of this kind has no answer, and left so lately that the site may still carry it out.
    pub fn may_be_under_way(&self, doing: Doing, now: Timestamp) -> bool {
        self.last(doing).is_some_and(|request| {
            request.is_in_doubt() && now.duration_since(request.sent_at) < LONGEST_UNDER_WAY
        })
    }

    fn last(&self, doing: Doing) -> Option<&PastRequest> {
        let mut newest = self.requests.iter().rev();
        newest.find(|request| request.doing == doing)
    }

    /// Whether the operation needs nothing more for the run to go on.
    pub fn is_behind(&self) -> bool {
        self.go_on || matches!(self.settled, Some(Settled::Done | Settled::AlreadySo))
    }
}

impl Record {
    /// The record a journal begins with, if its first entry opens a run.
    pub fn begin(first: &Entry) -> Option<Self> {
        let Event::Opened { by, plan, .. } = &first.event else {
            return None;
        };
        Some(Self {
            plan: (**plan).clone(),
            opened_at: first.at,
            actor: by.clone(),
            ended: None,
            is_rolling_back: false,
            torn_lines: 0,
            once_advertised: false,
            pasts: BTreeMap::new(),
        })
    }

    /// What has happened to an operation so far.
    pub fn past(&self, op: OpNumber) -> &Past {
        static NOTHING: Past = Past {
            settled: None,
            id: None,
            words: String::new(),
            go_on: false,
            requests: Vec::new(),
        };
        self.pasts.get(&op).unwrap_or(&NOTHING)
    }

    /// What the run has left on the site so far.
    pub fn traces(&self) -> Traces {
        let left = self.pasts.values().map(Past::traces);
        left.max().unwrap_or(Traces::Nothing)
    }

    /// The operation that did not come to its end, if it was not the run itself that was cut.
    pub fn failed(&self) -> Option<(OpNumber, &Operation, &Past)> {
        let failed = self.pasts.iter().find(|(_, past)| {
            matches!(past.settled, Some(Settled::Failed | Settled::Unknown)) && !past.go_on
        });
        failed.and_then(|(op, past)| Some((*op, self.plan.operation(*op)?, past)))
    }

    /// How many operations are behind the run.
    pub fn behind(&self) -> usize {
        self.pasts.values().filter(|past| past.is_behind()).count()
    }

    /// Whether devices may have seen an advertisement of this plan, though it may be gone by now.
    pub fn was_advertised(&self) -> bool {
        let mut operations = self.plan.numbered();
        self.once_advertised
            || operations.any(|(op, operation)| {
                matches!(operation, Operation::Advertisement(_))
                    && self.past(op).may_have(Doing::Make)
            })
    }

    /// Takes the next entry in.
    pub fn apply(&mut self, entry: &Entry) {
        match &entry.event {
            // Applying a plan again after its run ended opens the same journal once more.
            Event::Opened { by, .. } | Event::Resumed { by } => {
                self.actor = by.clone();
                self.ended = None;
            }
            Event::RollingBack { by } => {
                self.actor = by.clone();
                self.is_rolling_back = true;
            }
            Event::Mended => self.torn_lines += 1,
            Event::Intent {
                op,
                doing,
                request,
                values,
                before,
            } => self.past_mut(*op).requests.push(PastRequest {
                sent_at: entry.at,
                doing: *doing,
                request: request.clone(),
                values: values.clone(),
                before: before.clone(),
                answer: None,
            }),
            Event::Answered { op, answer } => {
                if let Some(request) = self.past_mut(*op).requests.last_mut() {
                    request.answer = Some(answer.clone());
                }
            }
            Event::Settled {
                op,
                state,
                id,
                words,
            } => {
                if *state == Settled::Undone {
                    self.once_advertised = self.was_advertised();
                }
                let past = self.past_mut(*op);
                past.settled = Some(*state);
                past.words.clone_from(words);
                if id.is_some() {
                    past.id.clone_from(id);
                }
                if *state == Settled::Undone {
                    // It is as if it had never been: a later run of the same plan makes it anew.
                    past.id = None;
                    past.go_on = false;
                    past.requests.clear();
                }
            }
            Event::GoOn { op, .. } => self.past_mut(*op).go_on = true,
            Event::Closed { how, .. } => {
                self.ended = Some(*how);
                self.is_rolling_back = false;
            }
        }
    }

    fn past_mut(&mut self, op: OpNumber) -> &mut Past {
        self.pasts.entry(op).or_default()
    }
}
