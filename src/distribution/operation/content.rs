//! Assigning a package to a distribution point, or to a group of them. The copying follows by itself; waiting for it is
//! an operation of its own.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::stamped::{self, NOT_OURS, Stamped};
use super::{Kind, Look, Made, Mark, Right, Unmade, Written, written};
use crate::distribution::journal::Doing;
use crate::distribution::plan::{OpNumber, Ref};
use crate::distribution::run::{Hand, Sending, Trouble};
use crate::odata::filter::Filter;
use crate::sms::distribution_point::{AssignmentChanges, AssignmentStatus};
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
const UNREAD_GROUP: &str = "the package is not sent to the group any more, but which points hold its files because of \
                            this plan could not be read, so they keep them";

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
        let before = assignments(hand, &package).await?;
        let before: Vec<&NalPath> = before.iter().map(|row| &row.server_nal_path).collect();
        let values = json!({ "GroupID": self.id, "PackageIDs": [package] });
        let provider = hand.provider.clone();
        hand.send(
            Sending::make("call SMS_DistributionPointGroup.AddPackages", &values)
                .with_before(&before),
            provider.group_add_packages(&self.id, std::slice::from_ref(&package)),
        )
        .await?;
        Ok(())
    }

    /// A point of the group that held the package before keeps it: those the journal names are not touched. Where nobody
    /// could read who is in the group, any of them may be a member.
    async fn unmake(&self, hand: &mut Hand<'_>, package: &PackageId) -> Result<Unmade, Trouble> {
        let before = Self::held_before(hand);
        let is_unread = self.points.is_empty();
        let keep = if is_unread {
            !before.is_empty()
        } else {
            self.points.iter().any(|point| before.contains(point))
        };
        let values = json!({
            "GroupID": self.id, "PackageIDs": [package], "RemoveTargetedPackages": !keep,
        });
        let provider = hand.provider.clone();
        hand.send(
            Sending::unmake("call SMS_DistributionPointGroup.RemovePackages", &values),
            provider.group_remove_packages(&self.id, std::slice::from_ref(package), !keep),
        )
        .await?;
        if !keep {
            return Ok(Unmade::Going);
        }
        if is_unread {
            return Ok(Unmade::Left(UNREAD_GROUP.into()));
        }
        for row in assignments(hand, package).await? {
            let is_ours = self.points.contains(&row.server_nal_path)
                && !before.contains(&row.server_nal_path);
            if is_ours {
                remove(hand, &row).await?;
            }
        }
        Ok(Unmade::Going)
    }

    fn held_before(hand: &Hand<'_>) -> Vec<NalPath> {
        let first = hand
            .past()
            .requests
            .iter()
            .find(|request| request.doing == Doing::Make);
        first
            .and_then(|request| serde_json::from_value(request.before.clone()).ok())
            .unwrap_or_default()
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
