//! WQL, the query language of the SMS Provider, as query rules of collections use it.
//!
//! Text becomes a [`Query`](syntax::Query) by a grammar (`parse`), a query becomes SQL with bound values by looking its
//! names up in a [`Schema`] (`sql`). Nothing here touches a database. What a query means for a collection is the
//! business of the evaluator.

mod like;
mod parse;
mod sql;
mod syntax;

use std::fmt;

use rusqlite::types::Value;
use thiserror::Error;

/// What is wrong with a query, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct QueryError {
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    /// Lower case, without a full stop.
    pub message: String,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}, column {}: {}",
            self.line, self.column, self.message
        )
    }
}

/// A fault at a byte offset, before the text it lies in is at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fault {
    at: usize,
    message: String,
}

impl Fault {
    fn new(at: usize, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
        }
    }

    fn locate(self, text: &str) -> QueryError {
        let before = text.get(..self.at).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        QueryError {
            line: before.matches('\n').count() + 1,
            column: before
                .get(line_start..)
                .map_or(0, |line| line.chars().count())
                + 1,
            message: self.message,
        }
    }
}

/// What a property holds, as far as a comparison must know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One value: text, number, yes or no.
    Single,
    /// A moment, kept as `2026-03-01T02:00:00Z`.
    Date,
    /// An array of values, kept as JSON: a comparison asks whether any of them fits.
    Many,
    /// Embedded objects or bytes: nothing a query could compare.
    Opaque,
}

/// The classes a site holds, as queries see them. Names are looked up without regard to case.
pub trait Schema {
    /// The class's own spelling of its name.
    fn class(&self, name: &str) -> Option<&str>;
    /// Properties of a class by its own spelling: name and shape.
    fn properties(&self, class: &str) -> Vec<(&str, Shape)>;
}

/// A query made ready for SQLite: one statement that selects `ResourceID`, and the values bound to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// Placeholders are `?`, in the order of [`values`](Self::values).
    pub sql: String,
    pub values: Vec<Value>,
    /// The resource class the query selects from.
    pub class: String,
}

/// Makes a query rule's text ready to run. `now` is the present as the site's tables write it
/// (`2026-03-01T02:00:00Z`), for `GetDate()`.
pub fn prepare(text: &str, schema: &dyn Schema, now: &str) -> Result<Prepared, QueryError> {
    parse::query(text)
        .and_then(|query| sql::translate(&query, schema, now))
        .map_err(|fault| fault.locate(text))
}

#[cfg(test)]
mod tests;
