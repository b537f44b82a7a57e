//! Addresses exactly as public clients build them.

use http::{Method, StatusCode};
use serde_json::json;

use super::asking::{Asking, fixture};

/// Who administers the embedded site is shown, and nobody else is there to be removed.
const REFUSED: &str = "DELETE\t/AdminService/wmi/SMS_Admin";

/// The class a path begins with.
fn class(path: &str) -> &str {
    let rest = path.trim_start_matches('/');
    let end = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(rest.len());
    &rest[..end]
}

#[tokio::test]
async fn addresses_seen_from_clients_are_answered() {
    let asking = Asking::new();
    asking.package().await;
    asking.device(16_777_219, "PC-0001").await;
    // The collection the addresses name, with the id they name it by.
    asking
        .site
        .write(|context| {
            let sql = "INSERT INTO consign_counter VALUES ('collection', 512)";
            context.execute(sql, &[]).map(drop)
        })
        .await
        .unwrap();
    asking
        .made(
            "SMS_Collection",
            json!({"Name": "OSD", "LimitToCollectionID": "SMS00001"}),
        )
        .await;

    let seen = fixture("urls-seen.tsv");
    let mut known = 0;
    for line in seen.lines().skip(1) {
        let mut columns = line.split('\t');
        let (verb, url) = (columns.next().unwrap(), columns.next().unwrap());
        let method: Method = verb.parse().unwrap();
        let answer = asking
            .ask(
                method.clone(),
                url,
                (method == Method::POST).then(|| json!({})).as_ref(),
            )
            .await;
        let path = url.strip_prefix("/AdminService/wmi/");
        let is_known = path.is_some_and(|path| {
            let class = class(path);
            class.is_empty() || asking.site.catalog().class(class).is_some()
        });
        if line.starts_with(REFUSED) {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{line}");
        } else if is_known {
            known += 1;
            assert!(
                answer.status.is_success(),
                "{line}: {} {}",
                answer.status,
                answer.text
            );
        } else {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{line}");
        }
    }
    assert!(known > 25, "only {known} addresses are of a known class");
}
