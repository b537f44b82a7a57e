//! Signals as events: hang-up and termination leave cleanly, a stop gives the terminal back first.

use std::io;

use nix::sys::signal::{Signal as Unix, kill, killpg};
use nix::unistd::{Pid, getpgrp, getppid, getsid};
use tokio::signal::unix::{SignalKind, signal};

/// What the system or the shell wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGHUP, SIGTERM, SIGQUIT: leave, and leave the shell intact.
    Leave,
    /// SIGTSTP from outside; in raw mode Ctrl-Z is a key and no signal.
    Stop,
    /// SIGCONT: back in the foreground.
    Continue,
}

/// The signals the console listens to.
pub struct Signals {
    hang_up: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    quit: tokio::signal::unix::Signal,
    stop: tokio::signal::unix::Signal,
    go_on: tokio::signal::unix::Signal,
}

impl Signals {
    pub fn listen() -> io::Result<Self> {
        let raw = |signal: Unix| SignalKind::from_raw(signal as i32);
        Ok(Self {
            hang_up: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            quit: signal(SignalKind::quit())?,
            stop: signal(raw(Unix::SIGTSTP))?,
            go_on: signal(raw(Unix::SIGCONT))?,
        })
    }

    /// The next signal. Cancelling the wait loses none.
    pub async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.hang_up.recv() => Signal::Leave,
            _ = self.terminate.recv() => Signal::Leave,
            _ = self.quit.recv() => Signal::Leave,
            _ = self.stop.recv() => Signal::Stop,
            _ = self.go_on.recv() => Signal::Continue,
        }
    }
}

/// Stops the process until the shell continues it. `whole_group` stops what stands between us and the shell too
/// (`cargo run`), as Ctrl-Z does.
///
/// Answers false, and stops nothing, where no shell is above that could ever continue us.
pub async fn stop_until_continued(signals: &mut Signals, whole_group: bool) -> io::Result<bool> {
    if !has_shell_above() {
        return Ok(false);
    }
    // SIGTSTP is ours to hear, so that its default action is gone: SIGSTOP does what it would have done.
    if whole_group {
        killpg(getpgrp(), Unix::SIGSTOP)?;
    } else {
        kill(Pid::this(), Unix::SIGSTOP)?;
    }
    // The stop may take hold a moment after the call; the terminal must not be taken again before it is over.
    while signals.next().await != Signal::Continue {}
    Ok(true)
}

/// Whether a shell with job control is above us: our parent lives in our session.
///
/// A parent outside our PID namespace is process 0, which `getsid` takes for ourselves; there we cannot see who is above,
/// and what starts a program in a container (`docker exec`) is no shell.
fn has_shell_above() -> bool {
    let parent = getppid();
    parent.as_raw() != 0 && getsid(None) == getsid(Some(parent))
}
