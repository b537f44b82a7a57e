//! The floor of `benches/pty` as a program: a table in plain ratatui, moved by the same keys as a pane.
//!
//!     cargo run --release --example floor_table -- 1000

#[path = "../benches/floor/table.rs"]
mod table;

use std::io;
use std::time::Duration;

use ratatui::crossterm::event::{self, Event, KeyCode, KeyEventKind};
use table::Floor;

fn main() -> io::Result<()> {
    let rows = std::env::args()
        .nth(1)
        .and_then(|rows| rows.parse().ok())
        .unwrap_or(1_000);
    let mut floor = Floor::of(rows);
    let mut terminal = ratatui::init();
    let ended = loop {
        if let Err(error) = terminal.draw(|frame| floor.draw(frame)) {
            break Err(error);
        }
        match take_all(&mut floor) {
            Ok(true) => {}
            Ok(false) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    ratatui::restore();
    ended
}

/// Takes what has been typed by now; false when it was time to leave.
fn take_all(floor: &mut Floor) -> io::Result<bool> {
    loop {
        if let Event::Key(key) = event::read()?
            && key.kind != KeyEventKind::Release
        {
            match key.code {
                KeyCode::Char('q') => return Ok(false),
                KeyCode::Down => floor.down(),
                KeyCode::Up => floor.up(),
                KeyCode::PageDown => floor.page_down(),
                KeyCode::PageUp => floor.page_up(),
                KeyCode::Home => floor.at = 0,
                KeyCode::End => floor.at = floor.rows - 1,
                _ => {}
            }
        }
        if !event::poll(Duration::ZERO)? {
            return Ok(true);
        }
    }
}
