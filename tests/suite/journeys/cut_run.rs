//! A run that is cut by a kill: the next start offers to go on, to roll back, to keep.

use std::fs::File;

use nix::sys::signal::Signal;

use super::run_plan;
use crate::support::home::Home;
use crate::support::terminal::Terminal;

/// While the test holds the role of the background parts, nothing is copied: a run waits for its content for ever.
fn hold_background(home: &Home) -> File {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(home.site().join("background.lock"))
        .unwrap();
    file.lock().unwrap();
    file
}

/// A console killed in the middle of its run: all is made but the content and the advertisement.
fn killed(home: &Home) {
    home.write("probe/install.sh", "#!/bin/sh\n");
    let held = hold_background(home);
    let mut console = Terminal::start(home, (80, 24), &["wizard"]);
    console.wait_for("What should go out?").press("ctrl-n");
    console.wait_for("What is the software");
    console.type_text("Cut Probe").press("tab tab tab tab");
    console.type_text("./probe").press("ctrl-n");
    console.wait_for("Which command, and how does it run?");
    console.type_text("install.sh").press("ctrl-n");
    console
        .wait_for("Who should get it?")
        .wait_for("All Laptops");
    console
        .type_text("pilot lap")
        .wait_for("▌ Pilot laptops")
        .press("enter");
    console
        .wait_for("Where do devices fetch the files?")
        .wait_for("dp01");
    console.type_text("dp01").press("enter ctrl-n");
    console.wait_for("When, and how?").press("l enter");
    console.wait_for("› Review").wait_for("Cut Probe");
    run_plan(&mut console);
    console.wait_for("NOT ADVERTISED YET");
    console.wait_until("the wait for content", |screen| {
        screen.lines().any(|line| line.contains("> Wait"))
    });
    console.signal(Signal::SIGKILL);
    assert!(!console.ended().success());
    drop(held);
}

/// How much there is of what the plan makes: packages, programs, assignments, advertisements.
fn made(home: &Home) -> [usize; 4] {
    let filters = [
        ("packages", "Cut Probe"),
        ("programs", "package:Cut"),
        ("assignments", "Cut Probe"),
        ("advertisements", "Cut Probe"),
    ];
    filters.map(|(kind, filter)| home.rows(&["get", kind, "--filter", filter]).len())
}

/// A console that has found the cut run and is asked about it.
fn asked(home: &Home) -> Terminal {
    killed(home);
    assert_eq!(made(home), [1, 1, 1, 0]);
    let mut console = Terminal::start(home, (80, 24), &[]);
    console.wait_for("A run was cut").wait_for("Continue");
    console.wait_for("Roll back").wait_for("Keep");
    console
}

fn leave(mut console: Terminal) {
    console.press("esc").wait_for("[1 Packages]").press("q");
    assert!(console.ended().success());
}

#[test]
fn continued_it_comes_to_its_end_and_nothing_is_made_twice() {
    let home = Home::with_sample(60);
    let mut console = asked(&home);
    console.press("tab enter").wait_for("Done.");
    leave(console);
    assert_eq!(made(&home), [1, 1, 1, 1]);
    let mut again = Terminal::start(&home, (80, 24), &[]);
    again.wait_for("7-Zip").press("q");
    assert!(again.ended().success());
}

#[test]
fn rolled_back_it_leaves_nothing() {
    let home = Home::with_sample(60);
    let mut console = asked(&home);
    console
        .press("tab tab enter")
        .wait_for("The site is removing");
    leave(console);
    assert_eq!(made(&home), [0, 0, 0, 0]);
}

#[test]
fn kept_it_stays_as_it_is_and_is_not_asked_about_again() {
    let home = Home::with_sample(60);
    let mut console = asked(&home);
    console
        .press("tab tab tab enter")
        .wait_for("This run is closed");
    leave(console);
    assert_eq!(made(&home), [1, 1, 1, 0]);
    let mut again = Terminal::start(&home, (80, 24), &[]);
    again.wait_for("Cut Probe").press("q");
    assert!(again.ended().success());
}
