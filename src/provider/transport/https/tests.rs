//! The line to a server over real TLS on loopback, with servers that play their parts byte by byte.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::Method;
use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tower::ServiceExt;

use super::*;
use crate::config::Pin;
use crate::error::SignInCause;
use crate::provider::transport::trust::fingerprint;

const FINE: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/// A server that plays a script: for each connection what it answers to each request on it, then closes.
struct Server {
    url: Url,
    pin: Pin,
    pem: String,
    connections: Arc<AtomicUsize>,
    heard: mpsc::UnboundedReceiver<String>,
}

impl Server {
    async fn playing(name: &str, scripts: &[&[&str]]) -> Self {
        let key = KeyPair::generate().unwrap();
        let parameters = CertificateParams::new([name.to_owned()]).unwrap();
        let certificate = parameters.self_signed(&key).unwrap();
        let leaf = certificate.der().clone();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![leaf.clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let (tell, heard) = mpsc::unbounded_channel();
        let count = Arc::clone(&connections);
        let scripts: Vec<Vec<String>> = scripts
            .iter()
            .map(|script| script.iter().copied().map(str::to_owned).collect())
            .collect();
        tokio::spawn(async move {
            for script in scripts {
                let (stream, _) = listener.accept().await.unwrap();
                let Ok(stream) = acceptor.accept(stream).await else {
                    continue;
                };
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(play(stream, script, tell.clone()));
            }
        });
        Self {
            url: format!("https://127.0.0.1:{port}").parse().unwrap(),
            pin: fingerprint(&leaf),
            pem: certificate.pem(),
            connections,
            heard,
        }
    }

    fn pinned(&self) -> HttpsOptions {
        HttpsOptions {
            url: self.url.clone(),
            trust: Trust::Pinned(self.pin),
            sign_in: SignIn::Nobody,
        }
    }

    async fn hear(&mut self) -> String {
        self.heard.recv().await.unwrap()
    }
}

async fn play(
    mut stream: TlsStream<TcpStream>,
    script: Vec<String>,
    tell: mpsc::UnboundedSender<String>,
) {
    for answer in script {
        let mut request = Vec::new();
        while !request.windows(4).any(|end| end == b"\r\n\r\n") {
            let mut some = [0; 1024];
            match stream.read(&mut some).await {
                Ok(count) if count > 0 => request.extend_from_slice(&some[..count]),
                _ => return,
            }
        }
        let _ = tell.send(String::from_utf8(request).unwrap());
        stream.write_all(answer.as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
    }
    let _ = stream.shutdown().await;
    let _ = tell.send("closed".to_owned());
}

fn request(method: Method) -> Request<Bytes> {
    Request::builder()
        .method(method)
        .uri("https://elsewhere.example/AdminService/wmi/SMS_Site?$top=1")
        .body(Bytes::new())
        .unwrap()
}

async fn ask(transport: &Transport, method: Method) -> Result<Response<Bytes>, TransportError> {
    transport.clone().oneshot(request(method)).await
}

#[tokio::test]
async fn requests_share_a_connection_and_carry_host_and_token() {
    let mut server = Server::playing("localhost", &[&[FINE, FINE]]).await;
    let transport = https(&HttpsOptions {
        sign_in: SignIn::bearer("open"),
        ..server.pinned()
    })
    .unwrap();
    for _ in 0..2 {
        assert_eq!(ask(&transport, Method::GET).await.unwrap().body(), "ok");
        let heard = server.hear().await.to_lowercase();
        assert!(heard.starts_with("get /adminservice/wmi/sms_site?$top=1 http/1.1\r\n"));
        assert!(
            heard.contains(&format!("host: {}\r\n", server.url.authority())),
            "{heard}"
        );
        assert!(heard.contains("authorization: bearer open\r\n"), "{heard}");
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_kept_connection_the_server_closed_is_replaced_even_for_a_write() {
    let mut server = Server::playing("localhost", &[&[FINE], &[FINE]]).await;
    let transport = https(&server.pinned()).unwrap();
    ask(&transport, Method::GET).await.unwrap();
    while server.hear().await != "closed" {}
    assert_eq!(ask(&transport, Method::POST).await.unwrap().body(), "ok");
    assert_eq!(server.connections.load(Ordering::SeqCst), 2);
}

const WHO: &str = "HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n";

#[tokio::test]
async fn a_write_that_meets_a_401_is_asked_once_more_because_nothing_was_done() {
    let mut server = Server::playing("localhost", &[&[FINE, WHO, FINE, WHO, WHO]]).await;
    let transport = https(&HttpsOptions {
        sign_in: SignIn::bearer("open"),
        ..server.pinned()
    })
    .unwrap();
    for _ in 0..2 {
        assert_eq!(ask(&transport, Method::POST).await.unwrap().body(), "ok");
    }
    let refused = ask(&transport, Method::POST).await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(refused.extensions().get(), Some(&SignInCause::Token));
    for _ in 0..5 {
        assert!(server.hear().await.starts_with("POST "));
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn who_shows_nothing_is_told_so_without_asking_twice() {
    let server = Server::playing("localhost", &[&[WHO], &[WHO]]).await;
    let transport = https(&server.pinned()).unwrap();
    let refused = ask(&transport, Method::GET).await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    let error = sign_in_once(&server.pinned()).await.unwrap_err();
    assert!(
        matches!(
            error,
            TransportError::SignIn {
                cause: SignInCause::Nobody,
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_answer_that_breaks_off_leaves_doubt() {
    for broken in [
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhal",
        "",
        "SSH-2.0-OpenSSH_9.9\r\n",
    ] {
        let server = Server::playing("localhost", &[&[broken]]).await;
        let transport = https(&server.pinned()).unwrap();
        let lost = ask(&transport, Method::POST).await.unwrap_err();
        assert!(
            matches!(
                lost,
                TransportError::Lost {
                    after_sending: true,
                    ..
                }
            ),
            "{broken:?}: {lost:?}"
        );
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_got_nothing() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let transport = https(&HttpsOptions {
        url: format!("https://127.0.0.1:{port}").parse().unwrap(),
        trust: Trust::Nobody,
        sign_in: SignIn::Nobody,
    })
    .unwrap();
    let request = request(Method::POST);
    let lost = transport.clone().oneshot(request).await.unwrap_err();
    let TransportError::Lost {
        reason,
        after_sending: false,
    } = lost
    else {
        panic!("{lost:?}");
    };
    assert!(
        reason.contains(&format!("127.0.0.1 port {port}")),
        "{reason}"
    );
}

#[tokio::test]
async fn a_certificate_that_is_not_the_pinned_one_is_refused_and_named() {
    for trust in [Trust::Pinned(Pin([7; 32])), Trust::Nobody] {
        let server = Server::playing("localhost", &[&[FINE]]).await;
        let transport = https(&HttpsOptions {
            trust,
            ..server.pinned()
        })
        .unwrap();
        let TransportError::Untrusted { fingerprint, .. } =
            ask(&transport, Method::GET).await.unwrap_err()
        else {
            panic!("it was trusted");
        };
        assert_eq!(fingerprint, server.pin.to_string());
    }
}

#[tokio::test]
async fn a_certificate_of_a_chosen_authority_is_believed_for_its_name_alone() {
    for (name, is_fine) in [("127.0.0.1", true), ("elsewhere.example", false)] {
        let server = Server::playing(name, &[&[FINE]]).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, &server.pem).unwrap();
        let transport = https(&HttpsOptions {
            trust: Trust::authorities(&file).unwrap(),
            ..server.pinned()
        })
        .unwrap();
        let answer = ask(&transport, Method::GET).await;
        assert_eq!(answer.is_ok(), is_fine, "{name}: {answer:?}");
    }
}

#[test]
fn a_file_without_certificates_is_no_authority() {
    assert!(Trust::authorities(Path::new("/nowhere/ca.pem")).is_err());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, "no certificate").unwrap();
    let error = Trust::authorities(&file).unwrap_err().to_string();
    assert!(error.contains("no certificate"), "{error}");
}
