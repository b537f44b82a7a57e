//! Jobs that end with a row gone: programs and packages that are being deleted.

use rusqlite::params;

use super::Manager;
use super::outcome;
use super::watched::Audience;
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
                context.execute(
                    "DELETE FROM SMS_Program WHERE PackageID = ?1 AND ProgramName = ?2 AND ActionInProgress = 3",
                    params![package, program],
                )?;
                Ok(())
            })
            .await
    }

    /// Deletes the stored copy of a package nothing hangs on any more, and the package itself.
    pub(super) async fn drop_package(&self, package: PackageId) -> Result<(), StoreError> {
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
