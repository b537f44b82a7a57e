//! Distribution files and folders to distribute, as a person would write them.

use std::path::PathBuf;

use crate::support::shell::Shell;

/// A distribution of a new package with files, offered to a collection of the fleet.
pub const OFFER: &str = r#"
[package]
name = "Line Tool X"
version = "9.1"
manufacturer = "Example Works"
source = "./line-tool"
[program]
name = "Install"
command = "install.sh --quiet"
run_when = "any"
rights = "administrative"
max_minutes = 60
[collection]
use = "Training room"
[distribution_points]
servers = ["dp01.lab.example"]
[advertisement]
purpose = "available"
"#;

/// The same, installed by itself on a collection with servers in it: that has to be confirmed and typed.
pub fn required() -> String {
    let offer = OFFER.replace("\"Training room\"", "\"Pilot PCs\"");
    offer.replace(
        "\"available\"",
        "\"required\"\ndeadline = \"2031-11-30T20:00\"",
    )
}

/// The folder the files of these distributions come from.
pub fn sources(shell: &Shell) {
    shell.write("line-tool/install.sh", "#!/bin/sh\necho installed\n");
    shell.write("line-tool/bin/tool", &"tool ".repeat(10_000));
}

/// Puts the offer and its files into the working folder.
pub fn offer(shell: &Shell) -> PathBuf {
    sources(shell);
    shell.write("offer.toml", OFFER)
}

/// Puts the offer there for the second distribution point, to which nothing can be written.
pub fn blocked_offer(shell: &Shell) {
    sources(shell);
    block(shell);
    shell.write("blocked.toml", &OFFER.replace("dp01", "dp02"));
}

fn place(shell: &Shell) -> PathBuf {
    shell.site("lab").join("points/dp02.lab.example")
}

/// A file stands where the folder of the second distribution point should be.
pub fn block(shell: &Shell) {
    std::fs::create_dir_all(place(shell).parent().unwrap()).unwrap();
    std::fs::write(place(shell), "in the way").unwrap();
}

/// The second distribution point takes files again.
pub fn unblock(shell: &Shell) {
    std::fs::remove_file(place(shell)).unwrap();
}

/// How many packages and advertisements of the offer there are.
pub fn made(shell: &Shell) -> (usize, usize) {
    let named = |kind: &str, property: &str| {
        let rows = shell.list(&[kind, "--filter", "\"Line Tool X\""]);
        let ours = rows.iter().filter(|row| {
            let name = row[property].as_str().unwrap_or_default();
            name.starts_with("Line Tool X") && row["ActionInProgress"] != 3
        });
        ours.count()
    };
    (
        named("packages", "Name"),
        named("advertisements", "AdvertisementName"),
    )
}
