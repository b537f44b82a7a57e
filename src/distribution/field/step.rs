//! The steps of the wizard, and which table of a distribution file each answers.

use serde::{Deserialize, Serialize};
use strum::EnumIter;

use super::{Field, fields};

/// A step of the wizard, in its order.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Start,
    Package,
    Program,
    Collection,
    DistributionPoints,
    Advertisement,
    Review,
}

impl Step {
    /// What the rail says.
    pub fn title(self) -> &'static str {
        match self {
            Self::Start => "Start",
            Self::Package => "Package",
            Self::Program => "Program",
            Self::Collection => "Collection",
            Self::DistributionPoints => "Distribution points",
            Self::Advertisement => "Advertisement",
            Self::Review => "Review",
        }
    }

    /// The table of a distribution file that holds this step's answers.
    pub fn section(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Package => "package",
            Self::Program => "program",
            Self::Collection => "collection",
            Self::DistributionPoints => "distribution_points",
            Self::Advertisement => "advertisement",
            Self::Review => "review",
        }
    }

    /// Fields of this step, in their order.
    pub fn fields(self) -> impl Iterator<Item = &'static Field> {
        fields().filter(move |field| field.id.step() == self)
    }
}
