//! The shapes of answers: rows as the site has them where they suffice, sums where they would be too many.

use serde::{Deserialize, Serialize};

use super::Fact;
use crate::sms::collection::CollectionRow;
use crate::sms::distribution_point::{GroupRow, PointRow};
use crate::sms::ids::{AdvertisementId, CollectionId, PackageId, ProgramId, SiteCode};
use crate::sms::nal::NalPath;
use crate::sms::package::PackageRow;
use crate::sms::program::ProgramRow;
use crate::sms::resource::DeviceRow;
use crate::sms::rights::Sight;
use crate::sms::status::ContentState;

/// Who answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteFact {
    pub code: SiteCode,
    pub name: String,
    /// The site server by its full name; empty where the site does not say.
    #[serde(default)]
    pub server: String,
    pub version: String,
    /// An embedded site, here or served from another machine: its paths are not those of Windows.
    pub embedded: bool,
    /// It does not say what machine it is on, and is taken for a real one, as nearly all are.
    #[serde(default)]
    pub guessed: bool,
    /// It is answered by this process: it reads source folders as we do.
    pub here: bool,
    /// Seconds its clock is ahead of this machine's; `None` where it does not show its clock.
    #[serde(default)]
    pub clock_ahead: Option<i64>,
    /// How much of it this account sees.
    #[serde(default)]
    pub sight: Sight,
}

/// An object's id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub id: String,
    pub name: String,
}

/// A package and its programs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PackageFact {
    pub row: PackageRow,
    /// Those whose deletion is under way are left out.
    pub programs: Vec<ProgramRow>,
}

impl PackageFact {
    pub fn id(&self) -> &PackageId {
        &self.row.package_id
    }

    /// The program of this name, whatever its case.
    pub fn program(&self, name: &str) -> Option<&ProgramRow> {
        self.programs
            .iter()
            .find(|program| program.program_name.eq_ignore_ascii_case(name.trim()))
    }

    /// `7-Zip 24.08`.
    pub fn title(&self) -> String {
        format!("{} {}", self.row.name, self.row.version)
            .trim()
            .to_owned()
    }
}

/// What is in a source folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceFact {
    Folder {
        /// Absolute, links followed.
        full_path: String,
        files: u64,
        bytes: u64,
        /// Hidden or odd-named files, relative to the folder.
        hidden: Vec<String>,
        /// Names of the files at the top of the folder.
        top: Vec<String>,
    },
    /// It is not there, or cannot be read; in words that end a sentence.
    Trouble { full_path: String, reason: String },
}

/// Where the files of a package are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentFact {
    pub package: PackageId,
    pub source_version: u32,
    pub size_kb: Option<u64>,
    pub copies: Vec<CopyFact>,
}

/// The files of one package on one point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyFact {
    pub nal_path: NalPath,
    pub site: SiteCode,
    /// `None` while the site has no word about it yet.
    pub state: Option<ContentState>,
    pub version: u32,
}

impl CopyFact {
    pub fn server(&self) -> &str {
        self.nal_path.server()
    }

    /// A device can fetch these files, in this version.
    pub fn is_current(&self, version: u32) -> bool {
        self.state.is_some_and(ContentState::is_usable) && self.version >= version
    }
}

impl ContentFact {
    pub fn copy_on(&self, nal_path: &NalPath) -> Option<&CopyFact> {
        self.copies.iter().find(|copy| copy.nal_path == *nal_path)
    }

    /// Copies in the current version.
    pub fn current(&self) -> impl Iterator<Item = &CopyFact> {
        self.copies
            .iter()
            .filter(|copy| copy.is_current(self.source_version))
    }
}

/// Distribution points and their groups.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PointsFact {
    pub points: Vec<PointRow>,
    pub groups: Vec<GroupFact>,
    /// Why there are no groups here, where this account is not shown any: what names none does without them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups_hidden: Option<String>,
}

/// A group and the points in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupFact {
    pub row: GroupRow,
    pub members: Fact<Vec<NalPath>>,
}

impl PointsFact {
    /// The point of this server, by full or short name.
    pub fn point(&self, server: &str) -> Option<&PointRow> {
        let server = server.trim();
        let short = |name: &str| name.split('.').next().unwrap_or(name).to_ascii_lowercase();
        self.points
            .iter()
            .find(|point| point.server().eq_ignore_ascii_case(server))
            .or_else(|| {
                let mut alike = self
                    .points
                    .iter()
                    .filter(|point| short(point.server()) == server.to_ascii_lowercase());
                alike.next().filter(|_| alike.next().is_none())
            })
    }

