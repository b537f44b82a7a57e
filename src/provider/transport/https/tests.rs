//! The line to a server over real TLS on loopback, with servers that play their parts byte by byte.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::BoxFuture;
use http::Method;
use rcgen::{CertificateParams, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use rustls::version::{TLS12, TLS13};
use rustls::{ALL_VERSIONS, ServerConfig, SupportedProtocolVersion};
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tower::ServiceExt;

use super::*;
use crate::config::Pin;
use crate::error::SignInCause;
use crate::provider::requests::{Outcome, Requests};
use crate::provider::transport::auth::TokenSource;
use crate::provider::transport::trust::fingerprint;

const FINE: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
/// The request is heard, and then nothing is said on this connection any more.
const NOTHING: &str = "nothing";

/// What a server answers to each request on a connection, and whether it keeps the connection then.
type Part = Box<dyn FnMut(&str) -> (String, bool) + Send>;

/// A server that plays a part on each connection.
struct Server {
    url: Url,
    pin: Pin,
    pem: String,
    connections: Arc<AtomicUsize>,
    heard: mpsc::UnboundedReceiver<String>,
}

impl Server {
    async fn playing(name: &str, scripts: &[&[&str]]) -> Self {
        Self::speaking(ALL_VERSIONS, name, scripts).await
    }

    /// One that speaks only these versions of TLS.
    async fn speaking(
        versions: &[&'static SupportedProtocolVersion],
        name: &str,
        scripts: &[&[&str]],
    ) -> Self {
        let scripts: Vec<Vec<String>> = scripts
            .iter()
            .map(|script| script.iter().copied().map(str::to_owned).collect())
            .collect();
        let parts = scripts.into_iter().map(|script| -> Part {
            let mut answers = script.into_iter();
            Box::new(move |_| (answers.next().unwrap(), answers.len() > 0))
        });
        Self::with(versions, name, parts).await
    }

    /// A server that lets in whoever shows this token, on however many connections.
    async fn opened_by(token: &'static str) -> Self {
        let parts = std::iter::repeat_with(move || -> Part {
            Box::new(move |request| {
                let shown = format!("authorization: Bearer {token}\r\n");
                let answer = if request.contains(&shown) { FINE } else { WHO };
                (answer.to_owned(), true)
            })
        });
        Self::with(ALL_VERSIONS, "localhost", parts).await
    }

    async fn with(
        versions: &[&'static SupportedProtocolVersion],
        name: &str,
        parts: impl Iterator<Item = Part> + Send + 'static,
    ) -> Self {
        let key = KeyPair::generate().unwrap();
        let parameters = CertificateParams::new([name.to_owned()]).unwrap();
        let certificate = parameters.self_signed(&key).unwrap();
        let leaf = certificate.der().clone();
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![leaf.clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        config.alpn_protocols = ["h2", "http/1.1"].map(Vec::from).to_vec();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let (tell, heard) = mpsc::unbounded_channel();
        let count = Arc::clone(&connections);
        tokio::spawn(async move {
            for part in parts {
                let (stream, _) = listener.accept().await.unwrap();
                let Ok(stream) = acceptor.accept(stream).await else {
                    continue;
                };
                // Windows sign-in does not work over HTTP/2, and none of the parts speaks it.
                if stream.get_ref().1.alpn_protocol() != Some(b"http/1.1") {
                    continue;
                }
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(play(stream, part, tell.clone()));
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
    mut part: Part,
    tell: mpsc::UnboundedSender<String>,
) {
    loop {
        let mut request = Vec::new();
        while !request.windows(4).any(|end| end == b"\r\n\r\n") {
            let mut some = [0; 1024];
            match stream.read(&mut some).await {
                Ok(count) if count > 0 => request.extend_from_slice(&some[..count]),
                _ => return,
            }
        }
        let request = String::from_utf8(request).unwrap();
        let (answer, is_kept) = part(&request);
        let _ = tell.send(request);
        if answer == NOTHING {
            return std::future::pending().await;
        }
        stream.write_all(answer.as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
        if !is_kept {
            break;
        }
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
        sign_in: bearer("open"),
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_soon_the_next_request_comes_it_takes_the_connection_of_the_last() {
    let server = Server::playing("localhost", &[&[FINE; 200], &[FINE]]).await;
    let transport = https(&server.pinned()).unwrap();
    for _ in 0..200 {
        ask(&transport, Method::GET).await.unwrap();
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

#[tokio::test]
async fn a_request_that_gets_no_answer_is_the_last_on_any_connection_kept_from_before() {
    for (last, is_given_up) in [(NOTHING, true), ("", false)] {
        let scripts: [&[&str]; 3] = [&[FINE, last], &[FINE, last], &[FINE]];
        let mut server = Server::playing("localhost", &scripts).await;
        let transport = https(&server.pinned()).unwrap();
        let (one, other) = tokio::join!(ask(&transport, Method::GET), ask(&transport, Method::GET));
        assert!(one.is_ok() && other.is_ok());
        let writing = tokio::spawn({
            let transport = transport.clone();
            async move { ask(&transport, Method::POST).await }
        });
        while !server.hear().await.starts_with("POST") {}
        if is_given_up {
            tokio::time::pause();
            tokio::time::advance(LONG).await;
            tokio::time::resume();
            writing.abort();
        }
        let answered = writing.await.is_ok_and(|answer| answer.is_ok());
        assert!(!answered);
        assert_eq!(server.connections.load(Ordering::SeqCst), 2);
        let next = timeout(ANSWERING, ask(&transport, Method::GET)).await;
        assert_eq!(next.unwrap().unwrap().body(), "ok");
        assert_eq!(server.connections.load(Ordering::SeqCst), 3);
    }
}

const WHO: &str = "HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n";

/// Gives its tokens one after the other, whenever it is asked.
struct Renewed(Mutex<Vec<&'static str>>);

impl TokenSource for Renewed {
    fn name(&self) -> String {
        "token_file of [site.prod]".to_owned()
    }

    fn is_command(&self) -> bool {
        false
    }

    fn read(&self) -> BoxFuture<'_, Result<SecretString, String>> {
        let next = self.0.lock().unwrap().pop().unwrap();
        Box::pin(std::future::ready(Ok(next.into())))
    }
}

fn bearer(token: &str) -> SignIn {
    SignIn::Bearer(Token::fixed(&token.into()).unwrap())
}

/// A token that becomes another one with each reading.
fn renewable(token: &str, then: &[&'static str]) -> SignIn {
    let source = Renewed(Mutex::new(then.iter().rev().copied().collect()));
    SignIn::Bearer(Token::renewable(&token.into(), Arc::new(source)).unwrap())
}

#[tokio::test]
async fn a_write_whose_token_is_refused_is_sent_again_with_a_newer_one() {
    let mut server = Server::opened_by("new").await;
    let transport = https(&HttpsOptions {
        sign_in: renewable("old", &["new"]),
        ..server.pinned()
    })
    .unwrap();
    for _ in 0..2 {
        assert_eq!(ask(&transport, Method::POST).await.unwrap().body(), "ok");
    }
    for token in ["old", "new", "new"] {
        let heard = server.hear().await;
        assert!(heard.starts_with("POST "), "{heard}");
        assert!(heard.contains(&format!("Bearer {token}\r\n")), "{heard}");
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn the_try_before_the_last_is_written_down_too() {
    let server = Server::opened_by("new").await;
    let transport = https(&HttpsOptions {
        sign_in: renewable("old", &["new"]),
        ..server.pinned()
    })
    .unwrap();
    let requests = Requests::default();
    for _ in 0..2 {
        let mut request = request(Method::POST);
        request.extensions_mut().insert(requests.clone());
        transport.clone().oneshot(request).await.unwrap();
    }
    let written = requests.latest();
    let url = server
        .url
        .join("/AdminService/wmi/SMS_Site?$top=1")
        .unwrap();
    let refused = Outcome::Answered(StatusCode::UNAUTHORIZED);
    let told: Vec<_> = written
        .iter()
        .map(|one| (&one.method, one.url.as_str(), &one.outcome))
        .collect();
    assert_eq!(told, [(&Method::POST, url.as_str(), &refused)]);
}

#[tokio::test]
async fn a_token_that_cannot_be_renewed_is_told_and_tried_again_with_the_next_request() {
    let mut server = Server::opened_by("new").await;
    let transport = https(&HttpsOptions {
        sign_in: renewable("old", &["old", "other", "new"]),
        ..server.pinned()
    })
    .unwrap();
    for (shown, why) in [
        (1, "token_file of [site.prod] still gives the same token"),
        (2, "so was the one before it"),
    ] {
        let refused = ask(&transport, Method::GET).await.unwrap();
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
        let told: &TurnedDown = refused.extensions().get().unwrap();
        assert_eq!((told.cause, told.why.as_str()), (SignInCause::Token, why));
        for _ in 0..shown {
            server.hear().await;
        }
    }
    assert_eq!(ask(&transport, Method::GET).await.unwrap().body(), "ok");
}

#[tokio::test]
async fn a_token_of_the_start_is_shown_once() {
    let mut server = Server::opened_by("new").await;
    let options = HttpsOptions {
        sign_in: bearer("old"),
        ..server.pinned()
    };
    let refused = ask(&https(&options).unwrap(), Method::GET).await.unwrap();
    let told: &TurnedDown = refused.extensions().get().unwrap();
    assert_eq!(told.cause, SignInCause::FixedToken);
    let error = sign_in_once(&options).await.unwrap_err();
    assert!(
        matches!(
            error,
            TransportError::SignIn {
                cause: SignInCause::FixedToken,
                ..
            }
        ),
        "{error:?}"
    );
    for _ in 0..2 {
        server.hear().await;
    }
    assert!(server.heard.try_recv().is_err());
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

#[tokio::test]
async fn servers_of_both_versions_of_tls_are_spoken_to_and_trusted_alike() {
    for version in [&TLS12, &TLS13] {
        let server = Server::speaking(&[version], "localhost", &[&[FINE]]).await;
        let transport = https(&server.pinned()).unwrap();
        let answer = ask(&transport, Method::GET).await;
        assert_eq!(answer.unwrap().body(), "ok", "{version:?}");
        let other = Server::speaking(&[version], "localhost", &[&[FINE]]).await;
        let mistaken = HttpsOptions {
            trust: Trust::Pinned(server.pin),
            ..other.pinned()
        };
        let refused = ask(&https(&mistaken).unwrap(), Method::GET).await;
        let refused = refused.unwrap_err();
        assert!(
            matches!(refused, TransportError::Untrusted { .. }),
            "{refused:?}"
        );
    }
}
