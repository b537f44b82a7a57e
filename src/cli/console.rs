//! `consign` and `consign demo`: joins a site to the client task and the client task to the full-screen console.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt};

use tokio::sync::watch;

use super::arguments::Demo;
use super::compose::{self, Background, Chosen, FIRST_CODE, Place};
use super::exit::Exit;
use super::failure::Failure;
use super::secrets::Terminal;
use super::surroundings::Surroundings;
use super::{out, sign_in};
use crate::client::{self, Client, Desk, Fill, SiteWords};
use crate::config::{Access, Home, Profile};
use crate::distribution::journal::{Actor, Journals};
use crate::error::SiteError;
use crate::provider::transport::auth::SignIn;
use crate::site::sample::Sample;
use crate::site::{self, NewSite};
use crate::sms::ids::SiteCode;
use crate::sms::site::IdentificationRow;
use crate::tui::sites::{KnownSite, Sites};
use crate::tui::{self, Setup, Stage};

/// After the screen is given back, a run under way has so long to end its operation; then its journal takes over.
const PATIENCE: Duration = Duration::from_secs(20);

/// So long another site may take to say which one it is before it is not gone to.
const MEETING: Duration = Duration::from_secs(10);

/// What a demo's site is called here.
const DEMO: &str = "demo";

/// What it calls itself. No other site can be made under this name, so that a plan kept in a demo fits none.
const DEMO_TITLE: &str = "the demo";

/// What nobody who works in a demo may overlook, on every screen and on the review.
const DEMO_BANNER: &str = "gone when you leave";

/// The console on a site. `into_wizard`: straight into the wizard.
pub async fn run(
    site: Option<&str>,
    surroundings: &Surroundings,
    into_wizard: bool,
) -> Result<Exit, Failure> {
    let chosen = compose::choose(surroundings, site)?;
    open(chosen, None, surroundings, into_wizard).await
}

/// The console on a site with a sample fleet that is thrown away afterwards.
pub async fn demo(demo: Demo, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let folder = Folder::make()?;
    let surroundings = Surroundings {
        home: Home::under(&folder.0),
        ..surroundings.clone()
    };
    let chosen = Chosen {
        name: DEMO.to_owned(),
        place: Place::Embedded(surroundings.home.site_dir(DEMO)),
        new: Some(NewSite {
            code: SiteCode::new(FIRST_CODE),
            name: DEMO_TITLE.to_owned(),
        }),
        limits: surroundings.settings.limits.clone(),
        access: Access::Write,
        profile: Profile::Admin,
        banner: Some(DEMO_BANNER.to_owned()),
        known: None,
        foreign: surroundings.foreign(),
    };
    let sample = Sample {
        devices: demo.devices,
        seed: demo.seed,
    };
    open(chosen, Some(sample), &surroundings, false).await
}

async fn open(
    chosen: Chosen,
    sample: Option<Sample>,
    surroundings: &Surroundings,
    into_wizard: bool,
) -> Result<Exit, Failure> {
    if !tui::has_terminal() {
        let failure = Failure::usage("the console needs a terminal")
            .with("`consign get` and `consign show` answer without one")
            .with("`consign wizard --linear` asks plain questions");
        return Err(failure);
    }
    let sign_in = chosen.sign_in(Terminal::Free).await?;
    let mut place = place(&chosen, surroundings, Prepared::Later(sign_in, sample));
    place.setup.start.into_wizard = into_wizard;
    let sites: Arc<dyn Sites> = Arc::new(Known {
        begun: surroundings.clone(),
        first: chosen.name.clone(),
        // Only a demo begins with a sample, and no file names its site.
        demo: sample.is_some().then(|| chosen.clone()),
    });
    let unusable =
        |error: io::Error| Failure::failed(format!("the terminal could not be used: {error}"));
    let mut stage = Stage::take().map_err(unusable)?;
    loop {
        let client = Arc::clone(&place.client);
        match stage.play(place, Arc::clone(&sites)).await {
            Ok(Some(next)) => {
                // Nothing is being changed there, or the person would not have been let go.
                tokio::spawn(close_quietly(client));
                place = *next;
            }
            ended => {
                drop(stage);
                close(client).await;
                return ended.map(|_| Exit::Done).map_err(unusable);
            }
        }
    }
}

/// What a site is opened with.
enum Prepared {
    /// When the screen stands, as somebody, and filled where it is new.
    Later(SignIn, Option<Sample>),
    /// It is open.
    Open(SignIn, client::Opened),
}

