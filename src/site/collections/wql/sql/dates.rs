//! Dates in SQL: how texts become them, and how their parts are taken, added and counted.

use crate::site::collections::wql::Fault;
use crate::site::collections::wql::syntax::DatePart;
use crate::sms::time::WireTime;

/// A date as the tables write it, from `2026-03-01`, `2026/03/01 02:00:00` or the DMTF form.
pub(super) fn date(text: &str, at: usize) -> Result<String, Fault> {
    text.replace('/', "-")
        .parse::<WireTime>()
        .map(|time| time.to_string())
        .map_err(|_| {
            let message = format!("`{text}` is not a date (2026-03-01 or 2026-03-01 02:00:00)");
            Fault::new(at, message)
        })
}

pub(super) fn strftime(code: &str, value: &str) -> String {
    format!("CAST(strftime('{code}', {value}) AS INTEGER)")
}

pub(super) fn part_code(part: DatePart) -> &'static str {
    match part {
        DatePart::Year => "%Y",
        DatePart::Month => "%m",
        DatePart::Week => "%W",
        DatePart::Day => "%d",
        DatePart::Hour => "%H",
        DatePart::Minute => "%M",
        DatePart::Second => "%S",
    }
}

pub(super) fn added(part: DatePart, count: i64) -> (i64, &'static str) {
    match part {
        DatePart::Year => (count, "years"),
        DatePart::Month => (count, "months"),
        DatePart::Week => (count.saturating_mul(7), "days"),
        DatePart::Day => (count, "days"),
        DatePart::Hour => (count, "hours"),
        DatePart::Minute => (count, "minutes"),
        DatePart::Second => (count, "seconds"),
    }
}

/// How many boundaries of a part lie before a moment: the difference of two is what `DateDiff` counts.
pub(super) fn boundary(part: DatePart, value: &str) -> String {
    match part {
        DatePart::Year => strftime("%Y", value),
        DatePart::Month => format!(
            "({} * 12 + {})",
            strftime("%Y", value),
            strftime("%m", value)
        ),
        // 1970-01-01 was a Thursday; a week begins on Sunday.
        DatePart::Week => format!("((unixepoch({value}) / 86400 + 4) / 7)"),
        DatePart::Day => format!("(unixepoch({value}) / 86400)"),
        DatePart::Hour => format!("(unixepoch({value}) / 3600)"),
        DatePart::Minute => format!("(unixepoch({value}) / 60)"),
        DatePart::Second => format!("unixepoch({value})"),
    }
}
