//! Whether anything may be changed on a site from here, and who says otherwise.

use super::profile::Profile;

/// What the settings and the start of consign say about changing a site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Access {
    /// Changes are allowed.
    #[default]
    Write,
    /// `readonly = true`, lifted for this start.
    Lifted,
    /// `readonly = true`.
    ReadOnly,
    /// The profile only looks; nothing on the command line lifts that.
    Viewer,
}

impl Access {
    /// `lifted`: somebody asked for changes with `--write`.
    pub fn of(readonly: bool, profile: Profile, lifted: bool) -> Self {
        match (profile, readonly) {
            (Profile::Viewer, _) => Self::Viewer,
            (_, true) if lifted => Self::Lifted,
            (_, true) => Self::ReadOnly,
            (_, false) => Self::Write,
        }
    }

    pub fn may_write(self) -> bool {
        matches!(self, Self::Write | Self::Lifted)
    }

    /// Why nothing may be changed, and the way out, as sentences.
    pub fn refusal(self) -> Option<&'static str> {
        match self {
            Self::Write | Self::Lifted => None,
            Self::ReadOnly => Some(
                "Its settings say readonly = true; starting consign with --write lifts that once.",
            ),
            Self::Viewer => Some("Its settings give it the profile viewer, which only looks."),
        }
    }

    /// The same in a few words, for a line that says why a key does nothing.
    pub fn in_brief(self) -> Option<&'static str> {
        match self {
            Self::Write | Self::Lifted => None,
            Self::ReadOnly => {
                Some("this site is read only in the settings; consign --write lifts that once")
            }
            Self::Viewer => {
                Some("the settings give this site the profile viewer, which only looks")
            }
        }
    }

    /// What a title says of it; nothing where all is as usual.
    pub fn title(self) -> Option<&'static str> {
        match self {
            Self::Lifted => Some("write"),
            Self::ReadOnly => Some("read only"),
            // What only looks is said by its profile.
            Self::Write | Self::Viewer => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_lifts_what_the_settings_forbid_and_never_what_the_profile_does() {
        use Profile::{Admin, Helpdesk, Viewer};
        for (readonly, profile, lifted, expected) in [
            (false, Admin, false, Access::Write),
            (false, Admin, true, Access::Write),
            (true, Admin, false, Access::ReadOnly),
            (true, Helpdesk, true, Access::Lifted),
            (false, Viewer, true, Access::Viewer),
            (true, Viewer, true, Access::Viewer),
        ] {
            let access = Access::of(readonly, profile, lifted);
            assert_eq!(access, expected, "{readonly} {profile:?} {lifted}");
            assert_eq!(access.may_write(), access.refusal().is_none());
            assert_eq!(access.may_write(), access.in_brief().is_none());
        }
    }
}
