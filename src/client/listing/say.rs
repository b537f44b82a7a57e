//! Sentences put together part by part.

use std::fmt::{Display, Write};

/// Adds to a sentence.
pub trait Say {
    fn say(&mut self, words: impl Display);
}

impl Say for String {
    fn say(&mut self, words: impl Display) {
        // Writing to a text in memory cannot fail.
        let _ = write!(self, "{words}");
    }
}
