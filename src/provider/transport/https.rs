//! HTTPS to a site: a few kept connections of HTTP/1.1, each its own TLS session.
//!
//! One `SendRequest` is one connection, which is what Windows sign-in is bound to. A connection is signed in once and
//! then kept so; a request that meets a 401 on it is asked with a fresh sign-in once more, a write too, because a 401
//! means that nothing was done. A kept connection the server has closed meanwhile is noticed where possible; then nothing
//! has left, and the request takes a fresh one.

mod connection;
mod log_on;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::HOST;
use http::{HeaderValue, Request, Response, StatusCode, Uri};
use http_body_util::Full;
use tokio::time::timeout;
use tower::service_fn;
use url::Url;

use super::auth::{SignIn, SignedIn};
use super::trust::Trust;
use super::{Departure, Transport, TransportError};
use connection::{Connection, Server};

/// A connection idle for longer is not used again: servers close theirs after about two minutes, and a request must not
/// meet that moment.
const KEPT_FOR: Duration = Duration::from_mins(1);

/// How long one sign-in may take, where no request sets the limit.
const ANSWERING: Duration = Duration::from_mins(1);

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
    let small = line.small();
    if options.sign_in.is_of_connections() {
        let answered = line
            .log_on(&mut connection, &small, &Departure::default())
            .await;
        let (answer, signed_in) = answered.map_err(Failed::told)?;
        return signed_in.ok_or_else(|| TransportError::Lost {
            reason: format!(
                "the server answered {} before it looked at who asks",
                answer.status()
            ),
            after_sending: false,
        });
    }
    let answer = connection.send(line.dressed(small)?).await;
    if answer.map_err(Failed::told)?.status() == StatusCode::UNAUTHORIZED {
        return Err(TransportError::SignIn {
            reason: "the server refused it (401)".to_owned(),
            cause: options.sign_in.refused(),
        });
    }
    Ok(options.sign_in.unbound())
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
    /// The server forgets who asked as soon as it has answered.
    signs_in_each_time: AtomicBool,
    /// How often somebody signed in.
    log_ons: AtomicUsize,
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
            signs_in_each_time: AtomicBool::default(),
            log_ons: AtomicUsize::default(),
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
            match self.ask(&mut connection, &request, &departure).await {
                Ok(answer) => {
                    self.keep(connection);
                    return Ok(answer);
                }
                // A server may close after any answer; one that closes a fresh connection twice wants nobody.
                Err(Failed::Unsent(_)) if connection.has_answered && fresh_ones < 2 => {
                    departure.stay();
                }
                Err(failed) => {
                    if let Failed::Unsent(_) = failed {
                        departure.stay();
                    }
                    return Err(failed.told());
                }
            }
        }
    }

    /// One request on one connection, which is signed in before or on the way.
    async fn ask(
        &self,
        connection: &mut Connection,
        request: &Request<Full<Bytes>>,
        departure: &Departure,
    ) -> Result<Response<Bytes>, Failed> {
        let is_bound = self.sign_in.is_of_connections();
        if is_bound && !connection.is_signed_in {
            let is_alone = is_bodyless(request);
            if is_alone || self.signs_in_each_time.load(Ordering::Relaxed) {
                return Ok(self.log_on(connection, request, departure).await?.0);
            }
            let small = self.small();
            let nobody = Departure::default();
            let before = self.log_on(connection, &small, &nobody).await;
            before.map_err(Failed::before)?;
        }
        departure.leave();
        let was_fresh = std::mem::take(&mut connection.is_just_signed_in);
        let mut answer = connection.send(request.clone()).await?;
        if answer.status() != StatusCode::UNAUTHORIZED || matches!(self.sign_in, SignIn::Nobody) {
            return Ok(answer);
        }
        departure.stay();
        tracing::info!("the site asks again who is there");
        if is_bound {
            if was_fresh {
                self.signs_in_each_time.store(true, Ordering::Relaxed);
            }
            return Ok(self.log_on(connection, request, departure).await?.0);
        }
        departure.leave();
        answer = connection.send(request.clone()).await?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            answer.extensions_mut().insert(self.sign_in.refused());
        }
        Ok(answer)
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
        self.dressed(request)
    }

    fn dressed(
        &self,
        mut request: Request<Full<Bytes>>,
    ) -> Result<Request<Full<Bytes>>, TransportError> {
        let headers = request.headers_mut();
        headers.insert(HOST, self.host_header.clone());
        self.sign_in.dress(headers)?;
        Ok(request)
    }

    fn take_kept(&self) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(kept) = idle.pop() {
            if kept.since.elapsed() < KEPT_FOR && kept.is_ready() {
                return Some(kept);
            }
        }
        None
    }

    fn keep(&self, mut connection: Connection) {
        if !connection.is_closed() {
            connection.rest(self.signs_in_each_time.load(Ordering::Relaxed));
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.push(connection);
        }
    }
}

fn is_bodyless(request: &Request<Full<Bytes>>) -> bool {
    use hyper::body::Body;
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
