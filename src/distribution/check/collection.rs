//! Rules of the target (wizard.md 7). Sizes and other risks are the guard's.

use super::{Case, Finding, Found, Remedy, Rule, too_long};
use crate::distribution::draft::settled::listed;
use crate::distribution::draft::{RunWhen, Value};
use crate::distribution::facts::{CollectionFact, LARGE};
use crate::distribution::field::FieldId;
use crate::distribution::words::count;
use crate::sms::collection::CollectionType;
use crate::sms::ids::CollectionId;

mod alike;
mod devices;
mod query;

pub use alike::difference;

pub(super) const RULES: &[Rule] = &[
    none_chosen,
    nobody_in_it,
    evaluated_long_ago,
    still_evaluating,
    no_name,
    name_too_long,
    name_taken,
    name_like_a_large_one,
    no_limit,
    limit_not_found,
    limited_by_nothing,
    limited_to_itself,
    wrong_type,
    users_without_users,
    devices::names_not_found,
    devices::names_ambiguous,
    devices::names_outside_limit,
    devices::names_asleep,
    devices::many_names,
    query::query_invalid,
    query::query_of_no_resource,
    query::query_finds_nobody,
    query::query_finds_everybody,
    refers_to_itself,
    parts_not_found,
    no_rule,
];

fn none_chosen(case: &Case<'_>) -> Option<Finding> {
    if case.is_new_collection() {
        return None;
    }
    let said = case.text(FieldId::CollectionUse);
    let what = if said.is_empty() {
        "Choose a collection.".into()
    } else {
        not_one(case, &said)?
    };
    Some(Finding::stops("COL-E02", what).at(FieldId::CollectionUse))
}

/// Why a name does not stand for one collection; `None` when it does, or nobody knows.
fn not_one(case: &Case<'_>, said: &str) -> Option<String> {
    match case.collection_named(said) {
        Found::Nothing => Some(format!(
            "There is no collection called '{said}', by id or name{}.",
            case.that_is_seen()
        )),
        Found::Several(rows) => {
            let ids: Vec<&str> = rows.iter().map(|row| row.collection_id.as_str()).collect();
            Some(format!(
                "{} collections are called '{said}' ({}); choose one by its id.",
                rows.len(),
                ids.join(", ")
            ))
        }
        Found::One(_) | Found::Unknown => None,
    }
}

fn nobody_in_it(case: &Case<'_>) -> Option<Finding> {
    let members = case.members()?;
    let field = if case.is_new_collection() {
        FieldId::CollectionMode
    } else {
        FieldId::CollectionUse
    };
    (members == 0).then(|| {
        Finding::note(
            "COL-W03",
            "It has no members: nobody gets anything for now.",
        )
        .because("Whoever becomes a member later gets it then.")
        .at(field)
    })
}

fn evaluated_long_ago(case: &Case<'_>) -> Option<Finding> {
    let row = case.collection().one()?;
    let last = row.last_refresh_time?.as_utc()?;
    let hours = case.now.timestamp().duration_since(last).as_hours();
    (hours >= 24 && !row.is_busy()).then(|| {
        let ago = if hours < 48 {
            count(hours.unsigned_abs(), "hour", "hours")
        } else {
            count(hours.unsigned_abs() / 24, "day", "days")
        };
        Finding::note(
            "COL-W04",
            format!("Last evaluated {ago} ago; the number may be out of date."),
        )
        .at(FieldId::CollectionUse)
        .fix(
            "Evaluate now",
            Remedy::Evaluate(row.collection_id.to_string()),
        )
    })
}

fn still_evaluating(case: &Case<'_>) -> Option<Finding> {
    let row = case.collection().one()?;
    row.is_busy().then(|| {
        Finding::note("COL-W05", "The site is still working this collection out.")
            .because("The number of members may change in a moment.")
            .at(FieldId::CollectionUse)
    })
}

fn no_name(case: &Case<'_>) -> Option<Finding> {
    (case.is_new_collection() && case.text(FieldId::CollectionName).is_empty()).then(|| {
        Finding::stops("COL-E06", "Give the collection a name.").at(FieldId::CollectionName)
    })
}

fn name_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::CollectionName, "COL-E31")
}

/// The name of a new collection.
fn new_name(case: &Case<'_>) -> Option<String> {
    let name = case.text(FieldId::CollectionName);
    (case.is_new_collection() && !name.is_empty()).then_some(name)
}

fn name_taken(case: &Case<'_>) -> Option<Finding> {
    let name = new_name(case)?;
    let there: &CollectionFact = match case.collection_named(&name) {
        Found::One(row) => row,
        Found::Several(rows) => rows.first()?,
        _ => return None,
    };
    let id = there.collection_id.to_string();
    Some(
        Finding::stops(
            "COL-E07",
            format!(
                "There is already a collection with this name ({id}, {} members).",
                there.member_count
            ),
        )
        .at(FieldId::CollectionName)
        .set("Use it", [(FieldId::CollectionUse, Value::Text(id))]),
    )
}

fn name_like_a_large_one(case: &Case<'_>) -> Option<Finding> {
    let name = new_name(case)?;
    let fact = case.facts.large_collections(LARGE);
    let (other, difference) = fact
        .value()?
        .iter()
        .filter(|row| !row.name.eq_ignore_ascii_case(&name))
        .find_map(|row| Some((row, alike::difference(&name, &row.name)?)))?;
    Some(
        Finding::note(
            "COL-W09",
            format!(
                "Differs from '{}' ({} members) only by '{difference}'.",
                other.name, other.member_count
            ),
        )
        .because("Somebody will choose the wrong one.")
        .at(FieldId::CollectionName),
    )
}

