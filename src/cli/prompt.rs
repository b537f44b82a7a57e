//! Questions to a person at the terminal, one line each.

use std::io::{self, IsTerminal, Write};

use tokio::sync::oneshot;

use super::exit::Exit;
use super::failure::Failure;

/// Whether somebody is there to be asked.
pub fn is_somebody_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks, and gives back what was typed; nothing when the input has ended.
///
/// The line is read on a thread of its own, which nobody waits for: an interrupt ends the question at once.
pub async fn ask(question: &str) -> Result<Option<String>, Failure> {
    let mut err = io::stderr();
    // A question nobody can see is answered with the end of the input, soon enough.
    let _ = write!(err, "{question} ").and_then(|()| err.flush());
    let (tell, told) = oneshot::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = io::stdin().read_line(&mut line);
        let typed = read.map(|length| (length > 0).then(|| line.trim().to_owned()));
        // Nobody listens any more after an interrupt.
        let _ = tell.send(typed);
    });
    let typed = tokio::select! {
        typed = told => typed,
        _ = tokio::signal::ctrl_c() => return Err(Failure::new(Exit::Interrupted, "interrupted")),
    };
    match typed {
        Ok(Ok(typed)) => Ok(typed),
        Ok(Err(error)) => Err(Failure::failed(format!(
            "the answer could not be read: {error}"
        ))),
        Err(_) => Ok(None),
    }
}

/// A question with yes or no; anything but yes is no.
pub async fn is_agreed(question: &str) -> Result<bool, Failure> {
    let typed = ask(&format!("{question} [y/N]")).await?;
    Ok(typed.is_some_and(|typed| matches!(typed.to_lowercase().as_str(), "y" | "yes")))
}
