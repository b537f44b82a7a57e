//! Reads JSON bodies into objects: property names in any case, values in the types of the class, embedded objects as
//! the wire carries them.

use serde_json::{Map, Value};

use crate::odata::envelope::{TYPE, TYPE_PREFIX, is_annotation, type_of};
use crate::site::catalog::{Catalog, Class, Kind};
use crate::site::store::Object;
use crate::sms::time::WireTime;

/// The members of a body. An empty one is an empty object.
pub(super) fn members(body: &[u8]) -> Result<Map<String, Value>, String> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err("the body is not a JSON object".to_owned()),
        Err(error) => Err(format!("the body is not JSON: {error}")),
    }
}

/// The properties of an object of this class. Annotations are passed over.
pub(super) fn object(
    catalog: &Catalog,
    class: &Class,
    members: Map<String, Value>,
) -> Result<Object, String> {
    let mut object = Object::new();
    for (name, value) in members.into_iter().filter(|(name, _)| !is_annotation(name)) {
        let Some(property) = class.property(&name) else {
            return Err(format!(
                "The property '{name}' does not exist on type 'AdminService.{}'.",
                class.name
            ));
        };
        let value = typed(catalog, &property.kind, value)
            .map_err(|reason| format!("{}: {reason}", property.name))?;
        object.set(&property.name, value);
    }
    Ok(object)
}

/// A value in the form it is kept in, if it is of this type. Null is of every type.
pub(super) fn typed(catalog: &Catalog, kind: &Kind, value: Value) -> Result<Value, String> {
    if value.is_null() {
        return Ok(value);
    }
    match kind {
        Kind::String | Kind::Bytes if value.is_string() => Ok(value),
        Kind::Boolean if value.is_boolean() => Ok(value),
        Kind::DateTime => time(&value),
        Kind::Strings => list(kind, value, |each| {
            if each.is_string() {
                Ok(each)
            } else {
                Err(unfit(&Kind::String, &each))
            }
        }),
        Kind::Numbers => list(kind, value, |each| integer(&Kind::UInt32, each)),
        Kind::Objects(class) => list(kind, value, |each| embedded(catalog, class, each)),
        Kind::Object(class) => embedded(catalog, class, value),
        kind if kind.is_integer() => integer(kind, value),
        kind => Err(unfit(kind, &value)),
    }
}

fn unfit(kind: &Kind, value: &Value) -> String {
    format!("{kind} was expected, not {value}")
}

fn integer(kind: &Kind, value: Value) -> Result<Value, String> {
    let (least, most) = kind.range().unwrap_or((i64::MIN, i64::MAX));
    match value.as_i64() {
        Some(number) if (least..=most).contains(&number) => Ok(value),
        _ => Err(unfit(kind, &value)),
    }
}

fn time(value: &Value) -> Result<Value, String> {
    let unfit = || unfit(&Kind::DateTime, value);
    let time: WireTime = value
        .as_str()
        .ok_or_else(unfit)?
        .parse()
        .map_err(|_| unfit())?;
    Ok(time.to_string().into())
}

fn list(
    kind: &Kind,
    value: Value,
    each: impl Fn(Value) -> Result<Value, String>,
) -> Result<Value, String> {
    match value {
        Value::Array(elements) => elements
            .into_iter()
            .map(each)
            .collect::<Result<Vec<_>, _>>()
            .map(Value::Array),
        other => Err(unfit(kind, &other)),
    }
}

/// An embedded object: of the declared class, or of one derived from it and named. What is read back from a site may
/// carry annotations; they are not kept.
fn embedded(catalog: &Catalog, declared: &str, value: Value) -> Result<Value, String> {
    let Value::Object(members) = value else {
        return Err(format!("an object of {declared} was expected, not {value}"));
    };
    let is_abstract = catalog.is_abstract(declared);
    let name = match type_of(&members) {
        Some(name) => name,
        None if is_abstract => {
            return Err(format!(
                "an object of {declared} must name its class in {TYPE}"
            ));
        }
        None => declared,
    };
    let class = catalog
        .class(name)
        .filter(|class| catalog.is_kind_of(class, declared))
        .ok_or_else(|| format!("'{name}' is no kind of {declared}"))?;
    let mut kept = Map::new();
    if is_abstract {
        kept.insert(
            TYPE.to_owned(),
            format!("{TYPE_PREFIX}{}", class.name).into(),
        );
    }
    for (name, value) in object(catalog, class, members)?.iter() {
        kept.insert(name.to_owned(), value.clone());
    }
    Ok(Value::Object(kept))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(class: &str, body: &Value) -> Result<Object, String> {
        let catalog = Catalog::shipped().unwrap();
        object(
            catalog,
            catalog.class(class).unwrap(),
            members(body.to_string().as_bytes())?,
        )
    }

    #[test]
    fn names_are_taken_in_any_case_and_annotations_passed_over() {
        let read = read(
            "SMS_Package",
            &json!({"name": "7-zip", "@odata.etag": "x", "__CLASS": "y"}),
        )
        .unwrap();
        assert_eq!(read.iter().collect::<Vec<_>>(), [("Name", &json!("7-zip"))]);
    }

    #[test]
    fn an_unknown_property_or_a_wrong_type_is_named() {
        assert!(
            read("SMS_Package", &json!({"Nmae": "x"}))
                .unwrap_err()
                .contains("'Nmae'")
        );
        assert!(
            read("SMS_Package", &json!({"PkgFlags": "7"}))
                .unwrap_err()
                .contains("PkgFlags: UInt32")
        );
        assert!(read("SMS_Package", &json!({"PkgFlags": -1})).is_err());
        assert!(read("SMS_Package", &json!({"PkgFlags": 4_294_967_295_u32})).is_ok());
        assert!(read("SMS_Package", &json!([1])).is_err());
    }

    #[test]
    fn times_are_kept_to_the_second() {
        let read = read(
            "SMS_Advertisement",
            &json!({"PresentTime": "2026-03-01T02:00:00.123Z"}),
        )
        .unwrap();
        assert_eq!(read.text("PresentTime"), "2026-03-01T02:00:00Z");
    }

    #[test]
    fn an_abstract_class_wants_to_be_named_a_concrete_one_does_not() {
        let token =
            json!({"@odata.type": "#AdminService.SMS_ST_RecurWeekly", "Day": 3, "__GENUS": 2});
        let read_token = read("SMS_Collection", &json!({"RefreshSchedule": [token]})).unwrap();
        assert_eq!(
            read_token.list("RefreshSchedule"),
            [json!({"@odata.type": "#AdminService.SMS_ST_RecurWeekly", "Day": 3})]
        );
        assert!(read("SMS_Collection", &json!({"RefreshSchedule": [{"Day": 3}]})).is_err());
        let variable = json!({"CollectionVariables": [{"Name": "a", "Value": "b"}]});
        assert_eq!(
            read("SMS_CollectionSettings", &variable)
                .unwrap()
                .list("CollectionVariables")
                .len(),
            1
        );
    }
}
