//! Which collections are evaluated, in which order, and what is written on them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use jiff::tz::TimeZone;
use serde_json::Value;

use super::membership;
use crate::site::background::next_due;
use crate::site::context::Context;
use crate::site::rules::NEVER_EVALUATED;
use crate::site::status_summarizer;
use crate::site::store::{Object, ObjectKey, StoreError};
use crate::sms::schedule::Token;
use crate::sms::time::WireTime;

/// `SMS_Collection.CurrentStatus`.
const READY: i64 = 1;
pub(super) const EVALUATING: i64 = 4;
pub(super) const AWAITING_REFRESH: i64 = 5;

/// Bits of `RefreshType`: evaluated on a schedule, and as devices change.
pub(super) const PERIODIC: i64 = 2;
pub(super) const INCREMENTAL: i64 = 4;

/// Why a collection is evaluated, which decides where its figures are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// It was asked for, its schedule is due, or something it stands on has changed.
    Full,
    /// Devices have changed. The rules are applied to all of them: the members are the same, and sets are quick.
    Incremental,
}

/// Evaluates every collection that waits for it, or that was cut off, and whatever stands on one that changed.
pub fn evaluate_waiting(context: &Context<'_>) -> Result<(), StoreError> {
    let mut round = Round::read(context)?;
    while let Some(id) = round.next() {
        let changed = evaluate(context, &round.graph, &id, Cause::Full)?;
        round.evaluated(&id, changed);
    }
    Ok(())
}

/// One pass over all collections, what others stand on first.
#[derive(Debug)]
pub(super) struct Round {
    pub graph: Arc<Graph>,
    /// Ids still to be looked at, the next one last.
    ahead: Vec<String>,
    due: HashSet<String>,
}

impl Round {
    pub fn read(context: &Context<'_>) -> Result<Self, StoreError> {
        let due: HashSet<String> = waiting(context)?.into_iter().collect();
        let graph = Graph::read(context)?;
        let mut ahead = graph.in_order();
        ahead.reverse();
        Ok(Self {
            graph: Arc::new(graph),
            ahead,
            due,
        })
    }

    /// The next collection that is due.
    pub fn next(&mut self) -> Option<String> {
        while let Some(id) = self.ahead.pop() {
            if self.due.remove(&id) {
                return Some(id);
            }
        }
        None
    }

    /// A branch on which nothing changed is not walked any further.
    pub fn evaluated(&mut self, id: &str, changed: usize) {
        if changed > 0 {
            let standing = self.graph.standing_on(id);
            self.due.extend(standing.map(str::to_owned));
        }
    }
}

/// Asks for every collection to be evaluated: the devices have changed.
pub fn request_all(context: &Context<'_>) -> Result<(), StoreError> {
    forget_device_change(context)?;
    context.execute(
        "UPDATE SMS_Collection SET CurrentStatus = ?1",
        &[&AWAITING_REFRESH],
    )?;
    Ok(())
}

/// Asks for one collection to be evaluated; what it includes and excludes is evaluated before it, as far down as that
/// goes (distribution.md 9).
pub fn request(context: &Context<'_>, collection: &str) -> Result<(), StoreError> {
    let sql = "WITH RECURSIVE wanted (id) AS (
                   SELECT ?1
                   UNION
                   SELECT SourceCollectionID FROM SMS_CollectionDependencies
                   JOIN wanted ON DependentCollectionID = wanted.id WHERE RelationshipType IN (2, 3))
               UPDATE SMS_Collection SET CurrentStatus = ?2 WHERE CollectionID IN (SELECT id FROM wanted)";
    context.execute(sql, &[&collection, &AWAITING_REFRESH])?;
    Ok(())
}

/// Notes that the collections know the devices as they are.
pub(super) fn forget_device_change(context: &Context<'_>) -> Result<(), StoreError> {
    context
        .execute("DELETE FROM consign_device_change", &[])
        .map(drop)
}

