//! A TOML file read with every fault located, and as much of it kept as can be understood.
//!
//! Keys are taken out of a [`Section`] one by one; what is left when it is finished is unknown, and the known key
//! nearest to it is named. Used by every file a person writes.

use std::ops::Range;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, DateTime};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, line_of, nearest};

/// How many broken lines are passed over before a file is given up.
const MENDS: usize = 50;

/// The text of a file, its lines that are no TOML blanked out and reported.
#[derive(Debug)]
pub struct TomlText {
    path: PathBuf,
    text: String,
    faults: Vec<Fault>,
}

/// A file being read, and the faults found in it so far.
#[derive(Debug)]
pub struct TomlFile<'t> {
    path: &'t Path,
    text: &'t str,
    faults: Vec<Fault>,
}

/// One table of a file, from which known keys are taken.
#[derive(Debug)]
pub struct Section<'t> {
    /// As a person would write it: `[site.prod]`, or empty for the top of the file.
    name: String,
    table: DeTable<'t>,
    span: Range<usize>,
    known: Vec<&'static str>,
}

impl TomlText {
    /// Finds the lines that break the grammar. The parser's own recovery loses what follows a broken line, so the line
    /// is blanked and the text read again.
    pub fn new(path: &Path, text: &str) -> Self {
        let mut mended = Self {
            path: path.to_owned(),
            text: text.to_owned(),
            faults: Vec::new(),
        };
        for _ in 0..MENDS {
            let Err(error) = DeTable::parse(&mended.text) else {
                return mended;
            };
            mended.pass_over(error.span().unwrap_or(0..0), error.message());
        }
        mended.text.clear();
        mended
    }

    /// Blanks the lines a fault covers; every other byte keeps its place.
    fn pass_over(&mut self, at: Range<usize>, message: &str) {
        let length = self.text.len();
        let start = self.text.floor_char_boundary(at.start);
        let end = self.text.ceil_char_boundary(at.end.clamp(start, length));
        let start_of_line = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let end_of_line = self.text[end..].find('\n').map_or(length, |at| end + at);
        let blank: String = self.text[start_of_line..end_of_line]
            .bytes()
            .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
            .collect();
        self.faults.push(Fault {
            file: self.path.clone(),
            line: Some(line_of(&self.text, start)),
            what: message.trim().replace('\n', ", "),
            way_out: "correct this line".into(),
        });
        self.text.replace_range(start_of_line..end_of_line, &blank);
    }

    /// Begins to read the file at its top.
    pub fn read(&self) -> (TomlFile<'_>, Section<'_>) {
        let file = TomlFile {
            path: &self.path,
            text: &self.text,
            faults: self.faults.clone(),
        };
        let section = Section {
            name: String::new(),
            span: 0..0,
            // What is left parses; a file given up is an empty one.
            table: DeTable::parse(&self.text).map_or_else(|_| DeTable::new(), Spanned::into_inner),
            known: Vec::new(),
        };
        (file, section)
    }
}

impl TomlFile<'_> {
    /// Notes a fault at a place of the text.
    pub fn fault(&mut self, at: Range<usize>, what: impl Into<String>, way_out: impl Into<String>) {
        self.faults.push(Fault {
            file: self.path.to_owned(),
            line: Some(line_of(self.text, at.start)),
            what: what.into(),
            way_out: way_out.into(),
        });
    }

    /// How much was wrong so far.
    pub fn fault_count(&self) -> usize {
        self.faults.len()
    }

    /// What was wrong, in the order of the file.
    pub fn into_faults(mut self) -> Vec<Fault> {
        self.faults.sort_by_key(|fault| fault.line);
        self.faults
    }
}

impl<'t> Section<'t> {
    /// Where the table stands in the text.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Whether the key is there; it stays.
    pub fn has(&self, key: &str) -> bool {
        self.table.keys().any(|known| known.get_ref() == key)
    }

