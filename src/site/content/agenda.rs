//! What there is to do for the distribution manager, read from the rows: nothing waits in memory.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::Row;

use super::assignment::Assignment;
use crate::site::background::{next_due, tokens};
use crate::site::context::Context;
use crate::site::store::StoreError;
use crate::sms::ids::PackageId;
use crate::sms::nal::NalPath;
use crate::sms::time::WireTime;

/// One piece of work.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Job {
    /// Deletes a program that is marked for it.
    DropProgram {
        package: PackageId,
        program: String,
    },
    /// Deletes the stored copy of a package that is marked for it, and then the package.
    DropPackage {
        package: PackageId,
    },
    /// Reads the source into the site's library as this version.
    Snapshot {
        package: PackageId,
        version: u32,
    },
    /// Looks whether the source has changed since it was stored, because its schedule says so.
    Compare {
        package: PackageId,
    },
    /// Brings the stored version to a point.
    Send {
        to: Assignment,
        version: u32,
        everything: bool,
    },
    Validate {
        at: Assignment,
    },
    Remove {
        from: Assignment,
    },
}

impl Job {
    pub fn package(&self) -> &PackageId {
        match self {
            Self::DropProgram { package, .. }
            | Self::DropPackage { package }
            | Self::Snapshot { package, .. }
            | Self::Compare { package } => package,
            Self::Send { to: at, .. } | Self::Validate { at } | Self::Remove { from: at } => {
                &at.package
            }
        }
    }

    /// The point it works at.
    pub fn point(&self) -> Option<&Assignment> {
        match self {
            Self::Send { to: at, .. } | Self::Validate { at } | Self::Remove { from: at } => {
                Some(at)
            }
            _ => None,
        }
    }

    /// Whether both may not run at once: they would change the same library, or one the content the other reads.
    /// The point on the site server shares the site's library.
    pub fn excludes(&self, other: &Self, server: &NalPath) -> bool {
        let own = |job: &Self| {
            let point = job.point().map(|at| at.point.clone());
            point.filter(|point| !point.is_same(server))
        };
        if own(self) == own(other) {
            return true;
        }
        let changes_the_content = self.point().is_none() || other.point().is_none();
        changes_the_content && self.package() == other.package()
    }
}

/// Work to be done now, and when there will be more of itself.
#[derive(Debug, Default)]
pub struct Agenda {
    pub jobs: Vec<Job>,
    /// The next moment a retry or a schedule comes due.
    pub next: Option<Timestamp>,
}

impl Agenda {
    pub fn read(context: &Context<'_>) -> Result<Self, StoreError> {
        let mut jobs = deletions(context)?;
        jobs.extend(snapshots(context)?);
        jobs.extend(at_points(context)?);
        let (due, next_update) = scheduled_updates(context)?;
        jobs.extend(due);
        let next = next_retry(context)?.into_iter().chain(next_update).min();
        Ok(Self { jobs, next })
    }
}

/// A package goes last: when its points and programs, each a job of its own, are gone.
fn deletions(context: &Context<'_>) -> Result<Vec<Job>, StoreError> {
    let packages = "SELECT package.PackageID FROM SMS_Package AS package
        LEFT JOIN consign_retry AS retry ON retry.PackageID = package.PackageID AND retry.ServerNALPath = ''
        WHERE package.ActionInProgress = 3 AND (retry.Due IS NULL OR retry.Due <= ?1)
          AND NOT EXISTS (SELECT 1 FROM SMS_Program WHERE PackageID = package.PackageID)
          AND NOT EXISTS (SELECT 1 FROM SMS_DistributionPoint WHERE PackageID = package.PackageID)";
    let mut statement = context.db.prepare_cached(packages)?;
    let packages = statement.query_map([context.now()], |row| {
        let package = package(row)?;
        Ok(Job::DropPackage { package })
    })?;
    let mut jobs = packages.collect::<Result<Vec<_>, _>>()?;
    let programs = "SELECT PackageID, ProgramName FROM SMS_Program WHERE ActionInProgress = 3";
    let mut statement = context.db.prepare_cached(programs)?;
    let programs = statement.query_map([], |row| {
        Ok(Job::DropProgram {
            package: package(row)?,
            program: row.get(1)?,
        })
    })?;
    for program in programs {
        jobs.push(program?);
    }
    Ok(jobs)
}

