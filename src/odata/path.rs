//! What a path names: a class, one object, a method. Printed in the one form every real site reads, parsed in all the
//! forms clients use (adminservice.md 2): keys as a segment, without quotes or in any order, doubled and trailing
//! slashes, other case.

mod parse;

use std::fmt::{self, Display, Formatter};

use percent_encoding::utf8_percent_encode;
use thiserror::Error;

use super::{ENCODED, write_quoted};

/// Where the generic route over the provider's classes begins.
pub const WMI_ROOT: &str = "/AdminService/wmi/";

/// What a path names. Class, property and method names are as written: who answers matches them in any case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The list of classes.
    Service,
    /// `$metadata`.
    Metadata,
    /// All objects of a class.
    Class(String),
    /// `Class/$count`.
    Count(String),
    /// One object.
    Object { class: String, key: KeyPredicate },
    /// `Class.Method`.
    StaticMethod { class: String, method: String },
    /// `Class/AdminService.Method`: bound to the class without a key, seen once from a client.
    ClassMethod { class: String, method: String },
    /// `Class(key)/AdminService.Method`.
    ObjectMethod {
        class: String,
        key: KeyPredicate,
        method: String,
    },
}

/// Which object of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPredicate {
    /// The value of the only key property.
    Single(KeyValue),
    /// Key properties by name, in any order.
    Named(Vec<(String, KeyValue)>),
    /// The values of several key properties, in the order of the class.
    Unnamed(Vec<KeyValue>),
}

/// A key value as written: in quotes, or bare as numbers are (and as some clients write texts).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyValue {
    Quoted(String),
    Bare(String),
}

/// Why a path names nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PathError {
    /// Not below `AdminService/wmi`: the v1.0 route, or anything else.
    #[error("nothing is served at {0}")]
    Elsewhere(String),
    #[error("the path {0} does not name a class, an object or a method")]
    Malformed(String),
}

impl Target {
    /// Reads a path, still percent-encoded, without the `?` and what follows.
    pub fn parse(path: &str) -> Result<Self, PathError> {
        parse::target(path)
    }
}

impl KeyPredicate {
    /// The key of a class with one text key.
    pub fn text(value: impl Into<String>) -> Self {
        Self::Single(KeyValue::Quoted(value.into()))
    }

    /// The key of a class with one number key.
    pub fn number(value: u64) -> Self {
        Self::Single(KeyValue::number(value))
    }
}

impl KeyValue {
    pub fn text(value: impl Into<String>) -> Self {
        Self::Quoted(value.into())
    }

    pub fn number(value: u64) -> Self {
        Self::Bare(value.to_string())
    }

    /// The value without its quotes.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Quoted(text) | Self::Bare(text) => text,
        }
    }
}

/// Prints the path from its root, percent-encoded.
impl Display for Target {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(WMI_ROOT)?;
        match self {
            Self::Service => Ok(()),
            Self::Metadata => f.write_str("$metadata"),
            Self::Class(class) => f.write_str(class),
            Self::Count(class) => write!(f, "{class}/$count"),
            Self::Object { class, key } => write!(f, "{class}({key})"),
            Self::StaticMethod { class, method } => write!(f, "{class}.{method}"),
            Self::ClassMethod { class, method } => write!(f, "{class}/AdminService.{method}"),
            Self::ObjectMethod { class, key, method } => {
                write!(f, "{class}({key})/AdminService.{method}")
            }
        }
    }
}

impl Display for KeyPredicate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mark = |index: usize| if index > 0 { "," } else { "" };
        match self {
            Self::Single(value) => write!(f, "{value}"),
            Self::Named(values) => {
                let mut values = values.iter().enumerate();
                values.try_for_each(|(at, (name, value))| write!(f, "{}{name}={value}", mark(at)))
            }
            Self::Unnamed(values) => {
                let mut values = values.iter().enumerate();
                values.try_for_each(|(at, value)| write!(f, "{}{value}", mark(at)))
            }
        }
    }
}

impl Display for KeyValue {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        match self {
            Self::Quoted(value) => write_quoted(&mut text, value)?,
            Self::Bare(value) => text.push_str(value),
        }
        write!(f, "{}", utf8_percent_encode(&text, ENCODED))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_quote_in_a_key_is_doubled_and_a_slash_encoded() {
        let target = Target::Object {
            class: "SMS_Program".into(),
            key: KeyPredicate::Named(vec![
                ("PackageID".into(), KeyValue::text("ABC00001")),
                ("ProgramName".into(), KeyValue::text("O'Brien / 64")),
            ]),
        };
        assert_eq!(
            target.to_string(),
            "/AdminService/wmi/SMS_Program(PackageID='ABC00001',ProgramName='O''Brien%20%2F%2064')"
        );
    }

    fn word() -> impl Strategy<Value = String> {
        "[A-Z][A-Za-z0-9_]{0,12}"
    }

    fn key_value() -> impl Strategy<Value = KeyValue> {
        prop_oneof![
            any::<String>().prop_map(KeyValue::Quoted),
            any::<u64>().prop_map(KeyValue::number),
            "[A-Z0-9{}-]{1,12}".prop_map(KeyValue::Bare),
        ]
    }

    fn key() -> impl Strategy<Value = KeyPredicate> {
        prop_oneof![
            key_value().prop_map(KeyPredicate::Single),
            proptest::collection::vec((word(), key_value()), 1..4).prop_map(KeyPredicate::Named),
            proptest::collection::vec(key_value(), 2..4).prop_map(KeyPredicate::Unnamed),
        ]
    }

    fn target() -> impl Strategy<Value = Target> {
        prop_oneof![
            Just(Target::Service),
            Just(Target::Metadata),
            word().prop_map(Target::Class),
            word().prop_map(Target::Count),
            (word(), key()).prop_map(|(class, key)| Target::Object { class, key }),
            (word(), word()).prop_map(|(class, method)| Target::StaticMethod { class, method }),
            (word(), word()).prop_map(|(class, method)| Target::ClassMethod { class, method }),
            (word(), key(), word()).prop_map(|(class, key, method)| Target::ObjectMethod {
                class,
                key,
                method
            }),
        ]
    }

    proptest! {
        #[test]
        fn what_is_printed_parses_back(target in target()) {
            prop_assert_eq!(Target::parse(&target.to_string()), Ok(target));
        }
    }
}
