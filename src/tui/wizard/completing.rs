//! A source folder completed while it is typed, where the site's side can be listed.

use tui_input::Input;

use super::{Editor, Place, Wizard};
use crate::client::{Answer, Payload, Request, Slot, Ticket};
use crate::distribution::field::Control;
use crate::distribution::words;
use crate::tui::app::{Desk, Notice};

/// What is being asked about a path, and about which nothing more can be said.
#[derive(Debug, Clone, Default)]
pub(super) struct Completion {
    asked: Option<(Ticket, String)>,
    /// The choices of this text were named: the same key goes on now.
    told: Option<String>,
}

impl Wizard {
    /// The path under the cursor, where there is one.
    fn path(&self) -> Option<&Input> {
        let Place::Field(id) = self.place else {
            return None;
        };
        let is_path = matches!(id.field().control, Control::Path { .. });
        self.editor
            .line()
            .filter(|_| is_path)
            .map(|line| &line.input)
    }

    /// Asks for the rest of a path. False where there is none to complete.
    pub(super) fn complete_path(&mut self, desk: &mut Desk) -> bool {
        let Some(text) = self.path().map(|input| input.value().to_owned()) else {
            return false;
        };
        if text.is_empty() || self.completion.told.as_ref() == Some(&text) {
            return false;
        }
        let ticket = desk.ask(Slot::Folders, Request::Folders(text.clone()));
        self.completion.asked = Some((ticket, text));
        true
    }

    /// Takes the folders that were asked for: what they share is added, and where there is nothing to add the key does
    /// what it does elsewhere.
    pub(super) fn settle_folders(&mut self, answer: &Answer, desk: &mut Desk) -> bool {
        let is_mine = |asked: &mut (Ticket, String)| asked.0 == answer.ticket;
        let Some((_, text)) = self.completion.asked.take_if(is_mine) else {
            return false;
        };
        // Somebody who typed on meanwhile is not interrupted.
        if self.path().is_none_or(|input| input.value() != text) {
            return true;
        }
        let folders = match &answer.result {
            Ok(Payload::Folders(folders)) => folders.as_slice(),
            _ => &[],
        };
        let shared = shared(folders);
        self.completion.told = Some(text.clone());
        if shared.len() > text.len() {
            self.type_path(shared, desk);
        } else if folders.len() < 2 {
            self.move_place(1, desk);
        }
        if folders.len() > 1 {
            let names: Vec<&str> = folders.iter().map(|folder| name(folder)).collect();
            desk.tell(Notice::tell(words::few(&names)));
        }
        true
    }

    fn type_path(&mut self, path: String, desk: &mut Desk) {
        if let (Editor::Line(line), Place::Field(id)) = (&mut self.editor, self.place) {
            line.input = Input::new(path);
            self.line_changed(id, desk);
        }
    }
}

fn name(folder: &str) -> &str {
    folder.rsplit('/').next().unwrap_or(folder)
}

/// What all of them begin with.
fn shared(folders: &[String]) -> String {
    let Some((first, rest)) = folders.split_first() else {
        return String::new();
    };
    let begins = |count: usize| {
        let head: String = first.chars().take(count).collect();
        rest.iter()
            .all(|folder| folder.starts_with(&head))
            .then_some(head)
    };
    (0..=first.chars().count())
        .rev()
        .find_map(begins)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_shared_ends_where_they_differ() {
        let shared = |folders: &[&str]| {
            let folders: Vec<String> = folders.iter().map(ToString::to_string).collect();
            super::shared(&folders)
        };
        assert_eq!(
            shared(&["/apps/line-tool", "/apps/line-tools"]),
            "/apps/line-tool"
        );
        assert_eq!(shared(&["/apps/zo\u{f6}"]), "/apps/zo\u{f6}");
        assert_eq!(shared(&[]), "");
    }
}
