//! The plan for others: as a file, as a command line, as text.

use std::fmt::Write;

use super::{Page, Wizard};
use crate::distribution::Finding;
use crate::distribution::plan::{OpNumber, Plan};
use crate::tui::app::{Desk, Notice};
use crate::tui::event::Effect;

impl Wizard {
    /// `7-zip-24-08.plan.json`, after what goes out.
    pub(super) fn plan_file(&self) -> String {
        let title = self
            .review
            .plan
            .as_ref()
            .and_then(|plan| plan.numbered().next())
            .map_or_else(String::new, |(_, operation)| operation.subject());
        let mut name = String::new();
        for c in title.to_lowercase().chars() {
            if c.is_ascii_alphanumeric() {
                name.push(c);
            } else if !name.is_empty() && !name.ends_with('-') {
                name.push('-');
            }
        }
        let name = name.trim_end_matches('-');
        let name = if name.is_empty() { "plan" } else { name };
        format!("{name}.plan.json")
    }

    pub(super) fn write_plan(&mut self, path: &str, desk: &mut Desk) {
        let Some(plan) = &self.review.plan else {
            return;
        };
        if path.is_empty() {
            return desk.tell(Notice::tell("the plan was not saved: no file was named"));
        }
        match plan.to_json() {
            Ok(text) => desk.order(Effect::Write(path.into(), text)),
            Err(error) => desk.tell(Notice::fault(error.to_string())),
        }
    }

    /// The same as a command line: the saved plan, applied.
    pub(super) fn equal_command(&self) -> String {
        let file = self.plan_file();
        let mut command = format!(
            "consign --site {} apply {file} --yes",
            quoted(&self.setting.site)
        );
        if let Some(name) = &self.review.demand.typed_name {
            command.push_str(" --confirm-collection ");
            command.push_str(&quoted(name));
        }
        command
    }

    /// The plan of the shown page: the one that runs, else the one under review.
    pub fn shown_plan(&self) -> Option<&Plan> {
        match (self.page, &self.run) {
            (Page::Run, Some(run)) => Some(&run.plan),
            _ => self.review.plan.as_ref(),
        }
    }

    /// Exactly what an operation writes, a line a property.
    pub(super) fn operation_as_text(&self, number: OpNumber) -> String {
        let Some(line) = self.shown_plan().and_then(|plan| plan.line(number)) else {
            return String::new();
        };
        let operation = &line.operation;
        let mut text = format!("{}\n{}", operation.about(), operation.request());
        for written in operation.written() {
            // Writing to a String cannot fail.
            let _ = write!(text, "\n{} = {}", written.property, written.value);
        }
        text
    }

    pub(super) fn review_as_text(&self) -> String {
        if let Some(plan) = &self.review.plan {
            return plan.sentence();
        }
        let stops = self.review.demand.stops.iter();
        stops.map(Finding::text).collect::<Vec<_>>().join("\n")
    }
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
