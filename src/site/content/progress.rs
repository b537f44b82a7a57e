//! How far a piece of file work has come, and the wish to stop it: shared between the thread that does it and the
//! one that tells of it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::fault::Fault;

/// Counters of one piece of work. Relaxed: they are looked at, never relied on.
#[derive(Debug, Default)]
pub struct Progress {
    bytes: AtomicU64,
    files: AtomicU64,
    total_bytes: AtomicU64,
    total_files: AtomicU64,
    stopped: AtomicBool,
}

/// What the counters said at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Measure {
    pub bytes: u64,
    pub total_bytes: u64,
    pub files: u64,
    pub total_files: u64,
}

impl Progress {
    /// Starts to count towards a total.
    pub fn begin(&self, total_bytes: u64, total_files: u64) {
        self.bytes.store(0, Ordering::Relaxed);
        self.files.store(0, Ordering::Relaxed);
        self.total_bytes.store(total_bytes, Ordering::Relaxed);
        self.total_files.store(total_files, Ordering::Relaxed);
    }

    /// Counts bytes; fails when the work is to stop.
    pub fn moved(&self, bytes: u64) -> Result<(), Fault> {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        if self.is_stopped() {
            return Err(Fault::Stopped);
        }
        Ok(())
    }

    pub fn file_done(&self) {
        self.files.fetch_add(1, Ordering::Relaxed);
    }

    /// Asks the work to end at the next chance.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    pub fn measure(&self) -> Measure {
        Measure {
            bytes: self.bytes.load(Ordering::Relaxed),
            total_bytes: self.total_bytes.load(Ordering::Relaxed),
            files: self.files.load(Ordering::Relaxed),
            total_files: self.total_files.load(Ordering::Relaxed),
        }
    }
}
