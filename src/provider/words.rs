//! Classes in the words of the trade, for what an error says was tried.

use crate::sms::{Key, KeyPart};

/// A class as a person names one of it and many.
fn noun(class: &str) -> Option<(&'static str, &'static str)> {
    Some(match class {
        "SMS_Package" => ("package", "packages"),
        "SMS_Program" => ("program", "programs"),
        "SMS_Collection" => ("collection", "collections"),
        "SMS_CollectionSettings" => ("settings of collection", "collection settings"),
        "SMS_FullCollectionMembership" => ("member", "members"),
        "SMS_DistributionPoint" => ("assignment", "content assignments"),
        "SMS_DistributionPointInfo" => ("distribution point", "distribution points"),
        "SMS_DistributionPointGroup" => ("point group", "distribution point groups"),
        "SMS_Advertisement" => ("advertisement", "advertisements"),
        "SMS_R_System" => ("device", "devices"),
        "SMS_Site" => ("site", "sites"),
        _ => return None,
    })
}

/// `packages`, or the class where there is no word for it.
pub(super) fn many(class: &str) -> &str {
    noun(class).map_or(class, |(_, many)| many)
}

/// `package LAB00012`.
pub(super) fn one(class: &str, key: &impl Key) -> String {
    let values: Vec<String> = key
        .parts()
        .into_iter()
        .map(|(_, part)| match part {
            KeyPart::Text(text) => text,
            KeyPart::Number(number) => number.to_string(),
        })
        .collect();
    format!("{} {}", single(class), values.join("/"))
}

/// `package`.
pub(super) fn single(class: &str) -> &str {
    noun(class).map_or(class, |(one, _)| one)
}
