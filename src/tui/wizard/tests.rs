//! Every way from step to step, without terminal, clock or network.

use jiff::Zoned;
use ratatui::layout::Size;
use tui_input::InputRequest;

use super::{OnDisk, Outcome, Page, Place, Popup, Setting, Wizard};
use crate::client::Request;
use crate::distribution::Draft;
use crate::distribution::field::{FieldId, Step};
use crate::tui::app::Desk;
use crate::tui::event::{Effect, Event};
use crate::tui::keymap::Action;

fn now() -> Zoned {
    "2026-11-28T14:02:11+01:00[Europe/Berlin]".parse().unwrap()
}

/// A wizard with everything it ordered and the last thing it said.
struct Bench {
    wizard: Wizard,
    orders: Vec<Effect>,
    said: Option<String>,
}

impl Bench {
    /// A wizard over these answers, at a step.
    fn at(step: Step, answers: &[(FieldId, &str)]) -> Self {
        let mut draft = Draft::begin("lab");
        for (id, text) in answers {
            draft.set(*id, text, &now()).unwrap();
        }
        let mut desk = Desk::new(now(), Size::new(80, 24), 0);
        let mut wizard = Wizard::over(&Setting::default(), draft, &mut desk);
        wizard.open(step, &mut desk);
        Self {
            wizard,
            orders: Vec::new(),
            said: None,
        }
    }

    fn happen(&mut self, event: &Event) -> Outcome {
        let mut desk = Desk::new(now(), Size::new(80, 24), 0);
        let outcome = self.wizard.update(event, &mut desk);
        let (_, notice, orders) = desk.close();
        self.said = notice.map(|notice| notice.words);
        self.orders.extend(orders);
        outcome
    }

    fn press(&mut self, action: Action) -> &mut Self {
        self.happen(&Event::Do(action));
        self
    }

    fn type_text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.happen(&Event::Typed(InputRequest::InsertChar(c)));
        }
        self
    }
}

type Answers = &'static [(FieldId, &'static str)];

/// A new package and its program without fault, as far as can be told without a site.
const SOFTWARE: Answers = &[
    (FieldId::PackageName, "Line Tool"),
    (FieldId::PackageSource, "/srv/line-tool"),
    (FieldId::ProgramName, "Install"),
    (FieldId::ProgramCommand, "install.sh"),
];
const NO_FILES: Answers = &[
    (FieldId::PackageName, "Set power plan"),
    (FieldId::PackageHasSource, "no"),
    (FieldId::CollectionUse, "Pilot PCs"),
];
const TARGET: Answers = &[(FieldId::CollectionUse, "Pilot PCs")];

#[test]
fn keys_lead_from_step_to_step() {
    use Action::{NextStep, PreviousStep, Review};
    use Step::{Advertisement, Collection, DistributionPoints, Package, Program, Start};
    let cases: &[(Answers, Step, Action, Step)] = &[
        (&[], Start, NextStep, Package),
        (&[], Start, PreviousStep, Start),
        (&[], Start, Review, Step::Review),
        (SOFTWARE, Package, NextStep, Program),
        (SOFTWARE, Program, NextStep, Collection),
        (SOFTWARE, Program, PreviousStep, Package),
        (TARGET, Collection, NextStep, DistributionPoints),
        (TARGET, DistributionPoints, PreviousStep, Collection),
        (TARGET, Advertisement, PreviousStep, DistributionPoints),
        (NO_FILES, Collection, NextStep, Advertisement),
        (NO_FILES, Advertisement, PreviousStep, Collection),
        (NO_FILES, Advertisement, NextStep, Step::Review),
        (NO_FILES, Step::Review, PreviousStep, Advertisement),
        (NO_FILES, Package, Review, Step::Review),
    ];
    for (answers, from, action, to) in cases {
        let mut bench = Bench::at(*from, answers);
        bench.press(*action);
        assert_eq!(
            bench.wizard.step(),
            *to,
            "{action:?} at {from:?} with {answers:?}"
        );
    }
}

#[test]
fn next_goes_to_the_first_error_says_why_and_then_lets_pass() {
    let mut bench = Bench::at(Step::Package, &[]);
    bench.press(Action::NextField).press(Action::NextField);
    assert_ne!(bench.wizard.place, Place::Field(FieldId::PackageName));
    bench.press(Action::NextStep);
    assert_eq!(bench.wizard.step(), Step::Package);
    assert_eq!(bench.wizard.place, Place::Field(FieldId::PackageName));
    assert_eq!(bench.said.as_deref(), Some("Give the package a name."));
    bench.press(Action::NextStep);
    assert_eq!(bench.wizard.step(), Step::Program);
}

#[test]
fn enter_behind_the_last_question_stays_where_something_is_wrong() {
    let mut bench = Bench::at(Step::Program, &SOFTWARE[..3]);
    assert_eq!(bench.wizard.place, Place::Field(FieldId::ProgramCommand));
    bench.press(Action::Accept);
    assert_eq!(bench.wizard.step(), Step::Program);
    assert!(
        bench
            .said
            .as_deref()
            .is_some_and(|said| said.contains("command"))
    );
    bench.type_text("install.sh").press(Action::Accept);
    assert_eq!(bench.wizard.step(), Step::Collection);
}

#[test]
fn a_step_opens_on_what_must_be_put_right() {
    let mut bench = Bench::at(Step::Start, &SOFTWARE[..1]);
    bench.press(Action::NextStep);
    assert_eq!(bench.wizard.place, Place::Field(FieldId::PackageSource));
}

