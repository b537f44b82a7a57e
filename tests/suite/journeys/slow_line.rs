//! A console on a slow line that is cut while a plan runs: the screen answers keys throughout, and the plan ends right.

use std::time::{Duration, Instant};

use super::{run_plan, wait_for_content};
use crate::support::home::Home;
use crate::support::relay::{Line, Relay};
use crate::support::shell::Running;
use crate::support::terminal::Terminal;

/// Keys are answered whatever is under way. A screen that waits for the line would wait for seconds, and for a minute
/// where it is cut.
fn answers_keys(console: &mut Terminal) {
    let pressed = Instant::now();
    console.press("?").wait_for("› Keys");
    console.press("esc").wait_gone("› Keys");
    let took = pressed.elapsed();
    assert!(took < Duration::from_secs(3), "the keys took {took:?}");
}

#[test]
fn on_a_slow_line_that_is_cut_the_keys_are_answered_and_what_was_read_stays() {
    let site = Home::with_sample(60);
    let mut server = Running::of(site.command(&["serve", "--listen", "127.0.0.1:0"]));
    let settings = server.lines(4);
    let home = Home::empty();
    let (relay, through) = Relay::before(&settings, Line::SLOW);
    home.write("config/settings.toml", &through);

    let mut console = Terminal::start(&home, (80, 24), &["--site", "lab-served"]);
    console.wait_for("[1 Packages]");
    answers_keys(&mut console);
    console.wait_for("7-Zip");
    assert!(relay.carried() > 10_000, "{} bytes", relay.carried());
    console.press("end");
    wait_for_content(&mut console, "Zoom", "2/2");
    console.press("5").wait_for("Collection");
    answers_keys(&mut console);
    console.press("w").wait_for("7-Zip 24.08 · Install");
    console.type_text("zoom i").wait_for("▌ Zoom 6 · Install");
    console
        .press("enter")
        .wait_for("Who should get it?")
        .wait_for("All Laptops");
    console.type_text("pilot lap").wait_for("▌ Pilot laptops");
    console.press("enter").wait_for("When, and how?");
    console
        .press("t enter")
        .wait_for("› Review")
        .wait_for("program Install");
    run_plan(&mut console);
    console.wait_for("Done.");
    let made = site.rows(&["get", "adv", "--filter", "zoom pilot"]);
    assert_eq!(made.len(), 1, "{made:?}");

    console
        .press("w")
        .wait_for("Collection")
        .press("1")
        .wait_for("Zoom");
    relay.cut();
    console.press("r");
    answers_keys(&mut console);
    console.wait_for("Could not read").wait_for("Zoom");
    answers_keys(&mut console);
    relay.mend();
    console.press("r").wait_gone("Could not read");
}
