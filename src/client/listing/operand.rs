//! The right side of a filter word, read as the field's form demands.

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, ToSpan};

use super::field::{FieldValue, Form};
use super::filter_words::Relation;

/// A value to compare a field with.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// Nothing typed yet: holds for every line.
    Anything,
    /// `none`: the object has no such value.
    Nothing,
    /// `?`: the site could not be asked.
    NotKnown,
    /// In lower case.
    Text(String),
    Number(f64),
    Size(u64),
    Span(SignedDuration),
    Time(When),
    Flag(bool),
}

/// A day or moment, some of them counted from now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum When {
    Day(Date),
    Moment(DateTime),
    Yesterday,
    Today,
    Tomorrow,
    /// Within the seven days from now.
    Week,
    Past,
    Future,
}

impl Operand {
    /// Reads what was typed; `None` when it does not fit.
    pub fn read(typed: &str, form: Form) -> Option<Self> {
        let lower = typed.to_lowercase();
        match lower.as_str() {
            "" => return Some(Self::Anything),
            "none" | "-" => return Some(Self::Nothing),
            "?" => return Some(Self::NotKnown),
            _ => {}
        }
        match form {
            Form::Text => Some(Self::Text(lower)),
            Form::Number => read_number(lower.trim_end_matches('%')).map(Self::Number),
            Form::Size => read_size(&lower).map(Self::Size),
            Form::Span => read_span(&lower).map(Self::Span),
            Form::Time => When::read(typed).map(Self::Time),
            Form::Flag => read_flag(&lower).map(Self::Flag),
        }
    }

    /// What can be typed, for the error that says so.
    pub const fn expected(form: Form) -> &'static str {
        match form {
            Form::Text => "text",
            Form::Number => "a number",
            Form::Size => "a size such as 500MB or 2GB",
            Form::Span => "a time such as 90m, 2h or 3d",
            Form::Time => "a day such as 2026-12-01, today, tomorrow, past or week",
            Form::Flag => "yes or no",
        }
    }

    /// Whether a value stands in this relation to it. What is not known holds for nothing.
    pub fn holds(&self, relation: Relation, value: &FieldValue<'_>, now: DateTime) -> bool {
        match (self, value) {
            (Self::Anything, _) => true,
            (Self::Nothing, value) => matches!(value, FieldValue::Absent),
            (Self::NotKnown, value) => matches!(value, FieldValue::Unknown),
            (Self::Text(part), FieldValue::Text(text)) => match relation {
                Relation::Holds => text.to_lowercase().contains(part.as_str()),
                _ => relation.fits(value.order(&FieldValue::text(part))),
            },
            (Self::Number(right), FieldValue::Number(left)) => relation.fits(left.total_cmp(right)),
            (Self::Size(right), FieldValue::Size(left)) => relation.fits(left.cmp(right)),
            (Self::Span(right), FieldValue::Span(left)) => relation.fits(left.cmp(right)),
            (Self::Flag(right), FieldValue::Flag(left)) => relation.fits(left.cmp(right)),
            (Self::Time(when), FieldValue::Time(time)) => when.holds(relation, time.digits, now),
            _ => false,
        }
    }
}

impl When {
    fn read(typed: &str) -> Option<Self> {
        Some(match typed.to_lowercase().as_str() {
            "yesterday" => Self::Yesterday,
            "today" => Self::Today,
            "tomorrow" => Self::Tomorrow,
            "week" => Self::Week,
            "past" => Self::Past,
            "future" => Self::Future,
            _ if typed.contains(['T', 't']) => Self::Moment(typed.parse().ok()?),
            _ => Self::Day(typed.parse().ok()?),
        })
    }

    /// The first and the last moment it covers.
    pub fn covers(self, now: DateTime) -> Option<(DateTime, DateTime)> {
        let day = |date: Date| (date.to_datetime(Time::MIN), date.to_datetime(Time::MAX));
        Some(match self {
            Self::Day(date) => day(date),
            Self::Moment(moment) => (moment, moment),
            Self::Yesterday => day(now.date().yesterday().ok()?),
            Self::Today => day(now.date()),
            Self::Tomorrow => day(now.date().tomorrow().ok()?),
            Self::Week => (now, now.checked_add(7.days()).ok()?),
            Self::Past => (DateTime::MIN, now),
            Self::Future => (now, DateTime::MAX),
        })
    }

    fn holds(self, relation: Relation, time: DateTime, now: DateTime) -> bool {
        let Some((first, last)) = self.covers(now) else {
            return false;
        };
        match relation {
            Relation::Holds => first <= time && time <= last,
            Relation::Above => time > last,
            Relation::Below => time < first,
            Relation::AtLeast => time >= first,
            Relation::AtMost => time <= last,
        }
    }
}

