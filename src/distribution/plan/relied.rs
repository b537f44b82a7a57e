//! The facts a plan was decided upon, kept in it so that a later look can tell whether they still hold.

use serde::{Deserialize, Serialize};

use crate::distribution::facts;
use crate::sms::ids::PackageId;
use crate::sms::nal::NalPath;
use crate::sms::program_flags::ProgramFlags;

/// What the operations of a plan were decided upon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relied {
    pub target: Target,
    /// The existing package and the version of its files; nothing for a package the plan makes.
    pub package: Option<Version>,
    /// How the program runs, existing or new.
    pub program_flags: ProgramFlags,
    /// The existing program, as it was; nothing for a program the plan makes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<Program>,
    /// Points that held the files, as far as the plan counts on them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<NalPath>,
    /// Size of the files in bytes, where it was known.
    pub size: Option<u64>,
    /// Member counts at which other rules begin: a count that crosses one is no small change.
    pub thresholds: Vec<u64>,
}

/// A package and the version of its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    pub package: PackageId,
    pub source_version: u32,
}

/// A program and what it runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    pub name: String,
    pub command: String,
}

/// Who the plan reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Name of the collection.
    pub collection: String,
    /// Who is meant, as it is asked of a site; nothing when the draft did not say enough to ask.
    pub asked: Option<facts::Target>,
    pub members: Counted,
    /// Hash of the sorted resource ids of the members, where they were read.
    pub members_hash: Option<String>,
    pub impact: Impact,
}

/// What the members are, for the sentence; nothing where it was not read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Impact {
    pub workstations: Option<u64>,
    pub servers: Option<u64>,
    pub site_systems: Option<u64>,
}

/// A count, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    Known(u64),
    Unknown(String),
}

impl Counted {
    pub fn known(&self) -> Option<u64> {
        match self {
            Self::Known(count) => Some(*count),
            Self::Unknown(_) => None,
        }
    }
}
