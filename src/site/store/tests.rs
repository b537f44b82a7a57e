//! The store's promises, on real folders.

use std::fs;

use tempfile::TempDir;

use super::*;
use crate::site::refusal::Refusal;
use crate::site::{NewSite, Site};

fn new() -> NewSite {
    NewSite {
        code: "LAB".into(),
        name: "lab".to_owned(),
    }
}

fn made() -> (TempDir, Site) {
    let folder = TempDir::new().unwrap();
    let site = Site::create(folder.path(), &new()).unwrap();
    (folder, site)
}

fn number(connection: &Connection, sql: &str) -> Result<i64, StoreError> {
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

#[tokio::test]
async fn a_site_that_was_made_can_be_opened() {
    let (folder, site) = made();
    drop(site);
    let site = Site::open(folder.path()).unwrap();
    assert_eq!(site.identity().code.as_str(), "LAB");
    assert_eq!(site.identity().server, "dp01.lab.example");
    let collections = site
        .store()
        .read(|db| number(db, "SELECT count(*) FROM SMS_Collection"))
        .await;
    assert_eq!(collections.unwrap(), 7);
}

#[tokio::test]
async fn every_class_with_objects_can_be_read() {
    let (_folder, site) = made();
    for class in site
        .catalog()
        .classes()
        .iter()
        .filter(|class| class.has_objects())
    {
        let sql = format!("SELECT count(*) FROM \"{}\"", class.name);
        site.store().read(move |db| number(db, &sql)).await.unwrap();
    }
}

#[tokio::test]
async fn a_refused_write_leaves_nothing() {
    let (_folder, site) = made();
    let refused = site
        .store()
        .write(|db| {
            db.execute(
                "INSERT INTO SMS_Package (PackageID) VALUES ('LAB00001')",
                [],
            )?;
            Err::<(), _>(Refusal::invalid("no").into())
        })
        .await;
    assert!(matches!(refused, Err(StoreError::Refused(_))));
    let packages = site
        .store()
        .read(|db| number(db, "SELECT count(*) FROM SMS_Package"))
        .await;
    assert_eq!(packages.unwrap(), 0);
}

#[tokio::test]
async fn a_write_rings_the_bell_and_other_opened_stores_see_it() {
    let (folder, site) = made();
    let other = Site::open(folder.path()).unwrap();
    let mut rung = site.store().bell().rung();
    rung.mark_unchanged();
    let insert = |db: &Transaction<'_>| {
        Ok(db.execute(
            "INSERT INTO SMS_Package (PackageID) VALUES ('LAB00001')",
            [],
        )?)
    };
    site.store().write(insert).await.unwrap();
    assert!(rung.has_changed().unwrap());
    assert!(fs::metadata(site.store().bell().path()).unwrap().len() > 0);
    let packages = other
        .store()
        .read(|db| number(db, "SELECT count(*) FROM SMS_Package"))
        .await;
    assert_eq!(packages.unwrap(), 1);
}

#[tokio::test]
async fn a_read_cannot_write() {
    let (_folder, site) = made();
    let tried = site
        .store()
        .read(|db| Ok(db.execute("DELETE FROM SMS_Collection", [])?))
        .await;
    assert!(
        matches!(tried, Err(StoreError::ReadOnly { .. })),
        "{tried:?}"
    );
}

#[tokio::test]
async fn a_dropped_read_is_interrupted() {
    let (_folder, site) = made();
    let endless =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    for _ in 0..READERS * 2 {
        let (started, begun) = tokio::sync::oneshot::channel();
        let store = site.store().clone();
        let read = tokio::spawn(async move {
            store
                .read(move |db| {
                    let _ = started.send(());
                    number(db, endless)
                })
                .await
        });
        begun.await.unwrap();
        read.abort();
        let _ = read.await;
    }
    // All readers are free again: none of them still counts.
    assert_eq!(
        site.store()
            .read(|db| number(db, "SELECT 1"))
            .await
            .unwrap(),
        1
    );
}

#[test]
fn columns_that_came_with_a_newer_program_are_added() {
    let (folder, site) = made();
    drop(site);
    let connection = Connection::open(folder.path().join("site.db")).unwrap();
    connection
        .execute_batch(
            "DROP VIEW SMS_ContentPackage;
             ALTER TABLE SMS_Package DROP COLUMN TransformReadiness;
             UPDATE consign_setting SET value = 'older' WHERE name = 'schema';",
        )
        .unwrap_or_else(|error| panic!("{error}"));
    drop(connection);
    let site = Site::open(folder.path()).unwrap();
    site.store()
        .now(|db| number(db, "SELECT count(TransformReadiness) FROM SMS_Package"))
        .unwrap();
}

