//! The editor outside.

use portable_pty::CommandBuilder;

use crate::support::home::Home;
use crate::support::terminal::Terminal;

/// A wizard on the command line of a new program, with an editor.
fn at_command_line(home: &Home, editor: &str) -> Terminal {
    let mut command: CommandBuilder = home.terminal_command(Home::program(), &["wizard"]);
    command.env("EDITOR", editor);
    command.env("PASSWORD_OF_PROD", "hush");
    let mut console = Terminal::run(command, (80, 24));
    console.wait_for("What should go out?").press("ctrl-n");
    console
        .wait_for("What is the software")
        .type_text("Probe")
        .press("ctrl-n");
    // The source folder is missing; a second time goes on all the same.
    console.wait_for("Where are the files?").press("ctrl-n");
    console.wait_for("Which command, and how does it run?");
    console.type_text("setup.exe").wait_for("setup.exe");
    console
}

#[test]
fn what_the_editor_leaves_comes_back_into_the_field_and_it_saw_no_secret() {
    let home = Home::with_sample(40);
    let script = home.write(
        "editor.sh",
        "printf '%s /quiet %s\\n' \"$(cat \"$2\")\" \"${PASSWORD_OF_PROD-alone}\" > \"$2\"\n",
    );
    home.write(
        "config/settings.toml",
        "[site.prod]\nurl = 'https://prod.example'\npassword_env = 'PASSWORD_OF_PROD'\n",
    );
    let editor = format!("sh {} --wait", script.display());
    let mut console = at_command_line(&home, &editor);
    console.press("ctrl-e").wait_for("setup.exe /quiet alone");
    // The keys are the console's again.
    console
        .type_text(" /norestart")
        .wait_for("setup.exe /quiet alone /norestart");
    console.press("ctrl-u").wait_gone("setup.exe");
}

#[test]
fn an_editor_that_fails_or_is_not_there_loses_nothing_and_says_so() {
    for (editor, words) in [
        ("false", "nothing was changed"),
        ("no-such-editor", "no-such-editor"),
    ] {
        let home = Home::with_sample(40);
        let mut console = at_command_line(&home, editor);
        console
            .press("ctrl-e")
            .wait_for(words)
            .wait_for("setup.exe");
        console.type_text(" /s").wait_for("setup.exe /s");
    }
}
