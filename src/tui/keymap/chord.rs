//! One key press as people write it: `ctrl-n`, `esc`, `X`. Knows nothing of terminals; the rim turns events into these.

use std::fmt;
use std::str::FromStr;

/// A key with its modifiers. Shift is part of the character (`X`), except where there is none (`shift-tab`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chord {
    pub key: Key,
    pub ctrl: bool,
    pub alt: bool,
}

/// The keys that can be bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Insert,
    Home,
    End,
    PageUp,
    PageDown,
    Up,
    Down,
    Left,
    Right,
    F(u8),
}

/// Names in a keymap file, and the short words of hints and tables.
const NAMED: &[(&str, Key, &str)] = &[
    ("enter", Key::Enter, "Enter"),
    ("esc", Key::Esc, "Esc"),
    ("tab", Key::Tab, "Tab"),
    ("shift-tab", Key::BackTab, "Shift-Tab"),
    ("backspace", Key::Backspace, "Backspace"),
    ("delete", Key::Delete, "Del"),
    ("insert", Key::Insert, "Ins"),
    ("home", Key::Home, "Home"),
    ("end", Key::End, "End"),
    ("pageup", Key::PageUp, "PgUp"),
    ("pagedown", Key::PageDown, "PgDn"),
    ("up", Key::Up, "Up"),
    ("down", Key::Down, "Down"),
    ("left", Key::Left, "Left"),
    ("right", Key::Right, "Right"),
    ("space", Key::Char(' '), "Space"),
];

impl Chord {
    /// The key alone.
    pub fn plain(key: Key) -> Self {
        Self {
            key,
            ctrl: false,
            alt: false,
        }
    }

    /// A character typed without Ctrl or Alt: text, where text is taken.
    pub fn text(self) -> Option<char> {
        match self {
            Self {
                key: Key::Char(c),
                ctrl: false,
                alt: false,
            } => Some(c),
            _ => None,
        }
    }

    /// The few cells of a footer hint: `^N`, `Enter`, `/`.
    pub fn short(self) -> String {
        let key = self.key_words();
        match (self.ctrl, self.alt) {
            (true, _) => format!("^{}", key.to_uppercase()),
            (_, true) => format!("Alt-{key}"),
            _ => key,
        }
    }

    fn key_words(self) -> String {
        match self.key {
            Key::F(number) => format!("F{number}"),
            key => match (NAMED.iter().find(|(_, named, _)| *named == key), key) {
                (Some((_, _, words)), _) => (*words).to_owned(),
                (None, Key::Char(c)) => c.to_string(),
                (None, _) => String::new(),
            },
        }
    }

    /// Keys that are another key on the wire, so that a binding to them could never work.
    fn arrives_as(self) -> Option<&'static str> {
        match (self.ctrl, self.key) {
            (true, Key::Char('h')) => Some("Backspace"),
            (true, Key::Char('i')) => Some("Tab"),
            (true, Key::Char('j' | 'm')) => Some("Enter"),
            (true, Key::Char('[')) => Some("Esc"),
            _ => None,
        }
    }
}

/// In full, as help and the README print it: `Ctrl-N`.
impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.key_words();
        match (self.ctrl, self.alt) {
            (true, true) => write!(f, "Ctrl-Alt-{}", key.to_uppercase()),
            (true, false) => write!(f, "Ctrl-{}", key.to_uppercase()),
            (false, true) => write!(f, "Alt-{key}"),
            (false, false) => f.write_str(&key),
        }
    }
}

/// As a keymap file spells it. The error says what is wrong with it.
impl FromStr for Chord {
    type Err = String;

    fn from_str(spelled: &str) -> Result<Self, String> {
        let mut rest = spelled;
        let (mut ctrl, mut alt) = (false, false);
        loop {
            if let Some(after) = strip_modifier(rest, "ctrl-") {
                (ctrl, rest) = (true, after);
            } else if let Some(after) = strip_modifier(rest, "alt-") {
                (alt, rest) = (true, after);
            } else {
                break;
            }
        }
        let key = parse_key(rest).ok_or_else(|| {
            format!("no key is called '{spelled}' (written like 'a', 'X', 'ctrl-n', 'shift-tab', 'f1', 'pagedown')")
        })?;
        let key = match key {
            Key::Char(c) if ctrl => Key::Char(c.to_ascii_lowercase()),
            key => key,
        };
        let chord = Self { key, ctrl, alt };
        match chord.arrives_as() {
            Some(other) => Err(format!(
                "'{spelled}' is {other} on the wire and cannot be bound"
            )),
            None => Ok(chord),
        }
    }
}

fn strip_modifier<'a>(spelled: &'a str, modifier: &str) -> Option<&'a str> {
    let head = spelled.get(..modifier.len())?;
    let rest = spelled.get(modifier.len()..)?;
    (head.eq_ignore_ascii_case(modifier) && !rest.is_empty()).then_some(rest)
}

fn parse_key(spelled: &str) -> Option<Key> {
    let mut chars = spelled.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return (!c.is_control()).then_some(Key::Char(c));
    }
    let lower = spelled.to_ascii_lowercase();
    if let Some((_, key, _)) = NAMED.iter().find(|(name, ..)| *name == lower) {
        return Some(*key);
    }
    let number = lower.strip_prefix('f')?.parse().ok()?;
    (1..=24).contains(&number).then_some(Key::F(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chord(spelled: &str) -> Chord {
        spelled.parse().unwrap()
    }

    #[test]
    fn chords_are_read_as_people_write_them() {
        assert_eq!(chord("X"), Chord::plain(Key::Char('X')));
        assert_eq!(chord("-"), Chord::plain(Key::Char('-')));
        assert_eq!(chord("shift-tab"), Chord::plain(Key::BackTab));
        assert_eq!(chord("F12"), Chord::plain(Key::F(12)));
        assert_eq!(chord("Ctrl-N"), chord("ctrl-n"));
        assert!(chord("ctrl-n").ctrl);
        assert_eq!(chord("space").text(), Some(' '));
        assert_eq!(chord("ctrl-n").text(), None);
    }

    #[test]
    fn chords_are_printed_short_for_hints_and_in_full_for_tables() {
        assert_eq!(chord("ctrl-n").short(), "^N");
        assert_eq!(chord("ctrl-n").to_string(), "Ctrl-N");
        assert_eq!(chord("pagedown").short(), "PgDn");
        assert_eq!(chord("f1").to_string(), "F1");
        assert_eq!(chord("/").short(), "/");
    }

    #[test]
    fn keys_that_are_another_key_on_the_wire_are_refused() {
        for spelled in ["ctrl-h", "ctrl-i", "ctrl-j", "ctrl-m", "ctrl-["] {
            assert!(
                spelled
                    .parse::<Chord>()
                    .unwrap_err()
                    .contains("on the wire")
            );
        }
    }

    #[test]
    fn a_name_no_key_has_is_refused_with_examples() {
        assert!("pgdn-x".parse::<Chord>().unwrap_err().contains("'pgdn-x'"));
        assert!("f25".parse::<Chord>().is_err());
        assert!("".parse::<Chord>().is_err());
    }
}
