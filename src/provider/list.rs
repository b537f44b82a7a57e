//! Lists read whole, and counts: pages of columns until the site has no more.

use http::Method;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::ask::{Ask, Refused};
use super::refusal::one_line;
use super::{Provider, oddities, words};
use crate::error::SiteError;
use crate::odata::{Envelope, Filter, Query, Target};
use crate::sms::Row;

/// Rows asked for at once.
const PAGE: usize = 1_000;

impl Provider {
    /// Every row of a class that fits the filter.
    pub async fn list<R: Row>(&self, filter: Option<Filter>) -> Result<Vec<R>, SiteError> {
        self.list_with(filter, |_| ()).await
    }

    /// The same on a site that does not know one of the properties, which the rows can do without.
    pub async fn list_without<R: Row>(
        &self,
        property: &str,
        filter: Option<Filter>,
    ) -> Result<Vec<R>, SiteError> {
        let known = R::SELECT.iter().copied().filter(|name| *name != property);
        let query = Query::filtered(filter).selecting(known);
        self.pages(query, |_| ()).await
    }

    /// Every row of a class that fits the filter; `progress` is told how many are there after each page.
    ///
    /// A page that fails fails the list: what came so far is never taken for everything.
    pub async fn list_with<R: Row>(
        &self,
        filter: Option<Filter>,
        progress: impl FnMut(usize) + Send,
    ) -> Result<Vec<R>, SiteError> {
        let query = Query::filtered(filter).selecting(R::SELECT.iter().copied());
        self.pages(query, progress).await
    }

    async fn pages<R: Row>(
        &self,
        mut query: Query,
        mut progress: impl FnMut(usize) + Send,
    ) -> Result<Vec<R>, SiteError> {
        for key in R::KEY {
            query = query.ordered(*key, false);
        }
        query.top = Some(PAGE as u64);
        let target = Target::Class(R::CLASS.to_owned());
        let mut seen_first = Vec::new();
        let mut rows: Vec<R> = Vec::new();
        loop {
            let (path, before) = (self.path(&target, Some(&query)), rows.len());
            let told = |so_far| progress(before + so_far);
            let here: Vec<R> = self.rows(R::CLASS, path, usize::MAX, told).await?;
            guard_against_a_circle(&mut seen_first, here.first())?;
            // Fewer than asked for is the end; more is a site that does not page.
            let is_last = here.len() != PAGE;
            rows.extend(here);
            if is_last {
                return Ok(rows);
            }
            query.skip = Some(rows.len() as u64);
        }
    }

    /// The rows behind one path, over as many pages as the site makes of them, until there are enough; `told` hears how
    /// many there are after each page.
    pub(super) async fn rows<R: DeserializeOwned>(
        &self,
        class: &str,
        mut path: String,
        enough: usize,
        mut told: impl FnMut(usize) + Send,
    ) -> Result<Vec<R>, Refused> {
        let mut rows: Vec<R> = Vec::new();
        let mut been = Vec::new();
        loop {
            let answered = self.ask(reading(class, path.clone())).await?;
            let page: Envelope<R> = answered.json()?;
            rows.extend(page.value);
            told(rows.len());
            let Some(link) = page.next_link.filter(|_| rows.len() < enough) else {
                return Ok(rows);
            };
            been.push(path);
            path = oddities::next_page(&link, &self.address.root)
                .ok_or_else(|| answered.garbled(elsewhere(&link)))?;
            if been.contains(&path) {
                return Err(answered.garbled(CIRCLE).into());
            }
        }
    }

    /// How many objects of a class fit the filter.
    pub async fn count(&self, class: &str, filter: Option<Filter>) -> Result<u64, SiteError> {
        let target = Target::Count(class.to_owned());
        let path = self.path(&target, Some(&Query::filtered(filter)));
        let answered = self
            .ask(Ask {
                attempt: format!("count the {}", words::many(class)),
                ..reading(class, path)
            })
            .await?;
        oddities::bare_count(&answered.body).ok_or_else(|| answered.garbled("it is no number"))
    }
}

