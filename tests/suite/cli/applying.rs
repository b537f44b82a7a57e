//! `consign apply` and `consign resume`: confirmations, what was made, and runs that are cut.

use nix::sys::signal::Signal;

use super::files::{blocked_offer, made, offer, required, sources, unblock};
use crate::support::shell::{Outcome, Shell};

/// An apply that waits for files to arrive where none can, cut by this signal.
fn cut(shell: &Shell, signal: Signal) -> Outcome {
    blocked_offer(shell);
    let mut run = shell.start(&["apply", "blocked.toml", "--yes"]);
    run.until_it_says("checking (0 of 1 points");
    run.signal(signal);
    run.end()
}

#[test]
fn a_package_travels_from_a_folder_to_an_advertisement() {
    let shell = Shell::with_fleet();
    offer(&shell);
    let applied = shell.run(&["apply", "offer.toml", "--yes"]).ends(0);
    let ids = applied.ids();
    assert_eq!(ids.len(), 5, "{}", applied.out);
    let package = shell.list(&["pkg", ids[0]]);
    assert_eq!(package[0]["Name"], "Line Tool X");
    assert_eq!(
        shell.list(&["prog", ids[1]])[0]["CommandLine"],
        "install.sh --quiet"
    );
    let offered = shell.list(&["adv", ids[4]]);
    assert_eq!(offered[0]["PackageID"], ids[0]);
    let sent = shell
        .run(&["get", "assignments", "--filter", "\"Line Tool X\""])
        .ends(0);
    assert!(sent.out.contains("installed"), "{}", sent.out);
    let library = shell.site("lab").join("SCCMContentLib/DataLib");
    let stored = library.join(format!("{}.1", ids[0])).join("install.sh.INI");
    assert!(stored.exists(), "{}", stored.display());
    applied.says(&["[6/6]", "done"]);
    assert_eq!(made(&shell), (1, 1));
}

#[test]
fn nothing_is_applied_before_it_was_accepted() {
    let shell = Shell::with_fleet();
    offer(&shell);
    let refused = shell.run(&["apply", "offer.toml"]).ends(4);
    refused.says(&["not accepted", "--yes"]).without_data();
    assert_eq!(made(&shell), (0, 0));
}

#[test]
fn yes_types_no_name() {
    let shell = Shell::with_fleet();
    sources(&shell);
    shell.write("required.toml", &required());
    let line = ["apply", "required.toml", "--yes"];
    let refused = shell.run(&line).ends(4).without_data();
    refused.says(&[
        "SAF-W04",
        "--confirm-collection \"Pilot PCs\"",
        "nothing was changed",
    ]);
    let wrong = [
        "apply",
        "required.toml",
        "--yes",
        "--confirm-collection",
        "Pilot",
    ];
    let wrong = shell.run(&wrong).ends(4).without_data();
    wrong.says(&["this plan reaches \"Pilot PCs\", and \"Pilot\" was named"]);
    let alone = [
        "apply",
        "required.toml",
        "--confirm-collection",
        "Pilot PCs",
    ];
    shell.run(&alone).ends(4).without_data();
    assert_eq!(made(&shell), (0, 0));
    let right = [
        "apply",
        "required.toml",
        "--yes",
        "--confirm-collection",
        "Pilot PCs",
    ];
    shell.run(&right).ends(0);
    assert_eq!(made(&shell), (1, 1));
}

#[test]
fn an_interrupt_leaves_the_run_open_and_resume_continues_it() {
    let shell = Shell::with_fleet();
    let cut = cut(&shell, Signal::SIGINT).ends(8);
    cut.says(&["stopping after the operation under way", "consign resume"]);
    let open = shell.run(&["resume"]).ends(0);
    assert_eq!(open.out.lines().count(), 1, "{}", open.out);
    assert!(open.out.contains("4 of 6 done"), "{}", open.out);
    unblock(&shell);
    let resumed = shell.run(&["resume", "--continue"]).ends(0);
    assert_eq!(resumed.ids().len(), 5, "{}", resumed.out);
    assert_eq!(made(&shell), (1, 1));
    shell.run(&["resume"]).ends(0).without_data();
    let nothing = shell.run(&["resume", "--continue"]).ends(0);
    nothing.says(&["nothing to resume"]).without_data();
}

