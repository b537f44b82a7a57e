use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::distribution::check::trial::{
    Known, MAKING, USING, by_draft, by_facts, making, row, using,
};
use crate::distribution::facts::{
    Answer, DeviceFact, Fact, LARGE, Preview, QueryFact, Question, ResolvedName,
};

/// A new collection by query.
const BY_QUERY: &str = r#"
    collection.name = "Line Tool - Pilot"
    collection.limit_to = "All Desktops"
    collection.query = "select * from SMS_R_System where Name like 'PC-%'"
"#;

#[test]
fn rules_about_the_draft() {
    let name = |length: usize| format!("collection.name = \"{}\"", "x".repeat(length));
    let many: Vec<String> = (0..501).map(|number| format!("\"PC-{number}\"")).collect();
    let query = |text: &str| format!("collection.query = \"{text}\"");
    by_draft(
        MAKING,
        &[
            ("COL-E02", "collection.use = \"\"", ""),
            ("COL-E06", "collection.name = \"\"", ""),
            ("COL-E31", &name(256), &name(255)),
            ("COL-E10", "collection.limit_to = \"\"", ""),
            ("COL-E12", "collection.limit_to = \"line tool - pilot\"", ""),
            (
                "COL-W19",
                &format!("collection.devices = [{}]", many.join(", ")),
                "",
            ),
            (
                "COL-E22",
                &query("select * from SMS_G_System_X"),
                &query("select * from SMS_R_System"),
            ),
            (
                "COL-E26",
                "collection.include = [\"Line Tool - Pilot\"]",
                "collection.include = [\"Other\"]",
            ),
            (
                "COL-E33",
                "collection.devices = []",
                "collection.devices = []\ncollection.include = [\"Other\"]",
            ),
        ],
    );
}

#[test]
fn rules_about_an_existing_collection() {
    let pilot = |more: Json| {
        let mut row = json!({ "CollectionID": "LAB00014", "MemberCount": 37, "LastRefreshTime": "2026-11-25T13:00:00Z" });
        if let (Some(row), Json::Object(more)) = (row.as_object_mut(), more) {
            row.extend(more);
        }
        Known::usual().collection("Pilot PCs", row)
    };
    let good = || pilot(json!({}));
    let twice = {
        let one =
            row(json!({ "CollectionID": "LAB00014", "Name": "Pilot PCs", "CollectionType": 2 }));
        let other =
            row(json!({ "CollectionID": "LAB00015", "Name": "Pilot PCs", "CollectionType": 2 }));
        Known::usual().with(
            Question::Collection("Pilot PCs".into()),
            Answer::Collections(vec![one, other]),
        )
    };
    let nobody = pilot(json!({ "MemberCount": 0 })).impact(using(), 0, |_| {});
    let users = pilot(json!({ "CollectionType": 1 }))
        .package(json!({}), &[json!({ "ProgramFlags": 0x0812_A000_u32 })]);
    let others = good().package(json!({}), &[json!({ "ProgramFlags": 0x0812_A000_u32 })]);
    by_facts(
        USING,
        &[
            (
                "COL-E02",
                "",
                Known::usual().no_collection("Pilot PCs"),
                good(),
            ),
            ("COL-E02", "", twice, good()),
            ("COL-W03", "", nobody, good()),
            (
                "COL-W04",
                "",
                pilot(json!({ "LastRefreshTime": "2026-11-23T13:00:00Z" })),
                good(),
            ),
            ("COL-W05", "", pilot(json!({ "CurrentStatus": 5 })), good()),
            ("COL-W14", "", users, others),
        ],
    );
}

