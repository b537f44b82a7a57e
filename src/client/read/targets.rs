//! Pages about who gets it: a collection, a device.

use super::about::one_of;
use super::software::count_of;
use super::{Gaps, Reader, all_gaps};
use crate::client::answer::Listed;
use crate::client::details::{
    CollectionDetail, DeviceDetail, MaintenanceLine, Part, Relation, RuleLine, Side,
};
use crate::client::listing::{Beside, CollectionLine, DeploymentLine, DeviceLine};
use crate::distribution::facts;
use crate::distribution::impact::Reached;
use crate::error::SiteError;
use crate::odata::Filter;
use crate::sms::collection::{
    Collection, CollectionDependencyRow, CollectionRow, CollectionSettings, MemberRow, SettingsId,
};
use crate::sms::ids::{CollectionId, ResourceId};
use crate::sms::resource::Device;
use crate::sms::service_window::ServiceWindow;

impl Reader<'_> {
    pub async fn collection(&self, id: &CollectionId) -> Result<CollectionDetail, SiteError> {
        let (mut gaps, mut around) = (Gaps::default(), Gaps::default());
        let settings = SettingsId(id.clone());
        let (object, settings, relations, advertisements) = tokio::join!(
            self.object("SMS_Collection", id, format!("collection {id}")),
            self.provider.get::<CollectionSettings>(&settings),
            self.dependencies(id),
            self.deployments_to(Filter::eq("CollectionID", id.as_str()), &mut around),
        );
        let object = object?;
        let collection: Collection = object.seen_as()?;
        let relations = gaps.note("relations", relations);
        let related = relations.as_deref().unwrap_or_default();
        let names = self.collection_names(&collection, related, &mut gaps).await;
        let name_of = |id: &CollectionId| {
            names
                .collection(id)
                .map_or_else(|| id.to_string(), |row| row.name.clone())
        };
        let windows = match settings {
            // Not there until something of it was set.
            Err(SiteError::Missing { .. }) => Ok(Vec::new()),
            settings => gaps
                .note("maintenance windows", settings)
                .map(|settings| settings.service_windows),
        };
        let window = |window: &ServiceWindow| MaintenanceLine::new(window, &self.clock);
        let mut line = CollectionLine::new(object.seen_as()?, &Beside::default(), &self.clock);
        line.advertisements = count_of(&advertisements, |_| true);
        Ok(CollectionDetail {
            rules: collection
                .collection_rules
                .iter()
                .map(|rule| RuleLine::new(rule, name_of))
                .collect(),
            relations: relations
                .map(|rows| rows.iter().map(|row| relation(row, id, name_of)).collect()),
            windows: windows.map(|windows| windows.iter().map(window).collect()),
            collection,
            line,
            advertisements,
            raw: object.raw,
            gaps: all_gaps([gaps, around]),
        })
    }

    /// The devices behind a number that was counted one by one.
    pub async fn reached(&self, reached: &Reached) -> Result<Listed<DeviceLine>, SiteError> {
        let rows = facts::reached(self.provider, reached).await?.into_iter();
        Ok(Listed {
            lines: rows.map(|row| DeviceLine::new(row, &self.clock)).collect(),
            gaps: Vec::new(),
        })
    }

    pub async fn device(&self, id: ResourceId) -> Result<DeviceDetail, SiteError> {
        let mut gaps = Gaps::default();
        let (object, memberships) = tokio::join!(
            self.object("SMS_R_System", &id, format!("device {id}")),
            self.side::<MemberRow>(Some(Filter::eq("ResourceID", id.0))),
        );
        let object = object?;
        let (collections, advertisements) = match gaps.note("collections it is in", memberships) {
            Ok(memberships) => self.of_memberships(&memberships, &mut gaps).await,
            Err(fault) => (Err(fault.clone()), Err(fault)),
        };
        let device: Device = object.seen_as()?;
        Ok(DeviceDetail {
            last_sign_in: self.clock.utc(device.last_logon_timestamp),
            device,
            collections,
            advertisements,
            raw: object.raw,
            gaps: gaps.0,
        })
    }

    /// The collections a device is in, and what is advertised to them.
    async fn of_memberships(
        &self,
        memberships: &[MemberRow],
        gaps: &mut Gaps,
    ) -> (Part<CollectionLine>, Part<DeploymentLine>) {
        if memberships.is_empty() {
            return (Ok(Vec::new()), Ok(Vec::new()));
        }
        let mut around = Gaps::default();
        let ids = memberships.iter().map(|row| row.collection_id.as_str());
        let is_target = one_of("CollectionID", ids);
        let (rows, advertisements) = tokio::join!(
            self.side::<CollectionRow>(is_target.clone()),
            self.advertisements_to(is_target, &mut around),
        );
        let rows = gaps.note("collections it is in", rows);
        gaps.0.append(&mut around.0);
        // Where there were too many to be named, all were read.
        let is_in = |id: &CollectionId| memberships.iter().any(|row| row.collection_id == *id);
        let line = |row| CollectionLine::new(row, &Beside::default(), &self.clock);
        let collections = rows.map(|rows| {
            let own = rows.into_iter().filter(|row| is_in(&row.collection_id));
            own.map(line).collect()
        });
        let advertisements = advertisements.map(|mut lines| {
            lines.retain(|line| line.collection_id().is_some_and(is_in));
            lines
        });
        (collections, advertisements)
    }

    async fn advertisements_to(
        &self,
        target: Option<Filter>,
        gaps: &mut Gaps,
    ) -> Part<DeploymentLine> {
        if let Some(target) = target {
            return self.deployments_to(target, gaps).await;
        }
        let all = gaps.note("advertisements", self.deployments().await)?;
        Ok(all.lines)
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
