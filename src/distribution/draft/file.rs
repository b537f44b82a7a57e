//! A distribution file: a draft as TOML, read with every fault located and printed as a person would write it.
//!
//! The keys are the paths of the fields, so reading and printing go through the table of fields alone.

use std::fmt;
use std::path::{Path, absolute};

use jiff::Zoned;
use strum::IntoEnumIterator;
use toml::de::DeValue;

use super::Draft;
use super::choice::Choice;
use super::value::{RunTime, Value};
use super::when::{UsualHour, When};
use crate::config::Fault;
use crate::config::fault::nearest;
use crate::config::toml_file::{Section, TomlFile, TomlText};
use crate::distribution::field::{Control, FieldId, Step, fields};

/// Everything wrong in one distribution file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    /// One fault a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

impl Draft {
    /// Reads a distribution file. A relative source folder is meant from where the file is.
    pub fn read_file(path: &Path, now: &Zoned) -> Result<Self, Faults> {
        let unreadable = |reason: String, way_out: &str| {
            let fault = Fault {
                file: path.into(),
                line: None,
                what: reason,
                way_out: way_out.into(),
            };
            Faults(vec![fault])
        };
        let bytes = std::fs::read(path).map_err(|error| {
            unreadable(
                format!("cannot be read: {error}"),
                "check its name and your right to read it",
            )
        })?;
        let text = String::from_utf8(bytes)
            .map_err(|_| unreadable("is not UTF-8 text".into(), "save it as UTF-8"))?;
        let (mut draft, faults) = Self::parse(path, &text, now);
        if !faults.is_empty() {
            return Err(Faults(faults));
        }
        let whole =
            absolute(path).map_err(|error| unreadable(error.to_string(), "give its full path"))?;
        draft.root_source(whole.parent().unwrap_or(Path::new("/")));
        Ok(draft)
    }

    /// Reads a text as the distribution file at that path: what could be understood, and everything that could not.
    ///
    /// Words of time (`tonight 22:00`) are meant from `now`.
    pub fn parse(path: &Path, text: &str, now: &Zoned) -> (Self, Vec<Fault>) {
        let text = TomlText::new(path, text);
        let (mut file, mut top) = text.read();
        let mut draft = Self {
            site: top.text(&mut file, "site").map(toml::Spanned::into_inner),
            ..Self::default()
        };
        for step in [
            Step::Start,
            Step::Package,
            Step::Program,
            Step::Collection,
            Step::DistributionPoints,
            Step::Advertisement,
        ] {
            if let Some(mut section) = top.section(&mut file, step.section()) {
                draft.read_section(step, &mut section, &mut file, now);
                section.finish(&mut file);
            }
        }
        top.finish(&mut file);
        (draft, file.into_faults())
    }

    fn read_section(
        &mut self,
        step: Step,
        section: &mut Section<'_>,
        file: &mut TomlFile<'_>,
        now: &Zoned,
    ) {
        let stored = step
            .fields()
            .map(|field| field.id)
            .filter(|id| id.is_stored());
        // Words of time need to know their clock, so it is read first.
        let mut ids: Vec<FieldId> = stored.collect();
        ids.sort_by_key(|id| *id != FieldId::AdvertisementUtc);
        for id in &ids {
            if let Some(value) = self.read_value(*id, section, file, now) {
                // The value is of the field's kind, so it always fits.
                let _ = self.place(*id, Some(&value));
            }
        }
        let known: Vec<&str> = ids.iter().map(|id| id.key()).collect();
        for stray in FieldId::iter().filter(|id| id.is_stored() && !known.contains(&id.key())) {
            if let Some(value) = section
                .has(stray.key())
                .then(|| section.take(stray.key()))
                .flatten()
            {
                let what = format!("`{}` does not belong in [{}]", stray.key(), step.section());
                file.fault(
                    value.span(),
                    what,
                    format!("write it below [{}]", stray.step().section()),
                );
            }
        }
    }

