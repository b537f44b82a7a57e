//! A backend that sends only what changes: a frame like the one before is no bytes at all.
//!
//! crossterm's own resets the colours and places the cursor after every frame, whether anything was drawn or not.

use std::io;

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::Output;

/// crossterm's backend, without what the terminal has already been told.
pub struct Lean {
    inner: CrosstermBackend<Output>,
    /// Where the cursor is shown, or that it is hidden; nothing when the terminal has not been told since it was drawn
    /// on or lent.
    cursor: Option<Cursor>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cursor {
    Hidden,
    Shown,
    At(Position),
}

impl Lean {
    pub fn over(output: Output) -> Self {
        Self {
            inner: CrosstermBackend::new(output),
            cursor: None,
        }
    }

    /// Somebody else has had the terminal: what it was told does not hold any more.
    pub fn forget(&mut self) {
        self.cursor = None;
    }
}

impl Backend for Lean {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        // Drawing moves the cursor; that it is hidden stays true.
        if self.cursor != Some(Cursor::Hidden) {
            self.cursor = self.cursor.map(|_| Cursor::Shown);
        }
        self.inner.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.cursor == Some(Cursor::Hidden) {
            return Ok(());
        }
        self.cursor = Some(Cursor::Hidden);
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if matches!(self.cursor, Some(Cursor::Shown | Cursor::At(_))) {
            return Ok(());
        }
        self.cursor = Some(Cursor::Shown);
        self.inner.show_cursor()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor == Some(Cursor::At(position)) {
            return Ok(());
        }
        if self.cursor == Some(Cursor::Shown) {
            self.cursor = Some(Cursor::At(position));
        }
        self.inner.set_cursor_position(position)
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn clear(&mut self) -> io::Result<()> {
        self.forget();
        self.inner.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.forget();
        self.inner.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::{Terminal, TerminalOptions, Viewport};

    use super::*;

    fn terminal(output: &Output) -> Terminal<Lean> {
        let viewport = Viewport::Fixed(Rect::new(0, 0, 20, 2));
        Terminal::with_options(Lean::over(output.clone()), TerminalOptions { viewport }).unwrap()
    }

    fn draw(terminal: &mut Terminal<Lean>, text: &str, cursor: Option<(u16, u16)>) {
        terminal
            .draw(|frame| {
                frame.render_widget(text, frame.area());
                if let Some(cursor) = cursor {
                    frame.set_cursor_position(cursor);
                }
            })
            .unwrap();
    }

    #[test]
    fn a_frame_like_the_one_before_is_no_bytes() {
        let output = Output::new(true);
        let mut terminal = terminal(&output);
        for cursor in [None, Some((3, 1))] {
            draw(&mut terminal, "the same", cursor);
            assert_ne!(output.take(), b"");
            draw(&mut terminal, "the same", cursor);
            assert_eq!(output.take(), b"");
        }
    }

    #[test]
    fn a_drawn_cell_puts_the_cursor_back_to_its_place() {
        let output = Output::new(true);
        let mut terminal = terminal(&output);
        draw(&mut terminal, "one", Some((3, 1)));
        output.take();
        draw(&mut terminal, "two", Some((3, 1)));
        let bytes = String::from_utf8(output.take()).unwrap();
        assert!(
            bytes.contains("two") && bytes.ends_with("\x1b[2;4H"),
            "{bytes:?}"
        );
        draw(&mut terminal, "two", None);
        assert_eq!(output.take(), b"\x1b[?25l");
    }
}
