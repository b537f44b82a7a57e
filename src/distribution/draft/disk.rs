//! The draft on disk: written as it is typed, offered again at the next start, never lost.
//!
//! It is a distribution file, private to its owner, replaced as a whole. One that cannot be read is kept aside under
//! another name, and what could be understood of it goes on.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use jiff::Zoned;

use super::Draft;
use super::file::Faults;
use crate::config::{Fault, private};

/// A draft as it was found on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    pub draft: Draft,
    /// Set when the file was damaged; the draft holds what could be understood.
    pub damage: Option<Damage>,
}

/// What was wrong with a draft's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    pub faults: Faults,
    /// Where the damaged file is kept.
    pub kept: PathBuf,
}

/// Puts the draft in place of the last one. A relative source folder is meant from `folder`.
pub fn save(path: &Path, draft: &Draft, folder: &Path) -> io::Result<()> {
    let mut draft = draft.clone();
    draft.root_source(folder);
    private::replace(path, draft.to_string().as_bytes())
}

/// The draft left by an earlier start, if there is one.
pub fn load(path: &Path, now: &Zoned) -> io::Result<Option<Loaded>> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let (draft, faults) = match String::from_utf8(bytes) {
        Ok(text) => Draft::parse(path, &text, now),
        Err(_) => (Draft::default(), vec![not_text(path)]),
    };
    let damage = if faults.is_empty() {
        None
    } else {
        Some(Damage {
            faults: Faults(faults),
            kept: keep_aside(path)?,
        })
    };
    Ok(Some(Loaded { draft, damage }))
}

/// Forgets the draft; one that is not there is forgotten already.
pub fn discard(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn not_text(path: &Path) -> Fault {
    Fault {
        file: path.into(),
        line: None,
        what: "is not UTF-8 text".into(),
        way_out: "look at the file kept aside".into(),
    }
}

/// Moves a damaged file to a free name beside it.
fn keep_aside(path: &Path) -> io::Result<PathBuf> {
    let name = |number: u32| {
        let suffix = if number == 0 {
            String::new()
        } else {
            format!("-{number}")
        };
        path.with_extension(format!("damaged{suffix}.toml"))
    };
    let free = (0..10_000)
        .map(name)
        .find(|name| !name.exists())
        .unwrap_or_else(|| name(0));
    fs::rename(path, &free)?;
    Ok(free)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Zoned {
        "2026-11-25T14:02:00[UTC]".parse().unwrap()
    }

    #[test]
    fn what_is_saved_is_loaded_wherever_the_next_start_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("drafts/lab.toml");
        let mut draft = Draft::begin("lab");
        draft.package.source = Some("./line-tool".into());
        save(&path, &draft, Path::new("/home/ann")).unwrap();
        let loaded = load(&path, &now()).unwrap().unwrap();
        assert_eq!(
            loaded.draft.package.source.as_deref(),
            Some("/home/ann/line-tool")
        );
        assert_eq!(
            (loaded.draft.site.as_deref(), loaded.damage),
            (Some("lab"), None)
        );
    }

    #[test]
    fn no_draft_is_no_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lab.toml");
        assert_eq!(load(&path, &now()).unwrap(), None);
        discard(&path).unwrap();
    }

    #[test]
    fn a_damaged_draft_is_kept_aside_and_what_is_right_in_it_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lab.toml");
        for expected in ["lab.damaged.toml", "lab.damaged-1.toml"] {
            fs::write(&path, "[package]\nname = \"Line Tool\"\nversion = = 3\n").unwrap();
            let loaded = load(&path, &now()).unwrap().unwrap();
            let damage = loaded.damage.unwrap();
            assert_eq!(damage.kept, folder.path().join(expected));
            assert_eq!(
                damage.faults.0.first().and_then(|fault| fault.line),
                Some(3)
            );
            assert_eq!(loaded.draft.package.name.as_deref(), Some("Line Tool"));
            assert!(!path.exists());
        }
    }
}