/// Packages some point waits for, whose newest version is not stored yet.
fn snapshots(context: &Context<'_>) -> Result<Vec<Job>, StoreError> {
    let sql = "SELECT package.PackageID, max(coalesce(package.SourceVersion, 0), 1)
               FROM SMS_Package AS package
               LEFT JOIN consign_retry AS retry ON retry.PackageID = package.PackageID AND retry.ServerNALPath = ''
               WHERE coalesce(package.ActionInProgress, 0) <> 3
                 AND coalesce(package.StoredPkgVersion, 0) < max(coalesce(package.SourceVersion, 0), 1)
                 AND (retry.Due IS NULL OR retry.Due <= ?1)
                 AND EXISTS (SELECT 1 FROM SMS_PackageStatusDistPointsSummarizer AS point
                             WHERE point.PackageID = package.PackageID AND point.State IN (1, 2, 7))";
    let mut statement = context.db.prepare_cached(sql)?;
    let found = statement.query_map([context.now()], |row| {
        Ok(Job::Snapshot {
            package: package(row)?,
            version: row.get(1)?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// What is wanted at points. One that is found copying (7) here was cut off, or is being worked on.
fn at_points(context: &Context<'_>) -> Result<Vec<Job>, StoreError> {
    let sql = "SELECT point.PackageID, point.ServerNALPath, point.SiteCode, status.State,
                      coalesce(package.StoredPkgVersion, 0), coalesce(point.RefreshNow, 0), coalesce(point.Status, 0) = 3
               FROM SMS_DistributionPoint AS point
               JOIN SMS_PackageStatusDistPointsSummarizer AS status
                   ON status.PackageID = point.PackageID AND status.ServerNALPath = point.ServerNALPath
               LEFT JOIN SMS_Package AS package ON package.PackageID = point.PackageID
               LEFT JOIN consign_retry AS retry
                   ON retry.PackageID = point.PackageID AND retry.ServerNALPath = point.ServerNALPath
               WHERE (retry.Due IS NULL OR retry.Due <= ?1)
                 AND ((point.Status = 3 AND status.State IN (4, 5))
                      OR (coalesce(point.Status, 0) <> 3 AND status.State = 8)
                      OR (coalesce(point.Status, 0) <> 3 AND status.State IN (1, 2, 7)
                          AND package.StoredPkgVersion >= max(coalesce(package.SourceVersion, 0), 1)))";
    let mut statement = context.db.prepare_cached(sql)?;
    let found = statement.query_map([context.now()], |row| {
        let at = Assignment::from_row(row)?;
        let state: u32 = row.get(3)?;
        Ok(match (row.get(6)?, state) {
            (true, _) => Job::Remove { from: at },
            (false, 8) => Job::Validate { at },
            (false, _) => Job::Send {
                to: at,
                version: row.get(4)?,
                everything: row.get(5)?,
            },
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Packages whose schedule of updates has come due since they were last looked at, and when the next one does.
fn scheduled_updates(context: &Context<'_>) -> Result<(Vec<Job>, Option<Timestamp>), StoreError> {
    let sql = "SELECT package.PackageID, package.RefreshSchedule, max(coalesce(done.At, ''), coalesce(package.SourceDate, ''))
               FROM SMS_Package AS package
               LEFT JOIN consign_done AS done ON done.Name = package.PackageID
               WHERE package.PkgSourceFlag = 2 AND coalesce(package.ActionInProgress, 0) <> 3
                 AND package.StoredPkgVersion >= package.SourceVersion AND package.SourceDate IS NOT NULL
                 AND json_array_length(coalesce(package.RefreshSchedule, '[]')) > 0";
    let now = context.now.as_utc().unwrap_or_else(Timestamp::now);
    let clock = TimeZone::system();
    let (mut jobs, mut next) = (Vec::new(), None);
    let mut statement = context.db.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let tokens = tokens(&row.get::<_, String>(1)?);
        let since: Option<WireTime> = row.get::<_, String>(2)?.parse().ok();
        let Some(since) = since.and_then(WireTime::as_utc) else {
            continue;
        };
        match next_due(&tokens, since, &clock) {
            Some(due) if due <= now => jobs.push(Job::Compare {
                package: package(row)?,
            }),
            due => next = next.into_iter().chain(due).min(),
        }
    }
    Ok((jobs, next))
}

/// Only retries of what still is to be done count.
fn next_retry(context: &Context<'_>) -> Result<Option<Timestamp>, StoreError> {
    let sql = "SELECT min(retry.Due) FROM consign_retry AS retry
               WHERE retry.Due > ?1 AND (
                   EXISTS (SELECT 1 FROM SMS_Package AS package
                           WHERE package.PackageID = retry.PackageID AND package.ActionInProgress = 3)
                   OR EXISTS (SELECT 1 FROM SMS_PackageStatusDistPointsSummarizer AS point
                              WHERE point.PackageID = retry.PackageID AND point.State IN (1, 2, 5, 7)
                                AND retry.ServerNALPath IN ('', point.ServerNALPath)))";
    let due: Option<String> = context
        .db
        .prepare_cached(sql)?
        .query_row([context.now()], |row| row.get(0))?;
    Ok(due.and_then(|due| due.parse::<WireTime>().ok()?.as_utc()))
}

fn package(row: &Row<'_>) -> rusqlite::Result<PackageId> {
    Ok(PackageId::from(row.get::<_, String>(0)?))
}
