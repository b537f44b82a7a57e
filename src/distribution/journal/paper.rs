//! Writing lines so that a disk that fills up leaves no half of one behind.
//!
//! What could not be written whole is taken back. A line that was cut short all the same, by a kill or because even that
//! failed, is closed before the next one, which says so.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use jiff::Timestamp;

use super::entry::{Entry, Event};

/// What lines are added to, at its end.
pub(super) trait Paper {
    fn length(&mut self) -> io::Result<u64>;
    /// The last byte; nothing while it is empty.
    fn last(&mut self) -> io::Result<Option<u8>>;
    /// Adds at the end; on disk when this returns.
    fn add(&mut self, text: &[u8]) -> io::Result<()>;
    /// Takes away what stands behind this length.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}

impl Paper for &File {
    fn length(&mut self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn last(&mut self) -> io::Result<Option<u8>> {
        if self.length()? == 0 {
            return Ok(None);
        }
        self.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        self.read_exact(&mut last)?;
        Ok(Some(last[0]))
    }

    fn add(&mut self, text: &[u8]) -> io::Result<()> {
        self.write_all(text)?;
        self.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }
}

/// Writes one entry: all of it, or nothing.
pub(super) fn write(paper: &mut impl Paper, entry: &Entry) -> io::Result<()> {
    if paper.last()?.is_some_and(|last| last != b'\n') {
        let mended = Entry {
            at: Timestamp::now(),
            event: Event::Mended,
        };
        let mut text = vec![b'\n'];
        text.extend(line(&mended)?);
        add(paper, &text)?;
    }
    add(paper, &line(entry)?)
}

fn line(entry: &Entry) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(entry)?;
    line.push(b'\n');
    Ok(line)
}

fn add(paper: &mut impl Paper, text: &[u8]) -> io::Result<()> {
    let before = paper.length()?;
    paper.add(text).inspect_err(|_| {
        // Where this fails too, the next entry finds the half line and closes it.
        let _ = paper.cut(before);
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::journal::{Ending, is_mended};

    /// A disk with room for so many bytes.
    struct Disk {
        text: Vec<u8>,
        room: usize,
        can_cut: bool,
    }

    impl Paper for Disk {
        fn length(&mut self) -> io::Result<u64> {
            Ok(self.text.len() as u64)
        }

        fn last(&mut self) -> io::Result<Option<u8>> {
            Ok(self.text.last().copied())
        }

        fn add(&mut self, text: &[u8]) -> io::Result<()> {
            let fits = text.len().min(self.room - self.text.len());
            self.text.extend(&text[..fits]);
            if fits < text.len() {
                return Err(io::ErrorKind::StorageFull.into());
            }
            Ok(())
        }

        fn cut(&mut self, length: u64) -> io::Result<()> {
            if !self.can_cut {
                return Err(io::ErrorKind::Other.into());
            }
            self.text.truncate(usize::try_from(length).unwrap());
            Ok(())
        }
    }

    fn entry(words: &str) -> Entry {
        Entry {
            at: Timestamp::UNIX_EPOCH,
            event: Event::Closed {
                how: Ending::Kept,
                words: words.into(),
            },
        }
    }

    fn lines(disk: &Disk) -> Vec<&[u8]> {
        let text = disk.text.strip_suffix(b"\n").unwrap();
        text.split(|byte| *byte == b'\n').collect()
    }

    fn read(line: &[u8]) -> Option<Entry> {
        serde_json::from_slice(line).ok()
    }

    #[test]
    fn a_line_that_does_not_fit_leaves_nothing_of_it() {
        let first = line(&entry("first")).unwrap();
        for room in first.len()..2 * first.len() {
            let mut disk = Disk {
                text: Vec::new(),
                room,
                can_cut: true,
            };
            write(&mut disk, &entry("first")).unwrap();
            let full = write(&mut disk, &entry("other")).unwrap_err();
            assert_eq!(full.kind(), io::ErrorKind::StorageFull);
            assert_eq!(disk.text, first, "room for {room} bytes");
            disk.room = usize::MAX;
            write(&mut disk, &entry("third")).unwrap();
            let read: Vec<_> = lines(&disk).into_iter().map(read).collect();
            assert_eq!(read, [Some(entry("first")), Some(entry("third"))]);
        }
    }

    #[test]
    fn a_half_line_that_cannot_be_taken_back_is_closed_before_the_next() {
        let mut disk = Disk {
            text: Vec::new(),
            room: 100,
            can_cut: false,
        };
        write(&mut disk, &entry("first")).unwrap();
        write(&mut disk, &entry("a second one")).unwrap_err();
        disk.room = usize::MAX;
        write(&mut disk, &entry("third")).unwrap();
        let lines = lines(&disk);
        assert_eq!(lines.len(), 4);
        assert_eq!(read(lines[1]), None);
        assert!(is_mended(lines.get(2)));
        assert_eq!(read(lines[3]), Some(entry("third")));
    }
}
