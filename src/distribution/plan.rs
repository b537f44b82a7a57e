//! A plan: everything a run will do to a site, in order, with nothing left to decide.
//!
//! It is made from a draft and facts ([`Plan::make`]), shown on the review page, kept as JSON, approved by somebody
//! else if need be, and carried out by `distribution::run`, which takes an accepted plan and nothing less. It names the
//! facts it relies on, so that a site that moved in the meantime is noticed ([`Plan::drift`]).

mod accept;
mod build;
mod drift;
mod parts;
mod relied;
mod sentence;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use accept::Accepted;
pub use build::Making;
pub use drift::count_drift;
pub use parts::{Form, OpNumber, PlanId, Ref, SiteName, Stamp, Verb};
pub use relied::{Counted, Impact, Program, Relied, Target, Version};
pub(in crate::distribution) use sentence::moment;

use crate::config::Limits;
use crate::distribution::check::Finding;
use crate::distribution::draft::Draft;
use crate::distribution::facts::Facts;
use crate::distribution::guard::{self, Demand};
use crate::distribution::operation::Operation;

/// How long a plan may wait to be carried out.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// An ordered list of operations and everything that was known and said when it was made.
///
/// As JSON it is stable: what this version writes, later versions read. Unknown members are refused, because a plan
/// that is read in part must not be carried out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Version of this form.
    #[serde(rename = "consign_plan")]
    pub form: Form,
    pub id: PlanId,
    pub author: String,
    pub site: SiteName,
    /// What it is for; it gives the sentence its verb.
    pub verb: Verb,
    /// Ticket or reason; empty when none was given.
    pub reason: String,
    pub made_at: Timestamp,
    pub expires_at: Timestamp,
    pub operations: Vec<Line>,
    /// What the operations were decided upon.
    pub relied: Relied,
    /// What must be said to it before it is carried out, and what should be known.
    pub demand: Demand,
}

/// One operation and what it waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    pub operation: Operation,
    /// Operations that must be behind it first, lowest first.
    pub needs: Vec<OpNumber>,
}

impl Plan {
    /// The plan of a draft, or everything that stands against it.
    ///
    /// What does not stop it is in the plan: to be acknowledged before it is carried out, or to be known.
    pub fn make(
        draft: &Draft,
        facts: &Facts,
        limits: &Limits,
        making: &Making,
    ) -> Result<Self, Vec<Finding>> {
        let demand = guard::demands(draft, facts, limits, &making.now);
        let built = build::build(draft, facts, limits, making);
        match built {
            Ok((mut plan, notes)) if !demand.is_hopeless() => {
                plan.demand = demand;
                plan.demand.notes.extend(notes);
                Ok(plan)
            }
            Ok(_) => Err(against(demand, Vec::new())),
            Err(missing) => Err(against(demand, missing)),
        }
    }

    /// Every operation with its number, in order.
    pub fn numbered(&self) -> impl Iterator<Item = (OpNumber, &Operation)> {
        self.operations
            .iter()
            .enumerate()
            .map(|(index, line)| (OpNumber(index + 1), &line.operation))
    }

    /// The same, apart from the plan: a run changes its record while it goes through them.
    pub(crate) fn to_carry_out(&self) -> Vec<(OpNumber, Operation)> {
        let numbered = self.numbered();
        numbered
            .map(|(number, operation)| (number, operation.clone()))
            .collect()
    }

    /// The operation of a number.
    pub fn operation(&self, number: OpNumber) -> Option<&Operation> {
        self.line(number).map(|line| &line.operation)
    }

    /// The line of a number.
    pub fn line(&self, number: OpNumber) -> Option<&Line> {
        self.operations.get(number.0.checked_sub(1)?)
    }

    /// Whether it has waited too long: the site may be another one by now.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }

    /// What it will do, in one sentence (wizard.md 10.1).
    pub fn sentence(&self) -> String {
        sentence::of(self)
    }

    /// A plan as it stands in a file.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// A plan from a file, if it holds together.
    pub fn from_json(text: &str) -> Result<Self, NotAPlan> {
        let plan: Self = serde_json::from_str(text)?;
        plan.check_order()?;
        Ok(plan)
    }

    /// Every operation refers to earlier ones only, and the advertisement is last.
    fn check_order(&self) -> Result<(), NotAPlan> {
        for (number, operation) in self.numbered() {
            let needs = self
                .line(number)
                .map(|line| line.needs.as_slice())
                .unwrap_or_default();
            let referred = operation.referred();
            if let Some(needed) = needs
                .iter()
                .chain(&referred)
                .find(|needed| **needed >= number || needed.0 == 0)
            {
                return Err(NotAPlan::Order {
                    number,
                    needed: *needed,
                });
            }
            let is_advertisement = matches!(operation, Operation::Advertisement(_));
            if is_advertisement && number.0 != self.operations.len() {
                return Err(NotAPlan::AdvertisementNotLast(number));
            }
        }
        Ok(())
    }
}

/// Everything that stands against a draft, what stops it first. What is missing is said once: the rules of the wizard
/// say it better than the building of a plan can.
fn against(demand: Demand, missing: Vec<Finding>) -> Vec<Finding> {
    let mut all = demand.stops;
    all.extend(demand.refused);
    let is_said = |finding: &Finding| all.iter().any(|other| other.field == finding.field);
    let unsaid: Vec<Finding> = missing
        .into_iter()
        .filter(|finding| !is_said(finding))
        .collect();
    all.extend(unsaid);
    all.extend(demand.confirm);
    all.extend(demand.notes);
    all
}

/// A text that is no plan.
#[derive(Debug, thiserror::Error)]
pub enum NotAPlan {
    #[error("this is not a plan: {0}")]
    Json(#[from] serde_json::Error),
    #[error(
        "this is not a plan: operation {number} needs operation {needed}, which does not come before it"
    )]
    Order { number: OpNumber, needed: OpNumber },
    #[error("this is not a plan: operation {0} advertises, and is not the last")]
    AdvertisementNotLast(OpNumber),
}

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
