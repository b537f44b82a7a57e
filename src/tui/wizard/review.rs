//! The review: the sentence, the operations, what stands against them, and what has to be said before they run.

use std::collections::BTreeSet;

use tui_input::{Input, InputRequest};

use super::{Outcome, Page, Popup, Running, Wizard, line};
use crate::client::RunAsk;
use crate::distribution::field::Step;
use crate::distribution::plan::{Making, OpNumber, Plan};
use crate::distribution::{Acceptance, Demand, Finding, demands, guard};
use crate::tui::app::{Desk, Notice};
use crate::tui::event::Effect;
use crate::tui::keymap::Action;

/// One line the cursor can stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    Operation(OpNumber),
    /// A finding, by its group and its place there.
    Finding(Group, usize),
    /// The line the collection's name is typed on.
    Name,
}

/// Findings by what has to be done about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Stops,
    Refused,
    Confirm,
    Notes,
}

impl Group {
    pub const ALL: [Self; 4] = [Self::Stops, Self::Refused, Self::Confirm, Self::Notes];

    pub fn title(self) -> &'static str {
        match self {
            Self::Stops => "Stops",
            Self::Refused => "Not offered",
            Self::Confirm => "Confirm",
            Self::Notes => "Notes",
        }
    }
}

/// A plan, or why there is none, and what was said to it so far.
#[derive(Debug, Clone, Default)]
pub struct Review {
    pub plan: Option<Plan>,
    pub demand: Demand,
    /// The collection's name as far as it is typed.
    pub name: Input,
    ticked: BTreeSet<String>,
    at: usize,
    /// The person has moved the cursor: it stays where it is, whatever is learnt later.
    was_moved: bool,
}

impl Review {
    pub fn findings(&self, group: Group) -> &[Finding] {
        match group {
            Group::Stops => &self.demand.stops,
            Group::Refused => &self.demand.refused,
            Group::Confirm => &self.demand.confirm,
            Group::Notes => &self.demand.notes,
        }
    }

    /// Everything the cursor can stand on, from top to bottom.
    pub fn rows(&self) -> Vec<Row> {
        let operations = self.plan.iter().flat_map(Plan::numbered);
        let findings = Group::ALL.into_iter().flat_map(|group| {
            (0..self.findings(group).len()).map(move |at| Row::Finding(group, at))
        });
        operations
            .map(|(number, _)| Row::Operation(number))
            .chain(findings)
            .chain(self.demand.typed_name.is_some().then_some(Row::Name))
            .collect()
    }

    pub fn row(&self) -> Option<Row> {
        self.rows().get(self.at).copied()
    }

    pub fn is_on_name(&self) -> bool {
        self.row() == Some(Row::Name)
    }

    /// The finding the cursor is on.
    pub fn finding(&self) -> Option<&Finding> {
        match self.row()? {
            Row::Finding(group, at) => self.findings(group).get(at),
            Row::Operation(_) | Row::Name => None,
        }
    }

    pub fn is_ticked(&self, finding: &Finding) -> bool {
        self.ticked.contains(&finding.key())
    }

    /// What was said so far.
    pub fn acceptance(&self) -> Acceptance {
        let typed = self.name.value();
        Acceptance {
            ticked: self.ticked.clone(),
            typed_name: (!typed.trim().is_empty()).then(|| typed.to_owned()),
        }
    }

    /// What is still wanted before it may run.
    pub fn wanted(&self) -> Option<Demand> {
        self.demand.after(&self.acceptance())
    }

    pub(super) fn edit(&mut self, request: InputRequest) {
        self.was_moved = true;
        if self.is_on_name() {
            self.name.handle(request);
        }
    }

    pub(super) fn paste(&mut self, text: &str) -> Option<String> {
        self.was_moved = true;
        if self.is_on_name() {
            line::paste(&mut self.name, text)
        } else {
            Some("nothing here takes pasted text".to_owned())
        }
    }

    fn step(&mut self, by: isize) {
        let last = self.rows().len().saturating_sub(1);
        self.at = self.at.saturating_add_signed(by).min(last);
        self.was_moved = true;
    }

    fn stand_on(&mut self, row: Row) {
        if let Some(at) = self.rows().iter().position(|known| *known == row) {
            self.at = at;
        }
    }

