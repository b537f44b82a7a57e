//! Advertisements of the sample, in every state they can be in.

use jiff::civil::{DateTime, Time};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;

use super::collections::Collections;
use super::outcome::{self, Outcome};
use super::software::Packages;
use super::{Teller, Told, object};
use crate::site::context::Context;
use crate::site::rules;
use crate::site::store::StoreError;
use crate::sms::advertisement_flags::{AdvertFlags, RemoteClientFlags};
use crate::sms::choices::{FarPoint, NearPoint, Rerun};
use crate::sms::schedule::Token;
use crate::sms::time::{Moment, WireTime};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    advertisements: Vec<Described>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Described {
    #[serde(default)]
    name: Option<String>,
    /// Name and version of the package.
    package: String,
    program: String,
    collection: String,
    purpose: Purpose,
    outcome: Outcome,
    /// When it runs, or is offered: days from today, at this hour of each device's clock.
    days: i64,
    at: Time,
    /// When it expires, in days from today.
    #[serde(default)]
    expires: Option<i64>,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Purpose {
    Required,
    Available,
}

/// Makes the advertisements and what has become of them on the members of their collections.
pub fn fill(
    context: &Context<'_>,
    packages: &Packages,
    collections: &Collections,
    seed: u64,
    now: Timestamp,
    told: Told<'_>,
) -> Result<(), StoreError> {
    let text = include_str!("../../../assets/sample/advertisements.toml");
    let file: File = super::read("advertisements.toml", text)?;
    let teller = Teller::new(told, "advertisements", file.advertisements.len());
    for (number, described) in file.advertisements.iter().enumerate() {
        teller.tell(number);
        let (Some(package), Some(collection)) = (
            packages.get(&described.package),
            collections.get(&described.collection),
        ) else {
            continue;
        };
        let id = add(context, described, package, collection, now)?;
        outcome::fill(context, &id, collection, described.outcome, seed, now)?;
    }
    Ok(())
}

fn add(
    context: &Context<'_>,
    described: &Described,
    package: &str,
    collection: &str,
    now: Timestamp,
) -> Result<String, StoreError> {
    let runs = day(now, described.days).date().to_datetime(described.at);
    let required = described.purpose == Purpose::Required;
    // What will run later has been on offer for two days, like most.
    let present = if required {
        runs.saturating_sub(SignedDuration::from_hours(48))
    } else {
        runs
    };
    let name = described.name.clone().unwrap_or_else(|| {
        format!(
            "{} {} to {}",
            described.package, described.program, described.collection
        )
    });
    let mut changes = json!({
        "AdvertisementName": name, "PackageID": package, "ProgramName": described.program, "CollectionID": collection,
        "OfferType": if required { 0 } else { 2 }, "AdvertFlags": AdvertFlags::ENABLE_PEER_CACHING.bits(),
        "RemoteClientFlags": remote_client_flags().bits(), "Comment": "via sample",
        "PresentTime": WireTime::new(present), "PresentTimeEnabled": true, "PresentTimeIsGMT": false,
    });
    if required {
        changes["AssignedSchedule"] = json!([Token::once(Moment::DeviceClock(runs))]);
        changes["AssignedScheduleEnabled"] = true.into();
        changes["AssignedScheduleIsGMT"] = false.into();
    }
    if let Some(days) = described.expires {
        changes["ExpirationTime"] = json!(WireTime::new(
            day(now, days).date().to_datetime(described.at)
        ));
        changes["ExpirationTimeEnabled"] = true.into();
        changes["ExpirationTimeIsGMT"] = false.into();
    }
    let made = rules::create(context, "SMS_Advertisement", &object(changes))?;
    Ok(made.text("AdvertisementID").to_owned())
}

/// Downloads near and far, re-runs what failed: the settings of wizard.md 1.3.
fn remote_client_flags() -> RemoteClientFlags {
    let mut flags = RemoteClientFlags::empty();
    NearPoint::Download.write_into(&mut flags);
    FarPoint::Download.write_into(&mut flags);
    Rerun::IfFailed.write_into(&mut flags);
    flags
}

pub(super) fn day(now: Timestamp, days: i64) -> DateTime {
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    today.saturating_add(SignedDuration::from_hours(days * 24))
}
