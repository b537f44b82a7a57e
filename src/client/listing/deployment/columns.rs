//! The columns and filter words of deployments. What only an advertisement has is empty for the others.

use std::borrow::Cow;

use serde_json::Value;

use super::{Counts, Deployed, DeploymentLine, State};
use crate::client::listing::clock::iso;
use crate::client::listing::{
    Called, Column, Field, FieldValue, Kind, Line, Share, Sorting, fixed, grow, plain,
};
use crate::sms::advertisement_flags::RemoteClientFlags;
use crate::sms::choices::{FarPoint, NearPoint, Rerun};
use crate::sms::status::FeatureType;
use crate::sms::time::Moment;

impl DeploymentLine {
    /// The id people know it by: the advertisement's, else the deployment's.
    fn key(&self) -> &str {
        match &self.what {
            Deployed::Advertisement(row) => row.advertisement_id.as_str(),
            Deployed::Other(row) => row.deployment_id.as_str(),
        }
    }

    /// The name, and before it what it is where it is no advertisement: a column cut short still shows that.
    fn marked_name(&self) -> Cow<'_, str> {
        let mark = match &self.what {
            Deployed::Advertisement(_) => return Cow::Borrowed(self.name()),
            Deployed::Other(row) => match row.feature_type {
                FeatureType::TaskSequence => "ts",
                _ => "app",
            },
        };
        Cow::Owned(format!("[{mark}] {}", self.name()))
    }

    /// The program an advertisement runs, else what is deployed.
    fn program(&self) -> FieldValue<'_> {
        FieldValue::text(match &self.what {
            Deployed::Advertisement(row) => &row.program_name,
            Deployed::Other(_) => self.type_words(),
        })
    }

    /// A setting of an advertisement.
    fn choice<T>(
        &self,
        of: fn(RemoteClientFlags) -> Option<T>,
        words: fn(T) -> &'static str,
    ) -> FieldValue<'_> {
        let row = self.advertisement();
        let choice = row.and_then(|row| of(row.remote_client_flags));
        FieldValue::text(choice.map_or("", words))
    }
}

