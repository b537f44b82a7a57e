//! Rolling back: in reverse order, only what carries this plan's stamp, each looked at before it goes; the truth at the end.

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::Instant;

use super::Run;
use super::board::Board;
use super::failure::Trouble;
use super::gate;
use super::hand::Hand;
use super::progress::{Phase, Progress, State};
use super::step::{REPEATS, Silence, is_passing};
use super::stop::Stop;
use crate::distribution::journal::{Doing, Ending, Event, JournalError, Settled};
use crate::distribution::operation::{Look, Operation, Unmade};
use crate::distribution::plan::{OpNumber, Plan};
use crate::error::SiteError;
use crate::provider::Provider;

/// Why something stays that was not found.
const UNDER_WAY: &str = "it was asked for and no answer came, so it may still be under way; roll back again in ten minutes";

/// What a roll back came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RolledBack {
    /// Objects that are gone.
    pub removed: usize,
    /// Objects the site is still removing.
    pub going: usize,
    /// What stays, and why.
    pub left: Vec<LeftOver>,
    /// Devices may have been offered the program in the meantime.
    pub was_advertised: bool,
    /// Stopped as asked before it was through.
    pub stopped: bool,
    /// Why it was not even begun.
    pub refused: Option<String>,
}

/// Something a roll back could not take away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOver {
    pub op: OpNumber,
    /// For example `Package Line Tool 3.1`.
    pub about: String,
    pub why: String,
}

impl RolledBack {
    /// Whether nothing of the plan is left, apart from what the site is removing.
    pub fn is_whole(&self) -> bool {
        self.left.is_empty() && !self.stopped && self.refused.is_none()
    }

    /// The truth, in words.
    pub fn words(&self) -> String {
        if let Some(refused) = &self.refused {
            return format!("Nothing was taken back: {refused}");
        }
        let total = self.removed + self.going + self.left.len();
        let mut words = vec![match (self.removed, self.going) {
            _ if total == 0 => "There was nothing to remove.".to_owned(),
            (removed, 0) => format!("Removed {removed} of {total}."),
            (0, going) => format!("The site is removing {going} of {total}."),
            (removed, going) => {
                format!("Removed {removed} of {total}; the site is still removing {going}.")
            }
        }];
        words.extend(
            self.left
                .iter()
                .map(|left| format!("{} stays: {}.", left.about, left.why)),
        );
        if self.stopped {
            words.push("Stopped as asked; the rest is still there.".into());
        }
        words.push(
            if self.was_advertised {
                "Devices that had already received the advertisement may still run it until they next fetch policy. \
                 Software that was installed stays installed."
            } else {
                "Nothing had been advertised, so no device was affected."
            }
            .into(),
        );
        words.join(" ")
    }
}

impl Run {
    /// Takes back what this plan made and nothing else. What stays keeps the run open.
    pub async fn roll_back(
        &mut self,
        provider: &Provider,
        progress: &watch::Sender<Progress>,
        mut stop: Stop,
    ) -> Result<RolledBack, JournalError> {
        if let Err(refused) = gate::rolling_back(provider, &self.record.plan, &self.bounds).await {
            return Ok(RolledBack {
                refused: Some(refused.to_string()),
                ..RolledBack::default()
            });
        }
        self.reopen().await?;
        let by = self.actor.clone();
        self.write(Event::RollingBack { by }).await?;
        let mut board = Board::new(&self.record, progress.clone(), Phase::RollingBack);
        let mut back = RolledBack {
            was_advertised: self.record.was_advertised(),
            ..RolledBack::default()
        };
        let mut kept = Kept::default();
        for (op, operation) in self.record.plan.to_carry_out().into_iter().rev() {
            let is_needed = kept.needs(op);
            if is_needed.is_some() {
                kept.keep(&self.record.plan, op);
            }
            let may_be_there = self.record.past(op).may_have(Doing::Make);
            if !may_be_there || is_needed.is_some() && !operation.makes_an_object() {
                continue;
            }
            if stop.is_pressed() {
                back.stopped = true;
                break;
            }
            let mut hand = Hand {
                provider,
                stop: &mut stop,
                journal: &self.journal,
                record: &mut self.record,
                bounds: &self.bounds,
                board: &mut board,
                op,
                done_at: None,
            };
            let unmade = match is_needed {
                Some(user) => Unmade::Left(format!("{user} stays and needs it")),
                None => hand.unmake(&operation).await?,
            };
            if matches!(unmade, Unmade::Left(_)) {
                kept.keep(hand.plan(), op);
            }
            hand.note(&operation, unmade, &mut back).await?;
        }
        board.phase(Phase::AtRest);
        if back.is_whole() {
            let words = back.words();
            self.write(Event::Closed {
                how: Ending::RolledBack,
                words,
            })
            .await?;
        }
        Ok(back)
    }
}

