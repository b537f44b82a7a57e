//! Failures: the documented status, an error body, and what is wrong in words.

use consign::odata::ExtendedStatus;
use http::{Method, StatusCode};
use serde_json::json;

use super::asking::Asking;

#[tokio::test]
async fn unknown_things_are_not_found() {
    let asking = Asking::new();
    for path in [
        "SMS_Nothing",
        "SMS_Package('ABC00001')",
        "SMS_R_System('PC-0001')",
        "SMS_Program('ABC00001')",
        "SMS_Package('ABC00001')/Name",
        "/AdminService/v1.0/Device",
        "/elsewhere",
    ] {
        let answer = asking.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.message().is_empty(), "{path}");
    }
}

#[tokio::test]
async fn what_cannot_be_understood_is_a_bad_request() {
    let asking = Asking::new();
    for (path, word) in [
        ("SMS_Collection?$filter=Name like 'x%25'", "character 6"),
        ("SMS_Collection?$filter=Nmae eq 'x'", "'Nmae'"),
        ("SMS_Collection?$select=Nmae", "'Nmae'"),
        ("SMS_Collection?$orderby=Nmae", "'Nmae'"),
        (
            "SMS_Collection?$select=CollectionID,RefreshType",
            "RefreshType",
        ),
        ("SMS_Collection?$expand=SMS_R_System", "$expand"),
        ("SMS_Collection?$top=some", "$top"),
    ] {
        let answer = asking.get(path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(answer.message().contains(word), "{path}: {}", answer.text);
    }
    let body = json!({"Name": "x", "Colour": "red"});
    assert!(
        asking
            .post("SMS_Package", body)
            .await
            .message()
            .contains("'Colour'")
    );
    let answer = asking.post("SMS_Package", json!({"Name": 7})).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.message().contains("Name"));
}

#[tokio::test]
async fn a_verb_that_means_nothing_is_not_allowed() {
    let asking = Asking::new();
    for (method, path) in [
        (Method::DELETE, "SMS_Package"),
        (Method::PUT, "SMS_Package"),
        (Method::POST, "SMS_Package('ABC00001')"),
        (Method::POST, "$metadata"),
        (Method::GET, "SMS_NAL_Methods.UnPackNALPath"),
    ] {
        let answer = asking.ask(method.clone(), path, Some(&json!({}))).await;
        assert_eq!(
            answer.status,
            StatusCode::METHOD_NOT_ALLOWED,
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn a_refusal_of_the_provider_carries_its_code_and_its_words() {
    let asking = Asking::new();
    let answer = asking.delete("SMS_Collection('SMS00001')").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    let message = answer.message();
    let status = ExtendedStatus::find(&message).unwrap();
    assert!(
        status.status_code.is_some_and(|code| code > 0x8004_0000),
        "{message}"
    );
    assert!(
        status.description.unwrap().contains("All Systems"),
        "{message}"
    );
    assert_eq!(status.operation.as_deref(), Some("DeleteInstance"));
    assert_eq!(
        status.parameter.as_deref(),
        Some("SMS_Collection.CollectionID=\"SMS00001\"")
    );
}

#[tokio::test]
async fn objects_of_a_read_only_class_cannot_be_made() {
    let asking = Asking::new();
    let answer = asking.post("SMS_Site", json!({"SiteCode": "XYZ"})).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.message().contains("0x80041024"), "{}", answer.text);
}
