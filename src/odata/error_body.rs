//! The body of a refusal: `{"error":{"code":"404","message":"…"}}`.
//!
//! Some failures of real sites come without one, or with something that is not JSON.

use serde::{Deserialize, Serialize};

/// What an error answer says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// The HTTP status as text.
    pub code: String,
    /// The provider's words, often with an [`ExtendedStatus`](super::ExtendedStatus) inside.
    pub message: String,
}

#[derive(Serialize, Deserialize)]
struct Wrapped<T> {
    error: T,
}

impl ErrorBody {
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            code: status.to_string(),
            message: message.into(),
        }
    }

    /// Reads a body; `None` when it is not of this shape.
    pub fn from_slice(body: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Wrapped<Self>>(body)
            .ok()
            .map(|wrapped| wrapped.error)
    }

    /// The body as it travels.
    pub fn to_json(&self) -> String {
        serde_json::json!({ "error": self }).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_as_it_was_written() {
        let body = ErrorBody::new(404, "Class 'SMS_X' is unknown");
        assert_eq!(
            body.to_json(),
            r#"{"error":{"code":"404","message":"Class 'SMS_X' is unknown"}}"#
        );
        assert_eq!(ErrorBody::from_slice(body.to_json().as_bytes()), Some(body));
    }

    #[test]
    fn other_bodies_are_no_error_bodies() {
        assert_eq!(ErrorBody::from_slice(b""), None);
        assert_eq!(ErrorBody::from_slice(b"<html>"), None);
    }
}
