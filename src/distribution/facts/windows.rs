//! Maintenance windows: when the devices of a target can run a program at last. Pure.
//!
//! A device obeys the windows of every collection it is in; windows that overlap or touch count as one. A program
//! starts only where what is left of a window is as long as its maximum run time; an unknown run time starts anyway.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

use super::answers::{WindowGroup, WindowsFact};
use crate::sms::schedule::{Token, unpack};

/// How far ahead a window is looked for.
const HORIZON_DAYS: i32 = 400;

/// When devices can start, told apart by the windows they obey.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forecast {
    /// Devices without any window: they start as soon as it is due.
    pub at_once: u64,
    /// Devices by the moment their window lets them start, on their own clock.
    pub starts: BTreeMap<DateTime, u64>,
    /// Devices whose windows are all too short.
    pub never: u64,
    /// The longest window of those, in minutes.
    pub longest_too_short: i64,
    /// Devices with a window whose schedule could not be read, or that has opened for the last time.
    pub unclear: u64,
}

/// When the devices of these groups can start a program that needs so many minutes, from that moment on.
///
/// `zone` stands in for the devices' zone where a window is told in UTC.
pub fn forecast(windows: &WindowsFact, from: DateTime, minutes: i64, zone: &TimeZone) -> Forecast {
    let mut forecast = Forecast::default();
    for (start, group) in starts(windows, from, minutes, zone) {
        match start {
            Start::AtOnce => forecast.at_once += group.devices,
            Start::At(at) => *forecast.starts.entry(at).or_default() += group.devices,
            Start::Never { longest } => {
                forecast.never += group.devices;
                forecast.longest_too_short = forecast.longest_too_short.max(longest);
            }
            Start::Unclear => forecast.unclear += group.devices,
        }
    }
    forecast
}

/// The same group by group.
pub fn starts<'w>(
    windows: &'w WindowsFact,
    from: DateTime,
    minutes: i64,
    zone: &TimeZone,
) -> impl Iterator<Item = (Start, &'w WindowGroup)> {
    let groups = windows.groups.iter();
    groups.map(move |group| (start_of(&group.schedules, from, minutes, zone), group))
}

/// When the devices of one group can start. Ordered as they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Start {
    /// They have no window.
    AtOnce,
    At(DateTime),
    Unclear,
    /// All their windows are too short; the longest has so many minutes.
    Never {
        longest: i64,
    },
}

fn start_of(schedules: &[String], from: DateTime, minutes: i64, zone: &TimeZone) -> Start {
    if schedules.is_empty() {
        return Start::AtOnce;
    }
    let Ok(tokens) = schedules
        .iter()
        .map(|schedule| unpack(schedule))
        .collect::<Result<Vec<_>, _>>()
    else {
        return Start::Unclear;
    };
    let tokens: Vec<Token> = tokens.into_iter().flatten().collect();
    let Ok(horizon) = from.checked_add(HORIZON_DAYS.days()) else {
        return Start::Unclear;
    };
    let mut longest = None;
    let mut cursor = from;
    while let Some((opens, closes)) =
        next_opening(&tokens, cursor, zone).filter(|(opens, _)| *opens < horizon)
    {
        let start = opens.max(cursor);
        let room = closes.duration_since(start).as_mins();
        if room >= minutes {
            return Start::At(start);
        }
        // A window that was already open is longer than what is left of it.
        longest = longest.max(Some(closes.duration_since(opens).as_mins()));
        cursor = closes;
    }
    match longest {
        Some(longest) if longest < minutes => Start::Never { longest },
        _ => Start::Unclear,
    }
}

/// The next stretch of time in which any of the windows is open, overlapping ones joined.
fn next_opening(
    tokens: &[Token],
    cursor: DateTime,
    zone: &TimeZone,
) -> Option<(DateTime, DateTime)> {
    let (opens, mut closes) = tokens
        .iter()
        .filter_map(|token| open_window(token, cursor, zone))
        .min()?;
    loop {
        let further = tokens
            .iter()
            .filter_map(|token| open_window(token, closes, zone))
            .filter(|(start, end)| *start <= closes && *end > closes)
            .map(|(_, end)| end)
            .max();
        match further {
            // A window that never closes for as long as anybody looks needs no exact end.
            Some(end) if end.duration_since(opens) < SignedDuration::from_hours(24 * 40) => {
                closes = end;
            }
            Some(end) => return Some((opens, end)),
            None => return Some((opens, closes)),
        }
    }
}

