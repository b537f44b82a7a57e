//! The questions a draft raises. Pure: the same draft raises the same questions.

use std::collections::BTreeSet;

use super::{NamedProgram, Question, Target};
use crate::config::{Limits, Placement};
use crate::distribution::draft::settled::{listed, said};
use crate::distribution::draft::{CollectionOrigin, Draft, Origin};
use crate::distribution::field::FieldId;

/// Collections from this size on are told apart from look-alikes by name.
pub const LARGE: u64 = 100;

/// Everything to be asked about this draft under these limits, what others build on first, each once.
pub fn needed(draft: &Draft, limits: &Limits) -> Vec<Question> {
    let mut questions = BTreeSet::from([Question::Site]);
    questions.extend(of_package(draft));
    questions.extend(of_program(draft));
    questions.extend(of_collection(draft));
    questions.extend(of_points(draft));
    questions.extend(of_target(draft));
    questions.extend(of_placement(draft, &limits.house.placement));
    questions.extend(
        said(draft.advertisement.name.as_ref())
            .map(|name| Question::AdvertisementNamed(name.into())),
    );
    questions.into_iter().collect()
}

fn of_package(draft: &Draft) -> Vec<Question> {
    if let Some(existing) = &draft.package.existing {
        let existing = existing.trim();
        return if existing.is_empty() {
            Vec::new()
        } else {
            vec![Question::Package(existing.into())]
        };
    }
    let package = &draft.package;
    let mut questions = Vec::new();
    questions.extend(said(package.name.as_ref()).into_iter().flat_map(|name| {
        [
            Question::Package(name.into()),
            Question::Applications {
                name: name.into(),
                maker: draft.text(FieldId::PackageManufacturer),
            },
        ]
    }));
    questions.extend(said(package.manufacturer.as_ref()).map(|_| Question::Makers));
    if draft.has_source() {
        if let Some(folder) = said(package.source.as_ref()) {
            questions.push(Question::Source(folder.into()));
            questions.push(Question::SourceUsers(folder.into()));
        }
        questions.extend(
            said(package.share_name.as_ref()).map(|share| Question::ShareUsers(share.into())),
        );
    }
    questions
}

fn of_program(draft: &Draft) -> Option<Question> {
    draft.dependency().map(Question::Dependency)
}

fn of_collection(draft: &Draft) -> Vec<Question> {
    let collection = &draft.collection;
    if let Some(existing) = &collection.existing {
        let existing = existing.trim();
        return if existing.is_empty() {
            Vec::new()
        } else {
            vec![Question::Collection(existing.into())]
        };
    }
    if draft.collection_origin() == CollectionOrigin::Existing {
        return Vec::new();
    }
    let limit_to = draft.text(FieldId::CollectionLimitTo);
    let mut questions: Vec<Question> = said(collection.name.as_ref())
        .into_iter()
        .flat_map(|name| {
            [
                Question::Collection(name.into()),
                Question::LargeCollections(LARGE),
            ]
        })
        .collect();
    let others = listed(collection.include.as_ref()).chain(listed(collection.exclude.as_ref()));
    questions.extend(
        others
            .chain(said(Some(&limit_to)))
            .map(|other| Question::Collection(other.into())),
    );
    let names: Vec<String> = listed(collection.devices.as_ref())
        .map(str::to_owned)
        .collect();
    if !names.is_empty() {
        questions.push(Question::Devices {
            names,
            limit_to: limit_to.clone(),
        });
    }
    questions.extend(said(collection.query.as_ref()).map(|wql| Question::Query {
        wql: wql.into(),
        limit_to,
    }));
    questions
}

fn of_points(draft: &Draft) -> Vec<Question> {
    match draft.package_origin() {
        Origin::Existing => {
            let package = draft.text(FieldId::PackageUse);
            let content = (!package.is_empty()).then_some(Question::Content(package));
            content.into_iter().chain([Question::Points]).collect()
        }
        Origin::New if draft.has_source() => vec![Question::Points],
        Origin::New => Vec::new(),
    }
}

/// Where the keepers of the site want what this draft makes.
fn of_placement(draft: &Draft, placement: &Placement) -> Vec<Question> {
    let makes_package = draft.package_origin() == Origin::New;
    let makes_collection = draft.collection_origin() != CollectionOrigin::Existing;
    let scopes = makes_package && !placement.scopes.is_empty();
    let folders = (makes_package && placement.packages.is_some())
        || (makes_collection && placement.collections.is_some());
    let mut questions = Vec::new();
    questions.extend(scopes.then_some(Question::Scopes));
    questions.extend(folders.then_some(Question::Folders));
    questions
}

fn of_target(draft: &Draft) -> Vec<Question> {
    let Some(target) = draft.target() else {
        return Vec::new();
    };
    let mut questions = vec![
        Question::Impact(target.clone()),
        Question::Windows(target.clone()),
    ];
    if let Some(program) = draft.named_program() {
        questions.push(Question::History {
            program: program.clone(),
            target: target.clone(),
        });
        questions.push(Question::Advertised { program, target });
    }
    questions
}

