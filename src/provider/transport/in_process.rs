//! Calls a site that lives in this process, without a socket.

use std::fmt::Display;

use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response};
use tower::{Service, ServiceExt, service_fn};

use super::{Departure, Transport, TransportError, whole};

/// A transport to a service of this process, for example a router.
pub fn in_process<S>(site: S) -> Transport
where
    S: Service<Request<Body>, Response = Response<Body>> + Clone + Send + Sync + 'static,
    S::Future: Send,
    S::Error: Display + Send,
{
    Transport::new(service_fn(move |request: Request<Bytes>| {
        let site = site.clone();
        async move {
            Departure::of(&request).leave();
            let answer = site.oneshot(request.map(Body::from)).await;
            whole(answer.map_err(|error| TransportError::Lost {
                reason: error.to_string(),
                after_sending: true,
            })?)
            .await
        }
    }))
}
