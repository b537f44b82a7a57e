//! An account that may look at half of the site and change nothing: whole classes are shut, objects outside its scope are
//! left out of lists, and methods answer in the words of real sites (adminservice.md 8).

use axum::body::Body;
use axum::response::Response;
use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::{Asked, rewritten};
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

/// Devices are told apart by name, and so only in lists: what is read by key is read by number.
const BY_NAME: &str = "Name";

/// Classes with objects outside its scope, and a property that tells which: an even last digit is inside.
const SCOPED: &[(&str, &str)] = &[
    ("SMS_Package", "PackageID"),
    ("SMS_Program", "PackageID"),
    ("SMS_DistributionPoint", "PackageID"),
    ("SMS_Collection", "CollectionID"),
    ("SMS_FullCollectionMembership", "CollectionID"),
    ("SMS_FullCollectionMembership", BY_NAME),
    ("SMS_R_System", BY_NAME),
    ("SMS_Advertisement", "AdvertisementID"),
];

const INSIDE: [&str; 8] = ["0", "2", "4", "6", "8", "A", "C", "E"];

/// Who the account is.
const NAME: &str = "LAB\\viewer";

/// What a site says of it where it is asked who administers it, and who is asking.
pub(super) async fn introduced(asked: &Asked, answer: Response) -> Response {
    let (member, said) = match &asked.target {
        Some(Target::Class(class)) if class.eq_ignore_ascii_case("SMS_Admin") => {
            ("value", json!([in_person()]))
        }
        Some(Target::StaticMethod { method, .. })
            if method.eq_ignore_ascii_case("GetCurrentUser") =>
        {
            ("UserName", NAME.into())
        }
        _ => return answer,
    };
    rewritten(answer, |body| {
        let members: Result<Map<String, Value>, _> = serde_json::from_slice(&body);
        let Ok(mut members) = members else {
            return Body::from(body);
        };
        members.insert(member.to_owned(), said);
        Body::from(Value::Object(members).to_string())
    })
    .await
}

fn in_person() -> Value {
    json!({
        "AdminID": 16_777_218, "LogonName": NAME, "IsGroup": false, "RoleNames": ["Read-only Analyst"],
        "CategoryNames": ["Even numbers"], "CollectionNames": ["Even numbers"],
    })
}

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

fn scopes(class: &str) -> impl Iterator<Item = &'static str> {
    let scoped = SCOPED.iter();
    let found = scoped.filter(move |(name, _)| name.eq_ignore_ascii_case(class));
    found.map(|(_, property)| *property)
}

fn only_inside(asked: &mut Asked, class: &str) {
    let Ok(mut query) = Query::parse(asked.query()) else {
        return;
    };
    let inside = |property| Filter::one_of(INSIDE.map(|last| Filter::ends_with(property, last)));
    let scopes = scopes(class).filter_map(inside);
    query.filter = Filter::all(query.filter.take().into_iter().chain(scopes));
    asked.ask(&query.to_string());
}

fn is_inside(class: &str, key: &KeyPredicate) -> bool {
    let mut keys = scopes(class).filter(|property| *property != BY_NAME);
    keys.all(|property| {
        let value = match key {
            KeyPredicate::Single(value) => Some(value),
            KeyPredicate::Named(named) => named
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(property))
                .map(|(_, value)| value),
            // What a class is seen by is the first part of its key.
            KeyPredicate::Unnamed(values) => values.first(),
        };
        value.is_none_or(|value| {
            let id = value.as_str().to_ascii_uppercase();
            INSIDE.iter().any(|last| id.ends_with(last))
        })
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
