//! One object with everything a page about it shows: what it is in words, what belongs to it, and the object as the
//! site has it. One file a kind; shared by the panes and `consign show`.

mod advertisement;
mod collection;
mod deployment;
mod device;
mod group;
mod package;
mod point;
mod program;

use serde_json::Value;

pub use advertisement::{AdvertisementDetail, Bar, When};
pub use collection::{CollectionDetail, MaintenanceLine, Relation, RuleLine, Side};
pub use deployment::DeploymentDetail;
pub use device::DeviceDetail;
pub use group::GroupDetail;
pub use package::PackageDetail;
pub use point::PointDetail;
pub use program::ProgramDetail;

use super::answer::Gap;
use super::listing::Kind;
use crate::error::SiteError;

/// A part of a page, or why it could not be read: nothing there is never told of what nobody saw.
pub type Part<T> = Result<Vec<T>, SiteError>;

/// What every page about an object has.
pub trait Detail {
    const KIND: Kind;

    /// What names it on the command line.
    fn id(&self) -> String;

    /// What people call it.
    fn name(&self) -> &str;

    /// What it is, line by line.
    fn summary(&self) -> Vec<Entry>;

    /// The object as the site has it.
    fn raw(&self) -> &Value;

    /// Parts that could not be read.
    fn gaps(&self) -> &[Gap];
}

/// One thing to say about an object: a label and the words behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Empty for a line that goes on from the one before.
    pub label: &'static str,
    pub words: String,
}

impl Entry {
    pub fn new(label: &'static str, words: impl Into<String>) -> Self {
        Self {
            label,
            words: words.into(),
        }
    }
}

/// Entries in the order they are said; what is empty is not said.
#[derive(Debug, Default)]
struct Entries(Vec<Entry>);

impl Entries {
    fn say(&mut self, label: &'static str, words: impl Into<String>) {
        let words = words.into();
        if !words.is_empty() {
            self.0.push(Entry { label, words });
        }
    }

    fn list(&mut self, label: &'static str, words: &[std::borrow::Cow<'static, str>]) {
        self.say(label, words.join(", "));
    }
}