/// Writes on a collection when its schedule comes due next, counted from now.
pub fn set_next_refresh(context: &Context<'_>, collection: &mut Object) {
    let next = (collection.number("RefreshType") & PERIODIC != 0)
        .then(|| Value::from(collection.list("RefreshSchedule")))
        .and_then(|schedule| serde_json::from_value::<Vec<Token>>(schedule).ok())
        .zip(context.now.as_utc())
        .and_then(|(tokens, now)| next_due(&tokens, now, &TimeZone::system()));
    let next = next.map_or_else(
        || NEVER_EVALUATED.to_owned(),
        |next| WireTime::utc(next).to_string(),
    );
    collection.set("FullEvaluationNextRefreshTime", next);
}

/// Ids of the collections that wait, and of those an evaluation was cut off on.
pub(super) fn waiting(context: &Context<'_>) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT CollectionID FROM SMS_Collection WHERE CurrentStatus IN (?1, ?2)";
    let mut statement = context.db.prepare_cached(sql)?;
    let ids = statement.query_map([AWAITING_REFRESH, EVALUATING], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Evaluates one collection and answers how many members came or went. Whatever stands on one that changed waits from
/// then on, in the same transaction: a pass that is cut off is gone on with.
pub(super) fn evaluate(
    context: &Context<'_>,
    graph: &Graph,
    id: &str,
    cause: Cause,
) -> Result<usize, StoreError> {
    let Some(mut collection) = context.read_named("SMS_Collection", id)? else {
        return Ok(0); // deleted while it waited
    };
    let begun = Instant::now();
    let changed = membership::refresh(context, &collection)?;
    let members = i64::from(context.db.query_row(
        "SELECT count(*) FROM consign_member WHERE CollectionID = ?1",
        [id],
        |row| row.get::<_, u32>(0),
    )?);
    set_next_refresh(context, &mut collection);
    let mut outcome = figures(cause, begun.elapsed().as_secs(), changed, &context.now());
    outcome
        .set("CurrentStatus", READY)
        .set("MemberCount", members)
        .set("LocalMemberCount", members)
        .set(
            "FullEvaluationNextRefreshTime",
            collection.text("FullEvaluationNextRefreshTime"),
        );
    context.update("SMS_Collection", &ObjectKey::text(id), &outcome)?;
    if changed > 0 {
        for dependant in graph.standing_on(id) {
            set_waiting(context, dependant)?;
        }
        status_summarizer::members_changed(context, id)?;
    }
    Ok(changed)
}

/// What an evaluation says of itself; one as devices change does not count as the full one that a schedule counts from.
fn figures(cause: Cause, seconds: u64, changed: usize, now: &str) -> Object {
    let prefix = match cause {
        Cause::Full => "FullEvaluation",
        Cause::Incremental => "IncrementalEvaluation",
    };
    let mut figures = Object::new();
    figures
        .set(&format!("{prefix}RunTime"), seconds)
        .set(&format!("{prefix}MemberChanges"), changed)
        .set(&format!("{prefix}LastRefreshTime"), now);
    if cause == Cause::Full {
        figures.set("LastRefreshTime", now);
    }
    if changed > 0 {
        figures
            .set(&format!("{prefix}MemberChangeTime"), now)
            .set("LastMemberChangeTime", now);
    }
    figures
}

fn set_waiting(context: &Context<'_>, id: &str) -> Result<(), StoreError> {
    context.execute(
        "UPDATE SMS_Collection SET CurrentStatus = ?2 WHERE CollectionID = ?1",
        &[&id, &AWAITING_REFRESH],
    )?;
    Ok(())
}

/// Who stands on whom.
#[derive(Debug)]
pub(super) struct Graph {
    ids: Vec<String>,
    /// Place of each collection in the order of evaluation.
    places: HashMap<String, usize>,
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
        let mut graph = Self {
            ids,
            places: HashMap::new(),
            needs,
        };
        let order = graph.in_order().into_iter();
        graph.places = order.enumerate().map(|(place, id)| (id, place)).collect();
        Ok(graph)
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

    /// What stands on a collection and comes after it in the order; in a loop the way back is not followed, or it
    /// would never come to rest.
    fn standing_on<'g>(&'g self, id: &'g str) -> impl Iterator<Item = &'g str> {
        let place = self.places.get(id);
        self.needs
            .iter()
            .filter(move |(_, sources)| sources.iter().any(|source| source == id))
            .map(|(dependent, _)| dependent.as_str())
            .filter(move |dependent| self.places.get(*dependent) > place)
    }
}

#[cfg(test)]
mod tests;
