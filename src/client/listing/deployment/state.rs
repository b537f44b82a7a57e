//! The state of a deployment: derived, because no class of the site has it.

use super::DeploymentLine;
use crate::client::listing::clock::Clock;
use crate::sms::advertisement::{AdvertisementRow, Purpose};
use crate::sms::program::ProgramRow;

/// How a deployment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Devices may not see it yet, or its deadline has not come.
    Scheduled,
    /// People may choose it.
    Open,
    /// It is due, and devices are at it.
    Running,
    /// At least 95 of 100 devices have it.
    Done,
    /// So many have failed that it cannot become done by itself.
    Failing,
    /// No distribution point has its files.
    NoContent,
    /// Its program is switched off.
    SwitchedOff,
    Expired,
    /// Its purpose and its triggers disagree.
    Inconsistent,
}

/// Done is 95 of 100; failing is more than what that leaves.
const DONE_PERCENT: u64 = 95;

impl State {
    /// The first that fits: what keeps it from running at all comes before how far it has come.
    pub(super) fn derive(
        line: &DeploymentLine,
        program: Option<&ProgramRow>,
        clock: &Clock,
    ) -> Self {
        let has_come = |at| clock.has_come(at);
        if line.expires.is_some_and(has_come) {
            return Self::Expired;
        }
        if program.is_some_and(|program| !program.is_enabled()) {
            return Self::SwitchedOff;
        }
        let row = line.advertisement();
        if row.is_some_and(AdvertisementRow::is_inconsistent) {
            return Self::Inconsistent;
        }
        if let Some(counts) = line.counts.filter(|counts| counts.targeted > 0) {
            let targeted = u64::from(counts.targeted);
            if u64::from(counts.success) * 100 >= targeted * DONE_PERCENT {
                return Self::Done;
            }
            if u64::from(counts.errors) * 100 > targeted * (100 - DONE_PERCENT) {
                return Self::Failing;
            }
        }
        if line.content.is_nowhere() {
            return Self::NoContent;
        }
        match (line.purpose, is_due(line, clock)) {
            (_, false) => Self::Scheduled,
            (Purpose::Available, true) => Self::Open,
            (Purpose::Required, true) => Self::Running,
        }
    }

    pub const fn words(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Open => "open",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failing => "failing",
            Self::NoContent => "no content",
            Self::SwitchedOff => "switched off",
            Self::Expired => "expired",
            Self::Inconsistent => "inconsistent",
        }
    }

    pub const fn needs_attention(self) -> bool {
        matches!(self, Self::Failing | Self::NoContent | Self::Inconsistent)
    }
}

/// Whether its time has come. A schedule the site has not summarised yet is known by what devices do about it.
fn is_due(line: &DeploymentLine, clock: &Clock) -> bool {
    let has_come = |at| clock.has_come(at);
    match line.deadline {
        Some(deadline) => has_come(deadline),
        None if line.is_on_schedule() => line
            .counts
            .is_some_and(|counts| counts.success + counts.in_progress + counts.errors > 0),
        None => line.available.is_none_or(has_come),
    }
}
