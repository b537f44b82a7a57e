//! How much of a site the account that asks may see, and who else administers it.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::standing::where_shown;
use super::{Provider, oddities};
use crate::error::SiteError;
use crate::odata::Filter;
use crate::sms::Row;
use crate::sms::collection::CollectionRow;
use crate::sms::ids::{CollectionId, ScopeId};
use crate::sms::rights::Sight;
use crate::sms::scope::ScopeRow;

/// An account that administers the site.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Administrator {
    /// `DOMAIN\user`, or a group.
    #[serde(rename = "LogonName", default)]
    pub logon_name: String,
    #[serde(rename = "RoleNames", default)]
    pub role_names: Option<Vec<String>>,
    /// The security scopes it is limited to.
    #[serde(rename = "CategoryNames", default)]
    scopes: Option<Vec<String>>,
    /// The collections it is limited to.
    #[serde(rename = "CollectionNames", default)]
    collections: Option<Vec<String>>,
}

/// What all there is of a kind is in: whoever has that is not limited. Its id is the same everywhere; its name may be in
/// the language of the site.
struct Everything {
    class: &'static str,
    key: &'static str,
    id: &'static str,
    name: &'static str,
    usual_name: &'static str,
    /// Whoever has it is shown it, so that not to be shown it says as much as a name.
    is_shown: bool,
}

/// The id is unverified, and scopes may be hidden from whoever has them.
const ALL_OBJECTS: Everything = Everything {
    class: ScopeRow::CLASS,
    key: "CategoryID",
    id: ScopeId::ALL,
    name: "CategoryName",
    usual_name: "All",
    is_shown: false,
};

const ALL_DEVICES: Everything = Everything {
    class: CollectionRow::CLASS,
    key: "CollectionID",
    id: CollectionId::ALL_SYSTEMS,
    name: "Name",
    usual_name: "All Systems",
    is_shown: true,
};

impl Administrator {
    /// Whether it is this account: `CORP\ada`, `ada@CORP.EXAMPLE` and `CORP.EXAMPLE\ada` are one, the first part of the
    /// domain decides.
    pub fn is(&self, user: &str) -> bool {
        parts(&self.logon_name) == parts(user)
    }
}

/// First part of the domain, and user, in lower case.
fn parts(name: &str) -> (String, String) {
    let name = name.to_lowercase();
    let (domain, user) = match (name.split_once('\\'), name.split_once('@')) {
        (Some((domain, user)), _) | (None, Some((user, domain))) => (domain, user),
        (None, None) => ("", name.as_str()),
    };
    let domain = domain.split('.').next().unwrap_or_default();
    (domain.to_owned(), user.to_owned())
}

impl Provider {
    /// Who administers the site, where the account may see that.
    ///
    /// A version that lacks one of the columns refuses them all; then those that every version has are asked for. One
    /// that shuts the class is not asked again: sites write down what they refuse.
    pub async fn administrators(&self) -> Result<Option<Vec<Administrator>>, SiteError> {
        let columns = ["LogonName", "RoleNames", "CategoryNames", "CollectionNames"];
        let asked = self.whole("SMS_Admin", None, &columns).await;
        where_shown(match asked {
            Err(refused) if refused.status.is_some_and(oddities::lacks_a_column) => {
                self.whole("SMS_Admin", None, &columns[..2]).await
            }
            asked => asked,
        })
    }

    /// How much of the site the account sees. Asked until the site answers; one that does not say leaves it unknown.
    ///
    /// Reasoned from what the product's own tools show of administrative users, and unproven on this way in: where real
    /// sites say it otherwise, this is the one place to change. An account that is one through a group is not named.
    pub async fn sight(&self) -> Result<Sight, SiteError> {
        if self.is_local() {
            return Ok(Sight::Whole);
        }
        let asked = self.sight.get_or_try_init(|| self.ask_sight()).await;
        asked.copied()
    }

    async fn ask_sight(&self) -> Result<Sight, SiteError> {
        let Some(user) = self.current_user().await? else {
            return Ok(Sight::Unknown);
        };
        let administrators = self.administrators().await?.unwrap_or_default();
        match administrators.iter().find(|one| one.is(&user)) {
            Some(own) => self.sight_of(own).await,
            None => Ok(Sight::Unknown),
        }
    }

    /// How much the scopes and collections of an account let it see.
    async fn sight_of(&self, own: &Administrator) -> Result<Sight, SiteError> {
        let collections = own.collections.as_deref();
        let devices = self.is_among(&ALL_DEVICES, collections).await?;
        let objects = self.is_among(&ALL_OBJECTS, own.scopes.as_deref()).await?;
        Ok(match (devices, objects) {
            (Some(true), Some(true)) => Sight::Whole,
            (Some(false), _) | (_, Some(false)) => Sight::Part,
            _ => Sight::Unknown,
        })
    }

