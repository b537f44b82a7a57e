//! A console on a served site that is strict and shows half of itself: what is counted, and what was asked.

use std::time::Duration;

use crate::support::home::Home;
use crate::support::shell::Running;
use crate::support::terminal::Terminal;

/// Longer than anything a console asks for by itself takes here.
const SETTLING: Duration = Duration::from_secs(1);

#[test]
fn counts_say_that_they_are_no_counts_of_the_site_and_requests_come_in_while_one_looks() {
    let site = Home::with_sample(60);
    let serve = ["serve", "--listen", "127.0.0.1:0", "--strict"];
    let mut server = Running::of(site.command(&[&serve[..], &["--quirk", "viewer"]].concat()));
    let home = Home::empty();
    home.write("config/settings.toml", &server.lines(4));

    let mut console = Terminal::start(&home, (80, 24), &["--site", "lab-served"]);
    console.wait_for("you can see · read");
    console.press("6").wait_for("you can see");

    console.press("7").wait_for("[7 Reqs]");
    console
        .wait_for("wmi/SMS_Admin")
        .wait_for("wmi/SMS_Identification.Get");
    // The last of what the panes asked for comes in; from there on nobody asks, and nothing is drawn.
    console.bytes_within(SETTLING);
    assert_eq!(console.bytes_within(SETTLING), 0);
    console.press("4").wait_for("Points").press("7");
    console.wait_for("403 forbidden").press("!");
    console.wait_gone("wmi/SMS_Admin").press("down enter");
    console
        .wait_for("Outcome      403 forbidden")
        .wait_for("https://127.0.0.1");
    console.press("1").wait_for("7-Zip").press("q");
    assert!(console.ended().success());
}
