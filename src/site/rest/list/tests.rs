use rusqlite::params_from_iter;

use super::*;
use crate::site::testing::site_at;

/// How the database goes about a page.
fn plan(class: &str, query: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let site = site_at(&folder.path().join("site"));
    let class = site.catalog().class(class).unwrap();
    let query = Query::parse(query).unwrap();
    let shape = Shape::selected(class, &selected(class, &query).unwrap());
    let select = listing(class, &shape, &query).unwrap();
    site.store()
        .now(|db| {
            let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {}", select.sql))?;
            let steps = statement.query_map(params_from_iter(&select.values), |row| {
                row.get::<_, String>("detail")
            })?;
            Ok(steps.collect::<Result<Vec<_>, _>>()?.join("\n"))
        })
        .unwrap()
}

/// A page by name, at the start, at the end, and next to a row in both directions.
fn pages(class: &str, prefix: &str, order: &str, back: &str, beyond: [&str; 2]) -> [String; 4] {
    let page = |filter: &str, order: &str| {
        let filter = [prefix, filter]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" and ");
        let filter = if filter.is_empty() {
            String::new()
        } else {
            format!("$filter={filter}&")
        };
        plan(
            class,
            &format!("{filter}$select=Name&$orderby={order}&$top=51"),
        )
    };
    [
        page("", order),
        page("", back),
        page(beyond[0], order),
        page(beyond[1], back),
    ]
}

#[test]
fn a_page_of_devices_or_members_by_name_costs_what_is_on_it() {
    let devices = pages(
        "SMS_R_System",
        "",
        "Name,ResourceId",
        "Name desc,ResourceId desc",
        [
            "(Name ge 'PC-5' and (Name gt 'PC-5' or ResourceId gt 7))",
            "(Name le 'PC-5' and (Name lt 'PC-5' or ResourceId lt 7))",
        ],
    );
    let members = pages(
        "SMS_FullCollectionMembership",
        "CollectionID eq 'SMS00001'",
        "Name,CollectionID,ResourceID",
        "Name desc,CollectionID desc,ResourceID desc",
        [
            "(Name ge 'PC-5' and (Name gt 'PC-5' or (CollectionID ge 'SMS00001' and (CollectionID gt 'SMS00001' or ResourceID gt 7))))",
            "(Name le 'PC-5' and (Name lt 'PC-5' or (CollectionID le 'SMS00001' and (CollectionID lt 'SMS00001' or ResourceID lt 7))))",
        ],
    );
    for plan in devices.into_iter().chain(members) {
        assert!(!plan.contains("TEMP B-TREE"), "the page is sorted: {plan}");
        assert!(
            plan.contains("INDEX consign_"),
            "no index serves it: {plan}"
        );
    }
}
