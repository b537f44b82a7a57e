//! Windows onto lists that grow with the devices of a site: what to ask for, and the page that comes back.

use super::listing::{FilterWords, Kind, Sorting, WindowLine};
use crate::sms::ids::{AdvertisementId, CollectionId};

/// Where the wanted rows stand. A row stands for itself: it names the place by what it is sorted by and its key.
#[derive(Debug, Clone, PartialEq)]
pub enum Reach<L> {
    Start,
    End,
    After(L),
    Before(L),
    /// This row, if it is still there, and those behind it: the same rows again.
    At(L),
}

/// Rows to be read: which, in which order, from where.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowAsk<L> {
    pub words: FilterWords,
    pub sorting: Sorting,
    pub from: Reach<L>,
    /// At most so many.
    pub size: usize,
}

impl<L: WindowLine> WindowAsk<L> {
    /// The first rows of everything, in the kind's own order.
    pub fn first(size: usize) -> Self {
        Self {
            words: FilterWords::default(),
            sorting: L::ORDER.first().copied().unwrap_or(Sorting::up("name")),
            from: Reach::Start,
            size,
        }
    }
}

/// Some rows, in the order that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<L> {
    pub lines: Vec<L>,
    /// Whether there are more rows in the direction the page was read: in front of it for [`Reach::End`] and
    /// [`Reach::Before`], behind it for the others.
    pub more: bool,
}

/// What a window looks onto.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Every device of the site.
    Devices,
    /// The members of one collection.
    Members(CollectionId),
    /// What each device said about one advertisement.
    Statuses(AdvertisementId),
}

impl Scope {
    /// The kind of line it is a list of.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Devices => Kind::Devices,
            Self::Members(_) => Kind::Members,
            Self::Statuses(_) => Kind::Statuses,
        }
    }
}
