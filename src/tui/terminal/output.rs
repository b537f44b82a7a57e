//! Bytes on their way to the terminal: collected while a frame is drawn, sent in one write.

use std::cell::RefCell;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::rc::Rc;

/// Begin and end of a frame the terminal shows at once. Terminals that do not know the mode ignore it.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// A writer whose bytes wait until they are sent. Clones share the bytes: ratatui's backend keeps one and does not
/// give it back.
#[derive(Debug, Clone)]
pub struct Output {
    waiting: Rc<RefCell<Vec<u8>>>,
    synchronised: bool,
}

impl Output {
    pub fn new(synchronised: bool) -> Self {
        Self {
            waiting: Rc::new(RefCell::new(Vec::with_capacity(16 * 1024))),
            synchronised,
        }
    }

    /// Sends what waits as it is.
    pub fn send(&self) -> io::Result<()> {
        let mut waiting = self.waiting.borrow_mut();
        let written = write_line(&waiting);
        waiting.clear();
        written
    }

    /// Sends what waits as one frame, if anything does.
    pub fn send_frame(&self) -> io::Result<()> {
        if self.waiting.borrow().is_empty() {
            return Ok(());
        }
        if self.synchronised {
            let mut waiting = self.waiting.borrow_mut();
            waiting.splice(..0, BEGIN.iter().copied());
            waiting.extend_from_slice(END);
        }
        self.send()
    }
}

#[cfg(test)]
impl Output {
    /// What would be sent.
    pub fn take(&self) -> Vec<u8> {
        self.waiting.take()
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// Does nothing: the backend flushes several times a frame.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes past the standard library's line buffer, which would cut a frame at its last line feed.
pub fn write_line(mut bytes: &[u8]) -> io::Result<()> {
    let stdout = io::stdout();
    while !bytes.is_empty() {
        match nix::unistd::write(stdout.as_fd(), bytes) {
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(nix::errno::Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_wait_until_they_are_sent() {
        let mut output = Output::new(true);
        output.write_all(b"a").unwrap();
        output.flush().unwrap();
        output.clone().write_all(b"b").unwrap();
        assert_eq!(*output.waiting.borrow(), b"ab");
    }
}
