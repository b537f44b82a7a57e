//! Values in SQL: properties, literals and calls, and how a test of them is wrapped.

use rusqlite::types::Value;

use super::Writer;
use super::dates::{added, boundary, date, part_code, strftime};
use crate::site::collections::wql::syntax::{Call, Literal, Operand, Property};
use crate::site::collections::wql::{Fault, Shape};

/// A value in SQL, and how a test of it must be wrapped: a property of many values is tested one by one.
pub(super) struct Tested {
    pub before: String,
    pub value: String,
    pub after: &'static str,
}

impl Writer<'_> {
    pub(super) fn is_date(&self, operand: &Operand) -> bool {
        match operand {
            Operand::Property(property) => self
                .resolve(property)
                .is_ok_and(|(_, shape)| shape == Shape::Date),
            Operand::Call(call) => matches!(call, Call::GetDate | Call::DateAdd(..)),
            Operand::Literal(_) => false,
        }
    }

    /// One side of a comparison; a text beside a date is a date.
    pub(super) fn side(&mut self, operand: &Operand, is_date: bool) -> Result<Tested, Fault> {
        match operand {
            Operand::Literal(Literal::Text { text, at }) if is_date => {
                let bound = self.bind(Value::Text(date(text, *at)?));
                Ok(Tested::plain(bound))
            }
            other => self.tested(other),
        }
    }

    pub(super) fn tested(&mut self, operand: &Operand) -> Result<Tested, Fault> {
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

    pub(super) fn bind(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("?{}", self.values.len())
    }

    /// Finds the column behind a name, in the innermost scope that has it.
    pub(super) fn resolve(&self, property: &Property) -> Result<(String, Shape), Fault> {
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
    pub(super) fn plain(value: String) -> Self {
        Self {
            before: String::new(),
            value,
            after: "",
        }
    }

    pub(super) fn wrap(&self, test: &str) -> String {
        format!("{}{test}{}", self.before, self.after)
    }
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

pub(super) fn listed(literal: &Literal, is_date: bool) -> Result<serde_json::Value, Fault> {
    Ok(match literal {
        Literal::Text { text, at } if is_date => date(text, *at)?.into(),
        Literal::Text { text, .. } => text.as_str().into(),
        Literal::Number(number) => (*number).into(),
        Literal::Decimal(number) => (*number).into(),
        Literal::Flag(flag) => i64::from(*flag).into(),
        Literal::Null => serde_json::Value::Null,
    })
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
