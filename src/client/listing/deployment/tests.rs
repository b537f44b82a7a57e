use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::*;
use crate::client::listing::beside::by;
use crate::client::listing::{FieldValue, Line, Share};
use crate::sms::ids::{AdvertisementId, PackageId};

/// Saturday 28 November 2026, 14:02.
fn clock() -> Clock {
    Clock::in_zone("2026-11-28T14:02:00Z".parse().unwrap(), TimeZone::UTC)
}

/// An advertisement of 7-Zip to Pilot PCs, with other properties on top.
fn row(other: Value) -> AdvertisementRow {
    let mut row = json!({
        "AdvertisementID": "LAB20001", "AdvertisementName": "7-Zip 24.08 Install",
        "PackageID": "LAB0000C", "ProgramName": "Install", "CollectionID": "LAB00014",
        "OfferType": 0, "AdvertFlags": 0, "RemoteClientFlags": 0x2030,
        "PresentTime": "2026-11-28T08:00:00Z", "TimeFlags": 0x11,
    });
    if let (Value::Object(row), Value::Object(other)) = (&mut row, other) {
        row.extend(other);
    }
    serde_json::from_value(row).unwrap()
}

fn summary(deadline: &str, success: u32, errors: u32) -> Value {
    json!({
        "DeploymentID": "LAB20001", "FeatureType": 2, "EnforcementDeadline": deadline,
        "NumberTargeted": 37, "NumberSuccess": success, "NumberErrors": errors,
        "NumberInProgress": 2, "NumberUnknown": 35u32.saturating_sub(success + errors),
    })
}

/// Everything beside it: Pilot PCs with 37 devices, 7-Zip on so many of three points, and the summary.
fn beside(current: u32, summary: Value) -> Beside {
    let collection = json!({
        "CollectionID": "LAB00014", "Name": "Pilot PCs", "CollectionType": 2, "MemberCount": 37,
    });
    let package = json!({
        "PackageID": "LAB0000C", "Name": "7-Zip", "Version": "24.08", "PkgSourceFlag": 2,
    });
    let program = json!({ "PackageID": "LAB0000C", "ProgramName": "Install" });
    let content = json!({ "ObjectID": "LAB0000C", "Targeted": 3, "NumberSuccess": current });
    let summaries = match summary {
        Value::Null => Vec::new(),
        summary => vec![serde_json::from_value::<DeploymentSummaryRow>(summary).unwrap()],
    };
    Beside {
        packages: Some(by(
            vec![serde_json::from_value(package).unwrap()],
            |row: &PackageRow| row.package_id.clone(),
        )),
        programs: Some(by(
            vec![serde_json::from_value(program).unwrap()],
            |row: &crate::sms::program::ProgramRow| row.id().into(),
        )),
        collections: Some(by(
            vec![serde_json::from_value(collection).unwrap()],
            |row: &crate::sms::collection::CollectionRow| row.collection_id.clone(),
        )),
        contents: Some(by(
            vec![serde_json::from_value(content).unwrap()],
            |row: &crate::sms::status::ContentRow| PackageId::new(&row.object_id),
        )),
        summaries: Some(by(summaries, |row| {
            AdvertisementId::new(row.deployment_id.as_str())
        })),
        ..Beside::default()
    }
}

fn line(other: Value, beside: &Beside) -> DeploymentLine {
    DeploymentLine::new(row(other), beside, &clock())
}

const MONDAY: &str = "2026-11-30T20:00:00Z";
const MORNING: &str = "2026-11-28T09:00:00Z";

#[test]
fn the_selected_row_is_told_in_two_sentences() {
    let line = line(json!({}), &beside(3, summary(MONDAY, 31, 0)));
    assert_eq!(
        line.in_words(),
        "Required on 37 devices of Pilot PCs from Mon 30 Nov 20:00 (device time): 31 ok, 2 in progress, \
         4 not heard from. Windows respected; re-run if failed."
    );
    assert_eq!(line.field("runs"), Some(FieldValue::text("Mon 20:00")));
    assert_eq!(line.field("devices"), Some(FieldValue::text("31/37")));
    assert_eq!(
        line.done(),
        Some(Share {
            part: 31,
            whole: 37
        })
    );
}

#[test]
fn a_deadline_ahead_is_scheduled_and_one_behind_is_running() {
    let state = |deadline| line(json!({}), &beside(3, summary(deadline, 3, 0))).state;
    assert_eq!(state(MONDAY), State::Scheduled);
    assert_eq!(state(MORNING), State::Running);
}

#[test]
fn an_offer_is_open_once_it_can_be_seen() {
    let offer = |from: &str| {
        let offer = json!({ "OfferType": 2, "TimeFlags": 1, "PresentTime": from });
        line(offer, &beside(3, Value::Null))
    };
    let open = offer("2026-11-28T08:00:00Z");
    assert_eq!(open.state, State::Open);
    assert_eq!(open.field("runs"), Some(FieldValue::text("now")));
    let later = offer("2026-11-30T08:00:00Z");
    assert_eq!(later.state, State::Scheduled);
    assert_eq!(later.field("runs"), Some(FieldValue::text("Mon 08:00")));
}

