//! The last word of each device about one advertisement. The site sorts and filters.

use serde_json::Value;

use super::ask::{AskAs, Askable, WindowLine};
use super::clock::{At, Clock};
use super::say::Say;
use super::{Called, Column, Field, FieldValue, Kind, Line, Sorting, fixed, grow, plain};
use crate::sms::ids::ResourceId;
use crate::sms::status::{ClientStatusRow, Outcome};
use crate::sms::time::WireTime;

/// What one device last said about one advertisement.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusLine {
    pub row: ClientStatusRow,
    /// The device's name: the class does not have it. Its number where the device could not be read.
    pub device: String,
    since: Option<At>,
}

impl StatusLine {
    pub fn new(row: ClientStatusRow, device: Option<String>, clock: &Clock) -> Self {
        Self {
            device: device.unwrap_or_else(|| row.resource_id.to_string()),
            since: clock.utc(last_time(&row)),
            row,
        }
    }

    pub fn resource_id(&self) -> ResourceId {
        self.row.resource_id
    }

    /// The site's own name for the state, else ours.
    fn state(&self) -> &str {
        let row = &self.row;
        if row.outcome() == Outcome::Failed && row.last_state.is_none() {
            return nonempty(&row.last_acceptance_state_name).unwrap_or("refused");
        }
        nonempty(&row.last_state_name)
            .or_else(|| nonempty(&row.last_acceptance_state_name))
            .unwrap_or_else(|| row.outcome().words())
    }

    fn message(&self) -> &str {
        nonempty(&self.row.last_status_message_id_name)
            .unwrap_or(&self.row.last_acceptance_message_id_name)
    }
}

fn nonempty(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// What came last, of the two stages an advertisement goes through on a device.
fn last_time(row: &ClientStatusRow) -> Option<WireTime> {
    row.last_status_time.or(row.last_acceptance_status_time)
}

impl Line for StatusLine {
    const CALLED: Called = Kind::Statuses.called();
    const COLUMNS: &'static [Column<Self>] = &[
        Column::text("device", "Device", grow(14, 1), |line: &Self| {
            FieldValue::text(&line.device)
        }),
        Column::text("outcome", "Stands", fixed(9), |line: &Self| {
            FieldValue::text(line.row.outcome().words())
        }),
        Column::text("state", "State", grow(14, 1), |line: &Self| {
            FieldValue::text(line.state())
        })
        .leaves(2),
        Column::time("since", "Since", fixed(16), |line: &Self| {
            FieldValue::time(line.since)
        })
        .leaves(3),
        Column::text("result", "Result", fixed(10), |line: &Self| {
            FieldValue::text(&line.row.last_execution_result)
        }),
        Column::text("message", "Message", grow(16, 2), |line: &Self| {
            FieldValue::text(line.message())
        })
        .leaves(1),
        Column::text("account", "Ran as", fixed(16), |line: &Self| {
            FieldValue::text(&line.row.last_execution_context)
        })
        .wide(),
    ];
    const FIELDS: &'static [Field<Self>] = &[Field::number("id", |line| {
        FieldValue::number(line.row.resource_id.0)
    })];
    const ORDER: &'static [Sorting] = &[Sorting::down("since")];

    fn id(&self) -> String {
        self.row.resource_id.to_string()
    }

    fn name(&self) -> &str {
        &self.device
    }

    fn json(&self) -> Value {
        plain(&self.row)
    }

    fn needs_attention(&self) -> bool {
        self.row.outcome() == Outcome::Failed
    }

    fn in_words(&self) -> String {
        let mut words = format!("{}: {}", self.device, self.state());
        if let Some(message) = nonempty(self.message()) {
            words.say(format_args!(", {message}"));
        }
        if let Some(result) = nonempty(&self.row.last_execution_result) {
            words.say(format_args!(" ({result})"));
        }
        words.say('.');
        words
    }
}

impl WindowLine for StatusLine {
    type Row = ClientStatusRow;
    const ASKABLE: &'static [Askable] = &[
        Askable::sorted("state", "LastStateName", AskAs::Text),
        Askable::filtered("outcome", "LastState", AskAs::Outcome),
        Askable::sorted("since", "LastStatusTime", AskAs::Utc),
        Askable::sorted("result", "LastExecutionResult", AskAs::Text),
        Askable::sorted("message", "LastStatusMessageIDName", AskAs::Text),
        Askable::sorted("account", "LastExecutionContext", AskAs::Text),
        Askable::sorted("id", "ResourceID", AskAs::Number),
    ];

    fn row(&self) -> &ClientStatusRow {
        &self.row
    }
}
