//! What a program asks for: another program that runs before it, and platforms the site knows (classes.md 2 and 3).

use std::collections::HashSet;

use serde_json::Value;

use crate::site::context::Context;
use crate::site::refusal::{Refusal, Wbem};
use crate::site::store::{Object, StoreError};

/// Checks what was asked for, on the program as it will be.
pub(super) fn check(
    context: &Context<'_>,
    program: &Object,
    asked: &Object,
) -> Result<(), StoreError> {
    if asked.has("DependentProgram") {
        check_dependent(context, program)?;
    }
    for platform in asked.list("SupportedOperatingSystems") {
        check_platform(context, platform)?;
    }
    Ok(())
}

/// A program by its package and name, as texts in upper case so that they compare as the site compares them.
type Named = (String, String);

/// The program that runs before this one is there, and does not wait for this one in turn.
fn check_dependent(context: &Context<'_>, program: &Object) -> Result<(), StoreError> {
    let mut at = Object::new();
    at.merge(program);
    let mut seen = HashSet::from([named(
        program.text("PackageID"),
        program.text("ProgramName"),
    )]);
    while let Some((package, name)) = before(&at)? {
        if !seen.insert(named(&package, &name)) {
            let words = format!(
                "DependentProgram: {} would wait for itself",
                program.text("ProgramName")
            );
            return Err(Refusal::new(Wbem::CircularReference, words).into());
        }
        at = existing(context, &package, &name)?;
    }
    Ok(())
}

fn named(package: &str, name: &str) -> Named {
    (package.to_uppercase(), name.to_uppercase())
}

/// Package and name of the program that runs before this one, if it asks for one.
fn before(program: &Object) -> Result<Option<(String, String)>, Refusal> {
    let text = program.text("DependentProgram");
    if text.is_empty() {
        return Ok(None);
    }
    match text.split_once(";;") {
        Some((package, name)) if !name.is_empty() => {
            let own = program.text("PackageID");
            let package = if package.is_empty() { own } else { package };
            Ok(Some((package.to_owned(), name.to_owned())))
        }
        _ => Err(Refusal::invalid(format!(
            "DependentProgram is written PackageID;;ProgramName, or ;;ProgramName in the same package, not {text:?}"
        ))),
    }
}

fn existing(context: &Context<'_>, package: &str, name: &str) -> Result<Object, StoreError> {
    let found = context.find(
        "SMS_Program",
        "PackageID = ?1 AND ProgramName = ?2 AND ActionInProgress IS NOT 3",
        &[&package, &name],
    )?;
    let missing = || {
        Refusal::not_found(format!(
            "DependentProgram: the package {package} has no program {name}"
        ))
    };
    Ok(found.into_iter().next().ok_or_else(missing)?)
}

/// Every value of a platform is taken from a row of the site's list.
fn check_platform(context: &Context<'_>, platform: &Value) -> Result<(), StoreError> {
    let part = |name: &str| {
        let text = platform.get(name).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let (name, kind) = (part("Name"), part("Platform"));
    let (lowest, highest) = (part("MinVersion"), part("MaxVersion"));
    let known = context.count(
        "SMS_SupportedPlatforms",
        "OSName = ?1 AND OSPlatform = ?2 AND OSMinVersion = ?3 AND OSMaxVersion = ?4",
        &[&name, &kind, &lowest, &highest],
    )?;
    if known == 0 {
        return Err(Refusal::invalid(format!(
            "SupportedOperatingSystems: the site knows no platform {name} {kind} {lowest} to {highest}"
        ))
        .into());
    }
    Ok(())
}
