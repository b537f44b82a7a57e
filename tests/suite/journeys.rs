//! Journeys: the built program in a real terminal, from a person's first key to what is on disk afterwards.
//!
//! Few, because each starts the program; whole, because what they prove no smaller test can.

mod copying;
mod cut_line;
mod cut_run;
mod editor;
mod first_start;
mod half_seen;
mod idle;
mod leaving;
mod rough;
mod shortest;
mod side_by_side;
mod sites;
mod slow_line;
mod suspended;
pub mod whole;

use crate::support::terminal::Terminal;

/// Runs the plan on the review. What it relies on may still be on its way, and may bring something to be ticked: the
/// console says so, and is asked again.
pub fn run_plan(console: &mut Terminal) {
    let refusals = ["still reading", "not ticked yet"];
    loop {
        console.press("R").wait_until("the run", |screen| {
            has_begun(screen) || refusals.iter().any(|words| screen.contains(words))
        });
        let screen = console.screen();
        if has_begun(&screen) {
            return;
        }
        if screen.contains("not ticked yet") {
            tick_all(console);
        } else {
            // Not Tab: it may lead to a line where R is text.
            console.press("up").wait_gone("still reading");
        }
    }
}

/// A short run may have ended by the time somebody looks.
fn has_begun(screen: &str) -> bool {
    screen.contains("› Run") || screen.contains("› Result")
}

/// Ticks whatever the review wants ticked.
fn tick_all(console: &mut Terminal) {
    let open = |screen: &str| screen.matches("[ ]").count();
    loop {
        let left = open(&console.screen());
        if left == 0 {
            return;
        }
        console.press("tab space");
        console.wait_until("a tick", |screen| open(screen) < left);
    }
}

/// Waits until the files of a package in the pane are on its points: a site just made copies its sample first.
fn wait_for_content(console: &mut Terminal, package: &str, content: &str) {
    console.wait_until("the files on the points", |screen| {
        let mut rows = screen.lines().filter(|line| line.contains(package));
        rows.any(|row| row.contains(content))
    });
}
