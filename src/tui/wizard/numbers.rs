//! The cursor on the numbers of who would be reached (wizard.md 7.9). The field one came from keeps what is typed and
//! marked there, so that going back is going back to where one was.

use super::{Outcome, Page, Wizard};
use crate::distribution::facts::Target;
use crate::distribution::field::{FieldId, Step};
use crate::distribution::impact::{self, Line, Number};
use crate::tui::app::{Desk, Notice, Roll};
use crate::tui::keymap::Action;

impl Wizard {
    /// Who would be reached, line by line; nothing where that is not shown.
    pub fn impact(&self) -> Vec<Line> {
        match (self.page, self.shown_target()) {
            (Page::Fields(Step::Collection), Some(target)) => {
                impact::lines(&target, &self.draft, &self.facts, &self.now)
            }
            _ => Vec::new(),
        }
    }

    /// Who is meant by those lines.
    pub fn impact_title(&self) -> String {
        let id = self
            .glanced()
            .unwrap_or_else(|| self.draft.text(FieldId::CollectionUse));
        let name = self.object_name(FieldId::CollectionUse, &id);
        let name = name.or(Some(id.as_str()).filter(|id| !id.is_empty()));
        impact::title(&self.draft, name)
    }

    /// Whether there is a number to go to: whoever is counted is at least so many.
    pub fn has_numbers(&self) -> bool {
        let target = self.shown_target();
        let is_counted = |target| self.facts.impact(&target).value().is_some();
        self.page == Page::Fields(Step::Collection) && target.is_some_and(is_counted)
    }

    /// The number the cursor is on. Where the one it was on is gone, it is on the first.
    pub fn number(&self) -> Option<Number> {
        let who = self.number.as_ref()?;
        let lines = self.impact();
        let numbers = || lines.iter().flat_map(Line::numbers);
        let here = numbers().find(|number| number.who == *who);
        here.or(numbers().next()).cloned()
    }

    /// Why a number cannot be opened as a list.
    pub fn no_list(&self, number: &Number) -> Option<String> {
        self.roll(number, &self.shown_target()?).err()
    }

    /// Why there is no number to go to.
    pub(super) fn allows_numbers(&self) -> Result<(), String> {
        if self.has_numbers() {
            return Ok(());
        }
        let is_shown = !self.impact().is_empty();
        Err(if is_shown {
            "no number is known here yet".to_owned()
        } else {
            "numbers are shown beside a collection that is chosen or marked".to_owned()
        })
    }

    pub(super) fn allows_on_numbers(&self, step: Step, action: Action) -> Result<(), String> {
        match action {
            Action::Open | Action::Back => Ok(()),
            other => self.allows_on_fields(step, other),
        }
    }

    pub(super) fn act_on_numbers(
        &mut self,
        step: Step,
        action: Action,
        desk: &mut Desk,
    ) -> Outcome {
        match action {
            Action::NextField => self.turn_number(1, desk),
            Action::PreviousField => self.turn_number(-1, desk),
            Action::Down => self.step_number_line(true),
            Action::Up => self.step_number_line(false),
            Action::Open => return self.list_number(desk),
            Action::Back => self.number = None,
            other => return self.act_on_fields(step, other, desk),
        }
        Outcome::Stay
    }

    /// Puts the cursor on the first number, or the last.
    pub(super) fn enter_numbers(&mut self, first: bool) -> bool {
        let lines = self.impact();
        let mut numbers = lines.iter().flat_map(Line::numbers);
        let number = if first {
            numbers.next()
        } else {
            numbers.last()
        };
        self.number = number.map(|number| number.who.clone());
        self.number.is_some()
    }

    /// To the next number; behind the last one to the first field, and in front of the first back to the field one came
    /// from.
    fn turn_number(&mut self, by: isize, desk: &mut Desk) {
        let lines = self.impact();
        let numbers: Vec<&Number> = lines.iter().flat_map(Line::numbers).collect();
        let here = self.number();
        let at = numbers
            .iter()
            .position(|number| Some(*number) == here.as_ref());
        let to = at.and_then(|at| at.checked_add_signed(by));
        match to.and_then(|to| numbers.get(to)) {
            Some(number) => self.number = Some(number.who.clone()),
            None if by < 0 => self.number = None,
            None => self.leave_numbers(desk),
        }
    }

    fn leave_numbers(&mut self, desk: &mut Desk) {
        if self.take_line(desk)
            && let Some(first) = self.places().first()
        {
            self.stand_on(*first);
        }
    }

    /// To the number nearest in the next line that has any; above the first line back to the field.
    fn step_number_line(&mut self, down: bool) {
        let lines = self.impact();
        let rows: Vec<Vec<&Number>> = lines
            .iter()
            .map(|line| line.numbers().collect())
            .filter(|row: &Vec<_>| !row.is_empty())
            .collect();
        let Some(here) = self.number() else { return };
        let place = rows.iter().enumerate().find_map(|(row, numbers)| {
            let at = numbers.iter().position(|number| **number == here)?;
            Some((row, at))
        });
        let Some((row, at)) = place else { return };
        let to = if down {
            row.checked_add(1)
        } else {
            row.checked_sub(1)
        };
        match to.map(|to| rows.get(to)) {
            Some(Some(numbers)) => {
                let number = numbers.get(at).or(numbers.last());
                self.number = number.map(|number| number.who.clone());
            }
            Some(None) => {}
            None => self.number = None,
        }
    }

    /// The list of those a number counts, or why there is none.
    fn list_number(&self, desk: &mut Desk) -> Outcome {
        let (Some(number), Some(target)) = (self.number(), self.shown_target()) else {
            return Outcome::Stay;
        };
        match self.roll(&number, &target) {
            Ok(roll) => Outcome::List(Box::new(roll)),
            Err(reason) => {
                desk.tell(Notice::tell(reason));
                Outcome::Stay
            }
        }
    }

    fn roll(&self, number: &Number, target: &Target) -> Result<Roll, String> {
        let impact = self.facts.impact(target);
        let Some(impact) = impact.value() else {
            return Err("it is being counted anew".to_owned());
        };
        let way = number.way(target, impact)?;
        let of = match &impact.collection {
            Some(named) => format!("{} ({})", named.name, named.id),
            None => match self.impact_title() {
                name if name.is_empty() => "the new collection".to_owned(),
                name => format!("{name} (not made yet)"),
            },
        };
        Ok(Roll {
            heading: format!("{of}: {}", number.title),
            count: number.count,
            way,
        })
    }
}
