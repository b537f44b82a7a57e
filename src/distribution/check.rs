//! The rules of the wizard: pure functions of a draft and the facts, one a rule, with the codes of the book.
//!
//! Every rule is total over the four states of a fact: one that is not known keeps the rule silent. Where silence
//! would be dangerous (nobody could count the devices) the [`guard`](super::guard) speaks; it also holds every rule
//! that depends on a limit of the site.

mod advertisement;
mod case;
mod collection;
mod content;
mod cross;
#[cfg(test)]
mod index;
mod package;
mod program;
mod requirements;
#[cfg(test)]
pub(crate) mod trial;

use std::borrow::Cow;
use std::fmt;

use jiff::Zoned;
use serde::{Deserialize, Serialize};

pub use case::{Case, Found, Running, needs_minutes};
pub use collection::difference;

use super::draft::{Draft, Value};
use super::facts::Facts;
use super::field::FieldId;

/// One rule: at most one finding, however many things it is about.
type Rule = fn(&Case<'_>) -> Option<Finding>;

/// Everything the rules find, what stops first; among equals in the order of the steps.
pub fn check(draft: &Draft, facts: &Facts, now: &Zoned) -> Vec<Finding> {
    let case = Case::new(draft, facts, now);
    let rules = [
        package::RULES,
        program::RULES,
        requirements::RULES,
        collection::RULES,
        content::RULES,
        advertisement::RULES,
        cross::RULES,
    ];
    let mut findings: Vec<Finding> = rules
        .into_iter()
        .flatten()
        .filter_map(|rule| rule(&case))
        .collect();
    findings.sort_by_key(|finding| finding.weight);
    findings
}

/// Stops when a text is longer than the site keeps.
fn too_long(case: &Case<'_>, id: FieldId, code: &'static str) -> Option<Finding> {
    let limit = id.field().control.limit()?;
    // The site's columns count UTF-16 units.
    let length = case.text(id).encode_utf16().count();
    (case.shows(id) && length > limit).then(|| {
        Finding::stops(
            code,
            format!("At most {limit} characters (this has {length})."),
        )
        .at(id)
    })
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Must be put right.
    Stops,
    /// Must be acknowledged, one by one.
    Confirm,
    /// Worth knowing.
    Note,
}

/// Something that stands against a draft, or that should be known before it is carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The code of the rule, for example `PKG-E05`.
    pub code: Cow<'static, str>,
    pub weight: Weight,
    /// The field it is about, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<FieldId>,
    /// What is wrong, as one sentence.
    pub what: String,
    /// Why it matters; empty when the sentence says it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// What can be done at once, where one way out is obvious.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

impl Finding {
    pub fn new(code: &'static str, weight: Weight, what: impl Into<String>) -> Self {
        Self {
            code: Cow::Borrowed(code),
            weight,
            field: None,
            what: what.into(),
            why: String::new(),
            fix: None,
        }
    }

    pub fn stops(code: &'static str, what: impl Into<String>) -> Self {
        Self::new(code, Weight::Stops, what)
    }

    pub fn confirm(code: &'static str, what: impl Into<String>) -> Self {
        Self::new(code, Weight::Confirm, what)
    }

    pub fn note(code: &'static str, what: impl Into<String>) -> Self {
        Self::new(code, Weight::Note, what)
    }

    /// The field it is about.
    #[must_use]
    pub fn at(mut self, field: FieldId) -> Self {
        self.field = Some(field);
        self
    }

    /// Why it matters.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    /// The button that puts it right by answering fields.
    #[must_use]
    pub fn set(self, label: &str, answers: impl IntoIterator<Item = (FieldId, Value)>) -> Self {
        self.fix(label, Remedy::Set(answers.into_iter().collect()))
    }

    /// The button that puts it right.
    #[must_use]
    pub fn fix(mut self, label: &str, remedy: Remedy) -> Self {
        self.fix = Some(Fix {
            label: label.into(),
            remedy,
        });
        self
    }

    /// What is wrong and why it matters, as one text.
    pub fn text(&self) -> String {
        if self.why.is_empty() {
            self.what.clone()
        } else {
            format!("{} {}", self.what, self.why)
        }
    }

    /// What an acknowledgement holds on to. When the words change (two servers became five), it does not count.
    pub fn key(&self) -> String {
        format!("{} {}", self.code, self.what)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.text())
    }
}

/// One obvious way out of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// The words on the button.
    pub label: String,
    pub remedy: Remedy,
}

/// What a fix does. Only [`Remedy::Set`] changes the draft; none changes the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// Answers fields.
    Set(Vec<(FieldId, Value)>),
    /// Asks the site to evaluate this collection now (by id).
    Evaluate(String),
    /// Opens this advertisement instead (by id).
    EditAdvertisement(String),
    /// Opens a plan that switches this program on (`LAB00012/Install`).
    EnableProgram(String),
}

#[cfg(test)]
mod tests {
    use super::trial::{Known, MAKING, USING, found};
    use super::*;

    #[test]
    fn nothing_stops_a_draft_in_good_order() {
        for base in [USING, MAKING] {
            let findings = found(base, "", &Known::usual());
            let stops: Vec<&Finding> = findings
                .iter()
                .filter(|finding| finding.weight != Weight::Note)
                .collect();
            assert!(stops.is_empty(), "{stops:?}");
        }
    }

    #[test]
    fn an_empty_draft_is_told_what_it_needs() {
        let findings = check(&Draft::default(), &Facts::default(), &trial::now());
        let codes: Vec<&str> = findings
            .iter()
            .filter(|finding| finding.weight == Weight::Stops)
            .map(|finding| finding.code.as_ref())
            .collect();
        assert_eq!(codes, ["PKG-E05", "PRG-E07", "COL-E02"]);
    }

    #[test]
    fn a_finding_of_other_words_is_not_the_one_that_was_ticked() {
        let two = Finding::confirm("SAF-W04", "2 servers are among the devices.");
        let five = Finding::confirm("SAF-W04", "5 servers are among the devices.");
        assert_ne!(two.key(), five.key());
    }
}
