//! Who would be reached: the members of a collection, or those a new one would have.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::preview;
use super::{Answered, Gatherer, MOST_MEMBERS, Unanswered};
use crate::distribution::facts::answers::{Impact, ImpactParts, Kinds, Named, Preview, QueryFact};
use crate::distribution::facts::{CollectionFact, Fact, Target};
use crate::distribution::words::number;
use crate::error::SiteError;
use crate::odata::Filter;
use crate::sms::Row;
use crate::sms::collection::{Collection, CollectionRow, CollectionType, MemberRow};
use crate::sms::collection_rule::CollectionRule;
use crate::sms::distribution_point::RoleRow;
use crate::sms::ids::{CollectionId, ResourceId};
use crate::sms::resource::{DeviceRow, Platform};

/// Names shown of many.
const SAMPLE: usize = 10;

/// `WBEM_E_INVALID_QUERY`.
const INVALID_QUERY: u32 = 0x8004_1017;

/// The members of a target.
pub(super) struct Crowd {
    count: u64,
    /// By id, with names; `None` when there are too many to be read one by one.
    members: Option<BTreeMap<ResourceId, String>>,
    parts: Option<ImpactParts>,
    /// The existing collection they are members of.
    collection: Option<CollectionFact>,
}

/// Members of a collection: those this account is shown, and how many more the site counts.
struct Roll {
    seen: Arc<Vec<(ResourceId, String)>>,
    unseen: u64,
}

/// Whether a device holds a role of the site, by its own word or by the site's list of servers with roles.
pub(super) fn is_site_system(row: &DeviceRow, systems: &BTreeSet<String>) -> bool {
    row.is_site_system() || systems.contains(&row.name.to_lowercase())
}

impl Crowd {
    pub fn ids(&self) -> Option<Vec<ResourceId>> {
        self.members
            .as_ref()
            .map(|members| members.keys().copied().collect())
    }

    pub fn require_ids(&self) -> Answered<Vec<ResourceId>> {
        self.ids()
            .ok_or_else(|| Unanswered::because(self.too_many()))
    }

    fn hidden(&self) -> u64 {
        let seen = |members: &BTreeMap<_, _>| self.count.saturating_sub(members.len() as u64);
        self.members.as_ref().map_or(0, seen)
    }

    fn too_many(&self) -> String {
        format!(
            "{} devices are too many to be read one by one",
            number(self.count)
        )
    }

    /// Users are members of collections of their own; whoever is meant by a new one is a device.
    fn is_of_devices(&self) -> bool {
        let collection = self.collection.as_ref();
        collection.is_none_or(|row| row.collection_type == CollectionType::Device)
    }

    /// Changes when anybody comes or goes.
    fn fingerprint(&self) -> String {
        let Some(members) = &self.members else {
            return String::new();
        };
        let mut hash = Sha256::new();
        for id in members.keys() {
            hash.update(id.0.to_le_bytes());
        }
        let digest = hash.finalize();
        let first = digest.first_chunk::<8>().copied().unwrap_or_default();
        format!("{:016x}", u64::from_be_bytes(first))
    }
}

