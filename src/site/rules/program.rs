//! `SMS_Program`: flags that fit each other, and names that are unique in their package.

mod requirements;

use super::{Rules, advertisement, package, values};
use crate::site::context::Context;
use crate::site::refusal::Refusal;
use crate::site::store::{Object, ObjectKey, StoreError};
use crate::sms::program_flags::ProgramFlags;

pub(super) struct Program;

/// `PackageType` of task sequences: each has one program, of the name others may not have.
const TASK_SEQUENCE: i64 = 4;

/// The longest run time the class allows, in minutes.
const LONGEST: i64 = 720;

/// Bits that contradict each other, and what to say (classes.md 2).
const CONFLICTS: &[(ProgramFlags, &str)] = &[
    (
        ProgramFlags::USERCONTEXT.union(ProgramFlags::NOUSERLOGGEDIN),
        "USERCONTEXT and NOUSERLOGGEDIN exclude each other",
    ),
    (
        ProgramFlags::USEUNCPATH.union(ProgramFlags::PERSISTCONNECTION),
        "PERSISTCONNECTION needs USEUNCPATH to be clear",
    ),
    (
        ProgramFlags::RUNMINIMIZED.union(ProgramFlags::RUNMAXIMIZED),
        "RUNMINIMIZED and RUNMAXIMIZED exclude each other",
    ),
    (
        ProgramFlags::RUNMINIMIZED.union(ProgramFlags::HIDEWINDOW),
        "RUNMINIMIZED and HIDEWINDOW exclude each other",
    ),
    (
        ProgramFlags::RUNMAXIMIZED.union(ProgramFlags::HIDEWINDOW),
        "RUNMAXIMIZED and HIDEWINDOW exclude each other",
    ),
];

impl Rules for Program {
    fn create(&self, context: &Context<'_>, object: &mut Object) -> Result<(), StoreError> {
        let package = package::existing(context, object.text("PackageID"))?;
        let is_task_sequence = package.number("PackageType") == TASK_SEQUENCE;
        if object.text("ProgramName").trim() == "*" && !is_task_sequence {
            return Err(
                Refusal::invalid("the program name * is reserved for task sequences").into(),
            );
        }
        check(object)?;
        object.set("PackageID", package.text("PackageID"));
        requirements::check(context, object, object)?;
        object
            .set("PackageName", package.text("Name"))
            .set("PackageVersion", package.text("Version"))
            .set("PackageType", package.number("PackageType"))
            .set("SecuredTypeID", 2);
        Ok(())
    }

    fn created(&self, context: &Context<'_>, object: &Object) -> Result<(), StoreError> {
        package::count_programs(context, object.text("PackageID"))
    }

    fn update(
        &self,
        context: &Context<'_>,
        old: &Object,
        changes: &mut Object,
    ) -> Result<(), StoreError> {
        if old.number("ActionInProgress") == 3 {
            let name = old.text("ProgramName");
            return Err(Refusal::not_now(format!("the program {name} is being deleted")).into());
        }
        let merged = values::merged(old, changes);
        check(&merged)?;
        requirements::check(context, &merged, changes)
    }

    /// Asynchronous: the program stays marked, and listed, until the site has finished with it.
    fn delete(
        &self,
        context: &Context<'_>,
        _key: &ObjectKey,
        object: &Object,
    ) -> Result<(), StoreError> {
        let (package, name) = (object.text("PackageID"), object.text("ProgramName"));
        let using = context.find(
            "SMS_Advertisement",
            "PackageID = ?1 AND ProgramName = ?2",
            &[&package, &name],
        )?;
        for advertisement in using {
            advertisement::remove(context, advertisement.text("AdvertisementID"))?;
        }
        mark(context, object)?;
        package::count_programs(context, package)
    }
}

fn check(program: &Object) -> Result<(), Refusal> {
    let flags = u32::try_from(program.number("ProgramFlags")).unwrap_or_default();
    let flags = ProgramFlags::from_bits_retain(flags);
    if let Some((_, words)) = CONFLICTS.iter().find(|(both, _)| flags.contains(*both)) {
        return Err(Refusal::invalid(format!("ProgramFlags: {words}")));
    }
    let minutes = program.number("Duration");
    if !(0..=LONGEST).contains(&minutes) {
        return Err(Refusal::invalid(format!(
            "Duration: 0 to {LONGEST} minutes (this has {minutes})"
        )));
    }
    let letter = program.text("DriveLetter");
    if !letter.is_empty() && !letter.chars().all(|letter| letter.is_ascii_alphabetic()) {
        return Err(Refusal::invalid("DriveLetter: one letter from a to z"));
    }
    Ok(())
}

/// Marks a program as being deleted.
pub(super) fn mark(context: &Context<'_>, program: &Object) -> Result<(), StoreError> {
    let mut marked = Object::new();
    marked.set("ActionInProgress", 3);
    let key = program.key(context.class("SMS_Program")?);
    context.update("SMS_Program", &key, &marked)?;
    Ok(())
}
