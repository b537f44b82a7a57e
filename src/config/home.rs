//! The folders of consign: where settings, sites and state live.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use thiserror::Error;

/// Moves all folders of consign under one (tests, demos, portable use).
pub const HOME_VARIABLE: &str = "CONSIGN_HOME";

/// The three folders everything of consign lives in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    config: PathBuf,
    data: PathBuf,
    state: PathBuf,
}

/// Nothing says where files may be kept.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no home folder is known; set {HOME_VARIABLE} to a folder consign may use")]
pub struct HomeError;

impl Home {
    /// The person's folders, or those under `CONSIGN_HOME`.
    pub fn find() -> Result<Self, HomeError> {
        Self::chosen(std::env::var_os(HOME_VARIABLE))
    }

    fn chosen(variable: Option<OsString>) -> Result<Self, HomeError> {
        if let Some(folder) = variable.filter(|folder| !folder.is_empty()) {
            // A relative folder must mean the same after the program has changed its own.
            let folder = std::path::absolute(&folder).unwrap_or_else(|_| folder.into());
            return Ok(Self::under(&folder));
        }
        let folders = ProjectDirs::from("", "", "consign").ok_or(HomeError)?;
        let state = folders
            .state_dir()
            .map_or_else(|| folders.data_local_dir().join("state"), Path::to_owned);
        Ok(Self {
            config: folders.config_dir().to_owned(),
            data: folders.data_dir().to_owned(),
            state,
        })
    }

    /// Everything under one folder.
    pub fn under(folder: &Path) -> Self {
        Self {
            config: folder.join("config"),
            data: folder.join("data"),
            state: folder.join("state"),
        }
    }

    /// Settings, keymap, themes, templates: what a person writes.
    pub fn config_dir(&self) -> &Path {
        &self.config
    }

    /// Embedded sites.
    pub fn data_dir(&self) -> &Path {
        &self.data
    }

    /// Drafts, journal, log, known sites: what consign writes for itself.
    pub fn state_dir(&self) -> &Path {
        &self.state
    }

    pub fn settings_file(&self) -> PathBuf {
        self.config.join("settings.toml")
    }

    /// The certificates a person trusted when a site was first met.
    pub fn known_sites_file(&self) -> PathBuf {
        self.state.join("known_sites")
    }

    pub fn keymap_file(&self) -> PathBuf {
        self.config.join("keymap.toml")
    }

    /// The folder all embedded sites live in, one folder a site.
    pub fn sites_dir(&self) -> PathBuf {
        self.data.join("sites")
    }

    /// The folder of one embedded site.
    pub fn site_dir(&self, name: &str) -> PathBuf {
        self.sites_dir().join(name)
    }

    pub fn drafts_dir(&self) -> PathBuf {
        self.state.join("drafts")
    }

    pub fn journal_dir(&self) -> PathBuf {
        self.state.join("journal")
    }

    pub fn log_dir(&self) -> PathBuf {
        self.state.join("log")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_variable_moves_all_folders() {
        let home = Home::chosen(Some("/srv/consign".into())).unwrap();
        for folder in [home.config_dir(), home.data_dir(), home.state_dir()] {
            assert!(folder.starts_with("/srv/consign"), "{}", folder.display());
        }
        assert_eq!(
            home.site_dir("lab"),
            Path::new("/srv/consign/data/sites/lab")
        );
    }

    #[test]
    fn a_relative_folder_is_made_absolute() {
        let home = Home::chosen(Some("here".into())).unwrap();
        assert!(home.state_dir().is_absolute());
    }
}
