//! From what is typed to an answer, by the kind of the field.

use jiff::civil::DateTime;
use jiff::{Zoned, tz::TimeZone};
use thiserror::Error;

use super::value::{RunTime, Value};
use super::when::{UsualHour, When};
use super::{Choice, Draft};
use crate::distribution::field::{Control, FieldId};

/// An answer that cannot be taken at all, as opposed to one that is taken and then found fault with.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text}")]
pub struct Misfit {
    pub field: FieldId,
    /// The rule's code where the book has one for this.
    pub code: Option<&'static str>,
    pub text: String,
}

impl Misfit {
    fn new(field: FieldId, text: String) -> Self {
        Self {
            field,
            code: None,
            text,
        }
    }

    /// The value is of another kind than the field.
    pub(super) fn kind(field: FieldId, value: Option<&Value>) -> Self {
        let said = value.map_or_else(String::new, Value::to_text);
        Self::new(field, wanted(field.field().control, &said))
    }
}

/// What a control takes, said to somebody who gave it something else.
pub(super) fn wanted(control: Control, said: &str) -> String {
    match control {
        Control::Number { .. } if said.starts_with('-') => {
            format!("'{said}' is below 0; write a whole number, 0 or more")
        }
        Control::Number { .. } => format!("'{said}' is not a whole number"),
        Control::RunTime => {
            format!("'{said}' is not a number of minutes; write a whole number, or unknown")
        }
        Control::Switch => format!("'{said}' is neither yes nor no"),
        Control::Choice(choices) | Control::Several(choices) => {
            format!("'{said}' is not one of {}", words(choices))
        }
        Control::Moment { .. } => format!("'{said}' is not a time"),
        Control::List | Control::PickMany(_) => "a list of names is wanted here".into(),
        Control::Text { .. } | Control::Path { .. } | Control::Query | Control::Pick(_) => {
            "a text is wanted here".into()
        }
    }
}

fn words(choices: &[Choice]) -> String {
    choices
        .iter()
        .map(|choice| choice.word)
        .collect::<Vec<_>>()
        .join(", ")
}

impl Draft {
    /// Takes what was typed for a field; an empty text takes the answer back where the field has no use for one.
    ///
    /// A list has one entry a line. Words of time are turned into digits as the clock of the draft shows `now`.
    pub fn set(&mut self, id: FieldId, text: &str, now: &Zoned) -> Result<(), Misfit> {
        let value = self.read(id, text, now)?;
        self.put(id, value.as_ref())
    }

    /// What was typed, as an answer for that field.
    pub fn read(&self, id: FieldId, text: &str, now: &Zoned) -> Result<Option<Value>, Misfit> {
        let misfit = || Misfit::new(id, wanted(id.field().control, text.trim()));
        let said = text.trim();
        let control = id.field().control;
        if said.is_empty() && !control.is_text() {
            return Ok(None);
        }
        let value = match control {
            Control::Text { .. } | Control::Path { .. } | Control::Query | Control::Pick(_) => {
                Value::Text(text.into())
            }
            Control::Number { .. } => Value::Number(said.parse().map_err(|_| misfit())?),
            Control::RunTime if said.eq_ignore_ascii_case(RunTime::UNKNOWN) => {
                RunTime::UNKNOWN.into()
            }
            Control::RunTime => Value::Number(said.parse().map_err(|_| Misfit {
                code: Some("REQ-E09"),
                ..misfit()
            })?),
            Control::Switch => Value::Flag(parse_switch(said).ok_or_else(misfit)?),
            Control::Choice(choices) => Value::from(find(choices, said).ok_or_else(misfit)?),
            Control::Several(choices) => {
                let each = said
                    .split(['\n', ','])
                    .map(|word| find(choices, word).map(str::to_owned));
                Value::List(each.collect::<Option<_>>().ok_or_else(misfit)?)
            }
            Control::Moment { usual_hour } => {
                let when = When::parse(said, self.clock(now), UsualHour(usual_hour));
                Value::Moment(when.map_err(|error| Misfit {
                    code: Some("ADV-E06"),
                    ..Misfit::new(id, error.to_string())
                })?)
            }
            Control::List | Control::PickMany(_) => Value::List(lines(text)),
        };
        Ok(Some(value))
    }

    /// What the clock shows that the times of this draft are meant in: UTC, or wall clocks as here.
    pub fn clock(&self, now: &Zoned) -> DateTime {
        if self.is_on(FieldId::AdvertisementUtc) {
            now.with_time_zone(TimeZone::UTC).datetime()
        } else {
            now.datetime()
        }
    }
}

fn parse_switch(said: &str) -> Option<bool> {
    match said.to_lowercase().as_str() {
        "yes" | "y" | "true" | "on" => Some(true),
        "no" | "n" | "false" | "off" => Some(false),
        _ => None,
    }
}

/// A choice by its word or its label, whatever the case.
fn find(choices: &[Choice], said: &str) -> Option<&'static str> {
    let said = said.trim();
    choices
        .iter()
        .find(|choice| {
            choice.word.eq_ignore_ascii_case(said) || choice.label.eq_ignore_ascii_case(said)
        })
        .map(|choice| choice.word)
}

fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}
