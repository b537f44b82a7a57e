//! What every transport is wrapped in: patience with an end, few requests at once, and reads asked again.
//!
//! A write is never repeated here: whether it was carried out is for the one who ordered it to find out.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{Method, Request, Response};
use tokio::time::{sleep, timeout};
use tower::limit::ConcurrencyLimitLayer;
use tower::retry::{Policy, RetryLayer};
use tower::{Service, ServiceBuilder};
use uuid::Uuid;

use super::oddities;
use super::transport::{Departure, Transport, TransportError};

/// How long a site is waited for, and how much is asked of it at once.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For one request, head and body of its answer included.
    pub answer: Duration,
    /// Requests on their way at the same time.
    pub at_once: usize,
    /// How often a read is asked again.
    pub repeats: u32,
    /// The pause before the first repeat; each further one is twice as long.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            answer: Duration::from_secs(60),
            at_once: 4,
            repeats: 3,
            pause: Duration::from_millis(300),
        }
    }
}

/// The longest pause, whatever a site asks for.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// A transport with all of this around it.
pub(super) fn layered(transport: Transport, patience: Patience) -> Transport {
    let repeats = Repeats {
        left: patience.repeats,
        pause: patience.pause,
    };
    let service = ServiceBuilder::new()
        .layer(RetryLayer::new(repeats))
        .layer(ConcurrencyLimitLayer::new(patience.at_once))
        .service(TimeLimit {
            inner: transport,
            limit: patience.answer,
        });
    Transport::new(service)
}

/// Ends the wait for an answer, its body included, and says whether the request had left by then.
#[derive(Clone)]
struct TimeLimit {
    inner: Transport,
    limit: Duration,
}

type Answering = Pin<Box<dyn Future<Output = Result<Response<Bytes>, TransportError>> + Send>>;

impl Service<Request<Bytes>> for TimeLimit {
    type Response = Response<Bytes>;
    type Error = TransportError;
    type Future = Answering;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Bytes>) -> Answering {
        let departure = Departure::default();
        request.extensions_mut().insert(departure.clone());
        let limit = self.limit;
        let answer = self.inner.call(request);
        Box::pin(async move {
            timeout(limit, answer).await.unwrap_or_else(|_| {
                Err(TransportError::Lost {
                    reason: format!("no whole answer came within {} s", limit.as_secs()),
                    after_sending: departure.has_left(),
                })
            })
        })
    }
}

/// Asks a read again after a pause that grows.
#[derive(Clone)]
struct Repeats {
    left: u32,
    pause: Duration,
}

impl Policy<Request<Bytes>, Response<Bytes>, TransportError> for Repeats {
    type Future = Pin<Box<dyn Future<Output = ()> + Send>>;

    fn retry(
        &mut self,
        _: &mut Request<Bytes>,
        result: &mut Result<Response<Bytes>, TransportError>,
    ) -> Option<Self::Future> {
        let asked_for = match result {
            Ok(answer) if oddities::is_passing(answer) => pause_asked_for(answer),
            Err(TransportError::Lost { .. }) => None,
            _ => return None,
        };
        self.left = self.left.checked_sub(1)?;
        let pause = jittered(self.pause).max(asked_for.unwrap_or_default());
        self.pause *= 2;
        tracing::info!(pause = ?pause, "asking again");
        Some(Box::pin(sleep(pause.min(LONGEST_PAUSE))))
    }

    fn clone_request(&mut self, request: &Request<Bytes>) -> Option<Request<Bytes>> {
        (request.method() == Method::GET).then(|| request.clone())
    }
}

/// The seconds a busy site asks for.
fn pause_asked_for(answer: &Response<Bytes>) -> Option<Duration> {
    let seconds = answer.headers().get(RETRY_AFTER)?.to_str().ok()?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}

/// Between half and three halves of a pause, so that many consoles do not come back in step.
fn jittered(pause: Duration) -> Duration {
    let (_, chance) = Uuid::new_v4().as_u64_pair();
    let part = u32::try_from(chance % 1_000).unwrap_or_default();
    pause / 2 + pause * part / 1_000
}
