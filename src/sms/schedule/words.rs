//! Schedules in words. The console's own sentences are nowhere documented; these are ours.

use std::fmt;

use super::{Recurrence, Span, Token};

/// For example `every 2 weeks on Saturday from 2026-03-07 02:00 device time, for 3 hours`.
impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = match self.starts() {
            Some(moment) => moment.to_string(),
            None => "a time that was never set".to_owned(),
        };
        match self.recurrence {
            Recurrence::Once => write!(f, "once, {start}")?,
            _ => write!(f, "{} from {start}", self.recurrence)?,
        }
        if !self.duration.is_zero() {
            write!(f, ", for {}", self.duration)?;
        }
        Ok(())
    }
}

/// For example `every 2 weeks on Saturday`.
impl fmt::Display for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Once => f.write_str("once"),
            Self::Interval(every) => write!(f, "every {}", every.without_one()),
            Self::Weekly { day, weeks } => write!(f, "every {} on {day}", counted(*weeks, "week")),
            Self::MonthlyByWeekday { day, order, months } => {
                write!(
                    f,
                    "every {} on the {} {day}",
                    counted(*months, "month"),
                    order
                )
            }
            Self::MonthlyByDate { day: 0, months } => {
                write!(f, "every {} on its last day", counted(*months, "month"))
            }
            Self::MonthlyByDate { day, months } => {
                write!(f, "every {} on day {day}", counted(*months, "month"))
            }
            Self::Other(class) => write!(f, "by a rule of class {class}"),
        }
    }
}

/// For example `1 day 4 hours`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            (self.days, "day"),
            (self.hours, "hour"),
            (self.minutes, "minute"),
        ];
        let words: Vec<_> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, unit)| plural(*count, unit))
            .collect();
        match words.as_slice() {
            [] => f.write_str("0 minutes"),
            some => f.write_str(&some.join(" ")),
        }
    }
}

impl Span {
    /// `day` rather than `1 day`, as it stands behind "every".
    fn without_one(self) -> String {
        match self {
            Self {
                days: 1,
                hours: 0,
                minutes: 0,
            } => "day".to_owned(),
            Self {
                days: 0,
                hours: 1,
                minutes: 0,
            } => "hour".to_owned(),
            Self {
                days: 0,
                hours: 0,
                minutes: 1,
            } => "minute".to_owned(),
            span => span.to_string(),
        }
    }
}

/// `week`, or `2 weeks`.
fn counted(count: u32, unit: &str) -> String {
    match count {
        1 => unit.to_owned(),
        _ => plural(count, unit),
    }
}

fn plural(count: u32, unit: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{s}")
}

#[cfg(test)]
mod tests {
    use super::super::unpack;

    #[test]
    fn schedules_read_as_sentences() {
        let sentences = [
            ("00413E0000080000", "once, 2026-03-01 02:00 device time"),
            ("00413E0000080001", "once, 2026-03-01 02:00 UTC"),
            (
                "0001170000100008",
                "every day from 1998-01-01 00:00 device time",
            ),
            (
                "0001170000100038",
                "every 7 days from 1998-01-01 00:00 device time",
            ),
            (
                "00413E0000100400",
                "every 4 hours from 2026-03-01 02:00 device time",
            ),
            (
                "00473E00001F4000",
                "every 2 weeks on Saturday from 2026-03-07 02:00 device time",
            ),
            (
                "00233E00181B2000",
                "every week on Tuesday from 2026-03-03 01:00 device time, for 3 hours",
            ),
            (
                "004A3E0000231400",
                "every month on the second Tuesday from 2026-03-10 02:00 device time",
            ),
            (
                "004F3E00002BCC00",
                "every 3 months on day 15 from 2026-03-15 02:00 device time",
            ),
            (
                "005F3E0000280400",
                "every month on its last day from 2026-03-31 02:00 device time",
            ),
        ];
        for (text, sentence) in sentences {
            assert_eq!(unpack(text).unwrap()[0].to_string(), sentence, "{text}");
        }
    }
}
