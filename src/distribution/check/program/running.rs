//! Rules of how a program runs, new or existing: who is signed in, with whose rights, and what comes after.

use super::{is_new, place};
use crate::distribution::check::{Case, Finding, Running};
use crate::distribution::draft::{
    After, Answer, DriveMode, FarPoint, Intent, NearPoint, Origin, Rights, RunWhen, Value, Window,
};
use crate::distribution::field::FieldId;

/// A finding when the program runs so.
fn when_running(case: &Case<'_>, is_so: impl FnOnce(Running) -> bool) -> Option<()> {
    is_so(case.running()?).then_some(())
}

pub(in super::super) fn hidden_but_interactive(case: &Case<'_>) -> Option<Finding> {
    when_running(case, |running| {
        running.window == Window::Hidden && running.interacts
    })?;
    Some(
        Finding::note(
            "PRG-W20",
            "Hidden but waiting for answers: nobody can see the questions.",
        )
        .at(place(case, FieldId::ProgramWindow)),
    )
}

pub(in super::super) fn user_rights_install(case: &Case<'_>) -> Option<Finding> {
    when_running(case, |running| running.rights == Rights::User)?;
    (case.draft.intent() == Intent::Install).then(|| {
        let finding = Finding::note(
            "PRG-W21",
            "Most installers fail without administrative rights.",
        )
        .at(place(case, FieldId::ProgramRights));
        if is_new(case) {
            finding.set(
                "Use administrative rights",
                [(FieldId::ProgramRights, Rights::Administrative.to_value())],
            )
        } else {
            finding
        }
    })
}

/// Looks at the bare answer: what is settled is off here, but somebody asked for the impossible.
pub(in super::super) fn nobody_to_answer(case: &Case<'_>) -> Option<Finding> {
    let asked = match case.draft.program_origin() {
        Origin::New => {
            case.draft.program.interact == Some(true) && case.draft.run_when() == RunWhen::NoUser
        }
        Origin::Existing => {
            let running = case.running()?;
            running.interacts && running.run_when == RunWhen::NoUser
        }
    };
    asked.then(|| {
        let finding = Finding::stops("PRG-E22", "Nobody is there to answer.")
            .because("The program runs only while no user is signed in.")
            .at(place(case, FieldId::ProgramInteract));
        if is_new(case) {
            finding.set(
                "Ask nobody",
                [(FieldId::ProgramInteract, Value::Flag(false))],
            )
        } else {
            finding
        }
    })
}

pub(in super::super) fn may_wait_unseen(case: &Case<'_>) -> Option<Finding> {
    when_running(case, |running| {
        running.interacts && running.run_when == RunWhen::Any
    })?;
    let finding = Finding::confirm(
        "PRG-W23",
        "If nobody is signed in, the installer waits unseen.",
    )
    .because("The client does not stop such a program when its time is up.")
    .at(place(case, FieldId::ProgramInteract));
    Some(if is_new(case) {
        finding.set(
            "Use Only when a user is signed in",
            [(FieldId::ProgramRunWhen, RunWhen::User.to_value())],
        )
    } else {
        finding
    })
}

pub(in super::super) fn restarts_devices(case: &Case<'_>) -> Option<Finding> {
    when_running(case, |running| {
        matches!(running.after, After::Restart | After::ProgramRestarts)
    })?;
    Some(
        Finding::note("PRG-W24", "Every device restarts after a successful run.")
            .at(place(case, FieldId::ProgramAfter)),
    )
}

pub(in super::super) fn signs_out_nobody(case: &Case<'_>) -> Option<Finding> {
    when_running(case, |running| {
        running.after == After::SignOut && running.run_when == RunWhen::NoUser
    })?;
    Some(
        Finding::note(
            "PRG-W25",
            "Signing the user out is pointless while no user is signed in.",
        )
        .at(place(case, FieldId::ProgramAfter)),
    )
}

pub(in super::super) fn bad_drive_letter(case: &Case<'_>) -> Option<Finding> {
    let letter = case.text(FieldId::ProgramDriveLetter);
    let is_letter = letter.len() == 1 && letter.starts_with(|c: char| c.is_ascii_alphabetic());
    (case.shows(FieldId::ProgramDriveLetter) && !is_letter).then(|| {
        Finding::stops("PRG-E26", "A drive letter is one letter from A to Z.")
            .at(FieldId::ProgramDriveLetter)
    })
}

pub(in super::super) fn letter_needs_share(case: &Case<'_>) -> Option<Finding> {
    when_running(case, |running| running.needs_letter)?;
    let from_server =
        case.draft.fast() == NearPoint::RunFrom || case.draft.slow() == FarPoint::RunFrom;
    if case.has_files()? && from_server && case.is_shared()? {
        return None;
    }
    let finding = Finding::stops(
        "PRG-E27",
        "A drive letter needs Run from the server and Copy to a package share.",
    )
    .because("There is no drive to connect when the files are downloaded first.")
    .at(place(case, FieldId::ProgramDriveMode));
    let share = (FieldId::PackageCopyToShare, Value::Flag(true));
    let run_from = (FieldId::AdvertisementFast, NearPoint::RunFrom.to_value());
    Some(match case.draft.package_origin() {
        Origin::New if case.draft.has_source() => finding.set("Set both", [share, run_from]),
        _ if is_new(case) => finding.set(
            "Use no drive letter",
            [(FieldId::ProgramDriveMode, DriveMode::Unc.to_value())],
        ),
        _ => finding,
    })
}

pub(in super::super) fn letter_may_be_taken(case: &Case<'_>) -> Option<Finding> {
    let letter = case.text(FieldId::ProgramDriveLetter).to_uppercase();
    (case.shows(FieldId::ProgramDriveLetter) && !letter.is_empty()).then(|| {
        Finding::note(
            "PRG-W28",
            format!("If the device already uses {letter}:, the program does not run."),
        )
        .at(FieldId::ProgramDriveLetter)
    })
}
