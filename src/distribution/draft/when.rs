//! Moments as people say them: `now`, `+4h`, `tonight 22:00`, `tomorrow`, `sat 02:00`, `2026-11-30 20:00`.
//!
//! What is kept is digits of a clock; which clock (each device's own, or UTC) is another answer. Words are turned
//! into digits when they are typed, so a draft means the same tomorrow.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A moment of a distribution, as digits of the clock it is meant in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum When {
    /// When the plan is carried out.
    Now,
    At(DateTime),
}

/// Hour of a day that was named without a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsualHour(pub i8);

/// A text that names no moment.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}; {}", self.what(), When::FORMS)]
pub struct NotATime {
    text: String,
    because: String,
}

impl NotATime {
    /// What is wrong, without the way out.
    pub fn what(&self) -> String {
        format!("'{}' is not a time{}", self.text, self.because)
    }
}

impl When {
    /// Ways to write a moment.
    pub const FORMS: &str =
        "write 2026-11-30 20:00, or now, +4h, tonight 22:00, tomorrow 08:00, sat 02:00";

    /// The moment a text names, when the clock it is meant in shows `now`.
    pub fn parse(text: &str, now: DateTime, usual: UsualHour) -> Result<Self, NotATime> {
        let said = text.trim().to_lowercase();
        let fail = |because: &str| NotATime {
            text: text.trim().into(),
            because: because.into(),
        };
        if said == "now" {
            return Ok(Self::Now);
        }
        if let Some(later) = said.strip_prefix('+') {
            let span = parse_span(later).ok_or_else(|| fail(""))?;
            let at = now.checked_add(span).map_err(|_| fail(": too far ahead"))?;
            return Ok(Self::At(to_minute(at)));
        }
        if said.ends_with('z') && said.contains(':') {
            return Err(fail(": leave the Z away and set utc"));
        }
        let (day, time) = split_time(&said);
        let time = match time {
            Some(time) => Some(parse_time(time).ok_or_else(|| fail(""))?),
            None => None,
        };
        let at = match (parse_day(day, now), time) {
            (Some(day), time) => day.at(time, now, usual),
            (None, Some(time)) if day.is_empty() => next(now, time),
            _ => None,
        };
        at.map(Self::At).ok_or_else(|| fail(""))
    }

    /// The digits, with `now` for a moment that has none yet.
    pub fn at(self, now: DateTime) -> DateTime {
        match self {
            Self::Now => now,
            Self::At(at) => at,
        }
    }
}

/// A day as it was named.
enum Day {
    On(Date),
    /// The night that begins today: hours after midnight are tomorrow's.
    Tonight,
    /// This weekday, never a moment that has passed.
    Next(Weekday),
}

impl Day {
    fn at(&self, time: Option<Time>, now: DateTime, usual: UsualHour) -> Option<DateTime> {
        let clock = time.or_else(|| Time::new(usual.0, 0, 0, 0).ok())?;
        match self {
            Self::On(date) => Some(date.to_datetime(clock)),
            Self::Tonight => {
                let clock = time.or_else(|| Time::new(20, 0, 0, 0).ok())?;
                let date = if clock.hour() < 12 {
                    now.date().tomorrow().ok()?
                } else {
                    now.date()
                };
                Some(date.to_datetime(clock))
            }
            Self::Next(weekday) => {
                let today = now.date();
                let date = if today.weekday() == *weekday {
                    today
                } else {
                    today.nth_weekday(1, *weekday).ok()?
                };
                let at = date.to_datetime(clock);
                if at > now {
                    Some(at)
                } else {
                    at.checked_add(7.days()).ok()
                }
            }
        }
    }
}

fn parse_day(day: &str, now: DateTime) -> Option<Day> {
    match day {
        "today" => return Some(Day::On(now.date())),
        "tonight" => return Some(Day::Tonight),
        "tomorrow" => return now.date().tomorrow().ok().map(Day::On),
        _ => {}
    }
    if let Some(weekday) = parse_weekday(day) {
        return Some(Day::Next(weekday));
    }
    Date::from_str(day)
        .ok()
        .filter(|_| day.len() == 10)
        .map(Day::On)
}

