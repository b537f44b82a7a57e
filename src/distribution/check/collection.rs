//! Rules of the target (wizard.md 7). Sizes and other risks are the guard's.

use super::{Case, Finding, Found, Remedy, Rule, too_long};
use crate::distribution::draft::settled::listed;
use crate::distribution::draft::{RunWhen, Value};
use crate::distribution::facts::{
    CollectionFact, DeviceFact, Fact, LARGE, QueryFact, ResolvedName,
};
use crate::distribution::field::FieldId;
use crate::distribution::words::{count, few, number};
use crate::sms::collection::CollectionType;
use crate::sms::ids::CollectionId;

mod alike;

/// Above this many, direct rules are the wrong tool.
const MANY_NAMES: usize = 500;

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
    names_not_found,
    names_ambiguous,
    names_outside_limit,
    names_asleep,
    many_names,
    query_invalid,
    query_of_no_resource,
    query_finds_nobody,
    query_finds_everybody,
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
            "There is no collection called '{said}', by id or name."
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

fn names_not_found(case: &Case<'_>) -> Option<Finding> {
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

fn names_ambiguous(case: &Case<'_>) -> Option<Finding> {
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

fn names_outside_limit(case: &Case<'_>) -> Option<Finding> {
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

fn names_asleep(case: &Case<'_>) -> Option<Finding> {
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

fn many_names(case: &Case<'_>) -> Option<Finding> {
    let names = listed(case.draft.collection.devices.as_ref()).count();
    (case.is_new_collection() && names > MANY_NAMES).then(|| {
        Finding::note("COL-W19", format!("{} direct rules.", number(names as u64)))
            .because("Use a rule or an AD group instead; rules are added one at a time.")
            .at(FieldId::CollectionDevices)
    })
}

fn query_fact<'a>(case: &Case<'a>) -> Option<&'a QueryFact> {
    let wql = case.text(FieldId::CollectionQuery);
    if !case.is_new_collection() || wql.is_empty() {
        return None;
    }
    match case
        .facts
        .query(&wql, &case.text(FieldId::CollectionLimitTo))
    {
        Fact::Known { value, .. } => Some(value),
        _ => None,
    }
}

fn query_invalid(case: &Case<'_>) -> Option<Finding> {
    let fact = query_fact(case)?;
    (!fact.is_valid).then(|| {
        let what = match fact.message.trim_end_matches('.') {
            "" => "The site does not take this query.".into(),
            message => format!("The site does not take this query: {message}."),
        };
        Finding::stops("COL-E21", what)
            .because("An invalid query adds nobody.")
            .at(FieldId::CollectionQuery)
    })
}

fn query_of_no_resource(case: &Case<'_>) -> Option<Finding> {
    let wql = case.text(FieldId::CollectionQuery).to_lowercase();
    if !case.is_new_collection() || wql.is_empty() {
        return None;
    }
    let mut words = wql
        .split_whitespace()
        .skip_while(|word| *word != "from")
        .skip(1);
    let class = words.next().unwrap_or_default();
    (!class.starts_with("sms_r_")).then(|| {
        Finding::stops(
            "COL-E22",
            "The query must be about a resource class, such as SMS_R_System, after FROM.",
        )
        .because("A query over anything else is taken and finds nobody.")
        .at(FieldId::CollectionQuery)
    })
}

fn query_finds_nobody(case: &Case<'_>) -> Option<Finding> {
    let count = query_fact(case)?.preview.value()?.count;
    (count == 0).then(|| {
        Finding::note("COL-W23", "The query finds nobody at the moment.")
            .at(FieldId::CollectionQuery)
    })
}

fn query_finds_everybody(case: &Case<'_>) -> Option<Finding> {
    let found = query_fact(case)?.preview.value()?.count;
    let limit = u64::try_from(limit(case)?.member_count).ok()?;
    (found > 0 && found.saturating_mul(5) > limit.saturating_mul(4)).then(|| {
        Finding::note("COL-W24", "This matches almost everyone.")
            .because(format!(
                "{} of the {} in the limiting collection.",
                number(found),
                number(limit)
            ))
            .at(FieldId::CollectionQuery)
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
