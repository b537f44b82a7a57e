//! The task that owns the provider: takes requests, spawns each, drops the reads nobody awaits any more.
//!
//! Correctness rests on tickets: an app drops an answer whose ticket it no longer awaits. Aborting a read only saves
//! work. A write is never aborted, and the task ends only when every write has ended.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::StreamExt;
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};

use super::answer::{Answer, Payload, Reading};
use super::read::Reader;
use super::request::Request;
use super::requests::Requests;
use super::runs::Runs;
use super::serve::serve;
use super::site::{Background, Opened, Opening, Role};
use super::slot::{Slot, Ticket};
use crate::error::SiteError;

/// What the app tells the task.
pub(super) enum Order {
    Ask(Ticket, Box<Request>),
    Forget(Slot),
    StopRun,
    Suspend(oneshot::Sender<()>),
    Resume,
}

/// What the task says.
#[derive(Clone)]
pub(super) struct Voice {
    pub(super) answers: mpsc::UnboundedSender<Answer>,
    pub(super) reading: watch::Sender<Option<Reading>>,
    pub(super) role: watch::Sender<Role>,
    pub(super) requests: watch::Sender<Option<Requests>>,
}

pub(super) struct Task {
    orders: mpsc::UnboundedReceiver<Order>,
    voice: Voice,
    runs: Runs,
    opening: Opening,
    site: Site,
    /// The live read of each slot.
    reads: HashMap<Slot, (Ticket, AbortHandle)>,
    /// Everything spawned, to tell whose ticket one that failed had.
    tickets: HashMap<Id, Ticket>,
    work: JoinSet<Finished>,
}

/// Where the site stands.
enum Site {
    /// Not open yet: what is asked meanwhile waits.
    Closed {
        waiting: Vec<(Ticket, Request)>,
        /// Who awaits the opening that is under way.
        opening: Option<Ticket>,
    },
    Failed(SiteError),
    Open(Arc<Opened>),
}

/// What a spawned piece of work leaves for the task to do.
enum Finished {
    Answered,
    Opened(Box<Result<Opened, SiteError>>),
}

impl Task {
    pub(super) fn new(
        orders: mpsc::UnboundedReceiver<Order>,
        voice: Voice,
        runs: Runs,
        opening: Opening,
    ) -> Self {
        Self {
            orders,
            voice,
            runs,
            opening,
            site: Site::closed(),
            reads: HashMap::new(),
            tickets: HashMap::new(),
            work: JoinSet::new(),
        }
    }

