//! A query as SQL. Every value a person wrote is bound, never pasted; names are the schema's own spelling.
//!
//! Placeholders are numbered, so that a value may stand in two places of the text.

use rusqlite::types::Value;

use super::like::{Pattern, pattern};
use super::syntax::{
    Call, Columns, Condition, DatePart, Join, JoinKind, Literal, Operand, Operator, Property,
    Query, Set, Source,
};
use super::{Fault, Prepared, Schema, Shape};
use crate::sms::time::WireTime;

/// Translates a query rule: the statement selects `ResourceID` of the class behind FROM.
pub fn translate(query: &Query, schema: &dyn Schema, now: &str) -> Result<Prepared, Fault> {
    let class = resource_class(&query.from, schema)?;
    let mut writer = Writer {
        schema,
        now,
        values: Vec::new(),
        names: 0,
        scopes: Vec::new(),
    };
    let sql = writer.select(query, &Wanted::ResourceId)?;
    Ok(Prepared {
        sql,
        values: writer.values,
        class,
    })
}

fn resource_class(from: &Source, schema: &dyn Schema) -> Result<String, Fault> {
    let is_resource = from.class.len() > 6
        && from
            .class
            .get(..6)
            .is_some_and(|prefix| prefix.eq_ignore_ascii_case("SMS_R_"));
    if !is_resource {
        let message = format!(
            "a rule selects from a resource class such as SMS_R_System, not from {}",
            from.class
        );
        return Err(Fault::new(from.at, message));
    }
    known_class(from, schema)
}

fn known_class(source: &Source, schema: &dyn Schema) -> Result<String, Fault> {
    schema
        .class(&source.class)
        .map(str::to_owned)
        .ok_or_else(|| {
            let message = format!("this site holds no class {}", source.class);
            Fault::new(source.at, message)
        })
}

/// What the SELECT is to give.
enum Wanted {
    ResourceId,
    /// The one column named: the set of an IN.
    OneColumn,
}

struct Writer<'a> {
    schema: &'a dyn Schema,
    now: &'a str,
    values: Vec<Value>,
    names: usize,
    /// Innermost last: a subquery may name what surrounds it.
    scopes: Vec<Vec<Table>>,
}

struct Table {
    /// As the query calls it.
    name: String,
    class: String,
    /// As the SQL calls it.
    alias: String,
}

/// A value in SQL, and how a test of it must be wrapped: a property of many values is tested one by one.
struct Tested {
    before: String,
    value: String,
    after: &'static str,
}

