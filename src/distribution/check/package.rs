//! Rules of the package (wizard.md 4) and of the first step.

use super::{Case, Finding, Found, Rule, too_long};
use crate::distribution::draft::folder::{Written, written};
use crate::distribution::draft::{Origin, Priority, Value};
use crate::distribution::facts::{Fact, PackageFact, SourceFact};
use crate::distribution::field::FieldId;
use crate::distribution::words::{few, number};

pub(super) const RULES: &[Rule] = &[
    reason_too_long,
    none_chosen,
    being_deleted,
    content_behind,
    no_name,
    name_too_long,
    same_exists,
    version_too_long,
    no_version,
    manufacturer_too_long,
    manufacturer_spelling,
    language_too_long,
    description_too_long,
    no_source,
    source_too_long,
    source_long,
    source_not_absolute,
    source_on_server_drive,
    source_no_path,
    source_out_of_sight,
    source_unreadable,
    source_empty,
    source_hidden_files,
    source_shared,
    high_priority,
    kept_in_cache,
    bad_share_name,
    share_taken,
    share_costs_room,
];

fn is_new(case: &Case<'_>) -> bool {
    case.draft.package_origin() == Origin::New
}

fn new_with_files(case: &Case<'_>) -> bool {
    is_new(case) && case.draft.has_source()
}

/// The source folder as written, where there is one.
fn source(case: &Case<'_>) -> Option<String> {
    let folder = case.text(FieldId::PackageSource);
    (new_with_files(case) && !folder.is_empty()).then_some(folder)
}

fn reason_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::StartReason, "ST-E06")
}

fn none_chosen(case: &Case<'_>) -> Option<Finding> {
    if is_new(case) {
        return None;
    }
    let said = case.text(FieldId::PackageUse);
    let what = match case.package() {
        _ if said.is_empty() => "Choose a package.".into(),
        Found::Nothing => format!("There is no package called '{said}', by id or name."),
        Found::Several(packages) => {
            let ids: Vec<&str> = packages
                .iter()
                .map(|package| package.id().as_str())
                .collect();
            format!(
                "{} packages are called '{said}' ({}); choose one by its id.",
                packages.len(),
                ids.join(", ")
            )
        }
        Found::One(_) | Found::Unknown => return None,
    };
    Some(Finding::stops("PKG-E02", what).at(FieldId::PackageUse))
}

fn being_deleted(case: &Case<'_>) -> Option<Finding> {
    let package = case.package().one()?;
    package.row.is_being_deleted().then(|| {
        Finding::stops("PKG-W03", "This package is being deleted on the site.")
            .because("Its programs and files go with it.")
            .at(FieldId::PackageUse)
    })
}

fn content_behind(case: &Case<'_>) -> Option<Finding> {
    let package = case.package().one()?;
    if !package.row.needs_distribution_points() {
        return None;
    }
    let fact = case.facts.content(&case.text(FieldId::PackageUse));
    let content = fact.value()?;
    let (ok, all) = (content.current().count(), content.copies.len());
    (ok < all).then(|| {
        Finding::note(
            "PKG-W04",
            format!("Content: {ok} of {all} distribution points have the current version."),
        )
        .because("Devices near the others wait for it.")
        .at(FieldId::PackageUse)
    })
}

fn no_name(case: &Case<'_>) -> Option<Finding> {
    (is_new(case) && case.text(FieldId::PackageName).is_empty())
        .then(|| Finding::stops("PKG-E05", "Give the package a name.").at(FieldId::PackageName))
}

fn name_too_long(case: &Case<'_>) -> Option<Finding> {
    let mut finding = too_long(case, FieldId::PackageName, "PKG-E06")?;
    let length = case.text(FieldId::PackageName).encode_utf16().count();
    finding.what = format!("Package names are limited to 50 characters (this has {length}).");
    Some(finding)
}

fn same_exists(case: &Case<'_>) -> Option<Finding> {
    if !is_new(case) {
        return None;
    }
    let fact = case.facts.packages(&case.text(FieldId::PackageName));
    let same = fact
        .value()?
        .iter()
        .find(|package| is_same(case, package))?;
    let id = same.id().to_string();
    Some(
        Finding::confirm(
            "PKG-W07",
            format!("{} already exists as {id}. Use it?", same.title()),
        )
        .because("Two packages alike are hard to tell apart.")
        .at(FieldId::PackageName)
        .set("Use it", [(FieldId::PackageUse, Value::Text(id))]),
    )
}

