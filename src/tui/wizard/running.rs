//! A plan being carried out, what came of it, and the ways on after a failure.

use std::time::Duration;

use jiff::{SignedDuration, Zoned};

use super::{Outcome, Page, Popup, Wizard};
use crate::client::{Answer, Payload, RunAsk, RunEnd, Ticket};
use crate::distribution::Facts;
use crate::distribution::field::{FieldId, Step};
use crate::distribution::journal::FoundRun;
use crate::distribution::operation::Operation;
use crate::distribution::plan::{OpNumber, Plan};
use crate::distribution::run::{
    End, Failure, Halt, MadeObject, Offer, Phase, Progress, RolledBack,
};
use crate::sms::ids::AdvertisementId;
use crate::tui::app::{Desk, Notice, SubjectKey};
use crate::tui::event::Effect;
use crate::tui::keymap::Action;

/// How often the time a run has taken is shown anew.
pub(super) const TICKING: Duration = Duration::from_secs(1);

/// Where a run stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    Going,
    /// An operation did not come to its end.
    Failed(Failure),
    /// As asked.
    Stopped(Halt),
    Done(Vec<MadeObject>),
    RolledBack(RolledBack),
    Kept(Vec<MadeObject>),
    /// It could not be begun or written down; nothing was sent after that.
    Refused(String),
}

/// A plan, how far it has come, and where it stands.
#[derive(Debug, Clone)]
pub struct Running {
    pub plan: Plan,
    pub progress: Progress,
    pub stage: Stage,
    /// Rolling back, not going on.
    pub is_undoing: bool,
    /// The line or the offer the cursor is on.
    pub at: usize,
    began: Zoned,
    /// How long it took, once it rests.
    took: Option<SignedDuration>,
    ticket: Option<Ticket>,
    /// Taken up from its journal: there is no draft to go back to.
    is_found: bool,
}

impl Running {
    pub(super) fn of(plan: &Plan, now: &Zoned) -> Self {
        Self {
            progress: Progress::new(plan),
            plan: plan.clone(),
            stage: Stage::Going,
            is_undoing: false,
            at: 0,
            began: now.clone(),
            took: None,
            ticket: None,
            is_found: false,
        }
    }

    pub(super) fn found(found: &FoundRun, now: &Zoned) -> Self {
        let record = &found.record;
        let mut run = Self::of(&record.plan, now);
        for line in &mut run.progress.lines {
            line.recall(record.past(line.number));
        }
        run.is_found = true;
        run
    }

    pub(super) fn began(&mut self, ticket: Ticket, is_undoing: bool, now: &Zoned) {
        self.ticket = Some(ticket);
        self.stage = Stage::Going;
        self.is_undoing = is_undoing;
        self.at = 0;
        self.began = now.clone();
        self.took = None;
    }

    pub fn is_going(&self) -> bool {
        self.ticket.is_some()
    }

    /// Whether it was asked to stop and finishes its operation first.
    pub fn is_stopping(&self) -> bool {
        self.is_going() && self.progress.phase == Phase::Stopping
    }

    /// Whether nothing is left to decide.
    pub fn is_closed(&self) -> bool {
        match &self.stage {
            Stage::Done(_) | Stage::Kept(_) | Stage::Refused(_) => true,
            Stage::RolledBack(rolled_back) => rolled_back.is_whole(),
            Stage::Going | Stage::Failed(_) | Stage::Stopped(_) => false,
        }
    }

    /// Whether it came to a halt with nothing made: all there is to do with it is to close it.
    pub(super) fn has_left_nothing(&self) -> bool {
        self.offers().contains(&Offer::Stop)
    }

    pub(super) fn is_refused(&self) -> bool {
        matches!(self.stage, Stage::Refused(_))
    }

    /// Everything that was planned is there.
    pub fn is_done(&self) -> bool {
        matches!(self.stage, Stage::Done(_))
    }

    pub(super) fn is_kept(&self) -> bool {
        matches!(self.stage, Stage::Kept(_))
    }

    /// How long it has taken.
    pub fn elapsed(&self, now: &Zoned) -> SignedDuration {
        self.took
            .unwrap_or_else(|| now.duration_since(&self.began).max(SignedDuration::ZERO))
    }

    pub(super) fn come_further(&mut self, progress: &Progress) {
        if progress.plan == self.plan.id {
            self.progress = progress.clone();
        }
    }

    /// Takes the end of the run if it is the awaited one.
    pub(super) fn settle(&mut self, answer: &Answer, now: &Zoned) -> bool {
        if self.ticket != Some(answer.ticket) {
            return false;
        }
        self.ticket = None;
        self.took = Some(now.duration_since(&self.began).max(SignedDuration::ZERO));
        self.stage = match &answer.result {
            Ok(Payload::Run(end)) => stage_of(end),
            Ok(_) => Stage::Refused("the answer was of another kind".into()),
            Err(fault) => Stage::Refused(fault.to_string()),
        };
        self.at = 0;
        true
    }

