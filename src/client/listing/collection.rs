//! Collections: what a list of them shows (wizard.md 15.3).
//!
//! Rules and the kind of refresh are lazy: they are in the details, never in a list.

use jiff::SignedDuration;
use serde_json::Value;
use std::borrow::Cow;

use super::beside::Beside;
use super::clock::{At, Clock};
use super::say::Say;
use super::{Called, Column, Field, FieldValue, Kind, Line, Sorting, fixed, grow, plain, plural};
use crate::sms::collection::{CollectionRow, CollectionType};
use crate::sms::ids::CollectionId;

/// A collection with its advertisements counted.
#[derive(Debug, Clone, PartialEq)]
pub struct CollectionLine {
    pub row: CollectionRow,
    pub advertisements: Option<u32>,
    /// When its members were last worked out.
    pub evaluated: Option<At>,
    evaluated_words: String,
    stale: Option<SignedDuration>,
}

impl CollectionLine {
    pub fn new(row: CollectionRow, beside: &Beside, clock: &Clock) -> Self {
        let evaluated = clock.utc(row.last_refresh_time);
        let offers = beside.offers.as_ref();
        Self {
            advertisements: offers.map(|offers| offers.of_collection(&row.collection_id)),
            evaluated,
            evaluated_words: evaluated
                .map_or_else(|| "never".to_owned(), |at| clock.past(at.digits)),
            stale: clock.since(row.last_refresh_time),
            row,
        }
    }

    pub fn collection_id(&self) -> &CollectionId {
        &self.row.collection_id
    }

    /// Members as the site last counted them.
    pub fn members(&self) -> u32 {
        u32::try_from(self.row.member_count).unwrap_or_default()
    }

    fn is_stale(&self) -> bool {
        self.stale
            .is_some_and(|age| age > SignedDuration::from_hours(24))
    }
}

/// What the members are, in a sentence.
pub(crate) fn members_in_words(count: u32, kind: CollectionType) -> String {
    match kind {
        CollectionType::Device => plural(count, "device"),
        CollectionType::User => plural(count, "user"),
        _ => plural(count, "member"),
    }
}

