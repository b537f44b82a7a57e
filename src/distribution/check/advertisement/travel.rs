//! Rules of how devices get the files.

use super::{Case, Finding};
use crate::distribution::draft::{FarPoint, NearPoint, Origin, Value};
use crate::distribution::field::FieldId;

/// From this size on, downloads over slow lines hurt.
const LARGE_MB: u64 = 500;

pub(super) fn run_from_without_share(case: &Case<'_>) -> Option<Finding> {
    let field = if case.draft.fast() == NearPoint::RunFrom {
        FieldId::AdvertisementFast
    } else if case.draft.slow() == FarPoint::RunFrom {
        FieldId::AdvertisementSlow
    } else {
        return None;
    };
    if !case.has_files()? || case.is_shared()? {
        return None;
    }
    let finding = Finding::stops("ADV-E31", "The package would not be available to run.")
        .because("Running from the server needs the package's share, and it is not copied to one.")
        .at(field);
    Some(match case.draft.package_origin() {
        Origin::New => finding.set(
            "Turn it on",
            [(FieldId::PackageCopyToShare, Value::Flag(true))],
        ),
        Origin::Existing => finding,
    })
}

pub(super) fn far_devices_left_out(case: &Case<'_>) -> Option<Finding> {
    (case.has_files()? && case.draft.slow() == FarPoint::DoNotRun).then(|| {
        Finding::note(
            "ADV-W32",
            "Devices whose own area has no copy will never install it.",
        )
        .at(FieldId::AdvertisementSlow)
    })
}

pub(super) fn large_over_slow_lines(case: &Case<'_>) -> Option<Finding> {
    let megabytes = case.megabytes()?;
    (case.has_files()? && case.draft.slow() == FarPoint::Download && megabytes >= LARGE_MB).then(
        || {
            Finding::note(
                "ADV-W33",
                format!("{megabytes} MB may be downloaded over slow lines."),
            )
            .at(FieldId::AdvertisementSlow)
        },
    )
}
