//! The review: the sentence, the operations with their marks, what stands against them, the name to type.

use ratatui::layout::Rect;

use super::View;
use super::lines::{Column, Line};
use crate::distribution::operation::Mark;
use crate::distribution::plan::{OpNumber, Plan};
use crate::tui::keymap::{Action, Scope};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::wizard::review::{Group, Row};

/// Cells of the names of operations.
const SUBJECT: usize = 30;
/// Longer lines are hard to read.
const READABLE: usize = 100;

pub fn lines(view: &View<'_>, area: Rect) -> Column {
    let room = usize::from(area.width);
    let review = &view.wizard.review;
    let mut column = Column::default();
    match &review.plan {
        Some(plan) => {
            column.words(&plan.sentence(), Role::Strong, 2, room.min(READABLE));
            column.blank();
            let subject = plan
                .numbered()
                .map(|(_, operation)| text::width(&operation.subject()))
                .max()
                .unwrap_or(0)
                .min(SUBJECT);
            for (number, _) in plan.numbered() {
                row(view, Row::Operation(number), &mut column, |is_here| {
                    operation(view, plan, number, (subject, room)).selected(is_here)
                });
            }
        }
        None => column.words(
            "There is no plan yet. What stops it is named below; Enter goes to its field.",
            Role::Strong,
            2,
            room,
        ),
    }
    if view.wizard.is_asking() {
        column.blank();
        let words = format!(
            "Reading what the plan relies on{}",
            view.theme.marks.ellipsis
        );
        column.words(&words, Role::Busy, 2, room);
    }
    for group in Group::ALL {
        findings(view, group, room, &mut column);
    }
    column
}

/// Draws a row and keeps it in sight where the cursor is on it.
fn row(view: &View<'_>, row: Row, column: &mut Column, line: impl FnOnce(bool) -> Line) {
    let is_here = view.wizard.review.row() == Some(row);
    let first = column.lines.len();
    column.push(line(is_here));
    if is_here {
        column.focus_from(first);
    }
}

fn operation(
    view: &View<'_>,
    plan: &Plan,
    number: OpNumber,
    (widest, room): (usize, usize),
) -> Line {
    let Some(operation) = plan.operation(number) else {
        return Line::default();
    };
    let ellipsis = view.theme.marks.ellipsis;
    let subject = operation.subject();
    let subject = text::cut(&subject, widest, ellipsis);
    let gap = " ".repeat(widest.saturating_sub(text::width(&subject)) + 2);
    let role = match operation.mark() {
        Mark::Already => Role::Dim,
        Mark::Create | Mark::Call | Mark::Wait => Role::Text,
    };
    let line = Line::of(
        format!(
            " {:>2} {} {:<14} {subject}{gap}{}",
            number.0,
            operation.mark().symbol(),
            operation.title(),
            operation.detail()
        ),
        role,
    );
    match operation.mark() {
        Mark::Already => line,
        // What it needs stands in its details too; half of it would be no help here.
        _ => line.ending(&format!("needs: {} ", operation.right()), Role::Dim, room),
    }
}

fn findings(view: &View<'_>, group: Group, room: usize, column: &mut Column) {
    let review = &view.wizard.review;
    let found = review.findings(group);
    if found.is_empty() {
        return;
    }
    column.blank();
    let role = match group {
        Group::Stops | Group::Refused => Role::Failed,
        Group::Confirm => Role::Attention,
        Group::Notes => Role::Strong,
    };
    column.push(Line::of(format!("  {}", group.title()), role));
    for (at, finding) in found.iter().enumerate() {
        let tick = match group {
            Group::Confirm if review.is_ticked(finding) => "[x]",
            Group::Confirm => "[ ]",
            Group::Stops | Group::Refused => view.theme.marks.failed,
            Group::Notes => "   ",
        };
        let is_here = review.row() == Some(Row::Finding(group, at));
        let first = column.lines.len();
        let lead = format!("  {tick} ");
        let width = text::width(&lead);
        for (place, words) in text::wrap(&finding.text(), room.saturating_sub(width + 1))
            .into_iter()
            .enumerate()
        {
            let lead = if place == 0 {
                lead.clone()
            } else {
                " ".repeat(width)
            };
            column.push(Line::of(format!("{lead}{words}"), Role::Text).selected(is_here));
        }
        if is_here {
            column.focus_from(first);
        }
    }
}

/// How it is run: by its own key, or by typing the collection's name. It stays on screen whatever is scrolled.
pub fn ending(view: &View<'_>, room: usize) -> Line {
    let review = &view.wizard.review;
    if !view.wizard.setting.access.may_write() {
        let key = view.key(Scope::Review, Action::SavePlan);
        let words = format!("Nothing may be changed here; {key} saves the plan for somebody else.");
        let words = text::cut(&words, room.saturating_sub(3), view.theme.marks.ellipsis);
        return Line::of(format!("  {words}"), Role::Strong);
    }
    if review.demand.typed_name.is_some() {
        let input = &review.name;
        let is_here = review.is_on_name();
        let mark = if is_here {
            view.theme.marks.selected
        } else {
            " "
        };
        let label = Line::of(
            format!(" {mark}Type the collection's name to run:  "),
            Role::Strong,
        );
        let before: String = input.value().chars().take(input.cursor()).collect();
        let caret = label.width() + text::width(&before);
        let mut line = label.and(input.value(), Role::Input);
        line.caret = is_here.then_some(caret);
        return line;
    }
    let key = view.key(Scope::Review, Action::Run);
    let words = match review.wanted() {
        None if view.wizard.is_worth_keeping() => {
            format!("{key} runs this plan, once the run before it is settled.")
        }
        None => format!("{key} runs this plan. Nothing was sent yet."),
        Some(_) => "Nothing runs before what is named above is put right or ticked.".to_owned(),
    };
    let words = text::cut(&words, room.saturating_sub(3), view.theme.marks.ellipsis);
    Line::of(format!("  {words}"), Role::Strong)
}
