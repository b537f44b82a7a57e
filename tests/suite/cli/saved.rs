//! Plans that were kept: held against the site as it is when they are applied.

use consign::provider::transport::in_process;
use consign::provider::{Provider, SiteAddress};
use consign::site::Site;
use consign::sms::collection::Collection;
use consign::sms::collection_rule::CollectionRule;
use consign::sms::ids::{CollectionId, ResourceId};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::files::{OFFER, made, sources};
use crate::support::shell::{Outcome, Shell, outcome};

/// A collection of the fleet without members, limited to all systems.
const NOBODY: &str = "Nothing yet";

/// The offer, to a collection nobody is in yet, as a plan in a file.
fn kept(shell: &Shell) {
    sources(shell);
    let offer = OFFER.replace("Training room", NOBODY);
    shell.write("offer.toml", &offer);
    shell
        .run(&["plan", "offer.toml", "-o", "plan.json"])
        .ends(0);
}

/// Changes the kept plan as a text editor could.
fn edit(shell: &Shell, change: impl FnOnce(&mut Value)) {
    let path = shell.work().join("plan.json");
    let mut plan = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    change(&mut plan);
    std::fs::write(path, plan.to_string()).unwrap();
}

fn applied(shell: &Shell) -> Outcome {
    shell.run(&["apply", "plan.json", "--yes"])
}

/// Adds the first so many devices of the fleet to the collection, as somebody else might meanwhile.
fn grow(shell: &Shell, devices: usize) {
    let id = shell.list(&["coll", NOBODY])[0]["CollectionID"]
        .as_str()
        .unwrap()
        .to_owned();
    let id = CollectionId::new(&id);
    let members = shell.list(&["devices"]);
    let rules = members
        .iter()
        .take(devices)
        .map(|device| CollectionRule::Direct {
            name: device["Name"].as_str().unwrap().to_owned(),
            class: "SMS_R_System".into(),
            resource: ResourceId(u32::try_from(device["ResourceId"].as_u64().unwrap()).unwrap()),
        });
    let rules: Vec<CollectionRule> = rules.collect();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let site = Site::open(&shell.site("lab")).unwrap();
        let _background = site.run_background();
        let provider = Provider::new(in_process(site.router()), SiteAddress::local("lab"));
        for rule in &rules {
            provider.add_membership_rule(&id, rule).await.unwrap();
        }
        provider.request_refresh(&id).await.unwrap();
        let counted = async {
            while provider.get::<Collection>(&id).await.unwrap().member_count
                < i32::try_from(devices).unwrap()
            {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        let patience = std::time::Duration::from_secs(30);
        tokio::time::timeout(patience, counted).await.unwrap();
    });
}

#[test]
fn a_kept_plan_is_carried_out_once_however_often_it_is_applied() {
    let shell = Shell::with_fleet();
    kept(&shell);
    let first = applied(&shell).ends(0);
    let again = applied(&shell).ends(0).says(&["was carried out on lab at"]);
    assert_eq!((again.ids(), &again.out), (first.ids(), &first.out));
    again.never_says("[1/");
    let unasked = shell.run(&["apply", "plan.json"]).ends(0);
    unasked.says(&["nothing is sent again"]);
    assert_eq!(made(&shell), (1, 1));
}

#[test]
fn a_kept_plan_is_shown_without_its_site_and_a_file_with_it() {
    let shell = Shell::with_fleet();
    kept(&shell);
    let drafted = shell.run(&["show", "offer.toml"]).ends(0);
    drop(std::fs::remove_dir_all(shell.site("lab")));
    let shown = shell.run(&["show", "plan.json"]).ends(0);
    assert_eq!(shown.out, drafted.out);
    shown.says(&[
        "made by anna on",
        "for lab, site LAB (lab, on dp01.lab.example)",
    ]);
    let file = std::fs::read_to_string(shell.work().join("plan.json")).unwrap();
    let data = shell.run(&["show", "plan.json", "-o", "json"]).ends(0);
    assert_eq!(data.out, file);
    for (line, words) in [
        (&["show", "gone.json"][..], "cannot use gone.json"),
        (&["show", "plan.json", "LAB00001"], "without an id"),
        (&["show", "package"], "show which package?"),
        (&["show", "plan"], "named by its file"),
    ] {
        shell.run(line).ends(2).says(&[words]).without_data();
    }
}

#[test]
fn a_collection_that_grew_stops_a_kept_plan() {
    let shell = Shell::with_fleet();
    kept(&shell);
    grow(&shell, 30);
    let stopped = applied(&shell).ends(7).without_data();
    stopped.says(&["DRF-E01", "has 30 now", "make a new plan"]);
    assert_eq!(made(&shell), (0, 0));
}

#[test]
fn a_few_members_more_are_no_matter() {
    let shell = Shell::with_fleet();
    kept(&shell);
    grow(&shell, 5);
    assert_eq!(shell.list(&["members", NOBODY]).len(), 5);
    applied(&shell).ends(0);
}

