//! The rules of the house: what may be made anew, and what names and reasons look like.

use std::fmt;

use super::placement::Placement;
use super::toml_file::{Section, TomlFile};

/// What those who keep a site have agreed on, as keys of its `[limits]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct House {
    /// Packages may be made; otherwise existing ones are used.
    pub new_packages: bool,
    /// Collections may be made; otherwise existing ones are used.
    pub new_collections: bool,
    /// Whoever advertises says why.
    pub reason_required: bool,
    /// What a reason looks like, for example `CHG####`.
    pub reason_like: Option<Pattern>,
    /// What names of packages look like.
    pub package_names_like: Option<Pattern>,
    /// What names of collections look like.
    pub collection_names_like: Option<Pattern>,
    /// Where what is made goes; said of a site, never of all.
    pub placement: Placement,
}

impl Default for House {
    fn default() -> Self {
        Self {
            new_packages: true,
            new_collections: true,
            reason_required: false,
            reason_like: None,
            package_names_like: None,
            collection_names_like: None,
            placement: Placement::default(),
        }
    }
}

impl House {
    /// Takes what a `[limits]` table says over what holds so far.
    pub(super) fn take(&mut self, file: &mut TomlFile<'_>, section: &mut Section<'_>) {
        for (key, switch) in [
            ("new_packages", &mut self.new_packages),
            ("new_collections", &mut self.new_collections),
            ("reason_required", &mut self.reason_required),
        ] {
            if let Some(said) = section.truth(file, key) {
                *switch = said;
            }
        }
        for (key, place) in [
            ("reason_like", &mut self.reason_like),
            ("package_names_like", &mut self.package_names_like),
            ("collection_names_like", &mut self.collection_names_like),
        ] {
            let Some(text) = section.text(file, key) else {
                continue;
            };
            match Pattern::new(text.get_ref()) {
                Some(pattern) => *place = Some(pattern),
                None => file.fault(
                    text.span(),
                    format!("`{key}` is empty"),
                    format!("write {key} = \"CHG####\": # is a digit, * is anything"),
                ),
            }
        }
    }
}

/// What a text looks like: `#` is a digit, `*` is anything, every other character is itself in either case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// A pattern; `None` for a text that says nothing.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    pub fn fits(&self, text: &str) -> bool {
        let lower = |text: &str| text.to_lowercase().chars().collect::<Vec<_>>();
        fits(&lower(&self.0), &lower(text.trim()))
    }
}

/// Goes back to the last `*` whenever the rest does not fit, and lets that take one character more.
fn fits(pattern: &[char], text: &[char]) -> bool {
    let (mut at, mut read) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while let Some(letter) = text.get(read) {
        match pattern.get(at) {
            Some('*') => {
                back = Some((at + 1, read));
                at += 1;
            }
            Some('#') if letter.is_ascii_digit() => (at, read) = (at + 1, read + 1),
            Some(wanted) if wanted == letter && *wanted != '#' => (at, read) = (at + 1, read + 1),
            _ => match &mut back {
                Some((behind, taken)) => {
                    *taken += 1;
                    (at, read) = (*behind, *taken);
                }
                None => return false,
            },
        }
    }
    pattern
        .get(at..)
        .unwrap_or_default()
        .iter()
        .all(|rest| *rest == '*')
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_is_a_digit_and_a_star_is_anything() {
        let fits = |pattern: &str, text: &str| Pattern::new(pattern).unwrap().fits(text);
        for (pattern, text) in [
            ("CHG####", "chg0042"),
            ("INST * - *", "INST 7-Zip - Pilot - Berlin"),
            ("*", ""),
            ("*x", "axbx"),
            (" CHG# ", " CHG1 "),
        ] {
            assert!(fits(pattern, text), "{text} is like {pattern}");
        }
        for (pattern, text) in [
            ("CHG####", "CHG42"),
            ("CHG####", "CHG00421"),
            ("CHG####", "CHGabcd"),
            ("#", "#"),
            ("INST *", "7-Zip"),
            ("a*b", "ab c"),
        ] {
            assert!(!fits(pattern, text), "{text} is not like {pattern}");
        }
        assert_eq!(Pattern::new("  "), None);
    }
}
