//! One connection to a server: TCP, TLS, and HTTP/1.1 on it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use url::Url;

use super::super::auth::Binding;
use super::super::greeting::Endpoint;
use super::super::trust::{Trust, distrust};
use super::super::{TransportError, whole};
use super::{Failed, unreached};

/// How long a server may take to be connected to, TLS included.
const CONNECTING: Duration = Duration::from_secs(15);

/// Where a server is and who is believed to be it.
pub(super) struct Server {
    pub host: String,
    port: u16,
    name: ServerName<'static>,
    tls: TlsConnector,
}

impl Server {
    pub fn new(url: &Url, trust: &Trust) -> Result<Self, TransportError> {
        let bad = || unreached(format!("{url} names no server"));
        let Endpoint { host, port } = Endpoint::of(url).ok_or_else(bad)?;
        Ok(Self {
            name: ServerName::try_from(host.clone()).map_err(|_| bad())?,
            host,
            port,
            tls: TlsConnector::from(Arc::new(trust.client_config()?)),
        })
    }

    pub async fn connect(&self) -> Result<Connection, TransportError> {
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

    async fn connected(&self) -> Result<Connection, TransportError> {
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
        let shown = tls.get_ref().1.peer_certificates();
        let binding = shown.and_then(|shown| Binding::to(shown.first()?));
        let (sender, connection) = handshake(TokioIo::new(tls))
            .await
            .map_err(|error| unreached(format!("{at}: {error}")))?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
        });
        Ok(Connection {
            sender,
            binding,
            is_signed_in: false,
            is_just_signed_in: false,
            has_answered: false,
            since: Instant::now(),
        })
    }
}

/// A connection, and what is known of it.
pub(super) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    pub binding: Option<Binding>,
    pub is_signed_in: bool,
    /// Nothing was asked since it was signed in.
    pub is_just_signed_in: bool,
    pub has_answered: bool,
    /// Idle since then.
    pub since: Instant,
}

impl Connection {
    /// Sends a request and reads its whole answer.
    pub async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<Response<Bytes>, Failed> {
        if let Err(error) = self.sender.ready().await {
            return Err(Failed::Unsent(error.to_string()));
        }
        match self.sender.try_send_request(request).await {
            Ok(answer) => {
                self.has_answered = true;
                whole(answer).await.map_err(Failed::Told)
            }
            Err(mut failure) => Err(match failure.take_message() {
                Some(_) => Failed::Unsent(failure.error().to_string()),
                None => Failed::Told(TransportError::Lost {
                    reason: format!("the line was lost: {}", failure.error()),
                    after_sending: true,
                }),
            }),
        }
    }

    pub fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Waits for the next request, signed in or not.
    pub fn rest(&mut self, is_forgotten: bool) {
        self.since = Instant::now();
        self.is_signed_in &= !is_forgotten;
    }
}
