//! Rules against what is deployed already.

use super::{Case, Finding};
use crate::distribution::check::Remedy;
use crate::distribution::facts::{Advertised, Fact};
use crate::distribution::field::FieldId;
use crate::distribution::words::{devices, few};

/// Advertisements of the same program, where there can be any.
fn advertised<'a>(case: &Case<'a>) -> Option<&'a Vec<Advertised>> {
    match case
        .facts
        .advertised(&case.named_program()?, &case.target()?)
    {
        Fact::Known { value, .. } => Some(value),
        _ => None,
    }
}

pub(super) fn same_collection(case: &Case<'_>) -> Option<Finding> {
    let collection = &case.collection().one()?.collection_id;
    let same = advertised(case)?
        .iter()
        .find(|other| other.collection == *collection)?;
    Some(
        Finding::confirm(
            "ADV-W34",
            format!(
                "{} ({}) already deploys this program to this collection.",
                same.name, same.id
            ),
        )
        .because(format!("{}. Both apply.", same.words))
        .at(FieldId::CollectionUse)
        .fix(
            "Edit that one",
            Remedy::EditAdvertisement(same.id.to_string()),
        ),
    )
}

pub(super) fn shared_devices(case: &Case<'_>) -> Option<Finding> {
    let here = case.collection().one().map(|row| row.collection_id.clone());
    let others: Vec<&Advertised> = advertised(case)?
        .iter()
        .filter(|other| {
            Some(&other.collection) != here.as_ref() && other.shared.is_none_or(|shared| shared > 0)
        })
        .collect();
    let first = others.first()?;
    let names: Vec<String> = others
        .iter()
        .map(|other| format!("{} ({})", other.name, other.words))
        .collect();
    let what = match others.iter().map(|other| other.shared).sum::<Option<u64>>() {
        Some(shared) if others.len() == 1 => {
            format!("{} of these also get {}.", devices(shared), few(&names))
        }
        _ => format!("Some of these devices may also get {}.", few(&names)),
    };
    Some(
        Finding::note("ADV-W35", what)
            .because("Both apply: whichever comes due first runs, and a run counts for both.")
            .at(FieldId::CollectionUse)
            .fix(
                "Edit that one",
                Remedy::EditAdvertisement(first.id.to_string()),
            ),
    )
}
