//! A collection: summary, rules in words, relations both ways, maintenance windows, advertisements.
//!
//! Its members are a window of their own: there may be a million.

use jiff::civil::DateTime;
use serde_json::Value;

use super::{Detail, Entries, Entry, Part};
use crate::client::answer::Gap;
use crate::client::listing::collection::members_in_words;
use crate::client::listing::{Clock, CollectionLine, DeploymentLine, Kind, Line, plural};
use crate::sms::collection::{Collection, Relationship};
use crate::sms::collection_rule::CollectionRule;
use crate::sms::ids::CollectionId;
use crate::sms::service_window::ServiceWindow;

/// Said in place of a figure nobody could read.
const UNREAD: &str = "could not be read";

#[derive(Debug, Clone, PartialEq)]
pub struct CollectionDetail {
    pub collection: Collection,
    pub line: CollectionLine,
    pub rules: Vec<RuleLine>,
    pub relations: Part<Relation>,
    pub windows: Part<MaintenanceLine>,
    pub advertisements: Part<DeploymentLine>,
    pub raw: Value,
    pub gaps: Vec<Gap>,
}

/// A rule in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleLine {
    /// `direct`, `query`, `include`, `exclude`.
    pub kind: String,
    pub name: String,
    pub words: String,
}

/// Another collection this one stands on, or which stands on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    pub how: Relationship,
    pub side: Side,
    pub id: CollectionId,
    pub name: String,
}

/// Which of two related collections this one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// This one uses the other.
    Uses,
    /// The other uses this one.
    UsedBy,
}

/// A maintenance window in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaintenanceLine {
    pub name: String,
    pub words: String,
    /// When it opens next, or opened if it is open now.
    pub next: Option<DateTime>,
    /// Whether it holds packages back: it is on, and for all deployments.
    pub counts: bool,
}

impl RuleLine {
    /// A rule, with the name of the collection it stands on.
    pub fn new(rule: &CollectionRule, name_of: impl Fn(&CollectionId) -> String) -> Self {
        let words = match rule {
            CollectionRule::Direct { name, resource, .. } => {
                format!("the device {name} ({resource})")
            }
            CollectionRule::Query { expression, .. } => expression.clone(),
            CollectionRule::Include { collection, .. } => {
                format!("the members of {} ({collection})", name_of(collection))
            }
            CollectionRule::Exclude { collection, .. } => {
                format!(
                    "without the members of {} ({collection})",
                    name_of(collection)
                )
            }
            CollectionRule::Other { class, .. } => format!("a rule of class {class}"),
        };
        Self {
            kind: rule.kind().to_owned(),
            name: rule.name().to_owned(),
            words,
        }
    }
}

impl Relation {
    /// `limited to All Systems`, `included by Everyone`.
    pub fn in_words(&self) -> String {
        let how = match (self.how, self.side) {
            (Relationship::Limiting, Side::Uses) => "limited to",
            (Relationship::Limiting, Side::UsedBy) => "limits",
            (Relationship::Include, Side::Uses) => "includes",
            (Relationship::Include, Side::UsedBy) => "included by",
            (Relationship::Exclude, Side::Uses) => "excludes",
            (Relationship::Exclude, Side::UsedBy) => "excluded by",
            (Relationship::Other(_), _) => "related to",
        };
        format!("{how} {} ({})", self.name, self.id)
    }
}

impl MaintenanceLine {
    pub fn new(window: &ServiceWindow, clock: &Clock) -> Self {
        let tokens = window.tokens();
        let words = match &tokens {
            Ok(tokens) => {
                let told: Vec<String> = tokens.iter().map(ToString::to_string).collect();
                told.join("; ")
            }
            Err(error) => format!("its schedule cannot be read: {error}"),
        };
        let opens = tokens.unwrap_or_default();
        let opens = opens
            .iter()
            .filter_map(|token| token.next_window(clock.now()));
        let state = match (window.is_enabled, window.counts_for_packages()) {
            (false, _) => " (switched off)",
            (true, false) => " (not for packages)",
            (true, true) => "",
        };
        Self {
            name: window.name.clone(),
            words: format!("{words}{state}"),
            next: opens
                .map(|(from, _)| from)
                .min()
                .filter(|_| window.is_enabled),
            counts: window.counts_for_packages(),
        }
    }
}

