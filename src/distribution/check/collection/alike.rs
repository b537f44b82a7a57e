//! Names that are easily taken for one another.

/// What tells two names apart when it is so little that people mix them up: a few characters, or one short word.
pub fn difference(ours: &str, theirs: &str) -> Option<String> {
    let (a, b): (Vec<char>, Vec<char>) = (ours.chars().collect(), theirs.chars().collect());
    let same = |(x, y): &(&char, &char)| x.to_lowercase().eq(y.to_lowercase());
    let front = a.iter().zip(&b).take_while(same).count();
    let room = a.len().min(b.len()) - front;
    let back = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take(room)
        .take_while(same)
        .count();
    let (ours, theirs) = (&a[front..a.len() - back], &b[front..b.len() - back]);
    let kept = front + back;
    let few = ours.len().max(theirs.len()) <= 5 && kept >= 4 && kept > ours.len().max(theirs.len());
    let longer = if ours.len() >= theirs.len() {
        ours
    } else {
        theirs
    };
    few.then(|| longer.iter().collect::<String>().trim().to_owned())
        .filter(|difference| !difference.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_word_between_is_little() {
        assert_eq!(
            difference("All Test Systems", "All Systems"),
            Some("Test".into())
        );
        assert_eq!(difference("Pilot PC", "Pilot PCs"), Some("s".into()));
    }

    #[test]
    fn other_names_are_not_alike() {
        assert_eq!(difference("INST 7-Zip - Finance", "All Systems"), None);
        assert_eq!(difference("A", "B"), None);
        assert_eq!(difference("", "All Systems"), None);
    }
}
