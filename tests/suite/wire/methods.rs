//! Methods: static ones on the class, others on an object, always 201.

use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};

use super::asking::{Asking, ROOT, fixture};

#[tokio::test]
async fn a_static_method_answers_its_out_parameters() {
    let asking = Asking::new();
    for method in [Method::GET, Method::POST] {
        let body = (method == Method::POST).then(|| json!({}));
        let answer = asking
            .ask(method, "SMS_Identification.GetSiteID", body.as_ref())
            .await;
        assert_eq!(answer.status, StatusCode::CREATED);
        assert_eq!(
            answer.json(),
            json!({"@odata.context": "https://dp01.lab.example/AdminService/wmi/$metadata#__PARAMETERS",
                "ReturnValue": 0, "SiteID": "ABC"})
        );
    }
}

#[tokio::test]
async fn an_object_method_takes_its_key_in_either_form() {
    let asking = Asking::new();
    asking.package().await;
    for path in [
        "SMS_Package('ABC00001')/AdminService.RefreshPkgSource",
        "SMS_Package/ABC00001/AdminService.RefreshPkgSource",
        "sms_package(abc00001)/adminservice.refreshpkgsource/",
    ] {
        let answer = asking.post(path, json!({})).await;
        assert_eq!(
            answer.status,
            StatusCode::CREATED,
            "{path}: {}",
            answer.text
        );
        assert_eq!(answer.json()["ReturnValue"], 0);
    }
    let version = asking.get("SMS_Package?$select=SourceVersion").await.rows();
    assert_eq!(version, [json!({"SourceVersion": 4})]);
}

#[tokio::test]
async fn content_goes_to_points_by_method() {
    let asking = Asking::new();
    asking.package().await;
    let point = asking
        .get("SMS_DistributionPointInfo?$select=NALPath")
        .await
        .rows();
    let body = json!({"SiteCode": ["ABC"], "NALPath": [point[0]["NALPath"]]});
    let answer = asking
        .post(
            "SMS_Package('ABC00001')/AdminService.AddDistributionPoints",
            body,
        )
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert_eq!(asking.get("SMS_DistributionPoint/$count").await.text, "1");
}

#[tokio::test]
async fn a_method_on_a_missing_object_or_of_no_class_is_not_found() {
    let asking = Asking::new();
    for path in [
        "SMS_Package('ABC00099')/AdminService.RefreshPkgSource",
        "SMS_Package('ABC00099')/AdminService.Fly",
        "SMS_Package.RefreshPkgSource",
        "SMS_Site.ImportMachineEntry",
        "SMS_Site/ImportMachineEntry",
        "SMS_CollectionRuleQuery/AdminService.Fly",
    ] {
        let answer = asking.post(path, json!({})).await;
        assert!(
            matches!(
                answer.status,
                StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
            ),
            "{path}: {}",
            answer.status
        );
    }
}

#[tokio::test]
async fn a_wrong_parameter_is_not_found_and_named() {
    let asking = Asking::new();
    asking.package().await;
    let path = "SMS_Package('ABC00001')/AdminService.AddDistributionPoints";
    let answer = asking.post(path, json!({"Sites": ["ABC"]})).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.message().contains("'Sites'"));
    let answer = asking.post(path, json!({"SiteCode": "ABC"})).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.message().contains("SiteCode"));
}

#[tokio::test]
async fn a_list_of_objects_is_refused_as_on_a_real_site() {
    let asking = Asking::new();
    asking
        .made(
            "SMS_Collection",
            json!({"Name": "Pilot", "LimitToCollectionID": "SMS00001"}),
        )
        .await;
    let recorded: Value =
        serde_json::from_str(&fixture("resp-error-404-addmembershiprules.json")).unwrap();
    let body = json!({"collectionRules": [{"@odata.type": "#AdminService.SMS_CollectionRuleDirect",
        "ResourceClassName": "SMS_R_System", "RuleName": "x", "ResourceID": 1}]});
    let answer = asking
        .post(
            "SMS_Collection('ABC00001')/AdminService.AddMembershipRules",
            body,
        )
        .await;
    assert_eq!(
        (answer.status, answer.json()),
        (StatusCode::NOT_FOUND, recorded)
    );
}

