//! A content library: one copy of each file, whichever packages hold it.
//!
//! ```text
//! PkgLib/LAB0001F.INI                 which content of the package is complete: LAB0001F.2
//! DataLib/LAB0001F.2/bin/setup.INI    the tree of that content: a pointer (size, hash) for each file
//! FileLib/9F86/9F86D08…               the files themselves, by SHA-256
//! unfinished                          there while something is being changed
//! ```
//!
//! Content counts as stored from the moment `PkgLib` names it; everything before that may be cut off at any point and
//! is cleared away by [`Library::settle`]. What goes into a library passes through a [`Change`].

mod change;
mod pointer;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::{self, Display, Formatter};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::fault::Fault;

pub use change::{Change, Incoming};
pub use pointer::Pointer;

const PACKAGES: &str = "PkgLib";
const CONTENTS: &str = "DataLib";
const FILES: &str = "FileLib";
const MARKER: &str = "unfinished";

/// The library in one folder. Nothing is open; clones are the same library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Library {
    root: PathBuf,
}

/// One version of a package's content, as libraries name it: `LAB0001F.2`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentId {
    pub package: String,
    pub version: u32,
}

/// SHA-256 of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

/// The tree of a content: every folder and every file below the source folder, by its path with `/`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    pub folders: BTreeSet<String>,
    pub files: BTreeMap<String, Pointer>,
}

impl Library {
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the file with this hash lies, or would.
    pub fn file(&self, hash: Hash) -> PathBuf {
        let name = hash.to_string();
        self.root.join(FILES).join(&name[..4]).join(name)
    }

    /// Whether a file of this hash and size is there. Its bytes are not looked at.
    pub fn holds(&self, pointer: &Pointer) -> bool {
        fs::metadata(self.file(pointer.hash)).is_ok_and(|found| found.len() == pointer.size)
    }

    /// The version of a package that is stored, if any.
    pub fn stored(&self, package: &str) -> Result<Option<ContentId>, Fault> {
        let path = self.package_file(package);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text.lines().find_map(ContentId::parse_line)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::reading(&path, &error)),
        }
    }

    /// The tree of a content that is stored.
    pub fn content(&self, id: &ContentId) -> Result<Content, Fault> {
        if self.stored(&id.package)?.as_ref() != Some(id) {
            return Err(Fault::NotStored {
                content: id.to_string(),
                library: self.root.clone(),
            });
        }
        pointer::read_tree(&self.content_folder(&id.to_string()))
    }

    /// Begins to change the library; one change at a time.
    pub fn change(&self) -> Result<Change, Fault> {
        Change::begin(self.clone())
    }

    /// Changes the library from beginning to end. When the disk is full, what the change has brought so far goes again at
    /// once: the site itself lies on that disk and must be able to write down what happened.
    pub fn changed_by<T>(
        &self,
        work: impl FnOnce(&mut Change) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let result = self.change().and_then(|mut change| {
            let value = work(&mut change)?;
            change.done()?;
            Ok(value)
        });
        if matches!(result, Err(Fault::Full { .. }))
            && let Err(error) = self.settle()
        {
            tracing::warn!(%error, library = %self.root.display(), "a full disk could not be relieved");
        }
        result
    }

    /// Clears away what changes that did not end have left. Call it when no change is under way.
    pub fn settle(&self) -> Result<(), Fault> {
        let marker = self.root.join(MARKER);
        if !marker.exists() {
            return Ok(());
        }
        self.drop_incomplete_contents()?;
        let used = self.used(None)?;
        self.drop_files_but(&used)?;
        remove_if_there(&marker)
    }

    /// Hashes of all files that contents point to, save those of one content.
    fn used(&self, except: Option<&ContentId>) -> Result<HashSet<Hash>, Fault> {
        let except = except.map(ToString::to_string);
        let mut used = HashSet::new();
        for name in names(&self.root.join(CONTENTS))? {
            if Some(&name) != except.as_ref() {
                let content = pointer::read_tree(&self.content_folder(&name))?;
                used.extend(content.files.values().map(|pointer| pointer.hash));
            }
        }
        Ok(used)
    }

    fn drop_incomplete_contents(&self) -> Result<(), Fault> {
        for name in names(&self.root.join(CONTENTS))? {
            let complete = match ContentId::parse(&name) {
                Some(id) => self.stored(&id.package)? == Some(id),
                None => false,
            };
            if !complete {
                remove_tree(&self.content_folder(&name))?;
            }
        }
        Ok(())
    }

    fn drop_files_but(&self, used: &HashSet<Hash>) -> Result<(), Fault> {
        let files = self.root.join(FILES);
        for folder in names(&files)? {
            let folder = files.join(folder);
            for name in names(&folder)? {
                if !Hash::parse(&name).is_some_and(|hash| used.contains(&hash)) {
                    remove_if_there(&folder.join(name))?;
                }
            }
            remove_if_empty(&folder);
        }
        Ok(())
    }

    fn package_file(&self, package: &str) -> PathBuf {
        self.root.join(PACKAGES).join(format!("{package}.INI"))
    }

    fn content_folder(&self, name: &str) -> PathBuf {
        self.root.join(CONTENTS).join(name)
    }
}

