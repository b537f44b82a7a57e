//! What is being edited under the cursor, before it is an answer. Pure.

use std::sync::Arc;

use tui_input::Input;

use super::picker::{Entry, Picker};
use super::place::Place;
use crate::distribution::draft::{Draft, Value};
use crate::distribution::field::{Control, FieldId, Pick};

/// The editing that goes with the control of the field.
#[derive(Debug, Clone, Default)]
pub enum Editor {
    /// Answered by single keys; nothing is kept here.
    #[default]
    Keys,
    Line(Line),
    /// One object out of many.
    One(Picker),
    /// Several objects; which are marked stands in the draft.
    Many(Picker),
    /// Some choices at once; the cursor among them.
    Several(usize),
    /// The usual occasions; nothing is marked before somebody moves.
    Occasions(Option<usize>),
    Names(Names),
}

/// One line of text.
#[derive(Debug, Clone, Default)]
pub struct Line {
    pub input: Input,
    /// Why it is no answer.
    pub fault: Option<String>,
    /// Typed, and not an answer yet.
    pub is_pending: bool,
}

/// Names, one a line, and the line a next one is typed on.
#[derive(Debug, Clone, Default)]
pub struct Names {
    pub input: Input,
    /// The name the cursor is on; nothing while it is on the line for the next one.
    pub at: Option<usize>,
}

impl Editor {
    /// What a place is edited with. `may_be_new`: something that is not packaged yet may be made here.
    pub fn of(
        place: Place,
        draft: &Draft,
        may_be_new: bool,
        entries: impl FnOnce(Pick) -> Arc<[Entry]>,
    ) -> Self {
        let id = match place {
            Place::What => {
                let picker = Picker::over(entries(Pick::AnyProgram));
                return Self::One(if may_be_new { picker.or_new() } else { picker });
            }
            Place::When => return Self::Occasions(None),
            Place::More => return Self::Keys,
            Place::Field(id) => id,
        };
        if (id.field().fixed)(draft).is_some() {
            return Self::Keys;
        }
        match id.field().control {
            Control::Switch | Control::Choice(_) => Self::Keys,
            Control::Several(_) => Self::Several(0),
            Control::Pick(pick) => {
                let picker = Picker::over(entries(pick));
                Self::One(match id {
                    // Most collections are limited to a large one.
                    FieldId::CollectionLimitTo => picker.with_hidden(),
                    FieldId::ProgramUse => picker.marking_only(),
                    _ => picker,
                })
            }
            Control::PickMany(pick) => Self::Many(Picker::over(entries(pick))),
            Control::List => Self::Names(Names::default()),
            Control::Text { .. }
            | Control::Path { .. }
            | Control::Query
            | Control::Number { .. }
            | Control::RunTime
            | Control::Moment { .. } => Self::Line(Line {
                input: Input::new(text(id, draft)),
                ..Line::default()
            }),
        }
    }

    pub fn picker(&self) -> Option<&Picker> {
        match self {
            Self::One(picker) | Self::Many(picker) => Some(picker),
            _ => None,
        }
    }

    pub fn picker_mut(&mut self) -> Option<&mut Picker> {
        match self {
            Self::One(picker) | Self::Many(picker) => Some(picker),
            _ => None,
        }
    }

    pub fn line(&self) -> Option<&Line> {
        match self {
            Self::Line(line) => Some(line),
            _ => None,
        }
    }
}

/// The answer of a field as it is edited: without its default, moments with a blank between day and time.
pub fn text(id: FieldId, draft: &Draft) -> String {
    match draft.get(id) {
        Some(Value::Moment(when)) => when.to_string().replace('T', " "),
        Some(value) => value.to_text().replace('\n', " "),
        None => String::new(),
    }
}

/// Whether what is typed becomes the answer letter by letter, or only when it is taken.
pub fn is_taken_at_once(control: Control) -> bool {
    matches!(
        control,
        Control::Text { .. } | Control::Path { .. } | Control::Query
    )
}
