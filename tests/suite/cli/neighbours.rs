//! What a site has beside packages of software and advertisements: shown, never changed, and told to whoever is about
//! to package it again.

use super::files::{OFFER, offer};
use crate::support::shell::Shell;

#[test]
fn other_deployments_stand_beside_advertisements_and_have_their_page() {
    let shell = Shell::with_fleet();
    let others = shell.list(&["deployments", "--filter", "!type:program"]);
    let names: Vec<&str> = others
        .iter()
        .filter_map(|row| row["SoftwareName"].as_str())
        .collect();
    for name in [
        "Google Chrome",
        "Microsoft 365 Apps",
        "Windows 11 in-place upgrade",
    ] {
        assert!(names.contains(&name), "{names:?}");
    }
    let advertised = shell.list(&["advertisements", "--filter", "!type:program"]);
    assert!(advertised.is_empty(), "{advertised:?}");
    let page = shell.run(&["show", "deployment", "Google Chrome"]).ends(0);
    assert!(
        page.out.contains("application Google Chrome"),
        "{}",
        page.out
    );
    assert!(page.out.contains("not changed from here"), "{}", page.out);
    let raw = shell
        .run(&["show", "deployment", "Google Chrome", "-o", "json"])
        .ends(0);
    assert!(raw.out.contains("\"FeatureType\": 1"), "{}", raw.out);
}

#[test]
fn a_package_of_another_type_is_shown_and_stops_a_plan() {
    let shell = Shell::with_fleet();
    let found = shell.list(&["packages", "--filter", "type:\"boot image\""]);
    let id = found[0]["PackageID"].as_str().unwrap();
    assert_eq!(found[0]["PackageType"], 258);
    let shown = shell.run(&["show", "package", id]).ends(0);
    assert!(shown.out.contains("not changed from here"), "{}", shown.out);
    shell.write(
        "boot.toml",
        &format!(
            "[package]\nuse = \"{id}\"\n[program]\nuse = \"Install\"\n\
             [collection]\nuse = \"Pilot PCs\"\n[advertisement]\npurpose = \"available\"\n"
        ),
    );
    let stopped = shell.run(&["plan", "boot.toml"]).ends(3);
    stopped.says(&["PKG-E30", "boot image"]);
}

#[test]
fn a_package_of_what_is_an_application_already_is_asked_about() {
    let shell = Shell::with_fleet();
    offer(&shell);
    for (name, found) in [
        ("Chrome", "already: Google Chrome 131.0, deployed once"),
        (
            "Google Chrome",
            "already: Google Chrome 131.0, deployed once",
        ),
        (
            "Chrome Enterprise",
            "similar name is there: Google Chrome 131.0",
        ),
        (
            "Office 365 Apps",
            "similar name is there: Microsoft 365 Apps",
        ),
    ] {
        shell.write("app.toml", &OFFER.replace("Line Tool X", name));
        let planned = shell.run(&["plan", "app.toml"]).ends(0);
        planned.says(&["PKG-W31", found]);
    }
    shell
        .run(&["plan", "offer.toml"])
        .ends(0)
        .never_says("PKG-W31");
}
