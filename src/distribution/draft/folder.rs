//! Source folders as people write them, and making relative ones whole.

use std::path::{Component, Path, PathBuf};

use super::Draft;
use super::settled::said;

/// What a source folder is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// `\\server\share\folder`
    Unc,
    /// `D:\folder`
    Drive(char),
    /// `/folder`: of an embedded site's machine.
    Rooted,
    /// `http://…`: no folder at all.
    Address,
    Relative,
}

/// What kind of path this is.
pub fn written(folder: &str) -> Written {
    let mut chars = folder.chars();
    let (first, second, third) = (chars.next(), chars.next(), chars.next());
    if folder.contains("://") || folder.to_lowercase().starts_with("http:") {
        return Written::Address;
    }
    match (first, second, third) {
        (Some('\\'), Some('\\'), Some(_)) => Written::Unc,
        (Some(drive), Some(':'), Some('\\' | '/')) if drive.is_ascii_alphabetic() => {
            Written::Drive(drive.to_ascii_uppercase())
        }
        (Some('/'), _, _) => Written::Rooted,
        _ => Written::Relative,
    }
}

impl Draft {
    /// Makes a relative source folder a whole path, starting from this folder, so that it means the same from anywhere.
    pub fn root_source(&mut self, folder: &Path) {
        if let Some(source) = said(self.package.source.as_ref())
            && written(source) == Written::Relative
        {
            self.package.source = Some(joined(folder, source).display().to_string());
        }
    }
}

/// Without the steps that go nowhere. Steps upwards stay: links may lead elsewhere than they seem.
fn joined(folder: &Path, relative: &str) -> PathBuf {
    folder
        .join(relative)
        .components()
        .filter(|part| *part != Component::CurDir)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_apart_by_how_they_begin() {
        let cases = [
            (r"\\files\apps", Written::Unc),
            (r"d:\apps", Written::Drive('D')),
            ("D:/apps", Written::Drive('D')),
            ("/srv/apps", Written::Rooted),
            ("http://files/apps", Written::Address),
            ("./apps", Written::Relative),
            ("apps", Written::Relative),
            ("D:apps", Written::Relative),
            (r"\apps", Written::Relative),
        ];
        for (folder, kind) in cases {
            assert_eq!(written(folder), kind, "{folder}");
        }
    }

    #[test]
    fn only_a_relative_folder_is_made_whole() {
        let rooted = |source: &str| {
            let mut draft = Draft::default();
            draft.package.source = Some(source.into());
            draft.root_source(Path::new("/home/ann"));
            draft.package.source.unwrap_or_default()
        };
        assert_eq!(rooted("./line-tool"), "/home/ann/line-tool");
        assert_eq!(rooted("../line-tool"), "/home/ann/../line-tool");
        assert_eq!(rooted(r"\\files\apps"), r"\\files\apps");
        assert_eq!(rooted("/srv/apps"), "/srv/apps");
        assert_eq!(rooted(" "), " ");
    }
}
