//! What the wizard asks for and keeps: facts about the draft, lists to choose from, the draft itself on disk.

use jiff::SignedDuration;

use super::{Editor, GLANCE, GLANCING, Kept, OnDisk, Page, Place, TICK, TYPED, TYPING, Wizard};
use crate::client::{Answer, Payload, Request, RunAsk, Slot};
use crate::distribution::facts::{Fact, Question, Target};
use crate::distribution::field::FieldId;
use crate::distribution::{Draft, guard, impact, needed};
use crate::sms::ids::CollectionId;
use crate::tui::app::{Desk, Notice};
use crate::tui::event::{Effect, Timer};

/// Who is reached is counted again for the review when it was counted longer ago than this.
const OLD: SignedDuration = SignedDuration::from_secs(10);

impl Wizard {
    /// What stands against the draft as it is now.
    pub(super) fn judge(&mut self) {
        self.findings = guard::findings(&self.draft, &self.facts, &self.setting.limits, &self.now);
        if self.page == Page::Review {
            self.renew_review();
        }
    }

    /// A key changed the draft: it is kept and asked about when the typing pauses.
    pub(super) fn typed(&mut self, desk: &mut Desk) {
        self.judge();
        desk.wake(TYPED, TYPING);
    }

    /// An answer was given: the draft is kept, and what it needs to know is asked for.
    pub(super) fn settled(&mut self, desk: &mut Desk) {
        let questions = needed(&self.draft, &self.setting.limits);
        let shown = self.glanced().map(|id| impact::questions(&id, &self.draft));
        let all: Vec<Question> = questions
            .iter()
            .cloned()
            .chain(shown.into_iter().flatten())
            .collect();
        self.facts.keep_only(&all);
        self.ask_facts(questions, desk);
        self.keep(desk);
        self.judge();
    }

    /// Writes the draft where it changed.
    pub(super) fn keep(&mut self, desk: &mut Desk) {
        if self.draft == self.kept_draft {
            return;
        }
        self.put_on_disk(desk);
    }

    pub(super) fn put_on_disk(&mut self, desk: &mut Desk) {
        self.kept_draft = self.draft.clone();
        self.kept = Kept::Writing;
        self.on_disk = OnDisk::ThisDraft;
        desk.order(Effect::KeepDraft(Box::new(self.draft.clone())));
    }

    pub(super) fn take_off_disk(&mut self, desk: &mut Desk) {
        self.on_disk = OnDisk::Nothing;
        desk.order(Effect::DropDraft);
    }

    /// Asks what nobody has asked yet. Who is reached takes longest and comes by itself.
    fn ask_facts(&mut self, questions: Vec<Question>, desk: &mut Desk) {
        let missing = self.facts.missing(questions);
        let (slow, quick): (Vec<_>, Vec<_>) = missing.into_iter().partition(|question| {
            matches!(
                question,
                Question::Impact(_)
                    | Question::Windows(_)
                    | Question::History { .. }
                    | Question::Advertised { .. }
            )
        });
        for round in [quick, slow] {
            self.ask_round(round, desk);
        }
    }

    fn ask_round(&mut self, questions: Vec<Question>, desk: &mut Desk) {
        if questions.is_empty() {
            return;
        }
        self.facts.ask(&questions);
        self.round = self.round.wrapping_add(1);
        let request = Request::Facts(questions.clone());
        let ticket = desk.ask(Slot::Facts(self.round), request);
        self.rounds.push((ticket, questions));
    }

    /// Asks again for what could not be read.
    pub fn ask_again(&mut self, desk: &mut Desk) {
        self.stock.want_again(desk);
        let is_unknown =
            |question: &Question| matches!(self.facts.get(question), Fact::Unknown { .. });
        let questions = needed(&self.draft, &self.setting.limits);
        let questions = questions.into_iter().filter(is_unknown).collect();
        self.ask_round(questions, desk);
    }

    /// Whether facts the draft needs are still on their way.
    pub fn is_asking(&self) -> bool {
        let questions = needed(&self.draft, &self.setting.limits);
        self.rounds
            .iter()
            .any(|(_, asked)| asked.iter().any(|question| questions.contains(question)))
    }

    /// Counts again before the review who would be reached, and asks again what could not be read.
    pub(super) fn recount(&mut self, desk: &mut Desk) {
        let now = self.now.timestamp();
        let is_due = |question: &Question| match self.facts.get(question) {
            Fact::Unknown { .. } => true,
            Fact::Known { read_at, .. } => {
                matches!(question, Question::Impact(_) | Question::Content(_))
                    && now.duration_since(read_at) > OLD
            }
            Fact::NotAsked | Fact::Asked => false,
        };
        let due: Vec<Question> = needed(&self.draft, &self.setting.limits)
            .into_iter()
            .filter(is_due)
            .collect();
        self.ask_round(due, desk);
    }

