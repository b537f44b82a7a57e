use serde_json::{Value, json};

use super::*;
use crate::site::rules;
use crate::site::testing::site_at;

/// Runs a test in one transaction of a site with the devices PC-1 to PC-9.
async fn on_a_site(test: impl FnOnce(&Context<'_>) + Send + 'static) {
    let folder = tempfile::tempdir().unwrap();
    let site = site_at(&folder.path().join("lab"));
    let work = move |context: &Context<'_>| {
        for number in 1..=9 {
            let name = format!("PC-{number}");
            context.execute(
                "INSERT INTO SMS_R_System (ResourceId, Name) VALUES (?1, ?2)",
                &[&number, &name],
            )?;
        }
        evaluate_waiting(context)?;
        test(context);
        Ok(())
    };
    site.write(work).await.unwrap();
}

fn collection(context: &Context<'_>, name: &str, limit: &str, members: Value) -> String {
    let mut given = Object::new();
    given.set("Name", name).set("LimitToCollectionID", limit);
    let id = rules::create(context, "SMS_Collection", &given)
        .unwrap()
        .text("CollectionID")
        .to_owned();
    set_rules(context, &id, members);
    id
}

fn set_rules(context: &Context<'_>, id: &str, members: Value) {
    let mut changes = Object::new();
    changes
        .set("CollectionRules", members)
        .set("CurrentStatus", 5)
        .set("IncludeExcludeCollectionsCount", 9);
    context
        .update("SMS_Collection", &ObjectKey::text(id), &changes)
        .unwrap();
}

fn direct(resource: u32) -> Value {
    json!({"@odata.type": "#AdminService.SMS_CollectionRuleDirect", "ResourceClassName": "SMS_R_System",
           "RuleName": "x", "ResourceID": resource})
}

fn query(expression: &str) -> Value {
    json!({"@odata.type": "#AdminService.SMS_CollectionRuleQuery", "RuleName": "q", "QueryExpression": expression})
}

fn other(kind: &str, id: &str) -> Value {
    json!({"@odata.type": format!("#AdminService.SMS_CollectionRule{kind}Collection"), "RuleName": "x",
           format!("{kind}CollectionID"): id})
}

fn members(context: &Context<'_>, id: &str) -> Vec<u32> {
    let sql = "SELECT ResourceID FROM consign_member WHERE CollectionID = ?1 ORDER BY 1";
    let mut statement = context.db.prepare(sql).unwrap();
    statement
        .query_map([id], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

#[tokio::test]
async fn all_systems_holds_every_device() {
    on_a_site(|context| assert_eq!(members(context, "SMS00001").len(), 9)).await;
}

#[tokio::test]
async fn exclude_always_wins_and_nobody_comes_from_outside_the_limit() {
    on_a_site(|context| {
        let low = collection(
            context,
            "Low",
            "SMS00001",
            json!([query("select * from SMS_R_System where ResourceId < 6")]),
        );
        let two = collection(context, "Two", "SMS00001", json!([direct(2)]));
        let all = collection(
            context,
            "All",
            &low,
            json!([
                direct(1),
                direct(8),
                query("select * from SMS_R_System where Name like 'PC-[3-9]'"),
                other("Include", &two),
                other("Exclude", &two)
            ]),
        );
        evaluate_waiting(context).unwrap();
        assert_eq!(members(context, &low), [1, 2, 3, 4, 5]);
        assert_eq!(members(context, &all), [1, 3, 4, 5]);
        let seen = context.read_named("SMS_Collection", &all).unwrap().unwrap();
        assert_eq!(
            (seen.number("MemberCount"), seen.number("CurrentStatus")),
            (4, READY)
        );
    })
    .await;
}

#[tokio::test]
async fn whatever_stands_on_a_changed_collection_follows() {
    on_a_site(|context| {
        let base = collection(context, "Base", "SMS00001", json!([direct(1)]));
        let user = collection(
            context,
            "User",
            "SMS00001",
            json!([other("Include", &base)]),
        );
        evaluate_waiting(context).unwrap();
        assert_eq!(members(context, &user), [1]);
        set_rules(context, &base, json!([direct(4), direct(5)]));
        evaluate_waiting(context).unwrap();
        assert_eq!(members(context, &user), [4, 5]);
    })
    .await;
}

#[tokio::test]
async fn a_query_that_cannot_be_read_adds_nobody() {
    on_a_site(|context| {
        let id = collection(
            context,
            "Odd",
            "SMS00001",
            json!([query("selct"), direct(3)]),
        );
        evaluate_waiting(context).unwrap();
        assert_eq!(members(context, &id), [3]);
    })
    .await;
}
