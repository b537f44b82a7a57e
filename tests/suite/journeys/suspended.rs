//! Back to the shell and into the console again, with other work done meanwhile.

use nix::sys::signal::Signal;

use crate::support::home::Home;
use crate::support::terminal::Terminal;

/// A plan that needs the background parts of the site: files are copied and a collection is evaluated.
fn distribution(home: &Home) -> String {
    home.write("probe/install.sh", "#!/bin/sh\n");
    let file = home.write(
        "probe.toml",
        r#"
        [package]
        name = "Probe"
        source = "./probe"
        [program]
        name = "Install"
        command = "install.sh"
        [collection]
        name = "Probe - Pilot"
        limit_to = "All Systems"
        devices = ["PC-0001"]
        [distribution_points]
        servers = ["dp01.lab.example"]
        [advertisement]
        purpose = "available"
        "#,
    );
    file.display().to_string()
}

/// Waits until the shell has asked so often: an older prompt shows again before the console lets go of the keys.
#[track_caller]
fn at_prompt(shell: &mut Terminal, times: usize) {
    shell.wait_until(&format!("prompt {times}"), |screen| {
        screen.matches("at the prompt>").count() == times
    });
}

#[test]
fn a_suspended_console_gives_the_terminal_back_and_lets_other_work_be_done() {
    let home = Home::with_sample(40);
    let file = distribution(&home);
    let mut shell = Terminal::shell(&home, (80, 24));
    shell.type_text(&format!("{}\r", Home::program().display()));
    shell.wait_for("7-Zip").wait_for("[1 Packages]");
    shell.press("ctrl-z");
    at_prompt(&mut shell, 2);
    shell.assert_screen_given_back();

    home.consign(&["apply", &file, "--yes"]);

    shell
        .type_text("fg\r")
        .wait_for("[1 Packages]")
        .wait_for("7-Zip");
    shell.press("r end").wait_for("Probe");
    // From outside, as a supervisor does it.
    let console = shell.foreground();
    nix::sys::signal::kill(console, Signal::SIGTSTP).unwrap();
    at_prompt(&mut shell, 3);
    shell
        .type_text("fg\r")
        .wait_for("[1 Packages]")
        .wait_for("Probe");
    shell.press("q");
    at_prompt(&mut shell, 4);
    shell.assert_screen_given_back();
    shell.type_text("exit\r");
    assert!(shell.ended().success());
}

#[test]
fn where_no_shell_is_above_a_suspend_says_so() {
    let home = Home::with_sample(40);
    let mut console = Terminal::start(&home, (80, 24), &[]);
    console.wait_for("7-Zip");
    console.press("ctrl-z").wait_for("no shell above");
    console.press("q");
    assert!(console.ended().success());
}
