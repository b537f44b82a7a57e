use tempfile::TempDir;

use super::*;
use crate::site::store::Object;
use crate::site::testing::site_at;

struct Lab {
    _folder: TempDir,
    site: Site,
    stop: watch::Sender<bool>,
}

impl Lab {
    /// An advertisement LAB20001 to a collection of ten devices.
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = site_at(&folder.path().join("site"));
        let lab = Self {
            _folder: folder,
            site,
            stop: watch::Sender::new(false),
        };
        lab.run(
            "INSERT INTO SMS_Package (PackageID, Name) VALUES ('LAB00001', 'Line Tool');
             INSERT INTO SMS_Collection (CollectionID, Name) VALUES ('LAB00001', 'Pilot PCs');
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10)
             INSERT INTO consign_member SELECT 'LAB00001', i, 0, 'PC-' || i FROM n;
             INSERT INTO SMS_Advertisement (AdvertisementID, AdvertisementName, CollectionID, PackageID, ProgramName,
                 OfferType, PresentTime, AssignedSchedule)
             VALUES ('LAB20001', 'Line Tool to pilot', 'LAB00001', 'LAB00001', 'Install', 0, '2026-11-28T08:00:00Z',
                 '[{\"StartTime\":\"2026-11-30T20:00:00Z\"}]');
             INSERT INTO SMS_ClientAdvertisementStatus (AdvertisementID, ResourceID, LastAcceptanceState, LastState)
             VALUES ('LAB20001', 1, 1, 13), ('LAB20001', 2, 1, 4), ('LAB20001', 3, 1, 9), ('LAB20001', 4, 1, 0),
                 ('LAB20001', 5, 1, 11), ('LAB20001', 6, 2, NULL), ('LAB20001', 7, 3, 0), ('LAB20001', 99, 1, 13);",
        )
        .await;
        lab
    }

    async fn run(&self, sql: &'static str) {
        self.site
            .write(move |context| Ok(context.db.execute_batch(sql)?))
            .await
            .unwrap();
    }

    async fn summary(&self) -> Object {
        let summarizer = Summarizer::new(self.site.clone(), self.stop.subscribe());
        summarizer.work_off().await.unwrap();
        let read = self
            .site
            .read(|context| context.read_named("SMS_DeploymentSummary", "LAB20001"));
        read.await.unwrap().unwrap()
    }
}

fn counts(summary: &Object) -> [i64; 6] {
    [
        "Targeted",
        "Success",
        "InProgress",
        "Errors",
        "Other",
        "Unknown",
    ]
    .map(|count| summary.number(&format!("Number{count}")))
}

#[tokio::test]
async fn every_member_counts_once_by_the_last_it_told() {
    let summary = Lab::new().await.summary().await;
    assert_eq!(counts(&summary), [10, 2, 2, 2, 1, 3]);
}

#[tokio::test]
async fn a_summary_says_what_its_advertisement_says() {
    let lab = Lab::new().await;
    let summary = lab.summary().await;
    assert_eq!(summary.text("CollectionName"), "Pilot PCs");
    assert_eq!(summary.text("SoftwareName"), "Line Tool (Install)");
    assert_eq!(summary.number("DeploymentIntent"), 1);
    assert_eq!(summary.number("FeatureType"), 2);
    assert_eq!(summary.text("EnforcementDeadline"), "2026-11-30T20:00:00Z");
    lab.run("UPDATE SMS_Advertisement SET OfferType = 2, AssignedSchedule = NULL")
        .await;
    let summary = lab.summary().await;
    assert_eq!(
        (
            summary.number("DeploymentIntent"),
            summary.text("EnforcementDeadline")
        ),
        (2, "")
    );
}

#[tokio::test]
async fn counts_follow_members_and_statuses_when_somebody_says_so() {
    let lab = Lab::new().await;
    lab.summary().await;
    lab.run("DELETE FROM consign_member WHERE ResourceID = 1")
        .await;
    assert_eq!(counts(&lab.summary().await)[0], 10);
    lab.site
        .write(|context| members_changed(context, "LAB00001"))
        .await
        .unwrap();
    assert_eq!(counts(&lab.summary().await), [9, 1, 2, 2, 1, 3]);
    lab.run("UPDATE SMS_ClientAdvertisementStatus SET LastState = 13 WHERE ResourceID = 5")
        .await;
    lab.site
        .write(|context| status_changed(context, "LAB20001"))
        .await
        .unwrap();
    assert_eq!(counts(&lab.summary().await), [9, 2, 2, 1, 1, 3]);
}
