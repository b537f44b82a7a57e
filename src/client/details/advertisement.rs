//! An advertisement: what, on whom, when, from where; how devices stand; its settings decoded; its content.
//!
//! What each device said is a window of its own.

use serde_json::Value;

use super::{Detail, Entries, Entry, Part};
use crate::client::answer::Gap;
use crate::client::listing::collection::members_in_words;
use crate::client::listing::deployment::Counts;
use crate::client::listing::{AssignmentLine, Clock, DeploymentLine, Kind, Line};
use crate::sms::advertisement::{Advertisement, Purpose};
use crate::sms::advertisement_flags::AdvertFlags;
use crate::sms::choices::{FarPoint, NearPoint, Rerun, may_fall_back};
use crate::sms::package::Priority;
use crate::sms::program::ProgramRow;
use crate::sms::schedule::Token;

#[derive(Debug, Clone, PartialEq)]
pub struct AdvertisementDetail {
    pub advertisement: Advertisement,
    pub line: DeploymentLine,
    /// `None` when it could not be read, or is gone.
    pub program: Option<ProgramRow>,
    pub content: Part<AssignmentLine>,
    /// Times in words, as they were when it was read.
    pub when: When,
    pub raw: Value,
    pub gaps: Vec<Gap>,
}

/// The times of an advertisement, told against the moment it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct When {
    pub available: Option<String>,
    /// Each entry of the schedule, and each event.
    pub required: Vec<String>,
    pub expires: Option<String>,
}

/// One line of the status page: devices that stand so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    pub label: &'static str,
    pub count: u32,
}

impl Bar {
    /// One for each way devices can stand.
    pub fn of(counts: Counts) -> Vec<Self> {
        let bar = |label, count| Self { label, count };
        vec![
            bar("Success", counts.success),
            bar("In progress", counts.in_progress),
            bar("Not met", counts.unfit),
            bar("Failed", counts.errors),
            bar("Unknown", counts.unknown),
        ]
    }
}

impl When {
    pub fn of(advertisement: &Advertisement, clock: &Clock) -> Self {
        let flags = advertisement.advert_flags;
        let events = [
            (AdvertFlags::IMMEDIATE, "as soon as possible"),
            (AdvertFlags::ONUSERLOGON, "when a user signs in"),
            (AdvertFlags::ONUSERLOGOFF, "when a user signs out"),
        ];
        let events = events
            .iter()
            .filter(|(flag, _)| flags.contains(*flag))
            .map(|(_, words)| (*words).to_owned());
        let times = advertisement
            .deadlines()
            .iter()
            .map(|token| deadline_in_words(token, clock));
        Self {
            available: advertisement.available().map(|at| clock.in_full(at)),
            required: times.chain(events).collect(),
            expires: advertisement.expires().map(|at| clock.in_full(at)),
        }
    }
}

fn deadline_in_words(token: &Token, clock: &Clock) -> String {
    match token.starts() {
        Some(at) if token.is_recurring() => {
            format!("{} from {}", token.recurrence, clock.in_full(at))
        }
        Some(at) => format!("from {}", clock.in_full(at)),
        None => token.to_string(),
    }
}

impl Detail for AdvertisementDetail {
    const KIND: Kind = Kind::Advertisements;

    fn id(&self) -> String {
        self.line.id()
    }

    fn name(&self) -> &str {
        self.line.name()
    }

    fn summary(&self) -> Vec<Entry> {
        let line = &self.line;
        let row = &self.advertisement;
        let mut entries = Entries::default();
        entries.say(
            "Runs",
            format!(
                "{} of {} ({})",
                row.program_name, line.package, row.package_id
            ),
        );
        entries.say(
            "",
            match &self.program {
                Some(program) => program.command_line.clone(),
                None => "its program is gone, or could not be read".to_owned(),
            },
        );
        let whom = line
            .members
            .map(|count| members_in_words(count, line.member_type));
        entries.say(
            "On",
            format!(
                "{} ({}): {}",
                line.collection,
                row.collection_id,
                whom.unwrap_or_else(|| "members unknown".to_owned())
            ),
        );
        match line.purpose {
            Purpose::Required => {
                entries.say("Required", self.when.required.join("; "));
                entries.say("Before", self.before_deadline());
                entries.say("Windows", self.windows());
                entries.say("Again", rerun(Rerun::from_flags(row.remote_client_flags)));
            }
            Purpose::Available => {
                let from = self.when.available.as_ref();
                entries.say(
                    "Available",
                    from.map_or_else(|| "now".to_owned(), |from| format!("from {from}")),
                );
            }
        }
        entries.say("Expires", self.when.expires.clone().unwrap_or_default());
        entries.say("Files", line.content.in_words());
        entries.say("State", line.state.words());
        if row.is_inconsistent() {
            entries.say("", "its purpose and its triggers disagree");
        }
        entries.say("Comment", row.comment.as_str());
        entries.0
    }

