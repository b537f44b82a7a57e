//! How much of the table somebody is asked: a profile and the rules of the house leave some people less to choose.

use crate::config::{House, Profile};

/// What somebody may choose. Limits hold all the same; this is about what is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latitude {
    /// The settings few people need, with a default that suits most.
    pub more: bool,
    pub new_packages: bool,
    pub new_collections: bool,
}

/// Everything.
impl Default for Latitude {
    fn default() -> Self {
        Self {
            more: true,
            new_packages: true,
            new_collections: true,
        }
    }
}

impl Latitude {
    pub fn of(profile: Profile, house: &House) -> Self {
        Self {
            more: !profile.is_guided(),
            new_packages: house.new_packages,
            new_collections: house.new_collections,
        }
    }

    /// Why the further settings are not offered, where they are not.
    pub fn without_more(self) -> Option<&'static str> {
        (!self.more).then_some("the profile helpdesk offers the essential settings only")
    }
}
