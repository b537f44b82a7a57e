//! Packages: what a list of them shows (wizard.md 15.1).

use std::borrow::Cow;

use serde_json::Value;

use super::beside::{Beside, full_name};
use super::clock::{At, Clock};
use super::content::Content;
use super::field::size_in_words;
use super::say::Say;
use super::{Called, Column, Field, FieldValue, Kind, Line, Sorting, fixed, grow, plain, plural};
use crate::sms::ids::PackageId;
use crate::sms::package::PackageRow;

/// A package with its programs, content and advertisements counted.
#[derive(Debug, Clone, PartialEq)]
pub struct PackageLine {
    pub row: PackageRow,
    pub full_name: String,
    pub content: Content,
    pub advertisements: Option<u32>,
    /// Bytes of one copy.
    pub size: Option<u64>,
    /// When the files were last read from the source.
    pub updated: Option<At>,
}

impl PackageLine {
    /// Joins a row with its counts.
    pub fn new(row: PackageRow, beside: &Beside, clock: &Clock) -> Self {
        let counts = beside.content(&row.package_id);
        let content = Content::of(
            row.needs_distribution_points(),
            beside.contents.is_some(),
            counts,
        );
        let offers = beside.offers.as_ref();
        Self {
            full_name: full_name(&row),
            content,
            advertisements: offers.map(|offers| offers.of_package(&row.package_id)),
            size: counts
                .and_then(|counts| counts.source_size)
                .map(|kilobytes| u64::from(kilobytes) * 1024),
            updated: clock.utc(row.source_date),
            row,
        }
    }

    pub fn package_id(&self) -> &PackageId {
        &self.row.package_id
    }

    /// `software distribution`, `boot image`.
    fn type_words(&self) -> &'static str {
        self.row.package_type.words().unwrap_or("unknown")
    }

    /// The name, and before it what it is where this console does not change it: a column cut short still shows that.
    fn marked_name(&self) -> Cow<'_, str> {
        if self.row.is_locked() {
            Cow::Owned(format!("[{}] {}", self.type_words(), self.row.name))
        } else {
            Cow::Borrowed(&self.row.name)
        }
    }

    /// Whether its programs can be advertised from here.
    pub fn is_offered(&self) -> bool {
        !self.row.is_locked() && !self.row.is_being_deleted()
    }

    /// Why nothing is done with it here.
    pub fn lock(&self) -> Option<String> {
        self.row.is_locked().then(|| {
            format!(
                "its package type is {}: it is shown, and not changed from here",
                self.row.package_type
            )
        })
    }
}

