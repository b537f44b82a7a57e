//! Assignments: a package on a distribution point, with the state of its content there.

use serde_json::Value;

use super::beside::Beside;
use super::clock::{At, Clock};
use super::field::size_in_words;
use super::say::Say;
use super::{Called, Column, Field, FieldValue, Kind, Line, Sorting, fixed, grow, plain};
use crate::sms::distribution_point::AssignmentRow;
use crate::sms::ids::AssignmentId;
use crate::sms::status::{ContentState, PointMessageRow, PointStatusRow};

/// One package on one distribution point.
#[derive(Debug, Clone, PartialEq)]
pub struct AssignmentLine {
    pub row: AssignmentRow,
    pub package: String,
    /// The version of the package the site knows.
    pub newest: Option<u32>,
    pub copy: CopyStatus,
    /// The last message about it, in words.
    pub message: Option<String>,
    pub copied: Option<At>,
}

/// What the summarizer says about the copy on the point.
#[derive(Debug, Clone, PartialEq)]
pub enum CopyStatus {
    /// It could not be asked.
    Unread,
    /// It has not said anything yet.
    Unsaid,
    Said(PointStatusRow),
}

impl CopyStatus {
    fn said(&self) -> Option<&PointStatusRow> {
        match self {
            Self::Said(row) => Some(row),
            Self::Unread | Self::Unsaid => None,
        }
    }
}

impl AssignmentLine {
    pub fn new(
        row: AssignmentRow,
        copy: CopyStatus,
        message: Option<&PointMessageRow>,
        beside: &Beside,
        clock: &Clock,
    ) -> Self {
        let packages = beside.packages.as_ref();
        Self {
            package: beside.package_name(&row.package_id),
            newest: packages
                .and_then(|packages| packages.get(&row.package_id))
                .and_then(|package| package.source_version),
            message: message.and_then(message_in_words),
            copied: clock.utc(copy.said().and_then(|status| status.last_copied)),
            copy,
            row,
        }
    }

    pub fn assignment_id(&self) -> AssignmentId {
        self.row.id()
    }

    fn content_state(&self) -> Option<ContentState> {
        self.copy.said().map(|status| status.state)
    }

    /// The version that lies on the point.
    pub fn version(&self) -> Option<u32> {
        self.copy.said().and_then(|status| status.source_version)
    }

    /// Whether the point holds an older version than the site knows.
    pub fn is_old(&self) -> bool {
        matches!((self.version(), self.newest), (Some(here), Some(newest)) if here < newest)
    }

    /// How the content stands, in a word.
    pub fn state(&self) -> String {
        if self.row.is_being_removed() {
            return "removing".to_owned();
        }
        match &self.copy {
            CopyStatus::Unread => "?".to_owned(),
            CopyStatus::Unsaid => "waiting".to_owned(),
            CopyStatus::Said(row) if row.state.is_usable() && self.is_old() => "old".to_owned(),
            CopyStatus::Said(row) => row.state.to_string(),
        }
    }
}

/// The words of the last message, where it carries any. Figures of a copy under way follow its sentence:
/// `copying to dp02.lab.example: 1.2 MB of 4.0 MB, 3 of 12 files`.
fn message_in_words(row: &PointMessageRow) -> Option<String> {
    if let Some(figures) = row.figures() {
        let sentence = match row.words()[4] {
            "" => "copying",
            sentence => sentence,
        };
        return Some(format!(
            "{sentence}: {} of {}, {} of {} files",
            size_in_words(figures.done_bytes),
            size_in_words(figures.total_bytes),
            figures.done_files,
            figures.total_files
        ));
    }
    let words: Vec<&str> = row
        .words()
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect();
    (!words.is_empty()).then(|| words.join(" · "))
}

