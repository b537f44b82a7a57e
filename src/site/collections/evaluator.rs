//! The background part: evaluates what waits, and asks for what its schedule makes due.
//!
//! A collection passes through the states a real site shows: awaiting refresh, evaluating, ready. Nobody looks at the
//! clock in vain: a schedule wakes the evaluator when it is due, and a change of a device some minutes after it, as the
//! incremental updates of a real site do.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rusqlite::OptionalExtension;
use tokio::sync::watch;

use super::evaluation::{
    AWAITING_REFRESH, Cause, EVALUATING, INCREMENTAL, PERIODIC, Round, evaluate,
    forget_device_change, waiting,
};
use crate::site::Site;
use crate::site::background::{Ear, next_due, stopped, tokens, until};
use crate::site::context::Context;
use crate::site::store::StoreError;
use crate::sms::time::WireTime;

/// How long after a change of devices the incremental collections are evaluated: the default of a real site.
const INCREMENTAL_DELAY: SignedDuration = SignedDuration::from_mins(5);

/// How long a fault of the database is given before the next look.
const BREATHER: Duration = Duration::from_secs(10);

/// The evaluator of one site.
#[derive(Debug)]
pub struct Evaluator {
    site: Site,
    /// Turns true when everything is to stop.
    stop: watch::Receiver<bool>,
}

impl Evaluator {
    pub fn new(site: Site, stop: watch::Receiver<bool>) -> Self {
        Self { site, stop }
    }

    /// Works until it is to stop.
    pub async fn run(mut self, mut ear: Ear) {
        loop {
            let next = self.look().await.unwrap_or_else(|error| {
                tracing::error!(%error, "collections could not be evaluated");
                Timestamp::now().checked_add(BREATHER).ok()
            });
            tokio::select! {
                () = stopped(&mut self.stop) => return,
                () = ear.rung() => {}
                () = until(next) => {}
            }
        }
    }

    /// Evaluates what waits, each collection in a transaction of its own so that others can write in between; says
    /// when something comes due next.
    async fn look(&self) -> Result<Option<Timestamp>, StoreError> {
        let now = Timestamp::now();
        let schedules = self.site.read(schedules).await?;
        let due: Vec<String> = schedules
            .iter()
            .filter(|(_, due)| *due <= now)
            .map(|(id, _)| id.clone())
            .collect();
        let incremental = self.site.read(incremental_due).await?;
        let update = incremental.is_some_and(|due| due <= now);
        let waits = !self.site.read(waiting).await?.is_empty();
        if waits || update || !due.is_empty() {
            let begin = move |context: &Context<'_>| begin(context, &due, update);
            let updated = self.site.write(begin).await?;
            self.go_round(&updated).await?;
        }
        Ok(schedules
            .into_iter()
            .map(|(_, due)| due)
            .chain(incremental)
            .filter(|due| *due > now)
            .min())
    }

    async fn go_round(&self, updated: &HashSet<String>) -> Result<(), StoreError> {
        let mut round = self.site.read(Round::read).await?;
        while let Some(id) = round.next() {
            if *self.stop.borrow() {
                return Ok(());
            }
            let cause = if updated.contains(&id) {
                Cause::Incremental
            } else {
                Cause::Full
            };
            let (graph, own) = (Arc::clone(&round.graph), id.clone());
            let evaluate = move |context: &Context<'_>| evaluate(context, &graph, &own, cause);
            let changed = self.site.write(evaluate).await?;
            round.evaluated(&id, changed);
        }
        Ok(())
    }
}

/// Marks what is about to be evaluated, so that whoever looks sees it. Answers what is evaluated only because devices
/// have changed.
fn begin(
    context: &Context<'_>,
    due: &[String],
    update: bool,
) -> Result<HashSet<String>, StoreError> {
    context.execute(
        "UPDATE SMS_Collection SET CurrentStatus = ?1 WHERE CurrentStatus = ?2",
        &[&EVALUATING, &AWAITING_REFRESH],
    )?;
    for id in due {
        context.execute(
            "UPDATE SMS_Collection SET CurrentStatus = ?1 WHERE CollectionID = ?2",
            &[&EVALUATING, id],
        )?;
    }
    if !update {
        return Ok(HashSet::new());
    }
    forget_device_change(context)?;
    let sql = "UPDATE SMS_Collection SET CurrentStatus = ?1 WHERE RefreshType & ?2 AND CurrentStatus <> ?1 \
               RETURNING CollectionID";
    let mut statement = context.db.prepare_cached(sql)?;
    let updated = statement.query_map([EVALUATING, INCREMENTAL], |row| row.get(0))?;
    Ok(updated.collect::<Result<_, _>>()?)
}

/// When the incremental collections are to follow a change of devices; `None` when nothing changed, or nothing follows.
fn incremental_due(context: &Context<'_>) -> Result<Option<Timestamp>, StoreError> {
    if context.count("SMS_Collection", "RefreshType & ?1", &[&INCREMENTAL])? == 0 {
        return Ok(None);
    }
    let sql = "SELECT Since FROM consign_device_change";
    let mut statement = context.db.prepare_cached(sql)?;
    let since: Option<String> = statement.query_row([], |row| row.get(0)).optional()?;
    let since = since.and_then(|digits| digits.parse::<WireTime>().ok()?.as_utc());
    Ok(since.and_then(|since| since.checked_add(INCREMENTAL_DELAY).ok()))
}

/// When each collection with a schedule comes due next, counted from its last evaluation.
fn schedules(context: &Context<'_>) -> Result<Vec<(String, Timestamp)>, StoreError> {
    let clock = TimeZone::system();
    let sql = "SELECT CollectionID, RefreshSchedule, LastRefreshTime FROM SMS_Collection \
               WHERE RefreshType & ?1 AND RefreshSchedule IS NOT NULL AND CurrentStatus = 1";
    let mut statement = context.db.prepare_cached(sql)?;
    let rows = statement.query_map([PERIODIC], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, Option<String>>(2)?,
        ))
    })?;
    let mut all = Vec::new();
    for row in rows {
        let (id, schedule, last) = row?;
        let last = last
            .and_then(|digits| digits.parse::<WireTime>().ok())
            .and_then(WireTime::as_utc);
        let due = last.and_then(|last| next_due(&tokens(&schedule), last, &clock));
        all.extend(due.map(|due| (id, due)));
    }
    Ok(all)
}

#[cfg(test)]
mod tests;