#[test]
fn going_back_keeps_the_answers() {
    let mut bench = Bench::at(Step::Package, SOFTWARE);
    let said = bench.wizard.draft.clone();
    for action in [
        Action::NextStep,
        Action::NextStep,
        Action::PreviousStep,
        Action::PreviousStep,
    ] {
        bench.press(action);
    }
    assert_eq!(bench.wizard.draft, said);
}

#[test]
fn a_changed_answer_forgets_what_hangs_on_it_and_no_more() {
    let mut bench = Bench::at(
        Step::Package,
        &[
            (FieldId::PackageUse, "LAB0000C"),
            (FieldId::ProgramUse, "Install"),
            (FieldId::CollectionUse, "Pilot PCs"),
            (FieldId::AdvertisementPurpose, "required"),
            (FieldId::AdvertisementDeadline, "2026-11-30 20:00"),
        ],
    );
    let mut desk = Desk::new(now(), Size::new(80, 24), 0);
    let wizard = &mut bench.wizard;
    wizard.answer(FieldId::PackageUse, Some(&"LAB0000D".into()), &mut desk);
    assert_eq!(wizard.draft.program.existing.as_deref(), Some(""));
    assert_eq!(
        wizard.draft.collection.existing.as_deref(),
        Some("Pilot PCs")
    );
    assert!(wizard.draft.deadline().is_some());
    wizard.answer(
        FieldId::AdvertisementPurpose,
        Some(&"available".into()),
        &mut desk,
    );
    assert_eq!(wizard.draft.deadline(), None);
    assert_eq!(wizard.draft.package.existing.as_deref(), Some("LAB0000D"));
}

#[test]
fn an_existing_package_leaves_no_word_about_files_behind() {
    let mut bench = Bench::at(Step::Package, &[]);
    let mut desk = Desk::new(now(), Size::new(80, 24), 0);
    let wizard = &mut bench.wizard;
    wizard.answer(FieldId::PackageUse, Some(&"LAB0000C".into()), &mut desk);
    assert_eq!(wizard.draft.package.has_source, None);
    wizard.answer(FieldId::PackageMode, Some(&"new".into()), &mut desk);
    assert_eq!(wizard.draft.package.has_source, Some(true));
}

#[test]
fn enter_never_leads_past_the_review() {
    for answers in [&[][..], SOFTWARE, NO_FILES, TARGET] {
        for step in [
            Step::Start,
            Step::Package,
            Step::Program,
            Step::Collection,
            Step::Review,
        ] {
            let mut bench = Bench::at(step, answers);
            for _ in 0..60 {
                bench.press(Action::Accept);
                bench.wizard.popup = None;
            }
            assert_ne!(bench.wizard.page, Page::Run);
            let runs = |effect: &Effect| matches!(effect, Effect::Ask(_, request) if matches!(**request, Request::Run(_)));
            assert!(!bench.orders.iter().any(runs), "{answers:?} from {step:?}");
        }
    }
}

#[test]
fn from_finding_to_finding_round_and_round() {
    let mut bench = Bench::at(Step::Start, &SOFTWARE[..1]);
    let mut seen = Vec::new();
    for _ in 0..12 {
        bench.press(Action::NextFinding);
        if seen.contains(&bench.wizard.place) {
            break;
        }
        seen.push(bench.wizard.place);
    }
    assert_eq!(bench.wizard.place, seen[0], "back at the first");
    assert!(seen.contains(&Place::Field(FieldId::PackageSource)));
    assert!(seen.contains(&Place::Field(FieldId::CollectionUse)));
}

#[test]
fn a_draft_is_kept_as_it_is_typed_and_leaving_says_so() {
    let mut bench = Bench::at(Step::Package, &[]);
    assert_eq!(bench.happen(&Event::Do(Action::Leave)), Outcome::Leave);
    bench.type_text("Line Tool").press(Action::NextField);
    let is_kept = |effect: &Effect| matches!(effect, Effect::KeepDraft(draft) if draft.package.name.as_deref() == Some("Line Tool"));
    assert!(bench.orders.iter().any(is_kept));
    assert_eq!(bench.happen(&Event::Do(Action::Leave)), Outcome::Stay);
    assert!(matches!(bench.wizard.popup, Some(Popup::Leaving { at: 0 })));
    assert_eq!(bench.happen(&Event::Do(Action::Accept)), Outcome::Leave);
    assert_eq!(bench.wizard.on_disk, OnDisk::ThisDraft);
}

#[test]
fn what_is_no_answer_is_not_left_behind_silently() {
    let mut bench = Bench::at(
        Step::Advertisement,
        &[(FieldId::AdvertisementPurpose, "required")],
    );
    let mut desk = Desk::new(now(), Size::new(80, 24), 0);
    bench.wizard.jump(FieldId::AdvertisementDeadline, &mut desk);
    bench.type_text("satt 02:00").press(Action::NextStep);
    assert_eq!(
        bench.wizard.place,
        Place::Field(FieldId::AdvertisementDeadline)
    );
    assert!(
        bench
            .said
            .as_deref()
            .is_some_and(|said| said.contains("is not a time"))
    );
    for _ in 0..10 {
        bench.happen(&Event::Typed(InputRequest::DeletePrevChar));
    }
    bench.type_text("sat 02:00").press(Action::NextField);
    assert_eq!(
        bench
            .wizard
            .draft
            .deadline()
            .map(|when| when.to_string())
            .as_deref(),
        Some("2026-12-05T02:00")
    );
}