impl Writer<'_> {
    fn select(&mut self, query: &Query, wanted: &Wanted) -> Result<String, Fault> {
        let sources = std::iter::once(&query.from).chain(query.joins.iter().map(|j| &j.source));
        let tables = sources
            .map(|source| self.table(source))
            .collect::<Result<Vec<_>, _>>()?;
        self.scopes.push(tables);
        let text = self.select_in_scope(query, wanted);
        self.scopes.pop();
        text
    }

    fn select_in_scope(&mut self, query: &Query, wanted: &Wanted) -> Result<String, Fault> {
        let column = self.column(query, wanted)?;
        for ordering in &query.order {
            self.resolve(ordering)?;
        }
        let mut text = format!("SELECT DISTINCT {column} FROM {}", self.from(0));
        for (index, join) in query.joins.iter().enumerate() {
            text.push_str(&self.join(index + 1, join)?);
        }
        if let Some(filter) = &query.filter {
            text.push_str(" WHERE ");
            text.push_str(&self.condition(filter)?);
        }
        Ok(text)
    }

    fn table(&mut self, source: &Source) -> Result<Table, Fault> {
        let class = known_class(source, self.schema)?;
        Ok(Table {
            name: source.name().to_owned(),
            class,
            alias: self.fresh("t"),
        })
    }

    fn fresh(&mut self, letter: &str) -> String {
        self.names += 1;
        format!("{letter}{}", self.names)
    }

    fn from(&self, index: usize) -> String {
        self.scopes
            .last()
            .and_then(|tables| tables.get(index))
            .map_or_else(String::new, |t| format!("\"{}\" AS {}", t.class, t.alias))
    }

    fn join(&mut self, index: usize, join: &Join) -> Result<String, Fault> {
        let kind = match join.kind {
            JoinKind::Inner => "JOIN",
            JoinKind::Left => "LEFT JOIN",
            JoinKind::Right => "RIGHT JOIN",
            JoinKind::Full => "FULL JOIN",
        };
        let on = self.condition(&join.on)?;
        Ok(format!(" {kind} {} ON {on}", self.from(index)))
    }

    /// Checks the names behind SELECT and gives the column to select.
    fn column(&mut self, query: &Query, wanted: &Wanted) -> Result<String, Fault> {
        let named = match &query.columns {
            Columns::Every => Vec::new(),
            Columns::Named(properties) => properties
                .iter()
                .map(|property| self.resolve(property).map(|(text, _)| text))
                .collect::<Result<_, _>>()?,
        };
        match wanted {
            Wanted::ResourceId => {
                let id = Property {
                    qualifier: Some(query.from.name().to_owned()),
                    name: "ResourceID".to_owned(),
                    at: query.from.at,
                };
                self.resolve(&id).map(|(text, _)| text)
            }
            Wanted::OneColumn => match <[String; 1]>::try_from(named) {
                Ok([one]) => Ok(one),
                Err(_) => Err(Fault::new(
                    query.from.at,
                    "a query behind `in` must select exactly one property",
                )),
            },
        }
    }

    // ---- conditions ----

    fn condition(&mut self, condition: &Condition) -> Result<String, Fault> {
        match condition {
            Condition::All(terms) => self.balanced(terms, "AND"),
            Condition::Any(terms) => self.balanced(terms, "OR"),
            Condition::Not(inner) => Ok(format!("NOT {}", self.condition(inner)?)),
            Condition::Compare {
                left,
                operator,
                right,
            } => self.compare(left, *operator, right),
            Condition::Like {
                value,
                negated,
                pattern: wql,
            } => {
                let tested = self.tested(value)?;
                let test = match pattern(wql) {
                    Pattern::Like(text) => {
                        let bound = self.bind(Value::Text(text));
                        format!("{} {}LIKE {bound} ESCAPE '\\'", tested.value, not(*negated))
                    }
                    Pattern::Glob(text) => {
                        let bound = self.bind(Value::Text(text));
                        format!("lower({}) {}GLOB {bound}", tested.value, not(*negated))
                    }
                };
                Ok(tested.wrap(&test))
            }
            Condition::In {
                value,
                negated,
                set,
            } => self.membership(value, *negated, set),
            Condition::IsNull { value, negated } => self.is_null(value, *negated),
        }
    }

    /// Joins terms as a tree of halves: SQLite bounds the depth of an expression, not its length.
    fn balanced(&mut self, terms: &[Condition], link: &str) -> Result<String, Fault> {
        if let [only] = terms {
            return self.condition(only);
        }
        let (left, right) = terms.split_at(terms.len() / 2);
        let left = self.balanced(left, link)?;
        let right = self.balanced(right, link)?;
        Ok(format!("({left} {link} {right})"))
    }

    fn compare(
        &mut self,
        left: &Operand,
        operator: Operator,
        right: &Operand,
    ) -> Result<String, Fault> {
        let sign = match operator {
            Operator::Equal => "=",
            Operator::NotEqual => "<>",
            Operator::Less => "<",
            Operator::AtMost => "<=",
            Operator::Greater => ">",
            Operator::AtLeast => ">=",
        };
        let is_date = self.is_date(left) || self.is_date(right);
        let left = self.side(left, is_date)?;
        let right = self.side(right, is_date)?;
        let test = format!("{} {sign} {} COLLATE NOCASE", left.value, right.value);
        Ok(left.wrap(&right.wrap(&test)))
    }

    fn membership(&mut self, value: &Operand, negated: bool, set: &Set) -> Result<String, Fault> {
        let is_date = self.is_date(value);
        let tested = self.tested(value)?;
        let among = match set {
            Set::Query(query) => self.select(query, &Wanted::OneColumn)?,
            Set::Values(literals) => {
                let listed = literals
                    .iter()
                    .map(|literal| listed(literal, is_date))
                    .collect::<Result<Vec<_>, _>>()?;
                let bound = self.bind(Value::Text(serde_json::Value::from(listed).to_string()));
                format!("SELECT value FROM json_each({bound})")
            }
        };
        let test = format!(
            "{} COLLATE NOCASE {}IN ({among})",
            tested.value,
            not(negated)
        );
        Ok(tested.wrap(&test))
    }

    fn is_null(&mut self, value: &Operand, negated: bool) -> Result<String, Fault> {
        // A property of many values is null when it holds none, so it is not tested one by one.
        let (text, shape) = match value {
            Operand::Property(property) => self.resolve(property)?,
            other => (self.tested(other)?.value, Shape::Single),
        };
        Ok(match (shape, negated) {
            (Shape::Many, false) => format!("coalesce(json_array_length({text}), 0) = 0"),
            (Shape::Many, true) => format!("coalesce(json_array_length({text}), 0) > 0"),
            (_, false) => format!("{text} IS NULL"),
            (_, true) => format!("{text} IS NOT NULL"),
        })
    }

    // ---- values ----

    fn is_date(&self, operand: &Operand) -> bool {
        match operand {
            Operand::Property(property) => self
                .resolve(property)
                .is_ok_and(|(_, shape)| shape == Shape::Date),
            Operand::Call(call) => matches!(call, Call::GetDate | Call::DateAdd(..)),
            Operand::Literal(_) => false,
        }
    }

    /// One side of a comparison; a text beside a date is a date.
    fn side(&mut self, operand: &Operand, is_date: bool) -> Result<Tested, Fault> {
        match operand {
            Operand::Literal(Literal::Text { text, at }) if is_date => {
                let bound = self.bind(Value::Text(date(text, *at)?));
                Ok(Tested::plain(bound))
            }
            other => self.tested(other),
        }
    }

    fn tested(&mut self, operand: &Operand) -> Result<Tested, Fault> {
        match operand {
            Operand::Literal(literal) => {
                let bound = self.bind(bound(literal));
                Ok(Tested::plain(bound))
            }
            Operand::Call(call) => self.call(call),
            Operand::Property(property) => {
                let (text, shape) = self.resolve(property)?;
                if shape != Shape::Many {
                    return Ok(Tested::plain(text));
                }
                let each = self.fresh("e");
                Ok(Tested {
                    before: format!("EXISTS (SELECT 1 FROM json_each({text}) AS {each} WHERE "),
                    value: format!("{each}.value"),
                    after: ")",
                })
            }
        }
    }

    fn call(&mut self, call: &Call) -> Result<Tested, Fault> {
        let text = match call {
            Call::Upper(inner) => return self.mapped(inner, |v| format!("upper({v})")),
            Call::Lower(inner) => return self.mapped(inner, |v| format!("lower({v})")),
            Call::Substring(inner, from, length) => {
                return self.mapped(inner, |v| format!("substr({v}, {from}, {length})"));
            }
            Call::DatePart(part, inner) => {
                return self.mapped(inner, |v| strftime(part_code(*part), v));
            }
            Call::DateAdd(part, count, inner) => {
                let (count, unit) = added(*part, *count);
                return self.mapped(inner, |v| {
                    format!("strftime('%Y-%m-%dT%H:%M:%SZ', {v}, '{count:+} {unit}')")
                });
            }
            Call::GetDate => self.bind(Value::Text(self.now.to_owned())),
            Call::DateDiff(part, from, to) => {
                let from = self.tested(from)?;
                let to = self.tested(to)?;
                let value = format!(
                    "({} - {})",
                    boundary(*part, &to.value),
                    boundary(*part, &from.value)
                );
                let (before, after) = match (from.after, to.after) {
                    (")", ")") => (from.before + &to.before, "))"),
                    (")", _) => (from.before, ")"),
                    (_, after) => (to.before, after),
                };
                return Ok(Tested {
                    before,
                    value,
                    after,
                });
            }
        };
        Ok(Tested::plain(text))
    }

    fn mapped(
        &mut self,
        inner: &Operand,
        map: impl FnOnce(&str) -> String,
    ) -> Result<Tested, Fault> {
        let tested = self.tested(inner)?;
        Ok(Tested {
            value: map(&tested.value),
            ..tested
        })
    }

    fn bind(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("?{}", self.values.len())
    }

    /// Finds the column behind a name, in the innermost scope that has it.
    fn resolve(&self, property: &Property) -> Result<(String, Shape), Fault> {
        let mut seen = None;
        for table in self.scopes.iter().rev().flatten() {
            if let Some(qualifier) = &property.qualifier
                && !table.name.eq_ignore_ascii_case(qualifier)
                && !table.class.eq_ignore_ascii_case(qualifier)
            {
                continue;
            }
            let properties = self.schema.properties(&table.class);
            let found = properties
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(&property.name));
            if let Some((name, shape)) = found {
                if *shape == Shape::Opaque {
                    let message = format!("{name} cannot be compared in a query");
                    return Err(Fault::new(property.at, message));
                }
                return Ok((format!("{}.\"{name}\"", table.alias), *shape));
            }
            seen = seen.or(Some(&table.class));
        }
        Err(Fault::new(property.at, self.unknown(property, seen)))
    }

    fn unknown(&self, property: &Property, class: Option<&String>) -> String {
        let Some(class) = class else {
            let qualifier = property.qualifier.as_deref().unwrap_or_default();
            return format!("`{qualifier}` is neither a class nor an alias of this query");
        };
        let properties = self.schema.properties(class);
        let nearest = properties
            .iter()
            .map(|(name, _)| (distance(name, &property.name), *name))
            .min()
            .filter(|(steps, _)| *steps <= 3);
        match nearest {
            Some((_, name)) => {
                format!(
                    "{class} has no property {} (nearest: {name})",
                    property.name
                )
            }
            None => format!("{class} has no property {}", property.name),
        }
    }
}

