//! `consign wizard --linear`: the conversation, answered from a script.

use super::files::{made, sources};
use crate::support::shell::{Outcome, Running, Shell};
use nix::sys::signal::Signal;

/// Answers, a line each.
fn talked(shell: &Shell, answers: &[&str]) -> Outcome {
    let mut input = answers.join("\n");
    input.push_str(if answers.is_empty() { "" } else { "\n" });
    shell.answering(&["wizard", "--linear"], &input)
}

/// A program of the fleet whose package has no files: nothing here hangs on how far they have been copied.
const PROGRAM: &str = "LAB0001B/Run";

/// From the first question to the one for the collection, with software that is already packaged.
const PACKAGED: [&str; 4] = [PROGRAM, "", "CHG0042", ""];

fn after_packaged<'a>(answers: &[&'a str]) -> Vec<&'a str> {
    PACKAGED.iter().chain(answers).copied().collect()
}

/// A new package, program and collection, up to the question *when*.
const NEW: [&str; 20] = [
    "new",
    "",
    "CHG0042",
    "",
    "Line Tool X",
    "9.1",
    "Example Works",
    "yes",
    "./line-tool",
    "",
    "install.sh --quiet",
    "2",
    "Line Tool X - Pilot",
    "All Systems",
    "PC-0001, PC-0002",
    "PC-0003",
    "",
    "dp01.lab.example",
    "",
    "",
];

#[test]
fn the_shortest_way_reaches_a_run_and_ends_with_its_ids() {
    let shell = Shell::with_fleet();
    let answers = ["training room", "3", "yes", "yes", "yes", "yes"];
    let talked = talked(&shell, &after_packaged(&answers)).ends(0);
    let ids = talked
        .ids()
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>();
    assert!(PROGRAM.starts_with(&ids[0]), "{}", talked.out);
    let offered = shell.list(&["adv", ids.last().unwrap()]);
    assert_eq!(offered[0]["PackageID"], ids[0].as_str());
    assert!(offered[0]["Comment"].as_str().unwrap().contains("CHG0042"));
    talked
        .says(&[
            "Step 1 of 7, Start. What should go out?",
            "Step 4 of 7, Collection. Who should get it?",
            "Who would be reached:",
            "Step 6 of 7, Advertisement. When, and how?",
            "Step 7 of 7, Review.",
            "Run this plan?",
            ": done, ",
        ])
        .never_says("\u{1b}")
        .never_says("\r");
}

#[test]
fn everything_new_is_asked_field_by_field_and_made() {
    let shell = Shell::with_fleet();
    sources(&shell);
    let mut answers = NEW.to_vec();
    answers.extend(["3", "yes", "yes", "yes", "yes"]);
    let talked = talked(&shell, &answers).ends(0);
    assert_eq!(talked.ids().len(), 5, "{}", talked.out);
    assert_eq!(made(&shell), (1, 1));
    assert_eq!(shell.list(&["members", "Line Tool X - Pilot"]).len(), 3);
    let source = shell.work().join("line-tool");
    talked.says(&[
        "Step 2 of 7, Package",
        "Step 3 of 7, Program",
        "Step 5 of 7, Distribution points",
        &format!("Source folder: {}", source.display()),
        "2 so far, the next",
        "3 devices",
        // The line of help of a field, and its default.
        "A short verb, e.g. Install. It cannot be changed later.",
        "Name (Enter: Install)",
    ]);
}

#[test]
fn a_collection_with_servers_is_ticked_and_typed() {
    let shell = Shell::with_fleet();
    let before = shell.list(&["adv"]).len();
    let answers = after_packaged(&["pilot pcs", "1", "yes", "yes", "yes", "yes", "yes", "Pilot"]);
    let unfinished = talked(&shell, &answers).ends(8).without_data();
    unfinished.says(&[
        "To confirm, 1 of",
        "SAF-W04",
        "The name of the collection must be typed: Pilot PCs",
    ]);
    assert_eq!(shell.list(&["adv"]).len(), before);
    let no = ["continue", "no", "quit"];
    let refused = talked(&shell, &no).ends(8);
    refused.says(&["Nothing was changed", "left", "the draft is kept"]);
    assert_eq!(shell.list(&["adv"]).len(), before);
}

#[test]
fn the_end_of_the_input_keeps_the_draft_and_the_next_start_offers_it() {
    let shell = Shell::with_fleet();
    sources(&shell);
    let cut = talked(&shell, &NEW[..13]).ends(8).without_data();
    cut.says(&["the input has ended", "the draft is kept"]);
    let later = talked(&shell, &["later"]).ends(0).without_data();
    later.says(&["unfinished distribution: Line Tool X to Line Tool X - Pilot"]);
    let rest = [
        "continue",
        "",
        "",
        "All Systems",
        "PC-0001",
        "",
        "dp01.lab.example",
        "",
        "",
        "3",
        "yes",
        "yes",
        "yes",
        "yes",
    ];
    talked(&shell, &rest).ends(0);
    assert_eq!(made(&shell), (1, 1));
    let after = talked(&shell, &[]).ends(8);
    after.never_says("unfinished").never_says("draft is kept");
}

#[test]
fn a_draft_is_thrown_away_only_in_so_many_words() {
    let shell = Shell::with_fleet();
    talked(&shell, &["new", "", "CHG0042"]).ends(8);
    talked(&shell, &["perhaps", "discard"])
        .ends(8)
        .says(&["Answer with continue, discard or later.", "Step 1 of 7"])
        .never_says("the draft is kept");
    talked(&shell, &[]).ends(8).never_says("unfinished");
}

