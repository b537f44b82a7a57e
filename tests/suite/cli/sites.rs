//! `consign site`, the usage errors of the whole program, and what it does without a terminal.

use serde_json::Value;

use crate::support::shell::Shell;

#[test]
fn a_site_is_made_once_and_listed_with_the_default_marked() {
    let shell = Shell::bare();
    shell
        .run(&["site", "list"])
        .ends(0)
        .says(&["no sites yet"])
        .without_data();
    let made = shell.run(&["site", "init", "lab", "--code", "abc"]).ends(0);
    made.says(&["made site lab (ABC) in"]).without_data();
    shell.run(&["site", "init", "other"]).ends(0);
    shell.settings("default_site = \"other\"\n");
    let listed = shell.run(&["site", "list"]).ends(0);
    let marks: Vec<&str> = listed.out.lines().map(|line| &line[..7]).collect();
    assert_eq!(marks, ["  lab  ", "* other"]);
    shell
        .run(&["site", "init", "lab"])
        .ends(1)
        .says(&["there is a site in", "choose another name"]);
}

#[test]
fn names_and_codes_that_cannot_be_are_refused_before_anything_is_made() {
    let shell = Shell::bare();
    for line in [
        ["site", "init", "a/b", "--code", "LAB"],
        ["site", "init", "lab", "--code", "ABCD"],
        ["site", "init", "lab", "--code", "A!"],
    ] {
        shell.run(&line).ends(2).without_data();
    }
    assert!(!shell.site("lab").exists());
    let line = ["site", "init", "lab", "--code", "ABCD"];
    let refused = shell.run(&line);
    refused.says(&["\"ABCD\" is no site code", "three letters or digits"]);
}

#[test]
fn the_same_seed_makes_the_same_fleet() {
    let shell = Shell::bare();
    let devices = |name: &str, seed: &str| {
        let line = ["site", "init", name, "--sample", "40", "--seed", seed];
        shell.run(&line).ends(0);
        let all = ["--site", name, "get", "devices", "-o", "json"];
        let rows: Vec<Value> = serde_json::from_str(&shell.run(&all).ends(0).out).unwrap();
        let is_of_the_fleet = |row: &Value| {
            row["Name"]
                .as_str()
                .map(str::to_owned)
                .zip(row["LastLogonUserName"].as_str().map(str::to_owned))
        };
        rows.iter().map(is_of_the_fleet).collect::<Vec<_>>()
    };
    let first = devices("one", "7");
    assert_eq!(first.len(), 40);
    assert!(first.iter().any(Option::is_some));
    assert_eq!(first, devices("two", "7"));
    assert_ne!(first, devices("three", "8"));
}

#[test]
fn the_first_site_is_there_without_being_made() {
    let shell = Shell::bare();
    let points = shell.list(&["dp"]);
    assert_eq!(points.len(), 1);
}

#[test]
fn a_site_nobody_knows_is_answered_with_the_nearest_one() {
    let shell = Shell::with_site();
    let asked = |name: &str| shell.run(&["--site", name, "get", "pkg"]).ends(2);
    asked("la").says(&["there is no site called la", "did you mean lab?"]);
    asked("production").says(&["consign site list", "consign site init"]);
}

#[test]
fn without_a_terminal_nothing_full_screen_begins() {
    let shell = Shell::with_site();
    for line in [&[][..], &["wizard"], &["demo"]] {
        let refused = shell.run(line).ends(2).without_data();
        refused.says(&["needs a terminal", "consign get", "consign wizard --linear"]);
    }
}

#[test]
fn a_command_that_is_not_understood_is_usage() {
    let shell = Shell::bare();
    for line in [
        &["gte"][..],
        &["get"],
        &["apply"],
        &["resume", "--keep", "--continue"],
        &["site", "init", "lab", "--seed", "3"],
        &["completions", "dos"],
    ] {
        shell.run(line).ends(2).without_data();
    }
    let help = shell.run(&["--help"]).ends(0);
    assert!(
        help.out.contains("7  the facts a plan rests on"),
        "{}",
        help.out
    );
}

#[test]
fn shells_get_their_completions() {
    let shell = Shell::bare();
    for (name, mark) in [
        ("bash", "_consign()"),
        ("zsh", "#compdef consign"),
        ("fish", "complete -c consign"),
    ] {
        let script = shell.run(&["completions", name]).ends(0);
        assert!(script.out.contains(mark), "{name}: {}", script.out);
        assert!(script.out.contains("roll-back"), "{name} knows no options");
    }
}
