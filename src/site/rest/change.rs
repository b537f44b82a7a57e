//! Writes: create, update, delete. The rules of the class decide; this only reads bodies and chooses statuses.

use axum::response::Response;
use http::StatusCode;
use serde_json::Value;

use super::answer::{Fault, empty, json};
use super::{Request, body, list};
use crate::site::Site;
use crate::site::catalog::Class;
use crate::site::context::Context;
use crate::site::rules;
use crate::site::store::StoreError;
use crate::site::store::object::{self, Object, ObjectKey};

/// `POST Class`: makes an object, or changes the one whose key stands in the body. 201 either way.
pub(super) async fn save(
    site: &Site,
    class: &'static Class,
    request: &Request,
) -> Result<Response, Fault> {
    let sent = read(site, class, request)?;
    let (own, root) = (site.clone(), request.root.clone());
    let written = site
        .write(move |context| {
            let saved = rules::save(context, &class.name, &sent)?;
            list::bare(context.db, &own, class, &saved.key(class), &root)
        })
        .await;
    let answer = written.map_err(|error| Fault::store(error, "PutInstance", &class.name))?;
    Ok(json(StatusCode::CREATED, answer))
}

/// `PUT` or `PATCH Class(key)`: changes what the body names. An object of a class whose keys clients choose is made when
/// it is not there, as settings of a collection are.
pub(super) async fn merge(
    site: &Site,
    class: &'static Class,
    key: ObjectKey,
    request: &Request,
) -> Result<Response, Fault> {
    let mut sent = read(site, class, request)?;
    keep_key(class, &key, &mut sent)?;
    let path = object::relative_path(class, &key);
    let missing = list::absent(class, &key);
    let (own, root) = (site.clone(), request.root.clone());
    let written = site
        .write(move |context| {
            if !is_made_by_put(class) && !is_there(context, class, &key)? {
                return Ok(None);
            }
            let saved = rules::save(context, &class.name, &sent)?;
            list::bare(context.db, &own, class, &saved.key(class), &root).map(Some)
        })
        .await;
    let answer = written.map_err(|error| Fault::store(error, "PutInstance", &path))?;
    Ok(json(StatusCode::OK, answer.ok_or(missing)?))
}

/// `DELETE Class(key)`.
pub(super) async fn delete(
    site: &Site,
    class: &'static Class,
    key: ObjectKey,
) -> Result<Response, Fault> {
    let path = object::relative_path(class, &key);
    let missing = list::absent(class, &key);
    let deleted = site
        .write(move |context| {
            if !is_there(context, class, &key)? {
                return Ok(false);
            }
            rules::delete(context, &class.name, &key)?;
            Ok(true)
        })
        .await;
    let was_there = deleted.map_err(|error| Fault::store(error, "DeleteInstance", &path))?;
    if was_there { Ok(empty()) } else { Err(missing) }
}

fn read(site: &Site, class: &Class, request: &Request) -> Result<Object, Fault> {
    body::members(&request.body)
        .and_then(|members| body::object(site.catalog(), class, members))
        .map_err(Fault::bad_request)
}

fn is_there(context: &Context<'_>, class: &Class, key: &ObjectKey) -> Result<bool, StoreError> {
    Ok(rules::shown(context, &class.name, key)?.is_some())
}

/// Whether a `PUT` at an unused key makes an object: settings, which hang on the object that has the same key.
fn is_made_by_put(class: &Class) -> bool {
    class.key.len() == 1 && class.keys().all(|key| !key.generated)
}

/// The key of the path, whatever the body leaves out; a body that names another object is not understood.
fn keep_key(class: &Class, key: &ObjectKey, sent: &mut Object) -> Result<(), Fault> {
    for (name, value) in class.key.iter().zip(&key.values) {
        match sent.get(name) {
            Some(other) if !same(other, value) => {
                return Err(Fault::bad_request(format!(
                    "{name} is {value} in the path and {other} in the body."
                )));
            }
            _ => {
                sent.set(name, value.clone());
            }
        }
    }
    Ok(())
}

fn same(left: &Value, right: &Value) -> bool {
    match (left.as_str(), right.as_str()) {
        (Some(left), Some(right)) => left.eq_ignore_ascii_case(right),
        _ => left == right,
    }
}
