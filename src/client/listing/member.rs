//! Members of a collection: what a list of them shows. The site sorts and filters.

use serde_json::Value;

use super::ask::{AskAs, Askable, WindowLine};
use super::{
    Called, Column, Field, FieldValue, FilterWords, Kind, Line, Sorting, fixed, grow, plain,
};
use crate::distribution::impact::Kept;
use crate::sms::collection::MemberRow;
use crate::sms::ids::ResourceId;

/// A member of a collection.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberLine {
    pub row: MemberRow,
}

impl MemberLine {
    pub fn new(row: MemberRow) -> Self {
        Self { row }
    }

    pub fn resource_id(&self) -> ResourceId {
        self.row.resource_id
    }

    /// The filter words that keep the members a number of the impact panel counts.
    pub fn words_of(kept: Kept) -> FilterWords {
        FilterWords::read(match kept {
            Kept::All => "",
            Kept::WithClient => "client:yes",
            Kept::Active => "client:yes active:yes",
        })
    }
}

impl Line for MemberLine {
    const CALLED: Called = Kind::Members.called();
    const COLUMNS: &'static [Column<Self>] = &[
        Column::text("name", "Name", grow(16, 2), |line: &Self| {
            FieldValue::text(&line.row.name)
        }),
        Column::flag("client", "Client", fixed(6), |line: &Self| {
            FieldValue::Flag(line.row.is_client == Some(true))
        }),
        Column::flag("active", "Active", fixed(6), |line: &Self| {
            line.row
                .is_active
                .map_or(FieldValue::Absent, FieldValue::Flag)
        }),
        Column::flag("direct", "Direct", fixed(6), |line: &Self| {
            FieldValue::Flag(line.row.is_direct)
        })
        .leaves(3),
        Column::text("domain", "Domain", grow(12, 1), |line: &Self| {
            FieldValue::text(&line.row.domain)
        })
        .leaves(2),
        Column::text("version", "Client version", fixed(15), |line: &Self| {
            FieldValue::text(&line.row.client_version)
        })
        .leaves(1),
        Column::text("site", "Site", fixed(4), |line: &Self| {
            FieldValue::text(&line.row.site_code)
        })
        .wide(),
        Column::number("id", "ID", fixed(9), |line: &Self| {
            FieldValue::number(line.row.resource_id.0)
        })
        .wide(),
    ];
    const FIELDS: &'static [Field<Self>] = &[Field::flag("obsolete", |line| {
        FieldValue::Flag(line.row.is_obsolete == Some(true))
    })];
    const ORDER: &'static [Sorting] = &[Sorting::up("name")];

    fn id(&self) -> String {
        self.row.resource_id.to_string()
    }

    fn name(&self) -> &str {
        &self.row.name
    }

    fn json(&self) -> Value {
        plain(&self.row)
    }

    fn needs_attention(&self) -> bool {
        self.row.is_client != Some(true) || self.row.is_obsolete == Some(true)
    }

    fn in_words(&self) -> String {
        let how = if self.row.is_direct {
            "by a direct rule"
        } else {
            "by a query or another collection"
        };
        let client = match (self.row.is_client, self.row.is_active) {
            (Some(true), Some(false)) => "; its client is not active",
            (Some(true), _) => "",
            _ => "; it has no client",
        };
        format!("{} is a member {how}{client}.", self.row.name)
    }
}

impl WindowLine for MemberLine {
    type Row = MemberRow;
    const ASKABLE: &'static [Askable] = &[
        Askable::sorted("name", "Name", AskAs::Text),
        Askable::sorted("client", "IsClient", AskAs::Flag),
        Askable::sorted("active", "IsActive", AskAs::Flag),
        Askable::sorted("direct", "IsDirect", AskAs::Flag),
        Askable::sorted("obsolete", "IsObsolete", AskAs::Flag),
        Askable::sorted("domain", "Domain", AskAs::Text),
        Askable::sorted("version", "ClientVersion", AskAs::Text),
        Askable::sorted("site", "SiteCode", AskAs::Text),
        Askable::sorted("id", "ResourceID", AskAs::Number),
    ];

    fn row(&self) -> &MemberRow {
        &self.row
    }
}
