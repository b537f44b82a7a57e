use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;
use tokio::sync::watch;

use super::*;
use crate::site::content::library::{ContentId, Library};
use crate::site::content::progress::Progress;
use crate::site::content::{assignment, group, validation};
use crate::site::rules;
use crate::site::store::{Object, ObjectKey};
use crate::site::testing::site_at;
use crate::sms::ids::{GroupId, PackageId, SiteCode};
use crate::sms::nal::NalPath;
use crate::sms::schedule::unpack;

const AT_ONCE: &[Duration] = &[Duration::ZERO, Duration::ZERO];
const LATER: &[Duration] = &[Duration::from_hours(1)];

/// A site with two points, one of them its own server, and a source folder.
struct Lab {
    folder: TempDir,
    site: Site,
    stop: watch::Sender<bool>,
}

impl Lab {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = site_at(&folder.path().join("site"));
        let lab = Self {
            folder,
            site,
            stop: watch::Sender::new(false),
        };
        let point = lab.far();
        lab.write(move |context| {
            context.execute(
                "INSERT INTO SMS_SystemResourceList (NALPath, ResourceType, RoleName, SiteCode, ServerName)
                 VALUES (?1, 'Windows NT Server', 'SMS Distribution Point', 'LAB', ?2)",
                &[&point.as_str(), &point.server()],
            )
        })
        .await;
        lab.file("install.sh", "echo one");
        lab.file("data/big.bin", &"x".repeat(300_000));
        lab
    }

    fn near(&self) -> NalPath {
        self.site.identity().nal_path()
    }

    #[expect(clippy::unused_self, reason = "reads as its sister does")]
    fn far(&self) -> NalPath {
        NalPath::of_server("dp02.lab.example", &SiteCode::new("LAB"))
    }

    fn source(&self) -> PathBuf {
        self.folder.path().join("source")
    }

    fn file(&self, path: &str, text: &str) {
        let path = self.source().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn manager(&self, pauses: &'static [Duration]) -> Manager {
        Manager::new(self.site.clone(), pauses, self.stop.subscribe())
    }

    async fn work(&self) {
        self.manager(AT_ONCE).work_off().await.unwrap();
    }

    async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&crate::site::context::Context<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.site.write(write).await.unwrap()
    }

    /// A package with this lab's source folder, assigned to these points.
    async fn package(&self, points: &[NalPath]) -> PackageId {
        let (source, points) = (self.source().display().to_string(), points.to_vec());
        self.write(move |context| {
            let mut package = Object::new();
            package
                .set("Name", "Line Tool")
                .set("PkgSourceFlag", 2)
                .set("PkgSourcePath", source);
            let package = rules::create(context, "SMS_Package", &package)?;
            let id = PackageId::new(package.text("PackageID"));
            for point in points {
                rules::assign(context, id.as_str(), point.as_str(), "LAB")?;
            }
            Ok(id)
        })
        .await
    }

    /// State, version and words of a package at a point.
    async fn stands(&self, package: &PackageId, point: &NalPath) -> Option<(i64, i64, String)> {
        let (package, point) = (package.clone(), point.clone());
        self.site
            .read(move |context| {
                let values: [&dyn rusqlite::ToSql; 2] = [&package.as_str(), &point.as_str()];
                let rows = context.find(
                    "SMS_PackageStatusDistPointsSummarizer",
                    "PackageID = ?1 AND ServerNALPath = ?2",
                    &values,
                )?;
                let told = context.find(
                    "SMS_DistributionDPStatus",
                    "PackageID = ?1 AND NalPath = ?2",
                    &values,
                )?;
                Ok(rows.first().map(|row| {
                    let words = told.first().map(|row| row.text("InsString1").to_owned());
                    (
                        row.number("State"),
                        row.number("SourceVersion"),
                        words.unwrap_or_default(),
                    )
                }))
            })
            .await
            .unwrap()
    }

    async fn state(&self, package: &PackageId, point: &NalPath) -> Option<i64> {
        self.stands(package, point).await.map(|(state, _, _)| state)
    }

    async fn read(&self, class: &'static str, id: &PackageId) -> Option<Object> {
        let key = ObjectKey::text(id.as_str());
        self.site
            .read(move |context| context.read(class, &key))
            .await
            .unwrap()
    }

    async fn count(&self, class: &'static str) -> i64 {
        self.site
            .read(move |context| context.count(class, "true", &[]))
            .await
            .unwrap()
    }

    fn library(&self, point: &NalPath) -> Library {
        Places::of(&self.site).point(point)
    }

    fn is_whole(&self, point: &NalPath, id: &ContentId) -> bool {
        validation::validate(&self.library(point), id, &Progress::default())
            .is_ok_and(|flaws| flaws.files.is_empty())
    }

    fn spoil(&self, point: &NalPath, package: &PackageId) {
        let library = self.library(point);
        let id = library.stored(package.as_str()).unwrap().unwrap();
        let pointer = library.content(&id).unwrap().files["install.sh"];
        fs::write(library.file(pointer.hash), "echo two").unwrap();
    }
}

