//! A kind of line for the tests of filter words and order.

use serde_json::{Value, json};

use super::{Called, Column, Field, FieldValue, Kind, Line, Sorting, fixed};

#[derive(Debug, Clone)]
pub struct Sample {
    pub name: &'static str,
    pub id: &'static str,
    pub members: Option<u32>,
    pub comment: &'static str,
}

impl Line for Sample {
    const CALLED: Called = Kind::Collections.called();
    const COLUMNS: &'static [Column<Self>] = &[
        Column::text("name", "Name", fixed(20), |line| {
            FieldValue::text(line.name)
        }),
        Column::number("members", "Members", fixed(7), |line| {
            FieldValue::count(line.members)
        }),
    ];
    const FIELDS: &'static [Field<Self>] = &[Field::text("comment", |line| {
        FieldValue::text(line.comment)
    })];
    const ORDER: &'static [Sorting] = &[Sorting::up("name")];

    fn id(&self) -> String {
        self.id.to_owned()
    }

    fn name(&self) -> &str {
        self.name
    }

    fn json(&self) -> Value {
        json!({ "Name": self.name })
    }

    fn in_words(&self) -> String {
        self.name.to_owned()
    }
}

pub fn samples() -> Vec<Sample> {
    let sample = |name, id, members, comment| Sample {
        name,
        id,
        members,
        comment,
    };
    vec![
        sample("Pilot PCs", "LAB00014", Some(37), "first to get it"),
        sample("Pilot laptops", "LAB00015", Some(12), "first to get it"),
        sample("Old laptops", "LAB00031", None, ""),
        sample("All Systems", "SMS00001", Some(1200), ""),
    ]
}
