//! Asking a site what a draft needs to know: the thin rim of the facts.
//!
//! Every question is answered on its own, so one that fails leaves the others known; what several of them need (the
//! members of a collection, all points) is read once. Nothing here changes a site. What grows with devices is read
//! member by member only up to a bound; beyond it the answer is a number, or unknown with the reason.

mod deployed;
mod devices;
mod memo;
mod preview;
mod reached;
mod software;
mod source;
mod target;
mod windows;

use std::collections::BTreeSet;

use futures_util::StreamExt;
use futures_util::stream;
use jiff::Timestamp;

use self::memo::Memo;
pub use self::reached::reached;
use super::answers::SiteFact;
use super::{Answer, CollectionFact, Fact, Facts, PackageFact, PointsFact, Question};
use crate::error::SiteError;
use crate::odata::Filter;
use crate::provider::Provider;
use crate::sms::collection::CollectionRow;
use crate::sms::ids::{CollectionId, PackageId, ResourceId, SiteCode};
use crate::sms::site::{IdentificationRow, SiteRow};

/// Questions asked side by side.
const AT_ONCE: usize = 6;

/// Members are read one by one up to here.
const MOST_MEMBERS: u64 = 20_000;

/// Ids or names in one filter: addresses must stay short.
const IN_ONE_FILTER: usize = 25;

/// Asks a site these questions. Every one of them is answered, if only by why it cannot be.
pub async fn gather(provider: &Provider, questions: &[Question]) -> Facts {
    let gatherer = Gatherer::new(provider);
    // Owned questions: a closure over borrowed ones would not let the whole be spawned.
    let answers = stream::iter(questions.to_vec()).map(async |question| {
        let fact = gatherer.answer(&question).await;
        (question, fact)
    });
    answers
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<_>>()
        .await
        .into()
}

/// Why a question has no answer: the site failed, or the thing asked about cannot be named or counted.
#[derive(Debug, Clone)]
struct Unanswered {
    reason: String,
    /// What went wrong, where it was the site.
    fault: Option<SiteError>,
}

impl Unanswered {
    fn because(reason: String) -> Self {
        Self {
            reason,
            fault: None,
        }
    }
}

impl From<SiteError> for Unanswered {
    fn from(error: SiteError) -> Self {
        let reason = match &error {
            SiteError::Missing { what } => format!("this site has no {what}, or hides it from you"),
            other => other.to_string(),
        };
        Self {
            reason,
            fault: Some(error),
        }
    }
}

type Answered<T> = Result<T, Unanswered>;

/// One round of questions, with what they share.
struct Gatherer<'p> {
    provider: &'p Provider,
    packages: Memo<String, Vec<PackageFact>>,
    collections: Memo<String, Vec<CollectionFact>>,
    points: Memo<(), PointsFact>,
    members: Memo<CollectionId, Vec<(ResourceId, String)>>,
    targets: Memo<super::Target, target::Crowd>,
    site_systems: Memo<(), BTreeSet<String>>,
}

impl<'p> Gatherer<'p> {
    fn new(provider: &'p Provider) -> Self {
        Self {
            provider,
            packages: Memo::default(),
            collections: Memo::default(),
            points: Memo::default(),
            members: Memo::default(),
            targets: Memo::default(),
            site_systems: Memo::default(),
        }
    }

    async fn answer(&self, question: &Question) -> Fact<Answer> {
        match self.ask(question).await {
            Ok(answer) => Fact::known(answer, Timestamp::now()),
            Err(Unanswered { reason, .. }) => Fact::unknown(reason),
        }
    }