fn parse_weekday(day: &str) -> Option<Weekday> {
    const NAMES: [(&str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    NAMES
        .into_iter()
        .find(|(name, _)| day.len() >= 3 && name.starts_with(day))
        .map(|(_, weekday)| weekday)
}

/// The day and the time of a text, split at the last blank or at a `t` between digits.
fn split_time(said: &str) -> (&str, Option<&str>) {
    if let Some((day, time)) = said.rsplit_once(char::is_whitespace) {
        return (day.trim(), Some(time));
    }
    match said.split_once('t') {
        Some((day, time)) if day.ends_with(|c: char| c.is_ascii_digit()) => (day, Some(time)),
        _ if said.contains(':') => ("", Some(said)),
        _ => (said, None),
    }
}

/// `20:00` or `20:00:00`; seconds are not kept, no class has a use for them here.
fn parse_time(text: &str) -> Option<Time> {
    let mut parts = text.split(':');
    let hour = two_digits(parts.next()?)?;
    let minute = two_digits(parts.next()?)?;
    let second = parts.next().map_or(Some(0), two_digits)?;
    let time = Time::new(hour, minute, second, 0).ok()?;
    parts
        .next()
        .is_none()
        .then(|| time.with().second(0).build().ok())?
}

fn two_digits(text: &str) -> Option<i8> {
    let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

/// `4h`, `30m`, `2d`, `1h30m`, `1w`.
fn parse_span(text: &str) -> Option<Span> {
    let mut span = Span::new();
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let count: i64 = rest.get(..digits)?.parse().ok().filter(|n| *n < 100_000)?;
        let unit = rest.get(digits..)?.chars().next()?;
        span = match unit {
            'm' => span.try_minutes(span.get_minutes() + count),
            'h' => span.try_hours(i64::from(span.get_hours()) + count),
            'd' => span.try_days(i64::from(span.get_days()) + count),
            'w' => span.try_weeks(i64::from(span.get_weeks()) + count),
            _ => return None,
        }
        .ok()?;
        rest = rest.get(digits + unit.len_utf8()..)?.trim_start();
    }
    Some(span)
}

/// The next time a clock shows these digits.
fn next(now: DateTime, time: Time) -> Option<DateTime> {
    let today = now.date().to_datetime(time);
    if today > now {
        Some(today)
    } else {
        today.checked_add(1.day()).ok()
    }
}

fn to_minute(at: DateTime) -> DateTime {
    at.with()
        .second(0)
        .subsec_nanosecond(0)
        .build()
        .unwrap_or(at)
}

impl fmt::Display for When {
    /// As it stands in a distribution file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now => f.write_str("now"),
            Self::At(at) => write!(f, "{}", at.strftime("%Y-%m-%dT%H:%M")),
        }
    }
}

impl From<When> for String {
    fn from(when: When) -> Self {
        when.to_string()
    }
}

impl TryFrom<String> for When {
    type Error = NotATime;

    /// Digits or `now`, as printed; words need a clock (see [`When::parse`]).
    fn try_from(text: String) -> Result<Self, NotATime> {
        if text == "now" {
            return Ok(Self::Now);
        }
        DateTime::from_str(&text)
            .map(Self::At)
            .map_err(|_| NotATime {
                text,
                because: String::new(),
            })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;

    use super::*;

    /// A Wednesday afternoon.
    fn now() -> DateTime {
        datetime(2026, 11, 25, 14, 2, 11, 0)
    }

    fn at(text: &str) -> String {
        match When::parse(text, now(), UsualHour(20)) {
            Ok(when) => when.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn words_become_digits() {
        let cases = [
            ("now", "now"),
            (" NOW ", "now"),
            ("+4h", "2026-11-25T18:02"),
            ("+1h30m", "2026-11-25T15:32"),
            ("+2d", "2026-11-27T14:02"),
            ("+1w 2d", "2026-12-04T14:02"),
            ("today 20:00", "2026-11-25T20:00"),
            ("tonight", "2026-11-25T20:00"),
            ("tonight 22:00", "2026-11-25T22:00"),
            ("tonight 02:00", "2026-11-26T02:00"),
            ("tomorrow", "2026-11-26T20:00"),
            ("Tomorrow 8:15", "2026-11-26T08:15"),
            ("sat 02:00", "2026-11-28T02:00"),
            ("saturday 02:00", "2026-11-28T02:00"),
            ("wed 14:00", "2026-12-02T14:00"),
            ("wed 15:00", "2026-11-25T15:00"),
            ("fri", "2026-11-27T20:00"),
            ("14:00", "2026-11-26T14:00"),
            ("14:30", "2026-11-25T14:30"),
            ("2026-11-30 20:00", "2026-11-30T20:00"),
            ("2026-11-30T20:00", "2026-11-30T20:00"),
            ("2026-11-30t20:00:30", "2026-11-30T20:00"),
            ("2026-11-30", "2026-11-30T20:00"),
        ];
        for (text, expected) in cases {
            assert_eq!(at(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_refused_with_examples() {
        for text in [
            "",
            "satt 02:00",
            "2026-13-01 10:00",
            "25:00",
            "20",
            "+",
            "+4x",
            "+999999999d",
            "2026-11-30 20:61",
            "to 10:00",
            "10:00:00:00",
        ] {
            assert!(at(text).contains("is not a time"), "{text}: {}", at(text));
        }
        assert!(at("2026-11-30T20:00Z").contains("set utc"));
    }

    #[test]
    fn seconds_are_not_kept() {
        assert_eq!(at("2026-11-30 20:00:59"), "2026-11-30T20:00");
    }
}
