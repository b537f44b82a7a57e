//! A home of its own for the program: settings, sites and state in one temporary folder.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use portable_pty::CommandBuilder;
use serde_json::Value;
use tempfile::TempDir;

/// A home. Gone when dropped.
pub struct Home {
    folder: TempDir,
}

impl Home {
    /// Nothing in it yet.
    pub fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// With an embedded site `lab` that has a sample fleet.
    pub fn with_sample(devices: u32) -> Self {
        let home = Self::empty();
        home.consign(&["site", "init", "lab", "--sample", &devices.to_string()]);
        home
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of the embedded site.
    pub fn site(&self) -> PathBuf {
        self.folder().join("data/sites/lab")
    }

    /// A file written at home.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The built program.
    pub fn program() -> &'static Path {
        Path::new(env!("CARGO_BIN_EXE_consign"))
    }

    /// A command for a terminal, in surroundings that hang on nothing of this machine.
    pub fn terminal_command(&self, program: &Path, arguments: &[&str]) -> CommandBuilder {
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.cwd(self.folder());
        command.env_clear();
        for (name, value) in self.variables() {
            command.env(name, value);
        }
        command
    }

    /// The program with its output caught.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(Self::program());
        command.args(arguments).current_dir(self.folder());
        command.env_clear().envs(self.variables());
        command
    }

    /// Runs the program to its end, which must be a good one.
    #[track_caller]
    pub fn consign(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().unwrap();
        assert!(
            output.status.success(),
            "consign {arguments:?}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        output
    }

    /// What the program prints as JSON.
    #[track_caller]
    pub fn rows(&self, arguments: &[&str]) -> Vec<Value> {
        let arguments = [arguments, &["-o", "json"]].concat();
        let output = self.consign(&arguments);
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        let folder = self.folder().display().to_string();
        let path = std::env::var("PATH").unwrap_or_default();
        vec![
            ("PATH", path),
            ("HOME", folder.clone()),
            ("CONSIGN_HOME", folder.clone()),
            ("TMPDIR", folder),
            ("TERM", "xterm-256color".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("USER", "anna".to_owned()),
            ("TZ", "UTC".to_owned()),
        ]
    }
}
