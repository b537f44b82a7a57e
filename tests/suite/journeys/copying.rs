//! Copying through the terminal (OSC 52), which works over ssh.

use base64::prelude::{BASE64_STANDARD, Engine};

use crate::support::home::Home;
use crate::support::terminal::Terminal;

/// The bytes around what was copied.
fn sequence(text: &str) -> String {
    format!("\x1b]52;c;{}\x07", BASE64_STANDARD.encode(text))
}

#[test]
fn a_row_and_a_value_go_to_the_clipboard_and_through_tmux_wrapped() {
    let home = Home::with_sample(40);
    let mut console = Terminal::start(&home, (80, 24), &[]);
    console
        .wait_for("7-Zip")
        .press("/")
        .type_text("zoom")
        .wait_for("Zoom");
    console.press("enter c").wait_for("copied");
    console.wait_for_bytes(b"\x1b]52;c;Wm9vb");
    console.press("w").wait_for("Which command");
    console.press("ctrl-p").wait_for("Zoom").press("ctrl-p");
    console.wait_for("What should go out?");

    let mut command = home.terminal_command(Home::program(), &["wizard"]);
    command.env("TMUX", "/tmp/tmux-0/default,1,0");
    let mut console = Terminal::run(command, (80, 24));
    console.wait_for("What should go out?").press("ctrl-n");
    console.wait_for("What is the software");
    console
        .type_text("Line Tool")
        .wait_for("Line Tool")
        .press("ctrl-y");
    let wrapped = sequence("Line Tool").replace('\x1b', "\x1b\x1b");
    console.wait_for_bytes(format!("\x1bPtmux;{wrapped}\x1b\\").as_bytes());
}
