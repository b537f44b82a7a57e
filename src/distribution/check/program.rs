//! Rules of the program (wizard.md 5). What holds for how a program runs holds for existing ones too.

use super::{Case, Finding, Found, Remedy, Rule, Running, too_long};
use crate::distribution::draft::{
    After, Answer, DriveMode, FarPoint, Intent, NearPoint, Origin, Purpose, Rights, RunWhen, Value,
    Window,
};
use crate::distribution::facts::{Fact, SourceFact};
use crate::distribution::field::FieldId;

mod command;

pub(super) const RULES: &[Rule] = &[
    none_chosen,
    switched_off,
    no_name,
    name_too_long,
    name_taken,
    name_reserved,
    no_command,
    command_long,
    command_too_long,
    quotes_open,
    file_not_in_source,
    no_extension,
    msi_not_silent,
    msi_may_restart,
    holds_a_secret,
    runs_from_elsewhere,
    nothing_to_run,
    start_in_too_long,
    start_in_quoted,
    hidden_but_interactive,
    user_rights_install,
    nobody_to_answer,
    may_wait_unseen,
    restarts_devices,
    signs_out_nobody,
    bad_drive_letter,
    letter_needs_share,
    letter_may_be_taken,
    comment_too_long,
    no_comment,
    created_switched_off,
    no_removal_key,
    removes_itself,
    removal_key_too_long,
];

fn is_new(case: &Case<'_>) -> bool {
    case.draft.program_origin() == Origin::New
}

/// The command line of a new program.
fn command_line(case: &Case<'_>) -> Option<String> {
    let command = case.text(FieldId::ProgramCommand);
    (is_new(case) && !command.is_empty()).then_some(command)
}

/// The field a finding about how the program runs points at.
fn place(case: &Case<'_>, new: FieldId) -> FieldId {
    if is_new(case) {
        new
    } else {
        FieldId::ProgramUse
    }
}

fn none_chosen(case: &Case<'_>) -> Option<Finding> {
    if is_new(case) {
        return None;
    }
    let said = case.text(FieldId::ProgramUse);
    let what = match (case.package(), case.program()) {
        _ if said.is_empty() => "Choose a program.".into(),
        (Found::One(package), Found::Nothing) => {
            let names: Vec<&str> = package
                .programs
                .iter()
                .map(|program| program.program_name.as_str())
                .collect();
            match names.as_slice() {
                [] => format!("{} has no program yet.", package.title()),
                names => format!(
                    "{} has no program called '{said}'; it has {}.",
                    package.title(),
                    names.join(", ")
                ),
            }
        }
        _ => return None,
    };
    Some(Finding::stops("PRG-E01", what).at(FieldId::ProgramUse))
}

fn switched_off(case: &Case<'_>) -> Option<Finding> {
    if is_new(case) || !case.running()?.is_disabled {
        return None;
    }
    let program = case.program().one()?;
    let id = format!("{}/{}", program.package_id, program.program_name);
    Some(
        Finding::confirm(
            "PRG-E02",
            "This program is switched off; nothing deployed with it will run.",
        )
        .at(FieldId::ProgramUse)
        .fix("Plan to enable it", Remedy::EnableProgram(id)),
    )
}

fn no_name(case: &Case<'_>) -> Option<Finding> {
    (is_new(case) && case.text(FieldId::ProgramName).is_empty())
        .then(|| Finding::stops("PRG-E03", "Give the program a name.").at(FieldId::ProgramName))
}

fn name_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::ProgramName, "PRG-E04")
}

fn name_taken(case: &Case<'_>) -> Option<Finding> {
    if !is_new(case) {
        return None;
    }
    let name = case.text(FieldId::ProgramName);
    let there = case.package().one()?.program(&name)?.program_name.clone();
    Some(
        Finding::stops(
            "PRG-E05",
            format!("This package already has a program called '{there}'."),
        )
        .because("A program's name never changes, and case does not tell two apart.")
        .at(FieldId::ProgramName)
        .set("Use it", [(FieldId::ProgramUse, Value::Text(there))]),
    )
}

fn name_reserved(case: &Case<'_>) -> Option<Finding> {
    (is_new(case) && case.text(FieldId::ProgramName) == "*").then(|| {
        Finding::stops("PRG-E06", "The name * is reserved for task sequences.")
            .at(FieldId::ProgramName)
    })
}

