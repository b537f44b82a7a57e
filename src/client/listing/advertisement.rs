//! Advertisements: what a list of them shows, and the state derived from what the site knows (wizard.md 15.5).

mod state;

use jiff::civil::DateTime;
use serde_json::Value;

use super::beside::Beside;
use super::clock::Clock;
use super::collection::members_in_words;
use super::content::Content;
use super::say::Say;
use super::{Column, Field, FieldValue, Kind, Line, Share, Sorting, fixed, grow, plain};
use crate::sms::advertisement::{Advertisement, AdvertisementRow, Purpose};
use crate::sms::advertisement_flags::{AdvertFlags, TimeFlags};
use crate::sms::choices::{FarPoint, NearPoint, Rerun};
use crate::sms::collection::CollectionType;
use crate::sms::ids::AdvertisementId;
use crate::sms::package::PackageRow;
use crate::sms::status::DeploymentSummaryRow;
use crate::sms::time::{Moment, WireTime};

pub use state::State;

/// An advertisement with the names, counts and states around it.
#[derive(Debug, Clone, PartialEq)]
pub struct AdvertisementLine {
    pub row: AdvertisementRow,
    pub package: String,
    pub collection: String,
    /// Members of the collection; `None` when it could not be read.
    pub members: Option<u32>,
    pub member_type: CollectionType,
    pub purpose: Purpose,
    pub state: State,
    /// What the site last counted.
    pub counts: Option<Counts>,
    pub content: Content,
    pub available: Option<Moment>,
    /// When it runs by itself, where that is a time. Lists know it only from the site's summary.
    pub deadline: Option<Moment>,
    pub expires: Option<Moment>,
    available_digits: Option<DateTime>,
    deadline_digits: Option<DateTime>,
    expires_digits: Option<DateTime>,
    summarised: Option<DateTime>,
    runs: String,
    outlook: String,
    words: String,
}

/// Devices by how they stand, as the site's summary counts them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub targeted: u32,
    pub success: u32,
    pub in_progress: u32,
    /// Requirements not met.
    pub unfit: u32,
    pub errors: u32,
    pub unknown: u32,
}

impl Counts {
    pub fn of(row: &DeploymentSummaryRow) -> Self {
        let count = |number: Option<i32>| {
            number
                .and_then(|number| u32::try_from(number).ok())
                .unwrap_or_default()
        };
        Self {
            targeted: count(row.number_targeted),
            success: count(row.number_success),
            in_progress: count(row.number_in_progress),
            unfit: count(row.number_other),
            errors: count(row.number_errors),
            unknown: count(row.number_unknown),
        }
    }

    /// Whole percents of the targeted devices that succeeded; nothing of nothing.
    pub fn percent(self) -> Option<u32> {
        let whole = u64::from(self.success) * 100;
        u32::try_from(whole.checked_div(u64::from(self.targeted))?).ok()
    }

    /// `31 ok, 2 in progress, 4 not heard from`: what is not there is not said.
    pub fn in_words(self) -> String {
        let parts = [
            (self.success, "ok"),
            (self.in_progress, "in progress"),
            (self.errors, "failed"),
            (self.unfit, "with requirements not met"),
            (self.unknown, "not heard from"),
        ];
        let said: Vec<String> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, words)| format!("{count} {words}"))
            .collect();
        if said.is_empty() {
            "no device has reported yet".to_owned()
        } else {
            said.join(", ")
        }
    }
}

impl AdvertisementLine {
    /// Joins a row with what stands beside it, as it was when it was read.
    pub fn new(row: AdvertisementRow, beside: &Beside, clock: &Clock) -> Self {
        let summary = beside.summary(&row.advertisement_id);
        let deadline = deadline(&row, summary);
        Self::joined(row, deadline, beside, clock)
    }

    /// The same from an object read by key, which has its schedule.
    pub fn read_by_key(
        row: AdvertisementRow,
        object: &Advertisement,
        beside: &Beside,
        clock: &Clock,
    ) -> Self {
        Self::joined(row, object.deadline(), beside, clock)
    }

