//! What every transport is wrapped in: patience with an end, few requests at once, and reads asked again.
//!
//! A write is never repeated here: whether it was carried out is for the one who ordered it to find out.

mod recording;

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use tokio::time::{sleep, timeout};
use tower::limit::ConcurrencyLimitLayer;
use tower::retry::{Policy, RetryLayer};
use tower::{Service, ServiceBuilder};
use uuid::Uuid;

use super::garbled;
use super::oddities;
use super::refusal;
use super::requests::Requests;
use super::transport::{Departure, Transport, TransportError, TurnedDown};

use recording::Recording;

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
            answer: Duration::from_mins(1),
            at_once: 4,
            repeats: 3,
            pause: Duration::from_millis(300),
        }
    }
}

/// The longest pause of a read. A site that asks for a longer one is not asked again here: whoever reads is told how long.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// Strays are seldom: whoever reads is told soon that it is none.
const STRAYS: u32 = 2;

/// A transport with all of this around it.
pub(super) fn layered(transport: Transport, patience: Patience, requests: Requests) -> Transport {
    let repeats = Repeats {
        left: patience.repeats,
        pause: patience.pause,
        strays: STRAYS,
    };
    let service = ServiceBuilder::new()
        .layer(RetryLayer::new(repeats))
        .layer(ConcurrencyLimitLayer::new(patience.at_once))
        .service(Recording {
            inner: TimeLimit {
                inner: transport,
                limit: patience.answer,
            },
            requests,
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
                Err(TransportError::Silent {
                    limit,
                    after_sending: departure.has_left(),
                })
            })
        })
    }
}

/// Asks a read again after a pause that grows. A site that was silent for all the time there is for one answer is not
/// asked the same again: whoever waits wants to know by now.
#[derive(Clone)]
struct Repeats {
    left: u32,
    pause: Duration,
    /// How often it is asked again after an answer that may be a stray one.
    strays: u32,
}

impl Repeats {
    /// The shortest pause before the same is asked again; nothing where it is not.
    fn wanted(&mut self, result: &Result<Response<Bytes>, TransportError>) -> Option<Duration> {
        match result {
            Ok(answer) if oddities::is_passing(answer) => {
                let asked = oddities::retry_after(answer).unwrap_or_default();
                (asked <= LONGEST_PAUSE).then_some(asked)
            }
            Ok(answer) if is_stray(answer) => {
                self.strays = self.strays.checked_sub(1)?;
                Some(Duration::ZERO)
            }
            Err(TransportError::Lost { .. }) => Some(Duration::ZERO),
            _ => None,
        }
    }
}

/// Whether an answer may be another one the next time: the site broke down over the request, or did not take a token that
/// it may take, or something in between answered in its place. A password is not shown twice.
fn is_stray(answer: &Response<Bytes>) -> bool {
    let is_of_token = answer.extensions().get::<TurnedDown>().is_some();
    let status = answer.status();
    let is_of_another =
        status.is_redirection() || status.is_success() && !garbled::looks_whole(answer.body());
    is_of_token || is_of_another || refusal::is_breakdown(answer)
}

impl Policy<Request<Bytes>, Response<Bytes>, TransportError> for Repeats {
    type Future = Pin<Box<dyn Future<Output = ()> + Send>>;

    fn retry(
        &mut self,
        _: &mut Request<Bytes>,
        result: &mut Result<Response<Bytes>, TransportError>,
    ) -> Option<Self::Future> {
        let wanted = self.wanted(result)?;
        self.left = self.left.checked_sub(1)?;
        let pause = jittered(self.pause).min(LONGEST_PAUSE).max(wanted);
        self.pause *= 2;
        tracing::info!(pause = ?pause, "asking again");
        Some(Box::pin(sleep(pause)))
    }

    fn clone_request(&mut self, request: &Request<Bytes>) -> Option<Request<Bytes>> {
        (request.method() == Method::GET).then(|| request.clone())
    }
}