    /// The collection whose numbers are shown though it is only marked.
    pub fn glanced(&self) -> Option<String> {
        match (&self.editor, self.place) {
            (Editor::One(picker), Place::Field(FieldId::CollectionUse)) => {
                picker.marked().map(|entry| entry.id.clone())
            }
            _ => None,
        }
    }

    /// Who the numbers beside the fields are about.
    pub fn shown_target(&self) -> Option<Target> {
        match self.glanced() {
            Some(id) => Some(Target::Existing(id)),
            None => self.draft.target(),
        }
    }

    /// The mark moved: what it is on is counted when it has rested.
    pub(super) fn glance(&mut self, desk: &mut Desk) {
        if self.glanced().is_some() {
            desk.wake(GLANCE, GLANCING);
        }
    }

    pub(super) fn due(&mut self, timer: Timer, desk: &mut Desk) {
        match timer {
            TYPED => self.settled(desk),
            GLANCE => {
                if let Some(id) = self.glanced() {
                    self.ask_facts(impact::questions(&id, &self.draft), desk);
                }
            }
            TICK if self.is_running() => desk.wake(TICK, super::running::TICKING),
            _ => {}
        }
    }

    pub(super) fn settle_list(&mut self, answer: &Answer, desk: &mut Desk) -> bool {
        if self.stock.settle(answer, &self.setting.limits).is_none() {
            return false;
        }
        if let Err(fault) = &answer.result {
            desk.tell(Notice::fault(fault.to_string()));
        }
        let package = self.draft.text(FieldId::PackageUse);
        if let Some(pick) = self.place.pick()
            && let Some(picker) = self.editor.picker_mut()
        {
            picker.supply(self.stock.entries(pick, &package));
        }
        true
    }

    pub(super) fn settle_facts(&mut self, answer: &Answer, desk: &mut Desk) -> bool {
        let mine = |(ticket, _): &(crate::client::Ticket, Vec<Question>)| *ticket == answer.ticket;
        let Some(at) = self.rounds.iter().position(mine) else {
            return false;
        };
        let (_, asked) = self.rounds.remove(at);
        match &answer.result {
            Ok(Payload::Facts(facts)) => self.facts.merge((**facts).clone()),
            Ok(_) => {}
            Err(fault) => {
                for question in asked {
                    self.facts.learn(question, Fact::unknown(fault.to_string()));
                }
            }
        }
        // What was learnt may raise new questions; the draft itself did not change.
        self.ask_facts(needed(&self.draft, &self.setting.limits), desk);
        self.judge();
        true
    }

    /// Asks the site to evaluate a collection now, and counts it again.
    pub(super) fn evaluate(&mut self, collection: &str, desk: &mut Desk) {
        let id = CollectionId::new(collection);
        desk.ask(Slot::Evaluate, Request::Evaluate(id));
        let again: Vec<Question> = needed(&self.draft, &self.setting.limits)
            .into_iter()
            .filter(|question| {
                matches!(
                    question,
                    Question::Collection(_) | Question::Impact(_) | Question::Windows(_)
                )
            })
            .collect();
        self.ask_round(again, desk);
        desk.tell(Notice::done(
            "asked the site to evaluate it; counting again",
        ));
    }

    pub(super) fn order_run(&mut self, ask: RunAsk, desk: &mut Desk) {
        let Some(run) = &mut self.run else {
            return;
        };
        let is_undoing = matches!(ask, RunAsk::RollBack(_));
        let ticket = desk.ask(Slot::Run, Request::Run(ask));
        run.began(ticket, is_undoing, &desk.now);
        desk.wake(TICK, super::running::TICKING);
    }

    pub(super) fn settle_run(&mut self, answer: &Answer, desk: &mut Desk) -> bool {
        let Some(run) = &mut self.run else {
            return false;
        };
        if !run.settle(answer, &desk.now) {
            return false;
        }
        let (is_refused, is_kept) = (run.is_refused(), run.is_kept());
        if is_refused && self.draft != Draft::begin(&self.setting.site) {
            // The plan did not run: its draft is unfinished again.
            self.put_on_disk(desk);
        }
        if self.runs_next.take().is_some() && is_kept {
            self.run = None;
            self.try_run(desk);
        }
        true
    }
}
