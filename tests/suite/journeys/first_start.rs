//! The first start on a machine, and a quit.

use crate::support::home::Home;
use crate::support::terminal::Terminal;

#[test]
fn an_empty_home_greets_with_three_ways_on_and_a_quit_gives_the_shell_back() {
    let home = Home::empty();
    let mut console = Terminal::start(&home, (80, 24), &[]);
    console.wait_for("sample fleet");
    let screen = console.screen();
    assert!(screen.contains("wizard"), "{screen}");
    assert!(screen.contains("real site"), "{screen}");
    console.press("q");
    assert!(console.ended().success());
    console.assert_given_back();
    assert!(home.site().join("site.db").exists());
}

#[test]
fn a_file_that_is_not_as_it_should_be_is_named_and_the_rest_works() {
    let home = Home::with_sample(40);
    home.write("config/keymap.toml", "[browse]\nwizzard = [\"w\"]\n");
    let mut console = Terminal::start(&home, (120, 40), &[]);
    console.wait_for("7-Zip").wait_for("keymap.toml line 2");
    console.press("q");
    assert!(console.ended().success());
}
