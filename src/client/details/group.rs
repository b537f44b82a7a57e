//! A distribution point group: summary and the servers in it.

use serde_json::Value;

use super::{Detail, Entries, Entry};
use crate::client::answer::Gap;
use crate::client::listing::{GroupLine, Kind, Line};

#[derive(Debug, Clone, PartialEq)]
pub struct GroupDetail {
    pub line: GroupLine,
    /// Names of the servers in it; `None` when they could not be read.
    pub servers: Option<Vec<String>>,
    pub raw: Value,
    pub gaps: Vec<Gap>,
}

impl Detail for GroupDetail {
    const KIND: Kind = Kind::Groups;

    fn id(&self) -> String {
        self.line.id()
    }

    fn name(&self) -> &str {
        self.line.name()
    }

    fn summary(&self) -> Vec<Entry> {
        let row = &self.line.row;
        let mut entries = Entries::default();
        entries.say("Group", format!("{} ({})", row.name, row.group_id));
        entries.say("About", row.description.as_str());
        entries.say(
            "Servers",
            match &self.servers {
                None => "could not be read".to_owned(),
                Some(servers) if servers.is_empty() => {
                    "none: what is sent to it goes nowhere".to_owned()
                }
                Some(servers) => servers.join(", "),
            },
        );
        entries.say("Content", self.line.in_words());
        entries.say("Made by", row.created_by.as_str());
        entries.0
    }

    fn raw(&self) -> &Value {
        &self.raw
    }

    fn gaps(&self) -> &[Gap] {
        &self.gaps
    }
}
