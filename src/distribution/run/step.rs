//! One operation, from looking to resting: what is there is found, what is missing is made, what is unknown is looked up.

use std::time::Duration;

use jiff::Zoned;
use serde_json::Value;
use tokio::time::Instant;

use super::failure::Trouble;
use super::gate;
use super::hand::Hand;
use super::pauses::Pauses;
use super::progress::State;
use crate::distribution::journal::{Actor, Answered, Doing, Event, Settled};
use crate::distribution::operation::{Look, Operation};
use crate::error::SiteError;

/// An operation that came to its end.
pub(super) struct Reached {
    already: bool,
    id: Option<String>,
    words: String,
}

/// How often a request that changes nothing the second time is sent again after a lost answer.
pub(super) const REPEATS: usize = 3;

/// How long a site that does not answer is waited for, before it is left to a person. Longer than the minute one answer may
/// take: a request that vanished is followed by another, on a line that may be well again.
const PATIENCE: Duration = Duration::from_secs(90);

/// A busy site that asks to be left alone for longer is left to a person.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// How often the site is asked for an object whose answer was lost, with growing pauses: some two seconds in all.
const LOOKS: usize = 7;

/// What goes away by itself, or with a fresh ticket, and has changed nothing.
pub(crate) fn is_passing(error: &SiteError) -> bool {
    matches!(
        error,
        SiteError::Unreachable { .. } | SiteError::Busy { .. } | SiteError::SignedOut { .. }
    )
}

/// A site that does not answer, and how long it is waited for.
///
/// Its silence begins when it was asked what it did not answer, and ends with whatever it does: a request may take a
/// minute to be given up, and a line may be down twice while an operation of many requests is under way.
pub(super) struct Silence {
    pauses: Pauses,
    asked: Option<Instant>,
}

impl Silence {
    pub(super) fn new() -> Self {
        Self {
            pauses: Pauses::new(),
            asked: None,
        }
    }

    /// The pause before it is asked again, as long as it asks for itself; nothing when that is for a person to decide.
    /// `begun`: when it was asked last; `done_at`: when it last did something.
    fn pause(
        &mut self,
        begun: Instant,
        done_at: Option<Instant>,
        error: &SiteError,
    ) -> Option<Duration> {
        let asked = *self.asked.get_or_insert(begun);
        let since = done_at.map_or(asked, |done_at| asked.max(done_at));
        let is_over = since.elapsed() >= PATIENCE || error.wait() > LONGEST_WAIT;
        (!is_over).then(|| self.pauses.next().max(error.wait()))
    }
}

