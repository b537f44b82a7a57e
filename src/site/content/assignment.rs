//! What is asked of the distribution manager. Who is assigned where is the business of the rules.
//!
//! Everything here runs in the transaction of the one who asks and only writes down what is wanted, as rows in a
//! passing state. The distribution manager finds them when the bell rings.

use rusqlite::{OptionalExtension, Row, params};

use super::status::{self, Message, MessageId};
use crate::site::context::Context;
use crate::site::refusal::Refusal;
use crate::site::store::{Object, StoreError};
use crate::sms::ids::{PackageId, SiteCode};
use crate::sms::nal::NalPath;
use crate::sms::status::ContentState;

/// A package on a distribution point: what names one `SMS_DistributionPoint`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Assignment {
    pub package: PackageId,
    pub point: NalPath,
    pub site: SiteCode,
}

impl Assignment {
    /// The one a row of `SMS_DistributionPoint` is.
    pub fn of(row: &Object) -> Self {
        Self {
            package: PackageId::new(row.text("PackageID")),
            point: NalPath::new(row.text("ServerNALPath")),
            site: SiteCode::new(row.text("SiteCode")),
        }
    }

    /// Reads `PackageID`, `ServerNALPath` and `SiteCode`, the first three columns of a row.
    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            package: PackageId::from(row.get::<_, String>(0)?),
            point: NalPath::new(row.get::<_, String>(1)?),
            site: SiteCode::from(row.get::<_, String>(2)?),
        })
    }

    /// The one that holds `package` at a point, if it is assigned there and not being removed.
    fn existing(
        context: &Context<'_>,
        package: &PackageId,
        point: &NalPath,
    ) -> Result<Option<Self>, StoreError> {
        let sql = "SELECT PackageID, ServerNALPath, SiteCode FROM SMS_DistributionPoint
                   WHERE PackageID = ?1 AND ServerNALPath = ?2 AND coalesce(Status, 0) <> 3";
        Ok(context
            .db
            .prepare_cached(sql)?
            .query_row(params![package.as_str(), point.as_str()], Self::from_row)
            .optional()?)
    }

    fn required(
        context: &Context<'_>,
        package: &PackageId,
        point: &NalPath,
    ) -> Result<Self, StoreError> {
        let missing = || {
            let server = point.server();
            Refusal::not_found(format!("package {package} is not assigned to {server}"))
        };
        Ok(Self::existing(context, package, point)?.ok_or_else(missing)?)
    }
}

/// Writes down that a package is to be brought to a point, and tells so; an earlier failure is forgotten.
pub fn wanted(context: &Context<'_>, at: &Assignment) -> Result<(), StoreError> {
    status::set_state(context, at, ContentState::InstallPending)?;
    forget_failures(context, at)?;
    let words = format!("waiting to be copied to {}", at.point.server());
    status::tell(
        context,
        at,
        &Message::in_progress(MessageId::Processing, words),
    )
}

/// Writes down that a package is to leave a point, and tells so; an earlier failure is forgotten.
pub fn unwanted(context: &Context<'_>, at: &Assignment) -> Result<(), StoreError> {
    status::set_state(context, at, ContentState::RemovalPending)?;
    forget_failures(context, at)?;
    let words = format!("waiting to be removed from {}", at.point.server());
    status::tell(
        context,
        at,
        &Message::in_progress(MessageId::Removing, words),
    )
}

/// Has the source read again (`RefreshPkgSource`): a new version, for every point that has the package.
pub fn refresh_source(context: &Context<'_>, package: &PackageId) -> Result<(), StoreError> {
    require_files(context, package)?;
    context.execute(
        "UPDATE SMS_Package SET SourceVersion = coalesce(SourceVersion, 0) + 1 WHERE PackageID = ?1",
        params![package.as_str()],
    )?;
    forget_snapshot_failures(context, package)?;
    for at in assignments(context, package)? {
        context.execute(
            "UPDATE SMS_DistributionPoint SET Status = 1 WHERE PackageID = ?1 AND ServerNALPath = ?2",
            params![at.package.as_str(), at.point.as_str()],
        )?;
        wanted(context, &at)?;
    }
    Ok(())
}