#[tokio::test]
async fn members_of_an_older_site_get_the_names_of_their_devices() {
    let (folder, site) = made();
    drop(site);
    let connection = Connection::open(folder.path().join("site.db")).unwrap();
    connection
        .execute_batch(
            "DROP VIEW SMS_FullCollectionMembership;
             DROP TRIGGER consign_member_renamed;
             DROP INDEX consign_member_name;
             ALTER TABLE consign_member DROP COLUMN Name;
             INSERT INTO SMS_R_System (ResourceId, Name) VALUES (7, 'PC-7');
             INSERT INTO consign_member VALUES ('SMS00001', 7, 0);
             PRAGMA user_version = 1;",
        )
        .unwrap();
    drop(connection);
    let site = Site::open(folder.path()).unwrap();
    let name =
        "SELECT Name = 'PC-7' FROM SMS_FullCollectionMembership WHERE CollectionID = 'SMS00001'";
    assert_eq!(site.store().now(|db| number(db, name)).unwrap(), 1);
    let rename = "UPDATE SMS_R_System SET Name = 'PC-8' WHERE ResourceId = 7";
    site.store()
        .write(|db| Ok(db.execute(rename, [])?))
        .await
        .unwrap();
    assert_eq!(site.store().now(|db| number(db, name)).unwrap(), 0);
    drop(site);
    Site::open(folder.path()).expect("it is brought up once");
}

#[tokio::test]
async fn packages_of_an_older_site_are_in_the_default_scope() {
    let (folder, site) = made();
    drop(site);
    let connection = Connection::open(folder.path().join("site.db")).unwrap();
    connection
        .execute_batch(
            "DROP TRIGGER consign_package_came;
             DROP TRIGGER consign_package_went;
             DROP TRIGGER consign_scope_entered;
             DROP TRIGGER consign_scope_left;
             DROP TABLE SMS_SecuredCategory;
             DROP TABLE SMS_SecuredCategoryMembership;
             INSERT INTO SMS_Package (PackageID, Name) VALUES ('LAB00001', 'Old');
             PRAGMA user_version = 2;",
        )
        .unwrap();
    drop(connection);
    let site = Site::open(folder.path()).unwrap();
    let scoped = "SELECT SecuredScopeNames = '[\"Default\"]' FROM SMS_Package";
    assert_eq!(site.store().now(|db| number(db, scoped)).unwrap(), 1);
    let built_in = "SELECT count(*) FROM SMS_SecuredCategory WHERE IsBuiltIn";
    assert_eq!(site.store().now(|db| number(db, built_in)).unwrap(), 2);
}

#[test]
fn an_empty_folder_holds_no_site() {
    let folder = TempDir::new().unwrap();
    let fault = Site::open(folder.path()).unwrap_err();
    assert!(matches!(fault, OpenError::Missing { .. }), "{fault}");
    assert!(fault.way_out().contains("site init"));
}

#[test]
fn a_folder_of_somebody_else_is_left_alone() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("thesis.txt"), "words").unwrap();
    let fault = Site::create(folder.path(), &new()).unwrap_err();
    assert!(fault.to_string().contains("thesis.txt"), "{fault}");
    fs::write(
        folder.path().join("site.db"),
        "no database, but long enough to have a header of one",
    )
    .unwrap();
    assert!(matches!(
        Site::open(folder.path()),
        Err(OpenError::NotOurs { .. })
    ));
    let other = TempDir::new().unwrap();
    Connection::open(other.path().join("site.db"))
        .unwrap()
        .execute_batch("CREATE TABLE t (a)")
        .unwrap();
    assert!(matches!(
        Site::open(other.path()),
        Err(OpenError::NotOurs { .. })
    ));
}

#[test]
fn a_site_of_a_newer_version_is_not_touched() {
    let (folder, site) = made();
    drop(site);
    let connection = Connection::open(folder.path().join("site.db")).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    let fault = Site::open(folder.path()).unwrap_err();
    assert!(
        matches!(fault, OpenError::Newer { found: 99, .. }),
        "{fault}"
    );
}

#[test]
fn a_site_is_not_made_twice() {
    let (folder, _site) = made();
    assert!(matches!(
        Site::create(folder.path(), &new()),
        Err(OpenError::Taken { .. })
    ));
}

#[test]
fn what_an_interrupted_creation_left_is_no_obstacle() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("site.db.new"), "half").unwrap();
    fs::write(folder.path().join("site.db.new-journal"), "half").unwrap();
    assert!(Site::create(folder.path(), &new()).is_ok());
}

#[test]
fn a_bad_site_code_is_refused_before_anything_is_made() {
    let folder = TempDir::new().unwrap();
    let named = NewSite {
        code: "LABOR".into(),
        ..new()
    };
    assert!(matches!(
        Site::create(&folder.path().join("x"), &named),
        Err(OpenError::Code { .. })
    ));
    assert!(!folder.path().join("x").exists());
}