    /// Works until the app has let go of the client, then lets the writes come to their end.
    pub(super) async fn work(mut self) {
        loop {
            tokio::select! {
                order = self.orders.recv() => match order {
                    Some(order) => self.obey(order),
                    None => break,
                },
                Some(done) = self.work.join_next_with_id() => self.settle(done),
            }
        }
        self.runs.stop();
        for (_, read) in self.reads.drain() {
            read.1.abort();
        }
        while self.work.join_next().await.is_some() {}
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Ask(ticket, request) => self.ask(ticket, *request),
            Order::Forget(slot) => self.forget(slot),
            Order::StopRun => self.runs.stop(),
            Order::Suspend(done) => self.suspend(done),
            Order::Resume => {
                if let Some(background) = self.background() {
                    background.resume();
                }
            }
        }
    }

    /// Letting go may have to wait for a step under way; nothing else waits for that.
    fn suspend(&self, done: oneshot::Sender<()>) {
        let background = self.background();
        tokio::spawn(async move {
            if let Some(background) = background {
                background.suspend().await;
            }
            // Whoever asked may have stopped waiting.
            let _ = done.send(());
        });
    }

    fn background(&self) -> Option<Arc<dyn Background>> {
        match &self.site {
            Site::Open(site) => site.background.clone(),
            Site::Closed { .. } | Site::Failed(_) => None,
        }
    }

    fn ask(&mut self, ticket: Ticket, request: Request) {
        match &mut self.site {
            Site::Open(site) => {
                let site = Arc::clone(site);
                self.spawn(site, ticket, request);
            }
            Site::Closed { waiting, .. } if request != Request::Open => {
                waiting.retain(|(older, asked)| older.slot != ticket.slot || asked.is_write());
                waiting.push((ticket, request));
            }
            // Asked again while it is under way: the newer ticket is answered.
            Site::Closed {
                opening: Some(opening),
                ..
            } => *opening = ticket,
            Site::Closed { opening, .. } => {
                *opening = Some(ticket);
                self.open(ticket);
            }
            Site::Failed(_) if request == Request::Open => {
                self.site = Site::closed();
                self.ask(ticket, request);
            }
            Site::Failed(fault) => {
                let fault = fault.clone();
                self.voice.say(ticket, Timestamp::now(), Err(fault));
            }
        }
    }

    fn open(&mut self, ticket: Ticket) {
        let opening = (self.opening)();
        let handle = self
            .work
            .spawn(async move { Finished::Opened(Box::new(opening.await)) });
        self.tickets.insert(handle.id(), ticket);
        self.reads.insert(ticket.slot, (ticket, handle));
    }

    fn spawn(&mut self, site: Arc<Opened>, ticket: Ticket, request: Request) {
        let is_write = request.is_write();
        if !is_write {
            self.forget(ticket.slot);
        }
        let (voice, runs) = (self.voice.clone(), self.runs.clone());
        let handle = self.work.spawn(async move {
            let read_at = Timestamp::now();
            let progress = |so_far| voice.so_far(ticket, so_far);
            let reader = Reader::telling(&site.provider, read_at, &progress);
            let result = serve(&site, &runs, &reader, request).await;
            voice.say(ticket, read_at, result);
            Finished::Answered
        });
        self.tickets.insert(handle.id(), ticket);
        if !is_write {
            self.reads.insert(ticket.slot, (ticket, handle));
        }
    }

    /// Drops the read of a slot, whether it is on its way or still waits for the site.
    fn forget(&mut self, slot: Slot) {
        if let Some((_, read)) = self.reads.remove(&slot) {
            read.abort();
        }
        if let Site::Closed { waiting, .. } = &mut self.site {
            waiting.retain(|(ticket, request)| ticket.slot != slot || request.is_write());
        }
    }

    fn settle(&mut self, done: Result<(Id, Finished), JoinError>) {
        let id = match &done {
            Ok((id, _)) => *id,
            Err(failed) => failed.id(),
        };
        let ticket = self.tickets.remove(&id);
        if let Some(ticket) = ticket
            && self
                .reads
                .get(&ticket.slot)
                .is_some_and(|read| read.0 == ticket)
        {
            self.reads.remove(&ticket.slot);
        }
        match done {
            Ok((_, Finished::Answered)) => {}
            Ok((_, Finished::Opened(site))) => self.opened(*site),
            Err(failed) => self.failed(ticket, failed.is_cancelled()),
        }
    }

    /// A piece of work that was dropped or fell over. Whoever waits must not wait for ever.
    fn failed(&mut self, ticket: Option<Ticket>, was_dropped: bool) {
        let is_opening = matches!(
            &self.site,
            Site::Closed {
                opening: Some(_),
                ..
            }
        ) && ticket.is_some_and(|ticket| ticket.slot == Slot::Site);
        match ticket {
            _ if is_opening && was_dropped => self.opened(Err(given_up())),
            _ if is_opening => self.opened(Err(fell_over())),
            Some(ticket) if !was_dropped => {
                self.voice.say(ticket, Timestamp::now(), Err(fell_over()));
            }
            _ => {}
        }
    }

    fn opened(&mut self, site: Result<Opened, SiteError>) {
        let before = std::mem::replace(&mut self.site, Site::closed());
        let Site::Closed {
            waiting,
            opening: Some(ticket),
        } = before
        else {
            self.site = before;
            return;
        };
        match site {
            Ok(site) => {
                let words = site.words.clone();
                let requests = site.provider.requests().clone();
                self.voice.requests.send_replace(Some(requests));
                if let Some(background) = &site.background {
                    self.voice.follow(background.as_ref());
                }
                self.site = Site::Open(Arc::new(site));
                self.voice
                    .say(ticket, Timestamp::now(), Ok(Payload::Opened(words)));
                for (ticket, request) in waiting {
                    self.ask(ticket, request);
                }
            }
            Err(fault) => {
                for ticket in std::iter::once(ticket).chain(waiting.into_iter().map(|it| it.0)) {
                    self.voice.say(ticket, Timestamp::now(), Err(fault.clone()));
                }
                self.site = Site::Failed(fault);
            }
        }
    }
}

impl Site {
    const fn closed() -> Self {
        Self::Closed {
            waiting: Vec::new(),
            opening: None,
        }
    }
}

impl Voice {
    fn say(&self, ticket: Ticket, read_at: Timestamp, result: Result<Payload, SiteError>) {
        // Nobody listens any more when the console is closing.
        let _ = self.answers.send(Answer {
            ticket,
            read_at,
            result,
        });
    }

    /// Tells who does the work behind the site, until it is closed.
    fn follow(&self, background: &dyn Background) {
        let mut roles = background.roles();
        let tell = self.role.clone();
        tokio::spawn(async move {
            while let Some(role) = roles.next().await {
                tell.send_replace(role);
            }
        });
    }

    fn so_far(&self, ticket: Ticket, so_far: usize) {
        self.reading.send_replace(Some(Reading { ticket, so_far }));
    }
}

fn fell_over() -> SiteError {
    SiteError::Garbled {
        attempt: "this request".to_owned(),
        reason: "consign itself failed; the log has the details".to_owned(),
    }
}

fn given_up() -> SiteError {
    SiteError::Unreachable {
        site: "the site".to_owned(),
        reason: "opening it was stopped".to_owned(),
        after_sending: false,
    }
}
