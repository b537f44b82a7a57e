//! Devices by name or id, and which of some are in a collection.

use std::collections::BTreeSet;

use super::{Answered, Gatherer, MOST_MEMBERS, Unanswered, chunks};
use crate::distribution::facts::answers::{DeviceFact, ResolvedName};
use crate::distribution::words::number;
use crate::odata::Filter;
use crate::sms::collection::{CollectionRow, MemberRow};
use crate::sms::ids::{CollectionId, ResourceId};
use crate::sms::resource::DeviceRow;

/// Up to here single devices are asked for by id; more are found among all.
const MOST_BY_ID: usize = 1_500;

impl Gatherer<'_> {
    /// What each name means, and whether it is inside the limiting collection.
    pub(super) async fn devices(
        &self,
        names: &[String],
        limit_to: &str,
    ) -> Answered<Vec<ResolvedName>> {
        let rows = self.devices_named(names).await?;
        let ids: Vec<ResourceId> = rows.iter().map(|row| row.resource_id).collect();
        let inside = match self.collection(limit_to).await {
            Ok(limit) => Some(self.which_are_in(&limit, &ids).await?),
            Err(_) => None,
        };
        let fact = |row: &DeviceRow| DeviceFact {
            in_limit: inside
                .as_ref()
                .map(|inside| inside.contains(&row.resource_id)),
            row: row.clone(),
        };
        let resolve = |name: &String| ResolvedName {
            name: name.clone(),
            matches: rows
                .iter()
                .filter(|row| row.name.eq_ignore_ascii_case(name))
                .map(fact)
                .collect(),
        };
        Ok(names.iter().map(resolve).collect())
    }

    pub(super) async fn devices_named(&self, names: &[String]) -> Answered<Vec<DeviceRow>> {
        let mut rows = Vec::new();
        for filter in chunks(names, |name| Filter::eq("Name", name.as_str())) {
            rows.extend(self.provider.list::<DeviceRow>(Some(filter)).await?);
        }
        rows.sort_by_key(|row| row.resource_id);
        rows.dedup_by_key(|row| row.resource_id);
        Ok(rows)
    }

    pub(super) async fn devices_of(&self, ids: &[ResourceId]) -> Answered<Vec<DeviceRow>> {
        if ids.len() > MOST_BY_ID {
            return self.devices_among_all(ids).await;
        }
        let mut rows = Vec::new();
        for filter in chunks(ids, |id| Filter::eq(ResourceId::PROPERTY, i64::from(id.0))) {
            rows.extend(self.provider.list::<DeviceRow>(Some(filter)).await?);
        }
        Ok(rows)
    }

    /// Ids given out one after the other lie close together, so a range holds few strangers.
    async fn devices_among_all(&self, ids: &[ResourceId]) -> Answered<Vec<DeviceRow>> {
        let wanted: BTreeSet<ResourceId> = ids.iter().copied().collect();
        let (Some(first), Some(last)) = (wanted.first(), wanted.last()) else {
            return Ok(Vec::new());
        };
        let range = || {
            Filter::ge(ResourceId::PROPERTY, i64::from(first.0))
                .and(Filter::le(ResourceId::PROPERTY, i64::from(last.0)))
        };
        let count = self
            .provider
            .count(<DeviceRow as crate::sms::Row>::CLASS, Some(range()))
            .await?;
        if count > 3 * MOST_MEMBERS {
            return Err(Unanswered::because(format!(
                "they are spread over {} devices",
                number(count)
            )));
        }
        let mut rows: Vec<DeviceRow> = self.provider.list(Some(range())).await?;
        rows.retain(|row| wanted.contains(&row.resource_id));
        Ok(rows)
    }

    /// Which of these devices a collection holds.
    pub(super) async fn which_are_in(
        &self,
        collection: &CollectionRow,
        ids: &[ResourceId],
    ) -> Answered<BTreeSet<ResourceId>> {
        let wanted: BTreeSet<ResourceId> = ids.iter().copied().collect();
        if u64::try_from(collection.member_count).is_ok_and(|count| count <= MOST_MEMBERS) {
            let members = self.members(&collection.collection_id).await?;
            return Ok(members
                .iter()
                .map(|(id, _)| *id)
                .filter(|id| wanted.contains(id))
                .collect());
        }
        if ids.len() > MOST_BY_ID {
            let reason = format!(
                "'{}' is too large to be read member by member",
                collection.name
            );
            return Err(Unanswered::because(reason));
        }
        let mut inside = BTreeSet::new();
        for filter in chunks(ids, |id| Filter::eq("ResourceID", i64::from(id.0))) {
            let filter = Filter::eq("CollectionID", collection.collection_id.as_str()).and(filter);
            inside.extend(
                self.provider
                    .list::<MemberRow>(Some(filter))
                    .await?
                    .iter()
                    .map(|row| row.resource_id),
            );
        }
        Ok(inside)
    }

    /// Every member with its name. Only for collections that are not too large.
    pub(super) async fn members(
        &self,
        id: &CollectionId,
    ) -> Answered<std::sync::Arc<Vec<(ResourceId, String)>>> {
        let read = async || {
            let rows: Vec<MemberRow> = self
                .provider
                .list(Some(Filter::eq("CollectionID", id.as_str())))
                .await?;
            Ok(rows
                .into_iter()
                .map(|row| (row.resource_id, row.name))
                .collect())
        };
        self.members.get(id.clone(), read).await
    }
}
