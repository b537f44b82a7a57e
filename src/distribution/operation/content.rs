//! Assigning a package to a distribution point, or to a group of them. The copying follows by itself; waiting for it is
//! an operation of its own.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::stamped::{self, NOT_OURS, Stamped};
use super::{Kind, Look, Made, Mark, Right, Unmade, Written, written};
use crate::distribution::journal::{Answered, Doing};
use crate::distribution::plan::{OpNumber, Ref};
use crate::distribution::run::{Hand, Sending, Trouble};
use crate::error::SiteError;
use crate::odata::filter::Filter;
use crate::provider::Provider;
use crate::sms::distribution_point::{self as sms, AssignmentChanges, AssignmentStatus};
use crate::sms::ids::{GroupId, PackageId, SiteCode};
use crate::sms::nal::NalPath;
use crate::sms::stamped::StampedAssignmentRow;

/// A package to be assigned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignContent {
    pub package: Ref<PackageId>,
    pub to: Destination,
}

/// Where to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    Point(Point),
    Group(Group),
}

impl Destination {
    /// The points it stands for.
    pub fn points(&self) -> Vec<NalPath> {
        match self {
            Self::Point(point) => vec![point.nal_path.clone()],
            Self::Group(group) => group.points.clone(),
        }
    }
}

/// One distribution point; path and site as the site's own list of roles has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    pub server: String,
    pub nal_path: NalPath,
    pub site: SiteCode,
}

/// A group, with the points that were in it when the plan was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub id: GroupId,
    pub name: String,
    pub points: Vec<NalPath>,
}

/// Why files stay on the points of a group.
const UNREAD_GROUP: &str = "which points of the group hold its files because of this plan could not be read, so they \
                            keep them";

/// Why a package is still sent to a group.
const UNCOUNTED_GROUP: &str =
    "whether the package was sent to the group before could not be read, so it still is";

impl Stamped for StampedAssignmentRow {
    const COMMENT: Option<&str> = None;

    fn isv_string(&self) -> &str {
        &self.isv_string
    }

    fn comment(&self) -> Option<&str> {
        None
    }

    fn id_text(&self) -> String {
        self.server_nal_path.server().to_owned()
    }

    fn is_going(&self) -> bool {
        self.status == AssignmentStatus::Deleted
    }
}

/// Where the package is by now. The NAL path cannot stand in a URL, so all points of the package are read.
async fn assignments(
    hand: &Hand<'_>,
    package: &PackageId,
) -> Result<Vec<StampedAssignmentRow>, Trouble> {
    let filter = Filter::eq("PackageID", package.to_string());
    let mut rows: Vec<StampedAssignmentRow> = stamped::rows(hand, filter).await?;
    rows.retain(|row| !row.is_going());
    Ok(rows)
}

impl Point {
    fn changes(&self, package: Option<PackageId>) -> AssignmentChanges {
        AssignmentChanges {
            package_id: package,
            server_nal_path: Some(self.nal_path.clone()),
            site_code: Some(self.site.clone()),
            ..AssignmentChanges::default()
        }
    }

    async fn look(&self, hand: &Hand<'_>, package: &PackageId) -> Result<Look, Trouble> {
        let rows = assignments(hand, package).await?;
        let row = rows.iter().find(|row| row.server_nal_path == self.nal_path);
        Ok(row.map_or(Look::Absent, |row| self.found(hand, row)))
    }

    fn found(&self, hand: &Hand<'_>, row: &StampedAssignmentRow) -> Look {
        let id = Some(self.server.clone());
        if row.isv_string == hand.stamp().to_string() {
            Look::Ours {
                id,
                words: "assigned".into(),
            }
        } else {
            Look::Same {
                id,
                words: "was assigned already".into(),
            }
        }
    }

    async fn make(&self, hand: &mut Hand<'_>, package: PackageId) -> Result<(), Trouble> {
        let request = "create SMS_DistributionPoint".to_owned();
        stamped::make(hand, request, |place| AssignmentChanges {
            isv_string: place.property(),
            ..self.changes(Some(package.clone()))
        })
        .await?;
        Ok(())
    }

