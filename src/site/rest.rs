//! The AdminService face: one fallback route, because paths are read in all the forms real sites take.
//!
//! [`crate::odata`] reads path and options, [`rows`] writes what was found, [`change`] and [`call`] write to the site.
//! What is answered, and with which status, is told in `adminservice.md` 1 to 8 of the domain's facts: lists and single
//! reads 200 and wrapped, creates and method calls 201, updates 200, deletes 204, refusals of the provider 500.

mod answer;
mod body;
mod call;
mod change;
mod condition;
mod key;
mod list;
mod metadata;
mod rows;
pub mod strict;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use http::{HeaderMap, Method, Uri, header};

use super::Site;
use super::catalog::Class;
use crate::odata::path::{KeyPredicate, PathError, Target};
use crate::odata::query::Query;
use answer::Fault;

/// The largest body that is read: collections with tens of thousands of rules fit in.
const LARGEST_BODY: usize = 32 * 1024 * 1024;

/// The service over one site.
pub fn router(site: Site) -> Router {
    Router::new()
        .fallback(answer)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(site)
}

/// One request, taken apart.
struct Request {
    method: Method,
    /// `https://host/AdminService/wmi/`, as the client named it.
    root: String,
    query: String,
    body: Bytes,
}

async fn answer(
    State(site): State<Site>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let has_length = headers.contains_key(header::CONTENT_LENGTH)
        || headers.contains_key(header::TRANSFER_ENCODING);
    if method == Method::POST && body.is_empty() && !has_length {
        return Fault::length_required().into();
    }
    let request = Request {
        root: root(&site, &uri, &headers),
        query: uri.query().unwrap_or_default().to_owned(),
        method,
        body,
    };
    match dispatch(&site, request, uri.path()).await {
        Ok(response) => response,
        Err(fault) => fault.into(),
    }
}

/// Where answers say the service is: where the client found it, else the site server.
fn root(site: &Site, uri: &Uri, headers: &HeaderMap) -> String {
    let named = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let host = named
        .or_else(|| uri.authority().map(http::uri::Authority::as_str))
        .unwrap_or(&site.identity().server);
    format!("https://{host}{}", crate::odata::path::WMI_ROOT)
}

async fn dispatch(site: &Site, request: Request, path: &str) -> Result<Response, Fault> {
    let target = Target::parse(path).map_err(|error| match error {
        PathError::Elsewhere(_) => {
            Fault::not_found(format!("No HTTP resource was found that matches {path}."))
        }
        PathError::Malformed(_) => Fault::not_found(error.to_string()),
    })?;
    let reads = request.method == Method::GET;
    match target {
        Target::Service if reads => Ok(metadata::service(site, &request.root)),
        Target::Metadata if reads => Ok(metadata::document(site)),
        Target::Class(class) => on_class(site, request, &class).await,
        Target::Count(class) if reads => {
            let query = query(&request)?;
            list::count(site, listed(site, &class)?, query).await
        }
        Target::Object { class, key } => on_object(site, request, &class, &key).await,
        Target::StaticMethod { class, method } | Target::ClassMethod { class, method } => {
            call::on_class(site, &request, &class, &method).await
        }
        Target::ObjectMethod { class, key, method } if request.method == Method::POST => {
            call::on_object(site, &request, listed(site, &class)?, &key, &method).await
        }
        _ => Err(Fault::method_not_allowed()),
    }
}

async fn on_class(site: &Site, request: Request, class: &str) -> Result<Response, Fault> {
    let class = listed(site, class)?;
    match request.method {
        Method::GET => {
            let query = query(&request)?;
            list::all(site, class, query, &request.root).await
        }
        Method::POST => change::save(site, class, &request).await,
        _ => Err(Fault::method_not_allowed()),
    }
}

async fn on_object(
    site: &Site,
    request: Request,
    class: &str,
    predicate: &KeyPredicate,
) -> Result<Response, Fault> {
    let class = listed(site, class)?;
    let key = key::resolve(class, predicate)?;
    match request.method {
        Method::GET => {
            let query = query(&request)?;
            list::one(site, class, key, query, &request.root).await
        }
        Method::PUT | Method::PATCH => change::merge(site, class, key, &request).await,
        Method::DELETE => change::delete(site, class, key).await,
        _ => Err(Fault::method_not_allowed()),
    }
}

/// A class whose objects can be asked for.
fn listed(site: &Site, name: &str) -> Result<&'static Class, Fault> {
    site.catalog()
        .class(name)
        .filter(|class| class.has_objects())
        .ok_or_else(|| Fault::not_found(format!("Resource not found for the segment '{name}'.")))
}

fn query(request: &Request) -> Result<Query, Fault> {
    Query::parse(&request.query).map_err(|error| Fault::bad_request(error.to_string()))
}
