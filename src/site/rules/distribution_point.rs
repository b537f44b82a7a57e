//! `SMS_DistributionPoint`: one package assigned to one distribution point, and the state its files are in there.
//!
//! Rules only say what is wanted; the distribution manager finds the pending states and does the work.

use super::{Rules, package};
use crate::site::content;
use crate::site::context::Context;
use crate::site::refusal::Refusal;
use crate::site::store::{Object, ObjectKey, StoreError};

pub(super) struct Assignment;

/// `SMS_PackageStatusDistPointsSummarizer.State`, as far as the rules set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i64)]
pub enum State {
    InstallPending = 1,
    RemovalPending = 4,
}

const NEVER: &str = "1970-01-01T00:00:00Z";

impl Rules for Assignment {
    fn create(&self, context: &Context<'_>, object: &mut Object) -> Result<(), StoreError> {
        let package = package::existing(context, object.text("PackageID"))?;
        if !package::has_files(&package) {
            let id = package.text("PackageID");
            return Err(Refusal::not_now(format!(
                "the package {id} has no source files to distribute"
            ))
            .into());
        }
        let server = server(context, object)?;
        object
            .set("PackageID", package.text("PackageID"))
            .set("ServerNALPath", server.text("NALPath"))
            .set("SiteCode", server.text("SiteCode"))
            .set("ResourceType", server.text("ResourceType"))
            .set("SecureObjectID", package.text("PackageID"))
            .set("PackageType", package.number("PackageType"))
            .set("ObjectTypeID", 2)
            .set("SiteName", context.site.name.as_str())
            .set("SourceSite", package.text("SourceSite"))
            .set("LastRefreshTime", NEVER)
            .set("RefreshNow", false)
            .set("Status", 2);
        // What was on its way out is wanted again.
        context.execute(
            "DELETE FROM SMS_DistributionPoint WHERE PackageID = ?1 AND ServerNALPath = ?2 AND Status = 3",
            &[&object.text("PackageID"), &object.text("ServerNALPath")],
        )?;
        Ok(())
    }

    fn created(&self, context: &Context<'_>, object: &Object) -> Result<(), StoreError> {
        set_state(context, object, package::FIRST_STATE)
    }

    fn update(
        &self,
        context: &Context<'_>,
        old: &Object,
        changes: &mut Object,
    ) -> Result<(), StoreError> {
        if old.number("Status") == 3 {
            return Err(Refusal::not_now(
                "the content is being removed from this distribution point",
            )
            .into());
        }
        if changes.flag("RefreshNow") {
            changes.set("Status", 1);
            set_state(context, old, State::InstallPending)?;
        }
        Ok(())
    }

    /// Asynchronous: the row stays, marked, until the files have left.
    fn delete(
        &self,
        context: &Context<'_>,
        _key: &ObjectKey,
        object: &Object,
    ) -> Result<(), StoreError> {
        withdraw(context, object)
    }
}

/// The distribution point the NAL path and site code name together.
fn server(context: &Context<'_>, assignment: &Object) -> Result<Object, StoreError> {
    let (path, site) = (
        assignment.text("ServerNALPath"),
        assignment.text("SiteCode"),
    );
    let found = context.find(
        "SMS_SystemResourceList",
        "NALPath = ?1 AND SiteCode = ?2 AND RoleName = 'SMS Distribution Point'",
        &[&path, &site],
    )?;
    let missing = || {
        Refusal::not_found(format!(
            "there is no distribution point {path} in site {site}"
        ))
    };
    Ok(found.into_iter().next().ok_or_else(missing)?)
}

/// Assigns a package to a distribution point; where it is assigned already nothing changes.
pub fn assign(
    context: &Context<'_>,
    package: &str,
    path: &str,
    site: &str,
) -> Result<(), StoreError> {
    let there = context.count(
        "SMS_DistributionPoint",
        "PackageID = ?1 AND ServerNALPath = ?2 AND SiteCode = ?3 AND Status IS NOT 3",
        &[&package, &path, &site],
    )?;
    if there > 0 {
        return Ok(());
    }
    let mut assignment = Object::new();
    assignment
        .set("PackageID", package)
        .set("ServerNALPath", path)
        .set("SiteCode", site);
    super::create(context, "SMS_DistributionPoint", &assignment).map(drop)
}

/// Takes the content off a distribution point: marks the assignment; the distribution manager does the rest.
pub fn withdraw(context: &Context<'_>, assignment: &Object) -> Result<(), StoreError> {
    let mut marked = Object::new();
    marked.set("Status", 3);
    let key = assignment.key(context.class("SMS_DistributionPoint")?);
    context.update("SMS_DistributionPoint", &key, &marked)?;
    set_state(context, assignment, State::RemovalPending)
}

/// Sends a package to one of its distribution points once more, all files of the same version.
pub fn send_again(context: &Context<'_>, assignment: &Object) -> Result<(), StoreError> {
    let mut again = Object::new();
    again.set("RefreshNow", true);
    let key = assignment.key(context.class("SMS_DistributionPoint")?);
    super::update(context, "SMS_DistributionPoint", &key, &again).map(drop)
}

/// Every distribution point of a package waits for a new copy.
pub(super) fn send_all(context: &Context<'_>, package: &str) -> Result<(), StoreError> {
    for assignment in context.find(
        "SMS_DistributionPoint",
        "PackageID = ?1 AND Status IS NOT 3",
        &[&package],
    )? {
        set_state(context, &assignment, State::InstallPending)?;
    }
    Ok(())
}

fn set_state(context: &Context<'_>, assignment: &Object, state: State) -> Result<(), StoreError> {
    let at = content::Assignment::of(assignment);
    match state {
        State::InstallPending => content::wanted(context, &at),
        State::RemovalPending => content::unwanted(context, &at),
    }
}