    fn joined(
        row: AdvertisementRow,
        deadline: Option<Moment>,
        beside: &Beside,
        clock: &Clock,
    ) -> Self {
        let summary = beside.summary(&row.advertisement_id);
        let collection = beside.collection(&row.collection_id);
        let program = beside.program(row.program());
        let package = beside.package(&row.package_id);
        let content = Content::of(
            package.is_none_or(PackageRow::needs_distribution_points),
            beside.contents.is_some() && package.is_some(),
            beside.content(&row.package_id),
        );
        let mut line = Self {
            package: beside.package_name(&row.package_id),
            collection: collection
                .map_or_else(|| row.collection_id.to_string(), |it| it.name.clone()),
            members: collection.map(|it| u32::try_from(it.member_count).unwrap_or_default()),
            member_type: collection.map_or(CollectionType::Device, |it| it.collection_type),
            purpose: row.purpose(),
            state: State::Open,
            counts: summary.map(Counts::of),
            content,
            available: row.available(),
            deadline,
            expires: row.expires(),
            available_digits: row.available().map(|at| clock.digits(at)),
            deadline_digits: deadline.map(|at| clock.digits(at)),
            expires_digits: row.expires().map(|at| clock.digits(at)),
            summarised: summary.and_then(|summary| clock.utc(summary.summarization_time)),
            runs: String::new(),
            outlook: String::new(),
            words: String::new(),
            row,
        };
        line.state = State::derive(&line, program, clock);
        line.runs = line.tell_runs(clock);
        line.outlook = line.tell_outlook();
        line.words = line.tell(clock);
        line
    }

    pub fn advertisement_id(&self) -> &AdvertisementId {
        &self.row.advertisement_id
    }

    /// When it runs, in a cell.
    fn tell_runs(&self, clock: &Clock) -> String {
        let flags = self.row.advert_flags;
        match self.state {
            State::Expired => return "expired".to_owned(),
            State::SwitchedOff => return "switched off".to_owned(),
            State::Done => {
                let percent = self.counts.and_then(Counts::percent);
                return percent.map_or_else(|| "done".to_owned(), |it| format!("done {it} %"));
            }
            _ => {}
        }
        let ahead = |at: Option<Moment>| at.filter(|&at| !clock.has_come(at));
        if let Some(at) = self.deadline {
            clock.near(clock.digits(at))
        } else if let Some(at) = ahead(self.available) {
            clock.near(clock.digits(at))
        } else if flags.contains(AdvertFlags::IMMEDIATE) {
            "at once".to_owned()
        } else if flags.contains(AdvertFlags::ONUSERLOGON) {
            "at sign-in".to_owned()
        } else if flags.contains(AdvertFlags::ONUSERLOGOFF) {
            "at sign-out".to_owned()
        } else if self.purpose == Purpose::Required {
            "on schedule".to_owned()
        } else {
            "now".to_owned()
        }
    }

    /// How the devices stand, in a cell.
    fn tell_outlook(&self) -> String {
        match (self.state, self.counts) {
            (State::NoContent, _) => "no content".to_owned(),
            (State::Failing, Some(counts)) => format!("{} failed", counts.errors),
            (_, Some(counts)) => format!("{}/{}", counts.success, counts.targeted),
            (_, None) => match self.members {
                Some(members) => format!("?/{members}"),
                None => "?".to_owned(),
            },
        }
    }

    /// The two lines under the list: what, on whom, when, how it stands, and what else matters.
    fn tell(&self, clock: &Clock) -> String {
        let whom = match self.members {
            Some(count) => members_in_words(count, self.member_type),
            None => "an unknown number of devices".to_owned(),
        };
        let purpose = match self.purpose {
            Purpose::Required => "Required on",
            Purpose::Available => "Available to",
        };
        let mut words = format!(
            "{purpose} {whom} of {}{}",
            self.collection,
            self.tell_when(clock)
        );
        if let Some(counts) = self.counts {
            words.say(format_args!(": {}", counts.in_words()));
        }
        words.say(". ");
        words.say(match self.state {
            State::NoContent => "No distribution point has its files: no device can run it.",
            State::SwitchedOff => "Its program is switched off: no device is offered it.",
            State::Expired => "It has expired: devices have forgotten about it.",
            State::Inconsistent => {
                "It says one thing and does another: its purpose and its triggers disagree."
            }
            _ => "",
        });
        if !words.ends_with(' ') {
            return words;
        }
        words.say(self.tell_rules());
        words
    }

    fn tell_when(&self, clock: &Clock) -> String {
        let flags = self.row.advert_flags;
        match (self.purpose, self.deadline.or(self.available)) {
            (Purpose::Required, Some(at)) => format!(" from {}", clock.in_full(at)),
            (Purpose::Required, None) if flags.contains(AdvertFlags::ONUSERLOGON) => {
                " at sign-in".to_owned()
            }
            (Purpose::Required, None) if flags.contains(AdvertFlags::ONUSERLOGOFF) => {
                " at sign-out".to_owned()
            }
            (Purpose::Available, Some(at)) if !clock.has_come(at) => {
                format!(" from {}", clock.in_full(at))
            }
            _ => String::new(),
        }
    }

    /// Windows and re-run: what holds back a program that runs by itself.
    fn tell_rules(&self) -> String {
        if self.purpose == Purpose::Available {
            return "People choose to run it.".to_owned();
        }
        let windows = if self.ignores_windows() {
            "Windows ignored"
        } else {
            "Windows respected"
        };
        format!(
            "{windows}; {}.",
            rerun_in_words(Rerun::from_flags(self.row.remote_client_flags))
        )
    }

