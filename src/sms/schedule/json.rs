//! Tokens as embedded objects: the class decides which members count, the rest is kept.

use serde::Deserialize;
use serde_json::{Map, Value};
use thiserror::Error;

use super::{Recurrence, Span, Token, WeekOrder, Weekday, never};
use crate::sms::time::NotATime;
use crate::sms::wire::{class_of, typed};

/// An embedded object before its class was looked at.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Read(Map<String, Value>);

#[derive(Debug, Error)]
pub(super) enum NotAToken {
    #[error("a schedule token names no class")]
    NoClass,
    #[error("{0} of a schedule token is not a number")]
    NotANumber(&'static str),
    #[error("StartTime of a schedule token: {0}")]
    Start(#[from] NotATime),
}

impl TryFrom<Read> for Token {
    type Error = NotAToken;

    fn try_from(Read(mut other): Read) -> Result<Self, NotAToken> {
        let class = class_of(&mut other).ok_or(NotAToken::NoClass)?;
        let start = match other.remove("StartTime") {
            Some(Value::String(text)) => text.parse()?,
            _ => never(),
        };
        let is_gmt = other.remove("IsGMT") == Some(Value::Bool(true));
        let mut number = |name, default| match other.remove(name) {
            None | Some(Value::Null) => Ok(default),
            Some(value) => value
                .as_u64()
                .and_then(|number| u32::try_from(number).ok())
                .ok_or(NotAToken::NotANumber(name)),
        };
        let duration = Span {
            days: number("DayDuration", 0)?,
            hours: number("HourDuration", 0)?,
            minutes: number("MinuteDuration", 0)?,
        };
        // Defaults are those of the class pages.
        let recurrence = match class.as_str() {
            "SMS_ST_NonRecurring" => Recurrence::Once,
            "SMS_ST_RecurInterval" => Recurrence::Interval(Span {
                days: number("DaySpan", 0)?,
                hours: number("HourSpan", 0)?,
                minutes: number("MinuteSpan", 0)?,
            }),
            "SMS_ST_RecurWeekly" => Recurrence::Weekly {
                day: Weekday::from(number("Day", 1)?),
                weeks: number("ForNumberOfWeeks", 1)?,
            },
            "SMS_ST_RecurMonthlyByWeekday" => Recurrence::MonthlyByWeekday {
                day: Weekday::from(number("Day", 1)?),
                order: WeekOrder::from(number("WeekOrder", 0)?),
                months: number("ForNumberOfMonths", 1)?,
            },
            "SMS_ST_RecurMonthlyByDate" => Recurrence::MonthlyByDate {
                day: number("MonthDay", 0)?,
                months: number("ForNumberOfMonths", 1)?,
            },
            _ => Recurrence::Other(class),
        };
        Ok(Self {
            start,
            is_gmt,
            duration,
            recurrence,
            other,
        })
    }
}

impl From<Token> for Map<String, Value> {
    fn from(token: Token) -> Self {
        let mut members = typed(token.recurrence.class());
        members.insert("StartTime".to_owned(), token.start.to_string().into());
        members.insert("IsGMT".to_owned(), token.is_gmt.into());
        let mut numbers = vec![
            ("DayDuration", token.duration.days),
            ("HourDuration", token.duration.hours),
            ("MinuteDuration", token.duration.minutes),
        ];
        numbers.extend(token.recurrence.numbers());
        members.extend(
            numbers
                .into_iter()
                .map(|(name, number)| (name.to_owned(), number.into())),
        );
        members.extend(token.other);
        members
    }
}

impl Recurrence {
    /// The class of tokens that come again so.
    pub fn class(&self) -> &str {
        match self {
            Self::Once => "SMS_ST_NonRecurring",
            Self::Interval(_) => "SMS_ST_RecurInterval",
            Self::Weekly { .. } => "SMS_ST_RecurWeekly",
            Self::MonthlyByWeekday { .. } => "SMS_ST_RecurMonthlyByWeekday",
            Self::MonthlyByDate { .. } => "SMS_ST_RecurMonthlyByDate",
            Self::Other(class) => class,
        }
    }

    fn numbers(&self) -> Vec<(&'static str, u32)> {
        match *self {
            Self::Once | Self::Other(_) => Vec::new(),
            Self::Interval(span) => vec![
                ("DaySpan", span.days),
                ("HourSpan", span.hours),
                ("MinuteSpan", span.minutes),
            ],
            Self::Weekly { day, weeks } => vec![("Day", day.into()), ("ForNumberOfWeeks", weeks)],
            Self::MonthlyByWeekday { day, order, months } => vec![
                ("Day", day.into()),
                ("WeekOrder", order.into()),
                ("ForNumberOfMonths", months),
            ],
            Self::MonthlyByDate { day, months } => {
                vec![("MonthDay", day), ("ForNumberOfMonths", months)]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_token_names_its_class_and_carries_its_numbers() {
        let token: Token = serde_json::from_value(json!({
            "@odata.type": "#AdminService.SMS_ST_RecurWeekly",
            "StartTime": "2026-03-07T02:00:00Z",
            "Day": 7,
            "ForNumberOfWeeks": 2,
        }))
        .unwrap();
        let recurrence = Recurrence::Weekly {
            day: Weekday::Saturday,
            weeks: 2,
        };
        assert_eq!(token.recurrence, recurrence);
        assert_eq!(
            serde_json::to_value(&token).unwrap(),
            json!({
                "@odata.type": "#AdminService.SMS_ST_RecurWeekly",
                "StartTime": "2026-03-07T02:00:00Z",
                "IsGMT": false,
                "DayDuration": 0, "HourDuration": 0, "MinuteDuration": 0,
                "Day": 7, "ForNumberOfWeeks": 2,
            })
        );
    }

    #[test]
    fn the_wmi_class_names_a_token_too() {
        let token: Token = serde_json::from_value(json!({
            "__CLASS": "SMS_ST_NonRecurring", "__GENUS": 2, "StartTime": null, "DayDuration": null,
        }))
        .unwrap();
        assert_eq!(token.recurrence, Recurrence::Once);
        assert_eq!(token.starts(), None);
        assert!(token.other.is_empty());
    }

    #[test]
    fn an_unknown_kind_and_unknown_members_are_kept() {
        let wire = json!({
            "@odata.type": "#AdminService.SMS_ST_Lunar",
            "StartTime": "2026-03-07T02:00:00Z",
            "IsGMT": true,
            "DayDuration": 0, "HourDuration": 1, "MinuteDuration": 0,
            "Phase": "full",
        });
        let token: Token = serde_json::from_value(wire.clone()).unwrap();
        assert_eq!(
            token.recurrence,
            Recurrence::Other("SMS_ST_Lunar".to_owned())
        );
        assert_eq!(serde_json::to_value(&token).unwrap(), wire);
    }

    #[test]
    fn what_is_no_token_says_why() {
        let error = |value| {
            serde_json::from_value::<Token>(value)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(error(json!({"Day": 1})), "a schedule token names no class");
        assert_eq!(
            error(json!({"@odata.type": "#AdminService.SMS_ST_NonRecurring", "DayDuration": "x"})),
            "DayDuration of a schedule token is not a number"
        );
    }
}
