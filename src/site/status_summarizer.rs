//! The status summarizer: counts for each advertisement how far its devices have come, in `SMS_DeploymentSummary`.
//!
//! A summary without `SummarizationTime` is out of date; so is one that is missing, or whose advertisement says
//! something else by now. Who changes what is counted says so in the same transaction, and the summarizer counts when
//! the bell rings.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::params;
use tokio::sync::watch;

use super::Site;
use super::background::{Ear, stopped, until};
use super::context::Context;
use super::store::StoreError;

/// How long a fault of the database is given before the next look.
const BREATHER: Duration = Duration::from_secs(10);

/// The summarizer of one site.
#[derive(Debug)]
pub(super) struct Summarizer {
    site: Site,
    /// Turns true when everything is to stop.
    stop: watch::Receiver<bool>,
}

impl Summarizer {
    pub fn new(site: Site, stop: watch::Receiver<bool>) -> Self {
        Self { site, stop }
    }

    /// Works until it is to stop.
    pub async fn run(mut self, mut ear: Ear) {
        loop {
            let wake = match self.work_off().await {
                Ok(()) => None,
                Err(error) => {
                    tracing::error!(%error, "the status summarizer cannot go on for now");
                    Timestamp::now().checked_add(BREATHER).ok()
                }
            };
            tokio::select! {
                () = stopped(&mut self.stop) => return,
                () = ear.rung() => {}
                () = until(wake) => {}
            }
        }
    }

    /// Counts until nothing is out of date.
    pub async fn work_off(&self) -> Result<(), StoreError> {
        loop {
            let stale = self.site.read(stale).await?;
            if stale.is_empty() || *self.stop.borrow() {
                return Ok(());
            }
            for advertisement in stale {
                let summarize = move |context: &Context<'_>| summarize(context, &advertisement);
                self.site.write(summarize).await?;
            }
        }
    }
}

/// Counts everything that is out of date at once, for whoever fills a site.
pub fn summarize_all(context: &Context<'_>) -> Result<(), StoreError> {
    for advertisement in stale(context)? {
        summarize(context, &advertisement)?;
    }
    Ok(())
}

/// Notes that the members of a collection changed: its advertisements are counted anew.
pub fn members_changed(context: &Context<'_>, collection: &str) -> Result<(), StoreError> {
    let sql = "UPDATE SMS_DeploymentSummary SET SummarizationTime = NULL WHERE DeploymentID IN
                   (SELECT AdvertisementID FROM SMS_Advertisement WHERE CollectionID = ?1)";
    context.execute(sql, params![collection])?;
    Ok(())
}

/// Notes that devices told something about an advertisement.
pub fn status_changed(context: &Context<'_>, advertisement: &str) -> Result<(), StoreError> {
    let sql = "UPDATE SMS_DeploymentSummary SET SummarizationTime = NULL WHERE DeploymentID = ?1";
    context.execute(sql, params![advertisement])?;
    Ok(())
}

/// What a summary says besides its counts, as its advertisement has it now.
const SAID: &str = "
    SELECT advertisement.AdvertisementID AS DeploymentID, advertisement.CollectionID, collection.Name AS CollectionName,
        advertisement.PackageID, advertisement.ProgramName,
        CASE advertisement.ProgramName WHEN '*' THEN 7 ELSE 2 END AS FeatureType,
        CASE advertisement.ProgramName WHEN '*' THEN package.Name
            ELSE package.Name || ' (' || advertisement.ProgramName || ')' END AS SoftwareName,
        advertisement.AssignmentID,
        CASE advertisement.OfferType WHEN 0 THEN 1 ELSE 2 END AS DeploymentIntent,
        advertisement.PresentTime AS DeploymentTime,
        CASE WHEN advertisement.OfferType = 0 THEN
            (SELECT min(json_extract(token.value, '$.StartTime'))
             FROM json_each(coalesce(advertisement.AssignedSchedule, '[]')) AS token) END AS EnforcementDeadline
    FROM SMS_Advertisement AS advertisement
    LEFT JOIN SMS_Collection AS collection ON collection.CollectionID = advertisement.CollectionID
    LEFT JOIN SMS_Package AS package ON package.PackageID = advertisement.PackageID";