impl Gatherer<'_> {
    pub(super) async fn crowd(&self, target: &Target) -> Answered<Arc<Crowd>> {
        let read = async || match target {
            Target::Existing(named) => self.existing(named).await,
            Target::New { .. } => self.imagined(target).await,
        };
        self.targets.get(target.clone(), read).await
    }

    async fn existing(&self, named: &str) -> Answered<Crowd> {
        let row = self.collection(named).await?;
        let listed = u64::try_from(row.member_count).unwrap_or_default();
        let members = if listed > MOST_MEMBERS {
            None
        } else {
            Some(
                self.members(&row.collection_id)
                    .await?
                    .iter()
                    .cloned()
                    .collect::<BTreeMap<_, _>>(),
            )
        };
        // Members that are hidden from this account still count.
        let count = members
            .as_ref()
            .map_or(listed, |members| listed.max(members.len() as u64));
        Ok(Crowd {
            count,
            members,
            parts: None,
            collection: Some(row),
        })
    }

    /// ((named ∪ found ∪ included) ∩ limiting) − excluded, as the site's evaluator would have it.
    ///
    /// The evaluator knows members this account is not shown. Counted are as many of them as there may be: what is judged
    /// by the number is never judged by too small a one.
    async fn imagined(&self, target: &Target) -> Answered<Crowd> {
        let Target::New {
            limit_to,
            devices,
            query,
            include,
            exclude,
        } = target
        else {
            return Err(Unanswered::because("this is no new collection".into()));
        };
        let mut all: BTreeMap<ResourceId, String> = BTreeMap::new();
        let named = self.devices_named(devices).await?;
        let found = match query {
            Some(wql) => self.found_by(wql).await?,
            None => Vec::new(),
        };
        all.extend(
            named
                .into_iter()
                .chain(found)
                .map(|row| (row.resource_id, row.name)),
        );
        let mut unseen = 0;
        for collection in include {
            let roll = self.roll_of(collection).await?;
            unseen += roll.unseen;
            all.extend(roll.seen.iter().cloned());
        }
        let limit = self.collection(limit_to).await?;
        let ids: Vec<ResourceId> = all.keys().copied().collect();
        let inside = self.which_are_in(&limit, &ids).await?;
        let mut without = BTreeSet::new();
        for collection in exclude {
            without.extend(
                self.roll_of(collection)
                    .await?
                    .seen
                    .iter()
                    .map(|(id, _)| *id),
            );
        }
        // Whoever is in it unseen is in the limiting collection unseen: among them may be those who seem to be outside.
        let room = self.unseen_in(&limit).await?;
        let is_in_doubt = |id: &&ResourceId| !inside.contains(id) && !without.contains(id);
        let in_doubt = ids.iter().filter(is_in_doubt).count() as u64;
        let hidden = room.min(unseen + in_doubt);
        let parts = ImpactParts {
            included: all.len() as u64 + unseen,
            excluded: inside.iter().filter(|id| without.contains(id)).count() as u64,
            limit: u64::try_from(limit.member_count).unwrap_or_default(),
            outside: (ids.len() - inside.len()) as u64,
            may_find_more: query.is_some() && room > hidden,
        };
        all.retain(|id, _| inside.contains(id) && !without.contains(id));
        Ok(Crowd {
            count: all.len() as u64 + hidden,
            members: Some(all),
            parts: Some(parts),
            collection: None,
        })
    }

    /// Members of a collection that a new one includes or excludes.
    async fn roll_of(&self, named: &str) -> Answered<Roll> {
        let row = self.collection(named).await?;
        let counted = u64::try_from(row.member_count).unwrap_or_default();
        if counted > MOST_MEMBERS {
            return Err(Unanswered::because(format!(
                "'{}' is too large to be read member by member",
                row.name
            )));
        }
        let seen = self.members(&row.collection_id).await?;
        Ok(Roll {
            unseen: counted.saturating_sub(seen.len() as u64),
            seen,
        })
    }

    /// How many members of a collection this account is not shown, however large it is.
    async fn unseen_in(&self, row: &CollectionRow) -> Answered<u64> {
        let counted = u64::try_from(row.member_count).unwrap_or_default();
        let of_it = Filter::eq("CollectionID", row.collection_id.as_str());
        let seen = match self.provider.count(MemberRow::CLASS, Some(of_it)).await {
            Ok(seen) => seen,
            // A site that does not count is asked for them all, where they are not too many.
            Err(_) if counted <= MOST_MEMBERS => {
                self.members(&row.collection_id).await?.len() as u64
            }
            Err(error) => return Err(error.into()),
        };
        Ok(counted.saturating_sub(seen))
    }

    /// Devices a query finds, as far as it can be said as a filter.
    async fn found_by(&self, wql: &str) -> Answered<Vec<DeviceRow>> {
        let filter = preview::filter_of(wql).map_err(|error| {
            Unanswered::because(format!("the query cannot be previewed here: {error}"))
        })?;
        let count = self
            .provider
            .count(DeviceRow::CLASS, filter.clone())
            .await?;
        if count > MOST_MEMBERS {
            return Err(Unanswered::because(format!(
                "the query finds {} devices, too many to be read one by one",
                number(count)
            )));
        }
        Ok(self.provider.list(filter).await?)
    }

    /// Whether the site takes a query, and whom it would find.
    pub(super) async fn query(&self, wql: &str) -> Answered<QueryFact> {
        let filter = preview::filter_of(wql);
        let (is_valid, said) = match self.provider.validate_query(wql).await {
            Ok(is_valid) => (is_valid, None),
            // A site may refuse the query and say where the fault is.
            Err(SiteError::Refused {
                reason,
                code: Some(INVALID_QUERY),
                ..
            }) => (false, Some(reason)),
            Err(error) => return Err(error.into()),
        };
        // Most only say no; our own reading of the text may know where.
        let message = match (&filter, said) {
            (_, Some(said)) => said,
            (Err(error), None) if !is_valid => error.to_string(),
            _ => String::new(),
        };
        let preview = match filter {
            Ok(filter) if is_valid => self.preview(filter).await,
            Ok(_) => Fact::unknown("the site does not take the query"),
            Err(error) => Fact::unknown(format!("the query cannot be previewed here: {error}")),
        };
        Ok(QueryFact {
            is_valid,
            message,
            preview,
        })
    }

    async fn preview(&self, filter: Option<Filter>) -> Fact<Preview> {
        use crate::odata::Order;
        use crate::provider::{Position, WindowAsk};
        let ask = WindowAsk {
            filter: filter.clone(),
            order: Order {
                property: "Name".into(),
                descending: false,
            },
            from: Position::Start,
            size: SAMPLE,
        };
        let read = async {
            let count = self.provider.count(DeviceRow::CLASS, filter).await?;
            let page = self.provider.window::<DeviceRow>(&ask).await?;
            Ok::<_, crate::error::SiteError>(Preview {
                count,
                sample: page.rows.into_iter().map(|row| row.name).collect(),
            })
        };
        match read.await {
            Ok(preview) => Fact::known(preview, jiff::Timestamp::now()),
            Err(error) => Fact::unknown(error.to_string()),
        }
    }

    pub(super) async fn impact(&self, target: &Target) -> Answered<Impact> {
        let crowd = self.crowd(target).await?;
        let names = crowd.members.iter().flat_map(BTreeMap::values);
        Ok(Impact {
            members: crowd.count,
            hidden: crowd.hidden(),
            fingerprint: crowd.fingerprint(),
            sample: names.take(SAMPLE).cloned().collect(),
            kinds: match self.kinds(&crowd).await {
                Ok(kinds) => Fact::known(kinds, jiff::Timestamp::now()),
                Err(Unanswered { reason, .. }) => Fact::unknown(reason),
            },
            largest_included: match &crowd.collection {
                Some(row) => self.largest_included(row).await,
                None => None,
            },
            collection: crowd.collection.as_ref().map(|row| {
                Box::new(Named {
                    id: row.collection_id.to_string(),
                    name: row.name.clone(),
                })
            }),
            parts: crowd.parts.clone(),
        })
    }

    async fn kinds(&self, crowd: &Crowd) -> Answered<Kinds> {
        let ids = crowd.require_ids()?;
        let systems = self.site_systems().await?;
        let mut kinds = Kinds::default();
        let rows = self.devices_of(&ids).await?;
        for row in &rows {
            kinds.with_client += u64::from(row.has_client());
            kinds.active += u64::from(row.has_client() && row.is_active());
            match row.platform() {
                Platform::Server => kinds.servers.push(row.name.clone()),
                Platform::Workstation => kinds.workstations += 1,
                Platform::Other => kinds.other += 1,
            }
            if is_site_system(row, &systems) {
                kinds.site_systems.push(row.name.clone());
            }
        }
        let unseen = crowd.count.saturating_sub(rows.len() as u64);
        if unseen > 0 && crowd.is_of_devices() {
            // A right that is missing hides rows without a word (adminservice.md 8): servers may be among them.
            return Err(Unanswered::because(format!(
                "{} of {} devices cannot be read; your account may lack Read Resource for them",
                number(unseen),
                number(crowd.count)
            )));
        }
        // Users have no row there.
        kinds.other += unseen;
        kinds.servers.sort();
        kinds.site_systems.sort();
        Ok(kinds)
    }

    /// Short names of every server with a role of the site, in lower case.
    pub(super) async fn site_systems(&self) -> Answered<Arc<BTreeSet<String>>> {
        let read = async || {
            let rows: Vec<RoleRow> = self.provider.list(None).await?;
            let short = |name: &str| {
                name.split('.')
                    .next()
                    .unwrap_or(name)
                    .trim_start_matches('\\')
                    .to_lowercase()
            };
            Ok(rows
                .iter()
                .map(|row| short(&row.server_name))
                .filter(|name| !name.is_empty())
                .collect())
        };
        self.site_systems.get((), read).await
    }

    /// Worth knowing, not worth failing for.
    async fn largest_included(&self, row: &CollectionRow) -> Option<(Named, u64)> {
        if row.include_exclude_collections_count == 0 {
            return None;
        }
        let collection = self
            .provider
            .get::<Collection>(&row.collection_id)
            .await
            .ok()?;
        let included: Vec<CollectionId> = collection
            .collection_rules
            .iter()
            .filter(|rule| matches!(rule, CollectionRule::Include { .. }))
            .filter_map(|rule| rule.collection().cloned())
            .collect();
        let mut largest: Option<CollectionRow> = None;
        for filter in super::chunks(&included, |id| Filter::eq("CollectionID", id.as_str())) {
            let rows: Vec<CollectionRow> = self.provider.list(Some(filter)).await.ok()?;
            largest = rows
                .into_iter()
                .chain(largest)
                .max_by_key(|row| row.member_count);
        }
        let largest = largest?;
        let members = u64::try_from(largest.member_count).ok()?;
        Some((
            Named {
                id: largest.collection_id.to_string(),
                name: largest.name,
            },
            members,
        ))
    }
}

