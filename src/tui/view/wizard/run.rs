//! The run: a line an operation, bars while files are copied, the site's own words when one fails, and the result.

use ratatui::layout::Rect;

use super::View;
use super::lines::{Column, Line};
use crate::client::listing::Share;
use crate::distribution::plan::Plan;
use crate::distribution::run::{Copied, Failure, LineState, MadeObject, State};
use crate::tui::keymap::{Action, Scope};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::view::table::bar;
use crate::tui::wizard::Running;
use crate::tui::wizard::running::Stage;

/// Cells of a bar.
const BAR: usize = 20;
/// Cells of what an operation is about.
const SUBJECT: usize = 28;

pub fn lines(view: &View<'_>, area: Rect) -> Column {
    let room = usize::from(area.width);
    let mut column = Column::default();
    let Some(run) = &view.wizard.run else {
        return column;
    };
    let has_offers = !run.offers().is_empty();
    for (at, line) in run.progress.lines.iter().enumerate() {
        let is_here = !has_offers && at == run.at;
        let first = column.lines.len();
        column.push(operation(view, &run.plan, line).selected(is_here));
        if matches!(line.state, State::Failed | State::Left | State::Unknown)
            && !line.words.is_empty()
        {
            column.words(&line.words, Role::Fault, 6, room);
        }
        if is_here {
            column.focus_from(first);
        }
    }
    column.blank();
    standing(view, run, room, &mut column);
    offers(view, run, &mut column);
    column
}

fn operation(view: &View<'_>, plan: &Plan, state: &LineState) -> Line {
    let Some(operation) = plan.operation(state.number) else {
        return Line::default();
    };
    let (mark, twin) = state.state.mark();
    let is_plain = view.theme.marks == crate::tui::theme::Marks::ASCII;
    let mark = if is_plain { twin } else { mark };
    let role = match state.state {
        State::Done | State::AlreadySo => Role::Good,
        State::Running | State::Checking => Role::Busy,
        State::Failed | State::Left | State::Unknown => Role::Failed,
        State::Waiting | State::NotStarted | State::Undone => Role::Dim,
    };
    let subject = operation.subject();
    let subject = text::cut(&subject, SUBJECT, view.theme.marks.ellipsis);
    let gap = " ".repeat(SUBJECT.saturating_sub(text::width(&subject)) + 1);
    let line = Line::of(format!("  {mark} "), role).and(
        format!("{:<14} {subject}{gap}", operation.title()),
        Role::Text,
    );
    let line = match state.copied.filter(|copied| copied.total_bytes > 0) {
        Some(copied) if matches!(state.state, State::Running | State::Checking) => {
            copying(view, line, copied)
        }
        _ => {
            let id = state.id.clone().unwrap_or_default();
            let words = match state.state {
                State::Failed | State::Left | State::Unknown => state.state.to_string(),
                _ => state.words.clone(),
            };
            line.and(format!("{id:<9} {words}"), Role::Text)
        }
    };
    if state.elapsed.is_zero() {
        return line;
    }
    line.and(format!("  {:.1} s", state.elapsed.as_secs_f32()), Role::Dim)
}

fn copying(view: &View<'_>, line: Line, copied: Copied) -> Line {
    let permille = copied.done_bytes.saturating_mul(1000) / copied.total_bytes.max(1);
    let part = u32::try_from(permille.min(1000)).unwrap_or(1000);
    let share = Share { part, whole: 1000 };
    let mut drawn = bar(share, BAR, &view.theme.marks, false);
    let rest = BAR.saturating_sub(text::width(&drawn));
    drawn.push_str(&view.theme.marks.bar_rest.repeat(rest));
    line.and(drawn, Role::Bar).and(
        format!(
            " {:>3} %  {}/{} MB  {}/{} files",
            part / 10,
            copied.done_bytes / 1_000_000,
            copied.total_bytes / 1_000_000,
            copied.done_files,
            copied.total_files
        ),
        Role::Text,
    )
}

/// What this amounts to, in words.
fn standing(view: &View<'_>, run: &Running, room: usize, column: &mut Column) {
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
                "Leaving does not stop it: :run shows it again, consign resume after a cut line.",
                Role::Dim,
                2,
                room,
            );
        }
        Stage::Failed(failure) => failed(failure, room, column),
        Stage::Stopped(before) => column.words(
            &format!("Stopped before operation {before}, as asked."),
            Role::Strong,
            2,
            room,
        ),
        Stage::Done(made) => done(view, run, made, room, column),
        Stage::RolledBack(rolled_back) => {
            column.words(&rolled_back.words(), Role::Strong, 2, room);
        }
        Stage::Kept(made) => {
            column.words("Kept. This run is closed.", Role::Strong, 2, room);
            column.blank();
            objects(made, column);
        }
        Stage::Refused(words) => column.words(words, Role::Fault, 2, room),
    }
}

fn failed(failure: &Failure, room: usize, column: &mut Column) {
    column.words(
        &format!("{} did not come to its end.", failure.about),
        Role::Failed,
        2,
        room,
    );
    column.words(&failure.words, Role::Fault, 2, room);
    for words in [&failure.reason, &failure.left] {
        if !words.is_empty() {
            column.words(words, Role::Text, 2, room);
        }
    }
}

fn done(view: &View<'_>, run: &Running, made: &[MadeObject], room: usize, column: &mut Column) {
    column.words("Done.", Role::Good, 2, room);
    column.words(&run.plan.sentence(), Role::Text, 2, room);
    column.blank();
    objects(made, column);
    column.blank();
    if run.advertisement().is_some() {
        let key = view.key(Scope::Run, Action::Watch);
        let words = format!("{key} shows the new advertisement.");
        column.words(&words, Role::Strong, 2, room);
    }
}

fn objects(made: &[MadeObject], column: &mut Column) {
    for object in made {
        let already = if object.already {
            "  was there already"
        } else {
            ""
        };
        column.push(
            Line::of(format!("  {:<14} ", object.title), Role::Dim)
                .and(format!("{:<10}", object.id), Role::Strong)
                .and(format!("  {}", object.subject), Role::Text)
                .and(already, Role::Dim),
        );
    }
}

/// The ways on, each with what it does.
fn offers(view: &View<'_>, run: &Running, column: &mut Column) {
    let offers = run.offers();
    if offers.is_empty() {
        return;
    }
    column.blank();
    for (at, offer) in offers.into_iter().enumerate() {
        let is_here = at == run.at;
        let mark = if is_here {
            view.theme.marks.selected
        } else {
            " "
        };
        let first = column.lines.len();
        column.push(
            Line::of(format!("  {mark} {:<24}", run.label(offer)), Role::Text)
                .and(offer.effect(), Role::Dim)
                .selected(is_here),
        );
        if is_here {
            column.focus_from(first);
        }
    }
}
