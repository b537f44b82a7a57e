//! What a text that cannot be read is told: of several ways it could have gone on, the one that got furthest.

use winnow::error::{AddContext, ErrMode, ParserError};
use winnow::stream::{Location, Stream};

use super::{Input, Parsed};
use crate::site::collections::wql::Fault;

/// The fault that lies furthest into the text, and what would have been right there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Furthest {
    at: usize,
    expected: Vec<&'static str>,
    /// A whole sentence that beats the list of what was expected.
    verdict: Option<&'static str>,
}

impl Furthest {
    pub(super) fn fault(self, text: &str) -> Fault {
        let message = match (self.verdict, self.expected.is_empty()) {
            (Some(verdict), _) => verdict.to_owned(),
            (None, true) => "this cannot be understood".to_owned(),
            (None, false) => format!("expected {}", self.expected.join(", or ")),
        };
        let found = text.get(self.at..).unwrap_or_default().trim_start();
        let at = text.len() - found.len();
        let word: String = found
            .chars()
            .take_while(|c| !c.is_whitespace())
            .take(20)
            .collect();
        match (self.verdict.is_some(), word.is_empty()) {
            (true, _) => Fault::new(at, message),
            (false, true) => Fault::new(at, format!("{message}, but the query ends here")),
            (false, false) => Fault::new(at, format!("{message}, found `{word}`")),
        }
    }
}

impl<'a> ParserError<Input<'a>> for Furthest {
    type Inner = Self;

    fn from_input(input: &Input<'a>) -> Self {
        Self {
            at: input.current_token_start(),
            expected: Vec::new(),
            verdict: None,
        }
    }

    fn into_inner(self) -> Result<Self::Inner, Self> {
        Ok(self)
    }

    fn or(mut self, other: Self) -> Self {
        match self.at.cmp(&other.at) {
            std::cmp::Ordering::Less => other,
            std::cmp::Ordering::Greater => self,
            std::cmp::Ordering::Equal => {
                for word in other.expected {
                    if !self.expected.contains(&word) {
                        self.expected.push(word);
                    }
                }
                self.verdict = self.verdict.or(other.verdict);
                self
            }
        }
    }
}

impl<'a> AddContext<Input<'a>, &'static str> for Furthest {
    /// A name for the whole is right only when not even its beginning was there.
    fn add_context(
        mut self,
        input: &Input<'a>,
        start: &<Input<'a> as Stream>::Checkpoint,
        context: &'static str,
    ) -> Self {
        let mut begin = *input;
        begin.reset(start);
        if self.at == begin.current_token_start() && self.verdict.is_none() {
            self.expected = vec![context];
        }
        self
    }
}

pub(super) fn verdict<O>(input: &Input<'_>, sentence: &'static str) -> Parsed<O> {
    let mut fault = Furthest::from_input(input);
    fault.verdict = Some(sentence);
    Err(ErrMode::Cut(fault))
}