/// The window of one token that is open at this moment of a device's clock, or opens next.
fn open_window(token: &Token, at: DateTime, zone: &TimeZone) -> Option<(DateTime, DateTime)> {
    if !token.is_gmt {
        return token.next_window(at);
    }
    let utc = at
        .to_zoned(zone.clone())
        .ok()?
        .with_time_zone(TimeZone::UTC)
        .datetime();
    let (opens, closes) = token.next_window(utc)?;
    let wall = |utc: DateTime| {
        Some(
            utc.to_zoned(TimeZone::UTC)
                .ok()?
                .with_time_zone(zone.clone())
                .datetime(),
        )
    };
    Some((wall(opens)?, wall(closes)?))
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, datetime};

    use super::*;
    use crate::sms::schedule::{self, Recurrence, Span, pack};
    use crate::sms::time::Moment;

    /// A Wednesday, 20:00.
    fn evening() -> DateTime {
        datetime(2026, 11, 25, 20, 0, 0, 0)
    }

    fn daily(hour: i8, minutes: u32) -> String {
        every_day(hour, minutes, false)
    }

    fn every_day(hour: i8, minutes: u32, utc: bool) -> String {
        let start = datetime(2026, 1, 1, hour, 0, 0, 0);
        let moment = if utc {
            Moment::Utc(start.to_zoned(TimeZone::UTC).unwrap().timestamp())
        } else {
            Moment::DeviceClock(start)
        };
        let token =
            Token::new(moment, Recurrence::Interval(Span::days(1))).lasting(Span::minutes(minutes));
        pack(&[token]).unwrap()
    }

    fn weekly(day: schedule::Weekday, hour: i8, minutes: u32) -> String {
        let start = Moment::DeviceClock(datetime(2026, 1, 1, hour, 0, 0, 0));
        let token =
            Token::new(start, Recurrence::Weekly { day, weeks: 1 }).lasting(Span::minutes(minutes));
        pack(&[token]).unwrap()
    }

    fn fact(groups: &[(u64, &[String])]) -> WindowsFact {
        let groups = groups
            .iter()
            .map(|(devices, schedules)| WindowGroup {
                devices: *devices,
                schedules: schedules.to_vec(),
            })
            .collect();
        WindowsFact { groups }
    }

    #[test]
    fn devices_are_told_apart_by_their_windows() {
        let windows = fact(&[
            (12, &[daily(22, 120)]),
            (20, &[weekly(schedule::Weekday::Saturday, 2, 240)]),
            (5, &[daily(1, 60)]),
            (3, &[]),
        ]);
        let forecast = forecast(&windows, evening(), 90, &TimeZone::UTC);
        assert_eq!(forecast.at_once, 3);
        assert_eq!((forecast.never, forecast.longest_too_short), (5, 60));
        let starts: Vec<_> = forecast.starts.into_iter().collect();
        assert_eq!(
            starts,
            [
                (datetime(2026, 11, 25, 22, 0, 0, 0), 12),
                (datetime(2026, 11, 28, 2, 0, 0, 0), 20)
            ]
        );
        assert_eq!(starts[1].0.weekday(), Weekday::Saturday);
    }

    #[test]
    fn an_open_window_counts_with_what_is_left_of_it() {
        let windows = fact(&[(1, &[daily(19, 120)])]);
        let from = |minutes| forecast(&windows, evening(), minutes, &TimeZone::UTC).starts;
        assert_eq!(from(60).into_keys().next(), Some(evening()));
        assert_eq!(
            from(61).into_keys().next(),
            Some(datetime(2026, 11, 26, 19, 0, 0, 0))
        );
    }

    #[test]
    fn windows_of_several_collections_join_where_they_touch() {
        let windows = fact(&[(1, &[daily(1, 60), daily(2, 60)])]);
        let both = forecast(&windows, evening(), 120, &TimeZone::UTC);
        assert_eq!(
            both.starts.into_keys().next(),
            Some(datetime(2026, 11, 26, 1, 0, 0, 0))
        );
    }

    #[test]
    fn an_unknown_run_time_starts_in_any_window() {
        let windows = fact(&[(1, &[daily(1, 5)])]);
        assert_eq!(
            forecast(&windows, evening(), 0, &TimeZone::UTC)
                .starts
                .len(),
            1
        );
    }

    #[test]
    fn a_window_in_utc_moves_to_the_clock_of_the_zone() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let windows = fact(&[(1, &[every_day(22, 60, true)])]);
        let start = forecast(&windows, evening(), 30, &berlin)
            .starts
            .into_keys()
            .next();
        assert_eq!(start, Some(datetime(2026, 11, 25, 23, 0, 0, 0)));
    }

    #[test]
    fn a_window_of_all_day_every_day_is_always_open() {
        let windows = fact(&[(1, &[daily(0, 1440)])]);
        let start = forecast(&windows, evening(), 720, &TimeZone::UTC)
            .starts
            .into_keys()
            .next();
        assert_eq!(start, Some(evening()));
    }

    #[test]
    fn what_cannot_be_read_or_is_over_is_unclear_not_never() {
        let over = Token::once(Moment::DeviceClock(datetime(2026, 1, 1, 1, 0, 0, 0)))
            .lasting(Span::minutes(60));
        let windows = fact(&[(2, &["zz".into()]), (3, &[pack(&[over]).unwrap()])]);
        let forecast = forecast(&windows, evening(), 30, &TimeZone::UTC);
        assert_eq!((forecast.unclear, forecast.never), (5, 0));
    }
}
