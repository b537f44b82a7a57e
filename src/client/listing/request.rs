//! Requests to the site: what a list of the last ones shows. They are no objects of the site, so `Kind` knows nothing
//! of them.

use std::borrow::Cow;

use http::StatusCode;
use serde_json::{Value, json};

use super::{At, Called, Clock, Column, Field, FieldValue, Line, Sorting, figure, fixed, grow};
use crate::client::details::Entry;
use crate::client::requests::{AskedRequest, Outcome};
use crate::odata::decoded;
use crate::sms::time::Moment;

/// One request, and how it reads.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestLine {
    asked: AskedRequest,
    /// When it left, on this machine's clock.
    at: At,
    /// What lies below the service, for people: `wmi/SMS_Package?$filter=Name eq 'x'`.
    path: String,
    /// Method and path without the options, for the path on top.
    name: String,
    status: String,
}

impl RequestLine {
    pub fn new(asked: AskedRequest, clock: &Clock) -> Self {
        let path = readable(&asked.url);
        let bare = path.split('?').next().unwrap_or_default();
        Self {
            at: clock.told(Moment::Utc(asked.at)),
            name: format!("{} {bare}", asked.method),
            status: in_brief(&asked.outcome),
            path,
            asked,
        }
    }

    /// Line by line all there is to say of it.
    pub fn entries(&self) -> Vec<Entry> {
        let asked = &self.asked;
        let mut entries = vec![Entry::new("Asked", self.name.as_str())];
        let options = self.path.split_once('?').map(|(_, options)| options);
        let options = options.into_iter().flat_map(|all| all.split("&$"));
        entries.extend(options.enumerate().map(|(at, option)| match at {
            0 => Entry::new("With", option),
            _ => Entry::new("", format!("${option}")),
        }));
        let left = self
            .at
            .digits
            .strftime("%a %-d %b %Y %H:%M:%S%.3f")
            .to_string();
        entries.extend([
            Entry::new("Outcome", self.status.as_str()),
            Entry::new("Left", left),
            Entry::new("Took", self.took()),
            Entry::new("Sent", body(asked.sent)),
            Entry::new("Came back", body(asked.received)),
            Entry::new("URL", asked.url.as_str()),
        ]);
        entries
    }

    fn milliseconds(&self) -> u64 {
        u64::try_from(self.asked.took.as_millis()).unwrap_or(u64::MAX)
    }

    fn took(&self) -> String {
        format!("{} ms", figure(self.milliseconds()))
    }
}

/// How much there was of what is never kept.
fn body(bytes: usize) -> String {
    format!("{} bytes of body", figure(bytes as u64))
}

/// The path below the service, decoded unless that brings out what no terminal should be shown.
fn readable(url: &str) -> String {
    let service = url.to_ascii_lowercase().find("/adminservice");
    let below = service.and_then(|at| url.get(at + 1..)?.split_once('/'));
    let below = below.map_or(url, |(_, below)| below);
    let plain = decoded(below).filter(|plain| !plain.contains(char::is_control));
    plain.unwrap_or_else(|| below.to_owned())
}

/// The status with a word where it is no success; a request without an answer says why.
fn in_brief(outcome: &Outcome) -> String {
    let status = match outcome {
        Outcome::Answered(status) => *status,
        Outcome::Lost(reason) => return format!("lost: {reason}"),
    };
    let word = match status {
        StatusCode::UNAUTHORIZED => "signed out",
        StatusCode::FORBIDDEN => "forbidden",
        StatusCode::NOT_FOUND => "missing",
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => "busy",
        _ if status.is_success() => return status.as_str().to_owned(),
        _ if status.is_redirection() => "elsewhere",
        _ if status.is_client_error() => "refused",
        _ => "failed",
    };
    format!("{} {word}", status.as_str())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds that are waited for are few"
)]
fn milliseconds(line: &RequestLine) -> FieldValue<'_> {
    FieldValue::Number(line.milliseconds() as f64)
}

const TIME: &str = "time";
const URL: &str = "url";

