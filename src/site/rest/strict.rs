//! The embedded site playing a difficult real one, for tests and for training.
//!
//! A layer in front of the router. [`Quirk`]s are what real sites are expected to do otherwise than the embedded one,
//! in every answer; [`Trouble`]s are faults that come now and then. Each is a line of a table and a few lines of code.

mod pages;
mod quirk;
mod trouble;
mod viewer;
mod windows;

use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::middleware::{self, Next};
use axum::response::Response;
use http::request::Parts;
use http::{HeaderValue, Method, Request, Uri, header};

use super::LARGEST_BODY;
use super::answer::Fault;
use crate::odata::path::{KeyPredicate, Target};

pub use quirk::Quirk;
pub use trouble::{Kind as TroubleKind, Trouble};

/// No answer of the embedded site is longer.
const LARGEST_ANSWER: usize = 256 * 1024 * 1024;

/// What a site plays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script {
    pub quirks: BTreeSet<Quirk>,
    pub troubles: Vec<Trouble>,
}

impl Script {
    /// What real sites are expected to do.
    pub fn strict() -> Self {
        let expected = [
            Quirk::Windows,
            Quirk::NoSchedules,
            Quirk::NoBackslash,
            Quirk::PlainValue,
            Quirk::NextLink,
        ];
        Self {
            quirks: expected.into(),
            troubles: Vec::new(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.quirks.is_empty() && self.troubles.is_empty()
    }

    /// The router as this script makes it look.
    pub fn before(self, router: Router) -> Router {
        if self.is_empty() {
            return router;
        }
        let script = Arc::new(self);
        let count = Arc::new(AtomicUsize::new(0));
        router.layer(middleware::from_fn(
            move |request: Request<Body>, next: Next| {
                let script = Arc::clone(&script);
                let number = count.fetch_add(1, Ordering::SeqCst) + 1;
                async move { script.play(number, request, next).await }
            },
        ))
    }

    async fn play(&self, number: usize, request: Request<Body>, next: Next) -> Response {
        let due = || {
            self.troubles
                .iter()
                .filter(|trouble| trouble.is_due(number))
        };
        if let Some(answer) = due().find_map(Trouble::instead) {
            return answer;
        }
        let mut answer = self.answer(request, next).await;
        for trouble in due() {
            answer = trouble.after(answer).await;
        }
        answer
    }

    async fn answer(&self, request: Request<Body>, next: Next) -> Response {
        let (head, body) = request.into_parts();
        let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
            return Fault::bad_request("The request broke off.").into();
        };
        let mut asked = Asked::of(head, body);
        for quirk in &self.quirks {
            if let Err(fault) = quirk.before(&mut asked) {
                return fault.into();
            }
        }
        let request = Request::from_parts(asked.head.clone(), Body::from(asked.body.clone()));
        let mut answer = next.run(request).await;
        for quirk in &self.quirks {
            answer = quirk.after(&asked, answer).await;
        }
        answer
    }
}

/// The names of all that is played.
impl Display for Script {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let quirks = self.quirks.iter().map(ToString::to_string);
        let troubles = self.troubles.iter().map(ToString::to_string);
        let names: Vec<String> = quirks.chain(troubles).collect();
        f.write_str(&names.join(", "))
    }
}

/// A request, read as far as it can be.
struct Asked {
    head: Parts,
    /// Nothing where the path names nothing.
    target: Option<Target>,
    body: Bytes,
    /// Rows that were asked for, before this answer was cut to a page.
    wanted: Option<u64>,
}

impl Asked {
    fn of(head: Parts, body: Bytes) -> Self {
        Self {
            target: Target::parse(head.uri.path()).ok(),
            head,
            body,
            wanted: None,
        }
    }

    /// Whether an object is named by a key like that.
    fn names_key(&self, is_like: impl Fn(&KeyPredicate) -> bool) -> bool {
        match &self.target {
            Some(Target::Object { key, .. } | Target::ObjectMethod { key, .. }) => is_like(key),
            _ => false,
        }
    }

    fn reads(&self) -> bool {
        self.head.method == Method::GET
    }

    fn query(&self) -> &str {
        self.head.uri.query().unwrap_or_default()
    }

    /// Asks for the same with other options.
    fn ask(&mut self, query: &str) {
        let path = self.head.uri.path();
        let uri = if query.is_empty() {
            Uri::try_from(path)
        } else {
            Uri::try_from(format!("{path}?{query}"))
        };
        // Printed by ourselves, so it can be read; else the request stays as it was.
        if let Ok(uri) = uri {
            self.head.uri = uri;
        }
    }

    /// Sends another body.
    fn send(&mut self, body: String) {
        let length = HeaderValue::from(body.len());
        self.head.headers.insert(header::CONTENT_LENGTH, length);
        self.body = Bytes::from(body);
    }
}

/// An answer with another body, made of the whole of its own.
async fn rewritten(answer: Response, change: impl FnOnce(Bytes) -> Body) -> Response {
    let (mut head, body) = answer.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_ANSWER).await else {
        return Fault::bad_request("The answer broke off.").into();
    };
    head.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(head, change(body))
}

#[cfg(test)]
mod tests;
