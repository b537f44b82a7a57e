//! The field under the cursor, opened: each control as it is edited.

mod names;
mod picked;

use tui_input::Input;

use super::View;
use super::fields::{choices_inline, named, usual, value};
use super::lines::{Column, Line};
use crate::distribution::draft::Choice;
use crate::distribution::field::{Control, FieldId};
use crate::distribution::occasion::Occasion;
use crate::distribution::{Value, words as say};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::wizard::{Editor, Place};
use names::listed;
use picked::picked;

/// How much room there is.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// Cells of the labels.
    pub label: usize,
    /// Cells of a line.
    pub width: usize,
    /// Rows a list may take.
    pub list: usize,
}

pub fn open(view: &View<'_>, place: Place, room: Room, column: &mut Column) {
    let label = head(view, place.label(), room.label);
    match (&view.wizard.editor, place) {
        (_, Place::More) => column.push(
            Line::of(format!(" {}+ ", view.theme.marks.selected), Role::Strong)
                .and(view.wizard.fold_title(), Role::Strong),
        ),
        (Editor::Line(line), Place::Field(id)) => {
            typed(view, id, label, &line.input, column);
            if let Some(fault) = &line.fault {
                column.words(fault, Role::Fault, room.label + 4, room.width);
            }
        }
        (Editor::One(picker) | Editor::Many(picker), place) => {
            picked(view, place, label, picker, room, column);
        }
        (Editor::Occasions(at), _) => occasions(view, label, *at, room, column),
        (Editor::Several(at), Place::Field(id)) => several(view, id, label, *at, column),
        (Editor::Names(names), Place::Field(id)) => listed(view, id, label, names, room, column),
        (Editor::Keys, Place::Field(id)) => keyed(view, id, label, room, column),
        (_, place) => {
            let (words, role) = value(view, place);
            column.push(label.and(words, role));
        }
    }
}

/// The label of the place the cursor is on.
fn head(view: &View<'_>, words: &str, label: usize) -> Line {
    let lead = format!(" {}", view.theme.marks.selected);
    named(words, label, &lead, Role::Strong)
}

/// One line of text with its caret; the default shows through where nothing is typed.
fn typed(view: &View<'_>, id: FieldId, label: Line, input: &Input, column: &mut Column) {
    let start = label.width();
    let mut line = entered(label, input);
    let field = id.field();
    if input.value().is_empty()
        && let Some(usual) = usual(view, field)
    {
        line = line.and(format!(" {usual}"), Role::Dim);
    }
    if let Some(limit) = field.control.limit() {
        let length = input.value().encode_utf16().count();
        if length * 5 >= limit * 4 {
            let role = if length > limit {
                Role::Fault
            } else {
                Role::Dim
            };
            line = line.and(format!("  {length}/{limit}"), role);
        }
    }
    column.push(line);
    if matches!(field.control, Control::Moment { .. }) {
        moment(view, id, start, column);
    }
}

/// The text of an input behind its label, with the caret.
fn entered(label: Line, input: &Input) -> Line {
    let before: String = input.value().chars().take(input.cursor()).collect();
    let caret = label.width() + text::width(&before);
    let mut line = label.and(input.value(), Role::Input);
    line.caret = Some(caret);
    line
}

/// A moment is always told in full, with its clock.
fn moment(view: &View<'_>, id: FieldId, start: usize, column: &mut Column) {
    let wizard = view.wizard;
    let lead = " ".repeat(start);
    let told = match wizard.typed_moment(id) {
        Some(Ok(when)) => Some(when),
        Some(Err(_)) => None,
        None => match wizard.draft.value(id) {
            Some(Value::Moment(when)) => Some(when),
            _ => None,
        },
    };
    if let Some(when) = told {
        let words = say::when(when, &wizard.draft, &wizard.now);
        column.push(Line::of(format!("{lead}= {words}"), Role::Dim));
    }
}

