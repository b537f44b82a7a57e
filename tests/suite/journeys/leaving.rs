//! Every other way a console ends: signals, a line that is cut, a fault of its own.

use nix::sys::signal::Signal;
use portable_pty::CommandBuilder;

use crate::support::home::Home;
use crate::support::terminal::Terminal;

/// A console in the wizard with a name typed and not yet taken.
fn typing(home: &Home) -> Terminal {
    let mut console = Terminal::start(home, (80, 24), &["wizard"]);
    console.wait_for("What should go out?").press("ctrl-n");
    console.wait_for("What is the software");
    console.type_text("Half a name").wait_for("Half a name");
    console
}

fn kept_draft(home: &Home) -> String {
    std::fs::read_to_string(home.folder().join("state/drafts/lab.toml")).unwrap()
}

#[test]
fn told_to_end_it_keeps_the_draft_and_gives_the_shell_back() {
    for signal in [Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT] {
        let home = Home::with_sample(40);
        let mut console = typing(&home);
        console.signal(signal);
        assert!(console.ended().success(), "{signal:?}");
        console.assert_given_back();
        assert!(kept_draft(&home).contains("Half a name"), "{signal:?}");
    }
}

#[test]
fn a_cut_line_ends_it_and_the_next_start_offers_the_draft() {
    let home = Home::with_sample(40);
    let console = typing(&home);
    assert!(console.hang_up().signal().is_none());
    assert!(kept_draft(&home).contains("Half a name"));
    let mut console = Terminal::start(&home, (80, 24), &[]);
    console.wait_for("unfinished distribution, Half a name");
    console.press("enter").wait_for("Half a name");
    console.wait_for("Distribute software");
    console.signal(Signal::SIGTERM);
    assert!(console.ended().success());
}

#[test]
fn a_fault_of_its_own_gives_the_shell_back_and_says_where_the_log_is() {
    let home = Home::empty();
    let this = std::env::current_exe().unwrap();
    let mut command: CommandBuilder = home.terminal_command(
        &this,
        &[
            "--exact",
            "journeys::leaving::falls_over",
            "--ignored",
            "--nocapture",
        ],
    );
    command.env("RUST_BACKTRACE", "0");
    let mut console = Terminal::run(command, (120, 40));
    console.wait_for_bytes(b"a fault on purpose");
    assert!(!console.ended().success());
    console.assert_given_back();
    let screen = console.screen();
    assert!(screen.contains("a fault on purpose"), "{screen}");
    assert!(screen.contains("state/log"), "{screen}");
}

/// Not a test: what the one above runs in a terminal of its own.
#[test]
#[ignore = "takes the terminal and falls over"]
fn falls_over() {
    use consign::tui::terminal::Display;

    let folder = std::env::var_os("CONSIGN_HOME").expect("run by a test in a home of its own");
    let home = consign::config::Home::under(std::path::Path::new(&folder));
    consign::cli::log::tell_of_panics(&home);
    let mut display = Display::take(true).unwrap();
    display
        .draw(|frame| frame.render_widget("a screen of the console", frame.area()))
        .unwrap();
    // One elsewhere is no reason to leave: the console goes on and shows what became of the request.
    std::thread::spawn(|| panic!("a fault elsewhere"))
        .join()
        .unwrap_err();
    display
        .draw(|frame| frame.render_widget("still the console", frame.area()))
        .unwrap();
    panic!("a fault on purpose");
}
