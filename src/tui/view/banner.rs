//! The words over a site that nobody may mistake for another, at the left of the title of every screen.
//!
//! ```text
//!  PRODUCTION  PS1 prod › Advertisements
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::app::App;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};

/// Cells a banner has at most: what else the title says must find room.
const MOST: usize = 24;

/// Draws the banner, where there is one; answers the room behind it.
pub fn draw(app: &App, theme: &Theme, buffer: &mut Buffer, area: Rect) -> Rect {
    let Some(words) = app.banner.as_deref() else {
        return area;
    };
    let most = MOST.min(usize::from(area.width / 3));
    let words = text::cut(words, most, theme.marks.ellipsis);
    let end = text::put(
        buffer,
        area,
        &format!(" {words} "),
        theme.style(Role::Banner),
    );
    text::skip(area, end - area.x)
}
