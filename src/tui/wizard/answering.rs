//! What is under the cursor becomes an answer: rows, occasions, lines, and what a message offers to set.

use tui_input::Input;

use super::picker::Row;
use super::{Editor, Outcome, Place, Wizard, editor};
use crate::distribution::check::{Fix, Remedy};
use crate::distribution::draft::{CollectionOrigin, Misfit};
use crate::distribution::field::{FieldId, Step};
use crate::distribution::occasion::Occasion;
use crate::distribution::{Finding, Value};
use crate::sms::ids::AdvertisementId;
use crate::tui::app::{Desk, Notice, SubjectKey};

impl Wizard {
    /// Enter: takes what is under the cursor and goes on.
    pub(super) fn accept(&mut self, desk: &mut Desk) {
        match &self.editor {
            Editor::One(_) => self.take_row(desk),
            Editor::Many(picker) => {
                let marked = picker.marked().map(|entry| entry.id.clone());
                let hidden = matches!(picker.chosen(), Some(Row::Hidden(_)));
                if hidden {
                    self.show_hidden(desk);
                } else {
                    if let Some(id) = marked
                        && self.marked_objects().is_empty()
                        && !self.is_there_already(&id)
                    {
                        self.toggle_object(id, desk);
                    }
                    self.go_behind(desk);
                }
            }
            Editor::Occasions(at) => match *at {
                Some(at) => self.take_occasion(at, desk),
                None if Occasion::of(&self.draft, &self.now).is_some() => self.go_behind(desk),
                None => desk.tell(Notice::tell("choose when: nothing is chosen for you")),
            },
            Editor::Names(names) if !names.input.value().trim().is_empty() => self.add_name(desk),
            Editor::Keys if self.place == Place::More => {
                self.shows_more = !self.shows_more;
            }
            Editor::Keys | Editor::Several(_) | Editor::Names(_) | Editor::Line(_) => {
                if self.take_line(desk) {
                    self.go_behind(desk);
                }
            }
        }
    }

    /// To the next place of the step; behind its last question the step is done.
    fn go_behind(&mut self, desk: &mut Desk) {
        self.settled(desk);
        let places = self.places();
        let at = places.iter().position(|place| *place == self.place);
        let mut rest = at
            .and_then(|at| places.get(at + 1..))
            .unwrap_or(&[])
            .iter()
            .copied();
        let next = rest
            .find(|place| *place != Place::More || !self.shows_more)
            .filter(|place| *place != Place::More);
        match next {
            Some(place) => self.stand_on(place),
            None => self.finish(self.step(), desk),
        }
    }

    /// Takes the marked row of a picker.
    fn take_row(&mut self, desk: &mut Desk) {
        let Some(picker) = self.editor.picker() else {
            return;
        };
        let marked = picker.marked().map(|entry| entry.id.clone());
        match (picker.chosen(), marked) {
            (Some(Row::Hidden(_)), _) => self.show_hidden(desk),
            (Some(Row::New), _) => {
                self.answer(FieldId::PackageMode, Some(&Value::from("new")), desk);
                self.settled(desk);
                self.open(Step::Package, desk);
            }
            (_, Some(id)) => self.take_object(&id, desk),
            _ if super::place::is_answered(self.place, &self.draft, &self.now) => {
                self.go_behind(desk);
            }
            // A field nobody has to answer is passed.
            _ if self.place.field() == Some(FieldId::ProgramDependsOn) => self.go_behind(desk),
            _ => desk.tell(Notice::tell(
                "type part of a name, or move down to one: nothing is chosen for you",
            )),
        }
    }

    fn take_object(&mut self, id: &str, desk: &mut Desk) {
        match self.place {
            Place::What => {
                let (package, program) = id.split_once('/').unwrap_or((id, ""));
                self.answer(FieldId::PackageUse, Some(&package.into()), desk);
                self.answer(FieldId::ProgramUse, Some(&program.into()), desk);
                self.finish(Step::Start, desk);
            }
            Place::Field(field) => {
                self.answer(field, Some(&id.into()), desk);
                self.go_behind(desk);
            }
            Place::When | Place::More => {}
        }
    }

    fn show_hidden(&mut self, desk: &mut Desk) {
        if let Some(picker) = self.editor.picker_mut() {
            picker.show_hidden();
            // The mark is on the first of them now.
            self.glance(desk);
        }
    }

    fn take_occasion(&mut self, at: usize, desk: &mut Desk) {
        let offered = Occasion::offered(&self.draft, &self.facts, &self.now);
        let Some(chosen) = offered.get(at) else {
            return;
        };
        if let Some(reason) = &chosen.refused {
            return desk.tell(Notice::fault(reason.as_str()));
        }
        if let Err(misfit) = chosen.occasion.answer(&mut self.draft, &self.now) {
            return desk.tell(Notice::fault(misfit.to_string()));
        }
        self.is_other_time = chosen.occasion == Occasion::Other;
        self.go_behind(desk);
    }

