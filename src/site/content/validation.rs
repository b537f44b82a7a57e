//! Validating content: every file of a content is read again and compared with its hash. And the repair of the
//! site's own library, whose files exist nowhere else but in the source folder.

use std::fs::File;
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::fault::Fault;
use super::library::{Content, ContentId, Hash, Incoming, Library, Pointer};
use super::pour::pour;
use super::progress::Progress;

/// What is wrong with stored content.
#[derive(Debug, PartialEq, Eq)]
pub struct Flaws {
    /// Paths of the files that are missing or not what was stored.
    pub files: Vec<String>,
    /// How many files were looked at.
    pub checked: usize,
}

/// Reads every file of a content again.
pub fn validate(library: &Library, id: &ContentId, progress: &Progress) -> Result<Flaws, Fault> {
    let content = library.content(id)?;
    let flaws = flawed(library, &content, progress)?;
    Ok(Flaws {
        checked: content.files.len(),
        files: content
            .files
            .iter()
            .filter(|(_, pointer)| flaws.contains(&pointer.hash))
            .map(|(path, _)| path.clone())
            .collect(),
    })
}

fn flawed(library: &Library, content: &Content, progress: &Progress) -> Result<Vec<Hash>, Fault> {
    let distinct = content.distinct();
    let bytes = distinct.iter().map(|(_, pointer)| pointer.size).sum();
    progress.begin(bytes, distinct.len() as u64);
    let mut flawed = Vec::new();
    for (_, pointer) in distinct {
        if hash_of(&library.file(pointer.hash), progress)? != Some(pointer.hash) {
            flawed.push(pointer.hash);
        }
        progress.file_done();
    }
    Ok(flawed)
}

/// The hash of a file as it is now; `None` when it cannot be read.
fn hash_of(path: &Path, progress: &Progress) -> Result<Option<Hash>, Fault> {
    let Ok(file) = File::open(path) else {
        return Ok(None);
    };
    let mut hasher = Sha256::new();
    let update = |piece: &[u8]| {
        hasher.update(piece);
        Ok(())
    };
    match pour(&file, progress, update, |error| {
        Fault::reading(path, &error)
    }) {
        Ok(()) => Ok(Some(Hash::of(hasher))),
        Err(Fault::Stopped) => Err(Fault::Stopped),
        Err(_) => Ok(None),
    }
}

/// Makes the site's library whole again from the source folder, without a new version: only a file that still is
/// what was stored can take its place.
pub fn repair(
    library: &Library,
    id: &ContentId,
    source: &Path,
    progress: &Progress,
) -> Result<(), Fault> {
    let content = library.content(id)?;
    let flawed = flawed(library, &content, progress)?;
    if flawed.is_empty() {
        return Ok(());
    }
    library.changed_by(|change| {
        for (path, pointer) in content.distinct() {
            if flawed.contains(&pointer.hash) {
                let path = source.join(path);
                let incoming = reread(&path, pointer, change.receive()?, progress)?;
                change.keep(incoming, pointer.executable)?;
            }
        }
        Ok(())
    })
}

fn reread(
    path: &Path,
    pointer: &Pointer,
    mut incoming: Incoming,
    progress: &Progress,
) -> Result<Incoming, Fault> {
    let unreadable = |error: io::Error| Fault::reading(path, &error);
    let file = File::open(path).map_err(unreadable)?;
    pour(&file, progress, |piece| incoming.write(piece), unreadable)?;
    if incoming.hash() == pointer.hash {
        Ok(incoming)
    } else {
        Err(Fault::SourceMovedOn {
            path: path.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests;