/// All the console needs to begin on a site.
fn place(chosen: &Chosen, surroundings: &Surroundings, prepared: Prepared) -> tui::sites::Place {
    let mut setup = Setup::read(&surroundings.home, &chosen.name);
    setup.start.setting.author = compose::user();
    setup.start.setting.limits = chosen.limits.clone();
    setup.start.setting.access = chosen.access;
    setup.start.setting.profile = chosen.profile;
    setup.start.banner.clone_from(&chosen.banner);
    setup.foreign = chosen.foreign.clone();
    let desk = Desk {
        journals: Journals::at(surroundings.home.journal_dir()),
        actor: Actor::here(compose::user()),
        bounds: chosen.bounds(),
    };
    let (sign_in, sample, open) = match prepared {
        Prepared::Later(sign_in, sample) => (sign_in, sample, None),
        Prepared::Open(sign_in, open) => (sign_in, None, Some(open)),
    };
    let (chosen, open) = (chosen.clone(), Mutex::new(open));
    let opening = move || -> BoxFuture<'static, Result<client::Opened, SiteError>> {
        let open = open.lock().ok().and_then(|mut open| open.take());
        match open {
            Some(open) => Box::pin(std::future::ready(Ok(open))),
            None => Box::pin(opened(chosen.clone(), sign_in.clone(), sample)),
        }
    };
    let (client, inbox) = Client::spawn(Box::new(opening), desk);
    tui::sites::Place {
        setup,
        client: Arc::new(client),
        inbox,
    }
}

/// The sites of the settings and the embedded ones, as the files say it at the moment.
struct Known {
    begun: Surroundings,
    /// The site the console was started on: what `--write` lifted, it lifted there.
    first: String,
    /// The site of a demo.
    demo: Option<Chosen>,
}

impl Known {
    /// Settings change while the console is open: another window adds a site.
    fn now(&self, name: &str) -> Surroundings {
        Surroundings {
            write: self.begun.write && name == self.first,
            ..Surroundings::of(self.begun.home.clone())
        }
    }

    fn of_demo(&self, name: &str) -> Option<Chosen> {
        self.demo.clone().filter(|demo| demo.name == name)
    }
}

impl Sites for Known {
    fn known(&self) -> Vec<KnownSite> {
        let sites = compose::all(&self.now(""));
        let sites = sites
            .into_iter()
            .map(|site| self.of_demo(&site.name).unwrap_or(site));
        sites.map(in_list).collect()
    }

    fn open(&self, name: String) -> BoxFuture<'static, Result<tui::sites::Place, String>> {
        let surroundings = self.now(&name);
        let of_demo = self.of_demo(&name);
        Box::pin(async move {
            let brief = |failure: Failure| failure.brief();
            let chosen = match of_demo {
                Some(demo) => demo,
                None => compose::choose(&surroundings, Some(&name)).map_err(brief)?,
            };
            if let Place::Remote(_, settings) = &chosen.place
                && sign_in::asks(&settings.sign_in).await
            {
                return Err(format!(
                    "it asks for a password: leave, and start with consign --site {name}"
                ));
            }
            let sign_in = chosen.sign_in(Terminal::Taken).await.map_err(brief)?;
            let opened = opened(chosen.clone(), sign_in.clone(), None).await;
            let mut opened = opened.map_err(|error| error.to_string())?;
            match tokio::time::timeout(MEETING, meet(&mut opened)).await {
                Ok(met) => met.map_err(|error| error.to_string())?,
                Err(_) => return Err(format!("no answer within {} s", MEETING.as_secs())),
            }
            Ok(place(
                &chosen,
                &surroundings,
                Prepared::Open(sign_in, opened),
            ))
        })
    }
}

/// Asks a site which one it is: one that cannot say so is not gone to.
async fn meet(opened: &mut client::Opened) -> Result<(), SiteError> {
    let rows: Vec<IdentificationRow> = opened.provider.list(None).await?;
    if let Some(row) = rows.first() {
        opened.words.code = row.this_site_code.to_string();
    }
    Ok(())
}

fn in_list(chosen: Chosen) -> KnownSite {
    let (kind, place) = chosen.place.told();
    let profile = (chosen.profile != Profile::Admin).then(|| chosen.profile.name());
    let standing: Vec<_> = profile.into_iter().chain(chosen.access.title()).collect();
    KnownSite {
        kind,
        place,
        standing: standing.join(", "),
        name: chosen.name,
        banner: chosen.banner,
    }
}