    /// The group of this name or id.
    pub fn group(&self, name: &str) -> Option<&GroupFact> {
        let name = name.trim();
        self.groups.iter().find(|group| {
            group.row.name.eq_ignore_ascii_case(name)
                || group.row.group_id.as_str().eq_ignore_ascii_case(name)
        })
    }
}

/// A device found by its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceFact {
    pub row: DeviceRow,
    /// Whether the limiting collection holds it; `None` while no limit is known.
    pub in_limit: Option<bool>,
}

/// What a typed device name means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResolvedName {
    pub name: String,
    pub matches: Vec<DeviceFact>,
}

/// What a site says of a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryFact {
    pub is_valid: bool,
    /// The site's own words about what is wrong.
    pub message: String,
    pub preview: Fact<Preview>,
}

/// Whom a query finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    pub count: u64,
    /// A few names.
    pub sample: Vec<String>,
}

/// Who would be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    pub members: u64,
    /// Of those the site counts, this account does not see so many: they get it all the same. Of a new collection, so many
    /// at most.
    #[serde(default)]
    pub hidden: u64,
    /// Changes when anybody comes or goes; empty when the members themselves could not be read.
    pub fingerprint: String,
    /// A few names.
    pub sample: Vec<String>,
    pub kinds: Fact<Kinds>,
    /// The largest collection this one includes, with its members.
    pub largest_included: Option<(Named, u64)>,
    /// The collection itself; none, where it is not made yet.
    #[serde(default)]
    pub collection: Option<Box<Named>>,
    /// For a new collection: how the number came about.
    pub parts: Option<ImpactParts>,
}

impl Impact {
    /// Those this account sees.
    pub fn seen(&self) -> u64 {
        self.members.saturating_sub(self.hidden)
    }

    /// Whether a new collection may hold more than is counted here.
    pub fn may_be_more(&self) -> bool {
        self.parts.as_ref().is_some_and(|parts| parts.may_find_more)
    }
}

/// Include 214 − exclude 12 ∩ limited to 1,840.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImpactParts {
    pub included: u64,
    pub excluded: u64,
    pub limit: u64,
    /// Who was named or found but is outside the limiting collection.
    pub outside: u64,
    /// Its query is worked out among devices of the limiting collection that this account does not see.
    #[serde(default)]
    pub may_find_more: bool,
}

/// What sorts of machines they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kinds {
    pub workstations: u64,
    /// Names of the servers.
    pub servers: Vec<String>,
    pub other: u64,
    /// Names of members that hold a role of the site itself.
    pub site_systems: Vec<String>,
    pub with_client: u64,
    /// With a client that was heard of lately.
    pub active: u64,
}

/// When the windows of the devices open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowsFact {
    /// Devices that obey the same windows together. One group may have no windows.
    pub groups: Vec<WindowGroup>,
}

/// Devices that obey the same windows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowGroup {
    pub devices: u64,
    /// Packed schedules of every enabled general window of every collection they are in.
    pub schedules: Vec<String>,
}

impl WindowsFact {
    pub fn without_windows(&self) -> u64 {
        self.groups
            .iter()
            .filter(|group| group.schedules.is_empty())
            .map(|group| group.devices)
            .sum()
    }

    pub fn with_windows(&self) -> u64 {
        self.groups
            .iter()
            .filter(|group| !group.schedules.is_empty())
            .map(|group| group.devices)
            .sum()
    }
}

/// Who ran the program before, through whatever advertisement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    pub succeeded: u64,
    pub failed: u64,
}

impl History {
    pub fn ran(self) -> u64 {
        self.succeeded + self.failed
    }
}

/// An advertisement of the same program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advertised {
    pub id: AdvertisementId,
    pub name: String,
    pub collection: CollectionId,
    pub collection_name: String,
    pub is_required: bool,
    /// `Required, Mon 30 Nov 20:00`.
    pub words: String,
    /// How many of the target's devices it reaches too; `None` when that could not be counted.
    pub shared: Option<u64>,
}

/// What a program waits for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DependencyFact {
    /// Link by link, the one that runs last first.
    pub links: Vec<DependencyLink>,
    /// The chain comes back to one of its links.
    pub is_circular: bool,
    /// A link that is not there.
    pub missing: Option<String>,
}

/// One program that others wait for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DependencyLink {
    pub program: ProgramId,
    pub package_name: String,
    /// It has files, so points must hold them.
    pub has_files: bool,
    /// Points that hold its files.
    pub on: Vec<NalPath>,
}

/// A collection; what lists show suffices.
pub type CollectionFact = CollectionRow;
