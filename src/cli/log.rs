//! The log: a file in the state folder, never the terminal.

use std::backtrace::Backtrace;
use std::panic;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{Builder, Rotation};
use tracing_subscriber::EnvFilter;

use super::out;
use crate::config::{Home, private};
use crate::tui::terminal;

/// Says what is logged, in the words of `tracing`: `consign=debug`.
pub const LOG_VARIABLE: &str = "CONSIGN_LOG";

/// Days of log that are kept.
const KEPT: usize = 14;

/// Begins to log; what is logged is written until the guard is dropped. A log that cannot be written is no reason not
/// to work.
pub fn start(home: &Home) -> Option<WorkerGuard> {
    let folder = home.log_dir();
    private::create_folder(&folder).ok()?;
    let file = Builder::new()
        .rotation(Rotation::DAILY)
        .filename_prefix("consign")
        .filename_suffix("log")
        .max_log_files(KEPT)
        .build(&folder)
        .ok()?;
    let (writer, guard) = tracing_appender::non_blocking(file);
    let filter = EnvFilter::try_from_env(LOG_VARIABLE)
        .unwrap_or_else(|_| EnvFilter::new("warn,consign=info"));
    tracing_subscriber::fmt()
        .with_writer(writer)
        .with_ansi(false)
        .with_env_filter(filter)
        .try_init()
        .ok()?;
    Some(guard)
}

/// A panic is in the log as well, and told where no console stands on the screen.
pub fn tell_of_panics(home: &Home) {
    let folder = home.log_dir();
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let trace = Backtrace::force_capture();
        tracing::error!(%panic, %trace, "a fault of consign");
        if terminal::make_way_for_panic() {
            print(panic);
            let folder = folder.display();
            out::say(format_args!(
                "consign: this is a fault of consign itself; the log in {folder} has the details"
            ));
        }
    }));
}
