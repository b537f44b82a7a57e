//! Lists, single reads, counts, metadata.

use http::StatusCode;
use serde_json::{Value, json};

use super::asking::{Asking, fixture, names};

#[tokio::test]
async fn a_list_is_wrapped_and_its_rows_are_in_the_documented_order() {
    let asking = Asking::new();
    let answer = asking.get("SMS_Collection").await;
    let root = "https://dp01.lab.example/AdminService/wmi/";
    assert_eq!(
        answer.json()["@odata.context"],
        format!("{root}$metadata#SMS_Collection")
    );
    let rows = answer.rows();
    let row = rows
        .iter()
        .find(|row| row["CollectionID"] == "SMS00001")
        .unwrap();
    let row_names = names(row);
    let recorded: Value = serde_json::from_str(&fixture("resp-collection-create.json")).unwrap();
    let known: Vec<_> = names(&recorded)
        .into_iter()
        .filter(|name| row_names.contains(name))
        .collect();
    let shown: Vec<_> = row_names
        .iter()
        .copied()
        .filter(|name| known.contains(name))
        .collect();
    assert_eq!(shown, known);
    assert_eq!(
        known.len(),
        names(&recorded).len() - 1,
        "all but the context"
    );
}

#[tokio::test]
async fn a_row_says_who_it_is_as_the_management_layer_does() {
    let asking = Asking::new();
    asking.package().await;
    let rows = asking.get("SMS_Program").await.rows();
    let row = &rows[0];
    assert_eq!(row["@odata.etag"], "ABC00001;Install");
    assert_eq!(row["__GENUS"], 2);
    assert_eq!(
        row["__RELPATH"],
        r#"SMS_Program.PackageID="ABC00001",ProgramName="Install""#
    );
    assert_eq!(row["__NAMESPACE"], r"root\sms\site_ABC");
    assert_eq!(
        row["__PATH"],
        r#"\\dp01\root\sms\site_ABC:SMS_Program.PackageID="ABC00001",ProgramName="Install""#
    );
    assert_eq!(row["__QUALIFIER_SECURITYVERBS"], Value::Null);
    let lazy = row["__LAZYPROPERTIES"].as_array().unwrap();
    assert!(
        lazy.contains(&json!("__QUALIFIER_SECURITYVERBS"))
            && lazy.contains(&json!("SupportedOperatingSystems"))
    );
}

#[tokio::test]
async fn a_nal_path_in_a_key_is_escaped_in_the_path_and_bare_in_the_etag() {
    let asking = Asking::new();
    let rows = asking.get("SMS_DistributionPointInfo").await.rows();
    let path = r#"["Display=\\dp01.lab.example\"]MSWNET:["SMS_SITE=ABC"]\\dp01.lab.example\"#;
    assert_eq!(
        rows[0]["@odata.etag"],
        format!("{path};Windows NT Server;ABC")
    );
    let escaped = path.replace('\\', r"\\").replace('"', "\\\"");
    assert!(
        rows[0]["__RELPATH"].as_str().unwrap().contains(&escaped),
        "{}",
        rows[0]["__RELPATH"]
    );
}

#[tokio::test]
async fn a_read_by_key_is_wrapped_too_and_fills_lazy_properties() {
    let asking = Asking::new();
    let listed = asking
        .get("SMS_Collection?$filter=CollectionID eq 'SMS00001'")
        .await
        .rows();
    assert_eq!(
        (&listed[0]["CollectionRules"], &listed[0]["RefreshType"]),
        (&json!([]), &Value::Null)
    );
    let read = asking.get("SMS_Collection('SMS00001')").await.rows();
    assert_eq!(read.len(), 1);
    assert_eq!(read[0]["RefreshType"], 6);
    assert_eq!(
        read[0]["CollectionRules"][0]["@odata.type"],
        "#AdminService.SMS_CollectionRuleQuery"
    );
    assert_eq!(read[0]["__QUALIFIER_SECURITYVERBS"], -1);
}

#[tokio::test]
async fn select_leaves_nothing_but_what_was_selected() {
    let asking = Asking::new();
    let rows = asking
        .get("SMS_Collection?$select=Name, collectionid&$filter=IsBuiltIn eq true")
        .await
        .rows();
    assert_eq!(names(&rows[0]), ["CollectionID", "Name"]);
    let read = asking
        .get("SMS_Collection('SMS00001')?$select=RefreshType")
        .await
        .rows();
    assert_eq!(read, [json!({"RefreshType": 6})]);
}

