//! `SMS_Advertisement`: what it offers must exist and fit; name, collection, package and program stay.

use super::{Rules, package, values};
use crate::site::context::Context;
use crate::site::refusal::Refusal;
use crate::site::store::object::next_number;
use crate::site::store::{Object, ObjectKey, StoreError, object};
use crate::sms::advertisement_flags::{AdvertFlags, TimeFlags};
use crate::sms::program_flags::ProgramFlags;

pub(super) struct Advertisement;

/// The counter behind the next `AdvertisementID`.
pub const COUNTER: &str = "advertisement";

const FIXED: &[&str] = &[
    "AdvertisementName",
    "CollectionID",
    "PackageID",
    "ProgramName",
];

/// Which boolean (lazy on lists) each bit of `TimeFlags` mirrors.
const TIME_FLAGS: &[(&str, TimeFlags)] = &[
    ("PresentTimeEnabled", TimeFlags::ENABLE_PRESENT),
    ("ExpirationTimeEnabled", TimeFlags::ENABLE_EXPIRATION),
    ("AssignedScheduleEnabled", TimeFlags::ENABLE_MANDATORY),
    ("PresentTimeIsGMT", TimeFlags::GMT_PRESENT),
    ("ExpirationTimeIsGMT", TimeFlags::GMT_EXPIRATION),
    ("AssignedScheduleIsGMT", TimeFlags::GMT_MANDATORY),
];

impl Rules for Advertisement {
    fn create(&self, context: &Context<'_>, object: &mut Object) -> Result<(), StoreError> {
        check_references(context, object)?;
        check(context, object)?;
        let number = next_number(context.db, COUNTER)?;
        let time_flags = time_flags(object);
        object
            .set(
                "AdvertisementID",
                format!("{}2{number:04X}", context.site.code),
            )
            .set("AssignmentID", 16_777_216 + number)
            .set("SourceSite", context.site.code.as_str())
            .set("TimeFlags", time_flags.bits());
        Ok(())
    }

    fn update(
        &self,
        context: &Context<'_>,
        old: &Object,
        changes: &mut Object,
    ) -> Result<(), StoreError> {
        values::check_fixed("SMS_Advertisement", FIXED, old, changes)?;
        for name in FIXED {
            // Said again in other case: the name stays as it was.
            if changes.has(name) {
                changes.set(name, old.text(name));
            }
        }
        let merged = values::merged(old, changes);
        check(context, &merged)?;
        changes.set("TimeFlags", time_flags(&merged).bits());
        Ok(())
    }

    /// At once; clients stop at their next policy poll.
    fn delete(
        &self,
        context: &Context<'_>,
        _key: &ObjectKey,
        object: &Object,
    ) -> Result<(), StoreError> {
        remove(context, object.text("AdvertisementID"))
    }
}

/// Removes an advertisement with what was summarised of it. What its clients said stays, as history of the program
/// (distribution.md 8).
pub(super) fn remove(context: &Context<'_>, id: &str) -> Result<(), StoreError> {
    context.execute(
        "DELETE FROM SMS_DeploymentSummary WHERE DeploymentID = ?1",
        &[&id],
    )?;
    object::delete(
        context.db,
        context.class("SMS_Advertisement")?,
        &ObjectKey::text(id),
    )?;
    Ok(())
}

fn check_references(context: &Context<'_>, advertisement: &Object) -> Result<(), StoreError> {
    let id = advertisement.text("PackageID");
    if id.chars().any(|letter| letter.is_ascii_lowercase()) {
        return Err(Refusal::invalid("PackageID must be upper case").into());
    }
    package::existing(context, id)?;
    let collection = advertisement.text("CollectionID");
    if context.read_named("SMS_Collection", collection)?.is_none() {
        return Err(Refusal::not_found(format!("there is no collection {collection}")).into());
    }
    program(context, advertisement).map(drop)
}

fn program(context: &Context<'_>, advertisement: &Object) -> Result<Object, StoreError> {
    let (package, name) = (
        advertisement.text("PackageID"),
        advertisement.text("ProgramName"),
    );
    let found = context.find(
        "SMS_Program",
        "PackageID = ?1 AND ProgramName = ?2 AND ActionInProgress IS NOT 3",
        &[&package, &name],
    )?;
    let missing = || Refusal::not_found(format!("the package {package} has no program {name}"));
    Ok(found.into_iter().next().ok_or_else(missing)?)
}

/// Flags a client would silently not be offered, or that mean nothing (classes.md 11).
fn check(context: &Context<'_>, advertisement: &Object) -> Result<(), StoreError> {
    if !matches!(advertisement.number("OfferType"), 0 | 2) {
        return Err(Refusal::invalid("OfferType: 0 required or 2 available").into());
    }
    values::check_one_of(advertisement, "Priority", &[1, 2, 3])?;
    let flags = u32::try_from(advertisement.number("AdvertFlags")).unwrap_or_default();
    let flags = AdvertFlags::from_bits_retain(flags);
    let mandatory = flags.has_trigger() || !advertisement.list("AssignedSchedule").is_empty();
    for (only_mandatory, name) in [
        (AdvertFlags::NO_DISPLAY, "NO_DISPLAY"),
        (AdvertFlags::ONSLOWNET, "ONSLOWNET"),
    ] {
        if flags.contains(only_mandatory) && !mandatory {
            return Err(
                Refusal::invalid(format!("{name} is for mandatory advertisements only")).into(),
            );
        }
    }
    if flags.contains(AdvertFlags::ONUSERLOGOFF) {
        let program = u32::try_from(program(context, advertisement)?.number("ProgramFlags"))
            .unwrap_or_default();
        if !ProgramFlags::from_bits_retain(program).contains(ProgramFlags::NOUSERLOGGEDIN) {
            return Err(
                Refusal::invalid("ONUSERLOGOFF needs a program with NOUSERLOGGEDIN").into(),
            );
        }
    }
    Ok(())
}

fn time_flags(advertisement: &Object) -> TimeFlags {
    TIME_FLAGS
        .iter()
        .filter(|(name, _)| advertisement.flag(name))
        .fold(TimeFlags::empty(), |flags, (_, bit)| flags | *bit)
}