#[test]
fn a_plan_waits_for_a_day_and_no_longer() {
    let shell = Shell::with_fleet();
    kept(&shell);
    edit(&shell, |plan| {
        let made = Timestamp::now() - SignedDuration::from_hours(25);
        plan["made_at"] = made.to_string().into();
        plan["expires_at"] = (made + SignedDuration::from_hours(24)).to_string().into();
    });
    applied(&shell)
        .ends(7)
        .says(&["DRF-E02", "24 hours at most"]);
    assert_eq!(made(&shell), (0, 0));
}

#[test]
fn a_plan_for_another_site_is_not_applied_here() {
    let shell = Shell::with_fleet();
    kept(&shell);
    let other = ["site", "init", "other", "--code", "OTH"];
    shell.run(&other).ends(0);
    let stopped = shell
        .run(&["--site", "other", "apply", "plan.json", "--yes"])
        .ends(7);
    stopped.says(&["DRF-E03", "for site LAB", "this is site OTH"]);
}

#[test]
fn a_plan_of_another_site_with_the_same_code_and_name_is_not_applied_here() {
    let shell = Shell::with_fleet();
    kept(&shell);
    edit(&shell, |plan| {
        assert_eq!(plan["site"]["server"], "dp01.lab.example");
        plan["site"]["server"] = "sccm01.corp.example".into();
    });
    let stopped = applied(&shell).ends(7).without_data();
    stopped.says(&[
        "DRF-E03",
        "for site LAB (lab, on sccm01.corp.example)",
        "this is site LAB (lab, on dp01.lab.example)",
        "name the plan's own with --site",
    ]);
    edit(&shell, |plan| plan["site"]["name"] = "demo".into());
    let elsewhere = applied(&shell).ends(2).without_data();
    elsewhere.says(&["there is no site called demo", "was made on demo"]);
    assert_eq!(made(&shell), (0, 0));
}

#[test]
fn one_plans_and_another_applies_where_two_are_wanted() {
    let shell = Shell::with_fleet();
    shell.settings("[limits]\ntwo_person = true\n");
    kept(&shell);
    let own = applied(&shell).ends(3).without_data();
    own.says(&["SAF-E09", "anna made this plan"]);
    let direct = shell.run(&["apply", "offer.toml", "--yes"]).ends(3);
    direct.says(&["SAF-E09"]);
    assert_eq!(made(&shell), (0, 0));
    let mut other = shell.command(&["apply", "plan.json", "--yes"]);
    other.env("USER", "berta");
    outcome(other, "").ends(0);
    assert_eq!(made(&shell), (1, 1));
}

#[test]
fn a_site_that_is_only_read_is_not_changed() {
    let shell = Shell::with_fleet();
    shell.settings("[site.lab]\nreadonly = true\n");
    kept(&shell);
    applied(&shell)
        .ends(3)
        .says(&["SAF-E10", "--write"])
        .without_data();
    assert_eq!(made(&shell), (0, 0));
    shell.settings("[site.lab]\nprofile = \"viewer\"\n");
    let viewer = shell.run(&["apply", "plan.json", "--yes", "--write"]);
    viewer.ends(3).says(&["SAF-E10", "viewer"]);
    assert_eq!(made(&shell), (0, 0));
    shell.settings("[site.lab]\nreadonly = true\n");
    let lifted = shell.run(&["apply", "plan.json", "--yes", "--write"]);
    lifted.ends(0);
    assert_eq!(made(&shell), (1, 1));
}

#[test]
fn a_file_that_holds_no_whole_plan_is_not_applied() {
    let shell = Shell::with_fleet();
    kept(&shell);
    shell.write("half.json", "{\"consign_plan\": 1,");
    for (file, words) in [
        ("half.json", "this is not a plan"),
        ("gone.json", "cannot use gone.json"),
    ] {
        let line = ["apply", file, "--yes"];
        shell.run(&line).ends(2).says(&[words]).without_data();
    }
    edit(&shell, |plan| plan["surprise"] = true.into());
    applied(&shell).ends(2).says(&["unknown field `surprise`"]);
    kept(&shell);
    edit(&shell, |plan| {
        plan["operations"].as_array_mut().unwrap().reverse();
    });
    applied(&shell).ends(2).says(&["this is not a plan"]);
}

#[test]
fn a_package_whose_files_moved_on_stops_a_kept_plan() {
    let shell = Shell::with_fleet();
    shell.write(
        "existing.toml",
        "[package]\nuse = \"LAB00001\"\n[program]\nuse = \"Install\"\n[collection]\nuse = \"Training room\"\n\
         [distribution_points]\nservers = [\"dp01.lab.example\"]\n[advertisement]\npurpose = \"available\"\n",
    );
    let line = ["plan", "existing.toml", "-o", "plan.json"];
    shell.run(&line).ends(0);
    edit(&shell, |plan| {
        let version = &mut plan["relied"]["package"]["source_version"];
        assert!(version.is_u64(), "{version}");
        *version = 7.into();
    });
    let stopped = applied(&shell).ends(7);
    stopped.says(&["DRF-E01", "had version 7 when this was planned"]);
}
