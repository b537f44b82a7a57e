//! A `$filter` as a tree: built and printed here, parsed in [`parse`], turned into SQL by the embedded site.

mod parse;

use std::fmt::{self, Display, Formatter, Write};
use std::str::FromStr;

pub use parse::FilterError;

use super::write_quoted;

/// A condition on the rows of a class.
///
/// `Display` prints it as real sites read it; [`str::parse`] reads every spelling public clients use
/// (adminservice.md 3). Property names are kept as written: who answers matches them in any case.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// `Name eq 'x'`
    Compare {
        property: String,
        comparison: Comparison,
        value: Value,
    },
    /// `startswith(Name,'x')`
    Call {
        function: Function,
        property: String,
        text: String,
    },
    /// `RoleNames/any(role: role eq 'x')`: some element of a list fits; inside, the variable stands for the element.
    Any {
        property: String,
        variable: String,
        test: Box<Filter>,
    },
    /// All hold. Two or more; [`Filter::and`] keeps it so.
    And(Vec<Filter>),
    /// At least one holds. Two or more; [`Filter::or`] keeps it so.
    Or(Vec<Filter>),
    Not(Box<Filter>),
}

/// How a property is compared with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
pub enum Comparison {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

/// The text functions a filter may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
pub enum Function {
    StartsWith,
    EndsWith,
    Contains,
}

/// A literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Number(i64),
    Bool(bool),
    /// A time in the digits of the wire, `2026-03-01T02:00:00Z`.
    Time(String),
    Null,
}

impl Filter {
    /// `property comparison value`
    pub fn compare(
        property: impl Into<String>,
        comparison: Comparison,
        value: impl Into<Value>,
    ) -> Self {
        Self::Compare {
            property: property.into(),
            comparison,
            value: value.into(),
        }
    }

    /// `property eq value`
    pub fn eq(property: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::compare(property, Comparison::Eq, value)
    }

    /// `property ne value`
    pub fn ne(property: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::compare(property, Comparison::Ne, value)
    }

    /// `property gt value`
    pub fn gt(property: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::compare(property, Comparison::Gt, value)
    }

    /// `property ge value`
    pub fn ge(property: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::compare(property, Comparison::Ge, value)
    }

    /// `property lt value`
    pub fn lt(property: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::compare(property, Comparison::Lt, value)
    }

    /// `property le value`
    pub fn le(property: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::compare(property, Comparison::Le, value)
    }

    /// The property's text begins with this.
    pub fn starts_with(property: impl Into<String>, text: impl Into<String>) -> Self {
        Self::call(Function::StartsWith, property, text)
    }

    /// The property's text ends with this.
    pub fn ends_with(property: impl Into<String>, text: impl Into<String>) -> Self {
        Self::call(Function::EndsWith, property, text)
    }

    /// The property's text holds this somewhere.
    pub fn contains(property: impl Into<String>, text: impl Into<String>) -> Self {
        Self::call(Function::Contains, property, text)
    }

    fn call(function: Function, property: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Call {
            function,
            property: property.into(),
            text: text.into(),
        }
    }

    /// Some element of the list property equals the value.
    pub fn any(property: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::Any {
            property: property.into(),
            variable: "item".to_owned(),
            test: Box::new(Self::eq("item", value)),
        }
    }

    /// Both hold; a chain stays flat.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match self {
            Self::And(mut parts) => {
                parts.push(other);
                Self::And(parts)
            }
            first => Self::And(vec![first, other]),
        }
    }

    /// At least one holds; a chain stays flat.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match self {
            Self::Or(mut parts) => {
                parts.push(other);
                Self::Or(parts)
            }
            first => Self::Or(vec![first, other]),
        }
    }

    /// Does not hold.
    #[must_use]
    pub fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// All of them hold; `None` when there are none, which is no condition.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Option<Self> {
        parts.into_iter().reduce(Self::and)
    }

    /// At least one of them holds; `None` when there are none: then nothing fits, and nothing need be asked.
    pub fn one_of(parts: impl IntoIterator<Item = Self>) -> Option<Self> {
        parts.into_iter().reduce(Self::or)
    }
}

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        parse::filter(text)
    }
}

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compare {
                property,
                comparison,
                value,
            } => write!(f, "{property} {comparison} {value}"),
            Self::Call {
                function,
                property,
                text,
            } => {
                write!(f, "{function}({property},")?;
                write_quoted(f, text)?;
                f.write_char(')')
            }
            Self::Any {
                property,
                variable,
                test,
            } => write!(f, "{property}/any({variable}: {test})"),
            Self::And(parts) => joined(f, parts, " and "),
            Self::Or(parts) => joined(f, parts, " or "),
            Self::Not(inner) => write!(f, "not ({inner})"),
        }
    }
}

