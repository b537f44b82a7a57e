//! What a journal amounts to: the events of one run, folded into the state they lead to.
//!
//! A live run and one read back from disk go through the same [`Record::apply`], so a run that was cut is taken up in
//! exactly the state it had.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::entry::{Actor, Answered, Doing, Ending, Entry, Event, Settled};
use crate::distribution::plan::{OpNumber, Plan};

/// One run as its journal tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub plan: Plan,
    pub opened_at: Timestamp,
    /// Who wrote to it last by opening or resuming it.
    pub actor: Actor,
    pub ended: Option<Ending>,
    /// Lines that were cut short by a kill or a full disk.
    pub torn_lines: usize,
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
    pub doing: Doing,
    pub request: String,
    pub values: Value,
    pub before: Value,
    /// Nothing while it is under way, or when the process ended before the answer was written.
    pub answer: Option<Answered>,
}

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

    /// Whether the last request of this kind has no answer.
    pub fn is_in_doubt(&self, doing: Doing) -> bool {
        self.requests
            .iter()
            .rev()
            .find(|request| request.doing == doing)
            .is_some_and(PastRequest::is_in_doubt)
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
            torn_lines: 0,
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

    /// How many operations are behind the run.
    pub fn behind(&self) -> usize {
        self.pasts.values().filter(|past| past.is_behind()).count()
    }

    /// Takes the next event in.
    pub fn apply(&mut self, event: &Event) {
        match event {
            // Applying a plan again after its run ended opens the same journal once more.
            Event::Opened { by, .. } | Event::Resumed { by } => {
                self.actor = by.clone();
                self.ended = None;
            }
            Event::Mended => self.torn_lines += 1,
            Event::Intent {
                op,
                doing,
                request,
                values,
                before,
            } => self.past_mut(*op).requests.push(PastRequest {
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
            Event::Closed { how, .. } => self.ended = Some(*how),
        }
    }

    fn past_mut(&mut self, op: OpNumber) -> &mut Past {
        self.pasts.entry(op).or_default()
    }
}
