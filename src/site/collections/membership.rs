//! Who is in one collection, by its rules, as sets in the database: a million devices never pass through this program.

use rusqlite::params_from_iter;
use serde_json::Value;

use super::schema::Classes;
use super::wql;
use crate::site::context::Context;
use crate::site::store::{Object, StoreError};
use crate::sms::collection_rule::CollectionRule;

const CANDIDATES: &str = "CREATE TEMP TABLE IF NOT EXISTS candidate (ResourceID INTEGER PRIMARY KEY, IsDirect INTEGER NOT NULL)";

/// Makes the members of a collection what its rules say. Answers how many came or went.
///
/// What the collection stands on must have been evaluated before. A query that cannot be read adds nobody, as at a real
/// site; the log says so.
pub fn refresh(context: &Context<'_>, collection: &Object) -> Result<usize, StoreError> {
    context.execute(CANDIDATES, &[])?;
    context.execute("DELETE FROM temp.candidate", &[])?;
    let rules = rules(collection);
    for rule in &rules {
        add(context, collection, rule)?;
    }
    limit(context, collection)?;
    for rule in &rules {
        if let CollectionRule::Exclude { collection, .. } = rule {
            context.execute(
                "DELETE FROM temp.candidate WHERE ResourceID IN \
                 (SELECT ResourceID FROM consign_member WHERE CollectionID = ?1)",
                &[&collection.as_str()],
            )?;
        }
    }
    replace(context, collection.text("CollectionID"))
}

/// The rules of a collection; what is no rule is left out.
pub fn rules(collection: &Object) -> Vec<CollectionRule> {
    let rules = collection.list("CollectionRules");
    rules
        .iter()
        .filter_map(|rule| serde_json::from_value(rule.clone()).ok())
        .collect()
}

fn add(
    context: &Context<'_>,
    collection: &Object,
    rule: &CollectionRule,
) -> Result<(), StoreError> {
    match rule {
        CollectionRule::Direct { resource, .. } => {
            context.execute(
                "INSERT INTO temp.candidate SELECT ResourceId, 1 FROM SMS_R_System WHERE ResourceId = ?1 \
                 ON CONFLICT DO UPDATE SET IsDirect = 1",
                &[&resource.0],
            )?;
        }
        CollectionRule::Include { collection, .. } => {
            context.execute(
                "INSERT OR IGNORE INTO temp.candidate SELECT ResourceID, 0 FROM consign_member WHERE CollectionID = ?1",
                &[&collection.as_str()],
            )?;
        }
        CollectionRule::Query {
            name, expression, ..
        } => {
            if let Err(error) = add_found(context, expression)? {
                let id = collection.text("CollectionID");
                tracing::warn!(collection = id, rule = name, %error, "a query rule cannot be read and adds nobody");
            }
        }
        CollectionRule::Exclude { .. } | CollectionRule::Other { .. } => {}
    }
    Ok(())
}

fn add_found(
    context: &Context<'_>,
    expression: &str,
) -> Result<Result<(), wql::QueryError>, StoreError> {
    let prepared = match wql::prepare(expression, &Classes(context.catalog), &context.now()) {
        Ok(prepared) => prepared,
        Err(error) => return Ok(Err(error)),
    };
    let sql = format!(
        "INSERT OR IGNORE INTO temp.candidate SELECT *, 0 FROM ({})",
        prepared.sql
    );
    context
        .db
        .prepare(&sql)?
        .execute(params_from_iter(prepared.values))?;
    Ok(Ok(()))
}

/// Members can only come from the limiting collection; one without it is not limited.
fn limit(context: &Context<'_>, collection: &Object) -> Result<(), StoreError> {
    let limiting = collection.text("LimitToCollectionID");
    if !limiting.is_empty() {
        context.execute(
            "DELETE FROM temp.candidate WHERE ResourceID NOT IN \
             (SELECT ResourceID FROM consign_member WHERE CollectionID = ?1)",
            &[&limiting],
        )?;
    }
    Ok(())
}

fn replace(context: &Context<'_>, id: &str) -> Result<usize, StoreError> {
    let gone = context.execute(
        "DELETE FROM consign_member WHERE CollectionID = ?1 \
         AND ResourceID NOT IN (SELECT ResourceID FROM temp.candidate)",
        &[&id],
    )?;
    context.execute(
        "UPDATE consign_member SET IsDirect = candidate.IsDirect FROM temp.candidate \
         WHERE consign_member.CollectionID = ?1 AND consign_member.ResourceID = candidate.ResourceID \
         AND consign_member.IsDirect <> candidate.IsDirect",
        &[&id],
    )?;
    let come = context.execute(
        "INSERT OR IGNORE INTO consign_member (CollectionID, ResourceID, IsDirect, Name) \
         SELECT ?1, candidate.ResourceID, candidate.IsDirect, SMS_R_System.Name FROM temp.candidate \
         LEFT JOIN SMS_R_System ON SMS_R_System.ResourceId = candidate.ResourceID",
        &[&id],
    )?;
    Ok(gone + come)
}

/// The JSON a list of rules is kept as.
pub fn to_json(rules: &[CollectionRule]) -> Vec<Value> {
    rules.iter().map(|rule| serde_json::json!(rule)).collect()
}