fn content(package: &PackageId, version: u32) -> ContentId {
    ContentId::new(package.as_str(), version)
}

#[tokio::test]
async fn a_package_travels_from_its_folder_to_every_point() {
    let lab = Lab::new().await;
    let package = lab.package(&[lab.near(), lab.far()]).await;
    let (state, version, words) = lab.stands(&package, &lab.far()).await.unwrap();
    assert_eq!(
        (state, version, words.as_str()),
        (1, 0, "waiting to be copied to dp02.lab.example")
    );
    lab.work().await;
    for point in [lab.near(), lab.far()] {
        let (state, version, words) = lab.stands(&package, &point).await.unwrap();
        assert_eq!((state, version), (0, 1), "{words}");
        assert!(words.starts_with("version 1 is on dp0"), "{words}");
        assert!(lab.is_whole(&point, &content(&package, 1)));
    }
    let row = lab.read("SMS_Package", &package).await.unwrap();
    assert_eq!(
        (row.number("SourceVersion"), row.number("StoredPkgVersion")),
        (1, 1)
    );
    assert_eq!(row.number("PackageSize"), 293);
    let counts = lab
        .read("SMS_PackageStatusRootSummarizer", &package)
        .await
        .unwrap();
    assert_eq!(
        (counts.number("Targeted"), counts.number("Installed")),
        (2, 2)
    );
    assert_eq!(lab.count("SMS_PackageStatus").await, 3);
    assert!(
        !lab.folder
            .path()
            .join("site/SCCMContentLib/unfinished")
            .exists()
    );
}

#[tokio::test]
async fn a_source_that_is_not_there_is_tried_again_and_then_has_failed_and_everybody_can_see_why() {
    let lab = Lab::new().await;
    fs::remove_dir_all(lab.source()).unwrap();
    let package = lab.package(&[lab.near(), lab.far()]).await;
    lab.manager(LATER).work_off().await.unwrap();
    let (state, _, words) = lab.stands(&package, &lab.far()).await.unwrap();
    let folder = lab.source().display().to_string();
    assert_eq!(state, 2);
    assert_eq!(
        words,
        format!("the source folder {folder} does not exist (attempt 1 of 2)")
    );
    let agenda = lab.site.read(Agenda::read).await.unwrap();
    assert!(agenda.jobs.is_empty() && agenda.next.is_some());
    let id = package.clone();
    lab.write(move |context| assignment::try_again(context, &id))
        .await;
    lab.work().await;
    for point in [lab.near(), lab.far()] {
        let (state, _, words) = lab.stands(&package, &point).await.unwrap();
        assert_eq!(
            (state, words),
            (3, format!("the source folder {folder} does not exist"))
        );
    }
    lab.file("install.sh", "here again");
    let id = package.clone();
    lab.write(move |context| assignment::refresh_source(context, &id))
        .await;
    lab.work().await;
    assert_eq!(lab.state(&package, &lab.far()).await, Some(0));
}

