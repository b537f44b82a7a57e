//! Columns and fields: what can be shown, sorted by and filtered on, each said once for its kind of line.

use std::borrow::Cow;

use super::field::{FieldValue, Form};

/// How much room a column takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// Always so many cells.
    Fixed(u16),
    /// At least so many, and a share of what is left by the others.
    Grow { least: u16, weight: u16 },
}

/// Always so many cells.
pub const fn fixed(cells: u16) -> Width {
    Width::Fixed(cells)
}

/// At least so many cells, and a share of what is left by the others.
pub const fn grow(least: u16, weight: u16) -> Width {
    Width::Grow { least, weight }
}

/// Where in its column a cell stands: words to the left, figures to the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// Reads one value off a line.
pub type Reader<L> = for<'a> fn(&'a L) -> FieldValue<'a>;

/// A column of the list of a kind.
pub struct Column<L: 'static> {
    /// What filter words and `--sort` call it.
    pub key: &'static str,
    pub title: &'static str,
    pub form: Form,
    pub width: Width,
    pub align: Align,
    /// When there is too little room the columns with the highest number leave first; 0 never leaves.
    pub leaves: u8,
    /// Shown on wide screens and with `-o wide` only.
    pub wide_only: bool,
    value: Reader<L>,
    cell: Option<for<'a> fn(&'a L) -> Cow<'a, str>>,
}

impl<L> Column<L> {
    const fn new(
        key: &'static str,
        title: &'static str,
        width: Width,
        form: Form,
        value: Reader<L>,
    ) -> Self {
        let align = match form {
            Form::Number | Form::Size | Form::Span => Align::Right,
            Form::Text | Form::Time | Form::Flag => Align::Left,
        };
        Self {
            key,
            title,
            form,
            width,
            align,
            leaves: 0,
            wide_only: false,
            value,
            cell: None,
        }
    }

    pub const fn text(
        key: &'static str,
        title: &'static str,
        width: Width,
        value: Reader<L>,
    ) -> Self {
        Self::new(key, title, width, Form::Text, value)
    }

    pub const fn number(
        key: &'static str,
        title: &'static str,
        width: Width,
        value: Reader<L>,
    ) -> Self {
        Self::new(key, title, width, Form::Number, value)
    }

    pub const fn size(
        key: &'static str,
        title: &'static str,
        width: Width,
        value: Reader<L>,
    ) -> Self {
        Self::new(key, title, width, Form::Size, value)
    }

    pub const fn span(
        key: &'static str,
        title: &'static str,
        width: Width,
        value: Reader<L>,
    ) -> Self {
        Self::new(key, title, width, Form::Span, value)
    }

    pub const fn time(
        key: &'static str,
        title: &'static str,
        width: Width,
        value: Reader<L>,
    ) -> Self {
        Self::new(key, title, width, Form::Time, value)
    }

    pub const fn flag(
        key: &'static str,
        title: &'static str,
        width: Width,
        value: Reader<L>,
    ) -> Self {
        Self::new(key, title, width, Form::Flag, value)
    }

    /// The order of leaving.
    #[must_use]
    pub const fn leaves(mut self, order: u8) -> Self {
        self.leaves = order;
        self
    }

    #[must_use]
    pub const fn wide(mut self) -> Self {
        self.wide_only = true;
        self
    }

    #[must_use]
    pub const fn right(mut self) -> Self {
        self.align = Align::Right;
        self
    }

    /// A cell that says more, or says it shorter, than the value by itself.
    #[must_use]
    pub const fn shown(mut self, cell: for<'a> fn(&'a L) -> Cow<'a, str>) -> Self {
        self.cell = Some(cell);
        self
    }

    pub const fn reader(&self) -> Reader<L> {
        self.value
    }

    pub fn value<'a>(&self, line: &'a L) -> FieldValue<'a> {
        (self.value)(line)
    }

    pub fn cell<'a>(&self, line: &'a L) -> Cow<'a, str> {
        match self.cell {
            Some(cell) => cell(line),
            None => self.value(line).shown(),
        }
    }
}

/// A value that can be filtered on and sorted by but has no column of its own.
pub struct Field<L: 'static> {
    pub key: &'static str,
    pub form: Form,
    value: Reader<L>,
}

impl<L> Field<L> {
    const fn new(key: &'static str, form: Form, value: Reader<L>) -> Self {
        Self { key, form, value }
    }

    pub const fn text(key: &'static str, value: Reader<L>) -> Self {
        Self::new(key, Form::Text, value)
    }

    pub const fn number(key: &'static str, value: Reader<L>) -> Self {
        Self::new(key, Form::Number, value)
    }

    pub const fn size(key: &'static str, value: Reader<L>) -> Self {
        Self::new(key, Form::Size, value)
    }

    pub const fn span(key: &'static str, value: Reader<L>) -> Self {
        Self::new(key, Form::Span, value)
    }

    pub const fn time(key: &'static str, value: Reader<L>) -> Self {
        Self::new(key, Form::Time, value)
    }

    pub const fn flag(key: &'static str, value: Reader<L>) -> Self {
        Self::new(key, Form::Flag, value)
    }

    pub const fn reader(&self) -> Reader<L> {
        self.value
    }
}
