//! A token that names its holder and travels with every request.

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::error::SignInCause;
use crate::provider::transport::TransportError;

/// The header that carries a token; it is never printed.
pub(super) fn header(token: &SecretString) -> Result<HeaderValue, TransportError> {
    let token = token.expose_secret();
    let refuse = |reason: &str| TransportError::SignIn {
        reason: reason.to_owned(),
        cause: SignInCause::Token,
    };
    if token.is_empty() {
        return Err(refuse("the token is empty"));
    }
    let mut header = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| refuse("the token holds characters that no token has"))?;
    header.set_sensitive(true);
    Ok(header)
}
