//! The course of a draft through the steps: which are needed, how each stands, and what is asked next. Pure.
//!
//! The full-screen wizard and the plain questions and answers walk the same course.

use super::check::{Finding, Weight};
use super::draft::{CollectionOrigin, Draft, Origin};
use super::facts::{Fact, Facts};
use super::field::{Field, FieldId, Latitude, Level, Step};

/// The steps in their order, without the review.
pub const STEPS: [Step; 6] = [
    Step::Start,
    Step::Package,
    Step::Program,
    Step::Collection,
    Step::DistributionPoints,
    Step::Advertisement,
];

/// The question over the fields of a step.
pub fn question(step: Step) -> &'static str {
    match step {
        Step::Start => "What should go out?",
        Step::Package => "What is the software, and where are its files?",
        Step::Program => "Which command, and how does it run?",
        Step::Collection => "Who should get it?",
        Step::DistributionPoints => "Where do devices fetch the files?",
        Step::Advertisement => "When, and how?",
        Step::Review => "What will happen",
    }
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was said of it yet.
    Open,
    Fine,
    /// So many things to confirm or to know.
    Warned(usize),
    /// So many things must be put right.
    Wrong(usize),
    /// It has no part in this distribution, and why.
    NotNeeded(&'static str),
}

/// Whether a step has a part in this distribution; `Err` says why not.
pub fn is_needed(step: Step, draft: &Draft, facts: &Facts) -> Result<(), &'static str> {
    if step != Step::DistributionPoints {
        return Ok(());
    }
    match has_files(draft, facts) {
        Some(false) => Err("no files to distribute"),
        Some(true) | None => Ok(()),
    }
}

/// Whether there are files to distribute; `None` while the site has not said.
pub fn has_files(draft: &Draft, facts: &Facts) -> Option<bool> {
    match draft.package_origin() {
        Origin::New => Some(draft.has_source()),
        Origin::Existing => {
            let Fact::Known { value, .. } = facts.packages(&draft.text(FieldId::PackageUse)) else {
                return None;
            };
            match value.as_slice() {
                [package] => Some(package.row.needs_distribution_points()),
                _ => None,
            }
        }
    }
}

/// How a step stands, with what was found about the whole draft.
pub fn standing(step: Step, draft: &Draft, facts: &Facts, findings: &[Finding]) -> Standing {
    if let Err(why) = is_needed(step, draft, facts) {
        return Standing::NotNeeded(why);
    }
    if !is_begun(step, draft) {
        return Standing::Open;
    }
    let count = |weights: &[Weight]| {
        of_step(step, findings)
            .filter(|finding| weights.contains(&finding.weight))
            .count()
    };
    match (count(&[Weight::Stops]), count(&[Weight::Confirm])) {
        (0, 0) => Standing::Fine,
        (0, warned) => Standing::Warned(warned),
        (wrong, _) => Standing::Wrong(wrong),
    }
}

/// Findings about a field of this step.
pub fn of_step(step: Step, findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings
        .iter()
        .filter(move |finding| finding.field.is_some_and(|field| field.step() == step))
}

/// Whether anything was said of a step.
pub fn is_begun(step: Step, draft: &Draft) -> bool {
    let said = |field: &Field| {
        // A new draft says yes to files before anybody is asked.
        let is_preset = field.id == FieldId::PackageHasSource;
        let answer = draft.get(field.id);
        field.id.is_stored() && !is_preset && answer.is_some_and(|answer| !answer.is_blank())
    };
    let opened = match step {
        Step::Package => draft.package.existing.is_some(),
        Step::Program => draft.program.existing.is_some(),
        Step::Collection => draft.collection_origin() != CollectionOrigin::Existing,
        _ => false,
    };
    opened || step.fields().any(said)
}

/// Whether a step still needs an answer before the review makes sense.
pub fn is_open(step: Step, draft: &Draft, facts: &Facts, findings: &[Finding]) -> bool {
    if is_needed(step, draft, facts).is_err() {
        return false;
    }
    let stops = || of_step(step, findings).any(|finding| finding.weight == Weight::Stops);
    match step {
        Step::Start | Step::Review => false,
        // Every field has a default, and nobody is sent an advertisement by default.
        Step::Advertisement => draft.advertisement.purpose.is_none() || stops(),
        _ => stops(),
    }
}

/// The next step that needs an answer: after this one, else before it, else the review.
pub fn next_open(after: Step, draft: &Draft, facts: &Facts, findings: &[Finding]) -> Step {
    let open = |step: &Step| is_open(*step, draft, facts, findings);
    let behind = STEPS.into_iter().filter(|step| *step > after).find(open);
    behind
        .or_else(|| STEPS.into_iter().filter(|step| *step < after).find(open))
        .unwrap_or(Step::Review)
}

/// The step behind this one that has a part in this distribution.
pub fn following(step: Step, draft: &Draft, facts: &Facts) -> Step {
    STEPS
        .into_iter()
        .find(|next| *next > step && is_needed(*next, draft, facts).is_ok())
        .unwrap_or(Step::Review)
}

