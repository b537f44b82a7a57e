//! The wizard over the whole screen.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::tui::app::App;
use crate::tui::theme::{Role, Theme};
use crate::tui::wizard::Wizard;

use super::Screen;
use crate::tui::text;

pub fn draw(
    _wizard: &Wizard,
    _app: &App,
    theme: &Theme,
    _screen: &mut Screen,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    text::put(
        frame.buffer_mut(),
        area,
        " Distribute software",
        theme.style(Role::Place),
    );
}
