//! In and out of the wizard, and the unfinished draft that is kept meanwhile: offered, never forced, never written
//! over unasked.

use jiff::Timestamp;

use crate::distribution::Draft;
use crate::tui::event::{Effect, Event};
use crate::tui::wizard::{Outcome, Wizard};

use super::{App, Deed, Desk, Details, Layer, Notice, Question, Subject, SubjectKey};

/// A draft on disk that the wizard is not open over.
#[derive(Debug, Clone)]
pub(super) struct Unfinished {
    pub draft: Box<Draft>,
    pub kept_at: Timestamp,
}

impl App {
    /// Into the wizard; where a draft is unfinished the person is asked first.
    pub(super) fn open_wizard(&mut self, desk: &mut Desk) {
        match &self.unfinished {
            Some(unfinished) if self.wizard.is_none() => {
                let question = self.draft_question(unfinished, true);
                self.layers.push(Layer::Question(question));
            }
            _ => self.begin_wizard(desk),
        }
    }

    /// Into the wizard: the one whose run goes on, or a new one with what is selected filled in.
    pub(super) fn begin_wizard(&mut self, desk: &mut Desk) {
        if self.wizard.is_none() {
            let selected = self.selection().filter(|_| self.lock().is_none());
            let wizard = Wizard::begin(&self.setting, selected.as_ref(), desk);
            self.wizard = Some(Box::new(wizard));
        }
        self.show_wizard(desk);
    }

    /// Back into the wizard with a draft that was kept.
    pub(super) fn go_on_with(&mut self, draft: Draft, desk: &mut Desk) {
        self.wizard = Some(Box::new(Wizard::go_on(&self.setting, draft, desk)));
        self.show_wizard(desk);
    }

    pub(super) fn show_wizard(&mut self, desk: &mut Desk) {
        self.close_roll(desk);
        if !matches!(self.layers.last(), Some(Layer::Wizard)) {
            self.layers.push(Layer::Wizard);
        }
    }

    /// The object the wizard begins with: the one whose details are open, or the selected row.
    fn selection(&self) -> Option<SubjectKey> {
        let pane = self.pane();
        match pane.trail.last() {
            Some(details) => Some(details.subject.key.clone()),
            None => pane.sheet.table.subject().map(|subject| subject.key),
        }
    }

    /// Why nothing can be begun with it: it, or what it was reached through, is not changed from here.
    fn lock(&self) -> Option<String> {
        let pane = self.pane();
        if pane.trail.is_empty() {
            return pane.sheet.table.lock();
        }
        let mut places = pane.trail.iter();
        places.find_map(|details| details.subject.lock.clone())
    }

    /// Why the wizard would not open; to what is under way or unfinished it always does.
    pub(super) fn wizard_lock(&self) -> Option<String> {
        let begins = self.wizard.is_none() && self.unfinished.is_none();
        self.lock().filter(|_| begins)
    }

    /// A draft was found at the start.
    pub(super) fn draft_found(&mut self, draft: Box<Draft>, kept_at: Timestamp) {
        let unfinished = Unfinished { draft, kept_at };
        let question = self.draft_question(&unfinished, self.wizard.is_some());
        self.layers.push(Layer::Question(question));
        self.unfinished = Some(unfinished);
    }

    /// `instead`: the wizard was asked for, so the other way on is to begin another.
    fn draft_question(&self, unfinished: &Unfinished, instead: bool) -> Question {
        let Unfinished { draft, kept_at } = unfinished;
        let at = kept_at.to_zoned(self.zone.clone());
        let words = format!(
            "You have an unfinished distribution, {}, from {}.",
            title(draft),
            at.strftime("%a %-d %b %H:%M")
        );
        let others = if instead {
            vec![("Begin another, and give this one up", Deed::BeginAnother)]
        } else {
            vec![("Later", Deed::Nothing), ("Discard", Deed::DiscardDraft)]
        };
        let mut answers = vec![("Continue", Deed::ContinueDraft(draft.clone()))];
        answers.extend(others);
        Question::new("An unfinished distribution", vec![words], answers)
    }

    /// Keeps in mind what becomes of the draft on disk.
    pub(super) fn remember_draft(&mut self, effects: &[Effect], now: Timestamp) {
        for effect in effects {
            match effect {
                Effect::KeepDraft(draft) => {
                    self.unfinished = Some(Unfinished {
                        draft: draft.clone(),
                        kept_at: now,
                    });
                }
                Effect::DropDraft => self.unfinished = None,
                _ => {}
            }
        }
    }

    /// What the wizard makes of an event.
    pub(super) fn tell_wizard(&mut self, event: &Event, desk: &mut Desk) {
        let Some(wizard) = &mut self.wizard else {
            self.layers.retain(|layer| !matches!(layer, Layer::Wizard));
            return;
        };
        if let Event::Do(action) = event
            && let Err(reason) = wizard.allows(*action)
        {
            return desk.tell(Notice::tell(reason));
        }
        match wizard.update(event, desk) {
            Outcome::Stay => {}
            Outcome::Leave => {
                self.leave_wizard();
                self.await_changes(desk);
            }
            Outcome::List(roll) => self.open_roll(*roll, desk),
            Outcome::Show(key) => {
                self.leave_wizard();
                self.show(key, desk);
            }
        }
    }

    fn leave_wizard(&mut self) {
        self.layers.retain(|layer| !matches!(layer, Layer::Wizard));
        if !self
            .wizard
            .as_ref()
            .is_some_and(|wizard| wizard.is_worth_keeping())
        {
            self.wizard = None;
        }
    }

    /// Into the details of an object, in its own pane.
    pub(super) fn show(&mut self, key: SubjectKey, desk: &mut Desk) {
        self.read_all_again(desk);
        self.go(key.pane(), desk);
        let pane = self.pane_mut();
        pane.trail.clear();
        pane.sheet.widen(desk);
        pane.sheet.table.expect(&key.line_id());
        let subject = Subject {
            key,
            name: String::new(),
            words: String::new(),
            lock: None,
        };
        pane.trail.push(Details::of(subject));
    }
}

/// `7-Zip → Pilot PCs`, as far as it was said.
fn title(draft: &Draft) -> String {
    let said = |answers: [&Option<String>; 2]| {
        answers
            .into_iter()
            .flatten()
            .find(|answer| !answer.is_empty())
            .cloned()
    };
    let package = said([&draft.package.existing, &draft.package.name]);
    let collection = said([&draft.collection.existing, &draft.collection.name]);
    format!(
        "{} to {}",
        package.unwrap_or_else(|| "a package".to_owned()),
        collection.unwrap_or_else(|| "a collection".to_owned())
    )
}
