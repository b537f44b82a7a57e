//! Files that are damaged, folders that are not ours, disks that are full: told with the way out, and the rest works.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use super::files::{OFFER, made};
use crate::support::shell::{Outcome, Shell, outcome};

#[test]
fn a_damaged_settings_file_is_told_by_line_and_the_rest_of_it_holds() {
    let shell = Shell::with_site();
    shell.run(&["site", "init", "other"]).ends(0);
    shell.settings("default_site = \"other\"\n[site.x]\nurll = \"https://a.example\"\n[limits\n");
    let listed = shell.run(&["site", "list"]).ends(0);
    assert!(listed.out.contains("* other"), "{}", listed.out);
    listed.says(&[
        "settings.toml:3: unknown key `urll` in [site.x]; did you mean `url`?",
        "settings.toml:4: unclosed table",
    ]);
    std::fs::write(shell.home().join("config/settings.toml"), [0xff, 0xfe]).unwrap();
    shell
        .run(&["get", "dp"])
        .ends(0)
        .says(&["is not UTF-8 text"]);
}

#[test]
fn a_folder_that_is_no_site_of_ours_is_left_alone() {
    let shell = Shell::bare();
    let stranger = shell.write(shell.site("other").join("notes.txt"), "mine");
    let asked = shell.run(&["--site", "other", "get", "pkg"]).ends(1);
    asked.says(&["there is no site in"]).without_data();
    let made = shell.run(&["site", "init", "other"]).ends(1);
    made.says(&["is not a site of consign", "notes.txt"]);
    assert_eq!(std::fs::read_to_string(stranger).unwrap(), "mine");
    shell.write(shell.site("junk").join("site.db"), "no database at all");
    let junk = shell.run(&["--site", "junk", "get", "pkg"]).ends(1);
    junk.says(&["no SQLite database"]).without_data();
}

#[test]
fn a_site_of_a_newer_consign_is_not_touched() {
    let shell = Shell::with_site();
    let database = shell.site("lab").join("site.db");
    let newer = rusqlite::Connection::open(&database).unwrap();
    newer.pragma_update(None, "user_version", 999).unwrap();
    drop(newer);
    let asked = shell.run(&["get", "pkg"]).ends(1).without_data();
    asked.says(&["newer consign", "version 999", "nothing was changed"]);
}

#[test]
fn a_truncated_database_is_told_as_damaged() {
    let shell = Shell::with_fleet();
    let file = std::fs::OpenOptions::new()
        .write(true)
        .open(shell.site("lab").join("site.db"))
        .unwrap();
    file.set_len(5_000).unwrap();
    let asked = shell.run(&["get", "pkg"]).ends(1).without_data();
    asked.says(&["site.db is damaged", "restore the folder from a copy"]);
}

#[test]
fn a_home_that_cannot_be_written_is_told() {
    let shell = Shell::bare();
    std::fs::write(shell.home(), "a file where the home should be").unwrap();
    let asked = shell.run(&["get", "pkg"]).ends(1).without_data();
    asked.says(&["cannot make", "Not a directory"]);
    let init = shell.run(&["site", "init", "lab"]).ends(1);
    init.says(&["Not a directory"]);
}

#[test]
fn a_home_on_a_foreign_disk_that_is_only_read_is_told() {
    let shell = Shell::bare();
    let mut asked = shell.command(&["get", "pkg"]);
    asked.env("CONSIGN_HOME", "/proc/consign");
    let told = outcome(asked, "").ends(1).without_data();
    told.says(&["cannot make /proc/consign"]);
}

#[test]
fn the_log_is_for_its_owner_alone() {
    let shell = Shell::with_site();
    shell.run(&["show", "pkg", "NOPE"]).ends(1);
    let folder = shell.home().join("state/log");
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for file in std::fs::read_dir(folder).unwrap() {
        assert_eq!(mode(&file.unwrap().path()), 0o600);
    }
    assert!(shell.log().contains("no package called NOPE"));
}

#[test]
fn a_damaged_journal_is_told_and_the_other_runs_are_still_offered() {
    let shell = Shell::with_site();
    let journal = shell.home().join("state/journal");
    shell.write(
        journal.join("0123456789abcdef0123456789abcdef.jsonl"),
        "no json\n{}\n",
    );
    let told = shell.run(&["resume"]).ends(0).without_data();
    told.says(&["0123456789abcdef0123456789abcdef.jsonl"]);
}

/// Runs it where no file may grow beyond so many bytes: writing more fails, as it does on a full disk.
fn with_little_room(shell: &Shell, arguments: &[&str], bytes: u64) -> Outcome {
    // A signal comes with the limit; ignored here, it stays ignored in what the shell becomes.
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$@\"", bytes / 512);
    let inner = shell.command(arguments);
    let mut command = Command::new("sh");
    command
        .args(["-c", &script, "sh"])
        .arg(inner.get_program())
        .args(inner.get_args());
    command.current_dir(shell.work());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    outcome(command, "")
}

#[test]
fn a_file_there_is_no_room_for_fails_with_the_reason_and_advertises_nothing() {
    let shell = Shell::with_fleet();
    shell.write("line-tool/install.sh", &"echo\n".repeat(3_000_000));
    shell.write("big.toml", OFFER);
    let line = ["apply", "big.toml", "--yes"];
    let failed = with_little_room(&shell, &line, 12_000_000).ends(5);
    failed.says(&[
        "dp01.lab.example failed",
        "no device is affected",
        "consign resume",
    ]);
    assert_eq!(made(&shell), (1, 0));
    shell.run(&["resume", "--continue"]).ends(0);
    assert_eq!(made(&shell), (1, 1));
}
