//! From a draft and facts to a plan: names become ids, answers become properties, and nothing is left open.
//!
//! Whether it is wise is not asked here: that is the business of the rules in `check` and of the guard.

mod audience;
mod content;
mod offer;
mod place;
mod software;

use jiff::Zoned;

pub(super) use audience::{fingerprint, kinds};

use super::parts::{Form, OpNumber, PlanId, SiteName, Verb};
use super::relied::Relied;
use super::{LIFETIME, Line, Plan};
use crate::config::{Limits, Placement};
use crate::distribution::check::Finding;
use crate::distribution::draft::Draft;
use crate::distribution::facts::{Fact, Facts, SiteFact};
use crate::distribution::field::FieldId;
use crate::distribution::guard::Demand;
use crate::distribution::operation::Operation;
use crate::sms::nal::NalPath;

/// What a plan takes from its surroundings: who makes it, where and when. Given from outside, so that making is pure.
#[derive(Debug, Clone)]
pub struct Making {
    pub id: PlanId,
    /// As the machine or the site knows the person.
    pub author: String,
    /// The site's name in the settings.
    pub site: String,
    /// Now, on this machine's clock.
    pub now: Zoned,
}

/// The plan as far as it has come, and everything that stands in its way.
struct Builder<'a> {
    draft: &'a Draft,
    facts: &'a Facts,
    now: &'a Zoned,
    /// Whether the site takes arrays of schedule tokens; real sites are expected not to (wizard.md 1.4).
    takes_schedules: bool,
    /// Where what is made goes.
    placement: &'a Placement,
    /// Member counts at which other rules begin.
    thresholds: Vec<u64>,
    /// Points whose copies of the files the plan counts on.
    copies: Vec<NalPath>,
    lines: Vec<Line>,
    findings: Vec<Finding>,
}

/// Something is missing; what is in the findings.
struct Incomplete;

type Built<T> = Result<T, Incomplete>;

/// The plan of a draft with notes about it, or what is missing for one.
pub(super) fn build(
    draft: &Draft,
    facts: &Facts,
    limits: &Limits,
    making: &Making,
) -> Result<(Plan, Vec<Finding>), Vec<Finding>> {
    let site = match facts.site() {
        Fact::Known { value, .. } => value,
        unknown => {
            let reason = unknown.doubt().unwrap_or_default();
            let what = format!("The site could not be asked who it is: {reason}.");
            return Err(vec![Finding::stops("PLN-E01", what)]);
        }
    };
    let mut builder = Builder {
        draft,
        facts,
        now: &making.now,
        takes_schedules: takes_schedules(site, limits),
        placement: &limits.house.placement,
        thresholds: thresholds(draft, limits),
        copies: Vec::new(),
        lines: Vec::new(),
        findings: Vec::new(),
    };
    match builder.all() {
        Ok(relied) if !builder.is_stopped() => {
            let notes = std::mem::take(&mut builder.findings);
            Ok((finish(builder, making, site, relied), notes))
        }
        _ => Err(builder.findings),
    }
}

/// Whether the site takes arrays of schedule tokens: what somebody tried out counts; until then the embedded site does,
/// and a real one is expected not to (wizard.md 1.4).
fn takes_schedules(site: &SiteFact, limits: &Limits) -> bool {
    limits.takes_schedules.unwrap_or(site.embedded)
}

/// The counts at which the guard asks for something else.
fn thresholds(draft: &Draft, limits: &Limits) -> Vec<u64> {
    let mut counts = if draft.is_required() {
        vec![
            limits.warn_members,
            limits.confirm_members,
            limits.max_members,
        ]
    } else {
        vec![limits.confirm_members_available, limits.max_members]
    };
    counts.retain(|count| *count > 0);
    counts.sort_unstable();
    counts.dedup();
    counts
}

fn finish(builder: Builder<'_>, making: &Making, site: &SiteFact, relied: Relied) -> Plan {
    let made_at = making.now.timestamp();
    Plan {
        form: Form,
        id: making.id.clone(),
        author: making.author.clone(),
        site: SiteName {
            name: making.site.clone(),
            code: site.code.clone(),
            title: site.name.clone(),
            server: site.server.clone(),
        },
        verb: Verb::of(builder.draft.intent()),
        reason: builder.draft.text(FieldId::StartReason),
        made_at,
        expires_at: made_at.saturating_add(LIFETIME).unwrap_or(made_at),
        operations: builder.lines,
        relied,
        demand: Demand::default(),
    }
}

impl Builder<'_> {
    /// All parts in the order they are carried out. A part that is incomplete does not hide the findings of the next.
    fn all(&mut self) -> Built<Relied> {
        let software = self.software();
        let audience = self.audience();
        let software = software?;
        let content = self.content(&software);
        let audience = audience?;
        self.offer(&software, &audience, &content?);
        Ok(Relied {
            target: audience.target,
            package: software.version,
            program_flags: software.program_flags,
            program: software.existing_program,
            copies: std::mem::take(&mut self.copies),
            size: software.size,
            thresholds: self.thresholds.clone(),
        })
    }

    fn push(&mut self, operation: Operation, after: &[OpNumber]) -> OpNumber {
        let mut needs = operation.referred();
        needs.extend_from_slice(after);
        needs.sort_unstable();
        needs.dedup();
        self.lines.push(Line { operation, needs });
        OpNumber(self.lines.len())
    }

    fn stop<T>(&mut self, finding: Finding) -> Built<T> {
        self.findings.push(finding);
        Err(Incomplete)
    }

    fn is_stopped(&self) -> bool {
        use crate::distribution::check::Weight;
        self.findings
            .iter()
            .any(|finding| finding.weight == Weight::Stops)
    }

    /// The value of a fact, or a finding that says why there is none.
    fn known<'f, T>(&mut self, fact: Fact<&'f T>, field: FieldId, what: &str) -> Built<&'f T> {
        match fact {
            Fact::Known { value, .. } => Ok(value),
            unknown => {
                let reason = unknown.doubt().unwrap_or_default();
                let text = format!("{what} could not be read: {reason}.");
                self.stop(Finding::stops("PLN-E01", text).at(field))
            }
        }
    }

    /// A switch that counts: one that is not shown says nothing.
    fn is_on(&self, field: FieldId) -> bool {
        self.is_shown(field) && self.draft.is_on(field)
    }

    /// A text that counts.
    fn text(&self, field: FieldId) -> String {
        if self.is_shown(field) {
            self.draft.text(field)
        } else {
            String::new()
        }
    }

    fn is_shown(&self, field: FieldId) -> bool {
        (field.field().shown)(self.draft)
    }
}

#[cfg(test)]
mod tests;
