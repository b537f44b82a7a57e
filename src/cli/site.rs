//! `consign site`: embedded sites are made here, real ones are connected, and all known ones are listed.

mod add;
mod address;
mod check;
mod report;
mod trust;

use std::io::Write;

use super::arguments::{Init, Remove, Site as Command};
use super::compose::{self, Chosen, FIRST_SITE, Place};
use super::exit::Exit;
use super::failure::Failure;
use super::surroundings::Surroundings;
use super::{out, prompt};
use crate::config::{Profile, SettingsEdit, SiteSettings, is_site_name};
use crate::site::NewSite;
use crate::site::sample::Sample;
use crate::sms::ids::SiteCode;
use address::told;

pub async fn run(command: Command, surroundings: &Surroundings) -> Result<Exit, Failure> {
    match command {
        Command::Add(add) => Box::pin(add::run(*add, surroundings)).await,
        Command::Trust(trust) => Box::pin(trust::run(trust, surroundings)).await,
        Command::Check(check) => Box::pin(check::run(check, surroundings)).await,
        Command::Init(init) => make(init, surroundings).await,
        Command::List => list(surroundings),
        Command::Default { name } => make_default(&name, surroundings),
        Command::Remove(remove_it) => remove(remove_it, surroundings).await,
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
    let new = NewSite {
        code: SiteCode::new(&init.code),
        name: init.name.clone(),
    };
    let site = compose::make(&folder, new).await?;
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

/// Name, default mark, kind, place, what is allowed, for whom, and why its certificate is believed, one site a line.
fn list(surroundings: &Surroundings) -> Result<Exit, Failure> {
    let sites = compose::all(surroundings);
    if sites.is_empty() {
        out::say(format_args!(
            "no sites yet; `consign` makes the embedded site `{FIRST_SITE}` at its first start"
        ));
        return Ok(Exit::Done);
    }
    let default = compose::default_name(surroundings);
    let rows: Vec<[String; 6]> = sites.iter().map(row).collect();
    let room = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let rooms: Vec<usize> = (0..6).map(room).collect();
    out::data(|out| {
        rows.iter().try_for_each(|row| {
            let mark = if row[0] == default { '*' } else { ' ' };
            let cells = row.iter().zip(&rooms);
            let cells: Vec<String> = cells.map(|(cell, room)| format!("{cell:room$}")).collect();
            writeln!(out, "{mark} {}", cells.join("  ").trim_end())
        })
    })?;
    Ok(Exit::Done)
}

fn row(site: &Chosen) -> [String; 6] {
    let (kind, _) = site.place.told();
    let (place, profile, trust) = match &site.place {
        Place::Embedded(folder) => (folder.display().to_string(), "", String::new()),
        Place::Remote(url, settings) => {
            let trust = believed(site, settings);
            (told(url).to_owned(), profile(settings.profile), trust)
        }
    };
    let allowed = if site.access.may_write() {
        "writable"
    } else {
        "read-only"
    };
    [
        site.name.clone(),
        kind.to_owned(),
        place,
        allowed.to_owned(),
        profile.to_owned(),
        trust,
    ]
}

fn profile(profile: Profile) -> &'static str {
    match profile {
        Profile::Admin => "admin",
        Profile::Helpdesk => "helpdesk",
        Profile::Viewer => "viewer",
    }
}

/// Why the certificate of a site is believed.
fn believed(site: &Chosen, settings: &SiteSettings) -> String {
    match (settings.pin, site.known, &settings.ca_file) {
        (Some(_), _, _) => "pinned in the settings".to_owned(),
        (None, Some(_), _) => "known".to_owned(),
        (None, None, Some(file)) => format!("authorities, and {}", file.display()),
        (None, None, None) => "authorities".to_owned(),
    }
}

/// Changes the settings file as it is now.
fn edit<T>(
    surroundings: &Surroundings,
    change: impl FnOnce(&mut SettingsEdit) -> T,
) -> Result<T, Failure> {
    let path = surroundings.home.settings_file();
    SettingsEdit::change(&path, |edit| Ok(change(edit)))
}

fn make_default(name: &str, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let chosen = compose::choose(surroundings, Some(name))?;
    edit(surroundings, |edit| {
        edit.set_default_site(Some(&chosen.name));
    })?;
    out::say(format_args!(
        "{name} is meant from now on where no --site is named"
    ));
    Ok(Exit::Done)
}

/// Takes a site out of the settings. What is kept of it elsewhere is named and stays.
async fn remove(remove: Remove, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let name = remove.name.as_str();
    let chosen = compose::choose(surroundings, Some(name))?;
    let url = match &chosen.place {
        Place::Remote(url, _) => told(url),
        Place::Embedded(folder) => {
            let what = format!("{name} is an embedded site, and its data is not removed from here");
            return Err(Failure::usage(what).with(format!("it lives in {}", folder.display())));
        }
    };
    let agreed = remove.yes || {
        if !prompt::is_somebody_there() {
            let what = format!("nobody is there to be asked whether {name} is to go");
            return Err(Failure::new(Exit::Confirmation, what).with("--yes agrees beforehand"));
        }
        prompt::is_agreed(&format!(
            "Take [site.{name}] ({url}) out of the settings file?"
        ))
        .await?
    };
    if !agreed {
        return Err(Failure::new(Exit::Confirmation, format!("{name} stays")));
    }
    let was_default = edit(surroundings, |edit| {
        edit.remove_site(name);
        let was_default = edit.default_site() == Some(name);
        if was_default {
            edit.set_default_site(None);
        }
        was_default
    })?;
    if was_default {
        out::say(format_args!(
            "{name} was the default; `{FIRST_SITE}` is now"
        ));
    }
    let state = surroundings.home.state_dir();
    out::say(format_args!(
        "[site.{name}] is out of the settings file; drafts, journals and known certificates stay in {}, and what signs \
         in stays where it is",
        state.display()
    ));
    Ok(Exit::Done)
}