impl Line for RequestLine {
    const CALLED: Called = Called {
        one: "request",
        several: "requests",
        word: "requests",
    };
    const COLUMNS: &'static [Column<Self>] = &[
        Column::time(TIME, "Time", fixed(8), |line: &Self| {
            FieldValue::Time(line.at)
        })
        .shown(|line| line.at.digits.strftime("%H:%M:%S").to_string().into()),
        Column::text("method", "Method", fixed(6), |line: &Self| {
            FieldValue::text(line.asked.method.as_str())
        })
        .leaves(2),
        Column::text("status", "Status", grow(12, 1), |line: &Self| {
            FieldValue::text(&line.status)
        }),
        Column::number("ms", "ms", fixed(5), milliseconds).leaves(1),
        Column::size("back", "Back", fixed(7), |line: &Self| {
            FieldValue::Size(line.asked.received as u64)
        })
        .leaves(3),
        Column::size("sent", "Sent", fixed(7), |line: &Self| {
            FieldValue::Size(line.asked.sent as u64)
        })
        .leaves(4),
        Column::text(URL, "URL", grow(24, 3), |line: &Self| {
            FieldValue::text(&line.path)
        }),
    ];
    const FIELDS: &'static [Field<Self>] = &[Field::flag("failed", |line| {
        FieldValue::Flag(line.needs_attention())
    })];
    /// The newest on top: whoever looks here has just seen something go wrong.
    const ORDER: &'static [Sorting] = &[Sorting::down(TIME)];

    fn id(&self) -> String {
        self.asked.number.to_string()
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn json(&self) -> Value {
        let asked = &self.asked;
        let (status, lost) = match &asked.outcome {
            Outcome::Answered(status) => (Some(status.as_u16()), None),
            Outcome::Lost(reason) => (None, Some(reason)),
        };
        json!({
            "at": asked.at, "method": asked.method.as_str(), "url": asked.url, "status": status, "lost": lost,
            "milliseconds": self.milliseconds(), "bytes_sent": asked.sent, "bytes_received": asked.received,
        })
    }

    fn needs_attention(&self) -> bool {
        !matches!(self.asked.outcome, Outcome::Answered(status) if status.is_success())
    }

    fn in_words(&self) -> String {
        let (method, took) = (&self.asked.method, self.took());
        let outcome = match &self.asked.outcome {
            Outcome::Answered(_) => format!("Answered {} after {took}", self.status),
            Outcome::Lost(reason) => format!("Lost after {took}, {reason}"),
        };
        format!("{outcome}: {method} {}", self.path)
    }

    /// The URL as it was sent, and the moment to the millisecond: what is copied is looked up in the site's own logs.
    fn written(&self, column: usize) -> Cow<'_, str> {
        match Self::COLUMNS.get(column).map(|column| column.key) {
            Some(URL) => Cow::Borrowed(&self.asked.url),
            Some(TIME) => {
                let at = self.at.digits.strftime("%Y-%m-%d %H:%M:%S%.3f");
                Cow::Owned(at.to_string())
            }
            _ => self.cell(column),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::Method;
    use jiff::tz::TimeZone;

    use super::*;

    fn line(url: &str, outcome: Outcome) -> RequestLine {
        let at = "2026-11-28T13:02:11.123Z".parse().unwrap();
        let asked = AskedRequest {
            number: 7,
            at,
            method: Method::GET,
            url: url.to_owned(),
            outcome,
            took: Duration::from_millis(12),
            sent: 0,
            received: 345,
        };
        RequestLine::new(asked, &Clock::in_zone(at, TimeZone::UTC))
    }

    const PACKAGES: &str =
        "https://cm01/AdminService/wmi/SMS_Package?$filter=Name%20eq%20'x'&$top=5";

    fn answered(status: u16) -> RequestLine {
        line(PACKAGES, Outcome::Answered(status.try_into().unwrap()))
    }

    #[test]
    fn a_url_is_shown_readable_and_written_as_it_was_sent() {
        let line = answered(200);
        let url = RequestLine::COLUMNS.len() - 1;
        assert_eq!(line.cell(url), "wmi/SMS_Package?$filter=Name eq 'x'&$top=5");
        assert_eq!(line.written(url), PACKAGES);
        assert_eq!(
            (line.cell(0), line.name()),
            ("13:02:11".into(), "GET wmi/SMS_Package")
        );
        assert_eq!(line.written(0), "2026-11-28 13:02:11.123");
    }

    #[test]
    fn what_would_move_a_terminal_stays_encoded() {
        let hostile = line(
            "https://x/adminservice/wmi/A?$filter=B%20eq%20'%1B%5B2J'",
            Outcome::Lost(String::new()),
        );
        assert_eq!(hostile.path, "wmi/A?$filter=B%20eq%20'%1B%5B2J'");
        assert_eq!(
            line("https://x/", Outcome::Lost(String::new())).path,
            "https://x/"
        );
    }

    #[test]
    fn a_failure_is_told_by_a_word() {
        let told = |status| answered(status).status;
        assert_eq!(
            [told(200), told(404), told(503)],
            ["200", "404 missing", "503 busy"]
        );
        let lost = line(PACKAGES, Outcome::Lost("the line was cut".to_owned()));
        assert_eq!(lost.status, "lost: the line was cut");
        assert!(lost.needs_attention() && answered(401).needs_attention());
        assert!(!answered(201).needs_attention());
    }

    #[test]
    fn each_option_stands_on_a_line_of_its_own() {
        let entries = answered(200).entries();
        let told: Vec<_> = entries
            .iter()
            .map(|entry| (entry.label, entry.words.as_str()))
            .collect();
        assert_eq!(
            told[..4],
            [
                ("Asked", "GET wmi/SMS_Package"),
                ("With", "$filter=Name eq 'x'"),
                ("", "$top=5"),
                ("Outcome", "200"),
            ]
        );
        assert_eq!(told.last(), Some(&("URL", PACKAGES)));
    }
}
