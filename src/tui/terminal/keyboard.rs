//! What the terminal reports, as presses: releases are dropped, and a lone Esc is told from the start of a longer key.
//!
//! A key such as an arrow is several bytes that begin with Esc. On a slow line they may arrive apart, and crossterm
//! then reports Esc and letters. So an Esc waits a moment, and what follows within it is put together again.

use std::time::Duration;

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind,
};

use crate::tui::keymap::{Chord, Key};

/// One thing the person did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    Key(Chord),
    Pasted(String),
    /// The left button, at a column and row.
    Clicked(u16, u16),
    /// The wheel: rows down, or up when negative.
    Scrolled(i16),
    Resized,
}

/// How long an Esc waits. A line over ssh needs longer; `CONSIGN_ESCAPE_MS` says it in milliseconds.
pub fn escape_wait(variable: impl Fn(&str) -> Option<String>) -> Duration {
    let asked = variable("CONSIGN_ESCAPE_MS").and_then(|value| value.parse().ok());
    let over_ssh = variable("SSH_CONNECTION").is_some() || variable("SSH_TTY").is_some();
    Duration::from_millis(asked.unwrap_or(if over_ssh { 100 } else { 50 }))
}

/// Turns terminal events into presses. Holds back at most the start of one key.
#[derive(Debug, Default)]
pub struct Keyboard {
    /// Esc and what followed it, not yet a key.
    held: String,
}

impl Keyboard {
    /// Whether something is held back, so that [`Keyboard::give_up`] is due after the wait.
    pub fn is_waiting(&self) -> bool {
        !self.held.is_empty()
    }

    /// Takes one event; answers what is certain by now.
    pub fn take(&mut self, event: Event) -> Vec<Press> {
        match event {
            Event::Key(key) if key.kind == KeyEventKind::Release => Vec::new(),
            Event::Key(key) => self.key(&key),
            Event::Paste(text) => self.after_held(Press::Pasted(text)),
            Event::Resize(..) => vec![Press::Resized],
            Event::Mouse(mouse) => {
                let press = match mouse.kind {
                    MouseEventKind::Down(MouseButton::Left) => {
                        Press::Clicked(mouse.column, mouse.row)
                    }
                    MouseEventKind::ScrollDown => Press::Scrolled(3),
                    MouseEventKind::ScrollUp => Press::Scrolled(-3),
                    _ => return Vec::new(),
                };
                self.after_held(press)
            }
            Event::FocusGained | Event::FocusLost => Vec::new(),
        }
    }

    /// The wait is over: what was held back were keys of their own.
    pub fn give_up(&mut self) -> Vec<Press> {
        let held = std::mem::take(&mut self.held);
        held.chars()
            .map(|c| match c {
                '\x1b' => Press::Key(Chord::plain(Key::Esc)),
                c => Press::Key(Chord::plain(Key::Char(c))),
            })
            .collect()
    }

    fn after_held(&mut self, press: Press) -> Vec<Press> {
        let mut presses = self.give_up();
        presses.push(press);
        presses
    }

    fn key(&mut self, event: &KeyEvent) -> Vec<Press> {
        if event.code == KeyCode::Esc && event.modifiers.is_empty() {
            let presses = self.give_up();
            self.held.push('\x1b');
            return presses;
        }
        let Some(chord) = chord(event) else {
            return Vec::new();
        };
        let (true, Some(c)) = (self.is_waiting(), chord.text()) else {
            return self.after_held(Press::Key(chord));
        };
        self.held.push(c);
        match rest_of_key(&self.held) {
            Rest::More => Vec::new(),
            Rest::Whole(chord) => {
                self.held.clear();
                vec![Press::Key(chord)]
            }
            Rest::None => self.give_up(),
        }
    }
}

/// What a sequence that began with Esc is so far.
enum Rest {
    More,
    Whole(Chord),
    None,
}

fn rest_of_key(held: &str) -> Rest {
    let rest = held.strip_prefix('\x1b').unwrap_or(held);
    let mut chars = rest.chars();
    match (chars.next(), chars.as_str()) {
        (None | Some('[' | 'O'), "") => Rest::More,
        (Some('['), body) if body.chars().all(|c| c.is_ascii_digit() || c == ';') => Rest::More,
        (Some('[' | 'O'), body) => {
            named(body).map_or(Rest::None, |key| Rest::Whole(Chord::plain(key)))
        }
        (Some(c), "") => Rest::Whole(Chord {
            key: Key::Char(c),
            ctrl: false,
            alt: true,
        }),
        _ => Rest::None,
    }
}

/// The keys worth putting together again: those one moves with.
fn named(body: &str) -> Option<Key> {
    Some(match body {
        "A" => Key::Up,
        "B" => Key::Down,
        "C" => Key::Right,
        "D" => Key::Left,
        "H" | "1~" | "7~" => Key::Home,
        "F" | "4~" | "8~" => Key::End,
        "Z" => Key::BackTab,
        "2~" => Key::Insert,
        "3~" => Key::Delete,
        "5~" => Key::PageUp,
        "6~" => Key::PageDown,
        _ => return None,
    })
}

