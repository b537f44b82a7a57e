//! Signals as events: hang-up and termination leave cleanly, a stop gives the terminal back first.

use std::io;

use rustix::process::{getpid, getppid, getsid, kill_current_process_group, kill_process};
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
        let raw = |signal: rustix::process::Signal| SignalKind::from_raw(signal.as_raw());
        Ok(Self {
            hang_up: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            quit: signal(SignalKind::quit())?,
            stop: signal(raw(rustix::process::Signal::TSTP))?,
            go_on: signal(raw(rustix::process::Signal::CONT))?,
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
        kill_current_process_group(rustix::process::Signal::STOP)?;
    } else {
        kill_process(getpid(), rustix::process::Signal::STOP)?;
    }
    // The stop may take hold a moment after the call; the terminal must not be taken again before it is over.
    while signals.next().await != Signal::Continue {}
    Ok(true)
}

/// Whether a shell with job control is above us: our parent lives in our session.
fn has_shell_above() -> bool {
    let ours = getsid(None).ok();
    let parents = getppid().and_then(|parent| getsid(Some(parent)).ok());
    ours.is_some() && ours == parents
}