#[test]
fn a_damaged_draft_is_told_kept_aside_and_what_is_right_in_it_goes_on() {
    let shell = Shell::with_fleet();
    let draft = shell.home().join("state/drafts/lab.toml");
    shell.write(&draft, "[package]\nname = \"Line Tool X\"\nversion = = 3\n");
    let told = talked(&shell, &["later"]).ends(0);
    told.says(&[
        "lab.toml:3:",
        "lab.damaged.toml",
        "unfinished distribution: Line Tool X",
    ]);
}

#[test]
fn the_help_desk_is_asked_the_essential_settings_and_offered_nothing_new() {
    let shell = Shell::with_fleet();
    shell.settings("[site.lab]\nprofile = \"helpdesk\"\n");
    let answers = ["new", PROGRAM, "", "CHG0042", "more", "training room", "3"];
    let talked = talked(&shell, &answers).ends(8);
    talked
        .says(&[
            // What is typed is part of a name, and nothing else.
            "1. Restart now of",
            "There are no further settings here: the profile helpdesk",
            "Chosen: Training room",
            "Step 7 of 7, Review.",
        ])
        .never_says("new is for")
        .never_says("more asks")
        .never_says("More settings")
        .never_says("New rule");
}

#[test]
fn a_question_explains_itself_and_the_one_before_it_is_asked_again() {
    let shell = Shell::with_fleet();
    let answers = [
        "new", "?", "", "wrong", "<", "2", "CHG0042", "", "", "more", "?",
    ];
    let talked = talked(&shell, &answers).ends(8);
    talked.says(&[
        // The long help of the intent, with what it sets and where it stands in a file.
        "In a file: start.intent.",
        "Reason: wrong",
        "Remove software",
        "The further settings come behind the other questions of this step.",
        "Sets: SMS_Package.Version.",
    ]);
}

#[test]
fn further_settings_are_asked_on_request_and_an_answer_can_be_taken_back() {
    let shell = Shell::with_fleet();
    sources(&shell);
    let mut answers = NEW[..8].to_vec();
    answers.extend(["more", "./line-tool", "English", "-", "1", "yes"]);
    let talked = talked(&shell, &answers).ends(8);
    talked.says(&[
        "Language: English",
        "Description",
        "Priority: High",
        "Keep in the client cache: yes",
    ]);
    let draft = shell.home().join("state/drafts/lab.toml");
    let draft = std::fs::read_to_string(draft).unwrap();
    assert!(
        draft.contains("priority = \"high\"") && !draft.contains("description"),
        "{draft}"
    );
}

#[test]
fn a_step_is_not_left_silently_while_something_stops_the_plan() {
    let shell = Shell::with_fleet();
    let mut answers = NEW[..8].to_vec();
    answers.extend(["./nowhere", "", "./line-tool"]);
    sources(&shell);
    let talked = talked(&shell, &answers).ends(8);
    talked.says(&[
        "stops PKG-E21. About Source folder:",
        "Enter goes back to Source folder",
        "Step 3 of 7, Program",
    ]);
}

#[test]
fn a_picker_lists_what_fits_and_never_takes_what_nobody_chose() {
    let shell = Shell::with_fleet();
    let answers = after_packaged(&["", "zzzz", "all sys", "all", "berlin", "1"]);
    let talked = talked(&shell, &answers).ends(8);
    talked.says(&[
        "Nothing is chosen for you here.",
        "Nothing fits 'zzzz'.",
        "1 that fit are large or built in: all reads them out too.",
        "1. All Systems, SMS00001: 60 devices",
        "Chosen: Berlin",
    ]);
}

#[test]
fn a_plan_can_be_saved_for_somebody_else_where_two_are_wanted() {
    let shell = Shell::with_fleet();
    shell.settings("[limits]\ntwo_person = true\n");
    let answers = after_packaged(&["training room", "3", "save plan.json", "", "quit"]);
    let talked = talked(&shell, &answers).ends(8).without_data();
    talked.says(&["SAF-E09", "The plan is in plan.json.", "the draft is kept"]);
    let mut other = shell.command(&["apply", "plan.json", "--yes"]);
    other.env("USER", "berta");
    crate::support::shell::outcome(other, "").ends(0);
}

#[test]
fn a_run_that_fails_asks_for_the_way_on() {
    let shell = Shell::with_fleet();
    sources(&shell);
    super::files::block(&shell);
    let mut answers = NEW.to_vec();
    answers[17] = "dp02.lab.example";
    answers.extend(["3", "yes"]);
    let talked = talked(&shell, &answers).ends(5);
    talked.says(&["dp02.lab.example failed", "Roll back", "consign resume"]);
    let open = shell.run(&["resume"]).ends(0);
    assert_eq!(open.out.lines().count(), 1);
    let told = shell.answering(&["wizard", "--linear"], "").ends(8);
    told.says(&["One run was cut short before its end"]);
}

#[test]
fn a_signal_in_the_middle_keeps_the_draft() {
    let shell = Shell::with_fleet();
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        let command = shell.command(&["wizard", "--linear"]);
        let mut talk = Running::talking(command, "discard\nnew\n\nCHG0042\n\n");
        talk.until_it_says("Package (Enter: A new one)");
        talk.signal(signal);
        talk.end()
            .ends(8)
            .says(&["interrupted", "the draft is kept"]);
        let draft = shell.home().join("state/drafts/lab.toml");
        assert!(std::fs::read_to_string(draft).unwrap().contains("CHG0042"));
    }
}
