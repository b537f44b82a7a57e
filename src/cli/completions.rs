//! `consign completions SHELL`: the script that lets a shell complete this command line.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use super::arguments::Arguments;
use super::exit::Exit;
use super::failure::Failure;
use super::out;

pub fn print(shell: Shell) -> Result<Exit, Failure> {
    // Made whole first: a pipe that closes in the middle would be a panic of the generator.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "consign", &mut script);
    out::data(|out| out.write_all(&script))?;
    Ok(Exit::Done)
}
