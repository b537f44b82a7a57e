//! What deploys a program already, and who ran it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Answered, Gatherer, MOST_MEMBERS, Unanswered};
use crate::distribution::facts::answers::{Advertised, History, Named};
use crate::distribution::facts::{NamedProgram, Target};
use crate::distribution::words::number;
use crate::odata::Filter;
use crate::sms::Row;
use crate::sms::advertisement::{Advertisement, AdvertisementRow, Purpose};
use crate::sms::collection::CollectionRow;
use crate::sms::ids::{AdvertisementId, ResourceId};
use crate::sms::status::{ClientStatusRow, Outcome};
use crate::sms::time::Moment;

impl Gatherer<'_> {
    pub(super) async fn advertisements_named(&self, name: &str) -> Answered<Vec<Named>> {
        let rows: Vec<AdvertisementRow> = self
            .provider
            .list(Some(Filter::eq("AdvertisementName", name)))
            .await?;
        let named = |row: AdvertisementRow| Named {
            id: row.advertisement_id.to_string(),
            name: row.advertisement_name,
        };
        Ok(rows.into_iter().map(named).collect())
    }

    async fn advertisements_of(&self, program: &NamedProgram) -> Answered<Vec<AdvertisementRow>> {
        let package = self.package_id(&program.package).await?;
        let filter = Filter::eq("PackageID", package.as_str())
            .and(Filter::eq("ProgramName", program.program.as_str()));
        Ok(self.provider.list(Some(filter)).await?)
    }

    /// Advertisements of the program that have not expired, and how many of the target's devices each reaches.
    pub(super) async fn advertised(
        &self,
        program: &NamedProgram,
        target: &Target,
    ) -> Answered<Vec<Advertised>> {
        let mut advertised = Vec::new();
        for row in self.advertisements_of(program).await? {
            if row.expires().is_some_and(has_passed) {
                continue;
            }
            let collection: Vec<CollectionRow> = self
                .provider
                .list(Some(Filter::eq("CollectionID", row.collection_id.as_str())))
                .await?;
            let collection = collection.into_iter().next();
            advertised.push(Advertised {
                words: self.words(&row).await,
                shared: match &collection {
                    Some(collection) => self.shared(target, collection).await,
                    None => None,
                },
                is_required: row.purpose() == Purpose::Required,
                collection_name: collection
                    .map(|collection| collection.name)
                    .unwrap_or_default(),
                collection: row.collection_id,
                id: row.advertisement_id,
                name: row.advertisement_name,
            });
        }
        Ok(advertised)
    }

    /// `Required, 2026-11-30 20:00 device time`. The deadline is lazy; without it the purpose alone is said.
    async fn words(&self, row: &AdvertisementRow) -> String {
        if row.purpose() == Purpose::Available {
            return "Available".into();
        }
        let full = self
            .provider
            .get::<Advertisement>(&row.advertisement_id)
            .await;
        match full.ok().and_then(|advertisement| advertisement.deadline()) {
            Some(deadline) => format!("Required, {deadline}"),
            None => "Required".into(),
        }
    }

    /// How many devices are in both; `None` when either cannot be read member by member.
    async fn shared(&self, target: &Target, collection: &CollectionRow) -> Option<u64> {
        let crowd = self.crowd(target).await.ok()?;
        let ids = crowd.ids()?;
        let there = self.which_are_in(collection, &ids).await.ok()?;
        Some(there.len() as u64)
    }

    pub(super) async fn history(
        &self,
        program: &NamedProgram,
        target: &Target,
    ) -> Answered<History> {
        let ran = self.ran(program, target).await?;
        let succeeded = ran.values().filter(|succeeded| **succeeded).count() as u64;
        Ok(History {
            succeeded,
            failed: ran.len() as u64 - succeeded,
        })
    }

    /// Which devices of the target ran the program, through whatever advertisement, and whether it succeeded. A success
    /// anywhere counts.
    pub(super) async fn ran(
        &self,
        program: &NamedProgram,
        target: &Target,
    ) -> Answered<BTreeMap<ResourceId, bool>> {
        let crowd = self.crowd(target).await?;
        let ids: BTreeSet<ResourceId> = crowd.require_ids()?.into_iter().collect();
        let mut ran: BTreeMap<ResourceId, bool> = BTreeMap::new();
        for row in self.advertisements_of(program).await? {
            for status in self.statuses(&row.advertisement_id).await? {
                let succeeded = match status.outcome() {
                    Outcome::Succeeded => true,
                    Outcome::Failed => false,
                    Outcome::Waiting | Outcome::Running | Outcome::Retrying => continue,
                };
                if ids.contains(&status.resource_id) {
                    *ran.entry(status.resource_id).or_default() |= succeeded;
                }
            }
        }
        Ok(ran)
    }

    async fn statuses(&self, advertisement: &AdvertisementId) -> Answered<Vec<ClientStatusRow>> {
        let filter = || Some(Filter::eq("AdvertisementID", advertisement.as_str()));
        let count = self
            .provider
            .count(ClientStatusRow::CLASS, filter())
            .await?;
        if count > MOST_MEMBERS {
            return Err(Unanswered::because(format!(
                "{advertisement} has {} status rows, too many to read",
                number(count)
            )));
        }
        Ok(self.provider.list(filter()).await?)
    }
}

/// Whether a moment is past; on a device's clock it is only when it is past in every zone.
fn has_passed(moment: Moment) -> bool {
    let now = Timestamp::now();
    match moment {
        Moment::Utc(at) => at < now,
        Moment::DeviceClock(digits) => {
            let latest = jiff::tz::Offset::constant(-12).to_timestamp(digits);
            latest.is_ok_and(|latest| latest < now)
        }
    }
}
