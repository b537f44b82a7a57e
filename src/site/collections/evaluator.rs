//! The background part: evaluates what waits, and asks for what its schedule makes due.
//!
//! A collection passes through the states a real site shows: awaiting refresh, evaluating, ready. Incremental updates
//! need no clock here: devices of an embedded site change only when a fleet is filled in, which asks for everything.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::watch;

use super::evaluation::{AWAITING_REFRESH, EVALUATING, Round, evaluate, waiting};
use crate::site::Site;
use crate::site::background::{Ear, next_due, stopped, tokens, until};
use crate::site::context::Context;
use crate::site::store::StoreError;
use crate::sms::time::WireTime;

/// `RefreshType` bit: evaluated on a schedule.
const PERIODIC: i64 = 2;

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
    /// when the next schedule comes due.
    async fn look(&self) -> Result<Option<Timestamp>, StoreError> {
        let now = Timestamp::now();
        let schedules = self.site.read(schedules).await?;
        let due: Vec<String> = schedules
            .iter()
            .filter(|(_, due)| *due <= now)
            .map(|(id, _)| id.clone())
            .collect();
        let waits = !self.site.read(waiting).await?.is_empty();
        if waits || !due.is_empty() {
            self.site.write(move |context| begin(context, &due)).await?;
            self.go_round().await?;
        }
        Ok(schedules
            .into_iter()
            .map(|(_, due)| due)
            .filter(|due| *due > now)
            .min())
    }

    async fn go_round(&self) -> Result<(), StoreError> {
        let mut round = self.site.read(Round::read).await?;
        while let Some(id) = round.next() {
            if *self.stop.borrow() {
                return Ok(());
            }
            let (graph, own) = (Arc::clone(&round.graph), id.clone());
            let evaluate = move |context: &Context<'_>| evaluate(context, &graph, &own);
            let changed = self.site.write(evaluate).await?;
            round.evaluated(&id, changed);
        }
        Ok(())
    }
}

/// Marks what is about to be evaluated, so that whoever looks sees it.
fn begin(context: &Context<'_>, due: &[String]) -> Result<(), StoreError> {
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
    Ok(())
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
