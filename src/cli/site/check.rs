//! `consign site check`: every step of the way to a site, with its result and the way out; goes on where it can.

mod answers;
mod rights;
mod versions;

use url::Url;

use super::super::arguments::Check;
use super::super::compose::{self, Background, Chosen, Place};
use super::super::exit::Exit;
use super::super::failure::{Failure, doubted};
use super::super::secrets::Terminal;
use super::super::surroundings::Surroundings;
use super::address::is_numeric;
use super::report::Report;
use crate::config::SiteSettings;
use crate::provider::Provider;
use crate::provider::transport::TransportError;
use crate::provider::transport::auth::{Mechanism, SignIn, SignedIn};
use crate::provider::transport::greeting::{Endpoint, Greeting};
use crate::provider::transport::https::{HttpsOptions, sign_in_once};
use crate::provider::transport::trust::Trust;

/// Where a proxy would be named.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// What hangs on a connection, and then on a sign-in.
const BEHIND_TCP: &[&str] = &["tls", "certificate", "trust"];
const BEHIND_TRUST: &[&str] = &["sign-in"];
const BEHIND_SIGN_IN: &[&str] = &[
    "service",
    "site",
    "kind",
    "providers",
    "packages",
    "programs",
    "collections",
    "points",
    "deployments",
    "devices",
    "rights",
    "roles",
    "clock",
    "version",
];

pub async fn run(command: Check, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let chosen = compose::choose(surroundings, Some(&command.name))?;
    let Place::Remote(url, settings) = &chosen.place else {
        let what = format!(
            "{} is an embedded site: there is no way to it to check",
            chosen.name
        );
        return Err(Failure::usage(what));
    };
    let mut report = Report::new(command.output);
    let trust = chosen.trust(settings)?;
    let is_trusted = reached(&chosen, url, settings, &trust, &mut report).await?;
    let signed_in = if is_trusted {
        signed_in(&chosen, url, trust, &mut report).await?
    } else {
        report.skipped(BEHIND_TRUST, "a server that is trusted")?;
        None
    };
    match signed_in {
        Some((provider, signed_in)) => {
            answers::ask(&provider, url, &signed_in, &mut report).await?;
        }
        None => report.skipped(BEHIND_SIGN_IN, "the sign-in")?,
    }
    device_clocks(&chosen, &mut report)?;
    report.end()
}

/// Name, proxy, connection and certificate; whether the server is one to sign in to.
async fn reached(
    chosen: &Chosen,
    url: &Url,
    settings: &SiteSettings,
    trust: &Trust,
    report: &mut Report,
) -> Result<bool, Failure> {
    let Some(endpoint) = Endpoint::of(url) else {
        return Err(Failure::usage(format!("{url} names no server")));
    };
    let host = &endpoint.host;
    let addresses = match endpoint.resolve().await {
        Ok(addresses) => addresses,
        Err(reason) => {
            let what = format!("{host}: {reason}");
            let failure = Failure::new(Exit::Unreachable, what).with(
                "is the name right, and does this machine ask the name server of the site's network (VPN)?",
            );
            report.failed("name", &failure)?;
            proxy(report)?;
            report.skipped(&["connection"], "the name")?;
            report.skipped(BEHIND_TCP, "the name")?;
            return Ok(false);
        }
    };
    let all: Vec<String> = addresses.iter().map(|at| at.ip().to_string()).collect();
    name(url, host, &all.join(", "), report)?;
    proxy(report)?;
    let stream = match endpoint.reach(&addresses).await {
        Ok(stream) => stream,
        Err(reason) => {
            let what = format!("port {} of {host}: {reason}", endpoint.port);
            let way_out =
                "does a firewall let this machine through, and is this server an SMS Provider?";
            report.failed(
                "connection",
                &Failure::new(Exit::Unreachable, what).with(way_out),
            )?;
            report.skipped(BEHIND_TCP, "the connection")?;
            return Ok(false);
        }
    };
    report.ok("connection", format!("port {} answers", endpoint.port))?;
    match endpoint.greet(stream, trust).await {
        Ok(greeting) => certificate(chosen, settings, trust, &greeting, report),
        Err(reason) => {
            let way_out =
                "consign speaks TLS 1.2 and 1.3; does something else listen on that port?";
            report.failed(
                "tls",
                &Failure::new(Exit::Unreachable, reason).with(way_out),
            )?;
            report.skipped(&["certificate", "trust"], "TLS")?;
            Ok(false)
        }
    }
}

fn name(url: &Url, host: &str, addresses: &str, report: &mut Report) -> Result<(), Failure> {
    let full = "use the server's own full name (not an address, not an alias) in `url`";
    if is_numeric(url) {
        let says = format!("{host} is an address; Kerberos and certificates know servers by name");
        return report.note("name", says, full);
    }
    let says = format!("{host} stands for {addresses}");
    if host.contains('.') {
        report.ok("name", says)
    } else {
        report.note("name", format!("{says}; it is a short name"), full)
    }
}

