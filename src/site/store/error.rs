//! What can go wrong with the site's folder and database, told with the place and the way out.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use thiserror::Error;

use crate::site::catalog::CatalogError;
use crate::site::refusal::Refusal;

use super::open::FILE;

/// Why a site cannot be opened or made.
#[derive(Debug, Error)]
pub enum OpenError {
    #[error("there is no site in {}", folder.display())]
    Missing { folder: PathBuf },
    #[error("there is a site in {} already", folder.display())]
    Taken { folder: PathBuf },
    #[error("{} holds something that is not a site of consign: {found}", folder.display())]
    NotOurs { folder: PathBuf, found: String },
    #[error("the site in {} was last used by a newer consign: its database has version {found}, this program knows up to {known}", folder.display())]
    Newer {
        folder: PathBuf,
        found: i64,
        known: i64,
    },
    #[error("{code:?} is no site code")]
    Code { code: String },
    #[error("cannot {action} {}: {source}", folder.display())]
    Folder {
        folder: PathBuf,
        action: &'static str,
        source: io::Error,
    },
    #[error(transparent)]
    Store(StoreError),
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

impl OpenError {
    pub(super) fn folder(folder: &Path, action: &'static str, source: io::Error) -> Self {
        Self::Folder {
            folder: folder.to_owned(),
            action,
            source,
        }
    }

    /// What to do about it.
    pub fn way_out(&self) -> String {
        match self {
            Self::Missing { .. } => "make one with `consign site init`".to_owned(),
            Self::Taken { .. } => "choose another name, or use the site as it is".to_owned(),
            Self::NotOurs { .. } => {
                "choose an empty folder; nothing in this one was changed".to_owned()
            }
            Self::Newer { .. } => "use the newer consign; nothing was changed".to_owned(),
            Self::Code { .. } => "a site code is three letters or digits, such as LAB".to_owned(),
            Self::Folder { folder, .. } => format!(
                "see that {} can be read and written by you",
                folder.display()
            ),
            Self::Store(error) => error.way_out().to_owned(),
            Self::Catalog(_) => "this build of consign is faulty; use another".to_owned(),
        }
    }
}

/// Why a read or write of the database failed.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A rule of the provider: nothing was written, and nothing is wrong with the database.
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("the disk that holds {} is full", file.display())]
    Full { file: PathBuf },
    #[error("{} cannot be written", file.display())]
    ReadOnly { file: PathBuf },
    #[error("another program has kept {} locked for too long", file.display())]
    Busy { file: PathBuf },
    #[error("{} is damaged: {reason}", file.display())]
    Damaged { file: PathBuf, reason: String },
    #[error("{} cannot be used: {reason}", file.display())]
    Failed { file: PathBuf, reason: String },
    /// Not yet told where; [`super::Store`] never answers with it.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error("the site is being closed")]
    Closed,
}

impl StoreError {
    /// Names the file, and the fault by what a person can do about it.
    pub(super) fn located(self, folder: &Path) -> Self {
        let Self::Sqlite(error) = self else {
            return self;
        };
        let file = folder.join(FILE);
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full { file },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                Self::ReadOnly { file }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { file },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged {
                file,
                reason: error.to_string(),
            },
            Some(ErrorCode::OperationInterrupted) => Self::Closed,
            _ => Self::Failed {
                file,
                reason: error.to_string(),
            },
        }
    }

    /// What to do about it.
    pub fn way_out(&self) -> &'static str {
        match self {
            Self::Refused(_) => "change what was asked for, as the site's words say",
            Self::Full { .. } => "free space on that disk and try again; nothing was lost",
            Self::ReadOnly { .. } => "see that you may write the file and its folder",
            Self::Busy { .. } => "find the program that holds it, or try again",
            Self::Damaged { .. } => {
                "restore the folder from a copy, or move it away and make a new site"
            }
            Self::Failed { .. } | Self::Sqlite(_) => {
                "try again; if it stays so, look at the disk that holds the site"
            }
            Self::Closed => "open the site again",
        }
    }
}
