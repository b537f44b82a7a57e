//! Schedules: tokens as the provider embeds them, and the interval strings they are packed into (methods.md 5).
//!
//! A token says when something first happens and how it comes again. Whether its digits are UTC or each device's
//! clock is a flag inside it; keep it equal to the flag beside the property that holds the token.

use jiff::civil::{DateTime, date};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::time::{Moment, WireTime};
use super::wire::{travels, values};

mod json;
mod occurrence;
mod packed;
mod words;

pub use packed::{PackError, UnpackError, pack, unpack};

/// How many tokens one property may hold.
pub const MOST_TOKENS: usize = 15;

/// The last year the packed form can say.
pub const LAST_PACKED_YEAR: i16 = 2033;

/// One entry of a schedule: `SMS_ScheduleToken` and the classes derived from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "json::Read", into = "Map<String, Value>")]
pub struct Token {
    /// First occurrence, read with [`is_gmt`](Self::is_gmt).
    pub start: WireTime,
    pub is_gmt: bool,
    /// How long it lasts; all zero for advertisements and collections, the length of a maintenance window otherwise.
    pub duration: Span,
    pub recurrence: Recurrence,
    /// Members this program does not know, kept as they came.
    pub other: Map<String, Value>,
}

/// Days, hours and minutes as tokens carry them: side by side, each in its own range.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// 0 to 31.
    pub days: u32,
    /// 0 to 23.
    pub hours: u32,
    /// 0 to 59.
    pub minutes: u32,
}

/// How a token comes again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Recurrence {
    /// Once, at the start.
    Once,
    /// Every so often from the start.
    Interval(Span),
    Weekly {
        day: Weekday,
        /// Every 1 to 4 weeks.
        weeks: u32,
    },
    MonthlyByWeekday {
        day: Weekday,
        order: WeekOrder,
        /// Every 1 to 12 months.
        months: u32,
    },
    MonthlyByDate {
        /// 1 to 31; 0 is the last day of the month.
        day: u32,
        /// Every 1 to 12 months.
        months: u32,
    },
    /// A kind of token this program does not know, by its class.
    Other(String),
}

values! {
    /// A day of the week; the provider's week starts on Sunday with 1.
    pub enum Weekday {
        Sunday = 1 => "Sunday",
        Monday = 2 => "Monday",
        Tuesday = 3 => "Tuesday",
        Wednesday = 4 => "Wednesday",
        Thursday = 5 => "Thursday",
        Friday = 6 => "Friday",
        Saturday = 7 => "Saturday",
    }
}

values! {
    /// Which week of the month.
    pub enum WeekOrder {
        Last = 0 => "last",
        First = 1 => "first",
        Second = 2 => "second",
        Third = 3 => "third",
        Fourth = 4 => "fourth",
    }
}

impl Weekday {
    pub fn of(date: DateTime) -> Self {
        Self::from(u32::from(
            date.weekday().to_sunday_one_offset().unsigned_abs(),
        ))
    }
}

impl Span {
    pub const fn minutes(minutes: u32) -> Self {
        Self {
            days: minutes / 1440,
            hours: minutes / 60 % 24,
            minutes: minutes % 60,
        }
    }

    pub const fn days(days: u32) -> Self {
        Self {
            days,
            hours: 0,
            minutes: 0,
        }
    }

    pub const fn total_minutes(self) -> u32 {
        self.days
            .saturating_mul(1440)
            .saturating_add(self.hours.saturating_mul(60))
            .saturating_add(self.minutes)
    }

    pub const fn is_zero(self) -> bool {
        self.total_minutes() == 0
    }
}

impl Token {
    /// Once, at this moment: what a deadline is.
    pub fn once(moment: Moment) -> Self {
        Self::new(moment, Recurrence::Once)
    }

    /// From this moment on, coming again so; without a duration.
    pub fn new(moment: Moment, recurrence: Recurrence) -> Self {
        Self {
            start: WireTime::of(moment),
            is_gmt: moment.is_utc(),
            duration: Span::default(),
            recurrence,
            other: Map::new(),
        }
    }

    /// The same token, lasting so long.
    #[must_use]
    pub fn lasting(self, duration: Span) -> Self {
        Self { duration, ..self }
    }

    /// What the start means; `None` for the placeholder of a token that was never set.
    pub fn starts(&self) -> Option<Moment> {
        self.start.moment(self.is_gmt)
    }

    pub fn is_recurring(&self) -> bool {
        self.recurrence != Recurrence::Once
    }
}

/// The documented placeholder of `StartTime`.
fn never() -> WireTime {
    WireTime::new(date(1970, 2, 1).at(0, 0, 0, 0))
}

travels! {
    Vec<Token> => "Object[]:SMS_ScheduleToken",
}