    /// The ways on, the usual one first.
    pub fn offers(&self) -> Vec<Offer> {
        match &self.stage {
            Stage::Failed(failure) if self.is_found => {
                let offers = failure.offers.iter().copied();
                offers
                    .filter(|offer| !matches!(offer, Offer::Edit | Offer::ChooseExisting))
                    .collect()
            }
            Stage::Failed(failure) => failure.offers.clone(),
            Stage::Stopped(halt) => halt.offers.clone(),
            // What is left can be gone at the next try, as when the site could not be reached.
            Stage::RolledBack(rolled_back) if !rolled_back.is_whole() => {
                vec![Offer::RollBack, Offer::Keep, Offer::Later]
            }
            Stage::RolledBack(_) | Stage::Refused(_) if !self.is_found => vec![Offer::Edit],
            _ => Vec::new(),
        }
    }

    /// The words of a way on.
    pub fn label(&self, offer: Offer) -> &'static str {
        match (&self.stage, offer) {
            (Stage::Stopped(_), Offer::Retry) => "Continue",
            (Stage::RolledBack(_), Offer::RollBack) => "Roll back again",
            (Stage::RolledBack(_) | Stage::Refused(_), Offer::Edit) => "Back to the answers",
            _ => offer.label(),
        }
    }

    fn first_of(&self, wanted: &[Offer]) -> Option<Offer> {
        self.offers()
            .into_iter()
            .find(|offer| wanted.contains(offer))
    }

    /// What a way on does, in words.
    pub fn effect(&self, offer: Offer) -> &'static str {
        match (&self.stage, offer) {
            (Stage::RolledBack(_) | Stage::Refused(_), Offer::Edit) => {
                "Your answers are still there."
            }
            (Stage::Failed(_), Offer::Edit) => {
                "Back to the answers; this run stays open meanwhile."
            }
            _ => offer.effect(),
        }
    }

    /// What going on without the rest of the failed operation means, with its numbers.
    pub fn going_on(&self) -> Option<String> {
        match &self.stage {
            Stage::Failed(failure) => Some(failure.going_on(&self.plan)),
            _ => None,
        }
    }

    /// The advertisement that was made.
    pub fn advertisement(&self) -> Option<AdvertisementId> {
        let Stage::Done(made) = &self.stage else {
            return None;
        };
        let op = self
            .plan
            .numbered()
            .find(|(_, operation)| matches!(operation, Operation::Advertisement(_)))?
            .0;
        let object = made.iter().find(|object| object.op == op)?;
        Some(AdvertisementId::new(&object.id))
    }

    /// Whether the advertisement is on the site already, as far as the run knows.
    pub fn is_advertised(&self) -> bool {
        use crate::distribution::run::State;
        let number = self
            .plan
            .numbered()
            .find(|(_, operation)| matches!(operation, Operation::Advertisement(_)))
            .map(|(number, _)| number);
        self.progress.lines.iter().any(|line| {
            Some(line.number) == number
                && matches!(
                    line.state,
                    State::Done | State::AlreadySo | State::Unknown | State::Checking
                )
        })
    }

    /// Everything that was made, a line an object.
    fn as_text(&self) -> String {
        let made = match &self.stage {
            Stage::Done(made) | Stage::Kept(made) => made.as_slice(),
            _ => &[],
        };
        let lines = made
            .iter()
            .map(|object| format!("{}\t{}\t{}", object.title, object.id, object.subject));
        lines.collect::<Vec<_>>().join("\n")
    }

    pub(super) fn allows(&self, action: Action) -> Result<(), String> {
        let why = |words: &str| Err(words.to_owned());
        match action {
            Action::Stop if !self.is_going() => why("nothing is being carried out"),
            Action::Retry if self.first_of(AGAIN).is_none() => why("there is nothing to try again"),
            Action::RollBack if self.first_of(&[Offer::RollBack]).is_none() => {
                why(self.why_not_taken_back())
            }
            Action::Keep if self.first_of(&[Offer::Keep]).is_none() => why(self.why_not_kept()),
            Action::Watch if self.advertisement().is_none() => {
                why("there is no new advertisement to show")
            }
            Action::Another if !self.is_done() => {
                why("there is another like this once this one is done")
            }
            Action::Another if self.is_found => {
                why("the answers this run was made from were not kept")
            }
            Action::Copy if self.as_text().is_empty() => why("there are no ids to copy yet"),
            _ => Ok(()),
        }
    }

    fn why_not_taken_back(&self) -> &'static str {
        match &self.stage {
            Stage::Going if self.is_undoing => "that is under way",
            Stage::Going => {
                "it is still being carried out; what it makes is taken back once it rests"
            }
            Stage::Failed(_) | Stage::Stopped(_) if self.has_left_nothing() => {
                "this run made nothing, so there is nothing to take back"
            }
            Stage::Failed(_) | Stage::Stopped(_) => "this run is not decided about from here",
            Stage::Done(_) => {
                "this run is at its end; only one that stopped or failed is taken back"
            }
            Stage::RolledBack(_) => "what this plan made has been taken back already",
            Stage::Kept(_) => "this run is closed",
            Stage::Refused(_) => NOT_BEGUN,
        }
    }

    fn why_not_kept(&self) -> &'static str {
        match &self.stage {
            Stage::Going => "it is still being carried out; that is decided once it rests",
            Stage::Failed(_) | Stage::Stopped(_) if self.has_left_nothing() => {
                "this run made nothing that could be kept; Stop closes it"
            }
            Stage::Failed(_) | Stage::Stopped(_) => "this run is not decided about from here",
            Stage::Done(_) | Stage::Kept(_) | Stage::RolledBack(_) => "there is nothing to decide",
            Stage::Refused(_) => NOT_BEGUN,
        }
    }
}

