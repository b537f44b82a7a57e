//! Rules of devices that are named one by one.

use crate::distribution::check::{Case, Finding};
use crate::distribution::draft::Value;
use crate::distribution::draft::settled::listed;
use crate::distribution::facts::{DeviceFact, Fact, ResolvedName};
use crate::distribution::field::FieldId;
use crate::distribution::words::{count, few, number};

/// Above this many, direct rules are the wrong tool.
const MANY_NAMES: usize = 500;

fn resolved<'a>(case: &Case<'a>) -> Option<&'a Vec<ResolvedName>> {
    let names: Vec<String> = listed(case.draft.collection.devices.as_ref())
        .map(str::to_owned)
        .collect();
    if !case.is_new_collection() || names.is_empty() {
        return None;
    }
    match case
        .facts
        .devices(&names, &case.text(FieldId::CollectionLimitTo))
    {
        Fact::Known { value, .. } => Some(value),
        _ => None,
    }
}

/// Matches that are not left-overs of a device that was installed anew.
fn current(name: &ResolvedName) -> impl Iterator<Item = &DeviceFact> {
    let any = name.matches.iter().any(|device| !device.row.is_obsolete());
    name.matches
        .iter()
        .filter(move |device| !any || !device.row.is_obsolete())
}

fn names_of(case: &Case<'_>, is_so: impl Fn(&DeviceFact) -> bool) -> Option<Vec<String>> {
    let names: Vec<String> = resolved(case)?
        .iter()
        .filter(|name| current(name).any(&is_so))
        .map(|name| name.name.clone())
        .collect();
    (!names.is_empty()).then_some(names)
}

pub(in super::super) fn names_not_found(case: &Case<'_>) -> Option<Finding> {
    let names = resolved(case)?;
    let (lost, found): (Vec<&ResolvedName>, Vec<&ResolvedName>) =
        names.iter().partition(|name| name.matches.is_empty());
    (!lost.is_empty()).then(|| {
        let shown: Vec<&str> = lost.iter().map(|name| name.name.as_str()).collect();
        let were = count(lost.len() as u64, "name was", "names were");
        let kept = found.into_iter().map(|name| name.name.clone()).collect();
        Finding::stops("COL-E15", format!("{were} not found: {}.", few(&shown)))
            .at(FieldId::CollectionDevices)
            .set(
                "Drop them",
                [(FieldId::CollectionDevices, Value::List(kept))],
            )
    })
}

pub(in super::super) fn names_ambiguous(case: &Case<'_>) -> Option<Finding> {
    let several: Vec<&str> = resolved(case)?
        .iter()
        .filter(|name| current(name).count() > 1)
        .map(|name| name.name.as_str())
        .collect();
    (!several.is_empty()).then(|| {
        Finding::stops(
            "COL-E16",
            format!("More than one device is called {}.", few(&several)),
        )
        .because("A name alone does not say which one is meant.")
        .at(FieldId::CollectionDevices)
    })
}

pub(in super::super) fn names_outside_limit(case: &Case<'_>) -> Option<Finding> {
    let outside = names_of(case, |device| device.in_limit == Some(false))?;
    let are = count(outside.len() as u64, "device is", "devices are");
    Some(
        Finding::confirm(
            "COL-W17",
            format!("{are} outside the limiting collection: {}.", few(&outside)),
        )
        .because("These will silently not become members.")
        .at(FieldId::CollectionDevices),
    )
}

pub(in super::super) fn names_asleep(case: &Case<'_>) -> Option<Finding> {
    let asleep = names_of(case, |device| {
        device.row.is_obsolete() || !device.row.has_client() || !device.row.is_active()
    })?;
    let are = count(asleep.len() as u64, "device is", "devices are");
    Some(
        Finding::note(
            "COL-W18",
            format!(
                "{are} obsolete, inactive or without a client: {}.",
                few(&asleep)
            ),
        )
        .because("Nothing happens there until a client is heard of.")
        .at(FieldId::CollectionDevices),
    )
}

pub(in super::super) fn many_names(case: &Case<'_>) -> Option<Finding> {
    let names = listed(case.draft.collection.devices.as_ref()).count();
    (case.is_new_collection() && names > MANY_NAMES).then(|| {
        Finding::note("COL-W19", format!("{} direct rules.", number(names as u64)))
            .because("Use a rule or an AD group instead; rules are added one at a time.")
            .at(FieldId::CollectionDevices)
    })
}
