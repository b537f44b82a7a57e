//! One object by its key in a path: the forms a key takes there, and what is done where it takes none.

use serde_json::{Map, Value};

use super::ask::{Answered, Ask, Refused};
use super::{Provider, oddities, words};
use crate::error::SiteError;
use crate::odata::{Filter, KeyPredicate, Query, Target};
use crate::sms::{Key, KeyPart};

impl Provider {
    /// Reads or deletes one object; `ask` says how at a place.
    ///
    /// A site that cannot read a key says so much like one that has no such object. So where a key has several forms,
    /// the list is asked which of both it is, and for nothing but the key: what is read in a list is never a whole object.
    pub(super) async fn at_key(
        &self,
        class: &str,
        id: &impl Key,
        ask: impl Fn(&Target) -> Ask,
    ) -> Result<Answered, SiteError> {
        let at = |key: KeyPredicate| {
            let class = class.to_owned();
            ask(&Target::Object { class, key })
        };
        let usual = oddities::address_at_all(id);
        let first = at(usual.clone());
        let attempt = first.attempt.clone();
        let refused = match self.ask(first).await {
            Err(refused) if may_be_misread(&refused, &usual) => refused,
            answered => return Ok(answered?),
        };
        if !self.is_listed(class, id).await? {
            let what = words::one(class, id);
            return Err(SiteError::Missing { what });
        }
        for other in oddities::other_addresses(id) {
            match self.ask(at(other)).await {
                Err(again) if may_be_misread(&again, &usual) => {}
                answered => return Ok(answered?),
            }
        }
        Err(beyond_reach(id, attempt, &refused))
    }

    /// Why an object whose key cannot stand in a path was not found by way of its class. A refusal there says nothing of
    /// the object, so the list is asked whether there is one.
    pub(super) async fn unaddressed(
        &self,
        class: &str,
        id: &impl Key,
        attempt: String,
        refused: &Refused,
    ) -> SiteError {
        match self.is_listed(class, id).await {
            Ok(true) => beyond_reach(id, attempt, refused),
            Ok(false) => SiteError::Missing {
                what: words::one(class, id),
            },
            Err(error) => error,
        }
    }

    /// Whether the list of its class has an object.
    pub(super) async fn is_listed(&self, class: &str, id: &impl Key) -> Result<bool, SiteError> {
        let parts = id.parts();
        let names = parts.iter().map(|(name, _)| *name);
        let query = Query::filtered(key_filter(&parts)).selecting(names);
        Ok(self.find(class, &query, &parts).await?.is_some())
    }

    /// An object whose key cannot stand in a path: asked for by the rest of its key and picked out here.
    pub(super) async fn find_raw(
        &self,
        class: &str,
        id: &impl Key,
    ) -> Result<Map<String, Value>, SiteError> {
        let parts = id.parts();
        let query = Query::filtered(key_filter(&parts));
        let found = self.find(class, &query, &parts).await?;
        found.ok_or_else(|| SiteError::Missing {
            what: words::one(class, id),
        })
    }

    async fn find(
        &self,
        class: &str,
        query: &Query,
        parts: &[(&str, KeyPart)],
    ) -> Result<Option<Map<String, Value>>, SiteError> {
        let path = self.path(&Target::Class(class.to_owned()), Some(query));
        let found: Vec<Map<String, Value>> = self.rows(class, path, usize::MAX, |_| ()).await?;
        Ok(found.into_iter().find(|object| {
            parts
                .iter()
                .all(|(name, part)| is_same(object.get(*name), part))
        }))
    }
}

fn may_be_misread(refused: &Refused, key: &KeyPredicate) -> bool {
    let misread = |status| oddities::may_be_misread(status, key);
    refused.status.is_some_and(misread)
}

/// An object that is there and that the site takes no address of.
fn beyond_reach(id: &impl Key, attempt: String, refused: &Refused) -> SiteError {
    let status = refused.status.unwrap_or_default().as_u16();
    let reason = if oddities::address(id).is_some() {
        format!("not possible here: this site cannot read a key of several parts ({status})")
    } else {
        format!(
            "a name with a backslash has no address here ({status}); make one without it, or use a console on Windows"
        )
    };
    SiteError::Refused {
        attempt,
        reason,
        code: None,
    }
}

