//! Filter words: what is typed after `/` in a pane and after `--filter` on the command line.
//!
//! | word | keeps |
//! |---|---|
//! | `pilot` | lines whose name or id holds these letters in this order, nearly together, or where any column of text holds the word |
//! | `"Pilot PCs"` | lines where any of these holds exactly this |
//! | `field:value` | lines whose field holds the value; `none` means it holds nothing |
//! | `field>n` `field<n` `field>=n` `field<=n` | lines whose field is above or below |
//! | `!word` | what the word would drop |
//!
//! All words must hold. Reading never fails, printing gives words that read back the same; whether the fields exist and
//! the values fit is a second step, because it depends on the kind. Applying them is in `sieve`, turning them into a
//! question for the site in `ask`.

use std::fmt;

use thiserror::Error;

use super::Line;
use super::field::Form;
use super::kind::Called;
use super::operand::Operand;
use crate::config::fault::instead_of;

/// Words that must all hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FilterWords {
    words: Vec<Word>,
}

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub negated: bool,
    pub test: Test,
}

/// What a word asks of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    Fuzzy(String),
    Exact(String),
    Field {
        key: String,
        relation: Relation,
        /// As typed; empty while it is still being typed, and then it holds for every line.
        operand: String,
    },
}

/// How a field stands to the value beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    Holds,
    Above,
    Below,
    AtLeast,
    AtMost,
}

/// A word that makes no sense for this kind of line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WordError {
    #[error("{kind} have no field '{field}'; {instead}")]
    UnknownField {
        kind: &'static str,
        field: String,
        /// The nearest, else all there are.
        instead: String,
    },
    #[error("'{operand}' does not fit {field}: write {expected}")]
    Unfit {
        field: &'static str,
        operand: String,
        expected: &'static str,
    },
    /// The site has no way to answer it; only lists that are read whole can.
    #[error("{kind} cannot be asked for {word}")]
    NotAskable { kind: &'static str, word: String },
}

impl FilterWords {
    /// Reads words without asking what they are about.
    pub fn read(text: &str) -> Self {
        Self {
            words: tokens(text).filter_map(Word::read).collect(),
        }
    }

    /// Reads words about lines of one kind; an unknown field or unfit value is an error.
    pub fn parse<L: Line>(text: &str) -> Result<Self, WordError> {
        let words = Self::read(text);
        words.check(L::CALLED, &fields::<L>())?;
        Ok(words)
    }

    /// Whether every field exists and every value fits its field.
    pub fn check(&self, called: Called, known: &[(&'static str, Form)]) -> Result<(), WordError> {
        for word in &self.words {
            if let Test::Field { key, operand, .. } = &word.test {
                let (field, form) = known_field(called, known, key)?;
                Operand::read(operand, form).ok_or_else(|| WordError::Unfit {
                    field,
                    operand: operand.clone(),
                    expected: Operand::expected(form),
                })?;
            }
        }
        Ok(())
    }

    /// These words and those as well.
    #[must_use]
    pub fn and(&self, others: &Self) -> Self {
        let words = self.words.iter().chain(&others.words);
        Self {
            words: words.cloned().collect(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether a word names no field.
    pub fn has_plain(&self) -> bool {
        let mut tests = self.words.iter().map(|word| &word.test);
        tests.any(|test| !matches!(test, Test::Field { .. }))
    }

    pub fn words(&self) -> &[Word] {
        &self.words
    }
}

/// Keys and forms of everything lines of a kind can be filtered on.
pub fn fields<L: Line>() -> Vec<(&'static str, Form)> {
    let columns = L::COLUMNS.iter().map(|column| (column.key, column.form));
    let others = L::FIELDS.iter().map(|field| (field.key, field.form));
    columns.chain(others).collect()
}

/// The field of this name, or the nearest one as an error.
pub(super) fn known_field(
    called: Called,
    known: &[(&'static str, Form)],
    key: &str,
) -> Result<(&'static str, Form), WordError> {
    known
        .iter()
        .find(|(name, _)| *name == key)
        .copied()
        .ok_or_else(|| WordError::UnknownField {
            kind: called.several,
            field: key.to_owned(),
            instead: instead_of(key, known.iter().map(|(name, _)| *name)),
        })
}

/// Splits at blanks that stand outside quotes. A quote left open runs to the end: it is still being typed.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text.trim_start();
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut quoted = false;
        let end = rest
            .find(|c: char| {
                quoted ^= c == '"';
                !quoted && c.is_whitespace()
            })
            .unwrap_or(rest.len());
        let (token, after) = rest.split_at(end);
        rest = after.trim_start();
        Some(token)
    })
}

impl Word {
    /// Reads one token; `None` where nothing is said yet (`!`, `""`).
    fn read(token: &str) -> Option<Self> {
        let (negated, body) = match token.strip_prefix('!') {
            Some(body) => (true, body),
            None => (false, token),
        };
        let test = if let Some((key, relation, operand)) = split_field(body) {
            Test::Field {
                key: key.to_lowercase(),
                relation,
                operand: unquoted(operand),
            }
        } else {
            let text = unquoted(body);
            if text.is_empty() {
                return None;
            }
            if body.contains('"') || text.starts_with('!') {
                Test::Exact(text)
            } else {
                Test::Fuzzy(text)
            }
        };
        Some(Self { negated, test })
    }
}

/// Longer signs first, so that `>=` is not read as `>`.
const SIGNS: [(&str, Relation); 5] = [
    (">=", Relation::AtLeast),
    ("<=", Relation::AtMost),
    (">", Relation::Above),
    ("<", Relation::Below),
    (":", Relation::Holds),
];

/// Splits `key>=value` at its first sign, if what stands before it can be a field's name.
fn split_field(body: &str) -> Option<(&str, Relation, &str)> {
    let at = body.find([':', '>', '<', '"'])?;
    let (key, rest) = body.split_at(at);
    let named = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if !named {
        return None;
    }
    SIGNS
        .into_iter()
        .find_map(|(sign, relation)| Some((key, relation, rest.strip_prefix(sign)?)))
}

/// The text without its quotes; inside them a doubled quote stands for one.
fn unquoted(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut inside = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if c != '"' {
            plain.push(c);
        } else if inside && characters.next_if_eq(&'"').is_some() {
            plain.push('"');
        } else {
            inside = !inside;
        }
    }
    plain
}

impl fmt::Display for FilterWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, word) in self.words.iter().enumerate() {
            if i > 0 {
                f.write_str(" ")?;
            }
            word.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negated {
            f.write_str("!")?;
        }
        match &self.test {
            Test::Fuzzy(text) => f.write_str(text),
            Test::Exact(text) => write!(f, "{}", Quoted(text)),
            Test::Field {
                key,
                relation,
                operand,
            } => {
                write!(f, "{key}{}", relation.sign())?;
                let bare = !operand.contains(|c: char| c == '"' || c.is_whitespace())
                    && !operand.starts_with('=');
                if bare {
                    f.write_str(operand)
                } else {
                    write!(f, "{}", Quoted(operand))
                }
            }
        }
    }
}

struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.replace('"', "\"\""))
    }
}

