//! `consign serve`: an embedded site over TLS, for consoles on other machines, training and tests.

mod certificate;
mod listener;
mod token;

use std::io::Write;
use std::net::SocketAddr;

use tokio::net::TcpListener;

use super::arguments::Serve;
use super::compose::{self, Background, Place};
use super::exit::Exit;
use super::failure::Failure;
use super::out;
use super::signals::StopSignals;
use super::surroundings::Surroundings;
use certificate::Identity;
use token::TokenFile;

/// Where certificate and token are kept, inside the site's folder.
const KEPT_IN: &str = "serve";

pub async fn run(
    serve: Serve,
    site: Option<&str>,
    surroundings: &Surroundings,
) -> Result<Exit, Failure> {
    let chosen = compose::choose(surroundings, site)?;
    let Place::Embedded(folder) = &chosen.place else {
        let what = format!(
            "{} is a site with a url; only an embedded one is served",
            chosen.name
        );
        return Err(Failure::usage(what));
    };
    let kept_in = folder.join(KEPT_IN);
    let opened = chosen.open(Background::Run).await?;
    let Some(site) = &opened.site else {
        return Err(Failure::failed("the site is not an embedded one"));
    };
    let mut signals = StopSignals::listen()?;
    let identity = Identity::of(&kept_in, &chosen.name)?;
    let token_file = serve.token_file.unwrap_or_else(|| kept_in.join("token"));
    let token_file = std::path::absolute(&token_file).unwrap_or(token_file);
    let token = TokenFile::of(&token_file)?;
    let (listener, at) = listen(serve.listen).await?;
    let script = serve.playing.script();
    announce(&chosen.name, at, &identity, &token)?;
    if !script.is_empty() {
        out::say(format_args!("playing a difficult site: {script}"));
    }
    let router = token.lock.before(script.before(site.router()));
    listener::serve(listener, identity.into_config()?, router, signals.next()).await;
    out::say("stopped; every request that was under way has been answered");
    Ok(Exit::Done)
}

async fn listen(at: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
    let failed = |error: std::io::Error| {
        Failure::failed(format!("cannot listen on {at}: {error}"))
            .with("choose another address or port with --listen")
    };
    let listener = TcpListener::bind(at).await.map_err(failed)?;
    let at = listener.local_addr().map_err(failed)?;
    Ok((listener, at))
}

/// How to reach the site: in words for whoever started it, and as the lines to put into a settings file.
fn announce(
    name: &str,
    at: SocketAddr,
    identity: &Identity,
    token: &TokenFile,
) -> Result<(), Failure> {
    let token_is = if token.is_new { "made" } else { "read" };
    out::say(format_args!(
        "serving {name} on https://{at}, token {token_is} in {}\nto connect, put this into a settings file; Ctrl-C \
         stops",
        token.path.display()
    ));
    let fingerprint = identity.fingerprint();
    out::data(|out| {
        writeln!(out, "[site.{name}-served]")?;
        writeln!(out, "url = \"https://{at}\"")?;
        writeln!(out, "pin = \"{fingerprint}\"")?;
        writeln!(out, "token_file = {:?}", token.path.display().to_string())
    })
}
