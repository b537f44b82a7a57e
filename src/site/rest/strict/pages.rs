//! Lists in short pages, each with a link to the next. No real site was seen to do so; a client has to follow all the same.

use http::{HeaderMap, header};
use serde_json::{Map, Value};

use super::Asked;
use crate::odata::envelope::NEXT_LINK;
use crate::odata::path::Target;
use crate::odata::query::Query;

/// Rows of a page.
const PAGE: u64 = 50;

/// Asks for one page instead of all.
pub(super) fn cut(asked: &mut Asked) {
    let is_list = matches!(asked.target, Some(Target::Class(_)));
    let Some(mut query) = read(asked).filter(|_| is_list && asked.reads()) else {
        return;
    };
    let wanted = query.top.unwrap_or(u64::MAX);
    if wanted > PAGE {
        asked.wanted = Some(wanted);
        query.top = Some(PAGE);
        asked.ask(&query.to_string());
    }
}

/// The page with its link, where there may be more.
pub(super) fn linked(asked: &Asked, body: &[u8]) -> Vec<u8> {
    let page: Option<Map<String, Value>> = serde_json::from_slice(body).ok();
    let (Some(mut page), Some(mut query), Some(wanted)) = (page, read(asked), asked.wanted) else {
        return body.to_vec();
    };
    let rows = page.get("value").and_then(Value::as_array);
    if rows.is_none_or(|rows| rows.len() as u64 != PAGE) {
        return body.to_vec();
    }
    query.skip = Some(query.skip.unwrap_or_default() + PAGE);
    query.top = (wanted != u64::MAX).then(|| wanted - PAGE);
    let (host, path) = (host(&asked.head.headers), asked.head.uri.path());
    page.insert(
        NEXT_LINK.to_owned(),
        format!("https://{host}{path}?{query}").into(),
    );
    Value::Object(page).to_string().into_bytes()
}

fn read(asked: &Asked) -> Option<Query> {
    Query::parse(asked.query()).ok()
}

/// A site knows itself by a name of its own, whatever it was called by.
fn host(headers: &HeaderMap) -> &str {
    let named = headers.get(header::HOST);
    named
        .and_then(|host| host.to_str().ok())
        .unwrap_or("provider.site.example")
}
