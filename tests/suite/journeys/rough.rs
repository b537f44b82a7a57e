//! Rough handling: windows of any size, floods of text, keys in every form.

use crate::support::home::Home;
use crate::support::terminal::Terminal;

#[test]
fn a_storm_of_sizes_leaves_a_whole_screen() {
    let home = Home::with_sample(40);
    let mut console = Terminal::start(&home, (80, 24), &[]);
    console.wait_for("7-Zip");
    for round in 0u16..400 {
        console.resize(1 + round * 37 % 200, 1 + round * 23 % 60);
    }
    console.resize(20, 5);
    console.wait_for("60x16");
    console.resize(80, 24);
    console
        .wait_gone("60x16")
        .wait_for("7-Zip")
        .wait_for("quit");
    console.press("6").wait_for("PC-0001");
    console.resize(1, 1);
    console.resize(160, 50);
    console.wait_for("PC-0020").wait_for("[6 Devices]");
    console.press("q");
    assert!(console.ended().success());
    console.assert_given_back();
}

#[test]
fn ten_thousand_pasted_lines_in_a_one_line_field_stay_text() {
    let home = Home::with_sample(40);
    let before = home.rows(&["get", "packages"]).len();
    let mut console = Terminal::start(&home, (80, 24), &["wizard"]);
    console.wait_for("What should go out?").press("ctrl-n");
    console.wait_for("What is the software");
    console.paste(&"rm -rf /\r\nq\r\n".repeat(5_000));
    console.wait_for("line breaks became spaces");
    console.wait_for("What is the software").press("ctrl-u");
    console
        .wait_gone("rm -rf")
        .type_text("Probe")
        .wait_for("Probe");
    console
        .press("esc")
        .wait_for("Leave the wizard?")
        .press("enter");
    console.wait_for("[1 Packages]").press("/");
    console.paste(&"zip\n".repeat(5_000));
    console.wait_for("zip zip").press("esc").wait_for("Acrobat");
    console.press("q");
    assert!(console.ended().success());
    assert_eq!(home.rows(&["get", "packages"]).len(), before);
}

#[test]
fn a_lone_esc_an_alt_key_and_a_release_are_told_apart() {
    let home = Home::with_sample(40);
    let mut console = Terminal::start(&home, (80, 24), &[]);
    console.wait_for("7-Zip");
    // Alt-q is not q, and nothing is bound to it; nor does an Esc and a q come of it.
    console.press("alt-q");
    // A kitty keyboard reports releases of q, and of Ctrl-C, as the third kind of event.
    console.send(b"\x1b[113;1:3u\x1b[99;5:3u");
    console.press("5").wait_for("[5 Advertisements]");
    console.press("/").type_text("pilot").wait_for("/ pilot");
    console.press("esc").wait_gone("/ pilot");
    // The same key pressed, in kitty's form.
    console.send(b"\x1b[113;1:1u");
    assert!(console.ended().success());
    console.assert_given_back();
}