/// Has the manager look at a package again: what failed is tried once more (`AddChangeNotification`).
pub fn try_again(context: &Context<'_>, package: &PackageId) -> Result<(), StoreError> {
    forget_snapshot_failures(context, package)?;
    for at in assignments(context, package)? {
        if matches!(
            status::state(context, &at)?,
            Some(ContentState::InstallFailed | ContentState::InstallRetrying)
        ) {
            wanted(context, &at)?;
        }
    }
    Ok(())
}

/// Stops a distribution in progress; the point counts as failed then. One that shares the site server's library, or
/// has everything already, is left as it is.
pub fn cancel(
    context: &Context<'_>,
    package: &PackageId,
    point: &NalPath,
) -> Result<(), StoreError> {
    let at = Assignment::required(context, package, point)?;
    let is_under_way = matches!(
        status::state(context, &at)?,
        Some(
            ContentState::InstallPending
                | ContentState::InstallRetrying
                | ContentState::ContentUpdating
        )
    );
    if !is_under_way || context.site.nal_path().is_same(point) {
        return Ok(());
    }
    status::set_state(context, &at, ContentState::InstallFailed)?;
    forget_failures(context, &at)?;
    let message = Message::error(MessageId::Failed, "cancelled by a person");
    status::tell(context, &at, &message)
}

/// Has every file at a point read again and compared with what was stored.
pub fn verify(
    context: &Context<'_>,
    package: &PackageId,
    point: &NalPath,
) -> Result<(), StoreError> {
    let at = Assignment::required(context, package, point)?;
    match status::state(context, &at)? {
        Some(ContentState::Installed | ContentState::InstallFailed) => {
            status::set_state(context, &at, ContentState::ContentMonitoring)?;
            let words = format!("waiting to be validated on {}", point.server());
            status::tell(
                context,
                &at,
                &Message::in_progress(MessageId::Validated, words),
            )
        }
        Some(ContentState::ContentMonitoring) => Ok(()),
        _ => Err(Refusal::not_now(format!(
            "there is nothing to validate yet: {package} is on its way to or from {}",
            point.server()
        ))
        .into()),
    }
}

/// The points a package is assigned to, without those it is being removed from.
pub(super) fn assignments(
    context: &Context<'_>,
    package: &PackageId,
) -> Result<Vec<Assignment>, StoreError> {
    let sql = "SELECT PackageID, ServerNALPath, SiteCode FROM SMS_DistributionPoint
               WHERE PackageID = ?1 AND coalesce(Status, 0) <> 3";
    let mut statement = context.db.prepare_cached(sql)?;
    let rows = statement.query_map([package.as_str()], Assignment::from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets how often something was tried at a point.
fn forget_failures(context: &Context<'_>, at: &Assignment) -> Result<(), StoreError> {
    context.execute(
        "DELETE FROM consign_retry WHERE PackageID = ?1 AND ServerNALPath IN (?2, '')",
        params![at.package.as_str(), at.point.as_str()],
    )?;
    Ok(())
}

/// Forgets how often the source could not be read.
fn forget_snapshot_failures(context: &Context<'_>, package: &PackageId) -> Result<(), StoreError> {
    context.execute(
        "DELETE FROM consign_retry WHERE PackageID = ?1 AND ServerNALPath = ''",
        params![package.as_str()],
    )?;
    Ok(())
}

fn require_files(context: &Context<'_>, package: &PackageId) -> Result<(), StoreError> {
    let sql = "SELECT coalesce(PkgSourceFlag, 0) FROM SMS_Package
               WHERE PackageID = ?1 AND coalesce(ActionInProgress, 0) <> 3";
    let flag: Option<u32> = context
        .db
        .prepare_cached(sql)?
        .query_row([package.as_str()], |row| row.get(0))
        .optional()?;
    match flag {
        Some(2 | 4) => Ok(()),
        Some(_) => Err(Refusal::invalid(format!(
            "package {package} has no source files: there is nothing to distribute"
        ))
        .into()),
        None => Err(Refusal::not_found(format!("there is no package {package}")).into()),
    }
}
