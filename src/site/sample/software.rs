//! Packages and programs of the sample, with small source files that are really there.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::json;

use super::dice::Dice;
use super::object;
use super::points::Points;
use crate::site::content::group;
use crate::site::context::Context;
use crate::site::refusal::Refusal;
use crate::site::rules;
use crate::site::store::StoreError;
use crate::sms::choices::{After, Rights, RunWhen, Window};
use crate::sms::ids::{GroupId, PackageId};
use crate::sms::program_flags::ProgramFlags;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Software {
    package: Vec<Package>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Package {
    name: String,
    version: String,
    manufacturer: String,
    /// `PackageType`: what is not 0 is software distribution's neighbour on every site.
    #[serde(default)]
    kind: u32,
    #[serde(default)]
    files: Vec<(String, usize)>,
    #[serde(default)]
    points: Vec<String>,
    /// The source folder has gone since the package was made.
    #[serde(default)]
    lost: bool,
    #[serde(default)]
    programs: Vec<Program>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Program {
    name: String,
    command: String,
    #[serde(default)]
    run_when: Option<String>,
    #[serde(default)]
    rights: Option<String>,
    #[serde(default)]
    window: Option<String>,
    #[serde(default)]
    after: Option<String>,
    #[serde(default)]
    interact: bool,
    #[serde(default)]
    disabled: bool,
    #[serde(default = "an_hour")]
    minutes: u32,
}

fn an_hour() -> u32 {
    60
}

/// Ids of the packages by name and version.
pub type Packages = HashMap<String, String>;

/// Makes the packages, their programs and their source folders below `sources`, and assigns them to points.
pub fn fill(
    context: &Context<'_>,
    points: &Points,
    sources: &Path,
    seed: u64,
) -> Result<Packages, StoreError> {
    let software: Software = super::read(
        "software.toml",
        include_str!("../../../assets/sample/software.toml"),
    )?;
    software
        .package
        .iter()
        .map(|package| {
            let title = named(&package.name, &package.version);
            let id = add(context, package, &sources.join(&title), seed)?;
            for program in &package.programs {
                add_program(context, &id, program)?;
            }
            assign(context, &id, &package.points, points)?;
            Ok((title, id))
        })
        .collect()
}

/// `7-Zip 24.08`.
fn named(name: &str, version: &str) -> String {
    format!("{name} {version}").trim_end().to_owned()
}

fn add(
    context: &Context<'_>,
    package: &Package,
    source: &Path,
    seed: u64,
) -> Result<String, StoreError> {
    let mut changes = json!({
        "Name": package.name, "Version": package.version, "Manufacturer": package.manufacturer, "Language": "English",
        "PackageType": package.kind, "PkgSourceFlag": 1,
    });
    if !package.files.is_empty() {
        if !package.lost {
            write_files(source, &package.files, seed)?;
        }
        changes["PkgSourceFlag"] = 2.into();
        changes["PkgSourcePath"] = source.to_string_lossy().into();
    }
    let made = rules::create(context, "SMS_Package", &object(changes))?;
    Ok(made.text("PackageID").to_owned())
}

fn write_files(source: &Path, files: &[(String, usize)], seed: u64) -> Result<(), StoreError> {
    for (name, size) in files {
        let path = source.join(name);
        let written = path
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&path, bytes(name, *size, seed)));
        written.map_err(|error| {
            Refusal::not_now(format!("cannot write {}: {error}", path.display()))
        })?;
    }
    Ok(())
}

/// Bytes that differ from file to file and are the same for every fleet of one seed.
fn bytes(name: &str, size: usize, seed: u64) -> Vec<u8> {
    let mut dice = Dice::for_subject(seed, name);
    let mut bytes: Vec<u8> = std::iter::repeat_with(|| dice.roll().to_le_bytes())
        .take(size.div_ceil(8))
        .flatten()
        .collect();
    bytes.truncate(size);
    bytes
}

fn add_program(context: &Context<'_>, package: &str, program: &Program) -> Result<(), StoreError> {
    let changes = json!({
        "PackageID": package, "ProgramName": program.name, "CommandLine": program.command,
        "Duration": program.minutes, "ProgramFlags": flags(program).bits(),
    });
    rules::create(context, "SMS_Program", &object(changes)).map(drop)
}

/// A silent administrative install on any platform, except where the program says otherwise.
fn flags(program: &Program) -> ProgramFlags {
    let mut flags = ProgramFlags::SILENT;
    flags.set(ProgramFlags::UNATTENDED, !program.interact);
    flags.set(ProgramFlags::DISABLED, program.disabled);
    choice(program.window.as_deref(), Window::Hidden).write_into(&mut flags);
    choice(program.run_when.as_deref(), RunWhen::Any).write_into(&mut flags);
    choice(program.rights.as_deref(), Rights::Administrative).write_into(&mut flags);
    choice(program.after.as_deref(), After::Nothing).write_into(&mut flags);
    flags
}

fn choice<T: std::str::FromStr>(text: Option<&str>, default: T) -> T {
    text.and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// What is targeted to the group goes to each of its points.
fn assign(
    context: &Context<'_>,
    package: &str,
    wanted: &[String],
    points: &Points,
) -> Result<(), StoreError> {
    if wanted.iter().any(|name| name == "group") {
        let group = GroupId::from(points.group.as_str());
        return group::add_packages(context, &group, &[PackageId::from(package)]);
    }
    for (_, path) in points
        .servers
        .iter()
        .filter(|(name, _)| wanted.contains(name))
    {
        rules::assign(context, package, path.as_str(), context.site.code.as_str())?;
    }
    Ok(())
}
