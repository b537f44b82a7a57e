//! The run: a line an operation, bars while files are copied, the site's own words when one fails, and the result.

use ratatui::layout::Rect;

use super::View;
use super::lines::{Column, Line};
use crate::client::listing::Share;
use crate::distribution::plan::Plan;
use crate::distribution::run::{Copied, Failure, LineState, MadeObject, State};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::view::table::bar;
use crate::tui::wizard::Running;
use crate::tui::wizard::running::Stage;

/// Cells of a bar, and the fewest that still say something.
const BAR: usize = 20;
const LEAST_BAR: usize = 8;
/// Cells before what an operation is about.
const LEAD: usize = 19;
/// Cells of what an operation is about.
const SUBJECT: usize = 28;

pub fn lines(view: &View<'_>, area: Rect) -> Column {
    let room = usize::from(area.width);
    let mut column = Column::default();
    let Some(run) = &view.wizard.run else {
        return column;
    };
    let has_offers = !run.offers().is_empty();
    let table = Table::of(view, run, room);
    for (at, line) in run.progress.lines.iter().enumerate() {
        let is_here = !has_offers && at == run.at;
        let first = column.lines.len();
        table.push(line, is_here, &mut column);
        if is_here {
            column.focus_from(first);
        }
    }
    column.blank();
    standing(run, room, &mut column);
    offers(view, run, &mut column);
    column
}

/// The operations as a table: as wide as what they hold.
struct Table<'a> {
    view: &'a View<'a>,
    plan: &'a Plan,
    subject: usize,
    id: usize,
    room: usize,
}

impl<'a> Table<'a> {
    fn of(view: &'a View<'a>, run: &'a Running, room: usize) -> Self {
        let subjects = run
            .plan
            .numbered()
            .map(|(_, operation)| operation.subject());
        let subject = subjects.map(|subject| text::width(&subject)).max();
        let ids = run
            .progress
            .lines
            .iter()
            .map(|line| text::width(short_id(line)));
        Self {
            view,
            plan: &run.plan,
            subject: subject.unwrap_or(0).min(SUBJECT),
            id: ids.max().unwrap_or(0),
            room,
        }
    }

    fn push(&self, state: &LineState, is_here: bool, column: &mut Column) {
        let words = words(state);
        let copied = state.copied.filter(|copied| copied.total_bytes > 0);
        if let Some(copied) = copied.filter(|_| is_moving(state.state)) {
            let line = copying(self.view, self.head(state), copied, self.room);
            return column.push(line.selected(is_here));
        }
        let line = self.operation(state);
        let fits = line.width() + text::width(words) < self.room && !is_trouble(state.state);
        let role = if is_trouble(state.state) {
            Role::Fault
        } else {
            Role::Dim
        };
        let line = match state.state {
            _ if fits => line.and(words, Role::Text),
            trouble if is_trouble(trouble) => line.and(trouble.to_string(), Role::Failed),
            _ => line,
        };
        let tenths = state.elapsed.as_millis() / 100;
        let line = if tenths > 0 {
            let elapsed = format!("{}.{} s ", tenths / 10, tenths % 10);
            line.ending(&elapsed, Role::Dim, self.room)
        } else {
            line
        };
        column.push(line.selected(is_here));
        if !fits && !words.is_empty() {
            column.words(words, role, 6, self.room);
        }
    }

    /// Mark, title and subject.
    fn head(&self, state: &LineState) -> Line {
        let Some(operation) = self.plan.operation(state.number) else {
            return Line::default();
        };
        let (mark, twin) = state.state.mark();
        let is_plain = self.view.theme.marks == crate::tui::theme::Marks::ASCII;
        let mark = if is_plain { twin } else { mark };
        let role = match state.state {
            State::Done | State::AlreadySo => Role::Good,
            State::Running | State::Checking => Role::Busy,
            State::Failed | State::Left | State::Unknown => Role::Failed,
            State::Waiting | State::NotStarted | State::Undone => Role::Dim,
        };
        let subject = operation.subject();
        let subject = text::cut(&subject, self.subject, self.view.theme.marks.ellipsis);
        Line::of(format!("  {mark} "), role)
            .and(format!("{:<14} {subject}  ", operation.title()), Role::Text)
    }

    /// The head and the id, each in its column.
    fn operation(&self, state: &LineState) -> Line {
        let line = self.head(state);
        let gap = (LEAD + self.subject + 2).saturating_sub(line.width());
        let width = self.id;
        line.and(
            format!("{}{:<width$}  ", " ".repeat(gap), short_id(state)),
            Role::Text,
        )
    }
}

/// The id of what was made; a program's says its package's once more and is left out.
fn short_id(state: &LineState) -> &str {
    let id = state.id.as_deref().unwrap_or_default();
    if id.contains('/') || id.contains('.') {
        ""
    } else {
        id
    }
}

/// The site's words, where they say more than the id.
fn words(state: &LineState) -> &str {
    if state.id.as_deref() == Some(state.words.as_str()) {
        return "";
    }
    &state.words
}

