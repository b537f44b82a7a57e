//! Reads: lists, counts and single objects.

use axum::response::Response;
use http::StatusCode;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params_from_iter};

use super::answer::{Fault, json, text};
use super::condition::{Condition, unknown};
use super::rows::Shape;
use crate::odata::query::{Order, Query};
use crate::site::Site;
use crate::site::catalog::{Class, Property};
use crate::site::rules;
use crate::site::store::StoreError;
use crate::site::store::object::{self, ObjectKey};

/// A read as SQL.
struct Select {
    sql: String,
    values: Vec<Sql>,
}

/// All objects that fit, wrapped.
pub(super) async fn all(
    site: &Site,
    class: &'static Class,
    query: Query,
    root: &str,
) -> Result<Response, Fault> {
    let chosen = selected(class, &query)?;
    if let Some(lazy) = chosen.iter().find(|property| property.lazy) {
        return Err(Fault::bad_request(format!(
            "Select on lazy columns not supported for GetAll requests: {}.",
            lazy.name
        )));
    }
    let shape = if chosen.is_empty() {
        Shape::list(class, site.identity())
    } else {
        Shape::selected(class, &chosen)
    };
    let select = listing(class, &shape, &query)?;
    let head = head(root, class);
    let read = site
        .store()
        .read(move |db| write_rows(db, &shape, &select, head))
        .await;
    let body = read.map_err(|error| Fault::store(error, "ExecQuery", &class.name))?;
    Ok(json(StatusCode::OK, body))
}

/// How many objects fit, as plain text.
pub(super) async fn count(
    site: &Site,
    class: &'static Class,
    query: Query,
) -> Result<Response, Fault> {
    let (condition, values) = condition(class, &query)?;
    let sql = format!("SELECT count(*) FROM \"{}\"{condition}", class.name);
    let read = site
        .store()
        .read(move |db| {
            Ok(db
                .prepare_cached(&sql)?
                .query_row(params_from_iter(values), |row| row.get::<_, i64>(0))?)
        })
        .await;
    let rows = read.map_err(|error| Fault::store(error, "ExecQuery", &class.name))?;
    Ok(text("text/plain", rows.to_string()))
}

/// One object, wrapped as a list of one.
pub(super) async fn one(
    site: &Site,
    class: &'static Class,
    key: ObjectKey,
    query: Query,
    root: &str,
) -> Result<Response, Fault> {
    let chosen = selected(class, &query)?;
    let shape = if chosen.is_empty() {
        Shape::single(class, site.identity())
    } else {
        Shape::selected(class, &chosen)
    };
    let missing = absent(class, &key);
    let head = head(root, class);
    let empty = head.len();
    let select = by_key(class, &shape, &key);
    let read = site
        .store()
        .read(move |db| write_rows(db, &shape, &select, head))
        .await;
    let body = read.map_err(|error| Fault::store(error, "GetObject", &class.name))?;
    if body.len() == empty + CLOSING.len() {
        return Err(missing);
    }
    Ok(json(StatusCode::OK, body))
}

/// There is no object of this key.
pub(super) fn absent(class: &Class, key: &ObjectKey) -> Fault {
    Fault::not_found(format!(
        "{} is not found.",
        object::relative_path(class, key)
    ))
}

/// One object as it stands in the answer to a create or an update: bare, its context inside.
pub(super) fn bare(
    db: &Connection,
    site: &Site,
    class: &'static Class,
    key: &ObjectKey,
    root: &str,
) -> Result<Vec<u8>, StoreError> {
    let shape = Shape::single(class, site.identity());
    let select = by_key(class, &shape, key);
    let mut statement = db.prepare_cached(&select.sql)?;
    let mut rows = statement.query(params_from_iter(&select.values))?;
    let mut out = format!(
        "{{\"@odata.context\":\"{root}$metadata#{}/$entity\",",
        class.name
    )
    .into_bytes();
    if let Some(row) = rows.next()? {
        let mut members = Vec::new();
        shape.write(row, &mut members)?;
        out.extend_from_slice(members.get(1..).unwrap_or_default());
    }
    Ok(out)
}