    async fn unmake(&self, hand: &mut Hand<'_>, package: &PackageId) -> Result<Unmade, Trouble> {
        let rows = assignments(hand, package).await?;
        let Some(row) = rows.iter().find(|row| row.server_nal_path == self.nal_path) else {
            return Ok(Unmade::Nothing);
        };
        if !hand.is_of_plan(&row.isv_string) {
            return Ok(Unmade::Left(NOT_OURS.into()));
        }
        remove(hand, row).await
    }
}

impl Group {
    /// There, when every point of the group holds the package: a group itself does not say what it was given.
    async fn look(&self, hand: &Hand<'_>, package: &PackageId) -> Result<Look, Trouble> {
        if self.points.is_empty() {
            return Ok(Look::Absent);
        }
        let rows = assignments(hand, package).await?;
        let is_there = |point: &NalPath| rows.iter().any(|row| row.server_nal_path == *point);
        if !self.points.iter().all(is_there) {
            return Ok(Look::Absent);
        }
        let id = Some(self.id.to_string());
        let words = format!("{} points", self.points.len());
        Ok(if hand.past().may_have(Doing::Make) {
            Look::Ours { id, words }
        } else {
            Look::Same { id, words }
        })
    }

    async fn make(&self, hand: &mut Hand<'_>, package: PackageId) -> Result<(), Trouble> {
        let before = Before {
            points: assignments(hand, &package)
                .await?
                .into_iter()
                .map(|row| row.server_nal_path)
                .collect(),
            packages: self.packages(hand.provider).await,
        };
        let values = json!({ "GroupID": self.id, "PackageIDs": [package] });
        let provider = hand.provider.clone();
        let adding = async {
            let packages = std::slice::from_ref(&package);
            provider.group_add_packages(&self.id, packages).await?;
            Ok(self.packages(&provider).await)
        };
        hand.send(
            Sending::make("call SMS_DistributionPointGroup.AddPackages", &values)
                .with_before(&before),
            adding,
        )
        .await?;
        Ok(())
    }

    /// How many packages are sent to the group; nothing where that cannot be read.
    async fn packages(&self, provider: &Provider) -> Option<u32> {
        let group: Result<sms::Group, SiteError> = provider.get(&self.id).await;
        group.ok()?.content_count
    }

    /// A point of the group that held the package before keeps it, and a package that was sent to the group before is
    /// still sent to it: the journal names both. Where nobody could read who is in the group, any point may be a member.
    ///
    /// After a lost answer it is called again: what the journal knows to be done is not repeated.
    async fn unmake(&self, hand: &mut Hand<'_>, package: &PackageId) -> Result<Unmade, Trouble> {
        let before = Before::of(hand);
        let is_unread = self.points.is_empty();
        let keep = if is_unread {
            !before.points.is_empty()
        } else {
            self.points
                .iter()
                .any(|point| before.points.contains(point))
        };
        let sent_before = keep.then(|| before.was_sent(hand));
        if sent_before.is_none_or(|sent| sent == Some(false)) && !was_taken_out(hand) {
            self.take_out(hand, package, !keep).await?;
        }
        if !keep {
            return Ok(Unmade::Going);
        }
        if is_unread {
            return Ok(Unmade::Left(UNREAD_GROUP.into()));
        }
        for row in assignments(hand, package).await? {
            let is_ours = self.points.contains(&row.server_nal_path)
                && !before.points.contains(&row.server_nal_path);
            if is_ours {
                remove(hand, &row).await?;
            }
        }
        Ok(match sent_before {
            Some(None) => Unmade::Left(UNCOUNTED_GROUP.into()),
            _ => Unmade::Going,
        })
    }

    async fn take_out(
        &self,
        hand: &mut Hand<'_>,
        package: &PackageId,
        off_points: bool,
    ) -> Result<(), Trouble> {
        let values = json!({
            "GroupID": self.id, "PackageIDs": [package], "RemoveTargetedPackages": off_points,
        });
        let provider = hand.provider.clone();
        hand.send(
            Sending::unmake(TAKE_OUT, &values),
            provider.group_remove_packages(&self.id, std::slice::from_ref(package), off_points),
        )
        .await
    }
}

const TAKE_OUT: &str = "call SMS_DistributionPointGroup.RemovePackages";

