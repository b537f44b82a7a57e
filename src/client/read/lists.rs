//! Lists of what people make: read whole, joined by hash map.

use std::collections::HashMap;

use super::about::Sides;
use super::{Gaps, Reader};
use crate::client::answer::Listed;
use crate::client::details::Part;
use crate::client::listing::beside::{Copies, groups_of_points};
use crate::client::listing::{
    AssignmentLine, Beside, CollectionLine, CopyStatus, DeploymentLine, GroupLine, PackageLine,
    PointLine, ProgramLine,
};
use crate::error::SiteError;
use crate::odata::Filter;
use crate::sms::advertisement::AdvertisementRow;
use crate::sms::collection::CollectionRow;
use crate::sms::distribution_point::{AssignmentRow, GroupMemberRow, GroupRow, PointRow};
use crate::sms::ids::PackageId;
use crate::sms::nal::NalPath;
use crate::sms::package::{PackageRow, PackageType};
use crate::sms::program::ProgramRow;
use crate::sms::status::{PointMessageRow, PointStatusRow};

/// Packages of other kinds (drivers, images, updates) are not this console's business.
pub(super) fn software_distribution() -> Filter {
    Filter::eq("PackageType", u32::from(PackageType::SoftwareDistribution))
}

/// Task sequences are advertised too, under a program of this name.
pub(super) fn runs_a_program(row: &AdvertisementRow) -> bool {
    row.program_name != "*"
}

