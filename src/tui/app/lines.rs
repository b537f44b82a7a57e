//! Keys while a line is typed: the filter, the command line.

use std::path::Path;
use std::time::Duration;

use tui_input::{Input, InputRequest};

use crate::tui::event::{Effect, Event, Timer};
use crate::tui::keymap::Action;

use super::command::{self, Command};
use super::export::{Format, csv};
use super::{App, Desk, Layer, Notice};

/// The pause in typing after which a window is asked.
const TYPING: Duration = Duration::from_millis(150);

impl App {
    pub(super) fn press_filter(&mut self, event: Event, desk: &mut Desk) {
        let Some(Layer::Filter { input, before }) = self.layers.last_mut() else {
            return;
        };
        let changed = match event {
            Event::Typed(request) => edit(input, request),
            Event::Pasted(text) => {
                if paste_line(input, &text) {
                    desk.tell(Notice::tell("line breaks became spaces"));
                }
                true
            }
            Event::Do(Action::Accept) => {
                self.apply_filter(desk);
                self.layers.pop();
                return;
            }
            Event::Do(Action::Close) => {
                let before = std::mem::take(before);
                self.layers.pop();
                return self.set_filter(&before, desk);
            }
            Event::Do(action) => {
                // Moving works while the filter is typed.
                return match action {
                    Action::Up => self.step(-1),
                    Action::Down => self.step(1),
                    Action::PageUp => self.step(-self.page()),
                    Action::PageDown => self.step(self.page()),
                    _ => {}
                };
            }
            _ => false,
        };
        if changed {
            let windowed = self
                .pane()
                .focus()
                .is_some_and(|sheet| sheet.table.is_windowed());
            if windowed {
                desk.wake(Timer::Filter, TYPING);
            } else {
                self.apply_filter(desk);
            }
        }
    }

    /// Applies what stands in the filter line.
    pub(super) fn apply_filter(&mut self, desk: &mut Desk) {
        let Some(Layer::Filter { input, .. }) = self.layers.last() else {
            return;
        };
        let text = input.value().to_owned();
        desk.order(Effect::Sleep(Timer::Filter));
        self.set_filter(&text, desk);
    }

    fn set_filter(&mut self, text: &str, desk: &mut Desk) {
        if let Some(sheet) = self.pane_mut().focus_mut() {
            sheet.filter(text, desk);
            sheet.table.ask_due(desk);
        }
    }

    pub(super) fn press_command(&mut self, event: Event, desk: &mut Desk) {
        let Some(Layer::Command { input }) = self.layers.last_mut() else {
            return;
        };
        match event {
            Event::Typed(request) => {
                edit(input, request);
            }
            Event::Pasted(text) => {
                paste_line(input, &text);
            }
            Event::Do(Action::Complete) => {
                let (text, fitting) = command::complete(input.value());
                *input = Input::new(text);
                if !fitting.is_empty() {
                    desk.tell(Notice::tell(fitting.join("  ")));
                }
            }
            Event::Do(Action::Accept) => {
                let typed = input.value().to_owned();
                self.layers.pop();
                self.run_command(&typed, desk);
            }
            Event::Do(Action::Close) => {
                self.layers.pop();
            }
            _ => {}
        }
    }

    fn run_command(&mut self, typed: &str, desk: &mut Desk) {
        if typed.trim().is_empty() {
            return;
        }
        match typed.parse() {
            Ok(Command::Do(action)) => self.press(Event::Do(action), desk),
            Ok(Command::Go(..) | Command::Site(_) | Command::Run) if self.shows_roll() => {
                desk.tell(Notice::tell(self.words_of_roll()));
            }
            Ok(Command::Go(pane, filter)) => {
                self.go(pane, desk);
                self.pane_mut().trail.clear();
                self.set_filter(&filter, desk);
            }
            Ok(Command::Filter(words)) if self.pane().focus().is_some() => {
                self.set_filter(&words, desk);
            }
            Ok(Command::Sort(column)) if self.pane().focus().is_some() => {
                let result = self
                    .pane_mut()
                    .focus_mut()
                    .map(|sheet| sheet.table.sort_by(&column, desk));
                if let Some(Err(reason)) = result {
                    desk.tell(Notice::fault(reason));
                }
            }
            Ok(Command::Export(path)) if self.pane().focus().is_some() => self.export(&path, desk),
            Ok(Command::Filter(_) | Command::Sort(_) | Command::Export(_)) => {
                desk.tell(Notice::tell("this tab has no rows"));
            }
            Ok(Command::Site(name)) => self.go_to_site(name, desk),
            Ok(Command::Run) if self.wizard.is_some() => self.layers.push(Layer::Wizard),
            Ok(Command::Run) => desk.tell(Notice::tell("no plan is being carried out")),
            Err(reason) => desk.tell(Notice::fault(reason)),
        }
    }

    pub(super) fn export_name(&self) -> String {
        let kind = self
            .pane()
            .focus()
            .map_or("rows", |sheet| sheet.table.called().word);
        kind.to_owned()
    }

    fn export(&self, path: &Path, desk: &mut Desk) {
        let Some(sheet) = self.pane().focus() else {
            return;
        };
        let table = &sheet.table;
        let text = Format::of(path).and_then(|format| match format {
            Format::Csv => {
                let heads = table.heads();
                csv(
                    heads.iter().map(|head| head.title),
                    table.rows_text().into_iter(),
                )
            }
            Format::Json => serde_json::to_string_pretty(&table.rows_json())
                .map(|text| text + "\n")
                .map_err(|error| error.to_string()),
        });
        match text {
            Ok(text) => {
                desk.order(Effect::Write(path.to_owned(), text));
                if table.is_partial() {
                    desk.tell(Notice::tell(
                        "only the rows read so far are written; consign get reads all",
                    ));
                }
            }
            Err(reason) => desk.tell(Notice::fault(reason)),
        }
    }
}

/// Puts pasted text into a one-line field: line feeds become blanks. Answers whether any did.
fn paste_line(input: &mut Input, text: &str) -> bool {
    /// More than this in one line nobody meant to paste.
    const MOST: usize = 4_096;
    let text = text.trim_end_matches(['\r', '\n']);
    let broken = text.contains(['\r', '\n']);
    let line: String = text
        .replace("\r\n", " ")
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MOST)
        .collect();
    let (value, cursor) = (input.value(), input.cursor());
    let head: String = value.chars().take(cursor).collect();
    let tail: String = value.chars().skip(cursor).collect();
    let at = cursor + line.chars().count();
    *input = Input::new(format!("{head}{line}{tail}")).with_cursor(at);
    broken
}

/// Lets a field take an edit.
fn edit(input: &mut Input, request: InputRequest) -> bool {
    input.handle(request).is_some_and(|changed| changed.value)
}
