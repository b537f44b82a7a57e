//! A package: summary, programs, content on each point, advertisements.

use serde_json::Value;

use super::{Detail, Entries, Entry, Part};
use crate::client::answer::Gap;
use crate::client::listing::field::size_in_words;
use crate::client::listing::say::Say;
use crate::client::listing::{
    AssignmentLine, DeploymentLine, Kind, Line, PackageLine, ProgramLine,
};
use crate::sms::package::{Package, Priority, ShareType};

#[derive(Debug, Clone, PartialEq)]
pub struct PackageDetail {
    pub package: Package,
    pub line: PackageLine,
    pub programs: Part<ProgramLine>,
    pub content: Part<AssignmentLine>,
    pub advertisements: Part<DeploymentLine>,
    pub raw: Value,
    pub gaps: Vec<Gap>,
}

impl Detail for PackageDetail {
    const KIND: Kind = Kind::Packages;

    fn id(&self) -> String {
        self.line.id()
    }

    fn name(&self) -> &str {
        self.line.name()
    }

    fn summary(&self) -> Vec<Entry> {
        let package = &self.package;
        let mut entries = Entries::default();
        entries.say(
            "Package",
            format!("{} ({})", self.line.full_name, package.package_id),
        );
        entries.say("Type", self.line.lock().unwrap_or_default());
        entries.say("Maker", package.manufacturer.as_str());
        entries.say("Language", package.language.as_str());
        entries.say("About", package.description.as_str());
        if package.is_being_deleted() {
            entries.say("State", "being deleted");
        }
        entries.say("Files", self.files());
        entries.say("Points", self.line.content.in_words());
        if package.priority != Priority::Normal {
            entries.say("Priority", package.priority.to_string());
        }
        if package.share_type == ShareType::Specific {
            entries.say("Share", package.share_name.as_str());
        }
        entries.list("Settings", &package.pkg_flags.words());
        for token in &package.refresh_schedule {
            entries.say("Updated", token.to_string());
        }
        entries.say(
            "Owned by",
            package
                .source_site
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        );
        entries.0
    }

    fn raw(&self) -> &Value {
        &self.raw
    }

    fn gaps(&self) -> &[Gap] {
        &self.gaps
    }
}

impl PackageDetail {
    /// Where the files come from, and which version of them the site knows.
    fn files(&self) -> String {
        let package = &self.package;
        if !package.needs_distribution_points() {
            return "none: its programs run what devices already have".to_owned();
        }
        let mut words = package.pkg_source_path.clone();
        if words.is_empty() {
            words.say(package.pkg_source_flag);
        }
        if let Some(version) = package.source_version {
            words.say(format_args!(", version {version}"));
        }
        if let Some(size) = self.line.size {
            words.say(format_args!(", {}", size_in_words(size)));
        }
        if let Some(read) = self.line.updated {
            words.say(format_args!(
                ", read {}",
                read.digits.strftime("%Y-%m-%d %H:%M")
            ));
        }
        words
    }
}