impl Line for AssignmentLine {
    const CALLED: Called = Kind::Assignments.called();
    const COLUMNS: &'static [Column<Self>] = &[
        Column::text("package", "Package", grow(16, 2), |line: &Self| {
            FieldValue::text(&line.package)
        }),
        Column::text("server", "Server", grow(14, 1), |line: &Self| {
            FieldValue::text(line.row.server_nal_path.server())
        }),
        Column::text("state", "State", fixed(12), |line: &Self| {
            FieldValue::made(line.state())
        }),
        Column::number("version", "Version", fixed(7), |line: &Self| {
            line.version()
                .map_or(FieldValue::Absent, FieldValue::number)
        })
        .shown(|line| match (line.version(), line.newest) {
            (Some(here), Some(newest)) => format!("{here} of {newest}").into(),
            (Some(here), None) => here.to_string().into(),
            (None, _) => "".into(),
        }),
        Column::time("copied", "Last copied", fixed(16), |line: &Self| {
            FieldValue::time(line.copied)
        })
        .leaves(1),
        Column::text("message", "Message", grow(14, 2), |line: &Self| {
            FieldValue::maybe(line.message.as_deref())
        })
        .leaves(2),
    ];
    const FIELDS: &'static [Field<Self>] = &[
        Field::text("id", |line| FieldValue::text(line.row.package_id.as_str())),
        Field::text("site", |line| FieldValue::text(line.row.site_code.as_str())),
        Field::flag("old", |line| FieldValue::Flag(line.is_old())),
    ];
    const ORDER: &'static [Sorting] = &[Sorting::up("package"), Sorting::up("server")];

    fn id(&self) -> String {
        format!(
            "{}/{}",
            self.row.package_id,
            self.row.server_nal_path.server()
        )
    }

    fn name(&self) -> &str {
        &self.package
    }

    fn json(&self) -> Value {
        plain(&self.row)
    }

    fn needs_attention(&self) -> bool {
        self.content_state().is_some_and(ContentState::is_failed) || self.is_old()
    }

    fn is_passing(&self) -> bool {
        let is_passing = match &self.copy {
            // Nobody can tell, and asking again and again would not help.
            CopyStatus::Unread => false,
            CopyStatus::Unsaid => true,
            CopyStatus::Said(row) => row.state.is_passing(),
        };
        self.row.is_being_removed() || is_passing
    }

    fn in_words(&self) -> String {
        let mut words = format!(
            "{} on {}: {}",
            self.package,
            self.row.server_nal_path.server(),
            self.state()
        );
        match (self.version(), self.newest) {
            (Some(here), Some(newest)) if here < newest => {
                words.say(format_args!(", version {here} while the site has {newest}"));
            }
            (Some(here), _) => words.say(format_args!(", version {here}")),
            (None, _) => {}
        }
        if let Some(message) = &self.message {
            words.say(format_args!(" ({message})"));
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
    use crate::client::listing::beside::by;
    use crate::sms::package::PackageRow;

    /// Version 2 of a package on a point that holds what is given.
    fn line(status: Option<Value>) -> AssignmentLine {
        let nal = r#"["Display=\\dp01\"]MSWNET:["SMS_SITE=LAB"]\\dp01\"#;
        let key = json!({ "PackageID": "LAB0000C", "ServerNALPath": nal, "SiteCode": "LAB" });
        let status = status.map(|mut status| {
            if let (Value::Object(status), Value::Object(key)) = (&mut status, key.clone()) {
                status.extend(key);
            }
            serde_json::from_value(status).unwrap()
        });
        let copy = status.map_or(CopyStatus::Unsaid, CopyStatus::Said);
        let package = json!({ "PackageID": "LAB0000C", "Name": "7-Zip", "SourceVersion": 2 });
        let beside = Beside {
            packages: Some(by(
                vec![serde_json::from_value(package).unwrap()],
                |row: &PackageRow| row.package_id.clone(),
            )),
            ..Beside::default()
        };
        let clock = Clock::in_zone("2026-11-28T14:02:00Z".parse().unwrap(), TimeZone::UTC);
        AssignmentLine::new(
            serde_json::from_value(key).unwrap(),
            copy,
            None,
            &beside,
            &clock,
        )
    }

    #[test]
    fn an_older_version_is_old_although_it_is_installed() {
        let line = line(Some(json!({ "State": 0, "SourceVersion": 1 })));
        assert_eq!(line.state(), "old");
        assert_eq!(line.cell(3), "1 of 2");
        assert!(line.needs_attention());
        assert_eq!(
            line.in_words(),
            "7-Zip on dp01: old, version 1 while the site has 2."
        );
    }

    #[test]
    fn an_assignment_nobody_spoke_of_yet_waits() {
        let line = line(None);
        assert_eq!(line.state(), "waiting");
        assert!(line.is_passing());
        assert_eq!(line.id(), "LAB0000C/dp01");
    }

    #[test]
    fn a_failed_copy_does_not_pass_by_itself() {
        let line = line(Some(json!({ "State": 3, "SourceVersion": 0 })));
        assert_eq!(line.state(), "failed");
        assert!(line.needs_attention() && !line.is_passing());
    }

    #[test]
    fn a_copy_under_way_is_told_in_words_and_not_in_bare_figures() {
        let told = |words: [&str; 5]| {
            let mut row = json!({ "ID": 1, "PackageID": "LAB0000C" });
            for (number, word) in (1..).zip(words) {
                row[format!("InsString{number}")] = word.into();
            }
            message_in_words(&serde_json::from_value(row).unwrap())
        };
        let words = "copying to dp02.lab.example: 1.2 MB of 4.0 MB, 3 of 12 files";
        let sentence = "copying to dp02.lab.example";
        let copying = ["1258291", "4194304", "3", "12", sentence];
        assert_eq!(told(copying).as_deref(), Some(words));
        let failed = told(["the disk is full", "", "", "", ""]);
        assert_eq!(failed.as_deref(), Some("the disk is full"));
        let of_a_real_site = told(["LAB0000C", "dp02", "", "", ""]);
        assert_eq!(of_a_real_site.as_deref(), Some("LAB0000C · dp02"));
        assert_eq!(told([""; 5]), None);
    }
}
