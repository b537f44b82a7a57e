//! Answers: the shapes of success, and every failure as an error body with its documented status.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::odata::{ErrorBody, ExtendedStatus};
use crate::site::refusal::Refusal;
use crate::site::store::StoreError;

const JSON: HeaderValue = HeaderValue::from_static("application/json; odata.metadata=minimal");
const VERSION: HeaderValue = HeaderValue::from_static("4.0");

/// A request that did not end well: its status and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub status: StatusCode,
    pub message: String,
}

impl Fault {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
        }
    }

    /// A filter, query or body that cannot be understood.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// Unknown class, object or method; also a method parameter of the wrong name or type.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "The requested resource does not support this http method.",
        )
    }

    /// The service broke down over it.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    pub fn length_required() -> Self {
        Self::new(
            StatusCode::LENGTH_REQUIRED,
            "A request body or a Content-Length header is required.",
        )
    }

    /// What the provider says: the description, then the status object as real sites append it.
    pub fn refused(refusal: &Refusal, operation: &str, path: &str) -> Self {
        let status = ExtendedStatus {
            description: Some(refusal.description.clone()),
            error_code: None,
            status_code: Some(refusal.code.number()),
            operation: Some(operation.to_owned()),
            parameter: Some(path.to_owned()),
        };
        let code = refusal.code.number();
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("{} ({code:#010X})\n{status}", refusal.description),
        )
    }

    /// A failure of the database; a refusal keeps its words.
    pub fn store(error: StoreError, operation: &str, path: &str) -> Self {
        match error {
            StoreError::Refused(refusal) => Self::refused(&refusal, operation, path),
            StoreError::Busy { .. } | StoreError::Closed => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
            }
            other => {
                tracing::error!(error = %other, operation, path, "the site's database failed");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, other.to_string())
            }
        }
    }
}

impl From<Fault> for Response {
    fn from(fault: Fault) -> Self {
        let body = ErrorBody::new(fault.status.as_u16(), fault.message).to_json();
        json(fault.status, body.into_bytes())
    }
}

/// A JSON body.
pub(super) fn json(status: StatusCode, body: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, JSON),
        (header::HeaderName::from_static("odata-version"), VERSION),
    ];
    (status, headers, body).into_response()
}

/// A body of another type.
pub(super) fn text(kind: &'static str, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::HeaderName::from_static("odata-version"), VERSION),
    ];
    (StatusCode::OK, headers, body).into_response()
}

/// Done, and nothing to say.
pub(super) fn empty() -> Response {
    StatusCode::NO_CONTENT.into_response()
}
