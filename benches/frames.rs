//! A key and the frame it leads to, in panes of 1,000 rows, beside the same key in a plain ratatui table (`floor`).
//!
//!     cargo bench --bench frames
//!
//! Read the figures of one run against each other; by themselves they say more about the machine.

#![expect(
    clippy::unwrap_used,
    reason = "what is drawn is shared with the tests, which may"
)]

#[path = "../tests/suite/support/facts.rs"]
mod facts;
#[path = "../tests/suite/support/fleet.rs"]
mod fleet;
#[path = "../tests/suite/support/played.rs"]
#[expect(dead_code, reason = "shared with the tests, which use the rest")]
mod played;
#[path = "../tests/suite/support/runs.rs"]
#[expect(dead_code, reason = "shared with the tests, which use the rest")]
mod runs;
#[path = "../tests/suite/support/scripted.rs"]
mod scripted;
#[path = "floor/table.rs"]
mod table;

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use consign::tui::theme::Theme;
use consign::tui::view::{self, Screen};
use divan::Bencher;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use fleet::Fleet;
use played::Played;
use scripted::Scripted;
use table::Floor;

const ROWS: usize = 1_000;
const SIZE: Rect = Rect::new(0, 0, 120, 40);

fn main() {
    divan::main();
}

/// Where frames go: the bytes a terminal would get, forgotten after each frame.
#[derive(Clone, Default)]
struct Line(Rc<RefCell<Vec<u8>>>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn terminal() -> (Terminal<CrosstermBackend<Line>>, Line) {
    let line = Line::default();
    let options = TerminalOptions {
        viewport: Viewport::Fixed(SIZE),
    };
    let backend = CrosstermBackend::new(line.clone());
    (Terminal::with_options(backend, options).unwrap(), line)
}

/// Presses the keys in turn, a frame after each.
fn pane(bencher: Bencher<'_, '_>, open: &str, keys: [&str; 2]) {
    let script = Scripted {
        fleet: Fleet::grown(ROWS, ROWS),
        ..Scripted::default()
    };
    let mut played = Played::with(script, SIZE.width, SIZE.height);
    played.press(open);
    let (mut terminal, line) = terminal();
    let (theme, mut screen) = (Theme::default(), Screen::default());
    let mut keys = keys.iter().cycle();
    bencher.bench_local(move || {
        if let Some(key) = keys.next() {
            played.press(key);
        }
        terminal
            .draw(|frame| view::draw(&played.app, &theme, &mut screen, frame))
            .unwrap();
        line.0.borrow_mut().clear();
    });
}

fn floor(bencher: Bencher<'_, '_>, keys: [fn(&mut Floor); 2]) {
    let mut floor = Floor::of(ROWS);
    let (mut terminal, line) = terminal();
    let mut keys = keys.iter().cycle();
    bencher.bench_local(move || {
        if let Some(key) = keys.next() {
            key(&mut floor);
        }
        terminal.draw(|frame| floor.draw(frame)).unwrap();
        line.0.borrow_mut().clear();
    });
}

/// The cursor moves, the rows stay.
#[divan::bench_group]
mod step {
    use super::{Bencher, Floor};

    #[divan::bench]
    fn floor(bencher: Bencher<'_, '_>) {
        super::floor(bencher, [Floor::down, Floor::up]);
    }

    #[divan::bench]
    fn packages(bencher: Bencher<'_, '_>) {
        super::pane(bencher, "1", ["down", "up"]);
    }

    #[divan::bench]
    fn devices(bencher: Bencher<'_, '_>) {
        super::pane(bencher, "6", ["down", "up"]);
    }
}

/// Every row is another.
#[divan::bench_group]
mod page {
    use super::{Bencher, Floor};

    #[divan::bench]
    fn floor(bencher: Bencher<'_, '_>) {
        super::floor(bencher, [Floor::page_down, Floor::page_up]);
    }

    #[divan::bench]
    fn packages(bencher: Bencher<'_, '_>) {
        super::pane(bencher, "1", ["pagedown", "pageup"]);
    }

    #[divan::bench]
    fn devices(bencher: Bencher<'_, '_>) {
        super::pane(bencher, "6", ["pagedown", "pageup"]);
    }
}
