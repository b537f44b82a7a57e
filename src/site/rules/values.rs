//! What the catalog alone says of values: defaults, what is required, how long texts may be, who writes what.

use serde_json::Value;

use crate::site::catalog::{Access, Class, Kind, Property};
use crate::site::refusal::{Refusal, Wbem};
use crate::site::store::Object;
use crate::sms::schedule::{MOST_TOKENS, Token, pack};

/// Compared on an update where a class has it: the version of the object a client read.
const VERSION: &str = "SedoObjectVersion";

/// A new object before anybody said anything.
pub(super) fn defaults(class: &Class) -> Object {
    let mut object = Object::new();
    for property in &class.properties {
        if let Some(default) = &property.default {
            object.set(&property.name, default.clone());
        }
    }
    object
}

/// What a create takes from a client: what may be written, and the keys the provider does not make.
pub(super) fn creatable(class: &Class, given: &Object) -> Object {
    taken(class, given, |property| match property.access {
        Access::Key => !property.generated,
        Access::Rw => true,
        Access::Ro => property.name == "CollectionType",
    })
}

/// What an update takes from a client.
pub(super) fn changeable(class: &Class, given: &Object) -> Object {
    taken(class, given, |property| {
        property.access == Access::Rw || property.name == "CollectionType"
    })
}

/// What the provider does not let a client write it ignores (classes.md, how to read).
fn taken(class: &Class, given: &Object, takes: impl Fn(&Property) -> bool) -> Object {
    let mut object = Object::new();
    for (name, value) in given.iter() {
        if let Some(property) = class.property(name).filter(|property| takes(property)) {
            object.set(&property.name, value.clone());
        }
    }
    object
}

pub(super) fn check_required(class: &Class, object: &Object) -> Result<(), Refusal> {
    match class
        .properties
        .iter()
        .find(|property| property.required && is_empty(object.get(&property.name)))
    {
        Some(property) => Err(empty(class, property)),
        None => Ok(()),
    }
}

/// A required property that a change names may not become empty.
pub(super) fn check_kept(class: &Class, changes: &Object) -> Result<(), Refusal> {
    let emptied = |property: &&Property| {
        property.required
            && changes
                .iter()
                .any(|(name, value)| name == property.name && is_empty(Some(value)))
    };
    match class.properties.iter().find(emptied) {
        Some(property) => Err(empty(class, property)),
        None => Ok(()),
    }
}

fn empty(class: &Class, property: &Property) -> Refusal {
    Refusal::new(
        Wbem::IllegalNull,
        format!("{}.{} may not be empty", class.name, property.name),
    )
}

fn is_empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(_) => false,
    }
}

/// Texts within their column, schedules within their fifteen tokens.
pub(super) fn check_limits(class: &Class, object: &Object) -> Result<(), Refusal> {
    for property in &class.properties {
        let length = object.text(&property.name).chars().count();
        if let Some(limit) = property.limit.filter(|limit| length > *limit) {
            return Err(Refusal::new(
                Wbem::OutOfRange,
                format!(
                    "{}.{}: at most {limit} characters (this has {length})",
                    class.name, property.name
                ),
            ));
        }
        if matches!(&property.kind, Kind::Objects(class) if class == "SMS_ScheduleToken") {
            check_schedule(object.list(&property.name))
                .map_err(|why| refused(class, property, &why))?;
        }
    }
    Ok(())
}

fn refused(class: &Class, property: &Property, why: &str) -> Refusal {
    Refusal::invalid(format!("{}.{}: {why}", class.name, property.name))
}

/// A schedule the site can keep: not too long, and every token has a packed form.
fn check_schedule(tokens: &[Value]) -> Result<(), String> {
    if tokens.len() > MOST_TOKENS {
        return Err(format!("at most {MOST_TOKENS} entries"));
    }
    let tokens = tokens
        .iter()
        .map(|token| serde_json::from_value(token.clone()))
        .collect::<Result<Vec<Token>, _>>()
        .map_err(|error| error.to_string())?;
    match pack(&tokens) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

/// A number that stands for something; an absent one is fine.
pub(super) fn check_one_of(object: &Object, name: &str, meanings: &[i64]) -> Result<(), Refusal> {
    match object.get(name).and_then(Value::as_i64) {
        Some(number) if !meanings.contains(&number) => Err(Refusal::invalid(format!(
            "{name} cannot be {number}; it is one of {meanings:?}"
        ))),
        _ => Ok(()),
    }
}

/// Whoever names the version of the object they read writes over no other one (classes.md 1).
pub(super) fn check_version(class: &Class, old: &Object, given: &Object) -> Result<(), Refusal> {
    let is_other = given.has(VERSION) && given.text(VERSION) != old.text(VERSION);
    if class.property(VERSION).is_some() && is_other {
        return Err(Refusal::new(
            Wbem::Failed,
            format!(
                "{} was changed by somebody else since it was read; read it again before changing it",
                name_of(class, old)
            ),
        ));
    }
    Ok(())
}

/// An object as a sentence names it.
pub(super) fn name_of(class: &Class, object: &Object) -> String {
    let keys: Vec<_> = class.key.iter().map(|name| object.text(name)).collect();
    format!("{} {}", class.name, keys.join(", "))
}

/// A fixed property that a change would alter.
pub(super) fn check_fixed(
    class: &str,
    fixed: &[&str],
    old: &Object,
    changes: &Object,
) -> Result<(), Refusal> {
    let altered = fixed.iter().find(|name| {
        changes.get(name).is_some_and(|new| {
            match (new.as_str(), old.get(name).and_then(Value::as_str)) {
                (Some(new), Some(old)) => !new.eq_ignore_ascii_case(old),
                _ => old.get(name) != Some(new),
            }
        })
    });
    match altered {
        Some(name) => Err(Refusal::new(
            Wbem::ReadOnly,
            format!("{class}.{name} cannot be changed after the object was created"),
        )),
        None => Ok(()),
    }
}

/// What a property will be after a change: the new value where there is one, else the old.
pub(super) fn merged(old: &Object, changes: &Object) -> Object {
    let mut merged = old.clone();
    merged.merge(changes);
    merged
}
