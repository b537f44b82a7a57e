//! The journal: what consign was asked to do to a site, what it sent, and what became of it.
//!
//! One file of JSON lines for each run, named by the plan, append-only and readable by its owner alone. An intent is
//! on disk before its request leaves, so that a process killed at any moment leaves a run that can be found, looked
//! up on the site and continued, rolled back or kept. While a process works on a run it holds a lock on the file.
//!
//! What the events amount to is in [`record`]; what to do about an open run is `distribution::run`'s business.

pub mod entry;
mod paper;
pub mod record;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use thiserror::Error;

use crate::distribution::plan::{Accepted, PlanId};

pub use entry::{Actor, Answered, Doing, Ending, Entry, Event, Settled};
pub use record::{Past, PastRequest, Record, Traces};

/// A journal that cannot be written or read. Names the file and the way out.
#[derive(Debug, Error)]
pub enum JournalError {
    #[error("cannot {attempt} the journal {}: {source}", file.display())]
    Io {
        attempt: &'static str,
        file: PathBuf,
        source: io::Error,
    },
    #[error(
        "the journal {}, line {line}, is not a journal entry ({reason}); move the file away to go on without it",
        file.display()
    )]
    Corrupt {
        file: PathBuf,
        line: usize,
        reason: String,
    },
    #[error("plan {} is being run by process {pid}", plan.short())]
    LiveElsewhere { plan: PlanId, pid: u32 },
    #[error("there is no run of plan {}", .0.short())]
    NoSuchRun(PlanId),
    #[error(
        "plan {} was changed after its run began: the journal {} holds it as it was then; make a new plan of the \
         changes, or take up what began with `consign resume`",
        plan.short(),
        file.display()
    )]
    OtherPlan { plan: PlanId, file: PathBuf },
}

/// The folder that holds the journals.
#[derive(Debug, Clone)]
pub struct Journals {
    folder: PathBuf,
}

/// One run found in the folder.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundRun {
    pub file: PathBuf,
    pub record: Record,
    /// The process that works on it right now.
    pub live: Option<u32>,
}

impl FoundRun {
    /// Whether it was cut before its end and nobody works on it: to be continued, rolled back or kept.
    pub fn is_open(&self) -> bool {
        self.record.ended.is_none() && self.live.is_none()
    }
}

/// The journal of one run, open for writing; its lock is held until it is dropped.
#[derive(Debug)]
pub struct Journal {
    file: Arc<File>,
    path: PathBuf,
}

impl Journals {
    /// The journals in `folder`, which is made (0700) when the first run opens.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Opens the run of an accepted plan for `by`: a new one, or the same one again when the plan was applied before.
    pub fn open(&self, accepted: &Accepted, by: &Actor) -> Result<(Journal, Record), JournalError> {
        let plan = accepted.plan();
        self.make_folder()?;
        let path = self.path(&plan.id);
        let journal = Journal::lock(&path, &plan.id, true)?;
        if let Some(record) = journal.read()? {
            // What was looked at and accepted is carried out, and nothing else that has the same id.
            if record.plan != *plan {
                return Err(JournalError::OtherPlan {
                    plan: plan.id.clone(),
                    file: path,
                });
            }
            return journal.take_up(record, by);
        }
        let entry = Entry {
            at: Timestamp::now(),
            event: Event::Opened {
                by: by.clone(),
                plan: Box::new(plan.clone()),
                acceptance: accepted.acceptance().clone(),
            },
        };
        journal.append(&entry)?;
        sync_folder(&self.folder)?;
        let record = Record::begin(&entry).ok_or_else(|| journal.corrupt(1, "it opens no run"))?;
        Ok((journal, record))
    }

    /// Takes up the run of a plan that was cut.
    pub fn resume(&self, plan: &PlanId, by: &Actor) -> Result<(Journal, Record), JournalError> {
        let path = self.path(plan);
        if !path.exists() {
            return Err(JournalError::NoSuchRun(plan.clone()));
        }
        let journal = Journal::lock(&path, plan, false)?;
        let record = journal
            .read()?
            .ok_or_else(|| JournalError::NoSuchRun(plan.clone()))?;
        journal.take_up(record, by)
    }

    /// The run of a plan, where it came to its end with nothing left to do. Looks only.
    pub fn done(&self, plan: &PlanId) -> Result<Option<Record>, JournalError> {
        let path = self.path(plan);
        if !path.exists() {
            return Ok(None);
        }
        let record = find(&path)?.map(|run| run.record);
        Ok(record.filter(|record| record.ended == Some(Ending::Done)))
    }

    /// Every run in the folder, newest first, and the files that could not be read.
    pub fn list(&self) -> Result<(Vec<FoundRun>, Vec<JournalError>), JournalError> {
        let mut runs = Vec::new();
        let mut faults = Vec::new();
        for path in self.files()? {
            match find(&path) {
                Ok(Some(run)) => runs.push(run),
                Ok(None) => {}
                Err(fault) => faults.push(fault),
            }
        }
        runs.sort_by_key(|run| std::cmp::Reverse(run.record.opened_at));
        Ok((runs, faults))
    }

