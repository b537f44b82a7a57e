//! Jobs at points: bringing content there, validating it, taking it away.

use rusqlite::params;

use super::Manager;
use super::outcome::{self, Verdict};
use super::watched::Audience;
use crate::site::content::assignment::Assignment;
use crate::site::content::fault::Fault;
use crate::site::content::library::ContentId;
use crate::site::content::status::{self, Message, MessageId};
use crate::site::content::transfer::{self, Extent};
use crate::site::content::validation::{self, Flaws};
use crate::site::content::{group, source_folder};
use crate::site::context::Context;
use crate::site::store::StoreError;
use crate::sms::status::ContentState;

/// So many names of files are told before the rest is a number.
const NAMES: usize = 3;

impl Manager {
    /// Brings the stored version to a point.
    pub(super) async fn send(
        &self,
        to: Assignment,
        version: u32,
        everything: bool,
    ) -> Result<(), StoreError> {
        let at = to.clone();
        let begun = self
            .site
            .write(move |context| begin_sending(context, &at))
            .await?;
        let Some(source) = begun else {
            return Ok(());
        };
        let id = ContentId::new(to.package.as_str(), version);
        let (master, point) = (self.places.master(), self.places.point(&to.point));
        let is_shared = self.places.is_shared(&to.point);
        let sent = self
            .watched(Audience::Point(to.clone()), move |progress| {
                match (is_shared, everything) {
                    (true, true) => validation::repair(&master, &id, &source, progress),
                    (true, false) => master.content(&id).map(drop),
                    (false, _) => {
                        let extent = if everything {
                            Extent::Everything
                        } else {
                            Extent::Missing
                        };
                        transfer::send(&master, &id, &point, extent, progress)
                    }
                }
            })
            .await?;
        let pauses = self.pauses;
        self.site
            .write(move |context| {
                if status::state(context, &to)? != Some(ContentState::ContentUpdating) {
                    return Ok(()); // cancelled, removed or asked for anew meanwhile
                }
                match &sent {
                    Ok(()) => sent_well(context, &to, version),
                    Err(Fault::Stopped) => Ok(()),
                    Err(fault) => {
                        let verdict =
                            outcome::judge(context, &to.package, to.point.as_str(), pauses)?;
                        outcome::tell_failure(context, &to, fault, verdict)
                    }
                }
            })
            .await
    }

    /// Reads every file at a point again.
    pub(super) async fn validate(&self, at: Assignment) -> Result<(), StoreError> {
        let library = self.places.point(&at.point);
        let package = at.package.to_string();
        let found = self
            .watched(Audience::Point(at.clone()), move |progress| {
                match library.stored(&package)? {
                    Some(id) => validation::validate(&library, &id, progress),
                    None => Err(Fault::NotStored {
                        content: package,
                        library: library.root().to_owned(),
                    }),
                }
            })
            .await?;
        self.site
            .write(move |context| validated(context, &at, &found))
            .await
    }

    /// Takes a package off a point.
    pub(super) async fn remove(&self, from: Assignment) -> Result<(), StoreError> {
        let library = self.places.point(&from.point);
        let is_shared = self.places.is_shared(&from.point);
        let package = from.package.to_string();
        let removed = self
            .watched(Audience::Point(from.clone()), move |_| {
                if is_shared || library.stored(&package)?.is_none() {
                    return Ok(()); // the site's own copy goes with the package
                }
                let mut change = library.change()?;
                change.withdraw(&package)?;
                change.done()
            })
            .await?;
        let pauses = self.pauses;
        self.site
            .write(move |context| {
                if !is_marked_deleted(context, &from)? {
                    return Ok(()); // assigned again meanwhile
                }
                match &removed {
                    Ok(()) => forget_assignment(context, &from),
                    Err(Fault::Stopped) => Ok(()),
                    Err(fault) => {
                        let verdict =
                            outcome::judge(context, &from.package, from.point.as_str(), pauses)?;
                        let state = match verdict {
                            Verdict::Again(..) => ContentState::RemovalRetrying,
                            Verdict::Failed => ContentState::RemovalFailed,
                        };
                        status::set_state(context, &from, state)?;
                        let words = outcome::in_words(fault, verdict);
                        status::tell(context, &from, &Message::error(MessageId::Removing, words))
                    }
                }
            })
            .await
    }
}

