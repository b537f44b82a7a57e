//! `SMS_Collection`: unique names, one type, no loops; built-in ones stay as they are.

use serde_json::Value;

use super::{Rules, values};
use crate::site::collections::evaluation;
use crate::site::context::Context;
use crate::site::refusal::{Refusal, Wbem};
use crate::site::store::object::next_number;
use crate::site::store::{Object, ObjectKey, StoreError};

pub(super) struct Collection;

/// What stands in a time of a collection that has never come: the provider's date without a zone.
pub const NEVER_CHANGED: &str = "1980-01-01T06:00:00Z";
pub const NEVER_EVALUATED: &str = "1970-01-01T00:00:00Z";

const DEVICES: i64 = 2;
const AWAITING_REFRESH: i64 = 5;

/// What `RefreshType` may be: by hand, on a schedule, incremental, both of these.
const REFRESH_TYPES: &[i64] = &[1, 2, 4, 6];
/// Its bit for a schedule.
const PERIODIC: i64 = 2;

impl Rules for Collection {
    fn create(&self, context: &Context<'_>, object: &mut Object) -> Result<(), StoreError> {
        check_name(context, object.text("Name"), "")?;
        let limiting = limiting(context, object)?;
        let kind = object
            .get("CollectionType")
            .and_then(Value::as_i64)
            .unwrap_or_else(|| limiting.number("CollectionType"));
        check_kind(kind, &limiting)?;
        values::check_one_of(object, "RefreshType", REFRESH_TYPES)?;
        let number = next_number(context.db, "collection")?;
        let id = format!("{}{number:05X}", context.site.code);
        object
            .set("MemberClassName", format!("SMS_CM_RES_COLL_{id}"))
            .set("CollectionID", id)
            .set("CollectionType", kind)
            .set("CurrentStatus", AWAITING_REFRESH)
            .set("OwnedByThisSite", true)
            .set("LimitToCollectionID", limiting.text("CollectionID"))
            .set("LimitToCollectionName", limiting.text("Name"))
            .set("LastChangeTime", context.now())
            .set("LastMemberChangeTime", NEVER_CHANGED)
            .set("LastRefreshTime", NEVER_CHANGED);
        for time in [
            "FullEvaluationLastRefreshTime",
            "FullEvaluationMemberChangeTime",
            "FullEvaluationNextRefreshTime",
            "IncrementalEvaluationLastRefreshTime",
            "IncrementalEvaluationMemberChangeTime",
        ] {
            object.set(time, NEVER_EVALUATED);
        }
        evaluation::set_next_refresh(context, object);
        Ok(())
    }

    fn update(
        &self,
        context: &Context<'_>,
        old: &Object,
        changes: &mut Object,
    ) -> Result<(), StoreError> {
        if old.flag("IsBuiltIn") {
            return change_built_in(context, old, changes);
        }
        values::check_fixed("SMS_Collection", &["CollectionType"], old, changes)?;
        let id = old.text("CollectionID");
        let mut merged = values::merged(old, changes);
        values::check_one_of(&merged, "RefreshType", REFRESH_TYPES)?;
        if changes.has("RefreshType") && merged.number("RefreshType") & PERIODIC == 0 {
            // Switching the schedule off clears it (distribution.md 9).
            changes.set("RefreshSchedule", Value::Null);
            merged.set("RefreshSchedule", Value::Null);
        }
        check_name(context, merged.text("Name"), id)?;
        if merged.get("LimitToCollectionID") != old.get("LimitToCollectionID") {
            let limiting = limiting(context, &merged)?;
            check_kind(old.number("CollectionType"), &limiting)?;
            check_no_loop(context, id, limiting.text("CollectionID"))?;
            changes
                .set("LimitToCollectionName", limiting.text("Name"))
                .set("CurrentStatus", AWAITING_REFRESH);
        }
        changes.set("LastChangeTime", context.now());
        move_next_refresh(context, merged, changes);
        Ok(())
    }

    /// Refused while others stand on it (distribution.md 17, 2); its settings go with it.
    fn delete(
        &self,
        context: &Context<'_>,
        key: &ObjectKey,
        object: &Object,
    ) -> Result<(), StoreError> {
        check_not_built_in(object)?;
        check_unused(context, object)?;
        let id = object.text("CollectionID");
        context.execute("DELETE FROM consign_member WHERE CollectionID = ?1", &[&id])?;
        context.execute(
            "DELETE FROM SMS_CollectionSettings WHERE CollectionID = ?1",
            &[&id],
        )?;
        crate::site::store::object::delete(context.db, context.class("SMS_Collection")?, key)?;
        Ok(())
    }
}

pub(super) fn check_not_built_in(collection: &Object) -> Result<(), Refusal> {
    if collection.flag("IsBuiltIn") {
        return Err(Refusal::new(
            Wbem::NotSupported,
            format!(
                "{} is a built-in collection; it cannot be changed or deleted",
                collection.text("Name")
            ),
        ));
    }
    Ok(())
}

