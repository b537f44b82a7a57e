//! Step 3: a program is one command of the package, e.g. *Install*, and how it runs. With its requirements.

use super::{BLANK, Control, Field, FieldId, Fixed, Level, OFF, Pick};
use crate::distribution::draft::{
    After, Answer, Chosen, Draft, DriveMode, Intent, Origin, Rights, RunWhen, Value, Window,
};

pub(super) const FIELDS: &[Field] = &[
    Field {
        id: FieldId::ProgramMode,
        label: "Program",
        help: "Use a program of this package, or add a new one?",
        sets: "nothing by itself",
        control: Control::Choice(Origin::CHOICES),
        level: Level::Essential,
        shown: |draft| draft.package_origin() == Origin::Existing,
        ..BLANK
    },
    Field {
        id: FieldId::ProgramUse,
        label: "Existing program",
        help: "The program of this package that should run.",
        sets: "the ProgramName of the advertisement",
        control: Control::Pick(Pick::Program),
        level: Level::Essential,
        shown: |draft| !is_new(draft),
        ..BLANK
    },
    Field {
        id: FieldId::ProgramName,
        label: "Name",
        help: "A short verb, e.g. Install. It cannot be changed later.",
        sets: "SMS_Program.ProgramName",
        control: Control::Text { limit: 50 },
        level: Level::Essential,
        default: |draft| Some(usual_name(draft.intent()).into()),
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::ProgramCommand,
        label: "Command line",
        help: "What to run, exactly as you would type it in the source folder. Add the switches for a silent install.",
        sets: "SMS_Program.CommandLine",
        control: Control::Text { limit: 255 },
        level: Level::Essential,
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::ProgramRunWhen,
        label: "Can run",
        help: "'Whether or not' suits most installs. 'Only when no user' waits until everybody has signed out.",
        sets: "SMS_Program.ProgramFlags bits 14 and 17",
        control: Control::Choice(RunWhen::CHOICES),
        default: |draft| {
            Some(if changes_software(draft) {
                RunWhen::Any.to_value()
            } else {
                RunWhen::User.to_value()
            })
        },
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::ProgramRights,
        label: "Rights",
        help: "Administrative rights run as the system; the signed-in user's rights usually cannot install.",
        sets: "SMS_Program.ProgramFlags bit 15",
        control: Control::Choice(Rights::CHOICES),
        default: |draft| {
            Some(if changes_software(draft) {
                Rights::Administrative.to_value()
            } else {
                Rights::User.to_value()
            })
        },
        shown: is_new,
        fixed: |draft| {
            (draft.run_when() != RunWhen::User).then(|| Fixed {
                value: Rights::Administrative.to_value(),
                reason: "Without a user there is nobody else's rights to use.",
            })
        },
        ..BLANK
    },
    Field {
        id: FieldId::ProgramInteract,
        label: "Let the user see and answer the installer",
        help: "Turn on only if the installer really must be answered by the person at the device.",
        sets: "SMS_Program.ProgramFlags bit 13, inverted",
        shown: is_new,
        fixed: |draft| {
            (draft.rights() == Rights::User).then_some(Fixed {
                value: Value::Flag(true),
                reason: "It runs in the user's own session.",
            })
        },
        ..OFF
    },
    Field {
        id: FieldId::ProgramWindow,
        label: "Window",
        help: "What the signed-in user sees. Hidden suits silent installs.",
        sets: "SMS_Program.ProgramFlags bits 22 minimized, 23 maximized, 24 hidden",
        control: Control::Choice(Window::CHOICES),
        default: |draft| {
            Some(if changes_software(draft) {
                Window::Hidden.to_value()
            } else {
                Window::Normal.to_value()
            })
        },
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::ProgramMaxMinutes,
        label: "Maximum run time",
        help: "How long it may take at most. Programs longer than the maintenance window never start.",
        sets: "SMS_Program.Duration in minutes, 0 is unknown",
        control: Control::RunTime,
        default: |_| Some(Value::Number(120)),
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::ProgramAfter,
        label: "After running",
        help: "What happens when the program has finished successfully.",
        sets: "SMS_Program.ProgramFlags bits 19 restart, 18 restarts itself, 25 sign out",
        control: Control::Choice(After::CHOICES),
        default: |_| Some(After::Nothing.to_value()),
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::ProgramComment,
        label: "Comment shown to users",
        help: "Users see this text in Software Center. Say what it does and how long it takes.",
        sets: "SMS_Program.Comment",
        control: Control::Text { limit: 127 },
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::ProgramStartIn,
        label: "Start in",
        help: "Folder to start from. Leave empty to start in the package's own folder.",
        sets: "SMS_Program.WorkingDirectory",
        control: Control::Text { limit: 127 },
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::ProgramEveryUser,
        label: "Once for each user",
        help: "Run once for the device, or once for each person who signs in.",
        sets: "SMS_Program.ProgramFlags bit 16",
        shown: |draft| is_new(draft) && draft.run_when() == RunWhen::User,
        ..OFF
    },
    Field {
        id: FieldId::ProgramDependsOn,
        label: "Run another program first",
        help: "Something that must be there first, e.g. a runtime: LAB00012/Install, or the name of a program of this package.",
        sets: "SMS_Program.DependentProgram",
        control: Control::Pick(Pick::AnyProgram),
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::ProgramDependsAlways,
        label: "Run it every time",
        help: "Also where it ran before.",
        sets: "SMS_Program.ProgramFlags bit 7",
        shown: |draft| is_new(draft) && !draft.text(FieldId::ProgramDependsOn).is_empty(),
        ..OFF
    },
    Field {
        id: FieldId::ProgramDisk,
        label: "Disk space",
        help: "Room the install needs, e.g. 200 MB; shown to users, not enforced on its own.",
        sets: "SMS_Program.DiskSpaceReq",
        control: Control::Text { limit: 20 },
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::ProgramRequirementsText,
        label: "Other requirements",
        help: "Anything else a person should know before it runs.",
        sets: "SMS_Program.Requirements",
        control: Control::Text { limit: 127 },
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::ProgramDriveMode,
        label: "Drive mode",
        help: "Only for old programs that must run from a drive letter.",
        sets: "SMS_Program.ProgramFlags bit 20",
        control: Control::Choice(DriveMode::CHOICES),
        default: |_| Some(DriveMode::default().to_value()),
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::ProgramDriveLetter,
        label: "Drive letter",
        help: "The letter the program must have, A to Z.",
        sets: "SMS_Program.DriveLetter",
        control: Control::Text { limit: 1 },
        shown: |draft| is_new(draft) && draft.drive_mode() == DriveMode::Letter,
        ..BLANK
    },
    Field {
        id: FieldId::ProgramReconnect,
        label: "Reconnect at sign-in",
        help: "Connect the drive again whenever the user signs in.",
        sets: "SMS_Program.ProgramFlags bit 21",
        shown: |draft| is_new(draft) && draft.drive_mode() != DriveMode::Unc,
        ..OFF
    },
    Field {
        id: FieldId::ProgramSuppressNotify,
        label: "Hide notifications",
        help: "No countdown and no notice before it runs.",
        sets: "SMS_Program.ProgramFlags bit 10",
        shown: is_new,
        ..OFF
    },
    Field {
        id: FieldId::ProgramTsAllowed,
        label: "Allow in task sequences",
        help: "A task sequence may run it without an advertisement of its own.",
        sets: "SMS_Program.ProgramFlags bit 0",
        shown: is_new,
        ..OFF
    },
    Field {
        id: FieldId::ProgramDisabled,
        label: "Switched off",
        help: "Nothing deployed with it runs until it is switched on.",
        sets: "SMS_Program.ProgramFlags bit 12",
        shown: is_new,
        ..OFF
    },
    Field {
        id: FieldId::ProgramUninstallOnExpiry,
        label: "Uninstall when the deployment expires",
        help: "Removes the software again from devices when their deployment ends.",
        sets: "SMS_Program.ProgramFlags bit 29",
        shown: is_new,
        ..OFF
    },
    Field {
        id: FieldId::ProgramRemovalKey,
        label: "Uninstall key",
        help: "Name of the software's key under the machine's Uninstall key.",
        sets: "SMS_Program.RemovalKey",
        control: Control::Text { limit: 255 },
        shown: |draft| is_new(draft) && draft.is_on(FieldId::ProgramUninstallOnExpiry),
        ..BLANK
    },
];

fn is_new(draft: &Draft) -> bool {
    draft.program_origin() == Origin::New
}

/// Installs and removals run for the device, unseen and with all rights.
fn changes_software(draft: &Draft) -> bool {
    draft.intent() != Intent::Run
}

fn usual_name(intent: Intent) -> &'static str {
    match intent {
        Intent::Install => "Install",
        Intent::Remove => "Uninstall",
        Intent::Run => "Run",
    }
}
