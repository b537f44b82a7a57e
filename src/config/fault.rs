//! What is wrong in a file of the person's, where, and what to do about it.

use std::fmt;
use std::path::PathBuf;

/// One fault in a file: file, line, what is wrong and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub file: PathBuf,
    /// Counted from 1; absent when the fault is of the whole file.
    pub line: Option<usize>,
    pub what: String,
    pub way_out: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}; {}", self.what, self.way_out)
    }
}

impl std::error::Error for Fault {}

/// The line an offset of a text stands on, counted from 1.
pub fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    before.filter(|byte| **byte == b'\n').count() + 1
}

/// The known word a mistyped one most likely means, if any is near enough.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let word = word.to_lowercase();
    let allowed = word.chars().count().max(3) / 3;
    known
        .into_iter()
        .map(|candidate| (distance(&word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// What to write instead of a word nobody knows: the one it most likely means, else all there are.
pub fn instead_of<'k>(word: &str, known: impl IntoIterator<Item = &'k str> + Clone) -> String {
    match nearest(word, known.clone()) {
        Some(near) => format!("did you mean '{near}'?"),
        None => format!(
            "there are {}",
            known.into_iter().collect::<Vec<_>>().join(", ")
        ),
    }
}

/// Edits (insert, delete, replace, swap of neighbours) that turn one word into the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let replaced = rows[i][j] + usize::from(x != y);
            let mut best = replaced.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(rows[i - 1][j - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_found_and_a_far_one_is_not_offered() {
        let known = ["url", "token_file", "pin", "readonly"];
        assert_eq!(nearest("tokenfile", known), Some("token_file"));
        assert_eq!(nearest("READONLY", known), Some("readonly"));
        assert_eq!(nearest("rul", known), Some("url"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(instead_of("pni", known), "did you mean 'pin'?");
        assert_eq!(
            instead_of("colour", known),
            "there are url, token_file, pin, readonly"
        );
    }

    #[test]
    fn a_fault_reads_as_compilers_print_them() {
        let fault = Fault {
            file: "/home/ann/settings.toml".into(),
            line: Some(3),
            what: "unknown key `pins`".into(),
            way_out: "did you mean `pin`?".into(),
        };
        assert_eq!(
            fault.to_string(),
            "/home/ann/settings.toml:3: unknown key `pins`; did you mean `pin`?"
        );
        assert_eq!(line_of("a\nb\nc", 4), 3);
    }
}
