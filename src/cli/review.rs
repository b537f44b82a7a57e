//! A plan in words, and what is said about it: what `consign plan` prints and `consign apply` shows before it asks.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::exit::Exit;
use super::failure::Failure;
use super::out::{self, plain};
use crate::distribution::guard::Demand;
use crate::distribution::plan::Plan;
use crate::distribution::{Finding, Weight};

/// The plan as a person reviews it.
pub fn plan(plan: &Plan) -> String {
    let mut words = plain(&plan.sentence());
    words.push('\n');
    for (number, operation) in plan.numbered() {
        let mark = operation.mark().symbol();
        let (title, subject) = (operation.title(), plain(&operation.subject()));
        let detail = plain(&operation.detail());
        // Writing to a text cannot fail.
        let _ = writeln!(words, " {mark} {number:>2} {title:<12} {subject}  {detail}");
    }
    words
}

/// Where a plan comes from, and for how long it holds.
pub fn origin(plan: &Plan) -> String {
    let site = &plan.site;
    format!(
        "made by {} on {} for {}, site {}; to be applied before {}",
        plain(&plan.author),
        time(plan.made_at),
        plain(&site.name),
        plain(&site.told()),
        time(plan.expires_at)
    )
}

fn time(at: Timestamp) -> String {
    let here = at.to_zoned(TimeZone::system());
    here.strftime("%Y-%m-%d %H:%M").to_string()
}

/// Everything that is demanded of whoever accepts the plan, and what should be known.
pub fn demand(demand: &Demand) -> String {
    let all = demand
        .stops
        .iter()
        .chain(&demand.refused)
        .chain(&demand.confirm)
        .chain(&demand.notes);
    let mut words = findings(all);
    if let Some(name) = &demand.typed_name {
        let _ = writeln!(
            words,
            "  confirm  the name of the collection must be typed: {name}"
        );
    }
    words
}

/// Says what forbids something, where anything does, and fails.
pub fn forbid(against: &[Finding], what: &str) -> Result<(), Failure> {
    if against.is_empty() {
        return Ok(());
    }
    out::say(findings(against).trim_end());
    Err(Failure::new(Exit::Findings, what))
}

/// Findings, one a line: how they weigh, their code, what and why, and the field they are about.
pub fn findings<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> String {
    let mut words = String::new();
    for finding in findings {
        let weight = weight(finding);
        let (code, text) = (&finding.code, plain(&finding.text()));
        let _ = write!(words, "  {weight:<7}  {code}  {text}");
        if let Some(field) = finding.field {
            let _ = write!(words, " [{field}]");
        }
        words.push('\n');
    }
    words
}

/// A finding as a sentence that can be read aloud.
pub fn in_words(finding: &Finding) -> String {
    let about = match finding.field {
        Some(field) => format!("About {}: ", field.field().label),
        None => String::new(),
    };
    let text = plain(&finding.text());
    format!("{} {}. {about}{text}", weight(finding), finding.code)
}

fn weight(finding: &Finding) -> &'static str {
    match finding.weight {
        Weight::Stops => "stops",
        Weight::Confirm => "confirm",
        Weight::Note => "note",
    }
}
