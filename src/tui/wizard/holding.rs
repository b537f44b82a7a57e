//! What distribution points hold of the package already, for the rows they are chosen from.

use super::{Place, Wizard};
use crate::distribution::facts::{ContentFact, CopyFact};
use crate::distribution::field::FieldId;

/// What one point, or every point of a group, holds of the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holding {
    /// The current version: nothing is sent there.
    Current,
    /// An older version, which is brought up to the current one.
    Older { version: u32, current: u32 },
    /// On its way, or stuck; in the site's word for it.
    Other(String),
}

impl Holding {
    pub fn words(&self) -> String {
        match self {
            Self::Current => "already there".to_owned(),
            Self::Older { version, current } => {
                format!("has version {version} of {current}: will be updated")
            }
            Self::Other(state) => state.clone(),
        }
    }

    fn of(copy: &CopyFact, content: &ContentFact) -> Self {
        let current = content.source_version;
        match copy.state {
            _ if copy.is_current(current) => Self::Current,
            Some(state) if state.is_usable() => Self::Older {
                version: copy.version,
                current,
            },
            Some(state) => Self::Other(state.to_string()),
            None => Self::Other("no word from it yet".to_owned()),
        }
    }
}

impl Wizard {
    /// What an object of the field under the cursor holds of the package, as far as it is known.
    pub fn holding(&self, id: &str) -> Option<Holding> {
        let package = self.draft.text(FieldId::PackageUse);
        let content = self.facts.content(&package);
        let content = content.value()?;
        match self.place {
            Place::Field(FieldId::PointsServers) => {
                let is_it = |copy: &&CopyFact| copy.server().eq_ignore_ascii_case(id);
                let copy = content.copies.iter().find(is_it)?;
                Some(Holding::of(copy, content))
            }
            Place::Field(FieldId::PointsGroups) => {
                let points = self.facts.points();
                let members = points.value()?.group(id)?.members.value()?;
                let is_current = |point| {
                    content
                        .copy_on(point)
                        .is_some_and(|copy| copy.is_current(content.source_version))
                };
                (!members.is_empty() && members.iter().all(is_current)).then_some(Holding::Current)
            }
            _ => None,
        }
    }

    /// Whether an object is ticked without anybody's doing, and stays so.
    pub fn is_there_already(&self, id: &str) -> bool {
        self.holding(id) == Some(Holding::Current)
    }
}
