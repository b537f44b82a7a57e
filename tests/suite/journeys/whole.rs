//! The main job: from a folder on disk to an advertisement.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::run_plan;
use crate::support::home::Home;
use crate::support::terminal::Terminal;

/// A source folder in which one file lies twice.
pub fn source(below: &Path) -> PathBuf {
    let twice = "the same bytes\n".repeat(4_000);
    let folder = below.join("line-tool");
    fs::create_dir_all(folder.join("bin")).unwrap();
    fs::write(folder.join("bin/tool"), &twice).unwrap();
    fs::write(folder.join("bin/tool-again"), &twice).unwrap();
    let install = "#!/bin/sh\ncp bin/tool /usr/local/bin\n";
    fs::write(folder.join("install.sh"), install).unwrap();
    folder
}

#[test]
fn the_wizard_takes_a_folder_to_an_advertisement_and_the_files_really_move() {
    let home = Home::with_sample(60);
    let source = source(home.folder());
    let mut console = Terminal::start(&home, (80, 24), &["wizard"]);
    fill_in(&mut console, &source);
    assert!(
        home.rows(&["get", "packages", "--filter", "Field Probe"])
            .is_empty()
    );
    run_plan(&mut console);
    console.wait_for("Done.").wait_for("LAB2");

    check_objects(&home);
    check_library(&home, &source);

    console.press("w").wait_for("› Advertisements ›");
    console
        .wait_for("Field Probe")
        .wait_for("Field Probe - Pilot");
    console.press("esc").wait_gone("› Advertisements ›");
    console.wait_until("the new row, selected", |screen| {
        let mut rows = screen.lines();
        rows.any(|row| row.starts_with('▌') && row.contains("Field Probe"))
    });
    console.press("q");
    assert!(console.ended().success());
    console.assert_given_back();
    let left = fs::read_dir(home.folder().join("state/drafts")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing is unfinished");
}

/// From the wizard's first step to its review.
pub fn fill_in(console: &mut Terminal, source: &Path) {
    fill_in_named(console, "Field Probe", source);
}

pub fn fill_in_named(console: &mut Terminal, name: &str, source: &Path) {
    console.wait_for("What should go out?").wait_for("7-Zip");
    fill_in_package(console, name, source);
    fill_in_program(console);
    fill_in_collection(console, name);
    console
        .wait_for("Where do devices fetch the files?")
        .wait_for("dp01");
    console.type_text("dp01").press("enter ctrl-n");
    console.wait_for("When, and how?").press("t").press("enter");
    console
        .wait_for("› Review")
        .wait_for(&format!("Create package {name} 3.1 with program Install"));
}

fn fill_in_package(console: &mut Terminal, name: &str, source: &Path) {
    console.press("ctrl-n").wait_for("What is the software");
    console.type_text(name).press("tab");
    console.type_text("3.1").press("tab");
    console.type_text("Example Works").press("tab tab");
    console.type_text(source.to_str().unwrap());
    console.wait_for("line-tool").press("ctrl-n");
}

fn fill_in_program(console: &mut Terminal) {
    console.wait_for("Which command, and how does it run?");
    console.wait_for("Install").type_text("install.sh --quiet");
    console.wait_for("install.sh --quiet").press("ctrl-n");
}

fn fill_in_collection(console: &mut Terminal, name: &str) {
    console
        .wait_for("Who should get it?")
        .press("shift-tab right");
    console.wait_for("Limited to").press("tab");
    console.type_text(&format!("{name} - Pilot")).press("tab");
    console
        .type_text("Windows 10")
        .wait_for("Windows 10 without");
    console.press("ctrl-u").type_text("All Systems");
    // Most collections are limited to a large one: here they are listed at once.
    console.wait_for("▌ All Systems").press("enter");
    console.wait_for("All Systems (SMS00001)");
    console.type_text("PC-0001").press("enter");
    console.type_text("PC-0002").press("enter");
    console.wait_for("2 devices").press("ctrl-n");
}

fn check_objects(home: &Home) {
    let one = |arguments: &[&str]| {
        let rows = home.rows(arguments);
        assert_eq!(rows.len(), 1, "{arguments:?}: {rows:?}");
        rows[0].clone()
    };
    let package = one(&["get", "packages", "--filter", "Field Probe"]);
    assert_eq!(package["Version"], "3.1");
    assert_eq!(package["Manufacturer"], "Example Works");
    let id = package["PackageID"].as_str().unwrap();
    let program = one(&["get", "programs", &format!("{id}/Install")]);
    assert_eq!(program["CommandLine"], "install.sh --quiet");
    let collection = one(&["get", "collections", "--filter", "Field Probe"]);
    assert_eq!(collection["MemberCount"], 2);
    let members = home.rows(&["get", "members", "Field Probe - Pilot"]);
    let names: Vec<&Value> = members.iter().map(|member| &member["Name"]).collect();
    assert_eq!(names, ["PC-0001", "PC-0002"]);
    let assignment = one(&["get", "assignments", "--filter", "Field Probe"]);
    assert_eq!(assignment["PackageID"], *id);
    let advertisement = one(&["get", "advertisements", "--filter", "Field Probe"]);
    assert_eq!(advertisement["PackageID"], *id);
    assert_eq!(advertisement["ProgramName"], "Install");
    assert_eq!(advertisement["CollectionID"], collection["CollectionID"]);
}

/// The content library holds every file of the source by its hash, and the one that lies twice once.
fn check_library(home: &Home, source: &Path) {
    let library = home.site().join("SCCMContentLib");
    let package = home.rows(&["get", "packages", "--filter", "Field Probe"]);
    let id = package[0]["PackageID"].as_str().unwrap();
    let about = fs::read_to_string(library.join(format!("PkgLib/{id}.INI"))).unwrap();
    assert!(about.contains(&format!("{id}.1")), "{about}");
    let tree = library.join(format!("DataLib/{id}.1"));
    for file in ["install.sh", "bin/tool", "bin/tool-again"] {
        let entry = fs::read_to_string(tree.join(format!("{file}.INI"))).unwrap();
        let hash = entry
            .lines()
            .find_map(|line| line.strip_prefix("Hash="))
            .unwrap();
        let stored = library.join("FileLib").join(&hash[..4]).join(hash);
        assert_eq!(
            fs::read(stored).unwrap(),
            fs::read(source.join(file)).unwrap()
        );
    }
    assert_eq!(
        copies(
            &library.join("FileLib"),
            &fs::read(source.join("bin/tool")).unwrap()
        ),
        1
    );
}

/// How many files below a folder have this content.
fn copies(folder: &Path, content: &[u8]) -> usize {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .map(|path| {
            if path.is_dir() {
                copies(&path, content)
            } else {
                usize::from(fs::read(&path).unwrap() == content)
            }
        })
        .sum()
}
