//! The real program, run as a person's shell runs it: a home and a working folder of its own, no terminal.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use tempfile::TempDir;

/// Nothing here takes longer, unless it hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// A home and a working folder.
pub struct Shell {
    folder: TempDir,
}

/// What a command came to.
#[derive(Debug)]
pub struct Outcome {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Shell {
    /// A home without any site.
    pub fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("work")).unwrap();
        Self { folder }
    }

    /// A home with the embedded site `lab` and nothing on it but what every site has.
    pub fn with_site() -> Self {
        let shell = Self::bare();
        shell.run(&["site", "init", "lab"]).ends(0);
        shell
    }

    /// A home with the embedded site `lab` and a small fleet on it.
    pub fn with_fleet() -> Self {
        let shell = Self::bare();
        let line = ["site", "init", "lab", "--sample", "60", "--seed", "1"];
        shell.run(&line).ends(0);
        shell
    }

    /// `CONSIGN_HOME`.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The folder commands run in.
    pub fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// The folder of an embedded site.
    pub fn site(&self, name: &str) -> PathBuf {
        self.home().join("data/sites").join(name)
    }

    /// Puts a file into the working folder, or anywhere below the home by its whole path.
    pub fn write(&self, path: impl AsRef<Path>, content: &str) -> PathBuf {
        let path = self.work().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Puts a settings file in place.
    pub fn settings(&self, text: &str) {
        self.write(self.home().join("config/settings.toml"), text);
    }

    /// Everything that was logged so far.
    pub fn log(&self) -> String {
        let folder = self.home().join("state/log");
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
        files
            .map(|file| std::fs::read_to_string(file.path()).unwrap())
            .collect()
    }

    /// The program with these arguments.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_consign"));
        command
            .args(arguments)
            .current_dir(self.work())
            .env("CONSIGN_HOME", self.home())
            .env("USER", "anna")
            .env("NO_COLOR", "1")
            .env("TZ", "UTC")
            .env_remove("CONSIGN_LOG");
        command
    }

    /// Runs it to its end without any input.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        outcome(self.command(arguments), "")
    }

    /// Runs it to its end with this input.
    pub fn answering(&self, arguments: &[&str], input: &str) -> Outcome {
        outcome(self.command(arguments), input)
    }

    /// What `get KIND -o json` lists.
    pub fn list(&self, arguments: &[&str]) -> Vec<Value> {
        let line: Vec<&str> = ["get"]
            .iter()
            .chain(arguments)
            .chain(&["-o", "json"])
            .copied()
            .collect();
        let outcome = self.run(&line).ends(0);
        serde_json::from_str(&outcome.out).unwrap()
    }

    /// Starts it and leaves it running.
    pub fn start(&self, arguments: &[&str]) -> Running {
        Running::of(self.command(arguments))
    }
}

/// Runs a command to its end.
pub fn outcome(command: Command, input: &str) -> Outcome {
    let output = assert_cmd::Command::from_std(command)
        .write_stdin(input)
        .timeout(PATIENCE)
        .output()
        .unwrap();
    Outcome {
        code: code(output.status),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A signal that ended a process is told as shells tell it.
fn code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap_or_default())
}

impl Outcome {
    /// It ended with this code.
    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n{}\n{}", self.out, self.err);
        self
    }

    /// Its words hold each of these.
    #[track_caller]
    pub fn says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.err.contains(text), "{text:?} is not in\n{}", self.err);
        }
        self
    }

    /// Its words do not hold this.
    #[track_caller]
    pub fn never_says(self, text: &str) -> Self {
        assert!(!self.err.contains(text), "{text:?} is in\n{}", self.err);
        assert!(!self.out.contains(text), "{text:?} is in\n{}", self.out);
        self
    }

    /// It wrote no data.
    #[track_caller]
    pub fn without_data(self) -> Self {
        assert_eq!(self.out, "", "\n{}", self.err);
        self
    }

    /// Ids at the beginning of each line of its data.
    pub fn ids(&self) -> Vec<&str> {
        let lines = self.out.lines();
        lines.filter_map(|line| line.split("  ").next()).collect()
    }
}

/// A command that is still running. Killed when it is dropped.
pub struct Running {
    child: Child,
    /// Open, so that its input does not end.
    _typing: ChildStdin,
    words: Receiver<String>,
    heard: String,
}

impl Running {
    pub fn of(command: Command) -> Self {
        Self::talking(command, "")
    }

    /// It was told this much, and is listened to for more.
    pub fn talking(mut command: Command, input: &str) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut typing = child.stdin.take().unwrap();
        typing.write_all(input.as_bytes()).unwrap();
        let (tell, words) = channel();
        let err = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in err.lines() {
                // The test may have heard enough.
                if tell.send(line.unwrap_or_default()).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            _typing: typing,
            words,
            heard: String::new(),
        }
    }

    /// Waits until it says this.
    #[track_caller]
    pub fn until_it_says(&mut self, text: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.heard.contains(text) {
            let left = end.saturating_duration_since(Instant::now());
            match self.words.recv_timeout(left) {
                Ok(line) => {
                    self.heard.push_str(&line);
                    self.heard.push('\n');
                }
                Err(RecvTimeoutError::Timeout) => panic!("no {text:?} in time:\n{}", self.heard),
                Err(RecvTimeoutError::Disconnected) => panic!("never {text:?}:\n{}", self.heard),
            }
        }
    }

    /// So many lines of its data.
    pub fn lines(&mut self, count: usize) -> String {
        let mut out = BufReader::new(self.child.stdout.as_mut().unwrap());
        let mut lines = String::new();
        for _ in 0..count {
            out.read_line(&mut lines).unwrap();
        }
        lines
    }

    /// Nobody reads its data any more.
    pub fn stop_reading(&mut self) {
        drop(self.child.stdout.take());
    }

    pub fn signal(&self, signal: Signal) {
        kill(
            Pid::from_raw(i32::try_from(self.child.id()).unwrap()),
            signal,
        )
        .unwrap();
    }

    /// Waits for its end.
    #[track_caller]
    pub fn end(mut self) -> Outcome {
        let end = Instant::now() + PATIENCE;
        let data = self.child.stdout.take().map(|mut pipe| {
            std::thread::spawn(move || {
                let mut out = String::new();
                pipe.read_to_string(&mut out).unwrap();
                out
            })
        });
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.words.recv_timeout(left) {
                Ok(line) => {
                    self.heard.push_str(&line);
                    self.heard.push('\n');
                }
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end:\n{}", self.heard),
            }
        }
        let out = data.map(|reading| reading.join().unwrap());
        Outcome {
            code: code(self.child.wait().unwrap()),
            out: out.unwrap_or_default(),
            err: std::mem::take(&mut self.heard),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already where the test waited for it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
