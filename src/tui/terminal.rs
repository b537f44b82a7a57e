//! The terminal as the console wants it, and as the shell had it: raw mode, alternate screen, paste and mouse reports.
//!
//! Whatever ends the program (quit, error, panic, hang-up), the guard gives the shell back intact. How frames reach the
//! line is in `output`, how keys are read in `keyboard`, signals in `signals`.

mod clipboard;
mod keyboard;
mod lean;
mod output;
mod signals;
mod tty;

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, ThreadId};

use crossterm::cursor::{SetCursorStyle, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::queue;
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::Terminal;
use ratatui::layout::Size;

pub use clipboard::copy_sequence;
use lean::Lean;

pub use keyboard::{Keyboard, Press, escape_wait};
pub use output::Output;
pub use signals::{Signal, Signals, stop_until_continued};
pub use tty::Tty;

/// The thread that draws, while the terminal is in the console's hands. A panic hook has no other way to know.
static TAKEN: Mutex<Option<ThreadId>> = Mutex::new(None);

/// The terminal in the console's hands. Dropping it gives the terminal back.
pub struct Display {
    terminal: Terminal<Lean>,
    output: Output,
    mouse: bool,
}

impl Display {
    /// Takes the terminal. `synchronised` wraps each frame so that the terminal shows it at once.
    pub fn take(synchronised: bool) -> io::Result<Self> {
        let output = Output::new(synchronised);
        let terminal = Terminal::new(Lean::over(output.clone()))?;
        let mut display = Self {
            terminal,
            output,
            mouse: false,
        };
        display.enter()?;
        Ok(display)
    }

    pub fn size(&self) -> io::Result<Size> {
        self.terminal.size()
    }

    /// Draws one frame and sends it in one write.
    pub fn draw(&mut self, view: impl FnOnce(&mut ratatui::Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(view)?;
        self.output.send_frame()
    }

    /// Forgets what the terminal shows, so that the next frame draws all of it.
    pub fn forget(&mut self) -> io::Result<()> {
        self.terminal.backend_mut().forget();
        let size = self.terminal.size()?;
        // Not `Terminal::clear`: it asks the terminal for its cursor and would race with the keyboard for the answer.
        self.terminal.resize(size.into())
    }

    /// Reports of clicks and the wheel, or the terminal's own selection.
    pub fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        if on {
            queue!(self.output, EnableMouseCapture)?;
        } else {
            queue!(self.output, DisableMouseCapture)?;
        }
        self.output.send()
    }

    /// Puts text on the clipboard of the terminal, over ssh as well.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        let in_tmux = std::env::var_os("TMUX").is_some();
        self.output.write_all(&copy_sequence(text, in_tmux))?;
        self.output.send()
    }

    /// Gives the terminal back for a while: to the shell, or to an editor.
    pub fn lend(&mut self) -> io::Result<()> {
        give_back()
    }

    /// Takes a lent terminal again. The next frame draws all of it.
    pub fn reclaim(&mut self) -> io::Result<()> {
        self.enter()?;
        self.forget()
    }

    fn enter(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        set_taken(Some(thread::current().id()));
        queue!(self.output, EnterAlternateScreen, EnableBracketedPaste)?;
        if self.mouse {
            queue!(self.output, EnableMouseCapture)?;
        }
        self.output.send()
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // A line that is gone cannot be written to, and nobody is left to tell.
        let _ = give_back();
    }
}

/// Leaves the terminal as the shell had it. Safe to call at any time, from any thread.
pub fn give_back() -> io::Result<()> {
    if set_taken(None).is_none() {
        return Ok(());
    }
    let mut leave = Vec::new();
    queue!(
        leave,
        DisableMouseCapture,
        DisableBracketedPaste,
        SetCursorStyle::DefaultUserShape,
        Show,
        LeaveAlternateScreen
    )?;
    let written = output::write_line(&leave);
    disable_raw_mode()?;
    written
}

/// Notes who draws; answers who did before.
fn set_taken(by: Option<ThreadId>) -> Option<ThreadId> {
    std::mem::replace(&mut *taken(), by)
}

fn taken() -> std::sync::MutexGuard<'static, Option<ThreadId>> {
    // Nothing can go wrong between taking the lock and letting it go, so a poisoned one holds what it should.
    TAKEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// For a panic hook: the message must land on the shell's screen, not on ours. Answers whether it may be printed.
///
/// Where the thread that draws falls over, the console is at its end and the shell gets its terminal back. Where
/// another one does, the console stands: it tells of the request that failed, and nothing may be written across it.
pub fn make_way_for_panic() -> bool {
    let drawing = *taken();
    if drawing.is_some_and(|thread| thread != thread::current().id()) {
        return false;
    }
    // The panic itself is the news; a terminal that cannot be written to is not.
    let _ = give_back();
    true
}
