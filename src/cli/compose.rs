//! The composition root: joins a site to its transport and a transport to its provider. Nothing else does.

use std::fs;
use std::path::{Path, PathBuf};

use url::Url;

use super::exit::Exit;
use super::failure::Failure;
use super::out;
use super::secrets::{Means, Terminal};
use super::sign_in::sign_in;
use super::surroundings::Surroundings;
use crate::config::fault::nearest;
use crate::config::{Access, Limits, Pin, Profile, SiteSettings, is_site_name, known_sites};
use crate::distribution::guard::Bounds;
use crate::foreign::Foreign;
use crate::provider::transport::auth::SignIn;
use crate::provider::transport::greeting::Endpoint;
use crate::provider::transport::https::{HttpsOptions, https};
use crate::provider::transport::in_process;
use crate::provider::transport::trust::Trust;
use crate::provider::{Provider, SiteAddress};
use crate::site::sample::{Progress, Sample};
use crate::site::store::OpenError;
use crate::site::{self, NewSite, Site};
use crate::sms::ids::SiteCode;

/// The embedded site there is without any settings.
pub const FIRST_SITE: &str = "lab";

/// The code of a site nobody gave one.
pub const FIRST_CODE: &str = "LAB";

/// A site that was chosen, not yet opened.
#[derive(Debug, Clone)]
pub struct Chosen {
    pub name: String,
    pub place: Place,
    /// What an embedded site is made as when it is opened for the first time; without it, it has to be there.
    pub new: Option<NewSite>,
    pub limits: Limits,
    pub access: Access,
    pub profile: Profile,
    /// Words for every screen, such as PRODUCTION.
    pub banner: Option<String>,
    /// The certificate that was trusted when the site was first met.
    pub known: Option<Pin>,
    /// Starts the commands that give its secrets.
    pub foreign: Foreign,
}

/// Where a site is.
#[derive(Debug, Clone)]
pub enum Place {
    /// In a folder of this machine.
    Embedded(PathBuf),
    /// Behind a url.
    Remote(Url, Box<SiteSettings>),
}

/// Who may run the background parts of an embedded site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Background {
    /// Whoever stays: the console, a demo, a served site, an apply that waits.
    Run,
    /// Whoever only looks.
    Leave,
}

/// An open site.
pub struct Opened {
    pub provider: Provider,
    /// The embedded site itself, for those who serve or fill it.
    pub site: Option<Site>,
    /// Runs in the background of an embedded site while this lives.
    pub background: Option<site::background::Background>,
}

impl Place {
    /// Kind and place in words.
    pub fn told(&self) -> (&'static str, String) {
        match self {
            Self::Embedded(folder) => ("embedded", folder.display().to_string()),
            Self::Remote(url, _) => ("remote", url.to_string()),
        }
    }
}

/// The name of the site that is meant where none is named.
pub fn default_name(surroundings: &Surroundings) -> &str {
    let said = surroundings.settings.default_site.as_deref();
    said.unwrap_or(FIRST_SITE)
}

/// The site a command is about.
pub fn choose(surroundings: &Surroundings, named: Option<&str>) -> Result<Chosen, Failure> {
    let name = named.unwrap_or_else(|| default_name(surroundings));
    let settings = surroundings.settings.sites.get(name);
    let folder = surroundings.home.site_dir(name);
    let is_remote = settings.is_some_and(|site| site.url.is_some());
    let is_known = is_remote || name == FIRST_SITE || (is_site_name(name) && folder.is_dir());
    if !is_known {
        return Err(unknown(surroundings, name));
    }
    Ok(chosen(surroundings, name))
}

fn chosen(surroundings: &Surroundings, name: &str) -> Chosen {
    let settings = surroundings.settings.sites.get(name).cloned();
    let said = settings.clone().unwrap_or_else(|| SiteSettings {
        limits: surroundings.settings.limits.clone(),
        ..SiteSettings::default()
    });
    let place = match settings {
        Some(settings) if settings.url.is_some() => settings.url.clone().map_or_else(
            || Place::Embedded(surroundings.home.site_dir(name)),
            |url| Place::Remote(url, Box::new(settings)),
        ),
        _ => Place::Embedded(surroundings.home.site_dir(name)),
    };
    Chosen {
        name: name.to_owned(),
        new: (name == FIRST_SITE).then(|| NewSite {
            code: SiteCode::new(FIRST_CODE),
            name: FIRST_SITE.to_owned(),
        }),
        known: known(surroundings, &place),
        place,
        limits: said.limits,
        access: Access::of(said.readonly, said.profile, surroundings.write),
        profile: said.profile,
        banner: said.banner,
        foreign: surroundings.foreign(),
    }
}

/// What a server is known by, if it was ever met.
fn known(surroundings: &Surroundings, place: &Place) -> Option<Pin> {
    let Place::Remote(url, _) = place else {
        return None;
    };
    let known = surroundings.known_sites.get(&server(url)?);
    known.map(|known| known.pin)
}

/// A server as known sites name it.
pub fn server(url: &Url) -> Option<String> {
    let Endpoint { host, port } = Endpoint::of(url)?;
    Some(known_sites::server(&host, port))
}

fn unknown(surroundings: &Surroundings, name: &str) -> Failure {
    let failure = Failure::usage(format!("there is no site called {name}"));
    let known = all(surroundings);
    match nearest(name, known.iter().map(|site| site.name.as_str())) {
        Some(near) => failure.with(format!("did you mean {near}?")),
        None => failure
            .with("`consign site list` shows the sites there are")
            .with(
                "`consign site init` makes an embedded one; `consign site add` connects a real one",
            ),
    }
}

