//! A line that is lost while the console is in the middle of a run: keys are answered, the run says what it waits for, and
//! once the line is well again it comes to its end with one of everything.

use std::time::{Duration, Instant};

use super::{run_plan, whole};
use crate::support::home::Home;
use crate::support::relay::{Line, Relay};
use crate::support::shell::Running;
use crate::support::terminal::Terminal;

/// How a line is lost.
#[derive(Debug, Clone, Copy)]
enum Loss {
    /// Every connection breaks, and no new one is taken.
    Cut,
    /// Nothing comes and nothing breaks.
    Mute,
}

/// A console behind a slow line to a served site, with a plan on its review that makes everything.
struct Bench {
    site: Home,
    relay: Relay,
    console: Terminal,
    _server: Running,
    _home: Home,
}

impl Bench {
    fn new() -> Self {
        let site = Home::with_sample(60);
        let mut server = Running::of(site.command(&["serve", "--listen", "127.0.0.1:0"]));
        let settings = server.lines(4);
        let home = Home::empty();
        let (relay, through) = Relay::before(&settings, Line::SLOW);
        home.write("config/settings.toml", &through);
        let source = whole::source(site.folder());
        let arguments = ["--site", "lab-served", "wizard"];
        let mut console = Terminal::start(&home, (80, 24), &arguments);
        whole::fill_in(&mut console, &source);
        Self {
            site,
            relay,
            console,
            _server: server,
            _home: home,
        }
    }

    fn lose(&self, loss: Loss) {
        match loss {
            Loss::Cut => self.relay.cut(),
            Loss::Mute => self.relay.go_mute(),
        }
    }

    /// Runs the plan, loses the line as soon as the run is at an operation, and mends it after so long.
    fn run(&mut self, at: &str, loss: Loss, length: Duration) {
        run_plan(&mut self.console);
        let under_way = format!("> {at}");
        self.console
            .wait_until(&under_way, |screen| screen.contains(&under_way));
        self.lose(loss);
        let since = Instant::now();
        if let Loss::Cut = loss {
            self.console.wait_for("the site does not answer");
        }
        loop {
            self.answers_keys();
            if since.elapsed() >= length {
                break;
            }
        }
        self.relay.mend();
    }

    /// The cursor moves at once, whatever the run waits for. A screen that waited for the line would wait for seconds.
    fn answers_keys(&mut self) {
        let pressed = Instant::now();
        for (key, line) in [("down", "Program"), ("up", "Package")] {
            self.console.press(key).wait_until(line, |screen| {
                let mut rows = screen.lines();
                rows.any(|row| row.starts_with('▌') && row.contains(line))
            });
        }
        let took = pressed.elapsed();
        assert!(took < Duration::from_secs(3), "the keys took {took:?}");
    }

    /// The run comes to its end. What was under way when the line was lost may be left to a person, who tries again.
    fn ends(&mut self, context: &str) {
        let is_over = |screen: &str| screen.contains("Done.") || screen.contains("Retry");
        self.console.wait_until("the end of the run", is_over);
        if !self.console.screen().contains("Done.") {
            eprintln!("{context}: left to a person");
            self.console.press("r").wait_for("Done.");
        }
        for (kind, filter) in [
            ("packages", "Field Probe"),
            ("programs", "package:Field"),
            ("collections", "Field Probe"),
            ("assignments", "Field Probe"),
            ("advertisements", "Field Probe"),
        ] {
            let made = self.site.rows(&["get", kind, "--filter", filter]);
            assert_eq!(made.len(), 1, "{context}: {kind}: {made:?}");
        }
        let members = self.site.rows(&["get", "members", "Field Probe - Pilot"]);
        assert_eq!(members.len(), 2, "{context}");
    }
}

fn survives(at: &str, loss: Loss, length: Duration) {
    let context = format!("{loss:?} at {at} for {} s", length.as_secs());
    let mut bench = Bench::new();
    bench.run(at, loss, length);
    bench.ends(&context);
}

#[test]
fn a_run_goes_on_when_the_line_is_there_again() {
    survives("Rules", Loss::Cut, Duration::ZERO);
}

const HALF_A_MINUTE: Duration = Duration::from_secs(30);
const EACH: [&str; 8] = [
    "Package",
    "Program",
    "Collection",
    "Rules",
    "Evaluation",
    "Content",
    "Wait",
    "Advertisement",
];

#[test]
#[ignore = "takes minutes"]
fn half_a_minute_without_the_line_is_survived_at_every_operation() {
    for at in EACH {
        survives(at, Loss::Cut, HALF_A_MINUTE);
    }
}

#[test]
#[ignore = "takes minutes"]
fn half_a_minute_without_a_word_is_survived_at_every_operation() {
    for at in EACH {
        survives(at, Loss::Mute, HALF_A_MINUTE);
    }
}
