//! The command line: any verb by its name, and a few words that take more.

use std::path::PathBuf;
use std::str::FromStr;

use strum::IntoEnumIterator;

use crate::tui::keymap::{Action, did_you_mean};

use super::pane::PaneId;

/// What was typed after the colon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Do(Action),
    /// To a pane, with a filter.
    Go(PaneId, String),
    Filter(String),
    Sort(String),
    Export(PathBuf),
    /// The run in progress, or its result.
    Run,
    /// To another site.
    Site(String),
}

/// Words that take more words.
const TAKING: [&str; 5] = ["filter", "sort", "export", "run", "site"];

/// Verbs that make sense by name; moving and typing do not.
fn by_name(action: Action) -> bool {
    PaneId::of_action(action).is_some()
        || matches!(
            action,
            Action::Attention
                | Action::Refresh
                | Action::Describe
                | Action::Raw
                | Action::Copy
                | Action::Redraw
                | Action::Mouse
                | Action::Wizard
                | Action::Help
                | Action::Sample
                | Action::Connect
                | Action::Sites
                | Action::Reverse
                | Action::Quit
                | Action::Suspend
        )
}

impl FromStr for Command {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let typed = typed.trim();
        let (word, rest) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
        let rest = rest.trim();
        match (word, rest) {
            ("filter", words) => return Ok(Self::Filter(words.to_owned())),
            ("run", "") => return Ok(Self::Run),
            ("site", "") => return Ok(Self::Do(Action::Sites)),
            ("site", name) => return Ok(Self::Site(name.to_owned())),
            ("sort", "") => {
                return Err("sort takes a column: sort name, sort members:desc".to_owned());
            }
            ("sort", column) => return Ok(Self::Sort(column.to_owned())),
            ("export", "") => {
                return Err("export takes a file: export rows.csv, export rows.json".to_owned());
            }
            ("export", file) => return Ok(Self::Export(PathBuf::from(file))),
            ("q", "") => return Ok(Self::Do(Action::Quit)),
            _ => {}
        }
        let action = Action::from_str(word)
            .ok()
            .filter(|action| by_name(*action));
        let pane = action.and_then(PaneId::of_action).or_else(|| {
            let kind = word.parse().ok()?;
            Some(PaneId::of_kind(kind))
        });
        match (pane, action, rest) {
            (Some(pane), _, "") => Ok(Self::Do(pane.action())),
            (Some(pane), _, filter) => Ok(Self::Go(pane, filter.to_owned())),
            (None, Some(action), "") => Ok(Self::Do(action)),
            (None, Some(_), _) => Err(format!("{word} takes nothing behind it")),
            (None, None, _) => Err(format!(
                "no command is called '{word}'{}",
                did_you_mean(word, names())
            )),
        }
    }
}

fn names() -> impl Iterator<Item = &'static str> {
    Action::iter()
        .filter(|action| by_name(*action))
        .map(Action::name)
        .chain(TAKING)
}

/// The typed text completed as far as it is certain, and what it could become where it is not.
pub fn complete(typed: &str) -> (String, Vec<&'static str>) {
    let word = typed.trim_start();
    if word.contains(char::is_whitespace) {
        return (typed.to_owned(), Vec::new());
    }
    let mut fitting: Vec<_> = names().filter(|name| name.starts_with(word)).collect();
    fitting.sort_unstable();
    match fitting.as_slice() {
        [] => (typed.to_owned(), fitting),
        [one] => (format!("{one} "), Vec::new()),
        [first, others @ ..] => {
            let shared = others.iter().fold(first.len(), |shared, other| {
                let same = first
                    .bytes()
                    .zip(other.bytes())
                    .take_while(|(a, b)| a == b)
                    .count();
                shared.min(same)
            });
            // Names are ASCII, so any length is a boundary.
            (first.get(..shared).unwrap_or(word).to_owned(), fitting)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> Result<Command, String> {
        typed.parse()
    }

    #[test]
    fn panes_are_reached_by_every_name_of_their_kind() {
        for typed in ["advertisements", "adv", "deployments"] {
            assert_eq!(read(typed), Ok(Command::Do(Action::Advertisements)));
        }
        assert_eq!(
            read("adv errors>0"),
            Ok(Command::Go(PaneId::Advertisements, "errors>0".to_owned()))
        );
    }

    #[test]
    fn verbs_are_called_by_name_but_not_those_that_only_move() {
        assert_eq!(read(" refresh "), Ok(Command::Do(Action::Refresh)));
        assert_eq!(read("q"), Ok(Command::Do(Action::Quit)));
        assert!(read("page-down").is_err());
        assert!(read("refresh now").unwrap_err().contains("takes nothing"));
    }

    #[test]
    fn a_misspelt_command_names_the_nearest() {
        assert_eq!(
            read("refesh").unwrap_err(),
            "no command is called 'refesh' (did you mean 'refresh'?)"
        );
    }

    #[test]
    fn words_are_completed_as_far_as_they_are_certain() {
        assert_eq!(complete("adv"), ("advertisements ".to_owned(), vec![]));
        let (text, fitting) = complete("re");
        assert_eq!(text, "re");
        assert_eq!(fitting, ["redraw", "refresh", "requests", "reverse"]);
        assert_eq!(complete("po"), ("points ".to_owned(), vec![]));
        assert_eq!(complete("zzz").0, "zzz");
    }
}
