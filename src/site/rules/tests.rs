use serde_json::{Value, json};

use super::*;
use crate::site::{NewSite, Site};
use crate::sms::ids::SiteCode;

/// Runs a test in one transaction of a new site.
async fn on_a_site(test: impl FnOnce(&Context<'_>) + Send + 'static) {
    let folder = tempfile::tempdir().unwrap();
    let new = NewSite {
        code: SiteCode::from("LAB"),
        name: "lab".into(),
    };
    let at = folder.path().join("lab");
    let site = tokio::task::spawn_blocking(move || Site::create(&at, &new))
        .await
        .unwrap()
        .unwrap();
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
