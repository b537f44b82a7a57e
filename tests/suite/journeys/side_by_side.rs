//! Two consoles on one site.

use super::{run_plan, wait_for_content};
use crate::support::home::Home;
use crate::support::terminal::Terminal;

#[test]
fn two_consoles_work_side_by_side_and_the_second_takes_over_behind_the_first() {
    let home = Home::with_sample(60);
    let mut first = Terminal::start(&home, (100, 30), &[]);
    first.wait_for("7-Zip").wait_for("[1 Packages]");
    let holder = first.foreground().as_raw();
    let mut second = Terminal::start(&home, (100, 30), &[]);
    second.wait_for("7-Zip");
    second.wait_for(&format!("process {holder} does the site's background work"));

    // What one makes the other reads.
    second.press("5").wait_for("Purpose").press("/");
    second.type_text("zoom pilot").wait_for("0 of ");
    second.press("enter");
    advertise(&mut first);
    second
        .press("r")
        .wait_for("1 of ")
        .wait_for("Zoom 6 Install");

    first.press("esc").wait_for("Packages").press("q");
    assert!(first.ended().success());
    second.wait_for("this console does the site's background work now");
    second.press("q");
    assert!(second.ended().success());
    second.assert_given_back();
}

fn advertise(console: &mut Terminal) {
    console.press("end");
    wait_for_content(console, "Zoom", "2/2");
    console.press("5").wait_for("Collection").press("w");
    console
        .wait_for("7-Zip 24.08 · Install")
        .type_text("zoom i");
    console.wait_for("▌ Zoom 6 · Install").press("enter");
    console
        .wait_for("Who should get it?")
        .wait_for("All Laptops");
    console
        .type_text("pilot lap")
        .wait_for("▌ Pilot laptops")
        .press("enter");
    console.wait_for("When, and how?").press("l enter");
    console.wait_for("› Review");
    run_plan(console);
    console.wait_for("Done.");
}