    fn raw(&self) -> &Value {
        &self.raw
    }

    fn gaps(&self) -> &[Gap] {
        &self.gaps
    }
}

impl AdvertisementDetail {
    /// How the devices stand, as the site last counted them; empty when it has not.
    pub fn bars(&self) -> Vec<Bar> {
        self.line.counts.map(Bar::of).unwrap_or_default()
    }

    /// Every setting, decoded; bits without a field of their own are told by name, unknown ones by number.
    pub fn settings(&self) -> Vec<Entry> {
        let advertisement = &self.advertisement;
        let (advert, remote) = (
            advertisement.advert_flags,
            advertisement.remote_client_flags,
        );
        let mut entries = Entries::default();
        entries.say("Purpose", advertisement.purpose().as_str());
        entries.say(
            "Available",
            self.when
                .available
                .clone()
                .unwrap_or_else(|| "at once".to_owned()),
        );
        for required in &self.when.required {
            entries.say("Required", required.as_str());
        }
        entries.say(
            "Expires",
            self.when
                .expires
                .clone()
                .unwrap_or_else(|| "never".to_owned()),
        );
        entries.say("If it ran before", rerun(Rerun::from_flags(remote)));
        entries.say("Maintenance windows", self.windows());
        entries.say(
            "From a near point",
            NearPoint::from_flags(remote).map_or("contradicting flags", NearPoint::as_str),
        );
        entries.say(
            "From a far point",
            FarPoint::from_flags(remote).map_or("contradicting flags", FarPoint::as_str),
        );
        entries.say(
            "Default points",
            if may_fall_back(advert, remote) {
                "allowed"
            } else {
                "not allowed"
            },
        );
        if advertisement.priority != Priority::Normal {
            entries.say("Priority", advertisement.priority.to_string());
        }
        entries.say(
            "AdvertFlags",
            flags_in_words(advert.bits(), &advert.words()),
        );
        entries.say(
            "RemoteClientFlags",
            flags_in_words(remote.bits(), &remote.words()),
        );
        if !advertisement.device_flags.is_empty() {
            let flags = advertisement.device_flags;
            entries.say("DeviceFlags", flags_in_words(flags.bits(), &flags.words()));
        }
        entries.0
    }

    fn before_deadline(&self) -> String {
        if self
            .advertisement
            .advert_flags
            .contains(AdvertFlags::NO_DISPLAY)
        {
            return "people do not see it".to_owned();
        }
        match &self.when.available {
            Some(from) => format!("people may start it from {from}"),
            None => "people may start it".to_owned(),
        }
    }

    fn windows(&self) -> &'static str {
        let flags = self.advertisement.advert_flags;
        match (
            flags.contains(AdvertFlags::OVERRIDE_SERVICE_WINDOWS),
            flags.contains(AdvertFlags::REBOOT_OUTSIDE_OF_SERVICE_WINDOWS),
        ) {
            (false, false) => "respected",
            (true, false) => "ignored for installing, respected for restarts",
            (false, true) => "respected for installing, ignored for restarts",
            (true, true) => "ignored",
        }
    }
}

fn rerun(rerun: Option<Rerun>) -> &'static str {
    match rerun {
        Some(Rerun::Always) => "always",
        Some(Rerun::Never) => "never, even if it failed before",
        Some(Rerun::IfFailed) => "only if it failed before",
        Some(Rerun::IfSucceeded) => "only if it succeeded before",
        None => "nothing is said of it",
    }
}

fn flags_in_words(bits: u32, words: &[std::borrow::Cow<'static, str>]) -> String {
    if words.is_empty() {
        format!("0x{bits:08X}")
    } else {
        format!("0x{bits:08X}: {}", words.join(", "))
    }
}
