//! Rules that belong to no field of their own: answers that have no effect where they stand, and clocks that differ.

use jiff::SignedDuration;

use super::{Case, Finding, Rule, Weight};
use crate::distribution::draft::Value;
use crate::distribution::field::{Field, FieldId, fields};
use crate::distribution::words::{few, number};

pub(super) const RULES: &[Rule] = &[answers_without_effect, answers_overruled, clocks_differ];

/// Clocks may be this far apart without a word.
const TOLERATED: SignedDuration = SignedDuration::from_mins(5);

/// Said, but hidden by another answer: a name of a new package beside `use`, a deadline of an offer.
fn answers_without_effect(case: &Case<'_>) -> Option<Finding> {
    let idle: Vec<&Field> = fields()
        .filter(|field| is_said(case, field.id) && !(field.shown)(case.draft))
        .collect();
    let first = idle.first()?;
    let paths: Vec<&str> = idle.iter().map(|field| field.id.path()).collect();
    Some(
        Finding::note(
            "DFT-I01",
            format!("Said, but without effect here: {}.", few(&paths)),
        )
        .because("Another answer leaves no use for it.")
        .at(first.id),
    )
}

/// Said, but fixed to something else by another answer.
fn answers_overruled(case: &Case<'_>) -> Option<Finding> {
    fields()
        .filter(|field| is_said(case, field.id) && (field.shown)(case.draft))
        .find_map(|field| {
            let fixed = (field.fixed)(case.draft)?;
            let said = case.draft.get(field.id)?;
            (said != fixed.value).then(|| {
                let words = field.words(&fixed.value);
                Finding::note(
                    "DFT-I02",
                    format!("{}: {words}, whatever was said.", field.label),
                )
                .because(fixed.reason)
                .at(field.id)
            })
        })
}

/// What is now here is past or future there; it must be known before a time is given.
fn clocks_differ(case: &Case<'_>) -> Option<Finding> {
    let ahead = SignedDuration::from_secs(case.facts.site().value()?.clock_ahead?);
    if ahead.abs() <= TOLERATED {
        return None;
    }
    let advertisement = &case.draft.advertisement;
    let is_timed = advertisement.available.is_some()
        || advertisement.expires.is_some()
        || case.draft.deadline().is_some();
    let weight = if is_timed {
        Weight::Confirm
    } else {
        Weight::Note
    };
    let way = if ahead.is_negative() {
        "behind"
    } else {
        "ahead of"
    };
    let minutes = number(ahead.abs().as_mins().unsigned_abs());
    let what = format!("The site's clock is {minutes} minutes {way} this machine's.");
    Some(
        Finding::new("CLK-W02", weight, what)
            .because("What is now here is not now there: check both clocks before giving a time.")
            .at(FieldId::AdvertisementDeadline),
    )
}

fn is_said(case: &Case<'_>, id: FieldId) -> bool {
    id.is_stored()
        && case
            .draft
            .get(id)
            .is_some_and(|value| !value.is_blank() && value != Value::Flag(false))
}

#[cfg(test)]
mod tests {
    use crate::distribution::check::Weight;
    use crate::distribution::check::trial::{Known, MAKING, USING, by_draft, by_facts, found};

    #[test]
    fn answers_that_change_nothing_are_told() {
        let using = "package.use = \"LAB00012\"";
        let user = "program.rights = \"user\"";
        by_draft(
            MAKING,
            &[
                ("DFT-I01", using, ""),
                (
                    "DFT-I02",
                    user,
                    &format!("{user}\nprogram.run_when = \"user\""),
                ),
            ],
        );
    }

    #[test]
    fn clocks_more_than_five_minutes_apart_are_told() {
        by_facts(
            USING,
            &[
                ("CLK-W02", "", Known::ahead(301), Known::ahead(300)),
                ("CLK-W02", "", Known::ahead(-420), Known::usual()),
            ],
        );
        let behind = found(USING, "", &Known::ahead(-420));
        let told = behind.iter().find(|finding| finding.code == "CLK-W02");
        let words = "The site's clock is 7 minutes behind this machine's.";
        assert_eq!(
            told.map(|finding| (finding.weight, finding.what.as_str())),
            Some((Weight::Confirm, words))
        );
    }

    #[test]
    fn a_fixed_value_says_why() {
        let findings = found(MAKING, "program.rights = \"user\"", &Known::usual());
        let overruled = findings
            .iter()
            .find(|finding| finding.code == "DFT-I02")
            .map(crate::distribution::Finding::text);
        let text = "Rights: Administrative rights, whatever was said. Without a user there is nobody else's rights to use.";
        assert_eq!(overruled.as_deref(), Some(text));
    }
}
