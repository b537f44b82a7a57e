//! The known word a mistyped one was most likely meant to be.

/// The candidate with the fewest edits between it and `word`; the first of equals.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .min_by_key(|candidate| edits(&word, candidate))
}

/// Insertions, deletions, replacements and swaps of neighbours that turn `from` into `to`.
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    let mut previous = None;
    for (i, a) in from.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        for (j, &b) in to.iter().enumerate() {
            let replaced = row[j] + usize::from(a != b);
            let mut least = replaced.min(row[j + 1] + 1).min(next[j] + 1);
            // `before` is empty in the first round, so a swap is looked at only when it holds a row.
            if j > 0 && Some(b) == previous && to[j - 1] == a {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        previous = Some(a);
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_of_neighbours_is_one_edit() {
        assert_eq!(edits("naem", "name"), 1);
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(edits("abc", ""), 3);
        assert_eq!(edits("same", "same"), 0);
    }

    #[test]
    fn the_nearest_word_is_found() {
        let fields = ["name", "version", "maker", "content"];
        assert_eq!(nearest("verison", fields), Some("version"));
        assert_eq!(nearest("Mkaer", fields), Some("maker"));
        assert_eq!(nearest("x", []), None);
    }
}