impl Detail for CollectionDetail {
    const KIND: Kind = Kind::Collections;

    fn id(&self) -> String {
        self.line.id()
    }

    fn name(&self) -> &str {
        self.line.name()
    }

    fn summary(&self) -> Vec<Entry> {
        let collection = &self.collection;
        let mut entries = Entries::default();
        entries.say(
            "Collection",
            format!("{} ({})", collection.name, collection.collection_id),
        );
        entries.say(
            "Holds",
            members_in_words(self.line.members(), collection.collection_type),
        );
        entries.say("Limited to", limit_in_words(collection));
        entries.say("Rules", self.rules_counted());
        entries.say("Worked out", self.worked_out());
        entries.say("Evaluated", self.evaluated());
        entries.say("Windows", self.windows_counted());
        let advertised = self.advertisements.as_ref().map_or(UNREAD.into(), |lines| {
            plural(
                u32::try_from(lines.len()).unwrap_or(u32::MAX),
                "advertisement",
            )
        });
        entries.say("Advertised", advertised);
        entries.say("Comment", collection.comment.as_str());
        if collection.is_built_in {
            entries.say("Built in", "it cannot be changed or deleted");
        }
        entries.0
    }

    fn raw(&self) -> &Value {
        &self.raw
    }

    fn gaps(&self) -> &[Gap] {
        &self.gaps
    }
}

fn limit_in_words(collection: &Collection) -> String {
    match collection.limit_to_collection_id.as_str() {
        "" => "nothing".to_owned(),
        id if collection.limit_to_collection_name.is_empty() => id.to_owned(),
        id => format!("{} ({id})", collection.limit_to_collection_name),
    }
}

impl CollectionDetail {
    /// `3 direct, 1 query`.
    fn rules_counted(&self) -> String {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for rule in &self.rules {
            match counts.iter_mut().find(|(kind, _)| *kind == rule.kind) {
                Some((_, count)) => *count += 1,
                None => counts.push((&rule.kind, 1)),
            }
        }
        if counts.is_empty() {
            return "none: it stays empty".to_owned();
        }
        let said: Vec<String> = counts
            .iter()
            .map(|(kind, count)| format!("{count} {kind}"))
            .collect();
        said.join(", ")
    }

    fn worked_out(&self) -> String {
        let schedule = self
            .collection
            .refresh_schedule
            .iter()
            .map(ToString::to_string);
        let schedule: Vec<String> = schedule.collect();
        match (
            self.collection.refresh_type.is_periodic(),
            schedule.is_empty(),
        ) {
            (true, false) => format!("{}: {}", self.collection.refresh_type, schedule.join("; ")),
            _ => self.collection.refresh_type.to_string(),
        }
    }

    fn evaluated(&self) -> String {
        if self.collection.is_busy() {
            return format!("{} now", self.collection.current_status);
        }
        let at = self.line.evaluated;
        at.map_or_else(
            || "never".to_owned(),
            |at| at.digits.strftime("%Y-%m-%d %H:%M").to_string(),
        )
    }

    fn windows_counted(&self) -> String {
        let Ok(windows) = &self.windows else {
            return UNREAD.to_owned();
        };
        let counting = windows.iter().filter(|window| window.counts).count();
        match (windows.len(), counting) {
            (0, _) => "none".to_owned(),
            (all, counting) if all == counting => all.to_string(),
            (all, counting) => format!("{all}, {counting} of them hold packages back"),
        }
    }
}