fn no_limit(case: &Case<'_>) -> Option<Finding> {
    (case.is_new_collection() && case.text(FieldId::CollectionLimitTo).is_empty()).then(|| {
        Finding::stops("COL-E10", "Which collection may its members come from?")
            .because("Every collection is limited by another.")
            .at(FieldId::CollectionLimitTo)
    })
}

fn limit_not_found(case: &Case<'_>) -> Option<Finding> {
    let said = case.text(FieldId::CollectionLimitTo);
    if !case.is_new_collection() || said.is_empty() {
        return None;
    }
    Some(Finding::stops("COL-E10", not_one(case, &said)?).at(FieldId::CollectionLimitTo))
}

/// The limiting collection of a new one.
fn limit<'a>(case: &Case<'a>) -> Option<&'a CollectionFact> {
    let said = case.text(FieldId::CollectionLimitTo);
    if !case.is_new_collection() {
        return None;
    }
    case.collection_named(&said).one()
}

fn limited_by_nothing(case: &Case<'_>) -> Option<Finding> {
    let limit = limit(case)?;
    let id = limit.collection_id.as_str();
    let widest = id == CollectionId::ALL_SYSTEMS
        || id == CollectionId::ALL_USERS_AND_GROUPS
        || id == "SMS00002";
    widest.then(|| {
        Finding::note("COL-W11", "Nothing limits this collection.")
            .because("Choose a narrower one so a mistake stays small.")
            .at(FieldId::CollectionLimitTo)
    })
}

fn limited_to_itself(case: &Case<'_>) -> Option<Finding> {
    let name = new_name(case)?;
    name.eq_ignore_ascii_case(&case.text(FieldId::CollectionLimitTo))
        .then(|| {
            Finding::stops("COL-E12", "A collection cannot be limited to itself.")
                .at(FieldId::CollectionLimitTo)
        })
}

/// Devices and users never share a collection: the limiting one and every part must be of one type.
fn wrong_type(case: &Case<'_>) -> Option<Finding> {
    let limit = limit(case)?;
    let names_devices = listed(case.draft.collection.devices.as_ref())
        .next()
        .is_some();
    if names_devices && limit.collection_type == CollectionType::User {
        return Some(
            Finding::stops(
                "COL-E13",
                format!("'{}' holds users, and devices are named here.", limit.name),
            )
            .at(FieldId::CollectionLimitTo),
        );
    }
    let (field, other) = parts(case).find_map(|(field, name)| {
        let part = case.collection_named(name).one()?;
        (part.collection_type != limit.collection_type).then_some((field, part))
    })?;
    Some(
        Finding::stops(
            "COL-E13",
            format!(
                "'{}' holds {} and '{}' holds {}.",
                limit.name, limit.collection_type, other.name, other.collection_type
            ),
        )
        .at(field),
    )
}

/// Collections a new one includes or excludes, as written.
fn parts<'a>(case: &Case<'a>) -> impl Iterator<Item = (FieldId, &'a str)> {
    let collection = &case.draft.collection;
    let is_new = case.is_new_collection();
    let include =
        listed(collection.include.as_ref()).map(|name| (FieldId::CollectionInclude, name));
    let exclude =
        listed(collection.exclude.as_ref()).map(|name| (FieldId::CollectionExclude, name));
    include.chain(exclude).filter(move |_| is_new)
}

fn users_without_users(case: &Case<'_>) -> Option<Finding> {
    let row = if case.is_new_collection() {
        limit(case)?
    } else {
        case.collection().one()?
    };
    let nobody = case.running()?.run_when == RunWhen::NoUser;
    (row.collection_type == CollectionType::User && nobody).then(|| {
        Finding::confirm(
            "COL-W14",
            "The collection holds users, and the program runs only while no user is signed in.",
        )
        .because("It may never be offered to anybody.")
        .at(if case.is_new_collection() {
            FieldId::CollectionLimitTo
        } else {
            FieldId::CollectionUse
        })
    })
}

fn refers_to_itself(case: &Case<'_>) -> Option<Finding> {
    let name = new_name(case)?;
    let (field, _) = parts(case).find(|(_, part)| part.eq_ignore_ascii_case(&name))?;
    Some(Finding::stops("COL-E26", "A collection cannot include or exclude itself.").at(field))
}

fn parts_not_found(case: &Case<'_>) -> Option<Finding> {
    let (field, what) =
        parts(case).find_map(|(field, name)| Some((field, not_one(case, name)?)))?;
    Some(Finding::stops("COL-E32", what).at(field))
}

fn no_rule(case: &Case<'_>) -> Option<Finding> {
    let collection = &case.draft.collection;
    let anyone = listed(collection.devices.as_ref())
        .chain(listed(collection.include.as_ref()))
        .next()
        .is_some()
        || !case.text(FieldId::CollectionQuery).is_empty();
    (case.is_new_collection() && !anyone).then(|| {
        Finding::stops(
            "COL-E33",
            "Name devices, write a query, or include a collection.",
        )
        .because("A collection without a rule never has a member.")
        .at(FieldId::CollectionMode)
    })
}

#[cfg(test)]
mod tests;
