//! Step 5: devices download the files from distribution points.

use super::{BLANK, Control, Field, FieldId, Level, Pick};
use crate::distribution::draft::{Answer, Chosen, Draft, Origin, Value, Wait};

pub(super) const FIELDS: &[Field] = &[
    Field {
        id: FieldId::PointsServers,
        label: "Servers",
        help: "Single distribution points. Choose groups when you can; they keep new servers up to date too.",
        sets: "SMS_Package.AddDistributionPoints",
        control: Control::PickMany(Pick::DistributionPoint),
        level: Level::Essential,
        shown: may_have_files,
        ..BLANK
    },
    Field {
        id: FieldId::PointsGroups,
        label: "Groups",
        help: "Choose groups when you can; they keep new servers up to date too.",
        sets: "SMS_DistributionPointGroup.AddPackages",
        control: Control::PickMany(Pick::PointGroup),
        level: Level::Essential,
        shown: may_have_files,
        ..BLANK
    },
    Field {
        id: FieldId::PointsWait,
        label: "Wait for the files",
        help: "Should the deployment wait until the files have arrived?",
        sets: "nothing on the site; the run waits before it advertises",
        control: Control::Choice(Wait::CHOICES),
        default: |_| Some(Wait::default().to_value()),
        shown: may_have_files,
        ..BLANK
    },
    Field {
        id: FieldId::PointsWaitMinutes,
        label: "Wait at most (minutes)",
        help: "When the time is up the run stops and asks; nothing is advertised meanwhile.",
        sets: "nothing on the site",
        control: Control::Number {
            most: 1440,
            unit: "minutes",
        },
        default: |_| Some(Value::Number(30)),
        shown: |draft| may_have_files(draft) && draft.wait() != Wait::Never,
        ..BLANK
    },
];

/// A new package says whether it has files; of an existing one only the site can tell.
fn may_have_files(draft: &Draft) -> bool {
    draft.package_origin() == Origin::Existing || draft.has_source()
}
