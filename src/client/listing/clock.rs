//! Times in a list: told against the moment the list was read, so that nothing shown grows older by itself.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Unit, Zoned};

use crate::sms::time::{Moment, WireTime};

/// This machine's clock at the moment something was read.
#[derive(Debug, Clone)]
pub struct Clock {
    now: Zoned,
}

/// A moment in a list: digits for people, and what other programs are told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    pub digits: DateTime,
    moment: Moment,
}

impl At {
    /// ISO 8601: UTC as that, and a device's own clock without an offset, because each device has another.
    pub fn iso(self) -> String {
        iso(self.moment)
    }
}

/// The same of a moment by itself.
pub fn iso(moment: Moment) -> String {
    match moment {
        Moment::Utc(timestamp) => timestamp.to_string(),
        Moment::DeviceClock(digits) => digits.to_string(),
    }
}

impl Clock {
    /// The clock of this machine's own zone.
    pub fn at(read_at: Timestamp) -> Self {
        Self::in_zone(read_at, TimeZone::system())
    }

    pub fn in_zone(read_at: Timestamp, zone: TimeZone) -> Self {
        Self {
            now: read_at.to_zoned(zone),
        }
    }

    pub fn now(&self) -> DateTime {
        self.now.datetime()
    }

    /// This machine's zone.
    pub fn zone(&self) -> &TimeZone {
        self.now.time_zone()
    }

    /// The digits people read: UTC moments in this machine's zone, a device's own clock as it stands.
    pub fn digits(&self, moment: Moment) -> DateTime {
        match moment {
            Moment::Utc(timestamp) => self.zone().to_datetime(timestamp),
            Moment::DeviceClock(digits) => digits,
        }
    }

    /// The same, beside the moment.
    pub fn told(&self, moment: Moment) -> At {
        At {
            digits: self.digits(moment),
            moment,
        }
    }

    /// The same for a property that is always UTC.
    pub fn utc(&self, time: Option<WireTime>) -> Option<At> {
        let moment = time?.as_utc()?;
        Some(self.told(Moment::Utc(moment)))
    }

    /// How long ago; nothing for what lies ahead, which a clock set wrong can bring about.
    pub fn since(&self, time: Option<WireTime>) -> Option<SignedDuration> {
        let age = self.now.timestamp().duration_since(time?.as_utc()?);
        (!age.is_negative()).then_some(age)
    }

    /// Whether it has come. A device's own clock is taken to stand as this machine's: the nearest one can say.
    pub fn has_come(&self, moment: Moment) -> bool {
        self.digits(moment) <= self.now()
    }

    /// As short as it can be told: `today 20:00`, `Mon 20:00`, `yesterday`, `28 Nov`, `2025-11-28`.
    pub fn near(&self, at: DateTime) -> String {
        match self.days_until(at) {
            0 => at.strftime("today %H:%M").to_string(),
            -1 => "yesterday".to_owned(),
            1..7 => at.strftime("%a %H:%M").to_string(),
            _ if at.year() != self.now().year() => at.strftime("%Y-%m-%d").to_string(),
            days if days < 0 => at.strftime("%-d %b").to_string(),
            _ => at.strftime("%-d %b %H:%M").to_string(),
        }
    }

    /// When something past was, to the minute on the same day: `13:50`, `yesterday`, `3 Nov`.
    pub fn past(&self, at: DateTime) -> String {
        match self.days_until(at) {
            0 => at.strftime("%H:%M").to_string(),
            _ => self.near(at),
        }
    }

    /// In a sentence, with its clock: `Mon 30 Nov 20:00 (device time)`.
    pub fn in_full(&self, moment: Moment) -> String {
        let at = self.digits(moment);
        let clock = if moment.is_utc() {
            ""
        } else {
            " (device time)"
        };
        let digits = if at.year() == self.now().year() {
            at.strftime("%a %-d %b %H:%M")
        } else {
            at.strftime("%a %-d %b %Y %H:%M")
        };
        format!("{digits}{clock}")
    }

    fn days_until(&self, at: DateTime) -> i32 {
        let span = self.now().date().until((Unit::Day, at.date()));
        span.map_or(i32::MAX, |span| span.get_days())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn clock() -> Clock {
        Clock::in_zone(
            "2026-11-28T13:02:00Z".parse().unwrap(),
            TimeZone::get("Europe/Berlin").unwrap(),
        )
    }

    #[test]
    fn times_are_told_as_short_as_they_can_be() {
        let near = |month, day, hour| clock().near(date(2026, month, day).at(hour, 0, 0, 0));
        assert_eq!(near(11, 28, 20), "today 20:00");
        assert_eq!(near(11, 30, 20), "Mon 20:00");
        assert_eq!(near(11, 27, 3), "yesterday");
        assert_eq!(near(11, 3, 3), "3 Nov");
        assert_eq!(near(12, 24, 18), "24 Dec 18:00");
        assert_eq!(clock().near(date(2027, 1, 2).at(0, 0, 0, 0)), "2027-01-02");
        assert_eq!(clock().past(date(2026, 11, 28).at(13, 50, 0, 0)), "13:50");
    }

    #[test]
    fn utc_is_told_in_this_zone_and_device_time_as_it_stands() {
        let eight = date(2026, 11, 30).at(20, 0, 0, 0);
        assert_eq!(
            clock().in_full(Moment::DeviceClock(eight)),
            "Mon 30 Nov 20:00 (device time)"
        );
        let utc = Moment::Utc("2026-11-30T20:00:00Z".parse().unwrap());
        assert_eq!(clock().in_full(utc), "Mon 30 Nov 21:00");
    }

    #[test]
    fn other_programs_are_told_the_zone_as_far_as_it_is_known() {
        let utc = Moment::Utc("2026-11-30T20:00:00Z".parse().unwrap());
        let told = clock().told(utc);
        assert_eq!(told.digits, date(2026, 11, 30).at(21, 0, 0, 0));
        assert_eq!(told.iso(), "2026-11-30T20:00:00Z");
        let eight = Moment::DeviceClock(date(2026, 11, 30).at(20, 0, 0, 0));
        assert_eq!(clock().told(eight).iso(), "2026-11-30T20:00:00");
    }

    #[test]
    fn what_lies_ahead_has_no_age() {
        let clock = clock();
        let time = |text: &str| text.parse::<WireTime>().ok();
        assert_eq!(
            clock.since(time("2026-11-28T12:50:00Z")),
            Some(SignedDuration::from_mins(12))
        );
        assert_eq!(clock.since(time("2026-11-28T14:00:00Z")), None);
        assert_eq!(clock.since(time("1990-01-01T00:00:00Z")), None);
    }
}
