use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::site::collections::evaluation;
use crate::site::context::Context;
use crate::site::methods::{self, Answer, Call};
use crate::site::rules;
use crate::site::store::{Object, ObjectKey};
use crate::site::testing::site_at;
use crate::sms::collection_rule::CollectionRule;
use crate::sms::ids::{CollectionId, ResourceId};

const ALL: &str = "SMS00001";

/// A site with devices 1 to 9: PC-1 to PC-6 and SRV-7 to SRV-9.
struct Lab {
    _folder: TempDir,
    site: Site,
    stop: watch::Sender<bool>,
}

impl Lab {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = site_at(&folder.path().join("site"));
        let lab = Self {
            _folder: folder,
            site,
            stop: watch::Sender::new(false),
        };
        lab.write(|context| {
            for id in 1..=9 {
                let name = if id < 7 { format!("PC-{id}") } else { format!("SRV-{id}") };
                context.execute(
                    "INSERT INTO SMS_R_System (ResourceId, Name, Client, ClientType) VALUES (?1, ?2, 1, 1)",
                    &[&id, &name],
                )?;
            }
            Ok(())
        })
        .await;
        lab.work().await;
        lab
    }

    async fn work(&self) -> Option<Timestamp> {
        let evaluator = Evaluator::new(self.site.clone(), self.stop.subscribe());
        evaluator.look().await.unwrap()
    }

    /// As if nobody had ever touched the devices.
    async fn settle(&self) {
        self.write(forget_device_change).await;
    }

    async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Context<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.site.write(write).await.unwrap()
    }

    /// A collection with these rules; not evaluated yet.
    async fn collection(&self, name: &str, limit: &str, rules: Vec<CollectionRule>) -> String {
        let (name, limit) = (name.to_owned(), limit.to_owned());
        let id = self
            .write(move |context| {
                let mut given = Object::new();
                given.set("Name", name).set("LimitToCollectionID", limit);
                let made = rules::create(context, "SMS_Collection", &given)?;
                Ok(made.text("CollectionID").to_owned())
            })
            .await;
        for rule in rules {
            self.add(&id, rule).await.unwrap();
        }
        id
    }

    async fn add(&self, collection: &str, rule: CollectionRule) -> Result<Answer, StoreError> {
        let rule = json!({ "collectionRule": rule });
        self.call(
            "SMS_Collection",
            "AddMembershipRule",
            Some(collection),
            rule,
        )
        .await
    }

    async fn remove(&self, collection: &str, rule: CollectionRule) -> Result<Answer, StoreError> {
        let rule = json!({ "collectionRule": rule });
        self.call(
            "SMS_Collection",
            "DeleteMembershipRule",
            Some(collection),
            rule,
        )
        .await
    }

    async fn row(&self, id: &str) -> Object {
        let id = id.to_owned();
        let row = self
            .site
            .read(move |context| context.read_named("SMS_Collection", &id))
            .await;
        row.unwrap().unwrap()
    }

    async fn refuse(&self, collection: &str, rule: CollectionRule) -> String {
        self.add(collection, rule).await.unwrap_err().to_string()
    }

    async fn members(&self, id: &str) -> Vec<i64> {
        let id = id.to_owned();
        self.site
            .read(move |context| {
                let sql =
                    "SELECT ResourceID FROM consign_member WHERE CollectionID = ?1 ORDER BY 1";
                let mut statement = context.db.prepare(sql)?;
                let rows = statement.query_map([id], |row| row.get(0))?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await
            .unwrap()
    }

    async fn request(&self, id: &str) {
        let id = id.to_owned();
        self.write(move |context| evaluation::request(context, &id))
            .await;
    }

    async fn call(
        &self,
        class: &'static str,
        method: &'static str,
        object: Option<&str>,
        arguments: Value,
    ) -> Result<Answer, StoreError> {
        let object = object.map(str::to_owned);
        self.site
            .write(move |context| {
                let class = context.class(class)?;
                let object = match &object {
                    Some(id) => Some((
                        ObjectKey::text(id.as_str()),
                        context.read_named(&class.name, id)?.unwrap(),
                    )),
                    None => None,
                };
                let mut given = Object::new();
                for (name, value) in arguments.as_object().unwrap() {
                    given.set(name, value.clone());
                }
                let call = Call {
                    class,
                    method: class.method(method).unwrap(),
                    object,
                    arguments: given,
                };
                (methods::find(&class.name, method).unwrap().run)(context, &call)
            })
            .await
    }
}

fn direct(id: u32) -> CollectionRule {
    CollectionRule::device(ResourceId(id), format!("PC-{id}"))
}

fn query(wql: &str) -> CollectionRule {
    CollectionRule::query("q", format!("select * from SMS_R_System where {wql}"))
}

fn include(id: &str) -> CollectionRule {
    CollectionRule::Include {
        name: String::new(),
        collection: CollectionId::new(id),
    }
}

fn exclude(id: &str) -> CollectionRule {
    CollectionRule::Exclude {
        name: String::new(),
        collection: CollectionId::new(id),
    }
}

#[tokio::test]
async fn built_in_collections_find_their_members_by_themselves() {
    let lab = Lab::new().await;
    assert_eq!(lab.members(ALL).await, (1..=9).collect::<Vec<_>>());
    assert_eq!(lab.members("SMSDM003").await.len(), 9);
    let row = lab.row(ALL).await;
    assert_eq!(
        (row.number("CurrentStatus"), row.number("MemberCount")),
        (1, 9)
    );
    assert!(row.text("LastMemberChangeTime") > "2026");
}

#[tokio::test]
async fn members_are_what_rules_add_within_the_limit_and_without_what_is_excluded() {
    let lab = Lab::new().await;
    let desktops = lab
        .collection("Desktops", ALL, vec![query("Name like 'PC-%'")])
        .await;
    let first = lab
        .collection("First", ALL, vec![direct(1), direct(2)])
        .await;
    let mixed = vec![
        query("Name like 'SRV-%'"),
        query("ResourceID in (3, 4)"),
        direct(5),
        include(&first),
        exclude(&first),
    ];
    let mixed = lab.collection("Mixed", &desktops, mixed).await;
    lab.work().await;
    assert_eq!(lab.members(&desktops).await, [1, 2, 3, 4, 5, 6]);
    assert_eq!(
        lab.members(&mixed).await,
        [3, 4, 5],
        "exclude wins over include"
    );
    let row = lab.row(&mixed).await;
    assert_eq!(
        (
            row.number("MemberCount"),
            row.number("IncludeExcludeCollectionsCount")
        ),
        (3, 2)
    );
    let is_direct = lab
        .site
        .read(|context| {
            context.count(
                "SMS_FullCollectionMembership",
                "IsDirect = 1 AND CollectionID <> 'x'",
                &[],
            )
        })
        .await;
    assert_eq!(is_direct.unwrap(), 3);
}

#[tokio::test]
async fn a_change_goes_down_to_whoever_stands_on_it_and_no_further_than_it_matters() {
    let lab = Lab::new().await;
    let base = lab
        .collection("Base", ALL, vec![direct(1), direct(2)])
        .await;
    let limited = lab
        .collection("Limited", &base, vec![query("ResourceID > 0")])
        .await;
    let without = lab
        .collection(
            "Without",
            ALL,
            vec![query("ResourceID < 4"), exclude(&limited)],
        )
        .await;
    lab.work().await;
    assert_eq!(lab.members(&without).await, [3]);
    lab.remove(&base, direct(2)).await.unwrap();
    lab.work().await;
    assert_eq!(lab.members(&without).await, [3], "nobody asked yet");
    lab.request(&base).await;
    assert_eq!(lab.row(&base).await.number("CurrentStatus"), 5);
    lab.work().await;
    assert_eq!(lab.members(&base).await, [1]);
    assert_eq!(lab.members(&limited).await, [1]);
    assert_eq!(lab.members(&without).await, [2, 3]);
    let age = "UPDATE SMS_Collection SET LastRefreshTime = '2026-01-01T00:00:00Z'";
    lab.write(move |context| context.execute(age, &[])).await;
    lab.request(&base).await;
    lab.work().await;
    assert!(lab.row(&base).await.text("LastRefreshTime") > "2026-01-01T00:00:00Z");
    assert_eq!(
        lab.row(&limited).await.text("LastRefreshTime"),
        "2026-01-01T00:00:00Z",
        "nothing changed"
    );
}

#[tokio::test]
async fn what_a_collection_includes_is_evaluated_before_it() {
    let lab = Lab::new().await;
    let inner = lab.collection("Inner", ALL, vec![direct(1)]).await;
    let outer = lab.collection("Outer", ALL, vec![include(&inner)]).await;
    lab.work().await;
    lab.add(&inner, direct(2)).await.unwrap();
    lab.request(&outer).await;
    lab.work().await;
    assert_eq!(lab.members(&outer).await, [1, 2]);
}

#[tokio::test]
async fn an_evaluation_that_was_cut_off_is_done_again() {
    let lab = Lab::new().await;
    let id = lab.collection("C", ALL, vec![direct(1)]).await;
    let own = id.clone();
    lab.request(&own).await;
    lab.write(|context| begin(context, &[], false)).await;
    assert_eq!(lab.row(&id).await.number("CurrentStatus"), 4);
    lab.work().await;
    assert_eq!(lab.row(&id).await.number("CurrentStatus"), 1);
    assert_eq!(lab.members(&id).await, [1]);
}

#[tokio::test]
async fn a_rule_is_added_once_and_a_query_rule_is_changed_and_removed_by_its_number() {
    let lab = Lab::new().await;
    let id = lab.collection("C", ALL, vec![direct(1), direct(1)]).await;
    assert_eq!(lab.row(&id).await.list("CollectionRules").len(), 1);
    let rule = |wql: &str, number: u32| {
        json!({"collectionRule": {"@odata.type": "#AdminService.SMS_CollectionRuleQuery", "RuleName": "q",
               "QueryExpression": format!("select * from SMS_R_System where {wql}"), "QueryID": number}})
    };
    let add = lab
        .call(
            "SMS_Collection",
            "AddMembershipRule",
            Some(&id),
            rule("ResourceID = 2", 0),
        )
        .await
        .unwrap();
    let number = u32::try_from(add.out["QueryID"].as_u64().unwrap()).unwrap();
    assert!(number > 0);
    lab.call(
        "SMS_Collection",
        "AddMembershipRule",
        Some(&id),
        rule("ResourceID = 3", number),
    )
    .await
    .unwrap();
    lab.call("SMS_Collection", "RequestRefresh", Some(&id), json!({}))
        .await
        .unwrap();
    lab.work().await;
    assert_eq!(lab.members(&id).await, [1, 3]);
    lab.call(
        "SMS_Collection",
        "DeleteMembershipRule",
        Some(&id),
        rule("", number),
    )
    .await
    .unwrap();
    lab.request(&id).await;
    lab.work().await;
    assert_eq!(lab.members(&id).await, [1]);
}

#[tokio::test]
async fn static_methods_answer_about_collections_and_queries() {
    let lab = Lab::new().await;
    let base = lab.collection("Base", ALL, vec![direct(1)]).await;
    let over = lab.collection("Over", &base, vec![]).await;
    lab.work().await;
    for (parent, sub, fine) in [
        (&base, &over, true),
        (&over, &base, false),
        (&base, &base, false),
    ] {
        let path = |id: &str| format!("SMS_Collection.CollectionID=\"{id}\"");
        let arguments = json!({"parentCollection": path(parent), "subCollection": path(sub)});
        let answer = lab
            .call(
                "SMS_Collection",
                "VerifyNoCircularDependencies",
                None,
                arguments,
            )
            .await
            .unwrap();
        assert_eq!(answer.out["Result"], fine);
    }
    let answer = lab
        .call(
            "SMS_Collection",
            "GetNumResults",
            None,
            json!({"Collection": base}),
        )
        .await
        .unwrap();
    assert_eq!(answer.out["Result"], 1);
    let ask = |wql: &str| {
        lab.call(
            "SMS_CollectionRuleQuery",
            "ValidateQuery",
            None,
            json!({ "WQLQuery": wql }),
        )
    };
    let valid = ask("select * from SMS_R_System").await.unwrap();
    assert_eq!(valid.return_value, true);
    let fault = ask("select * from SMS_R_System where Nmae = 'x'")
        .await
        .unwrap_err();
    assert!(
        fault.to_string().starts_with("line 1, column 34: "),
        "{fault}"
    );
}

#[tokio::test]
async fn rules_that_make_no_sense_are_refused() {
    let lab = Lab::new().await;
    let base = lab.collection("Base", ALL, vec![direct(1)]).await;
    let over = lab.collection("Over", &base, vec![]).await;
    assert!(
        lab.refuse(&base, include(&base))
            .await
            .contains("would depend on itself")
    );
    assert!(
        lab.refuse(&base, exclude(&over))
            .await
            .contains("would depend on itself")
    );
    assert!(
        lab.refuse(&base, include("LAB99999"))
            .await
            .contains("no collection LAB99999")
    );
    assert!(
        lab.refuse(&base, include("SMS00002"))
            .await
            .contains("users")
    );
    assert!(
        lab.refuse(&base, direct(99))
            .await
            .contains("resource id 99")
    );
    assert!(lab.refuse(ALL, direct(1)).await.contains("built-in"));
    let gone = lab.remove(&base, direct(7)).await.unwrap_err();
    assert!(gone.to_string().contains("no such direct rule"), "{gone}");
}

#[tokio::test]
async fn a_schedule_wakes_the_evaluator_and_brings_an_evaluation_when_it_is_due() {
    let lab = Lab::new().await;
    let daily = lab
        .collection("Daily", ALL, vec![query("ResourceID > 8")])
        .await;
    lab.write(|context| {
        let schedule = crate::sms::schedule::unpack("0001170000100008").unwrap();
        context.execute(
            "UPDATE SMS_Collection SET RefreshType = 2, RefreshSchedule = ?1 WHERE Name = 'Daily'",
            &[&json!(schedule).to_string()],
        )
    })
    .await;
    lab.work().await;
    let next = lab.work().await.expect("a schedule wakes the evaluator");
    assert!(next > Timestamp::now());
    lab.write(|context| {
        context.execute(
            "DELETE FROM consign_member WHERE ResourceID = 9 AND CollectionID LIKE 'LAB%'",
            &[],
        )?;
        context.execute(
            "UPDATE SMS_Collection SET LastRefreshTime = '2026-01-01T00:00:00Z'",
            &[],
        )
    })
    .await;
    lab.work().await;
    assert_eq!(lab.members(&daily).await, [9]);
}

#[tokio::test]
async fn collections_that_go_in_a_circle_come_to_rest() {
    let lab = Lab::new().await;
    let one = lab.collection("One", ALL, vec![direct(1)]).await;
    let two = lab
        .collection("Two", ALL, vec![direct(2), exclude(&one)])
        .await;
    let (a, b) = (one.clone(), two.clone());
    lab.write(move |context| {
        // No request can make this; a damaged site might have it.
        context.execute(
            "UPDATE SMS_Collection SET CollectionRules = (SELECT replace(CollectionRules, ?1, ?2) FROM SMS_Collection
                 WHERE CollectionID = ?2), IncludeExcludeCollectionsCount = 1 WHERE CollectionID = ?1",
            &[&a, &b],
        )
    })
    .await;
    for _ in 0..3 {
        lab.work().await;
    }
    assert_eq!(lab.row(&one).await.number("CurrentStatus"), 1);
    assert_eq!(lab.row(&two).await.number("CurrentStatus"), 1);
}

