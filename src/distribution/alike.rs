//! Names of software that mean the same: *Chrome* by Google and *Google Chrome*, *Acrobat Reader* and *Adobe Acrobat
//! Reader DC*.

use std::collections::BTreeSet;

/// How near two names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// The same words say both.
    Same,
    /// One has a word more.
    Near,
}

/// Words that say how software is packed, and not which it is.
const PACKING: [&str; 11] = [
    "x64",
    "x86",
    "amd64",
    "arm64",
    "bit",
    "msi",
    "exe",
    "setup",
    "installer",
    "edition",
    "version",
];

/// How near the name of a package is to that of an application, each with its maker; `None` where they are apart.
pub fn likeness(package: (&str, &str), application: (&str, &str)) -> Option<Likeness> {
    let makers: BTreeSet<String> = words(package.1).chain(words(application.1)).collect();
    let telling = |name| {
        let all: BTreeSet<String> = telling_words(name).into_iter().collect();
        let without: BTreeSet<String> = all.difference(&makers).cloned().collect();
        if without.is_empty() { all } else { without }
    };
    let (here, there) = (telling(package.0), telling(application.0));
    if here.is_empty() || there.is_empty() {
        return None;
    }
    match here.symmetric_difference(&there).count() {
        0 => Some(Likeness::Same),
        1 => Some(Likeness::Near),
        _ => None,
    }
}

/// The words of a name that say which software it is: no figures, and nothing of how it is packed.
pub fn telling_words(name: &str) -> Vec<String> {
    let is_telling =
        |word: &String| word.chars().any(char::is_alphabetic) && !PACKING.contains(&word.as_str());
    words(name).filter(is_telling).collect()
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect::<Vec<_>>()
        .into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_software_is_known_by_its_words() {
        for (package, maker, application, theirs, expected) in [
            (
                "Chrome",
                "Google",
                "Google Chrome",
                "Google",
                Some(Likeness::Same),
            ),
            ("chrome 131 (x64)", "", "Chrome", "", Some(Likeness::Same)),
            (
                "7-Zip",
                "Igor Pavlov",
                "7-Zip 24.08 x64 edition",
                "",
                Some(Likeness::Same),
            ),
            (
                "Acrobat Reader",
                "Adobe",
                "Adobe Acrobat Reader DC",
                "Adobe",
                Some(Likeness::Near),
            ),
            ("Chrome", "", "Chrome Remote Desktop", "", None),
            ("Firefox", "Mozilla", "Thunderbird", "Mozilla", None),
            (
                "Example Works",
                "Example Works",
                "Example Works",
                "",
                Some(Likeness::Same),
            ),
            ("2026", "", "2027", "", None),
            ("", "", "Chrome", "", None),
        ] {
            let found = likeness((package, maker), (application, theirs));
            assert_eq!(found, expected, "{package} / {application}");
        }
    }
}
