//! HTTPS to a site: a few kept connections of HTTP/1.1, each its own TLS session.
//!
//! One `SendRequest` is one connection, which is what Windows sign-in is bound to. A kept connection the server has
//! closed meanwhile is noticed where possible; then nothing has left, and the request takes a fresh one.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::HOST;
use http::{HeaderValue, Request, Response, Uri};
use http_body_util::Full;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tower::service_fn;
use url::Url;

use super::auth::SignIn;
use super::trust::{Trust, distrust};
use super::{Departure, Transport, TransportError, whole};

/// How long a server may take to be connected to, TLS included.
const CONNECTING: Duration = Duration::from_secs(15);

/// A connection idle for longer is not used again: servers close theirs after about two minutes, and a request must not
/// meet that moment.
const KEPT_FOR: Duration = Duration::from_mins(1);

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

/// The way to one server.
struct Line {
    host: String,
    port: u16,
    name: ServerName<'static>,
    host_header: HeaderValue,
    tls: TlsConnector,
    sign_in: SignIn,
    idle: Mutex<Vec<Kept>>,
}

struct Kept {
    sender: SendRequest<Full<Bytes>>,
    since: Instant,
}

impl Line {
    fn new(options: &HttpsOptions) -> Result<Self, TransportError> {
        let bad = || unreached(format!("{} names no server", options.url));
        let host = options.url.host_str().ok_or_else(bad)?;
        let port = options.url.port_or_known_default().unwrap_or(443);
        // An IPv6 address stands in brackets in a URL and without them everywhere else.
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let authority = options.url.authority();
        Ok(Self {
            host: bare.to_owned(),
            port,
            name: ServerName::try_from(bare.to_owned()).map_err(|_| bad())?,
            host_header: HeaderValue::from_str(authority).map_err(|_| bad())?,
            tls: TlsConnector::from(Arc::new(options.trust.client_config()?)),
            sign_in: options.sign_in.clone(),
            idle: Mutex::default(),
        })
    }

    async fn carry(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let departure = Departure::of(&request);
        let mut request = self.addressed(request)?;
        loop {
            let (mut sender, kept) = match self.take_kept() {
                Some(sender) => (sender, true),
                None => (self.connect().await?, false),
            };
            departure.leave();
            match sender.try_send_request(request).await {
                Ok(answer) => {
                    let answer = whole(answer).await?;
                    self.keep(sender);
                    return Ok(answer);
                }
                Err(mut failure) => match failure.take_message() {
                    Some(unsent) => {
                        departure.stay();
                        if !kept {
                            return Err(unreached(failure.error().to_string()));
                        }
                        request = unsent;
                    }
                    None => {
                        return Err(TransportError::Lost {
                            reason: format!("the line was lost: {}", failure.error()),
                            after_sending: true,
                        });
                    }
                },
            }
        }
    }

    /// The request as it travels to this server: path and query alone, the host in its header.
    fn addressed(&self, request: Request<Bytes>) -> Result<Request<Full<Bytes>>, TransportError> {
        let mut request = request.map(Full::new);
        let path = request.uri().path_and_query();
        let path = path.map_or("/", |path| path.as_str()).to_owned();
        *request.uri_mut() = Uri::try_from(path).map_err(|error| unreached(error.to_string()))?;
        let headers = request.headers_mut();
        headers.insert(HOST, self.host_header.clone());
        self.sign_in.dress(headers)?;
        Ok(request)
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, TransportError> {
        match timeout(CONNECTING, self.connected()).await {
            Ok(connected) => connected,
            Err(_) => Err(unreached(format!(
                "{} did not answer on port {} within {} s",
                self.host,
                self.port,
                CONNECTING.as_secs()
            ))),
        }
    }

    async fn connected(&self) -> Result<SendRequest<Full<Bytes>>, TransportError> {
        let at = format!("{} port {}", self.host, self.port);
        let tcp = TcpStream::connect((self.host.as_str(), self.port))
            .await
            .map_err(|error| unreached(format!("{at}: {error}")))?;
        // Requests are small and waited for; without Nagle's algorithm they leave at once. Only speed hangs on it.
        let _ = tcp.set_nodelay(true);
        let tls = self.tls.connect(self.name.clone(), tcp).await;
        let tls = tls.map_err(|error| {
            distrust(&error).unwrap_or_else(|| unreached(format!("{at}: TLS: {error}")))
        })?;
        let (sender, connection) = handshake(TokioIo::new(tls))
            .await
            .map_err(|error| unreached(format!("{at}: {error}")))?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
        });
        Ok(sender)
    }

    fn take_kept(&self) -> Option<SendRequest<Full<Bytes>>> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(kept) = idle.pop() {
            if kept.since.elapsed() < KEPT_FOR && kept.sender.is_ready() {
                return Some(kept.sender);
            }
        }
        None
    }

    fn keep(&self, sender: SendRequest<Full<Bytes>>) {
        if !sender.is_closed() {
            let since = Instant::now();
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.push(Kept { sender, since });
        }
    }
}

fn unreached(reason: String) -> TransportError {
    TransportError::Lost {
        reason,
        after_sending: false,
    }
}

#[cfg(test)]
mod tests;