    fn read_value(
        &self,
        id: FieldId,
        section: &mut Section<'_>,
        file: &mut TomlFile<'_>,
        now: &Zoned,
    ) -> Option<Value> {
        let key = id.key();
        match id.field().control {
            Control::Text { .. } | Control::Path { .. } | Control::Query | Control::Pick(_) => {
                section
                    .text(file, key)
                    .map(|text| Value::Text(text.into_inner()))
            }
            Control::Switch => section.truth(file, key).map(Value::Flag),
            Control::List | Control::PickMany(_) => section.texts(file, key).map(Value::List),
            Control::Number { .. } => {
                let number = section.number(file, key)?;
                Some(Value::Number(u32::try_from(number).unwrap_or(u32::MAX)))
            }
            Control::RunTime => read_run_time(key, section, file),
            Control::Choice(choices) => {
                let text = section.text(file, key)?;
                choose(key, choices, text.get_ref(), text.span(), file).map(Value::from)
            }
            Control::Several(choices) => read_several(key, choices, section, file),
            Control::Moment { usual_hour } => self.read_moment(id, usual_hour, section, file, now),
        }
    }

    fn read_moment(
        &self,
        id: FieldId,
        usual_hour: i8,
        section: &mut Section<'_>,
        file: &mut TomlFile<'_>,
        now: &Zoned,
    ) -> Option<Value> {
        let value = section.take(id.key())?;
        let said = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(moment) => moment.to_string(),
            _ => {
                let what = format!("`{}` must be a date and time", id.key());
                file.fault(
                    value.span(),
                    what,
                    format!("write it as {} = \"2026-12-01T20:00\"", id.key()),
                );
                return None;
            }
        };
        match When::parse(&said, self.clock(now), UsualHour(usual_hour)) {
            Ok(when) => Some(Value::Moment(when)),
            Err(error) => {
                file.fault(
                    value.span(),
                    format!("`{}`: {}", id.key(), error.what()),
                    When::FORMS,
                );
                None
            }
        }
    }
}

impl fmt::Display for Draft {
    /// The draft as a distribution file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = None;
        if let Some(site) = &self.site {
            writeln!(f, "site = {}", quoted(site))?;
            last = Some(Step::Review);
        }
        let stored = fields().map(|field| field.id).filter(|id| id.is_stored());
        for (id, value) in stored.filter_map(|id| Some((id, self.get(id)?))) {
            if last != Some(id.step()) {
                let space = if last.is_none() { "" } else { "\n" };
                writeln!(f, "{space}[{}]", id.step().section())?;
                last = Some(id.step());
            }
            writeln!(f, "{} = {}", id.key(), printed(&value))?;
        }
        Ok(())
    }
}

fn read_run_time(
    key: &'static str,
    section: &mut Section<'_>,
    file: &mut TomlFile<'_>,
) -> Option<Value> {
    let value = section.take(key)?;
    let number = match value.get_ref() {
        DeValue::Integer(number) => u32::from_str_radix(number.as_str(), number.radix()).ok(),
        DeValue::String(text) if *text == RunTime::UNKNOWN => return Some(RunTime::UNKNOWN.into()),
        _ => None,
    };
    if number.is_none() {
        let what = format!("`{key}` must be a whole number of minutes, or \"unknown\"");
        file.fault(value.span(), what, format!("write it as {key} = 60"));
    }
    number.map(Value::Number)
}

/// One word, or a list of them.
fn read_several(
    key: &'static str,
    choices: &[Choice],
    section: &mut Section<'_>,
    file: &mut TomlFile<'_>,
) -> Option<Value> {
    let value = section.take(key)?;
    let span = value.span();
    let entries = match value.into_inner() {
        DeValue::Array(entries) => entries,
        one => [toml::Spanned::new(span.clone(), one)]
            .into_iter()
            .collect(),
    };
    let mut words = Vec::new();
    for entry in entries {
        let DeValue::String(text) = entry.get_ref() else {
            file.fault(
                entry.span(),
                format!("`{key}` must be words"),
                format!("write it as {key} = [\"time\"]"),
            );
            return None;
        };
        words.push(choose(key, choices, text, entry.span(), file)?.to_owned());
    }
    Some(Value::List(words))
}

