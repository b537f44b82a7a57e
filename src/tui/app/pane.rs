//! The places to look: a list, and the details one has gone into from there.

use crate::client::listing::Kind;
use crate::tui::keymap::Action;

use super::details::Details;
use super::listing::Listing;
use super::sheet::Sheet;
use super::table::Table;

/// Which pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PaneId {
    Packages,
    Programs,
    Collections,
    Points,
    Advertisements,
    Devices,
    /// What was asked of the site lately: no place of the site, so it is not among those that are always on top.
    Requests,
}

impl PaneId {
    /// Every pane, in the order of their keys, which is the order of the variants.
    pub const ALL: [Self; 7] = [
        Self::Packages,
        Self::Programs,
        Self::Collections,
        Self::Points,
        Self::Advertisements,
        Self::Devices,
        Self::Requests,
    ];

    /// As the line of panes and the path on top call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Packages => "Packages",
            Self::Programs => "Programs",
            Self::Collections => "Collections",
            Self::Points => "Points",
            Self::Advertisements => "Advertisements",
            Self::Devices => "Devices",
            Self::Requests => "Requests",
        }
    }

    /// The same where there is little room.
    pub fn short_title(self) -> &'static str {
        match self {
            Self::Packages => "Pkgs",
            Self::Programs => "Progs",
            Self::Collections => "Colls",
            Self::Points => "Points",
            Self::Advertisements => "Advs",
            Self::Devices => "Devs",
            Self::Requests => "Reqs",
        }
    }

    /// The verb that goes there.
    pub fn action(self) -> Action {
        match self {
            Self::Packages => Action::Packages,
            Self::Programs => Action::Programs,
            Self::Collections => Action::Collections,
            Self::Points => Action::Points,
            Self::Advertisements => Action::Advertisements,
            Self::Devices => Action::Devices,
            Self::Requests => Action::Requests,
        }
    }

    /// The pane a verb goes to.
    pub fn of_action(action: Action) -> Option<Self> {
        Self::ALL.into_iter().find(|pane| pane.action() == action)
    }

    /// The pane that lists objects of a kind.
    pub fn of_kind(kind: Kind) -> Self {
        match kind {
            Kind::Packages => Self::Packages,
            Kind::Programs => Self::Programs,
            Kind::Collections => Self::Collections,
            Kind::Points | Kind::Groups | Kind::Assignments => Self::Points,
            Kind::Advertisements | Kind::Deployments | Kind::Statuses => Self::Advertisements,
            Kind::Devices | Kind::Members => Self::Devices,
        }
    }

    fn table(self) -> Table {
        match self {
            Self::Packages => Table::Packages(Listing::default()),
            Self::Programs => Table::Programs(Listing::default()),
            Self::Collections => Table::Collections(Listing::default()),
            Self::Points => Table::Points(Listing::default()),
            Self::Advertisements => Table::Advertisements(Listing::default()),
            Self::Devices => Table::devices(),
            Self::Requests => Table::Requests(Listing::filled(Vec::new())),
        }
    }
}

/// A list and how deep one is in it.
#[derive(Debug, Clone)]
pub struct Pane {
    pub id: PaneId,
    pub sheet: Sheet,
    /// The details one has gone into, the deepest last.
    pub trail: Vec<Details>,
    /// The details of the selected row, on wide screens.
    pub beside: Option<Details>,
    /// Something on the site has changed since it was read: it is read again when it is next looked at.
    pub is_stale: bool,
}

impl Pane {
    pub fn new(id: PaneId) -> Self {
        Self {
            id,
            sheet: Sheet::of(id.table()),
            trail: Vec::new(),
            beside: None,
            is_stale: false,
        }
    }

    /// The rows keys act on: the list, or those of the tab in front.
    pub fn focus(&self) -> Option<&Sheet> {
        match self.trail.last() {
            Some(details) => details.sheet(),
            None => Some(&self.sheet),
        }
    }

    pub fn focus_mut(&mut self) -> Option<&mut Sheet> {
        match self.trail.last_mut() {
            Some(details) => details.sheet_mut(),
            None => Some(&mut self.sheet),
        }
    }

    /// The details that are on screen: those one is in, or those beside the list.
    pub fn details(&self) -> Option<&Details> {
        self.trail.last().or(self.beside.as_ref())
    }

    pub fn details_mut(&mut self) -> Option<&mut Details> {
        match self.trail.last_mut() {
            Some(details) => Some(details),
            None => self.beside.as_mut(),
        }
    }
}
