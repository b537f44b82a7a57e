//! Interval strings: a token in two 32-bit words, printed as sixteen hexadecimal digits; several stand end to end.
//!
//! ```text
//! word 1   31–26 start minute · 25–21 hour · 20–16 day · 15–12 month · 11–6 year − 1970 · 5–0 duration minutes
//! word 2   31–27 duration hours · 26–22 duration days · 21–19 kind · 0 UTC, and between them by kind:
//!          2 interval            18–13 minutes · 12–8 hours · 7–3 days
//!          3 weekly              18–16 weekday · 15–13 weeks
//!          4 monthly by weekday  18–16 weekday · 15–12 months · 11–9 week order
//!          5 monthly by date     18–14 date · 13–10 months
//! ```
//!
//! Kind 4 is unverified. Seconds and members this program does not know are lost.

use jiff::civil::{Date, DateTime};
use serde_json::Map;
use thiserror::Error;

use super::{LAST_PACKED_YEAR, Recurrence, Span, Token, WeekOrder, Weekday};
use crate::sms::time::WireTime;

const FIRST_YEAR: i16 = 1970;

/// Why a token has no packed form.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PackError {
    #[error("a schedule can be packed only up to {LAST_PACKED_YEAR}, and this one starts in {0}")]
    Year(i16),
    #[error("{what} of a schedule may be {least} to {most}, not {value}")]
    Range {
        what: &'static str,
        value: u32,
        least: u32,
        most: u32,
    },
    #[error("schedules of class {0} have no packed form here")]
    Kind(String),
}

/// Why a text is not an interval string.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UnpackError {
    #[error(
        "an interval string has sixteen hexadecimal digits for each schedule, and this has {0} characters"
    )]
    Length(usize),
    #[error("'{0}' is not hexadecimal")]
    NotHex(String),
    #[error("'{0}' starts at no date of the calendar")]
    Start(String),
    #[error("'{text}' is of kind {kind}, which is none of 1 to 5")]
    Kind { text: String, kind: u32 },
}

/// The interval string of these tokens.
pub fn pack(tokens: &[Token]) -> Result<String, PackError> {
    tokens.iter().map(pack_one).collect()
}

/// The tokens of an interval string.
pub fn unpack(text: &str) -> Result<Vec<Token>, UnpackError> {
    let text = text.trim();
    if !text.len().is_multiple_of(16) {
        return Err(UnpackError::Length(text.len()));
    }
    text.as_bytes().chunks(16).map(unpack_one).collect()
}

/// Bits being put in place, from the high end to the low.
struct Word(u32);

impl Word {
    fn put(
        &mut self,
        what: &'static str,
        value: u32,
        at: u32,
        range: (u32, u32),
    ) -> Result<(), PackError> {
        let (least, most) = range;
        if !(least..=most).contains(&value) {
            return Err(PackError::Range {
                what,
                value,
                least,
                most,
            });
        }
        self.0 |= value << at;
        Ok(())
    }
}

fn pack_one(token: &Token) -> Result<String, PackError> {
    let start = token.start.digits();
    if !(FIRST_YEAR..=LAST_PACKED_YEAR).contains(&start.year()) {
        return Err(PackError::Year(start.year()));
    }
    let Span {
        days,
        hours,
        minutes,
    } = token.duration;
    let mut first = Word(
        number(start.minute()) << 26
            | number(start.hour()) << 21
            | number(start.day()) << 16
            | number(start.month()) << 12
            | u32::from((start.year() - FIRST_YEAR).unsigned_abs()) << 6,
    );
    first.put("the minutes of the duration", minutes, 0, (0, 59))?;
    let mut second = Word(u32::from(token.is_gmt));
    second.put("the hours of the duration", hours, 27, (0, 23))?;
    second.put("the days of the duration", days, 22, (0, 31))?;
    put_recurrence(&mut second, &token.recurrence)?;
    Ok(format!("{:08X}{:08X}", first.0, second.0))
}

