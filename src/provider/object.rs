//! One object: read, made, changed, deleted.

use http::Method;
use serde::Serialize;
use serde_json::{Map, Value};

use super::ask::{Ask, Refused};
use super::{Provider, oddities, words};
use crate::error::SiteError;
use crate::odata::{KeyPredicate, Target};
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
        if oddities::is_named_by_path(id) {
            return self.find_raw(class, id).await;
        }
        let what = words::one(class, id);
        let reading = |at: &Target| self.plain(Method::GET, at, format!("read {what}"), &what);
        let answered = self.at_key(class, id, reading).await?;
        answered.object()?.ok_or(SiteError::Missing { what })
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
        let address = oddities::address(id);
        let mut body = self.repeated(class, id, &changes).await?;
        body.extend(changes);
        if let Some(key) = &address {
            let at = Target::Object {
                class: class.to_owned(),
                key: key.clone(),
            };
            let ask = Ask {
                method: Method::PUT,
                path: self.path(&at, None),
                body: Some(Value::Object(body.clone())),
                attempt: attempt.clone(),
                what: Some(what.clone()),
            };
            match self.ask(ask).await {
                Ok(_) => return Ok(()),
                Err(Refused {
                    status: Some(status),
                    ..
                }) if oddities::wants_post_instead(status, key) => {
                    // A POST of the class makes what is not there: whoever deleted it meanwhile meant that.
                    let was_read = !matches!(key, KeyPredicate::Named(_));
                    if !was_read && !self.is_listed(class, id).await? {
                        return Err(SiteError::Missing { what });
                    }
                }
                Err(refused) => return Err(refused.into()),
            }
        }
        let ask = Ask {
            method: Method::POST,
            path: self.path(&Target::Class(class.to_owned()), None),
            body: Some(Value::Object(body)),
            attempt: attempt.clone(),
            what: Some(what),
        };
        match self.ask(ask).await {
            Ok(_) => Ok(()),
            Err(refused)
                if address.is_none() && refused.status.is_some_and(oddities::does_not_route) =>
            {
                Err(self.unaddressed(class, id, attempt, &refused).await)
            }
            Err(refused) => Err(refused.into()),
        }
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
        if oddities::is_named_by_path(id) {
            return Err(SiteError::Refused {
                attempt,
                reason: "an object named by a network path has no address".into(),
                code: None,
            });
        }
        let deleting = |at: &Target| self.plain(Method::DELETE, at, attempt.clone(), &what);
        self.at_key(I::CLASS, id, deleting).await?;
        Ok(())
    }

    /// A request without a body to one object.
    pub(super) fn plain(&self, method: Method, at: &Target, attempt: String, what: &str) -> Ask {
        Ask {
            method,
            path: self.path(at, None),
            body: None,
            attempt,
            what: Some(what.to_owned()),
        }
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

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use axum::Router;
    use axum::body::{Body, to_bytes};
    use http::Request;
    use serde_json::{Value, json};

    use crate::error::SiteError;
    use crate::provider::Provider;
    use crate::provider::testing::{answer, answering, provider};
    use crate::sms::collection::{Collection, CollectionChanges};
    use crate::sms::ids::{AssignmentId, CollectionId, ProgramId};
    use crate::sms::nal::NalPath;
    use crate::sms::program::ProgramChanges;

    const CREATED: &str =
        include_str!("../../tests/fixtures/adminservice/resp-collection-create.json");

    type Heard = Arc<Mutex<Vec<String>>>;

    /// A site that writes down what it hears and answers by method.
    fn listening(
        status: impl Fn(&str) -> u16 + Clone + Send + Sync + 'static,
    ) -> (Provider, Heard) {
        let heard = Heard::default();
        let notes = Arc::clone(&heard);
        let site = Router::new().fallback(move |request: Request<Body>| {
            let (notes, status) = (Arc::clone(&notes), status.clone());
            async move {
                let (parts, body) = request.into_parts();
                let body = to_bytes(body, usize::MAX).await.unwrap();
                let body = String::from_utf8(body.to_vec()).unwrap();
                let line = format!("{} {} {body}", parts.method, parts.uri.path());
                notes.lock().unwrap().push(line.trim().to_owned());
                answer(status(parts.method.as_str()), CREATED)
            }
        });
        (provider(site), heard)
    }

    fn comment(text: &str) -> CollectionChanges {
        CollectionChanges {
            comment: Some(text.to_owned()),
            ..CollectionChanges::default()
        }
    }

    #[tokio::test]
    async fn an_object_is_read_wrapped_bare_and_with_what_we_do_not_know() {
        let wrapped = format!(r#"{{"value":[{CREATED}]}}"#);
        for body in [CREATED.to_owned(), wrapped] {
            let site = answering(move |request| {
                assert_eq!(
                    request.uri().path(),
                    "/AdminService/wmi/SMS_Collection('ABC00200')"
                );
                answer(200, body.clone())
            });
            let read: Collection = site.get(&CollectionId::new("ABC00200")).await.unwrap();
            assert_eq!(read.collection_id.as_str(), "ABC00200");
            assert_eq!(read.other["__GENUS"], 2);
        }
    }

    #[tokio::test]
    async fn what_is_not_there_is_named() {
        for (status, body) in [(404, ""), (200, r#"{"value":[]}"#)] {
            let site = answering(move |_| answer(status, body));
            let missing = site.get::<Collection>(&CollectionId::new("ABC00200")).await;
            let what = "collection ABC00200".to_owned();
            assert_eq!(missing.unwrap_err(), SiteError::Missing { what });
        }
    }

    #[tokio::test]
    async fn a_creation_sends_what_is_set_and_shows_what_was_made() {
        let (site, heard) = listening(|_| 201);
        let made = site.create(&comment("c")).await.unwrap();
        assert_eq!(made.collection_id.as_str(), "ABC00200");
        assert_eq!(
            *heard.lock().unwrap(),
            [r#"POST /AdminService/wmi/SMS_Collection {"Comment":"c"}"#]
        );
    }

    #[tokio::test]
    async fn a_creation_without_an_answer_leaves_doubt() {
        let site = answering(|_| answer(201, ""));
        let lost = site.create(&comment("c")).await.unwrap_err();
        assert!(lost.leaves_doubt());
    }

    #[tokio::test]
    async fn an_update_is_put_with_what_sites_want_to_see_again() {
        let (site, heard) = listening(|_| 200);
        let id = CollectionId::new("ABC00200");
        site.update(&id, &comment("new")).await.unwrap();
        let heard = heard.lock().unwrap();
        assert_eq!(heard.len(), 2, "{heard:?}");
        let body = heard[1]
            .strip_prefix("PUT /AdminService/wmi/SMS_Collection('ABC00200') ")
            .unwrap();
        let body: Value = serde_json::from_str(body).unwrap();
        let name = serde_json::from_str::<Value>(CREATED).unwrap()["Name"].clone();
        assert_eq!(
            body,
            json!({
                "CollectionID": "ABC00200", "Name": name, "CollectionType": 1, "LimitToCollectionID": "SMS00004",
                "RefreshType": 1, "Comment": "new"
            })
        );
    }

    #[tokio::test]
    async fn where_put_is_not_taken_the_class_is_posted_to() {
        for status in [404, 405, 501] {
            let (site, heard) = listening(move |method| if method == "PUT" { status } else { 201 });
            let id = CollectionId::new("ABC00200");
            site.update(&id, &comment("new")).await.unwrap();
            let heard = heard.lock().unwrap();
            let verbs: Vec<_> = heard
                .iter()
                .filter_map(|line| line.split(' ').next())
                .collect();
            assert_eq!(verbs, ["GET", "PUT", "POST"]);
            assert!(heard[2].contains(r#""CollectionID":"ABC00200""#));
        }
    }

    #[tokio::test]
    async fn what_was_deleted_meanwhile_is_not_made_again_by_an_update() {
        let there = json!({ "PackageID": "ABC00001", "ProgramName": "Install" });
        for (listed, ends) in [
            (json!([there]), ["PUT", "GET", "POST"].as_slice()),
            (json!([]), &["PUT", "GET"]),
        ] {
            let heard = Arc::new(Mutex::new(Vec::new()));
            let (hear, is_there) = (Arc::clone(&heard), listed != json!([]));
            let site = answering(move |request| {
                hear.lock().unwrap().push(request.method().to_string());
                match request.method().as_str() {
                    "PUT" => answer(404, ""),
                    "GET" => answer(200, json!({ "value": listed }).to_string()),
                    _ => answer(201, "{}"),
                }
            });
            let id = ProgramId::new("ABC00001", "Install");
            let updated = site.update(&id, &ProgramChanges::default()).await;
            assert_eq!(updated.is_ok(), is_there, "{updated:?}");
            assert_eq!(*heard.lock().unwrap(), ends);
        }
    }

    #[tokio::test]
    async fn an_update_that_is_refused_is_not_tried_another_way() {
        let (site, heard) = listening(|method| if method == "PUT" { 500 } else { 201 });
        let id = CollectionId::new("ABC00200");
        assert!(site.update(&id, &comment("new")).await.is_err());
        assert_eq!(heard.lock().unwrap().len(), 2);
    }

    #[tokio::test]
    async fn an_object_named_by_a_nal_path_is_picked_out_of_a_list() {
        let path = r#"["Display=\\dp01\"]MSWNET:["SMS_SITE=ABC"]\\dp01\"#;
        let rows = json!({ "value": [
            { "PackageID": "ABC00001", "ServerNALPath": "other", "SiteCode": "ABC" },
            { "PackageID": "ABC00001", "ServerNALPath": path.to_uppercase(), "SiteCode": "ABC", "Found": true },
        ]});
        let site = answering(move |request| {
            let query = request.uri().query().unwrap();
            assert!(!query.contains("%5C"), "{query}");
            assert!(query.contains("PackageID%20eq%20'ABC00001'"), "{query}");
            answer(200, rows.to_string())
        });
        let id = AssignmentId {
            package: "ABC00001".into(),
            nal_path: NalPath::new(path),
            site: "ABC".into(),
        };
        let found = site.get_raw("SMS_DistributionPoint", &id).await.unwrap();
        assert_eq!(found["Found"], true);
    }
}
