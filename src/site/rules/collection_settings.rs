//! `SMS_CollectionSettings`: the maintenance windows and variables of one collection.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Rules, values};
use crate::site::context::Context;
use crate::site::refusal::Refusal;
use crate::site::store::{Object, ObjectKey, StoreError, object};
use crate::sms::schedule::{Recurrence, Token, unpack};

pub(super) struct CollectionSettings;

/// No maintenance window may stand on the collection that holds every device.
const ALL_SYSTEMS: &str = "SMS00001";
/// Lengths a window may have, in minutes.
const LENGTHS: std::ops::RangeInclusive<u32> = 5..=24 * 60;

impl Rules for CollectionSettings {
    fn create(&self, context: &Context<'_>, object: &mut Object) -> Result<(), StoreError> {
        let id = object.text("CollectionID").to_owned();
        let missing = || Refusal::not_found(format!("there is no collection {id}"));
        context
            .read_named("SMS_Collection", &id)?
            .ok_or_else(missing)?;
        complete(object, &id)?;
        object
            .set("SourceSite", context.site.code.as_str())
            .set("LastModificationTime", context.now());
        Ok(())
    }

    fn created(&self, context: &Context<'_>, object: &Object) -> Result<(), StoreError> {
        count(context, object)
    }

    fn update(
        &self,
        context: &Context<'_>,
        old: &Object,
        changes: &mut Object,
    ) -> Result<(), StoreError> {
        complete(changes, old.text("CollectionID"))?;
        changes.set("LastModificationTime", context.now());
        count(context, &values::merged(old, changes))
    }

    fn delete(
        &self,
        context: &Context<'_>,
        key: &ObjectKey,
        object: &Object,
    ) -> Result<(), StoreError> {
        object::delete(context.db, context.class("SMS_CollectionSettings")?, key)?;
        let mut none = Object::new();
        none.set("CollectionID", object.text("CollectionID"));
        count(context, &none)
    }
}

/// Writes into each window what the provider derives from its packed schedule.
fn complete(settings: &mut Object, collection: &str) -> Result<(), Refusal> {
    if settings.list("ServiceWindows").is_empty() {
        return Ok(());
    }
    if collection.eq_ignore_ascii_case(ALL_SYSTEMS) {
        return Err(Refusal::invalid(
            "All Systems cannot have maintenance windows",
        ));
    }
    let windows = settings
        .list("ServiceWindows")
        .iter()
        .map(derive)
        .collect::<Result<Vec<_>, _>>()?;
    settings.set("ServiceWindows", windows);
    Ok(())
}

fn derive(window: &Value) -> Result<Value, Refusal> {
    let name = window
        .get("Name")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let packed = window
        .get("ServiceWindowSchedules")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let faulty = |why: String| Refusal::invalid(format!("maintenance window {name:?}: {why}"));
    let tokens = unpack(packed).map_err(|error| faulty(error.to_string()))?;
    let token = tokens
        .first()
        .ok_or_else(|| faulty("it has no schedule".into()))?;
    let minutes = token.duration.total_minutes();
    if !LENGTHS.contains(&minutes) {
        return Err(faulty(format!(
            "it must last 5 minutes to 24 hours (this lasts {minutes} minutes)"
        )));
    }
    let mut window = window.clone();
    if window
        .get("ServiceWindowID")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .is_empty()
    {
        window["ServiceWindowID"] =
            format!("{{{}}}", Uuid::new_v4().to_string().to_uppercase()).into();
    }
    window["StartTime"] = json!(token.start);
    window["IsGMT"] = token.is_gmt.into();
    window["Duration"] = minutes.into();
    window["RecurrenceType"] = recurrence_type(token).into();
    Ok(window)
}

/// `RecurrenceType`: 1 none, 2 daily, 3 weekly, 4 monthly by weekday, 5 monthly by date.
fn recurrence_type(token: &Token) -> u32 {
    match token.recurrence {
        Recurrence::Once | Recurrence::Other(_) => 1,
        Recurrence::Interval(_) => 2,
        Recurrence::Weekly { .. } => 3,
        Recurrence::MonthlyByWeekday { .. } => 4,
        Recurrence::MonthlyByDate { .. } => 5,
    }
}

/// The counts a collection shows of its settings.
fn count(context: &Context<'_>, settings: &Object) -> Result<(), StoreError> {
    let length = |property| i64::try_from(settings.list(property).len()).unwrap_or(i64::MAX);
    context.execute(
        "UPDATE SMS_Collection SET ServiceWindowsCount = ?2, CollectionVariablesCount = ?3 WHERE CollectionID = ?1",
        &[&settings.text("CollectionID"), &length("ServiceWindows"), &length("CollectionVariables")],
    )?;
    Ok(())
}
