//! Nothing happens: nothing is sent. Something happens: one write.

use std::time::Duration;

use crate::support::home::Home;
use crate::support::terminal::Terminal;

/// Rows on their way to another state are looked at again every two seconds.
const LONGER_THAN_A_LOOK: Duration = Duration::from_millis(2_500);

const WHILE: Duration = Duration::from_secs(5);

#[test]
fn an_idle_console_sends_no_byte() {
    let home = Home::with_sample(60);
    let mut console = Terminal::start(&home, (80, 24), &[]);
    console.wait_for("7-Zip").wait_for("read ");
    for pane in ["2", "3", "4", "1", "6"] {
        console
            .press(pane)
            .wait_for(&format!("[{pane} "))
            .wait_for("read ");
    }
    console.wait_for("LT-0001");
    // What was asked for in the first moments has come by then; after that it is silent.
    while console.bytes_within(LONGER_THAN_A_LOOK) > 0 {}
    assert_eq!(console.bytes_within(WHILE), 0, "{}", console.screen());
}

#[test]
fn every_frame_is_between_begin_and_end_of_a_synchronised_update() {
    let home = Home::with_sample(60);
    let mut console = Terminal::start(&home, (80, 24), &[]);
    console.wait_for("7-Zip");
    console.press("5").wait_for("Purpose").press("q");
    assert!(console.ended().success());
    let bytes = String::from_utf8(console.bytes()).unwrap();
    let mut frames = bytes.split("\x1b[?2026h");
    // Before the first frame the screen is taken; no cell is drawn outside of one.
    assert!(!frames.next().unwrap().contains("Packages"));
    for frame in frames {
        let (_, behind) = frame.split_once("\x1b[?2026l").expect("every frame ends");
        assert!(!behind.contains("\x1b[38"), "{behind:?}");
    }
}
