//! Methods of the provider's classes: the calls themselves here, what they are for in the files below.

mod collection;
mod content;
mod placement;

pub use placement::Movable;

use http::{Method, StatusCode};
use serde_json::{Map, Value};

use super::ask::{Ask, Refused};
use super::{Provider, oddities, words};
use crate::error::SiteError;
use crate::odata::{MethodAnswer, Target};
use crate::sms::Key;

/// What a method came back with.
#[derive(Debug, Clone, PartialEq)]
pub struct Returned {
    /// Zero is success for most methods; [`Provider::call`] leaves the judgement to the caller.
    pub value: Option<Value>,
    /// Out-parameters by name.
    pub out: Map<String, Value>,
}

impl Provider {
    /// Calls a method of one object, whatever it returns.
    pub async fn call(
        &self,
        class: &str,
        id: &impl Key,
        method: &str,
        parameters: Map<String, Value>,
    ) -> Result<Returned, SiteError> {
        Ok(self.called(class, id, method, parameters).await?)
    }

    /// The same, for who knows a second way.
    async fn called(
        &self,
        class: &str,
        id: &impl Key,
        method: &str,
        parameters: Map<String, Value>,
    ) -> Result<Returned, Refused> {
        let what = words::one(class, id);
        let attempt = format!("call {method} on {what}");
        let key = oddities::address(id).ok_or_else(|| Refused {
            status: None,
            error: SiteError::Refused {
                attempt: attempt.clone(),
                reason: "an object named by a network path has no address".into(),
                code: None,
            },
        })?;
        let (class, method) = (class.to_owned(), method.to_owned());
        let target = Target::ObjectMethod { class, key, method };
        let ask = self.calling(&target, parameters, attempt, Some(what));
        self.returned(ask).await
    }

    /// Calls a method of a class, whatever it returns.
    pub async fn call_static(
        &self,
        class: &str,
        method: &str,
        parameters: Map<String, Value>,
    ) -> Result<Returned, SiteError> {
        let attempt = format!("call {class}.{method}");
        let (class, method) = (class.to_owned(), method.to_owned());
        let target = Target::StaticMethod { class, method };
        let ask = self.calling(&target, parameters, attempt, None);
        Ok(self.returned(ask).await?)
    }

    /// A call always has a body, if an empty one: without it real sites answer 411.
    fn calling(
        &self,
        target: &Target,
        parameters: Map<String, Value>,
        attempt: String,
        what: Option<String>,
    ) -> Ask {
        Ask {
            method: Method::POST,
            path: self.path(target, None),
            body: Some(Value::Object(parameters)),
            attempt,
            what,
        }
    }

    async fn returned(&self, ask: Ask) -> Result<Returned, Refused> {
        let answered = self.ask(ask).await?;
        if answered.body.is_empty() {
            return Ok(Returned {
                value: None,
                out: Map::new(),
            });
        }
        let members = answered.json().map_err(|error| Refused {
            status: Some(StatusCode::OK),
            error,
        })?;
        let answer = MethodAnswer::from_json(members);
        Ok(Returned {
            value: answer.return_value,
            out: answer.out,
        })
    }
}

impl Returned {
    /// Nothing but success: zero, or no value at all.
    fn done(self, attempt: &str) -> Result<Map<String, Value>, SiteError> {
        match &self.value {
            None | Some(Value::Null) => Ok(self.out),
            Some(value) if value.as_i64() == Some(0) => Ok(self.out),
            Some(value) => Err(SiteError::Refused {
                attempt: attempt.to_owned(),
                reason: format!("the method returned {value}"),
                code: value.as_i64().and_then(code),
            }),
        }
    }
}

/// A return value is a signed number whose bits are the code.
#[expect(
    clippy::cast_sign_loss,
    reason = "the bits are the code, whatever the sign"
)]
fn code(value: i64) -> Option<u32> {
    i32::try_from(value)
        .map(|value| value as u32)
        .or_else(|_| u32::try_from(value))
        .ok()
}