impl Relation {
    const fn sign(self) -> &'static str {
        match self {
            Self::Holds => ":",
            Self::Above => ">",
            Self::Below => "<",
            Self::AtLeast => ">=",
            Self::AtMost => "<=",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::client::listing::Kind;

    fn word(text: &str) -> Word {
        let words = FilterWords::read(text);
        assert_eq!(words.words.len(), 1, "{text}");
        words.words[0].clone()
    }

    fn field(key: &str, relation: Relation, operand: &str) -> Test {
        Test::Field {
            key: key.to_owned(),
            relation,
            operand: operand.to_owned(),
        }
    }

    #[test]
    fn words_are_told_apart() {
        assert_eq!(word("pilot").test, Test::Fuzzy("pilot".into()));
        assert_eq!(word("\"Pilot PCs\"").test, Test::Exact("Pilot PCs".into()));
        assert_eq!(
            word("maker:igor").test,
            field("maker", Relation::Holds, "igor")
        );
        assert_eq!(word("Errors>0").test, field("errors", Relation::Above, "0"));
        assert_eq!(
            word("size<=5MB").test,
            field("size", Relation::AtMost, "5MB")
        );
        assert_eq!(
            word("collection:\"Pilot PCs\"").test,
            field("collection", Relation::Holds, "Pilot PCs")
        );
    }

    #[test]
    fn an_exclamation_mark_turns_any_word_round() {
        assert!(word("!pilot").negated);
        assert_eq!(
            word("!purpose:required"),
            Word {
                negated: true,
                test: field("purpose", Relation::Holds, "required")
            }
        );
    }

    #[test]
    fn what_is_still_being_typed_is_no_error() {
        assert!(FilterWords::read(" ! \"\" ").is_empty());
        assert_eq!(word("maker:").test, field("maker", Relation::Holds, ""));
        assert_eq!(word("\"Pilot P").test, Test::Exact("Pilot P".into()));
    }

    #[test]
    fn a_sign_after_something_that_is_no_name_is_plain_text() {
        assert_eq!(word("24.08:x").test, Test::Fuzzy("24.08:x".into()));
        assert_eq!(word("\"maker:x\"").test, Test::Exact("maker:x".into()));
    }

    #[test]
    fn an_unknown_field_names_the_nearest() {
        let known = [
            ("name", Form::Text),
            ("version", Form::Text),
            ("errors", Form::Number),
        ];
        let check = |text: &str| FilterWords::read(text).check(Kind::Points.called(), &known);
        assert_eq!(
            check("verison:3").unwrap_err().to_string(),
            "distribution points have no field 'verison'; did you mean 'version'?"
        );
        assert_eq!(
            check("colour:red").unwrap_err().to_string(),
            "distribution points have no field 'colour'; there are name, version, errors"
        );
        assert_eq!(
            check("errors>many").unwrap_err().to_string(),
            "'many' does not fit errors: write a number"
        );
        assert_eq!(check("errors>3 pilot name:x errors:"), Ok(()));
    }

    proptest! {
        #[test]
        fn printed_words_read_back_the_same(text in "[ -~äß\\t]{0,40}") {
            let words = FilterWords::read(&text);
            prop_assert_eq!(FilterWords::read(&words.to_string()), words);
        }

        #[test]
        fn printed_fields_read_back_the_same(
            key in "[a-z][a-z0-9_-]{0,8}", operand in "[ -~]{0,12}", negated: bool, sign in 0usize..5
        ) {
            let relation = [Relation::Holds, Relation::Above, Relation::Below, Relation::AtLeast, Relation::AtMost][sign];
            let words = FilterWords { words: vec![Word { negated, test: Test::Field { key, relation, operand } }] };
            prop_assert_eq!(FilterWords::read(&words.to_string()), words);
        }
    }
}