/// What stays, and so keeps everything it needs.
#[derive(Default)]
struct Kept(Vec<(OpNumber, String)>);

impl Kept {
    /// What stays and needs this operation.
    fn needs(&self, op: OpNumber) -> Option<String> {
        let user = self.0.iter().find(|(needed, _)| *needed == op);
        user.map(|(_, user)| user.clone())
    }

    /// This operation stays, and with it whatever it needs.
    fn keep(&mut self, plan: &Plan, op: OpNumber) {
        let Some(line) = plan.line(op) else {
            return;
        };
        let about = self.needs(op).unwrap_or_else(|| line.operation.about());
        let needs = line.needs.iter().copied().chain(line.operation.referred());
        self.0.extend(needs.map(|needed| (needed, about.clone())));
    }
}

impl Hand<'_> {
    /// Takes one operation back; whatever stands in the way leaves it where it is.
    async fn unmake(&mut self, operation: &Operation) -> Result<Unmade, JournalError> {
        self.board.start(self.op);
        self.running("removing");
        match self.remove_in_time(operation).await {
            Ok(unmade) => Ok(unmade),
            Err(Trouble::Journal(error)) => Err(error),
            Err(trouble) => Ok(Unmade::Left(trouble.to_string())),
        }
    }

    /// A site that does not answer for a while is waited for here too: it is looked at again then, and what is there removed.
    async fn remove_in_time(&mut self, operation: &Operation) -> Result<Unmade, Trouble> {
        let mut silence = Silence::new();
        loop {
            let begun = Instant::now();
            let error = match self.remove(operation).await {
                Err(Trouble::Site(error)) if is_passing(&error) => error,
                other => return other,
            };
            if !self.waits_out(&mut silence, begun, &error).await? {
                return Err(Trouble::Site(error));
            }
        }
    }

    /// What may still be under way is waited for, and a lost answer is looked up before it is believed.
    async fn remove(&mut self, operation: &Operation) -> Result<Unmade, Trouble> {
        if operation.makes_an_object() && self.past().is_in_doubt(Doing::Make) {
            let has_come = matches!(self.search(operation).await?, Look::Ours { .. });
            let now = Timestamp::now();
            if !has_come && self.past().may_be_under_way(Doing::Make, now) {
                return Ok(Unmade::Left(UNDER_WAY.into()));
            }
        }
        match operation.unmake(self).await {
            Err(Trouble::Lost(lost)) if operation.is_repeatable() => {
                self.remove_again(operation, lost).await
            }
            Err(Trouble::Lost(lost)) => match operation.look(self).await {
                Ok(Look::Absent | Look::Same { .. } | Look::Taken { .. }) => Ok(Unmade::Removed),
                Ok(Look::Ours { .. }) => operation.unmake(self).await,
                Err(ours @ (Trouble::Journal(_) | Trouble::Stopped)) => Err(ours),
                Err(Trouble::Site(silent)) if is_passing(&silent) => Err(Trouble::Site(silent)),
                Err(_) => Err(Trouble::Lost(lost)),
            },
            other => other,
        }
    }

    /// Removing in several requests, of which one lost its answer: all that is left of them is done again. One look could
    /// not tell whether every part of it is gone.
    async fn remove_again(
        &mut self,
        operation: &Operation,
        mut lost: SiteError,
    ) -> Result<Unmade, Trouble> {
        for _ in 0..REPEATS {
            match operation.unmake(self).await {
                Err(Trouble::Lost(again)) => lost = again,
                Ok(Unmade::Nothing) => return Ok(Unmade::Removed),
                other => return other,
            }
        }
        Err(Trouble::Lost(lost))
    }

    async fn note(
        &mut self,
        operation: &Operation,
        unmade: Unmade,
        back: &mut RolledBack,
    ) -> Result<(), JournalError> {
        let (state, words) = match unmade {
            Unmade::Removed => {
                back.removed += 1;
                (Settled::Undone, String::new())
            }
            Unmade::Going => {
                back.going += 1;
                (Settled::Undone, "being removed".to_owned())
            }
            Unmade::Nothing => (Settled::Undone, String::new()),
            Unmade::Left(why) => {
                back.left.push(LeftOver {
                    op: self.op,
                    about: operation.about(),
                    why: why.clone(),
                });
                (Settled::Left, why)
            }
        };
        match self.settle(state, None, words).await {
            Err(Trouble::Journal(error)) => Err(error),
            _ => Ok(()),
        }
    }
}

impl State {
    /// Whether the line has come to rest.
    pub fn is_at_rest(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running | Self::Checking)
    }
}
