//! What stands beside advertisements, packages and programs: read side by side, only as much as is needed.

use std::collections::HashMap;

use super::{Gaps, Reader};
use crate::client::listing::Beside;
use crate::client::listing::beside::{Offers, by};
use crate::client::listing::deployment;
use crate::error::SiteError;
use crate::odata::Filter;
use crate::sms::advertisement::AdvertisementRow;
use crate::sms::collection::CollectionRow;
use crate::sms::ids::{AdvertisementId, PackageId};
use crate::sms::package::PackageRow;
use crate::sms::program::ProgramRow;
use crate::sms::status::{ContentRow, DeploymentSummaryRow, FeatureType};

/// More ids than this in one filter, and the whole list is read instead: addresses must stay short.
const MOST_IDS: usize = 30;

/// What is missing where the site's summaries could not be read.
const SUMMARIES: &str = "device counts and other deployments";

/// How much of a class to read.
#[derive(Debug, Default)]
enum Part {
    #[default]
    Nothing,
    Everything,
    Fitting(Filter),
}

impl Part {
    /// Everything where there is no filter.
    fn of(filter: Option<Filter>) -> Self {
        filter.map_or(Self::Everything, Self::Fitting)
    }
}

/// Which rows to read beside.
#[derive(Debug, Default)]
pub(super) struct Sides {
    packages: Part,
    programs: Part,
    collections: Part,
    contents: Part,
    summaries: Part,
}

impl Sides {
    /// Everything an advertisement is joined with, for all advertisements.
    pub(super) fn of_all() -> Self {
        Self {
            packages: Part::Everything,
            programs: Part::Everything,
            collections: Part::Everything,
            contents: Part::Everything,
            summaries: Part::Fitting(installs()),
        }
    }

    /// The same for what is deployed to these collections: their advertisements, and the others by their summaries.
    pub(super) fn to(collections: &Filter, rows: &[AdvertisementRow]) -> Self {
        Self {
            collections: Part::Fitting(collections.clone()),
            summaries: Part::Fitting(collections.clone().and(installs())),
            ..Self::of(rows)
        }
    }

    /// The same for these advertisements alone.
    pub(super) fn of(rows: &[AdvertisementRow]) -> Self {
        let packages = || rows.iter().map(|row| row.package_id.as_str());
        let collections = rows.iter().map(|row| row.collection_id.as_str());
        let ids = rows.iter().map(|row| row.advertisement_id.as_str());
        if rows.is_empty() {
            return Self::default();
        }
        Self {
            packages: Part::of(one_of("PackageID", packages())),
            programs: Part::of(one_of("PackageID", packages())),
            collections: Part::of(one_of("CollectionID", collections)),
            contents: Part::of(one_of("PackageID", packages())),
            summaries: Part::of(
                one_of("DeploymentID", ids).or_else(|| Some(of(FeatureType::Program))),
            ),
        }
    }

    /// Names and content of all packages.
    pub(super) fn packages() -> Self {
        Self {
            packages: Part::Everything,
            ..Self::default()
        }
    }

    /// Name and content of one package.
    pub(super) fn package(id: &PackageId) -> Self {
        let only = || Part::Fitting(Filter::eq("PackageID", id.as_str()));
        Self {
            packages: only(),
            contents: only(),
            ..Self::default()
        }
    }

    /// The collection something is deployed to, where it names one.
    pub(super) fn collection(only: Option<Filter>) -> Self {
        Self {
            collections: only.map_or(Part::Nothing, Part::Fitting),
            ..Self::default()
        }
    }

    pub(super) fn with_contents(mut self) -> Self {
        self.contents = Part::Everything;
        self
    }
}

/// Summaries of what installs software: advertised programs, and what stands beside them.
fn installs() -> Filter {
    let beside = deployment::BESIDE.into_iter().map(of);
    beside.fold(of(FeatureType::Program), Filter::or)
}

fn of(kind: FeatureType) -> Filter {
    Filter::eq("FeatureType", u32::from(kind))
}

/// The property is one of these; `None`, which is everything, when they are too many to be named.
pub(super) fn one_of<'a>(property: &str, ids: impl Iterator<Item = &'a str>) -> Option<Filter> {
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() > MOST_IDS {
        return None;
    }
    Filter::one_of(ids.into_iter().map(|id| Filter::eq(property, id)))
}

/// Reads if wanted.
async fn wanted<T>(
    part: Part,
    read: impl AsyncFnOnce(Option<Filter>) -> Result<T, SiteError>,
) -> Option<Result<T, SiteError>> {
    match part {
        Part::Nothing => None,
        Part::Everything => Some(read(None).await),
        Part::Fitting(filter) => Some(read(Some(filter)).await),
    }
}

impl Reader<'_> {
    /// Reads what stands beside, all at once.
    pub(super) async fn beside(&self, sides: Sides, gaps: &mut Gaps) -> Beside {
        let (packages, programs, collections, contents, summaries) = tokio::join!(
            wanted(sides.packages, async |it| self.side::<PackageRow>(it).await),
            wanted(sides.programs, async |it| self.side::<ProgramRow>(it).await),
            wanted(sides.collections, async |it| self
                .side::<CollectionRow>(it)
                .await),
            wanted(sides.contents, async |it| self.side::<ContentRow>(it).await),
            wanted(sides.summaries, async |it| self
                .side::<DeploymentSummaryRow>(it)
                .await),
        );
        let mut beside = Beside::default();
        if let Some(rows) = packages.and_then(|it| gaps.fill("packages", it)) {
            beside.packages = Some(by(rows, |row| row.package_id.clone()));
        }
        if let Some(rows) = programs.and_then(|it| gaps.fill("programs", it)) {
            beside.programs = Some(by(rows, |row| row.id().into()));
        }
        if let Some(rows) = collections.and_then(|it| gaps.fill("collections", it)) {
            beside.collections = Some(by(rows, |row| row.collection_id.clone()));
        }
        if let Some(rows) = contents.and_then(|it| gaps.fill("content counts", it)) {
            beside.contents = Some(contents_by_package(rows));
        }
        if let Some(rows) = summaries.and_then(|it| gaps.fill(SUMMARIES, it)) {
            let (others, counted) = rows
                .into_iter()
                .partition(|row| deployment::BESIDE.contains(&row.feature_type));
            beside.others = others;
            beside.summaries = Some(by_advertisement(counted));
        }
        beside
    }

    /// How often things are advertised.
    pub(super) async fn offers(&self) -> Result<Offers, SiteError> {
        Ok(Offers::count(&self.side::<AdvertisementRow>(None).await?))
    }
}

/// The summaries that count an advertisement.
fn by_advertisement(
    rows: Vec<DeploymentSummaryRow>,
) -> HashMap<AdvertisementId, DeploymentSummaryRow> {
    let counted = rows.into_iter();
    counted
        .filter_map(|row| Some((row.advertisement()?, row)))
        .collect()
}

/// For a package the object's id is the package's; the column beside it may be empty.
fn contents_by_package(rows: Vec<ContentRow>) -> HashMap<PackageId, ContentRow> {
    by(rows, |row| {
        row.package_id
            .clone()
            .unwrap_or_else(|| PackageId::new(&row.object_id))
    })
}
