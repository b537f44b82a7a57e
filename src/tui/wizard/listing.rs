//! Lists of names, pasted text, and the editor outside.

use tui_input::Input;

use super::editor::is_taken_at_once;
use super::{Editor, Page, Place, Wizard, line};
use crate::distribution::Value;
use crate::distribution::field::{Control, FieldId};
use crate::tui::app::{Desk, Notice};
use crate::tui::event::Effect;

impl Wizard {
    fn names_of(&self, id: FieldId) -> Vec<String> {
        match self.draft.get(id) {
            Some(Value::List(names)) => names,
            _ => Vec::new(),
        }
    }

    pub(super) fn add_name(&mut self, desk: &mut Desk) {
        if let Editor::Names(names) = &mut self.editor {
            let text = names.input.value().to_owned();
            names.input.reset();
            self.add_names(&text, desk);
        }
    }

    /// Names out of text are added, each once.
    fn add_names(&mut self, text: &str, desk: &mut Desk) {
        let Place::Field(id) = self.place else {
            return;
        };
        let (added, left_out) = line::names(text);
        let mut names = self.names_of(id);
        let mut known: std::collections::HashSet<String> =
            names.iter().map(|name| name.to_lowercase()).collect();
        names.extend(
            added
                .into_iter()
                .filter(|name| known.insert(name.to_lowercase())),
        );
        names.truncate(line::MOST_NAMES);
        self.answer(id, Some(&Value::List(names)), desk);
        if let Some(words) = left_out {
            desk.tell(Notice::tell(words));
        }
        self.typed(desk);
    }

    pub(super) fn remove_name(&mut self, desk: &mut Desk) {
        let Place::Field(id) = self.place else {
            return;
        };
        let mut names = self.names_of(id);
        let Editor::Names(editor) = &mut self.editor else {
            return;
        };
        if let Some(at) = editor.at.filter(|at| *at < names.len()) {
            names.remove(at);
            editor.at = at.checked_sub(1).or((!names.is_empty()).then_some(0));
            self.answer(id, Some(&Value::List(names)), desk);
            self.typed(desk);
        }
    }

    /// Moves among the names; false at the ends.
    pub(super) fn step_names(&mut self, by: isize) -> bool {
        let Place::Field(id) = self.place else {
            return false;
        };
        let count = self.names_of(id).len();
        let Editor::Names(names) = &mut self.editor else {
            return false;
        };
        let to = match (names.at, by < 0) {
            (None, true) => count.checked_sub(1),
            (None, false) => return false,
            (Some(at), true) => match at.checked_sub(1) {
                Some(at) => Some(at),
                None => return false,
            },
            (Some(at), false) => Some(at + 1).filter(|at| *at < count),
        };
        let moved = to != names.at;
        names.at = to;
        moved
    }

    /// Pasted text: a list takes a name a line, one line makes blanks of line feeds and says so.
    pub(super) fn paste(&mut self, text: &str, desk: &mut Desk) {
        if let Some(popup) = &mut self.popup {
            return popup.paste(text);
        }
        if self.number().is_some() {
            return desk.tell(Notice::tell("nothing here takes pasted text"));
        }
        let said = match (&mut self.editor, self.page) {
            (_, Page::Review) => self.review.paste(text),
            (_, Page::Run) => None,
            (Editor::Names(_), _) => {
                self.add_names(text, desk);
                return;
            }
            (Editor::Line(line), _) => {
                let said = line::paste(&mut line.input, text);
                if let Place::Field(id) = self.place {
                    self.line_changed(id, desk);
                }
                said
            }
            (Editor::One(picker) | Editor::Many(picker), _) => {
                let said = picker.paste(text);
                self.glance(desk);
                said
            }
            _ => Some("nothing here takes pasted text".to_owned()),
        };
        if let Some(words) = said {
            desk.tell(Notice::tell(words));
        }
    }

    pub(super) fn can_be_edited_outside(&self) -> bool {
        matches!(self.editor, Editor::Names(_))
            || matches!(self.place, Place::Field(id) if is_taken_at_once(id.field().control)
                && matches!(self.editor, Editor::Line(_)))
    }

    pub(super) fn edit_outside(&mut self, desk: &mut Desk) {
        let Place::Field(id) = self.place else {
            return;
        };
        let text = self.draft.get(id).map(|value| value.to_text());
        self.edited_outside = Some(self.place);
        desk.order(Effect::Edit(text.unwrap_or_default()));
    }

    /// What the editor left becomes the answer; line breaks stay only where the field has lines.
    pub(super) fn edited_outside(&mut self, result: &Result<String, String>, desk: &mut Desk) {
        let Some(place) = self.edited_outside.take() else {
            return;
        };
        let text = match result {
            Ok(text) => text,
            Err(reason) => return desk.tell(Notice::fault(reason.as_str())),
        };
        let Place::Field(id) = place else {
            return;
        };
        let value = if matches!(id.field().control, Control::List) {
            let (names, left_out) = line::names(text);
            if let Some(words) = left_out {
                desk.tell(Notice::tell(words));
            }
            Value::List(names)
        } else {
            let mut input = Input::default();
            if let Some(words) = line::paste(&mut input, text) {
                desk.tell(Notice::tell(words));
            }
            Value::Text(input.value().to_owned())
        };
        self.answer(id, Some(&value).filter(|value| !value.is_blank()), desk);
        self.stand_on(place);
        self.settled(desk);
    }

    pub(super) fn copy_value(&self, desk: &mut Desk) {
        let value = self
            .place
            .field()
            .and_then(|id| self.draft.value(id))
            .map(|value| value.to_text())
            .filter(|text| !text.is_empty());
        match value {
            Some(text) => {
                desk.order(Effect::Copy(text));
                desk.tell(Notice::done("copied, if the terminal allows it"));
            }
            None => desk.tell(Notice::tell("there is no value to copy")),
        }
    }
}
