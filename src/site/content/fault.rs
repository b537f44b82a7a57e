//! What can go wrong with files: always with the path, so that a person can go and look.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why content could not be read, stored or sent. Lower case, without a full stop.
#[derive(Debug, Error)]
pub enum Fault {
    #[error("the package names no source folder")]
    NoSource,
    #[error("the source folder {} does not exist", path.display())]
    SourceMissing { path: PathBuf },
    #[error("the source {} is a file; a package is made from a folder", path.display())]
    SourceIsFile { path: PathBuf },
    #[error("the source folder {} holds no files", path.display())]
    SourceEmpty { path: PathBuf },
    #[error("{} went away while the source was read", path.display())]
    Vanished { path: PathBuf },
    #[error("{} changed while the source was read", path.display())]
    Changed { path: PathBuf },
    #[error("{} cannot be read: {reason}", path.display())]
    Unreadable { path: PathBuf, reason: String },
    #[error("{} is a link {problem}", path.display())]
    Link {
        path: PathBuf,
        problem: &'static str,
    },
    #[error("{} is neither a file nor a folder", path.display())]
    Special { path: PathBuf },
    #[error("the name of {} is not valid Unicode", path.display())]
    Name { path: PathBuf },
    #[error("the disk is full: no room for {}", path.display())]
    Full { path: PathBuf },
    #[error("{} cannot be written: {reason}", path.display())]
    Unwritable { path: PathBuf, reason: String },
    /// A file of a library is not what its name says.
    #[error("{file} in the library {} is damaged", library.display())]
    Damaged { file: String, library: PathBuf },
    #[error("the library {} does not hold {content}", library.display())]
    NotStored { content: String, library: PathBuf },
    /// The source has moved on: what was stored once cannot be made again from it.
    #[error("{} is not the file that was stored: update the distribution points instead", path.display())]
    SourceMovedOn { path: PathBuf },
    /// Asked to stop, by a cancel or because the site is being closed: no fault of anybody.
    #[error("stopped")]
    Stopped,
}

impl Fault {
    /// A fault while reading something a person made.
    pub fn reading(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::StaleNetworkFileHandle => {
                Self::Vanished { path }
            }
            ErrorKind::PermissionDenied => Self::Unreadable {
                path,
                reason: "permission denied".to_owned(),
            },
            _ => Self::Unreadable {
                path,
                reason: error.to_string(),
            },
        }
    }

    /// A fault while writing to a library.
    pub fn writing(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full { path },
            _ => Self::Unwritable {
                path,
                reason: error.to_string(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_other_write_faults() {
        let path = Path::new("/lib/x");
        let full = Fault::writing(path, &ErrorKind::StorageFull.into());
        assert_eq!(full.to_string(), "the disk is full: no room for /lib/x");
        let denied = Fault::writing(path, &ErrorKind::PermissionDenied.into());
        assert!(denied.to_string().starts_with("/lib/x cannot be written: "));
    }
}
