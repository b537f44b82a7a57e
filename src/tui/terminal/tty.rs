//! The real terminal with its keyboard and its signals, as the loop needs it.

use std::future::poll_fn;
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use crossterm::event::EventStream;
use futures_util::StreamExt;
use ratatui::Frame;
use ratatui::layout::Size;
use tokio::time::Instant;

use super::{Display, Keyboard, Press, Signals, stop_until_continued};
use crate::client::Client;
use crate::foreign::Foreign;
use crate::tui::console::{Input, Rim};

/// Terminal, keyboard and signals.
pub struct Tty {
    display: Display,
    events: EventStream,
    keyboard: Keyboard,
    /// Until when the start of a key is held back.
    held_until: Option<Instant>,
    escape_wait: Duration,
    signals: Signals,
    /// Presses that are certain and not yet taken.
    ready: std::collections::VecDeque<Press>,
    /// A console that sleeps must not hold what others wait for.
    client: Option<Arc<Client>>,
    foreign: Foreign,
}

impl Tty {
    pub fn take(display: Display, escape_wait: Duration) -> io::Result<Self> {
        Ok(Self {
            display,
            events: EventStream::new(),
            keyboard: Keyboard::default(),
            held_until: None,
            escape_wait,
            signals: Signals::listen()?,
            ready: std::collections::VecDeque::new(),
            client: None,
            foreign: Foreign::default(),
        })
    }

    /// The site that is shown from now on: what it holds is let go while the console sleeps. Editors are started so.
    pub fn serve(&mut self, client: Arc<Client>, foreign: Foreign) {
        self.client = Some(client);
        self.foreign = foreign;
    }

    /// No site is shown.
    pub fn rest(&mut self) {
        self.client = None;
    }

    fn read(&mut self, event: crossterm::event::Event) {
        self.ready.extend(self.keyboard.take(event));
        self.held_until = self
            .keyboard
            .is_waiting()
            .then(|| Instant::now() + self.escape_wait);
    }

    fn give_up_held(&mut self) {
        self.held_until = None;
        self.ready.extend(self.keyboard.give_up());
    }
}

impl Rim for Tty {
    fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.display.draw(view)
    }

    fn size(&self) -> io::Result<Size> {
        self.display.size()
    }

    async fn next(&mut self) -> Input {
        loop {
            if let Some(press) = self.ready.pop_front() {
                return Input::Press(press);
            }
            let held_until = self.held_until;
            tokio::select! {
                biased;
                event = next_event(&mut self.events) => match event {
                    Some(Ok(event)) => self.read(event),
                    Some(Err(_)) | None => return Input::Closed,
                },
                signal = self.signals.next() => return Input::Signal(signal),
                () = async {
                    if let Some(at) = held_until {
                        tokio::time::sleep_until(at).await;
                    }
                }, if held_until.is_some() => self.give_up_held(),
            }
        }
    }

    fn queued(&mut self) -> Option<Input> {
        while self.ready.is_empty() {
            if is_cut() {
                return Some(Input::Closed);
            }
            // Not through the stream: it keeps the waker of its first idle poll, and one that nobody waits behind
            // would swallow the wake-up of the next key.
            match waiting_event() {
                Ok(event) => self.read(event?),
                Err(_) => return Some(Input::Closed),
            }
        }
        self.ready.pop_front().map(Input::Press)
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        self.display.copy(text)
    }

    fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.display.set_mouse(on)
    }

    fn forget(&mut self) -> io::Result<()> {
        self.display.forget()
    }

    async fn suspend(&mut self, whole_group: bool) -> io::Result<bool> {
        if let Some(client) = &self.client {
            client.suspend().await;
        }
        self.display.lend()?;
        let stopped = stop_until_continued(&mut self.signals, whole_group).await;
        let reclaimed = self.display.reclaim();
        if let Some(client) = &self.client {
            client.resume();
        }
        reclaimed?;
        stopped
    }

    async fn edit(&mut self, text: &str) -> Result<String, String> {
        let words = |error: io::Error| error.to_string();
        // The stream reads ahead in a thread of its own and would take the editor's keys.
        // The fresh one does not read before it is asked.
        drop(std::mem::take(&mut self.events));
        self.display.lend().map_err(words)?;
        let (text, foreign) = (text.to_owned(), self.foreign.clone());
        let edited = tokio::task::spawn_blocking(move || edit_outside(&text, &foreign)).await;
        self.display.reclaim().map_err(words)?;
        edited.map_err(|error| error.to_string())?
    }
}

/// Whether the line to the terminal is gone. crossterm must not be asked then: it would read nothing, again and again,
/// and never come back.
fn is_cut() -> bool {
    !io::stdin().is_terminal()
}

/// The next thing the terminal sends; nothing once the line is cut.
async fn next_event(events: &mut EventStream) -> Option<io::Result<crossterm::event::Event>> {
    poll_fn(|context| {
        if is_cut() {
            return Poll::Ready(None);
        }
        events.poll_next_unpin(context)
    })
    .await
}

/// What the terminal has already sent, if anything. Shares its queue with the stream.
fn waiting_event() -> io::Result<Option<crossterm::event::Event>> {
    if crossterm::event::poll(Duration::ZERO)? {
        crossterm::event::read().map(Some)
    } else {
        Ok(None)
    }
}

/// A file of our own that goes when it is dropped.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // A file left in the temporary folder harms nobody.
        let _ = std::fs::remove_file(&self.0);
    }
}

fn edit_outside(text: &str, foreign: &Foreign) -> Result<String, String> {
    let words = |error: io::Error| error.to_string();
    let editor = ["VISUAL", "EDITOR"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .unwrap_or_else(|| "vi".to_owned());
    let name = format!("consign-{}.txt", uuid::Uuid::new_v4());
    let scratch = Scratch(std::env::temp_dir().join(name));
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&scratch.0)
        .map_err(words)?;
    file.write_all(text.as_bytes()).map_err(words)?;
    drop(file);
    run_editor(&editor, &scratch.0, foreign)?;
    let edited = std::fs::read_to_string(&scratch.0).map_err(words)?;
    // Editors end the last line; a one-line field has none.
    Ok(edited.strip_suffix('\n').unwrap_or(&edited).to_owned())
}

fn run_editor(editor: &str, file: &Path, foreign: &Foreign) -> Result<(), String> {
    let status = foreign
        .shell(&format!("{editor} \"$1\""))
        .arg("sh")
        .arg(file)
        .status()
        .map_err(|error| error.to_string())?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{editor} ended with {status}; nothing was changed"))
    }
}
