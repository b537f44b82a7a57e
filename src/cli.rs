//! The command line: one file a subcommand; the composition root that joins a transport to a provider.
//!
//! Data goes to standard output and words to standard error, so that a pipe carries nothing but data. What the shell is
//! told at the end is an [`Exit`].

mod apply;
pub mod arguments;
mod carry;
mod completions;
pub mod compose;
mod console;
pub mod exit;
pub mod failure;
mod get;
mod linear;
pub mod log;
mod named;
mod out;
mod plan;
mod prompt;
mod resume;
mod review;
mod secrets;
mod serve;
mod show;
mod sign_in;
mod signals;
mod site;
mod surroundings;
mod table;

pub use arguments::Arguments;
pub use exit::Exit;
pub use surroundings::Surroundings;

use arguments::Command;
use failure::Failure;

/// Carries out a command, and tells the person when it failed.
pub async fn run(arguments: Arguments, mut surroundings: Surroundings) -> Exit {
    surroundings.write = arguments.write;
    for fault in &surroundings.faults {
        out::say(format_args!("consign: {fault}"));
    }
    match carry_out(arguments, &surroundings).await {
        Ok(exit) => exit,
        Err(failure) => {
            if !failure.is_silent() {
                tracing::info!(exit = ?failure.exit, what = failure.what, "failed");
                out::say(&failure);
            }
            failure.exit
        }
    }
}

async fn carry_out(arguments: Arguments, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let site = arguments.site.as_deref();
    match arguments.command {
        None => Box::pin(console::run(site, surroundings, false)).await,
        Some(Command::Demo(command)) => Box::pin(console::demo(command, surroundings)).await,
        Some(Command::Wizard(command)) if command.linear => {
            Box::pin(linear::run(site, surroundings)).await
        }
        Some(Command::Wizard(_)) => Box::pin(console::run(site, surroundings, true)).await,
        Some(Command::Site(command)) => until_interrupted(site::run(command, surroundings)).await,
        Some(Command::Get(command)) => {
            until_interrupted(Box::pin(get::run(command, site, surroundings))).await
        }
        Some(Command::Show(command)) => {
            until_interrupted(Box::pin(show::run(command, site, surroundings))).await
        }
        Some(Command::Plan(command)) => {
            until_interrupted(Box::pin(plan::run(command, site, surroundings))).await
        }
        Some(Command::Apply(command)) => Box::pin(apply::run(command, site, surroundings)).await,
        Some(Command::Resume(command)) => Box::pin(resume::run(command, site, surroundings)).await,
        Some(Command::Serve(command)) => serve::run(command, site, surroundings).await,
        Some(Command::Completions(command)) => completions::print(command.shell),
    }
}

/// Ends a command that changes nothing at the first Ctrl-C.
async fn until_interrupted(
    command: impl Future<Output = Result<Exit, Failure>>,
) -> Result<Exit, Failure> {
    tokio::select! {
        // Heard from before the command begins: one that is ended by the system gives no terminal back.
        biased;
        _ = tokio::signal::ctrl_c() => Ok(Exit::Interrupted),
        ended = command => ended,
    }
}
