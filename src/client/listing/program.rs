//! Programs: what a list of them shows (wizard.md 15.2).

use serde_json::Value;

use super::beside::{Beside, named};
use super::say::Say;
use super::{Called, Column, Field, FieldValue, Kind, Line, Sorting, fixed, grow, plain, plural};
use crate::sms::choices::{After, DriveMode, Rights, RunWhen, Window, interacts};
use crate::sms::ids::ProgramId;
use crate::sms::program::ProgramRow;
use crate::sms::program_flags::ProgramFlags;

/// A program with its advertisements counted.
#[derive(Debug, Clone, PartialEq)]
pub struct ProgramLine {
    pub row: ProgramRow,
    pub package: String,
    pub advertisements: Option<u32>,
}

impl ProgramLine {
    pub fn new(row: ProgramRow, beside: &Beside) -> Self {
        let package = if row.package_name.is_empty() {
            beside.package_name(&row.package_id)
        } else {
            named(&row.package_name, &row.package_version)
        };
        let offers = beside.offers.as_ref();
        Self {
            package,
            advertisements: offers.map(|offers| offers.of_program(row.id())),
            row,
        }
    }

    pub fn program_id(&self) -> ProgramId {
        self.row.id()
    }

    /// Whether the device restarts in its course.
    fn restarts(&self) -> bool {
        matches!(
            After::from_flags(self.row.program_flags),
            Some(After::Restart | After::ProgramRestarts)
        )
    }
}

/// Who must be signed in, as a word; contradicting bits are told as such.
pub(crate) fn run_when(flags: ProgramFlags) -> &'static str {
    RunWhen::from_flags(flags).map_or("contradicts itself", RunWhen::as_str)
}

/// A drive as the console words it.
pub(crate) fn drive(flags: ProgramFlags, letter: &str) -> String {
    match DriveMode::from_flags(flags, letter) {
        DriveMode::Unc => "UNC".to_owned(),
        DriveMode::AnyLetter => "any letter".to_owned(),
        DriveMode::Letter(letter) => format!("{}:", letter.to_ascii_uppercase()),
    }
}