const CLOSING: &[u8] = b"]}";

fn head(root: &str, class: &Class) -> Vec<u8> {
    format!(
        "{{\"@odata.context\":\"{root}$metadata#{}\",\"value\":[",
        class.name
    )
    .into_bytes()
}

fn write_rows(
    db: &Connection,
    shape: &Shape,
    select: &Select,
    head: Vec<u8>,
) -> Result<Vec<u8>, StoreError> {
    let mut out = head;
    let mut statement = db.prepare_cached(&select.sql)?;
    let mut rows = statement.query(params_from_iter(&select.values))?;
    while let Some(row) = rows.next()? {
        shape.write(row, &mut out)?;
        out.push(b',');
    }
    if out.last() == Some(&b',') {
        out.pop();
    }
    out.extend_from_slice(CLOSING);
    Ok(out)
}

fn selected(class: &'static Class, query: &Query) -> Result<Vec<&'static Property>, Fault> {
    query
        .select
        .iter()
        .map(|name| class.property(name).ok_or_else(|| unknown(class, name)))
        .collect()
}

fn by_key(class: &Class, shape: &Shape, key: &ObjectKey) -> Select {
    let shown = rules::listed(&class.name)
        .map(|shown| format!(" AND {shown}"))
        .unwrap_or_default();
    Select {
        sql: format!(
            "SELECT {} FROM \"{}\" WHERE {}{shown}",
            shape.columns,
            class.name,
            object::key_condition(class, 1)
        ),
        values: object::sql_key(class, key),
    }
}

fn listing(class: &Class, shape: &Shape, query: &Query) -> Result<Select, Fault> {
    let (condition, values) = condition(class, query)?;
    let mut sql = format!(
        "SELECT {} FROM \"{}\"{condition}{}",
        shape.columns,
        class.name,
        order(class, query)?
    );
    if query.top.is_some() || query.skip.is_some() {
        let rows = query
            .top
            .map_or(-1, |top| i64::try_from(top).unwrap_or(i64::MAX));
        let skipped = query
            .skip
            .map_or(0, |skip| i64::try_from(skip).unwrap_or(i64::MAX));
        sql = format!("{sql} LIMIT {rows} OFFSET {skipped}");
    }
    Ok(Select { sql, values })
}

fn condition(class: &Class, query: &Query) -> Result<(String, Vec<Sql>), Fault> {
    let filter = query
        .filter
        .as_ref()
        .map(|filter| Condition::of(class, filter))
        .transpose()?
        .unwrap_or_default();
    let shown = rules::listed(&class.name).unwrap_or_default();
    let parts: Vec<&str> = [filter.sql.as_str(), shown]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    if parts.is_empty() {
        return Ok((String::new(), filter.values));
    }
    Ok((format!(" WHERE {}", parts.join(" AND ")), filter.values))
}

/// What was asked for, and the key behind it: pages of equal values neither repeat nor lose a row.
fn order(class: &Class, query: &Query) -> Result<String, Fault> {
    let is_paged = query.top.is_some() || query.skip.is_some();
    if query.order.is_empty() && !is_paged {
        return Ok(String::new());
    }
    let mut terms = Vec::new();
    for Order {
        property,
        descending,
    } in &query.order
    {
        let found = class
            .property(property)
            .ok_or_else(|| unknown(class, property))?;
        terms.push(term(found, *descending));
    }
    let descending = query.order.last().is_some_and(|last| last.descending);
    let is_named = |key: &Property| {
        query
            .order
            .iter()
            .any(|order| order.property.eq_ignore_ascii_case(&key.name))
    };
    terms.extend(
        class
            .keys()
            .filter(|key| !is_named(key))
            .map(|key| term(key, descending)),
    );
    Ok(format!(" ORDER BY {}", terms.join(", ")))
}

fn term(property: &Property, descending: bool) -> String {
    let collation = if property.kind.is_text() {
        " COLLATE NOCASE"
    } else {
        ""
    };
    format!(
        "\"{}\"{collation}{}",
        property.name,
        if descending { " DESC" } else { "" }
    )
}

#[cfg(test)]
mod tests;