impl Draft {
    /// Who is meant, as far as that is said.
    pub fn target(&self) -> Option<Target> {
        let collection = &self.collection;
        if self.collection_origin() == CollectionOrigin::Existing {
            return said(collection.existing.as_ref()).map(|name| Target::Existing(name.into()));
        }
        let owned = |list| listed(list).map(str::to_owned).collect::<Vec<_>>();
        let (devices, include) = (
            owned(collection.devices.as_ref()),
            owned(collection.include.as_ref()),
        );
        let query = said(collection.query.as_ref()).map(str::to_owned);
        let limit_to = said(collection.limit_to.as_ref())?.to_owned();
        let anyone = !devices.is_empty() || !include.is_empty() || query.is_some();
        let exclude = owned(collection.exclude.as_ref());
        anyone.then_some(Target::New {
            limit_to,
            devices,
            query,
            include,
            exclude,
        })
    }

    /// The program that exists already; a new one has no past.
    pub fn named_program(&self) -> Option<NamedProgram> {
        let package = said(self.package.existing.as_ref())?;
        let program = said(self.program.existing.as_ref())?;
        Some(NamedProgram {
            package: package.into(),
            program: program.into(),
        })
    }

    /// The program that must run first: `LAB00012/Install`, or a name of the same package.
    pub fn dependency(&self) -> Option<NamedProgram> {
        if self.program_origin() == Origin::Existing {
            return None;
        }
        let text = said(self.program.depends_on.as_ref())?;
        let (package, program) = match text.split_once('/') {
            Some((package, program)) => (package.trim(), program.trim()),
            None => (said(self.package.existing.as_ref())?, text),
        };
        Some(NamedProgram {
            package: package.into(),
            program: program.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(change: impl FnOnce(&mut Draft)) -> Draft {
        let mut draft = Draft::default();
        change(&mut draft);
        draft
    }

    fn asked(draft: &Draft) -> Vec<Question> {
        needed(draft, &Limits::default())
    }

    #[test]
    fn a_place_is_asked_for_only_where_one_is_wanted_and_something_is_made() {
        let making = draft(|draft| draft.package.name = Some("Tool".into()));
        let using = draft(|draft| draft.package.existing = Some("LAB00012".into()));
        let mut limits = Limits::default();
        limits.house.placement.scopes = vec!["Berlin".into()];
        assert!(!asked(&making).contains(&Question::Scopes));
        assert!(needed(&making, &limits).contains(&Question::Scopes));
        assert!(!needed(&using, &limits).contains(&Question::Scopes));
        assert!(!needed(&making, &limits).contains(&Question::Folders));
    }

    #[test]
    fn an_empty_draft_asks_only_who_is_there() {
        assert_eq!(asked(&Draft::default()), [Question::Site]);
    }

    #[test]
    fn a_package_that_exists_raises_its_programs_and_content() {
        let draft = draft(|draft| draft.package.existing = Some(" LAB00012 ".into()));
        let questions = asked(&draft);
        assert!(questions.contains(&Question::Package("LAB00012".into())));
        assert!(questions.contains(&Question::Content("LAB00012".into())));
        assert!(questions.contains(&Question::Points));
    }

    #[test]
    fn a_package_without_files_asks_for_no_points() {
        let draft = draft(|draft| draft.package.name = Some("Tool".into()));
        assert!(!asked(&draft).contains(&Question::Points));
    }

    #[test]
    fn a_target_raises_its_impact_windows_history_and_overlaps() {
        let draft = draft(|draft| {
            draft.package.existing = Some("LAB00012".into());
            draft.program.existing = Some("Install".into());
            draft.collection.existing = Some("Pilot PCs".into());
        });
        let target = Target::Existing("Pilot PCs".into());
        let program = NamedProgram {
            package: "LAB00012".into(),
            program: "Install".into(),
        };
        let questions = asked(&draft);
        for question in [
            Question::Impact(target.clone()),
            Question::Windows(target.clone()),
            Question::History {
                program: program.clone(),
                target: target.clone(),
            },
            Question::Advertised { program, target },
        ] {
            assert!(questions.contains(&question), "{question:?}");
        }
    }

    #[test]
    fn a_new_collection_is_no_target_before_it_has_a_limit_and_a_rule() {
        let mut new = draft(|draft| draft.collection.name = Some("Pilot".into()));
        assert_eq!(new.target(), None);
        new.collection.devices = Some(vec!["PC-0001".into(), "  ".into()]);
        assert_eq!(new.target(), None);
        new.collection.limit_to = Some("All Desktops".into());
        assert!(
            matches!(new.target(), Some(Target::New { devices, .. }) if devices == ["PC-0001"])
        );
    }
}
