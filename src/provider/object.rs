//! One object: read, made, changed, deleted.

use http::Method;
use serde::Serialize;
use serde_json::{Map, Value};

use super::ask::{Ask, Refused};
use super::list::reading;
use super::{Provider, oddities, words};
use crate::error::SiteError;
use crate::odata::{Envelope, Filter, Query, Target};
use crate::sms::{Changes, Instance, Key, KeyPart};

impl Provider {
    /// One object with its lazy properties.
    pub async fn get<I: Instance>(&self, id: &I::Id) -> Result<I, SiteError> {
        let object = self.get_raw(I::CLASS, id).await?;
        serde_json::from_value(Value::Object(object)).map_err(|error| SiteError::Garbled {
            attempt: format!("read {}", words::one(I::CLASS, id)),
            reason: error.to_string(),
        })
    }

    /// One object as the site wrote it.
    pub async fn get_raw(
        &self,
        class: &str,
        id: &impl Key,
    ) -> Result<Map<String, Value>, SiteError> {
        let what = words::one(class, id);
        let Some(key) = oddities::address(id) else {
            return self.find_raw(class, id, what).await;
        };
        let class = class.to_owned();
        let answered = self
            .ask(Ask {
                method: Method::GET,
                path: self.path(&Target::Object { class, key }, None),
                body: None,
                attempt: format!("read {what}"),
                what: Some(what.clone()),
            })
            .await?;
        answered.object()?.ok_or(SiteError::Missing { what })
    }

    /// An object whose key cannot stand in a path: asked for by the rest of its key and picked out here.
    async fn find_raw(
        &self,
        class: &str,
        id: &impl Key,
        what: String,
    ) -> Result<Map<String, Value>, SiteError> {
        let parts = id.parts();
        let plain = parts.iter().filter_map(|(name, part)| match part {
            KeyPart::Text(text) if text.contains('\\') => None,
            KeyPart::Text(text) => Some(Filter::eq(*name, text)),
            KeyPart::Number(number) => Some(Filter::eq(*name, i64::try_from(*number).ok()?)),
        });
        let query = Query::filtered(Filter::all(plain));
        let path = self.path(&Target::Class(class.to_owned()), Some(&query));
        let answered = self.ask(reading(class, path)).await?;
        let found: Envelope<Map<String, Value>> = answered.json()?;
        let mut found = found.value.into_iter();
        found
            .find(|object| parts.iter().all(|(name, part)| is_same(object.get(*name), part)))
            .ok_or(SiteError::Missing { what })
    }

    /// Makes an object; what comes back is as the site filled it in, id included.
    pub async fn create<C: Changes>(&self, changes: &C) -> Result<C::Of, SiteError> {
        let class = <C::Of as Instance>::CLASS;
        let attempt = format!("make the {}", words::single(class));
        let answered = self
            .ask(Ask {
                method: Method::POST,
                path: self.path(&Target::Class(class.to_owned()), None),
                body: Some(Value::Object(members(changes, &attempt)?)),
                attempt,
                what: None,
            })
            .await?;
        let made = answered.object()?;
        made.ok_or_else(|| answered.garbled("it does not show what was made"))
    }

    /// Changes an object; what is not in `changes` stays as it is.
    pub async fn update<C: Changes>(
        &self,
        id: &<C::Of as Instance>::Id,
        changes: &C,
    ) -> Result<(), SiteError> {
        let class = <C::Of as Instance>::CLASS;
        let what = words::one(class, id);
        let attempt = format!("change {what}");
        let changes = members(changes, &attempt)?;
        let put = match oddities::address(id) {
            None => None,
            Some(key) => {
                let class = class.to_owned();
                Some(self.path(&Target::Object { class, key }, None))
            }
        };
        let mut body = self.repeated(class, id, &changes).await?;
        body.extend(changes);
        if let Some(path) = put {
            let ask = Ask {
                method: Method::PUT,
                path,
                body: Some(Value::Object(body.clone())),
                attempt: attempt.clone(),
                what: Some(what.clone()),
            };
            match self.ask(ask).await {
                Ok(_) => return Ok(()),
                Err(Refused {
                    status: Some(status),
                    ..
                }) if oddities::wants_post_instead(status) => {}
                Err(refused) => return Err(refused.into()),
            }
        }
        let ask = Ask {
            method: Method::POST,
            path: self.path(&Target::Class(class.to_owned()), None),
            body: Some(Value::Object(body)),
            attempt,
            what: Some(what),
        };
        self.ask(ask).await?;
        Ok(())
    }

    /// The key, and the properties a site wants to see again on an update although they stay as they are.
    async fn repeated(
        &self,
        class: &str,
        id: &impl Key,
        changes: &Map<String, Value>,
    ) -> Result<Map<String, Value>, SiteError> {
        let mut body: Map<String, Value> = id
            .parts()
            .into_iter()
            .map(|(name, part)| match part {
                KeyPart::Text(text) => (name.to_owned(), text.into()),
                KeyPart::Number(number) => (name.to_owned(), number.into()),
            })
            .collect();
        let wanted = oddities::repeated_on_update(class);
        let absent = |name: &&str| !body.contains_key(*name) && !changes.contains_key(*name);
        let wanted: Vec<&str> = wanted.iter().copied().filter(absent).collect();
        if !wanted.is_empty() {
            let mut now = self.get_raw(class, id).await?;
            let kept = wanted
                .into_iter()
                .filter_map(|name| Some((name.to_owned(), now.remove(name)?)));
            body.extend(kept);
        }
        Ok(body)
    }

    /// Deletes an object. One that is named by a NAL path is not deleted so: see [`Provider::remove_assignment`].
    pub async fn delete<I: Instance>(&self, id: &I::Id) -> Result<(), SiteError> {
        let what = words::one(I::CLASS, id);
        let attempt = format!("delete {what}");
        let Some(key) = oddities::address(id) else {
            return Err(SiteError::Refused {
                attempt,
                reason: "an object named by a network path has no address".into(),
                code: None,
            });
        };
        let class = I::CLASS.to_owned();
        self.ask(Ask {
            method: Method::DELETE,
            path: self.path(&Target::Object { class, key }, None),
            body: None,
            attempt,
            what: Some(what),
        })
        .await?;
        Ok(())
    }
}

/// What is sent of some changes: the properties that are set.
fn members(changes: &impl Serialize, attempt: &str) -> Result<Map<String, Value>, SiteError> {
    let refused = |reason: String| SiteError::Refused {
        attempt: attempt.to_owned(),
        reason,
        code: None,
    };
    match serde_json::to_value(changes) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(refused("the changes are no object".into())),
        Err(error) => Err(refused(error.to_string())),
    }
}

/// Sites compare texts without regard to case.
fn is_same(value: Option<&Value>, part: &KeyPart) -> bool {
    match (value, part) {
        (Some(Value::String(said)), KeyPart::Text(wanted)) => {
            said.to_lowercase() == wanted.to_lowercase()
        }
        (Some(value), KeyPart::Number(wanted)) => value.as_u64() == Some(*wanted),
        _ => false,
    }
}
