//! The full-screen console: a pure middle (`app`, `keymap`, `wizard`) and a thin rim (`console`, `terminal`).

pub mod app;
pub mod console;
pub mod drafts;
pub mod event;
pub mod keymap;
pub mod shape;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod view;
pub mod wizard;

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Arc;

use jiff::Zoned;

use crate::client::{Client, Inbox};
use crate::config::Home;
use app::Start;
use console::{Console, ToClient};
use drafts::{DraftFile, Drafts};
use keymap::Keymap;
use terminal::{Display, Tty, escape_wait};
use theme::Theme;
use wizard::Setting;

/// How the console begins and looks.
pub struct Setup {
    pub start: Start,
    pub theme: Theme,
    pub drafts: Arc<dyn Drafts>,
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

/// Runs the console until the person leaves. The terminal is the shell's again when this returns, however it ends.
pub async fn run(setup: Setup, client: Arc<Client>, inbox: Inbox) -> io::Result<()> {
    let variable = |name: &str| std::env::var(name).ok();
    let synchronised = !matches!(variable("TERM").as_deref(), Some("dumb" | "linux"));
    let display = Display::take(synchronised)?;
    let tty = Tty::take(display, escape_wait(variable), Arc::clone(&client))?;
    let line = ToClient { client, inbox };
    let Setup {
        start,
        theme,
        drafts,
    } = setup;
    let mut console = Console::begin(start, theme, tty, line, drafts, Zoned::now).await?;
    console.run().await
}
