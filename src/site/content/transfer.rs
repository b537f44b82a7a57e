//! Sending content from the site's library to a distribution point's.

use std::fs::File;

use super::fault::Fault;
use super::library::{Change, ContentId, Library, Pointer};
use super::pour::pour;
use super::progress::Progress;

/// Which files are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Those the point does not hold yet.
    Missing,
    /// All of them again, over what is there.
    Everything,
}

/// Sends a content and publishes it at the point.
pub fn send(
    from: &Library,
    id: &ContentId,
    to: &Library,
    extent: Extent,
    progress: &Progress,
) -> Result<(), Fault> {
    let content = from.content(id)?;
    let mut wanted = content.distinct();
    if extent == Extent::Missing {
        wanted.retain(|(_, pointer)| !to.holds(pointer));
    }
    let bytes = wanted.iter().map(|(_, pointer)| pointer.size).sum();
    progress.begin(bytes, wanted.len() as u64);
    to.changed_by(|change| {
        for (path, pointer) in wanted {
            send_file(from, path, pointer, change, progress)?;
            progress.file_done();
        }
        change.publish(id, &content)
    })
}

/// Copies one file; what arrives is hashed on the way, so a damaged file goes no further.
fn send_file(
    from: &Library,
    path: &str,
    pointer: &Pointer,
    change: &mut Change,
    progress: &Progress,
) -> Result<(), Fault> {
    let damaged = || Fault::Damaged {
        file: path.to_owned(),
        library: from.root().to_owned(),
    };
    let file = File::open(from.file(pointer.hash)).map_err(|_| damaged())?;
    let mut incoming = change.receive()?;
    pour(
        &file,
        progress,
        |piece| incoming.write(piece),
        |_| damaged(),
    )?;
    if incoming.hash() != pointer.hash {
        return Err(damaged());
    }
    change.keep(incoming, pointer.executable).map(drop)
}
