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
pub async fn ask(question: &str) -> Result<Option<String>, Failure> {
    let read = || {
        let mut line = String::new();
        let length = io::stdin().read_line(&mut line)?;
        Ok((length > 0).then(|| line.trim().to_owned()))
    };
    match answer(&format!("{question} "), read).await? {
        Some(Ok(typed)) => Ok(typed),
        Some(Err(error)) => Err(Failure::failed(format!(
            "the answer could not be read: {error}"
        ))),
        None => Ok(None),
    }
}

/// Asks, and gives back what was read.
///
/// It is read on a thread of its own, which nobody waits for: an interrupt ends the question, and the program, at once.
pub async fn answer<T: Send + 'static>(
    question: &str,
    read: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<Option<io::Result<T>>, Failure> {
    let mut err = io::stderr();
    // A question nobody can see is answered with the end of the input, soon enough.
    let _ = write!(err, "{question}").and_then(|()| err.flush());
    let (tell, told) = oneshot::channel();
    std::thread::spawn(move || {
        // Nobody listens any more after an interrupt.
        let _ = tell.send(read());
    });
    tokio::select! {
        biased;
        _ = tokio::signal::ctrl_c() => Err(Failure::new(Exit::Interrupted, "interrupted")),
        read = told => Ok(read.ok()),
    }
}

/// A question with yes or no; anything but yes is no.
pub async fn is_agreed(question: &str) -> Result<bool, Failure> {
    let typed = ask(&format!("{question} [y/N]")).await?;
    Ok(typed.is_some_and(|typed| matches!(typed.to_lowercase().as_str(), "y" | "yes")))
}