/// Marks the point as being written to and gives the source folder; nothing when it is not wanted any more.
fn begin_sending(
    context: &Context<'_>,
    at: &Assignment,
) -> Result<Option<std::path::PathBuf>, StoreError> {
    let is_wanted = matches!(
        status::state(context, at)?,
        Some(
            ContentState::InstallPending
                | ContentState::InstallRetrying
                | ContentState::ContentUpdating
        )
    );
    if !is_wanted {
        return Ok(None);
    }
    status::set_state(context, at, ContentState::ContentUpdating)?;
    let words = format!("copying to {}", at.point.server());
    status::tell(
        context,
        at,
        &Message::in_progress(MessageId::Sending, words),
    )?;
    Ok(Some(
        source_folder(context, &at.package)?.unwrap_or_default(),
    ))
}

fn sent_well(context: &Context<'_>, to: &Assignment, version: u32) -> Result<(), StoreError> {
    let (package, point) = (to.package.as_str(), to.point.as_str());
    status::set_state(context, to, ContentState::Installed)?;
    context.execute(
        "UPDATE SMS_PackageStatusDistPointsSummarizer SET SourceVersion = ?3, LastCopied = ?4
         WHERE PackageID = ?1 AND ServerNALPath = ?2",
        params![package, point, version, context.now()],
    )?;
    context.execute(
        "UPDATE SMS_DistributionPoint SET Status = 0, RefreshNow = 0, LastRefreshTime = ?3
         WHERE PackageID = ?1 AND ServerNALPath = ?2",
        params![package, point, context.now()],
    )?;
    outcome::forget(context, &to.package, point)?;
    let words = format!("version {version} is on {}", to.point.server());
    status::tell(context, to, &Message::success(MessageId::Installed, words))?;
    group::recount_sync(context)
}

fn validated(
    context: &Context<'_>,
    at: &Assignment,
    found: &Result<Flaws, Fault>,
) -> Result<(), StoreError> {
    if status::state(context, at)? != Some(ContentState::ContentMonitoring) {
        return Ok(()); // something else was asked for meanwhile
    }
    let words = match found {
        Err(Fault::Stopped) => return Ok(()),
        Err(fault) => fault.to_string(),
        Ok(flaws) if flaws.files.is_empty() => {
            status::set_state(context, at, ContentState::Installed)?;
            let words = format!("all {} files are as they were stored", flaws.checked);
            return status::tell(context, at, &Message::success(MessageId::Validated, words));
        }
        Ok(flaws) => flaws_in_words(flaws),
    };
    status::set_state(context, at, ContentState::InstallFailed)?;
    status::tell(context, at, &Message::error(MessageId::Validated, words))
}

fn flaws_in_words(flaws: &Flaws) -> String {
    let count = flaws.files.len();
    let named: Vec<&str> = flaws.files.iter().take(NAMES).map(String::as_str).collect();
    let more = match count.saturating_sub(NAMES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "{count} of {} files are not what was stored: {}{more}; send the package to this point again",
        flaws.checked,
        named.join(", ")
    )
}

fn is_marked_deleted(context: &Context<'_>, at: &Assignment) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM SMS_DistributionPoint WHERE PackageID = ?1 AND ServerNALPath = ?2 AND Status = 3";
    let mut statement = context.db.prepare_cached(sql)?;
    Ok(statement.exists(params![at.package.as_str(), at.point.as_str()])?)
}

fn forget_assignment(context: &Context<'_>, at: &Assignment) -> Result<(), StoreError> {
    status::forget(context, at)?;
    context.execute(
        "DELETE FROM SMS_DistributionPoint WHERE PackageID = ?1 AND ServerNALPath = ?2",
        params![at.package.as_str(), at.point.as_str()],
    )?;
    group::recount_sync(context)
}
