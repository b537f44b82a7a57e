//! What lies over a page of the wizard: the long help, a question, exact properties, the equal command.

use tui_input::{Input, InputRequest};

use super::{Outcome, Wizard, line};
use crate::distribution::field::FieldId;
use crate::distribution::plan::OpNumber;
use crate::tui::app::{Desk, Notice};
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, Scope};

/// One thing over the page.
#[derive(Debug, Clone)]
pub enum Popup {
    /// The long help of a field.
    Explain { field: FieldId, scroll: usize },
    /// What to do with the draft; the answer the cursor is on.
    Leaving { at: usize },
    /// Exactly what an operation writes.
    Operation { number: OpNumber, scroll: usize },
    /// The same as a command line.
    Command { text: String, scroll: usize },
    /// Where the plan is written.
    SaveAs { path: Input },
    /// Going on without what an operation left undone.
    GoOn { number: OpNumber, at: usize },
    /// What becomes of a run that is not decided about, before another plan runs.
    Earlier { at: usize },
}

/// What can be done with a draft on leaving, the harmless one first.
pub const LEAVING: [&str; 3] = ["Leave (the draft is kept)", "Stay", "Discard the draft"];

/// Whether to go on without the rest of an operation.
pub const GOING_ON: [&str; 2] = ["Back", "Go on without the rest"];

/// What to do about an earlier run that is still open.
pub const EARLIER: [&str; 3] = [
    "Back",
    "Roll back what it made first",
    "Keep what it made, and run this plan",
];

impl Popup {
    pub fn explain(field: FieldId) -> Self {
        Self::Explain { field, scroll: 0 }
    }

    pub fn scope(&self) -> Scope {
        match self {
            Self::Leaving { .. } | Self::GoOn { .. } | Self::Earlier { .. } => Scope::Question,
            Self::SaveAs { .. } => Scope::Text,
            Self::Explain { .. } | Self::Operation { .. } | Self::Command { .. } => Scope::Popup,
        }
    }

    pub(super) fn allows(&self, action: Action) -> Result<(), String> {
        if action == Action::Copy && self.scope() != Scope::Popup {
            return Err("there is nothing to copy here".to_owned());
        }
        Ok(())
    }

    pub fn takes_text(&self) -> bool {
        matches!(self, Self::SaveAs { .. })
    }

    pub(super) fn edit(&mut self, request: InputRequest) {
        if let Self::SaveAs { path } = self {
            path.handle(request);
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        if let Self::SaveAs { path } = self {
            // What became of the line feeds is plain to see in so short a line.
            let _ = line::paste(path, text);
        }
    }

    /// The question's answer under the cursor, and how many there are.
    fn answer_mut(&mut self) -> Option<(&mut usize, usize)> {
        match self {
            Self::Leaving { at } => Some((at, LEAVING.len())),
            Self::GoOn { at, .. } => Some((at, GOING_ON.len())),
            Self::Earlier { at } => Some((at, EARLIER.len())),
            _ => None,
        }
    }

    fn scroll_mut(&mut self) -> Option<&mut usize> {
        match self {
            Self::Explain { scroll, .. }
            | Self::Operation { scroll, .. }
            | Self::Command { scroll, .. } => Some(scroll),
            _ => None,
        }
    }

    fn turn(&mut self, forward: bool) {
        if let Some((at, count)) = self.answer_mut() {
            *at = (*at + if forward { 1 } else { count - 1 }) % count;
        } else if let Some(scroll) = self.scroll_mut() {
            *scroll = if forward {
                *scroll + 1
            } else {
                scroll.saturating_sub(1)
            };
        }
    }
}

impl Wizard {
    pub(super) fn act_on_popup(&mut self, action: Action, desk: &mut Desk) -> Outcome {
        let Some(popup) = &mut self.popup else {
            return Outcome::Stay;
        };
        match action {
            Action::Close | Action::Leave => self.popup = None,
            Action::Down | Action::NextField => popup.turn(true),
            Action::Up | Action::PreviousField => popup.turn(false),
            Action::Accept | Action::Open => return self.answer_popup(desk),
            Action::Copy => self.copy_popup(desk),
            other => {
                if let Some(request) = other.edit() {
                    popup.edit(request);
                }
            }
        }
        Outcome::Stay
    }

    /// What a popup shows, as text.
    fn copy_popup(&self, desk: &mut Desk) {
        let text = match &self.popup {
            Some(Popup::Command { text, .. }) => text.clone(),
            Some(Popup::Explain { field, .. }) => {
                format!("{} ({field})", field.field().long_help())
            }
            Some(Popup::Operation { number, .. }) => self.operation_as_text(*number),
            _ => return,
        };
        desk.order(Effect::Copy(text));
        desk.tell(Notice::done("copied, if the terminal allows it"));
    }

    fn answer_popup(&mut self, desk: &mut Desk) -> Outcome {
        match self.popup.take() {
            Some(Popup::Leaving { at: 0 }) => return Outcome::Leave,
            Some(Popup::Leaving { at: 2 }) => {
                self.take_off_disk(desk);
                return Outcome::Leave;
            }
            Some(Popup::SaveAs { path }) => self.write_plan(path.value().trim(), desk),
            Some(Popup::GoOn { number, at: 1 }) => self.go_on_without(number, desk),
            Some(Popup::Earlier { at: 1 }) => self.roll_back_earlier(desk),
            Some(Popup::Earlier { at: 2 }) => self.keep_earlier(desk),
            _ => {}
        }
        Outcome::Stay
    }
}
