//! Where objects are: the security scopes packages are in, and the folders of the console.
//!
//! Scopes and folders themselves are not made by clients here. What keeps `SecuredScopeNames` equal to the scopes, and
//! takes what is gone out of both, are triggers of the database.

use rusqlite::types::ToSql;
use serde_json::json;
use uuid::Uuid;

use super::context::Context;
use super::methods::{Answer, Call, Implementation};
use super::refusal::Refusal;
use super::store::object::next_number;
use super::store::{Object, StoreError};
use crate::sms::{folder, scope};

pub(super) const METHODS: &[Implementation] = &[
    writes("SMS_SecuredCategoryMembership", "AddMemberships", add),
    writes("SMS_SecuredCategoryMembership", "RemoveMemberships", remove),
    writes("SMS_ObjectContainerItem", "MoveMembers", move_members),
];

/// The first folder of a site has this number and one.
const FIRST_FOLDER: i64 = 16_777_216;

const fn writes(
    class: &'static str,
    method: &'static str,
    run: fn(&Context<'_>, &Call<'_>) -> Result<Answer, StoreError>,
) -> Implementation {
    Implementation {
        class,
        method,
        writes: true,
        run,
    }
}

/// The scopes every site is born with.
pub(super) fn built_in_scopes(context: &Context<'_>) -> Result<(), StoreError> {
    context
        .db
        .execute_batch(include_str!("store/schema/scopes.sql"))?;
    Ok(())
}

/// Makes a scope, as an administrator would in the vendor's console.
pub(super) fn make_scope(context: &Context<'_>, name: &str) -> Result<(), StoreError> {
    let number = next_number(context.db, "scope")?;
    let mut scope = Object::new();
    scope
        .set("CategoryID", format!("{}{number:05X}", context.site.code))
        .set("CategoryName", name)
        .set("CreatedDate", context.now())
        .set("IsBuiltIn", false)
        .set("SourceSite", context.site.code.as_str());
    context.insert("SMS_SecuredCategory", &scope)
}

/// Makes a folder in another one, or in the root, and answers its number.
pub(super) fn make_folder(
    context: &Context<'_>,
    object_type: u32,
    parent: i64,
    name: &str,
) -> Result<i64, StoreError> {
    let number = FIRST_FOLDER + next_number(context.db, "folder")?;
    let mut made = Object::new();
    made.set("ContainerNodeID", number)
        .set("Name", name)
        .set("ObjectType", object_type)
        .set("ParentContainerNodeID", parent)
        .set("FolderGuid", Uuid::new_v4().to_string().to_uppercase())
        .set("SourceSite", context.site.code.as_str());
    context.insert("SMS_ObjectContainerNode", &made)?;
    Ok(number)
}

/// Every named object with every named scope.
fn pairs(call: &Call<'_>) -> Result<Vec<(String, i64, String)>, Refusal> {
    let texts = |name| {
        let values = call.arguments.list(name);
        let texts = values.iter().filter_map(|value| value.as_str());
        texts.map(str::to_owned).collect::<Vec<_>>()
    };
    let types = call.arguments.list("ObjectTypeIDs");
    let (objects, scopes) = (texts("ObjectIDs"), texts("CategoryIDs"));
    if objects.len() != types.len() || objects.is_empty() || scopes.is_empty() {
        return Err(Refusal::invalid(
            "ObjectIDs and ObjectTypeIDs must name the same objects, and CategoryIDs a scope",
        ));
    }
    let named = objects
        .into_iter()
        .zip(types.iter().map(|kind| kind.as_i64().unwrap_or_default()));
    Ok(named
        .flat_map(|(object, kind)| {
            let with = |scope: &String| (object.clone(), kind, scope.clone());
            scopes.iter().map(with).collect::<Vec<_>>()
        })
        .collect())
}

fn add(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    for (object, kind, scope) in pairs(call)? {
        check_package(context, &object, kind)?;
        if context.count("SMS_SecuredCategory", "CategoryID = ?1", &[&scope])? == 0 {
            return Err(Refusal::not_found(format!("there is no security scope {scope}")).into());
        }
        let sql = "INSERT OR IGNORE INTO SMS_SecuredCategoryMembership (CategoryID, ObjectKey, ObjectTypeID)
                   VALUES (?1, ?2, ?3)";
        context.execute(sql, &[&scope, &object, &kind])?;
    }
    Ok(Answer::done())
}