impl Relation {
    fn fits(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Holds => order.is_eq(),
            Self::Above => order.is_gt(),
            Self::Below => order.is_lt(),
            Self::AtLeast => order.is_ge(),
            Self::AtMost => order.is_le(),
        }
    }
}

fn read_number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// `500mb`, `1.5 gb`, `2048k`; a bare figure counts megabytes, the unit sizes are mostly shown in.
fn read_size(text: &str) -> Option<u64> {
    let split = text
        .find(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (figure, unit) = text.split_at(split);
    let factor = match unit {
        "b" => 1.0,
        "k" | "kb" => 1024.0,
        "" | "m" | "mb" => 1024.0 * 1024.0,
        "g" | "gb" => 1024.0 * 1024.0 * 1024.0,
        "t" | "tb" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    let bytes = read_number(figure.trim())? * factor;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "negative sizes are refused, fractions of a byte mean nothing, and the cast saturates"
    )]
    (bytes >= 0.0).then_some(bytes as u64)
}

fn read_span(text: &str) -> Option<SignedDuration> {
    let unit = text.chars().next_back()?;
    let seconds = match unit {
        's' => 1.0,
        'm' => 60.0,
        'h' => 3600.0,
        'd' => 86_400.0,
        'w' => 604_800.0,
        _ => return None,
    };
    let figure = read_number(text.trim_end_matches(unit).trim())?;
    SignedDuration::try_from_secs_f64(figure * seconds).ok()
}

fn read_flag(text: &str) -> Option<bool> {
    match text {
        "yes" | "y" | "true" | "on" | "1" => Some(true),
        "no" | "n" | "false" | "off" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::client::listing::Clock;
    use crate::sms::time::Moment;

    fn now() -> DateTime {
        date(2026, 11, 28).at(14, 0, 0, 0)
    }

    fn holds(typed: &str, form: Form, relation: Relation, value: &FieldValue<'_>) -> bool {
        Operand::read(typed, form)
            .unwrap()
            .holds(relation, value, now())
    }

    #[test]
    fn text_is_looked_for_without_case() {
        let igor = FieldValue::text("Igor Pavlov");
        assert!(holds("pav", Form::Text, Relation::Holds, &igor));
        assert!(holds("IGOR", Form::Text, Relation::Holds, &igor));
        assert!(!holds("none", Form::Text, Relation::Holds, &igor));
        assert!(holds(
            "none",
            Form::Text,
            Relation::Holds,
            &FieldValue::Absent
        ));
    }

    #[test]
    fn percent_and_size_units_are_understood() {
        assert!(holds(
            "90%",
            Form::Number,
            Relation::Below,
            &FieldValue::Number(31.0)
        ));
        assert!(holds(
            "1.5MB",
            Form::Size,
            Relation::Above,
            &FieldValue::Size(1_677_722)
        ));
        assert!(holds(
            "2",
            Form::Size,
            Relation::Below,
            &FieldValue::Size(1_677_722)
        ));
        assert_eq!(Operand::read("5 apples", Form::Size), None);
    }

    #[test]
    fn days_cover_all_their_hours() {
        let eight = Moment::DeviceClock(date(2026, 11, 28).at(20, 0, 0, 0));
        let clock = Clock::in_zone(jiff::Timestamp::UNIX_EPOCH, jiff::tz::TimeZone::UTC);
        let tonight = FieldValue::Time(clock.told(eight));
        assert!(holds("today", Form::Time, Relation::Holds, &tonight));
        assert!(holds("2026-11-28", Form::Time, Relation::Holds, &tonight));
        assert!(!holds("2026-11-28", Form::Time, Relation::Above, &tonight));
        assert!(holds(
            "2026-11-28T19:00",
            Form::Time,
            Relation::Above,
            &tonight
        ));
        assert!(holds("week", Form::Time, Relation::Holds, &tonight));
        assert!(!holds("past", Form::Time, Relation::Holds, &tonight));
    }

    #[test]
    fn what_the_site_could_not_say_holds_for_nothing_but_a_question_mark() {
        assert!(!holds(
            "0",
            Form::Number,
            Relation::AtLeast,
            &FieldValue::Unknown
        ));
        assert!(holds(
            "?",
            Form::Number,
            Relation::Holds,
            &FieldValue::Unknown
        ));
    }

    #[test]
    fn spans_need_their_unit() {
        let half_a_day = FieldValue::Span(SignedDuration::from_hours(12));
        assert!(holds("1d", Form::Span, Relation::Below, &half_a_day));
        assert_eq!(Operand::read("12", Form::Span), None);
    }
}
