//! Where an answer belongs, and which ask it answers.

use super::listing::Kind;

/// A place for one answer: a newer ask in the same slot takes the place of an older read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// Opening the site, and what it says of itself.
    Site,
    /// How much there is on it.
    Greeting,
    /// How much of it this account sees.
    Sight,
    /// A list that is read whole.
    List(Kind),
    /// The same, for the wizard to choose from: its reads and the panes' do not abort each other.
    Pick(Kind),
    /// Rows of a list that is read in pages.
    Window(Kind),
    /// How many rows such a list has.
    Total(Kind),
    /// One object with what belongs to it.
    Detail(Kind),
    /// What a draft needs to know. Rounds do not disturb each other: facts are kept by their questions.
    Facts(u32),
    /// Folders for the path that is being typed.
    Folders,
    /// The draft being written; and the one found at the start.
    Draft,
    /// A collection being worked out because somebody asked.
    Evaluate,
    /// A plan being carried out.
    Run,
    /// Runs that were cut.
    OpenRuns,
    /// The sample fleet being made.
    Fill,
}

/// One ask. The number is new for every ask, so an answer is stale when its ticket is no longer the awaited one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ticket {
    pub slot: Slot,
    pub number: u64,
}