fn no_command(case: &Case<'_>) -> Option<Finding> {
    (is_new(case) && case.text(FieldId::ProgramCommand).is_empty())
        .then(|| Finding::stops("PRG-E07", "Which command should run?").at(FieldId::ProgramCommand))
}

fn command_long(case: &Case<'_>) -> Option<Finding> {
    let length = command_line(case)?.encode_utf16().count();
    (128..=255).contains(&length).then(|| {
        Finding::note(
            "PRG-W08",
            "Longer than 127 characters; package definition files and older tools cut it there.",
        )
        .at(FieldId::ProgramCommand)
    })
}

fn command_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::ProgramCommand, "PRG-E09")
}

fn quotes_open(case: &Case<'_>) -> Option<Finding> {
    let quotes = command_line(case)?.matches('"').count();
    (quotes % 2 == 1).then(|| {
        Finding::stops(
            "PRG-E10",
            "There is an opening quote without a closing one.",
        )
        .at(FieldId::ProgramCommand)
    })
}

fn file_not_in_source(case: &Case<'_>) -> Option<Finding> {
    let file = command::file(&command_line(case)?)?;
    let folder = case.text(FieldId::PackageSource);
    let Fact::Known {
        value: SourceFact::Folder { full_path, top, .. },
        ..
    } = case.facts.source(&folder)
    else {
        return None;
    };
    let there = top.iter().any(|name| command::names(&file, name));
    if case.draft.package_origin() != Origin::New
        || file.is_elsewhere()
        || file.is_of_windows()
        || there
    {
        return None;
    }
    Some(
        Finding::note("PRG-W11", format!("'{}' is not in {full_path}.", file.text))
            .because(
                "It will be looked for in the package, then the Windows folder, then the PATH; if it is nowhere the \
                 program fails.",
            )
            .at(FieldId::ProgramCommand),
    )
}

fn no_extension(case: &Case<'_>) -> Option<Finding> {
    let file = command::file(&command_line(case)?)?;
    (!file.has_extension()).then(|| {
        Finding::note(
            "PRG-W12",
            "Without an extension the client tries .com, .exe and .bat.",
        )
        .at(FieldId::ProgramCommand)
    })
}

fn msi_not_silent(case: &Case<'_>) -> Option<Finding> {
    let line = command_line(case)?;
    (command::is_msi(&line) && !command::has_switch(&line, &["/q", "/quiet", "/passive"])).then(
        || {
            Finding::note("PRG-W13", "This will show windows and wait for clicks.")
                .at(FieldId::ProgramCommand)
                .set(
                    "Add /qn",
                    [(FieldId::ProgramCommand, Value::Text(format!("{line} /qn")))],
                )
        },
    )
}

fn msi_may_restart(case: &Case<'_>) -> Option<Finding> {
    let line = command_line(case)?;
    (command::is_msi(&line) && !command::has_switch(&line, &["/norestart"])).then(|| {
        Finding::note("PRG-W14", "This may restart the device without asking.")
            .at(FieldId::ProgramCommand)
            .set(
                "Add /norestart",
                [(
                    FieldId::ProgramCommand,
                    Value::Text(format!("{line} /norestart")),
                )],
            )
    })
}

fn holds_a_secret(case: &Case<'_>) -> Option<Finding> {
    command::holds_secret(&command_line(case)?).then(|| {
        Finding::confirm(
            "PRG-W15",
            "Anyone who can read client policy can read this command line.",
        )
        .because("It looks as if it holds a password or a key.")
        .at(FieldId::ProgramCommand)
    })
}

fn runs_from_elsewhere(case: &Case<'_>) -> Option<Finding> {
    let line = command_line(case)?;
    (line.contains(r"\\") || line.contains("://")).then(|| {
        Finding::note(
            "PRG-W16",
            "Runs from a place consign does not distribute; the device's system account needs access to it.",
        )
        .at(FieldId::ProgramCommand)
    })
}

fn nothing_to_run(case: &Case<'_>) -> Option<Finding> {
    let file = command::file(&command_line(case)?)?;
    (case.has_files() == Some(false) && !file.is_elsewhere() && !file.is_of_windows()).then(|| {
        Finding::note(
            "PRG-W17",
            format!(
                "The package has no files, and '{}' is no command of Windows.",
                file.text
            ),
        )
        .because("It must already be on every device, in the Windows folder or on the PATH.")
        .at(FieldId::ProgramCommand)
    })
}

