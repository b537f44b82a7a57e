//! Source folders a person may mean: what begins like what they typed, where this machine can look.

use std::fs;
use std::path::Path;

use super::Reader;

/// More than this nobody reads.
const MOST: usize = 200;

impl Reader<'_> {
    /// Folders whose path begins like this, by name; none where only the site's server could tell.
    pub async fn folders(&self, begun: &str) -> Vec<String> {
        if !self.provider.is_local() {
            return Vec::new();
        }
        let begun = begun.to_owned();
        // A folder that cannot be listed has nothing to offer.
        tokio::task::spawn_blocking(move || beginning(&begun))
            .await
            .unwrap_or_default()
    }
}

fn beginning(begun: &str) -> Vec<String> {
    let (parent, name) = begun
        .rsplit_once('/')
        .map_or((".", begun), |(parent, name)| {
            (if parent.is_empty() { "/" } else { parent }, name)
        });
    let stem = begun.strip_suffix(name).unwrap_or_default();
    let Ok(entries) = fs::read_dir(Path::new(parent)) else {
        return Vec::new();
    };
    let mut folders: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|found| {
            found.starts_with(name) && (!found.starts_with('.') || name.starts_with('.'))
        })
        .map(|found| format!("{stem}{found}"))
        .collect();
    folders.sort();
    folders.truncate(MOST);
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_folders_that_begin_so_are_offered() {
        let place = tempfile::tempdir().unwrap();
        for name in ["line-tool", "line-tools-old", "zoom", ".line"] {
            fs::create_dir(place.path().join(name)).unwrap();
        }
        fs::write(place.path().join("line.txt"), "").unwrap();
        let root = place.path().display().to_string();
        let found = |begun: &str| beginning(&format!("{root}/{begun}"));
        let named = |names: &[&str]| -> Vec<String> {
            names.iter().map(|name| format!("{root}/{name}")).collect()
        };
        assert_eq!(found("li"), named(&["line-tool", "line-tools-old"]));
        assert_eq!(found(""), named(&["line-tool", "line-tools-old", "zoom"]));
        assert_eq!(found(".l"), named(&[".line"]));
        assert!(found("nowhere/else").is_empty());
    }
}
