//! Writes down what is asked of a site, for the log and for whoever looks.

use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use jiff::Timestamp;
use tokio::time::Instant;
use tower::Service;

use super::Answering;
use crate::provider::requests::{AskedRequest, Outcome, Requests};
use crate::provider::transport::TransportError;

/// The name under which `--log-requests` has these lines written.
const LOGGED_AS: &str = "requests";

/// Adds each request to a list when it has come to its end.
#[derive(Clone)]
pub(super) struct Recording<S> {
    pub inner: S,
    pub requests: Requests,
}

impl<S> Service<Request<Bytes>> for Recording<S>
where
    S: Service<Request<Bytes>, Response = Response<Bytes>, Error = TransportError>,
    S::Future: Send + 'static,
{
    type Response = Response<Bytes>;
    type Error = TransportError;
    type Future = Answering;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Bytes>) -> Answering {
        let (at, since) = (Timestamp::now(), Instant::now());
        let (method, url) = (request.method().clone(), request.uri().to_string());
        let (sent, requests) = (request.body().len(), self.requests.clone());
        let answer = self.inner.call(request);
        Box::pin(async move {
            let answer = answer.await;
            let (outcome, received) = match &answer {
                Ok(answer) => (Outcome::Answered(answer.status()), answer.body().len()),
                Err(error) => (Outcome::Lost(error.to_string()), 0),
            };
            let asked = AskedRequest {
                number: 0,
                at,
                method,
                url,
                outcome,
                took: since.elapsed(),
                sent,
                received,
            };
            tracing::info!(target: LOGGED_AS, "{asked}");
            requests.add(asked);
            answer
        })
    }
}
