//! The async client task, which owns the provider, and what lists of each kind show.
//!
//! ```text
//! app ── Request with its Ticket ──▶ Client ─▶ task ─▶ provider
//! app ◀── Answer with the Ticket ─── Inbox ◀── reads: at most one live in a slot; an older one is aborted
//!                                              writes: never aborted, however long the screen has moved on
//! app ◀── latest only ────────────── Inbox ◀── how far a long list and a run have come
//! ```
//!
//! The site is opened inside the task, so that the screen is drawn first; what is asked before waits for it. Nothing
//! here decides anything: what to ask is the app's business, what a plan does is `distribution`'s.

pub mod answer;
pub mod details;
pub mod listing;
pub mod read;
pub mod request;
pub mod requests;
pub mod runs;
mod serve;
pub mod site;
pub mod slot;
mod task;
pub mod window;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

pub use answer::{Answer, Gap, Greeting, Listed, Payload, Reading, SiteWords};
pub use read::Reader;
pub use request::Request;
pub use runs::{OpenRuns, RunAsk, RunEnd};
pub use site::{Background, Fill, Opened, Opening, Role};
pub use slot::{Slot, Ticket};
pub use window::{Page, Reach, Scope, WindowAsk};

use crate::distribution::guard::Bounds;
use crate::distribution::journal::{Actor, Journals};
use crate::distribution::run::Progress;
use requests::{Following, Requests};
use runs::Runs;
use task::{Order, Task, Voice};

/// The app's end of the client task. Dropping it ends the reads; [`close`](Self::close) also awaits the writes.
#[derive(Debug)]
pub struct Client {
    orders: mpsc::UnboundedSender<Order>,
    task: JoinHandle<()>,
    requests: watch::Receiver<Option<Requests>>,
}

/// What comes from the client task.
#[derive(Debug)]
pub struct Inbox {
    pub answers: mpsc::UnboundedReceiver<Answer>,
    /// How far the list that was read last has come.
    pub reading: watch::Receiver<Option<Reading>>,
    /// How far the run under way has come.
    pub run: watch::Receiver<Option<Progress>>,
    /// Who does the work behind the embedded site.
    pub role: watch::Receiver<Role>,
}

/// What this process writes on this machine, and in whose name.
#[derive(Debug, Clone)]
pub struct Desk {
    pub journals: Journals,
    pub actor: Actor,
    /// What holds on the site for whoever works here.
    pub bounds: Bounds,
}

impl Client {
    /// Starts the task. Nothing is opened before [`Request::Open`] is asked.
    pub fn spawn(opening: Opening, desk: Desk) -> (Self, Inbox) {
        let (orders, taken) = mpsc::unbounded_channel();
        let (answers, inbox) = mpsc::unbounded_channel();
        let (reading, read_so_far) = watch::channel(None);
        let (progress, run) = watch::channel(None);
        let (tell_role, role) = watch::channel(Role::Nobody);
        let (tell_requests, requests) = watch::channel(None);
        let runs = Runs::new(desk, progress);
        let voice = Voice {
            answers,
            reading,
            role: tell_role,
            requests: tell_requests,
        };
        let task = Task::new(taken, voice, runs, opening);
        let client = Self {
            orders,
            task: tokio::spawn(task.work()),
            requests,
        };
        let inbox = Inbox {
            answers: inbox,
            reading: read_so_far,
            run,
            role,
        };
        (client, inbox)
    }

    /// Asks. The answer comes with the same ticket, unless a newer ask takes its slot before.
    pub fn ask(&self, ticket: Ticket, request: Request) {
        self.order(Order::Ask(ticket, Box::new(request)));
    }

    /// What was asked of the site lately, and what is from now on.
    pub fn follow_requests(&self) -> Following {
        Following::new(self.requests.clone())
    }

    /// Nobody awaits the read of this slot any more. Writes go on.
    pub fn forget(&self, slot: Slot) {
        self.order(Order::Forget(slot));
    }

    /// Asks the run under way to stop after its operation.
    pub fn stop_run(&self) {
        self.order(Order::StopRun);
    }

    /// Lets go of the background parts of the embedded site; done when this returns.
    pub async fn suspend(&self) {
        let (done, wait) = oneshot::channel();
        self.order(Order::Suspend(done));
        // A task that is gone holds nothing.
        let _ = wait.await;
    }

    /// Takes the background parts up again, or waits in line for them.
    pub fn resume(&self) {
        self.order(Order::Resume);
    }

    /// Ends the task: reads are dropped, a run stops after its operation, writes come to their end.
    ///
    /// However long that takes: whoever will not wait that long leaves what is under way to its journal.
    pub async fn close(self) {
        drop(self.orders);
        // A task that fell over has nothing left to wait for.
        let _ = self.task.await;
    }

    fn order(&self, order: Order) {
        // A task that is gone answers nothing; the inbox then ends, and the console with it.
        let _ = self.orders.send(order);
    }
}

#[cfg(test)]
mod tests;
