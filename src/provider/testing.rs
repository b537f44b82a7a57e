//! Sites that misbehave, for the tests of this room.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{Request, Response};

use super::transport::in_process;
use super::{Patience, Provider, SiteAddress};

/// A provider over a router that plays a site.
pub fn provider(router: Router) -> Provider {
    Provider::with_patience(
        in_process(router),
        SiteAddress::local("lab"),
        Patience {
            answer: Duration::from_secs(5),
            at_once: 4,
            repeats: 2,
            pause: Duration::from_millis(100),
        },
    )
}

/// A provider over one function from request to answer.
pub fn answering<F>(site: F) -> Provider
where
    F: Fn(&Request<Body>) -> Response<Body> + Clone + Send + Sync + 'static,
{
    provider(Router::new().fallback(move |request: Request<Body>| {
        let answer = site(&request);
        async move { answer }
    }))
}

pub fn answer(status: u16, body: impl Into<Body>) -> Response<Body> {
    Response::builder()
        .status(status)
        .body(body.into())
        .unwrap()
}
