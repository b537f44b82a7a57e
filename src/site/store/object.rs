//! Objects in and out of their tables, one at a time, as rules and methods handle them.
//!
//! Lists do not pass here: `rest` writes their JSON straight from the columns.

use rusqlite::types::{Value as Sql, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params_from_iter};
use serde_json::{Map, Value};

use super::error::StoreError;
use crate::site::catalog::{Class, Kind};

/// The properties of one object by their names, in the values of the wire. A property that is absent is null.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object {
    values: Map<String, Value>,
}

/// What names one object: the values of its key properties, in the class's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectKey {
    pub values: Vec<Value>,
}

impl Object {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn get(&self, property: &str) -> Option<&Value> {
        self.values.get(property).filter(|value| !value.is_null())
    }

    /// The text of a property; empty when it is null.
    pub fn text(&self, property: &str) -> &str {
        self.get(property)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The whole number of a property; zero when it is null.
    pub fn number(&self, property: &str) -> i64 {
        self.get(property)
            .and_then(Value::as_i64)
            .unwrap_or_default()
    }

    /// The yes or no of a property; no when it is null.
    pub fn flag(&self, property: &str) -> bool {
        self.get(property)
            .and_then(Value::as_bool)
            .unwrap_or_default()
    }

    /// The elements of a list; none when it is null.
    pub fn list(&self, property: &str) -> &[Value] {
        self.get(property)
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// Whether the property has a value.
    pub fn has(&self, property: &str) -> bool {
        self.get(property).is_some()
    }

    pub fn set(&mut self, property: &str, value: impl Into<Value>) -> &mut Self {
        self.values.insert(property.to_owned(), value.into());
        self
    }

    /// Sets what has no value yet.
    pub fn fill(&mut self, property: &str, value: impl Into<Value>) -> &mut Self {
        if !self.has(property) {
            self.set(property, value);
        }
        self
    }

    /// The value of a property that is named, null included.
    pub fn named(&self, property: &str) -> Option<&Value> {
        self.values.get(property)
    }

    pub fn remove(&mut self, property: &str) {
        self.values.shift_remove(property);
    }

    /// Takes over every property the other names, null ones too.
    pub fn merge(&mut self, other: &Self) {
        self.values.extend(other.values.clone());
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values
            .iter()
            .map(|(name, value)| (name.as_str(), value))
    }

    /// The values of the key properties.
    pub fn key(&self, class: &Class) -> ObjectKey {
        ObjectKey {
            values: class
                .key
                .iter()
                .map(|name| self.get(name).cloned().unwrap_or(Value::Null))
                .collect(),
        }
    }
}

impl ObjectKey {
    /// The key of a class with one text key.
    pub fn text(value: impl Into<String>) -> Self {
        Self {
            values: vec![Value::String(value.into())],
        }
    }

    /// The key of a class with one number key.
    pub fn number(value: i64) -> Self {
        Self {
            values: vec![value.into()],
        }
    }
}

/// One object by its key, every property, lazy ones too.
pub fn read(
    connection: &Connection,
    class: &Class,
    key: &ObjectKey,
) -> Result<Option<Object>, StoreError> {
    let sql = format!(
        "SELECT {} FROM \"{}\" WHERE {}",
        columns(class),
        class.name,
        key_condition(class, 1)
    );
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement
        .query_row(params_from_iter(sql_key(class, key)), |row| {
            object(class, row)
        })
        .optional()?)
}

/// The objects that fit an SQL condition on the class's columns, in the order of their keys.
pub fn find(
    connection: &Connection,
    class: &Class,
    condition: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<Object>, StoreError> {
    let sql = format!(
        "SELECT {} FROM \"{}\" WHERE {condition} ORDER BY \"{}\"",
        columns(class),
        class.name,
        class.key.join("\", \"")
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(values, |row| object(class, row))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The object's path in its namespace, `SMS_Program.PackageID="LAB00001",ProgramName="Install"`.
pub fn relative_path(class: &Class, key: &ObjectKey) -> String {
    let parts: Vec<_> = class
        .key
        .iter()
        .zip(&key.values)
        .map(|(name, value)| match value {
            Value::String(text) => format!(
                "{name}=\"{}\"",
                text.replace('\\', "\\\\").replace('"', "\\\"")
            ),
            other => format!("{name}={other}"),
        })
        .collect();
    format!("{}.{}", class.name, parts.join(","))
}

/// Whether there is an object of this key.
pub fn exists(connection: &Connection, class: &Class, key: &ObjectKey) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT 1 FROM \"{}\" WHERE {}",
        class.name,
        key_condition(class, 1)
    );
    Ok(connection
        .prepare_cached(&sql)?
        .exists(params_from_iter(sql_key(class, key)))?)
}

pub fn insert(connection: &Connection, class: &Class, object: &Object) -> Result<(), StoreError> {
    let given: Vec<_> = class
        .properties
        .iter()
        .filter(|property| object.has(&property.name))
        .collect();
    let names: Vec<_> = given
        .iter()
        .map(|property| format!("\"{}\"", property.name))
        .collect();
    let marks: Vec<_> = (1..=given.len())
        .map(|number| format!("?{number}"))
        .collect();
    let sql = format!(
        "INSERT INTO \"{}\" ({}) VALUES ({})",
        class.name,
        names.join(", "),
        marks.join(", ")
    );
    let values = given
        .iter()
        .map(|property| sql_value(&property.kind, object.get(&property.name)));
    connection
        .prepare_cached(&sql)?
        .execute(params_from_iter(values))?;
    Ok(())
}

/// Writes every property `changes` names, key properties aside. False when there is no such object.
pub fn update(
    connection: &Connection,
    class: &Class,
    key: &ObjectKey,
    changes: &Object,
) -> Result<bool, StoreError> {
    let given: Vec<_> = class
        .properties
        .iter()
        .filter(|property| {
            changes.values.contains_key(&property.name) && !class.key.contains(&property.name)
        })
        .collect();
    if given.is_empty() {
        return exists(connection, class, key);
    }
    let sets: Vec<_> = given
        .iter()
        .enumerate()
        .map(|(index, property)| format!("\"{}\" = ?{}", property.name, index + 1))
        .collect();
    let condition = key_condition(class, given.len() + 1);
    let sql = format!(
        "UPDATE \"{}\" SET {} WHERE {condition}",
        class.name,
        sets.join(", ")
    );
    let values = given
        .iter()
        .map(|property| sql_value(&property.kind, changes.get(&property.name)))
        .chain(sql_key(class, key));
    Ok(connection
        .prepare_cached(&sql)?
        .execute(params_from_iter(values))?
        > 0)
}

/// False when there is no such object.
pub fn delete(connection: &Connection, class: &Class, key: &ObjectKey) -> Result<bool, StoreError> {
    let sql = format!(
        "DELETE FROM \"{}\" WHERE {}",
        class.name,
        key_condition(class, 1)
    );
    Ok(connection
        .prepare_cached(&sql)?
        .execute(params_from_iter(sql_key(class, key)))?
        > 0)
}

/// The next number of a kind, from 1, never given twice.
pub fn next_number(connection: &Connection, kind: &str) -> Result<i64, StoreError> {
    let sql = "INSERT INTO consign_counter VALUES (?1, 2) \
               ON CONFLICT (name) DO UPDATE SET next = next + 1 RETURNING next - 1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([kind], |row| row.get(0))?)
}

/// The number [`next_number`] will give, without taking it.
pub fn peek_number(connection: &Connection, kind: &str) -> Result<i64, StoreError> {
    let sql = "SELECT next FROM consign_counter WHERE name = ?1";
    let next = connection
        .prepare_cached(sql)?
        .query_row([kind], |row| row.get(0))
        .optional()?;
    Ok(next.unwrap_or(1))
}

fn columns(class: &Class) -> String {
    let names: Vec<_> = class
        .properties
        .iter()
        .map(|property| format!("\"{}\"", property.name))
        .collect();
    names.join(", ")
}

pub(in crate::site) fn key_condition(class: &Class, first: usize) -> String {
    let parts: Vec<_> = class
        .key
        .iter()
        .enumerate()
        .map(|(index, name)| format!("\"{name}\" = ?{}", first + index))
        .collect();
    parts.join(" AND ")
}

pub(in crate::site) fn sql_key(class: &Class, key: &ObjectKey) -> Vec<Sql> {
    class
        .keys()
        .zip(&key.values)
        .map(|(property, value)| sql_value(&property.kind, Some(value)))
        .collect()
}

fn object(class: &Class, row: &Row<'_>) -> rusqlite::Result<Object> {
    let mut values = Map::new();
    for (index, property) in class.properties.iter().enumerate() {
        let value = json_value(&property.kind, row.get_ref(index)?);
        if !value.is_null() {
            values.insert(property.name.clone(), value);
        }
    }
    Ok(Object { values })
}

/// A value of the wire as its column holds it.
pub fn sql_value(kind: &Kind, value: Option<&Value>) -> Sql {
    match (kind, value) {
        (_, None | Some(Value::Null)) => Sql::Null,
        (Kind::Boolean, Some(value)) => Sql::Integer(value.as_bool().unwrap_or_default().into()),
        (_, Some(Value::Number(number))) => number.as_i64().map_or(Sql::Null, Sql::Integer),
        (_, Some(Value::String(text))) => Sql::Text(text.clone()),
        (_, Some(value)) => Sql::Text(value.to_string()),
    }
}

/// What a column holds as a value of the wire.
pub fn json_value(kind: &Kind, value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(number) if *kind == Kind::Boolean => Value::Bool(number != 0),
        ValueRef::Integer(number) => number.into(),
        ValueRef::Text(text) => match kind {
            Kind::Strings | Kind::Numbers | Kind::Object(_) | Kind::Objects(_) => {
                serde_json::from_slice(text).unwrap_or_default()
            }
            _ => String::from_utf8_lossy(text).into_owned().into(),
        },
        ValueRef::Real(number) => number.into(),
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
    }
}
