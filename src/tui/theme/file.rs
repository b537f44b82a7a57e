//! Reads a theme file: a word list for each role. Every fault is located, and what is not at fault still counts.

use std::fmt;
use std::str::FromStr;

use ratatui::style::{Color, Modifier, Style};
use strum::IntoEnumIterator;
use toml::de::DeTable;

use super::Role;
use crate::tui::keymap::did_you_mean;

/// Something in a theme file that does not count, with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeFault {
    pub line: usize,
    pub words: String,
}

impl fmt::Display for ThemeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.words)
    }
}

pub fn parse(text: &str) -> (Vec<(Role, Style)>, Vec<ThemeFault>) {
    let (root, errors) = DeTable::parse_recoverable(text);
    let at = |offset: usize, words: String| ThemeFault {
        line: 1 + text.get(..offset).unwrap_or(text).matches('\n').count(),
        words,
    };
    let mut faults: Vec<_> = errors
        .iter()
        .map(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            at(offset, error.message().to_owned())
        })
        .collect();
    let mut styles = Vec::new();
    for (name, value) in root.get_ref() {
        let Ok(role) = Role::from_str(name.get_ref()) else {
            let known = did_you_mean(name.get_ref(), Role::iter().map(Into::into));
            let words = format!("no role is called '{}'{known}", name.get_ref());
            faults.push(at(name.span().start, words));
            continue;
        };
        let read = match value.get_ref().as_str() {
            Some(words) => style(words),
            None => Err(format!("{} takes words in quotes", name.get_ref())),
        };
        match read {
            Ok(style) => styles.push((role, style)),
            Err(words) => faults.push(at(value.span().start, words)),
        }
    }
    faults.sort_by_key(|fault| fault.line);
    (styles, faults)
}

fn style(words: &str) -> Result<Style, String> {
    let mut style = Style::new();
    let mut words = words.split_whitespace();
    while let Some(word) = words.next() {
        if word == "on" {
            style.bg = Some(colour(words.next().unwrap_or_default())?);
        } else if let Some(modifier) = modifier(word) {
            style = style.add_modifier(modifier);
        } else {
            style.fg = Some(colour(word)?);
        }
    }
    Ok(style)
}

fn modifier(word: &str) -> Option<Modifier> {
    Some(match word {
        "bold" => Modifier::BOLD,
        "dim" => Modifier::DIM,
        "italic" => Modifier::ITALIC,
        "underlined" => Modifier::UNDERLINED,
        "reversed" => Modifier::REVERSED,
        _ => return None,
    })
}

fn colour(word: &str) -> Result<Color, String> {
    Color::from_str(word).map_err(|_| {
        format!("'{word}' is neither a colour nor bold, dim, italic, underlined, reversed")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_is_a_list_of_words() {
        let (styles, faults) = parse("key = \"light-cyan on black bold\"\n");
        assert_eq!(faults, []);
        let style = Style::new().fg(Color::LightCyan).bg(Color::Black);
        assert_eq!(styles, [(Role::Key, style.add_modifier(Modifier::BOLD))]);
    }

    #[test]
    fn faults_are_told_with_their_line_and_the_rest_counts() {
        let (styles, faults) = parse("good = \"grean\"\nkye = \"bold\"\nkey = \"bold\"\nbad\n");
        let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
        assert!(
            told[0].starts_with("line 1: 'grean' is neither"),
            "{told:?}"
        );
        assert_eq!(
            told[1],
            "line 2: no role is called 'kye' (did you mean 'key'?)"
        );
        assert!(told[2].starts_with("line 4: "), "{told:?}");
        assert_eq!(styles.len(), 1);
    }
}