impl Reader<'_> {
    /// Packages of every kind: those of other kinds are shown, and locked.
    pub async fn packages(&self) -> Result<Listed<PackageLine>, SiteError> {
        let mut gaps = Gaps::default();
        let (rows, mut beside, offers) = tokio::join!(
            self.main::<PackageRow>(None),
            self.beside(Sides::default().with_contents(), &mut gaps),
            self.offers(),
        );
        beside.offers = gaps.fill("advertisements", offers);
        let line = |row| PackageLine::new(row, &beside, &self.clock);
        Ok(listed(rows?.into_iter().map(line).collect(), gaps))
    }

    pub async fn programs(&self) -> Result<Listed<ProgramLine>, SiteError> {
        let mut gaps = Gaps::default();
        let (rows, mut beside, offers) = tokio::join!(
            self.main::<ProgramRow>(None),
            self.beside(Sides::packages(), &mut gaps),
            self.offers(),
        );
        beside.offers = gaps.fill("advertisements", offers);
        let own = |row: &ProgramRow| row.package_type == PackageType::SoftwareDistribution;
        let lines = rows?.into_iter().filter(own);
        Ok(listed(
            lines.map(|row| ProgramLine::new(row, &beside)).collect(),
            gaps,
        ))
    }

    pub async fn collections(&self) -> Result<Listed<CollectionLine>, SiteError> {
        let mut gaps = Gaps::default();
        let (rows, offers) = tokio::join!(self.main::<CollectionRow>(None), self.offers());
        let beside = Beside {
            offers: gaps.fill("advertisements", offers),
            ..Beside::default()
        };
        let line = |row| CollectionLine::new(row, &beside, &self.clock);
        Ok(listed(rows?.into_iter().map(line).collect(), gaps))
    }

    pub async fn points(&self) -> Result<Listed<PointLine>, SiteError> {
        let mut gaps = Gaps::default();
        let (rows, statuses, groups) = tokio::join!(
            self.main::<PointRow>(None),
            self.side::<PointStatusRow>(None),
            self.groups_of_points(),
        );
        let beside = Beside {
            copies: gaps
                .fill("content states", statuses)
                .map(|rows| Copies::count(&rows)),
            groups: gaps.fill("groups", groups),
            ..Beside::default()
        };
        let line = |row| PointLine::new(row, &beside);
        Ok(listed(rows?.into_iter().map(line).collect(), gaps))
    }

    /// The names of the groups each distribution point is in.
    pub(super) async fn groups_of_points(
        &self,
    ) -> Result<HashMap<NalPath, Vec<String>>, SiteError> {
        let (groups, members) = tokio::join!(
            self.side::<GroupRow>(None),
            self.side::<GroupMemberRow>(None),
        );
        Ok(groups_of_points(&groups?, members?))
    }

    pub async fn groups(&self) -> Result<Listed<GroupLine>, SiteError> {
        let rows = self.main::<GroupRow>(None).await?;
        Ok(listed(
            rows.into_iter().map(GroupLine::new).collect(),
            Gaps::default(),
        ))
    }

    /// Advertisements alone.
    pub async fn advertisements(&self) -> Result<Listed<DeploymentLine>, SiteError> {
        let mut listed = self.deployments().await?;
        listed.lines.retain(|line| line.advertisement().is_some());
        Ok(listed)
    }

    /// Advertisements, and what else installs software on devices.
    pub async fn deployments(&self) -> Result<Listed<DeploymentLine>, SiteError> {
        let mut gaps = Gaps::default();
        let (rows, beside) = tokio::join!(
            self.main::<AdvertisementRow>(None),
            self.beside(Sides::of_all(), &mut gaps),
        );
        Ok(listed(self.deployment_lines(rows?, beside), gaps))
    }

    /// Advertisements that fit, with only what they need beside them.
    pub(super) async fn advertisements_where(
        &self,
        filter: Filter,
        gaps: &mut Gaps,
    ) -> Part<DeploymentLine> {
        let rows = self.side::<AdvertisementRow>(Some(filter)).await;
        let rows = gaps.note("advertisements", rows)?;
        let beside = self.beside(Sides::of(&rows), gaps).await;
        Ok(self.deployment_lines(rows, beside))
    }

    /// What is deployed to collections that fit, advertisements or not.
    pub(super) async fn deployments_to(
        &self,
        collections: Filter,
        gaps: &mut Gaps,
    ) -> Part<DeploymentLine> {
        let rows = self
            .side::<AdvertisementRow>(Some(collections.clone()))
            .await;
        let rows = gaps.note("advertisements", rows)?;
        let beside = self.beside(Sides::to(&collections, &rows), gaps).await;
        Ok(self.deployment_lines(rows, beside))
    }

    /// Advertisements, and the other deployments that were read beside them.
    fn deployment_lines(
        &self,
        rows: Vec<AdvertisementRow>,
        mut beside: Beside,
    ) -> Vec<DeploymentLine> {
        let others = std::mem::take(&mut beside.others).into_iter();
        let others = others.map(|row| DeploymentLine::other(row, &beside, &self.clock));
        let own = rows.into_iter().filter(runs_a_program);
        own.map(|row| DeploymentLine::new(row, &beside, &self.clock))
            .chain(others)
            .collect()
    }

    /// Every package on every distribution point.
    pub async fn assignments(&self) -> Result<Listed<AssignmentLine>, SiteError> {
        let mut gaps = Gaps::default();
        let (rows, statuses, messages, beside) = tokio::join!(
            self.main::<AssignmentRow>(None),
            self.side::<PointStatusRow>(None),
            self.side::<PointMessageRow>(None),
            self.beside(Sides::packages(), &mut gaps),
        );
        let statuses = gaps.fill("content states", statuses);
        let messages = gaps.fill("content messages", messages).unwrap_or_default();
        let lines = self.assignment_lines(rows?, statuses, &messages, &beside);
        Ok(listed(lines, gaps))
    }

    /// One package on each of its distribution points.
    pub(super) async fn content_of(
        &self,
        package: &PackageId,
        gaps: &mut Gaps,
    ) -> Part<AssignmentLine> {
        let of_package = || Some(Filter::eq("PackageID", package.as_str()));
        let mut about = Gaps::default();
        let (rows, statuses, messages, beside) = tokio::join!(
            self.side::<AssignmentRow>(of_package()),
            self.side::<PointStatusRow>(of_package()),
            self.side::<PointMessageRow>(of_package()),
            self.beside(Sides::package(package), &mut about),
        );
        gaps.0.append(&mut about.0);
        let rows = gaps.note("distribution points", rows)?;
        let statuses = gaps.fill("content states", statuses);
        let messages = gaps.fill("content messages", messages).unwrap_or_default();
        Ok(self.assignment_lines(rows, statuses, &messages, &beside))
    }

    pub(super) fn assignment_lines(
        &self,
        rows: Vec<AssignmentRow>,
        statuses: Option<Vec<PointStatusRow>>,
        messages: &[PointMessageRow],
        beside: &Beside,
    ) -> Vec<AssignmentLine> {
        let place = |package: &PackageId, point: &NalPath| (package.clone(), point.clone());
        let mut statuses: Option<HashMap<_, _>> = statuses.map(|rows| {
            rows.into_iter()
                .map(|row| (place(&row.package_id, &row.server_nal_path), row))
                .collect()
        });
        let messages: HashMap<_, _> = messages
            .iter()
            .map(|row| (place(&row.package_id, &row.nal_path), row))
            .collect();
        let line = |row: AssignmentRow| {
            let here = place(&row.package_id, &row.server_nal_path);
            let message = messages.get(&here).copied();
            let copy = match &mut statuses {
                None => CopyStatus::Unread,
                Some(statuses) => statuses
                    .remove(&here)
                    .map_or(CopyStatus::Unsaid, CopyStatus::Said),
            };
            AssignmentLine::new(row, copy, message, beside, &self.clock)
        };
        rows.into_iter().map(line).collect()
    }
}

fn listed<L>(lines: Vec<L>, gaps: Gaps) -> Listed<L> {
    Listed {
        lines,
        gaps: gaps.0,
    }
}
