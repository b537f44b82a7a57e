//! The methods of `SMS_Collection` and its query rules (methods.md 1).

use serde_json::Value;

use super::schema::Classes;
use super::{evaluation, membership, wql};
use crate::site::context::Context;
use crate::site::methods::{Answer, Call, Implementation};
use crate::site::refusal::{Refusal, Wbem};
use crate::site::rules;
use crate::site::store::object::next_number;
use crate::site::store::{Object, ObjectKey, StoreError};
use crate::sms::collection_rule::CollectionRule;
use crate::sms::ids::CollectionId;

/// What this room implements.
pub const METHODS: &[Implementation] = &[
    method("SMS_Collection", "AddMembershipRule", true, add_rule),
    method("SMS_Collection", "DeleteMembershipRule", true, delete_rule),
    method("SMS_Collection", "RequestRefresh", true, request_refresh),
    method(
        "SMS_Collection",
        "VerifyNoCircularDependencies",
        false,
        verify_no_loop,
    ),
    method("SMS_Collection", "GetNumResults", false, count),
    method("SMS_Collection", "GetTotalNumResults", false, count),
    method("SMS_CollectionRuleQuery", "ValidateQuery", false, validate),
];

type Run = fn(&Context<'_>, &Call<'_>) -> Result<Answer, StoreError>;

const fn method(
    class: &'static str,
    method: &'static str,
    writes: bool,
    run: Run,
) -> Implementation {
    Implementation {
        class,
        method,
        writes,
        run,
    }
}

/// Adds a rule, or changes the query rule whose id it carries. Members change with the next evaluation only.
fn add_rule(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    let collection = call.target();
    refuse_built_in(&collection)?;
    let mut rule = rule(call)?;
    check(context, &collection, &rule)?;
    let mut rules = membership::rules(&collection);
    let mut query_id = 0;
    match &mut rule {
        CollectionRule::Query { id, .. } => {
            let given = *id;
            query_id = match given {
                Some(given) => given,
                None => u32::try_from(next_number(context.db, "query")?).unwrap_or_default(),
            };
            *id = Some(query_id);
            rules.retain(|old| !matches!(old, CollectionRule::Query { id, .. } if *id == given && given.is_some()));
        }
        other => {
            let other = other.clone();
            rules.retain(|old| !is_same(old, &other));
        }
    }
    rules.push(rule);
    keep(context, &collection, &rules)?;
    Ok(Answer::done().with("QueryID", query_id))
}

fn delete_rule(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    let collection = call.target();
    refuse_built_in(&collection)?;
    let rule = rule(call)?;
    let mut rules = membership::rules(&collection);
    let before = rules.len();
    rules.retain(|old| !is_same(old, &rule));
    if rules.len() == before {
        return Err(
            Refusal::not_found(format!("the collection has no such {} rule", rule.kind())).into(),
        );
    }
    keep(context, &collection, &rules)?;
    Ok(Answer::done())
}

fn request_refresh(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    evaluation::request(context, call.target().text("CollectionID"))?;
    Ok(Answer::done())
}

/// True when the one may use the other without a loop.
fn verify_no_loop(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    let parent = id_of(call.arguments.text("parentCollection"));
    let sub = id_of(call.arguments.text("subCollection"));
    let loops = parent == sub || rules::depends_on(context, parent.as_str(), sub.as_str())?;
    Ok(Answer::done().with("Result", !loops))
}

fn count(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    let id = id_of(call.arguments.text("Collection"));
    let missing = || Refusal::not_found(format!("there is no collection {id}"));
    let collection = context
        .read_named("SMS_Collection", id.as_str())?
        .ok_or_else(missing)?;
    Ok(Answer::done().with("Result", collection.number("MemberCount")))
}

