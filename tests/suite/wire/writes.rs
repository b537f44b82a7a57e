//! Create, update, delete.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::asking::{Asking, fixture, names};

#[tokio::test]
async fn a_create_answers_the_whole_object_as_a_real_site_does() {
    let asking = Asking::new();
    let sent: Value = serde_json::from_str(&fixture("req-collection-create.json")).unwrap();
    let answer = asking.post("SMS_Collection", sent.clone()).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let (ours, recorded) = (answer.json(), fixture("resp-collection-create.json"));
    let recorded: Value = serde_json::from_str(&recorded).unwrap();
    let recorded_names = names(&recorded);
    let shared: Vec<_> = names(&ours)
        .into_iter()
        .filter(|name| recorded_names.contains(name))
        .collect();
    assert_eq!(shared, recorded_names);
    // What depends on the site, on the moment and on how many properties the class has here.
    let own = [
        "@odata.context",
        "@odata.etag",
        "__LAZYPROPERTIES",
        "CollectionID",
        "LastChangeTime",
        "MemberClassName",
        "LastRefreshTime",
        "__PROPERTY_COUNT",
        "__RELPATH",
        "__SERVER",
        "__PATH",
    ];
    for name in recorded_names.iter().filter(|name| !own.contains(name)) {
        assert_eq!(ours[name], recorded[name], "{name}");
    }
    assert_eq!(ours["CollectionID"], "ABC00001");
    assert_eq!(
        ours["@odata.context"],
        "https://dp01.lab.example/AdminService/wmi/$metadata#SMS_Collection/$entity"
    );
}

#[tokio::test]
async fn a_post_with_a_key_changes_the_object_and_leaves_the_rest() {
    let asking = Asking::new();
    asking.package().await;
    let changed = asking
        .made(
            "SMS_Package",
            json!({"PackageID": "abc00001", "Description": "Freeware"}),
        )
        .await;
    assert_eq!(
        (&changed["Description"], &changed["Name"]),
        (&json!("Freeware"), &json!("7-zip"))
    );
    assert_eq!(asking.get("SMS_Package/$count").await.text, "1");
}

#[tokio::test]
async fn put_and_patch_change_what_they_name() {
    let asking = Asking::new();
    asking.package().await;
    for method in [Method::PUT, Method::PATCH] {
        let body = json!({ "Comment": method.as_str() });
        let path = "SMS_Program(ProgramName='install',PackageID='ABC00001')";
        let answer = asking.ask(method.clone(), path, Some(&body)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let changed = answer.json();
        assert_eq!(
            (&changed["Comment"], &changed["CommandLine"]),
            (&json!(method.as_str()), &json!("x"))
        );
        assert_eq!(
            changed["ProgramName"], "Install",
            "the key stays as it was made"
        );
    }
    let elsewhere = json!({"PackageID": "ABC00002", "Comment": "x"});
    let answer = asking
        .put(
            "SMS_Program(PackageID='ABC00001',ProgramName='Install')",
            elsewhere,
        )
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_put_on_settings_makes_them() {
    let asking = Asking::new();
    asking
        .made(
            "SMS_Collection",
            json!({"Name": "Pilot", "LimitToCollectionID": "SMS00001"}),
        )
        .await;
    assert_eq!(
        asking
            .get("SMS_CollectionSettings('ABC00001')")
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    let variables =
        json!({"CollectionVariables": [{"Name": "a", "Value": "b", "IsMasked": false}]});
    let answer = asking
        .put("SMS_CollectionSettings('ABC00001')", variables)
        .await;
    assert!(answer.status.is_success(), "{}", answer.text);
    let collection = asking.get("SMS_Collection('ABC00001')").await.rows();
    assert_eq!(collection[0]["CollectionVariablesCount"], 1);
    let none = asking
        .put("SMS_CollectionSettings('ABC00099')", json!({}))
        .await;
    assert!(
        none.message().contains("there is no collection ABC00099"),
        "{}",
        none.text
    );
}

#[tokio::test]
async fn a_put_on_nothing_makes_no_package() {
    let asking = Asking::new();
    let answer = asking
        .put("SMS_Package('ABC00001')", json!({"Name": "x"}))
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let chosen = asking
        .post("SMS_Package", json!({"PackageID": "ABC00007", "Name": "x"}))
        .await;
    assert_eq!(chosen.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn a_delete_answers_nothing_and_a_second_one_finds_nothing() {
    let asking = Asking::new();
    asking
        .made(
            "SMS_Collection",
            json!({"Name": "Pilot", "LimitToCollectionID": "SMS00001"}),
        )
        .await;
    let answer = asking.delete("SMS_Collection/ABC00001").await;
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (StatusCode::NO_CONTENT, "")
    );
    assert_eq!(
        asking.delete("SMS_Collection('ABC00001')").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_deleted_package_is_no_longer_shown_and_its_program_is_marked() {
    let asking = Asking::new();
    asking.package().await;
    assert_eq!(
        asking.delete("SMS_Package('ABC00001')").await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(asking.get("SMS_Package").await.rows(), Vec::<Value>::new());
    assert_eq!(asking.get("SMS_Package/$count").await.text, "0");
    assert_eq!(
        asking.get("SMS_Package('ABC00001')").await.status,
        StatusCode::NOT_FOUND
    );
    let programs = asking
        .get("SMS_Program?$filter=ActionInProgress eq 3")
        .await
        .rows();
    assert_eq!(programs.len(), 1);
}

#[tokio::test]
async fn a_package_is_assigned_and_taken_off_through_rows_in_passing_states() {
    let asking = Asking::new();
    asking.package().await;
    let point = asking
        .get("SMS_SystemResourceList?$filter=RoleName eq 'SMS Distribution Point'")
        .await
        .rows();
    let path = point[0]["NALPath"].clone();
    let body = json!({"PackageID": "ABC00001", "ServerNALPath": path, "SiteCode": "ABC"});
    assert_eq!(
        asking.made("SMS_DistributionPoint", body.clone()).await["Status"],
        2
    );
    let state = asking
        .get("SMS_PackageStatusDistPointsSummarizer?$select=State")
        .await
        .rows();
    assert_eq!(state, [json!({"State": 1})]);
    let again = asking
        .made(
            "SMS_DistributionPoint",
            json!({"PackageID": "ABC00001", "ServerNALPath": path,
        "SiteCode": "ABC", "RefreshNow": true}),
        )
        .await;
    assert_eq!(again["RefreshNow"], true);
    let key = path
        .as_str()
        .unwrap()
        .replace('\\', "%5C")
        .replace('"', "%22")
        .replace('[', "%5B")
        .replace(']', "%5D");
    let key =
        format!("SMS_DistributionPoint(PackageID='ABC00001',ServerNALPath='{key}',SiteCode='ABC')");
    assert_eq!(asking.delete(&key).await.status, StatusCode::NO_CONTENT);
    let left = asking
        .get("SMS_DistributionPoint?$select=Status")
        .await
        .rows();
    assert_eq!(left, [json!({"Status": 3})]);
}

#[tokio::test]
async fn what_was_acknowledged_is_there_for_whoever_opens_the_site_next() {
    let asking = Asking::new();
    asking.package().await;
    let other = consign::site::Site::open(asking.site.folder()).unwrap();
    let packages = other
        .read(|context| context.count("SMS_Package", "1", &[]))
        .await
        .unwrap();
    assert_eq!(packages, 1);
}