fn proxy(report: &mut Report) -> Result<(), Failure> {
    let set = PROXIES
        .iter()
        .find(|name| std::env::var_os(name).is_some_and(|set| !set.is_empty()));
    match set {
        Some(name) => report.note(
            "proxy",
            format!("{name} is set, and consign does not use it: the service does not work through proxies"),
            "the server must be reachable directly, or through a VPN",
        ),
        None => report.ok("proxy", "none is set, and none is used"),
    }
}

/// What the server shows, and whether it is believed.
fn certificate(
    chosen: &Chosen,
    settings: &SiteSettings,
    trust: &Trust,
    greeting: &Greeting,
    report: &mut Report,
) -> Result<bool, Failure> {
    report.ok("tls", greeting.version.clone())?;
    let shown = &greeting.certificate;
    let says = format!("{}; {}", shown.brief(), shown.fingerprint);
    if greeting.oddities.is_empty() {
        report.ok("certificate", says)?;
    } else {
        let says = format!("{says}; {}", greeting.oddities.join("; "));
        report.note(
            "certificate",
            says,
            "ask the site's administrator for a certificate that fits",
        )?;
    }
    match &greeting.verdict {
        Ok(()) => {
            report.ok("trust", believed(trust, settings))?;
            Ok(true)
        }
        Err(distrust) => {
            let failure = Failure::new(Exit::Unreachable, distrust.reason.clone())
                .with(doubted(&chosen.name, distrust.doubt));
            report.failed("trust", &failure)?;
            Ok(false)
        }
    }
}

fn believed(trust: &Trust, settings: &SiteSettings) -> String {
    match (trust, &settings.ca_file) {
        (Trust::Pinned(_), _) => "the settings pin this certificate".to_owned(),
        (Trust::Known(_), _) => {
            "this certificate was trusted when the site was first met".to_owned()
        }
        (_, Some(file)) => format!(
            "an authority of the system or of {} vouches for it",
            file.display()
        ),
        (_, None) => "an authority of the system vouches for it".to_owned(),
    }
}

/// By which mechanism and as whom.
async fn signed_in(
    chosen: &Chosen,
    url: &Url,
    trust: Trust,
    report: &mut Report,
) -> Result<Option<(Provider, SignedIn)>, Failure> {
    let sign_in = match chosen.sign_in(Terminal::Free).await {
        Ok(sign_in) => sign_in,
        Err(failure) => {
            report.failed("sign-in", &failure)?;
            return Ok(None);
        }
    };
    let options = HttpsOptions {
        url: url.clone(),
        trust,
        sign_in: sign_in.clone(),
    };
    let host = url.host_str().unwrap_or_default();
    let service = matches!(sign_in, SignIn::Kerberos(_)).then(|| format!("HTTP/{host}"));
    match sign_in_once(&options).await {
        Ok(signed_in) => {
            report.ok("sign-in", by(&signed_in, service.as_deref()))?;
            let opened = chosen.open_as(sign_in, Background::Leave).await?;
            Ok(Some((opened.provider, signed_in)))
        }
        Err(error) => {
            report.failed("sign-in", &refused(chosen, error, service))?;
            Ok(None)
        }
    }
}

fn by(signed_in: &SignedIn, service: Option<&str>) -> String {
    let whom = signed_in.user.as_deref();
    let whom = whom.map(|user| format!(", as {user}")).unwrap_or_default();
    let service = service
        .map(|name| format!(", for {name}"))
        .unwrap_or_default();
    let told = match signed_in.mechanism {
        Mechanism::Bearer => ", as whoever it was made out to",
        _ => "",
    };
    format!("{}{whom}{told}{service}", signed_in.mechanism)
}

/// A refused sign-in, with the reason that is easily overlooked.
fn refused(chosen: &Chosen, error: TransportError, service: Option<String>) -> Failure {
    let is_refusal = matches!(&error, TransportError::SignIn { cause, .. } if cause.is_refusal());
    let mut failure = Failure::from(error.about(&chosen.name));
    if let Some(service) = service {
        failure.what = format!("{} (asked for {service})", failure.what);
    }
    if is_refusal {
        failure = failure.with(
            "or the site's provider authentication level asks for a certificate or Windows Hello for Business: that shuts \
             out every sign-in from here (Hierarchy Settings, Authentication)",
        );
    }
    failure
}

/// What nobody can find out by asking (wizard.md 1.5).
fn device_clocks(chosen: &Chosen, report: &mut Report) -> Result<(), Failure> {
    if chosen.limits.clock_verified {
        return report.ok(
            "times",
            "how the site reads times was compared (clock_verified = true)",
        );
    }
    report.note(
        "times",
        "whether times by each device's clock arrive unshifted cannot be asked; until then timed settings are confirmed",
        format!(
            "compare the times of an advertisement from winter and of one from summer in `consign show adv ID` and in the \
             vendor's console; if both are equal, set clock_verified = true in [site.{}.limits]",
            chosen.name
        ),
    )
}
