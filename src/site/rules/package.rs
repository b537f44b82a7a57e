//! `SMS_Package`: where its files come from, and what goes with it when it goes.

use uuid::Uuid;

use super::{Rules, State, advertisement, program, values};
use crate::site::content;
use crate::site::context::Context;
use crate::site::refusal::{Refusal, Wbem};
use crate::site::store::object::next_number;
use crate::site::store::{Object, ObjectKey, StoreError};
use crate::sms::ids::PackageId;

pub(super) struct Package;

/// `PkgSourceFlag` of packages whose files are read from a folder.
const DIRECT: i64 = 2;
const LOCAL: i64 = 4;
const SHARE_SPECIFIC: i64 = 2;

impl Rules for Package {
    fn create(&self, context: &Context<'_>, object: &mut Object) -> Result<(), StoreError> {
        check(object)?;
        let number = next_number(context.db, "package")?;
        let first_version = i64::from(has_files(object));
        object
            .set("PackageID", format!("{}{number:05X}", context.site.code))
            .set("SourceSite", context.site.code.as_str())
            .set("SourceVersion", first_version)
            .set("SourceDate", context.now())
            .set("LastRefreshTime", context.now())
            .set("RefreshPkgSourceFlag", false)
            .set(
                "SedoObjectVersion",
                Uuid::new_v4().to_string().to_uppercase(),
            );
        Ok(())
    }

    fn update(
        &self,
        context: &Context<'_>,
        old: &Object,
        changes: &mut Object,
    ) -> Result<(), StoreError> {
        check_not_leaving(old)?;
        let merged = values::merged(old, changes);
        check(&merged)?;
        let moved = ["PkgSourcePath", "ShareName", "ShareType", "PkgSourceFlag"]
            .iter()
            .any(|name| merged.get(name) != old.get(name));
        if moved {
            // The site deletes the package on every distribution point and sends it anew (classes.md 1).
            changes.set(
                "SourceVersion",
                old.number("SourceVersion") + i64::from(has_files(&merged)),
            );
            super::distribution_point::send_all(context, old.text("PackageID"))?;
        } else if changes.flag("RefreshPkgSourceFlag") {
            content::refresh_source(context, &PackageId::new(old.text("PackageID")))?;
        }
        changes.set("RefreshPkgSourceFlag", false).set(
            "SedoObjectVersion",
            Uuid::new_v4().to_string().to_uppercase(),
        );
        Ok(())
    }

    /// Asynchronous: the package stays marked until its files have left every distribution point.
    fn delete(
        &self,
        context: &Context<'_>,
        key: &ObjectKey,
        object: &Object,
    ) -> Result<(), StoreError> {
        check_not_leaving(object)?;
        let id = object.text("PackageID");
        for gone in context.find("SMS_Advertisement", "PackageID = ?1", &[&id])? {
            advertisement::remove(context, gone.text("AdvertisementID"))?;
        }
        for program in context.find("SMS_Program", "PackageID = ?1", &[&id])? {
            program::mark(context, &program)?;
        }
        for assignment in context.find(
            "SMS_DistributionPoint",
            "PackageID = ?1 AND Status IS NOT 3",
            &[&id],
        )? {
            super::distribution_point::withdraw(context, &assignment)?;
        }
        let mut marked = Object::new();
        marked.set("ActionInProgress", 3);
        context.update("SMS_Package", key, &marked)?;
        Ok(())
    }
}

fn check(package: &Object) -> Result<(), Refusal> {
    values::check_one_of(package, "PkgSourceFlag", &[0, 1, DIRECT, 3, LOCAL])?;
    values::check_one_of(package, "Priority", &[1, 2, 3])?;
    values::check_one_of(package, "ShareType", &[1, SHARE_SPECIFIC])?;
    let flag = package.number("PkgSourceFlag");
    if flag == DIRECT && package.text("PkgSourcePath").is_empty() {
        return Err(Refusal::invalid(
            "a package with source files (PkgSourceFlag 2) needs PkgSourcePath",
        ));
    }
    if package.number("ShareType") == SHARE_SPECIFIC && package.text("ShareName").is_empty() {
        return Err(Refusal::invalid(
            "a custom share (ShareType 2) needs ShareName",
        ));
    }
    if flag != DIRECT && !package.list("RefreshSchedule").is_empty() {
        return Err(Refusal::invalid(
            "RefreshSchedule is allowed only when PkgSourceFlag is 2",
        ));
    }
    Ok(())
}

fn check_not_leaving(package: &Object) -> Result<(), Refusal> {
    if package.number("ActionInProgress") == 3 {
        return Err(Refusal::new(
            Wbem::NotFound,
            format!("the package {} is being deleted", package.text("PackageID")),
        ));
    }
    Ok(())
}

/// Whether the package has files to distribute.
pub(super) fn has_files(package: &Object) -> bool {
    matches!(package.number("PkgSourceFlag"), DIRECT | LOCAL)
}

/// A package that is there and stays.
pub(super) fn existing(context: &Context<'_>, id: &str) -> Result<Object, StoreError> {
    let missing = || Refusal::not_found(format!("there is no package {id}"));
    let package = context.read_named("SMS_Package", id)?.ok_or_else(missing)?;
    check_not_leaving(&package)?;
    Ok(package)
}

/// Counts the programs of a package anew.
pub(super) fn count_programs(context: &Context<'_>, id: &str) -> Result<(), StoreError> {
    context.execute(
        "UPDATE SMS_Package SET NumOfPrograms = (SELECT count(*) FROM SMS_Program \
         WHERE SMS_Program.PackageID = SMS_Package.PackageID AND ActionInProgress IS NOT 3) WHERE PackageID = ?1",
        &[&id],
    )?;
    Ok(())
}

/// The state a new assignment of a package starts in.
pub(super) const FIRST_STATE: State = State::InstallPending;