/// Parts that are themselves chains are put in parentheses, so that the tree is read back as it was.
fn joined(f: &mut Formatter<'_>, parts: &[Filter], word: &str) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(word)?;
        }
        match part {
            Filter::And(_) | Filter::Or(_) => write!(f, "({part})")?,
            _ => write!(f, "{part}")?,
        }
    }
    Ok(())
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write_quoted(f, text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Bool(yes) => write!(f, "{yes}"),
            Self::Time(digits) => f.write_str(digits),
            Self::Null => f.write_str("null"),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use strum::IntoEnumIterator;

    #[test]
    fn a_chain_of_builders_stays_flat() {
        let filter = Filter::eq("A", 1)
            .and(Filter::eq("B", "x"))
            .and(Filter::eq("C", true));
        assert_eq!(filter.to_string(), "A eq 1 and B eq 'x' and C eq true");
    }

    #[test]
    fn chains_inside_chains_are_put_in_parentheses() {
        let filter =
            Filter::gt("Name", "x").or(Filter::eq("Name", "x").and(Filter::gt("ResourceId", 7)));
        assert_eq!(
            filter.to_string(),
            "Name gt 'x' or (Name eq 'x' and ResourceId gt 7)"
        );
    }

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(
            Filter::eq("Name", "O'Brien").to_string(),
            "Name eq 'O''Brien'"
        );
    }

    #[test]
    fn no_parts_are_no_condition() {
        assert_eq!(Filter::all([]), None);
        assert_eq!(Filter::all([Filter::eq("A", 1)]), Some(Filter::eq("A", 1)));
    }

    fn name() -> impl Strategy<Value = String> {
        "[A-Z_][A-Za-z0-9_]{0,12}".prop_filter("reserved words are not names", |name| {
            !["and", "or", "not", "true", "false", "null"]
                .contains(&name.to_ascii_lowercase().as_str())
        })
    }

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            any::<String>().prop_map(Value::Text),
            any::<i64>().prop_map(Value::Number),
            any::<bool>().prop_map(Value::Bool),
            (1970..2200u16, 1..13u8, 1..29u8, 0..24u8, 0..60u8).prop_map(|(y, mo, d, h, mi)| {
                Value::Time(format!("{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:00Z"))
            }),
            Just(Value::Null),
        ]
    }

    fn test() -> impl Strategy<Value = Filter> {
        let comparison = proptest::sample::select(Comparison::iter().collect::<Vec<_>>());
        let function = proptest::sample::select(Function::iter().collect::<Vec<_>>());
        prop_oneof![
            (name(), comparison, value()).prop_map(|(property, comparison, value)| {
                Filter::Compare {
                    property,
                    comparison,
                    value,
                }
            }),
            (function, name(), any::<String>()).prop_map(|(function, property, text)| {
                Filter::Call {
                    function,
                    property,
                    text,
                }
            }),
        ]
    }

    prop_compose! {
        fn any_of()(property in name(), variable in name(), test in test()) -> Filter {
            Filter::Any { property, variable, test: Box::new(test) }
        }
    }

    fn tree() -> impl Strategy<Value = Filter> {
        prop_oneof![4 => test(), 1 => any_of()].prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 2..4).prop_map(Filter::And),
                proptest::collection::vec(inner.clone(), 2..4).prop_map(Filter::Or),
                inner.prop_map(Filter::negated),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_printed_parses_back(filter in tree()) {
            prop_assert_eq!(filter.to_string().parse::<Filter>(), Ok(filter));
        }

        #[test]
        fn any_text_is_either_a_filter_or_an_error(text in ".{0,60}") {
            let _either = text.parse::<Filter>();
        }
    }
}
