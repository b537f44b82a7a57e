use http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use strum::IntoEnumIterator;
use tempfile::TempDir;
use tower::ServiceExt;

use super::trouble::Kind;
use super::*;
use crate::site::{NewSite, Site};

const SCHEDULE: &str = "#AdminService.SMS_ST_RecurInterval";

struct Played {
    router: Router,
    folder: TempDir,
}

/// What came back: its status and body, and nothing where the line was lost.
type Answer = Option<(u16, Vec<u8>)>;

impl Played {
    fn new(script: Script) -> Self {
        let folder = TempDir::new().unwrap();
        let new = NewSite {
            code: "ABC".into(),
            name: "lab".to_owned(),
        };
        let site = Site::create(folder.path(), &new).unwrap();
        Self {
            router: script.before(site.router()),
            folder,
        }
    }

    fn with(quirk: Quirk) -> Self {
        Self::new(Script {
            quirks: [quirk].into(),
            ..Script::default()
        })
    }

    fn in_trouble(text: &str) -> Self {
        Self::new(Script {
            troubles: vec![text.parse().unwrap()],
            ..Script::default()
        })
    }

    async fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = Request::builder()
            .method(method)
            .uri(format!("/AdminService/wmi/{path}"))
            .header(header::CONTENT_LENGTH, body.len())
            .body(Body::from(body))
            .unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.ok()?;
        Some((status, body.to_bytes().to_vec()))
    }

    async fn json(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let (status, body) = self.ask(method, path, body).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    async fn packages(&self) -> usize {
        let (_, list) = self.json("GET", "SMS_Package", None).await;
        list["value"].as_array().map_or(0, Vec::len)
    }
}

fn package() -> Value {
    json!({ "Name": "7-zip" })
}