const NOT_BEGUN: &str = "this was not begun; the words above say why";

/// Ways on that try the same again.
const AGAIN: &[Offer] = &[Offer::Retry, Offer::RetryRest, Offer::WaitMore];

fn stage_of(end: &RunEnd) -> Stage {
    match end {
        RunEnd::Ended(End::Done { made }) => Stage::Done(made.clone()),
        RunEnd::Ended(End::Stopped(halt)) => Stage::Stopped(halt.clone()),
        RunEnd::Ended(End::Failed(failure)) => Stage::Failed(failure.clone()),
        RunEnd::RolledBack(rolled_back) => Stage::RolledBack(rolled_back.clone()),
        RunEnd::Kept(made) => Stage::Kept(made.clone()),
        RunEnd::Refused { words } => Stage::Refused(words.clone()),
    }
}

impl Wizard {
    pub(super) fn act_on_run(&mut self, action: Action, desk: &mut Desk) -> Outcome {
        let Some(run) = &mut self.run else {
            return Outcome::Leave;
        };
        let offers = run.offers();
        let rows = if offers.is_empty() {
            run.progress.lines.len()
        } else {
            offers.len()
        };
        match action {
            Action::Up => run.at = run.at.saturating_sub(1),
            Action::Down => run.at = (run.at + 1).min(rows.saturating_sub(1)),
            Action::PageUp => run.at = 0,
            Action::PageDown => run.at = rows.saturating_sub(1),
            Action::Stop => {
                desk.order(Effect::StopRun);
                desk.tell(Notice::tell("stopping after the operation in flight"));
            }
            Action::Open | Action::Accept => {
                if let Some(offer) = offers.get(run.at) {
                    return self.choose(*offer, desk);
                }
                let number = run.progress.lines.get(run.at).map(|line| line.number);
                self.popup = number.map(|number| Popup::Operation { number, scroll: 0 });
            }
            Action::Retry => {
                if let Some(offer) = run.first_of(AGAIN) {
                    return self.choose(offer, desk);
                }
            }
            Action::RollBack => return self.choose(Offer::RollBack, desk),
            Action::Keep => return self.choose(Offer::Keep, desk),
            Action::Copy => {
                desk.order(Effect::Copy(run.as_text()));
                desk.tell(Notice::done("copied, if the terminal allows it"));
            }
            Action::Watch => {
                if let Some(id) = run.advertisement() {
                    return Outcome::Show(SubjectKey::Advertisement(id));
                }
            }
            Action::Another => self.another(desk),
            Action::Leave => {
                // Nothing of it is on the site, and the answers are offered again.
                if run.is_closed() && offers.contains(&Offer::Edit) {
                    self.put_on_disk(desk);
                }
                return Outcome::Leave;
            }
            _ => {}
        }
        Outcome::Stay
    }

    /// Takes a way on.
    fn choose(&mut self, offer: Offer, desk: &mut Desk) -> Outcome {
        let Some(run) = &self.run else {
            return Outcome::Leave;
        };
        let plan = run.plan.id.clone();
        let failed = match &run.stage {
            Stage::Failed(failure) => Some(failure.op),
            _ => None,
        };
        match offer {
            Offer::Retry | Offer::RetryRest | Offer::WaitMore => {
                self.order_run(RunAsk::Continue(plan), desk);
            }
            Offer::GoOn => {
                self.popup = failed.map(|number| Popup::GoOn { number, at: 0 });
            }
            Offer::RollBack => self.order_run(RunAsk::RollBack(plan), desk),
            Offer::Keep | Offer::Stop => self.order_run(RunAsk::Keep(plan), desk),
            Offer::Edit | Offer::ChooseExisting => self.edit_again(offer, desk),
            Offer::Later => return Outcome::Leave,
        }
        Outcome::Stay
    }

