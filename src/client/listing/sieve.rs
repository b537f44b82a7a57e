//! Filter words at work on lines that were read whole: thousands of lines for each key pressed.

use std::cmp::Reverse;

use jiff::civil::DateTime;
use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32String};

use super::Line;
use super::column::Reader;
use super::field::Form;
use super::filter_words::{FilterWords, Relation, Test, Word};
use super::operand::Operand;

/// What plain words are looked for in, in the form the matcher wants, made once when the lines arrive.
#[derive(Debug, Clone, Default)]
pub struct Index {
    texts: Vec<Texts>,
}

/// The texts of one line.
#[derive(Debug, Clone)]
struct Texts {
    /// What it is called: letters may stand apart in it.
    name: Utf32String,
    /// The same and what its columns of text show, a line each, so that no word reaches from one into the next. Letters
    /// far apart would fit nearly any of them: they must stand together. In small letters, because the matcher finds
    /// `7-zip` in no `7-Zip`: it looks at the case of what begins with two signs that are no letters.
    all: Utf32String,
}

impl Index {
    pub fn of<L: Line>(lines: &[L]) -> Self {
        let texts = |line: &L| {
            let name = format!("{} {}", line.name(), line.id());
            let all = format!("{name}\n{}", columns(line)).to_lowercase();
            Texts {
                name: Utf32String::from(name),
                all: Utf32String::from(all),
            }
        };
        Self {
            texts: lines.iter().map(texts).collect(),
        }
    }
}

/// What the columns of text show; not those for wide screens, which would keep lines for words nobody sees. A cell may say
/// its value shorter, or say more than it.
fn columns<L: Line>(line: &L) -> String {
    let columns = L::COLUMNS.iter();
    let columns = columns.filter(|column| column.form == Form::Text && !column.wide_only);
    let shown = columns.flat_map(|column| [column.value(line).shown(), column.cell(line)]);
    shown.collect::<Vec<_>>().join("\n")
}

/// One word, ready to be put to every line.
struct Mesh<L: 'static> {
    negated: bool,
    test: Tester<L>,
}

enum Tester<L: 'static> {
    /// Together anywhere; where there is the first, apart in the name.
    Letters(Option<Atom>, Atom),
    Field(Reader<L>, Relation, Operand),
}

impl FilterWords {
    /// Positions of the lines that every word keeps, in the order of the lines.
    ///
    /// A word about a field that does not exist keeps nothing; [`FilterWords::parse`] has refused it before.
    pub fn keep<L: Line>(&self, lines: &[L], index: &Index, now: DateTime) -> Vec<usize> {
        let mut matcher = Matcher::new(Config::DEFAULT);
        let meshes = self.meshes::<L>();
        (0..lines.len())
            .filter(|&i| score(&meshes, lines, index, i, now, &mut matcher).is_some())
            .collect()
    }

    /// The same, the closest match of the plain words first; for pickers.
    pub fn rank<L: Line>(&self, lines: &[L], index: &Index, now: DateTime) -> Vec<usize> {
        let mut matcher = Matcher::new(Config::DEFAULT);
        let meshes = self.meshes::<L>();
        let mut ranked: Vec<(usize, u32)> = (0..lines.len())
            .filter_map(|i| Some((i, score(&meshes, lines, index, i, now, &mut matcher)?)))
            .collect();
        ranked.sort_by_key(|&(_, score)| Reverse(score));
        ranked.into_iter().map(|(i, _)| i).collect()
    }

    fn meshes<L: Line>(&self) -> Vec<Mesh<L>> {
        self.words().iter().map(Mesh::new).collect()
    }
}

/// How well all words fit one line; `None` if one of them does not.
fn score<L: Line>(
    meshes: &[Mesh<L>],
    lines: &[L],
    index: &Index,
    i: usize,
    now: DateTime,
    matcher: &mut Matcher,
) -> Option<u32> {
    let (line, text) = (lines.get(i)?, index.texts.get(i)?);
    meshes.iter().try_fold(0, |sum, mesh| {
        let fit = match &mesh.test {
            Tester::Letters(apart, together) => {
                let in_name = apart.as_ref().and_then(|atom| {
                    let score = atom.score(text.name.slice(..), matcher);
                    score.map(u32::from)
                });
                // The name is what a line is looked for by: what stands elsewhere is never closer.
                in_name.or_else(|| together.score(text.all.slice(..), matcher).map(|_| 0))
            }
            Tester::Field(read, relation, operand) => {
                operand.holds(*relation, &read(line), now).then_some(0)
            }
        };
        match (fit, mesh.negated) {
            (Some(points), false) => Some(sum + points),
            (None, true) => Some(sum),
            _ => None,
        }
    })
}