/// An object is always in one scope at least.
fn remove(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    for (object, kind, scope) in pairs(call)? {
        check_package(context, &object, kind)?;
        let values: [&dyn ToSql; 3] = [&object, &kind, &scope];
        let others = "ObjectKey = ?1 AND ObjectTypeID = ?2 AND CategoryID <> ?3";
        if context.count("SMS_SecuredCategoryMembership", others, &values)? == 0 {
            let what = format!("{object} would be in no security scope");
            return Err(Refusal::invalid(what).into());
        }
        let sql = "DELETE FROM SMS_SecuredCategoryMembership
                   WHERE ObjectKey = ?1 AND ObjectTypeID = ?2 AND CategoryID = ?3";
        context.execute(sql, &values)?;
    }
    Ok(Answer::done())
}

fn check_package(context: &Context<'_>, object: &str, kind: i64) -> Result<(), StoreError> {
    if kind != i64::from(scope::PACKAGES) {
        let what = format!("objects of type {kind} are in no scopes on this site");
        return Err(Refusal::invalid(what).into());
    }
    if context.count("SMS_Package", "PackageID = ?1", &[&object])? == 0 {
        return Err(Refusal::not_found(format!("there is no package {object}")).into());
    }
    Ok(())
}

fn move_members(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    let kind = call.arguments.number("ObjectType");
    let from = call.arguments.number("ContainerNodeID");
    let to = call.arguments.number("TargetContainerNodeID");
    for folder in [from, to] {
        check_folder(context, folder, kind)?;
    }
    for key in call.arguments.list("InstanceKeys") {
        let key = key.as_str().unwrap_or_default();
        check_movable(context, key, kind)?;
        take_out(context, key, kind, from)?;
        put_in(context, key, kind, to)?;
    }
    Ok(Answer::done())
}

fn check_folder(context: &Context<'_>, folder: i64, kind: i64) -> Result<(), StoreError> {
    let is_there = folder == i64::from(folder::ROOT)
        || context.count(
            "SMS_ObjectContainerNode",
            "ContainerNodeID = ?1 AND ObjectType = ?2",
            &[&folder, &kind],
        )? > 0;
    if is_there {
        return Ok(());
    }
    Err(Refusal::not_found(format!(
        "there is no folder {folder} for objects of type {kind}"
    ))
    .into())
}

fn check_movable(context: &Context<'_>, key: &str, kind: i64) -> Result<(), StoreError> {
    let (class, condition) = match u32::try_from(kind) {
        Ok(folder::PACKAGES) => ("SMS_Package", "PackageID = ?1"),
        Ok(folder::DEVICE_COLLECTIONS) => {
            ("SMS_Collection", "CollectionID = ?1 AND CollectionType = 2")
        }
        Ok(folder::USER_COLLECTIONS) => {
            ("SMS_Collection", "CollectionID = ?1 AND CollectionType = 1")
        }
        _ => {
            let what = format!("objects of type {kind} are in no folders on this site");
            return Err(Refusal::invalid(what).into());
        }
    };
    if context.count(class, condition, &[&key])? == 0 {
        return Err(Refusal::not_found(format!("there is no {key} of type {kind}")).into());
    }
    Ok(())
}

fn take_out(context: &Context<'_>, key: &str, kind: i64, from: i64) -> Result<(), StoreError> {
    let there = "InstanceKey = ?1 AND ObjectType = ?2";
    if from == i64::from(folder::ROOT) {
        return if context.count("SMS_ObjectContainerItem", there, &[&key, &kind])? == 0 {
            Ok(())
        } else {
            Err(Refusal::invalid(format!("{key} is in a folder, not in the root")).into())
        };
    }
    let sql = "DELETE FROM SMS_ObjectContainerItem
               WHERE InstanceKey = ?1 AND ObjectType = ?2 AND ContainerNodeID = ?3";
    match context.execute(sql, &[&key, &kind, &from])? {
        0 => Err(Refusal::not_found(format!("{key} is not in folder {from}")).into()),
        _ => Ok(()),
    }
}

fn put_in(context: &Context<'_>, key: &str, kind: i64, to: i64) -> Result<(), StoreError> {
    if to == i64::from(folder::ROOT) {
        return Ok(());
    }
    let mut item = Object::new();
    item.set(
        "MemberID",
        FIRST_FOLDER + next_number(context.db, "folder item")?,
    )
    .set("ContainerNodeID", to)
    .set("InstanceKey", json!(key))
    .set("ObjectType", kind)
    .set("MemberGuid", Uuid::new_v4().to_string().to_uppercase())
    .set("SourceSite", context.site.code.as_str());
    context.insert("SMS_ObjectContainerItem", &item)
}
