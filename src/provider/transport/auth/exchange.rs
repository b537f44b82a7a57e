//! One sign-in of one connection, leg by leg, whatever the mechanism.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::header::{DATE, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};

use super::{Mechanism, SignedIn, kerberos, ntlm, own_kerberos};
use crate::error::SignInCause;
use crate::provider::transport::TransportError;

/// What Kerberos allows between two clocks.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// One sign-in under way.
pub(in crate::provider::transport) enum Exchange {
    Kerberos(kerberos::Exchange),
    /// Without the system's library.
    OwnKerberos(Box<own_kerberos::Exchange>),
    Ntlm(Box<ntlm::Exchange>),
}

/// What goes to the server next.
pub(in crate::provider::transport) struct Leg {
    pub header: HeaderValue,
    /// The server may answer the request itself to it: a request's body belongs on this leg and on no earlier one.
    pub may_be_last: bool,
}

impl Exchange {
    /// The word in front of the tokens.
    pub fn scheme(&self) -> &'static str {
        match self {
            Self::Kerberos(_) | Self::OwnKerberos(_) => "Negotiate",
            Self::Ntlm(_) => "NTLM",
        }
    }

    /// The next leg: the first without anything from the server.
    pub async fn leg(self, from_server: Option<Vec<u8>>) -> Result<(Self, Leg), TransportError> {
        let scheme = self.scheme();
        let (exchange, token, may_be_last) = match self {
            Self::Kerberos(exchange) => {
                let (exchange, step) = exchange.step(from_server.unwrap_or_default()).await?;
                (Self::Kerberos(exchange), step.token, true)
            }
            Self::OwnKerberos(mut exchange) => {
                let token = exchange.step(from_server.unwrap_or_default()).await?;
                (Self::OwnKerberos(exchange), token, true)
            }
            Self::Ntlm(mut exchange) => {
                let token = exchange.step(from_server)?;
                let may_be_last = exchange.has_answered;
                (Self::Ntlm(exchange), token, may_be_last)
            }
        };
        let header = header(scheme, &token)?;
        Ok((
            exchange,
            Leg {
                header,
                may_be_last,
            },
        ))
    }

    /// The server let us in. Under Kerberos it must prove who it is by its last token.
    pub async fn end(self, from_server: Option<Vec<u8>>) -> Result<SignedIn, TransportError> {
        let proof = from_server.filter(|token| !token.is_empty());
        let proof = proof.ok_or_else(|| unproven("it sent no proof"));
        let proven = match self {
            Self::Ntlm(exchange) => Some(SignedIn {
                mechanism: Mechanism::Ntlm,
                user: Some(exchange.accepted()),
            }),
            Self::Kerberos(exchange) => {
                let (exchange, step) = exchange.step(proof?).await?;
                exchange.proven().filter(|_| step.is_done)
            }
            Self::OwnKerberos(mut exchange) => {
                exchange.step(proof?).await?;
                exchange.proven().map(|user| SignedIn {
                    mechanism: Mechanism::KerberosPassword,
                    user: Some(user.to_owned()),
                })
            }
        };
        proven.ok_or_else(|| unproven("its proof is not whole"))
    }

    /// Whether an answer that is no 401 can end it: under Kerberos a server that knows who asks says so with a token, and
    /// one that only says 200 is to prove itself.
    pub fn is_known(&self, status: StatusCode, from_server: Option<&[u8]>) -> bool {
        match self {
            Self::Ntlm(exchange) => exchange.is_known(status),
            Self::Kerberos(_) | Self::OwnKerberos(_) => {
                from_server.is_some() || status.is_success()
            }
        }
    }

    /// The server turned the request away without a look at who asks.
    pub fn unheard(self) {
        if let Self::Ntlm(exchange) = self {
            exchange.unheard();
        }
    }

    /// The server said no and gave nothing to go on with.
    pub fn refused(self, answer: &Response<Bytes>) -> TransportError {
        let bond = match self {
            Self::Ntlm(exchange) => return exchange.refused(),
            Self::OwnKerberos(_) => {
                "wants a channel binding, which takes the system's Kerberos library (Debian: libgssapi-krb5-2)"
            }
            Self::Kerberos(exchange) if exchange.is_bound => {
                "sees that TLS was opened on the way (channel binding)"
            }
            Self::Kerberos(_) => {
                "wants a channel binding, and its certificate is signed in a way that has none"
            }
        };
        kerberos_refused(&offers(answer.headers()), answer.headers(), bond)
    }
}

fn header(scheme: &str, token: &[u8]) -> Result<HeaderValue, TransportError> {
    let words = format!("{scheme} {}", BASE64_STANDARD.encode(token));
    let mut header = HeaderValue::from_str(&words).map_err(|error| TransportError::SignIn {
        reason: format!("the token cannot be sent: {error}"),
        cause: SignInCause::Other,
    })?;
    header.set_sensitive(true);
    Ok(header)
}

fn unproven(why: &str) -> TransportError {
    TransportError::SignIn {
        reason: format!("the server did not prove that it is the one Kerberos knows: {why}"),
        cause: SignInCause::Unproven,
    }
}

