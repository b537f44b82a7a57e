//! Pages about a package, a program, an advertisement.

use super::about::Sides;
use super::{Gaps, Reader, all_gaps};
use crate::client::details::{
    AdvertisementDetail, DeploymentDetail, PackageDetail, Part, ProgramDetail, When,
};
use crate::client::listing::{DeploymentLine, PackageLine, ProgramLine};
use crate::error::SiteError;
use crate::odata::Filter;
use crate::sms::Row;
use crate::sms::advertisement::{Advertisement, AdvertisementRow};
use crate::sms::ids::{AdvertisementId, DeploymentId, PackageId, ProgramId};
use crate::sms::program::ProgramRow;
use crate::sms::status::DeploymentSummaryRow;

impl Reader<'_> {
    pub async fn package(&self, id: &PackageId) -> Result<PackageDetail, SiteError> {
        let (mut gaps, mut about, mut around) = (Gaps::default(), Gaps::default(), Gaps::default());
        let of_package = || Filter::eq("PackageID", id.as_str());
        let (object, beside, programs, content, advertisements) = tokio::join!(
            self.object("SMS_Package", id, format!("package {id}")),
            self.beside(Sides::package(id), &mut gaps),
            self.side::<ProgramRow>(Some(of_package())),
            self.content_of(id, &mut about),
            self.advertisements_where(of_package(), &mut around),
        );
        let object = object?;
        let programs = gaps.note("programs", programs);
        let offered = |name: &str| {
            count_of(&advertisements, |row| {
                row.program_name.eq_ignore_ascii_case(name)
            })
        };
        let with_count = |row: ProgramRow| {
            let mut line = ProgramLine::new(row, &beside);
            line.advertisements = offered(&line.row.program_name);
            line
        };
        let programs = programs.map(|rows| rows.into_iter().map(with_count).collect());
        let mut line = PackageLine::new(object.seen_as()?, &beside, &self.clock);
        line.advertisements = count_of(&advertisements, |_| true);
        Ok(PackageDetail {
            package: object.seen_as()?,
            line,
            programs,
            content,
            advertisements,
            raw: object.raw,
            gaps: all_gaps([gaps, about, around]),
        })
    }

    pub async fn program(&self, id: &ProgramId) -> Result<ProgramDetail, SiteError> {
        let (mut gaps, mut around) = (Gaps::default(), Gaps::default());
        let of_program = Filter::eq("PackageID", id.package.as_str())
            .and(Filter::eq("ProgramName", id.name.as_str()));
        let (object, beside, advertisements) = tokio::join!(
            self.object("SMS_Program", id, format!("program {id}")),
            self.beside(Sides::package(&id.package), &mut gaps),
            self.advertisements_where(of_program, &mut around),
        );
        let object = object?;
        let mut line = ProgramLine::new(object.seen_as()?, &beside);
        line.advertisements = count_of(&advertisements, |_| true);
        Ok(ProgramDetail {
            program: object.seen_as()?,
            line,
            advertisements,
            raw: object.raw,
            gaps: all_gaps([gaps, around]),
        })
    }

    pub async fn advertisement(
        &self,
        id: &AdvertisementId,
    ) -> Result<AdvertisementDetail, SiteError> {
        let mut gaps = Gaps::default();
        let object = self
            .object("SMS_Advertisement", id, format!("advertisement {id}"))
            .await?;
        let row: AdvertisementRow = object.seen_as()?;
        let advertisement: Advertisement = object.seen_as()?;
        let mut about = Gaps::default();
        let (beside, content) = tokio::join!(
            self.beside(Sides::of(std::slice::from_ref(&row)), &mut gaps),
            self.content_of(&row.package_id, &mut about),
        );
        Ok(AdvertisementDetail {
            when: When::of(&advertisement, &self.clock),
            program: beside.program(row.program()).cloned(),
            line: DeploymentLine::read_by_key(row, &advertisement, &beside, &self.clock),
            content,
            advertisement,
            raw: object.raw,
            gaps: all_gaps([gaps, about]),
        })
    }

    pub async fn deployment(&self, id: &DeploymentId) -> Result<DeploymentDetail, SiteError> {
        let mut gaps = Gaps::default();
        let class = DeploymentSummaryRow::CLASS;
        let object = self.object(class, id, format!("deployment {id}")).await?;
        let row: DeploymentSummaryRow = object.seen_as()?;
        let collection = row.collection_id.as_ref();
        let collection = collection.map(|id| Filter::eq("CollectionID", id.as_str()));
        let beside = self.beside(Sides::collection(collection), &mut gaps).await;
        Ok(DeploymentDetail {
            line: DeploymentLine::other(row, &beside, &self.clock),
            raw: object.raw,
            gaps: gaps.0,
        })
    }
}

/// How many advertisements fit; unknown where they could not be read.
pub(super) fn count_of(
    lines: &Part<DeploymentLine>,
    fits: impl Fn(&AdvertisementRow) -> bool,
) -> Option<u32> {
    let rows = lines.as_ref().ok()?.iter();
    let rows = rows.filter_map(DeploymentLine::advertisement);
    let fitting = rows.filter(|row| fits(row));
    Some(u32::try_from(fitting.count()).unwrap_or(u32::MAX))
}
