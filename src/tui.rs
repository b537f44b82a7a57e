//! The full-screen console: a pure middle (`app`, `keymap`, `wizard`) and a thin rim (`console`, `terminal`).

pub mod app;
pub mod console;
pub mod drafts;
pub mod event;
pub mod keymap;
pub mod shape;
pub mod sites;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod view;
pub mod wizard;

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Arc;

use jiff::Zoned;

use crate::config::Home;
use crate::foreign::Foreign;
use app::Start;
use console::{Console, Rim, ToClient};
use drafts::{DraftFile, Drafts};
use keymap::Keymap;
use sites::{Place, Sites};
use terminal::{Display, Tty, escape_wait};
use theme::Theme;
use wizard::Setting;

/// How the console begins and looks.
pub struct Setup {
    pub start: Start,
    pub theme: Theme,
    pub drafts: Arc<dyn Drafts>,
    /// Starts the editor.
    pub foreign: Foreign,
}

impl Setup {
    /// Keys and looks of this person. A file that is not as it should be never stops anything: its faults are told on
    /// the screen, and the rest of it counts.
    pub fn read(home: &Home, site_name: &str) -> Self {
        let mut complaints = Vec::new();
        let keymap = match read_file(&home.keymap_file(), &mut complaints) {
            Some(text) => {
                let (keymap, faults) = Keymap::with(&text);
                complaints.extend(faults.iter().map(|fault| format!("keymap.toml {fault}")));
                keymap
            }
            None => Keymap::default(),
        };
        let theme = match read_file(&home.config_dir().join("theme.toml"), &mut complaints) {
            Some(text) => {
                let (theme, faults) = Theme::with(&text);
                complaints.extend(faults.iter().map(|fault| format!("theme.toml {fault}")));
                theme
            }
            None => Theme::default(),
        };
        Self {
            start: Start {
                site_name: site_name.to_owned(),
                banner: None,
                keymap,
                complaints,
                setting: Setting {
                    site: site_name.to_owned(),
                    ..Setting::default()
                },
                into_wizard: false,
            },
            theme: theme.for_environment(|name| std::env::var(name).ok()),
            drafts: Arc::new(DraftFile::of(home, site_name)),
            foreign: Foreign::default(),
        }
    }
}

fn read_file(path: &Path, complaints: &mut Vec<String>) -> Option<String> {
    match std::fs::read_to_string(path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            complaints.push(format!("{} cannot be read: {error}", path.display()));
            None
        }
    }
}

/// Whether there is a terminal to draw on and to read keys from.
pub fn has_terminal() -> bool {
    io::stdout().is_terminal() && io::stdin().is_terminal()
}

/// The terminal, taken from the shell until this is dropped.
pub struct Stage {
    tty: Option<Tty>,
}

impl Stage {
    /// The terminal is the shell's again when this is dropped, however that comes about.
    pub fn take() -> io::Result<Self> {
        let variable = |name: &str| std::env::var(name).ok();
        let synchronised = !matches!(variable("TERM").as_deref(), Some("dumb" | "linux"));
        let display = Display::take(synchronised)?;
        let tty = Tty::take(display, escape_wait(variable))?;
        Ok(Self { tty: Some(tty) })
    }

    /// Runs the console on a site until the person leaves it; answers the site to go to next, if there is one.
    pub async fn play(
        &mut self,
        place: Place,
        sites: Arc<dyn Sites>,
    ) -> io::Result<Option<Box<Place>>> {
        let Some(mut tty) = self.tty.take() else {
            return Ok(None);
        };
        let Place {
            setup,
            client,
            inbox,
        } = place;
        let Setup {
            start,
            theme,
            drafts,
            foreign,
        } = setup;
        tty.serve(Arc::clone(&client), foreign);
        tty.forget()?;
        let line = ToClient::new(client, inbox);
        let begun = Console::begin(start, theme, tty, line, drafts, sites, Zoned::now);
        let mut console = begun.await?;
        console.run().await?;
        let (mut tty, next) = console.into_parts();
        tty.rest();
        self.tty = Some(tty);
        Ok(next)
    }
}