    fn files(&self) -> Result<Vec<PathBuf>, JournalError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(io_error("list", &self.folder)(error)),
        };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(io_error("list", &self.folder))?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "jsonl")
            {
                files.push(path);
            }
        }
        Ok(files)
    }

    fn path(&self, plan: &PlanId) -> PathBuf {
        self.folder.join(format!("{plan}.jsonl"))
    }

    fn make_folder(&self) -> Result<(), JournalError> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(&self.folder)
            .map_err(io_error("make the folder of", &self.folder))
    }
}

impl Journal {
    /// Writes one event; it is on disk when this returns.
    ///
    /// The writing is done beside the async threads: a slow disk must not hold up the client task.
    pub async fn write(&self, event: Event) -> Result<Entry, JournalError> {
        let file = Arc::clone(&self.file);
        let path = self.path.clone();
        let written = tokio::task::spawn_blocking(move || {
            let entry = Entry {
                at: Timestamp::now(),
                event,
            };
            append(&file, &path, &entry).map(|()| entry)
        });
        written
            .await
            .unwrap_or_else(|stopped| Err(io_error("write", &self.path)(io::Error::other(stopped))))
    }

    fn lock(path: &Path, plan: &PlanId, create: bool) -> Result<Self, JournalError> {
        let file = open(path, create).map_err(io_error("open", path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self {
                file: Arc::new(file),
                path: path.to_owned(),
            }),
            Err(TryLockError::WouldBlock) => Err(JournalError::LiveElsewhere {
                plan: plan.clone(),
                pid: read(&file, path)?.map_or(0, |record| record.actor.pid),
            }),
            Err(TryLockError::Error(error)) => Err(io_error("lock", path)(error)),
        }
    }

    /// The run goes on under the hand of `by`.
    fn take_up(self, mut record: Record, by: &Actor) -> Result<(Self, Record), JournalError> {
        let entry = Entry {
            at: Timestamp::now(),
            event: Event::Resumed { by: by.clone() },
        };
        self.append(&entry)?;
        record.apply(&entry);
        Ok((self, record))
    }

    fn append(&self, entry: &Entry) -> Result<(), JournalError> {
        append(&self.file, &self.path, entry)
    }

    fn read(&self) -> Result<Option<Record>, JournalError> {
        read(&self.file, &self.path)
    }

    fn corrupt(&self, line: usize, reason: &str) -> JournalError {
        JournalError::Corrupt {
            file: self.path.clone(),
            line,
            reason: reason.to_owned(),
        }
    }
}

fn open(path: &Path, create: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(create);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn append(mut file: &File, path: &Path, entry: &Entry) -> Result<(), JournalError> {
    paper::write(&mut file, entry).map_err(io_error("write", path))
}

fn find(path: &Path) -> Result<Option<FoundRun>, JournalError> {
    let file = open(path, false).map_err(io_error("open", path))?;
    let Some(record) = read(&file, path)? else {
        return Ok(None);
    };
    // A shared lock is refused only while a run holds its exclusive one.
    let live = match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Some(record.actor.pid),
        Ok(()) | Err(TryLockError::Error(_)) => None,
    };
    Ok(Some(FoundRun {
        file: path.to_owned(),
        record,
        live,
    }))
}

/// Reads a journal whole. Nothing when it holds no complete entry: the process ended while it opened the run.
fn read(mut file: &File, path: &Path) -> Result<Option<Record>, JournalError> {
    let mut text = Vec::new();
    file.seek(SeekFrom::Start(0))
        .and_then(|_| file.read_to_end(&mut text))
        .map_err(io_error("read", path))?;
    let corrupt = |line: usize, reason: String| JournalError::Corrupt {
        file: path.to_owned(),
        line: line + 1,
        reason,
    };
    let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
    let mut record: Option<Record> = None;
    // The text after the last newline is empty, or a line cut short: neither is an entry.
    let complete = lines.len().saturating_sub(1);
    let torn = lines.last().is_some_and(|rest| !rest.is_empty());
    for (number, line) in lines.iter().take(complete).enumerate() {
        let entry = match serde_json::from_slice::<Entry>(line) {
            Ok(entry) => entry,
            Err(_) if is_mended(lines.get(number + 1)) => continue,
            Err(error) => return Err(corrupt(number, error.to_string())),
        };
        match &mut record {
            Some(record) => record.apply(&entry),
            None if matches!(entry.event, Event::Mended) => {}
            None => {
                record = Some(
                    Record::begin(&entry)
                        .ok_or_else(|| corrupt(number, "it opens no run".to_owned()))?,
                );
            }
        }
    }
    if let Some(record) = &mut record {
        record.torn_lines += usize::from(torn);
    }
    Ok(record)
}

/// Whether the entry after a line that cannot be read says that it was cut short.
fn is_mended(next: Option<&&[u8]>) -> bool {
    next.and_then(|line| serde_json::from_slice::<Entry>(line).ok())
        .is_some_and(|entry| matches!(entry.event, Event::Mended))
}

/// Makes the name of a new file last, where the system can.
fn sync_folder(folder: &Path) -> Result<(), JournalError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(io_error("write", folder))
}

fn io_error(attempt: &'static str, file: &Path) -> impl FnOnce(io::Error) -> JournalError {
    let file = file.to_owned();
    move |source| JournalError::Io {
        attempt,
        file,
        source,
    }
}

#[cfg(test)]
mod tests;