fn stale(context: &Context<'_>) -> Result<Vec<String>, StoreError> {
    let sql = format!(
        "SELECT said.DeploymentID FROM ({SAID}) AS said
         LEFT JOIN SMS_DeploymentSummary AS summary ON summary.DeploymentID = said.DeploymentID
         WHERE summary.SummarizationTime IS NULL
            OR (summary.CollectionID, summary.CollectionName, summary.SoftwareName, summary.DeploymentIntent,
                summary.DeploymentTime, summary.EnforcementDeadline)
               IS NOT (said.CollectionID, said.CollectionName, said.SoftwareName, said.DeploymentIntent,
                said.DeploymentTime, said.EnforcementDeadline)"
    );
    let mut statement = context.db.prepare_cached(&sql)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Counts one advertisement's devices by the last state they told (classes.md 15). Rows of devices that have left the
/// collection stay but do not count; a device that told nothing is unknown.
fn summarize(context: &Context<'_>, advertisement: &str) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO SMS_DeploymentSummary
             (DeploymentID, CollectionID, CollectionName, PackageID, ProgramName, SoftwareName, AssignmentID,
              DeploymentIntent, DeploymentTime, EnforcementDeadline, FeatureType, ObjectTypeID, SecuredObjectId,
              CreationTime, ModificationTime, SummarizationTime, NumberTargeted, NumberSuccess, NumberInProgress,
              NumberErrors, NumberOther, NumberUnknown)
         SELECT said.DeploymentID, said.CollectionID, said.CollectionName, said.PackageID, said.ProgramName,
              said.SoftwareName, said.AssignmentID, said.DeploymentIntent, said.DeploymentTime,
              said.EnforcementDeadline, said.FeatureType, 201, said.DeploymentID, ?2, ?2, ?2,
              counted.Targeted, counted.Success, counted.InProgress, counted.Errors, counted.Other,
              counted.Targeted - counted.Success - counted.InProgress - counted.Errors - counted.Other
         FROM ({SAID} WHERE advertisement.AdvertisementID = ?1) AS said,
             (SELECT count(*) AS Targeted,
                  count(CASE WHEN State IN (4, 13) THEN 1 END) AS Success,
                  count(CASE WHEN State IN (1, 5, 6, 8, 9, 10, 12, 4294967295, -1) THEN 1 END) AS InProgress,
                  count(CASE WHEN State IN (3, 7, 11) THEN 1 END) AS Errors,
                  count(CASE WHEN State = 2 THEN 1 END) AS Other
              FROM (SELECT CASE WHEN coalesce(status.LastState, 0) = 0 THEN status.LastAcceptanceState
                                ELSE status.LastState END AS State
                    FROM consign_member AS member
                    LEFT JOIN SMS_ClientAdvertisementStatus AS status
                        ON status.AdvertisementID = ?1 AND status.ResourceID = member.ResourceID
                    WHERE member.CollectionID =
                        (SELECT CollectionID FROM SMS_Advertisement WHERE AdvertisementID = ?1))) AS counted
         WHERE true
         ON CONFLICT DO UPDATE SET
             CollectionID = excluded.CollectionID, CollectionName = excluded.CollectionName,
             PackageID = excluded.PackageID, ProgramName = excluded.ProgramName,
             SoftwareName = excluded.SoftwareName, DeploymentIntent = excluded.DeploymentIntent,
             DeploymentTime = excluded.DeploymentTime, EnforcementDeadline = excluded.EnforcementDeadline,
             SummarizationTime = excluded.SummarizationTime, NumberTargeted = excluded.NumberTargeted,
             NumberSuccess = excluded.NumberSuccess, NumberInProgress = excluded.NumberInProgress,
             NumberErrors = excluded.NumberErrors, NumberOther = excluded.NumberOther,
             NumberUnknown = excluded.NumberUnknown"
    );
    context.execute(&sql, params![advertisement, context.now()])?;
    Ok(())
}

#[cfg(test)]
mod tests;