fn is_same(case: &Case<'_>, package: &PackageFact) -> bool {
    let row = &package.row;
    [
        (FieldId::PackageName, &row.name),
        (FieldId::PackageVersion, &row.version),
        (FieldId::PackageManufacturer, &row.manufacturer),
        (FieldId::PackageLanguage, &row.language),
    ]
    .into_iter()
    .all(|(id, there)| case.text(id).to_lowercase() == there.trim().to_lowercase())
}

fn version_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::PackageVersion, "PKG-E09")
}

fn no_version(case: &Case<'_>) -> Option<Finding> {
    (is_new(case) && case.text(FieldId::PackageVersion).is_empty()).then(|| {
        Finding::note(
            "PKG-W10",
            "Without a version, the next one will be hard to tell apart.",
        )
        .at(FieldId::PackageVersion)
    })
}

fn manufacturer_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::PackageManufacturer, "PKG-E11")
}

fn manufacturer_spelling(case: &Case<'_>) -> Option<Finding> {
    let said = case.text(FieldId::PackageManufacturer);
    if !is_new(case) || said.is_empty() {
        return None;
    }
    let fact = case.facts.makers();
    let makers = fact.value()?;
    if makers.contains(&said) {
        return None;
    }
    let other = makers.iter().find(|maker| bare(maker) == bare(&said))?;
    Some(
        Finding::note(
            "PKG-W12",
            format!("You already use '{other}'. Use the same spelling?"),
        )
        .at(FieldId::PackageManufacturer)
        .set(
            "Use it",
            [(FieldId::PackageManufacturer, Value::Text(other.clone()))],
        ),
    )
}

/// A maker's name without what people write differently: case, marks, and the form of the company.
fn bare(maker: &str) -> String {
    const FORMS: [&str; 8] = [
        "inc",
        "ltd",
        "llc",
        "gmbh",
        "ag",
        "corp",
        "corporation",
        "co",
    ];
    maker
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !FORMS.contains(word))
        .collect()
}

fn language_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::PackageLanguage, "PKG-E13")
}

fn description_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::PackageDescription, "PKG-E14")
}

fn no_source(case: &Case<'_>) -> Option<Finding> {
    (new_with_files(case) && case.text(FieldId::PackageSource).is_empty()).then(|| {
        let example = match case.is_embedded() {
            Some(true) => "./line-tool",
            _ => r"\\files\apps\7zip",
        };
        Finding::stops(
            "PKG-E15",
            format!("Where are the files? Give a folder such as {example}."),
        )
        .at(FieldId::PackageSource)
    })
}

fn source_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::PackageSource, "PKG-E16")
}

fn source_long(case: &Case<'_>) -> Option<Finding> {
    let length = source(case)?.encode_utf16().count();
    (141..=256).contains(&length).then(|| {
        Finding::note(
            "PKG-W17",
            "Paths over 140 characters can break prestaged content.",
        )
        .at(FieldId::PackageSource)
    })
}

/// The rule follows the site: a real one reads UNC paths and drives of its own server, an embedded one its machine.
fn source_not_absolute(case: &Case<'_>) -> Option<Finding> {
    let folder = source(case)?;
    let is_real = case.is_embedded() == Some(false);
    (is_real && matches!(written(&folder), Written::Rooted | Written::Relative)).then(|| {
        Finding::stops(
            "PKG-E18",
            r"Use a full path that starts with \\server\ or a drive letter.",
        )
        .because("The site's server reads the folder, not this machine.")
        .at(FieldId::PackageSource)
    })
}

fn source_on_server_drive(case: &Case<'_>) -> Option<Finding> {
    let Written::Drive(drive) = written(&source(case)?) else {
        return None;
    };
    (case.is_embedded() == Some(false)).then(|| {
        Finding::note(
            "PKG-W19",
            format!("This means drive {drive}: on the site server."),
        )
        .because("Drives of this machine, mapped ones too, are not there.")
        .at(FieldId::PackageSource)
    })
}

fn source_no_path(case: &Case<'_>) -> Option<Finding> {
    let folder = source(case)?;
    let what = match (written(&folder), case.is_embedded()) {
        (Written::Address, _) => format!("'{folder}' is an address, not a folder."),
        (Written::Unc | Written::Drive(_), Some(true)) => {
            format!(
                "'{folder}' is a path of a Windows machine; this site reads folders of the machine it is on."
            )
        }
        _ => return None,
    };
    Some(Finding::stops("PKG-E20", what).at(FieldId::PackageSource))
}

fn source_out_of_sight(case: &Case<'_>) -> Option<Finding> {
    source(case)?;
    (case.is_here() == Some(false)).then(|| {
        Finding::note(
            "PKG-W21",
            "consign cannot check this folder from this machine; the site server will.",
        )
        .at(FieldId::PackageSource)
    })
}

