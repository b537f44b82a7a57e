//! What a press means where it lands.

use tui_input::InputRequest;

use crate::tui::app::App;
use crate::tui::event::Event;
use crate::tui::keymap::{Action, Chord};
use crate::tui::terminal::Press;
use crate::tui::view::Screen;

/// What happened by it: nothing, where no verb is bound to it.
pub(super) fn events(app: &App, screen: &Screen, press: Press) -> Vec<Event> {
    match press {
        Press::Key(chord) => key(app, chord).into_iter().collect(),
        Press::Pasted(text) => vec![Event::Pasted(text)],
        Press::Clicked(column, row) => {
            let spot = screen.spot(column, row);
            spot.map(Event::Clicked).into_iter().collect()
        }
        Press::Scrolled(rows) => {
            let action = if rows < 0 { Action::Up } else { Action::Down };
            let count = usize::from(rows.unsigned_abs());
            std::iter::repeat_n(Event::Do(action), count).collect()
        }
        Press::Resized => Vec::new(),
    }
}

fn key(app: &App, chord: Chord) -> Option<Event> {
    if let Some(c) = chord.text().filter(|_| app.takes_text()) {
        return Some(Event::Typed(InputRequest::InsertChar(c)));
    }
    let action = app.keymap.action(app.scope(), chord)?;
    Some(match action.edit() {
        Some(edit) => Event::Typed(edit),
        None => Event::Do(action),
    })
}
