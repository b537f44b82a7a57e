//! Rules of the source folder. Which paths are right follows the site, not the screen.

use super::new_with_files;
use crate::distribution::check::{Case, Finding, too_long};
use crate::distribution::draft::folder::{Written, written};
use crate::distribution::facts::{Fact, SourceFact};
use crate::distribution::field::FieldId;
use crate::distribution::words::{few, number};

/// The source folder as written, where there is one.
fn source(case: &Case<'_>) -> Option<String> {
    let folder = case.text(FieldId::PackageSource);
    (new_with_files(case) && !folder.is_empty()).then_some(folder)
}

fn read_source<'a>(case: &Case<'a>) -> Option<&'a SourceFact> {
    let folder = source(case)?;
    match case.facts.source(&folder) {
        Fact::Known { value, .. } => Some(value),
        _ => None,
    }
}

pub(in super::super) fn no_source(case: &Case<'_>) -> Option<Finding> {
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

pub(in super::super) fn source_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::PackageSource, "PKG-E16")
}

pub(in super::super) fn source_long(case: &Case<'_>) -> Option<Finding> {
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
pub(in super::super) fn source_not_absolute(case: &Case<'_>) -> Option<Finding> {
    let folder = source(case)?;
    let is_real = case.is_embedded() == Some(false);
    let because = if case.is_guessed() {
        "This site does not say what machine it is on, and is taken for a Windows server, as nearly all are: it reads the \
         folder, not this machine."
    } else {
        "The site's server reads the folder, not this machine."
    };
    (is_real && matches!(written(&folder), Written::Rooted | Written::Relative)).then(|| {
        Finding::stops(
            "PKG-E18",
            r"Use a full path that starts with \\server\ or a drive letter.",
        )
        .because(because)
        .at(FieldId::PackageSource)
    })
}

pub(in super::super) fn source_on_server_drive(case: &Case<'_>) -> Option<Finding> {
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

pub(in super::super) fn source_no_path(case: &Case<'_>) -> Option<Finding> {
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

pub(in super::super) fn source_out_of_sight(case: &Case<'_>) -> Option<Finding> {
    source(case)?;
    (case.is_here() == Some(false)).then(|| {
        Finding::note(
            "PKG-W21",
            "consign cannot check this folder from this machine; the site server will.",
        )
        .at(FieldId::PackageSource)
    })
}

pub(in super::super) fn source_unreadable(case: &Case<'_>) -> Option<Finding> {
    let SourceFact::Trouble { full_path, reason } = read_source(case)? else {
        return None;
    };
    Some(
        Finding::stops("PKG-E21", format!("{full_path} cannot be used: {reason}."))
            .because("The site reads the files from there when the plan runs.")
            .at(FieldId::PackageSource),
    )
}

pub(in super::super) fn source_empty(case: &Case<'_>) -> Option<Finding> {
    let SourceFact::Folder { files: 0, .. } = read_source(case)? else {
        return None;
    };
    Some(
        Finding::stops("PKG-E22", "The folder is empty.")
            .because("There is nothing to send to devices.")
            .at(FieldId::PackageSource),
    )
}

pub(in super::super) fn source_hidden_files(case: &Case<'_>) -> Option<Finding> {
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

pub(in super::super) fn source_shared(case: &Case<'_>) -> Option<Finding> {
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
