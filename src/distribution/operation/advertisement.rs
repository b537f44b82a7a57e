//! Advertising a program to a collection: always the last operation, and the first that touches a device.

use serde::{Deserialize, Serialize};

use super::stamped::{self, Differences, Own, Stamped};
use super::{Kind, Look, Made, Mark, Right, Unmade, Written, written};
use crate::distribution::check::Finding;
use crate::distribution::plan::{self, OpNumber, Ref, count_drift};
use crate::distribution::run::{Hand, Sending, Trouble};
use crate::distribution::words;
use crate::odata::filter::Filter;
use crate::sms::advertisement::{Advertisement, AdvertisementChanges, OfferType};
use crate::sms::advertisement_flags::{AdvertFlags, RemoteClientFlags};
use crate::sms::collection::Collection;
use crate::sms::ids::{AdvertisementId, CollectionId, PackageId};
use crate::sms::schedule::Token;
use crate::sms::stamped::StampedAdvertisementRow;
use crate::sms::time::{Moment, WireTime};

/// Characters a comment is taken to have room for; the limit is not published.
const LONGEST_COMMENT: usize = 255;

/// An advertisement to be made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MakeAdvertisement {
    pub name: String,
    pub comment: String,
    pub collection: Ref<CollectionId>,
    pub package: Ref<PackageId>,
    pub program: String,
    pub offer: OfferType,
    /// Both words whole: the class's default carries no choice about running again.
    pub flags: AdvertFlags,
    pub remote_flags: RemoteClientFlags,
    /// From when devices may see it.
    pub available: Moment,
    /// When it runs by itself; empty without a time.
    pub assigned: Vec<Token>,
    pub expires: Expires,
    /// Whether the times are UTC. One switch for all of them, each device's own clock otherwise.
    pub utc: bool,
}

/// Whether devices forget about it some day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expires {
    Never,
    At(Moment),
}

impl MakeAdvertisement {
    /// When it first runs by itself, where it does so at a time.
    ///
    /// *As soon as possible* with a later start is the same for a site that takes no schedules (wizard.md 1.4).
    pub fn deadline(&self) -> Option<Moment> {
        let assigned = self.assigned.iter().filter_map(Token::starts);
        assigned.min_by_key(|moment| moment.digits())
    }

    fn changes(
        &self,
        collection: Option<CollectionId>,
        package: Option<PackageId>,
    ) -> AdvertisementChanges {
        let (expiration_time, expires) = match self.expires {
            Expires::Never => (None, false),
            Expires::At(moment) => (Some(WireTime::of(moment)), true),
        };
        let has_schedule = !self.assigned.is_empty();
        AdvertisementChanges {
            advertisement_name: Some(self.name.clone()),
            collection_id: collection,
            package_id: package,
            program_name: Some(self.program.clone()),
            comment: Some(self.comment.clone()),
            offer_type: Some(self.offer),
            advert_flags: Some(self.flags),
            remote_client_flags: Some(self.remote_flags),
            present_time: Some(WireTime::of(self.available)),
            present_time_enabled: Some(true),
            present_time_is_gmt: Some(self.utc),
            expiration_time,
            expiration_time_enabled: Some(expires),
            expiration_time_is_gmt: Some(self.utc),
            assigned_schedule: Some(self.assigned.clone()).filter(|_| has_schedule),
            assigned_schedule_enabled: Some(has_schedule),
            assigned_schedule_is_gmt: Some(self.utc),
            ..AdvertisementChanges::default()
        }
    }

    fn differs(&self, there: &StampedAdvertisementRow) -> Vec<String> {
        Differences::default()
            .compare("Comment", &there.comment, &self.comment)
            .compare("OfferType", &there.offer_type, &self.offer)
            .compare("AdvertFlags", &there.advert_flags, &self.flags)
            .compare(
                "RemoteClientFlags",
                &there.remote_client_flags,
                &self.remote_flags,
            )
            .compare(
                "PresentTime",
                &there.present_time,
                &Some(WireTime::of(self.available)),
            )
            .into_names()
    }

