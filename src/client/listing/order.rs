//! The order of a list: by any field, figures as figures and times as times, equals left as they were.

use thiserror::Error;

use super::Line;
use super::filter_words::{WordError, fields, known_field};

/// One field to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sorting {
    pub key: &'static str,
    pub descending: bool,
}

impl Sorting {
    pub const fn up(key: &'static str) -> Self {
        Self {
            key,
            descending: false,
        }
    }

    pub const fn down(key: &'static str) -> Self {
        Self {
            key,
            descending: true,
        }
    }

    #[must_use]
    pub const fn reversed(self) -> Self {
        Self {
            key: self.key,
            descending: !self.descending,
        }
    }

    /// Reads `COLUMN` or `COLUMN:desc`.
    pub fn parse<L: Line>(text: &str) -> Result<Self, SortError> {
        let (key, descending) = match text.split_once(':') {
            None | Some((_, "asc")) => (text.split(':').next().unwrap_or(text), false),
            Some((key, "desc")) => (key, true),
            Some((_, direction)) => return Err(SortError::Direction(direction.to_owned())),
        };
        let (key, _) = known_field(L::CALLED, &fields::<L>(), &key.to_lowercase())?;
        Ok(Self { key, descending })
    }
}

/// A `--sort` that cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SortError {
    #[error(transparent)]
    Field(#[from] WordError),
    #[error("'{0}' is no direction: write asc or desc")]
    Direction(String),
}

/// Sorts positions of lines. What a line does not have comes last in both directions, so that turning the order round
/// never fills the screen with blanks.
pub fn sort<L: Line>(positions: &mut [usize], lines: &[L], by: &[Sorting]) {
    // The last field first: a stable sort keeps its order among equals of the fields before it.
    for sorting in by.iter().rev() {
        let Some((_, read)) = L::reader(sorting.key) else {
            continue;
        };
        positions.sort_by(|&a, &b| {
            let (Some(a), Some(b)) = (lines.get(a), lines.get(b)) else {
                return std::cmp::Ordering::Equal;
            };
            let (a, b) = (read(a), read(b));
            let order = a.order(&b);
            if sorting.descending && a.is_known() && b.is_known() {
                order.reverse()
            } else {
                order
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::listing::sample::{Sample, samples};

    fn names(by: &[Sorting]) -> Vec<&'static str> {
        let lines = samples();
        let mut positions: Vec<usize> = (0..lines.len()).collect();
        sort(&mut positions, &lines, by);
        positions.into_iter().map(|i| lines[i].name).collect()
    }

    #[test]
    fn figures_sort_as_figures() {
        assert_eq!(
            names(&[Sorting::up("members")]),
            ["Pilot laptops", "Pilot PCs", "All Systems", "Old laptops"]
        );
    }

    #[test]
    fn what_a_line_does_not_have_comes_last_both_ways() {
        assert_eq!(
            names(&[Sorting::down("members")]),
            ["All Systems", "Pilot PCs", "Pilot laptops", "Old laptops"]
        );
    }

    #[test]
    fn equals_are_ordered_by_the_next_field_and_else_left_alone() {
        assert_eq!(
            names(&[Sorting::down("comment")]),
            ["Pilot PCs", "Pilot laptops", "Old laptops", "All Systems"]
        );
        assert_eq!(
            names(&[Sorting::down("comment"), Sorting::up("name")]),
            ["Pilot laptops", "Pilot PCs", "All Systems", "Old laptops"]
        );
    }

    #[test]
    fn a_sort_is_read_with_its_direction() {
        assert_eq!(
            Sorting::parse::<Sample>("members:desc"),
            Ok(Sorting::down("members"))
        );
        assert_eq!(Sorting::parse::<Sample>("Name"), Ok(Sorting::up("name")));
        assert_eq!(
            Sorting::parse::<Sample>("membres").unwrap_err().to_string(),
            "collections have no field 'membres'; did you mean 'members'?"
        );
        assert!(Sorting::parse::<Sample>("name:up").is_err());
    }
}
