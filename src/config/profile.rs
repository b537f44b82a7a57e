//! Whom a site's console is for (wizard.md 14.4): convenience and guard rail, not security.

use super::toml_file::{Section, TomlFile};

/// What a person is offered on a site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Profile {
    /// Everything.
    #[default]
    Admin,
    /// What is packaged goes to collections of reasonable size.
    Helpdesk,
    /// Looking only.
    Viewer,
}

const PROFILES: &[(&str, Profile)] = &[
    ("admin", Profile::Admin),
    ("helpdesk", Profile::Helpdesk),
    ("viewer", Profile::Viewer),
];

impl Profile {
    /// As the settings write it.
    pub fn name(self) -> &'static str {
        let named = PROFILES.iter().find(|(_, profile)| *profile == self);
        named.map_or("", |(name, _)| *name)
    }

    /// Whether only the essential settings of the wizard are offered.
    pub fn is_guided(self) -> bool {
        self == Self::Helpdesk
    }

    pub(super) fn take(file: &mut TomlFile<'_>, section: &mut Section<'_>) -> Self {
        section
            .choice(file, "profile", PROFILES)
            .unwrap_or_default()
    }
}
