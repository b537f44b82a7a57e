use serde_json::{Value, json};

use super::*;
use crate::site::testing::site_at;

/// Runs a test in one transaction of a new site.
async fn on_a_site(test: impl FnOnce(&Context<'_>) + Send + 'static) {
    let folder = tempfile::tempdir().unwrap();
    let site = site_at(&folder.path().join("lab"));
    site.write(move |context| {
        test(context);
        Ok(())
    })
    .await
    .unwrap();
}

#[expect(clippy::needless_pass_by_value, reason = "it is written at the call")]
fn given(values: Value) -> Object {
    let mut object = Object::new();
    for (name, value) in values.as_object().unwrap() {
        object.set(name, value.clone());
    }
    object
}

fn made(context: &Context<'_>, class: &str, values: Value) -> Object {
    create(context, class, &given(values)).unwrap()
}

fn refused(context: &Context<'_>, class: &str, values: Value) -> Refusal {
    refusal(create(context, class, &given(values)))
}

fn refusal<T: std::fmt::Debug>(result: Result<T, StoreError>) -> Refusal {
    match result.unwrap_err() {
        StoreError::Refused(refusal) => refusal,
        other => panic!("{other}"),
    }
}

/// A package with files, a program, a collection and an advertisement of them.
fn advertised(context: &Context<'_>) -> [String; 3] {
    let package = made(
        context,
        "SMS_Package",
        json!({"Name": "7-Zip", "PkgSourceFlag": 2, "PkgSourcePath": "/src"}),
    );
    let package = package.text("PackageID").to_owned();
    made(
        context,
        "SMS_Program",
        json!({"PackageID": package, "ProgramName": "Install", "CommandLine": "x"}),
    );
    let collection = made(
        context,
        "SMS_Collection",
        json!({"Name": "Pilot", "LimitToCollectionID": "SMS00001", "CollectionType": 2}),
    );
    let collection = collection.text("CollectionID").to_owned();
    let advertisement = made(
        context,
        "SMS_Advertisement",
        json!({
            "AdvertisementName": "A", "PackageID": package, "ProgramName": "Install", "CollectionID": collection,
            "OfferType": 2,
        }),
    );
    [
        package,
        collection,
        advertisement.text("AdvertisementID").to_owned(),
    ]
}

#[tokio::test]
async fn ids_have_the_documented_forms() {
    on_a_site(|context| {
        let [package, collection, advertisement] = advertised(context);
        assert_eq!(package, "LAB00001");
        assert_eq!(collection, "LAB00001");
        assert_eq!(advertisement, "LAB20001");
    })
    .await;
}

#[tokio::test]
async fn what_a_class_requires_or_limits_is_named() {
    on_a_site(|context| {
        assert_eq!(
            refused(context, "SMS_Package", json!({})).code,
            Wbem::IllegalNull
        );
        let long = refused(context, "SMS_Package", json!({"Name": "x".repeat(51)}));
        assert_eq!(
            long.description,
            "SMS_Package.Name: at most 50 characters (this has 51)"
        );
        let pathless = refused(
            context,
            "SMS_Package",
            json!({"Name": "x", "PkgSourceFlag": 2}),
        );
        assert!(pathless.description.contains("PkgSourcePath"), "{pathless}");
    })
    .await;
}

#[tokio::test]
async fn programs_are_unique_in_their_package_and_their_flags_fit() {
    on_a_site(|context| {
        let [package, ..] = advertised(context);
        let twin = refused(
            context,
            "SMS_Program",
            json!({"PackageID": package, "ProgramName": "INSTALL"}),
        );
        assert_eq!(twin.code, Wbem::AlreadyExists);
        let torn = refused(
            context,
            "SMS_Program",
            json!({"PackageID": package, "ProgramName": "B", "ProgramFlags": 0x0002_4000}),
        );
        assert!(torn.description.contains("USERCONTEXT"), "{torn}");
        assert_eq!(
            context
                .read_named("SMS_Package", &package)
                .unwrap()
                .unwrap()
                .number("NumOfPrograms"),
            1
        );
    })
    .await;
}

#[tokio::test]
async fn what_an_advertisement_offers_cannot_be_changed() {
    on_a_site(|context| {
        let [_, _, id] = advertised(context);
        let key = ObjectKey::text(id.as_str());
        let renamed = refusal(update(
            context,
            "SMS_Advertisement",
            &key,
            &given(json!({"AdvertisementName": "B"})),
        ));
        assert_eq!(renamed.code, Wbem::ReadOnly);
        let changed = update(
            context,
            "SMS_Advertisement",
            &key,
            &given(json!({"Comment": "c", "PresentTimeIsGMT": true})),
        );
        let changed = changed.unwrap();
        assert_eq!(changed.text("Comment"), "c");
        assert_eq!(changed.number("TimeFlags"), 0x21);
    })
    .await;
}

#[tokio::test]
async fn collections_in_use_and_built_in_ones_stay() {
    on_a_site(|context| {
        let [_, collection, advertisement] = advertised(context);
        let key = ObjectKey::text(collection.as_str());
        let used = refusal(delete(context, "SMS_Collection", &key));
        assert!(used.description.contains(&advertisement), "{used}");
        delete(
            context,
            "SMS_Advertisement",
            &ObjectKey::text(advertisement.as_str()),
        )
        .unwrap();
        delete(context, "SMS_Collection", &key).unwrap();
        let built_in = refusal(delete(
            context,
            "SMS_Collection",
            &ObjectKey::text("SMS00001"),
        ));
        assert_eq!(built_in.code, Wbem::NotSupported);
    })
    .await;
}

#[tokio::test]
async fn a_collection_cannot_be_limited_to_one_that_stands_on_it() {
    on_a_site(|context| {
        let [_, outer, _] = advertised(context);
        let inner = made(
            context,
            "SMS_Collection",
            json!({"Name": "Inner", "LimitToCollectionID": outer}),
        );
        let loops = refusal(update(
            context,
            "SMS_Collection",
            &ObjectKey::text(outer.as_str()),
            &given(json!({"LimitToCollectionID": inner.text("CollectionID")})),
        ));
        assert_eq!(loops.code, Wbem::CircularReference);
    })
    .await;
}

#[tokio::test]
async fn deleting_a_package_marks_it_until_its_files_have_left() {
    on_a_site(|context| {
        let [package, ..] = advertised(context);
        let path = context.site.nal_path();
        assign(context, &package, path.as_str(), "LAB").unwrap();
        delete(context, "SMS_Package", &ObjectKey::text(package.as_str())).unwrap();
        let left = context
            .read_named("SMS_Package", &package)
            .unwrap()
            .unwrap();
        assert_eq!(left.number("ActionInProgress"), 3);
        assert_eq!(context.count("SMS_Advertisement", "1", &[]).unwrap(), 0);
        assert_eq!(
            context
                .count("SMS_DistributionPoint", "Status = 3", &[])
                .unwrap(),
            1
        );
        let states = context
            .find("SMS_PackageStatusDistPointsSummarizer", "1", &[])
            .unwrap();
        assert_eq!(
            states.first().unwrap().number("State"),
            State::RemovalPending as i64
        );
    })
    .await;
}

#[tokio::test]
async fn a_maintenance_window_says_what_its_schedule_says() {
    on_a_site(|context| {
        let [_, collection, _] = advertised(context);
        let settings = made(
            context,
            "SMS_CollectionSettings",
            json!({"CollectionID": collection, "ServiceWindows": [{
                "Name": "Night", "IsEnabled": true, "ServiceWindowType": 1, "ServiceWindowSchedules": "00233E00181B2000",
            }]}),
        );
        let window = settings.list("ServiceWindows").first().unwrap();
        assert_eq!((&window["Duration"], &window["RecurrenceType"]), (&json!(180), &json!(3)));
        let counted = context.read_named("SMS_Collection", &collection).unwrap().unwrap();
        assert_eq!(counted.number("ServiceWindowsCount"), 1);
    })
    .await;
}

#[tokio::test]
async fn a_package_that_somebody_else_saved_first_is_not_written_over() {
    on_a_site(|context| {
        let [package, ..] = advertised(context);
        let key = ObjectKey::text(package.as_str());
        let read = context.read_named("SMS_Package", &package).unwrap().unwrap();
        let change = |comment: &str| given(json!({"SedoObjectVersion": read.text("SedoObjectVersion"), "Description": comment}));
        update(context, "SMS_Package", &key, &change("first")).unwrap();
        let second = refusal(update(context, "SMS_Package", &key, &change("second")));
        assert!(second.description.contains("somebody else"), "{second}");
        let kept = context.read_named("SMS_Package", &package).unwrap().unwrap();
        assert_eq!(kept.text("Description"), "first");
        update(context, "SMS_Package", &key, &given(json!({"Description": "third"}))).unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_refresh_flag_of_a_package_asks_for_a_new_version_and_always_reads_false() {
    on_a_site(|context| {
        let [package, ..] = advertised(context);
        assign(context, &package, context.site.nal_path().as_str(), "LAB").unwrap();
        context
            .execute(
                "UPDATE SMS_PackageStatusDistPointsSummarizer SET State = 0",
                &[],
            )
            .unwrap();
        let key = ObjectKey::text(package.as_str());
        let after = update(
            context,
            "SMS_Package",
            &key,
            &given(json!({"RefreshPkgSourceFlag": true})),
        )
        .unwrap();
        assert_eq!(
            (
                after.number("SourceVersion"),
                after.get("RefreshPkgSourceFlag")
            ),
            (2, Some(&json!(false)))
        );
        let waiting = context
            .count("SMS_PackageStatusDistPointsSummarizer", "State = 1", &[])
            .unwrap();
        assert_eq!(waiting, 1);
        let same = update(
            context,
            "SMS_Package",
            &key,
            &given(json!({"RefreshPkgSourceFlag": false})),
        )
        .unwrap();
        assert_eq!(same.number("SourceVersion"), 2);
    })
    .await;
}

#[tokio::test]
async fn a_schedule_that_cannot_be_kept_is_refused_with_its_place() {
    on_a_site(|context| {
        let token = |start: &str, days: u32| json!({"@odata.type": "#AdminService.SMS_ST_RecurInterval", "StartTime": start, "DaySpan": days});
        let with = |token: Value| json!({"Name": "S", "LimitToCollectionID": "SMS00001", "RefreshType": 2, "RefreshSchedule": [token]});
        let late = refused(context, "SMS_Collection", with(token("2034-01-01T00:00:00Z", 1)));
        assert!(late.description.contains("SMS_Collection.RefreshSchedule") && late.description.contains("2033"), "{late}");
        assert_eq!(late.code, Wbem::InvalidParameter);
        let wide = refused(context, "SMS_Collection", with(token("2026-01-01T00:00:00Z", 32)));
        assert!(wide.description.contains("0 to 31"), "{wide}");
        let many = vec![token("2026-01-01T00:00:00Z", 1); 16];
        let many = refused(context, "SMS_Collection", json!({"Name": "S", "LimitToCollectionID": "SMS00001", "RefreshSchedule": many}));
        assert!(many.description.contains("at most 15"), "{many}");
        let kept = made(context, "SMS_Collection", with(token("2026-01-01T02:00:00Z", 1)));
        assert!(kept.text("FullEvaluationNextRefreshTime") > context.now().as_str());
        let key = ObjectKey::text(kept.text("CollectionID"));
        let off = update(context, "SMS_Collection", &key, &given(json!({"RefreshType": 1}))).unwrap();
        assert!(!off.has("RefreshSchedule"), "switching the schedule off clears it");
        assert_eq!(off.text("FullEvaluationNextRefreshTime"), NEVER_EVALUATED);
    })
    .await;
}

#[tokio::test]
async fn a_program_asks_only_for_what_is_there() {
    on_a_site(|context| {
        let [package, ..] = advertised(context);
        let program = |name: &str, more: Value| {
            let mut values = json!({"PackageID": package, "ProgramName": name});
            values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            create(context, "SMS_Program", &given(values))
        };
        let odd = refusal(program("A", json!({"DependentProgram": "Install"})));
        assert!(odd.description.contains(";;ProgramName"), "{odd}");
        let missing = refusal(program("A", json!({"DependentProgram": ";;Nobody"})));
        assert_eq!(missing.code, Wbem::NotFound);
        program("A", json!({"DependentProgram": ";;install"})).unwrap();
        program("B", json!({"DependentProgram": format!("{package};;A")})).unwrap();
        let key = ObjectKey { values: vec![json!(package), json!("Install")] };
        let looped = refusal(update(context, "SMS_Program", &key, &given(json!({"DependentProgram": ";;B"}))));
        assert_eq!(looped.code, Wbem::CircularReference);
        let known = context.find("SMS_SupportedPlatforms", "OSPlatform = 'ARM64'", &[]).unwrap();
        let mut platform = json!({
            "Name": known[0].text("OSName"), "Platform": "ARM64", "MinVersion": known[0].text("OSMinVersion"),
            "MaxVersion": known[0].text("OSMaxVersion"),
        });
        program("C", json!({"SupportedOperatingSystems": [platform]})).unwrap();
        platform["Platform"] = json!("VAX");
        let unknown = refusal(program("D", json!({"SupportedOperatingSystems": [platform]})));
        assert!(unknown.description.contains("VAX"), "{unknown}");
    })
    .await;
}

#[tokio::test]
async fn of_a_built_in_collection_only_the_schedule_moves() {
    on_a_site(|context| {
        let key = ObjectKey::text("SMS00001");
        let old = context.read_named("SMS_Collection", "SMS00001").unwrap().unwrap();
        let six = json!([{"@odata.type": "#AdminService.SMS_ST_RecurInterval", "StartTime": "2026-01-01T06:00:00Z", "DaySpan": 1}]);
        let moved = given(json!({"Name": "All Systems", "RefreshType": 6, "CollectionType": 2, "RefreshSchedule": six}));
        let after = update(context, "SMS_Collection", &key, &moved).unwrap();
        assert_ne!(after.get("RefreshSchedule"), old.get("RefreshSchedule"));
        for (other, words) in [
            (json!({"Name": "Everything"}), "cannot be changed"),
            (json!({"Comment": "mine", "RefreshSchedule": six}), "cannot be changed"),
            (json!({"RefreshType": 1}), "cannot be changed"),
            (json!({"RefreshSchedule": []}), "cannot be switched off"),
            (json!({"RefreshSchedule": null}), "cannot be switched off"),
        ] {
            let refused = refusal(update(context, "SMS_Collection", &key, &given(other.clone())));
            assert_eq!(refused.code, Wbem::NotSupported, "{other}");
            assert!(refused.description.contains(words), "{other}: {refused}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_clients_said_of_an_advertisement_outlives_it() {
    on_a_site(|context| {
        let [.., advertisement] = advertised(context);
        context
            .execute("INSERT INTO SMS_ClientAdvertisementStatus (AdvertisementID, ResourceID, LastState) VALUES (?1, 7, 13)", &[&advertisement])
            .unwrap();
        delete(context, "SMS_Advertisement", &ObjectKey::text(advertisement.as_str())).unwrap();
        assert_eq!(context.count("SMS_ClientAdvertisementStatus", "1", &[]).unwrap(), 1);
        assert_eq!(context.count("SMS_DeploymentSummary", "1", &[]).unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_number_without_a_meaning_is_refused() {
    on_a_site(|context| {
        for (class, values) in [
            ("SMS_Package", json!({"Name": "P", "Priority": 9})),
            ("SMS_Package", json!({"Name": "P", "PkgSourceFlag": 7})),
            (
                "SMS_Collection",
                json!({"Name": "C", "LimitToCollectionID": "SMS00001", "RefreshType": 5}),
            ),
        ] {
            assert_eq!(
                refused(context, class, values).code,
                Wbem::InvalidParameter,
                "{class}"
            );
        }
    })
    .await;
}
