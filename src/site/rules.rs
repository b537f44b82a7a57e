//! What the provider refuses or fills in, one file a class; all of it runs inside the transaction of the write.
//!
//! Documented duties of a caller are refused here when they are not kept (distribution.md 3 and 17). What the class
//! itself says (required, limits, defaults, who writes what) comes from the catalog.

mod advertisement;
mod collection;
mod collection_settings;
mod distribution_point;
mod group;
mod package;
mod program;
mod values;

use rusqlite::params_from_iter;

use super::catalog::{Class, ClassAccess};
use super::context::Context;
use super::refusal::{Refusal, Wbem};
use super::store::{Object, ObjectKey, StoreError, object};

pub use advertisement::COUNTER as ADVERTISEMENT_COUNTER;
pub use collection::{NEVER_CHANGED, NEVER_EVALUATED, depends_on};
pub use distribution_point::{State, assign, send_again, withdraw};

/// What one class adds to what the catalog says.
trait Rules {
    /// Completes and checks a new object: defaults are in, what a client may not write is not.
    fn create(&self, context: &Context<'_>, object: &mut Object) -> Result<(), StoreError>;

    /// What follows from a create, once the object is in.
    fn created(&self, _context: &Context<'_>, _object: &Object) -> Result<(), StoreError> {
        Ok(())
    }

    /// Checks a change and adds what follows from it. `changes` holds only what a client may write.
    fn update(
        &self,
        context: &Context<'_>,
        old: &Object,
        changes: &mut Object,
    ) -> Result<(), StoreError>;

    /// Removes the object, or marks it so that the background removes it.
    fn delete(
        &self,
        context: &Context<'_>,
        key: &ObjectKey,
        object: &Object,
    ) -> Result<(), StoreError>;
}

fn rules(class: &Class) -> Option<&'static dyn Rules> {
    match class.name.as_str() {
        "SMS_Package" => Some(&package::Package),
        "SMS_Program" => Some(&program::Program),
        "SMS_Collection" => Some(&collection::Collection),
        "SMS_CollectionSettings" => Some(&collection_settings::CollectionSettings),
        "SMS_DistributionPoint" => Some(&distribution_point::Assignment),
        "SMS_DistributionPointGroup" => Some(&group::Group),
        "SMS_Advertisement" => Some(&advertisement::Advertisement),
        _ => None,
    }
}

fn writable(class: &Class) -> Result<&'static dyn Rules, Refusal> {
    rules(class)
        .filter(|_| class.access == ClassAccess::Write)
        .ok_or_else(|| {
            Refusal::new(
                Wbem::ProviderNotCapable,
                format!("objects of {} cannot be written", class.name),
            )
        })
}

/// Rows of a class that a list leaves out, as an SQL condition on what stays: the provider no longer returns packages
/// that are being deleted, though it does return such programs and distribution points (distribution.md 8).
pub fn listed(class: &str) -> Option<&'static str> {
    class
        .eq_ignore_ascii_case("SMS_Package")
        .then_some("ActionInProgress IS NOT 3")
}

/// One object as clients see it; `None` when there is none, or none any more.
pub fn shown(
    context: &Context<'_>,
    class: &str,
    key: &ObjectKey,
) -> Result<Option<Object>, StoreError> {
    let class = context.class(class)?;
    let found = object::read(context.db, class, key)?;
    let Some(condition) = listed(&class.name).filter(|_| found.is_some()) else {
        return Ok(found);
    };
    let sql = format!(
        "SELECT 1 FROM \"{}\" WHERE {} AND {condition}",
        class.name,
        object::key_condition(class, 1)
    );
    let is_shown = context
        .db
        .prepare_cached(&sql)?
        .exists(params_from_iter(object::sql_key(class, key)))?;
    Ok(found.filter(|_| is_shown))
}

/// Makes the object a client gave, or changes the one whose key it carries: what a `POST` to a class does.
pub fn save(context: &Context<'_>, class: &str, given: &Object) -> Result<Object, StoreError> {
    let found = context.class(class)?;
    writable(found)?;
    let key = given.key(found);
    if key.values.iter().any(serde_json::Value::is_null) {
        return create(context, class, given);
    }
    if shown(context, class, &key)?.is_some() {
        return update(context, class, &key, given);
    }
    if found.keys().any(|property| property.generated) {
        let path = object::relative_path(found, &key);
        return Err(Refusal::not_found(format!(
            "there is no {path}, and the site chooses such keys"
        ))
        .into());
    }
    create(context, class, given)
}

/// Makes an object from what a client gave, and answers it whole, with the id the provider gave it.
pub fn create(context: &Context<'_>, class: &str, given: &Object) -> Result<Object, StoreError> {
    let class = context.class(class)?;
    let rules = writable(class)?;
    let mut object = values::defaults(class);
    object.merge(&values::creatable(class, given));
    values::check_required(class, &object)?;
    values::check_limits(class, &object)?;
    rules.create(context, &mut object)?;
    let key = object.key(class);
    if object::exists(context.db, class, &key)? {
        return Err(Refusal::already_exists(format!(
            "{} already exists",
            values::name_of(class, &object)
        ))
        .into());
    }
    object::insert(context.db, class, &object)?;
    rules.created(context, &object)?;
    read(context, class, &key)
}

/// Changes what a client gave, leaves everything else as it is, and answers the object whole.
pub fn update(
    context: &Context<'_>,
    class: &str,
    key: &ObjectKey,
    given: &Object,
) -> Result<Object, StoreError> {
    let class = context.class(class)?;
    let rules = writable(class)?;
    let old = read(context, class, key)?;
    values::check_version(class, &old, given)?;
    let mut changes = values::changeable(class, given);
    values::check_kept(class, &changes)?;
    values::check_limits(class, &changes)?;
    rules.update(context, &old, &mut changes)?;
    object::update(context.db, class, key, &changes)?;
    read(context, class, key)
}

/// Deletes an object, at once or in the background, as the class has it.
pub fn delete(context: &Context<'_>, class: &str, key: &ObjectKey) -> Result<(), StoreError> {
    let class = context.class(class)?;
    let rules = writable(class)?;
    let object = read(context, class, key)?;
    rules.delete(context, key, &object)
}

fn read(context: &Context<'_>, class: &Class, key: &ObjectKey) -> Result<Object, StoreError> {
    let gone = || Refusal::not_found(format!("there is no such object of {}", class.name));
    Ok(object::read(context.db, class, key)?.ok_or_else(gone)?)
}

#[cfg(test)]
mod tests;