fn read_source<'a>(case: &Case<'a>) -> Option<&'a SourceFact> {
    let folder = source(case)?;
    match case.facts.source(&folder) {
        Fact::Known { value, .. } => Some(value),
        _ => None,
    }
}

fn source_unreadable(case: &Case<'_>) -> Option<Finding> {
    let SourceFact::Trouble { full_path, reason } = read_source(case)? else {
        return None;
    };
    Some(
        Finding::stops("PKG-E21", format!("{full_path} cannot be used: {reason}."))
            .because("The site reads the files from there when the plan runs.")
            .at(FieldId::PackageSource),
    )
}

fn source_empty(case: &Case<'_>) -> Option<Finding> {
    let SourceFact::Folder { files: 0, .. } = read_source(case)? else {
        return None;
    };
    Some(
        Finding::stops("PKG-E22", "The folder is empty.")
            .because("There is nothing to send to devices.")
            .at(FieldId::PackageSource),
    )
}

fn source_hidden_files(case: &Case<'_>) -> Option<Finding> {
    let SourceFact::Folder { hidden, .. } = read_source(case)? else {
        return None;
    };
    (!hidden.is_empty()).then(|| {
        let (count, files) = (
            number(hidden.len() as u64),
            if hidden.len() == 1 { "file" } else { "files" },
        );
        Finding::note(
            "PKG-W23",
            format!("{count} hidden {files}: {}.", few(hidden)),
        )
        .because("Hidden files have caused hash mismatches on clients.")
        .at(FieldId::PackageSource)
    })
}

fn source_shared(case: &Case<'_>) -> Option<Finding> {
    let fact = case.facts.source_users(&source(case)?);
    let users = fact.value()?;
    (!users.is_empty()).then(|| {
        let ids: Vec<&str> = users.iter().map(|user| user.id.as_str()).collect();
        Finding::note(
            "PKG-W24",
            format!("The same folder is already used by {}.", few(&ids)),
        )
        .because("A change of its files changes those packages too.")
        .at(FieldId::PackageSource)
    })
}

fn high_priority(case: &Case<'_>) -> Option<Finding> {
    (new_with_files(case) && case.draft.priority() == Priority::High).then(|| {
        Finding::note(
            "PKG-W25",
            "High priority jumps ahead of everyone's content.",
        )
        .at(FieldId::PackagePriority)
    })
}

fn kept_in_cache(case: &Case<'_>) -> Option<Finding> {
    (new_with_files(case) && case.draft.is_on(FieldId::PackagePersistCache)).then(|| {
        Finding::note(
            "PKG-W26",
            "Kept content is never cleared to make room; large packages can fill the cache.",
        )
        .at(FieldId::PackagePersistCache)
    })
}

fn share(case: &Case<'_>) -> Option<String> {
    let name = case.text(FieldId::PackageShareName);
    (case.shows(FieldId::PackageShareName) && !name.is_empty()).then_some(name)
}

fn bad_share_name(case: &Case<'_>) -> Option<Finding> {
    const FORBIDDEN: &[char] = &[
        '"', '/', '[', ']', ':', '|', '<', '>', '+', '=', ';', ',', '?', '*',
    ];
    let name = share(case)?;
    let what = if name.contains(FORBIDDEN) || name.encode_utf16().count() > 127 {
        "At most 127 characters and none of \" / [ ] : | < > + = ; , ? *"
    } else if name.contains('\\')
        && name
            .split('\\')
            .any(|part| part.encode_utf16().count() > 80)
    {
        "Each part of a share name may have at most 80 characters."
    } else {
        return None;
    };
    Some(Finding::stops("PKG-E27", what).at(FieldId::PackageShareName))
}

fn share_taken(case: &Case<'_>) -> Option<Finding> {
    let name = share(case)?;
    let fact = case.facts.share_users(&name);
    let user = fact.value()?.first()?;
    Some(
        Finding::stops(
            "PKG-E28",
            format!(
                "The share '{name}' is already used by {} ({}).",
                user.name, user.id
            ),
        )
        .at(FieldId::PackageShareName),
    )
}

fn share_costs_room(case: &Case<'_>) -> Option<Finding> {
    (new_with_files(case) && case.draft.is_on(FieldId::PackageCopyToShare)).then(|| {
        Finding::note(
            "PKG-W29",
            "Uses extra disk space on every distribution point.",
        )
        .at(FieldId::PackageCopyToShare)
    })
}