/// Whether the journal knows that the package was taken out of the group.
fn was_taken_out(hand: &Hand<'_>) -> bool {
    let mut requests = hand.past().requests.iter();
    requests.any(|request| {
        request.request == TAKE_OUT && matches!(request.answer, Some(Answered::Done { .. }))
    })
}

/// What there was before a package was sent to a group.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Before {
    /// Points that held it.
    points: Vec<NalPath>,
    /// How many packages were sent to the group.
    packages: Option<u32>,
}

impl Before {
    /// Whether the package was sent to the group before this plan did so. A group does not say which packages those are,
    /// only how many: it was among them if sending it added none. Nothing where that was not counted.
    fn was_sent(&self, hand: &Hand<'_>) -> Option<bool> {
        let mut newest = hand.past().requests.iter().rev();
        let after = newest.find_map(|request| match &request.answer {
            Some(Answered::Done { after }) if request.doing == Doing::Make => after.as_u64(),
            _ => None,
        })?;
        Some(after <= u64::from(self.packages?))
    }

    fn of(hand: &Hand<'_>) -> Self {
        let mut requests = hand.past().requests.iter();
        let first = requests.find(|request| request.doing == Doing::Make);
        let value = first
            .map(|request| request.before.clone())
            .unwrap_or_default();
        // Earlier versions wrote the points alone.
        let points_alone = || Self {
            points: serde_json::from_value(value.clone()).unwrap_or_default(),
            packages: None,
        };
        serde_json::from_value(value.clone()).unwrap_or_else(|_| points_alone())
    }
}

async fn remove(hand: &mut Hand<'_>, row: &StampedAssignmentRow) -> Result<Unmade, Trouble> {
    let id = row.id();
    let provider = hand.provider.clone();
    hand.send(
        Sending::unmake("delete SMS_DistributionPoint", row).with_before(row),
        provider.remove_assignment(&id),
    )
    .await?;
    Ok(Unmade::Going)
}

impl Kind for AssignContent {
    fn title(&self) -> &'static str {
        "Content"
    }

    fn subject(&self) -> String {
        match &self.to {
            Destination::Point(point) => point.server.clone(),
            Destination::Group(group) => format!("group {}", group.name),
        }
    }

    fn detail(&self) -> String {
        match &self.to {
            Destination::Point(_) => String::new(),
            Destination::Group(group) => format!("{} points", group.points.len()),
        }
    }

    fn mark(&self) -> Mark {
        Mark::Create
    }

    fn right(&self) -> Right {
        Right::CopyToDistributionPoint
    }

    fn needs(&self) -> Vec<OpNumber> {
        self.package.maker().into_iter().collect()
    }

    fn request(&self) -> String {
        match &self.to {
            Destination::Point(_) => "create SMS_DistributionPoint".into(),
            Destination::Group(_) => "call SMS_DistributionPointGroup.AddPackages".into(),
        }
    }

    fn written(&self) -> Vec<Written> {
        match &self.to {
            Destination::Point(point) => written(&point.changes(None)),
            Destination::Group(group) => written(&json!({ "GroupID": group.id })),
        }
    }

    /// A package is on a point once, however often it is put there.
    fn is_repeatable(&self) -> bool {
        true
    }

    async fn look(&self, hand: &mut Hand<'_>) -> Result<Look, Trouble> {
        let package = hand.resolve(&self.package)?;
        match &self.to {
            Destination::Point(point) => point.look(hand, &package).await,
            Destination::Group(group) => group.look(hand, &package).await,
        }
    }

    async fn make(&self, hand: &mut Hand<'_>) -> Result<Made, Trouble> {
        let package = hand.resolve(&self.package)?;
        let id = match &self.to {
            Destination::Point(point) => {
                point.make(hand, package).await?;
                point.server.clone()
            }
            Destination::Group(group) => {
                group.make(hand, package).await?;
                group.id.to_string()
            }
        };
        Ok(Made {
            id: Some(id),
            words: "assigned".into(),
        })
    }

    async fn unmake(&self, hand: &mut Hand<'_>) -> Result<Unmade, Trouble> {
        let Some(package) = hand.known(&self.package) else {
            return Ok(Unmade::Nothing);
        };
        match &self.to {
            Destination::Point(point) => point.unmake(hand, &package).await,
            Destination::Group(group) => group.unmake(hand, &package).await,
        }
    }
}