#[tokio::test]
async fn filters_compare_texts_without_case() {
    let asking = Asking::new();
    asking.device(16_777_219, "SCCM-SITESRV").await;
    asking.device(16_777_220, "50%_OFF").await;
    let found = |filter: &'static str| {
        let asking = &asking;
        async move {
            let rows = asking
                .get(&format!("SMS_R_System?$select=Name&$filter={filter}"))
                .await
                .rows();
            rows.iter()
                .map(|row| row["Name"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(found("Name eq 'sccm-sitesrv'").await, ["SCCM-SITESRV"]);
    assert_eq!(
        found("startswith(Name,'sccm') eq true").await,
        ["SCCM-SITESRV"]
    );
    assert_eq!(
        found("contains(Name,'%25_')").await,
        ["50%_OFF"],
        "wildcards are text"
    );
    assert_eq!(
        found("SMSAssignedSites/any(s: s eq 'abc') and ResourceID eq 16777219").await,
        ["SCCM-SITESRV"]
    );
    assert_eq!(
        found("Obsolete eq null and not endswith(Name,'off')").await,
        ["SCCM-SITESRV"]
    );
}

#[tokio::test]
async fn a_thousand_names_in_one_filter_are_no_trouble() {
    let asking = Asking::new();
    asking.device(16_777_219, "PC-0007").await;
    let names: Vec<_> = (0..1500)
        .map(|number| format!("Name eq 'PC-{number:04}'"))
        .collect();
    let rows = asking
        .get(&format!("SMS_R_System?$filter={}", names.join(" or ")))
        .await
        .rows();
    assert_eq!(rows.len(), 1);
}

#[tokio::test]
async fn pages_neither_repeat_nor_lose_a_row() {
    let asking = Asking::new();
    for number in 0..7 {
        asking.device(16_777_219 + number, "SAME").await;
    }
    let mut seen = Vec::new();
    for skip in [0, 3, 6] {
        let path =
            format!("SMS_R_System?$select=ResourceId&$orderby=Name desc&$top=3&$skip={skip}");
        seen.extend(
            asking
                .get(&path)
                .await
                .rows()
                .iter()
                .map(|row| row["ResourceId"].as_u64().unwrap()),
        );
    }
    let expected: Vec<u64> = (16_777_219..16_777_226).rev().collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn counts_are_plain_text() {
    let asking = Asking::new();
    let answer = asking.get("SMS_Collection/$count").await;
    assert_eq!(
        (answer.text.as_str(), answer.kind.as_str()),
        ("7", "text/plain")
    );
    let answer = asking
        .get("SMS_Collection/$count?$filter=CollectionType eq 1")
        .await;
    assert_eq!(answer.text, "3");
}

#[tokio::test]
async fn the_service_lists_its_classes_but_none_that_is_only_embedded() {
    let asking = Asking::new();
    let sets = asking.get("").await.rows();
    assert!(
        sets.contains(&json!({"name": "SMS_Package", "kind": "EntitySet", "url": "SMS_Package"}))
    );
    assert!(
        !sets
            .iter()
            .any(|set| set["name"] == "SMS_CollectionRuleDirect")
    );
    assert_eq!(
        asking.get("SMS_CollectionRuleDirect").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_metadata_describe_a_class_as_a_real_site_does() {
    let asking = Asking::new();
    let answer = asking.get("$metadata").await;
    assert_eq!(answer.kind, "application/xml");
    let lines: Vec<_> = answer.text.lines().map(str::trim).collect();
    let recorded = fixture("metadata-collection-entitytype.xml");
    let from = lines
        .iter()
        .position(|line| *line == r#"<EntityType Name="SMS_Collection">"#)
        .unwrap();
    let ours: Vec<_> = lines[from..]
        .iter()
        .take_while(|line| **line != "</EntityType>")
        .collect();
    let mut recorded_properties = recorded
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("<Property "));
    let ours_properties: Vec<_> = ours
        .iter()
        .filter(|line| line.starts_with("<Property "))
        .collect();
    for property in &ours_properties {
        assert!(
            recorded_properties.any(|line| line == ***property),
            "{property} is not in its place"
        );
    }
    assert!(ours_properties.len() > 40);
    for line in [
        r#"<Action Name="AddMembershipRule" IsBound="true">"#,
        r#"<Parameter Name="bindingParameter" Type="AdminService.SMS_Collection" />"#,
        r#"<ActionImport Name="SMS_Collection.GetNumResults" Action="AdminService.SMS_Collection.GetNumResults" />"#,
    ] {
        assert!(recorded.contains(line) && lines.contains(&line), "{line}");
    }
}