#[cfg(test)]
mod tests {
    use std::ops::RangeInclusive;

    use serde_json::{Value, json};

    use super::*;
    use crate::provider::testing::{answer, answering};

    /// A collection as one account sees it: its name, how many members the site counts, and which of them are shown.
    type Shown = (&'static str, u64, RangeInclusive<u32>);

    const WIDE: Shown = ("All Systems", 5_000, 1..=100);
    const NARROW: Shown = ("All Systems", 100, 1..=100);
    const SERVERS: Shown = ("All Servers", 400, 1..=12);

    fn rows(class: &str, query: &str, site: &[Shown]) -> Vec<Value> {
        // Ids are asked for in capitals.
        let query = query.to_uppercase();
        let mut rows = Vec::new();
        for (name, counted, shown) in site {
            if !query.contains(&name.to_uppercase().replace(' ', "%20")) {
                continue;
            }
            match class {
                "SMS_Collection" => rows.push(json!({
                    "CollectionID": name, "Name": name, "CollectionType": 2, "MemberCount": counted,
                })),
                "SMS_FullCollectionMembership" => {
                    let member = |id| json!({ "CollectionID": name, "ResourceID": id, "Name": format!("PC{id}") });
                    rows.extend(shown.clone().map(member));
                }
                _ => {}
            }
        }
        rows
    }

    /// Counted, hidden of those, and whether there may be more.
    async fn counted(site: &'static [Shown], new: Target) -> (u64, u64, bool) {
        asked(site, new, true).await
    }

    /// The same of a site that counts, or does not.
    async fn asked(site: &'static [Shown], new: Target, counts: bool) -> (u64, u64, bool) {
        let provider = answering(move |request| {
            let mut path = request.uri().path().rsplit('/');
            let query = request.uri().query().unwrap_or_default();
            match (path.next().unwrap(), path.next().unwrap()) {
                ("$count", "SMS_FullCollectionMembership") if !counts => answer(400, ""),
                ("$count", class) => answer(200, rows(class, query, site).len().to_string()),
                (class, _) => answer(
                    200,
                    json!({ "value": rows(class, query, site) }).to_string(),
                ),
            }
        });
        let impact = Gatherer::new(&provider).impact(&new).await.unwrap();
        (impact.members, impact.hidden, impact.may_be_more())
    }

    fn new(include: &[&str], exclude: &[&str], query: Option<&str>) -> Target {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Target::New {
            limit_to: "All Systems".into(),
            devices: Vec::new(),
            query: query.map(str::to_owned),
            include: owned(include),
            exclude: owned(exclude),
        }
    }

    #[tokio::test]
    async fn members_an_included_collection_does_not_show_count_too() {
        const SITE: &[Shown] = &[
            WIDE,
            SERVERS,
            ("All Kiosks", 30, 13..=20),
            ("Two", 2, 1..=2),
        ];
        for (include, exclude, expected) in [
            (&["All Servers"][..], &[][..], (400, 388, false)),
            (&["All Servers", "All Kiosks"], &[], (430, 410, false)),
            (&["All Servers"], &["Two"], (398, 388, false)),
            (&["Two"], &["All Servers"], (0, 0, false)),
        ] {
            for counts in [true, false] {
                let found = asked(SITE, new(include, exclude, None), counts).await;
                assert_eq!(found, expected, "{include:?} {exclude:?}");
            }
        }
    }

    #[tokio::test]
    async fn nobody_is_hidden_whom_a_limit_that_is_seen_whole_leaves_out() {
        let found = counted(&[NARROW, SERVERS], new(&["All Servers"], &[], None)).await;
        assert_eq!(found, (12, 0, false));
    }

    #[tokio::test]
    async fn who_seems_outside_a_limit_that_is_not_shown_may_be_inside() {
        const SITE: &[Shown] = &[
            ("All Systems", 5_000, 1..=1),
            ("Ten", 10, 1..=10),
            ("Two", 2, 9..=10),
        ];
        let found = counted(SITE, new(&["Ten"], &["Two"], None)).await;
        assert_eq!(found, (8, 7, false));
    }

    #[tokio::test]
    async fn a_query_may_find_whom_the_limit_does_not_show() {
        let query = || new(&[], &[], Some("select * from SMS_R_System"));
        assert_eq!(counted(&[WIDE], query()).await, (0, 0, true));
        assert_eq!(counted(&[NARROW], query()).await, (0, 0, false));
    }
}
