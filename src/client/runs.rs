//! Runs of plans: one at a time, never aborted, each taken up from its journal alone.
//!
//! Nothing of a run is kept here between requests. A failed run that is tried again, rolled back or kept is resumed by
//! its plan's id, exactly as a later process would do it.

use std::sync::Arc;

use tokio::sync::{Mutex, watch};

use super::Desk;
use crate::distribution::journal::{FoundRun, JournalError};
use crate::distribution::plan::{Accepted, OpNumber, PlanId};
use crate::distribution::run::{
    End, MadeObject, Progress, RolledBack, Run, Stop, StopSwitch, stop_switch,
};
use crate::provider::Provider;

/// What to do with a run.
#[derive(Debug, Clone, PartialEq)]
pub enum RunAsk {
    /// Carry out an accepted plan.
    Start(Box<Accepted>),
    /// Go on with a run that failed, was stopped or was cut: what is behind it is not repeated.
    Continue(PlanId),
    /// The same, without what this operation left undone.
    GoOn(PlanId, OpNumber),
    /// Take back what the plan made, and nothing else.
    RollBack(PlanId),
    /// Leave what was made, and close the run.
    Keep(PlanId),
}

/// What it came to.
#[derive(Debug, Clone, PartialEq)]
pub enum RunEnd {
    /// It came to rest by itself.
    Ended(End),
    RolledBack(RolledBack),
    Kept(Vec<MadeObject>),
    /// It could not be begun or written down; nothing was sent after that.
    Refused {
        words: String,
    },
}

/// Runs on this site that nobody works on, from the journals, and files that could not be read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OpenRuns {
    pub runs: Vec<FoundRun>,
    pub faults: Vec<String>,
}

/// The runs of this process.
#[derive(Clone)]
pub(super) struct Runs {
    desk: Desk,
    progress: watch::Sender<Option<Progress>>,
    switch: Arc<std::sync::Mutex<Option<StopSwitch>>>,
    one_at_a_time: Arc<Mutex<()>>,
}

impl Runs {
    pub(super) fn new(desk: Desk, progress: watch::Sender<Option<Progress>>) -> Self {
        Self {
            desk,
            progress,
            switch: Arc::default(),
            one_at_a_time: Arc::default(),
        }
    }

    /// Asks the run under way, if there is one, to stop after its operation.
    pub(super) fn stop(&self) {
        if let Ok(switch) = self.switch.lock()
            && let Some(switch) = switch.as_ref()
        {
            switch.press();
        }
    }

    /// Carries out what was asked, to its end.
    pub(super) async fn carry(&self, provider: &Provider, ask: RunAsk) -> RunEnd {
        let Ok(_alone) = self.one_at_a_time.try_lock() else {
            return RunEnd::Refused {
                words: "another plan is being run; wait for it, or stop it".to_owned(),
            };
        };
        // Set before anything is opened, so that a stop pressed early is not lost.
        let stop = self.new_switch();
        let end = self.carry_alone(provider, ask, stop).await;
        self.set_switch(None);
        end.unwrap_or_else(|error| RunEnd::Refused {
            words: error.to_string(),
        })
    }

    async fn carry_alone(
        &self,
        provider: &Provider,
        ask: RunAsk,
        stop: Stop,
    ) -> Result<RunEnd, JournalError> {
        let mut run = self.open(&ask).await?;
        let shown = self.show(&run);
        let end = match ask {
            RunAsk::Keep(_) => {
                run.keep().await?;
                RunEnd::Kept(run.made())
            }
            RunAsk::RollBack(_) => {
                RunEnd::RolledBack(run.roll_back(provider, &shown.progress, stop).await?)
            }
            RunAsk::GoOn(_, op) => {
                run.go_on(op).await?;
                RunEnd::Ended(run.carry_out(provider, &shown.progress, stop).await)
            }
            RunAsk::Start(_) | RunAsk::Continue(_) => {
                RunEnd::Ended(run.carry_out(provider, &shown.progress, stop).await)
            }
        };
        shown.finish().await;
        Ok(end)
    }

    /// Opening takes a file lock and waits for the disk: not on a thread that others need.
    async fn open(&self, ask: &RunAsk) -> Result<Run, JournalError> {
        let (desk, ask) = (self.desk.clone(), ask.clone());
        let opened = tokio::task::spawn_blocking(move || {
            let run = match &ask {
                RunAsk::Start(accepted) => Run::open(&desk.journals, accepted, desk.actor),
                RunAsk::Continue(plan)
                | RunAsk::GoOn(plan, _)
                | RunAsk::RollBack(plan)
                | RunAsk::Keep(plan) => Run::resume(&desk.journals, plan, desk.actor),
            };
            run.map(|run| run.within(desk.bounds))
        });
        match opened.await {
            Ok(run) => run,
            Err(failed) => std::panic::resume_unwind(failed.into_panic()),
        }
    }

    /// Runs on a site that were cut: those of another are offered where that one is open. Their files are read on a
    /// thread of their own.
    pub(super) async fn found(&self, site: &str) -> OpenRuns {
        let journals = self.desk.journals.clone();
        let is_here = |run: &FoundRun| run.is_open() && run.record.plan.site.name == site;
        let listed = tokio::task::spawn_blocking(move || journals.list()).await;
        match listed {
            Ok(Ok((runs, faults))) => OpenRuns {
                runs: runs.into_iter().filter(is_here).collect(),
                faults: faults.iter().map(ToString::to_string).collect(),
            },
            Ok(Err(fault)) => OpenRuns {
                runs: Vec::new(),
                faults: vec![fault.to_string()],
            },
            Err(failed) => std::panic::resume_unwind(failed.into_panic()),
        }
    }

    fn new_switch(&self) -> Stop {
        let (switch, stop) = stop_switch();
        self.set_switch(Some(switch));
        stop
    }

    fn set_switch(&self, switch: Option<StopSwitch>) {
        if let Ok(mut held) = self.switch.lock() {
            *held = switch;
        }
    }

    /// Hands the progress of a run on to the screen.
    fn show(&self, run: &Run) -> Shown {
        let (progress, mut steps) = watch::channel(Progress::new(run.plan()));
        let onwards = self.progress.clone();
        let forwarding = tokio::spawn(async move {
            while steps.changed().await.is_ok() {
                let step = steps.borrow_and_update().clone();
                onwards.send_replace(Some(step));
            }
        });
        Shown {
            progress,
            forwarding,
        }
    }
}

/// A run whose progress is being shown.
struct Shown {
    progress: watch::Sender<Progress>,
    forwarding: tokio::task::JoinHandle<()>,
}

impl Shown {
    /// The last step is on the screen before the end is told.
    async fn finish(self) {
        drop(self.progress);
        // It only forwards; there is nothing to learn from its end.
        let _ = self.forwarding.await;
    }
}
