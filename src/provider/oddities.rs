//! What real sites do that no standard says, each behind one function. Nothing elsewhere knows of it.
//!
//! Most of it is reasoned from what public clients do (adminservice.md 12): when a real site proves otherwise, the
//! function is the one place to change.

use std::time::Duration;

use bytes::Bytes;
use http::header::{DATE, RETRY_AFTER};
use http::{Response, StatusCode};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde_json::{Map, Value};

use crate::odata::{ErrorBody, ExtendedStatus, KeyPredicate, KeyValue, Value as Literal};
use crate::sms::{Key, KeyPart};

/// A read by key is wrapped in `value` like a list, and bare from a site that keeps to the standard.
pub(super) fn only_object(answer: Value) -> Option<Map<String, Value>> {
    let Value::Object(mut members) = answer else {
        return None;
    };
    match members.get_mut("value") {
        Some(Value::Array(wrapped)) => match wrapped.drain(..).next() {
            Some(Value::Object(object)) => Some(object),
            _ => None,
        },
        _ => Some(members),
    }
}

/// The key as it stands in a path, or `None` where it cannot stand in one.
///
/// A backslash in a path is taken for a slash on the way to the site, so an object named by a NAL path has no address.
pub(super) fn address(key: &impl Key) -> Option<KeyPredicate> {
    let parts = key.parts();
    let awkward = |part: &KeyPart| matches!(part, KeyPart::Text(text) if text.contains('\\'));
    if parts.iter().any(|(_, part)| awkward(part)) {
        return None;
    }
    Some(predicate(parts))
}

/// The other forms of a key in a path, for a site that cannot read the usual one.
///
/// Named parts in the order of the class are what the standard has, and nobody has shown one on this route
/// (adminservice.md 2); a key of one part has no other form.
pub(super) fn other_addresses(key: &impl Key) -> Vec<KeyPredicate> {
    let KeyPredicate::Named(mut parts) = address_at_all(key) else {
        return Vec::new();
    };
    let unnamed = parts.iter().map(|(_, value)| value.clone()).collect();
    parts.reverse();
    vec![KeyPredicate::Named(parts), KeyPredicate::Unnamed(unnamed)]
}

/// Whether a refusal may mean that the form of a key was not understood. An object that is not there is answered alike:
/// who asks has to find out which it is.
pub(super) fn may_be_misread(status: StatusCode, key: &KeyPredicate) -> bool {
    let is_simple = matches!(key, KeyPredicate::Single(_));
    !is_simple && (status == StatusCode::BAD_REQUEST || does_not_route(status))
}

/// Whether an object is named by a NAL path. Such a one is read in a list, which shows all that matters of it.
pub(super) fn is_named_by_path(key: &impl Key) -> bool {
    let parts = key.parts();
    parts.iter().any(|(name, _)| name.ends_with("NALPath"))
}

/// The key in a path whatever stands in it: to be tried where there is no other way.
pub(super) fn address_at_all(key: &impl Key) -> KeyPredicate {
    predicate(key.parts())
}

fn predicate(parts: Vec<(&'static str, KeyPart)>) -> KeyPredicate {
    let mut values: Vec<_> = parts
        .into_iter()
        .map(|(name, part)| {
            let value = match part {
                KeyPart::Text(text) => KeyValue::text(text),
                KeyPart::Number(number) => KeyValue::number(number),
            };
            (name.to_owned(), value)
        })
        .collect();
    match (values.pop(), values.is_empty()) {
        (Some((_, only)), true) => KeyPredicate::Single(only),
        (last, _) => {
            values.extend(last);
            KeyPredicate::Named(values)
        }
    }
}

/// Properties an update repeats although they do not change: a site takes what a PUT leaves out of these for empty.
pub(super) fn repeated_on_update(class: &str) -> &'static [&'static str] {
    match class {
        "SMS_Collection" => &[
            "Name",
            "CollectionType",
            "LimitToCollectionID",
            "RefreshType",
        ],
        "SMS_Package" | "SMS_DistributionPointGroup" => &["Name"],
        "SMS_Program" => &["ProgramName"],
        "SMS_Advertisement" => &[
            "AdvertisementName",
            "CollectionID",
            "PackageID",
            "ProgramName",
        ],
        _ => &[],
    }
}

/// A site that does not take a PUT at the key takes a POST of the class with the key inside.
pub(super) fn wants_post_instead(status: StatusCode, key: &KeyPredicate) -> bool {
    does_not_route(status) || may_be_misread(status, key)
}

/// Whether there is nothing at an address, or nothing that does what was asked.
pub(super) fn does_not_route(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED
    )
}

/// The same parameters of a method as a site may call them that does not know the first names: the page of
/// `RemovePackages` names its flag in two ways (methods.md 4).
pub(super) fn spelled_otherwise(parameters: &Map<String, Value>) -> Option<Map<String, Value>> {
    let (first, second) = ("RemoveTargetedPackages", "RemovePackageFromDPs");
    let mut other = parameters.clone();
    let value = other.shift_remove(first)?;
    other.insert(second.to_owned(), value);
    Some(other)
}

