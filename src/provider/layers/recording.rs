//! Writes down what is asked of a site, for the log and for whoever looks.

use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use tower::Service;

use super::Answering;
use crate::provider::requests::{OnItsWay, Requests};
use crate::provider::transport::TransportError;

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

    fn call(&mut self, mut request: Request<Bytes>) -> Answering {
        let requests = self.requests.clone();
        // What the transport asks besides, to sign a connection in, goes into the same list.
        request.extensions_mut().insert(requests.clone());
        let (url, sent) = (request.uri().to_string(), request.body().len());
        let on_its_way = OnItsWay::now(Some(requests), request.method(), url, sent);
        let answer = self.inner.call(request);
        Box::pin(async move {
            let answer = answer.await;
            match &answer {
                Ok(answer) => on_its_way.answered(answer),
                Err(error) => on_its_way.lost(error),
            }
            answer
        })
    }
}
