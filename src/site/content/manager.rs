//! The distribution manager: looks for work in the rows, does it, and writes down what became of it.
//!
//! Jobs at different points run side by side, those at one library one after another. A job that is stopped leaves its
//! row as it is; the next look finds it again.

mod deletion;
mod outcome;
mod sending;
mod snapshot;
mod watched;

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::agenda::{Agenda, Job};
use super::places::Places;
use crate::site::Site;
use crate::site::background::{Ear, stopped, until};
use crate::site::store::StoreError;

/// How many jobs run at once.
const HANDS: usize = 4;

/// How long a fault of the database is given before the next look, or a full disk before what could not be written down
/// is done again.
const BREATHER: Duration = Duration::from_secs(10);

/// After a failure, the pauses before what failed is tried again. When they are used up, it has failed.
pub const PAUSES: &[Duration] = &[
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(15),
];

/// The manager of one site.
#[derive(Debug, Clone)]
pub struct Manager {
    site: Site,
    places: Places,
    pauses: &'static [Duration],
    /// Turns true when everything is to stop.
    stop: watch::Receiver<bool>,
}

/// The jobs under way.
#[derive(Default)]
struct Running {
    jobs: Vec<Job>,
    /// Nothing is started before: what became of the last job could not be written down.
    rest: Option<Timestamp>,
    tasks: JoinSet<(Job, Result<(), StoreError>)>,
}

impl Manager {
    pub fn new(site: Site, pauses: &'static [Duration], stop: watch::Receiver<bool>) -> Self {
        let places = Places::of(&site);
        Self {
            site,
            places,
            pauses,
            stop,
        }
    }

    /// Works until it is to stop; then ends what is under way and returns.
    pub async fn run(mut self, mut ear: Ear) {
        if let Err(error) = self.site.write(deletion::rearm).await {
            tracing::error!(%error, "the distribution manager could not look at what an earlier run left");
        }
        let mut running = Running::default();
        loop {
            let wake = self.look(&mut running).await;
            tokio::select! {
                () = stopped(&mut self.stop) => break,
                () = ear.rung() => {}
                Some(ended) = running.tasks.join_next() => running.ended(ended),
                () = until(wake) => {}
            }
        }
        while let Some(ended) = running.tasks.join_next().await {
            running.ended(ended);
        }
    }

    /// Works until there is nothing left to do now.
    #[cfg(test)]
    pub async fn work_off(&self) -> Result<(), StoreError> {
        let mut running = Running::default();
        loop {
            let agenda = self.site.read(Agenda::read).await?;
            self.start(&mut running, agenda.jobs);
            match running.tasks.join_next().await {
                Some(ended) => running.ended(ended),
                None => return Ok(()),
            }
        }
    }

    /// Starts what can be started; says when to look again without being called.
    async fn look(&self, running: &mut Running) -> Option<Timestamp> {
        if let Some(rest) = running.rest.filter(|rest| *rest > Timestamp::now()) {
            return Some(rest);
        }
        let agenda = match self.site.read(Agenda::read).await {
            Ok(agenda) => agenda,
            Err(error) => {
                tracing::error!(%error, "the distribution manager cannot see what there is to do");
                return Timestamp::now().checked_add(BREATHER).ok();
            }
        };
        let is_idle = agenda.jobs.is_empty() && running.jobs.is_empty();
        self.start(running, agenda.jobs);
        if is_idle {
            self.settle().await;
        }
        agenda.next
    }

    fn start(&self, running: &mut Running, jobs: Vec<Job>) {
        let server = self.site.identity().nal_path();
        for job in jobs {
            let is_blocked = running
                .jobs
                .iter()
                .any(|other| job.excludes(other, &server));
            if is_blocked || running.jobs.len() >= HANDS {
                continue;
            }
            running.jobs.push(job.clone());
            let manager = self.clone();
            running.tasks.spawn(async move {
                let result = manager.carry_out(&job).await;
                (job, result)
            });
        }
    }

    async fn carry_out(&self, job: &Job) -> Result<(), StoreError> {
        match job.clone() {
            Job::DropProgram { package, program } => self.drop_program(package, program).await,
            Job::DropPackage { package } => self.drop_package(package).await,
            Job::Snapshot { package, version } => self.snapshot(package, version).await,
            Job::Compare { package } => self.compare(package).await,
            Job::Send {
                to,
                version,
                everything,
            } => self.send(to, version, everything).await,
            Job::Validate { at } => self.validate(at).await,
            Job::Remove { from } => self.remove(from).await,
        }
    }

    /// Clears away what was cut off, in every library.
    async fn settle(&self) {
        let libraries = self.places.all();
        let settling = tokio::task::spawn_blocking(move || {
            for library in libraries {
                if let Err(error) = library.settle() {
                    tracing::warn!(%error, library = %library.root().display(), "a library could not be tidied");
                }
            }
        });
        // Only the end of the program stops a thread; a panic there was told already.
        let _ = settling.await;
    }
}

impl Running {
    fn ended(&mut self, ended: Result<(Job, Result<(), StoreError>), tokio::task::JoinError>) {
        match ended {
            Ok((job, result)) => {
                self.jobs.retain(|other| *other != job);
                if let Err(error) = result {
                    tracing::error!(%error, ?job, "what became of a distribution could not be written down");
                    self.rest = Timestamp::now().checked_add(BREATHER).ok();
                }
            }
            // Which job it was is lost with it: none of those still counted may be started a second time.
            Err(error) => tracing::error!(%error, "a distribution job broke off"),
        }
    }
}

#[cfg(test)]
mod tests;