    async fn ask(&self, question: &Question) -> Answered<Answer> {
        Ok(match question {
            Question::Site => Answer::Site(self.site().await?),
            Question::Package(named) => {
                Answer::Packages(self.packages_named(named).await?.to_vec())
            }
            Question::Makers => Answer::Makers(self.makers().await?),
            Question::Applications { name, maker } => {
                Answer::Applications(self.applications_like(name, maker).await?)
            }
            Question::SourceUsers(folder) => Answer::Users(self.source_users(folder).await?),
            Question::ShareUsers(share) => {
                Answer::Users(self.package_users("ShareName", share).await?)
            }
            Question::Source(folder) => Answer::Source(self.source(folder).await?),
            Question::Content(package) => Answer::Content(self.content(package).await?),
            Question::Points => Answer::Points((*self.points().await?).clone()),
            Question::Collection(named) => {
                Answer::Collections(self.collections_named(named).await?.to_vec())
            }
            Question::LargeCollections(least) => {
                Answer::Collections(self.large_collections(*least).await?)
            }
            Question::Devices { names, limit_to } => {
                Answer::Devices(self.devices(names, limit_to).await?)
            }
            Question::Query { wql, .. } => Answer::Query(self.query(wql).await?),
            Question::Impact(target) => Answer::Impact(self.impact(target).await?),
            Question::Windows(target) => Answer::Windows(self.windows(target).await?),
            Question::History { program, target } => {
                Answer::History(self.history(program, target).await?)
            }
            Question::Advertised { program, target } => {
                Answer::Advertised(self.advertised(program, target).await?)
            }
            Question::AdvertisementNamed(name) => {
                Answer::Users(self.advertisements_named(name).await?)
            }
            Question::Dependency(program) => Answer::Dependency(self.dependency(program).await?),
            Question::Scopes => Answer::Scopes(self.provider.list(None).await?),
            Question::Folders => Answer::Folders(self.provider.list(None).await?),
        })
    }

    async fn site(&self) -> Answered<SiteFact> {
        let rows: Vec<IdentificationRow> = self.provider.list(None).await?;
        let row = rows
            .into_iter()
            .next()
            .ok_or_else(|| Unanswered::because("this site does not say which one it is".into()))?;
        let here = self.provider.is_local();
        let is_windows = if here {
            Some(false)
        } else {
            self.is_windows(&row.this_site_code).await
        };
        Ok(SiteFact {
            clock_ahead: if here {
                Some(0)
            } else {
                self.clock_ahead().await
            },
            embedded: is_windows == Some(false),
            guessed: is_windows.is_none(),
            here,
            // Which site it is does not hang on it: where it cannot be read, it is unknown until it is asked again.
            sight: self.provider.sight().await.unwrap_or_default(),
            code: row.this_site_code,
            name: row.this_site_name,
            server: row.sms_site_server,
            version: row.sms_version,
        })
    }

    /// A site whose clock cannot be read still says who it is.
    async fn clock_ahead(&self) -> Option<i64> {
        let ahead = self.provider.clock_ahead().await.ok()??;
        Some(ahead.as_secs())
    }

    /// Whether the site's server is a Windows machine: a folder with a drive letter says so. Nothing of a site that does
    /// not tell where it is installed.
    async fn is_windows(&self, code: &SiteCode) -> Option<bool> {
        let site = self
            .provider
            .get_raw(<SiteRow as crate::sms::Row>::CLASS, code)
            .await;
        let site = site.ok()?;
        let folder = site.get("InstallDir")?.as_str()?;
        (!folder.is_empty()).then(|| folder.get(1..2) == Some(":"))
    }

    /// Collections with this id, else with this name.
    async fn collections_named(
        &self,
        named: &str,
    ) -> Answered<std::sync::Arc<Vec<CollectionFact>>> {
        let read = async || {
            let id = CollectionId::new(named);
            let filter = Filter::eq("CollectionID", id.as_str()).or(Filter::eq("Name", named));
            let rows: Vec<CollectionRow> = self.provider.list(Some(filter)).await?;
            Ok(id_first(rows, |row| row.collection_id == id))
        };
        self.collections.get(named.to_owned(), read).await
    }

