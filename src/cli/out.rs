//! Data to standard output, words to standard error.

use std::io::{self, IsTerminal, StdoutLock, Write};

use super::failure::Failure;

/// Says something to the person, in as many lines as it has. Nobody listening is fine.
pub fn say(words: impl std::fmt::Display) {
    // Much of it is a site's own words.
    let lines: Vec<String> = words.to_string().split('\n').map(plain).collect();
    // There is nowhere left to complain to when standard error is gone.
    let _ = writeln!(io::stderr(), "{}", lines.join("\n"));
}

/// Says something that the next words take the place of; only where a person is looking.
pub fn passing(words: impl std::fmt::Display) {
    if is_heard() {
        let mut err = io::stderr().lock();
        // As with `say`: nobody listening is fine.
        let _ = write!(err, "\r\x1b[K{}", plain(&words.to_string()));
        let _ = err.flush();
    }
}

/// Whether a person reads what is said.
pub fn is_heard() -> bool {
    io::stderr().is_terminal()
}

/// Whether a person is looking at the data.
pub fn is_watched() -> bool {
    io::stdout().is_terminal()
}

/// Cells in a line of the terminal, where a person is looking.
pub fn room() -> Option<usize> {
    if !is_watched() {
        return None;
    }
    let (columns, _) = crossterm::terminal::size().ok()?;
    (columns > 0).then_some(usize::from(columns))
}

/// Writes data; a reader who has gone is told apart from a disk that is full.
pub fn data(write: impl FnOnce(&mut StdoutLock<'static>) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    write(&mut out)
        .and_then(|()| out.flush())
        .map_err(|error| Failure::writing(&error))
}

/// A text as a terminal may show it: characters that could be commands become spaces.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect()
}
