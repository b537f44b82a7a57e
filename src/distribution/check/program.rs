//! Rules of the program (wizard.md 5). What holds for how a program runs holds for existing ones too.

use super::{Case, Finding, Found, Remedy, Rule, too_long};
use crate::distribution::draft::{Origin, Purpose, Value};
use crate::distribution::facts::{Fact, SourceFact};
use crate::distribution::field::FieldId;

mod command;
mod running;

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
    running::hidden_but_interactive,
    running::user_rights_install,
    running::nobody_to_answer,
    running::may_wait_unseen,
    running::restarts_devices,
    running::signs_out_nobody,
    running::bad_drive_letter,
    running::letter_needs_share,
    running::letter_may_be_taken,
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::distribution::check::trial::{Known, MAKING, USING, by_draft, by_facts};

    #[test]
    fn rules_about_the_draft() {
        let long = |key: &str, length: usize| format!("program.{key} = \"{}\"", "x".repeat(length));
        let command = |text: &str| format!("program.command = '{text}'");
        let letter = "program.drive_mode = \"letter\"\nprogram.drive_letter = \"Q\"";
        let from_server = format!("{letter}\nadvertisement.fast = \"run-from\"");
        let removal = "program.uninstall_on_expiry = true";
        by_draft(
            MAKING,
            &[
                (
                    "PRG-E01",
                    "package.use = \"LAB00012\"\nprogram.use = \"\"",
                    "",
                ),
                ("PRG-E03", "program.name = \"\"", ""),
                ("PRG-E04", &long("name", 51), &long("name", 50)),
                ("PRG-E06", "program.name = \"*\"", ""),
                ("PRG-E07", "program.command = \"\"", ""),
                ("PRG-W08", &long("command", 128), &long("command", 127)),
                ("PRG-E09", &long("command", 256), &long("command", 255)),
                (
                    "PRG-E10",
                    &command(r#""setup.exe /S"#),
                    &command(r#""setup.exe" /S"#),
                ),
                ("PRG-W11", &command("install.cmd"), &command("SETUP /S")),
                ("PRG-W12", &command("setup /S"), ""),
                (
                    "PRG-W13",
                    &command("msiexec /i x.msi"),
                    &command("msiexec /i x.msi /qn"),
                ),
                (
                    "PRG-W14",
                    &command("msiexec /i x.msi"),
                    &command("msiexec /i x.msi /norestart"),
                ),
                ("PRG-W15", &command("setup.exe /pw:secret"), ""),
                ("PRG-W16", &command(r"\\\\files\\setup.exe"), ""),
                (
                    "PRG-W17",
                    "package.has_source = false",
                    "package.has_source = false\nprogram.command = 'cmd.exe /c ver'",
                ),
                ("PRG-E18", &long("start_in", 128), &long("start_in", 127)),
                (
                    "PRG-W19",
                    "program.start_in = '\"C:\\x\"'",
                    "program.start_in = 'C:\\x'",
                ),
                ("PRG-E29", &long("comment", 128), &long("comment", 127)),
                (
                    "PRG-W30",
                    "advertisement.purpose = \"available\"",
                    "advertisement.purpose = \"available\"\nprogram.comment = \"Ten minutes.\"",
                ),
                ("PRG-W31", "program.disabled = true", ""),
                (
                    "PRG-E32",
                    removal,
                    &format!("{removal}\nprogram.removal_key = \"LineTool\""),
                ),
                ("PRG-W33", removal, ""),
                (
                    "PRG-E34",
                    &format!("{removal}\n{}", long("removal_key", 256)),
                    removal,
                ),
                (
                    "PRG-E26",
                    "program.drive_mode = \"letter\"\nprogram.drive_letter = \"1\"",
                    letter,
                ),
                ("PRG-E27", letter, &from_server),
                ("PRG-W28", letter, "program.drive_mode = \"any-letter\""),
            ],
        );
    }

    #[test]
    fn rules_about_how_a_new_program_runs() {
        let user = "program.run_when = \"user\"\nprogram.rights = \"user\"";
        let nobody = "program.run_when = \"no-user\"";
        by_draft(
            MAKING,
            &[
                (
                    "PRG-W20",
                    "program.interact = true",
                    "program.interact = true\nprogram.window = \"normal\"",
                ),
                ("PRG-W21", user, &format!("{user}\nstart.intent = \"run\"")),
                (
                    "PRG-E22",
                    &format!("{nobody}\nprogram.interact = true"),
                    nobody,
                ),
                (
                    "PRG-W23",
                    "program.interact = true",
                    "program.interact = true\nprogram.run_when = \"user\"",
                ),
                (
                    "PRG-W24",
                    "program.after = \"restart\"",
                    "program.after = \"sign-out\"",
                ),
                (
                    "PRG-W25",
                    &format!("{nobody}\nprogram.after = \"sign-out\""),
                    "program.after = \"sign-out\"",
                ),
            ],
        );
    }

    #[test]
    fn rules_about_an_existing_program() {
        let with =
            |flags: u32| Known::usual().package(json!({}), &[json!({ "ProgramFlags": flags })]);
        let other = Known::usual().package(json!({}), &[json!({ "ProgramName": "Remove" })]);
        let disabled = with(0x0810_B000);
        // Without bit 13 it asks; bit 17 is for nobody signed in; bit 19 restarts.
        let (asks, nobody, restarts) = (with(0x0810_8000), with(0x0812_8000), with(0x0818_A000));
        let user = with(0x0810_6000);
        by_facts(
            USING,
            &[
                ("PRG-E01", "", other, Known::usual()),
                ("PRG-E02", "", disabled, Known::usual()),
                ("PRG-E22", "", nobody, Known::usual()),
                ("PRG-W23", "", asks, Known::usual()),
                ("PRG-W24", "", restarts, Known::usual()),
                ("PRG-W21", "", user, Known::usual()),
            ],
        );
    }

    #[test]
    fn a_name_is_taken_in_any_case() {
        let base =
            "package.use = \"LAB00012\"\nprogram.name = \"INSTALL\"\nprogram.command = \"x.exe\"";
        let other = Known::usual().package(json!({}), &[json!({ "ProgramName": "Remove" })]);
        by_facts(base, &[("PRG-E05", "", Known::usual(), other)]);
    }
}