impl ContentId {
    pub fn new(package: &str, version: u32) -> Self {
        let package = package.to_owned();
        Self { package, version }
    }

    fn parse(text: &str) -> Option<Self> {
        let (package, version) = text.split_once('.')?;
        Some(Self::new(package, version.parse().ok()?))
    }

    /// `LAB0001F.2=`, as package files hold it.
    fn parse_line(line: &str) -> Option<Self> {
        Self::parse(line.trim().strip_suffix('=')?)
    }
}

impl Display for ContentId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.package, self.version)
    }
}

impl Hash {
    /// The hash of the bytes given to a hasher.
    pub fn of(hasher: Sha256) -> Self {
        Self(hasher.finalize().into())
    }

    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).ok()?;
            *byte = u8::from_str_radix(pair, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl Display for Hash {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl Content {
    /// Sum of the sizes of all files, as a person would find them on disk.
    pub fn size(&self) -> u64 {
        self.files.values().map(|pointer| pointer.size).sum()
    }

    /// Each different file once, with one of the paths it has.
    pub fn distinct(&self) -> Vec<(&str, &Pointer)> {
        let mut seen = HashSet::new();
        self.files
            .iter()
            .filter(|(_, pointer)| seen.insert(pointer.hash))
            .map(|(path, pointer)| (path.as_str(), pointer))
            .collect()
    }
}

// ---- small things about folders ----

/// What lies in a folder; nothing when there is no folder.
fn names(folder: &Path) -> Result<Vec<String>, Fault> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Fault::reading(folder, &error)),
    };
    entries
        .map(|entry| {
            let entry = entry.map_err(|error| Fault::reading(folder, &error))?;
            let name = entry.file_name().into_string();
            name.map_err(|_| Fault::Name { path: entry.path() })
        })
        .collect()
}

fn remove_if_there(path: &Path) -> Result<(), Fault> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Fault::writing(path, &error)),
        _ => Ok(()),
    }
}

fn remove_tree(path: &Path) -> Result<(), Fault> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Fault::writing(path, &error)),
        _ => Ok(()),
    }
}

fn remove_if_empty(folder: &Path) {
    // A folder that still holds something stays: that is what is wanted.
    let _ = fs::remove_dir(folder);
}

fn make_folder(path: &Path) -> Result<(), Fault> {
    fs::create_dir_all(path).map_err(|error| Fault::writing(path, &error))
}

/// Makes the entries of a folder survive a loss of power.
fn sync_folder(path: &Path) -> Result<(), Fault> {
    if cfg!(unix) {
        File::open(path)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| Fault::writing(path, &error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
