//! One table of fields: what can be said about a distribution, where, how, and when it counts.
//!
//! A field's id is its path in a distribution file (`package.name`); nothing else names fields. The tables stand in
//! one file a step; the long helps are in `assets/help/fields.md`.

mod advertisement;
mod collection;
mod control;
mod help;
mod id;
mod latitude;
mod package;
mod points;
mod program;
mod start;
mod step;

pub use control::{Control, Level, Pick};
pub use id::FieldId;
pub use latitude::Latitude;
pub use step::Step;

use super::draft::{Draft, Value};

/// A value that cannot be changed for the moment, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    pub value: Value,
    pub reason: &'static str,
}

/// One row of the table.
#[derive(Debug)]
pub struct Field {
    pub id: FieldId,
    pub label: &'static str,
    /// The line under the field.
    pub help: &'static str,
    /// What it becomes on the site: property and bit.
    pub sets: &'static str,
    pub control: Control,
    pub level: Level,
    /// The value when nothing is said.
    pub default: fn(&Draft) -> Option<Value>,
    /// Whether the field counts for this draft.
    pub shown: fn(&Draft) -> bool,
    /// Whether somebody has a choice there. What stands in the way already can be taken back by everybody.
    pub open_to: fn(Latitude, &Draft) -> bool,
    /// Set when another answer leaves no choice.
    pub fixed: fn(&Draft) -> Option<Fixed>,
}

impl Field {
    /// Whether somebody is asked for it now.
    pub fn is_asked(&self, draft: &Draft, latitude: Latitude) -> bool {
        let is_offered = latitude.more || self.level == Level::Essential;
        is_offered && (self.shown)(draft) && (self.open_to)(latitude, draft)
    }

    /// The explanation behind the help key.
    pub fn long_help(&self) -> &'static str {
        help::of(self.id.path())
    }

    /// A value in the words of the screen: a choice by its label.
    pub fn words(&self, value: &Value) -> String {
        let label = |word: &str| match self.control {
            Control::Choice(choices) | Control::Several(choices) => choices
                .iter()
                .find(|choice| choice.word == word)
                .map(|choice| choice.label),
            _ => None,
        };
        match value {
            Value::Text(word) => label(word).unwrap_or(word).to_owned(),
            Value::Flag(true) => "on".into(),
            Value::Flag(false) => "off".into(),
            Value::List(entries) => entries
                .iter()
                .map(|e| label(e).unwrap_or(e))
                .collect::<Vec<_>>()
                .join(", "),
            _ => value.to_text(),
        }
    }
}

/// Every field, in the order it is asked.
pub fn fields() -> impl Iterator<Item = &'static Field> {
    start::FIELDS
        .iter()
        .chain(package::FIELDS)
        .chain(program::FIELDS)
        .chain(collection::FIELDS)
        .chain(points::FIELDS)
        .chain(advertisement::FIELDS)
}

/// A field with the commonest case of everything, for the tables to spread from.
const BLANK: Field = Field {
    id: FieldId::StartIntent,
    label: "",
    help: "",
    sets: "",
    control: Control::Switch,
    level: Level::More,
    default: none,
    shown: always,
    open_to: everybody,
    fixed: free,
};

/// A switch that is off unless somebody turns it on.
const OFF: Field = Field {
    default: |_| Some(Value::Flag(false)),
    ..BLANK
};

/// A switch that is on unless somebody turns it off.
const ON: Field = Field {
    default: |_| Some(Value::Flag(true)),
    ..BLANK
};

fn none(_: &Draft) -> Option<Value> {
    None
}

fn always(_: &Draft) -> bool {
    true
}

fn everybody(_: Latitude, _: &Draft) -> bool {
    true
}

fn free(_: &Draft) -> Option<Fixed> {
    None
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_field_stands_in_the_table_once_and_in_order() {
        let ids: Vec<FieldId> = fields().map(|field| field.id).collect();
        assert_eq!(ids, FieldId::iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_path_names_the_section_of_its_step() {
        for id in FieldId::iter() {
            assert_eq!(id.path(), format!("{}.{}", id.step().section(), id.key()));
            assert_eq!(id.path().parse(), Ok(id));
        }
    }

    #[test]
    fn every_field_says_what_it_is_for() {
        for field in fields() {
            assert!(!field.label.is_empty(), "{}", field.id);
            assert!(
                field.help.ends_with(['.', '?', '!']),
                "{}: {}",
                field.id,
                field.help
            );
            assert!(!field.sets.is_empty(), "{}", field.id);
            assert!(
                field.long_help().len() > 40,
                "{} has no long help",
                field.id
            );
        }
    }

    #[test]
    fn who_may_make_nothing_new_is_not_asked_whether_to() {
        let narrow = Latitude {
            new_packages: false,
            new_collections: false,
            ..Latitude::default()
        };
        let asked = |draft: &Draft, id: FieldId| id.field().is_asked(draft, narrow);
        let modes = [FieldId::PackageMode, FieldId::CollectionMode];
        let mut draft = Draft::default();
        for (id, word) in modes.into_iter().zip(["new", "rule"]) {
            draft.put(id, Some(&"existing".into())).unwrap();
            assert!(!asked(&draft, id), "{id}");
            assert!(id.field().is_asked(&draft, Latitude::default()), "{id}");
            draft.put(id, Some(&word.into())).unwrap();
            assert!(asked(&draft, id), "{id} stands in the way");
        }
    }

    #[test]
    fn a_default_fits_its_field() {
        let mut draft = Draft::default();
        for field in fields() {
            if let Some(value) = (field.default)(&Draft::default()) {
                assert_eq!(draft.put(field.id, Some(&value)), Ok(()), "{}", field.id);
            }
        }
    }
}
