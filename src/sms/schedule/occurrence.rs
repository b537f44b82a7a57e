//! When a schedule comes due: the digits of its occurrences, in the clock its token names.

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, ToSpan};

use super::{Recurrence, Token, WeekOrder, Weekday};

/// Where the search for a month that has the wanted day ends: no such month comes within a leap-year cycle.
const MOST_MONTHS: i32 = 12 * 8;

impl Token {
    /// The first occurrence at or after these digits.
    ///
    /// `None` when none comes any more, and for a token that has no meaning: one of an unknown kind or with values
    /// out of range.
    pub fn next_from(&self, from: DateTime) -> Option<DateTime> {
        let start = self.start.digits();
        match self.recurrence {
            Recurrence::Once => (start >= from).then_some(start),
            Recurrence::Interval(every) => next_by_interval(start, every.total_minutes(), from),
            Recurrence::Weekly { day, weeks } => {
                let first = first_weekday(start, day)?;
                next_by_interval(first, weeks.checked_mul(7 * 24 * 60)?, from)
            }
            Recurrence::MonthlyByWeekday { day, order, months } => {
                next_by_month(start, months, from, |month| {
                    weekday_of_month(month, day, order)
                })
            }
            Recurrence::MonthlyByDate { day, months } => {
                next_by_month(start, months, from, |month| day_of_month(month, day))
            }
            Recurrence::Other(_) => None,
        }
    }

    /// The span of digits that is open at these digits or opens next, for a maintenance window.
    pub fn next_window(&self, now: DateTime) -> Option<(DateTime, DateTime)> {
        let length = SignedDuration::from_mins(self.duration.total_minutes().into());
        let opened_since = now.checked_sub(length).ok()?;
        let opens = self.next_from(opened_since)?;
        let closes = opens.checked_add(length).ok()?;
        if closes > now {
            return Some((opens, closes));
        }
        // It closed at this very moment.
        let opens = self.next_from(now)?;
        Some((opens, opens.checked_add(length).ok()?))
    }
}

/// Every so many minutes from the first time; with none between, that one time.
fn next_by_interval(first: DateTime, minutes: u32, from: DateTime) -> Option<DateTime> {
    if first >= from {
        return Some(first);
    }
    let passed = first.duration_until(from).as_secs();
    let period = i64::from(minutes) * 60;
    if period == 0 {
        return None;
    }
    let periods = (passed + period - 1) / period;
    first
        .checked_add(SignedDuration::from_secs(periods * period))
        .ok()
}

fn first_weekday(start: DateTime, day: Weekday) -> Option<DateTime> {
    let ahead = (day.in_week()? - Weekday::of(start).in_week()?).rem_euclid(7);
    start.checked_add(i64::from(ahead).days()).ok()
}

/// Every so many months, counted from the first month that has such a day at or after the start.
fn next_by_month(
    start: DateTime,
    months: u32,
    from: DateTime,
    day_in: impl Fn(Date) -> Option<Date>,
) -> Option<DateTime> {
    let months = i32::try_from(months).ok().filter(|months| *months > 0)?;
    let occurrence = |ahead: i32| {
        let month = start
            .date()
            .first_of_month()
            .checked_add(ahead.months())
            .ok()?;
        Some(day_in(month)?.to_datetime(start.time()))
    };
    let first =
        (0..MOST_MONTHS).find(|ahead| occurrence(*ahead).is_some_and(|due| due >= start))?;
    // Months between the first occurrence and the one asked for, rounded down to a whole step before it.
    let to = from.date();
    let passed = (i32::from(to.year()) - i32::from(start.year())) * 12 + i32::from(to.month())
        - i32::from(start.month());
    let skipped = ((passed - first) / months - 1).max(0) * months;
    (0..MOST_MONTHS)
        .filter_map(|step| occurrence(first + skipped + step * months))
        .find(|due| *due >= from)
}

fn weekday_of_month(month: Date, day: Weekday, order: WeekOrder) -> Option<Date> {
    let nth = match order {
        WeekOrder::Last => -1,
        WeekOrder::First => 1,
        WeekOrder::Second => 2,
        WeekOrder::Third => 3,
        WeekOrder::Fourth => 4,
        WeekOrder::Other(_) => return None,
    };
    let weekday = jiff::civil::Weekday::from_sunday_one_offset(day.in_week()?).ok()?;
    month.nth_weekday_of_month(nth, weekday).ok()
}

/// A month that is too short for the day has none: that such months are skipped is unverified.
fn day_of_month(month: Date, day: u32) -> Option<Date> {
    match day {
        0 => Some(month.last_of_month()),
        _ => month.with().day(i8::try_from(day).ok()?).build().ok(),
    }
}

