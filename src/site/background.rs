//! The background of a site: who may run its parts, and what wakes them.
//!
//! The parts are the collection evaluator, the distribution manager and the status summarizer. They run in one process
//! at a time, the holder of the role; the others wait for it. What is to be done stands in the rows, so a part that is
//! stopped anywhere is simply started again.

mod due;
mod ear;
mod role;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::Site;
use super::collections::Evaluator;
use super::content::{Manager, PAUSES};
use super::status_summarizer::Summarizer;

pub(super) use due::{next_due, tokens};
pub(super) use ear::Ear;

/// The file whose lock is the role, in the site's folder.
const LOCK: &str = "background.lock";

/// The background of an open site, as long as this lives. Dropping it stops the parts and lets the role go.
#[derive(Debug)]
pub struct Background {
    wish: watch::Sender<Wish>,
    role: watch::Receiver<Role>,
}

/// How it stands with the role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// Another process has it: this one, when it can be told. The parts run there.
    Waiting { process: Option<u32> },
    /// The parts run here.
    Held,
    /// Let go, until [`Background::resume`].
    Released,
    /// It can neither be taken nor waited for.
    Broken { reason: String },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    Run,
    Rest,
}

impl Site {
    /// Runs the background parts in this process as soon as no other one does. Call it on a runtime.
    #[must_use = "the background ends when this is dropped"]
    pub fn run_background(&self) -> Background {
        let (wish, wished) = watch::channel(Wish::Run);
        let (tell, role) = watch::channel(Role::Waiting { process: None });
        tokio::spawn(supervise(self.clone(), wished, tell));
        Background { wish, role }
    }
}

impl Background {
    /// How it stands with the role, now and whenever that changes.
    pub fn role(&self) -> watch::Receiver<Role> {
        self.role.clone()
    }

    /// Stops the parts and lets the role go, so that another process can take it while this one sleeps. What was under
    /// way is found again by whoever comes next.
    pub async fn suspend(&self) {
        self.wish.send_replace(Wish::Rest);
        let mut role = self.role();
        // An error says that the supervisor has ended, and with it the role.
        let _ = role
            .wait_for(|role| matches!(role, Role::Released | Role::Broken { .. }))
            .await;
    }

    /// Asks for the role again.
    pub fn resume(&self) {
        self.wish.send_replace(Wish::Run);
    }
}

/// Holds the role while it is wished for, and runs the parts while it is held.
async fn supervise(site: Site, mut wish: watch::Receiver<Wish>, tell: watch::Sender<Role>) {
    let path = site.folder().join(LOCK);
    while wish.wait_for(|wish| *wish == Wish::Run).await.is_ok() {
        let waiting = |process| {
            tell.send_replace(Role::Waiting { process });
        };
        let held = tokio::select! {
            biased;
            () = ended(&mut wish) => None,
            held = role::await_role(&path, waiting) => Some(held),
        };
        match held {
            None => {}
            Some(Ok(held)) => {
                tell.send_replace(Role::Held);
                run_parts(&site, &mut wish).await;
                drop(held);
            }
            Some(Err(error)) => {
                tracing::error!(%error, path = %path.display(), "the background role cannot be had");
                let reason = error.to_string();
                tell.send_replace(Role::Broken { reason });
                ended(&mut wish).await;
            }
        }
        tell.send_replace(Role::Released);
    }
}

/// Waits until the parts are not wished for any more.
async fn ended(wish: &mut watch::Receiver<Wish>) {
    // An error says that nobody is there to wish anything.
    let _ = wish.wait_for(|wish| *wish != Wish::Run).await;
}

async fn run_parts(site: &Site, wish: &mut watch::Receiver<Wish>) {
    let (stop, stopping) = watch::channel(false);
    let ear = Ear::to(site.store().bell());
    let mut parts = JoinSet::new();
    let evaluator = Evaluator::new(site.clone(), stopping.clone());
    parts.spawn(evaluator.run(ear.another()));
    let summarizer = Summarizer::new(site.clone(), stopping.clone());
    parts.spawn(summarizer.run(ear.another()));
    let manager = Manager::new(site.clone(), PAUSES, stopping);
    parts.spawn(manager.run(ear));
    ended(wish).await;
    stop.send_replace(true);
    while let Some(part) = parts.join_next().await {
        if let Err(error) = part {
            tracing::error!(%error, "a background part broke off");
        }
    }
}

/// Sleeps until a moment; without one, for ever.
pub(super) async fn until(moment: Option<Timestamp>) {
    match moment {
        Some(moment) => {
            let left = moment.duration_since(Timestamp::now());
            tokio::time::sleep(left.try_into().unwrap_or_default()).await;
        }
        None => std::future::pending().await,
    }
}

/// Waits until everything is to stop; that nobody could say so any more is a reason too.
pub(super) async fn stopped(stop: &mut watch::Receiver<bool>) {
    // Told or not, it is time: an error says that the one who would tell has gone.
    let _ = stop.wait_for(|stop| *stop).await;
}

#[cfg(test)]
mod tests;
