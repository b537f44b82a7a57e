//! What is called on classes and objects. The catalog says which methods there are; each room that implements some
//! lists them in a table of its own, and [`find`] looks through these.

pub(super) mod identity;
mod lookup;
mod words;

use serde_json::{Map, Value};

use super::catalog::{Class, Method};
use super::context::Context;
use super::store::{Object, ObjectKey, StoreError};
use super::{collections, content, placement};

/// What a method is called with.
#[derive(Debug)]
pub struct Call<'c> {
    pub class: &'c Class,
    pub method: &'c Method,
    /// The object it is called on, as it was when the call came; absent for a static method.
    pub object: Option<(ObjectKey, Object)>,
    /// In-parameters by their names in the catalog, checked against their types. Absent ones are absent.
    pub arguments: Object,
}

/// What a method answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Zero is success.
    pub return_value: Value,
    /// Out-parameters by name.
    pub out: Map<String, Value>,
}

/// One method as a room implements it.
#[derive(Debug, Clone, Copy)]
pub struct Implementation {
    pub class: &'static str,
    pub method: &'static str,
    /// Whether it may write. One that only reads runs beside others.
    pub writes: bool,
    pub run: fn(&Context<'_>, &Call<'_>) -> Result<Answer, StoreError>,
}

impl Implementation {
    /// A method that only reads.
    pub(in crate::site) const fn reads(
        class: &'static str,
        method: &'static str,
        run: fn(&Context<'_>, &Call<'_>) -> Result<Answer, StoreError>,
    ) -> Self {
        Self {
            class,
            method,
            writes: false,
            run,
        }
    }
}

impl Call<'_> {
    /// The object an instance method is called on; an empty one for a static method.
    pub fn target(&self) -> Object {
        self.object
            .as_ref()
            .map(|(_, object)| object.clone())
            .unwrap_or_default()
    }
}

impl Answer {
    /// Success, without out-parameters.
    pub fn done() -> Self {
        Self::value(0)
    }

    /// The few methods that return something else.
    pub fn value(value: impl Into<Value>) -> Self {
        Self {
            return_value: value.into(),
            out: Map::new(),
        }
    }

    /// One more out-parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.out.insert(name.to_owned(), value.into());
        self
    }
}

/// The tables of all rooms.
const TABLES: &[&[Implementation]] = &[
    identity::METHODS,
    lookup::METHODS,
    words::METHODS,
    collections::METHODS,
    content::METHODS,
    placement::METHODS,
];

/// Who implements a method, by class and method in any case.
pub fn find(class: &str, method: &str) -> Option<&'static Implementation> {
    TABLES.iter().copied().flatten().find(|entry| {
        entry.class.eq_ignore_ascii_case(class) && entry.method.eq_ignore_ascii_case(method)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::catalog::Catalog;

    #[test]
    fn every_table_entry_is_a_method_of_the_catalog() {
        let catalog = Catalog::shipped().unwrap();
        for entry in TABLES.iter().copied().flatten() {
            let method = catalog
                .class(entry.class)
                .and_then(|class| class.method(entry.method));
            assert!(method.is_some(), "{}.{}", entry.class, entry.method);
        }
    }
}
