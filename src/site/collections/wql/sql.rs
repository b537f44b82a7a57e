//! A query as SQL. Every value a person wrote is bound, never pasted; names are the schema's own spelling.
//!
//! Placeholders are numbered, so that a value may stand in two places of the text.

mod dates;
mod values;

use rusqlite::types::Value;

use super::like::{Pattern, pattern};
use super::syntax::{
    Columns, Condition, Join, JoinKind, Operand, Operator, Property, Query, Set, Source,
};
use super::{Fault, Prepared, Schema, Shape};
use values::listed;

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
}

fn not(negated: bool) -> &'static str {
    if negated { "NOT " } else { "" }
}
