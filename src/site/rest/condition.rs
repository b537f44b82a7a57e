//! A filter as SQL, with every value bound.
//!
//! Texts compare without regard to case, as the collation of a site's database has them. A comparison with null is
//! false, as in SQL; only `eq null` and `ne null` ask for it.

use std::fmt::Write;

use rusqlite::types::Value as Sql;

use super::answer::Fault;
use crate::odata::filter::{Comparison, Filter, Function, Value};
use crate::site::catalog::{Class, Kind};
use crate::sms::time::WireTime;

/// An SQL expression and what is bound to it, in order.
#[derive(Debug, Default)]
pub(super) struct Condition {
    pub sql: String,
    pub values: Vec<Sql>,
    /// Lists being looked into, innermost last: each has its variable and its elements' type.
    scopes: Vec<Scope>,
}

#[derive(Debug)]
struct Scope {
    variable: String,
    element: Kind,
}

/// What a name in a filter stands for.
struct Operand {
    sql: String,
    kind: Kind,
}

impl Condition {
    /// The condition of a filter on the objects of a class.
    pub fn of(class: &Class, filter: &Filter) -> Result<Self, Fault> {
        let mut condition = Self::default();
        condition.add(class, filter)?;
        Ok(condition)
    }

    fn add(&mut self, class: &Class, filter: &Filter) -> Result<(), Fault> {
        match filter {
            Filter::Compare {
                property,
                comparison,
                value,
            } => self.compare(class, property, *comparison, value),
            Filter::Call {
                function,
                property,
                text,
            } => self.call(class, property, *function, text),
            Filter::Any {
                property,
                variable,
                test,
            } => self.any(class, property, variable, test),
            Filter::And(parts) => self.chain(class, parts, " AND "),
            Filter::Or(parts) => self.chain(class, parts, " OR "),
            Filter::Not(inner) => {
                self.sql.push_str("NOT (");
                self.add(class, inner)?;
                self.sql.push(')');
                Ok(())
            }
        }
    }

    /// Balanced, because SQLite limits how deep an expression may be and a client may ask for a thousand names.
    fn chain(&mut self, class: &Class, parts: &[Filter], joint: &str) -> Result<(), Fault> {
        match parts {
            [] => self.sql.push('1'),
            [only] => self.add(class, only)?,
            _ => {
                let (left, right) = parts.split_at(parts.len() / 2);
                self.sql.push('(');
                self.chain(class, left, joint)?;
                self.sql.push_str(joint);
                self.chain(class, right, joint)?;
                self.sql.push(')');
            }
        }
        Ok(())
    }

    fn operand(&self, class: &Class, name: &str) -> Result<Operand, Fault> {
        let scope = self
            .scopes
            .iter()
            .enumerate()
            .rev()
            .find(|(_, scope)| scope.variable == name);
        if let Some((depth, scope)) = scope {
            return Ok(Operand {
                sql: format!("each{depth}.value"),
                kind: scope.element.clone(),
            });
        }
        let property = class.property(name).ok_or_else(|| unknown(class, name))?;
        Ok(Operand {
            sql: format!("\"{}\"", property.name),
            kind: property.kind.clone(),
        })
    }

    fn compare(
        &mut self,
        class: &Class,
        name: &str,
        comparison: Comparison,
        value: &Value,
    ) -> Result<(), Fault> {
        let operand = self.operand(class, name)?;
        if *value == Value::Null {
            let test = match comparison {
                Comparison::Eq => "IS NULL",
                Comparison::Ne => "IS NOT NULL",
                _ => return Err(unfit(name, &operand.kind, value)),
            };
            let _ = write!(self.sql, "{} {test}", operand.sql); // writing to a String cannot fail
            return Ok(());
        }
        let bound = bound(&operand.kind, value).ok_or_else(|| unfit(name, &operand.kind, value))?;
        let operator = match comparison {
            Comparison::Eq => "=",
            Comparison::Ne => "<>",
            Comparison::Gt => ">",
            Comparison::Ge => ">=",
            Comparison::Lt => "<",
            Comparison::Le => "<=",
        };
        let collation = if operand.kind.is_text() {
            " COLLATE NOCASE"
        } else {
            ""
        };
        let mark = self.bind(bound);
        let _ = write!(self.sql, "{} {operator} {mark}{collation}", operand.sql); // writing to a String cannot fail
        Ok(())
    }

