//! Where the keepers of a site want what is made there: security scopes and console folders.

use super::toml_file::{Section, TomlFile};

/// Placement of new objects; nothing is moved where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placement {
    /// Names of the security scopes of new packages, which are then in no other.
    pub scopes: Vec<String>,
    /// Folder of new packages: names joined by `/`.
    pub packages: Option<String>,
    /// Folder of new collections.
    pub collections: Option<String>,
}

impl Placement {
    /// Reads `scopes` and `folders` of a site.
    pub(super) fn take(file: &mut TomlFile<'_>, section: &mut Section<'_>) -> Self {
        let scopes = section.texts(file, "scopes").unwrap_or_default();
        let Some(mut folders) = section.section(file, "folders") else {
            return Self {
                scopes,
                ..Self::default()
            };
        };
        let mut path = |key| {
            let path = folders.text(file, key).map(toml::Spanned::into_inner);
            path.filter(|path| !path.trim().is_empty())
        };
        let placement = Self {
            scopes,
            packages: path("packages"),
            collections: path("collections"),
        };
        folders.finish(file);
        placement
    }
}
