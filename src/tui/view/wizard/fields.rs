//! The fields of a step: label and value, the one under the cursor opened, and below them who would be reached.

use ratatui::layout::Rect;

use super::View;
use super::control::{self, Room};
use super::lines::{Column, Line};
use super::numbers;
use super::rail::weight;
use crate::distribution::draft::Origin;
use crate::distribution::field::{Control, Field, FieldId, Step};
use crate::distribution::occasion::Occasion;
use crate::distribution::{Value, course};
use crate::tui::keymap::{Action, Scope};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::wizard::Place;

/// The longest label the values still line up with.
const LABEL: usize = 26;

pub fn lines(view: &View<'_>, area: Rect) -> Column {
    let room = usize::from(area.width);
    let step = view.wizard.step();
    let places = view.wizard.places();
    let mut column = Column::default();
    column.push(Line::of(
        format!("  {}", course::question(step)),
        Role::Strong,
    ));
    column.blank();
    let label = places
        .iter()
        .filter(|place| !is_inline(view, **place, room))
        .map(|place| text::width(place.label()))
        .filter(|width| *width <= LABEL)
        .max()
        .unwrap_or(0);
    let below = beside(view, step, room);
    // The list under the cursor takes what the other lines leave.
    let is_below = view.wizard.number().is_some();
    let used = places.len() + 3 + below.lines.len();
    let list = usize::from(area.height).saturating_sub(used).max(4);
    for (at, place) in places.iter().enumerate() {
        let first = column.lines.len();
        let is_here = *place == view.wizard.place;
        if is_here {
            let room = Room {
                label,
                width: room,
                list,
            };
            control::open(view, *place, room, &mut column);
            column.focus_from(first);
        } else {
            column.push(closed(view, *place, label, room));
        }
        for line in column.lines.iter_mut().skip(first) {
            line.spot = Some(at);
            if is_below {
                // The cursor is below; what is marked here keeps its mark and is not lit.
                line.unlight();
            }
        }
    }
    if !below.lines.is_empty() {
        column.blank();
        let above = column.lines.len();
        if let Some((first, last)) = below.focus {
            column.focus = Some((above + first, above + last));
        }
        column.lines.extend(below.lines);
    }
    column
}

/// Label and value of a place the cursor is not on.
fn closed(view: &View<'_>, place: Place, label: usize, room: usize) -> Line {
    if let Place::Field(id) = place
        && let Some(line) = choices_inline(view, id, " ", room)
    {
        return line;
    }
    if place == Place::More {
        return Line::of(format!("  + {}", view.wizard.fold_title()), Role::Dim);
    }
    let (value, role) = value(view, place);
    named(place.label(), label, "  ", Role::Dim).and(value, role)
}

/// Where the answers of a step come from: always all choices side by side, so that nobody has to look for the others.
/// Nothing for other fields, and where they do not fit.
pub fn choices_inline(view: &View<'_>, id: FieldId, mark: &str, room: usize) -> Option<Line> {
    let Control::Choice(choices) = id.field().control else {
        return None;
    };
    if id.is_stored() || (id.field().fixed)(&view.wizard.draft).is_some() {
        return None;
    }
    let now = view.wizard.draft.value(id).map(|value| value.to_text());
    let words: Vec<String> = choices
        .iter()
        .map(|choice| {
            let is = now.as_deref() == Some(choice.word);
            let sign = view.theme.marks.choice[usize::from(!is)];
            format!("{sign} {}", choice.label)
        })
        .collect();
    let role = if mark == " " { Role::Dim } else { Role::Strong };
    let line = Line::of(format!(" {mark}{}", words.join("   ")), role);
    (line.width() < room).then_some(line)
}

fn is_inline(view: &View<'_>, place: Place, room: usize) -> bool {
    matches!(place, Place::Field(id) if choices_inline(view, id, " ", room).is_some())
}

/// A line that begins with a label.
pub fn named(words: &str, label: usize, lead: &str, role: Role) -> Line {
    let gap = label.saturating_sub(text::width(words)) + 2;
    Line::of(format!("{lead}{words}{}", " ".repeat(gap)), role)
}

/// What a place answers, in words.
pub fn value(view: &View<'_>, place: Place) -> (String, Role) {
    let wizard = view.wizard;
    let draft = &wizard.draft;
    let open = || ("not chosen".to_owned(), Role::Dim);
    let id = match place {
        Place::What => {
            if draft.package_origin() == Origin::New {
                let name = draft.text(FieldId::PackageName);
                return if name.is_empty() {
                    open()
                } else {
                    (format!("{name} (new)"), Role::Text)
                };
            }
            let package = object(view, FieldId::PackageUse, &draft.text(FieldId::PackageUse));
            let program = draft.text(FieldId::ProgramUse);
            return (format!("{package} · {program}"), Role::Text);
        }
        Place::When => {
            let offered = Occasion::offered(draft, &wizard.facts, &wizard.now);
            let chosen = Occasion::of(draft, &wizard.now);
            let told = offered
                .iter()
                .find(|offered| Some(offered.occasion) == chosen);
            return told.map_or_else(open, |told| {
                (format!("{}  {}", told.label, told.help), Role::Text)
            });
        }
        Place::More => return (wizard.fold_title(), Role::Dim),
        Place::Field(id) => id,
    };
    let field = id.field();
    if let Some(fixed) = (field.fixed)(draft) {
        let words = format!("{} ({})", field.words(&fixed.value), fixed.reason);
        return (words, Role::Dim);
    }
    match draft.get(id).filter(|value| !value.is_blank()) {
        Some(value) => (words(view, field, &value), Role::Text),
        None => match usual(view, field) {
            Some(usual) => (usual, Role::Dim),
            None => (view.theme.marks.rule.to_owned(), Role::Dim),
        },
    }
}

