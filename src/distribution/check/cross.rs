//! Rules that belong to no field of their own: answers that have no effect where they stand.

use super::{Case, Finding, Rule};
use crate::distribution::draft::Value;
use crate::distribution::field::{Field, FieldId, fields};
use crate::distribution::words::few;

pub(super) const RULES: &[Rule] = &[answers_without_effect, answers_overruled];

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

fn is_said(case: &Case<'_>, id: FieldId) -> bool {
    id.is_stored()
        && case
            .draft
            .get(id)
            .is_some_and(|value| !value.is_blank() && value != Value::Flag(false))
}

#[cfg(test)]
mod tests {
    use crate::distribution::check::trial::{Known, MAKING, by_draft, found};

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
