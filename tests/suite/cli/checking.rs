//! `consign site check`: what it says of each step, and the exit code of the worst one.

use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;

use consign::provider::transport::trust::fingerprint;
use nix::sys::signal::Signal;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, Stream};
use serde_json::Value;

use crate::support::shell::{Outcome, Running, Shell, outcome};

/// A served site, and a settings file that knows it as `prod`.
struct Far {
    here: Shell,
    there: Shell,
    server: Running,
    settings: String,
}

impl Far {
    fn new(shell: Shell) -> Self {
        let there = Shell::bare();
        let mut server = shell.start(&["serve", "--listen", "127.0.0.1:0"]);
        let settings = server.lines(4).replace("lab-served", "prod");
        there.settings(&settings);
        Self {
            here: shell,
            there,
            server,
            settings,
        }
    }

    /// The settings with something said otherwise.
    fn with(&self, old: &str, new: &str) {
        assert!(self.settings.contains(old), "{}", self.settings);
        self.there.settings(&self.settings.replace(old, new));
    }
}

/// The check without what the machine it runs on says about proxies.
fn check(shell: &Shell) -> Outcome {
    outcome(command(shell, &[]), "")
}

fn command(shell: &Shell, more: &[&str]) -> Command {
    let mut command = shell.command(&[&["site", "check", "prod"], more].concat());
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        command.env_remove(name);
    }
    command
}

/// The line of one step begins so.
#[track_caller]
fn step<'o>(outcome: &'o Outcome, result: &str, step: &str) -> &'o str {
    let begin = format!("{result:7}  {step:16}  ");
    let mut lines = outcome.out.lines();
    let line = lines.find(|line| line.starts_with(&begin));
    line.unwrap_or_else(|| panic!("no {begin:?} in\n{}", outcome.out))
}

#[test]
fn every_step_to_a_served_site_is_told() {
    let far = Far::new(Shell::with_fleet());
    far.with("127.0.0.1", "localhost");
    let checked = check(&far.there).ends(0);
    for name in [
        "proxy",
        "connection",
        "tls",
        "certificate",
        "trust",
        "sign-in",
        "service",
        "kind",
        "packages",
        "programs",
        "collections",
        "points",
        "deployments",
        "devices",
        "clock",
    ] {
        step(&checked, "ok", name);
    }
    assert!(step(&checked, "note", "name").contains("short name"));
    assert!(step(&checked, "ok", "tls").ends_with("TLS 1.3"));
    assert!(step(&checked, "ok", "trust").contains("the settings pin"));
    assert!(step(&checked, "ok", "sign-in").contains("bearer token"));
    assert!(step(&checked, "note", "site").contains("LAB (lab), version 5.00.9141"));
    assert!(step(&checked, "note", "site").contains("and the url localhost"));
    assert!(step(&checked, "unknown", "providers").contains("does not show"));
    assert!(step(&checked, "note", "version").contains("NTLM is refused"));
    step(&checked, "note", "times");
    assert!(
        checked
            .out
            .contains("set clock_verified = true in [site.prod.limits]")
    );
}

#[test]
fn the_check_is_data_too_and_says_what_is_set_around_it() {
    let far = Far::new(Shell::with_site());
    let mut asking = command(&far.there, &["-o", "json"]);
    asking.env("HTTPS_PROXY", "http://ann:secret@proxy:3128");
    let checked = outcome(asking, "").ends(0).never_says("secret");
    let steps: Vec<Value> = serde_json::from_str(&checked.out).unwrap();
    let find = |name: &str| steps.iter().find(|step| step["step"] == name).unwrap();
    assert_eq!(find("proxy")["outcome"], "note");
    assert!(
        find("name")["says"]
            .as_str()
            .unwrap()
            .contains("is an address")
    );
    assert_eq!(find("packages")["outcome"], "unknown");
    assert!(find("proxy")["way_out"].is_string());
    assert!(find("tls").get("way_out").is_none());
}