    /// Whether it runs by a schedule, known or not.
    fn is_on_schedule(&self) -> bool {
        self.row.time_flags.contains(TimeFlags::ENABLE_MANDATORY)
    }

    fn ignores_windows(&self) -> bool {
        self.row
            .advert_flags
            .contains(AdvertFlags::OVERRIDE_SERVICE_WINDOWS)
    }
}

/// What happens on a device that ran the program before, in a sentence.
pub(crate) fn rerun_in_words(rerun: Option<Rerun>) -> &'static str {
    match rerun {
        Some(Rerun::Always) => "re-run always",
        Some(Rerun::Never) => "never re-run",
        Some(Rerun::IfFailed) => "re-run if failed",
        Some(Rerun::IfSucceeded) => "re-run if it succeeded",
        None => "no re-run choice set",
    }
}

/// A list does not have the schedule; the site's summary has its first time, in the clock the flags name.
fn deadline(row: &AdvertisementRow, summary: Option<&DeploymentSummaryRow>) -> Option<Moment> {
    if !row.time_flags.contains(TimeFlags::ENABLE_MANDATORY) {
        return None;
    }
    let digits: WireTime = summary?.enforcement_deadline?;
    digits.moment(row.time_flags.contains(TimeFlags::GMT_MANDATORY))
}

impl Line for AdvertisementLine {
    const KIND: Kind = Kind::Advertisements;
    const COLUMNS: &'static [Column<Self>] = &[
        Column::text("name", "Name", grow(20, 3), |line: &Self| {
            FieldValue::text(&line.row.advertisement_name)
        }),
        Column::text("program", "Program", fixed(12), |line: &Self| {
            FieldValue::text(&line.row.program_name)
        })
        .leaves(9),
        Column::text("collection", "Collection", grow(12, 1), |line: &Self| {
            FieldValue::text(&line.collection)
        })
        .leaves(1),
        Column::text("purpose", "Purpose", fixed(9), |line: &Self| {
            FieldValue::text(line.purpose.as_str())
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
            FieldValue::text(line.row.advertisement_id.as_str())
        })
        .wide(),
        Column::time("available", "Available", fixed(16), |line: &Self| {
            FieldValue::time(line.available_digits)
        })
        .wide()
        .leaves(5),
        Column::time("expires", "Expires", fixed(16), |line: &Self| {
            FieldValue::time(line.expires_digits)
        })
        .wide()
        .leaves(6),
        Column::text("rerun", "Re-run", fixed(12), |line: &Self| {
            FieldValue::text(
                Rerun::from_flags(line.row.remote_client_flags).map_or("", Rerun::as_str),
            )
        })
        .wide()
        .leaves(10),
        Column::text("mw", "Windows", fixed(9), |line: &Self| {
            FieldValue::text(if line.ignores_windows() {
                "ignored"
            } else {
                "respected"
            })
        })
        .wide()
        .leaves(11),
        Column::text("near", "Near", fixed(8), |line: &Self| {
            FieldValue::text(
                NearPoint::from_flags(line.row.remote_client_flags).map_or("", NearPoint::as_str),
            )
        })
        .wide()
        .leaves(12),
        Column::text("far", "Far", fixed(10), |line: &Self| {
            FieldValue::text(
                FarPoint::from_flags(line.row.remote_client_flags).map_or("", FarPoint::as_str),
            )
        })
        .wide()
        .leaves(13),
        Column::time("summarised", "Summarised", fixed(16), |line: &Self| {
            FieldValue::time(line.summarised)
        })
        .wide()
        .leaves(14),
        Column::text("comment", "Comment", grow(10, 1), |line: &Self| {
            FieldValue::text(&line.row.comment)
        })
        .wide()
        .leaves(15),
    ];
    const FIELDS: &'static [Field<Self>] = &[
        Field::text("package", |line| FieldValue::text(&line.package)),
        Field::time("deadline", |line| FieldValue::time(line.deadline_digits)),
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
        self.row.advertisement_id.to_string()
    }

    fn name(&self) -> &str {
        &self.row.advertisement_name
    }

    fn json(&self) -> Value {
        plain(&self.row)
    }

    fn needs_attention(&self) -> bool {
        self.state.needs_attention()
    }

    fn is_passing(&self) -> bool {
        self.content.is_passing()
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

/// A figure of the site's summary.
fn counted(counts: Option<Counts>, figure: fn(Counts) -> u32) -> FieldValue<'static> {
    FieldValue::count(counts.map(figure))
}

#[cfg(test)]
mod tests;
