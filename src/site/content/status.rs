//! What the distribution manager tells: the state of each package on each point, and the last message about it.
//!
//! Where a real site puts words into numbered messages, this one puts a whole sentence into `InsString1`. While files
//! are copied, `InsString1` to `InsString4` are figures instead: bytes done, bytes in all, files done, files in all;
//! the sentence is then `InsString5`.

use rusqlite::{OptionalExtension, params};

use super::assignment::Assignment;
use super::progress::Measure;
use crate::site::context::Context;
use crate::site::store::StoreError;
use crate::site::store::object::next_number;
use crate::sms::ids::PackageId;
use crate::sms::status::{
    ContentState, MessageState, PackageCopyStatus, PackageCopyType, Severity,
};

/// Numbers of the distribution manager's messages. Those marked so are unverified: their texts are ours anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageId {
    /// Processing begins.
    Processing = 2300,
    /// Failed to process (unverified).
    Failed = 2302,
    /// The source folder is not there (unverified).
    SourceMissing = 2306,
    /// Distributed.
    Installed = 2330,
    /// Removed from the point (unverified).
    Removing = 2331,
    /// Starting to add to the point.
    Sending = 2342,
    /// Validation (unverified).
    Validated = 2384,
}

/// A message about a package on a point.
#[derive(Debug)]
pub struct Message {
    pub id: MessageId,
    pub state: MessageState,
    pub words: String,
}

impl Message {
    pub fn in_progress(id: MessageId, words: impl Into<String>) -> Self {
        Self::new(id, MessageState::InProgress, words)
    }

    pub fn success(id: MessageId, words: impl Into<String>) -> Self {
        Self::new(id, MessageState::Success, words)
    }

    pub fn error(id: MessageId, words: impl Into<String>) -> Self {
        Self::new(id, MessageState::Error, words)
    }

    fn new(id: MessageId, state: MessageState, words: impl Into<String>) -> Self {
        let words = words.into();
        Self { id, state, words }
    }

    fn severity(&self) -> Severity {
        if self.state.is_error() {
            Severity::Error
        } else {
            Severity::Information
        }
    }
}

/// The state of a package on a point; `None` when it is not assigned there.
pub fn state(context: &Context<'_>, at: &Assignment) -> Result<Option<ContentState>, StoreError> {
    let sql = "SELECT State FROM SMS_PackageStatusDistPointsSummarizer
               WHERE PackageID = ?1 AND ServerNALPath = ?2 AND SiteCode = ?3";
    let found: Option<u32> = context
        .db
        .prepare_cached(sql)?
        .query_row(
            params![at.package.as_str(), at.point.as_str(), at.site.as_str()],
            |row| row.get(0),
        )
        .optional()?;
    Ok(found.map(ContentState::from))
}

/// Changes the state of a package on a point; a row is made for one newly assigned.
pub fn set_state(
    context: &Context<'_>,
    at: &Assignment,
    state: ContentState,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO SMS_PackageStatusDistPointsSummarizer
                   (PackageID, ServerNALPath, SiteCode, State, SummaryDate, SourceVersion, PackageType, SecureObjectID, SourceNALPath)
               SELECT ?1, ?2, ?3, ?4, ?5, 0, 0, ?1,
                   (SELECT PkgSourcePath FROM SMS_Package WHERE PackageID = ?1)
               WHERE true
               ON CONFLICT DO UPDATE SET State = ?4, SummaryDate = ?5";
    context.execute(
        sql,
        params![
            at.package.as_str(),
            at.point.as_str(),
            at.site.as_str(),
            u32::from(state),
            context.now()
        ],
    )?;
    let copy = match state {
        ContentState::Installed | ContentState::ContentMonitoring => PackageCopyStatus::Installed,
        ContentState::InstallRetrying => PackageCopyStatus::Retry,
        ContentState::InstallFailed | ContentState::RemovalFailed => PackageCopyStatus::Failed,
        ContentState::RemovalPending | ContentState::RemovalRetrying => {
            PackageCopyStatus::PendingRemove
        }
        _ => PackageCopyStatus::Sent,
    };
    set_copy(context, at, PackageCopyType::Copy, copy)
}

/// The distribution manager's own row: of a point, or of the copy stored on the site server.
pub fn set_copy(
    context: &Context<'_>,
    at: &Assignment,
    kind: PackageCopyType,
    status: PackageCopyStatus,
) -> Result<(), StoreError> {
    let kind = u32::from(kind);
    context.execute(
        "DELETE FROM SMS_PackageStatus WHERE PackageID = ?1 AND PkgServer = ?2 AND SiteCode = ?3 AND Type = ?4",
        params![at.package.as_str(), at.point.as_str(), at.site.as_str(), kind],
    )?;
    let sql = "INSERT INTO SMS_PackageStatus
                   (PackageID, PkgServer, SiteCode, Type, Status, Personality, Location, ShareName, UpdateTime)
               VALUES (?1, ?2, ?3, ?4, ?5, 0, ?2, '', ?6)";
    context.execute(
        sql,
        params![
            at.package.as_str(),
            at.point.as_str(),
            at.site.as_str(),
            kind,
            u32::from(status),
            context.now()
        ],
    )?;
    Ok(())
}

