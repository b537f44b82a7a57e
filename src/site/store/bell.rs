//! What rings after every write, in this process and in every other one that has the site open.
//!
//! Background work is rows in a passing state, found by a query when the bell rings: nobody polls, and no work waits in
//! memory where it could be lost.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use tokio::sync::watch;

/// Name of the file that is touched, in the folder of the site.
const FILE: &str = "bell";

/// The bell of one site.
#[derive(Debug)]
pub struct Bell {
    path: PathBuf,
    file: File,
    rung: watch::Sender<u64>,
}

impl Bell {
    pub(super) fn hang(folder: &Path) -> io::Result<Self> {
        let path = folder.join(FILE);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)?;
        Ok(Self {
            path,
            file,
            rung: watch::Sender::new(0),
        })
    }

    /// The file other processes watch: it changes with every write of any process.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Counts the writes of this process.
    pub fn rung(&self) -> watch::Receiver<u64> {
        self.rung.subscribe()
    }

    pub(super) fn ring(&self) {
        self.rung
            .send_modify(|times| *times = times.wrapping_add(1));
        // The write is kept whatever becomes of this; other processes see it with the next ring.
        let _ = self.touch();
    }

    fn touch(&self) -> io::Result<()> {
        let mut file = &self.file;
        file.rewind()?;
        file.write_all(b"!")
    }
}
