//! Content: source folders are read, stored in content libraries and brought to distribution points.
//!
//! What is asked for (`assignment`, `group`, [`METHODS`]) runs in the transaction of the one who asks, and only writes
//! rows in a passing state. The distribution manager (`manager`) finds them (`agenda`), does the file work (`snapshot`,
//! `transfer`, `validation` over `library`) and writes down what became of it (`status`).

mod agenda;
mod assignment;
mod fault;
pub mod group;
mod library;
mod manager;
mod methods;
mod places;
mod pour;
mod progress;
mod snapshot;
mod status;
mod transfer;
mod validation;

use std::path::PathBuf;

use rusqlite::OptionalExtension;

use super::context::Context;
use super::store::StoreError;
use crate::sms::ids::PackageId;

pub use assignment::{Assignment, refresh_source, unwanted, wanted};
pub(super) use manager::{Manager, PAUSES};
pub use methods::METHODS;

/// The source folder of a package, when it names one.
fn source_folder(
    context: &Context<'_>,
    package: &PackageId,
) -> Result<Option<PathBuf>, StoreError> {
    let sql =
        "SELECT PkgSourcePath FROM SMS_Package WHERE PackageID = ?1 AND PkgSourceFlag IN (2, 4)";
    let path: Option<Option<String>> = context
        .db
        .prepare_cached(sql)?
        .query_row([package.as_str()], |row| row.get(0))
        .optional()?;
    Ok(path
        .flatten()
        .filter(|path| !path.is_empty())
        .map(PathBuf::from))
}
