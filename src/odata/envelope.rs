//! What answers are wrapped in: `@odata.context` and `value` around rows, `ReturnValue` beside out-parameters, and the
//! `@odata.` and `__` members of an object that are not properties of its class.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub const CONTEXT: &str = "@odata.context";
pub const ETAG: &str = "@odata.etag";
pub const NEXT_LINK: &str = "@odata.nextLink";
/// Names the class of an embedded object: `#AdminService.SMS_CollectionRuleDirect`.
pub const TYPE: &str = "@odata.type";
/// The namespace in front of a class in [`TYPE`].
pub const TYPE_PREFIX: &str = "#AdminService.";
pub const LAZY_PROPERTIES: &str = "__LAZYPROPERTIES";
pub const SECURITY_VERBS: &str = "__QUALIFIER_SECURITYVERBS";
pub const RETURN_VALUE: &str = "ReturnValue";

/// Rows in their wrapping. A read by key is wrapped alike, with one row in it.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct Envelope<T> {
    #[serde(
        rename = "@odata.context",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub context: Option<String>,
    pub value: Vec<T>,
    /// Where the next page is. Never seen from a real site, followed all the same.
    #[serde(
        rename = "@odata.nextLink",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub next_link: Option<String>,
}

/// What a method answered.
#[derive(Debug, Clone, PartialEq)]
pub struct MethodAnswer {
    /// Zero is success; a few methods return something else, see methods.md.
    pub return_value: Option<Value>,
    /// Out-parameters by name.
    pub out: Map<String, Value>,
}

impl MethodAnswer {
    /// Takes an answer apart. Sites say `ReturnValue`, or `value` where only a plain number comes back.
    pub fn from_json(mut members: Map<String, Value>) -> Self {
        let return_value = members
            .shift_remove(RETURN_VALUE)
            .or_else(|| members.shift_remove("value"));
        members.retain(|name, _| !is_annotation(name));
        Self {
            return_value,
            out: members,
        }
    }

    /// Zero, or nothing where a method returns nothing.
    pub fn succeeded(&self) -> bool {
        match &self.return_value {
            None | Some(Value::Null) => true,
            Some(value) => value.as_i64() == Some(0),
        }
    }
}

/// Whether a member says something about an object instead of being a property of it: `@odata.…`, `Name@odata.…`, `__…`.
pub fn is_annotation(member: &str) -> bool {
    member.starts_with("__") || member.contains('@')
}

/// The class an embedded object says it is of.
pub fn type_of(object: &Map<String, Value>) -> Option<&str> {
    let name = object.get(TYPE)?.as_str()?;
    Some(
        name.rsplit('.')
            .next()
            .unwrap_or(name)
            .trim_start_matches('#'),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn members(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn a_method_answers_by_either_name() {
        let answer = MethodAnswer::from_json(members(&json!({
            "@odata.context": "https://host/AdminService/wmi/$metadata#__PARAMETERS", "ReturnValue": 0, "QueryID": 4
        })));
        assert!(answer.succeeded());
        assert_eq!(answer.out, members(&json!({"QueryID": 4})));
        assert!(MethodAnswer::from_json(members(&json!({"value": 0}))).succeeded());
        assert!(!MethodAnswer::from_json(members(&json!({"ReturnValue": 1}))).succeeded());
    }

    #[test]
    fn the_type_of_an_embedded_object_is_its_class() {
        let rule = members(&json!({"@odata.type": "#AdminService.SMS_CollectionRuleDirect"}));
        assert_eq!(type_of(&rule), Some("SMS_CollectionRuleDirect"));
        assert_eq!(type_of(&members(&json!({"RuleName": "x"}))), None);
    }

    #[test]
    fn rows_are_unwrapped_with_or_without_a_context() {
        let page: Envelope<u32> = serde_json::from_str(r#"{"value":[1,2]}"#).unwrap();
        assert_eq!((page.value, page.next_link), (vec![1, 2], None));
    }
}
