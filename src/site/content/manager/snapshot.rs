//! Jobs at the source: reading it into the site's library, and looking by schedule whether it has changed.

use std::path::Path;

use rusqlite::params;

use super::Manager;
use super::outcome;
use super::watched::Audience;
use crate::site::content::assignment::{self, Assignment};
use crate::site::content::fault::Fault;
use crate::site::content::library::{Content, ContentId, Library};
use crate::site::content::progress::Progress;
use crate::site::content::status::{self, Message, MessageId};
use crate::site::content::{snapshot, source_folder};
use crate::site::context::Context;
use crate::site::store::StoreError;
use crate::sms::ids::PackageId;
use crate::sms::status::{PackageCopyStatus, PackageCopyType};

impl Manager {
    /// Reads the source of a package into the site's library as one version.
    pub(super) async fn snapshot(
        &self,
        package: PackageId,
        version: u32,
    ) -> Result<(), StoreError> {
        let wanted = package.clone();
        let source = self
            .site
            .write(move |context| begin_reading(context, &wanted))
            .await?;
        let id = ContentId::new(package.as_str(), version);
        let master = self.places.master();
        let place = master.root().display().to_string();
        let taken = self
            .watched(Audience::Waiting(package.clone()), move |progress| {
                let source = source.ok_or(Fault::NoSource)?;
                store(&source, &master, &id, progress)
            })
            .await?;
        let pauses = self.pauses;
        self.site
            .write(move |context| match &taken {
                Ok(content) => stored_well(context, &package, version, content, &place),
                Err(Fault::Stopped) => Ok(()),
                Err(fault) => {
                    let verdict = outcome::judge(context, &package, "", pauses)?;
                    for at in waiting(context, &package)? {
                        outcome::tell_failure(context, &at, fault, verdict)?;
                    }
                    Ok(())
                }
            })
            .await
    }

    /// Reads the source because its schedule says so. Only what has changed makes a new version.
    pub(super) async fn compare(&self, package: PackageId) -> Result<(), StoreError> {
        let name = package.clone();
        let source = self
            .site
            .read(move |context| source_folder(context, &name))
            .await?;
        let master = self.places.master();
        let name = package.to_string();
        let compared = self
            .watched(Audience::Waiting(package.clone()), move |progress| {
                let source = source.ok_or(Fault::NoSource)?;
                has_changed(&source, &master, &name, progress)
            })
            .await?;
        self.site
            .write(move |context| {
                match &compared {
                    Ok(true) => assignment::refresh_source(context, &package)?,
                    Ok(false) => {}
                    Err(Fault::Stopped) => return Ok(()),
                    Err(fault) => tracing::warn!(%fault, %package, "a scheduled update found no source to read"),
                }
                context.execute(
                    "INSERT INTO consign_done (Name, At) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET At = ?2",
                    params![package.as_str(), context.now()],
                )?;
                Ok(())
            })
            .await
    }
}

/// Reads and publishes a version. One that was published before the manager was cut off is taken as it is.
fn store(
    source: &Path,
    master: &Library,
    id: &ContentId,
    progress: &Progress,
) -> Result<Content, Fault> {
    if master.stored(&id.package)?.as_ref() == Some(id) {
        return master.content(id);
    }
    master.changed_by(|change| {
        let content = snapshot::take(source, change, progress)?;
        change.publish(id, &content)?;
        Ok(content)
    })
}

fn has_changed(
    source: &Path,
    master: &Library,
    package: &str,
    progress: &Progress,
) -> Result<bool, Fault> {
    let before = match master.stored(package)? {
        Some(id) => master.content(&id)?,
        None => return Ok(true),
    };
    // The change is never done: what was read is either known already or cleared away, to be read again.
    let now = snapshot::take(source, &mut master.change()?, progress)?;
    Ok(now != before)
}

/// Gives the source folder, and tells the points that wait that it is being read.
fn begin_reading(
    context: &Context<'_>,
    package: &PackageId,
) -> Result<Option<std::path::PathBuf>, StoreError> {
    let source = source_folder(context, package)?;
    let words = match &source {
        Some(path) => format!("reading the source folder {}", path.display()),
        None => "reading the source folder".to_owned(),
    };
    for at in waiting(context, package)? {
        let message = Message::in_progress(MessageId::Processing, words.clone());
        status::tell(context, &at, &message)?;
    }
    Ok(source)
}

fn stored_well(
    context: &Context<'_>,
    package: &PackageId,
    version: u32,
    taken: &Content,
    stored_in: &str,
) -> Result<(), StoreError> {
    let kilobytes = i64::try_from(taken.size().div_ceil(1024)).unwrap_or(i64::MAX);
    context.execute(
        "UPDATE SMS_Package SET SourceVersion = max(coalesce(SourceVersion, 0), ?2), StoredPkgVersion = ?2,
             PackageSize = ?3, SourceDate = ?4, LastRefreshTime = ?4, StoredPkgPath = ?5
         WHERE PackageID = ?1",
        params![package.as_str(), version, kilobytes, context.now(), stored_in],
    )?;
    outcome::forget(context, package, "")?;
    let server = Assignment {
        package: package.clone(),
        point: context.site.nal_path(),
        site: context.site.code.clone(),
    };
    status::set_copy(
        context,
        &server,
        PackageCopyType::Master,
        PackageCopyStatus::Received,
    )
}

/// The points that wait for a package.
fn waiting(context: &Context<'_>, package: &PackageId) -> Result<Vec<Assignment>, StoreError> {
    let sql = "SELECT PackageID, ServerNALPath, SiteCode FROM SMS_PackageStatusDistPointsSummarizer
               WHERE PackageID = ?1 AND State IN (1, 2, 7)";
    let mut statement = context.db.prepare_cached(sql)?;
    let rows = statement.query_map([package.as_str()], Assignment::from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}
