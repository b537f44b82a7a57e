//! Pages about who gets it: a collection, a device.

use super::about::one_of;
use super::software::count_of;
use super::{Gaps, Reader, all_gaps};
use crate::client::details::{
    CollectionDetail, DeviceDetail, MaintenanceLine, Relation, RuleLine, Side,
};
use crate::client::listing::{AdvertisementLine, Beside, CollectionLine};
use crate::error::SiteError;
use crate::odata::Filter;
use crate::sms::collection::{
    Collection, CollectionDependencyRow, CollectionRow, CollectionSettings, MemberRow, SettingsId,
};
use crate::sms::ids::{CollectionId, ResourceId};
use crate::sms::resource::Device;

impl Reader<'_> {
    pub async fn collection(&self, id: &CollectionId) -> Result<CollectionDetail, SiteError> {
        let (mut gaps, mut around) = (Gaps::default(), Gaps::default());
        let settings = SettingsId(id.clone());
        let (object, settings, relations, advertisements) = tokio::join!(
            self.object("SMS_Collection", id, format!("collection {id}")),
            self.provider.get::<CollectionSettings>(&settings),
            self.dependencies(id),
            self.advertisements_where(Filter::eq("CollectionID", id.as_str()), &mut around),
        );
        let object = object?;
        let collection: Collection = object.seen_as()?;
        let dependencies = gaps.fill("relations", relations).unwrap_or_default();
        let names = self
            .collection_names(&collection, &dependencies, &mut gaps)
            .await;
        let name_of = |id: &CollectionId| {
            names
                .collection(id)
                .map_or_else(|| id.to_string(), |row| row.name.clone())
        };
        let settings = match settings {
            // Not there until something of it was set.
            Err(SiteError::Missing { .. }) => None,
            settings => gaps.fill("maintenance windows", settings),
        };
        let windows = settings
            .map(|settings| settings.service_windows)
            .unwrap_or_default();
        let mut line = CollectionLine::new(object.seen_as()?, &Beside::default(), &self.clock);
        line.advertisements = Some(count_of(&advertisements, |_| true));
        Ok(CollectionDetail {
            rules: collection
                .collection_rules
                .iter()
                .map(|rule| RuleLine::new(rule, name_of))
                .collect(),
            relations: dependencies
                .iter()
                .map(|row| relation(row, id, name_of))
                .collect(),
            windows: windows
                .iter()
                .map(|window| MaintenanceLine::new(window, &self.clock))
                .collect(),
            collection,
            line,
            advertisements,
            raw: object.raw,
            gaps: all_gaps([gaps, around]),
        })
    }

    pub async fn device(&self, id: ResourceId) -> Result<DeviceDetail, SiteError> {
        let mut gaps = Gaps::default();
        let (object, memberships) = tokio::join!(
            self.object("SMS_R_System", &id, format!("device {id}")),
            self.side::<MemberRow>(Some(Filter::eq("ResourceID", id.0))),
        );
        let object = object?;
        let memberships = gaps
            .fill("collections it is in", memberships)
            .unwrap_or_default();
        let ids = || memberships.iter().map(|row| row.collection_id.as_str());
        let (mut collections, mut advertisements) = (Vec::new(), Vec::new());
        if !memberships.is_empty() {
            let mut around = Gaps::default();
            let is_target = one_of("CollectionID", ids());
            let (rows, offers) = tokio::join!(
                self.side::<CollectionRow>(is_target.clone()),
                self.advertisements_to(is_target, &mut around),
            );
            collections = gaps.fill("collections it is in", rows).unwrap_or_default();
            advertisements = offers;
            gaps.0.append(&mut around.0);
        }
        // Where there were too many to be named, all were read.
        let is_in = |id: &CollectionId| memberships.iter().any(|row| row.collection_id == *id);
        collections.retain(|row| is_in(&row.collection_id));
        advertisements.retain(|line| is_in(&line.row.collection_id));
        let device: Device = object.seen_as()?;
        let line = |row| CollectionLine::new(row, &Beside::default(), &self.clock);
        Ok(DeviceDetail {
            last_sign_in: self.clock.utc(device.last_logon_timestamp),
            device,
            collections: collections.into_iter().map(line).collect(),
            advertisements,
            raw: object.raw,
            gaps: gaps.0,
        })
    }

    async fn advertisements_to(
        &self,
        target: Option<Filter>,
        gaps: &mut Gaps,
    ) -> Vec<AdvertisementLine> {
        if let Some(target) = target {
            return self.advertisements_where(target, gaps).await;
        }
        let all = self.advertisements().await;
        let all = gaps.fill("advertisements", all);
        all.map(|listed| listed.lines).unwrap_or_default()
    }

    /// Which collections this one uses, and which use it.
    async fn dependencies(
        &self,
        id: &CollectionId,
    ) -> Result<Vec<CollectionDependencyRow>, SiteError> {
        let either = Filter::eq("SourceCollectionID", id.as_str())
            .or(Filter::eq("DependentCollectionID", id.as_str()));
        self.side(Some(either)).await
    }

    /// The names of every collection the page speaks of.
    async fn collection_names(
        &self,
        collection: &Collection,
        dependencies: &[CollectionDependencyRow],
        gaps: &mut Gaps,
    ) -> Beside {
        let rules = collection
            .collection_rules
            .iter()
            .filter_map(|rule| rule.collection());
        let related = dependencies
            .iter()
            .flat_map(|row| [&row.source_collection_id, &row.dependent_collection_id]);
        let ids: Vec<&str> = rules.chain(related).map(CollectionId::as_str).collect();
        if ids.is_empty() {
            return Beside::default();
        }
        let rows = self
            .side::<CollectionRow>(one_of("CollectionID", ids.into_iter()))
            .await;
        Beside {
            collections: gaps.fill("names of collections", rows).map(|rows| {
                rows.into_iter()
                    .map(|row| (row.collection_id.clone(), row))
                    .collect()
            }),
            ..Beside::default()
        }
    }
}

fn relation(
    row: &CollectionDependencyRow,
    own: &CollectionId,
    name_of: impl Fn(&CollectionId) -> String,
) -> Relation {
    let (side, other) = if row.dependent_collection_id == *own {
        (Side::Uses, &row.source_collection_id)
    } else {
        (Side::UsedBy, &row.dependent_collection_id)
    };
    Relation {
        how: row.relationship_type,
        side,
        id: other.clone(),
        name: name_of(other),
    }
}