    /// To the first thing that keeps the plan from running; the first row where nothing does.
    fn stand_on_first_wanted(&mut self) {
        let row = match self.wanted() {
            None => None,
            Some(wanted) if !wanted.stops.is_empty() => Some(Row::Finding(Group::Stops, 0)),
            Some(wanted) if !wanted.refused.is_empty() => Some(Row::Finding(Group::Refused, 0)),
            Some(wanted) => match wanted.confirm.first() {
                Some(first) => self
                    .demand
                    .confirm
                    .iter()
                    .position(|finding| finding == first)
                    .map(|at| Row::Finding(Group::Confirm, at)),
                None => Some(Row::Name),
            },
        };
        match row {
            Some(row) => self.stand_on(row),
            None => self.at = 0,
        }
    }

    /// Ticks what the cursor is on, and goes on to what is still wanted behind it; or takes the tick back.
    fn toggle(&mut self) {
        let Some(Row::Finding(Group::Confirm, at)) = self.row() else {
            return;
        };
        let Some(key) = self.demand.confirm.get(at).map(Finding::key) else {
            return;
        };
        self.was_moved = true;
        if !self.ticked.remove(&key) {
            self.ticked.insert(key);
            self.stand_on_next_wanted(at);
        }
    }

    /// To the next finding behind that one which is not ticked, round and round; then to the name.
    fn stand_on_next_wanted(&mut self, from: usize) {
        let count = self.demand.confirm.len();
        let next = (1..count)
            .map(|by| (from + by) % count)
            .find(|at| {
                let finding = self.demand.confirm.get(*at);
                finding.is_some_and(|finding| !self.is_ticked(finding))
            })
            .map_or(Row::Name, |at| Row::Finding(Group::Confirm, at));
        self.stand_on(next);
    }
}

/// Why a plan may not run yet, in words.
fn still_wanted(wanted: &Demand) -> String {
    if let Some(first) = wanted.stops.first().or(wanted.refused.first()) {
        return first.text();
    }
    match (wanted.confirm.len(), &wanted.typed_name) {
        (0, Some(name)) => format!("type the name of the collection: {name}"),
        (1, _) => "one thing is not ticked yet".to_owned(),
        (count, _) => format!("{count} things are not ticked yet"),
    }
}

impl Wizard {
    pub(super) fn allows_on_review(&self, action: Action) -> Result<(), String> {
        let why = |words: &str| Err(words.to_owned());
        match action {
            Action::Run if !self.setting.access.may_write() => {
                let reason = self.setting.access.in_brief().unwrap_or_default();
                Err(format!("{reason}: save the plan for somebody else"))
            }
            Action::Run if self.is_asking() => {
                why("still reading what the plan relies on; it can run when that is known")
            }
            Action::Toggle
                if !matches!(self.review.row(), Some(Row::Finding(Group::Confirm, _))) =>
            {
                why("only what must be confirmed is ticked")
            }
            Action::SavePlan | Action::AsCommand if self.review.plan.is_none() => {
                why("there is no plan yet: see what stops it")
            }
            Action::Fix => self.allows_fix(),
            _ => Ok(()),
        }
    }

    pub(super) fn open_review(&mut self, desk: &mut Desk) {
        self.page = Page::Review;
        self.number = None;
        self.comes_from_review = false;
        for step in crate::distribution::course::STEPS {
            self.visited.insert(step);
        }
        self.recount(desk);
        self.judge();
        self.review.was_moved = false;
        self.review.stand_on_first_wanted();
    }

    /// Makes the plan anew; the cursor and what was said stay.
    pub(super) fn renew_review(&mut self) {
        let making = Making {
            id: self.plan_id.clone(),
            author: self.setting.author.clone(),
            site: self.setting.site.clone(),
            now: self.now.clone(),
        };
        let limits = &self.setting.limits;
        let row = self.review.row();
        match Plan::make(&self.draft, &self.facts, limits, &making) {
            Ok(plan) => {
                self.review.demand = plan.demand.clone();
                self.review.plan = Some(plan);
            }
            Err(stops) => {
                let mut demand = demands(&self.draft, &self.facts, limits, &self.now);
                for finding in stops {
                    let is_told =
                        |told: &Finding| told.code == finding.code && told.field == finding.field;
                    if !demand.stops.iter().chain(&demand.refused).any(is_told) {
                        demand.stops.push(finding);
                    }
                }
                self.review.demand = demand;
                self.review.plan = None;
            }
        }
        match row {
            Some(row) if self.review.was_moved => self.review.stand_on(row),
            _ => self.review.stand_on_first_wanted(),
        }
    }