#[tokio::test]
async fn an_update_brings_a_new_version_to_every_point_and_the_old_files_go() {
    let lab = Lab::new().await;
    let package = lab.package(&[lab.near(), lab.far()]).await;
    lab.work().await;
    fs::remove_file(lab.source().join("data/big.bin")).unwrap();
    lab.file("install.sh", "echo two");
    let id = package.clone();
    lab.write(move |context| assignment::refresh_source(context, &id))
        .await;
    lab.work().await;
    for point in [lab.near(), lab.far()] {
        let (state, version, _) = lab.stands(&package, &point).await.unwrap();
        assert_eq!((state, version), (0, 2));
        let tree = lab.library(&point).content(&content(&package, 2)).unwrap();
        assert_eq!(tree.files.keys().collect::<Vec<_>>(), ["install.sh"]);
    }
    let row = lab.read("SMS_Package", &package).await.unwrap();
    assert_eq!(
        (row.number("StoredPkgVersion"), row.number("PackageSize")),
        (2, 1)
    );
}

#[tokio::test]
async fn a_validation_finds_a_changed_file_and_sending_again_makes_it_good() {
    let lab = Lab::new().await;
    let package = lab.package(&[lab.near(), lab.far()]).await;
    lab.work().await;
    for point in [lab.far(), lab.near()] {
        lab.spoil(&point, &package);
        let (id, at) = (package.clone(), point.clone());
        lab.write(move |context| assignment::verify(context, &id, &at))
            .await;
        assert_eq!(lab.state(&package, &point).await, Some(8));
        lab.work().await;
        let (state, _, words) = lab.stands(&package, &point).await.unwrap();
        assert_eq!(state, 3);
        assert!(
            words.starts_with("1 of 2 files are not what was stored: install.sh"),
            "{words}"
        );
        let at = point.clone();
        lab.write(move |context| {
            let row = context.find(
                "SMS_DistributionPoint",
                "ServerNALPath = ?1",
                &[&at.as_str()],
            )?;
            rules::send_again(context, &row[0])
        })
        .await;
        lab.work().await;
        let (state, version, words) = lab.stands(&package, &point).await.unwrap();
        assert_eq!((state, version), (0, 1), "{words}");
        assert!(lab.is_whole(&point, &content(&package, 1)));
        let (id, at) = (package.clone(), point.clone());
        lab.write(move |context| assignment::verify(context, &id, &at))
            .await;
        lab.work().await;
        let (state, _, words) = lab.stands(&package, &point).await.unwrap();
        assert_eq!(
            (state, words.as_str()),
            (0, "all 2 files are as they were stored")
        );
    }
}

#[tokio::test]
async fn a_cancel_stops_what_is_under_way_but_not_on_the_site_server() {
    let lab = Lab::new().await;
    let package = lab.package(&[lab.near(), lab.far()]).await;
    for point in [lab.near(), lab.far()] {
        let id = package.clone();
        lab.write(move |context| assignment::cancel(context, &id, &point))
            .await;
    }
    lab.work().await;
    assert_eq!(lab.state(&package, &lab.near()).await, Some(0));
    let (state, _, words) = lab.stands(&package, &lab.far()).await.unwrap();
    assert_eq!((state, words.as_str()), (3, "cancelled by a person"));
    assert_eq!(
        lab.library(&lab.far()).stored(package.as_str()).unwrap(),
        None
    );
    let (id, far) = (package.clone(), lab.far());
    let refused = lab
        .site
        .write(move |context| assignment::cancel(context, &id, &NalPath::new("x")))
        .await;
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("is not assigned to")
    );
    let id = package.clone();
    lab.write(move |context| assignment::cancel(context, &id, &far))
        .await;
}