    async fn large_collections(&self, least: u64) -> Answered<Vec<CollectionFact>> {
        let least = i64::try_from(least).unwrap_or(i64::MAX);
        Ok(self
            .provider
            .list(Some(Filter::ge("MemberCount", least)))
            .await?)
    }

    /// The one collection of that id or name.
    async fn collection(&self, named: &str) -> Answered<CollectionFact> {
        one(
            self.collections_named(named).await?.as_slice(),
            "collection",
            named,
        )
    }

    /// The one package of that id or name.
    async fn package(&self, named: &str) -> Answered<PackageFact> {
        one(
            self.packages_named(named).await?.as_slice(),
            "package",
            named,
        )
    }

    /// The id of that package; a text in the form of an id needs no look.
    async fn package_id(&self, named: &str) -> Answered<PackageId> {
        Ok(self.package(named).await?.row.package_id)
    }
}

/// What was found by id alone, where something was: a name may look like an id.
fn id_first<T>(rows: Vec<T>, has_id: impl Fn(&T) -> bool) -> Vec<T> {
    if rows.iter().any(&has_id) {
        rows.into_iter().filter(has_id).collect()
    } else {
        rows
    }
}

fn one<T: Clone>(found: &[T], what: &str, named: &str) -> Answered<T> {
    match found {
        [one] => Ok(one.clone()),
        [] => Err(Unanswered::because(format!(
            "there is no {what} called '{named}'"
        ))),
        several => Err(Unanswered::because(format!(
            "{} {what}s are called '{named}'",
            several.len()
        ))),
    }
}

/// `property eq a or property eq b …`, in chunks that fit an address.
fn chunks<'a, T>(
    values: &'a [T],
    filter: impl Fn(&T) -> Filter + 'a,
) -> impl Iterator<Item = Filter> + 'a {
    values
        .chunks(IN_ONE_FILTER)
        .filter_map(move |chunk| Filter::one_of(chunk.iter().map(&filter)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::Router;
    use http::{Request, StatusCode};
    use serde_json::json;

    use super::*;
    use crate::provider::SiteAddress;
    use crate::provider::transport::in_process;
    use crate::sms::rights::Sight;

    #[tokio::test]
    async fn a_site_that_breaks_down_over_what_is_seen_still_says_which_one_it_is() {
        let asked = Arc::new(AtomicUsize::new(0));
        let router = Router::new().fallback(move |request: Request<axum::body::Body>| {
            let path = request.uri().path();
            let answer = if path.ends_with("GetCurrentUser") {
                match asked.fetch_add(1, Ordering::Relaxed) {
                    0 => (StatusCode::INTERNAL_SERVER_ERROR, String::new()),
                    _ => (StatusCode::CREATED, json!({ "value": "CORP\\ada" }).to_string()),
                }
            } else if path.ends_with("SMS_Admin") {
                let own = json!({
                    "LogonName": "CORP\\ada", "CategoryNames": ["All"], "CollectionNames": ["All Systems"]
                });
                (StatusCode::OK, json!({ "value": [own] }).to_string())
            } else if path.ends_with("SMS_Identification") {
                let site = json!({ "ThisSiteCode": "LAB", "ThisSiteName": "Laboratory", "SMSVersion": "5.00" });
                (StatusCode::OK, json!({ "value": [site] }).to_string())
            } else {
                (StatusCode::NOT_FOUND, String::new())
            };
            async move { answer }
        });
        let address = SiteAddress::remote("far", &"https://far".parse().unwrap());
        let provider = Provider::new(in_process(router), address);
        for sight in [Sight::Unknown, Sight::Whole] {
            let facts = gather(&provider, &[Question::Site]).await;
            let site = facts.site();
            let site = site.value().unwrap();
            assert_eq!((site.code.as_str(), site.sight), ("LAB", sight));
        }
    }

    #[test]
    fn gathering_can_be_spawned() {
        fn is_send<T: Send>(_: impl FnOnce(&'static Provider, &'static [Question]) -> T) {}
        is_send(gather);
    }
}