impl Line for DeploymentLine {
    const CALLED: Called = Kind::Advertisements.called();
    const COLUMNS: &'static [Column<Self>] = &[
        Column::text("name", "Name", grow(20, 3), |line: &Self| {
            FieldValue::text(line.name())
        })
        .shown(DeploymentLine::marked_name),
        Column::text("program", "Program", fixed(12), |line: &Self| {
            line.program()
        })
        .leaves(9),
        Column::text("collection", "Collection", grow(12, 1), |line: &Self| {
            FieldValue::text(&line.collection)
        })
        .leaves(1),
        Column::text("purpose", "Purpose", fixed(9), |line: &Self| {
            FieldValue::text(line.purpose_words())
        })
        .leaves(2),
        Column::text("runs", "Runs", fixed(12), |line: &Self| {
            FieldValue::text(&line.runs)
        }),
        Column::text("devices", "Devices", fixed(13), |line: &Self| {
            FieldValue::text(&line.outlook)
        })
        .right(),
        Column::text("state", "State", fixed(12), |line: &Self| {
            FieldValue::text(line.state.words())
        })
        .leaves(8),
        Column::text("id", "ID", fixed(8), |line: &Self| {
            FieldValue::text(line.key())
        })
        .wide(),
        Column::time("available", "Available", fixed(16), |line: &Self| {
            FieldValue::time(line.available_at)
        })
        .wide()
        .leaves(5),
        Column::time("expires", "Expires", fixed(16), |line: &Self| {
            FieldValue::time(line.expires_at)
        })
        .wide()
        .leaves(6),
        Column::text("rerun", "Re-run", fixed(12), |line: &Self| {
            line.choice(Rerun::from_flags, Rerun::as_str)
        })
        .wide()
        .leaves(10),
        Column::text("mw", "Windows", fixed(9), |line: &Self| {
            FieldValue::text(match line.advertisement() {
                None => "",
                Some(_) if line.ignores_windows() => "ignored",
                Some(_) => "respected",
            })
        })
        .wide()
        .leaves(11),
        Column::text("near", "Near", fixed(8), |line: &Self| {
            line.choice(NearPoint::from_flags, NearPoint::as_str)
        })
        .wide()
        .leaves(12),
        Column::text("far", "Far", fixed(10), |line: &Self| {
            line.choice(FarPoint::from_flags, FarPoint::as_str)
        })
        .wide()
        .leaves(13),
        Column::time("summarised", "Summarised", fixed(16), |line: &Self| {
            FieldValue::time(line.summarised)
        })
        .wide()
        .leaves(14),
        Column::text("comment", "Comment", grow(10, 1), |line: &Self| {
            FieldValue::text(line.advertisement().map_or("", |row| &row.comment))
        })
        .wide()
        .leaves(15),
    ];
    const FIELDS: &'static [Field<Self>] = &[
        Field::text("package", |line| FieldValue::text(&line.package)),
        Field::text("type", |line| FieldValue::text(line.type_words())),
        Field::time("deadline", |line| FieldValue::time(line.deadline_at)),
        Field::text("content", |line| FieldValue::text(line.content.word())),
        Field::number("members", |line| FieldValue::count(line.members)),
        Field::number("success", |line| {
            counted(line.counts, |counts| counts.percent().unwrap_or_default())
        }),
        Field::number("errors", |line| {
            counted(line.counts, |counts| counts.errors)
        }),
        Field::number("running", |line| {
            counted(line.counts, |counts| counts.in_progress)
        }),
        Field::number("unfit", |line| counted(line.counts, |counts| counts.unfit)),
        Field::number("unheard", |line| {
            counted(line.counts, |counts| counts.unknown)
        }),
    ];
    const ORDER: &'static [Sorting] = &[Sorting::down("available"), Sorting::up("name")];

    fn id(&self) -> String {
        self.key().to_owned()
    }

    fn name(&self) -> &str {
        match &self.what {
            Deployed::Advertisement(row) => &row.advertisement_name,
            Deployed::Other(row) => &row.software_name,
        }
    }

    fn json(&self) -> Value {
        let (mut row, times) = match &self.what {
            Deployed::Advertisement(row) => (
                plain(row),
                [
                    ("PresentTime", self.available),
                    ("ExpirationTime", self.expires),
                ],
            ),
            Deployed::Other(row) => (
                plain(row),
                [
                    ("DeploymentTime", self.available),
                    ("EnforcementDeadline", self.deadline),
                ],
            ),
        };
        for (property, moment) in times {
            tell(&mut row, property, moment);
        }
        row
    }

    fn needs_attention(&self) -> bool {
        self.state.needs_attention()
    }

    fn is_passing(&self) -> bool {
        self.content.is_passing()
    }

    /// Without the mark of what it is, which is there for whoever looks.
    fn written(&self, column: usize) -> Cow<'_, str> {
        match column {
            0 => Cow::Borrowed(self.name()),
            _ => self.cell(column),
        }
    }

    fn in_words(&self) -> String {
        self.words.clone()
    }

    fn done(&self) -> Option<Share> {
        let counts = self.counts.filter(|counts| counts.targeted > 0)?;
        (self.state != State::NoContent).then_some(Share {
            part: counts.success,
            whole: counts.targeted,
        })
    }
}

/// On the wire all digits look like UTC; a program that reads a row is told those of a device's clock as what they are.
fn tell(row: &mut Value, property: &str, moment: Option<Moment>) {
    if let (Some(told), Some(moment)) = (row.get_mut(property), moment) {
        *told = iso(moment).into();
    }
}

/// A figure of the site's summary.
fn counted(counts: Option<Counts>, figure: fn(Counts) -> u32) -> FieldValue<'static> {
    FieldValue::count(counts.map(figure))
}
