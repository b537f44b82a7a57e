//! HTTPS to a site: a few kept connections of HTTP/1.1, each its own TLS session.
//!
//! One `SendRequest` is one connection, which is what Windows sign-in is bound to. A connection is signed in once and
//! then kept so; a request that meets a 401 on it is asked with a fresh sign-in, or with a newer token, once more, a write
//! too, because a 401 means that nothing was done. A kept connection the server has closed meanwhile is noticed where
//! possible; then nothing has left, and the request takes a fresh one. A line that died without a word is noticed by the
//! first request that gets no answer; then no kept connection is trusted any more.

mod connection;
mod log_on;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::HOST;
use http::{Extensions, HeaderValue, Request, Response, StatusCode, Uri};
use http_body_util::Full;
use hyper::body::Body;
use tokio::time::{Instant, timeout};
use tower::service_fn;
use url::Url;

use super::auth::{SignIn, SignedIn, Token};
use super::trust::Trust;
use super::{Departure, Transport, TransportError, TurnedDown};
use crate::error::SignInCause;
use crate::provider::requests::OnItsWay;
use connection::{Connection, Server};

/// A connection idle for longer is not used again: servers close theirs after about two minutes, and a request must not
/// meet that moment.
const KEPT_FOR: Duration = Duration::from_mins(1);

/// A request given up sooner than this says nothing about the line.
const LONG: Duration = Duration::from_secs(10);

/// How long one sign-in may take, where no request sets the limit.
const ANSWERING: Duration = Duration::from_mins(1);

/// One 401 right after a sign-in may be a stray one.
const FORGETFUL: usize = 2;

/// Where to connect to, who is believed, and as whom.
#[derive(Debug, Clone)]
pub struct HttpsOptions {
    /// Server and port; a path in it is the site address's affair.
    pub url: Url,
    pub trust: Trust,
    pub sign_in: SignIn,
}

/// A transport to a site over TLS. Connects at the first request.
pub fn https(options: &HttpsOptions) -> Result<Transport, TransportError> {
    let line = Arc::new(Line::new(options)?);
    Ok(Transport::new(service_fn(move |request| {
        let line = Arc::clone(&line);
        async move { line.carry(request).await }
    })))
}

/// Connects, signs in, and tells by which mechanism and as whom. Asks the server for next to nothing.
///
/// A token or nobody at all is shown as it is with every request; whether it is taken shows in the answer.
pub async fn sign_in_once(options: &HttpsOptions) -> Result<SignedIn, TransportError> {
    let silent = |_| {
        unreached(format!(
            "no whole answer came within {} s",
            ANSWERING.as_secs()
        ))
    };
    timeout(ANSWERING, signed_in_once(options))
        .await
        .map_err(silent)?
}

async fn signed_in_once(options: &HttpsOptions) -> Result<SignedIn, TransportError> {
    let line = Line::new(options)?;
    let mut connection = line.connect().await?;
    let small = line.small(Extensions::new());
    if options.sign_in.is_of_connections() {
        let answered = line
            .log_on(&mut connection, &small, &Departure::default())
            .await;
        let (answer, signed_in) = answered.map_err(Failed::told)?;
        return signed_in.ok_or_else(|| unheard(answer.status()));
    }
    let nobody = Departure::default();
    let answer = line.ask(&mut connection, &small, &nobody).await;
    match answer.map_err(Failed::told)? {
        answer if answer.status() == StatusCode::UNAUTHORIZED => Err(turned_down(&answer)),
        _ => Ok(options.sign_in.unbound()),
    }
}

/// What an answer says that has no word of who asks.
fn unheard(status: StatusCode) -> TransportError {
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return unreached(format!(
            "the server answered {status} before it looked at who asks"
        ));
    }
    TransportError::SignIn {
        reason: format!("the server answered {status}, and no word of whether it knows who asks"),
        cause: SignInCause::RefusedThough,
    }
}

/// What a 401 says where nobody asks for more than to be let in.
fn turned_down(answer: &Response<Bytes>) -> TransportError {
    let refused = "the server refused it (401)";
    match answer.extensions().get() {
        Some(TurnedDown { cause, why }) => TransportError::SignIn {
            reason: format!("{refused}; {why}"),
            cause: *cause,
        },
        None => TransportError::SignIn {
            reason: refused.to_owned(),
            cause: SignInCause::Nobody,
        },
    }
}

