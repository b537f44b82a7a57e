//! Step 2: a package is a name for some software and the folder its files come from.

use super::{BLANK, Control, Field, FieldId, Fixed, Level, OFF, Pick};
use crate::distribution::draft::{
    Answer, Chosen, Draft, DriveMode, FarPoint, NearPoint, Origin, Priority, Value,
};

pub(super) const FIELDS: &[Field] = &[
    Field {
        id: FieldId::PackageMode,
        label: "Package",
        help: "Use one that exists, or create a new one?",
        sets: "nothing by itself",
        control: Control::Choice(Origin::CHOICES),
        level: Level::Essential,
        open_to: |latitude, draft| latitude.new_packages || is_new(draft),
        ..BLANK
    },
    Field {
        id: FieldId::PackageUse,
        label: "Existing package",
        help: "Type part of the name, maker, version or ID.",
        sets: "the PackageID that later steps use",
        control: Control::Pick(Pick::Package),
        level: Level::Essential,
        shown: |draft| !is_new(draft),
        ..BLANK
    },
    Field {
        id: FieldId::PackageName,
        label: "Name",
        help: "What people will recognise, e.g. 7-Zip. Leave version and maker to the fields below.",
        sets: "SMS_Package.Name",
        control: Control::Text { limit: 50 },
        level: Level::Essential,
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::PackageVersion,
        label: "Version",
        help: "The version you are installing, e.g. 24.08.",
        sets: "SMS_Package.Version",
        control: Control::Text { limit: 32 },
        level: Level::Essential,
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::PackageManufacturer,
        label: "Manufacturer",
        help: "Who makes it, e.g. Igor Pavlov. Use the maker's full name.",
        sets: "SMS_Package.Manufacturer",
        control: Control::Text { limit: 32 },
        level: Level::Essential,
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::PackageHasSource,
        label: "This package has files",
        help: "Yes if something must be copied to the device (an installer). No if the command is already on the device.",
        sets: "SMS_Package.PkgSourceFlag: 2 with files, 1 without",
        control: Control::Switch,
        level: Level::Essential,
        default: |draft| Some(Value::Flag(draft.has_source())),
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::PackageSource,
        label: "Source folder",
        help: "The folder with the installer. The site server's computer account must be able to read it, not you.",
        sets: "SMS_Package.PkgSourcePath",
        control: Control::Path { limit: 256 },
        level: Level::Essential,
        shown: has_files,
        ..BLANK
    },
    Field {
        id: FieldId::PackageLanguage,
        label: "Language",
        help: "Only if there are different language editions, e.g. English.",
        sets: "SMS_Package.Language",
        control: Control::Text { limit: 32 },
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::PackageDescription,
        label: "Description",
        help: "One line for your colleagues; users do not see it.",
        sets: "SMS_Package.Description",
        control: Control::Text { limit: 128 },
        shown: is_new,
        ..BLANK
    },
    Field {
        id: FieldId::PackagePriority,
        label: "Priority",
        help: "How soon the site sends these files compared with others.",
        sets: "SMS_Package.Priority: 1 high, 2 normal, 3 low",
        control: Control::Choice(Priority::CHOICES),
        default: |_| Some(Priority::default().to_value()),
        shown: has_files,
        ..BLANK
    },
    Field {
        id: FieldId::PackagePersistCache,
        label: "Keep in the client cache",
        help: "Stops devices from deleting the files to make room. Use for software that repairs itself from its installer.",
        sets: "SMS_Package.PkgFlags bit 25",
        shown: has_files,
        ..OFF
    },
    Field {
        id: FieldId::PackageCopyToShare,
        label: "Copy to a package share",
        help: "Also put the files in a normal share so programs can run from there without downloading.",
        sets: "SMS_Package.PkgFlags bit 7, and ShareType",
        shown: has_files,
        fixed: forced_share,
        ..OFF
    },
    Field {
        id: FieldId::PackageShareName,
        label: "Share name",
        help: "A name of your own for that share; leave empty for the site's usual one.",
        sets: "SMS_Package.ShareName with ShareType 2; empty is ShareType 1",
        control: Control::Text { limit: 127 },
        shown: |draft| has_files(draft) && draft.is_on(FieldId::PackageCopyToShare),
        ..BLANK
    },
    Field {
        id: FieldId::PackageBinaryDelta,
        label: "Binary differences",
        help: "Send only the changed parts of files.",
        sets: "SMS_Package.PkgFlags bit 26",
        shown: has_files,
        ..OFF
    },
    Field {
        id: FieldId::PackageOnDemand,
        label: "On demand",
        help: "Let the site send files to a nearby distribution point when a device asks.",
        sets: "SMS_Package.PkgFlags bit 30",
        shown: has_files,
        ..OFF
    },
];

fn is_new(draft: &Draft) -> bool {
    draft.package_origin() == Origin::New
}

fn has_files(draft: &Draft) -> bool {
    is_new(draft) && draft.has_source()
}

/// Running from a server, or from a drive letter, needs the share.
fn forced_share(draft: &Draft) -> Option<Fixed> {
    let runs_from_server = draft.fast() == NearPoint::RunFrom || draft.slow() == FarPoint::RunFrom;
    let reason = if runs_from_server {
        "The program runs from the server, and that needs the share."
    } else if draft.drive_mode() != DriveMode::Unc {
        "The program runs from a drive letter, and that needs the share."
    } else {
        return None;
    };
    has_files(draft).then_some(Fixed {
        value: Value::Flag(true),
        reason,
    })
}
