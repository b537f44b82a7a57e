//! The site's database: SQLite in one folder, one writer, several readers, all through blocking threads.
//!
//! A write is on disk when [`Store::write`] returns. Tables and views are derived from the catalog ([`schema`]);
//! objects go in and out by [`object`]. Other processes may have the same folder open: SQLite keeps them apart, and
//! every write rings the [`Bell`].

pub mod bell;
pub mod error;
pub mod object;
mod open;
pub mod schema;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::{Mutex as AsyncMutex, Semaphore};
use tokio::task::JoinError;

pub use bell::Bell;
pub use error::{OpenError, StoreError};
pub use object::{Object, ObjectKey};

use super::catalog::Catalog;

/// How many reads run side by side.
const READERS: usize = 4;

/// A read looks every so many steps of SQLite's machine whether anybody still waits for it.
const STEPS: i32 = 10_000;

/// The database of one site. Clones share it.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    writer: Arc<AsyncMutex<Connection>>,
    idle: Mutex<Vec<Connection>>,
    readers: Arc<Semaphore>,
    bell: Bell,
}

impl Store {
    /// Makes the database of a new site in a folder, which is made too; what else the site needs is put in by `fill`,
    /// all or nothing.
    ///
    /// Blocks; call it outside of async code.
    pub fn create(
        folder: &Path,
        catalog: &Catalog,
        fill: impl FnOnce(&Transaction<'_>) -> Result<(), StoreError>,
    ) -> Result<Self, OpenError> {
        let writer = open::create(folder, catalog, fill)?;
        Self::with(folder, writer)
    }

    /// Opens the database in a folder. New columns and views are made, and what an older version left is moved.
    ///
    /// Blocks; call it outside of async code.
    pub fn open(folder: &Path, catalog: &Catalog) -> Result<Self, OpenError> {
        let writer = open::open(folder, catalog)?;
        Self::with(folder, writer)
    }

    fn with(folder: &Path, writer: Connection) -> Result<Self, OpenError> {
        let bell =
            Bell::hang(folder).map_err(|source| OpenError::folder(folder, "write in", source))?;
        Ok(Self {
            inner: Arc::new(Inner {
                folder: folder.to_owned(),
                writer: Arc::new(AsyncMutex::new(writer)),
                idle: Mutex::default(),
                readers: Arc::new(Semaphore::new(READERS)),
                bell,
            }),
        })
    }

    /// The folder of the site.
    pub fn folder(&self) -> &Path {
        &self.inner.folder
    }

    /// What rings after every write.
    pub fn bell(&self) -> &Bell {
        &self.inner.bell
    }

    /// Reads at once, on the caller's thread: for the few values an opening needs.
    pub(super) fn now<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, OpenError> {
        let located = |error: StoreError| OpenError::Store(error.located(&self.inner.folder));
        let connection = self.inner.take_reader().map_err(located)?;
        let result = read(&connection).map_err(located);
        self.inner.put_back(connection);
        result
    }

    /// Reads. What is read is one moment of the database. Dropping the future interrupts the statement that runs.
    pub async fn read<T, F>(&self, read: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let permit = Arc::clone(&self.inner.readers)
            .acquire_owned()
            .await
            .map_err(|_| StoreError::Closed)?;
        let inner = Arc::clone(&self.inner);
        let leash = Leash::default();
        let dropped = Arc::clone(&leash.dropped);
        let done = tokio::task::spawn_blocking(move || {
            let mut connection = inner.take_reader()?;
            let result = in_one_moment(&mut connection, read, move || {
                dropped.load(Ordering::Relaxed)
            })?;
            inner.put_back(connection);
            drop(permit);
            Ok(result)
        })
        .await;
        drop(leash);
        ended(done)?
            .flatten()
            .map_err(|error| error.located(&self.inner.folder))
    }

    /// Writes, all or nothing. What `write` returns as an error leaves everything as it was.
    ///
    /// Once begun, a write is carried out even when nobody waits for it any more.
    pub async fn write<T, F>(&self, write: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let mut writer = Arc::clone(&self.inner.writer).lock_owned().await;
        let inner = Arc::clone(&self.inner);
        let done = tokio::task::spawn_blocking(move || {
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let result = write(&transaction)?;
            transaction.commit()?;
            inner.bell.ring();
            Ok::<T, StoreError>(result)
        })
        .await;
        ended(done)?.map_err(|error| error.located(&self.inner.folder))
    }
}

/// What a blocking thread came to. A panic there goes on here; only the end of the program stops a thread.
fn ended<T>(done: Result<T, JoinError>) -> Result<T, StoreError> {
    done.map_err(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => StoreError::Closed,
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inner {
    fn take_reader(&self) -> Result<Connection, StoreError> {
        let idle = lock(&self.idle).pop();
        match idle {
            Some(connection) => Ok(connection),
            None => Ok(open::reader(&self.folder)?),
        }
    }

    fn put_back(&self, connection: Connection) {
        lock(&self.idle).push(connection);
    }
}

/// A transaction around a read, so that several statements see the same rows, which ends early when `stop` says so.
///
/// The outer error means that the connection is of no use any more.
fn in_one_moment<T>(
    connection: &mut Connection,
    read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    stop: impl FnMut() -> bool + Send + 'static,
) -> Result<Result<T, StoreError>, StoreError> {
    connection.progress_handler(STEPS, Some(stop))?;
    let moment = connection.unchecked_transaction()?;
    let result = read(&moment);
    moment.finish()?;
    connection.progress_handler(0, None::<fn() -> bool>)?;
    Ok(result)
}

/// Held by the one who waits for a read; the read is interrupted when it is dropped.
#[derive(Default)]
struct Leash {
    dropped: Arc<AtomicBool>,
}

impl Drop for Leash {
    fn drop(&mut self) {
        self.dropped.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
