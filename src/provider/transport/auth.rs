//! How a site learns who is asking.
//!
//! A token is shown with every request ([`SignIn::dress`]). Windows sign-in belongs to a connection: `https` begins an
//! [`Exchange`] on each and keeps the connections that are signed in. One file a mechanism.

mod bearer;
mod binding;
mod exchange;
mod gssapi;
mod kerberos;
mod kerberos_words;
mod ntlm;
mod own_kerberos;
mod password;

use std::fmt;

use http::header::{AUTHORIZATION, HeaderMap};
use secrecy::SecretString;

use super::TransportError;
use crate::error::SignInCause;

pub(super) use binding::Binding;
pub(super) use exchange::{Exchange, Leg, challenge};
pub use kerberos::{Kerberos, has_library, has_ticket};
pub use password::Password;

/// What is shown to a site.
#[derive(Debug, Clone)]
pub enum SignIn {
    /// Nothing.
    Nobody,
    /// A token that names its holder.
    Bearer(SecretString),
    Kerberos(Kerberos),
    /// Only where it was asked for by name.
    Ntlm(Password),
}

/// By which mechanism, and as whom, a site was signed in to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    pub mechanism: Mechanism,
    /// `user@REALM` or `DOMAIN\user`; a token does not say.
    pub user: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    Nobody,
    Bearer,
    KerberosTicket,
    KerberosPassword,
    Ntlm,
}

impl fmt::Display for Mechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nobody => "no sign-in",
            Self::Bearer => "bearer token",
            Self::KerberosTicket => "Kerberos with a ticket",
            Self::KerberosPassword => "Kerberos by password",
            Self::Ntlm => "NTLM",
        })
    }
}

impl SignIn {
    /// A token as it stands in a file: what is around it is cut off.
    pub fn bearer(token: &str) -> Self {
        Self::Bearer(SecretString::from(token.trim()))
    }

    /// Adds what every request carries.
    pub(super) fn dress(&self, headers: &mut HeaderMap) -> Result<(), TransportError> {
        if let Self::Bearer(token) = self {
            headers.insert(AUTHORIZATION, bearer::header(token)?);
        }
        Ok(())
    }

    /// Whether connections are signed in, rather than requests.
    pub(super) fn is_of_connections(&self) -> bool {
        matches!(self, Self::Kerberos(_) | Self::Ntlm(_))
    }

    /// Begins to sign a connection to `host` in; nothing for ways that are no affair of the connection.
    pub(super) async fn begin(
        &self,
        host: &str,
        binding: Option<Binding>,
    ) -> Result<Option<Exchange>, TransportError> {
        Ok(match self {
            Self::Nobody | Self::Bearer(_) => None,
            Self::Kerberos(kerberos) => Some(match kerberos.password_without_library().await {
                Some(password) => {
                    let begun = own_kerberos::Exchange::begin(password, host).await?;
                    Exchange::OwnKerberos(Box::new(begun))
                }
                None => Exchange::Kerberos(kerberos.begin(host, binding).await?),
            }),
            Self::Ntlm(password) => {
                let begun = ntlm::Exchange::begin(password, host, binding).await?;
                Some(Exchange::Ntlm(Box::new(begun)))
            }
        })
    }

    /// What a 401 means where each request says who asks.
    pub(super) fn refused(&self) -> SignInCause {
        match self {
            Self::Nobody => SignInCause::Nobody,
            Self::Bearer(_) => SignInCause::Token,
            Self::Kerberos(_) | Self::Ntlm(_) => SignInCause::RefusedThough,
        }
    }

    /// What is known of a sign-in that needed no exchange.
    pub(super) fn unbound(&self) -> SignedIn {
        SignedIn {
            mechanism: match self {
                Self::Bearer(_) => Mechanism::Bearer,
                _ => Mechanism::Nobody,
            },
            user: None,
        }
    }
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