/// Between half and three halves of a pause, so that many consoles do not come back in step.
fn jittered(pause: Duration) -> Duration {
    let (_, chance) = Uuid::new_v4().as_u64_pair();
    let part = u32::try_from(chance % 1_000).unwrap_or_default();
    pause / 2 + pause * part / 1_000
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::Router;
    use axum::body::Body;
    use axum::response::Response;
    use http::header::RETRY_AFTER;
    use tokio::time::Instant;

    use super::*;
    use crate::error::SiteError;
    use crate::provider::testing::{answer, answering, provider};
    use crate::provider::{Provider, SiteAddress};
    use crate::sms::collection::CollectionChanges;

    /// A site that answers so only the first times, then with a count.
    fn refusing_first(
        times: usize,
        status: u16,
        body: &'static str,
    ) -> (Provider, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let site = answering(move |_| {
            if count.fetch_add(1, Ordering::SeqCst) < times {
                answer(status, body)
            } else {
                answer(200, "7")
            }
        });
        (site, asked)
    }

    #[tokio::test(start_paused = true)]
    async fn a_read_is_asked_again_while_the_site_is_busy() {
        for (status, body) in [
            (503, ""),
            (429, ""),
            (
                500,
                r#"{"error":{"code":"500","message":"ErrorCode = 1078462258;"}}"#,
            ),
        ] {
            let (site, asked) = refusing_first(2, status, body);
            assert_eq!(site.count("SMS_Site", None).await, Ok(7));
            assert_eq!(asked.load(Ordering::SeqCst), 3);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn patience_with_a_busy_site_ends() {
        let (site, asked) = refusing_first(usize::MAX, 503, "");
        assert!(site.count("SMS_Site", None).await.is_err());
        assert_eq!(asked.load(Ordering::SeqCst), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_is_not_asked_about_again() {
        let reason = r#"{"error":{"code":"500","message":"The name is taken"}}"#;
        for (status, body) in [(400, ""), (401, ""), (403, ""), (404, ""), (500, reason)] {
            let (site, asked) = refusing_first(1, status, body);
            assert!(site.count("SMS_Site", None).await.is_err());
            assert_eq!(asked.load(Ordering::SeqCst), 1, "{status}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_read_whose_answer_may_be_a_stray_one_is_asked_twice_more() {
        for (status, body) in [(500, ""), (302, ""), (200, "<html>"), (200, "{\"value\":[")] {
            let (site, asked) = refusing_first(2, status, body);
            assert_eq!(site.count("SMS_Site", None).await, Ok(7), "{status} {body}");
            assert_eq!(asked.load(Ordering::SeqCst), 3);
            let (site, asked) = refusing_first(usize::MAX, status, body);
            assert!(site.count("SMS_Site", None).await.is_err());
            assert_eq!(asked.load(Ordering::SeqCst), 3);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_site_that_asks_for_a_long_pause_is_not_asked_within_it() {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let site = answering(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            let mut busy = answer(429, "");
            busy.headers_mut().insert(RETRY_AFTER, 120.into());
            busy
        });
        let error = site.count("SMS_Site", None).await.unwrap_err();
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        assert_eq!(error.wait(), Duration::from_mins(2));
        assert_eq!(
            error.to_string(),
            "lab is not ready: Too Many Requests (429, and no word of why); it asks to be left alone for 120 s"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_is_sent_once() {
        let (site, asked) = refusing_first(usize::MAX, 504, "");
        let made = site.create(&CollectionChanges::default()).await;
        assert!(made.unwrap_err().leaves_doubt());
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn every_request_is_written_down_without_its_body() {
        let (site, _) = refusing_first(1, 503, "secret");
        assert_eq!(site.count("SMS_Site", None).await, Ok(7));
        let asked: Vec<String> = site
            .requests()
            .latest()
            .iter()
            .map(ToString::to_string)
            .collect();
        let url = "GET https://localhost/AdminService/wmi/SMS_Site/$count";
        assert_eq!(
            asked,
            [
                format!("{url} 503 0 ms, 0 B sent, 6 B received"),
                format!("{url} 200 0 ms, 0 B sent, 1 B received"),
            ]
        );
        for _ in 0..300 {
            site.count("SMS_Site", None).await.unwrap();
        }
        assert_eq!(site.requests().latest().len(), 200);
    }

    #[tokio::test(start_paused = true)]
    async fn the_pause_a_site_asks_for_is_kept() {
        let asked = Arc::new(AtomicUsize::new(0));
        let site = answering(move |_| {
            if asked.fetch_add(1, Ordering::SeqCst) == 0 {
                let mut busy = answer(429, "");
                busy.headers_mut().insert(RETRY_AFTER, 7.into());
                busy
            } else {
                answer(200, "7")
            }
        });
        let start = Instant::now();
        assert_eq!(site.count("SMS_Site", None).await, Ok(7));
        assert!(start.elapsed() >= Duration::from_secs(7));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_stops_in_its_body_ends_the_wait() {
        let site = provider(Router::new().fallback(|| async {
            let first = futures_util::stream::iter([Ok::<_, std::io::Error>("[1,")]);
            let never = futures_util::stream::pending();
            Response::new(Body::from_stream(futures_util::StreamExt::chain(
                first, never,
            )))
        }));
        let made = site.create(&CollectionChanges::default()).await;
        let error = made.unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot reach lab: no whole answer came within 5 s"
        );
        assert!(error.leaves_doubt());
    }

    #[tokio::test(start_paused = true)]
    async fn a_site_that_is_silent_for_all_of_the_time_is_not_asked_again() {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let site = provider(Router::new().fallback(move || {
            count.fetch_add(1, Ordering::SeqCst);
            std::future::pending::<()>()
        }));
        let start = Instant::now();
        assert!(site.count("SMS_Site", None).await.is_err());
        assert_eq!(start.elapsed(), Duration::from_secs(5));
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_that_ended_before_the_request_left_leaves_no_doubt() {
        let stuck = Transport::new(tower::service_fn(|_| std::future::pending()));
        let site = Provider::new(stuck, SiteAddress::local("lab"));
        let error = site
            .create(&CollectionChanges::default())
            .await
            .unwrap_err();
        assert!(
            matches!(
                error,
                SiteError::Unreachable {
                    after_sending: false,
                    ..
                }
            ),
            "{error:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_few_requests_are_on_their_way_at_once() {
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let peak = Arc::clone(&most);
        let site = provider(Router::new().fallback(move || {
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            async move {
                let here = now.fetch_add(1, Ordering::SeqCst) + 1;
                most.fetch_max(here, Ordering::SeqCst);
                sleep(Duration::from_millis(10)).await;
                now.fetch_sub(1, Ordering::SeqCst);
                "7"
            }
        }));
        let asks = (0..20).map(|_| {
            let site = site.clone();
            tokio::spawn(async move { site.count("SMS_Site", None).await })
        });
        for ask in asks.collect::<Vec<_>>() {
            assert_eq!(ask.await.unwrap(), Ok(7));
        }
        assert_eq!(peak.load(Ordering::SeqCst), 4);
    }

    #[test]
    fn pauses_differ_but_not_by_much() {
        let pause = Duration::from_secs(1);
        for _ in 0..100 {
            let pause = jittered(pause);
            assert!((Duration::from_millis(500)..Duration::from_millis(1_500)).contains(&pause));
        }
    }
}
