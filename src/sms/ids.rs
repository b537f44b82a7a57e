//! What names one object of a class.
//!
//! Package, collection, advertisement and site ids are compared by sites without regard to case but must be sent in
//! upper case (an advertisement's `PackageID`): they are upper case from the moment they are read.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::nal::NalPath;
use super::wire::travels;
use super::{Key, KeyPart};

macro_rules! text_id {
    ($($(#[$meta:meta])* $name:ident = $property:literal),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            pub fn new(text: &str) -> Self {
                Self(text.trim().to_ascii_uppercase())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::new(&text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl From<$name> for KeyPart {
            fn from(id: $name) -> Self {
                Self::Text(id.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl Key for $name {
            fn parts(&self) -> Vec<(&'static str, KeyPart)> {
                vec![($property, self.clone().into())]
            }
        }

        travels! { $name => "String" }
    )+};
}

text_id! {
    /// A package: site code and five digits, for example `LAB0001F`.
    PackageId = "PackageID",
    /// A collection: site code and five digits; built-in ones start with `SMS`.
    CollectionId = "CollectionID",
    /// An advertisement: site code, `2` and four digits.
    AdvertisementId = "AdvertisementID",
    /// A deployment of any kind: an advertisement's id for a program (unverified), a GUID in braces for an application.
    DeploymentId = "DeploymentID",
    /// A distribution point group: a GUID in braces.
    GroupId = "GroupID",
    /// A security scope; built-in ones start with `SMS`.
    ScopeId = "CategoryID",
    /// A site: three characters.
    SiteCode = "SiteCode",
}

impl CollectionId {
    /// All Systems, the widest device collection.
    pub const ALL_SYSTEMS: &str = "SMS00001";
    /// All Users and User Groups, the widest user collection. The pairing of id and name is unverified.
    pub const ALL_USERS_AND_GROUPS: &str = "SMS00004";

    /// Whether the id is one of those a site is born with.
    ///
    /// `IsBuiltIn` is the better witness where it was read; ids starting `SMS` are reserved.
    pub fn looks_built_in(&self) -> bool {
        self.0.starts_with("SMS")
    }
}

impl ScopeId {
    /// The scope every object is in. The id is unverified.
    pub const ALL: &str = "SMS00ALL";
}

/// A discovered resource: a device, user or group. Unique in one site only.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct ResourceId(pub u32);

impl ResourceId {
    /// Name of the key property of `SMS_R_System` on the wire; other classes write `ResourceID`.
    pub const PROPERTY: &str = "ResourceId";
}

impl Key for ResourceId {
    fn parts(&self) -> Vec<(&'static str, KeyPart)> {
        vec![(Self::PROPERTY, (*self).into())]
    }
}

impl From<ResourceId> for KeyPart {
    fn from(id: ResourceId) -> Self {
        Self::from(id.0)
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for ResourceId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.trim().parse().map(Self)
    }
}

travels! { ResourceId => "UInt32" }

/// A program: its package and its name there. Printed `LAB00012/Install`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ProgramId {
    pub package: PackageId,
    pub name: String,
}

impl ProgramId {
    pub fn new(package: impl Into<PackageId>, name: impl Into<String>) -> Self {
        Self {
            package: package.into(),
            name: name.into(),
        }
    }

    /// Whether both name the same program; program names differ in more than case (unverified).
    pub fn is_same(&self, other: &Self) -> bool {
        self.package == other.package && self.name.to_lowercase() == other.name.to_lowercase()
    }
}

impl Key for ProgramId {
    fn parts(&self) -> Vec<(&'static str, KeyPart)> {
        vec![
            ("PackageID", self.package.clone().into()),
            ("ProgramName", self.name.clone().into()),
        ]
    }
}

impl fmt::Display for ProgramId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.package, self.name)
    }
}

/// A text that does not name a program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a program is named by its package and its name, for example LAB00012/Install")]
pub struct NotAProgram;

impl FromStr for ProgramId {
    type Err = NotAProgram;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('/') {
            Some((package, name)) if !package.trim().is_empty() && !name.is_empty() => {
                Ok(Self::new(package, name))
            }
            _ => Err(NotAProgram),
        }
    }
}

/// A package's assignment to one distribution point.
///
/// The NAL path cannot be trusted inside a URL: such objects are found by package and written with the key in the body.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AssignmentId {
    pub package: PackageId,
    pub nal_path: NalPath,
    pub site: SiteCode,
}

impl Key for AssignmentId {
    fn parts(&self) -> Vec<(&'static str, KeyPart)> {
        vec![
            ("PackageID", self.package.clone().into()),
            ("ServerNALPath", self.nal_path.clone().into()),
            ("SiteCode", self.site.clone().into()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_ids_are_upper_case_from_the_moment_they_are_read() {
        assert_eq!(PackageId::new(" lab00012 ").as_str(), "LAB00012");
        let read: PackageId = serde_json::from_str("\"lab0001f\"").unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), "\"LAB0001F\"");
    }

    #[test]
    fn a_program_is_named_by_package_and_name() {
        let id: ProgramId = "lab00012/Install/again".parse().unwrap();
        assert_eq!(id, ProgramId::new("LAB00012", "Install/again"));
        assert_eq!(id.to_string(), "LAB00012/Install/again");
        assert_eq!("LAB00012".parse::<ProgramId>(), Err(NotAProgram));
        assert_eq!("/Install".parse::<ProgramId>(), Err(NotAProgram));
    }

    #[test]
    fn the_key_of_a_device_is_spelled_as_on_the_wire() {
        assert_eq!(
            ResourceId(16_777_219).parts(),
            [("ResourceId", KeyPart::Number(16_777_219))]
        );
    }
}