    fn natural_key(&self, hand: &Hand<'_>) -> Result<Filter, Trouble> {
        Ok(Filter::eq("AdvertisementName", self.name.clone())
            .and(Filter::eq(
                "CollectionID",
                hand.resolve(&self.collection)?.to_string(),
            ))
            .and(Filter::eq(
                "PackageID",
                hand.resolve(&self.package)?.to_string(),
            ))
            .and(Filter::eq("ProgramName", self.program.clone())))
    }

    /// Whether an advertisement read whole runs at the same times by the same clocks.
    ///
    /// The same digits by another clock are other times, and one that has expired reaches nobody.
    fn has_same_times(&self, there: &Advertisement) -> bool {
        let expires = matches!(self.expires, Expires::At(_));
        let is_scheduled = !self.assigned.is_empty();
        let is = |there: Option<bool>, wanted: bool| there.unwrap_or_default() == wanted;
        self.compare_times(there).is_ok()
            && is(there.present_time_is_gmt, self.utc)
            && is(there.expiration_time_enabled, expires)
            && (!expires || is(there.expiration_time_is_gmt, self.utc))
            && is(there.assigned_schedule_enabled, is_scheduled)
            && (!is_scheduled || is(there.assigned_schedule_is_gmt, self.utc))
            && there.assigned_schedule.len() == self.assigned.len()
            && there
                .assigned_schedule
                .iter()
                .zip(&self.assigned)
                .all(|(there, wanted)| {
                    there.is_gmt == wanted.is_gmt && there.recurrence == wanted.recurrence
                })
    }

    /// The digits the site keeps against those that were sent (wizard.md 1.5).
    fn compare_times(&self, there: &Advertisement) -> Result<(), Trouble> {
        let mut times = vec![(
            "PresentTime",
            WireTime::of(self.available),
            there.present_time,
        )];
        if let Expires::At(moment) = self.expires {
            times.push((
                "ExpirationTime",
                WireTime::of(moment),
                there.expiration_time,
            ));
        }
        let mut tokens = there.assigned_schedule.iter();
        times.extend(self.assigned.iter().map(|token| {
            (
                "AssignedSchedule",
                token.start,
                tokens.next().map(|there| there.start),
            )
        }));
        for (property, sent, stored) in times {
            if stored != Some(sent) {
                return Err(Trouble::StoredOtherwise {
                    property,
                    sent: sent.to_string(),
                    stored: stored.map_or_else(|| "nothing".into(), |time| time.to_string()),
                });
            }
        }
        Ok(())
    }

    /// The members are counted once more right before anything can reach them.
    async fn recount(&self, hand: &mut Hand<'_>, collection: &CollectionId) -> Result<(), Trouble> {
        hand.checking("counting the members once more", None);
        let relied = &hand.plan().relied;
        let there: Collection = hand.provider.get(collection).await?;
        let now = u64::try_from(there.member_count).unwrap_or_default();
        let Some(planned) = relied.target.members.known() else {
            return first_count(now, &relied.thresholds);
        };
        // The person confirmed fewer members than planned, never more.
        if now < planned && hand.went_on_without_all_rules() {
            return Ok(());
        }
        match count_drift(planned, now, &relied.thresholds) {
            Some(finding) => Err(Trouble::Moved(vec![finding])),
            None => Ok(()),
        }
    }
}

/// Nobody could count the members when the plan was accepted: now that the site has, no rule about sizes may be passed
/// by unseen.
fn first_count(now: u64, thresholds: &[u64]) -> Result<(), Trouble> {
    let passed = thresholds
        .iter()
        .filter(|limit| **limit > 0 && now >= **limit);
    let Some(limit) = passed.max() else {
        return Ok(());
    };
    let what = format!(
        "Nobody could count the members when this was planned; the site counts {} now.",
        words::number(now)
    );
    let why = format!(
        "Other rules hold from {} members on: plan it anew with the collection as it is.",
        words::number(*limit)
    );
    Err(Trouble::Moved(vec![
        Finding::stops("DRF-E01", what).because(why),
    ]))
}

