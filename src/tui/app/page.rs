//! A page of facts about one object, before it has a width: labels, words, bars.

use crate::client::listing::Share;
use crate::tui::text;
use crate::tui::theme::Role;

/// One piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A label and what it says, wrapped beside it.
    Fact {
        label: &'static str,
        words: String,
        role: Role,
    },
    /// A heading over what follows.
    Heading(String),
    /// Words over the whole width.
    Words {
        words: String,
        role: Role,
    },
    /// A count and its share of the whole.
    Bar {
        label: String,
        share: Share,
        role: Role,
    },
    /// A line that is shown as it is, cut and not wrapped.
    Literal(String),
    Blank,
}

/// What a tab without rows shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    pub pieces: Vec<Piece>,
}

impl Page {
    pub fn fact(&mut self, label: &'static str, words: impl Into<String>) -> &mut Self {
        self.fact_as(Role::Text, label, words)
    }

    /// A fact that is coloured as well as worded.
    pub fn fact_as(
        &mut self,
        role: Role,
        label: &'static str,
        words: impl Into<String>,
    ) -> &mut Self {
        let words = words.into();
        self.pieces.push(Piece::Fact { label, words, role });
        self
    }

    /// A fact that is left out where there is nothing to say.
    pub fn fact_if(&mut self, label: &'static str, words: Option<impl Into<String>>) -> &mut Self {
        if let Some(words) = words.map(Into::into).filter(|words| !words.is_empty()) {
            self.fact(label, words);
        }
        self
    }

    pub fn heading(&mut self, words: impl Into<String>) -> &mut Self {
        self.pieces.push(Piece::Heading(words.into()));
        self
    }

    pub fn words(&mut self, words: impl Into<String>) -> &mut Self {
        self.words_as(Role::Text, words)
    }

    pub fn words_as(&mut self, role: Role, words: impl Into<String>) -> &mut Self {
        let words = words.into();
        self.pieces.push(Piece::Words { words, role });
        self
    }

    pub fn bar(
        &mut self,
        role: Role,
        label: impl Into<String>,
        part: u32,
        whole: u32,
    ) -> &mut Self {
        self.pieces.push(Piece::Bar {
            label: label.into(),
            share: Share { part, whole },
            role,
        });
        self
    }

    pub fn blank(&mut self) -> &mut Self {
        self.pieces.push(Piece::Blank);
        self
    }

    /// JSON as it is, a line a property.
    pub fn json(value: &serde_json::Value) -> Self {
        let text = serde_json::to_string_pretty(value).unwrap_or_else(|error| error.to_string());
        Self {
            pieces: text
                .lines()
                .map(|line| Piece::Literal(line.to_owned()))
                .collect(),
        }
    }

    /// The page as plain text, for the clipboard.
    pub fn text(&self) -> String {
        let lines = self.pieces.iter().map(|piece| match piece {
            Piece::Fact { label, words, .. } => format!("{label}: {words}"),
            Piece::Heading(words) | Piece::Words { words, .. } | Piece::Literal(words) => {
                words.clone()
            }
            Piece::Bar { label, share, .. } => {
                format!("{label}: {} of {}", share.part, share.whole)
            }
            Piece::Blank => String::new(),
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// One line of a page at some width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laid {
    /// Stands before the text, in the page's column of labels.
    pub label: String,
    pub text: String,
    pub role: Role,
    pub share: Option<Share>,
    /// The text begins at the left edge, not beside the labels.
    pub is_whole: bool,
}

/// A page at some width: its lines, and how wide the column of labels is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaidOut {
    pub lines: Vec<Laid>,
    pub labels: usize,
}

const LEAST_LABELS: usize = 11;
const MOST_LABELS: usize = 20;

impl Page {
    /// Breaks the page into lines of at most so many cells.
    pub fn lay_out(&self, room: usize) -> LaidOut {
        let widest = self.pieces.iter().map(|piece| match piece {
            Piece::Fact { label, .. } => text::width(label),
            Piece::Bar { label, .. } => text::width(label),
            _ => 0,
        });
        let labels = widest.max().unwrap_or(0).clamp(LEAST_LABELS, MOST_LABELS) + 2;
        let labels = labels.min(room / 2);
        let mut lines = Vec::new();
        for piece in &self.pieces {
            lay_piece(piece, room, labels, &mut lines);
        }
        LaidOut { lines, labels }
    }
}

fn lay_piece(piece: &Piece, room: usize, labels: usize, lines: &mut Vec<Laid>) {
    let whole = |text: String, role| Laid {
        label: String::new(),
        text,
        role,
        share: None,
        is_whole: true,
    };
    match piece {
        Piece::Fact { label, words, role } => {
            let mut label = (*label).to_owned();
            for text in text::wrap(words, room.saturating_sub(labels)) {
                lines.push(Laid {
                    label: std::mem::take(&mut label),
                    text,
                    role: *role,
                    share: None,
                    is_whole: false,
                });
            }
        }
        Piece::Heading(words) => lines.push(whole(words.clone(), Role::Strong)),
        Piece::Words { words, role } => {
            lines.extend(
                text::wrap(words, room)
                    .into_iter()
                    .map(|text| whole(text, *role)),
            );
        }
        Piece::Bar { label, share, role } => lines.push(Laid {
            label: label.clone(),
            text: share.part.to_string(),
            role: *role,
            share: Some(*share),
            is_whole: false,
        }),
        Piece::Literal(words) => lines.push(whole(words.clone(), Role::Text)),
        Piece::Blank => lines.push(whole(String::new(), Role::Text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_wrap_beside_their_label_and_headings_stand_alone() {
        let mut page = Page::default();
        page.heading("Files")
            .fact("From", "one two three four")
            .blank();
        let laid = page.lay_out(24);
        let texts: Vec<_> = laid
            .lines
            .iter()
            .map(|line| (line.label.as_str(), line.text.as_str()))
            .collect();
        assert_eq!(laid.labels, 12);
        assert_eq!(
            texts,
            [
                ("", "Files"),
                ("From", "one two"),
                ("", "three four"),
                ("", "")
            ]
        );
    }

    #[test]
    fn a_page_copies_as_text() {
        let mut page = Page::default();
        page.fact("Name", "7-Zip").bar(Role::Good, "Success", 3, 4);
        assert_eq!(page.text(), "Name: 7-Zip\nSuccess: 3 of 4");
    }
}