#[test]
fn rules_about_a_new_collection() {
    let usual = Known::usual;
    let taken = usual().collection("Line Tool - Pilot", json!({ "CollectionID": "LAB00077" }));
    let large = |name: &str| {
        let other = row(
            json!({ "CollectionID": "LAB00003", "Name": name, "CollectionType": 2, "MemberCount": 900 }),
        );
        usual().with(
            Question::LargeCollections(LARGE),
            Answer::Collections(vec![other]),
        )
    };
    let limit = |more: Json| usual().collection("All Desktops", more);
    let users = limit(json!({ "CollectionID": "LAB00002", "CollectionType": 1 }));
    let part = "collection.include = [\"Laptops\"]";
    let laptops = |kind: u32| {
        usual().collection(
            "Laptops",
            json!({ "CollectionID": "LAB00005", "CollectionType": kind }),
        )
    };
    by_facts(
        MAKING,
        &[
            (
                "COL-E07",
                "",
                taken,
                usual().no_collection("Line Tool - Pilot"),
            ),
            (
                "COL-W09",
                "",
                large("Line Tool - Pilots"),
                large("All Desktops"),
            ),
            (
                "COL-E10",
                "",
                usual().no_collection("All Desktops"),
                usual(),
            ),
            (
                "COL-W11",
                "",
                limit(json!({ "CollectionID": "SMS00001" })),
                usual(),
            ),
            ("COL-E13", "", users, usual()),
            ("COL-E13", part, laptops(1), laptops(2)),
            (
                "COL-E32",
                part,
                usual().no_collection("Laptops"),
                laptops(2),
            ),
            ("COL-W03", "", usual().impact(making(), 0, |_| {}), usual()),
        ],
    );
}

/// What PC-0001 was found to be.
fn resolved(devices: &[(Json, Option<bool>)]) -> Known {
    let device = |(more, in_limit): &(Json, Option<bool>)| {
        let mut properties =
            json!({ "ResourceId": 1, "Name": "PC-0001", "Client": 1, "Active": 1 });
        if let (Some(properties), Json::Object(more)) = (properties.as_object_mut(), more.clone()) {
            properties.extend(more);
        }
        DeviceFact {
            row: row(properties),
            in_limit: *in_limit,
        }
    };
    let name = ResolvedName {
        name: "PC-0001".into(),
        matches: devices.iter().map(device).collect(),
    };
    let question = Question::Devices {
        names: vec!["PC-0001".into()],
        limit_to: "All Desktops".into(),
    };
    Known::usual().with(question, Answer::Devices(vec![name]))
}

#[test]
fn rules_about_named_devices() {
    let good = || resolved(&[(json!({}), Some(true))]);
    let stale = resolved(&[
        (json!({}), Some(true)),
        (json!({ "ResourceId": 2, "Obsolete": 1 }), Some(true)),
    ]);
    let twice = resolved(&[
        (json!({}), Some(true)),
        (json!({ "ResourceId": 2 }), Some(true)),
    ]);
    by_facts(
        MAKING,
        &[
            ("COL-E15", "", resolved(&[]), good()),
            ("COL-E16", "", twice, stale),
            ("COL-W17", "", resolved(&[(json!({}), Some(false))]), good()),
            (
                "COL-W17",
                "",
                resolved(&[(json!({}), Some(false))]),
                resolved(&[(json!({}), None)]),
            ),
            (
                "COL-W18",
                "",
                resolved(&[(json!({ "Client": 0 }), Some(true))]),
                good(),
            ),
        ],
    );
}

fn queried(is_valid: bool, count: u64) -> Known {
    let preview = Fact::known(
        Preview {
            count,
            sample: Vec::new(),
        },
        Timestamp::UNIX_EPOCH,
    );
    let fact = QueryFact {
        is_valid,
        message: "at character 3: no".into(),
        preview,
    };
    let wql = "select * from SMS_R_System where Name like 'PC-%'".into();
    Known::usual().with(
        Question::Query {
            wql,
            limit_to: "All Desktops".into(),
        },
        Answer::Query(fact),
    )
}

#[test]
fn rules_about_a_query() {
    by_facts(
        BY_QUERY,
        &[
            ("COL-E21", "", queried(false, 37), queried(true, 37)),
            ("COL-W23", "", queried(true, 0), queried(true, 37)),
            ("COL-W24", "", queried(true, 1800), queried(true, 37)),
        ],
    );
}
