//! Rules of a query.

use super::limit;
use crate::distribution::check::{Case, Finding};
use crate::distribution::facts::{Fact, QueryFact};
use crate::distribution::field::FieldId;
use crate::distribution::words::number;

fn query_fact<'a>(case: &Case<'a>) -> Option<&'a QueryFact> {
    let wql = case.text(FieldId::CollectionQuery);
    if !case.is_new_collection() || wql.is_empty() {
        return None;
    }
    match case
        .facts
        .query(&wql, &case.text(FieldId::CollectionLimitTo))
    {
        Fact::Known { value, .. } => Some(value),
        _ => None,
    }
}

pub(in super::super) fn query_invalid(case: &Case<'_>) -> Option<Finding> {
    let fact = query_fact(case)?;
    (!fact.is_valid).then(|| {
        let what = match fact.message.trim_end_matches('.') {
            "" => "The site does not take this query.".into(),
            message => format!("The site does not take this query: {message}."),
        };
        Finding::stops("COL-E21", what)
            .because("An invalid query adds nobody.")
            .at(FieldId::CollectionQuery)
    })
}

pub(in super::super) fn query_of_no_resource(case: &Case<'_>) -> Option<Finding> {
    let wql = case.text(FieldId::CollectionQuery).to_lowercase();
    if !case.is_new_collection() || wql.is_empty() {
        return None;
    }
    let mut words = wql
        .split_whitespace()
        .skip_while(|word| *word != "from")
        .skip(1);
    let class = words.next().unwrap_or_default();
    (!class.starts_with("sms_r_")).then(|| {
        Finding::stops(
            "COL-E22",
            "The query must be about a resource class, such as SMS_R_System, after FROM.",
        )
        .because("A query over anything else is taken and finds nobody.")
        .at(FieldId::CollectionQuery)
    })
}

pub(in super::super) fn query_finds_nobody(case: &Case<'_>) -> Option<Finding> {
    let count = query_fact(case)?.preview.value()?.count;
    (count == 0).then(|| {
        Finding::note("COL-W23", "The query finds nobody at the moment.")
            .at(FieldId::CollectionQuery)
    })
}

pub(in super::super) fn query_finds_everybody(case: &Case<'_>) -> Option<Finding> {
    let found = query_fact(case)?.preview.value()?.count;
    let limit = u64::try_from(limit(case)?.member_count).ok()?;
    (found > 0 && found.saturating_mul(5) > limit.saturating_mul(4)).then(|| {
        Finding::note("COL-W24", "This matches almost everyone.")
            .because(format!(
                "{} of the {} in the limiting collection.",
                number(found),
                number(limit)
            ))
            .at(FieldId::CollectionQuery)
    })
}