impl Weekday {
    /// 1 for Sunday to 7 for Saturday.
    fn in_week(self) -> Option<i8> {
        match self {
            Self::Other(_) => None,
            day => i8::try_from(u32::from(day)).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;

    use super::super::{Span, unpack};
    use super::*;

    /// The first occurrences of an interval string, from some digits on.
    fn due(text: &str, from: DateTime, count: usize) -> Vec<String> {
        let token = unpack(text).unwrap().remove(0);
        let mut found = Vec::new();
        let mut from = from;
        while let Some(next) = token.next_from(from).filter(|_| found.len() < count) {
            found.push(next.strftime("%Y-%m-%d %H:%M").to_string());
            from = next + 1.minute();
        }
        found
    }

    fn day(year: i16, month: i8, day: i8) -> DateTime {
        datetime(year, month, day, 0, 0, 0, 0)
    }

    #[test]
    fn once_comes_once() {
        assert_eq!(
            due("00413E0000080000", day(2026, 1, 1), 3),
            ["2026-03-01 02:00"]
        );
        assert!(due("00413E0000080000", day(2026, 3, 2), 3).is_empty());
    }

    #[test]
    fn an_interval_counts_from_its_start() {
        assert_eq!(
            due("00413E0000100400", datetime(2026, 3, 1, 5, 0, 0, 0), 3),
            ["2026-03-01 06:00", "2026-03-01 10:00", "2026-03-01 14:00"]
        );
        assert_eq!(
            due("0001170000100008", day(2026, 3, 1), 2),
            ["2026-03-01 00:00", "2026-03-02 00:00"]
        );
    }

    #[test]
    fn an_interval_of_nothing_comes_once() {
        let token = Token {
            recurrence: Recurrence::Interval(Span::default()),
            ..unpack("00413E0000080000").unwrap().remove(0)
        };
        assert_eq!(
            token.next_from(day(2026, 1, 1)),
            Some(datetime(2026, 3, 1, 2, 0, 0, 0))
        );
        assert_eq!(token.next_from(day(2026, 3, 2)), None);
    }

    #[test]
    fn weeks_are_counted_from_the_first_such_weekday() {
        assert_eq!(
            due("00473E00001F4000", day(2026, 3, 8), 2),
            ["2026-03-21 02:00", "2026-04-04 02:00"]
        );
    }

    #[test]
    fn months_are_counted_from_the_first_that_has_the_day() {
        // Second Tuesday of every month.
        assert_eq!(
            due("004A3E0000231400", day(2026, 3, 11), 2),
            ["2026-04-14 02:00", "2026-05-12 02:00"]
        );
        // Last Friday every three months.
        assert_eq!(
            due("005B3E0000263000", day(2026, 3, 28), 2),
            ["2026-06-26 02:00", "2026-09-25 02:00"]
        );
        // The 15th every three months, asked years later.
        assert_eq!(
            due("004F3E00002BCC00", day(2030, 1, 1), 2),
            ["2030-03-15 02:00", "2030-06-15 02:00"]
        );
        // The last day of every month.
        assert_eq!(
            due("005F3E0000280400", day(2027, 2, 1), 2),
            ["2027-02-28 02:00", "2027-03-31 02:00"]
        );
    }

    #[test]
    fn a_month_without_the_day_is_skipped() {
        let token = Token {
            recurrence: Recurrence::MonthlyByDate { day: 31, months: 1 },
            ..unpack("005F3E0000280400").unwrap().remove(0)
        };
        assert_eq!(
            token.next_from(day(2026, 4, 1)),
            Some(datetime(2026, 5, 31, 2, 0, 0, 0))
        );
    }

    #[test]
    fn a_window_that_is_open_counts_until_it_closes() {
        // Every day at 01:00 for an hour.
        let token = unpack("0034394008100008").unwrap().remove(0);
        let at = |hour, minute| datetime(2026, 3, 1, hour, minute, 0, 0);
        assert_eq!(token.next_window(at(0, 30)), Some((at(1, 0), at(2, 0))));
        assert_eq!(token.next_window(at(1, 59)), Some((at(1, 0), at(2, 0))));
        let tomorrow = (at(1, 0) + 1.day(), at(2, 0) + 1.day());
        assert_eq!(token.next_window(at(2, 0)), Some(tomorrow));
    }

    #[test]
    fn tokens_without_meaning_never_come() {
        let token = |recurrence| Token {
            recurrence,
            ..unpack("00413E0000080000").unwrap().remove(0)
        };
        for odd in [
            Recurrence::Weekly {
                day: Weekday::Other(0),
                weeks: 1,
            },
            Recurrence::MonthlyByDate { day: 32, months: 1 },
            Recurrence::MonthlyByDate { day: 1, months: 0 },
            Recurrence::MonthlyByWeekday {
                day: Weekday::Monday,
                order: WeekOrder::Other(5),
                months: 1,
            },
            Recurrence::Other("SMS_ST_Lunar".to_owned()),
        ] {
            assert_eq!(token(odd).next_from(day(2026, 1, 1)), None);
        }
    }
}
