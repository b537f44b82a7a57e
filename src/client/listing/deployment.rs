//! Deployments: what a list of advertisements shows, and the state derived from what the site knows (wizard.md 15.5).
//!
//! Beside the advertisements stand the other deployments that install software, task sequences and applications: to be
//! looked at only, so that nobody packages what is on its way already.

mod columns;
mod other;
mod state;

use super::beside::Beside;
use super::clock::{At, Clock};
use super::collection::members_in_words;
use super::content::Content;
use super::say::Say;
use crate::sms::advertisement::{Advertisement, AdvertisementRow, Purpose};
use crate::sms::advertisement_flags::{AdvertFlags, TimeFlags};
use crate::sms::choices::Rerun;
use crate::sms::collection::CollectionType;
use crate::sms::ids::CollectionId;
use crate::sms::package::PackageRow;
use crate::sms::status::DeploymentSummaryRow;
use crate::sms::time::{Moment, WireTime};

pub use other::BESIDE;
pub use state::State;

/// What is deployed.
#[derive(Debug, Clone, PartialEq)]
pub enum Deployed {
    Advertisement(AdvertisementRow),
    /// Only the site's summary is read of what this console never changes.
    Other(DeploymentSummaryRow),
}

/// An advertisement, or another deployment, with the names, counts and states around it.
#[derive(Debug, Clone, PartialEq)]
pub struct DeploymentLine {
    pub what: Deployed,
    /// The package of an advertisement.
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
    available_at: Option<At>,
    deadline_at: Option<At>,
    expires_at: Option<At>,
    summarised: Option<At>,
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

impl DeploymentLine {
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
            available_at: row.available().map(|at| clock.told(at)),
            deadline_at: deadline.map(|at| clock.told(at)),
            expires_at: row.expires().map(|at| clock.told(at)),
            summarised: summary.and_then(|summary| clock.utc(summary.summarization_time)),
            runs: String::new(),
            outlook: String::new(),
            words: String::new(),
            what: Deployed::Advertisement(row),
        };
        line.state = State::derive(&line, program, clock);
        line.runs = line.tell_runs(clock);
        line.outlook = line.tell_outlook();
        line.words = line.tell(clock);
        line
    }

    /// The advertisement, where it is one.
    pub fn advertisement(&self) -> Option<&AdvertisementRow> {
        match &self.what {
            Deployed::Advertisement(row) => Some(row),
            Deployed::Other(_) => None,
        }
    }

    /// The collection it is deployed to.
    pub fn collection_id(&self) -> Option<&CollectionId> {
        match &self.what {
            Deployed::Advertisement(row) => Some(&row.collection_id),
            Deployed::Other(row) => row.collection_id.as_ref(),
        }
    }

    /// When it runs, as short as it can be told.
    pub fn runs(&self) -> &str {
        &self.runs
    }

    fn advert_flags(&self) -> AdvertFlags {
        self.advertisement()
            .map_or(AdvertFlags::empty(), |row| row.advert_flags)
    }

    /// When it runs, in a cell.
    fn tell_runs(&self, clock: &Clock) -> String {
        let flags = self.advert_flags();
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
        let flags = self.advert_flags();
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
        let rerun = self.advertisement();
        let rerun = rerun.and_then(|row| Rerun::from_flags(row.remote_client_flags));
        format!("{windows}; {}.", rerun_in_words(rerun))
    }

    /// Whether it runs by a schedule, known or not.
    fn is_on_schedule(&self) -> bool {
        self.advertisement()
            .is_some_and(|row| row.time_flags.contains(TimeFlags::ENABLE_MANDATORY))
    }

    fn ignores_windows(&self) -> bool {
        self.advert_flags()
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

#[cfg(test)]
mod tests;
