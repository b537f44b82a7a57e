//! A deployment that is no advertisement: what the site's summary says of it, and that it is not changed from here.

use serde_json::Value;

use super::{Bar, Detail, Entries, Entry};
use crate::client::answer::Gap;
use crate::client::listing::{DeploymentLine, Kind, Line};

#[derive(Debug, Clone, PartialEq)]
pub struct DeploymentDetail {
    pub line: DeploymentLine,
    pub raw: Value,
    pub gaps: Vec<Gap>,
}

impl Detail for DeploymentDetail {
    const KIND: Kind = Kind::Advertisements;

    fn id(&self) -> String {
        self.line.id()
    }

    fn name(&self) -> &str {
        self.line.name()
    }

    fn summary(&self) -> Vec<Entry> {
        let mut entries = Entries::default();
        entries.say(
            "What",
            format!("{} {}", self.line.type_words(), self.name()),
        );
        entries.say("In words", self.line.in_words());
        entries.say("Runs", self.line.runs());
        entries.say("State", self.line.state.words());
        entries.0
    }

    fn raw(&self) -> &Value {
        &self.raw
    }

    fn gaps(&self) -> &[Gap] {
        &self.gaps
    }
}

impl DeploymentDetail {
    /// How the devices stand, as the site last counted them.
    pub fn bars(&self) -> Vec<Bar> {
        self.line.counts.map(Bar::of).unwrap_or_default()
    }
}
