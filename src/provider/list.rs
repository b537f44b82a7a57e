//! Lists read whole, and counts: pages of columns until the site has no more.

use http::Method;
use serde_json::Value;

use super::ask::{Answered, Ask};
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

    /// Every row of a class that fits the filter; `progress` is told how many are there after each page.
    ///
    /// A page that fails fails the list: what came so far is never taken for everything.
    pub async fn list_with<R: Row>(
        &self,
        filter: Option<Filter>,
        mut progress: impl FnMut(usize) + Send,
    ) -> Result<Vec<R>, SiteError> {
        let mut query = Query::filtered(filter).selecting(R::SELECT.iter().copied());
        for key in R::KEY {
            query = query.ordered(*key, false);
        }
        query.top = Some(PAGE as u64);
        let target = Target::Class(R::CLASS.to_owned());
        let mut path = self.path(&target, Some(&query));
        let mut seen_first = Vec::new();
        let mut rows: Vec<R> = Vec::new();
        loop {
            let answered = self.ask(reading(R::CLASS, path.clone())).await?;
            let page: Envelope<R> = answered.json()?;
            let here = page.value.len();
            guard_against_a_circle(&answered, &mut seen_first, page.value.first(), R::KEY)?;
            rows.extend(page.value);
            progress(rows.len());
            path = match page.next_link {
                Some(link) => self.following(&answered, &link, &path)?,
                None if here == PAGE => {
                    query.skip = Some(rows.len() as u64);
                    self.path(&target, Some(&query))
                }
                // Fewer than asked for is the end; more is a site that does not page.
                None => return Ok(rows),
            };
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

    fn following(&self, answered: &Answered, link: &str, at: &str) -> Result<String, SiteError> {
        let next = oddities::next_page(link, &self.address.root)
            .ok_or_else(|| answered.garbled(format!("the next page is at {link}")))?;
        if next == at {
            return Err(answered.garbled("the next page is the same page"));
        }
        Ok(next)
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

/// A site that ignores `$skip` would send its first page for ever.
fn guard_against_a_circle<R: Row>(
    answered: &Answered,
    seen: &mut Vec<Value>,
    first: Option<&R>,
    key: &[&str],
) -> Result<(), SiteError> {
    let Some(Ok(Value::Object(row))) = first.map(serde_json::to_value) else {
        return Ok(());
    };
    let name: Vec<Value> = key.iter().filter_map(|key| row.get(*key).cloned()).collect();
    let name = Value::Array(name);
    if seen.contains(&name) {
        return Err(answered.garbled("it sends the same page again and again"));
    }
    seen.push(name);
    Ok(())
}
