//! An account that may look at half of the site and change nothing: whole classes are shut, objects outside its scope are
//! left out of lists, and methods answer in the words of real sites (adminservice.md 8).

use http::{Method, StatusCode};

use super::Asked;
use crate::odata::filter::Filter;
use crate::odata::path::{KeyPredicate, Target};
use crate::odata::query::Query;
use crate::site::rest::answer::Fault;

/// Classes this account may not read at all.
const SHUT: &[&str] = &[
    "SMS_DistributionPointGroup",
    "SMS_SystemResourceList",
    "SMS_DistributionDPStatus",
];

/// Classes with objects outside its scope, and the property that tells which: an even last digit is inside.
const SCOPED: &[(&str, &str)] = &[
    ("SMS_Package", "PackageID"),
    ("SMS_Program", "PackageID"),
    ("SMS_DistributionPoint", "PackageID"),
    ("SMS_Collection", "CollectionID"),
    ("SMS_FullCollectionMembership", "CollectionID"),
    ("SMS_Advertisement", "AdvertisementID"),
];

const INSIDE: [&str; 8] = ["0", "2", "4", "6", "8", "A", "C", "E"];

/// Refuses what the account may not do, and narrows lists to what it may see.
pub(super) fn narrow(asked: &mut Asked) -> Result<(), Fault> {
    let Some(target) = asked.target.clone() else {
        return Ok(());
    };
    match &target {
        Target::Class(class) | Target::Count(class) => {
            may_read(class)?;
            if !asked.reads() {
                return Err(Fault::forbidden());
            }
            only_inside(asked, class);
            Ok(())
        }
        Target::Object { class, key } => {
            may_read(class)?;
            if !is_inside(class, key) {
                return Err(Fault::not_found(format!("{class} is not found.")));
            }
            if asked.head.method == Method::GET {
                Ok(())
            } else {
                Err(insufficient())
            }
        }
        Target::ObjectMethod { .. } => Err(insufficient()),
        _ => Ok(()),
    }
}

fn insufficient() -> Fault {
    Fault::failed("Insufficient rights to call this method on this object.")
}

fn may_read(class: &str) -> Result<(), Fault> {
    if SHUT.iter().any(|shut| shut.eq_ignore_ascii_case(class)) {
        return Err(Fault::forbidden());
    }
    Ok(())
}

fn scope(class: &str) -> Option<&'static str> {
    let mut scoped = SCOPED.iter();
    let found = scoped.find(|(name, _)| name.eq_ignore_ascii_case(class));
    found.map(|(_, property)| *property)
}

fn only_inside(asked: &mut Asked, class: &str) {
    let (Some(property), Ok(mut query)) = (scope(class), Query::parse(asked.query())) else {
        return;
    };
    let inside = Filter::one_of(INSIDE.map(|last| Filter::ends_with(property, last)));
    query.filter = Filter::all(query.filter.take().into_iter().chain(inside));
    asked.ask(&query.to_string());
}

fn is_inside(class: &str, key: &KeyPredicate) -> bool {
    let Some(property) = scope(class) else {
        return true;
    };
    let value = match key {
        KeyPredicate::Single(value) => Some(value),
        KeyPredicate::Named(named) => named
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(property))
            .map(|(_, value)| value),
    };
    value.is_none_or(|value| {
        let id = value.as_str().to_ascii_uppercase();
        INSIDE.iter().any(|last| id.ends_with(last))
    })
}

impl Fault {
    /// Not an administrative user of the site, or a right is missing: real sites give no reason.
    fn forbidden() -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            message: "Forbidden".to_owned(),
        }
    }
}