    /// Whether what is typed is an answer by now; takes it if it waited for that.
    pub(super) fn take_line(&mut self, desk: &mut Desk) -> bool {
        let (Editor::Line(typed), Place::Field(id)) = (&self.editor, self.place) else {
            return true;
        };
        if !typed.is_pending {
            return true;
        }
        let text = typed.input.value().to_owned();
        match self.draft.set(id, &text, &self.now) {
            Ok(()) => {
                self.editor = Editor::Line(editor::Line {
                    input: Input::new(editor::text(id, &self.draft)),
                    ..editor::Line::default()
                });
                true
            }
            Err(misfit) => {
                self.refuse_line(&misfit, desk);
                false
            }
        }
    }

    fn refuse_line(&mut self, misfit: &Misfit, desk: &mut Desk) {
        desk.tell(Notice::fault(misfit.to_string()));
        if let Editor::Line(line) = &mut self.editor {
            line.fault = Some(misfit.to_string());
        }
    }

    /// Takes an answer; a value that does not fit is said and not taken.
    pub(super) fn answer(&mut self, id: FieldId, value: Option<&Value>, desk: &mut Desk) {
        if let Err(misfit) = self.draft.put(id, value) {
            desk.tell(Notice::fault(misfit.to_string()));
        }
        self.judge();
    }

    /// Objects that are marked in the field of several.
    pub fn marked_objects(&self) -> Vec<String> {
        match self.place {
            Place::Field(id) => match self.draft.get(id) {
                Some(Value::List(marked)) => marked,
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    pub(super) fn toggle_object(&mut self, id: String, desk: &mut Desk) {
        let Place::Field(field) = self.place else {
            return;
        };
        if self.is_there_already(&id) {
            return desk.tell(Notice::tell(format!(
                "{id} has the current version already; nothing is sent there"
            )));
        }
        let mut marked = self.marked_objects();
        toggle(&mut marked, id);
        let value = (!marked.is_empty()).then_some(Value::List(marked));
        // A list of names fits a field of several objects; a test says so.
        let _ = self.draft.put(field, value.as_ref());
        self.judge();
    }

    /// A click on a place puts the cursor there.
    pub(super) fn click(&mut self, at: usize, desk: &mut Desk) {
        let place = self.places().get(at).copied();
        if let Some(place) = place
            && self.popup.is_none()
            && matches!(self.page, super::Page::Fields(_))
            && self.take_line(desk)
        {
            self.settled(desk);
            self.stand_on(place);
        }
    }

    /// The way out that the shown message offers.
    pub fn offered_fix(&self) -> Option<(&Finding, &Fix)> {
        let finding = match self.page {
            super::Page::Review => self.review.finding()?,
            _ => self.finding()?,
        };
        Some((finding, finding.fix.as_ref()?))
    }

    pub(super) fn allows_fix(&self) -> Result<(), String> {
        let refusal = self.setting.access.in_brief();
        match (self.offered_fix(), refusal) {
            (None, _) => Err("no message here offers to do anything".to_owned()),
            // To have a collection worked out is asked of the site.
            (Some((_, fix)), Some(reason)) if matches!(fix.remedy, Remedy::Evaluate(_)) => {
                Err(reason.to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Does what the shown message offers. Only the draft is changed here.
    pub(super) fn fix(&mut self, desk: &mut Desk) -> Outcome {
        let Some(remedy) = self.offered_fix().map(|(_, fix)| fix.remedy.clone()) else {
            return Outcome::Stay;
        };
        match remedy {
            Remedy::Set(answers) => {
                for (field, value) in answers {
                    self.answer(field, Some(&value), desk);
                }
                if matches!(self.page, super::Page::Fields(_)) {
                    self.stand_on(self.place);
                }
                self.settled(desk);
                desk.tell(Notice::done("done, in the draft"));
            }
            Remedy::Evaluate(collection) => self.evaluate(&collection, desk),
            Remedy::EditAdvertisement(id) => {
                return Outcome::Show(SubjectKey::Advertisement(AdvertisementId::new(&id)));
            }
            Remedy::EnableProgram(program) => desk.tell(Notice::tell(format!(
                "switch {program} on in the Programs pane first; the wizard changes nothing that exists"
            ))),
        }
        Outcome::Stay
    }

    /// A collection that exists is wanted, whatever was said of a new one.
    pub(super) fn want_existing_collection(&mut self, desk: &mut Desk) {
        let word: &str = CollectionOrigin::Existing.into();
        self.answer(FieldId::CollectionMode, Some(&word.into()), desk);
    }
}

pub(super) fn toggle(words: &mut Vec<String>, word: String) {
    match words
        .iter()
        .position(|known| known.eq_ignore_ascii_case(&word))
    {
        Some(at) => {
            words.remove(at);
        }
        None => words.push(word),
    }
}
