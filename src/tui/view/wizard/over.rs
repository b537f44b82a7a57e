//! What lies over a page: the long help, a question, exact properties, the equal command.

use ratatui::layout::Rect;

use super::View;
use super::lines::{Column, Line};
use crate::distribution::field::FieldId;
use crate::distribution::plan::{OpNumber, Plan};
use crate::tui::theme::Role;
use crate::tui::wizard::popup::{EARLIER, GOING_ON, LEAVING};
use crate::tui::wizard::{Popup, Running};

pub fn lines(view: &View<'_>, popup: &Popup, area: Rect) -> Column {
    let room = usize::from(area.width);
    let mut column = Column::default();
    match popup {
        Popup::Explain { field, scroll } => {
            explain(*field, room, &mut column);
            scroll_to(*scroll, area, &mut column);
        }
        Popup::Leaving { at } => {
            question(view, "Leave the wizard?", &LEAVING, *at, &mut column);
        }
        Popup::GoOn { at, .. } => {
            if let Some(asked) = view.wizard.run.as_ref().and_then(Running::going_on) {
                column.words(&asked, Role::Text, 2, room);
                column.blank();
            }
            question(view, "Go on without the rest?", &GOING_ON, *at, &mut column);
        }
        Popup::Earlier { at } => {
            question(
                view,
                "The run before this one still waits for your decision",
                &EARLIER,
                *at,
                &mut column,
            );
        }
        Popup::Operation { number, scroll } => {
            if let Some(plan) = view.wizard.shown_plan() {
                operation(plan, *number, room, &mut column);
            }
            scroll_to(*scroll, area, &mut column);
        }
        Popup::Command { text, scroll } => {
            column.push(Line::of("  The same as a command line", Role::Strong));
            column.blank();
            column.words(
                "Save the plan first; apply asks no questions, but checks the facts again.",
                Role::Text,
                2,
                room,
            );
            column.blank();
            column.words(text, Role::Input, 2, room);
            scroll_to(*scroll, area, &mut column);
        }
        Popup::SaveAs { path } => {
            column.push(Line::of("  Save the plan", Role::Strong));
            column.blank();
            column.words(
                "Somebody else can carry it out with consign apply, which shows it first.",
                Role::Text,
                2,
                room,
            );
            column.blank();
            let before: String = path.value().chars().take(path.cursor()).collect();
            let mut line = Line::of("  File  ", Role::Strong);
            line.caret = Some(line.width() + crate::tui::text::width(&before));
            column.push(line.and(path.value(), Role::Input));
        }
    }
    column
}

/// Scrolling stops at the last line.
fn scroll_to(scroll: usize, area: Rect, column: &mut Column) {
    let height = usize::from(area.height);
    let last = column.lines.len().saturating_sub(1);
    let at = (scroll + height.saturating_sub(1)).min(last);
    column.focus = (scroll > 0).then_some((at, at));
}

fn question(view: &View<'_>, title: &str, answers: &[&str], at: usize, column: &mut Column) {
    column.push(Line::of(format!("  {title}"), Role::Strong));
    column.blank();
    for (place, answer) in answers.iter().enumerate() {
        let line = Line::of("  ", Role::Text).marked(place == at, view.theme);
        column.push(line.and(format!(" {answer} "), Role::Text));
    }
}

fn explain(id: FieldId, room: usize, column: &mut Column) {
    let field = id.field();
    column.push(Line::of(format!("  {}", field.label), Role::Strong));
    column.blank();
    column.words(field.long_help(), Role::Text, 2, room);
    column.blank();
    column.words(
        &format!("In a file: {}", field.id.path()),
        Role::Dim,
        2,
        room,
    );
    column.words(&format!("Sets: {}", field.sets), Role::Dim, 2, room);
}

/// Exactly what an operation writes, under the class's own names.
fn operation(plan: &Plan, number: OpNumber, room: usize, column: &mut Column) {
    let Some(line) = plan.line(number) else {
        return;
    };
    let operation = &line.operation;
    column.push(Line::of(
        format!("  {number} {} {}", operation.title(), operation.subject()),
        Role::Strong,
    ));
    column.blank();
    let request = operation.request();
    let request = if request.is_empty() {
        "nothing is sent".to_owned()
    } else {
        request
    };
    column.words(&format!("Request: {request}"), Role::Text, 2, room);
    column.words(
        &format!("Needs the right to {}", operation.right()),
        Role::Text,
        2,
        room,
    );
    if !line.needs.is_empty() {
        let needs: Vec<String> = line.needs.iter().map(ToString::to_string).collect();
        column.words(&format!("After: {}", needs.join(", ")), Role::Text, 2, room);
    }
    column.blank();
    for written in operation.written() {
        let words = format!("{} = {}", written.property, written.value);
        column.words(&words, Role::Text, 2, room);
    }
}