/// As much of a key as can stand in a filter.
fn key_filter(parts: &[(&'static str, KeyPart)]) -> Option<Filter> {
    Filter::all(parts.iter().filter_map(|(name, part)| match part {
        KeyPart::Text(text) if text.contains('\\') => None,
        KeyPart::Text(text) => Some(Filter::eq(*name, text)),
        KeyPart::Number(number) => Some(Filter::eq(*name, i64::try_from(*number).ok()?)),
    }))
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

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use http::Method;
    use serde_json::json;

    use super::*;
    use crate::provider::testing::{answer, answering};
    use crate::sms::ids::ProgramId;
    use crate::sms::program::{Program, ProgramChanges};

    type Heard = Arc<Mutex<Vec<String>>>;

    /// A site whose list has the program or not, and which takes one form of its key.
    fn taking(form: &'static str, refusal: u16, is_there: bool) -> (Provider, Heard) {
        let heard = Heard::default();
        let notes = Arc::clone(&heard);
        let row = json!({ "PackageID": "ABC00001", "ProgramName": "install" });
        let site = answering(move |request| {
            let path = request.uri().path().to_owned();
            let key = path.rsplit('/').next().unwrap().to_owned();
            notes
                .lock()
                .unwrap()
                .push(format!("{} {key}", request.method()));
            match key.as_str() {
                "SMS_Program" if is_there => answer(200, json!({ "value": [row] }).to_string()),
                "SMS_Program" => answer(200, r#"{"value":[]}"#),
                key if key == form => answer(200, json!({ "value": [row] }).to_string()),
                _ => answer(refusal, ""),
            }
        });
        (site, heard)
    }

    fn program() -> ProgramId {
        ProgramId::new("ABC00001", "Install")
    }

    const USUAL: &str = "SMS_Program(PackageID='ABC00001',ProgramName='Install')";
    const TURNED: &str = "SMS_Program(ProgramName='Install',PackageID='ABC00001')";
    const UNNAMED: &str = "SMS_Program('ABC00001','Install')";

    #[tokio::test]
    async fn a_key_of_several_parts_is_tried_in_each_of_its_forms() {
        for refusal in [400, 404] {
            for (tries, form) in [USUAL, TURNED, UNNAMED].into_iter().enumerate() {
                let (site, heard) = taking(form, refusal, true);
                site.get::<Program>(&program()).await.unwrap();
                site.delete::<Program>(&program()).await.unwrap();
                let heard = heard.lock().unwrap();
                let each = if tries == 0 { 1 } else { tries + 2 };
                assert_eq!(heard.len(), 2 * each, "{heard:?}");
                assert_eq!(heard[each - 1], format!("GET {form}"));
                assert_eq!(heard[2 * each - 1], format!("DELETE {form}"));
            }
        }
    }

    #[tokio::test]
    async fn what_no_list_has_is_missing_whatever_the_refusal_was() {
        for refusal in [400, 404] {
            let (site, heard) = taking("none", refusal, false);
            let missing = site.get::<Program>(&program()).await.unwrap_err();
            let what = "program ABC00001/Install".to_owned();
            assert_eq!(missing, SiteError::Missing { what });
            assert_eq!(heard.lock().unwrap().len(), 2);
        }
    }

    #[tokio::test]
    async fn a_row_of_a_list_is_never_taken_for_the_object() {
        let (site, heard) = taking("none", 404, true);
        let refused = site.get::<Program>(&program()).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the site refused to read program ABC00001/Install: not possible here: this site cannot read a key of \
             several parts (404)"
        );
        assert!(!refused.leaves_doubt());
        assert_eq!(heard.lock().unwrap().len(), 4);
    }

    /// A site that has this program, and finds nothing but the list of its class.
    fn listing_only(name: &'static str) -> Provider {
        answering(move |request| {
            let is_list = request.uri().path().ends_with("/SMS_Program");
            if is_list && request.method() == Method::GET {
                let row = json!({ "PackageID": "ABC00001", "ProgramName": name });
                return answer(200, json!({ "value": [row] }).to_string());
            }
            answer(404, "")
        })
    }

    #[tokio::test]
    async fn a_name_that_cannot_travel_in_a_path_is_tried_before_it_is_told() {
        let site = listing_only(r"a\b");
        let id = ProgramId::new("ABC00001", r"a\b");
        let changes = ProgramChanges::default();
        for (verb, refused) in [
            ("read", site.get::<Program>(&id).await.map(drop)),
            ("change", site.update(&id, &changes).await),
            ("delete", site.delete::<Program>(&id).await),
        ] {
            let told = format!(
                "the site refused to {verb} program ABC00001/a\\b: a name with a backslash has no address here (404); make \
                 one without it, or use a console on Windows"
            );
            assert_eq!(refused.unwrap_err().to_string(), told);
        }
    }

    #[tokio::test]
    async fn what_has_a_backslash_and_is_in_no_list_is_missing() {
        let site = listing_only("install");
        let id = ProgramId::new("ABC00001", r"a\b");
        let changes = ProgramChanges::default();
        for gone in [
            site.get::<Program>(&id).await.map(drop),
            site.update(&id, &changes).await,
            site.delete::<Program>(&id).await,
        ] {
            let what = r"program ABC00001/a\b".to_owned();
            assert_eq!(gone, Err(SiteError::Missing { what }));
        }
    }

    #[tokio::test]
    async fn a_judgement_is_not_argued_with() {
        for refusal in [401, 403, 500] {
            let (site, heard) = taking("none", refusal, true);
            assert!(site.delete::<Program>(&program()).await.is_err());
            assert_eq!(heard.lock().unwrap().len(), 1, "{refusal}");
        }
    }
}