#[tokio::test]
async fn what_leaves_a_point_takes_only_its_own_files_with_it() {
    let lab = Lab::new().await;
    let package = lab.package(&[lab.near(), lab.far()]).await;
    let twin = lab.package(&[lab.far()]).await;
    lab.work().await;
    let (id, far) = (package.clone(), lab.far());
    lab.write(move |context| {
        let row = context.find(
            "SMS_DistributionPoint",
            "PackageID = ?1 AND ServerNALPath = ?2",
            &[&id.as_str(), &far.as_str()],
        )?;
        rules::withdraw(context, &row[0])
    })
    .await;
    assert_eq!(lab.state(&package, &lab.far()).await, Some(4));
    lab.work().await;
    assert_eq!(lab.state(&package, &lab.far()).await, None);
    assert_eq!(lab.state(&package, &lab.near()).await, Some(0));
    assert_eq!(lab.count("SMS_DistributionPoint").await, 2);
    assert!(lab.is_whole(&lab.far(), &content(&twin, 1)));
    assert!(lab.is_whole(&lab.near(), &content(&package, 1)));
}

#[tokio::test]
async fn a_deleted_package_goes_when_everything_that_hangs_on_it_has_gone() {
    let lab = Lab::new().await;
    let package = lab.package(&[lab.near(), lab.far()]).await;
    let twin = lab.package(&[lab.near()]).await;
    let id = package.clone();
    lab.write(move |context| {
        let mut program = Object::new();
        program
            .set("PackageID", id.as_str())
            .set("ProgramName", "Install")
            .set("CommandLine", "x");
        rules::create(context, "SMS_Program", &program)
    })
    .await;
    lab.work().await;
    let id = package.clone();
    lab.write(move |context| rules::delete(context, "SMS_Package", &ObjectKey::text(id.as_str())))
        .await;
    assert!(lab.read("SMS_Package", &package).await.is_some());
    lab.work().await;
    assert!(lab.read("SMS_Package", &package).await.is_none());
    assert_eq!(lab.count("SMS_Program").await, 0);
    assert_eq!(lab.count("SMS_DistributionPoint").await, 1);
    assert_eq!(
        lab.library(&lab.near()).stored(package.as_str()).unwrap(),
        None
    );
    assert_eq!(
        lab.library(&lab.far()).stored(package.as_str()).unwrap(),
        None
    );
    assert!(lab.is_whole(&lab.near(), &content(&twin, 1)));
}

#[tokio::test]
async fn work_that_was_cut_off_is_found_and_done_by_whoever_comes_next() {
    let lab = Lab::new().await;
    let package = lab.package(&[lab.near(), lab.far()]).await;
    // Published, but not written down: the site was killed between the two.
    let mut change = lab.library(&lab.near()).change().unwrap();
    let taken =
        crate::site::content::snapshot::take(&lab.source(), &mut change, &Progress::default())
            .unwrap();
    change.publish(&content(&package, 1), &taken).unwrap();
    drop(change);
    fs::remove_dir_all(lab.source()).unwrap();
    // Half a copy at the other point.
    let mut change = lab.library(&lab.far()).change().unwrap();
    let mut half = change.receive().unwrap();
    half.write(b"half").unwrap();
    drop((half, change));
    let id = package.clone();
    lab.write(move |context| {
        context.execute(
            "UPDATE SMS_PackageStatusDistPointsSummarizer SET State = 7 WHERE PackageID = ?1",
            &[&id.as_str()],
        )
    })
    .await;
    lab.work().await;
    let manager = lab.manager(AT_ONCE);
    manager.settle().await;
    for point in [lab.near(), lab.far()] {
        assert_eq!(lab.state(&package, &point).await, Some(0));
        assert!(lab.is_whole(&point, &content(&package, 1)));
        assert!(!lab.library(&point).root().join("unfinished").exists());
    }
}

#[tokio::test]
async fn a_manager_that_is_stopped_leaves_its_work_to_the_next() {
    let lab = Lab::new().await;
    let package = lab.package(&[lab.far()]).await;
    let manager = lab.manager(AT_ONCE);
    manager.snapshot(package.clone(), 1).await.unwrap();
    lab.stop.send_replace(true);
    let far = assignment::Assignment {
        package: package.clone(),
        point: lab.far(),
        site: SiteCode::new("LAB"),
    };
    let stopped = manager
        .watched(watched::Audience::Point(far), |progress| {
            while progress.moved(1).is_ok() {
                std::thread::yield_now();
            }
            progress.moved(1)
        })
        .await
        .unwrap();
    assert!(matches!(
        stopped,
        Err(crate::site::content::fault::Fault::Stopped)
    ));
    lab.stop.send_replace(false);
    lab.work().await;
    assert_eq!(lab.state(&package, &lab.far()).await, Some(0));
}