fn start_in_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::ProgramStartIn, "PRG-E18")
}

fn start_in_quoted(case: &Case<'_>) -> Option<Finding> {
    let folder = case.text(FieldId::ProgramStartIn);
    (is_new(case) && folder.contains('"')).then(|| {
        Finding::note("PRG-W19", "Do not put quotes around this.")
            .at(FieldId::ProgramStartIn)
            .set(
                "Take them away",
                [(
                    FieldId::ProgramStartIn,
                    Value::Text(folder.replace('"', "")),
                )],
            )
    })
}

/// A finding when the program runs so.
fn when_running(case: &Case<'_>, is_so: impl FnOnce(Running) -> bool) -> Option<()> {
    is_so(case.running()?).then_some(())
}

fn hidden_but_interactive(case: &Case<'_>) -> Option<Finding> {
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

fn user_rights_install(case: &Case<'_>) -> Option<Finding> {
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
fn nobody_to_answer(case: &Case<'_>) -> Option<Finding> {
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

fn may_wait_unseen(case: &Case<'_>) -> Option<Finding> {
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

fn restarts_devices(case: &Case<'_>) -> Option<Finding> {
    when_running(case, |running| {
        matches!(running.after, After::Restart | After::ProgramRestarts)
    })?;
    Some(
        Finding::note("PRG-W24", "Every device restarts after a successful run.")
            .at(place(case, FieldId::ProgramAfter)),
    )
}

fn signs_out_nobody(case: &Case<'_>) -> Option<Finding> {
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

fn bad_drive_letter(case: &Case<'_>) -> Option<Finding> {
    let letter = case.text(FieldId::ProgramDriveLetter);
    let is_letter = letter.len() == 1 && letter.starts_with(|c: char| c.is_ascii_alphabetic());
    (case.shows(FieldId::ProgramDriveLetter) && !is_letter).then(|| {
        Finding::stops("PRG-E26", "A drive letter is one letter from A to Z.")
            .at(FieldId::ProgramDriveLetter)
    })
}

fn letter_needs_share(case: &Case<'_>) -> Option<Finding> {
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

fn letter_may_be_taken(case: &Case<'_>) -> Option<Finding> {
    let letter = case.text(FieldId::ProgramDriveLetter).to_uppercase();
    (case.shows(FieldId::ProgramDriveLetter) && !letter.is_empty()).then(|| {
        Finding::note(
            "PRG-W28",
            format!("If the device already uses {letter}:, the program does not run."),
        )
        .at(FieldId::ProgramDriveLetter)
    })
}

fn comment_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::ProgramComment, "PRG-E29")
}

fn no_comment(case: &Case<'_>) -> Option<Finding> {
    let offered = case.draft.advertisement.purpose == Some(Purpose::Available);
    (is_new(case) && offered && case.text(FieldId::ProgramComment).is_empty()).then(|| {
        Finding::note(
            "PRG-W30",
            "People will see this offer without a word about what it does.",
        )
        .at(FieldId::ProgramComment)
    })
}

fn created_switched_off(case: &Case<'_>) -> Option<Finding> {
    (is_new(case) && case.draft.is_on(FieldId::ProgramDisabled)).then(|| {
        Finding::confirm(
            "PRG-W31",
            "Created switched off: nothing will run until you enable it.",
        )
        .at(FieldId::ProgramDisabled)
    })
}

fn no_removal_key(case: &Case<'_>) -> Option<Finding> {
    (case.shows(FieldId::ProgramRemovalKey) && case.text(FieldId::ProgramRemovalKey).is_empty())
        .then(|| {
            Finding::stops(
                "PRG-E32",
                "Which key under Uninstall belongs to the software?",
            )
            .at(FieldId::ProgramRemovalKey)
        })
}

fn removes_itself(case: &Case<'_>) -> Option<Finding> {
    (is_new(case) && case.draft.is_on(FieldId::ProgramUninstallOnExpiry)).then(|| {
        Finding::note(
            "PRG-W33",
            "When the deployment expires, the software is removed again.",
        )
        .at(FieldId::ProgramUninstallOnExpiry)
    })
}

fn removal_key_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::ProgramRemovalKey, "PRG-E34")
}
