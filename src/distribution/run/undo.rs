//! Rolling back: in reverse order, only what carries this plan's stamp, each looked at before it goes; the truth at the end.

use tokio::sync::watch;

use super::Run;
use super::board::Board;
use super::failure::Trouble;
use super::hand::Hand;
use super::progress::{Phase, Progress, State};
use super::stop::Stop;
use crate::distribution::journal::{Doing, Ending, Event, JournalError, Settled};
use crate::distribution::operation::{Look, Operation, Unmade};
use crate::distribution::plan::OpNumber;
use crate::provider::Provider;

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
        self.left.is_empty() && !self.stopped
    }

    /// The truth, in words.
    pub fn words(&self) -> String {
        let total = self.removed + self.going + self.left.len();
        let mut words = vec![match total {
            0 => "There was nothing to remove.".to_owned(),
            _ => format!("Removed {} of {total}.", self.removed + self.going),
        }];
        if self.going > 0 {
            words.push(format!(
                "The site is still removing {} of them.",
                self.going
            ));
        }
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
        let mut board = Board::new(&self.record, progress.clone(), Phase::RollingBack);
        let mut back = RolledBack::default();
        for (op, operation) in self.record.plan.to_carry_out().into_iter().rev() {
            if !self.record.past(op).may_have(Doing::Make) {
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
                board: &mut board,
                op,
            };
            hand.take_back(&operation, &mut back).await?;
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

impl Hand<'_> {
    async fn take_back(
        &mut self,
        operation: &Operation,
        back: &mut RolledBack,
    ) -> Result<(), JournalError> {
        self.board.start(self.op);
        self.running("removing");
        back.was_advertised |= matches!(operation, Operation::Advertisement(_));
        let unmade = match self.unmake(operation).await {
            Ok(unmade) => unmade,
            Err(Trouble::Journal(error)) => return Err(error),
            Err(trouble) => Unmade::Left(trouble.to_string()),
        };
        let (state, words) = match &unmade {
            Unmade::Left(why) => (Settled::Left, why.clone()),
            Unmade::Going => (Settled::Undone, "being removed".to_owned()),
            Unmade::Removed | Unmade::Nothing => (Settled::Undone, String::new()),
        };
        match unmade {
            Unmade::Removed => back.removed += 1,
            Unmade::Going => back.going += 1,
            Unmade::Nothing => {}
            Unmade::Left(why) => back.left.push(LeftOver {
                op: self.op,
                about: format!("{} {}", operation.title(), operation.subject()),
                why,
            }),
        }
        match self.settle(state, None, words).await {
            Err(Trouble::Journal(error)) => Err(error),
            _ => Ok(()),
        }
    }

    /// Takes one operation back; a lost answer is looked up before it is believed.
    async fn unmake(&mut self, operation: &Operation) -> Result<Unmade, Trouble> {
        match operation.unmake(self).await {
            Err(Trouble::Lost(lost)) => match operation.look(self).await {
                Ok(Look::Absent | Look::Same { .. } | Look::Taken { .. }) => Ok(Unmade::Removed),
                Ok(Look::Ours { .. }) => operation.unmake(self).await,
                Err(Trouble::Journal(error)) => Err(Trouble::Journal(error)),
                Err(_) => Err(Trouble::Lost(lost)),
            },
            other => other,
        }
    }
}

impl State {
    /// Whether the line has come to rest.
    pub fn is_at_rest(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running | Self::Checking)
    }
}
