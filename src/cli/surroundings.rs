//! What every command finds around it: folders, settings, and what is wrong with them.

use crate::config::{Fault, Home, HomeError, KnownSites, Settings};
use crate::foreign::Foreign;

/// Folders and settings, read once at the start.
#[derive(Debug, Clone)]
pub struct Surroundings {
    pub home: Home,
    pub settings: Settings,
    /// Certificates a person trusted when a site was first met.
    pub known_sites: KnownSites,
    /// What is wrong in these files; the rest of them holds.
    pub faults: Vec<Fault>,
    /// `--write`: a site that is read only may be changed this once.
    pub write: bool,
}

impl Surroundings {
    pub fn find() -> Result<Self, HomeError> {
        Home::find().map(Self::of)
    }

    /// How programs of others are started: without the secrets the settings name.
    pub fn foreign(&self) -> Foreign {
        Foreign::without(self.settings.secret_variables())
    }

    /// What there is in these folders now.
    pub fn of(home: Home) -> Self {
        let (settings, mut faults) = Settings::read(&home.settings_file());
        let (known_sites, unreadable) = KnownSites::read(&home.known_sites_file());
        faults.extend(unreadable);
        Self {
            home,
            settings,
            known_sites,
            faults,
            write: false,
        }
    }
}
