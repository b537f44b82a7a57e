//! `consign plan`: what a distribution file comes to, and everything that can be wrong with it.

use super::files::{OFFER, offer, sources};
use crate::support::shell::{Outcome, Shell};

/// Plans a file of this content.
fn planned(shell: &Shell, text: &str) -> Outcome {
    sources(shell);
    shell.write("draft.toml", text);
    shell.run(&["plan", "draft.toml"])
}

#[test]
fn a_plan_is_printed_and_nothing_is_changed() {
    let shell = Shell::with_fleet();
    offer(&shell);
    let before = shell.list(&["pkg"]);
    let plan = shell.run(&["plan", "offer.toml"]).ends(0);
    for part in [
        "Create package Line Tool X 9.1",
        "+  1 Package",
        "+  6 Advertisement",
    ] {
        assert!(plan.out.contains(part), "{part}: {}", plan.out);
    }
    assert_eq!(shell.list(&["pkg"]), before);
}

#[test]
fn a_plan_is_kept_in_a_file_for_its_owner_alone_or_written_to_the_pipe() {
    use std::os::unix::fs::PermissionsExt;
    let shell = Shell::with_fleet();
    offer(&shell);
    let kept = shell
        .run(&["plan", "offer.toml", "-o", "plan.json"])
        .ends(0);
    kept.says(&["the plan is in plan.json"]).without_data();
    let file = shell.work().join("plan.json");
    let mode = file.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let piped = shell.run(&["plan", "offer.toml", "-o", "-"]).ends(0);
    let plan: serde_json::Value = serde_json::from_str(&piped.out).unwrap();
    assert_eq!(plan["site"]["code"], "LAB");
    assert_eq!(plan["operations"].as_array().map(Vec::len), Some(6));
}

#[test]
fn unknown_keys_are_named_with_their_line_and_the_nearest_known_one() {
    let shell = Shell::with_site();
    let text = OFFER.replace("version =", "verison =");
    planned(&shell, &text)
        .ends(2)
        .says(&[
            "draft.toml:4: unknown key `verison` in [package]",
            "did you mean `version`?",
        ])
        .without_data();
    planned(&shell, "[package]\nname = \"A\n")
        .ends(2)
        .says(&["draft.toml:2:"]);
    shell
        .run(&["plan", "nowhere.toml"])
        .ends(2)
        .says(&["nowhere.toml"]);
}

#[test]
fn a_source_folder_that_cannot_be_used_stops_the_plan() {
    let shell = Shell::with_fleet();
    let from = |folder: &str| planned(&shell, &OFFER.replace("./line-tool", folder)).ends(3);
    from("./nowhere").says(&["PKG-E21", "it is not there", "[package.source]"]);
    std::fs::create_dir(shell.work().join("empty")).unwrap();
    from("./empty").says(&["PKG-E22", "The folder is empty"]);
    shell.write("just-a-file", "text");
    from("./just-a-file").says(&["PKG-E"]).without_data();
}

#[test]
fn a_query_that_is_none_is_refused_with_the_place_of_the_fault() {
    let shell = Shell::with_fleet();
    let query = "name = \"New one\"\nlimit_to = \"All Systems\"\nquery = \"select * from SMS_R_System where Name lke 'a'\"";
    planned(&shell, &OFFER.replace("use = \"Training room\"", query))
        .ends(3)
        .says(&[
            "COL-E21",
            "line 1, column 39",
            "`lke`",
            "[collection.query]",
        ]);
}

#[test]
fn what_cannot_be_is_stopped_with_its_code_and_field() {
    let shell = Shell::with_fleet();
    let deadline =
        "\"required\"\navailable = \"2031-01-02T10:00\"\ndeadline = \"2031-01-01T10:00\"";
    let itself =
        "name = \"Training room\"\nlimit_to = \"All Systems\"\ninclude = [\"Training room\"]";
    let long = format!("name = \"{}\"", "x".repeat(60));
    for (from, to, words) in [
        (
            "\"available\"",
            deadline,
            &["ADV-E12", "before it becomes available"][..],
        ),
        (
            "use = \"Training room\"",
            itself,
            &["COL-E07", "COL-E26", "include or exclude itself"],
        ),
        (
            "name = \"Line Tool X\"",
            &long,
            &["PKG-E06", "limited to 50", "[package.name]"],
        ),
        ("\"Training room\"", "\"Nobody\"", &["COL-E02"]),
        ("[\"dp01.lab.example\"]", "[]", &["CNT-E01"]),
    ] {
        assert!(OFFER.contains(from), "{from}");
        let refused = planned(&shell, &OFFER.replace(from, to)).ends(3);
        refused
            .says(words)
            .says(&["there is no plan"])
            .without_data();
    }
}

#[test]
fn a_plan_for_another_site_than_the_file_names_is_made_where_it_is_wanted() {
    let shell = Shell::with_fleet();
    sources(&shell);
    shell
        .run(&["site", "init", "other", "--code", "OTH"])
        .ends(0);
    shell.write("named.toml", &format!("site = \"other\"\n{OFFER}"));
    let refused = shell.run(&["plan", "named.toml"]).ends(3);
    refused.says(&["COL-E02"]);
    shell.run(&["--site", "lab", "plan", "named.toml"]).ends(0);
}

#[test]
fn the_example_can_be_tried_as_the_readme_walks_through_it() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let (_, walk) = readme
        .split_once("export CONSIGN_HOME=$(mktemp -d)\n")
        .unwrap();
    let walk = walk
        .lines()
        .map_while(|line| line.strip_prefix("    consign "));
    let shell = Shell::bare();
    let mut last = None;
    for line in walk {
        let line = line.split('#').next().unwrap().trim();
        let line = line.replace("assets/", concat!(env!("CARGO_MANIFEST_DIR"), "/assets/"));
        // Words in quotes are one argument.
        let parts = line
            .split('"')
            .enumerate()
            .flat_map(|(at, part)| match at % 2 {
                0 => part.split_whitespace().collect::<Vec<_>>(),
                _ => vec![part],
            });
        last = Some(shell.run(&parts.collect::<Vec<_>>()).ends(0));
    }
    let last = last.unwrap();
    assert!(last.out.contains("Line Tool 3.1 to pilot"), "{}", last.out);
}
