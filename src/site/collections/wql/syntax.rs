//! A query as a tree. Offsets (`at`) are bytes into the text, kept for error messages.

/// `SELECT … FROM … [JOIN …] [WHERE …]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    pub columns: Columns,
    pub from: Source,
    pub joins: Vec<Join>,
    pub filter: Option<Condition>,
    /// Checked for their names; the order of members has no meaning.
    pub order: Vec<Property>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Columns {
    /// `*` or `alias.*`.
    Every,
    Named(Vec<Property>),
}

/// A class a query reads, and the name the query calls it by.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub class: String,
    pub alias: Option<String>,
    pub at: usize,
}

impl Source {
    /// The name properties are qualified with.
    pub fn name(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.class)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    pub kind: JoinKind,
    pub source: Source,
    pub on: Condition,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinKind {
    Inner,
    Left,
    Right,
    Full,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Compare {
        left: Operand,
        operator: Operator,
        right: Operand,
    },
    Like {
        value: Operand,
        negated: bool,
        pattern: String,
    },
    In {
        value: Operand,
        negated: bool,
        set: Set,
    },
    IsNull {
        value: Operand,
        negated: bool,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Set {
    Values(Vec<Literal>),
    Query(Box<Query>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    Property(Property),
    Literal(Literal),
    Call(Call),
}

/// `[qualifier.]name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    pub qualifier: Option<String>,
    pub name: String,
    pub at: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Text { text: String, at: usize },
    Number(i64),
    Decimal(f64),
    Flag(bool),
    Null,
}

/// The functions extended WQL knows.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    Upper(Box<Operand>),
    Lower(Box<Operand>),
    /// Text, first character counted from 1, length.
    Substring(Box<Operand>, i64, i64),
    GetDate,
    DateAdd(DatePart, i64, Box<Operand>),
    /// Boundaries of the part crossed from the first to the second.
    DateDiff(DatePart, Box<Operand>, Box<Operand>),
    DatePart(DatePart, Box<Operand>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatePart {
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
}