/// A key event as a chord, if it is a key that can be bound.
fn chord(event: &KeyEvent) -> Option<Chord> {
    let mut ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    let key = match event.code {
        // Two keys have a second byte: Ctrl-H is what some terminals send for Backspace, a line feed is Enter.
        KeyCode::Char('h') if ctrl => {
            ctrl = false;
            Key::Backspace
        }
        KeyCode::Char('j') if ctrl => {
            ctrl = false;
            Key::Enter
        }
        KeyCode::Char(c) if ctrl => Key::Char(c.to_ascii_lowercase()),
        KeyCode::Char(c) if event.modifiers.contains(KeyModifiers::SHIFT) && c.is_lowercase() => {
            Key::Char(c.to_uppercase().next().unwrap_or(c))
        }
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => Key::BackTab,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Insert => Key::Insert,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::F(number) => Key::F(number),
        _ => return None,
    };
    Some(Chord { key, ctrl, alt })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(code: KeyCode) -> Event {
        Event::Key(KeyEvent::new(code, KeyModifiers::NONE))
    }

    fn typed(keyboard: &mut Keyboard, keys: &str) -> Vec<String> {
        keys.chars()
            .flat_map(|c| {
                keyboard.take(plain(if c == '\x1b' {
                    KeyCode::Esc
                } else {
                    KeyCode::Char(c)
                }))
            })
            .map(|press| match press {
                Press::Key(chord) => chord.to_string(),
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn a_lone_esc_waits_and_then_is_esc() {
        let mut keyboard = Keyboard::default();
        assert!(typed(&mut keyboard, "\x1b").is_empty());
        assert!(keyboard.is_waiting());
        assert_eq!(keyboard.give_up(), [Press::Key(Chord::plain(Key::Esc))]);
        assert!(!keyboard.is_waiting());
    }

    #[test]
    fn a_key_that_arrives_in_pieces_is_put_together() {
        let mut keyboard = Keyboard::default();
        assert_eq!(typed(&mut keyboard, "\x1b[A"), ["Up"]);
        assert_eq!(typed(&mut keyboard, "\x1b[6~"), ["PgDn"]);
        assert_eq!(typed(&mut keyboard, "\x1bx"), ["Alt-x"]);
        assert!(!keyboard.is_waiting());
    }

    #[test]
    fn two_escapes_are_two_escapes() {
        let mut keyboard = Keyboard::default();
        assert_eq!(typed(&mut keyboard, "\x1b\x1b"), ["Esc"]);
        assert_eq!(keyboard.give_up().len(), 1);
    }

    #[test]
    fn pieces_that_are_no_key_are_what_was_typed() {
        let mut keyboard = Keyboard::default();
        assert_eq!(typed(&mut keyboard, "\x1b[x"), ["Esc", "[", "x"]);
    }

    #[test]
    fn what_follows_a_lone_esc_comes_after_it() {
        let esc = || Press::Key(Chord::plain(Key::Esc));
        let mut keyboard = Keyboard::default();
        assert!(typed(&mut keyboard, "\x1b").is_empty());
        let pasted = keyboard.take(Event::Paste("[A".into()));
        assert_eq!(pasted, [esc(), Press::Pasted("[A".into())]);
        assert!(typed(&mut keyboard, "\x1b").is_empty());
        let up = keyboard.take(plain(KeyCode::Up));
        assert_eq!(up, [esc(), Press::Key(Chord::plain(Key::Up))]);
        assert!(!keyboard.is_waiting());
    }

    #[test]
    fn a_key_reported_with_alt_is_no_letter() {
        let key = KeyEvent::new(KeyCode::Char('q'), KeyModifiers::ALT);
        let chord = chord(&key).unwrap();
        assert_eq!(chord.to_string(), "Alt-q");
        assert_eq!(chord.text(), None);
    }

    #[test]
    fn a_key_held_down_is_pressed_again() {
        let mut held = KeyEvent::new(KeyCode::Down, KeyModifiers::NONE);
        held.kind = KeyEventKind::Repeat;
        let presses = Keyboard::default().take(Event::Key(held));
        assert_eq!(presses, [Press::Key(Chord::plain(Key::Down))]);
    }

    #[test]
    fn a_release_ends_no_wait() {
        let mut keyboard = Keyboard::default();
        assert!(typed(&mut keyboard, "\x1b").is_empty());
        let mut release = KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE);
        release.kind = KeyEventKind::Release;
        assert!(keyboard.take(Event::Key(release)).is_empty());
        assert!(keyboard.is_waiting());
    }

    #[test]
    fn releases_are_no_presses() {
        let mut release = KeyEvent::new(KeyCode::Char('q'), KeyModifiers::NONE);
        release.kind = KeyEventKind::Release;
        assert!(Keyboard::default().take(Event::Key(release)).is_empty());
    }

    #[test]
    fn bytes_that_stand_for_another_key_are_that_key() {
        let ctrl = |c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL);
        assert_eq!(chord(&ctrl('h')), Some(Chord::plain(Key::Backspace)));
        assert_eq!(chord(&ctrl('j')), Some(Chord::plain(Key::Enter)));
        assert_eq!(chord(&ctrl('n')), "ctrl-n".parse().ok());
    }

    #[test]
    fn over_ssh_an_esc_waits_longer_and_the_user_may_say_how_long() {
        assert_eq!(escape_wait(|_| None).as_millis(), 50);
        let ssh = |name: &str| (name == "SSH_TTY").then(|| "/dev/pts/1".into());
        assert_eq!(escape_wait(ssh).as_millis(), 100);
        assert_eq!(escape_wait(|_| Some("20".into())).as_millis(), 20);
    }
}
