//! The safety rules of a site (wizard.md 13): what must be confirmed and how, and what is never offered.
//!
//! The vendor's own verification covers task sequences only; here the idea holds for every required advertisement.
//! The guard speaks where the rules of [`check`](super::check) stay silent: what nobody could count is not harmless.
//! What it refuses, it refuses whoever asks, and says who can.

use std::collections::BTreeSet;

use jiff::Zoned;
use serde::{Deserialize, Serialize};

use crate::config::{Access, Limits, Rule as Policy};

use super::check::{Case, Finding, Weight, check};
use super::draft::Draft;
use super::facts::{CollectionFact, Facts};

mod house;
mod rules;

/// Everything found about a draft, the guard's findings with the others; what stops comes first.
pub fn findings(draft: &Draft, facts: &Facts, limits: &Limits, now: &Zoned) -> Vec<Finding> {
    let mut all = check(draft, facts, now);
    let case = Case::new(draft, facts, now);
    all.extend(rules::judge(&case, limits));
    all.extend(house::judge(&case, &limits.house));
    all.sort_by_key(|finding| finding.weight);
    all
}

/// What stands between a draft and its run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// Must be put right.
    pub stops: Vec<Finding>,
    /// Not offered under these limits, whatever is answered.
    pub refused: Vec<Finding>,
    /// Must be acknowledged one by one.
    pub confirm: Vec<Finding>,
    /// The collection's name, which must be typed.
    pub typed_name: Option<String>,
    /// Worth knowing; nothing to do about it.
    pub notes: Vec<Finding>,
}

/// What a person said to a demand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// Keys of the findings that were ticked ([`Finding::key`]).
    pub ticked: BTreeSet<String>,
    /// The collection's name as it was typed.
    pub typed_name: Option<String>,
}

/// What a draft demands before it may run.
pub fn demands(draft: &Draft, facts: &Facts, limits: &Limits, now: &Zoned) -> Demand {
    let case = Case::new(draft, facts, now);
    let mut demand = Demand::default();
    for finding in findings(draft, facts, limits, now) {
        match finding.weight {
            Weight::Stops if rules::is_refusal(&finding) => demand.refused.push(finding),
            Weight::Stops => demand.stops.push(finding),
            Weight::Confirm => demand.confirm.push(finding),
            Weight::Note => demand.notes.push(finding),
        }
    }
    demand.typed_name = rules::wants_name(&case, limits).then(|| rules::collection_name(&case));
    demand
}

impl Demand {
    /// What is still wanted after that was said; `None` when nothing is.
    pub fn after(&self, acceptance: &Acceptance) -> Option<Self> {
        let mut left = self.clone();
        left.confirm
            .retain(|finding| !acceptance.ticked.contains(&finding.key()));
        let typed = acceptance.typed_name.as_deref().map(str::trim);
        left.typed_name = left.typed_name.filter(|name| typed != Some(name.trim()));
        (!left.is_met()).then_some(left)
    }

    /// Nothing is wanted.
    pub fn is_met(&self) -> bool {
        self.stops.is_empty()
            && self.refused.is_empty()
            && self.confirm.is_empty()
            && self.typed_name.is_none()
    }

    /// Nothing anybody could say would do.
    pub fn is_hopeless(&self) -> bool {
        !self.stops.is_empty() || !self.refused.is_empty()
    }
}

impl Acceptance {
    /// Ticks every finding that asks for it. Never types a name: that a person does.
    pub fn ticking_all(demand: &Demand) -> Self {
        let ticked = demand.confirm.iter().map(Finding::key).collect();
        Self {
            ticked,
            typed_name: None,
        }
    }
}

/// Whether a picker hides this collection until somebody asks for the large and built-in ones.
pub fn is_hidden_from_pickers(collection: &CollectionFact, limits: &Limits) -> bool {
    let large =
        u64::try_from(collection.member_count).is_ok_and(|members| members >= limits.warn_members);
    large || rules::is_built_in(collection)
}

/// Whether the limits offer this at all: no site where the guard would refuse it asks for it.
pub fn offers_override_of_windows(limits: &Limits) -> bool {
    limits.override_mw != Policy::Block
}

/// What holds for whoever changes a site from here: its limits, and whether it may be changed at all.
#[derive(Debug, Clone, Default)]
pub struct Bounds {
    pub limits: Limits,
    pub access: Access,
}

/// What forbids `applier` to carry out a plan of `author`, whatever is acknowledged.
pub fn forbids(bounds: &Bounds, author: &str, applier: &str) -> Vec<Finding> {
    let readonly = refuses_changes(bounds.access);
    let another = wants_another_person(&bounds.limits, author, applier);
    readonly.into_iter().chain(another).collect()
}

/// Says who can lift a limit.
pub(in crate::distribution) fn who_can(setting: &str) -> String {
    rules::who_can(setting)
}

/// Refuses the one who made a plan where two are wanted.
pub fn wants_another_person(limits: &Limits, author: &str, applier: &str) -> Option<Finding> {
    (limits.two_person && author == applier).then(|| {
        Finding::stops(
            "SAF-E09",
            "On this site one person plans and another applies.",
        )
        .because(format!(
            "{author} made this plan: save it, and let somebody else apply it."
        ))
    })
}

/// Refuses every change of a site that is only read.
pub fn refuses_changes(access: Access) -> Option<Finding> {
    let reason = access.refusal()?;
    Some(Finding::stops("SAF-E10", "This site is only read from here.").because(reason))
}

#[cfg(test)]
mod tests;