/// Every site of the settings file and every embedded one, by name.
pub fn all(surroundings: &Surroundings) -> Vec<Chosen> {
    let folders = fs::read_dir(surroundings.home.sites_dir());
    let folders = folders.into_iter().flatten().flatten();
    let embedded = folders
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| is_site_name(name));
    let with_url = surroundings.settings.sites.iter();
    let with_url = with_url.filter(|(_, site)| site.url.is_some());
    let mut names: Vec<String> = with_url.map(|(name, _)| name.clone()).collect();
    names.extend(embedded);
    names.sort();
    names.dedup();
    names
        .iter()
        .map(|name| chosen(surroundings, name))
        .collect()
}

impl Chosen {
    /// What holds for whoever changes it from here.
    pub fn bounds(&self) -> Bounds {
        Bounds {
            limits: self.limits.clone(),
            access: self.access,
        }
    }

    /// Opens the site. A remote one is connected to by the first request.
    pub async fn open(&self, background: Background) -> Result<Opened, Failure> {
        let sign_in = self.sign_in(Terminal::Free).await?;
        self.open_as(sign_in, background).await
    }

    /// As whom the site is asked; a person may be asked for a password, so this comes before the screen is taken.
    pub async fn sign_in(&self, terminal: Terminal) -> Result<SignIn, Failure> {
        match &self.place {
            Place::Embedded(_) => Ok(SignIn::Nobody),
            Place::Remote(_, settings) => {
                let means = Means {
                    terminal,
                    foreign: self.foreign.clone(),
                };
                sign_in(&self.name, &settings.sign_in, &means).await
            }
        }
    }

    /// Opens the site as somebody.
    pub async fn open_as(
        &self,
        sign_in: SignIn,
        background: Background,
    ) -> Result<Opened, Failure> {
        match &self.place {
            Place::Embedded(folder) => self.open_embedded(folder.clone(), background).await,
            Place::Remote(url, settings) => Ok(Opened {
                provider: self.connect(url, settings, sign_in)?,
                site: None,
                background: None,
            }),
        }
    }

    async fn open_embedded(
        &self,
        folder: PathBuf,
        background: Background,
    ) -> Result<Opened, Failure> {
        let site = match &self.new {
            Some(new) if !folder.exists() => make(&folder, new.clone()).await?,
            _ => blocking(move || Site::open(&folder)).await?,
        };
        Ok(Opened {
            provider: Provider::new(in_process(site.router()), SiteAddress::local(&self.name)),
            background: (background == Background::Run).then(|| site.run_background()),
            site: Some(site),
        })
    }

    fn connect(
        &self,
        url: &Url,
        settings: &SiteSettings,
        sign_in: SignIn,
    ) -> Result<Provider, Failure> {
        let trust = self.trust(settings)?;
        let options = HttpsOptions {
            url: url.clone(),
            trust,
            sign_in,
        };
        let transport = https(&options).map_err(|error| Failure::failed(error.to_string()))?;
        Ok(Provider::new(
            transport,
            SiteAddress::remote(&self.name, url),
        ))
    }

    /// Who is believed to be the site: a pin of the settings before what is known, and that before any authority.
    pub fn trust(&self, settings: &SiteSettings) -> Result<Trust, Failure> {
        if settings.is_trust_unclear {
            let name = &self.name;
            let what = format!("whom to believe is {name} cannot be read from the settings file");
            return Err(Failure::failed(what).with(format!(
                "correct pin and ca_file of [site.{name}], or remove them"
            )));
        }
        Ok(match (settings.pin, self.known, &settings.ca_file) {
            (Some(pin), _, _) => Trust::Pinned(pin),
            (None, Some(pin), _) => Trust::Known(pin),
            (None, None, Some(file)) => Trust::authorities(file).map_err(|error| {
                Failure::failed(error.to_string())
                    .with(format!("correct ca_file of [site.{}]", self.name))
            })?,
            (None, None, None) => Trust::system(),
        })
    }
}

/// Who uses consign here, as this machine knows them.
pub fn user() -> String {
    let named = ["USER", "LOGNAME"]
        .into_iter()
        .find_map(|variable| std::env::var(variable).ok());
    let named = named.filter(|name| !name.is_empty());
    named.unwrap_or_else(|| format!("uid {}", nix::unistd::getuid()))
}

/// Makes an embedded site.
pub async fn make(folder: &Path, new: NewSite) -> Result<Site, Failure> {
    let folder = folder.to_owned();
    blocking(move || Site::create(&folder, &new)).await
}

/// Opening and making a site wait for the disk.
async fn blocking(
    open: impl FnOnce() -> Result<Site, OpenError> + Send + 'static,
) -> Result<Site, Failure> {
    match tokio::task::spawn_blocking(open).await {
        Ok(opened) => opened.map_err(|error| {
            let exit = match error {
                OpenError::Code { .. } => Exit::Usage,
                _ => Exit::Failed,
            };
            Failure::new(exit, error.to_string()).with(error.way_out())
        }),
        Err(error) => Err(Failure::failed(format!("the site was not opened: {error}"))),
    }
}

/// Fills an embedded site with a fleet to play with; all or nothing. Whoever watches sees how far it has come.
pub async fn fill(site: &Site, sample: Sample) -> Result<(), Failure> {
    let tell = |progress: Progress| {
        out::passing(format_args!(
            "filling the site: {} {} of {}",
            progress.of, progress.done, progress.all
        ));
    };
    let filled = site.fill_sample_telling(sample, tell).await;
    out::passing("");
    filled.map_err(|error| Failure::failed(error.to_string()).with(error.way_out()))
}