impl Tested {
    fn plain(value: String) -> Self {
        Self {
            before: String::new(),
            value,
            after: "",
        }
    }

    fn wrap(&self, test: &str) -> String {
        format!("{}{test}{}", self.before, self.after)
    }
}

fn not(negated: bool) -> &'static str {
    if negated { "NOT " } else { "" }
}

fn bound(literal: &Literal) -> Value {
    match literal {
        Literal::Text { text, .. } => Value::Text(text.clone()),
        Literal::Number(number) => Value::Integer(*number),
        Literal::Decimal(number) => Value::Real(*number),
        Literal::Flag(flag) => Value::Integer((*flag).into()),
        Literal::Null => Value::Null,
    }
}

fn listed(literal: &Literal, is_date: bool) -> Result<serde_json::Value, Fault> {
    Ok(match literal {
        Literal::Text { text, at } if is_date => date(text, *at)?.into(),
        Literal::Text { text, .. } => text.as_str().into(),
        Literal::Number(number) => (*number).into(),
        Literal::Decimal(number) => (*number).into(),
        Literal::Flag(flag) => i64::from(*flag).into(),
        Literal::Null => serde_json::Value::Null,
    })
}

/// A date as the tables write it, from `2026-03-01`, `2026/03/01 02:00:00` or the DMTF form.
fn date(text: &str, at: usize) -> Result<String, Fault> {
    text.replace('/', "-")
        .parse::<WireTime>()
        .map(|time| time.to_string())
        .map_err(|_| {
            let message = format!("`{text}` is not a date (2026-03-01 or 2026-03-01 02:00:00)");
            Fault::new(at, message)
        })
}