/// Answers yes, or refuses with the place of the fault: more than a real site says, which only answers no.
fn validate(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    let text = call.arguments.text("WQLQuery");
    match wql::prepare(text, &Classes(context.catalog), &context.now()) {
        Ok(_) => Ok(Answer::value(true)),
        Err(error) => Err(Refusal::new(Wbem::InvalidQuery, error.to_string()).into()),
    }
}

fn rule(call: &Call<'_>) -> Result<CollectionRule, Refusal> {
    let given = call
        .arguments
        .get("collectionRule")
        .cloned()
        .unwrap_or(Value::Null);
    match serde_json::from_value(given) {
        Ok(CollectionRule::Other { class, .. }) => Err(Refusal::invalid(format!(
            "{class} is no kind of membership rule"
        ))),
        Ok(rule) => Ok(rule),
        Err(error) => Err(Refusal::invalid(format!("collectionRule: {error}"))),
    }
}

fn refuse_built_in(collection: &Object) -> Result<(), Refusal> {
    if collection.flag("IsBuiltIn") {
        let name = collection.text("Name");
        return Err(Refusal::new(
            Wbem::NotSupported,
            format!("{name} is a built-in collection; its rules stay"),
        ));
    }
    Ok(())
}

/// What a rule names must be there, fit, and make no loop. Queries are kept as they are: an invalid one adds nobody.
fn check(
    context: &Context<'_>,
    collection: &Object,
    rule: &CollectionRule,
) -> Result<(), StoreError> {
    if let CollectionRule::Direct {
        resource, class, ..
    } = rule
        && context.count("SMS_R_System", "ResourceId = ?1", &[&resource.0])? == 0
    {
        let words = format!("there is no {class} with the resource id {resource}");
        return Err(Refusal::not_found(words).into());
    }
    let Some(other) = rule.collection() else {
        return Ok(());
    };
    let missing = || Refusal::not_found(format!("there is no collection {other}"));
    let found = context
        .read_named("SMS_Collection", other.as_str())?
        .ok_or_else(missing)?;
    if found.number("CollectionType") != collection.number("CollectionType") {
        return Err(Refusal::invalid("devices and users cannot be in one collection").into());
    }
    let own = CollectionId::from(collection.text("CollectionID"));
    if own == *other || rules::depends_on(context, other.as_str(), own.as_str())? {
        let words =
            format!("with this rule the collection {own} would depend on itself through {other}");
        return Err(Refusal::new(Wbem::CircularReference, words).into());
    }
    Ok(())
}

/// Whether two rules are about the same thing, whatever they are called.
fn is_same(one: &CollectionRule, other: &CollectionRule) -> bool {
    use CollectionRule::{Direct, Exclude, Include, Query};
    match (one, other) {
        (Direct { resource: a, .. }, Direct { resource: b, .. }) => a == b,
        (Query { id: a, .. }, Query { id: b, .. }) => a.is_some() && a == b,
        (Include { collection: a, .. }, Include { collection: b, .. })
        | (Exclude { collection: a, .. }, Exclude { collection: b, .. }) => a == b,
        _ => false,
    }
}

fn keep(
    context: &Context<'_>,
    collection: &Object,
    rules: &[CollectionRule],
) -> Result<(), StoreError> {
    let others = rules
        .iter()
        .filter(|rule| rule.collection().is_some())
        .count();
    let mut changes = Object::new();
    changes
        .set("CollectionRules", membership::to_json(rules))
        .set("IncludeExcludeCollectionsCount", others)
        .set("LastChangeTime", context.now());
    context.update(
        "SMS_Collection",
        &ObjectKey::text(collection.text("CollectionID")),
        &changes,
    )?;
    Ok(())
}

/// The id in a reference: bare, or the key of an object path such as `SMS_Collection.CollectionID="LAB00014"`.
fn id_of(reference: &str) -> CollectionId {
    let bare = reference.rsplit('=').next().unwrap_or(reference);
    CollectionId::from(bare.trim_matches(['"', '\'', ' ']))
}
