//! What stands beside the rows of a list: rows of other classes, by their keys, so that joins are linear.

use std::collections::HashMap;
use std::hash::Hash;

use crate::sms::advertisement::AdvertisementRow;
use crate::sms::collection::CollectionRow;
use crate::sms::distribution_point::{GroupMemberRow, GroupRow};
use crate::sms::ids::{AdvertisementId, CollectionId, GroupId, PackageId, ProgramId};
use crate::sms::nal::NalPath;
use crate::sms::package::PackageRow;
use crate::sms::program::ProgramRow;
use crate::sms::status::{ContentRow, DeploymentSummaryRow, PointStatusRow};

/// Rows of other classes. A part is `None` when it was not asked for or could not be read: what would be counted from
/// it is unknown then, and is never shown as nothing.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    pub packages: Option<HashMap<PackageId, PackageRow>>,
    pub programs: Option<HashMap<ProgramKey, ProgramRow>>,
    pub collections: Option<HashMap<CollectionId, CollectionRow>>,
    pub contents: Option<HashMap<PackageId, ContentRow>>,
    pub summaries: Option<HashMap<AdvertisementId, DeploymentSummaryRow>>,
    /// What is deployed and is no advertisement.
    pub others: Vec<DeploymentSummaryRow>,
    /// How many advertisements each package, program and collection has.
    pub offers: Option<Offers>,
    pub copies: Option<HashMap<NalPath, Copies>>,
    /// Names of the groups each distribution point is in.
    pub groups: Option<HashMap<NalPath, Vec<String>>>,
}

/// A program, whatever the case its name was written in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ProgramKey(PackageId, String);

impl From<ProgramId> for ProgramKey {
    fn from(id: ProgramId) -> Self {
        let name = id.name.to_lowercase();
        Self(id.package, name)
    }
}

/// How often things are advertised.
#[derive(Debug, Clone, Default)]
pub struct Offers {
    packages: HashMap<PackageId, u32>,
    programs: HashMap<ProgramKey, u32>,
    collections: HashMap<CollectionId, u32>,
}

/// How the content of packages stands on one distribution point.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Copies {
    pub usable: u32,
    pub busy: u32,
    pub failed: u32,
}

impl Offers {
    pub fn count(rows: &[AdvertisementRow]) -> Self {
        let mut offers = Self::default();
        for row in rows {
            *offers.packages.entry(row.package_id.clone()).or_default() += 1;
            *offers.programs.entry(row.program().into()).or_default() += 1;
            *offers
                .collections
                .entry(row.collection_id.clone())
                .or_default() += 1;
        }
        offers
    }

    pub fn of_package(&self, id: &PackageId) -> u32 {
        self.packages.get(id).copied().unwrap_or_default()
    }

    pub fn of_program(&self, id: ProgramId) -> u32 {
        self.programs.get(&id.into()).copied().unwrap_or_default()
    }

    pub fn of_collection(&self, id: &CollectionId) -> u32 {
        self.collections.get(id).copied().unwrap_or_default()
    }
}

impl Copies {
    pub fn count(rows: &[PointStatusRow]) -> HashMap<NalPath, Self> {
        let mut points: HashMap<NalPath, Self> = HashMap::new();
        for row in rows {
            let copies = match points.get_mut(&row.server_nal_path) {
                Some(copies) => copies,
                None => points.entry(row.server_nal_path.clone()).or_default(),
            };
            if row.state.is_failed() {
                copies.failed += 1;
            } else if row.state.is_usable() {
                copies.usable += 1;
            } else {
                copies.busy += 1;
            }
        }
        points
    }
}

/// Rows by what names them.
pub fn by<K: Eq + Hash, R>(rows: Vec<R>, key: impl Fn(&R) -> K) -> HashMap<K, R> {
    rows.into_iter().map(|row| (key(&row), row)).collect()
}

/// The names of the groups each distribution point is in. A group nobody may see has no name, and is left out.
pub fn groups_of_points(
    groups: &[GroupRow],
    members: Vec<GroupMemberRow>,
) -> HashMap<NalPath, Vec<String>> {
    let names: HashMap<&GroupId, &str> = groups
        .iter()
        .map(|row| (&row.group_id, row.name.as_str()))
        .collect();
    let mut points: HashMap<NalPath, Vec<String>> = HashMap::new();
    for row in members {
        if let Some(name) = names.get(&row.group_id) {
            points
                .entry(row.dp_nal_path)
                .or_default()
                .push((*name).to_owned());
        }
    }
    points
}

impl Beside {
    /// The package's name and version, or its id where the packages could not be read.
    pub fn package_name(&self, id: &PackageId) -> String {
        self.package(id).map_or_else(|| id.to_string(), full_name)
    }

    pub fn package(&self, id: &PackageId) -> Option<&PackageRow> {
        self.packages.as_ref()?.get(id)
    }

    pub fn summary(&self, id: &AdvertisementId) -> Option<&DeploymentSummaryRow> {
        self.summaries.as_ref()?.get(id)
    }

    pub fn program(&self, id: ProgramId) -> Option<&ProgramRow> {
        self.programs.as_ref()?.get(&id.into())
    }

    pub fn collection(&self, id: &CollectionId) -> Option<&CollectionRow> {
        self.collections.as_ref()?.get(id)
    }

    pub fn content(&self, id: &PackageId) -> Option<&ContentRow> {
        self.contents.as_ref()?.get(id)
    }
}

/// `7-Zip 24.08`: the version is left out where the name has it already.
pub fn full_name(package: &PackageRow) -> String {
    named(&package.name, &package.version)
}

/// A name with its version.
pub fn named(name: &str, version: &str) -> String {
    if version.is_empty() || name.ends_with(version) {
        name.to_owned()
    } else {
        format!("{name} {version}")
    }
}
