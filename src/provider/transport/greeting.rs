//! The way to a server, step by step: its name, a connection, and what it shows of itself over TLS.
//!
//! Nothing is asked of the server here and nothing is sent to it: whoever is not believed learns only that somebody
//! looked.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rustls::ProtocolVersion;
use rustls::pki_types::ServerName;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::Url;

use super::certificate::Certificate;
use super::trust::{Decides, Distrust, Judge, Shown, Trust, config_with};

/// How long each step may take.
const STEP: Duration = Duration::from_secs(15);

/// Where a site answers, as a connection needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// A name, or an address without brackets.
    pub host: String,
    pub port: u16,
}

/// What a server showed of itself.
#[derive(Debug, Clone)]
pub struct Greeting {
    /// `TLS 1.3`.
    pub version: String,
    pub certificate: Certificate,
    /// Whether it is believed, and if not why.
    pub verdict: Result<(), Distrust>,
    /// Dates and names that do not fit, whether it is believed or not.
    pub oddities: Vec<String>,
}

impl Endpoint {
    /// `None` for a url without a server.
    pub fn of(url: &Url) -> Option<Self> {
        let host = url.host_str()?;
        // An IPv6 address stands in brackets in a URL and without them everywhere else.
        Some(Self {
            host: host
                .trim_start_matches('[')
                .trim_end_matches(']')
                .to_owned(),
            port: url.port_or_known_default().unwrap_or(443),
        })
    }

    /// The addresses the name stands for.
    pub async fn resolve(&self) -> Result<Vec<SocketAddr>, String> {
        let found = timeout(STEP, lookup_host((self.host.as_str(), self.port))).await;
        let found = found.map_err(|_| format!("no answer within {} s", STEP.as_secs()))?;
        let addresses: Vec<_> = found.map_err(|error| error.to_string())?.collect();
        if addresses.is_empty() {
            return Err("the name stands for no address".to_owned());
        }
        Ok(addresses)
    }

    /// A connection to the first address that takes one.
    pub async fn reach(&self, addresses: &[SocketAddr]) -> Result<TcpStream, String> {
        let reached = timeout(STEP, TcpStream::connect(addresses)).await;
        let reached = reached.map_err(|_| format!("no answer within {} s", STEP.as_secs()))?;
        reached.map_err(|error| error.to_string())
    }

    /// Goes through the handshake, the proof that the server owns its key included, and hangs up.
    pub async fn greet(&self, stream: TcpStream, trust: &Trust) -> Result<Greeting, String> {
        let judge = Judge::new(trust).map_err(|error| error.to_string())?;
        let witness = Arc::new(Witness {
            judge,
            seen: Mutex::default(),
        });
        let config = config_with(Arc::clone(&witness) as _);
        let config = config.map_err(|error| error.to_string())?;
        let name = ServerName::try_from(self.host.clone()).map_err(|error| error.to_string())?;
        let shaken = TlsConnector::from(Arc::new(config)).connect(name, stream);
        let shaken = timeout(STEP, shaken).await;
        let shaken = shaken.map_err(|_| format!("no answer within {} s", STEP.as_secs()))?;
        let mut tls = shaken.map_err(|error| told(&error))?;
        let version = version(tls.get_ref().1.protocol_version());
        // The server has been heard; whether it hears the goodbye is its own affair.
        let _ = tls.shutdown().await;
        let mut seen = witness.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = seen.take().ok_or("the server showed no certificate")?;
        Ok(Greeting { version, ..seen })
    }
}

fn version(spoken: Option<ProtocolVersion>) -> String {
    match spoken {
        Some(ProtocolVersion::TLSv1_2) => "TLS 1.2".to_owned(),
        Some(ProtocolVersion::TLSv1_3) => "TLS 1.3".to_owned(),
        other => format!("{other:?}"),
    }
}

fn told(error: &std::io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner {
        Some(rustls::Error::InvalidMessage(_)) => "the server does not speak TLS".to_owned(),
        Some(rustls::Error::PeerIncompatible(_) | rustls::Error::AlertReceived(_)) => {
            format!("the server and consign do not agree; consign speaks TLS 1.2 and 1.3 ({error})")
        }
        _ => error.to_string(),
    }
}

/// Writes down what is shown and what the judge thinks of it, and lets the handshake go on to its proof.
#[derive(Debug)]
struct Witness {
    judge: Judge,
    seen: Mutex<Option<Greeting>>,
}

impl Decides for Witness {
    fn decide(&self, shown: Shown<'_>) -> Result<(), Distrust> {
        let certificate = Certificate::of(shown.leaf);
        let greeting = Greeting {
            version: String::new(),
            oddities: certificate.oddities(shown.leaf, shown.name, Timestamp::now()),
            verdict: self.judge.decide(shown),
            certificate,
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        *seen = Some(greeting);
        Ok(())
    }
}
