//! Collections of the sample: every kind of rule, several with maintenance windows.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use rusqlite::OptionalExtension;
use serde::Deserialize;
use serde_json::{Value, json};

use super::object;
use crate::site::context::Context;
use crate::site::rules;
use crate::site::store::StoreError;
use crate::site::store::object::next_number;
use crate::sms::collection_rule::CollectionRule;
use crate::sms::ids::{CollectionId, ResourceId};
use crate::sms::schedule::{Recurrence, Span, Token, Weekday, pack};
use crate::sms::time::Moment;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    collection: Vec<Described>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Described {
    name: String,
    #[serde(default)]
    comment: String,
    limit_to: String,
    #[serde(default)]
    query: Option<String>,
    #[serde(default)]
    direct: Vec<Direct>,
    #[serde(default)]
    include: Vec<String>,
    #[serde(default)]
    exclude: Vec<String>,
    #[serde(default)]
    refresh: Refresh,
    #[serde(default)]
    windows: Vec<Opening>,
}

/// A device by name, or the first few whose names begin so.
#[derive(Deserialize)]
#[serde(untagged)]
enum Direct {
    Named(String),
    First(String, u32),
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Refresh {
    #[default]
    Manual,
    Daily,
    Incremental,
    Both,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opening {
    name: String,
    day: String,
    at: Time,
    minutes: u32,
    #[serde(default)]
    off: bool,
}

/// Ids of the collections by name, the built-in ones too.
pub type Collections = HashMap<String, String>;

/// Makes the collections; nobody is a member before they are evaluated.
pub fn fill(context: &Context<'_>) -> Result<Collections, StoreError> {
    let file: File = super::read(
        "collections.toml",
        include_str!("../../../assets/sample/collections.toml"),
    )?;
    let mut known = Collections::from([("All Systems".to_owned(), "SMS00001".to_owned())]);
    for described in &file.collection {
        let id = add(context, described, &known)?;
        add_windows(context, &id, &described.windows)?;
        known.insert(described.name.clone(), id);
    }
    Ok(known)
}

fn id_of(known: &Collections, name: &str) -> CollectionId {
    CollectionId::from(known.get(name).cloned().unwrap_or_default())
}

fn add(
    context: &Context<'_>,
    described: &Described,
    known: &Collections,
) -> Result<String, StoreError> {
    let (refresh_type, schedule) = match described.refresh {
        Refresh::Manual => (1, None),
        Refresh::Daily => (2, Some(every_day())),
        Refresh::Incremental => (4, None),
        Refresh::Both => (6, Some(every_day())),
    };
    let made = rules::create(
        context,
        "SMS_Collection",
        &object(json!({
            "Name": described.name, "Comment": described.comment, "CollectionType": 2, "OwnedByThisSite": true,
            "LimitToCollectionID": id_of(known, &described.limit_to), "RefreshType": refresh_type,
            "RefreshSchedule": schedule.into_iter().collect::<Vec<Token>>(),
        })),
    )?;
    let id = made.text("CollectionID").to_owned();
    // As the site server writes them once the rules have been added one by one.
    let rules = membership_rules(context, described, known)?;
    let others = described.include.len() + described.exclude.len();
    context.execute(
        "UPDATE SMS_Collection SET CollectionRules = ?2, IncludeExcludeCollectionsCount = ?3 WHERE CollectionID = ?1",
        &[&id, &Value::from(rules).to_string(), &i64::try_from(others).unwrap_or_default()],
    )?;
    Ok(id)
}

fn membership_rules(
    context: &Context<'_>,
    described: &Described,
    known: &Collections,
) -> Result<Vec<Value>, StoreError> {
    let mut rules = Vec::new();
    for direct in &described.direct {
        for (resource, name) in devices(context, direct)? {
            rules.push(CollectionRule::device(resource, name));
        }
    }
    if let Some(expression) = &described.query {
        let id = next_number(context.db, "query")?;
        rules.push(CollectionRule::Query {
            name: described.name.clone(),
            expression: expression.clone(),
            id: u32::try_from(id).ok(),
        });
    }
    for name in &described.include {
        rules.push(CollectionRule::Include {
            name: name.clone(),
            collection: id_of(known, name),
        });
    }
    for name in &described.exclude {
        rules.push(CollectionRule::Exclude {
            name: name.clone(),
            collection: id_of(known, name),
        });
    }
    rules.into_iter().map(|rule| Ok(json!(rule))).collect()
}

/// Resource ids and names; a device this fleet is too small for is left out.
fn devices(
    context: &Context<'_>,
    direct: &Direct,
) -> Result<Vec<(ResourceId, String)>, StoreError> {
    let row = |row: &rusqlite::Row<'_>| Ok((ResourceId(row.get(0)?), row.get(1)?));
    match direct {
        Direct::Named(name) => {
            let mut statement = context
                .db
                .prepare_cached("SELECT ResourceId, Name FROM SMS_R_System WHERE Name = ?1")?;
            Ok(statement
                .query_row([name], row)
                .optional()?
                .into_iter()
                .collect())
        }
        Direct::First(prefix, count) => {
            let sql = "SELECT ResourceId, Name FROM SMS_R_System WHERE Name LIKE ?1 || '%' ORDER BY Name LIMIT ?2";
            let mut statement = context.db.prepare_cached(sql)?;
            let rows = statement.query_map(rusqlite::params![prefix, count], row)?;
            Ok(rows.collect::<Result<_, _>>()?)
        }
    }
}

fn every_day() -> Token {
    Token::new(
        Moment::DeviceClock(first_day().at(4, 0, 0, 0)),
        Recurrence::Interval(Span::days(1)),
    )
}

/// Schedules of the sample begin on this day, long before anybody looks.
fn first_day() -> Date {
    jiff::civil::date(2026, 1, 4)
}

fn add_windows(
    context: &Context<'_>,
    collection: &str,
    windows: &[Opening],
) -> Result<(), StoreError> {
    if windows.is_empty() {
        return Ok(());
    }
    let described = windows
        .iter()
        .enumerate()
        .map(|(number, window)| describe(number, window))
        .collect::<Vec<_>>();
    context.insert(
        "SMS_CollectionSettings",
        &object(json!({
            "CollectionID": collection, "ServiceWindows": described, "SourceSite": context.site.code,
            "LastModificationTime": crate::sms::time::WireTime::utc(Timestamp::now()),
        })),
    )?;
    context.execute(
        "UPDATE SMS_Collection SET ServiceWindowsCount = ?2 WHERE CollectionID = ?1",
        &[
            &collection,
            &i64::try_from(windows.len()).unwrap_or_default(),
        ],
    )?;
    Ok(())
}

fn describe(number: usize, window: &Opening) -> Value {
    let weekday = weekday(&window.day);
    let recurrence = weekday.map_or(Recurrence::Interval(Span::days(1)), |day| {
        Recurrence::Weekly { day, weeks: 1 }
    });
    let start = first_day().to_datetime(window.at);
    let token =
        Token::new(Moment::DeviceClock(start), recurrence).lasting(Span::minutes(window.minutes));
    json!({
        "Name": window.name, "Description": "", "ServiceWindowID": format!("{{0000000{number}-5A4D-4C1E-8B2F-000000000000}}"),
        "IsEnabled": !window.off, "ServiceWindowType": 1, "IsGMT": false, "Duration": window.minutes,
        "RecurrenceType": if weekday.is_some() { 3 } else { 2 },
        "StartTime": crate::sms::time::WireTime::new(start),
        "ServiceWindowSchedules": pack(&[token]).unwrap_or_default(),
    })
}

fn weekday(day: &str) -> Option<Weekday> {
    match day {
        "Sunday" => Some(Weekday::Sunday),
        "Wednesday" => Some(Weekday::Wednesday),
        "Saturday" => Some(Weekday::Saturday),
        _ => None,
    }
}