    fn call(
        &mut self,
        class: &Class,
        name: &str,
        function: Function,
        text: &str,
    ) -> Result<(), Fault> {
        let operand = self.operand(class, name)?;
        if !operand.kind.is_text() {
            return Err(Fault::bad_request(format!(
                "{function} works on texts, and {name} is {}.",
                operand.kind
            )));
        }
        let escaped = text
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        let pattern = match function {
            Function::StartsWith => format!("{escaped}%"),
            Function::EndsWith => format!("%{escaped}"),
            Function::Contains => format!("%{escaped}%"),
        };
        let mark = self.bind(Sql::Text(pattern));
        let _ = write!(self.sql, "{} LIKE {mark} ESCAPE '\\'", operand.sql); // writing to a String cannot fail
        Ok(())
    }

    fn any(
        &mut self,
        class: &Class,
        name: &str,
        variable: &str,
        test: &Filter,
    ) -> Result<(), Fault> {
        let operand = self.operand(class, name)?;
        let element = match operand.kind {
            Kind::Strings => Kind::String,
            Kind::Numbers => Kind::UInt32,
            other => {
                return Err(Fault::bad_request(format!(
                    "any works on lists, and {name} is {other}."
                )));
            }
        };
        let depth = self.scopes.len();
        let _ = write!(
            self.sql,
            "EXISTS (SELECT 1 FROM json_each(coalesce({}, '[]')) AS each{depth} WHERE ",
            operand.sql
        ); // writing to a String cannot fail
        self.scopes.push(Scope {
            variable: variable.to_owned(),
            element,
        });
        self.add(class, test)?;
        self.scopes.pop();
        self.sql.push(')');
        Ok(())
    }

    fn bind(&mut self, value: Sql) -> String {
        self.values.push(value);
        format!("?{}", self.values.len())
    }
}

/// The value as the column holds it; `None` when it is of another type.
fn bound(kind: &Kind, value: &Value) -> Option<Sql> {
    match (kind, value) {
        (Kind::String, Value::Text(text)) => Some(Sql::Text(text.clone())),
        (Kind::Boolean, Value::Bool(yes)) => Some(Sql::Integer((*yes).into())),
        (Kind::DateTime, Value::Time(digits)) => {
            let time: WireTime = digits.parse().ok()?;
            Some(Sql::Text(time.to_string()))
        }
        (kind, Value::Number(number)) if kind.is_integer() => Some(Sql::Integer(*number)),
        _ => None,
    }
}

fn unfit(name: &str, kind: &Kind, value: &Value) -> Fault {
    Fault::bad_request(format!(
        "{name} is {kind} and cannot be compared with {value}."
    ))
}

/// A property the class has not.
pub(super) fn unknown(class: &Class, name: &str) -> Fault {
    Fault::bad_request(format!(
        "Could not find a property named '{name}' on type 'AdminService.{}'.",
        class.name
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::catalog::Catalog;

    fn condition(class: &str, filter: &str) -> Result<(String, usize), String> {
        let class = Catalog::shipped().unwrap().class(class).unwrap();
        Condition::of(class, &filter.parse().unwrap())
            .map(|condition| (condition.sql, condition.values.len()))
            .map_err(|fault| fault.message)
    }

    #[test]
    fn values_are_bound_and_texts_compare_without_case() {
        assert_eq!(
            condition("SMS_Package", "name eq 'x'' OR 1=1' and PkgFlags ge 5"),
            Ok((
                "(\"Name\" = ?1 COLLATE NOCASE AND \"PkgFlags\" >= ?2)".into(),
                2
            ))
        );
    }

    #[test]
    fn null_is_asked_for_by_equality_alone() {
        assert_eq!(
            condition("SMS_Package", "Version eq null"),
            Ok(("\"Version\" IS NULL".into(), 0))
        );
        assert!(condition("SMS_Package", "Version gt null").is_err());
    }

    #[test]
    fn an_element_test_looks_into_the_list() {
        let (sql, values) =
            condition("SMS_R_System", "SMSAssignedSites/any(s: s eq 'LAB')").unwrap();
        assert!(
            sql.contains("each0.value = ?1 COLLATE NOCASE") && values == 1,
            "{sql}"
        );
    }

    #[test]
    fn what_does_not_fit_is_named() {
        assert!(
            condition("SMS_Package", "Nmae eq 'x'")
                .unwrap_err()
                .contains("'Nmae'")
        );
        assert!(
            condition("SMS_Package", "PkgFlags eq 'x'")
                .unwrap_err()
                .contains("UInt32")
        );
        assert!(
            condition("SMS_Package", "contains(PkgFlags,'x')")
                .unwrap_err()
                .contains("PkgFlags")
        );
        assert!(condition("SMS_Package", "RefreshSchedule eq 'x'").is_err());
    }
}