/// The step before this one that has a part in this distribution.
pub fn preceding(step: Step, draft: &Draft, facts: &Facts) -> Step {
    STEPS
        .into_iter()
        .rev()
        .find(|before| *before < step && is_needed(*before, draft, facts).is_ok())
        .unwrap_or(Step::Start)
}

/// Fields of a step and a level that somebody is asked for with this draft, in their order.
pub fn asked(
    step: Step,
    level: Level,
    draft: &Draft,
    latitude: Latitude,
) -> impl Iterator<Item = &'static Field> {
    step.fields()
        .filter(move |field| field.level == level && field.is_asked(draft, latitude))
}

/// Settings under *More settings* that differ from what they would be if nobody had said anything.
pub fn changed(step: Step, draft: &Draft, latitude: Latitude) -> Vec<&'static Field> {
    asked(step, Level::More, draft, latitude)
        .filter(|field| {
            let said = draft.get(field.id);
            said.as_ref().is_some_and(|said| !said.is_blank()) && said != (field.default)(draft)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::draft::Value;

    fn stop(field: FieldId) -> Finding {
        Finding::stops("TST-E01", "Something is wrong.").at(field)
    }

    fn draft(change: impl FnOnce(&mut Draft)) -> Draft {
        let mut draft = Draft::begin("lab");
        change(&mut draft);
        draft
    }

    #[test]
    fn a_package_without_files_needs_no_points() {
        let draft = draft(|draft| draft.package.has_source = Some(false));
        let facts = Facts::default();
        assert_eq!(
            standing(Step::DistributionPoints, &draft, &facts, &[]),
            Standing::NotNeeded("no files to distribute")
        );
        assert_eq!(
            following(Step::Collection, &draft, &facts),
            Step::Advertisement
        );
        assert_eq!(
            preceding(Step::Advertisement, &draft, &facts),
            Step::Collection
        );
    }

    #[test]
    fn what_the_site_has_not_said_is_asked() {
        let draft = draft(|draft| draft.package.existing = Some("LAB00012".into()));
        assert_eq!(has_files(&draft, &Facts::default()), None);
        assert!(is_needed(Step::DistributionPoints, &draft, &Facts::default()).is_ok());
    }

    #[test]
    fn a_step_stands_as_its_worst_finding() {
        let draft = draft(|draft| draft.package.name = Some("7-Zip".into()));
        let facts = Facts::default();
        let standing = |findings: &[Finding]| standing(Step::Package, &draft, &facts, findings);
        assert_eq!(standing(&[]), Standing::Fine);
        let confirm = Finding::confirm("TST-W01", "Look.").at(FieldId::PackageName);
        assert_eq!(
            standing(std::slice::from_ref(&confirm)),
            Standing::Warned(1)
        );
        assert_eq!(
            standing(&[stop(FieldId::PackageVersion), confirm]),
            Standing::Wrong(1)
        );
        assert_eq!(standing(&[stop(FieldId::ProgramName)]), Standing::Fine);
    }

    #[test]
    fn nothing_said_is_open_even_where_something_is_missing() {
        let findings = [stop(FieldId::CollectionUse)];
        assert_eq!(
            standing(
                Step::Collection,
                &Draft::begin("lab"),
                &Facts::default(),
                &findings
            ),
            Standing::Open
        );
    }

    #[test]
    fn the_next_question_is_behind_this_step_then_before_it_then_the_review() {
        let facts = Facts::default();
        let mut draft = draft(|draft| draft.advertisement.purpose = None);
        let findings = [stop(FieldId::PackageName), stop(FieldId::CollectionUse)];
        assert_eq!(
            next_open(Step::Start, &draft, &facts, &findings),
            Step::Package
        );
        assert_eq!(
            next_open(Step::Package, &draft, &facts, &findings),
            Step::Collection
        );
        assert_eq!(
            next_open(Step::Collection, &draft, &facts, &findings),
            Step::Advertisement
        );
        draft
            .put(
                FieldId::AdvertisementPurpose,
                Some(&Value::from("required")),
            )
            .unwrap();
        assert_eq!(
            next_open(Step::Collection, &draft, &facts, &findings),
            Step::Package
        );
        assert_eq!(
            next_open(Step::Collection, &draft, &facts, &[]),
            Step::Review
        );
    }

    #[test]
    fn the_fold_names_what_was_changed_and_nothing_else() {
        let mut draft = draft(|_| {});
        assert!(changed(Step::Program, &draft, Latitude::default()).is_empty());
        draft
            .put(FieldId::ProgramAfter, Some(&Value::from("restart")))
            .unwrap();
        draft
            .put(FieldId::ProgramRunWhen, Some(&Value::from("any")))
            .unwrap();
        let labels: Vec<_> = changed(Step::Program, &draft, Latitude::default())
            .iter()
            .map(|field| field.label)
            .collect();
        assert_eq!(labels, ["After running"]);
    }
}