impl Line for PackageLine {
    const CALLED: Called = Kind::Packages.called();
    const COLUMNS: &'static [Column<Self>] = &[
        Column::text("name", "Name", grow(16, 3), |line: &Self| {
            FieldValue::text(&line.row.name)
        })
        .shown(PackageLine::marked_name),
        Column::text("version", "Version", fixed(12), |line: &Self| {
            FieldValue::text(&line.row.version)
        })
        .leaves(2),
        Column::text("id", "ID", fixed(8), |line: &Self| {
            FieldValue::text(line.row.package_id.as_str())
        }),
        Column::number("programs", "Prg", fixed(4), |line: &Self| {
            FieldValue::count(line.row.num_of_programs)
        })
        .leaves(3),
        Column::text("content", "Content", fixed(8), |line: &Self| {
            FieldValue::text(line.content.word())
        })
        .shown(|line| line.content.short())
        .right(),
        Column::number("adv", "Adv.", fixed(4), |line: &Self| {
            FieldValue::count(line.advertisements)
        })
        .leaves(1),
        Column::text("type", "Type", fixed(13), |line: &Self| {
            FieldValue::text(line.type_words())
        })
        .wide()
        .leaves(8),
        Column::text("maker", "Maker", grow(10, 1), |line: &Self| {
            FieldValue::text(&line.row.manufacturer)
        })
        .wide(),
        Column::text("language", "Lang", fixed(6), |line: &Self| {
            FieldValue::text(&line.row.language)
        })
        .wide()
        .leaves(7),
        Column::size("size", "Size", fixed(8), |line: &Self| {
            line.size.map_or(FieldValue::Absent, FieldValue::Size)
        })
        .wide(),
        Column::number("srcver", "SrcVer", fixed(6), |line: &Self| {
            line.row
                .source_version
                .map_or(FieldValue::Absent, FieldValue::number)
        })
        .wide()
        .leaves(6),
        Column::time("updated", "Updated", fixed(16), |line: &Self| {
            FieldValue::time(line.updated)
        })
        .wide()
        .leaves(5),
        Column::text("source", "Source path", grow(16, 2), |line: &Self| {
            FieldValue::text(&line.row.pkg_source_path)
        })
        .wide()
        .leaves(4),
    ];
    const FIELDS: &'static [Field<Self>] = &[
        Field::flag("unused", |line| match line.advertisements {
            Some(count) => FieldValue::Flag(count == 0),
            None => FieldValue::Unknown,
        }),
        Field::text("description", |line| {
            FieldValue::text(&line.row.description)
        }),
    ];
    const ORDER: &'static [Sorting] = &[Sorting::up("name"), Sorting::up("version")];

    fn id(&self) -> String {
        self.row.package_id.to_string()
    }

    fn name(&self) -> &str {
        &self.full_name
    }

    fn json(&self) -> Value {
        plain(&self.row)
    }

    fn needs_attention(&self) -> bool {
        self.content.is_failed()
            || self.content.is_nowhere() && self.advertisements.is_some_and(|count| count > 0)
    }

    fn is_passing(&self) -> bool {
        self.content.is_passing() || self.row.is_being_deleted()
    }

    /// Without the mark of its type, which is there for whoever looks.
    fn written(&self, column: usize) -> Cow<'_, str> {
        match column {
            0 => Cow::Borrowed(&self.row.name),
            _ => self.cell(column),
        }
    }

    fn in_words(&self) -> String {
        let mut words = self.full_name.clone();
        if !self.row.manufacturer.is_empty() {
            words.say(format_args!(" by {}", self.row.manufacturer));
        }
        if self.row.is_being_deleted() {
            return format!("{words}: is being deleted.");
        }
        if let Some(lock) = self.lock() {
            return format!("{words}: {lock}.");
        }
        if let Some(count) = self.row.num_of_programs {
            words.say(format_args!(", {}", plural(count, "program")));
        }
        if let Some(size) = self.size {
            words.say(format_args!(", {}", size_in_words(size)));
        }
        words.say(format_args!(": {}", self.content.in_words()));
        match self.advertisements {
            None => {}
            Some(0) => words.say("; not advertised"),
            Some(count) => words.say(format_args!("; {}", plural(count, "advertisement"))),
        }
        words.say('.');
        words
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use serde_json::json;

    use super::*;
    use crate::client::listing::beside::{Offers, by};

    fn line(beside: &Beside) -> PackageLine {
        let row = json!({
            "PackageID": "LAB0000C", "Name": "7-Zip", "Version": "24.08", "Manufacturer": "Igor Pavlov",
            "PkgSourceFlag": 2, "NumOfPrograms": 2, "SourceVersion": 2,
        });
        let clock = Clock::in_zone("2026-11-28T14:02:00Z".parse().unwrap(), TimeZone::UTC);
        PackageLine::new(serde_json::from_value(row).unwrap(), beside, &clock)
    }

    fn cells(line: &PackageLine) -> Vec<String> {
        let columns = PackageLine::COLUMNS
            .iter()
            .filter(|column| !column.wide_only);
        columns
            .map(|column| column.cell(line).into_owned())
            .collect()
    }

    #[test]
    fn counts_stand_beside_the_row() {
        let content = json!({ "ObjectID": "LAB0000C", "Targeted": 5, "NumberSuccess": 3,
                              "NumberErrors": 1, "SourceSize": 1638 });
        let advertisement = json!({ "AdvertisementID": "LAB20001", "PackageID": "LAB0000C",
                                    "ProgramName": "Install", "CollectionID": "LAB00014" });
        let beside = Beside {
            contents: Some(by(
                vec![serde_json::from_value(content).unwrap()],
                |row: &crate::sms::status::ContentRow| PackageId::new(&row.object_id),
            )),
            offers: Some(Offers::count(&[
                serde_json::from_value(advertisement).unwrap()
            ])),
            ..Beside::default()
        };
        let line = line(&beside);
        assert_eq!(
            cells(&line),
            ["7-Zip", "24.08", "LAB0000C", "2", "3/5!", "1"]
        );
        assert_eq!(
            line.in_words(),
            "7-Zip 24.08 by Igor Pavlov, 2 programs, 1.6 MB: files on 3 of 5 points, 1 failed; 1 advertisement."
        );
        assert!(line.needs_attention());
        assert_eq!(line.field("unused"), Some(FieldValue::Flag(false)));
        assert_eq!(line.json()["PkgSourceFlag"], 2);
    }

    #[test]
    fn counts_that_could_not_be_read_are_question_marks() {
        let line = line(&Beside::default());
        assert_eq!(cells(&line), ["7-Zip", "24.08", "LAB0000C", "2", "?", "?"]);
        assert!(!line.needs_attention());
    }
}
