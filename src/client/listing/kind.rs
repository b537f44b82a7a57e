//! The kinds of object a list can be of, and the words a person may call them by.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::config::fault::{instead_of, nearest};

/// A kind of object, as panes and `consign get KIND` name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Packages,
    Programs,
    Collections,
    /// Members of one collection.
    Members,
    /// Servers that hold content.
    Points,
    Groups,
    /// Which package is assigned to which distribution point, with the state of its content there.
    Assignments,
    Advertisements,
    /// Advertisements, and what else the site deploys; the pane of advertisements shows them all.
    Deployments,
    /// The last word of each device about one advertisement.
    Statuses,
    Devices,
}

/// What the lines of a list are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Called {
    /// One of them, in a sentence.
    pub one: &'static str,
    /// Several of them, in a sentence.
    pub several: &'static str,
    /// Several in one word, as a file of them is named.
    pub word: &'static str,
}

/// The words nobody would call a kind of object.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no kind of object called '{word}'; {instead}")]
pub struct UnknownKind {
    pub word: String,
    /// The nearest, else all there are.
    pub instead: String,
}

impl Kind {
    /// Every kind, in the order of the panes.
    pub const ALL: [Self; 11] = [
        Self::Packages,
        Self::Programs,
        Self::Collections,
        Self::Members,
        Self::Points,
        Self::Groups,
        Self::Assignments,
        Self::Advertisements,
        Self::Deployments,
        Self::Statuses,
        Self::Devices,
    ];

    /// Singular, plural and the short forms; the plural comes first.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Packages => &["packages", "package", "pkg", "pkgs"],
            Self::Programs => &["programs", "program", "prog", "progs"],
            Self::Collections => &["collections", "collection", "coll", "colls"],
            Self::Members => &["members", "member"],
            Self::Points => &[
                "distribution-points",
                "distribution-point",
                "points",
                "point",
                "dp",
                "dps",
            ],
            Self::Groups => &["groups", "group", "dpg"],
            Self::Assignments => &["assignments", "assignment"],
            Self::Advertisements => &["advertisements", "advertisement", "adv", "advs"],
            Self::Deployments => &["deployments", "deployment"],
            Self::Statuses => &["statuses", "status"],
            Self::Devices => &["devices", "device", "dev", "devs"],
        }
    }

    /// The plural, as the command line spells it.
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Points => "distribution-points",
            Self::Packages => "packages",
            Self::Programs => "programs",
            Self::Collections => "collections",
            Self::Members => "members",
            Self::Groups => "groups",
            Self::Assignments => "assignments",
            Self::Advertisements => "advertisements",
            Self::Deployments => "deployments",
            Self::Statuses => "statuses",
            Self::Devices => "devices",
        }
    }

    /// One of them, in a sentence.
    pub const fn singular(self) -> &'static str {
        match self {
            Self::Packages => "package",
            Self::Programs => "program",
            Self::Collections => "collection",
            Self::Members => "member",
            Self::Points => "distribution point",
            Self::Groups => "distribution point group",
            Self::Assignments => "assignment",
            Self::Advertisements => "advertisement",
            Self::Deployments => "deployment",
            Self::Statuses => "status",
            Self::Devices => "device",
        }
    }

    /// Several of them, in a sentence.
    pub const fn several(self) -> &'static str {
        match self {
            Self::Points => "distribution points",
            Self::Groups => "distribution point groups",
            _ => self.plural(),
        }
    }

    pub const fn called(self) -> Called {
        Called {
            one: self.singular(),
            several: self.several(),
            word: self.plural(),
        }
    }

    /// Whether the kind grows with the number of devices: read as a window, never whole.
    pub const fn is_windowed(self) -> bool {
        matches!(self, Self::Members | Self::Statuses | Self::Devices)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.plural())
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Self, UnknownKind> {
        let lower = word.to_lowercase();
        Self::ALL
            .into_iter()
            .find(|kind| kind.names().contains(&lower.as_str()))
            .ok_or_else(|| UnknownKind {
                word: word.to_owned(),
                instead: instead(&lower),
            })
    }
}

/// The nearest of all names; where none is near, every kind by one name.
fn instead(word: &str) -> String {
    let names = Kind::ALL.iter().flat_map(|kind| kind.names()).copied();
    match nearest(word, names) {
        Some(name) => format!("did you mean '{name}'?"),
        None => instead_of(word, Kind::ALL.iter().map(|kind| kind.plural())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_a_kind_is_read_back_as_that_kind() {
        for kind in Kind::ALL {
            for name in kind.names() {
                assert_eq!(name.parse(), Ok(kind));
                assert_eq!(name.to_uppercase().parse(), Ok(kind));
            }
            assert_eq!(kind.plural().parse(), Ok(kind));
        }
    }

    #[test]
    fn the_abbreviations_of_the_command_line_are_understood() {
        assert_eq!("pkg".parse(), Ok(Kind::Packages));
        assert_eq!("prog".parse(), Ok(Kind::Programs));
        assert_eq!("coll".parse(), Ok(Kind::Collections));
        assert_eq!("dp".parse(), Ok(Kind::Points));
        assert_eq!("adv".parse(), Ok(Kind::Advertisements));
    }

    #[test]
    fn a_misspelt_kind_is_answered_with_the_nearest_one() {
        let error = "colection".parse::<Kind>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no kind of object called 'colection'; did you mean 'collection'?"
        );
    }
}
