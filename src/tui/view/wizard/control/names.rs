//! A list of names under the cursor: each with what the site knows of it, and the line a next one is typed on.

use super::super::View;
use super::super::lines::{Column, Line};
use super::{Room, entered};
use crate::distribution::facts::{DeviceFact, ResolvedName};
use crate::distribution::field::FieldId;
use crate::distribution::{Value, words as say};
use crate::tui::theme::Role;
use crate::tui::wizard::Names;

pub fn listed(
    view: &View<'_>,
    id: FieldId,
    label: Line,
    names: &Names,
    room: Room,
    column: &mut Column,
) {
    let wizard = view.wizard;
    let listed = match wizard.draft.get(id) {
        Some(Value::List(listed)) => listed,
        _ => Vec::new(),
    };
    let limit = wizard.draft.text(FieldId::CollectionLimitTo);
    let known = wizard.facts.devices(&listed, &limit);
    let shown = room.list.saturating_sub(2).max(2).min(listed.len());
    let at = names.at.unwrap_or(listed.len().saturating_sub(1));
    let top = (at + 1).saturating_sub(shown).min(listed.len() - shown);
    let marks = &view.theme.marks;
    let mut head = label.and(say::count(listed.len() as u64, "name", "names"), Role::Text);
    let below = listed.len() - top - shown;
    for (hidden, sign) in [(top, marks.up), (below, marks.down)] {
        if hidden > 0 {
            head = head.and(format!("  {sign} {hidden} more"), Role::Dim);
        }
    }
    column.push(head);
    for (place, name) in listed.iter().enumerate().skip(top).take(shown) {
        let resolved = known
            .value()
            .and_then(|known| known.iter().find(|known| known.name == *name));
        let line = Line::of(format!("      {name}  "), Role::Text);
        let line = match resolved {
            Some(resolved) => {
                let (words, role) = state_of(view, resolved);
                line.and(words, role)
            }
            None => line,
        };
        column.push(line.selected(names.at == Some(place)));
    }
    let mut line = entered(Line::of("    + ", Role::Dim), &names.input);
    if names.at.is_some() {
        line.caret = None;
    }
    column.push(line);
}

/// `✓ Windows 11, active`, or why it is not that simple.
fn state_of(view: &View<'_>, found: &ResolvedName) -> (String, Role) {
    let marks = &view.theme.marks;
    let wary = |words: &str| (format!("{} {words}", marks.attention), Role::Attention);
    match found.matches.as_slice() {
        [] => (format!("{} not found", marks.failed), Role::Failed),
        [one] => match doubt(one) {
            Some(words) => wary(words),
            None => (format!("{} {}", marks.done, about(one)), Role::Good),
        },
        [_, ..] => wary("several devices of this name"),
    }
}

fn doubt(device: &DeviceFact) -> Option<&'static str> {
    let row = &device.row;
    if device.in_limit == Some(false) {
        Some("outside 'limited to'")
    } else if row.obsolete == Some(1) {
        Some("obsolete")
    } else if row.client == Some(0) {
        Some("no client")
    } else if row.active == Some(0) {
        Some("not active")
    } else {
        None
    }
}

fn about(device: &DeviceFact) -> String {
    let system = device.row.operating_system_nameand_version.trim();
    if system.is_empty() {
        "found".to_owned()
    } else {
        system.to_owned()
    }
}
