//! A table with the filter over it.

use super::desk::Desk;
use super::table::{Standing, Table};

/// A table, what is typed in its filter line, and what is wrong with that.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub table: Table,
    pub filter: String,
    /// Why the rows do not follow the filter as it stands.
    pub fault: Option<String>,
}

impl Sheet {
    pub fn of(table: Table) -> Self {
        Self {
            table,
            filter: String::new(),
            fault: None,
        }
    }

    /// Applies a filter. Words that make no sense leave the rows as they were, and say so.
    pub fn filter(&mut self, text: &str, desk: &Desk) {
        text.clone_into(&mut self.filter);
        self.fault = self.table.filter(text, desk).err();
    }

    /// Whether rows may be hidden.
    pub fn is_narrowed(&self) -> bool {
        !self.filter.is_empty() || self.table.only_attention()
    }

    /// Whether the first rows are awaited.
    pub fn is_waiting(&self) -> bool {
        matches!(self.table.standing(), Standing::Reading(_))
    }

    /// Shows all rows again.
    pub fn widen(&mut self, desk: &Desk) {
        self.filter("", desk);
        if self.table.only_attention() {
            // Only lists that have the switch can have turned it on.
            let _ = self.table.toggle_attention(desk);
        }
    }
}