impl Line for ProgramLine {
    const CALLED: Called = Kind::Programs.called();
    const COLUMNS: &'static [Column<Self>] = &[
        Column::text("program", "Program", grow(12, 1), |line: &Self| {
            FieldValue::text(&line.row.program_name)
        }),
        Column::text("package", "Package", grow(14, 2), |line: &Self| {
            FieldValue::text(&line.package)
        }),
        Column::text("cmd", "Command", grow(14, 2), |line: &Self| {
            FieldValue::text(&line.row.command_line)
        })
        .leaves(4),
        Column::text("when", "When", fixed(7), |line: &Self| {
            FieldValue::text(run_when(line.row.program_flags))
        })
        .leaves(3),
        Column::text("rights", "Rights", fixed(6), |line: &Self| {
            FieldValue::text(Rights::from_flags(line.row.program_flags).map_or("", Rights::as_str))
        })
        .leaves(2),
        Column::number("max", "Max", fixed(4), |line: &Self| {
            line.row
                .max_minutes()
                .map_or(FieldValue::Absent, FieldValue::number)
        })
        .leaves(5),
        Column::flag("enabled", "On", fixed(3), |line: &Self| {
            FieldValue::Flag(line.row.is_enabled())
        }),
        Column::number("adv", "Adv.", fixed(4), |line: &Self| {
            FieldValue::count(line.advertisements)
        })
        .leaves(1),
        Column::text("window", "Window", fixed(9), |line: &Self| {
            FieldValue::text(Window::from_flags(line.row.program_flags).map_or("", Window::as_str))
        })
        .wide(),
        Column::text("after", "After", fixed(16), |line: &Self| {
            FieldValue::text(After::from_flags(line.row.program_flags).map_or("", After::as_str))
        })
        .wide()
        .leaves(6),
        Column::text("drive", "Drive", fixed(10), |line: &Self| {
            FieldValue::made(drive(line.row.program_flags, &line.row.drive_letter))
        })
        .wide()
        .leaves(9),
        Column::text(
            "depends",
            "Depends on",
            fixed(18),
            |line: &Self| match line.row.depends_on() {
                Some(first) => FieldValue::made(first.to_string()),
                None => FieldValue::Absent,
            },
        )
        .wide()
        .leaves(8),
        Column::text("flags", "Flags", fixed(10), |line: &Self| {
            FieldValue::made(format!("0x{:08X}", line.row.program_flags.bits()))
        })
        .wide()
        .leaves(7),
    ];
    const FIELDS: &'static [Field<Self>] = &[
        Field::text("name", |line| FieldValue::text(&line.row.program_name)),
        Field::text("id", |line| FieldValue::made(line.id())),
        Field::flag("interactive", |line| {
            FieldValue::Flag(interacts(line.row.program_flags))
        }),
        Field::flag("restart", |line| FieldValue::Flag(line.restarts())),
        Field::text("comment", |line| FieldValue::text(&line.row.comment)),
    ];
    const ORDER: &'static [Sorting] = &[Sorting::up("package"), Sorting::up("program")];

    fn id(&self) -> String {
        self.row.id().to_string()
    }

    fn name(&self) -> &str {
        &self.row.program_name
    }

    fn json(&self) -> Value {
        plain(&self.row)
    }

    fn needs_attention(&self) -> bool {
        !self.row.is_enabled() && self.advertisements.is_some_and(|count| count > 0)
            || RunWhen::from_flags(self.row.program_flags).is_none()
    }

    fn is_passing(&self) -> bool {
        self.row.is_being_deleted()
    }

    fn in_words(&self) -> String {
        let row = &self.row;
        let mut words = format!("{} of {}", row.program_name, self.package);
        if row.is_being_deleted() {
            return format!("{words}: is being deleted.");
        }
        words.say(match RunWhen::from_flags(row.program_flags) {
            Some(RunWhen::Any) => ": runs whether or not anyone is signed in",
            Some(RunWhen::User) => ": runs while a user is signed in",
            Some(RunWhen::NoUser) => ": runs while nobody is signed in",
            None => ": its flags contradict each other and no device runs it",
        });
        words.say(match Rights::from_flags(row.program_flags) {
            Some(Rights::User) => ", with the user's rights",
            _ => ", with administrative rights",
        });
        match row.max_minutes() {
            Some(minutes) => words.say(format_args!(", for at most {minutes} min")),
            None => words.say(", for an unknown time"),
        }
        if self.restarts() {
            words.say(", and restarts the device");
        }
        words.say('.');
        if !row.is_enabled() {
            words.say(" Switched off.");
        }
        if let Some(count) = self.advertisements.filter(|&count| count > 0) {
            words.say(format_args!(" {}.", plural(count, "advertisement")));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn line(flags: u32) -> ProgramLine {
        let row = json!({
            "PackageID": "LAB0000C", "ProgramName": "Install", "PackageName": "7-Zip",
            "PackageVersion": "24.08", "CommandLine": "7z.exe /S", "Duration": 60, "ProgramFlags": flags,
        });
        ProgramLine::new(serde_json::from_value(row).unwrap(), &Beside::default())
    }

    #[test]
    fn a_program_is_told_by_who_must_be_signed_in_and_whose_rights_it_has() {
        assert_eq!(
            line(ProgramFlags::SILENT.bits()).in_words(),
            "Install of 7-Zip 24.08: runs whether or not anyone is signed in, with administrative rights, for at \
             most 60 min."
        );
    }

    #[test]
    fn a_disabled_program_that_is_advertised_needs_attention() {
        let mut line = line(ProgramFlags::DISABLED.bits());
        assert_eq!(line.field("enabled"), Some(FieldValue::Flag(false)));
        assert!(!line.needs_attention());
        line.advertisements = Some(2);
        assert!(line.needs_attention());
        assert!(line.in_words().ends_with("Switched off. 2 advertisements."));
    }

    #[test]
    fn flags_that_contradict_each_other_are_told_as_such() {
        let both = ProgramFlags::USERCONTEXT | ProgramFlags::NOUSERLOGGEDIN;
        assert_eq!(
            line(both.bits()).field("when"),
            Some(FieldValue::text("contradicts itself"))
        );
    }
}
