//! What lies over the place: a stack whose top takes the keys.

use tui_input::Input;

use crate::client::RunAsk;
use crate::distribution::Draft;
use crate::distribution::journal::FoundRun;
use crate::tui::keymap::Scope;
use crate::tui::sites::KnownSite;

use super::page::Page;

/// One thing over the place.
#[derive(Debug, Clone)]
pub enum Layer {
    /// All keys that work in a scope.
    Help {
        scope: Scope,
        scroll: usize,
    },
    /// Words to read: how to connect a site.
    Notes {
        title: &'static str,
        page: Page,
        scroll: usize,
    },
    Question(Question),
    /// The sites there are, once they are looked up, and the one the cursor is on.
    Sites {
        sites: Option<Vec<KnownSite>>,
        at: usize,
    },
    /// What an empty site is, and the ways on.
    Greeting,
    /// The filter line of the list below, and the filter there was before.
    Filter {
        input: Input,
        before: String,
    },
    Command {
        input: Input,
    },
    /// The wizard over the whole screen; the app holds it, because a run goes on behind other panes.
    Wizard,
}

impl Layer {
    pub fn filter(before: &str) -> Self {
        Self::Filter {
            input: Input::new(before.to_owned()),
            before: before.to_owned(),
        }
    }

    pub fn command(text: &str) -> Self {
        Self::Command {
            input: Input::new(text.to_owned()),
        }
    }
}

/// A question with named answers. It stores what it was asked about and acts on that, whatever is selected by then.
#[derive(Debug, Clone)]
pub struct Question {
    pub title: String,
    pub words: Vec<String>,
    pub answers: Vec<Choice>,
    /// The answer the cursor is on: the one that loses nothing comes first.
    pub at: usize,
}

/// One answer: its words and what it does.
#[derive(Debug, Clone)]
pub struct Choice {
    pub label: &'static str,
    pub does: Deed,
}

/// What an answer does.
#[derive(Debug, Clone)]
pub enum Deed {
    /// Nothing at all.
    Nothing,
    Quit,
    /// Back into the wizard with a draft found at the start.
    ContinueDraft(Box<Draft>),
    DiscardDraft,
    /// Into the wizard anew; the draft that was kept is given up.
    BeginAnother,
    /// Goes on with a run that was cut, takes it back, or keeps what it made.
    TakeUp(Box<FoundRun>, RunAsk),
}

impl Question {
    pub fn new(
        title: impl Into<String>,
        words: Vec<String>,
        answers: Vec<(&'static str, Deed)>,
    ) -> Self {
        Self {
            title: title.into(),
            words,
            answers: answers
                .into_iter()
                .map(|(label, does)| Choice { label, does })
                .collect(),
            at: 0,
        }
    }

    /// To the next answer, or the one before, round and round.
    pub fn turn(&mut self, forward: bool) {
        let count = self.answers.len().max(1);
        self.at = (self.at + if forward { 1 } else { count - 1 }) % count;
    }

    pub fn choice(&self) -> Option<&Choice> {
        self.answers.get(self.at)
    }
}
