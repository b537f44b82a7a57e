//! Packages, their programs, where their files are, and what a program waits for.

use std::sync::Arc;

use super::{Answered, Gatherer, id_first};
use crate::distribution::alike::{likeness, telling_words};
use crate::distribution::facts::answers::{
    ContentFact, CopyFact, DependencyFact, DependencyLink, GroupFact, Named, PackageFact,
    PointsFact,
};
use crate::distribution::facts::{Fact, NamedProgram, SourceFact};
use crate::error::SiteError;
use crate::odata::Filter;
use crate::sms::application::ApplicationRow;
use crate::sms::distribution_point::{AssignmentRow, GroupMemberRow, GroupRow, PointRow};
use crate::sms::ids::{PackageId, ProgramId};
use crate::sms::package::{ActionInProgress, PackageRow};
use crate::sms::program::ProgramRow;
use crate::sms::status::{ContentRow, PointStatusRow};

/// No chain of programs is longer than this without going in a circle.
const MOST_LINKS: usize = 20;

/// Words of a name that are asked for: addresses must stay short.
const MOST_WORDS: usize = 8;

impl Gatherer<'_> {
    /// Packages with this id, else with this name, each with its programs.
    pub(super) async fn packages_named(&self, named: &str) -> Answered<Arc<Vec<PackageFact>>> {
        let read = async || {
            let id = PackageId::new(named);
            let filter = Filter::eq("PackageID", id.as_str()).or(Filter::eq("Name", named));
            let mut rows: Vec<PackageRow> = self.provider.list(Some(filter)).await?;
            // One that this console does not change is found where nothing else has that name, so that it can be said.
            if rows.iter().any(|row| !row.is_locked()) {
                rows.retain(|row| !row.is_locked());
            }
            let mut packages = Vec::new();
            for row in id_first(rows, |row| row.package_id == id) {
                let programs = self.programs(&row.package_id).await?;
                packages.push(PackageFact { row, programs });
            }
            Ok(packages)
        };
        self.packages.get(named.to_owned(), read).await
    }

    /// Lists still hold programs whose deletion is under way.
    async fn programs(&self, package: &PackageId) -> Answered<Vec<ProgramRow>> {
        let mut rows: Vec<ProgramRow> = self
            .provider
            .list(Some(Filter::eq("PackageID", package.as_str())))
            .await?;
        rows.retain(|row| row.action_in_progress != ActionInProgress::Delete);
        Ok(rows)
    }

    pub(super) async fn makers(&self) -> Answered<Vec<String>> {
        let rows: Vec<PackageRow> = self.provider.list(None).await?;
        let mut makers: Vec<String> = rows
            .into_iter()
            .map(|row| row.manufacturer.trim().to_owned())
            .collect();
        makers.retain(|maker| !maker.is_empty());
        makers.sort();
        makers.dedup();
        Ok(makers)
    }

    /// Applications that may be the same software: those that have any of its telling words are looked at.
    pub(super) async fn applications_like(
        &self,
        name: &str,
        maker: &str,
    ) -> Answered<Vec<ApplicationRow>> {
        let holds = |word: &String| Filter::contains("LocalizedDisplayName", word.as_str());
        let words = telling_words(name);
        let Some(any) = Filter::one_of(words.iter().take(MOST_WORDS).map(holds)) else {
            return Ok(Vec::new());
        };
        let mut rows: Vec<ApplicationRow> = self.provider.list(Some(any)).await?;
        rows.retain(|row| likeness((name, maker), row.named()).is_some());
        Ok(rows)
    }

    /// Packages whose files come from this folder, under whatever name of it.
    pub(super) async fn source_users(&self, folder: &str) -> Answered<Vec<Named>> {
        let mut users = self.package_users("PkgSourcePath", folder).await?;
        if let Ok(SourceFact::Folder { full_path, .. }) = self.source(folder).await
            && full_path != folder
        {
            users.extend(self.package_users("PkgSourcePath", &full_path).await?);
        }
        Ok(users)
    }

    pub(super) async fn package_users(&self, property: &str, text: &str) -> Answered<Vec<Named>> {
        let rows: Vec<PackageRow> = self.provider.list(Some(Filter::eq(property, text))).await?;
        Ok(rows
            .into_iter()
            .map(|row| Named {
                id: row.package_id.to_string(),
                name: row.name,
            })
            .collect())
    }

    pub(super) async fn content(&self, named: &str) -> Answered<ContentFact> {
        let package = self.package(named).await?;
        let id = package.row.package_id.clone();
        Ok(ContentFact {
            source_version: package.row.source_version.unwrap_or_default(),
            size_kb: self.size(&id).await,
            copies: self.copies(&id).await?,
            package: id,
        })
    }

    /// The size is worth a question, but not worth failing for.
    async fn size(&self, package: &PackageId) -> Option<u64> {
        let rows: Vec<ContentRow> = self
            .provider
            .list(Some(Filter::eq("ObjectID", package.as_str())))
            .await
            .ok()?;
        rows.first()?.source_size.map(u64::from)
    }

    /// Where the package is assigned, with the state of each copy; a fresh assignment has no state yet.
    async fn copies(&self, package: &PackageId) -> Answered<Vec<CopyFact>> {
        let of_package = || Some(Filter::eq("PackageID", package.as_str()));
        let mut assigned: Vec<AssignmentRow> = self.provider.list(of_package()).await?;
        let states: Vec<PointStatusRow> = self.provider.list(of_package()).await?;
        assigned.retain(|row| !row.is_being_removed());
        let copy = |row: AssignmentRow| {
            let state = states
                .iter()
                .find(|state| state.server_nal_path == row.server_nal_path);
            CopyFact {
                nal_path: row.server_nal_path,
                site: row.site_code,
                state: state.map(|state| state.state),
                version: state
                    .and_then(|state| state.source_version)
                    .unwrap_or_default(),
            }
        };
        Ok(assigned.into_iter().map(copy).collect())
    }

    pub(super) async fn points(&self) -> Answered<Arc<PointsFact>> {
        let read = async || {
            let points: Vec<PointRow> = self.provider.list(None).await?;
            let (groups, groups_hidden) = match self.provider.list::<GroupRow>(None).await {
                Ok(groups) => (groups, None),
                Err(hidden @ SiteError::Forbidden { .. }) => (Vec::new(), Some(hidden.to_string())),
                Err(error) => return Err(error.into()),
            };
            let memberships = match self.provider.list::<GroupMemberRow>(None).await {
                Ok(rows) => Fact::known(rows, jiff::Timestamp::now()),
                Err(error) => Fact::unknown(error.to_string()),
            };
            let groups = groups.into_iter().map(|row| {
                let members = memberships.as_ref().map(|all| {
                    let of_group = all.iter().filter(|member| member.group_id == row.group_id);
                    of_group.map(|member| member.dp_nal_path.clone()).collect()
                });
                GroupFact { row, members }
            });
            Ok(PointsFact {
                groups: groups.collect(),
                points,
                groups_hidden,
            })
        };
        self.points.get((), read).await
    }

    /// What a program waits for, link by link, until nothing, something missing, or a circle.
    pub(super) async fn dependency(&self, first: &NamedProgram) -> Answered<DependencyFact> {
        let mut fact = DependencyFact::default();
        let mut next = Some((first.package.clone(), first.program.clone()));
        while let Some((package, program)) = next.take() {
            let found = self.packages_named(&package).await?;
            let found = found
                .iter()
                .find_map(|package| Some((package, package.program(&program)?)));
            let Some((package, row)) = found else {
                fact.missing = Some(format!("{package}/{program}"));
                return Ok(fact);
            };
            let id = ProgramId::new(package.id().clone(), row.program_name.clone());
            if fact.links.iter().any(|link| link.program.is_same(&id))
                || fact.links.len() == MOST_LINKS
            {
                fact.is_circular = true;
                return Ok(fact);
            }
            fact.links.push(self.link(package, id).await?);
            next = row
                .depends_on()
                .map(|first| (first.package.to_string(), first.name));
        }
        Ok(fact)
    }

    async fn link(&self, package: &PackageFact, program: ProgramId) -> Answered<DependencyLink> {
        let has_files = package.row.needs_distribution_points();
        let copies = if has_files {
            self.copies(package.id()).await?
        } else {
            Vec::new()
        };
        let is_there = |copy: &CopyFact| copy.is_current(1);
        Ok(DependencyLink {
            program,
            package_name: package.row.name.clone(),
            has_files,
            on: copies
                .into_iter()
                .filter(is_there)
                .map(|copy| copy.nal_path)
                .collect(),
        })
    }
}
