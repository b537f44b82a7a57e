//! One operation, from looking to resting: what is there is found, what is missing is made, what is unknown is looked up.

use jiff::Zoned;

use super::failure::Trouble;
use super::gate;
use super::hand::Hand;
use super::pauses::Pauses;
use super::progress::State;
use crate::distribution::journal::{Doing, Event, Settled};
use crate::distribution::operation::{Look, Operation};

/// An operation that came to its end.
pub(super) struct Reached {
    already: bool,
    id: Option<String>,
    words: String,
}

/// How often a request that changes nothing the second time is sent again after a lost answer.
pub(super) const REPEATS: usize = 3;

/// How often the site is asked for an object whose answer was lost, with growing pauses: some ten seconds in all.
const LOOKS: usize = 7;

impl Hand<'_> {
    /// Brings the operation to its end, or says what stands in its way. Either way the journal knows.
    pub(super) async fn carry_out(&mut self, operation: &Operation) -> Result<(), Trouble> {
        self.board.start(self.op);
        self.running("");
        let trouble = match self.attempt(operation).await {
            Ok(reached) => {
                let state = if reached.already {
                    Settled::AlreadySo
                } else {
                    Settled::Done
                };
                return self.settle(state, reached.id, reached.words).await;
            }
            // Nothing came to rest: the operation is taken up where it was.
            Err(stopped @ Trouble::Stopped) => return Err(stopped),
            Err(trouble) => trouble,
        };
        let in_doubt = self.past().is_in_doubt(Doing::Make) && !operation.is_repeatable();
        let state = if in_doubt {
            Settled::Unknown
        } else {
            Settled::Failed
        };
        if let Err(Trouble::Journal(unwritten)) =
            self.settle(state, None, trouble.to_string()).await
        {
            return Err(match trouble {
                Trouble::Journal(first) => Trouble::Journal(first),
                _ => Trouble::Journal(unwritten),
            });
        }
        Err(trouble)
    }

    async fn attempt(&mut self, operation: &Operation) -> Result<Reached, Trouble> {
        let mut look = if self.past().is_in_doubt(Doing::Make) {
            self.search(operation).await?
        } else {
            operation.look(self).await?
        };
        for _ in 0..REPEATS {
            if let Some(reached) = self.found(operation, look).await? {
                return Ok(reached);
            }
            if matches!(operation, Operation::Advertisement(_)) {
                // The run may have waited long for this moment.
                gate::in_bounds(self.plan(), self.bounds, &Zoned::now())?;
            }
            let lost = match operation.make(self).await {
                Ok(made) => {
                    operation.confirm(self, made.id.as_deref()).await?;
                    return Ok(Reached {
                        already: false,
                        id: made.id,
                        words: made.words,
                    });
                }
                Err(Trouble::Lost(lost)) => lost,
                Err(trouble) => return Err(trouble),
            };
            look = match self.search(operation).await {
                Ok(Look::Absent) if !operation.is_repeatable() => return Err(Trouble::Lost(lost)),
                Ok(look) => look,
                Err(ours @ (Trouble::Journal(_) | Trouble::Stopped)) => return Err(ours),
                // The site cannot even be asked: what became of the request stays unknown.
                Err(_) => return Err(Trouble::Lost(lost)),
            };
        }
        match self.found(operation, look).await? {
            Some(reached) => Ok(reached),
            None => Err(Trouble::GaveUp("the answers keep getting lost".into())),
        }
    }

    /// Whether what was found ends the operation.
    async fn found(
        &mut self,
        operation: &Operation,
        look: Look,
    ) -> Result<Option<Reached>, Trouble> {
        match look {
            Look::Absent => Ok(None),
            Look::Ours { id, words } => {
                operation.confirm(self, id.as_deref()).await?;
                Ok(Some(Reached {
                    already: false,
                    id,
                    words,
                }))
            }
            Look::Same { id, words } => Ok(Some(Reached {
                already: true,
                id,
                words,
            })),
            Look::Taken { id, differs } => Err(Trouble::Taken {
                what: operation.subject(),
                id,
                differs,
            }),
        }
    }

    /// Looks for what a request may have made although no answer came: it may still be under way.
    pub(super) async fn search(&mut self, operation: &Operation) -> Result<Look, Trouble> {
        let mut pauses = Pauses::new();
        for _ in 1..LOOKS {
            let look = operation.look(self).await?;
            if look != Look::Absent || operation.is_repeatable() {
                return Ok(look);
            }
            self.checking("looking for it on the site", None);
            self.pause(pauses.next()).await?;
        }
        operation.look(self).await
    }

    /// Writes how the operation came to rest, and shows it.
    pub(super) async fn settle(
        &mut self,
        state: Settled,
        id: Option<String>,
        words: String,
    ) -> Result<(), Trouble> {
        let written = self
            .write(Event::Settled {
                op: self.op,
                state,
                id,
                words: words.clone(),
            })
            .await;
        if written.is_ok() {
            self.recall();
        } else {
            self.board.change(self.op, |line| {
                line.state = State::Failed;
                line.words = words;
            });
        }
        written
    }

    /// Shows the operation as the journal has it.
    pub(super) fn recall(&mut self) {
        let past = self.past().clone();
        self.board.change(self.op, |line| {
            line.recall(&past);
            line.copied = line.copied.filter(|_| line.state == State::Checking);
        });
    }
}