impl Line for CollectionLine {
    const CALLED: Called = Kind::Collections.called();
    const COLUMNS: &'static [Column<Self>] = &[
        Column::text("name", "Name", grow(18, 2), |line: &Self| {
            FieldValue::text(&line.row.name)
        }),
        Column::number("members", "Members", fixed(9), |line: &Self| {
            FieldValue::number(line.members())
        }),
        Column::text("type", "Type", fixed(7), |line: &Self| {
            FieldValue::text(line.row.collection_type.words().unwrap_or("other"))
        })
        .leaves(3),
        Column::text("limit", "Limited to", grow(12, 1), |line: &Self| {
            FieldValue::text(&line.row.limit_to_collection_name)
        })
        .leaves(1),
        Column::time("evaluated", "Evaluated", fixed(11), |line: &Self| {
            FieldValue::time(line.evaluated)
        })
        .shown(|line| {
            if line.row.is_busy() {
                Cow::Owned(line.row.current_status.to_string())
            } else {
                Cow::Borrowed(&line.evaluated_words)
            }
        })
        .leaves(2),
        Column::text("id", "ID", fixed(8), |line: &Self| {
            FieldValue::text(line.row.collection_id.as_str())
        })
        .wide(),
        Column::text("status", "Status", fixed(16), |line: &Self| {
            FieldValue::made(line.row.current_status.to_string())
        })
        .wide()
        .leaves(6),
        Column::number("windows", "Windows", fixed(7), |line: &Self| {
            FieldValue::number(line.row.service_windows_count)
        })
        .wide()
        .leaves(5),
        Column::number("adv", "Adv.", fixed(4), |line: &Self| {
            FieldValue::count(line.advertisements)
        })
        .wide()
        .leaves(4),
        Column::text("comment", "Comment", grow(12, 1), |line: &Self| {
            FieldValue::text(&line.row.comment)
        })
        .wide()
        .leaves(7),
    ];
    const FIELDS: &'static [Field<Self>] = &[
        Field::flag("builtin", |line| FieldValue::Flag(line.row.is_built_in)),
        Field::flag("empty", |line| FieldValue::Flag(line.members() == 0)),
        Field::span("stale", |line| {
            line.stale.map_or(FieldValue::Absent, FieldValue::Span)
        }),
        Field::flag("mw", |line| {
            FieldValue::Flag(line.row.service_windows_count > 0)
        }),
    ];
    const ORDER: &'static [Sorting] = &[Sorting::up("name")];

    fn id(&self) -> String {
        self.row.collection_id.to_string()
    }

    fn name(&self) -> &str {
        &self.row.name
    }

    fn json(&self) -> Value {
        plain(&self.row)
    }

    fn needs_attention(&self) -> bool {
        let is_used = self.advertisements.is_some_and(|count| count > 0);
        is_used && (self.members() == 0 || self.is_stale())
    }

    fn is_passing(&self) -> bool {
        self.row.is_busy()
    }

    fn in_words(&self) -> String {
        let row = &self.row;
        let mut words = members_in_words(self.members(), row.collection_type);
        if row.is_busy() {
            words.say(format_args!(", {} now", row.current_status));
        } else {
            words.say(match self.evaluated {
                Some(_) => format!(", evaluated {}", self.evaluated_words),
                None => ", never evaluated".to_owned(),
            });
        }
        if !row.limit_to_collection_name.is_empty() {
            words.say(format_args!(
                "; limited to {}",
                row.limit_to_collection_name
            ));
        }
        words.say(match row.service_windows_count {
            0 => "; no maintenance window".to_owned(),
            count => format!("; {}", plural(count.unsigned_abs(), "maintenance window")),
        });
        if let Some(count) = self.advertisements {
            words.say(format_args!("; {}", plural(count, "advertisement")));
        }
        words.say('.');
        if row.is_built_in {
            words.say(" Built in: it cannot be changed.");
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use serde_json::{Value, json};

    use super::*;

    fn line(other: Value) -> CollectionLine {
        let mut row = json!({
            "CollectionID": "LAB00014", "Name": "Pilot PCs", "CollectionType": 2, "MemberCount": 37,
            "LimitToCollectionName": "All Desktops", "CurrentStatus": 1, "ServiceWindowsCount": 1,
            "LastRefreshTime": "2026-11-28T13:50:00Z",
        });
        if let (Value::Object(row), Value::Object(other)) = (&mut row, other) {
            row.extend(other);
        }
        let clock = Clock::in_zone("2026-11-28T14:02:00Z".parse().unwrap(), TimeZone::UTC);
        CollectionLine::new(
            serde_json::from_value(row).unwrap(),
            &Beside::default(),
            &clock,
        )
    }

    #[test]
    fn a_collection_says_whom_it_holds_and_how_sure_that_is() {
        assert_eq!(
            line(json!({})).in_words(),
            "37 devices, evaluated 13:50; limited to All Desktops; 1 maintenance window."
        );
        let never = line(json!({ "LastRefreshTime": null, "ServiceWindowsCount": 0 }));
        assert_eq!(
            never.in_words(),
            "37 devices, never evaluated; limited to All Desktops; no maintenance window."
        );
    }

    #[test]
    fn a_collection_being_worked_out_shows_that_instead_of_a_time() {
        let line = line(json!({ "CurrentStatus": 5 }));
        assert_eq!(line.cell(4), "awaiting refresh");
        assert!(line.is_passing());
    }

    #[test]
    fn age_can_be_filtered_on() {
        let line = line(json!({}));
        assert_eq!(
            line.field("stale"),
            Some(FieldValue::Span(SignedDuration::from_mins(12)))
        );
    }
}
