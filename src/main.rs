//! Arguments, log and runtime.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use consign::cli::{self, Arguments, Exit, Surroundings};

/// What is still running after the last command gets this long: nothing that was acknowledged hangs on it.
const LAST_WAIT: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match started(arguments) {
        Ok(exit) => exit.into(),
        Err(error) => {
            eprintln!("consign: {error:#}");
            Exit::Failed.into()
        }
    }
}

fn started(arguments: Arguments) -> anyhow::Result<Exit> {
    let surroundings = Surroundings::find()?;
    let _log = cli::log::start(&surroundings.home, arguments.log_requests);
    cli::log::tell_of_panics(&surroundings.home);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let exit = runtime.block_on(cli::run(arguments, surroundings));
    runtime.shutdown_timeout(LAST_WAIT);
    Ok(exit)
}