    /// Whether everything is among the limits of an account; `None` where the site does not say.
    ///
    /// Sites name limits, and do not say their ids. So what the site itself calls everything is read before a list that
    /// lacks the usual name is taken for a limit.
    async fn is_among(
        &self,
        everything: &Everything,
        limits: Option<&[String]>,
    ) -> Result<Option<bool>, SiteError> {
        let Some(limits) = limits.filter(|limits| !limits.is_empty()) else {
            return Ok(None);
        };
        let is_named = |name: &str| limits.iter().any(|limit| limit == name);
        if is_named(everything.usual_name) {
            return Ok(Some(true));
        }
        let filter = Filter::eq(everything.key, everything.id);
        let columns = [everything.key, everything.name];
        let found: Result<Vec<Map<String, Value>>, _> =
            self.whole(everything.class, Some(filter), &columns).await;
        let Some(found) = where_shown(found)? else {
            return Ok(None);
        };
        let Some(own) = found.first() else {
            return Ok(everything.is_shown.then_some(false));
        };
        let name = own.get(everything.name).and_then(Value::as_str);
        Ok(name.map(is_named))
    }

    /// Whom the site takes us for. What it calls its answer is not written down anywhere, so the only text is taken, be
    /// it what the method returns or beside that.
    async fn current_user(&self) -> Result<Option<String>, SiteError> {
        let called = self.call_static("SMS_Identification", "GetCurrentUser", Map::new());
        let Some(returned) = where_shown(called.await)? else {
            return Ok(None);
        };
        let named = returned.out.into_iter().map(|(_, value)| value);
        let mut said = returned.value.into_iter().chain(named);
        Ok(said.find_map(|value| value.as_str().map(str::to_owned)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::body::Body;
    use http::Response;
    use serde_json::{Value, json};

    use super::parts;
    use crate::provider::testing::{answer, answering};
    use crate::provider::{Provider, SiteAddress};
    use crate::sms::rights::Sight;

    /// A site that takes us for an account, says this of it, and answers so where it is asked what a class calls
    /// everything.
    fn saying(of_it: &Value, everything: fn(&str) -> Response<Body>) -> Provider {
        let row = of_it.to_string();
        answering(move |request| {
            let class = request.uri().path().rsplit('/').next().unwrap();
            let asked = request.uri().query().unwrap_or_default();
            match class {
                "SMS_Identification.GetCurrentUser" => {
                    let said = json!({ "ReturnValue": 0, "UserName": "CORP\\ada" });
                    answer(201, said.to_string())
                }
                "SMS_Admin" => {
                    assert!(asked.starts_with("$select=LogonName,RoleNames"), "{asked}");
                    let rows = format!(r#"{{"value":[{{"LogonName":"CORP\\bob"}},{row}]}}"#);
                    answer(200, rows)
                }
                class => {
                    assert!(asked.contains("ID%20eq%20'SMS00"), "{asked}");
                    everything(class)
                }
            }
        })
    }

    fn limited(scopes: &[&str], collections: &[&str]) -> Value {
        json!({ "LogonName": "corp.example\\Ada", "CategoryNames": scopes, "CollectionNames": collections })
    }

    fn in_english(class: &str) -> Response<Body> {
        answer(
            200,
            match class {
                "SMS_Collection" => r#"{"value":[{"Name":"All Systems"}]}"#,
                _ => r#"{"value":[{"CategoryName":"All"}]}"#,
            },
        )
    }

    fn in_german(class: &str) -> Response<Body> {
        answer(
            200,
            match class {
                "SMS_Collection" => r#"{"value":[{"Name":"Alle Systeme"}]}"#,
                _ => r#"{"value":[{"CategoryName":"Alle"}]}"#,
            },
        )
    }

    #[tokio::test]
    async fn whoever_is_not_in_all_scopes_and_all_systems_sees_a_part() {
        for (said, sight) in [
            (
                limited(&["All"], &["All Systems", "All Users and User Groups"]),
                Sight::Whole,
            ),
            (limited(&["Default", "All"], &["Berlin"]), Sight::Part),
            (limited(&["Default"], &["All Systems"]), Sight::Part),
            (limited(&["All"], &[]), Sight::Unknown),
            (json!({ "LogonName": "corp\\ada" }), Sight::Unknown),
            (
                json!({ "LogonName": "CORP\\helpers", "CategoryNames": ["All"] }),
                Sight::Unknown,
            ),
        ] {
            let site = saying(&said, in_english);
            assert_eq!(site.ask_sight().await, Ok(sight), "{said}");
        }
        for status in [403, 404] {
            let site = answering(move |_| answer(status, ""));
            assert_eq!(site.ask_sight().await, Ok(Sight::Unknown), "{status}");
        }
    }

    #[tokio::test]
    async fn what_everything_is_called_is_read_before_a_name_is_taken_for_a_limit() {
        let whole = limited(&["Alle"], &["Alle Systeme"]);
        let in_some_collections = limited(&["Alle"], &["Berlin"]);
        let in_some_scopes = limited(&["Berlin"], &["Alle Systeme"]);
        let shut: fn(&str) -> Response<Body> = |_| answer(403, "");
        let unseen: fn(&str) -> Response<Body> = |_| answer(200, r#"{"value":[]}"#);
        let without_scopes: fn(&str) -> Response<Body> = |class| match class {
            "SMS_Collection" => in_german(class),
            _ => answer(200, r#"{"value":[]}"#),
        };
        for (said, everything, sight) in [
            (
                &whole,
                in_german as fn(&str) -> Response<Body>,
                Sight::Whole,
            ),
            (&in_some_collections, in_german, Sight::Part),
            (&in_some_scopes, in_german, Sight::Part),
            (&whole, shut, Sight::Unknown),
            (&in_some_collections, shut, Sight::Unknown),
            // A collection that is not shown is one the account does not have; of a scope that does not follow.
            (&in_some_collections, unseen, Sight::Part),
            (&whole, without_scopes, Sight::Unknown),
            (&in_some_scopes, without_scopes, Sight::Unknown),
        ] {
            let site = saying(said, everything);
            assert_eq!(site.ask_sight().await, Ok(sight), "{said}");
        }
        let broken = saying(&whole, |_| answer(500, ""));
        assert!(broken.ask_sight().await.is_err());
    }

    #[tokio::test]
    async fn a_version_that_knows_no_limits_says_who_administers_it() {
        let older = answering(|request| {
            let asked = request.uri().query().unwrap_or_default();
            if asked.contains("CategoryNames") {
                return answer(400, "");
            }
            answer(200, r#"{"value":[{"LogonName":"corp\\ada"}]}"#)
        });
        let known = older.administrators().await.unwrap().unwrap();
        assert!(known.iter().any(|one| one.is("CORP\\ada")));
    }

    #[tokio::test]
    async fn the_own_account_is_found_behind_the_first_page() {
        let site = answering(|request| {
            if request.uri().path().ends_with("GetCurrentUser") {
                return answer(201, r#"{"ReturnValue":0,"UserName":"CORP\\ada"}"#);
            }
            let asked = request.uri().query().unwrap_or_default();
            let page = if asked.contains("$skip=1") {
                json!({ "value": [{
                    "LogonName": "CORP\\ada", "CategoryNames": ["All"], "CollectionNames": ["All Systems"]
                }] })
            } else {
                json!({ "value": [{ "LogonName": "CORP\\bob" }], "@odata.nextLink": "SMS_Admin?$skip=1" })
            };
            answer(200, page.to_string())
        });
        assert_eq!(site.ask_sight().await, Ok(Sight::Whole));
    }

    #[tokio::test]
    async fn a_site_that_broke_down_is_asked_again_and_one_that_answered_is_not() {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let mut site = answering(move |_| match count.fetch_add(1, Ordering::Relaxed) {
            0 => answer(500, ""),
            1 => answer(401, ""),
            _ => answer(404, ""),
        });
        site.address = SiteAddress::remote("far", &"https://far".parse().unwrap()).into();
        for told in ["failed to call", "did not accept the sign-in"] {
            let fault = site.sight().await.unwrap_err().to_string();
            assert!(fault.contains(told), "{fault}");
        }
        for _ in 0..2 {
            assert_eq!(site.sight().await, Ok(Sight::Unknown));
        }
        assert_eq!(asked.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn a_class_that_is_shut_is_not_asked_for_with_less() {
        // What breaks down is asked again, as every read is.
        for (status, times) in [(400, 2), (403, 1), (404, 1), (500, 3)] {
            let asked = Arc::new(AtomicUsize::new(0));
            let count = Arc::clone(&asked);
            let site = answering(move |_| {
                count.fetch_add(1, Ordering::Relaxed);
                answer(status, "")
            });
            // How it ends is told elsewhere; here it counts how often it was tried.
            let _ = site.administrators().await;
            assert_eq!(asked.load(Ordering::Relaxed), times, "{status}");
        }
    }

    #[tokio::test]
    async fn whom_a_site_takes_us_for_is_read_under_any_name() {
        for (said, user) in [
            (
                json!({ "ReturnValue": 0, "UserName": "CORP\\ada" }),
                Some("CORP\\ada"),
            ),
            (json!({ "value": "CORP\\ada" }), Some("CORP\\ada")),
            (json!({ "ReturnValue": "CORP\\ada" }), Some("CORP\\ada")),
            (json!({ "ReturnValue": 0 }), None),
        ] {
            let body = said.to_string();
            let site = answering(move |_| answer(201, body.clone()));
            let read = site.current_user().await.unwrap();
            assert_eq!(read.as_deref(), user, "{said}");
        }
    }

    #[test]
    fn one_account_has_several_spellings() {
        let is = |one: &str, other: &str| parts(one) == parts(other);
        assert!(is("CORP\\ada", "ada@CORP.EXAMPLE"));
        assert!(is("corp.example\\Ada", "CORP\\ada"));
        assert!(!is("CORP\\ada", "OTHER\\ada"));
        assert!(!is("CORP\\ada", "CORP\\adam"));
    }
}
