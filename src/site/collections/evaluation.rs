//! Which collections are evaluated, in which order, and what is written on them.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use super::membership;
use crate::site::context::Context;
use crate::site::store::{Object, ObjectKey, StoreError};

/// `SMS_Collection.CurrentStatus`.
const READY: i64 = 1;
pub(super) const EVALUATING: i64 = 4;
pub(super) const AWAITING_REFRESH: i64 = 5;

/// Evaluates every collection that waits for it, or that was cut off, and whatever stands on one that changed.
pub fn evaluate_waiting(context: &Context<'_>) -> Result<(), StoreError> {
    let mut due: HashSet<String> = waiting(context)?.into_iter().collect();
    if due.is_empty() {
        return Ok(());
    }
    let graph = Graph::read(context)?;
    for id in graph.in_order() {
        if !due.remove(&id) {
            continue;
        }
        let Some(collection) = context.read_named("SMS_Collection", &id)? else {
            continue;
        };
        if evaluate(context, &id, &collection)? > 0 {
            // A branch on which nothing changed is not walked any further.
            due.extend(graph.standing_on(&id).map(str::to_owned));
        }
    }
    Ok(())
}

/// Asks for every collection to be evaluated: the devices have changed.
pub fn request_all(context: &Context<'_>) -> Result<(), StoreError> {
    context.execute(
        "UPDATE SMS_Collection SET CurrentStatus = ?1",
        &[&AWAITING_REFRESH],
    )?;
    Ok(())
}

/// Ids of the collections that wait, and of those an evaluation was cut off on.
pub(super) fn waiting(context: &Context<'_>) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT CollectionID FROM SMS_Collection WHERE CurrentStatus IN (?1, ?2)";
    let mut statement = context.db.prepare_cached(sql)?;
    let ids = statement.query_map([AWAITING_REFRESH, EVALUATING], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

fn evaluate(context: &Context<'_>, id: &str, collection: &Object) -> Result<usize, StoreError> {
    let begun = Instant::now();
    let changed = membership::refresh(context, collection)?;
    let members = i64::from(context.db.query_row(
        "SELECT count(*) FROM consign_member WHERE CollectionID = ?1",
        [id],
        |row| row.get::<_, u32>(0),
    )?);
    let now = context.now();
    let mut outcome = Object::new();
    outcome
        .set("CurrentStatus", READY)
        .set("MemberCount", members)
        .set("LocalMemberCount", members)
        .set("LastRefreshTime", now.as_str())
        .set("FullEvaluationLastRefreshTime", now.as_str())
        .set("FullEvaluationRunTime", begun.elapsed().as_secs())
        .set("FullEvaluationMemberChanges", changed);
    if changed > 0 {
        outcome
            .set("LastMemberChangeTime", now.as_str())
            .set("FullEvaluationMemberChangeTime", now.as_str());
    }
    context.update("SMS_Collection", &ObjectKey::text(id), &outcome)?;
    Ok(changed)
}

/// Who stands on whom.
struct Graph {
    ids: Vec<String>,
    /// By collection, what it stands on.
    needs: HashMap<String, Vec<String>>,
}

impl Graph {
    fn read(context: &Context<'_>) -> Result<Self, StoreError> {
        let mut statement = context
            .db
            .prepare_cached("SELECT CollectionID FROM SMS_Collection ORDER BY CollectionID")?;
        let ids = statement
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut needs: HashMap<String, Vec<String>> = HashMap::new();
        let mut statement = context.db.prepare_cached(
            "SELECT DependentCollectionID, SourceCollectionID FROM SMS_CollectionDependencies",
        )?;
        for pair in statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))? {
            let (dependent, source): (String, String) = pair?;
            needs.entry(dependent).or_default().push(source);
        }
        Ok(Self { ids, needs })
    }

    /// Every collection after what it stands on. A loop, which the rules refuse, is cut anywhere.
    fn in_order(&self) -> Vec<String> {
        let mut order = Vec::with_capacity(self.ids.len());
        let mut seen = HashSet::new();
        for id in &self.ids {
            self.visit(id, &mut seen, &mut order);
        }
        order
    }

    fn visit<'g>(&'g self, id: &'g str, seen: &mut HashSet<&'g str>, order: &mut Vec<String>) {
        if !seen.insert(id) {
            return;
        }
        for source in self.needs.get(id).into_iter().flatten() {
            self.visit(source, seen, order);
        }
        order.push(id.to_owned());
    }

    fn standing_on<'g>(&'g self, id: &'g str) -> impl Iterator<Item = &'g str> {
        self.needs
            .iter()
            .filter(move |(_, sources)| sources.iter().any(|source| source == id))
            .map(|(dependent, _)| dependent.as_str())
    }
}

#[cfg(test)]
mod tests;