    pub(super) fn act_on_review(&mut self, action: Action, desk: &mut Desk) -> Outcome {
        match action {
            Action::Up => self.review.step(-1),
            Action::Down => self.review.step(1),
            Action::PageUp => self.review.step(-8),
            Action::PageDown => self.review.step(8),
            Action::NextField => self.turn_wanted(true),
            Action::PreviousField => self.turn_wanted(false),
            Action::Open | Action::Accept => self.open_row(desk),
            Action::Toggle => self.review.toggle(),
            Action::Run => self.try_run(desk),
            Action::SavePlan => {
                self.popup = Some(Popup::SaveAs {
                    path: Input::new(self.plan_file()),
                });
            }
            Action::AsCommand => {
                self.popup = Some(Popup::Command {
                    text: self.equal_command(),
                    scroll: 0,
                });
            }
            Action::Review => self.review.stand_on_first_wanted(),
            Action::PreviousStep => {
                let before =
                    crate::distribution::course::preceding(Step::Review, &self.draft, &self.facts);
                self.open(before, desk);
            }
            Action::NextFinding => self.next_finding(desk),
            Action::Fix => return self.fix(desk),
            Action::CopyValue => {
                desk.order(Effect::Copy(self.review_as_text()));
                desk.tell(Notice::done("copied, if the terminal allows it"));
            }
            Action::Leave => return self.leave(desk),
            other => {
                if let Some(request) = other.edit() {
                    self.review.edit(request);
                }
            }
        }
        Outcome::Stay
    }

    /// To the next row on which something is wanted, or from the operations to the findings.
    fn turn_wanted(&mut self, forward: bool) {
        let rows = self.review.rows();
        let wanted = |row: &Row| match row {
            Row::Finding(Group::Confirm | Group::Stops | Group::Refused, _) | Row::Name => true,
            Row::Finding(Group::Notes, _) | Row::Operation(_) => false,
        };
        let count = rows.len();
        let at = self.review.at;
        let next = (1..=count)
            .map(|by| if forward { at + by } else { at + count - by } % count.max(1))
            .find(|to| rows.get(*to).is_some_and(wanted));
        if let Some(to) = next {
            self.review.at = to;
            self.review.was_moved = true;
        }
    }

    fn open_row(&mut self, desk: &mut Desk) {
        match self.review.row() {
            Some(Row::Operation(number)) => {
                self.popup = Some(Popup::Operation { number, scroll: 0 });
            }
            Some(Row::Finding(..)) => {
                let field = self.review.finding().and_then(|finding| finding.field);
                match field {
                    Some(field) => {
                        self.jump(field, desk);
                        self.comes_from_review = true;
                    }
                    None => desk.tell(Notice::tell("this is about the plan, not about one field")),
                }
            }
            Some(Row::Name) => self.try_run(desk),
            None => {}
        }
    }

    /// Runs the plan if everything that is wanted was said; else goes to what is still wanted and names it.
    pub(super) fn try_run(&mut self, desk: &mut Desk) {
        if let Err(reason) = self.allows_on_review(Action::Run) {
            return desk.tell(Notice::tell(reason));
        }
        let limits = &self.setting.limits;
        let author = &self.setting.author;
        if let Some(refusal) = guard::wants_another_person(limits, author, author) {
            return desk.tell(Notice::fault(refusal.text()));
        }
        let accepted = match &self.review.plan {
            Some(plan) => plan.accept(&self.review.acceptance()),
            None => Err(self.review.demand.clone()),
        };
        match accepted {
            // A run that made nothing leaves nothing to decide.
            Ok(_) if self.run.as_ref().is_some_and(Running::has_left_nothing) => {
                self.keep_earlier(desk);
            }
            Ok(_) if self.is_worth_keeping() => self.popup = Some(Popup::Earlier { at: 0 }),
            Ok(accepted) => {
                self.run = Some(Running::of(accepted.plan(), &desk.now));
                self.page = Page::Run;
                self.take_off_disk(desk);
                self.order_run(RunAsk::Start(Box::new(accepted)), desk);
            }
            Err(wanted) => {
                self.review.stand_on_first_wanted();
                desk.tell(Notice::tell(still_wanted(&wanted)));
            }
        }
    }
}
