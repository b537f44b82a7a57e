//! Reads a keymap file, ours or the user's. Every fault is located, and what is not at fault still counts.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use strum::IntoEnumIterator;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Action, Binding, Chord, Scope};
use crate::config::fault::nearest;

/// Something in a keymap file that does not count, with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeymapFault {
    pub line: usize,
    pub words: String,
}

impl fmt::Display for KeymapFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.words)
    }
}

/// The bindings a file spells out, and what in it could not be understood.
pub fn parse(text: &str) -> (Vec<Binding>, Vec<KeymapFault>) {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader {
        text,
        bindings: Vec::new(),
        faults: Vec::new(),
    };
    for error in errors {
        reader.fault(error.span().unwrap_or(0..0), error.message().to_owned());
    }
    for (name, value) in root.get_ref() {
        reader.scope(name.get_ref(), name.span(), value);
    }
    reader.bindings.sort_by_key(|binding| binding.line);
    reader.faults.sort_by_key(|fault| fault.line);
    (reader.bindings, reader.faults)
}

struct Reader<'a> {
    text: &'a str,
    bindings: Vec<Binding>,
    faults: Vec<KeymapFault>,
}

impl Reader<'_> {
    fn line(&self, span: &Range<usize>) -> usize {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        1 + before.matches('\n').count()
    }

    fn fault(&mut self, span: Range<usize>, words: String) {
        let line = self.line(&span);
        self.faults.push(KeymapFault { line, words });
    }

    fn scope(&mut self, name: &str, span: Range<usize>, value: &Spanned<DeValue<'_>>) {
        let Ok(scope) = Scope::from_str(name) else {
            let names = Scope::iter().map(Scope::name);
            let words = format!("no table is called [{name}]{}", did_you_mean(name, names));
            return self.fault(span, words);
        };
        let Some(table) = value.get_ref().as_table() else {
            return self.fault(span, format!("{name} must be a table: [{name}]"));
        };
        for (name, value) in table {
            self.binding(scope, name.get_ref(), name.span(), value);
        }
    }

    fn binding(
        &mut self,
        scope: Scope,
        name: &str,
        span: Range<usize>,
        value: &Spanned<DeValue<'_>>,
    ) {
        let Ok(action) = Action::from_str(name) else {
            let names = Action::iter().map(Action::name);
            let words = format!("no verb is called '{name}'{}", did_you_mean(name, names));
            return self.fault(span, words);
        };
        let Some(spelled) = value.get_ref().as_array() else {
            return self.fault(
                value.span(),
                format!("{name} takes a list of keys: {name} = [\"x\"]"),
            );
        };
        let mut chords = Vec::new();
        for one in spelled {
            let read = match one.get_ref().as_str() {
                Some(text) => Chord::from_str(text),
                None => Err(format!("{name} takes keys in quotes")),
            };
            match read {
                Ok(chord) => chords.push(chord),
                Err(words) => self.fault(one.span(), words),
            }
        }
        // A line whose every key is wrong keeps the keys it would have replaced.
        if chords.is_empty() && !spelled.is_empty() {
            return;
        }
        let line = self.line(&span);
        self.bindings.push(Binding {
            scope,
            action,
            chords,
            line,
        });
    }
}

/// ` (did you mean 'refresh'?)`, for the end of a fault.
pub fn did_you_mean<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> String {
    nearest(name, names).map_or_else(String::new, |known| format!(" (did you mean '{known}'?)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        parse(text).1.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_name_nobody_knows_is_told_with_its_line_and_the_nearest_one() {
        assert_eq!(
            faults("[list]\nup = [\"k\"]\nrevesre = [\"v\"]\n"),
            ["line 3: no verb is called 'revesre' (did you mean 'reverse'?)"]
        );
        assert_eq!(
            faults("\n[lists]\nup = []\n"),
            ["line 2: no table is called [lists] (did you mean 'list'?)"]
        );
    }

    #[test]
    fn what_is_right_beside_a_fault_still_counts() {
        let (bindings, faults) = parse("[list]\nup = [\"nokey\", \"k\"]\nopen = [\"ctrl-m\"]\n");
        assert_eq!(faults.len(), 2);
        assert_eq!(bindings.len(), 1);
        assert_eq!(bindings[0].chords, ["k".parse().unwrap()]);
    }

    #[test]
    fn a_file_that_is_not_toml_is_told_with_its_line() {
        let told = faults("[list]\nup = [\"k\"\n");
        assert!(
            told.iter().any(|words| words.starts_with("line ")),
            "{told:?}"
        );
    }

    #[test]
    fn values_of_the_wrong_kind_are_told() {
        assert!(faults("[list]\nup = \"k\"\n")[0].contains("takes a list of keys"));
        assert!(faults("[list]\nup = [1]\n")[0].contains("in quotes"));
        assert!(faults("list = 1\n")[0].contains("must be a table"));
    }
}
