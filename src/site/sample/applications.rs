//! Applications of the sample and their deployments, as rows: nobody makes or changes them here.

use jiff::Timestamp;
use jiff::civil::Time;
use serde::Deserialize;
use serde_json::{Value, json};

use super::advertisements::{Purpose, day};
use super::collections::Collections;
use super::object;
use crate::site::context::Context;
use crate::site::store::{Object, StoreError};
use crate::sms::status::FeatureType;
use crate::sms::time::WireTime;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    application: Vec<Application>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Application {
    name: String,
    version: String,
    manufacturer: String,
    deployments: Vec<Deployment>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Deployment {
    collection: String,
    purpose: Purpose,
    /// When it is enforced, or offered: days from today.
    days: i64,
    at: Time,
    /// Percents of the members.
    success: i64,
    progress: i64,
    errors: i64,
}

/// The first number the site gives to a configuration item.
const FIRST_ITEM: u32 = 16_777_500;

/// Writes the applications, and one summary for each of their deployments.
pub fn fill(
    context: &Context<'_>,
    collections: &Collections,
    now: Timestamp,
) -> Result<(), StoreError> {
    let text = include_str!("../../../assets/sample/applications.toml");
    let file: File = super::read("applications.toml", text)?;
    let mut number = 0;
    for (item, application) in (FIRST_ITEM..).zip(&file.application) {
        let row = application.row(item);
        context.insert("SMS_ApplicationLatest", &object(row))?;
        for deployment in &application.deployments {
            number += 1;
            let id = collections.get(&deployment.collection);
            let collection = context.read_named("SMS_Collection", id.map_or("", String::as_str))?;
            if let Some(collection) = collection {
                let mut row = deployment.summary(&collection, now);
                row["DeploymentID"] = format!("{{00000000-0000-4000-8000-{number:012X}}}").into();
                row["CI_ID"] = item.into();
                row["SoftwareName"] = application.name.as_str().into();
                row["ApplicationName"] = application.name.as_str().into();
                context.insert("SMS_DeploymentSummary", &object(row))?;
            }
        }
    }
    Ok(())
}

impl Application {
    fn row(&self, item: u32) -> Value {
        json!({
            "CI_ID": item, "LocalizedDisplayName": self.name, "SoftwareVersion": self.version,
            "Manufacturer": self.manufacturer, "NumberOfDeployments": self.deployments.len(),
            "IsDeployed": !self.deployments.is_empty(), "IsEnabled": true, "IsExpired": false, "IsLatest": true,
        })
    }
}

impl Deployment {
    /// What the site's summary says of it, its names and numbers left out.
    fn summary(&self, collection: &Object, now: Timestamp) -> Value {
        let members = collection.number("MemberCount");
        let share = |percent: i64| members * percent / 100;
        let (success, progress, errors) = (
            share(self.success),
            share(self.progress),
            share(self.errors),
        );
        let at = WireTime::new(day(now, self.days).date().to_datetime(self.at));
        let is_required = self.purpose == Purpose::Required;
        json!({
            "FeatureType": u32::from(FeatureType::Application), "ObjectTypeID": 200,
            "CollectionID": collection.text("CollectionID"), "CollectionName": collection.text("Name"),
            "DeploymentIntent": if is_required { 1 } else { 2 },
            "DeploymentTime": at, "EnforcementDeadline": is_required.then_some(at),
            "CreationTime": WireTime::utc(now), "ModificationTime": WireTime::utc(now),
            "SummarizationTime": WireTime::utc(now), "NumberTargeted": members, "NumberSuccess": success,
            "NumberInProgress": progress, "NumberErrors": errors, "NumberOther": 0,
            "NumberUnknown": members - success - progress - errors,
        })
    }
}
