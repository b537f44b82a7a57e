//! Reading a file to its end, in pieces, with every piece counted.

use std::fs::File;
use std::io::{self, ErrorKind, Read};

use super::fault::Fault;
use super::progress::Progress;

/// How much is read at once: large enough for a disk, small enough to stop soon.
const PIECE: usize = 128 * 1024;

/// Gives a file to `into`, piece by piece. A read that fails is told by `unreadable`.
pub fn pour(
    mut file: &File,
    progress: &Progress,
    mut into: impl FnMut(&[u8]) -> Result<(), Fault>,
    unreadable: impl Fn(io::Error) -> Fault,
) -> Result<(), Fault> {
    let mut buffer = vec![0; PIECE];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => {
                into(buffer.get(..count).unwrap_or_default())?;
                progress.moved(count as u64)?;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(error)),
        }
    }
}