#[test]
fn ninety_five_of_a_hundred_are_done_and_more_failures_than_that_leaves_are_failing() {
    let done = line(json!({}), &beside(3, summary(MORNING, 36, 1)));
    assert_eq!(done.state, State::Done);
    assert_eq!(done.field("runs"), Some(FieldValue::text("done 97 %")));
    let failing = line(json!({}), &beside(3, summary(MORNING, 9, 12)));
    assert_eq!(failing.state, State::Failing);
    assert_eq!(
        failing.field("devices"),
        Some(FieldValue::text("12 failed"))
    );
    assert!(failing.needs_attention());
    let one_failure = line(json!({}), &beside(3, summary(MORNING, 9, 1)));
    assert_eq!(one_failure.state, State::Running);
}

#[test]
fn without_content_nothing_can_run() {
    let line = line(json!({}), &beside(0, summary(MONDAY, 0, 0)));
    assert_eq!(line.state, State::NoContent);
    assert_eq!(line.field("devices"), Some(FieldValue::text("no content")));
    assert_eq!(line.done(), None);
    assert!(
        line.in_words()
            .ends_with("No distribution point has its files: no device can run it.")
    );
}

#[test]
fn what_keeps_it_from_running_comes_first() {
    let expired = json!({ "TimeFlags": 0x13, "ExpirationTime": "2026-11-01T00:00:00Z" });
    let mut around = beside(0, summary(MORNING, 36, 1));
    assert_eq!(line(expired, &around).state, State::Expired);
    for program in around
        .programs
        .iter_mut()
        .flat_map(|programs| programs.values_mut())
    {
        program.program_flags = crate::sms::program_flags::ProgramFlags::DISABLED;
    }
    assert_eq!(line(json!({}), &around).state, State::SwitchedOff);
}

#[test]
fn a_purpose_that_disagrees_with_its_triggers_is_inconsistent() {
    let says_available = json!({ "OfferType": 2 });
    let line = line(says_available, &beside(3, Value::Null));
    assert_eq!(line.state, State::Inconsistent);
    assert_eq!(line.purpose, Purpose::Required);
}

#[test]
fn what_could_not_be_read_is_unknown() {
    let line = line(json!({}), &Beside::default());
    assert_eq!(line.collection, "LAB00014");
    assert_eq!(line.field("errors"), Some(FieldValue::Unknown));
    assert_eq!(line.field("members"), Some(FieldValue::Unknown));
    assert_eq!(line.field("devices"), Some(FieldValue::text("?")));
    assert_eq!(line.content, Content::Unknown);
}

#[test]
fn a_schedule_nobody_has_summarised_is_not_claimed_to_run() {
    let line = line(json!({}), &beside(3, Value::Null));
    assert_eq!(line.state, State::Scheduled);
    assert_eq!(line.field("runs"), Some(FieldValue::text("on schedule")));
}

/// The summary of a deployment that is no advertisement, of a type and with an intent.
fn other(feature: u32, intent: u32, deadline: &Value) -> DeploymentLine {
    let row = json!({
        "DeploymentID": "{00000000-0000-4000-8000-000000000001}", "FeatureType": feature,
        "DeploymentIntent": intent, "SoftwareName": "Google Chrome", "CollectionID": "LAB00014",
        "CollectionName": "Pilot PCs", "DeploymentTime": "2026-11-28T08:00:00Z", "EnforcementDeadline": deadline,
        "NumberTargeted": 37, "NumberSuccess": 36, "NumberUnknown": 1,
    });
    let row = serde_json::from_value(row).unwrap();
    DeploymentLine::other(row, &beside(3, Value::Null), &clock())
}

#[test]
fn what_is_no_advertisement_stands_beside_them_and_says_what_it_is() {
    let line = other(1, 1, &json!(MORNING));
    assert!(line.advertisement().is_none());
    assert_eq!(line.name(), "Google Chrome");
    assert_eq!(line.cell(0), "[app] Google Chrome");
    assert_eq!(line.field("type"), Some(FieldValue::text("application")));
    assert_eq!(line.field("purpose"), Some(FieldValue::text("required")));
    assert_eq!(line.state, State::Done);
    assert_eq!(
        line.in_words(),
        "An application, required for 37 devices of Pilot PCs: 36 ok, 1 not heard from. Shown only: it is not changed \
         from here."
    );
    assert_eq!(line.json()["FeatureType"], 1);
}

#[test]
fn a_task_sequence_is_marked_and_a_simulation_is_no_purpose() {
    let line = other(7, 3, &Value::Null);
    assert_eq!(line.cell(0), "[ts] Google Chrome");
    assert_eq!(line.field("purpose"), Some(FieldValue::text("simulate")));
    assert_eq!(line.field("rerun"), Some(FieldValue::text("")));
    assert!(
        line.in_words()
            .starts_with("A task sequence, simulated for 37 devices")
    );
}