#[tokio::test]
async fn a_post_needs_a_body_or_its_length() {
    let asking = Asking::new();
    asking.package().await;
    let path = format!("{ROOT}SMS_Package('ABC00001')/AdminService.RefreshPkgSource");
    let bare = || Request::builder().method(Method::POST).uri(&path);
    let answer = asking.send(bare().body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::LENGTH_REQUIRED);
    let answer = asking
        .send(
            bare()
                .header(header::CONTENT_LENGTH, 0)
                .body(Body::empty())
                .unwrap(),
        )
        .await;
    assert_eq!(answer.status, StatusCode::CREATED);
}

#[tokio::test]
async fn schedules_and_nal_paths_are_taken_apart() {
    let asking = Asking::new();
    let answer = asking
        .post(
            "SMS_ScheduleMethods.ReadFromString",
            json!({"StringData": "0001170000100038"}),
        )
        .await;
    let tokens = answer.json()["TokenData"].clone();
    assert_eq!(
        (&tokens[0]["@odata.type"], &tokens[0]["DaySpan"]),
        (&json!("#AdminService.SMS_ST_RecurInterval"), &json!(7))
    );
    let path = r#"["Display=\\dp01\"]MSWNET:["SMS_SITE=ABC"]\\dp01\"#;
    let answer = asking
        .post("SMS_NAL_Methods.UnPackNALPath", json!({"NALPath": path}))
        .await;
    let mut parts = answer.json();
    assert_eq!(parts["NetworkOSPath"], r"\\dp01\");
    parts
        .as_object_mut()
        .unwrap()
        .retain(|name, _| !name.starts_with('@') && name != "ReturnValue");
    let answer = asking.post("SMS_NAL_Methods.PackNALPath", parts).await;
    assert_eq!(answer.json()["NALPath"], path);
}

#[tokio::test]
async fn a_package_is_moved_between_scopes_and_is_never_in_none() {
    let asking = Asking::new();
    asking.package().await;
    let scopes = async || {
        let package = asking.get("SMS_Package('ABC00001')").await.rows();
        package[0]["SecuredScopeNames"].clone()
    };
    assert_eq!(scopes().await, json!(["Default"]));
    let mut request: Value =
        serde_json::from_str(&fixture("req-securedcategorymembership-add.json")).unwrap();
    request["ObjectIDs"] = json!(["ABC00001"]);
    request["ObjectTypeIDs"] = json!([2]);
    request["CategoryIDs"] = json!(["SMS00ALL"]);
    for _ in 0..2 {
        let added = asking
            .post(
                "SMS_SecuredCategoryMembership.AddMemberships",
                request.clone(),
            )
            .await;
        assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
    }
    assert_eq!(scopes().await, json!(["All", "Default"]));
    let remove = "SMS_SecuredCategoryMembership.RemoveMemberships";
    let removed = asking.post(remove, request.clone()).await;
    assert_eq!(removed.status, StatusCode::CREATED, "{}", removed.text);
    request["CategoryIDs"] = json!(["SMS00UNA"]);
    let last = asking.post(remove, request.clone()).await;
    assert_eq!(last.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        last.message().contains("no security scope"),
        "{}",
        last.text
    );
    request["CategoryIDs"] = json!(["ABC00009"]);
    let unknown = asking
        .post("SMS_SecuredCategoryMembership.AddMemberships", request)
        .await;
    assert!(!unknown.status.is_success(), "{}", unknown.text);
    assert_eq!(scopes().await, json!(["Default"]));
}

#[tokio::test]
async fn nothing_is_moved_into_a_folder_that_is_not_there() {
    let asking = Asking::new();
    asking.package().await;
    let request: Value =
        serde_json::from_str(&fixture("req-objectcontaineritem-movemembers.json")).unwrap();
    let refused = asking
        .post("SMS_ObjectContainerItem.MoveMembers", request)
        .await;
    assert!(
        refused.message().contains("no folder 16777201"),
        "{}",
        refused.text
    );
}