fn is_trouble(state: State) -> bool {
    matches!(state, State::Failed | State::Left | State::Unknown)
}

fn is_moving(state: State) -> bool {
    matches!(state, State::Running | State::Checking)
}

/// How far the files have come; what there is no room for leaves, the bar last.
fn copying(view: &View<'_>, line: Line, copied: Copied, room: usize) -> Line {
    let permille = copied.done_bytes.saturating_mul(1000) / copied.total_bytes.max(1);
    let part = u32::try_from(permille.min(1000)).unwrap_or(1000);
    let share = Share { part, whole: 1000 };
    let percent = format!(" {:>3} %", part / 10);
    let sizes = format!(
        "  {}/{} MB",
        copied.done_bytes / 1_000_000,
        copied.total_bytes / 1_000_000
    );
    let files = format!("  {}/{} files", copied.done_files, copied.total_files);
    let mut told = percent;
    let mut left = room.saturating_sub(line.width() + told.len() + LEAST_BAR + 1);
    for figures in [sizes, files] {
        if let Some(rest) = left.checked_sub(figures.len()) {
            (told, left) = (told + &figures, rest);
        }
    }
    let cells = (LEAST_BAR + left).min(BAR);
    let drawn = bar(share, cells, &view.theme.marks, true);
    line.and(drawn, Role::Bar).and(told, Role::Text)
}

/// What this amounts to, in words.
fn standing(run: &Running, room: usize, column: &mut Column) {
    match &run.stage {
        Stage::Going if run.is_undoing => {
            column.words("Taking back what this plan made.", Role::Strong, 2, room);
        }
        Stage::Going => {
            if !run.is_advertised() {
                column.words(
                    "NOT ADVERTISED YET. Nothing runs on any device before the last line is done.",
                    Role::Attention,
                    2,
                    room,
                );
            }
            if run.is_stopping() {
                column.words("Stopping after this operation.", Role::Busy, 2, room);
            }
            column.blank();
            column.words(
                "Leaving does not stop it; :run shows it again. After a cut line, consign resume takes it up.",
                Role::Dim,
                2,
                room,
            );
        }
        Stage::Failed(failure) => failed(run, failure, room, column),
        Stage::Stopped(halt) => {
            let words = format!("Stopped before operation {}, as asked.", halt.before);
            column.words(&words, Role::Strong, 2, room);
            column.words(&halt.left, Role::Text, 2, room);
        }
        Stage::Done(made) => done(run, made, room, column),
        Stage::RolledBack(rolled_back) => {
            column.words(&rolled_back.words(), Role::Strong, 2, room);
        }
        Stage::Kept(made) => {
            let kept = if made.iter().all(|object| object.already) {
                "This run is closed."
            } else {
                "Kept. This run is closed."
            };
            column.words(kept, Role::Strong, 2, room);
            column.blank();
            objects(made, column);
        }
        Stage::Refused(words) => column.words(words, Role::Fault, 2, room),
    }
}

fn failed(run: &Running, failure: &Failure, room: usize, column: &mut Column) {
    column.words(&failure.halt(), Role::Failed, 2, room);
    // The line of the operation has said it where it knows no more than this.
    let lines = &run.progress.lines;
    if !lines.iter().any(|line| line.words == failure.words) {
        column.words(&failure.words, Role::Fault, 2, room);
    }
    for words in [&failure.reason, &failure.left] {
        if !words.is_empty() {
            column.words(words, Role::Text, 2, room);
        }
    }
}

fn done(run: &Running, made: &[MadeObject], room: usize, column: &mut Column) {
    column.words("Done.", Role::Good, 2, room);
    column.words(&run.plan.sentence(), Role::Text, 2, room);
    column.blank();
    objects(made, column);
}

fn objects(made: &[MadeObject], column: &mut Column) {
    let widest = made.iter().map(|object| text::width(&object.id)).max();
    let widest = widest.unwrap_or(0);
    for object in made {
        let already = if object.already {
            "  was there already"
        } else {
            ""
        };
        column.push(
            Line::of(format!("  {:<14} ", object.title), Role::Dim)
                .and(format!("{:<widest$}", object.id), Role::Strong)
                .and(format!("  {}", object.subject), Role::Text)
                .and(already, Role::Dim),
        );
    }
}

/// The ways on, each with what it does.
fn offers(view: &View<'_>, run: &Running, column: &mut Column) {
    let offers = run.offers();
    let labels = offers.iter().map(|offer| text::width(run.label(*offer)));
    let Some(widest) = labels.max() else {
        return;
    };
    column.blank();
    for (at, offer) in offers.into_iter().enumerate() {
        let is_here = at == run.at;
        let first = column.lines.len();
        column.push(
            Line::of("  ", Role::Text)
                .marked(is_here, view.theme)
                .and(format!(" {:<widest$}  ", run.label(offer)), Role::Text)
                .and(run.effect(offer), Role::Dim),
        );
        if is_here {
            column.focus_from(first);
        }
    }
}