// ---- dates in SQLite ----

fn strftime(code: &str, value: &str) -> String {
    format!("CAST(strftime('{code}', {value}) AS INTEGER)")
}

fn part_code(part: DatePart) -> &'static str {
    match part {
        DatePart::Year => "%Y",
        DatePart::Month => "%m",
        DatePart::Week => "%W",
        DatePart::Day => "%d",
        DatePart::Hour => "%H",
        DatePart::Minute => "%M",
        DatePart::Second => "%S",
    }
}

fn added(part: DatePart, count: i64) -> (i64, &'static str) {
    match part {
        DatePart::Year => (count, "years"),
        DatePart::Month => (count, "months"),
        DatePart::Week => (count.saturating_mul(7), "days"),
        DatePart::Day => (count, "days"),
        DatePart::Hour => (count, "hours"),
        DatePart::Minute => (count, "minutes"),
        DatePart::Second => (count, "seconds"),
    }
}

/// How many boundaries of a part lie before a moment: the difference of two is what `DateDiff` counts.
fn boundary(part: DatePart, value: &str) -> String {
    match part {
        DatePart::Year => strftime("%Y", value),
        DatePart::Month => format!(
            "({} * 12 + {})",
            strftime("%Y", value),
            strftime("%m", value)
        ),
        // 1970-01-01 was a Thursday; a week begins on Sunday.
        DatePart::Week => format!("((unixepoch({value}) / 86400 + 4) / 7)"),
        DatePart::Day => format!("(unixepoch({value}) / 86400)"),
        DatePart::Hour => format!("(unixepoch({value}) / 3600)"),
        DatePart::Minute => format!("(unixepoch({value}) / 60)"),
        DatePart::Second => format!("unixepoch({value})"),
    }
}

/// Letters to change, insert or drop until one name is the other, case aside.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<u8> = right.to_ascii_lowercase().into_bytes();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.to_ascii_lowercase().bytes().enumerate() {
        let mut corner = i;
        let mut before = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(&right) {
            let above = *cell;
            let step = (corner + usize::from(a != *b))
                .min(above + 1)
                .min(before + 1);
            corner = above;
            before = step;
            *cell = step;
        }
    }
    if left.is_empty() {
        right.len()
    } else {
        row.last().copied().unwrap_or_default()
    }
}
