//! One object out of many under the cursor: what was typed to find it, and the objects that fit.

use super::super::View;
use super::super::fields::value;
use super::super::lines::{Column, Line};
use super::{Room, entered};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::wizard::picker::{Entry, Picker, Row};
use crate::tui::wizard::{Editor, Holding, Place};

/// Cells before the name of an object.
const LEAD: usize = 6;
/// A cell that gets less than this is left out.
const LEAST: usize = 10;

pub fn picked(
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
    if let Some((words, role)) = waiting(view, place, picker) {
        return column.words(&words, role, LEAD, room.width);
    }
    let shown = Shown::of(picker, room.list);
    let rows: Vec<(usize, Row)> = shown
        .rows()
        .filter_map(|at| Some((at, picker.row(at)?)))
        .collect();
    let table = Table::of(view, picker, &rows, room.width);
    for (at, row) in rows {
        let is_here = picker.at() == Some(at);
        if row.is_pinned() && shown.rest > 0 && at == shown.pinned {
            column.push(rest(shown.rest));
        }
        column.push(table.line(row, is_here));
    }
    if shown.rest > 0 && shown.pinned == picker.len() {
        column.push(rest(shown.rest));
    }
}

fn rest(count: usize) -> Line {
    Line::of(format!("      and {count} more"), Role::Dim)
}

/// Which rows are shown: some objects round the mark, and whatever is pinned below them.
struct Shown {
    top: usize,
    objects: usize,
    /// The first pinned row.
    pinned: usize,
    len: usize,
    /// Objects there is no room for.
    rest: usize,
}

impl Shown {
    fn of(picker: &Picker, list: usize) -> Self {
        let len = picker.len();
        let pinned = len - picker.pinned();
        let room = list.saturating_sub(picker.pinned()).max(1);
        let objects = if pinned <= room {
            pinned
        } else {
            // One line says how many more there are.
            room.saturating_sub(1).max(1)
        };
        let at = picker.at().unwrap_or(0).min(pinned.saturating_sub(1));
        let top = (at + 2).saturating_sub(objects).min(pinned - objects);
        Self {
            top: if objects == 1 { at } else { top },
            objects,
            pinned,
            len,
            rest: pinned - objects,
        }
    }

    fn rows(&self) -> impl Iterator<Item = usize> + use<> {
        (self.top..self.top + self.objects).chain(self.pinned..self.len)
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

/// The rows of a picker as a table: as wide as what they hold, cut from the right.
struct Table<'a> {
    view: &'a View<'a>,
    picker: &'a Picker,
    widths: Vec<usize>,
    marked: Vec<String>,
    is_many: bool,
}

impl<'a> Table<'a> {
    fn of(view: &'a View<'a>, picker: &'a Picker, rows: &[(usize, Row)], room: usize) -> Self {
        let entries: Vec<&Entry> = rows
            .iter()
            .filter_map(|(_, row)| match row {
                Row::Entry(place) => picker.entry(*place),
                Row::Hidden(_) | Row::New => None,
            })
            .collect();
        let is_many = matches!(view.wizard.editor, Editor::Many(_));
        let mut table = Self {
            view,
            picker,
            widths: Vec::new(),
            marked: view.wizard.marked_objects(),
            is_many,
        };
        let behind = entries.iter().map(|entry| {
            table
                .behind(entry)
                .map_or(0, |(words, _)| text::width(&words) + 2)
        });
        let taken = LEAD + 1 + if is_many { 4 } else { 0 } + behind.max().unwrap_or(0);
        table.widths = widths(&entries, room.saturating_sub(taken));
        table
    }

    fn line(&self, row: Row, is_here: bool) -> Line {
        let line = Line::of("    ", Role::Text).marked(is_here, self.view.theme);
        match row {
            Row::Entry(place) => match self.picker.entry(place) {
                Some(entry) => self.entry(entry, line),
                None => Line::default(),
            },
            Row::Hidden(count) => line.and(
                format!(" {count} larger or built-in collections hidden: show them"),
                Role::Dim,
            ),
            Row::New => line.and(" Something new: a package that is not here yet", Role::Text),
        }
    }

    fn entry(&self, entry: &Entry, line: Line) -> Line {
        let is_ticked = || {
            let marked = self.marked.iter();
            marked.clone().any(|id| id.eq_ignore_ascii_case(&entry.id))
                || self.view.wizard.is_there_already(&entry.id)
        };
        let tick = match self.is_many {
            false => "",
            true if is_ticked() => "[x] ",
            true => "[ ] ",
        };
        let cells = cells(self.view, entry, &self.widths);
        let line = line.and(format!(" {tick}{cells}"), Role::Text);
        match self.behind(entry) {
            Some((words, role)) => line.and(format!("  {words}"), role),
            None => line,
        }
    }

    /// What somebody should know before taking it.
    fn behind(&self, entry: &Entry) -> Option<(String, Role)> {
        if let Some(warning) = &entry.warning {
            let words = format!("{} {warning}", self.view.theme.marks.attention);
            return Some((words, Role::Attention));
        }
        let holding = self.view.wizard.holding(&entry.id)?;
        let role = match holding {
            Holding::Current => Role::Good,
            Holding::Older { .. } | Holding::Other(_) => Role::Attention,
        };
        Some((holding.words(), role))
    }
}

/// Width of the name, then of each cell that fits: what does not leaves from the right, the last one is cut.
fn widths(entries: &[&Entry], room: usize) -> Vec<usize> {
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
    while widths.len() > 1 {
        let used: usize = widths.iter().map(|width| width + 2).sum();
        let over = (used - 2).saturating_sub(room);
        match widths.last_mut() {
            Some(last) if over > 0 && *last >= over + LEAST => *last -= over,
            Some(_) if over > 0 => {
                widths.pop();
            }
            _ => break,
        }
    }
    widths
}

fn cells(view: &View<'_>, entry: &Entry, widths: &[usize]) -> String {
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
