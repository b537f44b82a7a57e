//! The log: a file a day in the state folder, for its owner alone; never the terminal.

use std::backtrace::Backtrace;
use std::fs::{self, File};
use std::io;
use std::panic;
use std::path::{Path, PathBuf};

use jiff::Zoned;
use tracing::Metadata;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, fmt};

use super::out;
use crate::config::{Home, private};
use crate::tui::terminal;

/// Says what is logged, in the words of `tracing`: `consign=debug`.
pub const LOG_VARIABLE: &str = "CONSIGN_LOG";

/// Crates that would log what they know: keys and tokens.
const SILENT: [&str; 2] = ["sspi", "picky"];

/// Days of log that are kept.
const KEPT: usize = 14;

/// Begins to log; what is logged is written until the guard is dropped. A log that cannot be written is no reason not
/// to work.
///
/// `requests`: each request to a site is logged too, whatever else is.
pub fn start(home: &Home, requests: bool) -> Option<WorkerGuard> {
    let file = open(&home.log_dir(), &Zoned::now()).ok()?;
    let (writer, guard) = tracing_appender::non_blocking(file);
    let filter = EnvFilter::try_from_env(LOG_VARIABLE)
        .unwrap_or_else(|_| EnvFilter::new("warn,consign=info"));
    let filter = match "requests=info".parse() {
        Ok(directive) if requests => filter.add_directive(directive),
        _ => filter,
    };
    // Whatever is asked for: a directive could be overruled by a more specific one.
    let is_logged = |about: &Metadata<'_>| !SILENT.iter().any(|of| about.target().starts_with(of));
    let lines = fmt::layer().with_writer(writer).with_ansi(false);
    tracing_subscriber::registry()
        .with(lines.with_filter(filter).with_filter(filter_fn(is_logged)))
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

/// The file of the day the program starts on. Older ones go, but for the last few.
fn open(folder: &Path, now: &Zoned) -> io::Result<File> {
    private::create_folder(folder)?;
    let path = folder.join(now.strftime("consign.%Y-%m-%d.log").to_string());
    let file = private::options().create(true).append(true).open(path)?;
    let mut kept = logs(folder)?;
    kept.sort();
    let surplus = kept.len().saturating_sub(KEPT);
    for old in kept.iter().take(surplus) {
        // Another consign may have removed it first.
        let _ = fs::remove_file(old);
    }
    Ok(file)
}

/// The logs in the folder; their names sort by day.
fn logs(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let paths = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let paths: Vec<PathBuf> = paths.collect::<io::Result<_>>()?;
    let is_log = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        let is_ours = name.is_some_and(|name| name.starts_with("consign."));
        is_ours && path.extension().is_some_and(|kind| kind == "log")
    };
    Ok(paths.into_iter().filter(is_log).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_for_its_owner_alone_and_old_ones_go() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("log");
        for day in 1..=20 {
            let now = format!("2026-11-{day:02}T12:00:00[UTC]").parse().unwrap();
            open(&folder, &now).unwrap();
        }
        fs::write(folder.join("notes.txt"), "mine").unwrap();
        open(&folder, &"2026-11-20T13:00:00[UTC]".parse().unwrap()).unwrap();
        let mut left = logs(&folder).unwrap();
        left.sort();
        assert_eq!(left.len(), KEPT);
        assert!(left[0].ends_with("consign.2026-11-07.log"), "{left:?}");
        assert!(!private::is_open_to_others(&left[0]).unwrap());
        assert!(folder.join("notes.txt").exists());
    }
}
