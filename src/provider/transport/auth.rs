//! How a site learns who is asking.
//!
//! What stands here is asked once for every request ([`SignIn::dress`]). Ways that sign a *connection* in do so when it
//! is made, in `https`, before the first request travels on it.

use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use super::TransportError;

/// What is shown to a site.
#[derive(Debug, Clone)]
pub enum SignIn {
    /// Nothing.
    Nobody,
    /// A token that names its holder.
    Bearer(SecretString),
}

impl SignIn {
    /// A token as it stands in a file: what is around it is cut off.
    pub fn bearer(token: &str) -> Self {
        Self::Bearer(SecretString::from(token.trim()))
    }

    /// Adds what every request carries.
    pub(super) fn dress(&self, headers: &mut HeaderMap) -> Result<(), TransportError> {
        match self {
            Self::Nobody => {}
            Self::Bearer(token) => {
                headers.insert(AUTHORIZATION, bearer_header(token)?);
            }
        }
        Ok(())
    }
}

fn bearer_header(token: &SecretString) -> Result<HeaderValue, TransportError> {
    let token = token.expose_secret();
    let refuse = |reason: &str| TransportError::SignIn {
        reason: reason.to_owned(),
    };
    if token.is_empty() {
        return Err(refuse("the token is empty"));
    }
    let mut header = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| refuse("the token holds characters that no token has"))?;
    header.set_sensitive(true);
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_travels_in_a_header_that_is_never_printed() {
        let mut headers = HeaderMap::new();
        SignIn::bearer(" secret-word\n")
            .dress(&mut headers)
            .unwrap();
        assert_eq!(headers[AUTHORIZATION], "Bearer secret-word");
        assert!(!format!("{headers:?}").contains("secret-word"));
        assert!(!format!("{:?}", SignIn::bearer("secret-word")).contains("secret-word"));
    }

    #[test]
    fn a_token_that_cannot_travel_is_refused_without_being_told() {
        for bad in ["", "two\nlines"] {
            let refused = SignIn::bearer(bad).dress(&mut HeaderMap::new());
            assert!(!refused.unwrap_err().to_string().contains("lines"));
        }
    }
}