fn choose(
    key: &str,
    choices: &[Choice],
    said: &str,
    span: std::ops::Range<usize>,
    file: &mut TomlFile<'_>,
) -> Option<&'static str> {
    let words = || choices.iter().map(|choice| choice.word);
    let found = words().find(|word| *word == said);
    if found.is_none() {
        let way_out = match nearest(said, words()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("say one of {}", words().collect::<Vec<_>>().join(", ")),
        };
        file.fault(span, format!("`{key}` is \"{said}\""), way_out);
    }
    found
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn printed(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Moment(when) => quoted(&when.to_string()),
        Value::List(entries) => {
            let entries: Vec<String> = entries.iter().map(|entry| quoted(entry)).collect();
            format!("[{}]", entries.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::distribution::draft::{CollectionOrigin, Purpose, RunWhen, Wait};

    fn now() -> Zoned {
        "2026-11-25T14:02:00[UTC]".parse().unwrap()
    }

    fn parse(text: &str) -> (Draft, Vec<String>) {
        let (draft, faults) = Draft::parse(Path::new("line-tool.toml"), text, &now());
        (draft, faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_example_of_the_book_is_read() {
        let (draft, faults) = parse(include_str!("../../../assets/examples/line-tool.toml"));
        assert_eq!(faults, [""; 0]);
        assert_eq!(draft.package.name.as_deref(), Some("Line Tool"));
        assert!(draft.has_source());
        assert_eq!(draft.run_when(), RunWhen::Any);
        assert_eq!(draft.max_minutes(), RunTime::Minutes(60));
        assert_eq!(draft.collection_origin(), CollectionOrigin::Existing);
        assert_eq!(draft.wait(), Wait::One);
        assert_eq!(draft.purpose(), Purpose::Required);
        assert_eq!(
            draft.deadline().map(|when| when.to_string()),
            Some("2026-11-26T20:00".into())
        );
    }

    #[test]
    fn every_fault_is_told_with_its_line_and_the_rest_still_counts() {
        let (draft, faults) = parse(
            "[packge]\nname = \"x\"\n[package]\nname = \"Line Tool\"\nverison = \"3.1\"\nsource = 3\n\
             [program]\nrun_when = \"users\"\nmax_minutes = \"long\"\n[collection]\ndeadline = \"now\"\n\
             [advertisement]\ndeadline = \"soon\"\navailable = 2026-12-01T08:00:00Z\ntrigger = [\"time\", \"login\"]\n",
        );
        assert_eq!(draft.package.name.as_deref(), Some("Line Tool"));
        let expected = [
            "line-tool.toml:1: unknown key `packge`; did you mean `package`?",
            "line-tool.toml:5: unknown key `verison` in [package]; did you mean `version`?",
            "line-tool.toml:6: `source` must be a text; write it as source = \"...\"",
            "line-tool.toml:8: `run_when` is \"users\"; did you mean \"user\"?",
            "line-tool.toml:9: `max_minutes` must be a whole number of minutes, or \"unknown\"; write it as max_minutes = 60",
            "line-tool.toml:11: `deadline` does not belong in [collection]; write it below [advertisement]",
            "line-tool.toml:13: `deadline`: 'soon' is not a time; write 2026-11-30 20:00, or now, +4h, tonight 22:00, tomorrow 08:00, sat 02:00",
            "line-tool.toml:14: `available`: '2026-12-01T08:00:00Z' is not a time: leave the Z away and set utc; write 2026-11-30 20:00, or now, +4h, tonight 22:00, tomorrow 08:00, sat 02:00",
            "line-tool.toml:15: `trigger` is \"login\"; say one of time, asap, sign-in, sign-out",
        ];
        assert_eq!(faults, expected);
    }

    #[test]
    fn words_of_time_are_meant_in_the_clock_of_the_file() {
        let now: Zoned = "2026-11-25T23:30:00+01:00[Europe/Berlin]".parse().unwrap();
        let deadline = |utc: bool| {
            let text = format!("[advertisement]\ndeadline = \"+1h\"\nutc = {utc}\n");
            let (draft, _) = Draft::parse(Path::new("x.toml"), &text, &now);
            draft.advertisement.deadline.map(|when| when.to_string())
        };
        assert_eq!(deadline(false), Some("2026-11-26T00:30".into()));
        assert_eq!(deadline(true), Some("2026-11-25T23:30".into()));
    }

    #[test]
    fn one_trigger_needs_no_list() {
        let (draft, faults) = parse("[advertisement]\ntrigger = \"asap\"\n");
        assert_eq!(
            (draft.advertisement.trigger, faults.len()),
            (Some(vec!["asap".into()]), 0)
        );
    }

    #[test]
    fn an_offer_with_a_deadline_is_read_as_it_stands() {
        let (draft, faults) =
            parse("[advertisement]\ndeadline = \"2026-12-01T20:00\"\npurpose = \"available\"\n");
        assert_eq!(faults.len(), 0);
        assert!(draft.advertisement.deadline.is_some());
    }

    #[test]
    fn a_file_that_is_not_there_says_so() {
        let error = Draft::read_file(Path::new("/nowhere/x.toml"), &now()).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("/nowhere/x.toml: cannot be read:"),
            "{error}"
        );
    }

    #[test]
    fn a_relative_source_is_meant_from_where_the_file_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.toml");
        std::fs::write(&path, "[package]\nname = \"x\"\nsource = \"./files\"\n").unwrap();
        let draft = Draft::read_file(&path, &now()).unwrap();
        assert_eq!(
            draft.package.source,
            Some(folder.path().join("files").display().to_string())
        );
    }

    fn value_of(control: Control) -> BoxedStrategy<Value> {
        let words = |choices: &'static [Choice]| {
            prop::sample::select(choices).prop_map(|choice| choice.word.to_owned())
        };
        match control {
            Control::Text { .. } | Control::Path { .. } | Control::Query | Control::Pick(_) => {
                any::<String>().prop_map(Value::Text).boxed()
            }
            Control::Number { .. } => any::<u32>().prop_map(Value::Number).boxed(),
            Control::RunTime => prop_oneof![
                any::<u32>().prop_map(Value::Number),
                Just(RunTime::UNKNOWN.into())
            ]
            .boxed(),
            Control::Switch => any::<bool>().prop_map(Value::Flag).boxed(),
            Control::Choice(choices) => words(choices).prop_map(Value::Text).boxed(),
            Control::Several(choices) => prop::collection::vec(words(choices), 0..3)
                .prop_map(Value::List)
                .boxed(),
            Control::List | Control::PickMany(_) => prop::collection::vec(any::<String>(), 0..4)
                .prop_map(Value::List)
                .boxed(),
            Control::Moment { .. } => prop_oneof![
                Just(When::Now),
                (1990..2033_i16, 1..=28_i8, 0..24_i8, 0..60_i8).prop_map(
                    |(year, day, hour, minute)| When::At(jiff::civil::datetime(
                        year, 7, day, hour, minute, 0, 0
                    ))
                )
            ]
            .prop_map(Value::Moment)
            .boxed(),
        }
    }

    fn any_draft() -> impl Strategy<Value = Draft> {
        let ids: Vec<FieldId> = FieldId::iter().filter(|id| id.is_stored()).collect();
        let answer = |id: FieldId| {
            prop::option::of(value_of(id.field().control)).prop_map(move |value| (id, value))
        };
        let answers = ids.into_iter().map(answer).collect::<Vec<_>>();
        (prop::option::of(any::<String>()), answers).prop_map(|(site, answers)| {
            let mut draft = Draft {
                site,
                ..Draft::default()
            };
            for (id, value) in answers {
                draft.place(id, value.as_ref()).unwrap();
            }
            draft
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_printed_is_read_back(draft in any_draft()) {
            let (read, faults) = Draft::parse(Path::new("x.toml"), &draft.to_string(), &now());
            prop_assert_eq!(faults, vec![]);
            prop_assert_eq!(read, draft);
        }

        #[test]
        fn no_text_is_too_strange_to_be_read(text in "\\PC*") {
            let _ = Draft::parse(Path::new("x.toml"), &text, &now());
        }
    }
}
