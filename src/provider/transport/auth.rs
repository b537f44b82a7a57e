//! How a site learns who is asking.
//!
//! A token is shown with every request. Windows sign-in belongs to a connection: `https` begins an [`Exchange`] on each
//! and keeps the connections that are signed in. One file a mechanism.

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

use super::TransportError;

pub use bearer::{NoToken, Token, TokenSource};
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
    Bearer(Token),
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
    /// Whose password is shown.
    pub fn user(&self) -> Option<&str> {
        match self {
            Self::Kerberos(kerberos) => kerberos.password.as_ref().map(|password| &*password.user),
            Self::Ntlm(password) => Some(&password.user),
            Self::Nobody | Self::Bearer(_) => None,
        }
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