/// Why a request on a connection came to nothing.
enum Failed {
    /// Not a byte of it left.
    Unsent(String),
    Told(TransportError),
}

impl Failed {
    /// What failed came before the request itself, so that nothing of it can have been done.
    fn before(self) -> Self {
        match self {
            Self::Told(TransportError::Lost { reason, .. }) => Self::Told(unreached(reason)),
            other => other,
        }
    }

    fn told(self) -> TransportError {
        match self {
            Self::Unsent(reason) => unreached(reason),
            Self::Told(error) => error,
        }
    }
}

/// The way to one server.
struct Line {
    server: Server,
    host_header: HeaderValue,
    root: String,
    sign_in: SignIn,
    idle: Mutex<Vec<Connection>>,
    /// How often in a row the server had forgotten who asks right after it was told.
    forgotten: AtomicUsize,
}

impl Line {
    fn new(options: &HttpsOptions) -> Result<Self, TransportError> {
        let bad = || unreached(format!("{} names no server", options.url));
        let path = options.url.path().trim_end_matches('/');
        Ok(Self {
            server: Server::new(&options.url, &options.trust)?,
            host_header: HeaderValue::from_str(options.url.authority()).map_err(|_| bad())?,
            root: if path.is_empty() {
                "/AdminService"
            } else {
                path
            }
            .to_owned(),
            sign_in: options.sign_in.clone(),
            idle: Mutex::default(),
            forgotten: AtomicUsize::default(),
        })
    }

    async fn carry(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let departure = Departure::of(&request);
        let request = self.addressed(request)?;
        let mut fresh_ones = 0;
        loop {
            let mut connection = if let Some(kept) = self.take_kept() {
                kept
            } else {
                fresh_ones += 1;
                self.connect().await?
            };
            let mut under_way = UnderWay::on(self);
            let asked = self.ask(&mut connection, &request, &departure).await;
            under_way.is_given_up = false;
            match asked {
                Ok(answer) => {
                    self.keep(connection);
                    return Ok(answer);
                }
                // A server may close after any answer; one that closes a fresh connection twice wants nobody.
                Err(Failed::Unsent(_)) if connection.has_answered && fresh_ones < 2 => {
                    departure.stay();
                }
                Err(failed) => {
                    match failed {
                        Failed::Unsent(_) => departure.stay(),
                        Failed::Told(TransportError::Lost { .. }) => self.let_go(under_way.since),
                        Failed::Told(_) => {}
                    }
                    return Err(failed.told());
                }
            }
        }
    }

    /// One request on one connection, as whoever asks here.
    async fn ask(
        &self,
        connection: &mut Connection,
        request: &Request<Full<Bytes>>,
        departure: &Departure,
    ) -> Result<Response<Bytes>, Failed> {
        match &self.sign_in {
            SignIn::Nobody => {
                departure.leave();
                connection.send(request.clone()).await
            }
            SignIn::Bearer(token) => self.ask_with(token, connection, request, departure).await,
            SignIn::Kerberos(_) | SignIn::Ntlm(_) => {
                self.ask_signed_in(connection, request, departure).await
            }
        }
    }

    /// One request that shows a token; once more where that one is refused and there is a newer one.
    async fn ask_with(
        &self,
        token: &Token,
        connection: &mut Connection,
        request: &Request<Full<Bytes>>,
        departure: &Departure,
    ) -> Result<Response<Bytes>, Failed> {
        let shown = token.at_hand().await;
        departure.leave();
        let on_its_way = self.on_its_way(request);
        let mut answer = connection.send(shown.on(request.clone())).await?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        departure.stay();
        let why = match token.after(shown).await {
            Err(none) => none,
            Ok(newer) => {
                on_its_way.answered(&answer);
                departure.leave();
                answer = connection.send(newer.on(request.clone())).await?;
                "so was the one before it".to_owned()
            }
        };
        if answer.status() == StatusCode::UNAUTHORIZED {
            let cause = token.cause();
            answer.extensions_mut().insert(TurnedDown { cause, why });
        }
        Ok(answer)
    }

