//! Faults that come now and then: of the line, of whatever stands in front of a site, and of the site itself.

use std::convert::Infallible;
use std::fmt::{self, Display, Formatter};
use std::io;
use std::str::FromStr;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::{StatusCode, header};
use strum::EnumMessage;
use tokio::time::sleep;

use super::rewritten;
use crate::site::rest::answer::Fault;

/// A fault and when it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trouble {
    pub kind: Kind,
    /// Every request of this number; for a cut, the one request of this number.
    pub number: usize,
}

/// A kind of fault.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::EnumMessage,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Kind {
    #[strum(message = "the line is lost before the Nth request is carried out; N is 1 unless said")]
    CutBefore,
    #[strum(message = "the line is lost after the Nth request was carried out")]
    CutAfter,
    #[strum(
        message = "every Nth answer ends in the middle of its body; N is 5 unless said, here and below"
    )]
    CutBody,
    #[strum(message = "every Nth answer is half a JSON")]
    HalfJson,
    #[strum(message = "every Nth answer is garbage")]
    Garbage,
    #[strum(message = "every Nth answer is the web page of a proxy")]
    Html,
    #[strum(message = "every Nth request is sent elsewhere")]
    Redirect,
    #[strum(message = "every Nth answer comes one byte a second")]
    Slow,
    #[strum(message = "every Nth request is told to sign in")]
    SignedOut,
    #[strum(message = "every Nth request is carried out and then answered 500")]
    FailedAfter,
    #[strum(message = "every Nth request is told to come again in a second")]
    Busy,
}

impl Trouble {
    pub fn new(kind: Kind) -> Self {
        let number = if kind.is_once() { 1 } else { 5 };
        Self { kind, number }
    }

    pub fn at(kind: Kind, number: usize) -> Self {
        Self { kind, number }
    }

    pub(super) fn is_due(&self, request: usize) -> bool {
        if self.kind.is_once() {
            request == self.number
        } else {
            request.is_multiple_of(self.number.max(1))
        }
    }

    /// The answer of whatever stands in front of the site: the request is not carried out.
    pub(super) fn instead(&self) -> Option<Response> {
        Some(match self.kind {
            Kind::CutBefore => broken(Bytes::new()),
            Kind::Html => {
                let page = "<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head><body>Welcome</body></html>";
                ([(header::CONTENT_TYPE, "text/html")], page).into_response()
            }
            Kind::Redirect => {
                let to = [(header::LOCATION, "https://login.example/")];
                (StatusCode::FOUND, to).into_response()
            }
            Kind::SignedOut => {
                let how = [(header::WWW_AUTHENTICATE, "Negotiate")];
                (StatusCode::UNAUTHORIZED, how).into_response()
            }
            Kind::Busy => {
                let when = [(header::RETRY_AFTER, "1")];
                (StatusCode::SERVICE_UNAVAILABLE, when).into_response()
            }
            _ => return None,
        })
    }

    /// What becomes of an answer.
    pub(super) async fn after(&self, answer: Response) -> Response {
        let half = |body: &Bytes| body.slice(..body.len() / 2);
        match self.kind {
            Kind::CutAfter => broken(Bytes::new()),
            Kind::CutBody => rewritten(answer, |body| torn(half(&body))).await,
            Kind::HalfJson => rewritten(answer, |body| Body::from(half(&body))).await,
            Kind::Garbage => {
                rewritten(answer, |_| Body::from(&b"\x00\x1f\x8b\xffnoise\x1b[2J"[..])).await
            }
            Kind::Slow => rewritten(answer, trickling).await,
            Kind::FailedAfter => Fault::failed("An error has occurred.").into(),
            _ => answer,
        }
    }
}

impl Kind {
    /// A cut happens once; everything else comes again.
    fn is_once(self) -> bool {
        matches!(self, Self::CutBefore | Self::CutAfter)
    }
}

/// An answer that never comes to its end: the line is lost behind these bytes.
fn broken(first: Bytes) -> Response {
    Response::new(torn(first))
}

fn torn(first: Bytes) -> Body {
    let lost = io::Error::from(io::ErrorKind::ConnectionReset);
    Body::from_stream(stream::iter([Ok(first), Err(lost)]))
}

fn trickling(body: Bytes) -> Body {
    Body::from_stream(stream::unfold(0, move |at| {
        let byte = (at < body.len()).then(|| body.slice(at..=at));
        async move {
            let byte = byte?;
            sleep(Duration::from_secs(1)).await;
            Some((Ok::<_, Infallible>(byte), at + 1))
        }
    }))
}

impl Display for Trouble {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.kind, self.number)
    }
}

/// `KIND` or `KIND=N`.
impl FromStr for Trouble {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, number) = match text.split_once('=') {
            Some((kind, number)) => (kind, Some(number)),
            None => (text, None),
        };
        let kind: Kind = kind
            .parse()
            .map_err(|_| format!("there is no trouble {kind}"))?;
        match number.map(str::parse) {
            None => Ok(Self::new(kind)),
            Some(Ok(number)) if number > 0 => Ok(Self::at(kind, number)),
            Some(_) => Err(format!("{text}: N is a number from 1")),
        }
    }
}

impl Kind {
    /// What it does, in words.
    pub fn words(self) -> &'static str {
        self.get_message().unwrap_or_default()
    }
}
