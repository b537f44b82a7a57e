//! Distribution point groups: what a list of them shows (wizard.md 15.4).

use serde_json::Value;

use super::{Called, Column, Field, FieldValue, Kind, Line, Sorting, fixed, grow, plain, plural};
use crate::sms::distribution_point::GroupRow;

/// A group of distribution points.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupLine {
    pub row: GroupRow,
}

impl GroupLine {
    pub fn new(row: GroupRow) -> Self {
        Self { row }
    }
}

impl Line for GroupLine {
    const CALLED: Called = Kind::Groups.called();
    const COLUMNS: &'static [Column<Self>] = &[
        Column::text("name", "Name", grow(18, 2), |line: &Self| {
            FieldValue::text(&line.row.name)
        }),
        Column::number("points", "Points", fixed(6), |line: &Self| {
            FieldValue::count(line.row.member_count)
        }),
        Column::number("packages", "Packages", fixed(8), |line: &Self| {
            FieldValue::count(line.row.content_count)
        }),
        Column::flag("sync", "In sync", fixed(7), |line: &Self| {
            line.row
                .content_in_sync
                .map_or(FieldValue::Unknown, FieldValue::Flag)
        }),
        Column::number("collections", "Collections", fixed(11), |line: &Self| {
            FieldValue::count(line.row.collection_count)
        })
        .leaves(1),
        Column::text("description", "Description", grow(14, 1), |line: &Self| {
            FieldValue::text(&line.row.description)
        })
        .wide(),
    ];
    const FIELDS: &'static [Field<Self>] = &[Field::text("id", |line| {
        FieldValue::text(line.row.group_id.as_str())
    })];
    const ORDER: &'static [Sorting] = &[Sorting::up("name")];

    fn id(&self) -> String {
        self.row.group_id.to_string()
    }

    fn name(&self) -> &str {
        &self.row.name
    }

    fn json(&self) -> Value {
        plain(&self.row)
    }

    fn needs_attention(&self) -> bool {
        self.row.content_in_sync == Some(false)
    }

    fn in_words(&self) -> String {
        let points = plural(
            self.row.member_count.unwrap_or_default(),
            "distribution point",
        );
        let packages = plural(self.row.content_count.unwrap_or_default(), "package");
        let behind = self.row.out_of_sync_content_count.unwrap_or_default();
        let sync = match behind {
            0 => "all in sync".to_owned(),
            count => format!("{count} not in sync"),
        };
        format!("{points} with {packages}, {sync}.")
    }
}
