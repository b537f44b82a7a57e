//! The app played by a test: keys go in, asks are answered from the script, a frame can be drawn at any moment.

use consign::client::{Answer, Request, Ticket};
use consign::tui::app::{App, Start};
use consign::tui::event::{Effect, Event, Timer};
use consign::tui::keymap::{Chord, Keymap};
use consign::tui::theme::{Role, Theme};
use consign::tui::view::{self, Screen};
use consign::tui::wizard::{Setting, Wizard};
use jiff::ToSpan;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Size;
use ratatui::style::Color;
use strum::IntoEnumIterator;
use tui_input::InputRequest;

use super::fleet;
use super::scripted::Scripted;

/// An app with its script.
pub struct Played {
    pub app: App,
    pub script: Scripted,
    screen: Screen,
    /// Everything the app wanted done, asks left out.
    pub done: Vec<Effect>,
    /// Every ask, in their order.
    pub asked: Vec<Request>,
    /// While true asks wait instead of being answered.
    pub hold: bool,
    held: Vec<(Ticket, Request)>,
    seconds: i64,
}

impl Played {
    pub fn at(width: u16, height: u16) -> Self {
        Self::with(Scripted::default(), width, height)
    }

    pub fn with(script: Scripted, width: u16, height: u16) -> Self {
        Self::begin(script, start(), width, height, false)
    }

    /// Nothing has been answered yet.
    pub fn waiting(width: u16, height: u16) -> Self {
        Self::begin(Scripted::default(), start(), width, height, true)
    }

    pub fn begin(script: Scripted, start: Start, width: u16, height: u16, hold: bool) -> Self {
        let (app, effects) = App::begin(start, Size::new(width, height), &fleet::now());
        let mut played = Self {
            app,
            script,
            screen: Screen::default(),
            done: Vec::new(),
            asked: Vec::new(),
            hold,
            held: Vec::new(),
            seconds: 0,
        };
        played.carry_out(effects);
        played
    }

    pub fn happen(&mut self, event: Event) -> &mut Self {
        let now = fleet::now() + self.seconds.seconds();
        let effects = self.app.update(event, &now);
        self.carry_out(effects);
        self
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Ask(ticket, request) => {
                    self.asked.push((*request).clone());
                    if self.hold {
                        self.held.push((ticket, *request));
                    } else {
                        self.answer(ticket, &request);
                    }
                }
                other => self.done.push(other),
            }
        }
    }

    fn answer(&mut self, ticket: Ticket, request: &Request) {
        let read_at = (fleet::now() + self.seconds.seconds()).timestamp();
        let result = self.script.answer(request);
        self.happen(Event::Answered(Box::new(Answer {
            ticket,
            read_at,
            result,
        })));
    }

    /// Answers what waited, oldest first, and no longer waits.
    pub fn release(&mut self) -> &mut Self {
        self.hold = false;
        for (ticket, request) in std::mem::take(&mut self.held) {
            self.answer(ticket, &request);
        }
        self
    }

    /// The wizard that is open.
    pub fn wizard(&self) -> &Wizard {
        self.app.wizard.as_deref().unwrap()
    }

    /// Lets the clock go on.
    pub fn later(&mut self, seconds: i64) -> &mut Self {
        self.seconds += seconds;
        self
    }

    /// Rings every timer that was set and not taken back.
    pub fn ring(&mut self) -> &mut Self {
        let mut awaited: Vec<Timer> = Vec::new();
        for effect in std::mem::take(&mut self.done) {
            match effect {
                Effect::Wake(timer, _) if !awaited.contains(&timer) => awaited.push(timer),
                Effect::Sleep(timer) => awaited.retain(|other| *other != timer),
                Effect::Wake(..) => {}
                other => self.done.push(other),
            }
        }
        for timer in awaited {
            self.happen(Event::Due(timer));
        }
        self
    }

    /// Presses keys as a keymap spells them, with blanks between.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for spelled in keys.split(' ') {
            let chord: Chord = spelled.parse().unwrap();
            if let Some(c) = chord.text().filter(|_| self.app.takes_text()) {
                self.happen(Event::Typed(InputRequest::InsertChar(c)));
            } else if let Some(action) = self.app.keymap.action(self.app.scope(), chord) {
                let event = action.edit().map_or(Event::Do(action), Event::Typed);
                self.happen(event);
            }
        }
        self
    }

    /// Types text, a key a character.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            assert!(
                self.app.takes_text(),
                "nothing takes text at {c:?} of {text:?}"
            );
            self.happen(Event::Typed(InputRequest::InsertChar(c)));
        }
        self
    }

    pub fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.happen(Event::Resized(Size::new(width, height)))
    }

    /// One frame at the app's size.
    pub fn draw(&mut self, theme: &Theme) -> Buffer {
        let size = self.app.size;
        let mut terminal = Terminal::new(TestBackend::new(size.width, size.height)).unwrap();
        let (app, screen) = (&self.app, &mut self.screen);
        terminal
            .draw(|frame| view::draw(app, theme, screen, frame))
            .unwrap();
        terminal.backend().buffer().clone()
    }

    /// The text of a frame.
    pub fn text(&mut self) -> String {
        text(&self.draw(&Theme::probe()))
    }

    /// Text and roles of a frame, for a snapshot.
    pub fn shot(&mut self) -> String {
        let buffer = self.draw(&Theme::probe());
        format!("{}\n{}", text(&buffer), roles(&buffer))
    }

    /// What a click at a cell means, as of the last frame.
    pub fn click(&mut self, column: u16, row: u16) -> &mut Self {
        match self.screen.spot(column, row) {
            Some(spot) => self.happen(Event::Clicked(spot)),
            None => self,
        }
    }
}