/// Whether a method was refused because its parameters were not understood: 404, and nothing was done.
pub(super) fn misread_parameters(status: StatusCode) -> bool {
    status == StatusCode::NOT_FOUND || status == StatusCode::BAD_REQUEST
}

/// Whether a list was refused because its class lacks one of the columns on this version, and not because it is shut.
pub(super) fn lacks_a_column(status: StatusCode) -> bool {
    status == StatusCode::BAD_REQUEST
}

/// A status that says the request was turned away at the door: throttled, or the service is not up. A gateway that gave
/// up waiting may have passed it on.
pub(super) fn is_at_the_door(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
    )
}

/// How long a site that turned a request away asks to be left alone: in seconds, or until a moment of its own clock.
pub(super) fn retry_after(answer: &Response<Bytes>) -> Option<Duration> {
    let said = |name| answer.headers().get(name)?.to_str().ok();
    let wanted = said(RETRY_AFTER)?.trim();
    if let Ok(seconds) = wanted.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = |text| Some(rfc2822::parse(text).ok()?.timestamp());
    let now = said(DATE).and_then(moment).unwrap_or_else(Timestamp::now);
    Duration::try_from(moment(wanted)?.duration_since(now)).ok()
}

/// Whether a server error is a judgement of the provider, as a broken rule is, and not a breakdown in the middle of the
/// work: it gives a reason of its own, in a code or in words that are not those of every breakdown.
pub(super) fn is_judgement(reason: Option<&str>, wbem: Option<u32>) -> bool {
    const BREAKDOWNS: [u32; 6] = [
        0x8004_1001, // failed: anything
        0x8004_1004, // provider failure
        0x8004_1006, // out of memory
        0x8004_1015, // transport failure
        0x8004_101D, // unexpected
        0x8004_1069, // timed out
    ];
    const EVERY_BREAKDOWN: [&str; 10] = [
        "an error has occurred",
        "an unexpected error",
        "internal server error",
        "object reference",
        "exception of type",
        "timeout",
        "timed out",
        "unavailable",
        "deadlock",
        "connection",
    ];
    let said = reason.unwrap_or_default().to_lowercase();
    let says_why =
        !said.is_empty() && !EVERY_BREAKDOWN.iter().any(|general| said.contains(general));
    says_why || wbem.is_some_and(|code| !BREAKDOWNS.contains(&code))
}

/// A refusal that goes away by itself: the service is starting or busy, or somebody holds a lock for a moment.
pub(super) fn is_passing(answer: &Response<Bytes>) -> bool {
    const PASSING: [u32; 5] = [
        0x8004_1015, // transport failure
        0x8004_1033, // shutting down
        0x8004_1045, // too busy
        0x4048_0732, // the lock is not to be had at this time
        0xC148_0500, // the collection could not be locked
    ];
    match answer.status() {
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::BAD_GATEWAY
        | StatusCode::GATEWAY_TIMEOUT => true,
        StatusCode::INTERNAL_SERVER_ERROR => {
            let said = ErrorBody::from_slice(answer.body())
                .and_then(|body| ExtendedStatus::find(&body.message));
            said.is_some_and(|said| {
                [said.error_code, said.status_code]
                    .into_iter()
                    .flatten()
                    .any(|code| PASSING.contains(&code))
            })
        }
        _ => false,
    }
}

/// A value of a row as a filter compares with it.
///
/// Times stand bare in a filter and texts in quotes, and in JSON both are texts. What is written exactly as a time of
/// the wire is one: no name a person gives has two colons in those places.
pub(super) fn literal(value: &Value) -> Literal {
    match value {
        Value::String(text) if is_wire_time(text) => Literal::Time(text.clone()),
        Value::String(text) => Literal::Text(text.clone()),
        Value::Bool(truth) => Literal::Bool(*truth),
        Value::Number(number) => number.as_i64().map_or(Literal::Null, Literal::Number),
        _ => Literal::Null,
    }
}

fn is_wire_time(text: &str) -> bool {
    let form = "0000-00-00T00:00:00Z";
    text.len() == form.len()
        && text
            .bytes()
            .zip(form.bytes())
            .all(|(said, wanted)| match wanted {
                b'0' => said.is_ascii_digit(),
                mark => said == mark,
            })
}

/// `$count` answers with a bare number, sometimes behind a byte order mark or in quotes.
pub(super) fn bare_count(body: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(body).ok()?;
    text.trim_matches(|c: char| c == '\u{feff}' || c == '"' || c.is_whitespace())
        .parse()
        .ok()
}

