//! Changing a library so that it can be cut off at any point.
//!
//! A marker says that a change is under way. A file gets its name only when it is whole and on disk; a content is named
//! by its package only when all its files are; what is removed loses its name first.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{
    CONTENTS, Content, ContentId, FILES, Hash, Library, MARKER, PACKAGES, Pointer, make_folder,
    pointer, remove_if_empty, remove_if_there, remove_tree, sync_folder,
};
use crate::site::content::fault::Fault;

/// Where files lie until they are whole; below `FileLib`, so that a rename suffices.
const INCOMING: &str = "incoming";

/// A change under way. Dropped without [`done`](Change::done), it leaves the marker, and so work for
/// [`Library::settle`].
#[derive(Debug)]
pub struct Change {
    library: Library,
    /// An earlier change was cut off: its leavings are not ours to declare gone.
    was_unsettled: bool,
    /// Folders that got an entry not yet sure to survive a loss of power.
    touched: BTreeSet<PathBuf>,
    received: u64,
}

/// A file on its way into the library, under no name yet.
#[derive(Debug)]
pub struct Incoming {
    file: File,
    path: PathBuf,
    hasher: Sha256,
    size: u64,
}

impl Change {
    pub(super) fn begin(library: Library) -> Result<Self, Fault> {
        for folder in [PACKAGES, CONTENTS, FILES] {
            make_folder(&library.root.join(folder))?;
        }
        let marker = library.root.join(MARKER);
        let was_unsettled = marker.exists();
        if !was_unsettled {
            File::create(&marker).map_err(|error| Fault::writing(&marker, &error))?;
            sync_folder(&library.root)?;
        }
        let incoming = library.root.join(FILES).join(INCOMING);
        remove_tree(&incoming)?;
        make_folder(&incoming)?;
        Ok(Self {
            library,
            was_unsettled,
            touched: BTreeSet::new(),
            received: 0,
        })
    }

    /// Opens a file to be filled.
    pub fn receive(&mut self) -> Result<Incoming, Fault> {
        self.received += 1;
        let path = self
            .library
            .root
            .join(FILES)
            .join(INCOMING)
            .join(self.received.to_string());
        let file = File::create_new(&path).map_err(|error| Fault::writing(&path, &error))?;
        Ok(Incoming {
            file,
            path,
            hasher: Sha256::new(),
            size: 0,
        })
    }

    /// Gives a filled file its name. One of the same content that is there already and intact is kept instead.
    pub fn keep(&mut self, incoming: Incoming, executable: bool) -> Result<Pointer, Fault> {
        let Incoming {
            file,
            path,
            hasher,
            size,
        } = incoming;
        let pointer = Pointer {
            hash: Hash::of(hasher),
            size,
            executable,
        };
        let place = self.library.file(pointer.hash);
        if self.library.holds(&pointer) && is_intact(&place, pointer.hash) {
            remove_if_there(&path)?;
            return Ok(pointer);
        }
        file.sync_data()
            .map_err(|error| Fault::writing(&path, &error))?;
        if let Some(folder) = place.parent() {
            make_folder(folder)?;
            self.touched.insert(folder.to_owned());
        }
        fs::rename(&path, &place).map_err(|error| Fault::writing(&place, &error))?;
        Ok(pointer)
    }

    /// Makes a content the stored one of its package; an older one goes, with the files nobody else uses.
    pub fn publish(&mut self, id: &ContentId, content: &Content) -> Result<(), Fault> {
        let older = self.library.stored(&id.package)?;
        if older.as_ref() != Some(id) {
            self.write_content(id, content)?;
            self.name(id)?;
        }
        match older {
            Some(older) if older != *id => self.forget(&older),
            _ => Ok(()),
        }
    }

    fn write_content(&mut self, id: &ContentId, content: &Content) -> Result<(), Fault> {
        let contents = self.library.root.join(CONTENTS);
        let unfinished = contents.join(format!("{id}.unfinished"));
        let place = contents.join(id.to_string());
        remove_tree(&unfinished)?;
        remove_tree(&place)?;
        pointer::write_tree(&unfinished, content)?;
        fs::rename(&unfinished, &place).map_err(|error| Fault::writing(&place, &error))?;
        self.touched.insert(contents);
        self.touched.insert(self.library.root.join(FILES));
        for folder in std::mem::take(&mut self.touched) {
            sync_folder(&folder)?;
        }
        Ok(())
    }

    /// From here on the content counts as stored.
    fn name(&self, id: &ContentId) -> Result<(), Fault> {
        let place = self.library.package_file(&id.package);
        let unfinished = place.with_extension("unfinished");
        let fault = |error| Fault::writing(&place, &error);
        File::create(&unfinished)
            .and_then(|mut file| {
                write!(file, "[Packages]\n{id}=\n")?;
                file.sync_data()
            })
            .map_err(fault)?;
        fs::rename(&unfinished, &place).map_err(fault)?;
        sync_folder(&self.library.root.join(PACKAGES))
    }

    /// Takes a package out of the library, with the files no other package uses.
    pub fn withdraw(&mut self, package: &str) -> Result<(), Fault> {
        let stored = self.library.stored(package)?;
        remove_if_there(&self.library.package_file(package))?;
        sync_folder(&self.library.root.join(PACKAGES))?;
        match stored {
            Some(id) => self.forget(&id),
            None => Ok(()),
        }
    }

    fn forget(&self, id: &ContentId) -> Result<(), Fault> {
        let folder = self.library.content_folder(&id.to_string());
        // A tree that cannot be read names no files to remove; it goes all the same.
        let content = pointer::read_tree(&folder).unwrap_or_default();
        let used = self.library.used(Some(id))?;
        remove_tree(&folder)?;
        for (_, pointer) in content.distinct() {
            if !used.contains(&pointer.hash) {
                let file = self.library.file(pointer.hash);
                remove_if_there(&file)?;
                file.parent().map(remove_if_empty).unwrap_or_default();
            }
        }
        Ok(())
    }

    /// The change is whole: nothing is left to clear away.
    pub fn done(self) -> Result<(), Fault> {
        remove_if_empty(&self.library.root.join(FILES).join(INCOMING));
        if self.was_unsettled {
            return Ok(());
        }
        remove_if_there(&self.library.root.join(MARKER))
    }
}

impl Incoming {
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.hasher.update(bytes);
        self.size += bytes.len() as u64;
        self.file
            .write_all(bytes)
            .map_err(|error| Fault::writing(&self.path, &error))
    }

    /// What was written so far would be this file.
    pub fn hash(&self) -> Hash {
        Hash::of(self.hasher.clone())
    }
}

fn is_intact(path: &Path, hash: Hash) -> bool {
    let mut hasher = Sha256::new();
    File::open(path)
        .and_then(|mut file| io::copy(&mut file, &mut Hashing(&mut hasher)))
        .is_ok()
        && Hash::of(hasher) == hash
}

/// Lets a hasher be written to.
struct Hashing<'a>(&'a mut Sha256);

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
