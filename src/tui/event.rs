//! What happens, and what is to be done about it: the only two things that cross between the app and the rim.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use ratatui::layout::Size;
use tui_input::InputRequest;

use crate::client::requests::AskedRequest;
use crate::client::{Answer, Reading, Request, Role, Ticket};
use crate::distribution::Draft;
use crate::distribution::run::Progress;

use super::keymap::Action;
use super::sites::KnownSite;

/// Something happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// A key asked for a verb.
    Do(Action),
    /// Text was typed or edited where text is taken.
    Typed(InputRequest),
    /// Text was pasted; its line feeds never press Enter.
    Pasted(String),
    Clicked(Spot),
    Answered(Box<Answer>),
    /// A long list has come further.
    Reading(Reading),
    Resized(Size),
    Due(Timer),
    /// What the editor outside left behind, or why there was none.
    Edited(Result<String, String>),
    /// A file was written, or not.
    Written(PathBuf, Result<(), String>),
    /// Who does the work behind the embedded site.
    Worked(Role),
    /// The last requests to the site, oldest first.
    Requested(Vec<AskedRequest>),
    /// How far the run under way has come; only the latest matters.
    Progressed(Box<Progress>),
    /// An unfinished draft was found at the start.
    DraftFound(Box<Draft>, Timestamp),
    /// Something found at the start is not as it should be.
    Complained(String),
    /// The draft was written, or why not.
    DraftKept(Result<(), String>),
    /// The console could not be suspended: there is no shell to return to.
    NotSuspended,
    /// The sites there are.
    SitesFound(Vec<KnownSite>),
    /// Another site was opened, or why not: the console goes there, or stays.
    SiteOpened(String, Result<(), String>),
    /// The system wants the program to end.
    HangUp,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    Ask(Ticket, Box<Request>),
    /// Sends [`Event::Due`] after a while; a newer wake of the same timer takes its place.
    Wake(Timer, Duration),
    /// Takes a wake back.
    Sleep(Timer),
    Copy(String),
    Mouse(bool),
    /// Draws the whole screen, whatever the terminal shows.
    Redraw,
    Suspend,
    /// Opens the editor on a text; [`Event::Edited`] brings it back.
    Edit(String),
    Write(PathBuf, String),
    /// Writes the unfinished draft, in the place of the one before; [`Event::DraftKept`] says how it went.
    KeepDraft(Box<Draft>),
    /// Nothing is unfinished any more: removes the draft that was kept.
    DropDraft,
    /// Asks the run under way to stop after its operation.
    StopRun,
    /// Has [`Event::Requested`] sent whenever a request came to its end, or no more.
    FollowRequests(bool),
    /// Looks up the sites there are.
    FindSites,
    /// Opens another site.
    GoTo(String),
    Quit,
}

/// What can be awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Timer {
    /// The pause in typing after which a filter asks the site.
    Filter,
    /// The pause after which the details beside the list follow the selection.
    Beside,
    /// Shown rows are on their way to another state: ask again.
    Again,
    /// The site did not answer: try again.
    Reconnect,
    /// The wizard awaits something; its number is its own business.
    Wizard(u8),
}

/// What can be clicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// What a key would do.
    Do(Action),
    /// The row of a list, by its place among the rows.
    Row(usize),
    Tab(usize),
    /// A field or line of the wizard, by its number there.
    Wizard(usize),
}
