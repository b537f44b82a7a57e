//! Looking into a source folder, where it is one of this machine.

use std::fs::{self, DirEntry};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::{Answered, Gatherer, Unanswered};
use crate::distribution::facts::SourceFact;

/// More files than this are not looked at: the site will count them.
const MOST_FILES: u64 = 200_000;

/// Hidden files are named up to here.
const MOST_NAMES: usize = 1_000;

impl Gatherer<'_> {
    pub(super) async fn source(&self, folder: &str) -> Answered<SourceFact> {
        if !self.provider.is_local() {
            return Err(Unanswered::because(
                "only the site's server can read this folder".into(),
            ));
        }
        let folder = PathBuf::from(folder);
        let looked = tokio::task::spawn_blocking(move || look(&folder)).await;
        looked.map_err(|_| Unanswered::because("looking into the folder was cut off".into()))
    }
}

/// What a folder holds, or why nobody can tell.
pub(super) fn look(folder: &Path) -> SourceFact {
    let full = fs::canonicalize(folder);
    let shown = full.as_deref().unwrap_or(folder).display().to_string();
    let counted = match &full {
        Ok(full) => count(full),
        Err(error) => Err(reason(error)),
    };
    match counted {
        Ok(Contents {
            files,
            bytes,
            hidden,
            top,
        }) => SourceFact::Folder {
            full_path: shown,
            files,
            bytes,
            hidden,
            top,
        },
        Err(reason) => SourceFact::Trouble {
            full_path: shown,
            reason,
        },
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "it is not there".into(),
        ErrorKind::PermissionDenied => "you may not read it".into(),
        ErrorKind::NotADirectory => "it is a file, not a folder".into(),
        _ => error.to_string(),
    }
}

#[derive(Default)]
struct Contents {
    files: u64,
    bytes: u64,
    hidden: Vec<String>,
    top: Vec<String>,
}

/// What is in the folder, or why nobody can tell: of the folder itself, or of what lies in it.
fn count(folder: &Path) -> Result<Contents, String> {
    let mut contents = Contents::default();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let here = |error| reason_in(folder, &next, &error);
        for entry in fs::read_dir(&next).map_err(here)? {
            let entry = entry.map_err(here)?;
            contents.note_name(folder, &entry);
            let path = entry.path();
            let there = |error| reason_in(folder, &path, &error);
            let kind = fs::metadata(&path).map_err(there)?;
            // A link to a folder could lead in a circle, so it is not followed.
            if kind.is_dir() && !entry.file_type().map_err(there)?.is_symlink() {
                folders.push(path);
            } else if kind.is_file() {
                contents.files += 1;
                contents.bytes += kind.len();
            }
            if contents.files > MOST_FILES {
                return Err("it holds more than 200,000 files".into());
            }
        }
    }
    contents.top.sort();
    Ok(contents)
}

fn reason_in(folder: &Path, path: &Path, error: &io::Error) -> String {
    match path.strip_prefix(folder) {
        Ok(inside) if inside != Path::new("") => {
            let why = match error.kind() {
                // A folder was listed with this name in it.
                ErrorKind::NotFound => "it leads nowhere".to_owned(),
                _ => reason(error),
            };
            format!("{} in it cannot be used: {why}", inside.display())
        }
        _ => reason(error),
    }
}

impl Contents {
    fn note_name(&mut self, folder: &Path, entry: &DirEntry) {
        let path = entry.path();
        let relative = path
            .strip_prefix(folder)
            .unwrap_or(&path)
            .display()
            .to_string();
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_odd(&name) && self.hidden.len() < MOST_NAMES {
            self.hidden.push(relative.clone());
        }
        if relative == name {
            self.top.push(name);
        }
    }
}

/// Hidden here, or a name Windows cannot keep: such files have caused hash mismatches on clients.
fn is_odd(name: &str) -> bool {
    name.starts_with('.')
        || name.ends_with(['.', ' '])
        || name.contains([
            '\\',
            ':',
            '*',
            '?',
            '"',
            '<',
            '>',
            '|',
            char::REPLACEMENT_CHARACTER,
        ])
        || matches!(name.to_lowercase().as_str(), "thumbs.db" | "desktop.ini")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_below_and_hidden_ones_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("sub")).unwrap();
        fs::write(folder.path().join("setup.exe"), b"12345").unwrap();
        fs::write(folder.path().join("sub/.secret"), b"1").unwrap();
        let SourceFact::Folder {
            files,
            bytes,
            hidden,
            top,
            full_path,
        } = look(folder.path())
        else {
            panic!("the folder is there");
        };
        assert_eq!((files, bytes), (2, 6));
        assert_eq!(hidden, ["sub/.secret"]);
        assert_eq!(top, ["setup.exe", "sub"]);
        assert!(Path::new(&full_path).is_absolute());
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"").unwrap();
        let why = |path: &Path| match look(path) {
            SourceFact::Trouble { reason, .. } => reason,
            SourceFact::Folder { .. } => String::new(),
        };
        assert_eq!(why(&folder.path().join("gone")), "it is not there");
        assert_eq!(why(&file), "it is a file, not a folder");
    }

    #[test]
    fn what_is_wrong_inside_is_named_and_not_taken_for_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/nowhere/at/all", folder.path().join("lost")).unwrap();
        let SourceFact::Trouble { reason, .. } = look(folder.path()) else {
            panic!("a link that leads nowhere is trouble");
        };
        assert_eq!(reason, "lost in it cannot be used: it leads nowhere");
    }

    #[test]
    fn a_circle_of_links_ends() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
        assert!(matches!(
            look(folder.path()),
            SourceFact::Folder { files: 0, .. }
        ));
    }
}