fn number(part: i8) -> u32 {
    u32::from(part.unsigned_abs())
}

fn put_recurrence(word: &mut Word, recurrence: &Recurrence) -> Result<(), PackError> {
    let kind = |number: u32| number << 19;
    match recurrence {
        Recurrence::Once => word.0 |= kind(1),
        Recurrence::Interval(every) => {
            word.0 |= kind(2);
            word.put("the minutes between", every.minutes, 13, (0, 59))?;
            word.put("the hours between", every.hours, 8, (0, 23))?;
            word.put("the days between", every.days, 3, (0, 31))?;
        }
        Recurrence::Weekly { day, weeks } => {
            word.0 |= kind(3);
            word.put("the weekday", (*day).into(), 16, (1, 7))?;
            word.put("the weeks between", *weeks, 13, (1, 4))?;
        }
        Recurrence::MonthlyByWeekday { day, order, months } => {
            word.0 |= kind(4);
            word.put("the weekday", (*day).into(), 16, (1, 7))?;
            word.put("the months between", *months, 12, (1, 12))?;
            word.put("the week of the month", (*order).into(), 9, (0, 4))?;
        }
        Recurrence::MonthlyByDate { day, months } => {
            word.0 |= kind(5);
            word.put("the day of the month", *day, 14, (0, 31))?;
            word.put("the months between", *months, 10, (1, 12))?;
        }
        Recurrence::Other(class) => return Err(PackError::Kind(class.clone())),
    }
    Ok(())
}

/// The bits `high` to `low` of a word, both included.
fn bits(word: u32, high: u32, low: u32) -> u32 {
    word >> low & ((1 << (high - low + 1)) - 1)
}

fn unpack_one(digits: &[u8]) -> Result<Token, UnpackError> {
    let text = || String::from_utf8_lossy(digits).into_owned();
    let both = std::str::from_utf8(digits)
        .ok()
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .and_then(|text| u64::from_str_radix(text, 16).ok())
        .ok_or_else(|| UnpackError::NotHex(text()))?;
    let [first, second] = [both >> 32, both & u64::from(u32::MAX)]
        .map(|word| u32::try_from(word).unwrap_or_default());
    Ok(Token {
        start: WireTime::new(start(first).ok_or_else(|| UnpackError::Start(text()))?),
        is_gmt: bits(second, 0, 0) == 1,
        duration: Span {
            days: bits(second, 26, 22),
            hours: bits(second, 31, 27),
            minutes: bits(first, 5, 0),
        },
        recurrence: recurrence(second).map_err(|kind| UnpackError::Kind { text: text(), kind })?,
        other: Map::new(),
    })
}

fn start(word: u32) -> Option<DateTime> {
    let part = |high, low| i8::try_from(bits(word, high, low)).ok();
    let year = FIRST_YEAR + i16::try_from(bits(word, 11, 6)).ok()?;
    let date = Date::new(year, part(15, 12)?, part(20, 16)?).ok()?;
    let time = jiff::civil::Time::new(part(25, 21)?, part(31, 26)?, 0, 0).ok()?;
    Some(date.to_datetime(time))
}

/// How the word comes again, or its kind when that has no meaning.
fn recurrence(word: u32) -> Result<Recurrence, u32> {
    let day = || Weekday::from(bits(word, 18, 16));
    Ok(match bits(word, 21, 19) {
        1 => Recurrence::Once,
        2 => Recurrence::Interval(Span {
            days: bits(word, 7, 3),
            hours: bits(word, 12, 8),
            minutes: bits(word, 18, 13),
        }),
        3 => Recurrence::Weekly {
            day: day(),
            weeks: bits(word, 15, 13),
        },
        4 => Recurrence::MonthlyByWeekday {
            day: day(),
            order: WeekOrder::from(bits(word, 11, 9)),
            months: bits(word, 15, 12),
        },
        5 => Recurrence::MonthlyByDate {
            day: bits(word, 18, 14),
            months: bits(word, 13, 10),
        },
        kind => return Err(kind),
    })
}