/// Lets go of a site on which nothing is being changed.
async fn close_quietly(client: Arc<Client>) {
    if let Some(client) = Arc::into_inner(client) {
        client.close().await;
    }
}

/// A run that is under way ends its operation first; what takes longer is offered again at the next start.
async fn close(client: Arc<Client>) {
    let Some(client) = Arc::into_inner(client) else {
        return;
    };
    let closing = client.close();
    tokio::pin!(closing);
    let soon = tokio::time::timeout(Duration::from_millis(300), &mut closing);
    if soon.await.is_ok() {
        return;
    }
    out::say("consign: waiting for the operation under way to end");
    if tokio::time::timeout(PATIENCE, closing).await.is_err() {
        out::say("consign: it goes on taking long; `consign resume` shows what became of it");
    }
}

/// Opens the site for the client task; a new site is filled when a sample is asked for.
async fn opened(
    chosen: Chosen,
    sign_in: SignIn,
    sample: Option<Sample>,
) -> Result<client::Opened, SiteError> {
    let unreachable = |failure: Failure| SiteError::Unreachable {
        site: chosen.name.clone(),
        reason: failure.brief(),
        after_sending: false,
    };
    let opened = chosen.open_as(sign_in, Background::Run).await;
    let opened = opened.map_err(unreachable)?;
    if let (Some(site), Some(sample)) = (&opened.site, sample) {
        filled(site, sample).await?;
    }
    let words = SiteWords {
        name: chosen.name.clone(),
        code: opened
            .site
            .as_ref()
            .map(|site| site.identity().code.to_string())
            .unwrap_or_default(),
        about: match &chosen.place {
            Place::Embedded(_) => "embedded".to_owned(),
            Place::Remote(url, _) => url.to_string(),
        },
        is_embedded: opened.site.is_some(),
        can_fill: opened.site.is_some() && chosen.access.may_write(),
    };
    let background = opened
        .background
        .map(|background| -> Arc<dyn client::Background> { Arc::new(Behind(background)) });
    let fill = opened.site.map(|site| -> Fill {
        Box::new(move || {
            let site = site.clone();
            Box::pin(async move { filled(&site, Sample::default()).await })
        })
    });
    Ok(client::Opened {
        provider: opened.provider,
        words,
        background,
        fill,
    })
}

async fn filled(site: &site::Site, sample: Sample) -> Result<(), SiteError> {
    site.fill_sample(sample)
        .await
        .map_err(|error| SiteError::Refused {
            attempt: "fill in the sample fleet".to_owned(),
            reason: error.to_string(),
            code: None,
        })
}

/// The background parts of an embedded site, in the hands of the client task.
struct Behind(site::background::Background);

impl client::Background for Behind {
    fn suspend(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.0.suspend())
    }

    fn resume(&self) {
        self.0.resume();
    }

    fn roles(&self) -> BoxStream<'static, client::Role> {
        let mut role = self.0.role();
        role.mark_changed();
        let next = |mut role: watch::Receiver<site::background::Role>| async move {
            role.changed().await.ok()?;
            let now = told(&role.borrow_and_update());
            Some((now, role))
        };
        stream::unfold(role, next).boxed()
    }
}

fn told(role: &site::background::Role) -> client::Role {
    use site::background::Role;
    match role {
        Role::Held => client::Role::Here,
        Role::Waiting {
            process: Some(process),
        } => client::Role::Elsewhere { process: *process },
        Role::Waiting { process: None } | Role::Released => client::Role::Nobody,
        Role::Broken { reason } => client::Role::Broken {
            reason: reason.clone(),
        },
    }
}

/// A folder for a demo, gone when it ends.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Result<Self, Failure> {
        let name = format!("consign-demo-{}", uuid::Uuid::new_v4().simple());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).map_err(|error| cannot_make(&folder, &error))?;
        Ok(Self(folder))
    }
}

fn cannot_make(folder: &Path, error: &io::Error) -> Failure {
    Failure::failed(format!("cannot make {}: {error}", folder.display()))
        .with("see that the folder for temporary files can be written, or set TMPDIR")
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, folder = %self.0.display(), "the demo's folder could not be removed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::is_site_name;

    #[test]
    fn no_other_site_can_be_called_as_a_demo_calls_itself() {
        assert!(is_site_name(DEMO) && !is_site_name(DEMO_TITLE));
    }
}
