//! Rules of the times: available, deadline, expiry.

use jiff::ToSpan;
use jiff::civil::Weekday;

use super::{Case, Finding, days_after, deadline};
use crate::distribution::draft::{After, When};
use crate::distribution::field::FieldId;
use crate::distribution::words;

pub(super) fn available_far_ahead(case: &Case<'_>) -> Option<Finding> {
    let available = case.digits(case.draft.available());
    (available > days_after(case.clock(), 30)?).then(|| {
        Finding::note("ADV-W07", "Nobody sees it for more than 30 days.")
            .at(FieldId::AdvertisementAvailable)
    })
}

pub(super) fn deadline_before_available(case: &Case<'_>) -> Option<Finding> {
    let deadline = deadline(case)?;
    let When::At(available) = case.draft.available() else {
        return None;
    };
    (deadline < available).then(|| {
        let now = case.clock();
        Finding::stops(
            "ADV-E12",
            format!(
                "The deadline ({}) is before it becomes available ({}).",
                words::moment(deadline, now),
                words::moment(available, now)
            ),
        )
        .because("Devices would not know about it in time.")
        .at(FieldId::AdvertisementDeadline)
    })
}

/// Past, or within the hour: devices run it as soon as they hear of it, so nobody has time to think again.
pub(super) fn deadline_soon(case: &Case<'_>) -> Option<Finding> {
    let deadline = deadline(case)?;
    let now = case.clock();
    let soon = now.checked_add(1.hour()).ok()?;
    let what = if deadline < now {
        format!("The deadline ({}) is past.", words::moment(deadline, now))
    } else if deadline < soon {
        format!(
            "The deadline ({}) is less than an hour away.",
            words::moment(deadline, now)
        )
    } else {
        return None;
    };
    case.draft.is_required().then(|| {
        Finding::confirm("ADV-W13", what)
            .because(
                "Runs as soon as devices hear about it (normally within their policy interval).",
            )
            .at(FieldId::AdvertisementDeadline)
    })
}

pub(super) fn deadline_in_working_hours(case: &Case<'_>) -> Option<Finding> {
    let due = case.due()?;
    let restarts = matches!(
        case.running()?.after,
        After::Restart | After::ProgramRestarts
    );
    let weekend = matches!(due.weekday(), Weekday::Saturday | Weekday::Sunday);
    let at_work = !weekend && (7..18).contains(&due.hour());
    (case.draft.is_required() && restarts && at_work).then(|| {
        Finding::confirm(
            "ADV-W14",
            format!(
                "Devices restart in working hours, from {}.",
                words::moment(due, case.clock())
            ),
        )
        .because("People lose what they have not saved.")
        .at(FieldId::AdvertisementDeadline)
    })
}

pub(super) fn off_devices_run_later(case: &Case<'_>) -> Option<Finding> {
    deadline(case)?;
    case.draft.is_required().then(|| {
        Finding::note(
            "ADV-I15",
            "Devices that were off run it when they return, at any hour.",
        )
        .at(FieldId::AdvertisementDeadline)
    })
}

pub(super) fn expires_too_early(case: &Case<'_>) -> Option<Finding> {
    let expires = case.digits(case.draft.advertisement.expires?);
    let available = case.digits(case.draft.available());
    let what = if expires <= available {
        "It expires before it becomes available."
    } else if deadline(case).is_some_and(|deadline| expires <= deadline) {
        "It expires before its deadline."
    } else {
        return None;
    };
    Some(
        Finding::stops("ADV-E22", what)
            .because("Nothing would ever run.")
            .at(FieldId::AdvertisementExpires),
    )
}

pub(super) fn expires_soon_after(case: &Case<'_>) -> Option<Finding> {
    let expires = case.digits(case.draft.advertisement.expires?);
    let deadline = deadline(case)?;
    (expires > deadline && expires < days_after(deadline, 1)?).then(|| {
        Finding::note(
            "ADV-W23",
            "It expires less than 24 hours after the deadline.",
        )
        .because("Devices that are away miss it.")
        .at(FieldId::AdvertisementExpires)
    })
}
