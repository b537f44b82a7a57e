//! What real sites are expected to do otherwise than the embedded one (adminservice.md 2, 5, 6, 12), one kind a line.

use axum::body::Body;
use axum::response::Response;
use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use strum::EnumMessage;

use super::{Asked, pages, rewritten, viewer, windows};
use crate::odata::envelope::{RETURN_VALUE, TYPE};
use crate::odata::path::{KeyPredicate, Target};
use crate::site::rest::answer::Fault;

/// A manner of answering.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::EnumMessage,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Quirk {
    #[strum(
        message = "a Windows machine: sources are read as \\\\files\\srv\\apps, which is /srv/apps here"
    )]
    Windows,
    #[strum(message = "500 to arrays of schedules in what is made or changed")]
    NoSchedules,
    #[strum(message = "404 to a backslash in a URL")]
    NoBackslash,
    #[strum(message = "`value` instead of `ReturnValue` from the methods of an object")]
    PlainValue,
    #[strum(message = "lists in pages of 50 rows with a link to the next")]
    NextLink,
    #[strum(message = "405 to PUT")]
    NoPut,
    #[strum(message = "400 to a key of several parts that are named in the order of the class")]
    TurnedKeys,
    #[strum(message = "400 to a key of several parts that are named at all")]
    UnnamedKeys,
    #[strum(message = "404 to any key of several parts")]
    NoPartedKeys,
    #[strum(message = "keeps times of the devices' own clock an hour late")]
    ShiftedClock,
    #[strum(message = "answers as to somebody who may look at half of it and change nothing")]
    Viewer,
}

const NO_ROUTE: &str = "No HTTP resource was found that matches the request.";
const MISREAD_KEY: &str = "The key of the request could not be read.";

impl Quirk {
    /// What it does, in words.
    pub fn words(self) -> &'static str {
        self.get_message().unwrap_or_default()
    }

    /// What it does to a request; a fault is the answer.
    pub(super) fn before(self, asked: &mut Asked) -> Result<(), Fault> {
        match self {
            Self::NoSchedules if sends_schedules(asked) => Err(Fault::failed(
                "The property could not be set: an array of SMS_ScheduleToken is not supported.",
            )),
            Self::NoBackslash if has_backslash(asked) => Err(Fault::not_found(NO_ROUTE)),
            Self::NoPut if asked.head.method == Method::PUT => Err(Fault::method_not_allowed()),
            Self::TurnedKeys if asked.names_key(in_order) => Err(Fault::bad_request(MISREAD_KEY)),
            Self::UnnamedKeys if asked.names_key(is_named) => Err(Fault::bad_request(MISREAD_KEY)),
            Self::NoPartedKeys if asked.names_key(has_parts) => Err(Fault::not_found(NO_ROUTE)),
            Self::Windows => {
                windows::taken(asked);
                Ok(())
            }
            Self::ShiftedClock => {
                shift(asked);
                Ok(())
            }
            Self::NextLink => {
                pages::cut(asked);
                Ok(())
            }
            Self::Viewer => viewer::narrow(asked),
            _ => Ok(()),
        }
    }

    /// What it does to the answer.
    pub(super) async fn after(self, asked: &Asked, answer: Response) -> Response {
        let succeeded = answer.status().is_success();
        match self {
            Self::PlainValue if succeeded && is_object_method(asked) => {
                rewritten(answer, |body| Body::from(renamed(&body))).await
            }
            Self::NextLink if answer.status() == StatusCode::OK && asked.wanted.is_some() => {
                rewritten(answer, |body| Body::from(pages::linked(asked, &body))).await
            }
            Self::Windows if succeeded => windows::shown(answer).await,
            Self::Viewer if succeeded => viewer::introduced(asked, answer).await,
            _ => answer,
        }
    }
}

fn has_parts(key: &KeyPredicate) -> bool {
    !matches!(key, KeyPredicate::Single(_))
}

fn is_named(key: &KeyPredicate) -> bool {
    matches!(key, KeyPredicate::Named(_))
}

/// Classes have their keys in the order of the alphabet.
fn in_order(key: &KeyPredicate) -> bool {
    matches!(key, KeyPredicate::Named(parts) if parts.is_sorted_by_key(|(name, _)| name.to_lowercase()))
}

fn is_object_method(asked: &Asked) -> bool {
    matches!(asked.target, Some(Target::ObjectMethod { .. }))
}

/// The answer of a method with its value under the other name.
fn renamed(body: &[u8]) -> Vec<u8> {
    let Ok(mut members) = serde_json::from_slice::<Map<String, Value>>(body) else {
        return body.to_vec();
    };
    if let Some(value) = members.shift_remove(RETURN_VALUE) {
        members.insert("value".to_owned(), value);
    }
    Value::Object(members).to_string().into_bytes()
}

fn sent(asked: &Asked) -> Option<Map<String, Value>> {
    serde_json::from_slice(&asked.body).ok()
}

/// Whether an object is to be saved with a schedule in an array.
fn sends_schedules(asked: &Asked) -> bool {
    let saves = matches!(asked.target, Some(Target::Class(_) | Target::Object { .. }));
    let is_schedule = |value: &Value| {
        let kind = value.get(TYPE).and_then(Value::as_str);
        kind.is_some_and(|kind| kind.contains("SMS_ST_"))
    };
    let has_some = |value: &Value| {
        value
            .as_array()
            .is_some_and(|all| all.iter().any(is_schedule))
    };
    saves && sent(asked).is_some_and(|sent| sent.values().any(has_some))
}

fn has_backslash(asked: &Asked) -> bool {
    let uri = asked.head.uri.to_string().to_ascii_lowercase();
    uri.contains('\\') || uri.contains("%5c")
}

/// Times of the devices' own clock, an hour later than they were sent.
fn shift(asked: &mut Asked) {
    if asked.reads() {
        return;
    }
    let Some(mut sent) = sent(asked) else {
        return;
    };
    for (time, is_utc) in [
        ("PresentTime", "PresentTimeIsGMT"),
        ("ExpirationTime", "ExpirationTimeIsGMT"),
    ] {
        if sent.get(is_utc) == Some(&Value::Bool(false)) {
            later(sent.get_mut(time));
        }
    }
    let tokens = sent
        .get_mut("AssignedSchedule")
        .and_then(Value::as_array_mut);
    for token in tokens.into_iter().flatten() {
        if token.get("IsGMT") == Some(&Value::Bool(false)) {
            later(token.get_mut("StartTime"));
        }
    }
    asked.send(Value::Object(sent).to_string());
}

fn later(time: Option<&mut Value>) {
    let Some(time) = time else {
        return;
    };
    let moment: Option<Timestamp> = time.as_str().and_then(|text| text.parse().ok());
    if let Some(later) = moment.and_then(|at| at.checked_add(SignedDuration::from_hours(1)).ok()) {
        *time = later.to_string().into();
    }
}