/// The name of an advertisement that fits a filter and does not carry this plan's stamp, if there is one.
pub(super) async fn of_others(hand: &Hand<'_>, filter: Filter) -> Result<Option<String>, Trouble> {
    let rows: Vec<StampedAdvertisementRow> = stamped::rows(hand, filter).await?;
    Ok(rows
        .into_iter()
        .find(|row| !hand.is_of_plan(row.stamp()))
        .map(|row| format!("{} ({})", row.advertisement_name, row.advertisement_id)))
}

impl Kind for MakeAdvertisement {
    fn title(&self) -> &'static str {
        "Advertisement"
    }

    fn subject(&self) -> String {
        self.name.clone()
    }

    fn detail(&self) -> String {
        let purpose = match self.offer {
            OfferType::Required => "required",
            _ => "available",
        };
        let immediate = self.flags.contains(AdvertFlags::IMMEDIATE);
        let start = match self.deadline() {
            _ if immediate => format!("as soon as possible from {}", plan::moment(self.available)),
            Some(deadline) => plan::moment(deadline),
            None => format!("from {}", plan::moment(self.available)),
        };
        format!("{purpose}, {start}")
    }

    fn mark(&self) -> Mark {
        Mark::Create
    }

    fn right(&self) -> Right {
        Right::DeployPackages
    }

    fn needs(&self) -> Vec<OpNumber> {
        let makers = [self.package.maker(), self.collection.maker()];
        makers.into_iter().flatten().collect()
    }

    fn request(&self) -> String {
        "create SMS_Advertisement".into()
    }

    fn written(&self) -> Vec<Written> {
        written(&self.changes(self.collection.id().cloned(), self.package.id().cloned()))
    }

    async fn look(&self, hand: &mut Hand<'_>) -> Result<Look, Trouble> {
        let natural_key = self.natural_key(hand)?;
        let found = stamped::find(hand, natural_key).await?;
        let look = found.shared(|there: &StampedAdvertisementRow| self.differs(there));
        let Look::Same { id: Some(id), .. } = &look else {
            return Ok(look);
        };
        // The schedule is lazy: one read by key tells whether it is the same.
        let there: Advertisement = hand.provider.get(&AdvertisementId::new(id)).await?;
        Ok(if self.has_same_times(&there) {
            look
        } else {
            Look::Absent
        })
    }

    async fn make(&self, hand: &mut Hand<'_>) -> Result<Made, Trouble> {
        let collection = hand.resolve(&self.collection)?;
        let package = hand.resolve(&self.package)?;
        self.recount(hand, &collection).await?;
        let made = stamped::make(hand, self.request(), |place| AdvertisementChanges {
            isv_string: place.property(),
            comment: Some(place.comment(&self.comment, LONGEST_COMMENT)),
            ..self.changes(Some(collection.clone()), Some(package.clone()))
        })
        .await?;
        Ok(Made {
            id: Some(made.advertisement_id.to_string()),
            words: String::new(),
        })
    }

    async fn confirm(&self, hand: &mut Hand<'_>, id: Option<&str>) -> Result<(), Trouble> {
        let Some(id) = id else {
            return Ok(());
        };
        hand.checking("comparing its times", None);
        let there: Advertisement = hand.provider.get(&AdvertisementId::new(id)).await?;
        self.compare_times(&there)
    }

    async fn unmake(&self, hand: &mut Hand<'_>) -> Result<Unmade, Trouble> {
        let at = stamped::at_id(hand, "AdvertisementID");
        let found: StampedAdvertisementRow = match stamped::own(hand, at).await? {
            Own::Mine(found) => found,
            Own::No(unmade) => return Ok(unmade),
        };
        let id = found.advertisement_id.clone();
        let provider = hand.provider.clone();
        hand.send(
            Sending::unmake("delete SMS_Advertisement", &id).with_before(&found),
            provider.delete::<Advertisement>(&id),
        )
        .await?;
        Ok(Unmade::Removed)
    }
}

impl Stamped for StampedAdvertisementRow {
    const COMMENT: Option<&str> = Some("Comment");

    fn isv_string(&self) -> &str {
        &self.isv_string
    }

    fn comment(&self) -> Option<&str> {
        Some(&self.comment)
    }

    fn id_text(&self) -> String {
        self.advertisement_id.to_string()
    }

    /// Deleting an advertisement is immediate.
    fn is_going(&self) -> bool {
        false
    }
}