/// Of a built-in collection only the time of its evaluation may be moved; what is said again as it is counts for nothing.
fn change_built_in(
    context: &Context<'_>,
    old: &Object,
    changes: &mut Object,
) -> Result<(), StoreError> {
    let schedule = changes.named("RefreshSchedule").cloned();
    changes.remove("RefreshSchedule");
    if changes
        .iter()
        .any(|(name, value)| old.get(name) != Some(value).filter(|value| !value.is_null()))
    {
        check_not_built_in(old)?;
    }
    let Some(schedule) = schedule else {
        return Ok(());
    };
    if schedule.as_array().is_none_or(Vec::is_empty) && old.has("RefreshSchedule") {
        let name = old.text("Name");
        let words =
            format!("{name} is a built-in collection; its evaluation cannot be switched off");
        return Err(Refusal::new(Wbem::NotSupported, words).into());
    }
    changes.set("RefreshSchedule", schedule);
    let merged = values::merged(old, changes);
    move_next_refresh(context, merged, changes);
    Ok(())
}

/// A change of the schedule moves the next evaluation.
fn move_next_refresh(context: &Context<'_>, mut merged: Object, changes: &mut Object) {
    if changes.named("RefreshSchedule").is_some() || changes.named("RefreshType").is_some() {
        evaluation::set_next_refresh(context, &mut merged);
        let next = merged.text("FullEvaluationNextRefreshTime");
        changes.set("FullEvaluationNextRefreshTime", next);
    }
}

fn check_name(context: &Context<'_>, name: &str, own_id: &str) -> Result<(), StoreError> {
    let others = context.find(
        "SMS_Collection",
        "Name = ?1 AND CollectionID <> ?2",
        &[&name, &own_id],
    )?;
    match others.first() {
        Some(other) => Err(Refusal::already_exists(format!(
            "there is already a collection called {name} ({})",
            other.text("CollectionID")
        ))
        .into()),
        None => Ok(()),
    }
}

/// The collection that limits this one; every custom collection needs one.
fn limiting(context: &Context<'_>, collection: &Object) -> Result<Object, StoreError> {
    let id = collection.text("LimitToCollectionID");
    if id.is_empty() {
        return Err(
            Refusal::new(Wbem::IllegalNull, "a collection needs LimitToCollectionID").into(),
        );
    }
    let missing = || Refusal::not_found(format!("there is no collection {id} to limit this one"));
    Ok(context
        .read_named("SMS_Collection", id)?
        .ok_or_else(missing)?)
}

fn check_kind(kind: i64, limiting: &Object) -> Result<(), Refusal> {
    if kind == limiting.number("CollectionType") {
        return Ok(());
    }
    let words = |kind| if kind == DEVICES { "devices" } else { "users" };
    Err(Refusal::invalid(format!(
        "a collection of {} cannot be limited to {}, a collection of {}",
        words(kind),
        limiting.text("Name"),
        words(limiting.number("CollectionType"))
    )))
}

fn check_no_loop(
    context: &Context<'_>,
    collection: &str,
    limiting: &str,
) -> Result<(), StoreError> {
    if collection.eq_ignore_ascii_case(limiting) || depends_on(context, limiting, collection)? {
        return Err(Refusal::new(
            Wbem::CircularReference,
            format!("limited to {limiting}, the collection {collection} would depend on itself"),
        )
        .into());
    }
    Ok(())
}

/// Whether `collection` is limited by, includes or excludes `other`, itself or through others.
pub fn depends_on(
    context: &Context<'_>,
    collection: &str,
    other: &str,
) -> Result<bool, StoreError> {
    let sql = "WITH RECURSIVE reached (id) AS ( \
                   SELECT SourceCollectionID FROM SMS_CollectionDependencies WHERE DependentCollectionID = ?1 \
                   UNION \
                   SELECT SourceCollectionID FROM SMS_CollectionDependencies \
                   JOIN reached ON DependentCollectionID = reached.id) \
               SELECT 1 FROM reached WHERE id = ?2 COLLATE NOCASE";
    Ok(context
        .db
        .prepare_cached(sql)?
        .exists([collection, other])?)
}

fn check_unused(context: &Context<'_>, collection: &Object) -> Result<(), StoreError> {
    let id = collection.text("CollectionID");
    let mut users = Vec::new();
    let sql = "SELECT DISTINCT SMS_Collection.Name || ' (' || SMS_Collection.CollectionID || ')' \
               FROM SMS_CollectionDependencies JOIN SMS_Collection \
               ON SMS_Collection.CollectionID = DependentCollectionID WHERE SourceCollectionID = ?1 ORDER BY 1";
    let mut statement = context.db.prepare_cached(sql)?;
    for name in statement.query_map([id], |row| row.get::<_, String>(0))? {
        users.push(format!("the collection {}", name?));
    }
    for advertisement in context.find("SMS_Advertisement", "CollectionID = ?1", &[&id])? {
        let (name, id) = (
            advertisement.text("AdvertisementName"),
            advertisement.text("AdvertisementID"),
        );
        users.push(format!("the advertisement {name} ({id})"));
    }
    if users.is_empty() {
        return Ok(());
    }
    let name = collection.text("Name");
    Err(Refusal::not_now(format!("{name} ({id}) is in use by {}", users.join(", "))).into())
}
