//! One line to the person, one line back.

use std::io::{self, IsTerminal};
use std::time::Duration;

use super::said::Said;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::{out, prompt};

/// A site that takes longer than this to answer is said to be asked.
const SOON: Duration = Duration::from_secs(1);

/// Asks, and reads the answer. The end of the input ends the conversation.
pub async fn ask(question: &str) -> Result<Said, Failure> {
    let typed = line(question).await?;
    Ok(Said::read(&typed))
}

/// Asks for a line that is taken as it is.
pub async fn line(question: &str) -> Result<String, Failure> {
    let Some(typed) = prompt::ask(&format!("{question}:")).await? else {
        out::say("");
        return Err(Failure::new(Exit::Interrupted, "the input has ended"));
    };
    // Typed lines are in sight; lines from a pipe belong into the log of the conversation.
    if !io::stdin().is_terminal() {
        out::say(out::plain(&typed));
    }
    Ok(typed)
}

/// A question with yes or no; Enter is no.
pub async fn is_agreed(question: &str) -> Result<bool, Failure> {
    loop {
        let typed = line(&format!("{question} yes or no (Enter: no)")).await?;
        match typed.to_lowercase().as_str() {
            "y" | "yes" => return Ok(true),
            "" | "n" | "no" => return Ok(false),
            _ => out::say("Answer with yes or no."),
        }
    }
}

/// Waits, and says so where it takes a while.
pub async fn patiently<T>(waiting: impl Future<Output = T>) -> T {
    let mut waiting = Box::pin(waiting);
    tokio::select! {
        done = &mut waiting => return done,
        () = tokio::time::sleep(SOON) => out::say("Asking the site."),
    }
    waiting.await
}
