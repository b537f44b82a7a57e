//! What is printed from the program must not go stale: the README's keys and exit codes.

use consign::cli::Exit;
use consign::tui::keymap::{Keymap, readme_table};
use strum::IntoEnumIterator;

const README: &str = include_str!("../../README.md");

#[test]
fn the_readme_lists_the_keys_of_the_keymap() {
    let keys = readme_table(&Keymap::default());
    assert!(
        README.trim_end().ends_with(keys.trim_end()),
        "the README's last part should be:\n{keys}"
    );
}

#[test]
fn the_readme_lists_every_exit_code() {
    for exit in Exit::iter() {
        let row = format!("| {} | {} |", exit as u8, exit.meaning());
        assert!(README.contains(&row), "{row}");
    }
}
