//! A distribution point: summary, what it holds, its groups.

use serde_json::Value;

use super::{Detail, Entries, Entry, Part};
use crate::client::answer::Gap;
use crate::client::listing::{AssignmentLine, Kind, Line, PointLine};

#[derive(Debug, Clone, PartialEq)]
pub struct PointDetail {
    pub line: PointLine,
    pub holds: Part<AssignmentLine>,
    pub raw: Value,
    pub gaps: Vec<Gap>,
}

impl Detail for PointDetail {
    const KIND: Kind = Kind::Points;

    fn id(&self) -> String {
        self.line.id()
    }

    fn name(&self) -> &str {
        self.line.name()
    }

    fn summary(&self) -> Vec<Entry> {
        let row = &self.line.row;
        let mut entries = Entries::default();
        entries.say("Server", row.server());
        entries.say(
            "Site",
            format!("{} {}", row.site_code, row.site_name).trim(),
        );
        entries.say("About", row.description.as_str());
        entries.say("System", row.operating_system.as_str());
        entries.say("Holds", self.line.in_words());
        entries.say(
            "Groups",
            match &self.line.groups {
                None => "could not be read".to_owned(),
                Some(groups) if groups.is_empty() => "in no group".to_owned(),
                Some(groups) => groups.join(", "),
            },
        );
        entries.say(
            "Offers",
            offers(&[
                (row.is_pull_dp, "pulls its content"),
                (row.is_pxe, "PXE"),
                (row.is_multicast, "multicast"),
                (row.pre_staging_allowed, "prestaged content"),
                (row.internet_facing, "internet clients"),
            ]),
        );
        entries.say(
            "Validated",
            if row.health_check_enabled {
                "on a schedule"
            } else {
                ""
            },
        );
        entries.say("NAL path", row.nal_path.as_str());
        entries.0
    }

    fn raw(&self) -> &Value {
        &self.raw
    }

    fn gaps(&self) -> &[Gap] {
        &self.gaps
    }
}

fn offers(switches: &[(bool, &str)]) -> String {
    let on = switches
        .iter()
        .filter(|(on, _)| *on)
        .map(|(_, words)| *words);
    on.collect::<Vec<_>>().join(", ")
}
