//! Taking a snapshot: a package's source folder becomes content of the site's library.
//!
//! A snapshot is of one moment or it is none: what changes while it is read is a fault that names the file, and the
//! distribution manager tries again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::fault::Fault;
use super::library::{Change, Content, Pointer};
use super::pour::pour;
use super::progress::Progress;

/// What a source folder holds at one moment.
#[derive(Debug, PartialEq, Eq)]
pub struct Listing {
    root: PathBuf,
    folders: BTreeSet<String>,
    files: BTreeMap<String, Seen>,
}

/// A file as it was seen before it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    size: u64,
    modified: Option<SystemTime>,
    executable: bool,
}

/// Reads the whole source folder into the library. The content is not published yet.
pub fn take(source: &Path, change: &mut Change, progress: &Progress) -> Result<Content, Fault> {
    let listing = Listing::of(source)?;
    let content = listing.store(change, progress)?;
    listing.still_holds()?;
    Ok(content)
}

impl Listing {
    /// Looks through a source folder.
    pub fn of(source: &Path) -> Result<Self, Fault> {
        let root = fs::canonicalize(source).map_err(|error| missing(source, &error))?;
        if !root.is_dir() {
            return Err(Fault::SourceIsFile {
                path: source.to_owned(),
            });
        }
        let mut listing = Self {
            root,
            folders: BTreeSet::new(),
            files: BTreeMap::new(),
        };
        let mut open = vec![String::new()];
        while let Some(inside) = open.pop() {
            listing.look_into(&inside, &mut open)?;
        }
        if listing.files.is_empty() {
            return Err(Fault::SourceEmpty {
                path: source.to_owned(),
            });
        }
        Ok(listing)
    }

    fn look_into(&mut self, inside: &str, open: &mut Vec<String>) -> Result<(), Fault> {
        let folder = self.root.join(inside);
        let unreadable = |error| Fault::reading(&folder, &error);
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let full = entry.path();
            let name = entry
                .file_name()
                .into_string()
                .map_err(|_| Fault::Name { path: full.clone() })?;
            let path = format!("{inside}{name}");
            let kind = entry
                .file_type()
                .map_err(|error| Fault::reading(&full, &error))?;
            if kind.is_dir() {
                open.push(format!("{path}/"));
                self.folders.insert(path);
            } else if kind.is_file() {
                let found = entry
                    .metadata()
                    .map_err(|error| Fault::reading(&full, &error))?;
                self.files.insert(path, Seen::of(&found));
            } else if kind.is_symlink() {
                let found = self.linked_file(full)?;
                self.files.insert(path, Seen::of(&found));
            } else {
                return Err(Fault::Special { path: full });
            }
        }
        Ok(())
    }

    /// A link is taken for the file it names, as long as that lies in the source folder too.
    fn linked_file(&self, path: PathBuf) -> Result<Metadata, Fault> {
        let problem = match fs::canonicalize(&path) {
            Err(_) => "that leads nowhere",
            Ok(target) if !target.starts_with(&self.root) => "that leads out of the source folder",
            Ok(target) => match fs::metadata(&target) {
                Ok(found) if found.is_file() => return Ok(found),
                _ => "to something that is not a file",
            },
        };
        Err(Fault::Link { path, problem })
    }

    /// Reads every file listed into the library.
    pub fn store(&self, change: &mut Change, progress: &Progress) -> Result<Content, Fault> {
        let bytes = self.files.values().map(|seen| seen.size).sum();
        progress.begin(bytes, self.files.len() as u64);
        let mut files = BTreeMap::new();
        for (path, seen) in &self.files {
            let pointer = self.store_file(path, seen, change, progress)?;
            files.insert(path.clone(), pointer);
            progress.file_done();
        }
        Ok(Content {
            folders: self.folders.clone(),
            files,
        })
    }

    fn store_file(
        &self,
        path: &str,
        seen: &Seen,
        change: &mut Change,
        progress: &Progress,
    ) -> Result<Pointer, Fault> {
        let full = self.root.join(path);
        let unreadable = |error: io::Error| Fault::reading(&full, &error);
        let file = File::open(&full).map_err(unreadable)?;
        let same = |found: &Metadata| Seen::of(found) == *seen;
        if !same(&file.metadata().map_err(unreadable)?) {
            return Err(Fault::Changed { path: full });
        }
        let mut incoming = change.receive()?;
        pour(&file, progress, |piece| incoming.write(piece), unreadable)?;
        let pointer = change.keep(incoming, seen.executable)?;
        if pointer.size != seen.size || !same(&file.metadata().map_err(unreadable)?) {
            return Err(Fault::Changed { path: full });
        }
        Ok(pointer)
    }

    /// Fails when the source folder does not hold what was listed any more.
    pub fn still_holds(&self) -> Result<(), Fault> {
        let now = Self::of(&self.root)?;
        let gone = self
            .files
            .keys()
            .find(|path| !now.files.contains_key(*path));
        if let Some(path) = gone {
            let path = self.root.join(path);
            return Err(Fault::Vanished { path });
        }
        let changed = now
            .files
            .iter()
            .find(|(path, seen)| self.files.get(*path) != Some(seen));
        match changed {
            Some((path, _)) => Err(Fault::Changed {
                path: self.root.join(path),
            }),
            None if now.folders != self.folders => Err(Fault::Changed { path: now.root }),
            None => Ok(()),
        }
    }
}

impl Seen {
    fn of(found: &Metadata) -> Self {
        Self {
            size: found.len(),
            // Where a file system keeps no times, the size alone tells of a change.
            modified: found.modified().ok(),
            executable: is_executable(found),
        }
    }
}

#[cfg(unix)]
fn is_executable(found: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    found.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &Metadata) -> bool {
    false
}

/// A source folder that cannot be entered at all.
fn missing(source: &Path, error: &io::Error) -> Fault {
    match Fault::reading(source, error) {
        Fault::Vanished { path } => Fault::SourceMissing { path },
        other => other,
    }
}

#[cfg(test)]
mod tests;
