//! How the files of a package stand on its distribution points, all together.

use std::borrow::Cow;

use super::say::Say;
use crate::sms::status::ContentRow;

/// The state of a package's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// The package has no files to distribute.
    NotNeeded,
    /// The site could not be asked.
    Unknown,
    Counted(Counted),
}

/// Distribution points, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    pub targeted: u32,
    /// Holding the current version.
    pub current: u32,
    pub busy: u32,
    pub failed: u32,
}

impl Content {
    /// A package with files, and the site's counts for it; a package that was never distributed has no row.
    pub fn of(needs_points: bool, was_read: bool, row: Option<&ContentRow>) -> Self {
        match (needs_points, was_read, row) {
            (false, ..) => Self::NotNeeded,
            (true, false, _) => Self::Unknown,
            (true, true, None) => Self::Counted(Counted::default()),
            (true, true, Some(row)) => Self::Counted(Counted {
                targeted: row.targeted.unwrap_or_default(),
                current: row.number_success.unwrap_or_default(),
                busy: row.number_in_progress.unwrap_or_default(),
                failed: row.number_errors.unwrap_or_default(),
            }),
        }
    }

    /// The word filters test.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotNeeded => "none",
            Self::Unknown => "unknown",
            Self::Counted(counted) => counted.word(),
        }
    }

    /// `3/5!`: on three of five points, with a failure among the rest.
    pub fn short(self) -> Cow<'static, str> {
        match self {
            Self::NotNeeded => Cow::Borrowed("no files"),
            Self::Unknown => Cow::Borrowed("?"),
            Self::Counted(Counted { targeted: 0, .. }) => Cow::Borrowed("missing"),
            Self::Counted(counted) => {
                let mark = if counted.failed > 0 { "!" } else { "" };
                Cow::Owned(format!("{}/{}{mark}", counted.current, counted.targeted))
            }
        }
    }

    /// Whether no device can fetch the files anywhere.
    pub const fn is_nowhere(self) -> bool {
        matches!(self, Self::Counted(Counted { current: 0, .. }))
    }

    pub const fn is_failed(self) -> bool {
        matches!(self, Self::Counted(counted) if counted.failed > 0)
    }

    pub const fn is_passing(self) -> bool {
        matches!(self, Self::Counted(counted) if counted.busy > 0)
    }

    /// In a sentence: `files on 3 of 5 points, 1 failed`.
    pub fn in_words(self) -> String {
        match self {
            Self::NotNeeded => "no files to distribute".to_owned(),
            Self::Unknown => "the state of its files is unknown".to_owned(),
            Self::Counted(Counted { targeted: 0, .. }) => {
                "files on no distribution point".to_owned()
            }
            Self::Counted(counted) => {
                let mut words = format!(
                    "files on {} of {} points",
                    counted.current, counted.targeted
                );
                if counted.busy > 0 {
                    words.say(format_args!(", {} copying", counted.busy));
                }
                if counted.failed > 0 {
                    words.say(format_args!(", {} failed", counted.failed));
                }
                words
            }
        }
    }
}

impl Counted {
    const fn word(self) -> &'static str {
        if self.targeted == 0 {
            "missing"
        } else if self.failed > 0 {
            "failed"
        } else if self.busy > 0 {
            "copying"
        } else if self.current < self.targeted {
            "old"
        } else {
            "ok"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(targeted: u32, current: u32, busy: u32, failed: u32) -> Content {
        Content::Counted(Counted {
            targeted,
            current,
            busy,
            failed,
        })
    }

    #[test]
    fn a_failure_marks_the_count() {
        assert_eq!(counted(5, 3, 1, 1).short(), "3/5!");
        assert_eq!(counted(3, 3, 0, 0).short(), "3/3");
        assert_eq!(counted(0, 0, 0, 0).short(), "missing");
    }

    #[test]
    fn the_worst_gives_the_word() {
        assert_eq!(counted(5, 3, 1, 1).word(), "failed");
        assert_eq!(counted(5, 4, 1, 0).word(), "copying");
        assert_eq!(counted(5, 4, 0, 0).word(), "old");
        assert_eq!(counted(5, 5, 0, 0).word(), "ok");
        assert_eq!(Content::of(true, true, None).word(), "missing");
        assert_eq!(Content::of(true, false, None).word(), "unknown");
        assert_eq!(Content::of(false, true, None).word(), "none");
    }
}
