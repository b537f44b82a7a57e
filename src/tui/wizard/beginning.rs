//! How a wizard comes about: with what was selected, with a draft that was kept, or with a run that was cut.

use std::collections::BTreeSet;

use super::completing::Completion;
use super::{Editor, Kept, OnDisk, Page, Place, Review, Running, Setting, Stock, Wizard};
use crate::client::RunAsk;
use crate::distribution::course;
use crate::distribution::draft::Origin;
use crate::distribution::field::{FieldId, Step};
use crate::distribution::journal::FoundRun;
use crate::distribution::occasion::Occasion;
use crate::distribution::{Draft, Facts, Value};
use crate::tui::app::{Desk, SubjectKey};

impl Wizard {
    /// Begins with what was selected filled in.
    pub fn begin(setting: &Setting, with: Option<&SubjectKey>, desk: &mut Desk) -> Self {
        let mut draft = Draft::begin(&setting.site);
        for (field, value) in with.map(answers_of).unwrap_or_default() {
            // A value of another kind than its field would leave the field open, which is what it then is.
            let _ = draft.put(field, Some(&value));
        }
        let mut wizard = Self::over(setting, draft, desk);
        let step = match wizard.draft.package_origin() {
            Origin::Existing => wizard.next_open(Step::Start),
            Origin::New => Step::Start,
        };
        wizard.open(step, desk);
        wizard
    }

    /// Goes on with a draft that was kept.
    pub fn go_on(setting: &Setting, draft: Draft, desk: &mut Desk) -> Self {
        let mut wizard = Self::over(setting, draft, desk);
        wizard.kept_draft = wizard.draft.clone();
        wizard.on_disk = OnDisk::ThisDraft;
        wizard.is_other_time = Occasion::of(&wizard.draft, &desk.now) == Some(Occasion::Other);
        let begun = |step: &Step| course::is_begun(*step, &wizard.draft);
        wizard.visited = course::STEPS.into_iter().filter(begun).collect();
        let step = wizard.next_open(Step::Start);
        wizard.open(step, desk);
        wizard
    }

    /// Takes up a run that was cut: continues it, rolls it back or keeps what it made.
    pub fn take_up(setting: &Setting, found: &FoundRun, ask: RunAsk, desk: &mut Desk) -> Self {
        let mut wizard = Self::over(setting, Draft::begin(&setting.site), desk);
        wizard.run = Some(Running::found(found, &desk.now));
        wizard.page = Page::Run;
        wizard.order_run(ask, desk);
        wizard
    }

    pub(super) fn over(setting: &Setting, draft: Draft, desk: &mut Desk) -> Self {
        let mut wizard = Self {
            plan_id: (setting.plan_id)(),
            setting: setting.clone(),
            kept_draft: draft.clone(),
            draft,
            facts: Facts::default(),
            findings: Vec::new(),
            page: Page::Fields(Step::Start),
            place: Place::What,
            editor: Editor::Keys,
            number: None,
            stock: Stock::default(),
            kept: Kept::Nothing,
            review: Review::default(),
            run: None,
            popup: None,
            shows_more: false,
            is_other_time: false,
            now: desk.now.clone(),
            visited: BTreeSet::new(),
            rounds: Vec::new(),
            round: 0,
            comes_from_review: false,
            begun_draft: Draft::default(),
            on_disk: OnDisk::Nothing,
            runs_next: None,
            completion: Completion::default(),
            edited_outside: None,
        };
        wizard.begun_draft = wizard.draft.clone();
        wizard.settled(desk);
        wizard
    }
}

/// What an object selected in a pane already answers.
fn answers_of(selected: &SubjectKey) -> Vec<(FieldId, Value)> {
    match selected {
        SubjectKey::Package(id) => vec![(FieldId::PackageUse, id.as_str().into())],
        SubjectKey::Program(id) => vec![
            (FieldId::PackageUse, id.package.as_str().into()),
            (FieldId::ProgramUse, id.name.as_str().into()),
        ],
        SubjectKey::Collection(id) => vec![(FieldId::CollectionUse, id.as_str().into())],
        SubjectKey::Point(path) => {
            let server = path.server().to_owned();
            vec![(FieldId::PointsServers, Value::List(vec![server]))]
        }
        // An advertisement is not made twice, and a device or a group is known here by its number only.
        SubjectKey::Group(_)
        | SubjectKey::Advertisement(_)
        | SubjectKey::Deployment(_)
        | SubjectKey::Device(_)
        | SubjectKey::Request(_) => Vec::new(),
    }
}