#[tokio::test]
async fn a_windows_machine_reads_folders_of_this_one_under_the_name_of_a_server() {
    let played = Played::with(Quirk::Windows);
    let (_, site) = played.json("GET", "SMS_Site('ABC')", None).await;
    let installed = site["value"][0]["InstallDir"].as_str().unwrap();
    assert!(installed.starts_with(r"C:\"), "{installed}");
    let folder = played.folder.path().to_str().unwrap();
    let shared = format!(r"\\files{}", folder.replace('/', "\\"));
    let package = json!({ "Name": "7-zip", "PkgSourcePath": shared });
    let (status, made) = played.json("POST", "SMS_Package", Some(&package)).await;
    assert_eq!(
        (status, made["PkgSourcePath"].as_str()),
        (201, Some(&*shared))
    );
    let listed = "SMS_Package?$select=PkgSourcePath";
    let (_, list) = played.json("GET", listed, None).await;
    assert_eq!(list["value"][0]["PkgSourcePath"], *shared);
    let plain = Site::open(played.folder.path()).unwrap().router();
    let plain = Played {
        router: plain,
        folder: played.folder,
    };
    let (_, list) = plain.json("GET", listed, None).await;
    assert_eq!(
        list["value"][0]["PkgSourcePath"],
        *plain.folder.path().to_str().unwrap()
    );
}

#[tokio::test]
async fn arrays_of_schedules_are_refused_and_nothing_else() {
    let site = Played::with(Quirk::NoSchedules);
    let with_schedule = json!({ "Name": "7-zip", "RefreshSchedule": [
        { "@odata.type": SCHEDULE, "StartTime": "2026-11-30T20:00:00Z", "DaySpan": 1 }
    ]});
    assert_eq!(
        site.json("POST", "SMS_Package", Some(&with_schedule))
            .await
            .0,
        500
    );
    assert_eq!(site.packages().await, 0);
    let without = json!({ "Name": "7-zip", "RefreshSchedule": [] });
    assert_eq!(
        site.json("POST", "SMS_Package", Some(&without)).await.0,
        201
    );
}

#[tokio::test]
async fn a_backslash_in_a_url_names_nothing() {
    let site = Played::with(Quirk::NoBackslash);
    for path in [
        "SMS_Package?$filter=Name%20eq%20'a%5Cb'",
        "SMS_DistributionPoint('%5c%5cdp01')",
    ] {
        assert_eq!(site.json("GET", path, None).await.0, 404);
    }
    assert_eq!(site.json("GET", "SMS_Package", None).await.0, 200);
}

#[tokio::test]
async fn methods_of_objects_answer_with_a_plain_value() {
    let site = Played::with(Quirk::PlainValue);
    let method = "SMS_Collection('SMS00001')/AdminService.RequestRefresh";
    let (status, answer) = site.json("POST", method, Some(&json!({}))).await;
    assert_eq!((status, &answer["value"]), (201, &json!(0)));
    assert_eq!(answer.get("ReturnValue"), None);
}

#[tokio::test]
async fn lists_come_in_pages_with_links() {
    let site = Played::with(Quirk::NextLink);
    for _ in 0..60 {
        site.json("POST", "SMS_Package", Some(&package())).await;
    }
    let (_, first) = site.json("GET", "SMS_Package?$top=1000", None).await;
    assert_eq!(first["value"].as_array().unwrap().len(), 50);
    let link = first["@odata.nextLink"].as_str().unwrap();
    let link = link.split_once("/wmi/").unwrap().1;
    let (_, second) = site.json("GET", link, None).await;
    assert_eq!(second["value"].as_array().unwrap().len(), 10);
    assert_eq!(second.get("@odata.nextLink"), None);
    let (_, few) = site.json("GET", "SMS_Package?$top=50", None).await;
    assert_eq!(few.get("@odata.nextLink"), None);
}

#[tokio::test]
async fn times_of_devices_are_kept_late_and_utc_is_not() {
    let site = Played::with(Quirk::ShiftedClock);
    site.json("POST", "SMS_Package", Some(&package())).await;
    let program = json!({ "PackageID": "ABC00001", "ProgramName": "Go", "CommandLine": "x" });
    site.json("POST", "SMS_Program", Some(&program)).await;
    for (is_utc, kept) in [
        (false, "2031-01-01T09:00:00Z"),
        (true, "2031-01-01T08:00:00Z"),
    ] {
        let made = json!({
            "AdvertisementName": "a", "PackageID": "ABC00001", "ProgramName": "Go", "CollectionID": "SMS00001",
            "PresentTime": "2031-01-01T08:00:00Z", "PresentTimeIsGMT": is_utc,
        });
        let (status, made) = site.json("POST", "SMS_Advertisement", Some(&made)).await;
        assert_eq!(
            (status, &made["PresentTime"]),
            (201, &json!(kept)),
            "{made}"
        );
    }
}

#[tokio::test]
async fn a_viewer_sees_half_and_changes_nothing() {
    let (open, folder) = {
        let played = Played::new(Script::default());
        (played.router, played.folder)
    };
    let viewed = Script {
        quirks: [Quirk::Viewer].into(),
        ..Script::default()
    };
    let site = Played {
        router: viewed.before(open.clone()),
        folder,
    };
    let admin = Played {
        router: open,
        folder: TempDir::new().unwrap(),
    };
    for _ in 0..4 {
        admin.json("POST", "SMS_Package", Some(&package())).await;
    }
    assert_eq!((admin.packages().await, site.packages().await), (4, 2));
    let new = package();
    let status = async |method, path, body| site.json(method, path, body).await.0;
    assert_eq!(status("GET", "SMS_Package('ABC00001')", None).await, 404);
    assert_eq!(status("GET", "SMS_Package('ABC00002')", None).await, 200);
    assert_eq!(status("GET", "SMS_DistributionPointGroup", None).await, 403);
    assert_eq!(status("POST", "SMS_Package", Some(&new)).await, 403);
    assert_eq!(status("DELETE", "SMS_Package('ABC00002')", None).await, 500);
    let count = site.ask("GET", "SMS_Package/$count", None).await;
    assert_eq!(count, Some((200, b"2".to_vec())));
    let (_, who) = site
        .json(
            "POST",
            "SMS_Identification.GetCurrentUser",
            Some(&json!({})),
        )
        .await;
    let (_, listed) = site.json("GET", "SMS_Admin", None).await;
    let own = &listed["value"][0];
    assert_eq!(who["UserName"], own["LogonName"]);
    assert_eq!(own["CategoryNames"], json!(["Even numbers"]));
    let method = "SMS_Collection('SMS00002')/AdminService.RequestRefresh";
    let (status, said) = site.json("POST", method, Some(&json!({}))).await;
    let said = said["error"]["message"].as_str().unwrap();
    assert!(status == 500 && said.starts_with("Insufficient rights"));
}

#[tokio::test(start_paused = true)]
async fn troubles_come_when_they_are_due_and_say_truly_whether_the_work_was_done() {
    // Kind, the status of its answer where one comes whole, and whether the work is done.
    let table = [
        (Kind::CutBefore, None, false),
        (Kind::CutAfter, None, true),
        (Kind::CutBody, None, true),
        (Kind::HalfJson, Some(201), true),
        (Kind::Garbage, Some(201), true),
        (Kind::Html, Some(200), false),
        (Kind::Redirect, Some(302), false),
        (Kind::Slow, Some(201), true),
        (Kind::SignedOut, Some(401), false),
        (Kind::FailedAfter, Some(500), true),
        (Kind::Busy, Some(503), false),
    ];
    assert_eq!(table.len(), Kind::iter().count());
    for (kind, status, is_done) in table {
        let site = Played::in_trouble(&format!("{kind}=2"));
        assert_eq!(site.packages().await, 0, "{kind}: the first is well");
        let answer = site.ask("POST", "SMS_Package", Some(&package())).await;
        assert_eq!(answer.map(|(status, _)| status), status, "{kind}");
        assert_eq!(site.packages().await, usize::from(is_done), "{kind}");
    }
}

#[test]
fn troubles_are_read_with_and_without_a_number() {
    let read = |text: &str| text.parse::<Trouble>();
    assert_eq!(read("signed-out"), Ok(Trouble::at(Kind::SignedOut, 5)));
    assert_eq!(read("cut-after=12"), Ok(Trouble::at(Kind::CutAfter, 12)));
    for wrong in ["flood", "html=", "html=0", "html=x"] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
    assert!(Kind::iter().all(|kind| !kind.words().is_empty()));
    assert!(Quirk::iter().all(|quirk| !quirk.words().is_empty()));
}
