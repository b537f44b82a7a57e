//! What a list of each kind shows: columns, filter words, order, and a line in words.
//!
//! Shared by the panes and `consign get`. A line is one object joined with the counts and states that belong to it, as
//! they were when it was read: nothing here asks the site or looks at a clock. One file a kind.

pub mod ask;
pub mod assignment;
pub mod beside;
pub mod clock;
pub mod collection;
pub mod column;
pub mod content;
pub mod deployment;
pub mod device;
pub mod field;
pub mod filter_words;
pub mod group;
pub mod kind;
pub mod member;
pub mod operand;
pub mod order;
pub mod package;
pub mod point;
pub mod program;
pub mod request;
#[cfg(test)]
mod sample;
pub(crate) mod say;
pub mod sieve;
pub mod status;

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

pub use ask::WindowLine;
pub use assignment::{AssignmentLine, CopyStatus};
pub use beside::Beside;
pub use clock::{At, Clock};
pub use collection::CollectionLine;
pub use column::{Align, Column, Field, Reader, Width, fixed, grow};
pub use content::Content;
pub use deployment::DeploymentLine;
pub use device::DeviceLine;
pub use field::{FieldValue, Form};
pub use filter_words::{FilterWords, WordError};
pub use group::GroupLine;
pub use kind::{Called, Kind, UnknownKind};
pub use member::MemberLine;
pub use order::{SortError, Sorting, sort};
pub use package::PackageLine;
pub use point::PointLine;
pub use program::ProgramLine;
pub use request::RequestLine;
pub use sieve::Index;
pub use status::StatusLine;

/// One object in a list.
pub trait Line: Clone + Send + Sync + 'static {
    const CALLED: Called;
    /// What a list shows, from left to right; the first names the object and never leaves.
    const COLUMNS: &'static [Column<Self>];
    /// What can be filtered on and sorted by without being a column.
    const FIELDS: &'static [Field<Self>] = &[];
    /// The order until another is asked for; the first field counts most.
    const ORDER: &'static [Sorting];

    /// What names the object on the command line and holds a selection while lines move: `LAB00012/Install`.
    fn id(&self) -> String;

    /// What people call it.
    fn name(&self) -> &str;

    /// The object with the class's own property names; what was joined to it is left out.
    fn json(&self) -> Value;

    /// Whether somebody ought to look at it.
    fn needs_attention(&self) -> bool {
        false
    }

    /// Whether it is on its way to another state by itself (copying, evaluating, deleting): the list asks again.
    fn is_passing(&self) -> bool {
        false
    }

    /// What it is, in one or two sentences.
    fn in_words(&self) -> String;

    /// The part done of the whole, where the line has one: drawn as a bar.
    fn done(&self) -> Option<Share> {
        None
    }

    /// What stands in a column; nothing outside the table.
    fn cell(&self, column: usize) -> Cow<'_, str> {
        Self::COLUMNS
            .get(column)
            .map_or(Cow::Borrowed(""), |column| column.cell(self))
    }

    /// The same where it is copied or written to a file: what a cell only made readable stands there as it is.
    fn written(&self, column: usize) -> Cow<'_, str> {
        self.cell(column)
    }

    /// The value of a column or field by its key.
    fn field(&self, key: &str) -> Option<FieldValue<'_>> {
        Self::reader(key).map(|(_, read)| read(self))
    }

    /// The form of a column or field, and how it is read.
    fn reader(key: &str) -> Option<(Form, Reader<Self>)> {
        let column = Self::COLUMNS.iter().find(|column| column.key == key);
        let field = || Self::FIELDS.iter().find(|field| field.key == key);
        column
            .map(|column| (column.form, column.reader()))
            .or_else(|| field().map(|field| (field.form, field.reader())))
    }
}

/// A part of a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    pub part: u32,
    pub whole: u32,
}

/// A row with the class's own property names. Rows hold nothing that could not be written so.
fn plain(row: &impl Serialize) -> Value {
    serde_json::to_value(row).unwrap_or(Value::Null)
}

/// `1 device`, `37 devices`, `1,912 devices`.
pub fn plural(count: u32, thing: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {thing}{ending}", figure(count.into()))
}

/// A figure with its thousands marked off: `4,000`.
pub fn figure(number: u64) -> String {
    let digits = number.to_string();
    let mut marked = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            marked.push(',');
        }
        marked.push(digit);
    }
    marked
}