/// What holds where nothing is said, in words.
pub fn usual(view: &View<'_>, field: &Field) -> Option<String> {
    if field.id == FieldId::AdvertisementName {
        return view.wizard.usual_name();
    }
    let default = (field.default)(&view.wizard.draft)?;
    Some(words(view, field, &default))
}

/// A value as people say it: objects by their names, moments with their clock.
pub fn words(view: &View<'_>, field: &Field, value: &Value) -> String {
    let wizard = view.wizard;
    match (field.control, value) {
        (Control::Pick(_), Value::Text(id)) => object(view, field.id, id),
        (Control::PickMany(_), Value::List(ids)) => {
            let names = ids.iter().map(|id| object(view, field.id, id));
            names.collect::<Vec<_>>().join(", ")
        }
        (Control::List, Value::List(names)) => {
            let count = crate::distribution::words::count(names.len() as u64, "name", "names");
            format!("{count}: {}", crate::distribution::words::few(names))
        }
        (Control::Moment { .. }, Value::Moment(when)) => {
            crate::distribution::words::when(*when, &wizard.draft, &wizard.now)
        }
        (Control::Number { unit, .. }, Value::Number(number)) => format!("{number} {unit}"),
        (Control::RunTime, Value::Number(number)) => format!("{number} minutes"),
        _ => field.words(value).replace('\n', " "),
    }
}

fn object(view: &View<'_>, id: FieldId, value: &str) -> String {
    match view.wizard.object_name(id, value) {
        Some(name) if name != value => format!("{name} ({value})"),
        _ => value.to_owned(),
    }
}

/// Who would be reached, below the collection; what an occasion does, below the others.
fn beside(view: &View<'_>, step: Step, room: usize) -> Column {
    let mut column = Column::default();
    if step != Step::Collection {
        let effect = view.wizard.effect_of_step();
        if !effect.is_empty() {
            column.words(&effect, Role::Dim, 2, room);
        }
        return column;
    }
    impact(view, room, &mut column);
    column
}

/// Who would be reached, with the number under the cursor lit.
fn impact(view: &View<'_>, room: usize, column: &mut Column) {
    let lines = view.wizard.impact();
    if lines.is_empty() {
        return;
    }
    let title = view.wizard.impact_title();
    let dash = view.theme.marks.rule;
    let way = numbers_hint(view);
    let used = text::width(&title) + text::width(&way) + 7;
    let (way, rest) = match room.checked_sub(used) {
        Some(rest) if rest > 3 => (way, rest),
        _ => (String::new(), room.saturating_sub(text::width(&title) + 7)),
    };
    column.push(
        Line::of(
            format!("  {dash} {title} {}", dash.repeat(rest)),
            Role::Rule,
        )
        .and(way, Role::Dim),
    );
    let here = view.wizard.number();
    for line in &lines {
        let role = if line.needs_attention {
            Role::Attention
        } else {
            Role::Text
        };
        let first = column.lines.len();
        numbers::put(line, here.as_ref(), role, room, column);
        if here.is_some() && line.numbers().any(|number| Some(number) == here.as_ref()) {
            column.focus_from(first);
        }
    }
}

/// ` ^D numbers`: the way to the numbers, as long as the cursor is not there.
fn numbers_hint(view: &View<'_>) -> String {
    if view.wizard.number().is_some() || !view.wizard.has_numbers() {
        return String::new();
    }
    match view.key(Scope::Wizard, Action::Numbers) {
        key if key.is_empty() => key,
        key => format!(" {key} lists a number"),
    }
}

/// The help of the place under the cursor: of the choice that is chosen, where it is one.
pub fn help(view: &View<'_>) -> String {
    if let Some(number) = view.wizard.number() {
        let key = view.key(Scope::Numbers, Action::Open);
        let back = view.key(Scope::Numbers, Action::Back);
        return match view.wizard.no_list(&number) {
            Some(reason) => format!("Not to be listed: {reason}."),
            None => format!(
                "{}: {key} lists them, {back} goes back to the field.",
                number.title
            ),
        };
    }
    let place = view.wizard.place;
    let chosen = match place {
        Place::Field(id) => match id.field().control {
            Control::Choice(choices) => {
                let value = view.wizard.draft.value(id).map(|value| value.to_text());
                choices
                    .iter()
                    .find(|choice| Some(choice.word) == value.as_deref())
                    .map(|choice| format!("{}: {}", choice.label, choice.help))
            }
            _ => None,
        },
        _ => None,
    };
    let help = place.help(view.wizard.setting.latitude());
    match chosen {
        Some(chosen) => format!("{chosen} {help}"),
        None => help.to_owned(),
    }
}

/// What was found, with the key that does something about it.
pub fn found(view: &View<'_>) -> Option<(String, Role)> {
    let (finding, fix) = match view.wizard.page {
        crate::tui::wizard::Page::Fields(_) => (view.wizard.finding()?, view.wizard.offered_fix()),
        crate::tui::wizard::Page::Review => {
            (view.wizard.review.finding()?, view.wizard.offered_fix())
        }
        crate::tui::wizard::Page::Run => return None,
    };
    let (mark, role) = weight(view, finding);
    let key = view.key(Scope::Wizard, Action::Fix);
    let words = match fix {
        Some((_, fix)) => format!(
            "{mark} {} {key}: {}. {}",
            finding.code,
            fix.label,
            finding.text()
        ),
        None => format!("{mark} {} {}", finding.code, finding.text()),
    };
    Some((words, role))
}
