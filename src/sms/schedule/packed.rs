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

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;
    use proptest::prelude::*;

    use super::*;

    fn token(start: DateTime, recurrence: Recurrence) -> Token {
        Token {
            start: WireTime::new(start),
            is_gmt: false,
            duration: Span::default(),
            recurrence,
            other: Map::new(),
        }
    }

    fn at(year: i16, month: i8, day: i8, hour: i8, minute: i8) -> DateTime {
        datetime(year, month, day, hour, minute, 0, 0)
    }

    const fn span(days: u32, hours: u32, minutes: u32) -> Span {
        Span {
            days,
            hours,
            minutes,
        }
    }

    /// Every vector of the documentation and those computed from its layout.
    fn vectors() -> Vec<(&'static str, Token)> {
        use Recurrence::{Interval, MonthlyByDate, MonthlyByWeekday, Once, Weekly};
        let march = at(2026, 3, 1, 2, 0);
        let weekly = |day, weeks| Weekly { day, weeks };
        vec![
            ("7913788000080000", token(at(2004, 7, 19, 8, 30), Once)),
            (
                "55147880001B2000",
                token(at(2004, 7, 20, 8, 21), weekly(Weekday::Tuesday, 1)),
            ),
            (
                "55177880001E2000",
                token(at(2004, 7, 23, 8, 21), weekly(Weekday::Friday, 1)),
            ),
            (
                "0001170000100008",
                token(at(1998, 1, 1, 0, 0), Interval(Span::days(1))),
            ),
            (
                "0001170000100038",
                token(at(1998, 1, 1, 0, 0), Interval(Span::days(7))),
            ),
            ("00413E0000080000", token(march, Once)),
            (
                "00413E0000080001",
                Token {
                    is_gmt: true,
                    ..token(march, Once)
                },
            ),
            ("00413E0000100400", token(march, Interval(span(0, 4, 0)))),
            ("00413E000013C000", token(march, Interval(span(0, 0, 30)))),
            (
                "00473E00001F4000",
                token(at(2026, 3, 7, 2, 0), weekly(Weekday::Saturday, 2)),
            ),
            (
                "00233E00181B2000",
                token(at(2026, 3, 3, 1, 0), weekly(Weekday::Tuesday, 1)).lasting(span(0, 3, 0)),
            ),
            (
                "004A3E0000231400",
                token(
                    at(2026, 3, 10, 2, 0),
                    MonthlyByWeekday {
                        day: Weekday::Tuesday,
                        order: WeekOrder::Second,
                        months: 1,
                    },
                ),
            ),
            (
                "005B3E0000263000",
                token(
                    at(2026, 3, 27, 2, 0),
                    MonthlyByWeekday {
                        day: Weekday::Friday,
                        order: WeekOrder::Last,
                        months: 3,
                    },
                ),
            ),
            (
                "004F3E00002BCC00",
                token(at(2026, 3, 15, 2, 0), MonthlyByDate { day: 15, months: 3 }),
            ),
            (
                "005F3E0000280400",
                token(at(2026, 3, 31, 2, 0), MonthlyByDate { day: 0, months: 1 }),
            ),
        ]
    }

    /// The maintenance windows the class page publishes: an hour at 01:00 every day, week and month.
    fn windows() -> Vec<(&'static str, Recurrence)> {
        vec![
            ("0034394008100008", Recurrence::Interval(Span::days(1))),
            (
                "00343940081A2000",
                Recurrence::Weekly {
                    day: Weekday::Monday,
                    weeks: 1,
                },
            ),
            (
                "0034394008284400",
                Recurrence::MonthlyByDate { day: 1, months: 1 },
            ),
        ]
    }

    #[test]
    fn the_vectors_are_read() {
        for (text, token) in vectors() {
            assert_eq!(unpack(text), Ok(vec![token]), "{text}");
        }
    }

    #[test]
    fn the_vectors_are_printed() {
        for (text, token) in vectors() {
            assert_eq!(pack(&[token]).as_deref(), Ok(text));
        }
    }

    #[test]
    fn the_published_windows_last_an_hour() {
        for (text, recurrence) in windows() {
            let tokens = unpack(text).unwrap();
            assert_eq!(tokens[0].recurrence, recurrence, "{text}");
            assert_eq!(tokens[0].duration, span(0, 1, 0), "{text}");
            assert_eq!(tokens[0].start.digits().time().hour(), 1, "{text}");
            assert_eq!(pack(&tokens).as_deref(), Ok(text));
        }
    }

    #[test]
    fn tokens_stand_end_to_end() {
        let both = unpack("00413E00000800000001170000100008").unwrap();
        assert_eq!(both.len(), 2);
        assert_eq!(pack(&both).unwrap(), "00413E00000800000001170000100008");
        assert_eq!(unpack(""), Ok(Vec::new()));
    }

    #[test]
    fn a_text_that_is_none_says_why() {
        assert_eq!(unpack("00413E00"), Err(UnpackError::Length(8)));
        let start = |text: &str| Err(UnpackError::Start(text.to_owned()));
        assert_eq!(unpack("0000000000080000"), start("0000000000080000"));
        assert_eq!(
            unpack("00423E00001F400G"),
            Err(UnpackError::NotHex("00423E00001F400G".into()))
        );
        assert_eq!(
            unpack("+0423E00001F4000"),
            Err(UnpackError::NotHex("+0423E00001F4000".into()))
        );
        assert!(matches!(
            unpack("00413E0000300000"),
            Err(UnpackError::Kind { kind: 6, .. })
        ));
        assert_eq!(
            unpack("éééééééé").unwrap_err().to_string(),
            "'éééééééé' is not hexadecimal"
        );
    }

    #[test]
    fn what_does_not_fit_into_the_words_is_refused() {
        let march = at(2026, 3, 1, 2, 0);
        assert_eq!(
            pack(&[token(at(2034, 1, 1, 0, 0), Recurrence::Once)]),
            Err(PackError::Year(2034))
        );
        for odd in [
            Recurrence::Weekly {
                day: Weekday::Monday,
                weeks: 5,
            },
            Recurrence::Weekly {
                day: Weekday::Other(0),
                weeks: 1,
            },
            Recurrence::MonthlyByDate { day: 32, months: 1 },
            Recurrence::MonthlyByDate { day: 1, months: 13 },
            Recurrence::Interval(span(32, 0, 0)),
            Recurrence::Interval(span(0, 0, 60)),
        ] {
            assert!(matches!(
                pack(&[token(march, odd)]),
                Err(PackError::Range { .. })
            ));
        }
        let lunar = Recurrence::Other("SMS_ST_Lunar".to_owned());
        assert_eq!(
            pack(&[token(march, lunar)]),
            Err(PackError::Kind("SMS_ST_Lunar".to_owned()))
        );
    }

    fn recurrences() -> impl Strategy<Value = Recurrence> {
        let day = (1u32..=7).prop_map(Weekday::from);
        let order = (0u32..=4).prop_map(WeekOrder::from);
        prop_oneof![
            Just(Recurrence::Once),
            (0u32..=31, 0u32..=23, 0u32..=59)
                .prop_map(|(d, h, m)| Recurrence::Interval(span(d, h, m))),
            (day.clone(), 1u32..=4).prop_map(|(day, weeks)| Recurrence::Weekly { day, weeks }),
            (day, order, 1u32..=12).prop_map(|(day, order, months)| Recurrence::MonthlyByWeekday {
                day,
                order,
                months
            }),
            (0u32..=31, 1u32..=12)
                .prop_map(|(day, months)| Recurrence::MonthlyByDate { day, months }),
        ]
    }

    fn tokens() -> impl Strategy<Value = Token> {
        let start = (1970i16..=2033, 1i8..=12, 1i8..=28, 0i8..=23, 0i8..=59)
            .prop_map(|(year, month, day, hour, minute)| at(year, month, day, hour, minute));
        let duration = (0u32..=31, 0u32..=23, 0u32..=59).prop_map(|(d, h, m)| span(d, h, m));
        (start, duration, any::<bool>(), recurrences()).prop_map(
            |(start, duration, is_gmt, recurrence)| Token {
                is_gmt,
                ..token(start, recurrence).lasting(duration)
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(tokens in proptest::collection::vec(tokens(), 0..15)) {
            let text = pack(&tokens).unwrap();
            prop_assert_eq!(text.len(), tokens.len() * 16);
            prop_assert_eq!(unpack(&text), Ok(tokens));
        }

        #[test]
        fn what_is_embedded_is_read_back(token in tokens()) {
            let text = serde_json::to_string(&token).unwrap();
            prop_assert_eq!(serde_json::from_str::<Token>(&text).unwrap(), token);
        }

        #[test]
        fn no_word_makes_it_panic(word in any::<u64>(), text in ".{0,40}") {
            let _ = unpack(&format!("{word:016x}")).map(|tokens| pack(&tokens));
            let _ = unpack(&text);
        }

        #[test]
        fn an_occurrence_is_never_before_it_was_asked_for(token in tokens(), year in 1990i16..2060, day in 1i16..=365) {
            let from = jiff::civil::date(year, 1, 1).at(12, 0, 0, 0) + jiff::ToSpan::days(day);
            if let Some(due) = token.next_from(from) {
                prop_assert!(due >= from && due >= token.start.digits());
                prop_assert_eq!(token.next_from(due), Some(due));
            }
        }
    }
}