#[test]
fn what_stands_in_the_way_is_named_and_decides_the_exit_code() {
    let far = Far::new(Shell::with_site());
    let token = far.there.write("token", "not-the-token");
    let line = far
        .settings
        .lines()
        .find(|line| line.starts_with("token_file"));
    far.with(line.unwrap(), &format!("token_file = {token:?}"));
    let refused = check(&far.there).ends(5).never_says("not-the-token");
    step(&refused, "failed", "sign-in");
    assert!(step(&refused, "skipped", "").contains("rights"));
    assert!(
        refused.out.contains("provider authentication level"),
        "{}",
        refused.out
    );
    let pin = far.settings.lines().find(|line| line.starts_with("pin"));
    far.with(&format!("{}\n", pin.unwrap()), "");
    let unknown = check(&far.there).ends(6);
    assert!(step(&unknown, "failed", "trust").contains("signed by itself"));
    assert!(unknown.out.contains("-> `consign site trust prod`"));
    assert!(step(&unknown, "skipped", "").contains("sign-in"));
    far.with("127.0.0.1", "no-such-server.invalid");
    let data = outcome(command(&far.there, &["-o", "json"]), "").ends(6);
    let steps: Vec<Value> = serde_json::from_str(&data.out).unwrap();
    let is_skipped = |step: &&Value| step["outcome"] == "skipped";
    assert_eq!(steps.iter().filter(is_skipped).count(), 19);
    let nameless = check(&far.there).ends(6);
    step(&nameless, "failed", "name");
    assert!(step(&nameless, "skipped", "").contains("connection"));
    step(&nameless, "note", "times");
    far.there.settings(&far.settings);
    far.server.signal(Signal::SIGTERM);
    let Far {
        there,
        server,
        here,
        ..
    } = far;
    server.end().ends(0);
    let gone = check(&there).ends(6);
    assert!(step(&gone, "failed", "connection").contains("refused"));
    let embedded = here.run(&["site", "check", "lab"]).ends(2);
    embedded.says(&["embedded site"]).without_data();
}

/// A server that goes through its handshakes and says nothing else.
struct Mute {
    port: u16,
    pin: String,
    pem: String,
}

impl Mute {
    fn showing(name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut parameters = CertificateParams::new([name.to_owned()]).unwrap();
        change(&mut parameters);
        let certificate = parameters.self_signed(&key).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut tls = ServerConnection::new(Arc::clone(&config)).unwrap();
                // A client that does not like what it sees hangs up in the middle.
                let mut stream = stream.unwrap();
                let mut stream = Stream::new(&mut tls, &mut stream);
                let _ = std::io::Read::read(&mut stream, &mut [0; 1]);
            }
        });
        Self {
            port,
            pin: fingerprint(certificate.der()).to_string(),
            pem: certificate.pem(),
        }
    }

    /// Somebody who trusts this certificate as an authority.
    fn known_to(&self, host: &str) -> Shell {
        let shell = Shell::bare();
        shell.write(shell.home().join("config/ca.pem"), &self.pem);
        shell.settings(&format!(
            "[site.prod]\nurl = \"https://{host}:{}\"\nca_file = \"ca.pem\"\ntoken_env = \"NONE\"\n",
            self.port
        ));
        shell
    }
}

#[test]
fn expired_and_misnamed_certificates_each_have_their_reason() {
    let expired = Mute::showing("localhost", |parameters| {
        parameters.not_before = date_time_ymd(2020, 1, 1);
        parameters.not_after = date_time_ymd(2021, 2, 3);
    });
    let shell = expired.known_to("localhost");
    let checked = check(&shell).ends(6);
    let odd = step(&checked, "note", "certificate");
    assert!(odd.contains("it expired on 2021-02-03"), "{odd}");
    assert!(step(&checked, "failed", "trust").contains("it expired on 2021-02-03"));
    let mut listing = shell.command(&["--site", "prod", "get", "pkg"]);
    listing.env("NONE", "token");
    let refused = outcome(listing, "").ends(6).without_data();
    refused.says(&["it expired on 2021-02-03", "consign site trust prod"]);
    let misnamed = Mute::showing("elsewhere.example", |_| ());
    let checked = check(&misnamed.known_to("localhost")).ends(6);
    let reason = "it is for elsewhere.example, not for localhost";
    assert!(step(&checked, "failed", "trust").contains(reason));
}

#[test]
fn a_known_certificate_gives_way_to_one_that_authorities_vouch_for() {
    let server = Mute::showing("localhost", |_| ());
    let shell = server.known_to("localhost");
    let known = shell.home().join("state/known_sites");
    let old = format!("SHA256:{}", vec!["07"; 32].join(":"));
    let line = format!("localhost:{} {old} 2026-01-01T00:00:00Z\n", server.port);
    shell.write(
        &known,
        &format!("other:443 {old} 2026-01-01T00:00:00Z\n{line}"),
    );
    let changed = shell.run(&["site", "trust", "prod"]).ends(6);
    changed.says(&["it has changed", &old, &server.pin, "--replace"]);
    let wrong = ["site", "trust", "prod", "--replace", "--fingerprint", &old];
    shell
        .run(&wrong)
        .ends(6)
        .says(&["another certificate", &server.pin]);
    let right = [
        "site",
        "trust",
        "prod",
        "--replace",
        "--fingerprint",
        &server.pin,
    ];
    let replaced = shell.run(&right).ends(0);
    replaced.says(&["authorities vouch for the new certificate"]);
    let left = std::fs::read_to_string(&known).unwrap();
    assert_eq!(left, format!("other:443 {old} 2026-01-01T00:00:00Z\n"));
    let trusted = shell.run(&["site", "trust", "prod"]).ends(0);
    trusted.says(&["authorities vouch for it, nothing is kept"]);
}