/// A start on the site `lab`, whose plans all have the same name.
pub fn start() -> Start {
    Start {
        site_name: "lab".to_owned(),
        setting: Setting {
            site: "lab".to_owned(),
            author: "lab\\ann".to_owned(),
            plan_id: || "7f3a0000000040008000000000000001".parse().unwrap(),
            ..Setting::default()
        },
        ..Start::default()
    }
}

/// A start with the user's keymap.
pub fn start_with(keymap: &str) -> Start {
    let (keymap, faults) = Keymap::with(keymap);
    Start {
        site_name: "lab".to_owned(),
        banner: None,
        keymap,
        complaints: faults
            .iter()
            .map(|fault| format!("keymap.toml {fault}"))
            .collect(),
        into_wizard: false,
        setting: consign::tui::wizard::Setting::default(),
    }
}

/// The characters on screen, a line a row, without the blanks at their ends.
pub fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for row in 0..buffer.area.height {
        let mut line = String::new();
        let mut skip = 0;
        for column in 0..buffer.area.width {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            let symbol = buffer[(column, row)].symbol();
            skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
            line.push_str(symbol);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Which role stands where, for every row that has other roles than plain text: `row 3: 2-10 heading`.
fn roles(buffer: &Buffer) -> String {
    let named = |colour: Color| match colour {
        Color::Indexed(number) => Role::iter()
            .nth(usize::from(number))
            .map(<&'static str>::from),
        _ => None,
    };
    let mut out = String::new();
    for row in 0..buffer.area.height {
        let mut runs: Vec<(u16, u16, String)> = Vec::new();
        for column in 0..buffer.area.width {
            let cell = &buffer[(column, row)];
            let name: Vec<_> = [named(cell.bg), named(cell.fg)]
                .into_iter()
                .flatten()
                .collect();
            let name = name.join(" ");
            match runs.last_mut() {
                Some((_, to, last)) if *last == name => *to = column,
                _ => runs.push((column, column, name)),
            }
        }
        runs.retain(|(.., name)| !name.is_empty());
        if !runs.is_empty() {
            let told: Vec<_> = runs
                .iter()
                .map(|(from, to, name)| format!("{from}-{to} {name}"))
                .collect();
            out += "row ";
            out += &row.to_string();
            out += ": ";
            out += &told.join(", ");
            out.push('\n');
        }
    }
    out
}
