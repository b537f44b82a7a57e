//! The wizard: a cursor over a draft. Knows neither cells nor the network.

use crate::client::{Answer, RunAsk};
use crate::distribution::Draft;
use crate::distribution::journal::FoundRun;
use crate::tui::app::{Desk, SubjectKey};
use crate::tui::event::Event;
use crate::tui::keymap::{Action, Scope};

/// The steps over a draft, its review, its run and the result.
#[derive(Debug, Clone, Default)]
pub struct Wizard {}

/// What a press in the wizard comes to, seen from outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Stay,
    /// Back to the panes. A run goes on, and `:run` shows it again.
    Leave,
    /// Back to the panes, and into the details of something that was made.
    Show(SubjectKey),
}

impl Wizard {
    /// Begins with what was selected filled in.
    pub fn begin(_with: Option<&SubjectKey>, _desk: &mut Desk) -> Self {
        Self::default()
    }

    /// Goes on with a draft that was kept.
    pub fn go_on(_draft: Draft, _desk: &mut Desk) -> Self {
        Self::default()
    }

    /// Takes up a run that was cut: continues it, rolls it back or keeps what it made.
    pub fn take_up(_found: &FoundRun, _ask: RunAsk, _desk: &mut Desk) -> Self {
        Self::default()
    }

    pub fn scope(&self) -> Scope {
        Scope::Wizard
    }

    /// Whether printable keys are text now.
    pub fn takes_text(&self) -> bool {
        false
    }

    /// Why a verb does nothing here, if it does not.
    pub fn allows(&self, _action: Action) -> Result<(), String> {
        Ok(())
    }

    /// Whether a plan is being carried out: quitting asks first.
    pub fn is_running(&self) -> bool {
        false
    }

    pub fn update(&mut self, event: &Event, _desk: &mut Desk) -> Outcome {
        match event {
            Event::Do(Action::Leave) => Outcome::Leave,
            _ => Outcome::Stay,
        }
    }

    /// Takes an answer if it is one the wizard awaits, whatever is on top of it.
    pub fn settle(&mut self, _answer: &Answer, _desk: &mut Desk) -> bool {
        false
    }
}
