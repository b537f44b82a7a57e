//! Keys typed under the cursor: each control takes them its own way.

use tui_input::{Input, InputRequest};

use super::answering::toggle;
use super::editor::is_taken_at_once;
use super::{Editor, Place, Wizard, line};
use crate::distribution::Value;
use crate::distribution::draft::{Choice, Misfit, When};
use crate::distribution::field::{Control, FieldId};
use crate::distribution::occasion::Occasion;
use crate::tui::app::{Desk, Notice};

impl Wizard {
    /// A key typed into the field.
    pub(super) fn edit(&mut self, request: InputRequest, desk: &mut Desk) {
        match &mut self.editor {
            Editor::Keys => self.press_key(request, desk),
            Editor::Line(_) => self.edit_line(request, desk),
            Editor::One(picker) => {
                if picker.edit(request) {
                    self.glance(desk);
                }
            }
            Editor::Many(picker) => {
                if request == InputRequest::InsertChar(' ') {
                    if let Some(id) = picker.marked().map(|entry| entry.id.clone()) {
                        self.toggle_object(id, desk);
                        self.typed(desk);
                    }
                } else {
                    picker.edit(request);
                }
            }
            Editor::Several(at) => {
                let at = *at;
                self.press_several(at, request, desk);
            }
            Editor::Occasions(_) => self.press_occasion(request),
            Editor::Names(names) => {
                if request == InputRequest::DeleteNextChar && names.at.is_some() {
                    self.remove_name(desk);
                } else {
                    names.at = None;
                    names.input.handle(request);
                }
            }
        }
    }

    fn edit_line(&mut self, request: InputRequest, desk: &mut Desk) {
        let (Editor::Line(line), Place::Field(id)) = (&mut self.editor, self.place) else {
            return;
        };
        let control = id.field().control;
        let is_number = matches!(control, Control::Number { .. });
        if let InputRequest::InsertChar(c) = request
            && is_number
            && !c.is_ascii_digit()
        {
            return self.step_number(id, c, desk);
        }
        if !line
            .input
            .handle(request)
            .is_some_and(|changed| changed.value)
        {
            return;
        }
        self.line_changed(id, desk);
    }

    /// What was typed becomes the answer at once, or waits until it is taken.
    pub(super) fn line_changed(&mut self, id: FieldId, desk: &mut Desk) {
        let Editor::Line(line) = &mut self.editor else {
            return;
        };
        line.fault = None;
        line.is_pending = true;
        if is_taken_at_once(id.field().control) {
            line.is_pending = false;
            let text = line.input.value().to_owned();
            let value = (!text.is_empty()).then_some(Value::Text(text));
            self.answer(id, value.as_ref(), desk);
        }
        self.typed(desk);
    }

    /// `+` and `-` step a number; any other letter is told the rule.
    fn step_number(&mut self, id: FieldId, c: char, desk: &mut Desk) {
        let Editor::Line(line) = &mut self.editor else {
            return;
        };
        let Control::Number { most, unit } = id.field().control else {
            return;
        };
        let by = match c {
            '+' => 1,
            '-' => -1,
            _ => {
                let rule = format!("a whole number of {unit}, at most {most}");
                line.fault = Some(rule.clone());
                return desk.tell(Notice::fault(rule));
            }
        };
        let shown = self.draft.value(id).map(|value| value.to_text());
        let now = line.input.value().parse().ok();
        let number: u32 = now
            .or(shown.and_then(|text| text.parse().ok()))
            .unwrap_or(0);
        line.input = Input::new(number.saturating_add_signed(by).min(most).to_string());
        self.line_changed(id, desk);
    }

    /// Up and down step the part of a moment the cursor is in; false where there is none.
    pub(super) fn step_moment(&mut self, by: isize) -> bool {
        let (Editor::Line(line), Place::Field(id)) = (&mut self.editor, self.place) else {
            return false;
        };
        if !matches!(id.field().control, Control::Moment { .. }) {
            return false;
        }
        // Up is later, as on a dial.
        let Some(input) = line::step_moment(&line.input, if by < 0 { 1 } else { -1 }) else {
            return false;
        };
        line.input = input;
        line.is_pending = true;
        true
    }

