//! Jobs that end with a row gone: programs and packages that are being deleted.

use rusqlite::params;

use super::Manager;
use super::outcome;
use super::watched::Audience;
use crate::site::content::assignment::{self, unassign};
use crate::site::content::fault::Fault;
use crate::site::context::Context;
use crate::site::store::StoreError;
use crate::sms::ids::PackageId;

impl Manager {
    pub(super) async fn drop_program(
        &self,
        package: PackageId,
        program: String,
    ) -> Result<(), StoreError> {
        self.site
            .write(move |context| {
                let package = package.as_str();
                drop_advertisements(context, package, Some(&program))?;
                context.execute(
                    "DELETE FROM SMS_Program WHERE PackageID = ?1 AND ProgramName = ?2 AND ActionInProgress = 3",
                    params![package, program],
                )?;
                context.execute(
                    "UPDATE SMS_Package SET NumOfPrograms =
                         (SELECT count(*) FROM SMS_Program WHERE PackageID = ?1) WHERE PackageID = ?1",
                    params![package],
                )?;
                Ok(())
            })
            .await
    }

    /// Takes away what hangs on a package; when nothing does any more, the stored copy and the package itself.
    pub(super) async fn drop_package(&self, package: PackageId) -> Result<(), StoreError> {
        let dropped = package.clone();
        let is_bare = self
            .site
            .write(move |context| strip(context, &dropped))
            .await?;
        if !is_bare {
            return Ok(());
        }
        let master = self.places.master();
        let name = package.to_string();
        let withdrawn = self
            .watched(Audience::Waiting(package.clone()), move |_| {
                if master.stored(&name)?.is_none() {
                    return Ok(());
                }
                let mut change = master.change()?;
                change.withdraw(&name)?;
                change.done()
            })
            .await?;
        let pauses = self.pauses;
        self.site
            .write(move |context| match &withdrawn {
                Ok(()) => forget(context, &package),
                Err(Fault::Stopped) => Ok(()),
                Err(fault) => {
                    tracing::warn!(%fault, %package, "the stored copy of a deleted package could not be removed");
                    outcome::judge(context, &package, "", pauses).map(drop)
                }
            })
            .await
    }
}

/// Gives what failed for good in an earlier run one more chance: removals nobody else would ask for again.
pub(super) fn rearm(context: &Context<'_>) -> Result<(), StoreError> {
    context.execute(
        "UPDATE SMS_PackageStatusDistPointsSummarizer SET State = 4 WHERE State = 6",
        &[],
    )?;
    context.execute("DELETE FROM consign_retry", &[])?;
    Ok(())
}

/// Whether nothing hangs on the package any more.
fn strip(context: &Context<'_>, package: &PackageId) -> Result<bool, StoreError> {
    drop_advertisements(context, package.as_str(), None)?;
    context.execute(
        "DELETE FROM SMS_Program WHERE PackageID = ?1",
        params![package.as_str()],
    )?;
    for at in assignment::assignments(context, package)? {
        unassign(context, &at)?;
    }
    let left = context.count(
        "SMS_DistributionPoint",
        "PackageID = ?1",
        &[&package.as_str()],
    )?;
    Ok(left == 0)
}

fn drop_advertisements(
    context: &Context<'_>,
    package: &str,
    program: Option<&str>,
) -> Result<(), StoreError> {
    let of_it = "SELECT AdvertisementID FROM SMS_Advertisement
                 WHERE PackageID = ?1 AND (?2 IS NULL OR ProgramName = ?2)";
    for sql in [
        format!("DELETE FROM SMS_ClientAdvertisementStatus WHERE AdvertisementID IN ({of_it})"),
        format!("DELETE FROM SMS_DeploymentSummary WHERE DeploymentID IN ({of_it})"),
        format!("DELETE FROM SMS_Advertisement WHERE AdvertisementID IN ({of_it})"),
    ] {
        context.execute(&sql, params![package, program])?;
    }
    Ok(())
}

fn forget(context: &Context<'_>, package: &PackageId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM SMS_Package WHERE PackageID = ?1 AND ActionInProgress = 3",
        "DELETE FROM SMS_PackageStatus WHERE PackageID = ?1",
        "DELETE FROM SMS_PackageStatusDistPointsSummarizer WHERE PackageID = ?1",
        "DELETE FROM SMS_DistributionDPStatus WHERE PackageID = ?1",
        "DELETE FROM consign_retry WHERE PackageID = ?1",
        "DELETE FROM consign_group_package WHERE PackageID = ?1",
        "DELETE FROM consign_done WHERE Name = ?1",
    ] {
        context.execute(sql, params![package.as_str()])?;
    }
    Ok(())
}
