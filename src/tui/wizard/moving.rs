//! From place to place and step to step: any order, and never a wall. *Next* goes to the first error and says why.

use super::{Editor, Outcome, Page, Place, Popup, Wizard, place};
use crate::distribution::course;
use crate::distribution::field::{FieldId, Level, Step};
use crate::distribution::{Finding, Weight};
use crate::tui::app::{Desk, Notice};
use crate::tui::keymap::Action;

/// Rows a page key moves in a list.
const PAGE: isize = 8;

impl Wizard {
    pub(super) fn allows_on_fields(&self, step: Step, action: Action) -> Result<(), String> {
        let why = |words: &str| Err(words.to_owned());
        match action {
            Action::More => self.allows_more(step),
            Action::NextFinding if self.findings_with_field().next().is_none() => {
                why("there is no error or warning so far")
            }
            Action::Numbers => self.allows_numbers(),
            Action::Fix => self.allows_fix(),
            Action::EditOutside if !self.can_be_edited_outside() => {
                why("only texts and lists can be edited in an editor")
            }
            Action::Explain if self.place.field().is_none() => why("there is no field here"),
            _ => Ok(()),
        }
    }

    fn allows_more(&self, step: Step) -> Result<(), String> {
        let latitude = self.setting.latitude();
        let mut further = course::asked(step, Level::More, &self.draft, latitude);
        match latitude.without_more() {
            Some(reason) => Err(reason.to_owned()),
            None if further.next().is_none() => Err("this step has no more settings".to_owned()),
            None => Ok(()),
        }
    }

    pub(super) fn act_on_fields(&mut self, step: Step, action: Action, desk: &mut Desk) -> Outcome {
        match action {
            Action::NextField if self.complete_path(desk) => {}
            Action::NextField => self.move_place(1, desk),
            Action::PreviousField => self.move_place(-1, desk),
            Action::Down => self.arrow(1, desk),
            Action::Up => self.arrow(-1, desk),
            Action::PageDown => self.page(step, true, desk),
            Action::PageUp => self.page(step, false, desk),
            Action::Accept => self.accept(desk),
            Action::NextStep => self.next_step(step, desk),
            Action::PreviousStep => {
                let before = course::preceding(step, &self.draft, &self.facts);
                self.go(before, desk);
            }
            Action::Review => self.go(Step::Review, desk),
            Action::More => self.fold(desk),
            Action::Numbers => self.go_to_numbers(desk),
            Action::NextFinding => self.next_finding(desk),
            Action::Fix => return self.fix(desk),
            Action::EditOutside => self.edit_outside(desk),
            Action::CopyValue => self.copy_value(desk),
            Action::Explain => self.popup = self.place.field().map(Popup::explain),
            Action::Leave => return self.leave(desk),
            other => {
                if let Some(request) = other.edit() {
                    self.edit(request, desk);
                }
            }
        }
        Outcome::Stay
    }

    /// Everything the cursor can stand on in the shown step.
    pub fn places(&self) -> Vec<Place> {
        place::places(
            self.step(),
            &self.draft,
            self.setting.latitude(),
            self.shows_more,
            self.is_other_time,
        )
    }

    /// To a step, if what is being typed is an answer.
    pub(super) fn go(&mut self, step: Step, desk: &mut Desk) {
        if self.take_line(desk) {
            self.settled(desk);
            self.open(step, desk);
        }
    }

    /// Shows a step; the cursor begins at its first open question.
    pub(super) fn open(&mut self, step: Step, desk: &mut Desk) {
        if step == Step::Review {
            return self.open_review(desk);
        }
        self.page = Page::Fields(step);
        self.visited.insert(step);
        for place in self.places() {
            if let Some(pick) = place.pick() {
                self.stock.want(pick, desk);
            }
        }
        self.stand_on(self.first_place());
    }

    /// What must be put right, else the first open question, else the first.
    fn first_place(&self) -> Place {
        let places = self.places();
        let wrong = self.first_error(self.step()).and_then(|(_, field)| {
            let is_it = |place: &&Place| **place == Place::Field(field);
            places.iter().find(is_it).copied()
        });
        wrong.unwrap_or_else(|| place::first(&places, &self.draft, &self.now))
    }

    /// The first finding that must be put right in a step, and its field.
    fn first_error(&self, step: Step) -> Option<(&Finding, FieldId)> {
        course::of_step(step, &self.findings)
            .find(|finding| finding.weight == Weight::Stops)
            .and_then(|finding| Some((finding, finding.field?)))
    }

    /// Puts the cursor on a place and begins editing there.
    pub(super) fn stand_on(&mut self, place: Place) {
        self.number = None;
        self.place = place;
        let package = self.draft.text(FieldId::PackageUse);
        let stock = &self.stock;
        let may_be_new = self.setting.latitude().new_packages;
        self.editor = Editor::of(place, &self.draft, may_be_new, |pick| {
            stock.entries(pick, &package)
        });
    }

    pub(super) fn move_place(&mut self, by: isize, desk: &mut Desk) {
        if !self.take_line(desk) {
            return;
        }
        self.settled(desk);
        let places = self.places();
        let at = places.iter().position(|place| *place == self.place);
        let count = isize::try_from(places.len()).unwrap_or(1).max(1);
        let at = at.and_then(|at| isize::try_from(at).ok()).unwrap_or(0);
        // The numbers stand below the last field.
        if !(0..count).contains(&(at + by)) && self.enter_numbers(by > 0) {
            return;
        }
        let to = usize::try_from((at + by).rem_euclid(count)).unwrap_or(0);
        if let Some(place) = places.get(to) {
            self.stand_on(*place);
        }
    }

