//! What an answer may be, and how each kind of answer becomes one: a text, a number, a switch, a moment or a list.

use serde::{Deserialize, Serialize};

use super::when::When;

/// One answer, whatever its field.
///
/// A choice is the [`Text`](Value::Text) of its word in a distribution file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    Text(String),
    Number(u32),
    Flag(bool),
    Moment(When),
    List(Vec<String>),
}

impl Value {
    /// The answer as a person would type it; a list has one entry a line.
    pub fn to_text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Flag(true) => "yes".into(),
            Self::Flag(false) => "no".into(),
            Self::Moment(when) => when.to_string(),
            Self::List(entries) => entries.join("\n"),
        }
    }

    /// Nothing was said: an empty text or a list without entries.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::List(entries) => entries.iter().all(|entry| entry.trim().is_empty()),
            Self::Number(_) | Self::Flag(_) | Self::Moment(_) => false,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

/// A Rust type that an answer is kept as.
pub trait Answer: Sized {
    /// The answer, whatever its field.
    fn to_value(&self) -> Value;
    /// The answer as this type; `None` when it is of another kind or not one of the words.
    fn from_value(value: &Value) -> Option<Self>;
}

impl Answer for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl Answer for u32 {
    fn to_value(&self) -> Value {
        Value::Number(*self)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }
}

impl Answer for bool {
    fn to_value(&self) -> Value {
        Value::Flag(*self)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        }
    }
}

impl Answer for When {
    fn to_value(&self) -> Value {
        Value::Moment(*self)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Moment(when) => Some(*when),
            _ => None,
        }
    }
}

impl Answer for Vec<String> {
    fn to_value(&self) -> Value {
        Value::List(self.clone())
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::List(entries) => Some(entries.clone()),
            _ => None,
        }
    }
}

/// How long a program may take at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunTime {
    /// Nobody knows: clients allow 720 minutes (`SMS_Program.Duration` 0).
    Unknown,
    Minutes(u32),
}

impl RunTime {
    /// The word for a run time nobody knows.
    pub const UNKNOWN: &'static str = "unknown";

    /// Minutes a client allows at most.
    pub fn allowed(self) -> u32 {
        match self {
            Self::Unknown => 720,
            Self::Minutes(minutes) => minutes,
        }
    }
}

impl Answer for RunTime {
    fn to_value(&self) -> Value {
        match self {
            Self::Unknown => Value::Text(Self::UNKNOWN.into()),
            Self::Minutes(minutes) => Value::Number(*minutes),
        }
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Number(minutes) => Some(Self::Minutes(*minutes)),
            Value::Text(text) if text == Self::UNKNOWN => Some(Self::Unknown),
            _ => None,
        }
    }
}
