//! The rules of the house: what may not be made here, reasons that must be given, and what names look like.

use super::rules::who_can;
use crate::config::{House, Pattern};
use crate::distribution::check::{Case, Finding};
use crate::distribution::draft::Origin;
use crate::distribution::draft::settled::said;
use crate::distribution::field::FieldId;
use crate::distribution::placement;
use crate::sms::folder;

type Rule = fn(&Case<'_>, &House) -> Option<Finding>;

const RULES: &[Rule] = &[
    no_new_packages,
    no_new_collections,
    package_name,
    collection_name,
    reason_missing,
    reason_unlike,
    scope_unknown,
    package_folder_unknown,
    collection_folder_unknown,
];

pub(super) fn judge(case: &Case<'_>, house: &House) -> Vec<Finding> {
    RULES.iter().filter_map(|rule| rule(case, house)).collect()
}

fn makes_a_package(case: &Case<'_>) -> bool {
    case.draft.package_origin() == Origin::New
}

fn no_new_packages(case: &Case<'_>, house: &House) -> Option<Finding> {
    (makes_a_package(case) && !house.new_packages).then(|| {
        Finding::stops(
            "PKG-E01",
            "You are not allowed to create packages here. Choose an existing one.",
        )
        .because(who_can("new_packages"))
        .at(FieldId::PackageMode)
    })
}

fn no_new_collections(case: &Case<'_>, house: &House) -> Option<Finding> {
    (case.is_new_collection() && !house.new_collections).then(|| {
        Finding::stops(
            "COL-E01",
            "You are not allowed to create collections here. Choose an existing one.",
        )
        .because(who_can("new_collections"))
        .at(FieldId::CollectionMode)
    })
}

fn package_name(case: &Case<'_>, house: &House) -> Option<Finding> {
    let name = said(case.draft.package.name.as_ref()).filter(|_| makes_a_package(case))?;
    unlike(
        "PKG-W08",
        name,
        house.package_names_like.as_ref()?,
        FieldId::PackageName,
    )
}

fn collection_name(case: &Case<'_>, house: &House) -> Option<Finding> {
    let name = said(case.draft.collection.name.as_ref()).filter(|_| case.is_new_collection())?;
    unlike(
        "COL-W08",
        name,
        house.collection_names_like.as_ref()?,
        FieldId::CollectionName,
    )
}

fn scope_unknown(case: &Case<'_>, house: &House) -> Option<Finding> {
    let scopes = &house.placement.scopes;
    let wanted = makes_a_package(case) && !scopes.is_empty();
    let unknown = placement::scopes(scopes, case.facts)
        .err()
        .filter(|_| wanted)?;
    Some(unknown.at(FieldId::PackageMode))
}

fn package_folder_unknown(case: &Case<'_>, house: &House) -> Option<Finding> {
    let path = house
        .placement
        .packages
        .as_ref()
        .filter(|_| makes_a_package(case))?;
    let missing = placement::folder(path, folder::PACKAGES, case.facts).err()?;
    Some(missing.at(FieldId::PackageMode))
}

fn collection_folder_unknown(case: &Case<'_>, house: &House) -> Option<Finding> {
    let path = house
        .placement
        .collections
        .as_ref()
        .filter(|_| case.is_new_collection())?;
    let missing = placement::folder(path, folder::DEVICE_COLLECTIONS, case.facts).err()?;
    Some(missing.at(FieldId::CollectionMode))
}

fn unlike(code: &'static str, name: &str, pattern: &Pattern, field: FieldId) -> Option<Finding> {
    (!pattern.fits(name))
        .then(|| Finding::note(code, format!("Your team's names look like '{pattern}'.")).at(field))
}

fn reason_missing(case: &Case<'_>, house: &House) -> Option<Finding> {
    let is_missing = case.text(FieldId::StartReason).is_empty();
    (house.reason_required && is_missing).then(|| {
        Finding::stops(
            "ST-E04",
            "A reason is required here, such as a ticket number.",
        )
        .because("It is stored with the deployment so that others can find out later.")
        .at(FieldId::StartReason)
    })
}

fn reason_unlike(case: &Case<'_>, house: &House) -> Option<Finding> {
    let pattern = house.reason_like.as_ref()?;
    let reason = case.text(FieldId::StartReason);
    (!reason.is_empty() && !pattern.fits(&reason)).then(|| {
        Finding::stops(
            "ST-E05",
            format!("'{reason}' does not look like {pattern}."),
        )
        .because("In it # stands for a digit and * for anything.")
        .at(FieldId::StartReason)
    })
}