#[tokio::test]
async fn incremental_collections_follow_a_change_of_devices_and_so_does_what_stands_on_them() {
    let lab = Lab::new().await;
    lab.settle().await;
    let live = lab
        .collection("Live", ALL, vec![query("Name like 'PC-%'")])
        .await;
    let still = lab
        .collection("Still", ALL, vec![query("Name like 'PC-%'")])
        .await;
    let own = live.clone();
    lab.write(move |context| {
        context.execute(
            "UPDATE SMS_Collection SET RefreshType = 4 WHERE CollectionID = ?1",
            &[&own],
        )
    })
    .await;
    lab.work().await;
    lab.write(|context| {
        context.execute(
            "INSERT INTO SMS_R_System (ResourceId, Name) VALUES (10, 'PC-10')",
            &[],
        )
    })
    .await;
    let due = lab
        .work()
        .await
        .expect("a change of devices wakes the evaluator");
    assert!(due <= Timestamp::now().checked_add(INCREMENTAL_DELAY).unwrap());
    assert_eq!(lab.members(&live).await.len(), 6, "not before its time");
    lab.write(|context| {
        context.execute(
            "UPDATE consign_device_change SET Since = '2026-01-01T00:00:00Z'",
            &[],
        )
    })
    .await;
    let full = lab
        .row(&live)
        .await
        .text("FullEvaluationLastRefreshTime")
        .to_owned();
    lab.work().await;
    assert_eq!(lab.members(&live).await.len(), 7);
    let followed = lab.members(&still).await.len();
    assert_eq!(followed, 7, "All Systems, which limits it, has changed");
    let row = lab.row(&live).await;
    assert_eq!(row.number("IncrementalEvaluationMemberChanges"), 1);
    assert_eq!(row.text("FullEvaluationLastRefreshTime"), full);
}
