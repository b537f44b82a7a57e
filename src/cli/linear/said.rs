//! What was typed at a question: an answer, or one of the few words that steer. Pure.

/// One line of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Nothing: what holds is right.
    Enter,
    /// Explain the question.
    Help,
    /// To the question before.
    Back,
    /// Ask the further settings of this step too.
    More,
    /// Take the answer back.
    Nothing,
    /// Leave; the draft is kept.
    Quit,
    Text(String),
}

impl Said {
    /// Reads a line. What is meant literally and looks like one of the words has `=` before it.
    pub fn read(line: &str) -> Self {
        let line = line.trim();
        if let Some(literal) = line.strip_prefix('=') {
            return Self::Text(literal.trim_start().to_owned());
        }
        match line.to_lowercase().as_str() {
            "" => Self::Enter,
            "?" => Self::Help,
            "<" | "back" => Self::Back,
            "more" => Self::More,
            "-" => Self::Nothing,
            "quit" => Self::Quit,
            _ => Self::Text(line.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_few_words_steer_and_all_else_is_an_answer() {
        for (line, said) in [
            ("", Said::Enter),
            ("  ", Said::Enter),
            (" ? ", Said::Help),
            ("<", Said::Back),
            ("Back", Said::Back),
            ("more", Said::More),
            ("-", Said::Nothing),
            ("quit", Said::Quit),
            ("7-Zip", Said::Text("7-Zip".into())),
            ("more of it", Said::Text("more of it".into())),
        ] {
            assert_eq!(Said::read(line), said, "{line:?}");
        }
    }

    #[test]
    fn a_word_that_is_meant_as_an_answer_can_be_given() {
        assert_eq!(Said::read("=back"), Said::Text("back".into()));
        assert_eq!(Said::read("=?"), Said::Text("?".into()));
        assert_eq!(Said::read("=="), Said::Text("=".into()));
    }
}