#[test]
fn a_polite_kill_leaves_the_run_open_and_resume_rolls_it_back() {
    let shell = Shell::with_fleet();
    let packages = shell.list(&["pkg"]).len();
    cut(&shell, Signal::SIGTERM).ends(8);
    unblock(&shell);
    let back = shell.run(&["resume", "--roll-back"]).ends(0);
    back.says(&["The site is removing 3 of 3.", "no device was affected"]);
    assert_eq!(made(&shell), (0, 0));
    assert!(shell.list(&["pkg"]).len() <= packages + 1);
    shell.run(&["resume"]).ends(0).without_data();
}

#[test]
fn a_hang_up_leaves_the_run_open_and_resume_keeps_what_was_made() {
    let shell = Shell::with_fleet();
    cut(&shell, Signal::SIGHUP).ends(8);
    let open = shell.run(&["resume"]).ends(0);
    let id = open.ids()[0].to_owned();
    shell
        .run(&["resume", "zzzz", "--keep"])
        .ends(1)
        .says(&["no open run"]);
    let kept = shell.run(&["resume", &id, "--keep"]).ends(0);
    assert!(kept.out.contains("Line Tool X"), "{}", kept.out);
    assert_eq!(made(&shell), (1, 0));
    shell.run(&["resume"]).ends(0).without_data();
}

#[test]
fn a_killed_run_makes_nothing_twice_when_it_is_continued() {
    let shell = Shell::with_fleet();
    let killed = cut(&shell, Signal::SIGKILL);
    assert_eq!(killed.code, 137);
    unblock(&shell);
    shell.run(&["resume", "--continue"]).ends(0);
    assert_eq!(made(&shell), (1, 1));
}

#[test]
fn content_that_cannot_be_written_fails_with_the_reason_and_leaves_the_run_open() {
    let shell = Shell::with_fleet();
    blocked_offer(&shell);
    let failed = shell.run(&["apply", "blocked.toml", "--yes"]).ends(5);
    failed.says(&[
        "dp02.lab.example retrying",
        "cannot be written",
        "nothing is advertised, so no device is affected",
        "consign resume",
    ]);
    assert_eq!(made(&shell), (1, 0));
}

#[test]
fn two_open_runs_are_told_apart_by_the_beginning_of_their_ids() {
    let shell = Shell::with_fleet();
    cut(&shell, Signal::SIGINT).ends(8);
    let mut second = shell.start(&["apply", "blocked.toml", "--yes"]);
    second.until_it_says("checking (0 of 1 points");
    second.signal(Signal::SIGINT);
    second.end().ends(8);
    let open = shell.run(&["resume"]).ends(0);
    let ids = open.ids();
    assert_eq!(ids.len(), 2);
    shell
        .run(&["resume", "--keep"])
        .ends(2)
        .says(&["more than one run"]);
    shell.run(&["resume", ids[0], "--keep"]).ends(0);
    shell.run(&["resume", "--keep"]).ends(0);
}

#[test]
fn on_a_site_that_is_only_read_a_cut_run_offers_nothing_that_changes_it() {
    let shell = Shell::with_fleet();
    cut(&shell, Signal::SIGTERM).ends(8);
    shell.settings("[site.lab]\nreadonly = true\n");
    let open = shell.run(&["resume"]).ends(0);
    let id = open.ids()[0].to_owned();
    let asked = shell.answering(&["resume", &id], "2\n").ends(0);
    let (reason, offers) = asked.err.split_once("Keep").unwrap();
    assert!(
        reason.contains("SAF-E10") && reason.contains("--write"),
        "{reason}"
    );
    assert!(
        !reason.contains("Roll back") && !offers.contains("Roll back"),
        "{}",
        asked.err
    );
    let refused = shell.run(&["resume", &id, "--continue"]).ends(3);
    refused.says(&["SAF-E10"]);
    let lifted = shell.answering(&["--write", "resume", &id], "");
    lifted.ends(0).says(&["Roll back"]);
}
