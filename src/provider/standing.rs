//! What a site says of itself, and of the account that asks: for whoever checks the way to it.
//!
//! Public documentation is thin here, and real sites may answer otherwise. A site that does not know a question is no
//! fault: the answer is then `None`, and is told as unknown.

use http::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::ask::{Ask, Refused};
use super::list::reading;
use super::{Provider, oddities};
use crate::error::SiteError;
use crate::odata::envelope::SECURITY_VERBS;
use crate::odata::{Envelope, Filter, Query, Target};
use crate::sms::rights::Rights;
use crate::sms::{Key, KeyPart, Row};

/// How an account stands with the objects of one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether it sees one at all: no row can mean no object, or no right to see any.
    pub sees_one: bool,
    /// On the first one it sees, where the site says so.
    pub rights: Option<Rights>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Location {
    #[serde(rename = "Machine", default)]
    machine: String,
}

/// The key of whatever row came back.
#[derive(Clone)]
struct RowKey(Vec<(&'static str, KeyPart)>);

impl Key for RowKey {
    fn parts(&self) -> Vec<(&'static str, KeyPart)> {
        self.0.clone()
    }
}

impl Provider {
    /// The classes the service document names; also what a sign-in is tried with.
    pub async fn classes(&self) -> Result<Vec<String>, SiteError> {
        let answered = self
            .ask(Ask {
                method: Method::GET,
                path: self.path(&Target::Service, None),
                body: None,
                attempt: "read the service document".to_owned(),
                what: None,
            })
            .await?;
        let document: Envelope<Named> = answered.json()?;
        Ok(document.value.into_iter().map(|class| class.name).collect())
    }

    /// The servers that are an SMS Provider of the site, where it shows them.
    pub async fn provider_servers(&self) -> Result<Option<Vec<String>>, SiteError> {
        let found = self.whole::<Location>("SMS_ProviderLocation", None, &["Machine"]);
        let found = where_shown(found.await)?.map(|rows| {
            let machines = rows.into_iter().map(|row| row.machine);
            machines.filter(|machine| !machine.is_empty()).collect()
        });
        Ok(found)
    }

    /// Columns of a class that is small, but may come in pages all the same.
    pub(super) async fn whole<T: DeserializeOwned>(
        &self,
        class: &str,
        filter: Option<Filter>,
        columns: &[&'static str],
    ) -> Result<Vec<T>, Refused> {
        let query = Query::filtered(filter).selecting(columns.iter().copied());
        let path = self.path(&Target::Class(class.to_owned()), Some(&query));
        self.rows(class, path, usize::MAX, |_| ()).await
    }

    /// How the account stands with a class: one row is read, and then that object with what may be done to it.
    pub async fn standing<R: Row>(&self) -> Result<Standing, SiteError> {
        let query = Query::default().selecting(R::KEY.iter().copied()).top(1);
        let path = self.path(&Target::Class(R::CLASS.to_owned()), Some(&query));
        let answered = self.ask(reading(R::CLASS, path)).await?;
        let rows: Envelope<serde_json::Map<String, Value>> = answered.json()?;
        let Some(row) = rows.value.first() else {
            return Ok(Standing {
                sees_one: false,
                rights: None,
            });
        };
        let parts = R::KEY.iter().filter_map(|key| match row.get(*key)? {
            Value::String(text) => Some((*key, KeyPart::Text(text.clone()))),
            Value::Number(number) => Some((*key, KeyPart::Number(number.as_u64()?))),
            _ => None,
        });
        Ok(Standing {
            sees_one: true,
            rights: self.rights_on(R::CLASS, &RowKey(parts.collect())).await,
        })
    }

    /// What may be done to an object. Lists never say: one that is read as a row of a list is not asked for.
    async fn rights_on(&self, class: &str, key: &RowKey) -> Option<Rights> {
        if oddities::is_named_by_path(key) {
            return None;
        }
        let object = self.get_raw(class, key).await.ok()?;
        Rights::of_number(object.get(SECURITY_VERBS)?.as_i64()?)
    }
}

/// A class that is not there, or not for this account, is one the site does not show; a line that is lost, or a site that
/// breaks down over it, is a fault, and what is asked again may be answered.
pub(super) fn where_shown<T>(
    answer: Result<T, impl Into<SiteError>>,
) -> Result<Option<T>, SiteError> {
    match answer.map_err(Into::into) {
        Ok(answer) => Ok(Some(answer)),
        Err(
            SiteError::Missing { .. } | SiteError::Forbidden { .. } | SiteError::Refused { .. },
        ) => Ok(None),
        Err(fault) => Err(fault),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::provider::testing::{answer, answering};
    use crate::sms::collection::CollectionRow;
    use crate::sms::rights::Rights;

    #[tokio::test]
    async fn rights_are_those_of_the_first_object_that_is_seen() {
        let site = answering(|request| {
            let query = request.uri().query().unwrap_or_default();
            if query.is_empty() {
                assert!(request.uri().path().ends_with("SMS_Collection('SMS00001')"));
                let object = json!({ "CollectionID": "SMS00001", "__QUALIFIER_SECURITYVERBS": 65 });
                return answer(200, json!({ "value": [object] }).to_string());
            }
            assert!(query.contains("$select=CollectionID") && query.contains("$top=1"));
            answer(200, r#"{"value":[{"CollectionID":"SMS00001"}]}"#)
        });
        let standing = site.standing::<CollectionRow>().await.unwrap();
        assert!(standing.sees_one);
        assert_eq!(standing.rights, Some(Rights::READ | Rights::ADVERTISE));
    }

    #[tokio::test]
    async fn what_a_site_does_not_say_is_unknown_and_no_fault() {
        let empty = answering(|_| answer(200, r#"{"value":[]}"#));
        let standing = empty.standing::<CollectionRow>().await.unwrap();
        assert_eq!((standing.sees_one, standing.rights), (false, None));
        for status in [403, 404] {
            let site = answering(move |_| answer(status, ""));
            assert_eq!(site.provider_servers().await, Ok(None), "{status}");
            assert_eq!(site.administrators().await, Ok(None), "{status}");
        }
        let silent = answering(|request| {
            if request.uri().path().ends_with("')") {
                return answer(500, "");
            }
            answer(200, r#"{"value":[{"CollectionID":"SMS00001"}]}"#)
        });
        let standing = silent.standing::<CollectionRow>().await.unwrap();
        assert_eq!((standing.sees_one, standing.rights), (true, None));
        for status in [401, 500] {
            let site = answering(move |_| answer(status, ""));
            assert!(site.administrators().await.is_err(), "{status}");
        }
    }
}
