//! The unfinished draft of a site, kept in a file of its own between starts.

use std::path::{Path, PathBuf};

use jiff::{Timestamp, Zoned};

use crate::config::Home;
use crate::distribution::Draft;
use crate::distribution::draft::disk::{discard, load, save};

/// Where the unfinished draft is kept between starts.
pub trait Drafts: Send + Sync {
    fn keep(&self, draft: &Draft) -> Result<(), String>;
    fn discard(&self) -> Result<(), String>;
    fn find(&self) -> Result<Found, String>;
}

/// What was found at the start.
#[derive(Debug, Default)]
pub struct Found {
    /// The draft, and when it was kept.
    pub draft: Option<(Draft, Timestamp)>,
    /// What is wrong with its file.
    pub complaints: Vec<String>,
}

/// The draft of one site, in the folder of drafts.
#[derive(Debug, Clone)]
pub struct DraftFile {
    path: PathBuf,
}

impl DraftFile {
    pub fn of(home: &Home, site_name: &str) -> Self {
        Self {
            path: home.drafts_dir().join(format!("{site_name}.toml")),
        }
    }

    fn words(&self, error: &std::io::Error) -> String {
        format!("{}: {error}", self.path.display())
    }
}

impl Drafts for DraftFile {
    fn keep(&self, draft: &Draft) -> Result<(), String> {
        if let Some(folder) = self.path.parent() {
            crate::config::private::create_folder(folder).map_err(|error| self.words(&error))?;
        }
        let here = std::env::current_dir().unwrap_or_default();
        save(&self.path, draft, &here).map_err(|error| self.words(&error))
    }

    fn discard(&self) -> Result<(), String> {
        discard(&self.path).map_err(|error| self.words(&error))
    }

    fn find(&self) -> Result<Found, String> {
        let kept_at = kept_at(&self.path);
        let loaded = load(&self.path, &Zoned::now()).map_err(|error| self.words(&error))?;
        let Some(loaded) = loaded else {
            return Ok(Found::default());
        };
        let complaints = loaded.damage.map_or_else(Vec::new, |damage| {
            let aside = format!("the damaged draft is kept as {}", damage.kept.display());
            let faults = damage.faults.0.iter().map(ToString::to_string);
            faults.chain([aside]).collect()
        });
        let said = loaded.draft != Draft::default();
        Ok(Found {
            draft: said.then_some((loaded.draft, kept_at)),
            complaints,
        })
    }
}

fn kept_at(path: &Path) -> Timestamp {
    let modified = std::fs::metadata(path).and_then(|file| file.modified());
    let modified = modified.ok().and_then(|at| Timestamp::try_from(at).ok());
    modified.unwrap_or_else(Timestamp::now)
}

/// Keeps nothing: for consoles that have no home, as in tests.
#[derive(Debug, Clone, Copy, Default)]
pub struct Forgetful;

impl Drafts for Forgetful {
    fn keep(&self, _draft: &Draft) -> Result<(), String> {
        Ok(())
    }

    fn discard(&self) -> Result<(), String> {
        Ok(())
    }

    fn find(&self) -> Result<Found, String> {
        Ok(Found::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_found_again_until_it_is_discarded() {
        let folder = tempfile::tempdir().unwrap();
        let drafts = DraftFile::of(&Home::under(folder.path()), "lab");
        assert!(drafts.find().unwrap().draft.is_none());
        let mut draft = Draft::begin("lab");
        draft.package.name = Some("7-Zip".to_owned());
        drafts.keep(&draft).unwrap();
        assert_eq!(
            drafts.find().unwrap().draft.unwrap().0.package.name,
            draft.package.name
        );
        drafts.discard().unwrap();
        assert!(drafts.find().unwrap().draft.is_none());
    }
}
