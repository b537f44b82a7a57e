//! `consign site`: embedded sites are made here, and all known ones are listed.

use std::io::Write;

use super::arguments::{Init, Site as Command};
use super::compose::{self, FIRST_SITE};
use super::exit::Exit;
use super::failure::Failure;
use super::out;
use super::surroundings::Surroundings;
use crate::config::is_site_name;
use crate::site::sample::Sample;

pub async fn run(command: Command, surroundings: &Surroundings) -> Result<Exit, Failure> {
    match command {
        Command::Init(init) => make(init, surroundings).await,
        Command::List => list(surroundings),
    }
}

async fn make(init: Init, surroundings: &Surroundings) -> Result<Exit, Failure> {
    if !is_site_name(&init.name) {
        let what = format!("'{}' cannot name a site", init.name);
        return Err(Failure::usage(what).with("use up to 32 letters, digits, `-` and `_`"));
    }
    let remote = surroundings.settings.sites.get(&init.name);
    if remote.is_some_and(|site| site.url.is_some()) {
        let what = format!(
            "[site.{}] of the settings file is a site with a url",
            init.name
        );
        return Err(Failure::usage(what).with("choose another name"));
    }
    let folder = surroundings.home.site_dir(&init.name);
    let site = compose::make(&folder, &init.name, &init.code).await?;
    if let Some(devices) = init.fleet.sample {
        let seed = init.fleet.seed;
        compose::fill(&site, Sample { devices, seed }).await?;
    }
    out::say(format_args!(
        "made site {} ({}) in {}",
        init.name,
        init.code.to_uppercase(),
        folder.display()
    ));
    Ok(Exit::Done)
}

/// Name, default mark, kind and place, one site a line.
fn list(surroundings: &Surroundings) -> Result<Exit, Failure> {
    let sites = compose::known(surroundings);
    if sites.is_empty() {
        out::say(format_args!(
            "no sites yet; `consign` makes the embedded site `{FIRST_SITE}` at its first start"
        ));
        return Ok(Exit::Done);
    }
    let default = compose::default_name(surroundings);
    let room = sites.iter().map(|site| site.name.len()).max();
    let room = room.unwrap_or_default();
    out::data(|out| {
        sites.iter().try_for_each(|site| {
            let mark = if site.name == default { '*' } else { ' ' };
            let (kind, place) = site.place.told();
            writeln!(out, "{mark} {:room$}  {kind:8}  {place}", site.name)
        })
    })?;
    Ok(Exit::Done)
}
