use std::sync::Arc;

use super::*;
use crate::site::Site;
use crate::site::testing::site_at;

/// A site with a sample fleet.
async fn sample(folder: &tempfile::TempDir, name: &str, sample: Sample) -> Site {
    let site = site_at(&folder.path().join(name));
    site.fill_sample(sample).await.unwrap();
    site
}

async fn texts(site: &Site, sql: &'static str) -> Vec<String> {
    site.read(move |context| {
        let mut statement = context.db.prepare(sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn the_fleet_is_as_large_as_promised() {
    let folder = tempfile::tempdir().unwrap();
    let site = sample(
        &folder,
        "lab",
        Sample {
            devices: 400,
            seed: 7,
        },
    )
    .await;
    for (class, count) in [
        ("SMS_R_System", 400),
        ("SMS_Package", 33),
        ("SMS_Advertisement", 61),
        ("SMS_ApplicationLatest", 3),
    ] {
        assert_eq!(
            site.read(move |context| context.count(class, "1", &[]))
                .await
                .unwrap(),
            count,
            "{class}"
        );
    }
    let pilot = "SELECT MemberCount || '' FROM SMS_Collection WHERE Name = 'Pilot PCs'";
    assert_eq!(texts(&site, pilot).await, ["37"]);
    let empty = "SELECT Name FROM SMS_Collection WHERE MemberCount = 0 AND Name IN ('Finance PCs', 'Berlin', 'Chrome')";
    assert!(texts(&site, empty).await.is_empty());
    let first = texts(
        &site,
        "SELECT Name FROM SMS_R_System WHERE Name = 'PC-0001'",
    )
    .await;
    assert_eq!(first.len(), 1);
}

#[tokio::test]
async fn the_same_seed_makes_the_same_fleet() {
    let folder = tempfile::tempdir().unwrap();
    let devices = "SELECT Name || ADSiteName || OperatingSystemNameandVersion || coalesce(LastLogonUserName, '') \
                   FROM SMS_R_System ORDER BY ResourceId";
    let mut fleets = Vec::new();
    for (name, seed) in [("a", 3), ("b", 3), ("c", 4)] {
        let site = sample(&folder, name, Sample { devices: 60, seed }).await;
        fleets.push(Arc::new(texts(&site, devices).await));
    }
    assert_eq!(fleets[0], fleets[1]);
    assert_ne!(fleets[0], fleets[2]);
}