/// Every scheme the server offers: each stands in a line of its own, or several share one.
fn offers(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(WWW_AUTHENTICATE).into_iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    let schemes = lines.flat_map(|line| line.split(',')).filter_map(|part| {
        let scheme = part.trim().split(' ').next().unwrap_or_default();
        (!scheme.is_empty() && !scheme.contains('=')).then(|| scheme.to_owned())
    });
    schemes.collect()
}

/// The token the server sent under this scheme, in whichever of its lines and however many share one; an empty one is a
/// fresh challenge.
pub(in crate::provider::transport) fn challenge(
    headers: &HeaderMap,
    scheme: &str,
) -> Option<Vec<u8>> {
    let lines = headers.get_all(WWW_AUTHENTICATE).into_iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    let parts = lines.flat_map(|line| line.split(','));
    let tokens = parts.filter_map(|part| {
        let (said, token) = part.trim().split_once(' ')?;
        said.eq_ignore_ascii_case(scheme).then_some(token.trim())
    });
    let mut tokens = tokens.filter_map(|token| BASE64_STANDARD.decode(token).ok());
    tokens.find(|token| !token.is_empty())
}

fn kerberos_refused(offers: &[String], headers: &HeaderMap, bond: &str) -> TransportError {
    let is_offered = |scheme: &str| {
        offers
            .iter()
            .any(|offer| offer.eq_ignore_ascii_case(scheme))
    };
    let (reason, cause) = if !is_offered("Negotiate") {
        let offers = if offers.is_empty() {
            "nothing".to_owned()
        } else {
            offers.join(", ")
        };
        (
            format!("the server offers {offers} and no Kerberos; NTLM is never tried unasked"),
            SignInCause::NotOffered,
        )
    } else if let Some(apart) = apart(headers) {
        let minutes = apart.as_mins();
        (
            format!("the server's clock and this machine's are {minutes} minutes apart"),
            SignInCause::ClockSkew,
        )
    } else {
        (
            format!(
                "the ticket is right, and the server refuses it: it holds another key for its name, or {bond}"
            ),
            SignInCause::RefusedThough,
        )
    };
    TransportError::SignIn { reason, cause }
}

/// How far apart two clocks are, where it is more than Kerberos allows.
fn apart(headers: &HeaderMap) -> Option<SignedDuration> {
    let date = headers.get(DATE)?.to_str().ok()?;
    let date = rfc2822::parse(date).ok()?.timestamp();
    let apart = date.duration_since(Timestamp::now()).abs();
    (apart > SKEW).then_some(apart)
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::super::Password;
    use super::*;

    fn headers(lines: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(WWW_AUTHENTICATE, HeaderValue::from_static(line));
        }
        headers
    }

    fn cause(headers: &HeaderMap) -> SignInCause {
        let TransportError::SignIn { cause, .. } =
            kerberos_refused(&offers(headers), headers, "no bond")
        else {
            panic!("not about signing in");
        };
        cause
    }

    #[test]
    fn the_token_is_found_in_whichever_line_it_stands() {
        let said = headers(&["NTLM", "Basic realm=\"x\"", "negotiate YWJj"]);
        assert_eq!(challenge(&said, "Negotiate").as_deref(), Some(&b"abc"[..]));
        assert_eq!(challenge(&said, "NTLM"), None);
        let said = headers(&["Basic realm=\"x\", Negotiate YWJj, NTLM"]);
        assert_eq!(challenge(&said, "Negotiate").as_deref(), Some(&b"abc"[..]));
    }

    #[test]
    fn a_server_without_negotiate_offers_nothing_we_may_use() {
        assert_eq!(
            cause(&headers(&["NTLM", "Basic realm=\"x\""])),
            SignInCause::NotOffered
        );
        assert_eq!(
            cause(&headers(&["NTLM, Negotiate"])),
            SignInCause::RefusedThough
        );
    }

    #[tokio::test]
    async fn what_a_server_says_to_the_proof_of_a_password_is_about_the_password_or_is_not() {
        let password = Password::new("CORP\\ada", SecretString::from("right"));
        let begun = ntlm::Exchange::begin(&password, "sccm01.corp.example", None).await;
        let mut exchange = begun.unwrap();
        exchange.step(None).unwrap();
        let is_known = |exchange: &ntlm::Exchange, status| {
            StatusCode::from_u16(status).is_ok_and(|status| exchange.is_known(status))
        };
        assert!(!is_known(&exchange, 200), "it has seen no proof");
        exchange.has_answered = true;
        for status in [200, 400, 403, 404] {
            assert!(is_known(&exchange, status), "{status}");
        }
        for status in [429, 500, 502, 503, 504] {
            assert!(!is_known(&exchange, status), "{status}");
        }
    }

    #[test]
    fn a_refusal_by_a_server_with_another_clock_is_about_the_clock() {
        let mut said = headers(&["Negotiate"]);
        said.insert(
            DATE,
            HeaderValue::from_static("Sun, 22 Nov 2020 19:47:55 GMT"),
        );
        assert_eq!(cause(&said), SignInCause::ClockSkew);
    }
}