    pub(super) fn go_on_without(&mut self, number: OpNumber, desk: &mut Desk) {
        if let Some(plan) = self.run.as_ref().map(|run| run.plan.id.clone()) {
            self.order_run(RunAsk::GoOn(plan, number), desk);
        }
    }

    /// Back to the answers, for another plan. A run that failed stays as it is: it can still be tried again, rolled
    /// back or kept, here and at the next start.
    fn edit_again(&mut self, offer: Offer, desk: &mut Desk) {
        let Some(run) = &self.run else {
            return;
        };
        let step = match &run.stage {
            Stage::Failed(failure) => run.plan.operation(failure.op).map_or(Step::Review, step_of),
            _ => Step::Review,
        };
        if run.is_closed() {
            self.run = None;
        }
        self.plan_id = (self.setting.plan_id)();
        self.put_on_disk(desk);
        // The run changed the site: what was known of it before does not count any more.
        self.facts = Facts::default();
        if offer == Offer::ChooseExisting {
            self.want_existing_collection(desk);
            self.jump(FieldId::CollectionUse, desk);
        } else {
            self.page = Page::Review;
            self.open(step, desk);
        }
        self.settled(desk);
    }

    /// Takes back what the run before made; its page shows how that goes.
    pub(super) fn roll_back_earlier(&mut self, desk: &mut Desk) {
        if let Some(plan) = self.run.as_ref().map(|run| run.plan.id.clone()) {
            self.page = Page::Run;
            self.order_run(RunAsk::RollBack(plan), desk);
        }
    }

    /// Closes the run before; the reviewed plan runs when that is written down.
    pub(super) fn keep_earlier(&mut self, desk: &mut Desk) {
        if let Some(plan) = self.run.as_ref().map(|run| run.plan.id.clone()) {
            self.runs_next = Some(self.plan_id.clone());
            self.order_run(RunAsk::Keep(plan), desk);
        }
    }
}

/// The step whose answers an operation came from.
fn step_of(operation: &Operation) -> Step {
    match operation {
        Operation::Package(_) => Step::Package,
        Operation::Program(_) => Step::Program,
        Operation::Collection(_) | Operation::Rules(_) | Operation::Evaluation(_) => {
            Step::Collection
        }
        Operation::Content(_) | Operation::Wait(_) => Step::DistributionPoints,
        Operation::Advertisement(_) => Step::Advertisement,
        Operation::Scopes(_) | Operation::Folder(_) | Operation::Already(_) => Step::Review,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::plan::samples::everything;
    use crate::distribution::run::Cause;

    fn at(stage: Stage) -> Running {
        let now = "2026-11-28T14:00[UTC]".parse().unwrap();
        Running {
            stage,
            ..Running::of(&everything(), &now)
        }
    }

    fn failed(offers: Vec<Offer>) -> Stage {
        Stage::Failed(Failure {
            op: OpNumber(1),
            about: String::from("Package Line Tool 3.1"),
            is_begun: true,
            cause: Cause::Refused,
            words: String::new(),
            reason: String::new(),
            left: String::new(),
            offers,
        })
    }

    #[test]
    fn why_nothing_is_taken_back_or_kept_fits_the_run() {
        let nothing_made = at(failed(vec![Offer::Retry, Offer::Edit, Offer::Stop]));
        let why = nothing_made.allows(Action::RollBack).unwrap_err();
        assert!(why.contains("made nothing"), "{why}");
        let why = nothing_made.allows(Action::Keep).unwrap_err();
        assert!(why.contains("Stop closes it"), "{why}");
        assert!(nothing_made.allows(Action::Retry).is_ok());

        let made = at(failed(vec![Offer::Retry, Offer::RollBack, Offer::Keep]));
        assert!(made.allows(Action::RollBack).is_ok() && made.allows(Action::Keep).is_ok());

        let why = at(Stage::Done(Vec::new()))
            .allows(Action::RollBack)
            .unwrap_err();
        assert!(why.contains("at its end"), "{why}");
    }

    #[test]
    fn what_could_not_be_taken_back_can_be_tried_again() {
        let whole = at(Stage::RolledBack(RolledBack::default()));
        assert!(whole.is_closed());
        assert!(whole.allows(Action::RollBack).is_err());
        let refused = at(Stage::RolledBack(RolledBack {
            refused: Some(String::from("cannot reach far")),
            ..RolledBack::default()
        }));
        assert!(!refused.is_closed(), "the run is still open");
        assert!(refused.allows(Action::RollBack).is_ok() && refused.allows(Action::Keep).is_ok());
    }
}
