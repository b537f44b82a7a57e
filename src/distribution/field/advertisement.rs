//! Step 6: the offer of the program to the collection: purpose, time, what people see, how files travel.

use super::{BLANK, Control, Field, FieldId, Level, OFF, ON};
use crate::distribution::draft::{
    Answer, Chosen, Draft, FarPoint, Intent, NearPoint, Origin, Purpose, Rerun, Trigger, Value,
};

/// A deadline on a day named without a time.
const EVENING: i8 = 20;
/// Availability on a day named without a time.
const MORNING: i8 = 8;

pub(super) const FIELDS: &[Field] = &[
    Field {
        id: FieldId::AdvertisementPurpose,
        label: "Purpose",
        help: "Available: people choose to install it. Required: it installs by itself.",
        sets: "SMS_Advertisement.OfferType: 2 available, 0 required",
        control: Control::Choice(Purpose::CHOICES),
        level: Level::Essential,
        default: |_| Some(Purpose::Available.to_value()),
        ..BLANK
    },
    Field {
        id: FieldId::AdvertisementDeadline,
        label: "Deadline",
        help: "It installs at this time, or as soon as the device is on after it.",
        sets: "SMS_Advertisement.AssignedSchedule: one SMS_ST_NonRecurring",
        control: Control::Moment {
            usual_hour: EVENING,
        },
        level: Level::Essential,
        shown: |draft| draft.is_required() && at_a_time(draft),
        ..BLANK
    },
    Field {
        id: FieldId::AdvertisementName,
        label: "Name",
        help: "Name of this deployment. Users do not see it.",
        sets: "SMS_Advertisement.AdvertisementName",
        control: Control::Text { limit: 100 },
        default: |draft| usual_name(draft).map(Value::Text),
        ..BLANK
    },
    Field {
        id: FieldId::AdvertisementAvailable,
        label: "Available from",
        help: "From when devices may see it.",
        sets: "SMS_Advertisement.PresentTime",
        control: Control::Moment {
            usual_hour: MORNING,
        },
        default: |draft| Some(Value::Moment(draft.available())),
        ..BLANK
    },
    Field {
        id: FieldId::AdvertisementTrigger,
        label: "When does it run?",
        help: "At a time, as soon as possible, or when people sign in or out.",
        sets: "SMS_Advertisement.AssignedSchedule; AdvertFlags bits 5, 9 and 10",
        control: Control::Several(Trigger::CHOICES),
        default: |draft| {
            draft
                .is_required()
                .then(|| Value::List(vec![Trigger::Time.word().into()]))
        },
        shown: Draft::is_required,
        ..BLANK
    },
    Field {
        id: FieldId::AdvertisementUtc,
        label: "Times are UTC",
        help: "Off, device's own time: 20:00 where each device is. On, UTC: the same moment everywhere.",
        sets: "SMS_Advertisement.PresentTimeIsGMT, AssignedScheduleIsGMT, ExpirationTimeIsGMT",
        ..OFF
    },
    Field {
        id: FieldId::AdvertisementExpires,
        label: "Expires",
        help: "After this, devices forget about it. Installed software stays.",
        sets: "SMS_Advertisement.ExpirationTime",
        control: Control::Moment {
            usual_hour: EVENING,
        },
        ..BLANK
    },
    Field {
        id: FieldId::AdvertisementRerun,
        label: "If it already ran",
        help: "What devices do that ran this program before, even through another deployment.",
        sets: "SMS_Advertisement.RemoteClientFlags bits 11 to 14",
        control: Control::Choice(Rerun::CHOICES),
        default: |_| Some(Rerun::IfFailed.to_value()),
        shown: Draft::is_required,
        ..BLANK
    },
    Field {
        id: FieldId::AdvertisementRunEarly,
        label: "Let people run it before the deadline",
        help: "Shows it in Software Center before it becomes mandatory.",
        sets: "SMS_Advertisement.AdvertFlags bit 25, inverted",
        shown: Draft::is_required,
        ..ON
    },
    Field {
        id: FieldId::AdvertisementOverrideMw,
        label: "Ignore maintenance windows",
        help: "Off: waits for each device's window. On: installs at the deadline, whatever the device is doing.",
        sets: "SMS_Advertisement.AdvertFlags bit 20",
        shown: Draft::is_required,
        ..OFF
    },
    Field {
        id: FieldId::AdvertisementRebootOutsideMw,
        label: "Restart outside maintenance windows",
        help: "On: a restart does not wait for the device's window either.",
        sets: "SMS_Advertisement.AdvertFlags bit 21",
        shown: Draft::is_required,
        ..OFF
    },
    Field {
        id: FieldId::AdvertisementComment,
        label: "Comment",
        help: "For your colleagues; the reason from the first step is added.",
        sets: "SMS_Advertisement.Comment",
        control: Control::Text { limit: 255 },
        ..BLANK
    },
    Field {
        id: FieldId::AdvertisementWake,
        label: "Wake devices",
        help: "Wakes devices at the deadline; needs wake-on-LAN set up.",
        sets: "SMS_Advertisement.AdvertFlags bit 22",
        shown: Draft::is_required,
        ..OFF
    },
    Field {
        id: FieldId::AdvertisementMetered,
        label: "Metered connections",
        help: "May cost the user money.",
        sets: "SMS_Advertisement.RemoteClientFlags bit 18",
        ..OFF
    },
    Field {
        id: FieldId::AdvertisementPersistWriteFilter,
        label: "Commit on embedded devices",
        help: "Devices with a write filter keep the change, and restart for it; off leaves it on the overlay.",
        sets: "SMS_Advertisement.RemoteClientFlags bit 15",
        ..ON
    },
    Field {
        id: FieldId::AdvertisementFast,
        label: "From a near distribution point",
        help: "Download first (recommended) or run straight from the server.",
        sets: "SMS_Advertisement.RemoteClientFlags bits 3 and 4",
        control: Control::Choice(NearPoint::CHOICES),
        default: |_| Some(NearPoint::Download.to_value()),
        shown: may_have_files,
        ..BLANK
    },
    Field {
        id: FieldId::AdvertisementSlow,
        label: "From a far distribution point",
        help: "When only a server outside the device's own area has the files.",
        sets: "SMS_Advertisement.RemoteClientFlags bits 5, 6 and 7",
        control: Control::Choice(FarPoint::CHOICES),
        default: |draft| {
            Some(if draft.intent() == Intent::Run {
                FarPoint::DoNotRun.to_value()
            } else {
                FarPoint::Download.to_value()
            })
        },
        shown: may_have_files,
        ..BLANK
    },
    Field {
        id: FieldId::AdvertisementFallback,
        label: "Allow the site default area",
        help: "Last resort: servers meant for devices without an area.",
        sets: "SMS_Advertisement.AdvertFlags bit 17, inverted",
        shown: may_have_files,
        ..OFF
    },
    Field {
        id: FieldId::AdvertisementPeer,
        label: "Share with neighbours",
        help: "Devices may fetch the files from one another.",
        sets: "SMS_Advertisement.AdvertFlags bit 16",
        shown: may_have_files,
        ..ON
    },
];

fn at_a_time(draft: &Draft) -> bool {
    draft.advertisement.trigger.is_none() || draft.has_trigger(Trigger::Time)
}

fn may_have_files(draft: &Draft) -> bool {
    draft.package_origin() == Origin::Existing || draft.has_source()
}

/// `7-Zip 24.08 Install → Pilot PCs`, cut to what the field holds.
fn usual_name(draft: &Draft) -> Option<String> {
    let what = match draft.package_origin() {
        Origin::Existing => draft.text(FieldId::PackageUse),
        Origin::New => format!(
            "{} {}",
            draft.text(FieldId::PackageName),
            draft.text(FieldId::PackageVersion)
        ),
    };
    let program = match draft.program_origin() {
        Origin::Existing => draft.text(FieldId::ProgramUse),
        Origin::New => draft.text(FieldId::ProgramName),
    };
    let who = match draft.collection.existing {
        Some(_) => draft.text(FieldId::CollectionUse),
        None => draft.text(FieldId::CollectionName),
    };
    if what.trim().is_empty() || who.is_empty() {
        return None;
    }
    let name = format!("{} {program} → {who}", what.trim());
    Some(name.chars().take(100).collect())
}
