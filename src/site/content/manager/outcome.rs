//! What became of a job, written down: done, tried again later, or failed.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use crate::site::content::assignment::Assignment;
use crate::site::content::fault::Fault;
use crate::site::content::status::{self, Message, MessageId};
use crate::site::context::Context;
use crate::site::store::StoreError;
use crate::sms::ids::PackageId;
use crate::sms::status::ContentState;
use crate::sms::time::WireTime;

/// What follows a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is tried again; so many attempts were made of so many.
    Again(u32, u32),
    /// The attempts are used up.
    Failed,
}

/// Counts a failure at a point (or, without one, of reading the source) and decides what follows.
pub(super) fn judge(
    context: &Context<'_>,
    package: &PackageId,
    point: &str,
    pauses: &[Duration],
) -> Result<Verdict, StoreError> {
    let before: Option<u32> = context
        .db
        .prepare_cached(
            "SELECT Attempts FROM consign_retry WHERE PackageID = ?1 AND ServerNALPath = ?2",
        )?
        .query_row(params![package.as_str(), point], |row| row.get(0))
        .optional()?;
    let before = before.unwrap_or(0);
    let Some(pause) = pauses.get(before as usize) else {
        forget(context, package, point)?;
        return Ok(Verdict::Failed);
    };
    let due = Timestamp::now()
        .saturating_add(*pause)
        .unwrap_or(Timestamp::MAX);
    context.execute(
        "INSERT INTO consign_retry (PackageID, ServerNALPath, Attempts, Due) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET Attempts = ?3, Due = ?4",
        params![package.as_str(), point, before + 1, WireTime::utc(due).to_string()],
    )?;
    Ok(Verdict::Again(
        before + 1,
        u32::try_from(pauses.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1),
    ))
}

/// Forgets the failures of a point, or of reading the source.
pub(super) fn forget(
    context: &Context<'_>,
    package: &PackageId,
    point: &str,
) -> Result<(), StoreError> {
    context.execute(
        "DELETE FROM consign_retry WHERE PackageID = ?1 AND ServerNALPath = ?2",
        params![package.as_str(), point],
    )?;
    Ok(())
}

/// Tells a point that bringing content to it, or reading the source for it, did not work.
pub(super) fn tell_failure(
    context: &Context<'_>,
    at: &Assignment,
    fault: &Fault,
    verdict: Verdict,
) -> Result<(), StoreError> {
    let state = match verdict {
        Verdict::Again(..) => ContentState::InstallRetrying,
        Verdict::Failed => ContentState::InstallFailed,
    };
    status::set_state(context, at, state)?;
    let id = match fault {
        Fault::SourceMissing { .. } => MessageId::SourceMissing,
        _ => MessageId::Failed,
    };
    status::tell(context, at, &Message::error(id, in_words(fault, verdict)))
}

pub(super) fn in_words(fault: &Fault, verdict: Verdict) -> String {
    match verdict {
        Verdict::Again(attempt, of) => format!("{fault} (attempt {attempt} of {of})"),
        Verdict::Failed => fault.to_string(),
    }
}
