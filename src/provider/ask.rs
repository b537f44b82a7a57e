//! One request, from what is wanted of a site to what it answered.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, DATE, USER_AGENT};
use http::{HeaderMap, Method, Request, StatusCode};
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use tower::ServiceExt;

use super::list::reading;
use super::refusal;
use super::transport::ourselves;
use super::{Provider, garbled, oddities};
use crate::error::SiteError;
use crate::odata::path::WMI_ROOT;
use crate::odata::{Query, Target};
use crate::sms::Row;
use crate::sms::site::IdentificationRow;

/// What is wanted of a site.
pub(super) struct Ask {
    pub method: Method,
    /// Path and query behind the server's name, as [`Provider::path`] makes it.
    pub path: String,
    pub body: Option<Value>,
    /// In words, for errors: "read package LAB00012".
    pub attempt: String,
    /// The object named by key in the path: what is missing when the answer is 404.
    pub what: Option<String>,
}

/// What a site answered, when it did not refuse.
pub(super) struct Answered {
    pub body: Bytes,
    /// What the site's clock showed, where the answer says it.
    pub date: Option<Timestamp>,
    attempt: String,
}

/// A refusal, still with the status for those who know a second way.
pub(super) struct Refused {
    pub status: Option<StatusCode>,
    pub error: SiteError,
}

impl From<Refused> for SiteError {
    fn from(refused: Refused) -> Self {
        refused.error
    }
}

/// No refusal of the site's: its answer was no use.
impl From<SiteError> for Refused {
    fn from(error: SiteError) -> Self {
        Self {
            status: None,
            error,
        }
    }
}

impl Answered {
    /// Reads the body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, SiteError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            // Never what stands in it: command lines hold passwords, and pages of a proxy hold tokens.
            let bytes = self.body.len();
            tracing::warn!(attempt = self.attempt, %error, bytes, "an answer could not be read");
            self.garbled(garbled::told(&self.body, &error))
        })
    }

    /// The one object of the answer, wrapped or bare.
    pub fn object<T: DeserializeOwned>(&self) -> Result<Option<T>, SiteError> {
        let Some(object) = oddities::only_object(self.json()?) else {
            return Ok(None);
        };
        serde_json::from_value(Value::Object(object))
            .map(Some)
            .map_err(|error| self.garbled(error.to_string()))
    }

    /// Whether a write was answered by the service at all: nothing, or JSON. Whatever else stands in between says 200 too.
    fn is_ours(&self, method: &Method) -> Result<(), SiteError> {
        if method == Method::GET || self.body.is_empty() {
            return Ok(());
        }
        self.json().map(|_: IgnoredAny| ())
    }

    pub fn garbled(&self, reason: impl Into<String>) -> SiteError {
        SiteError::Garbled {
            attempt: self.attempt.clone(),
            reason: reason.into(),
        }
    }
}

/// The `Date` of an answer.
fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get(DATE)?.to_str().ok()?;
    Some(rfc2822::parse(text).ok()?.timestamp())
}

impl Provider {
    /// How far the site's clock is ahead of this machine's; `None` where its answers carry no date.
    pub async fn clock_ahead(&self) -> Result<Option<SignedDuration>, SiteError> {
        let query = Query::default().selecting(["ThisSiteCode"]).top(1);
        let class = Target::Class(IdentificationRow::CLASS.to_owned());
        let path = self.path(&class, Some(&query));
        let answered = self.ask(reading(IdentificationRow::CLASS, path)).await?;
        Ok(answered
            .date
            .map(|date| date.duration_since(Timestamp::now())))
    }

    /// Path and query of a request, below the root of this site.
    pub(super) fn path(&self, target: &Target, query: Option<&Query>) -> String {
        let target = target.to_string();
        let below_root = target.strip_prefix("/AdminService").unwrap_or(&target);
        debug_assert!(WMI_ROOT.starts_with("/AdminService/"));
        let query = query.map(Query::to_string).unwrap_or_default();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{below_root}{mark}{query}", self.address.root)
    }

    /// Sends one request; an answer other than 2xx is an error in the site's own words.
    ///
    /// Boxed: whoever asks several things at once would carry the state of each request in its own future.
    pub(super) fn ask(
        &self,
        ask: Ask,
    ) -> Pin<Box<dyn Future<Output = Result<Answered, Refused>> + Send + '_>> {
        Box::pin(self.send(ask))
    }

    async fn send(&self, ask: Ask) -> Result<Answered, Refused> {
        let request = self.request(&ask)?;
        let answer = self.transport.clone().oneshot(request).await;
        let site = self.address.name.as_str();
        let answer = answer.map_err(|error| {
            tracing::info!(site, %error, "no answer");
            Refused {
                status: None,
                error: error.about(site),
            }
        })?;
        let status = answer.status();
        tracing::debug!(%status, method = %ask.method, path = ask.path, "asked");
        if status.is_success() {
            let answered = Answered {
                date: date(answer.headers()),
                body: answer.into_body(),
                attempt: ask.attempt,
            };
            return match answered.is_ours(&ask.method) {
                Ok(()) => Ok(answered),
                Err(error) => Err(Refused {
                    status: Some(status),
                    error,
                }),
            };
        }
        let error = refusal::told(site, ask.attempt, ask.what, &answer);
        tracing::info!(%status, method = %ask.method, path = ask.path, %error, "refused");
        Err(Refused {
            status: Some(status),
            error,
        })
    }

    fn request(&self, ask: &Ask) -> Result<Request<Bytes>, Refused> {
        let mut request = Request::builder()
            .method(&ask.method)
            .uri(format!("{}{}", self.address.origin, ask.path))
            .header(ACCEPT, "application/json")
            .header(USER_AGENT, ourselves());
        let mut body = Bytes::new();
        if let Some(value) = &ask.body {
            request = request.header(CONTENT_TYPE, "application/json");
            body = Bytes::from(value.to_string());
        }
        request.body(body).map_err(|error| Refused {
            status: None,
            error: SiteError::Refused {
                attempt: ask.attempt.clone(),
                reason: format!("the request cannot be written: {error}"),
                code: None,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_an_answer_is_read_in_the_form_of_the_web() {
        let mut headers = HeaderMap::new();
        assert_eq!(date(&headers), None);
        headers.insert(DATE, "Sun, 22 Nov 2026 19:47:55 GMT".parse().unwrap());
        let read = date(&headers).map(|date| date.to_string());
        assert_eq!(read.as_deref(), Some("2026-11-22T19:47:55Z"));
        headers.insert(DATE, "yesterday".parse().unwrap());
        assert_eq!(date(&headers), None);
    }
}