/// Reads rows of a class.
pub(super) fn reading(class: &str, path: String) -> Ask {
    Ask {
        method: Method::GET,
        path,
        body: None,
        attempt: format!("read the {}", words::many(class)),
        what: None,
    }
}

/// Why a link to the next page is not followed.
fn elsewhere(link: &str) -> String {
    let link = one_line(link).unwrap_or_default();
    format!("the next page is at {link}")
}

const CIRCLE: &str = "it sends the same page again and again";

/// A site that ignores `$skip` would send its first page for ever.
fn guard_against_a_circle<R: Row>(
    seen: &mut Vec<Value>,
    first: Option<&R>,
) -> Result<(), SiteError> {
    let Some(Ok(Value::Object(row))) = first.map(serde_json::to_value) else {
        return Ok(());
    };
    let key = R::KEY.iter();
    let name: Vec<Value> = key.filter_map(|key| row.get(*key).cloned()).collect();
    let name = Value::Array(name);
    if seen.contains(&name) {
        return Err(SiteError::Garbled {
            attempt: format!("read the {}", words::many(R::CLASS)),
            reason: CIRCLE.to_owned(),
        });
    }
    seen.push(name);
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::{Request, Response};
    use serde_json::json;

    use crate::error::SiteError;
    use crate::odata::{Filter, Query};
    use crate::provider::testing::{answer, answering};
    use crate::sms::site::SiteRow;
    use crate::sms::status::PackageStatusRow;

    fn asked(request: &Request<Body>) -> Query {
        Query::parse(request.uri().query().unwrap_or_default()).unwrap()
    }

    fn sites(from: u64, count: u64) -> serde_json::Value {
        let site = |number: u64| {
            json!({
                "SiteCode": format!("S{number:04}"), "SiteName": "x", "ServerName": "s", "Type": 2, "Status": 1,
                "Version": "5", "BuildNumber": 1, "InstallDir": "", "ReportingSiteCode": "", "TimeZoneInfo": ""
            })
        };
        json!({ "value": (from..from + count).map(site).collect::<Vec<_>>() })
    }

    /// A site of 2,500 objects that honours `$top` and `$skip`.
    fn paging(request: &Request<Body>) -> Response<Body> {
        let query = asked(request);
        let skip = query.skip.unwrap_or_default();
        let here = query.top.unwrap_or(u64::MAX).min(2_500 - skip);
        answer(200, sites(skip, here).to_string())
    }

    #[tokio::test]
    async fn a_list_is_read_to_its_end_in_pages_of_columns() {
        let mut told = Vec::new();
        let rows: Vec<SiteRow> = answering(paging)
            .list_with(None, |rows| told.push(rows))
            .await
            .unwrap();
        assert_eq!(rows.len(), 2_500);
        assert_eq!(told, [1_000, 2_000, 2_500]);
    }

    #[tokio::test]
    async fn columns_filter_and_order_are_always_asked_for() {
        let site = answering(|request| {
            let query = request.uri().query().unwrap();
            assert!(
                query.contains("$filter=SiteCode%20eq%20'O''Brien'"),
                "{query}"
            );
            assert!(query.contains("$select=SiteCode,"), "{query}");
            assert!(query.contains("$orderby=SiteCode&"), "{query}");
            answer(200, sites(0, 1).to_string())
        });
        let filter = Filter::eq("SiteCode", "O'Brien");
        let rows: Vec<SiteRow> = site.list(Some(filter)).await.unwrap();
        assert_eq!(rows.len(), 1);
    }

    #[tokio::test]
    async fn a_link_to_the_next_page_is_followed_on_the_same_server() {
        let site = answering(|request| {
            let mut page = sites(0, 2);
            if request
                .uri()
                .query()
                .unwrap_or_default()
                .contains("token=2")
            {
                page = sites(2, 1);
            } else {
                page["@odata.nextLink"] =
                    json!("https://inside.corp/AdminService/wmi/SMS_Site?token=2");
            }
            answer(200, page.to_string())
        });
        let rows: Vec<SiteRow> = site.list(None).await.unwrap();
        assert_eq!(rows.len(), 3);
    }

    /// A site that sends 400 rows at once, whatever it is asked for, and a link to the rest of them.
    fn linking(request: &Request<Body>) -> Response<Body> {
        let query = asked(request);
        let (skip, top) = (query.skip.unwrap_or_default(), query.top.unwrap());
        let here = top.min(400).min(2_500_u64.saturating_sub(skip));
        let mut page = sites(skip, here);
        if top > 400 && here == 400 {
            let rest = Query {
                skip: Some(skip + 400),
                ..Query::default().top(top - 400)
            };
            page["@odata.nextLink"] = json!(format!("SMS_Site?{rest}"));
        }
        answer(200, page.to_string())
    }

    #[tokio::test]
    async fn links_within_a_page_are_not_taken_for_the_end_of_the_list() {
        let rows: Vec<SiteRow> = answering(linking).list(None).await.unwrap();
        let codes: std::collections::BTreeSet<_> =
            rows.iter().map(|row| row.site_code.to_string()).collect();
        assert_eq!((rows.len(), codes.len()), (2_500, 2_500));
    }

    #[tokio::test]
    async fn links_that_lead_in_a_circle_are_found_out() {
        let site = answering(|request| {
            let mut page = sites(0, 2);
            let first = request
                .uri()
                .query()
                .unwrap_or_default()
                .contains("token=1");
            let next = if first { 2 } else { 1 };
            page["@odata.nextLink"] = json!(format!("SMS_Site?token={next}"));
            answer(200, page.to_string())
        });
        let circle = site.list::<SiteRow>(None).await;
        assert!(circle.unwrap_err().to_string().contains("again and again"));
    }

    #[tokio::test]
    async fn a_site_that_pages_in_a_circle_is_found_out() {
        let site = answering(|_| answer(200, sites(0, 1_000).to_string()));
        let circle = site.list::<SiteRow>(None).await;
        assert!(
            matches!(circle, Err(SiteError::Garbled { .. })),
            "{circle:?}"
        );
    }

    #[tokio::test]
    async fn a_page_that_fails_fails_the_list() {
        let site = answering(|request| match asked(request).skip {
            None => answer(200, sites(0, 1_000).to_string()),
            Some(_) => answer(500, ""),
        });
        assert!(site.list::<SiteRow>(None).await.is_err());
    }

    #[tokio::test]
    async fn rows_of_a_real_site_are_read() {
        let row =
            include_str!("../../tests/fixtures/adminservice/resp-packagestatus-filter-row.json");
        let page = format!(r#"{{"@odata.context":"x","value":[{row}]}}"#);
        let site = answering(move |_| answer(200, page.clone()));
        let rows: Vec<PackageStatusRow> = site.list(None).await.unwrap();
        assert_eq!(rows[0].package_id.as_str(), "ABC00003");
    }

    #[tokio::test]
    async fn garbage_for_a_list_is_told_as_such() {
        for (body, told) in [
            ("", "it is empty"),
            (
                "<html><head><title>Sign\u{1b} in</title></head>x</html>",
                "it is a web page, \"Sign in\"",
            ),
            ("{\"value\":[", "it ends in the middle, after 10 bytes"),
            ("\u{1}\u{2}noise", "it is no JSON but \"noise\""),
            ("{\"error\":{}}", "missing field `value`"),
            ("[]", "invalid"),
            ("null", "invalid"),
        ] {
            let site = answering(move |_| answer(200, body));
            let list = site.list::<SiteRow>(None).await.unwrap_err();
            let garbled = matches!(list, SiteError::Garbled { .. });
            assert!(garbled && list.to_string().contains(told), "{body}: {list}");
        }
    }

    #[tokio::test]
    async fn a_count_is_asked_as_a_path() {
        let site = answering(|request| {
            assert_eq!(
                request.uri().path(),
                "/AdminService/wmi/SMS_R_System/$count"
            );
            assert_eq!(request.uri().query(), Some("$filter=Client%20eq%201"));
            answer(200, "\u{feff}1000000")
        });
        let filter = Filter::eq("Client", 1);
        assert_eq!(
            site.count("SMS_R_System", Some(filter)).await,
            Ok(1_000_000)
        );
    }
}
