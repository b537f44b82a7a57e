//! The field under the cursor, opened: each control as it is edited.

use tui_input::Input;

use super::View;
use super::fields::{named, value, words};
use super::lines::{Column, Line};
use crate::distribution::draft::Choice;
use crate::distribution::facts::ResolvedName;
use crate::distribution::field::{Control, FieldId};
use crate::distribution::occasion::Occasion;
use crate::distribution::{Value, words as say};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::wizard::picker::{Picker, Row};
use crate::tui::wizard::{Editor, Names, Place};

/// Width of the labels, of a line, and rows a list may take.
type Room = (usize, usize, usize);

pub fn open(view: &View<'_>, place: Place, room: Room, column: &mut Column) {
    let label = head(view, place.label(), room.0);
    match (&view.wizard.editor, place) {
        (_, Place::More) => column.push(
            Line::of(format!(" {}+ ", view.theme.marks.selected), Role::Strong)
                .and(view.wizard.fold_title(), Role::Strong),
        ),
        (Editor::Line(line), Place::Field(id)) => {
            typed(view, id, label, &line.input, column);
            if let Some(fault) = &line.fault {
                column.words(fault, Role::Fault, room.0 + 4, room.1);
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
        && id != FieldId::AdvertisementName
        && let Some(default) = (field.default)(&view.wizard.draft)
    {
        line = line.and(format!(" {}", words(view, field, &default)), Role::Dim);
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
    if start + text::width(&side) < room.1 {
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
    column.push(label.and("Space ticks; several may be ticked", Role::Dim));
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
        let gap = " ".repeat(widest - text::width(offered.label) + 2);
        let (words, role) = match &offered.refused {
            Some(reason) => (reason.clone(), Role::Fault),
            None => (offered.help.clone(), Role::Dim),
        };
        let mark = if at == Some(place) {
            view.theme.marks.selected
        } else {
            " "
        };
        let line = Line::of(
            format!(
                "   {mark} {} {}{gap}",
                view.theme.marks.choice[usize::from(!is)],
                offered.label
            ),
            Role::Text,
        );
        let used = line.width();
        let words = text::cut(
            &words,
            room.1.saturating_sub(used),
            view.theme.marks.ellipsis,
        );
        column.push(line.and(words, role).selected(at == Some(place)));
    }
}

/// What was typed to find an object, and the objects that fit.
fn picked(
    view: &View<'_>,
    place: Place,
    label: Line,
    picker: &Picker,
    room: Room,
    column: &mut Column,
) {
    let is_empty = picker.filter().value().is_empty();
    let mut line = entered(label, picker.filter());
    if is_empty {
        let (now, role) = value(view, place);
        line = line.and(format!(" {now}"), role);
    }
    column.push(line);
    if let Some(words) = waiting(view, place, picker) {
        return column.words(&words.0, words.1, 6, room.1);
    }
    let count = picker.len();
    let shown = room.2.min(count);
    let at = picker.at().unwrap_or(0);
    let top = at
        .saturating_sub(shown.saturating_sub(2))
        .min(count - shown);
    let rows: Vec<(usize, Row)> = (top..top + shown)
        .filter_map(|at| Some((at, picker.row(at)?)))
        .collect();
    let widths = widths(picker, &rows, room.1);
    let marked = view.wizard.marked_objects();
    let is_many = matches!(view.wizard.editor, Editor::Many(_));
    for (at, row) in rows {
        let is_here = picker.at() == Some(at);
        let mark = if is_here {
            view.theme.marks.selected
        } else {
            " "
        };
        let tick = |id: &str| match (is_many, marked.iter().any(|m| m.eq_ignore_ascii_case(id))) {
            (false, _) => "",
            (true, true) => "[x] ",
            (true, false) => "[ ] ",
        };
        let line = match row {
            Row::Entry(place) => match picker.entry(place) {
                Some(entry) => Line::of(
                    format!(
                        "    {mark} {}{}",
                        tick(&entry.id),
                        cells(view, entry, &widths)
                    ),
                    Role::Text,
                ),
                None => continue,
            },
            Row::Hidden(count) => Line::of(
                format!("    {mark} {count} larger or built-in collections hidden: show them"),
                Role::Dim,
            ),
            Row::New => Line::of(
                format!("    {mark} Something new: a package that is not here yet"),
                Role::Text,
            ),
        };
        column.push(line.selected(is_here));
    }
    if count > shown {
        let rest = count - shown;
        column.push(Line::of(format!("      and {rest} more"), Role::Dim));
    }
}

/// Why there are no rows: still reading, not readable, nothing there, nothing that fits.
fn waiting(view: &View<'_>, place: Place, picker: &Picker) -> Option<(String, Role)> {
    let shelf = view.wizard.stock.shelf(place.pick()?);
    let ellipsis = view.theme.marks.ellipsis;
    if let Some(fault) = &shelf.fault {
        return Some((format!("could not be read: {fault}"), Role::Fault));
    }
    if shelf.read_at.is_none() {
        return Some((format!("reading{ellipsis}"), Role::Busy));
    }
    if picker.total() == 0 && picker.is_empty() {
        return Some(("there is none on this site yet".into(), Role::Dim));
    }
    picker
        .is_empty()
        .then(|| ("nothing of that name".into(), Role::Dim))
}

/// Width of the name, then of each cell that fits.
fn widths(picker: &Picker, rows: &[(usize, Row)], room: usize) -> Vec<usize> {
    let entries = rows.iter().filter_map(|(_, row)| match row {
        Row::Entry(place) => picker.entry(*place),
        Row::Hidden(_) | Row::New => None,
    });
    let mut widths: Vec<usize> = Vec::new();
    for entry in entries {
        let cells = entry.cells.iter().map(String::as_str);
        for (at, cell) in [entry.name.as_str()].into_iter().chain(cells).enumerate() {
            let width = text::width(cell);
            match widths.get_mut(at) {
                Some(widest) => *widest = width.max(*widest),
                None => widths.push(width),
            }
        }
    }
    if let Some(name) = widths.first_mut() {
        *name = (*name).min(room * 6 / 10);
    }
    // Cells leave from the right until the rest fits.
    while widths.len() > 1 && widths.iter().map(|width| width + 2).sum::<usize>() + 11 > room {
        widths.pop();
    }
    widths
}

fn cells(view: &View<'_>, entry: &crate::tui::wizard::picker::Entry, widths: &[usize]) -> String {
    let all = std::iter::once(&entry.name).chain(&entry.cells);
    let mut line = String::new();
    for (cell, width) in all.zip(widths) {
        let cell = text::cut(cell, *width, view.theme.marks.ellipsis);
        let gap = " ".repeat(width.saturating_sub(text::width(&cell)));
        let is_figure = !cell.is_empty() && cell.chars().all(|c| c.is_ascii_digit() || c == ',');
        let (before, behind) = if is_figure {
            (gap.as_str(), "")
        } else {
            ("", gap.as_str())
        };
        line.push_str(before);
        line.push_str(&cell);
        line.push_str(behind);
        line.push_str("  ");
    }
    line.trim_end().to_owned()
}

/// Names, each with what the site knows of it, and the line a next one is typed on.
fn listed(
    view: &View<'_>,
    id: FieldId,
    label: Line,
    names: &Names,
    room: Room,
    column: &mut Column,
) {
    let wizard = view.wizard;
    let listed = match wizard.draft.get(id) {
        Some(Value::List(listed)) => listed,
        _ => Vec::new(),
    };
    let limit = wizard.draft.text(FieldId::CollectionLimitTo);
    let known = wizard.facts.devices(&listed, &limit);
    column.push(label.and(say::count(listed.len() as u64, "name", "names"), Role::Text));
    let shown = room.2.saturating_sub(2).max(2).min(listed.len());
    let at = names.at.unwrap_or(listed.len().saturating_sub(1));
    let top = (at + 1).saturating_sub(shown).min(listed.len() - shown);
    for (place, name) in listed.iter().enumerate().skip(top).take(shown) {
        let resolved = known
            .value()
            .and_then(|known| known.iter().find(|known| known.name == *name));
        let (words, role) = resolved.map_or(("", Role::Dim), state_of);
        let line = Line::of(format!("      {name}  "), Role::Text).and(words, role);
        column.push(line.selected(names.at == Some(place)));
    }
    let mut line = entered(Line::of("    + ", Role::Dim), &names.input);
    if names.at.is_some() {
        line.caret = None;
    }
    column.push(line);
}

fn state_of(found: &ResolvedName) -> (&'static str, Role) {
    match found.matches.as_slice() {
        [] => ("not found", Role::Failed),
        [one] if one.in_limit == Some(false) => ("outside 'limited to'", Role::Attention),
        [_] => ("found", Role::Good),
        _ => ("several devices of this name", Role::Attention),
    }
}