fn keyed(view: &View<'_>, id: FieldId, label: Line, room: Room, column: &mut Column) {
    let draft = &view.wizard.draft;
    let field = id.field();
    if (field.fixed)(draft).is_some() {
        let (words, role) = value(view, Place::Field(id));
        return column.push(label.and(words, role));
    }
    match field.control {
        Control::Switch => {
            let on = draft.is_on(id);
            let choice = view.theme.marks.choice;
            let sign = |is: bool| choice[usize::from(!is)];
            column.push(label.and(format!("{} yes   {} no", sign(on), sign(!on)), Role::Text));
        }
        Control::Choice(choices) => {
            let now = draft.value(id).map(|value| value.to_text());
            if let Some(line) = choices_inline(view, id, view.theme.marks.selected, room.width) {
                return column.push(line);
            }
            chosen(view, choices, now.as_deref(), label, room, column);
        }
        _ => column.push(label),
    }
}

/// The choices side by side, or one below the other where they are too long.
fn chosen(
    view: &View<'_>,
    choices: &[Choice],
    now: Option<&str>,
    label: Line,
    room: Room,
    column: &mut Column,
) {
    let sign = |choice: &Choice| {
        let is = now == Some(choice.word);
        view.theme.marks.choice[usize::from(!is)]
    };
    let words: Vec<String> = choices
        .iter()
        .map(|choice| format!("{} {}", sign(choice), choice.label))
        .collect();
    let start = label.width();
    let side = words.join("   ");
    if start + text::width(&side) < room.width {
        return column.push(label.and(side, Role::Text));
    }
    let mut lead = Some(label);
    for words in words {
        let line = lead
            .take()
            .unwrap_or_else(|| Line::of(" ".repeat(start), Role::Text));
        column.push(line.and(words, Role::Text));
    }
}

fn several(view: &View<'_>, id: FieldId, label: Line, at: usize, column: &mut Column) {
    let Control::Several(choices) = id.field().control else {
        return;
    };
    let Some(Value::List(on)) = view
        .wizard
        .draft
        .value(id)
        .or(Some(Value::List(Vec::new())))
    else {
        return;
    };
    let start = label.width();
    column.push(label.and("several may be ticked", Role::Dim));
    for (place, choice) in choices.iter().enumerate() {
        let tick = if on.iter().any(|word| word == choice.word) {
            "[x]"
        } else {
            "[ ]"
        };
        let line = Line::of(" ".repeat(start), Role::Text)
            .and(format!("{tick} {} ", choice.label), Role::Text)
            .and(format!(" {}", choice.help), Role::Dim);
        column.push(line.selected(place == at));
    }
}

/// The usual occasions, each with what it does; none is marked before somebody moves.
fn occasions(view: &View<'_>, label: Line, at: Option<usize>, room: Room, column: &mut Column) {
    let wizard = view.wizard;
    let offered = Occasion::offered(&wizard.draft, &wizard.facts, &wizard.now);
    let chosen = Occasion::of(&wizard.draft, &wizard.now);
    let is_set = chosen.is_some();
    column.push(label.and(
        if is_set {
            ""
        } else {
            "choose one: nothing is chosen for you"
        },
        Role::Dim,
    ));
    let widest = offered
        .iter()
        .map(|offered| text::width(offered.label))
        .max()
        .unwrap_or(0);
    for (place, offered) in offered.iter().enumerate() {
        let is = chosen == Some(offered.occasion);
        let is_here = at == Some(place);
        let gap = " ".repeat(widest - text::width(offered.label) + 2);
        let (words, role) = match &offered.refused {
            Some(reason) => (reason.clone(), Role::Fault),
            None => (offered.in_words(), Role::Dim),
        };
        let choice = view.theme.marks.choice[usize::from(!is)];
        let line = Line::of("   ", Role::Text)
            .marked(is_here, view.theme)
            .and(format!(" {choice} {}{gap}", offered.label), Role::Text);
        let used = line.width();
        // What does not fit beside the label goes on below, under its own words.
        let mut words = text::wrap(&words, room.width.saturating_sub(used)).into_iter();
        let first = words.next().unwrap_or_default();
        column.push(line.and(first, role));
        for more in words {
            let line = Line::of(" ".repeat(used), Role::Text);
            column.push(line.and(more, role).lit(is_here));
        }
    }
}
