//! One value of a line: what filter words test, what a sort compares and, unless a column says otherwise, what a cell
//! shows.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::SignedDuration;

use super::clock::At;

/// What sort of values a field holds, so that the right side of a filter word is read in the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Text,
    Number,
    /// Bytes; typed as `500MB`.
    Size,
    /// A stretch of time; typed as `90m`, `2h`, `3d`.
    Span,
    /// A day or moment; typed as `2026-12-01`, `2026-12-01T20:00`, `today`, `past`, `week`.
    Time,
    /// `yes` or `no`.
    Flag,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldValue<'a> {
    /// The object has none.
    Absent,
    /// The site could not be asked for it.
    Unknown,
    Text(Cow<'a, str>),
    Number(f64),
    Size(u64),
    Span(SignedDuration),
    /// Clock digits: a UTC moment in this machine's zone, or a device's own clock as it stands.
    Time(At),
    Flag(bool),
}

impl<'a> FieldValue<'a> {
    /// Text that is there, or nothing.
    pub fn text(text: &'a str) -> Self {
        if text.is_empty() {
            Self::Absent
        } else {
            Self::Text(Cow::Borrowed(text))
        }
    }

    /// Text that may be missing.
    pub fn maybe(text: Option<&'a str>) -> Self {
        text.map_or(Self::Absent, Self::text)
    }

    /// Text made for the occasion.
    pub fn made(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }

    pub fn number(number: impl Into<f64>) -> Self {
        Self::Number(number.into())
    }

    /// A count that is unknown when the request for it failed.
    pub fn count(count: Option<u32>) -> Self {
        count.map_or(Self::Unknown, Self::number)
    }

    pub fn time(time: Option<At>) -> Self {
        time.map_or(Self::Absent, Self::Time)
    }

    /// As a cell shows it.
    pub fn shown(self) -> Cow<'a, str> {
        match self {
            Self::Absent => Cow::Borrowed(""),
            Self::Unknown => Cow::Borrowed("?"),
            Self::Text(text) => text,
            Self::Number(number) => Cow::Owned(format!("{number}")),
            Self::Size(bytes) => Cow::Owned(size_in_words(bytes)),
            Self::Span(span) => Cow::Owned(span_in_words(span)),
            Self::Time(time) => Cow::Owned(time.digits.strftime("%Y-%m-%d %H:%M").to_string()),
            Self::Flag(yes) => Cow::Borrowed(if yes { "yes" } else { "no" }),
        }
    }

    /// Whether there is a value to compare.
    pub fn is_known(&self) -> bool {
        !matches!(self, Self::Absent | Self::Unknown)
    }

    /// The natural order of two values: figures as figures, times as times, `PC-2` before `PC-10`. What is absent or
    /// unknown comes after everything else.
    pub fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Size(a), Self::Size(b)) => a.cmp(b),
            (Self::Span(a), Self::Span(b)) => a.cmp(b),
            (Self::Time(a), Self::Time(b)) => a.digits.cmp(&b.digits),
            (Self::Flag(a), Self::Flag(b)) => b.cmp(a),
            (Self::Text(a), Self::Text(b)) => natural(a, b),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    /// Where values of different sorts stand; a field holds one sort, so only the last two matter.
    fn rank(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Size(_) => 1,
            Self::Span(_) => 2,
            Self::Time(_) => 3,
            Self::Flag(_) => 4,
            Self::Text(_) => 5,
            Self::Unknown => 6,
            Self::Absent => 7,
        }
    }
}

/// Compares without case, runs of digits as numbers.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (Some(x), Some(y)) = (a.chars().next(), b.chars().next()) else {
            return a.len().cmp(&b.len());
        };
        let step = if x.is_ascii_digit() && y.is_ascii_digit() {
            let (digits_a, digits_b) = (digits(a), digits(b));
            a = &a[digits_a.len()..];
            b = &b[digits_b.len()..];
            figures(digits_a, digits_b)
        } else {
            a = &a[x.len_utf8()..];
            b = &b[y.len_utf8()..];
            x.to_lowercase().cmp(y.to_lowercase())
        };
        if step.is_ne() {
            return step;
        }
    }
}

/// The run of digits a text begins with.
fn digits(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    &text[..end]
}

/// Compares two runs of digits of any length by their value.
fn figures(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// `0 B`, `912 B`, `1.6 MB`, `12 GB`: three figures at most, in steps of 1024.
pub fn size_in_words(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "three figures are shown of a number that has far more"
    )]
    let mut amount = bytes as f64;
    let mut unit = "B";
    for larger in UNITS {
        if amount < 1023.5 {
            break;
        }
        amount /= 1024.0;
        unit = larger;
    }
    if amount < 9.95 {
        format!("{amount:.1} {unit}")
    } else {
        format!("{amount:.0} {unit}")
    }
}

/// `45 s`, `12 min`, `3 h`, `2 d`: the largest whole unit.
pub fn span_in_words(span: SignedDuration) -> String {
    let seconds = span.as_secs();
    match seconds.abs() {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(mut texts: Vec<&str>) -> Vec<&str> {
        texts.sort_by(|a, b| natural(a, b));
        texts
    }

    #[test]
    fn digits_inside_names_count_as_numbers() {
        assert_eq!(
            sorted(vec!["PC-10", "pc-2", "PC-0001", "PC"]),
            ["PC", "PC-0001", "pc-2", "PC-10"]
        );
        assert_eq!(
            sorted(vec!["24.10", "24.8", "24.08.1"]),
            ["24.8", "24.08.1", "24.10"]
        );
    }

    #[test]
    fn what_is_missing_comes_last() {
        let text = FieldValue::text("a");
        assert_eq!(text.order(&FieldValue::Absent), Ordering::Less);
        assert_eq!(
            FieldValue::Unknown.order(&FieldValue::number(3u32)),
            Ordering::Greater
        );
    }

    #[test]
    fn sizes_are_told_in_three_figures() {
        assert_eq!(size_in_words(0), "0 B");
        assert_eq!(size_in_words(1023), "1023 B");
        assert_eq!(size_in_words(1_677_722), "1.6 MB");
        assert_eq!(size_in_words(298 * 1024 * 1024), "298 MB");
        assert_eq!(size_in_words(1024 * 1024 - 1), "1.0 MB");
    }

    #[test]
    fn spans_are_told_in_their_largest_unit() {
        assert_eq!(span_in_words(SignedDuration::from_secs(59)), "59 s");
        assert_eq!(span_in_words(SignedDuration::from_hours(49)), "2 d");
    }
}