    /// One request on one connection, which is signed in before or on the way.
    async fn ask_signed_in(
        &self,
        connection: &mut Connection,
        request: &Request<Full<Bytes>>,
        departure: &Departure,
    ) -> Result<Response<Bytes>, Failed> {
        if !connection.is_signed_in {
            let is_alone = is_bodyless(request);
            if is_alone || self.is_forgetful() {
                return Ok(self.log_on(connection, request, departure).await?.0);
            }
            let small = self.small(request.extensions().clone());
            let on_its_way = self.on_its_way(&small);
            let nobody = Departure::default();
            let before = self.log_on(connection, &small, &nobody).await;
            on_its_way.answered(&before.map_err(Failed::before)?.0);
        }
        departure.leave();
        let was_fresh = std::mem::take(&mut connection.is_just_signed_in);
        let on_its_way = self.on_its_way(request);
        let answer = connection.send(request.clone()).await?;
        let is_unknown = answer.status() == StatusCode::UNAUTHORIZED;
        if was_fresh {
            self.remembers(!is_unknown);
        }
        if !is_unknown {
            return Ok(answer);
        }
        departure.stay();
        on_its_way.answered(&answer);
        tracing::info!("the site asks again who is there");
        Ok(self.log_on(connection, request, departure).await?.0)
    }

    /// The first request after a sign-in found itself known, or not.
    fn remembers(&self, is_known: bool) {
        if is_known {
            self.forgotten.store(0, Ordering::Relaxed);
        } else {
            self.forgotten.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Whether the server forgets who asked as soon as it has answered: it is told with each request then.
    fn is_forgetful(&self) -> bool {
        self.forgotten.load(Ordering::Relaxed) >= FORGETFUL
    }

    async fn connect(&self) -> Result<Connection, TransportError> {
        self.server.connect().await
    }

    /// The request as it travels to this server: path and query alone, the host in its header.
    fn addressed(&self, request: Request<Bytes>) -> Result<Request<Full<Bytes>>, TransportError> {
        let mut request = request.map(Full::new);
        let path = request.uri().path_and_query();
        let path = path.map_or("/", |path| path.as_str()).to_owned();
        *request.uri_mut() = Uri::try_from(path).map_err(|error| unreached(error.to_string()))?;
        let headers = request.headers_mut();
        headers.insert(HOST, self.host_header.clone());
        Ok(request)
    }

    /// A request whose answer is seen by nobody above.
    fn on_its_way(&self, request: &Request<Full<Bytes>>) -> OnItsWay {
        let server = self.host_header.to_str().unwrap_or_default();
        let url = format!("https://{server}{}", request.uri());
        let sent = request.body().size_hint().exact().unwrap_or_default();
        let sent = usize::try_from(sent).unwrap_or(usize::MAX);
        let requests = request.extensions().get().cloned();
        OnItsWay::now(requests, request.method(), url, sent)
    }

    fn take_kept(&self) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(kept) = idle.pop() {
            // It need not be ready yet: the end of its last answer may be known here before it is there.
            if kept.since.elapsed() < KEPT_FOR && !kept.is_closed() {
                return Some(kept);
            }
        }
        None
    }

    /// Lets go of the connections that have waited since before this moment.
    fn let_go(&self, before: Instant) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|kept| kept.since > before);
    }

    fn keep(&self, mut connection: Connection) {
        if !connection.is_closed() {
            connection.rest(self.is_forgetful());
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.push(connection);
        }
    }
}

/// A request that has no answer yet. Where whoever asked gives up after a long while, the line may be dead without a word:
/// connections kept from before are not used again.
struct UnderWay<'l> {
    line: &'l Line,
    since: Instant,
    is_given_up: bool,
}

impl<'l> UnderWay<'l> {
    fn on(line: &'l Line) -> Self {
        Self {
            line,
            since: Instant::now(),
            is_given_up: true,
        }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if self.is_given_up && self.since.elapsed() >= LONG {
            self.line.let_go(self.since);
        }
    }
}

fn is_bodyless(request: &Request<Full<Bytes>>) -> bool {
    request.method().is_safe() && request.body().is_end_stream()
}

fn unreached(reason: String) -> TransportError {
    TransportError::Lost {
        reason,
        after_sending: false,
    }
}

#[cfg(test)]
mod tests;
