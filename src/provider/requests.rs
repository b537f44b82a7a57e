//! What was asked of a site lately: method, URL, status, time and size of each request; never a header, never a body.

use std::collections::VecDeque;
use std::fmt::{self, Display, Formatter};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::Instant;

use super::transport::TransportError;

/// The name under which `--log-requests` has these lines written.
const LOGGED_AS: &str = "requests";

/// Requests that are kept.
const KEPT: usize = 200;

/// One request as it went out, repeats each on their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedRequest {
    /// Its place among all that came to their end, told when it is kept.
    pub number: u64,
    /// When it left.
    pub at: Timestamp,
    pub method: Method,
    pub url: String,
    pub outcome: Outcome,
    /// Until its whole answer was there, or was given up.
    pub took: Duration,
    /// Bytes of the body that was sent.
    pub sent: usize,
    /// Bytes of the body that came back.
    pub received: usize,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Answered(StatusCode),
    /// No answer, and why.
    Lost(String),
}

/// The last requests of a site, oldest first. Clones are the same list.
#[derive(Debug, Clone)]
pub struct Requests(Arc<watch::Sender<VecDeque<AskedRequest>>>);

impl Default for Requests {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(VecDeque::new())))
    }
}

impl Requests {
    /// Those that are kept, oldest first.
    pub fn latest(&self) -> Vec<AskedRequest> {
        self.0.borrow().iter().cloned().collect()
    }

    /// Tells whenever another one was added.
    pub fn changes(&self) -> watch::Receiver<VecDeque<AskedRequest>> {
        self.0.subscribe()
    }

    fn add(&self, request: AskedRequest) {
        self.0.send_modify(|kept| {
            let number = kept.back().map_or(0, |last| last.number + 1);
            kept.push_back(AskedRequest { number, ..request });
            if kept.len() > KEPT {
                kept.pop_front();
            }
        });
    }
}

/// A request on its way, until it is in the list.
pub(super) struct OnItsWay {
    requests: Option<Requests>,
    since: Instant,
    asked: AskedRequest,
}

impl OnItsWay {
    /// One that leaves now, with so many bytes. Without a list it is for the log alone.
    pub fn now(requests: Option<Requests>, method: &Method, url: String, sent: usize) -> Self {
        Self {
            requests,
            since: Instant::now(),
            asked: AskedRequest {
                number: 0,
                at: Timestamp::now(),
                method: method.clone(),
                url,
                outcome: Outcome::Lost(String::new()),
                took: Duration::ZERO,
                sent,
                received: 0,
            },
        }
    }

    pub fn answered(self, answer: &Response<Bytes>) {
        self.ended(Outcome::Answered(answer.status()), answer.body().len());
    }

    pub fn lost(self, error: &TransportError) {
        self.ended(Outcome::Lost(error.to_string()), 0);
    }

    fn ended(self, outcome: Outcome, received: usize) {
        let asked = AskedRequest {
            outcome,
            received,
            took: self.since.elapsed(),
            ..self.asked
        };
        tracing::info!(target: LOGGED_AS, "{asked}");
        if let Some(requests) = self.requests {
            requests.add(asked);
        }
    }
}

/// A line of a log: `GET https://lab/AdminService/wmi/SMS_Site 200 12 ms, 0 B sent, 345 B received`.
impl Display for AskedRequest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self {
            method,
            url,
            sent,
            received,
            ..
        } = self;
        let (outcome, took) = (&self.outcome, self.took.as_millis());
        write!(
            f,
            "{method} {url} {outcome} {took} ms, {sent} B sent, {received} B received"
        )
    }
}

impl Display for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered(status) => write!(f, "{}", status.as_u16()),
            Self::Lost(reason) => write!(f, "lost ({reason})"),
        }
    }
}