/// The JSON object of a method's parameters.
fn parameters<const N: usize>(named: [(&str, Value); N]) -> Map<String, Value> {
    named
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use axum::Router;
    use serde_json::json;

    use super::*;
    use crate::provider::testing::{answer, answering, provider};
    use crate::sms::collection_rule::CollectionRule;
    use crate::sms::ids::{AssignmentId, CollectionId, GroupId};
    use crate::sms::nal::NalPath;

    fn returning(path: &'static str, body: Value) -> Provider {
        answering(move |request| {
            assert_eq!(request.method(), Method::POST);
            assert_eq!(request.uri().path(), path);
            answer(201, body.to_string())
        })
    }

    fn assignment() -> AssignmentId {
        AssignmentId {
            package: "LAB00001".into(),
            nal_path: NalPath::new(r#"["Display=\\dp01\"]MSWNET:["SMS_SITE=LAB"]\\dp01\"#),
            site: "LAB".into(),
        }
    }

    #[tokio::test]
    async fn a_rule_is_added_to_an_object_and_its_number_comes_back() {
        let site = returning(
            "/AdminService/wmi/SMS_Collection('LAB00014')/AdminService.AddMembershipRule",
            json!({ "@odata.context": "x", "ReturnValue": 0, "QueryID": 12 }),
        );
        let rule = CollectionRule::query("all", "select * from SMS_R_System");
        let id = CollectionId::new("LAB00014");
        assert_eq!(site.add_membership_rule(&id, &rule).await, Ok(12));
    }

    #[tokio::test]
    async fn success_is_read_in_every_form_and_failure_is_told() {
        let id = CollectionId::new("LAB00014");
        for (body, fine) in [
            (json!({ "ReturnValue": 0 }), true),
            (json!({ "value": 0 }), true),
            (json!({ "ReturnValue": 1 }), false),
            (json!({ "value": -2_147_217_407 }), false),
        ] {
            let said = body.to_string();
            let site = answering(move |_| answer(201, said.clone()));
            let asked = site.request_refresh(&id).await;
            assert_eq!(asked.is_ok(), fine, "{body}: {asked:?}");
        }
        let empty = answering(|_| answer(204, ""));
        assert_eq!(empty.request_refresh(&id).await, Ok(()));
    }

    #[tokio::test]
    async fn truths_are_read_as_truths() {
        let path = "/AdminService/wmi/SMS_CollectionRuleQuery.ValidateQuery";
        let site = returning(path, json!({ "ReturnValue": false }));
        assert_eq!(site.validate_query("select").await, Ok(false));
    }

    #[tokio::test]
    async fn parameters_a_site_does_not_know_are_spelled_the_other_way() {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&heard);
        let site = provider(Router::new().fallback(move |body: String| {
            let notes = Arc::clone(&notes);
            async move {
                let is_known = body.contains("RemovePackageFromDPs");
                notes.lock().unwrap().push(body);
                if is_known {
                    answer(201, r#"{"ReturnValue":0}"#)
                } else {
                    answer(404, r#"{"error":{"code":"404","message":"no parameter"}}"#)
                }
            }
        }));
        let packages = ["LAB00001".into()];
        let group = GroupId::new("{1}");
        let removed = site.group_remove_packages(&group, &packages, false);
        assert_eq!(removed.await, Ok(()));
        assert_eq!(
            *heard.lock().unwrap(),
            [
                r#"{"PackageIDs":["LAB00001"],"RemoveTargetedPackages":false}"#,
                r#"{"PackageIDs":["LAB00001"],"RemovePackageFromDPs":false}"#,
            ]
        );
    }

    #[tokio::test]
    async fn one_point_is_removed_where_its_address_is_read_and_told_impossible_elsewhere() {
        let reading = answering(|request| {
            assert_eq!(request.method(), Method::DELETE);
            assert!(
                request.uri().path().contains("%5C%5Cdp01%5C"),
                "{}",
                request.uri()
            );
            answer(204, "")
        });
        assert_eq!(reading.remove_assignment(&assignment()).await, Ok(()));
        let blind = answering(|_| answer(404, ""));
        let told = blind.remove_assignment(&assignment()).await.unwrap_err();
        assert!(told.to_string().contains("not possible here"), "{told}");
    }

    #[test]
    fn a_negative_return_value_is_its_code() {
        assert_eq!(code(-2_147_217_407), Some(0x8004_1001));
        assert_eq!(code(2_147_749_889), Some(0x8004_1001));
    }
}
