//! Methods of the provider's classes: the calls themselves here, what they are for in the files below.

mod collection;
mod content;

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
        let what = words::one(class, id);
        let attempt = format!("call {method} on {what}");
        let key = oddities::address(id).ok_or_else(|| SiteError::Refused {
            attempt: attempt.clone(),
            reason: "an object named by a network path has no address".into(),
            code: None,
        })?;
        let (class, method) = (class.to_owned(), method.to_owned());
        let target = Target::ObjectMethod { class, key, method };
        let ask = self.calling(&target, parameters, attempt, Some(what));
        Ok(self.called(ask).await?)
    }

    /// Calls a method of a class, whatever it returns.
    pub async fn call_static(
        &self,
        class: &str,
        method: &str,
        parameters: Map<String, Value>,
    ) -> Result<Returned, SiteError> {
        Ok(self.called_static(class, method, parameters).await?)
    }

    async fn called_static(
        &self,
        class: &str,
        method: &str,
        parameters: Map<String, Value>,
    ) -> Result<Returned, Refused> {
        let attempt = format!("call {class}.{method}");
        let (class, method) = (class.to_owned(), method.to_owned());
        let target = Target::StaticMethod { class, method };
        self.called(self.calling(&target, parameters, attempt, None))
            .await
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

    async fn called(&self, ask: Ask) -> Result<Returned, Refused> {
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
#[expect(clippy::cast_sign_loss, reason = "the bits are the code, whatever the sign")]
fn code(value: i64) -> Option<u32> {
    i32::try_from(value)
        .map(|value| value as u32)
        .or_else(|_| u32::try_from(value))
        .ok()
}

/// The JSON object of a method's parameters.
macro_rules! parameters {
    ($($name:literal: $value:expr),* $(,)?) => {{
        #[allow(unused_mut)]
        let mut parameters = serde_json::Map::new();
        $(parameters.insert($name.to_owned(), serde_json::json!($value));)*
        parameters
    }};
}
use parameters;