    /// The moment that is being typed, as far as it is one.
    pub fn typed_moment(&self, id: FieldId) -> Option<Result<When, Misfit>> {
        let line = self.editor.line().filter(|line| line.is_pending)?;
        match self.draft.read(id, line.input.value(), &self.now) {
            Ok(Some(Value::Moment(when))) => Some(Ok(when)),
            Ok(_) => None,
            Err(misfit) => Some(Err(misfit)),
        }
    }

    /// A single key on a choice or a switch.
    fn press_key(&mut self, request: InputRequest, desk: &mut Desk) {
        let Place::Field(id) = self.place else {
            return;
        };
        let field = id.field();
        if let Some(fixed) = (field.fixed)(&self.draft) {
            return desk.tell(Notice::tell(fixed.reason));
        }
        let value = match field.control {
            Control::Switch => {
                let on = self.draft.is_on(id);
                turned(on, request).map(Value::Flag)
            }
            Control::Choice(choices) => {
                let now = self.draft.value(id).map(|value| value.to_text());
                chosen(choices, now.as_deref(), request).map(Value::from)
            }
            _ => None,
        };
        if let Some(value) = value {
            self.answer(id, Some(&value), desk);
            self.typed(desk);
        }
    }

    fn press_several(&mut self, at: usize, request: InputRequest, desk: &mut Desk) {
        let Place::Field(id) = self.place else {
            return;
        };
        let Control::Several(choices) = id.field().control else {
            return;
        };
        let last = choices.len().saturating_sub(1);
        match request {
            InputRequest::GoToNextChar => self.editor = Editor::Several((at + 1).min(last)),
            InputRequest::GoToPrevChar => self.editor = Editor::Several(at.saturating_sub(1)),
            InputRequest::InsertChar(' ') => {
                let Some(choice) = choices.get(at) else {
                    return;
                };
                let mut words = match self.draft.value(id) {
                    Some(Value::List(words)) => words,
                    _ => Vec::new(),
                };
                toggle(&mut words, choice.word.to_owned());
                self.answer(id, Some(&Value::List(words)), desk);
                self.typed(desk);
            }
            InputRequest::InsertChar(c) => {
                if let Some(to) = begins_with(choices, c, Some(at)) {
                    self.editor = Editor::Several(to);
                }
            }
            _ => {}
        }
    }

    fn press_occasion(&mut self, request: InputRequest) {
        let Editor::Occasions(at) = &mut self.editor else {
            return;
        };
        let InputRequest::InsertChar(c) = request else {
            return;
        };
        let offered = Occasion::offered(&self.draft, &self.facts, &self.now);
        let begins = offered
            .iter()
            .position(|offered| starts_with(offered.label, c));
        *at = begins.or(*at);
    }
}

/// A switch after a key; nothing for a key that means nothing to it.
fn turned(on: bool, request: InputRequest) -> Option<bool> {
    match request {
        InputRequest::InsertChar(' ') | InputRequest::GoToNextChar | InputRequest::GoToPrevChar => {
            Some(!on)
        }
        InputRequest::InsertChar('y' | 'Y') => Some(true),
        InputRequest::InsertChar('n' | 'N') => Some(false),
        _ => None,
    }
}

/// The word of a choice after a key.
fn chosen(choices: &[Choice], now: Option<&str>, request: InputRequest) -> Option<&'static str> {
    let at = now.and_then(|now| choices.iter().position(|choice| choice.word == now));
    let count = choices.len();
    let to = match request {
        InputRequest::GoToNextChar | InputRequest::InsertChar(' ') => {
            at.map_or(0, |at| (at + 1) % count.max(1))
        }
        InputRequest::GoToPrevChar => at.map_or(0, |at| (at + count - 1) % count.max(1)),
        InputRequest::InsertChar(c) => begins_with(choices, c, at)?,
        _ => return None,
    };
    choices.get(to).map(|choice| choice.word)
}

/// The next choice behind the cursor whose label begins with a letter.
fn begins_with(choices: &[Choice], c: char, at: Option<usize>) -> Option<usize> {
    let fits = |place: &usize| {
        choices
            .get(*place)
            .is_some_and(|choice| starts_with(choice.label, c))
    };
    let behind = at.map_or(0, |at| at + 1);
    (behind..choices.len())
        .find(fits)
        .or_else(|| (0..choices.len()).find(fits))
}

fn starts_with(label: &str, c: char) -> bool {
    label
        .chars()
        .next()
        .is_some_and(|first| first.to_lowercase().eq(c.to_lowercase()))
}
