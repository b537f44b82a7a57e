//! Pages about where the files are: a distribution point, a group of them.

use super::about::Sides;
use super::{Gaps, Reader};
use crate::client::details::{GroupDetail, PointDetail};
use crate::client::listing::beside::Copies;
use crate::client::listing::{Beside, GroupLine, PointLine};
use crate::error::SiteError;
use crate::odata::Filter;
use crate::sms::distribution_point::{AssignmentRow, GroupMemberRow, PointRow};
use crate::sms::ids::GroupId;
use crate::sms::nal::NalPath;
use crate::sms::status::{PointMessageRow, PointStatusRow};
use crate::sms::{Key, KeyPart, Row};

/// A distribution point by its path alone; the rest of its key only repeats it.
#[derive(Clone)]
struct PointKey(NalPath);

impl Key for PointKey {
    fn parts(&self) -> Vec<(&'static str, KeyPart)> {
        vec![("NALPath", self.0.clone().into())]
    }
}

impl Reader<'_> {
    pub async fn point(&self, id: &NalPath) -> Result<PointDetail, SiteError> {
        let (mut gaps, mut about) = (Gaps::default(), Gaps::default());
        let key = PointKey(id.clone());
        let what = format!("distribution point {}", id.server());
        let (object, assignments, statuses, messages, groups, beside) = tokio::join!(
            self.object(PointRow::CLASS, &key, what),
            self.side::<AssignmentRow>(None),
            self.side::<PointStatusRow>(None),
            self.side::<PointMessageRow>(None),
            self.groups_of_points(),
            self.beside(Sides::packages(), &mut about),
        );
        let object = object?;
        gaps.0.append(&mut about.0);
        // A NAL path cannot be asked for, so all are read and these picked out (adminservice.md 2).
        let assignments = gaps.note("assignments", assignments).map(|mut rows| {
            rows.retain(|row| row.server_nal_path == *id);
            rows
        });
        let statuses = gaps.fill("content states", statuses);
        let messages = gaps.fill("content messages", messages).unwrap_or_default();
        let beside = Beside {
            copies: statuses.as_deref().map(Copies::count),
            groups: gaps.fill("groups", groups),
            ..beside
        };
        Ok(PointDetail {
            line: PointLine::new(object.seen_as()?, &beside),
            holds: assignments
                .map(|rows| self.assignment_lines(rows, statuses, &messages, &beside)),
            raw: object.raw,
            gaps: gaps.0,
        })
    }

    /// The distribution point whose server is called so.
    pub async fn point_of_server(&self, server: &str) -> Result<PointDetail, SiteError> {
        let rows = self.main::<PointRow>(None).await?;
        let named = |row: &&PointRow| row.server().eq_ignore_ascii_case(server);
        match rows.iter().find(named) {
            Some(row) => self.point(&row.nal_path).await,
            None => Err(SiteError::Missing {
                what: format!("distribution point {server}"),
            }),
        }
    }

    pub async fn group(&self, id: &GroupId) -> Result<GroupDetail, SiteError> {
        let mut gaps = Gaps::default();
        let in_group = Filter::eq("GroupID", id.as_str());
        let (object, members) = tokio::join!(
            self.object(
                "SMS_DistributionPointGroup",
                id,
                format!("distribution point group {id}")
            ),
            self.side::<GroupMemberRow>(Some(in_group)),
        );
        let object = object?;
        let members = gaps.fill("group members", members);
        let servers = |rows: Vec<GroupMemberRow>| {
            rows.iter()
                .map(|row| row.dp_nal_path.server().to_owned())
                .collect()
        };
        Ok(GroupDetail {
            line: GroupLine::new(object.seen_as()?),
            servers: members.map(servers),
            raw: object.raw,
            gaps: gaps.0,
        })
    }
}
