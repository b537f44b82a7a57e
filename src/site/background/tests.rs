use std::path::Path;
use std::time::Duration;

use super::*;
use crate::site::rules;
use crate::site::store::Object;
use crate::site::testing::site_at;

fn made(folder: &Path) -> Site {
    site_at(folder)
}

async fn comes_to(background: &Background, wanted: Role) {
    let mut role = background.role();
    let coming = role.wait_for(|role| *role == wanted);
    let came = tokio::time::timeout(Duration::from_secs(30), coming).await;
    assert!(
        came.is_ok(),
        "{wanted:?} never came, it is {:?}",
        background.role.borrow()
    );
}

/// Waits, from write to write, until some statement finds a row.
async fn finds(site: &Site, sql: &'static str) {
    let mut rung = site.store().bell().rung();
    let found = async {
        loop {
            rung.mark_unchanged();
            let exists = site.read(move |context| Ok(context.db.prepare(sql)?.exists([])?));
            if exists.await.unwrap() {
                return;
            }
            rung.changed().await.unwrap();
        }
    };
    let found = tokio::time::timeout(Duration::from_secs(30), found).await;
    assert!(found.is_ok(), "never found: {sql}");
}

#[tokio::test]
async fn the_parts_do_what_is_written_down_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let site = made(&folder.path().join("site"));
    let source = folder.path().join("source");
    std::fs::create_dir(&source).unwrap();
    std::fs::write(source.join("a"), "x").unwrap();
    let background = site.run_background();
    let path = source.display().to_string();
    site.write(move |context| {
        let mut package = Object::new();
        package.set("Name", "Line Tool").set("PkgSourceFlag", 2).set("PkgSourcePath", path);
        let package = rules::create(context, "SMS_Package", &package)?;
        let id = package.text("PackageID");
        rules::assign(context, id, context.site.nal_path().as_str(), "LAB")?;
        context.execute(
            "INSERT INTO SMS_Advertisement (AdvertisementID, CollectionID, PackageID) VALUES ('LAB20001', 'SMS00001', ?1)",
            &[&id],
        )
    })
    .await
    .unwrap();
    finds(
        &site,
        "SELECT 1 FROM SMS_PackageStatusDistPointsSummarizer WHERE State = 0",
    )
    .await;
    finds(
        &site,
        "SELECT 1 FROM SMS_Collection WHERE CollectionID = 'SMS00001' AND CurrentStatus = 1",
    )
    .await;
    finds(
        &site,
        "SELECT 1 FROM SMS_DeploymentSummary WHERE SummarizationTime IS NOT NULL",
    )
    .await;
    assert_eq!(*background.role().borrow(), Role::Held);
}

#[tokio::test]
async fn a_console_that_is_put_to_sleep_leaves_the_role_to_the_one_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("site");
    let console = made(&path);
    let apply = Site::open(&path).unwrap();
    let first = console.run_background();
    comes_to(&first, Role::Held).await;
    let second = apply.run_background();
    let process = Some(std::process::id());
    comes_to(&second, Role::Waiting { process }).await;
    first.suspend().await;
    assert_eq!(*first.role().borrow(), Role::Released);
    comes_to(&second, Role::Held).await;
    first.resume();
    comes_to(&first, Role::Waiting { process }).await;
    drop(second);
    comes_to(&first, Role::Held).await;
}

#[tokio::test]
async fn one_who_waits_can_be_put_to_sleep_too_and_is_not_given_the_role_then() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("site");
    let (holder, waiter) = (made(&path), Site::open(&path).unwrap());
    let holding = holder.run_background();
    comes_to(&holding, Role::Held).await;
    let waiting = waiter.run_background();
    let process = Some(std::process::id());
    comes_to(&waiting, Role::Waiting { process }).await;
    waiting.suspend().await;
    holding.suspend().await;
    assert_eq!(*waiting.role().borrow(), Role::Released);
    let third = Site::open(&path).unwrap().run_background();
    comes_to(&third, Role::Held).await;
}