impl Hand<'_> {
    /// Brings the operation to its end, or says what stands in its way. Either way the journal knows.
    pub(super) async fn carry_out(&mut self, operation: &Operation) -> Result<(), Trouble> {
        self.board.start(self.op);
        self.running("");
        let trouble = match self.persist(operation).await {
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

    /// A site that does not answer for a while, or does not know us any more, is no reason to give up: the operation is
    /// taken up where it was as soon as it does, and anew where nothing of it is in doubt.
    async fn persist(&mut self, operation: &Operation) -> Result<Reached, Trouble> {
        let mut silence = Silence::new();
        let mut last = None;
        loop {
            let begun = Instant::now();
            let error = match self.attempt(operation, last.as_ref()).await {
                Err(Trouble::Site(error)) if is_passing(&error) => error,
                other => return other,
            };
            if !self.waits_out(&mut silence, begun, &error).await? {
                return Err(if self.past().is_in_doubt(Doing::Make) {
                    Trouble::Lost(error)
                } else {
                    Trouble::Site(error)
                });
            }
            last = Some(error);
        }
    }

    /// Waits until the site is worth asking again; whether it is, or is left to a person.
    pub(super) async fn waits_out(
        &mut self,
        silence: &mut Silence,
        begun: Instant,
        error: &SiteError,
    ) -> Result<bool, Trouble> {
        let Some(pause) = silence.pause(begun, self.done_at, error) else {
            return Ok(false);
        };
        self.waiting_for_site(error, None);
        self.pause(pause).await?;
        Ok(true)
    }

    /// Passes the gate before a run is carried on. A line that is down just then is waited for as it is later.
    pub(super) async fn pass_gate(&mut self, by: &Actor) -> Result<(), Trouble> {
        let mut silence = Silence::new();
        loop {
            let begun = Instant::now();
            let error = match gate::carrying_on(self.provider, self.record, self.bounds, by).await {
                Err(Trouble::Site(error @ SiteError::Unreachable { .. })) => error,
                other => return other,
            };
            if !self.waits_out(&mut silence, begun, &error).await? {
                return Err(Trouble::Site(error));
            }
        }
    }

    /// One try. `silence`: the site did not answer meanwhile, so that a request it does not show may still be under way;
    /// sending that again is for a person to decide.
    async fn attempt(
        &mut self,
        operation: &Operation,
        silence: Option<&SiteError>,
    ) -> Result<Reached, Trouble> {
        let mut look = if self.past().is_in_doubt(Doing::Make) {
            let look = self.search(operation).await?;
            match silence {
                Some(error) if look == Look::Absent && !operation.is_repeatable() => {
                    return Err(Trouble::Lost(error.clone()));
                }
                _ => look,
            }
        } else {
            operation.look(self).await?
        };
        let mut lost = None;
        for _ in 0..REPEATS {
            if let Some(reached) = self.found(operation, look).await? {
                return Ok(reached);
            }
            if matches!(operation, Operation::Advertisement(_)) {
                // The run may have waited long for this moment.
                gate::in_bounds(self.plan(), self.bounds, &Zoned::now())?;
            }
            let error = match operation.make(self).await {
                Ok(made) => {
                    operation.confirm(self, made.id.as_deref()).await?;
                    return Ok(Reached {
                        already: false,
                        id: made.id,
                        words: made.words,
                    });
                }
                Err(Trouble::Lost(error)) => error,
                Err(Trouble::Site(error @ SiteError::Refused { .. })) => {
                    return self.in_spite_of(operation, error).await;
                }
                Err(trouble) => return Err(trouble),
            };
            self.waiting_for_site(&error, None);
            look = match self.search(operation).await {
                Ok(Look::Absent) if !operation.is_repeatable() => {
                    return Err(self.not_made(error).await?);
                }
                Ok(look) => look,
                Err(ours @ (Trouble::Journal(_) | Trouble::Stopped)) => return Err(ours),
                Err(Trouble::Site(silent)) if is_passing(&silent) => {
                    return Err(Trouble::Site(silent));
                }
                // The site cannot even be asked: what became of the request stays unknown.
                Err(_) => return Err(Trouble::Lost(error)),
            };
            lost = Some(error);
        }
        match (self.found(operation, look).await?, lost) {
            (Some(reached), _) => Ok(reached),
            (None, Some(error @ SiteError::Failed { .. })) => Err(self.not_made(error).await?),
            (None, _) => Err(Trouble::GaveUp("the answers keep getting lost".into())),
        }
    }

    /// A site may say no, or seem to, after it did the work: it is asked once.
    async fn in_spite_of(
        &mut self,
        operation: &Operation,
        refused: SiteError,
    ) -> Result<Reached, Trouble> {
        let Ok(look @ Look::Ours { .. }) = operation.look(self).await else {
            return Err(Trouble::Site(refused));
        };
        let answer = Answered::Done { after: Value::Null };
        let op = self.op;
        self.write(Event::Answered { op, answer }).await?;
        let reached = self.found(operation, look).await?;
        reached.ok_or(Trouble::Site(refused))
    }

    /// What the site does not show after a request of which no good answer came. One that broke down over it has answered:
    /// nothing is under way any more.
    async fn not_made(&mut self, error: SiteError) -> Result<Trouble, Trouble> {
        if !matches!(error, SiteError::Failed { .. }) {
            return Ok(Trouble::Lost(error));
        }
        let words = error.to_string();
        let answer = Answered::Refused { words };
        let op = self.op;
        self.write(Event::Answered { op, answer }).await?;
        Ok(Trouble::Site(error))
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
