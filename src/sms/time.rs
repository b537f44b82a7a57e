//! Times as the provider writes them.
//!
//! On the wire a time is digits with a `Z` behind them, and the `Z` says nothing: for some properties the digits are
//! UTC, for others the wall clock of every device, and a flag beside the property tells which. So [`WireTime`] holds
//! the digits and [`Moment`] what they mean. "Never" travels as a placeholder date and becomes no moment at all.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

use super::wire::travels;

/// The digits of a time, to the second, without their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WireTime(DateTime);

/// A text that is not a time of the AdminService.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not a time such as 2026-03-01T02:00:00Z")]
pub struct NotATime(String);

/// Placeholders lie before this year: 1970-01-01, 1970-02-01, 1980-01-01 and 1990-01-01, each possibly shifted by a
/// server's zone. The product itself is younger.
const FIRST_REAL_YEAR: i16 = 1994;

impl WireTime {
    /// The digits of this date and time; parts of a second are dropped, as they are on the wire.
    pub fn new(digits: DateTime) -> Self {
        Self(digits.with().subsec_nanosecond(0).build().unwrap_or(digits))
    }

    /// The digits of a moment, as its property wants them.
    pub fn of(moment: Moment) -> Self {
        match moment {
            Moment::Utc(timestamp) => Self::utc(timestamp),
            Moment::DeviceClock(digits) => Self::new(digits),
        }
    }

    /// The digits of this point in time, read in UTC.
    pub fn utc(timestamp: Timestamp) -> Self {
        Self::new(TimeZone::UTC.to_datetime(timestamp))
    }

    pub fn digits(self) -> DateTime {
        self.0
    }

    /// Whether the digits stand for "never" or "not set".
    pub fn is_placeholder(self) -> bool {
        self.0.year() < FIRST_REAL_YEAR
    }

    /// What the digits mean for a property that is always UTC.
    pub fn as_utc(self) -> Option<Timestamp> {
        if self.is_placeholder() {
            return None;
        }
        TimeZone::UTC.to_timestamp(self.0).ok()
    }

    /// What the digits mean for a property whose sibling flag says whether they are UTC.
    pub fn moment(self, is_gmt: bool) -> Option<Moment> {
        if self.is_placeholder() {
            None
        } else if is_gmt {
            self.as_utc().map(Moment::Utc)
        } else {
            Some(Moment::DeviceClock(self.0))
        }
    }
}

impl fmt::Display for WireTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Z", self.0.strftime("%Y-%m-%dT%H:%M:%S"))
    }
}

impl FromStr for WireTime {
    type Err = NotATime;

    /// Reads ISO 8601 with or without fraction and zone, and the provider's own DMTF form.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let text = text.trim();
        iso(text)
            .or_else(|| dmtf(text))
            .map(Self::new)
            .ok_or_else(|| NotATime(text.to_owned()))
    }
}

/// A real offset names a point in time and is brought to UTC; `Z` and no zone leave the digits alone.
fn iso(text: &str) -> Option<DateTime> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Some(TimeZone::UTC.to_datetime(timestamp));
    }
    text.contains('-').then(|| text.parse().ok()).flatten()
}

/// `20260301020000.000000+***`. The minutes behind the sign are left to the flag beside the property.
fn dmtf(text: &str) -> Option<DateTime> {
    if text.len() != 25 || text.as_bytes().get(14) != Some(&b'.') {
        return None;
    }
    DateTime::strptime("%Y%m%d%H%M%S", text.get(..14)?).ok()
}

impl Serialize for WireTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for WireTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

travels! { WireTime => "DateTime" }

/// What a time means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// The same point in time everywhere.
    Utc(Timestamp),
    /// This reading of each device's own clock: it comes at another point in time in every zone.
    DeviceClock(DateTime),
}

impl Moment {
    pub fn is_utc(self) -> bool {
        matches!(self, Self::Utc(_))
    }

    /// The reading of the clock the moment is told in.
    pub fn digits(self) -> DateTime {
        WireTime::of(self).digits()
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = match self {
            Self::Utc(_) => "UTC",
            Self::DeviceClock(_) => "device time",
        };
        write!(f, "{} {clock}", self.digits().strftime("%Y-%m-%d %H:%M"))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(text: &str) -> WireTime {
        text.parse().unwrap()
    }

    #[test]
    fn the_digits_are_kept_whatever_the_form() {
        let digits = WireTime::new(date(2026, 3, 1).at(2, 0, 0, 0));
        for text in [
            "2026-03-01T02:00:00Z",
            "2026-03-01T02:00:00.000Z",
            "2026-03-01T02:00:00.987Z",
            "2026-03-01T02:00:00",
            "2026-03-01T02:00:00+00:00",
            "2026-03-01T03:00:00+01:00",
            "20260301020000.000000+***",
            "20260301020000.000000+000",
        ] {
            assert_eq!(read(text), digits, "{text}");
        }
        assert_eq!(digits.to_string(), "2026-03-01T02:00:00Z");
    }

    #[test]
    fn what_is_no_time_is_named() {
        for text in [
            "",
            "soon",
            "2026-13-01T00:00:00Z",
            "20260301020000",
            "20261301020000.000000+***",
        ] {
            assert!(text.parse::<WireTime>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_flag_beside_the_digits_tells_what_they_mean() {
        let digits = read("2026-03-01T02:00:00Z");
        assert_eq!(
            digits.moment(true),
            Some(Moment::Utc("2026-03-01T02:00:00Z".parse().unwrap()))
        );
        assert_eq!(
            digits.moment(false),
            Some(Moment::DeviceClock(date(2026, 3, 1).at(2, 0, 0, 0)))
        );
    }

    #[test]
    fn placeholder_dates_never_become_a_moment() {
        for text in [
            "1970-01-01T00:00:00Z",
            "1980-01-01T06:00:00Z",
            "1980-01-01T12:00:00Z",
            "19700201000000.000000+***",
            "19900101000000.000000+***",
            "1989-12-31T16:00:00Z",
        ] {
            assert!(read(text).is_placeholder(), "{text}");
            assert_eq!(read(text).moment(false), None, "{text}");
            assert_eq!(read(text).as_utc(), None, "{text}");
        }
    }

    #[test]
    fn a_moment_is_told_with_its_clock() {
        assert_eq!(
            read("2026-03-01T02:00:00Z")
                .moment(false)
                .unwrap()
                .to_string(),
            "2026-03-01 02:00 device time"
        );
    }
}
