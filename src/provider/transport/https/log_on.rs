//! Signing a connection in: the legs travel on a request, and the answer to the last leg is the answer to it.

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, USER_AGENT};
use http::{Extensions, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;

use super::super::auth::{Leg, SignedIn, challenge};
use super::super::{Departure, TransportError, ourselves};
use super::connection::Connection;
use super::{Failed, Line, is_bodyless};
use crate::error::SignInCause;

/// NTLM takes two and Kerberos one; a server that wants more is playing.
const MOST_LEGS: usize = 4;

impl Line {
    /// Something small to ask for while signing in, for requests that carry a body themselves: a body would be sent
    /// with every leg, or refused. It is told of where they are.
    pub(super) fn small(&self, extensions: Extensions) -> Request<Full<Bytes>> {
        let path = "/wmi/SMS_Identification?$select=ThisSiteCode&$top=1";
        let mut request = Request::new(Full::default());
        *request.extensions_mut() = extensions;
        *request.method_mut() = Method::GET;
        if let Ok(uri) = format!("{}{path}", self.root).parse() {
            *request.uri_mut() = uri;
        }
        let headers = request.headers_mut();
        headers.insert(HOST, self.host_header.clone());
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Ok(ourselves) = HeaderValue::from_str(ourselves()) {
            headers.insert(USER_AGENT, ourselves);
        }
        request
    }

    /// Signs a connection in with the help of a request, and gives the answer to that request.
    ///
    /// Its body, if it has one, is sent with the leg that may be the last, and with no earlier one. A server that is too
    /// busy to look at who asks, or refuses before it does, is answered for by what it said, and nobody is signed in.
    pub(super) async fn log_on(
        &self,
        connection: &mut Connection,
        request: &Request<Full<Bytes>>,
        departure: &Departure,
    ) -> Result<(Response<Bytes>, Option<SignedIn>), Failed> {
        connection.is_signed_in = false;
        let begun = self
            .sign_in
            .begin(&self.server.host, connection.binding.clone());
        let Some(mut exchange) = begun.await.map_err(Failed::Told)? else {
            departure.leave();
            let answer = connection.send(request.clone()).await?;
            return Ok((answer, Some(self.sign_in.unbound())));
        };
        let mut from_server = None;
        for _ in 0..MOST_LEGS {
            let (next, leg) = exchange
                .leg(from_server.take())
                .await
                .map_err(Failed::Told)?;
            exchange = next;
            if leg.may_be_last {
                departure.leave();
            }
            let leg = carrying(request, leg);
            let on_its_way = self.on_its_way(&leg);
            let answer = connection.send(leg).await?;
            let said = challenge(answer.headers(), exchange.scheme());
            if answer.status() != StatusCode::UNAUTHORIZED {
                if !exchange.is_known(answer.status(), said.as_deref()) {
                    exchange.unheard();
                    return Ok((answer, None));
                }
                let signed_in = exchange.end(said).await;
                let signed_in = signed_in.map_err(|error| Failed::Told(doubted(error, request)))?;
                tracing::debug!(mechanism = %signed_in.mechanism, user = signed_in.user, "signed in");
                connection.is_signed_in = true;
                connection.is_just_signed_in = true;
                return Ok((answer, Some(signed_in)));
            }
            departure.stay();
            if said.is_none() {
                return Err(Failed::Told(exchange.refused(&answer)));
            }
            on_its_way.answered(&answer);
            from_server = said;
        }
        Err(Failed::Told(TransportError::SignIn {
            reason: "the server never ends the sign-in".to_owned(),
            cause: SignInCause::Other,
        }))
    }
}

/// A server that did the work and then did not prove itself leaves doubt about what was done.
fn doubted(error: TransportError, request: &Request<Full<Bytes>>) -> TransportError {
    if is_bodyless(request) {
        return error;
    }
    TransportError::Lost {
        reason: error.to_string(),
        after_sending: true,
    }
}

fn carrying(request: &Request<Full<Bytes>>, leg: Leg) -> Request<Full<Bytes>> {
    let mut request = request.clone();
    if !leg.may_be_last {
        *request.body_mut() = Full::default();
        request.headers_mut().remove(CONTENT_LENGTH);
        request.headers_mut().remove(CONTENT_TYPE);
    }
    request.headers_mut().insert(AUTHORIZATION, leg.header);
    request
}
