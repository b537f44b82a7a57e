//! What every command finds around it: folders, settings, and what is wrong with them.

use crate::config::{Fault, Home, HomeError, Settings};

/// Folders and settings, read once at the start.
#[derive(Debug, Clone)]
pub struct Surroundings {
    pub home: Home,
    pub settings: Settings,
    /// What is wrong in the settings file; the rest of it holds.
    pub faults: Vec<Fault>,
}

impl Surroundings {
    pub fn find() -> Result<Self, HomeError> {
        let home = Home::find()?;
        let (settings, faults) = Settings::read(&home.settings_file());
        Ok(Self {
            home,
            settings,
            faults,
        })
    }
}