    /// A key's value and its place, whatever its type.
    pub fn take(&mut self, key: &'static str) -> Option<Spanned<DeValue<'t>>> {
        self.known.push(key);
        self.table.remove(key)
    }

    pub fn text(&mut self, file: &mut TomlFile<'_>, key: &'static str) -> Option<Spanned<String>> {
        let value = self.take(key)?;
        let span = value.span();
        match value.into_inner() {
            DeValue::String(text) => Some(Spanned::new(span, text.into_owned())),
            _ => wrong(file, span, key, "a text", &format!("{key} = \"...\"")),
        }
    }

    pub fn texts(&mut self, file: &mut TomlFile<'_>, key: &'static str) -> Option<Vec<String>> {
        let value = self.take(key)?;
        let span = value.span();
        let example = format!("{key} = [\"...\", \"...\"]");
        let DeValue::Array(entries) = value.into_inner() else {
            return wrong(file, span, key, "a list of texts", &example);
        };
        let texts = entries.into_iter().map(|entry| match entry.into_inner() {
            DeValue::String(text) => Some(text.into_owned()),
            _ => None,
        });
        match texts.collect() {
            Some(texts) => Some(texts),
            None => wrong(file, span, key, "a list of texts", &example),
        }
    }

    pub fn truth(&mut self, file: &mut TomlFile<'_>, key: &'static str) -> Option<bool> {
        let value = self.take(key)?;
        match value.get_ref() {
            DeValue::Boolean(truth) => Some(*truth),
            _ => wrong(
                file,
                value.span(),
                key,
                "true or false",
                &format!("{key} = true"),
            ),
        }
    }

    pub fn number(&mut self, file: &mut TomlFile<'_>, key: &'static str) -> Option<u64> {
        let value = self.take(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        let wanted = "a number that is not negative";
        number.or_else(|| wrong(file, value.span(), key, wanted, &format!("{key} = 100")))
    }

    /// One of a few words.
    pub fn choice<T: Copy>(
        &mut self,
        file: &mut TomlFile<'_>,
        key: &'static str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let value = self.text(file, key)?;
        let said = value.get_ref();
        if let Some((_, choice)) = words.iter().find(|(word, _)| word == said) {
            return Some(*choice);
        }
        let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        let way_out = format!("say one of {}", known.join(", "));
        file.fault(value.span(), format!("`{key}` is \"{said}\""), way_out);
        None
    }

    /// A date, or a date and time without a zone; also written as a text.
    pub fn moment(&mut self, file: &mut TomlFile<'_>, key: &'static str) -> Option<DateTime> {
        let value = self.take(key)?;
        let moment = match value.get_ref() {
            DeValue::Datetime(moment) if moment.offset.is_none() => {
                parse_moment(&moment.to_string())
            }
            DeValue::String(text) => parse_moment(text),
            _ => None,
        };
        let wanted = "a date, or a date and time without a zone";
        let example = format!("{key} = 2026-12-01T08:00");
        moment.or_else(|| wrong(file, value.span(), key, wanted, &example))
    }

    /// A table of this one.
    pub fn section(&mut self, file: &mut TomlFile<'_>, key: &'static str) -> Option<Section<'t>> {
        let value = self.take(key)?;
        let name = self.name_of(key);
        as_section(file, name, value)
    }

    /// A list of tables.
    pub fn sections(
        &mut self,
        file: &mut TomlFile<'_>,
        key: &'static str,
    ) -> Option<Vec<Section<'t>>> {
        let value = self.take(key)?;
        let span = value.span();
        let name = self.name_of(key);
        match value.into_inner() {
            DeValue::Array(entries) => Some(
                entries
                    .into_iter()
                    .filter_map(|entry| as_section(file, name.clone(), entry))
                    .collect(),
            ),
            _ => wrong(
                file,
                span,
                key,
                "a list of tables",
                &format!("{key} = [{{ ... }}]"),
            ),
        }
    }

    /// All tables of this one, by names the person chose, with the place of each name.
    pub fn named_sections(
        &mut self,
        file: &mut TomlFile<'_>,
    ) -> Vec<(Spanned<String>, Section<'t>)> {
        std::mem::take(&mut self.table)
            .into_iter()
            .filter_map(|(key, value)| {
                let span = key.span();
                let key = key.into_inner().into_owned();
                let section = as_section(file, self.name_of(&key), value)?;
                Some((Spanned::new(span, key), section))
            })
            .collect()
    }

    /// Ends the reading of this table: every key not taken is unknown.
    pub fn finish(self, file: &mut TomlFile<'_>) {
        for key in self.table.keys() {
            let word = key.get_ref();
            let place = match self.name.as_str() {
                "" => String::new(),
                name => format!(" in [{name}]"),
            };
            let way_out = match nearest(word, self.known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known here: {}", self.known.join(", ")),
            };
            file.fault(key.span(), format!("unknown key `{word}`{place}"), way_out);
        }
    }

    fn name_of(&self, key: &str) -> String {
        match self.name.as_str() {
            "" => key.to_owned(),
            name => format!("{name}.{key}"),
        }
    }
}

fn as_section<'t>(
    file: &mut TomlFile<'_>,
    name: String,
    value: Spanned<DeValue<'t>>,
) -> Option<Section<'t>> {
    let span = value.span();
    let DeValue::Table(table) = value.into_inner() else {
        let what = format!("`{name}` is not a table");
        file.fault(span, what, format!("write [{name}] and its keys below"));
        return None;
    };
    Some(Section {
        name,
        table,
        span,
        known: Vec::new(),
    })
}

fn wrong<T>(
    file: &mut TomlFile<'_>,
    span: Range<usize>,
    key: &str,
    wanted: &str,
    example: &str,
) -> Option<T> {
    let what = format!("`{key}` must be {wanted}");
    file.fault(span, what, format!("write it as {example}"));
    None
}

/// A moment on the wall clock; a date alone is its first moment. Nothing with a zone.
pub fn parse_moment(text: &str) -> Option<DateTime> {
    let text = text.trim();
    let behind_date = text.get(10..).unwrap_or_default();
    if behind_date.contains(['Z', 'z', '+', '-', '[']) {
        return None;
    }
    text.parse::<DateTime>()
        .or_else(|_| text.parse::<Date>().map(|date| date.at(0, 0, 0, 0)))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults_of(text: &str) -> Vec<Option<usize>> {
        let text = TomlText::new(Path::new("f.toml"), text);
        let (file, _) = text.read();
        file.into_faults().iter().map(|fault| fault.line).collect()
    }

    #[test]
    fn every_broken_line_is_reported_once() {
        assert_eq!(
            faults_of("a = 1\n= 2\nb = \nc = 3\n\"ä"),
            [Some(2), Some(3), Some(5)]
        );
        assert_eq!(faults_of("a = 1\na = 2\n"), [Some(2)], "a repeated key");
    }

    #[test]
    fn a_file_that_is_no_toml_at_all_ends() {
        let faults = faults_of(&"%PDF-1.4 garbage\n".repeat(500));
        assert_eq!(faults.len(), MENDS);
    }

    #[test]
    fn moments_have_no_zone() {
        assert!(parse_moment("2026-12-01T08:00").is_some());
        assert!(parse_moment("2026-12-01 08:00:30").is_some());
        assert!(parse_moment("2026-12-01").is_some());
        assert!(parse_moment("2026-12-01T08:00Z").is_none());
        assert!(parse_moment("2026-12-01T08:00+01:00").is_none());
    }
}
