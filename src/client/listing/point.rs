//! Distribution points: what a list of them shows (wizard.md 15.4).

use serde_json::Value;

use super::beside::{Beside, Copies};
use super::say::Say;
use super::{Called, Column, Field, FieldValue, Kind, Line, Sorting, fixed, grow, plain, plural};
use crate::sms::distribution_point::PointRow;

/// A server with the copies it holds, counted.
#[derive(Debug, Clone, PartialEq)]
pub struct PointLine {
    pub row: PointRow,
    pub copies: Option<Copies>,
    /// Names of the groups it is in; `None` when they could not be read.
    pub groups: Option<Vec<String>>,
}

impl PointLine {
    pub fn new(row: PointRow, beside: &Beside) -> Self {
        let copies = beside
            .copies
            .as_ref()
            .map(|points| points.get(&row.nal_path).copied().unwrap_or_default());
        let groups = beside
            .groups
            .as_ref()
            .map(|points| points.get(&row.nal_path).cloned().unwrap_or_default());
        Self {
            row,
            copies,
            groups,
        }
    }

    /// What sort of distribution point it is.
    fn sort(&self) -> &'static str {
        if self.row.is_pull_dp {
            "pull"
        } else if self.row.is_peer_dp {
            "peer"
        } else if self.row.internet_facing {
            "internet"
        } else {
            "standard"
        }
    }

    /// The worst of its copies.
    fn state(&self) -> &'static str {
        match self.copies {
            None => "unknown",
            Some(copies) if copies.failed > 0 => "failed",
            Some(copies) if copies.busy > 0 => "busy",
            Some(_) => "ok",
        }
    }

    /// As the groups themselves say; else as the server's row does.
    fn group_count(&self) -> Option<u32> {
        let named = self.groups.as_ref().map(Vec::len);
        named
            .and_then(|count| u32::try_from(count).ok())
            .or(self.row.group_count)
    }

    fn count(&self, figure: fn(Copies) -> u32) -> FieldValue<'static> {
        FieldValue::count(self.copies.map(figure))
    }
}

impl Line for PointLine {
    const CALLED: Called = Kind::Points.called();
    const COLUMNS: &'static [Column<Self>] = &[
        Column::text("server", "Server", grow(18, 2), |line: &Self| {
            FieldValue::text(line.row.server())
        }),
        Column::text("site", "Site", fixed(4), |line: &Self| {
            FieldValue::text(line.row.site_code.as_str())
        }),
        Column::text("type", "Type", fixed(8), |line: &Self| {
            FieldValue::text(line.sort())
        })
        .leaves(2),
        Column::number("ok", "OK", fixed(6), |line: &Self| {
            line.count(|copies| copies.usable)
        }),
        Column::number("busy", "Busy", fixed(6), |line: &Self| {
            line.count(|copies| copies.busy)
        }),
        Column::number("failed", "Failed", fixed(6), |line: &Self| {
            line.count(|copies| copies.failed)
        }),
        Column::number("groups", "Groups", fixed(6), |line: &Self| {
            FieldValue::count(line.group_count())
        })
        .leaves(1),
        Column::text("os", "Operating system", fixed(24), |line: &Self| {
            FieldValue::text(&line.row.operating_system)
        })
        .wide()
        .leaves(3),
        Column::text("description", "Description", grow(14, 1), |line: &Self| {
            FieldValue::text(&line.row.description)
        })
        .wide()
        .leaves(4),
    ];
    const FIELDS: &'static [Field<Self>] = &[
        Field::text("name", |line| FieldValue::text(line.row.server())),
        Field::text("state", |line| FieldValue::text(line.state())),
        Field::text("group", |line| match &line.groups {
            None => FieldValue::Unknown,
            Some(groups) if groups.is_empty() => FieldValue::Absent,
            Some(groups) => FieldValue::made(groups.join(", ")),
        }),
        Field::flag("pxe", |line| FieldValue::Flag(line.row.is_pxe)),
        Field::text("nal", |line| FieldValue::text(line.row.nal_path.as_str())),
    ];
    const ORDER: &'static [Sorting] = &[Sorting::down("failed"), Sorting::up("server")];

    /// The server's name: it is unique, and the NAL path is nothing anybody types.
    fn id(&self) -> String {
        self.row.server().to_owned()
    }

    fn name(&self) -> &str {
        self.row.server()
    }

    fn json(&self) -> Value {
        plain(&self.row)
    }

    fn needs_attention(&self) -> bool {
        self.copies.is_some_and(|copies| copies.failed > 0)
    }

    fn is_passing(&self) -> bool {
        self.copies.is_some_and(|copies| copies.busy > 0)
    }

    fn in_words(&self) -> String {
        let site = &self.row.site_code;
        let mut words = format!("A {} distribution point of site {site}", self.sort());
        match self.copies {
            None => words.say("; what it holds could not be read"),
            Some(copies) => {
                words.say(format_args!(": holds {}", plural(copies.usable, "package")));
                if copies.busy > 0 {
                    words.say(format_args!(", {} on the way", copies.busy));
                }
                if copies.failed > 0 {
                    words.say(format_args!(", {} failed", copies.failed));
                }
            }
        }
        words.say('.');
        words
    }
}