impl<L: Line> Mesh<L> {
    fn new(word: &Word) -> Self {
        let atom = |text: &str, kind| {
            Atom::new(
                text,
                CaseMatching::Ignore,
                Normalization::Smart,
                kind,
                false,
            )
        };
        let together = |text: &str| atom(text, AtomKind::Substring);
        let test = match &word.test {
            // Turned round, letters in between would drop far too much.
            Test::Fuzzy(text) if word.negated => Tester::Letters(None, together(text)),
            Test::Fuzzy(text) => Tester::Letters(Some(atom(text, AtomKind::Fuzzy)), together(text)),
            Test::Exact(text) => Tester::Letters(None, together(text)),
            Test::Field {
                key,
                relation,
                operand,
            } => Self::field(key, *relation, operand),
        };
        // A value still being typed says nothing, turned round or not.
        let unsaid = matches!(&test, Tester::Field(_, _, Operand::Anything));
        Self {
            negated: word.negated && !unsaid,
            test,
        }
    }

    fn field(key: &str, relation: Relation, operand: &str) -> Tester<L> {
        let found =
            L::reader(key).and_then(|(form, read)| Some((read, Operand::read(operand, form)?)));
        match found {
            Some((read, operand)) => Tester::Field(read, relation, operand),
            None => Tester::Field(|_| super::FieldValue::Unknown, relation, Operand::Nothing),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::client::listing::ProgramLine;
    use crate::client::listing::beside::Beside;
    use crate::client::listing::sample::{Sample, samples};

    fn kept(words: &str) -> Vec<&'static str> {
        let lines = samples();
        let words = FilterWords::parse::<Sample>(words).unwrap();
        let now = date(2026, 11, 28).at(14, 0, 0, 0);
        words
            .keep(&lines, &Index::of(&lines), now)
            .into_iter()
            .map(|i| lines[i].name)
            .collect()
    }

    #[test]
    fn letters_are_looked_for_in_name_and_id() {
        assert_eq!(kept("plcs"), ["Pilot PCs"]);
        assert_eq!(kept("lab00031"), ["Old laptops"]);
        assert_eq!(
            kept(""),
            ["Pilot PCs", "Pilot laptops", "Old laptops", "All Systems"]
        );
    }

    #[test]
    fn every_column_of_text_that_is_shown_is_looked_in() {
        for kind in [
            programs("Install", "7-Zip 24.08"),
            programs("install", "7-ZIP 24.08"),
        ] {
            assert_eq!(kind("7-zip"), 1);
            assert_eq!(kind("msiexec"), 1, "the command");
            assert_eq!(kind("!7-zip"), 0);
            assert_eq!(kind("\"zip 24\""), 1);
            assert_eq!(
                kind("\"24.08 msiexec\""),
                0,
                "from one column into the next"
            );
            assert_eq!(kind("mxc"), 0, "letters apart are for names only");
        }
    }

    /// How many of one program are kept.
    fn programs(name: &str, package: &str) -> impl Fn(&str) -> usize + use<> {
        let row = serde_json::json!({
            "PackageID": "LAB0000C", "ProgramName": name, "PackageName": package,
            "CommandLine": "msiexec.exe /i x.msi", "ProgramFlags": 0,
        });
        let row = serde_json::from_value(row).unwrap();
        let lines = [ProgramLine::new(row, &Beside::default())];
        move |words| {
            let now = date(2026, 11, 28).at(14, 0, 0, 0);
            let words = FilterWords::parse::<ProgramLine>(words).unwrap();
            words.keep(&lines, &Index::of(&lines), now).len()
        }
    }

    #[test]
    fn all_words_must_hold() {
        assert_eq!(kept("pilot members>20"), ["Pilot PCs"]);
        assert_eq!(kept("pilot members>20 comment:none"), [""; 0]);
    }

    #[test]
    fn a_word_turned_round_drops_what_it_would_have_kept() {
        assert_eq!(kept("!pilot"), ["Old laptops", "All Systems"]);
        assert_eq!(
            kept("!members>20 !\"All S\""),
            ["Pilot laptops", "Old laptops"]
        );
    }

    #[test]
    fn what_is_still_being_typed_drops_nothing() {
        assert_eq!(kept("members> !comment:").len(), 4);
    }

    #[test]
    fn a_picker_shows_the_closest_name_first() {
        let lines = samples();
        let words = FilterWords::read("laptops");
        let now = date(2026, 11, 28).at(14, 0, 0, 0);
        let ranked = words.rank(&lines, &Index::of(&lines), now);
        assert_eq!(ranked.len(), 2);
    }
}