/// Replaces the last message about a package on a point.
pub fn tell(context: &Context<'_>, at: &Assignment, message: &Message) -> Result<(), StoreError> {
    let known: Option<i64> = context
        .db
        .prepare_cached(
            "SELECT ID FROM SMS_DistributionDPStatus WHERE PackageID = ?1 AND NalPath = ?2",
        )?
        .query_row(params![at.package.as_str(), at.point.as_str()], |row| {
            row.get(0)
        })
        .optional()?;
    let id = match known {
        Some(id) => id,
        None => add_message_row(context, at)?,
    };
    let severity = u32::from(message.severity());
    let number = message.id as u32;
    let sql = "UPDATE SMS_DistributionDPStatus SET
                   LastStatusID = ?2, MessageID = ?3, MessageFullID = ?4, MessageSeverity = ?5, MessageState = ?6,
                   LastUpdateDate = ?7, InsString1 = ?8, InsString2 = NULL, InsString3 = NULL, InsString4 = NULL,
                   InsString5 = NULL
               WHERE ID = ?1";
    context.execute(
        sql,
        params![
            id,
            next_number(context.db, "status message")?,
            number,
            severity | number,
            severity,
            u32::from(message.state),
            context.now(),
            message.words,
        ],
    )?;
    Ok(())
}

fn add_message_row(context: &Context<'_>, at: &Assignment) -> Result<i64, StoreError> {
    let id = next_number(context.db, "SMS_DistributionDPStatus")?;
    let sql = "INSERT INTO SMS_DistributionDPStatus
                   (ID, PackageID, ObjectID, ObjectTypeID, NalPath, Name, SiteCode, ResourceType, IsPeerDP, GroupCount, MessageCategory)
               VALUES (?1, ?2, ?2, 2, ?3, ?4, ?5, 'Windows NT Server', 0,
                   (SELECT count(*) FROM SMS_DPGroupMembers WHERE DPNALPath = ?3), 0)";
    context.execute(
        sql,
        params![
            id,
            at.package.as_str(),
            at.point.as_str(),
            at.point.server(),
            at.site.as_str()
        ],
    )?;
    Ok(id)
}

/// Tells how far a copy has come. False when the package is not being copied to the point any more: it was cancelled,
/// removed or asked for anew.
pub fn tell_progress(
    context: &Context<'_>,
    at: &Assignment,
    measure: Measure,
) -> Result<bool, StoreError> {
    let sql = "UPDATE SMS_DistributionDPStatus SET
                   InsString1 = ?3, InsString2 = ?4, InsString3 = ?5, InsString4 = ?6, InsString5 = ?7, LastUpdateDate = ?8
               WHERE PackageID = ?1 AND NalPath = ?2 AND EXISTS (
                   SELECT 1 FROM SMS_PackageStatusDistPointsSummarizer AS point
                   WHERE point.PackageID = ?1 AND point.ServerNALPath = ?2 AND point.State IN (7, 8))";
    let changed = context.execute(
        sql,
        params![
            at.package.as_str(),
            at.point.as_str(),
            measure.bytes.to_string(),
            measure.total_bytes.to_string(),
            measure.files.to_string(),
            measure.total_files.to_string(),
            format!("copying to {}", at.point.server()),
            context.now(),
        ],
    )?;
    Ok(changed > 0)
}

/// Tells all points that wait for a package how far the reading of its source has come. False when none waits.
pub fn tell_reading(
    context: &Context<'_>,
    package: &PackageId,
    measure: Measure,
) -> Result<bool, StoreError> {
    let sql = "UPDATE SMS_DistributionDPStatus AS told SET InsString1 = ?2, LastUpdateDate = ?3
               WHERE PackageID = ?1 AND EXISTS (
                   SELECT 1 FROM SMS_PackageStatusDistPointsSummarizer AS point
                   WHERE point.PackageID = ?1 AND point.ServerNALPath = told.NalPath AND point.State IN (1, 2, 7))";
    let words = format!(
        "reading the source folder: {} of {} files",
        measure.files, measure.total_files
    );
    let changed = context.execute(sql, params![package.as_str(), words, context.now()])?;
    Ok(changed > 0)
}

/// Forgets everything told about a package on a point.
pub fn forget(context: &Context<'_>, at: &Assignment) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM SMS_PackageStatusDistPointsSummarizer WHERE PackageID = ?1 AND ServerNALPath = ?2",
        "DELETE FROM SMS_DistributionDPStatus WHERE PackageID = ?1 AND NalPath = ?2",
        "DELETE FROM SMS_PackageStatus WHERE PackageID = ?1 AND PkgServer = ?2 AND Type = 2",
        "DELETE FROM consign_retry WHERE PackageID = ?1 AND ServerNALPath = ?2",
    ] {
        context.execute(sql, params![at.package.as_str(), at.point.as_str()])?;
    }
    Ok(())
}