#[tokio::test]
async fn a_scheduled_update_makes_a_new_version_only_of_a_source_that_changed() {
    let lab = Lab::new().await;
    let package = lab.package(&[lab.far()]).await;
    lab.work().await;
    let schedule = serde_json::to_string(&unpack("0001170000100008").unwrap()).unwrap();
    let long_ago = move |context: &crate::site::context::Context<'_>| {
        context.execute(
            "UPDATE SMS_Package SET RefreshSchedule = ?1, SourceDate = '2026-01-01T00:00:00Z'",
            &[&schedule],
        )?;
        context.execute("DELETE FROM consign_done", &[])
    };
    lab.write(long_ago.clone()).await;
    lab.work().await;
    let version = |row: Option<Object>| row.unwrap().number("SourceVersion");
    assert_eq!(version(lab.read("SMS_Package", &package).await), 1);
    assert!(lab.site.read(Agenda::read).await.unwrap().next.is_some());
    lab.file("install.sh", "changed");
    lab.write(long_ago).await;
    lab.work().await;
    assert_eq!(version(lab.read("SMS_Package", &package).await), 2);
    let (state, at_point, _) = lab.stands(&package, &lab.far()).await.unwrap();
    assert_eq!((state, at_point), (0, 2));
}

#[tokio::test]
async fn a_group_carries_its_packages_to_its_members() {
    let lab = Lab::new().await;
    let package = lab.package(&[]).await;
    let (near, far, id) = (lab.near(), lab.far(), package.clone());
    let made = lab
        .write(move |context| {
            let mut given = Object::new();
            given.set("Name", "All points");
            let made = rules::create(context, "SMS_DistributionPointGroup", &given)?;
            let key = GroupId::new(made.text("GroupID"));
            group::add_points(context, &key, &[near], false)?;
            group::add_packages(context, &key, &[id])?;
            group::add_points(context, &key, &[far], true)?;
            Ok(key)
        })
        .await;
    let counts = |lab: &Lab| {
        let (key, site) = (ObjectKey::text(made.as_str()), lab.site.clone());
        async move {
            let row = site
                .read(move |context| context.read("SMS_DistributionPointGroup", &key))
                .await;
            let row = row.unwrap().unwrap();
            ["MemberCount", "ContentCount", "OutOfSyncContentCount"].map(|name| row.number(name))
        }
    };
    assert_eq!(counts(&lab).await, [2, 1, 1]);
    lab.work().await;
    assert_eq!(counts(&lab).await, [2, 1, 0]);
    assert_eq!(lab.state(&package, &lab.far()).await, Some(0));
    let (key, id) = (made.clone(), package.clone());
    lab.write(move |context| group::remove_packages(context, &key, &[id], true))
        .await;
    lab.work().await;
    assert_eq!(lab.state(&package, &lab.far()).await, None);
    assert_eq!(counts(&lab).await, [2, 0, 0]);
}

#[tokio::test]
async fn a_job_whose_end_could_not_be_written_down_is_not_repeated_without_a_pause() {
    let lab = Lab::new().await;
    let package = lab.package(&[lab.near()]).await;
    let manager = lab.manager(AT_ONCE);
    let mut running = Running::default();
    let job = Job::Snapshot {
        package,
        version: 1,
    };
    running.jobs.push(job.clone());
    running.ended(Ok((job, Err(StoreError::Closed))));
    let next = manager
        .look(&mut running)
        .await
        .expect("it is looked at again");
    assert!(next > Timestamp::now() && running.jobs.is_empty());
    running.rest = Some(Timestamp::now());
    manager.look(&mut running).await;
    assert_eq!(running.jobs.len(), 1, "after the pause it is taken up");
}