/// Path and query of a link to the next page. Never a server: a site may know itself by a name that does not reach it,
/// and what signs us in must not travel elsewhere.
pub(super) fn next_page(link: &str, root: &str) -> Option<String> {
    let behind_scheme = ["https://", "http://"]
        .iter()
        .find_map(|scheme| link.strip_prefix(scheme));
    let behind_server = match behind_scheme {
        Some(rest) => rest.get(rest.find('/')?..)?,
        None => link,
    };
    if behind_server.starts_with('/') {
        Some(behind_server.to_owned())
    } else {
        Some(format!("{root}/wmi/{behind_server}"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Clone)]
    struct Parts(Vec<(&'static str, KeyPart)>);

    impl Key for Parts {
        fn parts(&self) -> Vec<(&'static str, KeyPart)> {
            self.0.clone()
        }
    }

    #[test]
    fn an_object_is_found_wrapped_and_bare() {
        let bare = json!({ "Name": "x" });
        let wrapped = json!({ "@odata.context": "c", "value": [bare] });
        assert_eq!(only_object(wrapped).map(Value::Object), Some(bare.clone()));
        assert_eq!(only_object(bare.clone()).map(Value::Object), Some(bare));
        assert_eq!(only_object(json!({ "value": [] })), None);
    }

    #[test]
    fn keys_are_written_as_the_class_has_them() {
        let single = Parts(vec![("Name", KeyPart::Text("O'Brien & x".into()))]);
        assert_eq!(
            address(&single).unwrap().to_string(),
            "'O''Brien%20%26%20x'"
        );
        let number = Parts(vec![("ResourceId", KeyPart::Number(7))]);
        assert_eq!(address(&number).unwrap().to_string(), "7");
        let both = Parts(vec![
            ("PackageID", KeyPart::Text("LAB00001".into())),
            ("ProgramName", KeyPart::Text("Install".into())),
        ]);
        assert_eq!(
            address(&both).unwrap().to_string(),
            "PackageID='LAB00001',ProgramName='Install'"
        );
        let others = other_addresses(&both);
        let others: Vec<String> = others.iter().map(ToString::to_string).collect();
        let turned = "ProgramName='Install',PackageID='LAB00001'";
        assert_eq!(others, [turned, "'LAB00001','Install'"]);
        assert_eq!(other_addresses(&single), []);
        for (key, is_doubted) in [(&both, true), (&single, false)] {
            let key = address(key).unwrap();
            assert_eq!(
                wants_post_instead(StatusCode::BAD_REQUEST, &key),
                is_doubted
            );
            assert!(wants_post_instead(StatusCode::METHOD_NOT_ALLOWED, &key));
        }
    }

    #[test]
    fn a_nal_path_has_no_address() {
        let nal = Parts(vec![("NALPath", KeyPart::Text(r"\\dp01\".into()))]);
        assert!(is_named_by_path(&nal));
        assert_eq!(address(&nal), None);
        assert_eq!(address_at_all(&nal).to_string(), "'%5C%5Cdp01%5C'");
    }

    #[test]
    fn times_are_told_from_texts() {
        let time = json!("2026-03-01T02:00:00Z");
        assert_eq!(literal(&time), Literal::Time("2026-03-01T02:00:00Z".into()));
        assert_eq!(
            literal(&json!("2026-03-01")),
            Literal::Text("2026-03-01".into())
        );
        assert_eq!(literal(&Value::Null), Literal::Null);
    }

    #[test]
    fn the_next_page_is_asked_of_the_same_server() {
        let root = "/AdminService";
        let path = "/AdminService/wmi/SMS_Site?$skip=2";
        assert_eq!(
            next_page(&format!("https://other.example{path}"), root).as_deref(),
            Some(path)
        );
        assert_eq!(next_page("SMS_Site?$skip=2", root).as_deref(), Some(path));
        let about_a_link = "SMS_Package?$filter=Name eq 'http://x/y'&$skip=2";
        assert_eq!(
            next_page(about_a_link, root),
            Some(format!("{root}/wmi/{about_a_link}"))
        );
    }

    #[test]
    fn a_pause_is_asked_for_in_seconds_or_until_a_moment() {
        let asked = |wanted: &str| {
            let answer = Response::builder()
                .header(DATE, "Sun, 22 Nov 2026 19:47:55 GMT")
                .header(RETRY_AFTER, wanted);
            retry_after(&answer.body(Bytes::new()).unwrap()).map(|wait| wait.as_secs())
        };
        assert_eq!(asked(" 120 "), Some(120));
        assert_eq!(asked("Sun, 22 Nov 2026 19:49:55 GMT"), Some(120));
        assert_eq!(asked("Sun, 22 Nov 2026 19:40:00 GMT"), None);
        assert_eq!(asked("soon"), None);
    }

    #[test]
    fn counts_are_read_in_every_wrapping() {
        for body in ["37", "\u{feff}37", " 37\r\n", "\"37\""] {
            assert_eq!(bare_count(body.as_bytes()), Some(37));
        }
        assert_eq!(bare_count(b"<html>"), None);
    }
}
