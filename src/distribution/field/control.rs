//! How a field is answered, and how prominently it is asked.

use crate::distribution::draft::Choice;

/// How a field is answered.
#[derive(Debug, Clone, Copy)]
pub enum Control {
    /// One line, of at most so many characters on the site.
    Text {
        limit: usize,
    },
    /// A folder; completion where the site's side can be listed.
    Path {
        limit: usize,
    },
    /// WQL, edited in more than one line.
    Query,
    Number {
        most: u32,
        unit: &'static str,
    },
    /// Whole minutes, or `unknown`.
    RunTime,
    Switch,
    Choice(&'static [Choice]),
    /// Some of these at once.
    Several(&'static [Choice]),
    /// One object of the site.
    Pick(Pick),
    /// Some objects of the site.
    PickMany(Pick),
    /// A date and time, also in words; a day without a time means this hour.
    Moment {
        usual_hour: i8,
    },
    /// Names, one a line.
    List,
}

impl Control {
    /// Any text is an answer, the empty one too.
    pub fn is_text(self) -> bool {
        matches!(
            self,
            Self::Text { .. } | Self::Path { .. } | Self::Query | Self::Pick(_)
        )
    }

    /// Characters the site keeps.
    pub fn limit(self) -> Option<usize> {
        match self {
            Self::Text { limit } | Self::Path { limit } => Some(limit),
            _ => None,
        }
    }
}

/// What a picker lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    Package,
    /// Programs of the chosen package.
    Program,
    /// Package and program in one.
    AnyProgram,
    Collection,
    DistributionPoint,
    PointGroup,
}

/// Whether a field is asked by itself or under *More settings*.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Essential,
    More,
}