    /// An arrow moves inside a list; elsewhere it is the next field, or a step of the part under the cursor.
    fn arrow(&mut self, by: isize, desk: &mut Desk) {
        let moved = match &mut self.editor {
            Editor::One(picker) | Editor::Many(picker) => picker.step(by) || by > 0,
            Editor::Occasions(at) => {
                let last = crate::distribution::occasion::Occasion::ALL.len() - 1;
                let to = match *at {
                    None if by > 0 => Some(0),
                    None => None,
                    Some(0) if by < 0 => None,
                    Some(at) => Some(at.saturating_add_signed(by).min(last)),
                };
                let moved = to.is_some();
                *at = to.or(*at);
                moved
            }
            Editor::Names(_) => self.step_names(by),
            Editor::Line(_) => self.step_moment(by),
            Editor::Keys | Editor::Several(_) => false,
        };
        if moved {
            self.glance(desk);
        } else {
            self.move_place(by, desk);
        }
    }

    /// A page of a list; without one the step.
    fn page(&mut self, step: Step, forward: bool, desk: &mut Desk) {
        let by = if forward { PAGE } else { -PAGE };
        match &mut self.editor {
            Editor::One(picker) | Editor::Many(picker) if !picker.is_empty() => {
                picker.step(by);
                self.glance(desk);
            }
            _ if forward => self.next_step(step, desk),
            _ => {
                let before = course::preceding(step, &self.draft, &self.facts);
                self.go(before, desk);
            }
        }
    }

    /// Behind the last question of a step: its first error, else the next step that needs an answer.
    pub(super) fn finish(&mut self, step: Step, desk: &mut Desk) {
        self.settled(desk);
        if !self.show_first_error(step, true, desk) {
            let next = if self.comes_from_review {
                Step::Review
            } else {
                self.next_open(step)
            };
            self.open(next, desk);
        }
    }

    fn next_step(&mut self, step: Step, desk: &mut Desk) {
        if !self.take_line(desk) {
            return;
        }
        self.settled(desk);
        // Who stands on the error already has read it, and goes on all the same.
        if !self.show_first_error(step, false, desk) {
            let next = course::following(step, &self.draft, &self.facts);
            self.open(next, desk);
        }
    }

    /// Puts the cursor on what must be put right in this step and says why. Where it stands there already it stays, or
    /// false is answered.
    fn show_first_error(&mut self, step: Step, stays: bool, desk: &mut Desk) -> bool {
        let Some((words, field)) = self
            .first_error(step)
            .map(|(finding, field)| (finding.text(), field))
        else {
            return false;
        };
        let is_there = self.place.field() == Some(field);
        if is_there && !stays {
            return false;
        }
        if !is_there {
            self.jump(field, desk);
        }
        desk.tell(Notice::fault(words));
        true
    }

    /// Shows a field, wherever it is and whatever hides it.
    pub(super) fn jump(&mut self, field: FieldId, desk: &mut Desk) {
        if field.field().level == Level::More {
            self.shows_more = true;
        }
        if matches!(
            field,
            FieldId::AdvertisementPurpose | FieldId::AdvertisementDeadline
        ) {
            self.is_other_time = true;
        }
        self.open(field.step(), desk);
        let places = self.places();
        let wanted = Place::Field(field);
        if places.contains(&wanted) {
            self.stand_on(wanted);
        }
    }

    fn findings_with_field(&self) -> impl Iterator<Item = (&Finding, FieldId)> {
        self.findings
            .iter()
            .filter(|finding| finding.weight != Weight::Note)
            .filter_map(|finding| Some((finding, finding.field?)))
    }

    /// To the next error or warning behind the cursor, round and round.
    pub(super) fn next_finding(&mut self, desk: &mut Desk) {
        let mut found: Vec<(FieldId, String)> = self
            .findings_with_field()
            .map(|(finding, field)| (field, finding.text()))
            .collect();
        found.sort_by_key(|(field, _)| *field);
        found.dedup_by_key(|(field, _)| *field);
        let here = self.place.field().filter(|_| self.page != Page::Review);
        let next = found
            .iter()
            .find(|(field, _)| Some(*field) > here)
            .or(found.first())
            .cloned();
        if let Some((field, words)) = next
            && self.take_line(desk)
        {
            self.jump(field, desk);
            desk.tell(Notice::tell(words));
        }
    }

    fn go_to_numbers(&mut self, desk: &mut Desk) {
        if self.take_line(desk) {
            self.settled(desk);
            self.enter_numbers(true);
        }
    }

    fn fold(&mut self, desk: &mut Desk) {
        if !self.take_line(desk) {
            return;
        }
        self.shows_more = !self.shows_more;
        let places = self.places();
        if !places.contains(&self.place) {
            self.stand_on(Place::More);
        }
    }

    /// The draft is kept whatever is chosen, unless it is thrown away in so many words. Nothing is asked of somebody
    /// who said nothing here, and from answers that are mended after a failure one comes back to the run.
    pub(super) fn leave(&mut self, desk: &mut Desk) -> Outcome {
        if self.take_line(desk) {
            self.settled(desk);
        }
        if self.is_worth_keeping() {
            self.page = Page::Run;
            desk.tell(Notice::tell(
                "this run still waits for your decision; the answers you changed are kept",
            ));
            return Outcome::Stay;
        }
        if self.draft == self.begun_draft {
            return Outcome::Leave;
        }
        self.popup = Some(Popup::Leaving { at: 0 });
        Outcome::Stay
    }
}
