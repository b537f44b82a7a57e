//! A run on the command line: what it does is told line by line, and what it came to decides how the command ends.

use std::fmt::Write as _;
use std::io::{self, Write};

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::exit::Exit;
use super::failure::Failure;
use super::signals::StopSignals;
use super::{out, prompt};
use crate::client::listing::field::size_in_words;
use crate::distribution::plan::Plan;
use crate::distribution::run::{
    Cause, Copied, End, Failure as RunFailure, LineState, MadeObject, Offer, Progress, Run, State,
    StopSwitch, stop_switch,
};
use crate::provider::Provider;

/// How a run is told, and who is asked when it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// As the terminal allows: moving figures, and questions where somebody is there.
    Terminal,
    /// Whole lines only, and questions to whoever is on the other end of the input.
    Lines,
}

impl Manner {
    fn is_live(self) -> bool {
        self == Self::Terminal && out::is_heard()
    }

    fn may_ask(self) -> bool {
        self == Self::Lines || prompt::is_somebody_there()
    }
}

/// Carries a run out until it is done, left, rolled back or kept.
pub async fn to_its_end(
    run: &mut Run,
    provider: &Provider,
    manner: Manner,
) -> Result<Exit, Failure> {
    loop {
        match once(run, provider, manner).await? {
            End::Done { made } => {
                print_made(&made)?;
                return Ok(Exit::Done);
            }
            End::Stopped(halt) => {
                out::say(format_args!("  {}", halt.left));
                let what = format!("stopped before operation {}", halt.before);
                return Err(Failure::new(Exit::Interrupted, what).with(resuming(&halt.offers)));
            }
            End::Failed(failure) => {
                tell(&failure);
                match choose(&failure, run.plan(), manner).await? {
                    Offer::Retry | Offer::RetryRest | Offer::WaitMore => {}
                    Offer::GoOn => run.go_on(failure.op).await.map_err(journal)?,
                    Offer::RollBack => return roll_back(run, provider, manner).await,
                    Offer::Keep | Offer::Stop => return keep(run, exit(failure.cause)).await,
                    Offer::Edit | Offer::ChooseExisting | Offer::Later => {
                        return Err(left_open(&failure));
                    }
                }
            }
        }
    }
}

/// Takes back what the plan made, and says what is left.
pub async fn roll_back(
    run: &mut Run,
    provider: &Provider,
    manner: Manner,
) -> Result<Exit, Failure> {
    let told = Telling::of(run, manner);
    let (switch, stop) = stop_switch();
    let pressing = tokio::spawn(press_at_signals(StopSignals::listen()?, switch));
    let back = run.roll_back(provider, &told.progress, stop).await;
    pressing.abort();
    told.end().await;
    let back = back.map_err(journal)?;
    out::say(back.words());
    Ok(match (back.stopped, back.is_whole()) {
        (true, _) => Exit::Interrupted,
        (false, true) => Exit::Done,
        (false, false) => Exit::Failed,
    })
}

/// Leaves what was made and closes the run.
pub async fn keep(run: &mut Run, exit: Exit) -> Result<Exit, Failure> {
    run.keep().await.map_err(journal)?;
    let made = run.made();
    match made.iter().filter(|object| !object.already).count() {
        0 => out::say("the run is closed"),
        1 => out::say("the run is closed, and the one object it made is kept"),
        several => out::say(format_args!(
            "the run is closed, and the {several} objects it made are kept"
        )),
    }
    print_made(&made)?;
    Ok(exit)
}

fn journal(error: impl std::fmt::Display) -> Failure {
    Failure::failed(error.to_string())
}

async fn once(run: &mut Run, provider: &Provider, manner: Manner) -> Result<End, Failure> {
    let told = Telling::of(run, manner);
    let (switch, stop) = stop_switch();
    let pressing = tokio::spawn(press_at_signals(StopSignals::listen()?, switch));
    let end = Box::pin(run.carry_out(provider, &told.progress, stop)).await;
    pressing.abort();
    told.end().await;
    Ok(end)
}

/// Asks the run to stop at a signal: the operation under way is finished.
async fn press_at_signals(mut signals: StopSignals, switch: StopSwitch) {
    loop {
        signals.next().await;
        out::say("stopping after the operation under way");
        switch.press();
    }
}

/// Tells what a run does while it does it.
struct Telling {
    progress: watch::Sender<Progress>,
    teller: JoinHandle<()>,
}

impl Telling {
    fn of(run: &Run, manner: Manner) -> Self {
        let (progress, watched) = watch::channel(Progress::new(run.plan()));
        let abouts = run.plan().numbered();
        let abouts = abouts.map(|(_, operation)| operation.about()).collect();
        Self {
            progress,
            teller: tokio::spawn(tell_steps(abouts, watched, manner.is_live())),
        }
    }

    /// Everything that happened has been told.
    async fn end(self) {
        drop(self.progress);
        // A teller that fell over has nothing more to say.
        let _ = self.teller.await;
    }
}

/// One line whenever an operation enters another state, or the site says something else of it; figures of a copy under
/// way where a terminal shows them.
async fn tell_steps(abouts: Vec<String>, mut watched: watch::Receiver<Progress>, is_live: bool) {
    let mut told = vec![(State::Waiting, String::new()); abouts.len()];
    loop {
        let is_over = watched.changed().await.is_err();
        let lines = watched.borrow_and_update().lines.clone();
        for ((line, about), told) in lines.iter().zip(&abouts).zip(&mut told) {
            let now = (line.state, line.words.clone());
            if now != *told && line.state != State::NotStarted && line.state != State::Waiting {
                erase(is_live);
                out::say(step(line, about, abouts.len()));
            }
            *told = now;
            if let (true, Some(copied)) = (is_live, &line.copied) {
                erase(true);
                figures(copied);
            }
        }
        if is_over {
            return erase(is_live);
        }
    }
}

fn step(line: &LineState, about: &str, all: usize) -> String {
    let mut words = format!(
        "[{}/{all}] {}: {}",
        line.number,
        out::plain(about),
        line.state
    );
    // Writing to a text cannot fail.
    if let Some(id) = &line.id {
        let _ = write!(words, ", {}", out::plain(id));
    }
    if !line.words.is_empty() {
        let _ = write!(words, " ({})", out::plain(&line.words));
    }
    words
}

/// Takes back the line of figures, so that what follows stands in its place.
fn erase(is_live: bool) {
    if is_live {
        // A terminal that is gone needs no erasing.
        let _ = io::stderr().write_all(b"\r\x1b[K");
    }
}

fn figures(copied: &Copied) {
    let (done, total) = (
        size_in_words(copied.done_bytes),
        size_in_words(copied.total_bytes),
    );
    let (files, all) = (copied.done_files, copied.total_files);
    // As above.
    let _ = write!(
        io::stderr(),
        "      {done} of {total}, {files} of {all} files"
    );
}

/// What an operation that failed left behind, and the ways on.
fn tell(failure: &RunFailure) {
    let about = if failure.is_begun {
        out::plain(&failure.about)
    } else {
        format!("before {}", out::plain(&failure.about))
    };
    out::say(format_args!("{about}: {}", failure.words));
    for words in [&failure.reason, &failure.left] {
        if !words.is_empty() {
            out::say(format_args!("  {words}"));
        }
    }
}

/// The way on a person chooses; without anybody there the run is left open.
async fn choose(failure: &RunFailure, plan: &Plan, manner: Manner) -> Result<Offer, Failure> {
    if !manner.may_ask() {
        return Ok(Offer::Later);
    }
    loop {
        let offer = choose_of(&failure.offers).await?;
        let is_agreed = match offer {
            Offer::GoOn => prompt::is_agreed(&out::plain(&failure.going_on(plan))).await?,
            _ => true,
        };
        if is_agreed {
            return Ok(offer);
        }
    }
}

/// One of these by its number; anything else leaves the run open.
pub async fn choose_of(offers: &[Offer]) -> Result<Offer, Failure> {
    for (number, offer) in offers.iter().enumerate() {
        out::say(format_args!(
            "  {}  {}: {}",
            number + 1,
            offer.label(),
            offer.effect()
        ));
    }
    let typed = prompt::ask("Which?").await?.unwrap_or_default();
    let number = typed.parse::<usize>().ok();
    let chosen = number.and_then(|number| offers.get(number.checked_sub(1)?));
    Ok(chosen.copied().unwrap_or(Offer::Later))
}

fn left_open(failure: &RunFailure) -> Failure {
    Failure::new(exit(failure.cause), "the run is not at its end").with(resuming(&failure.offers))
}

/// What takes a run up that was left open. What it made has been told.
fn resuming(offers: &[Offer]) -> &'static str {
    if offers.contains(&Offer::Stop) {
        "`consign resume` continues it or closes it"
    } else {
        "`consign resume` continues it, rolls it back or keeps what was made"
    }
}

fn exit(cause: Cause) -> Exit {
    match cause {
        Cause::Refused
        | Cause::SignedOut
        | Cause::Taken
        | Cause::Partly
        | Cause::StoredOtherwise => Exit::Refused,
        Cause::Unreachable | Cause::Unknown => Exit::Unreachable,
        Cause::FactsChanged | Cause::OtherSite => Exit::FactsChanged,
        Cause::Forbidden => Exit::Findings,
        Cause::Undoing | Cause::Late | Cause::Ours => Exit::Failed,
    }
}

/// The data of a run: what is on the site now, one object a line.
pub fn print_made(made: &[MadeObject]) -> Result<(), Failure> {
    out::data(|out| {
        made.iter().try_for_each(|object| {
            let (id, subject) = (out::plain(&object.id), out::plain(&object.subject));
            let already = if object.already {
                "  already there"
            } else {
                ""
            };
            writeln!(out, "{id}  {}  {subject}{already}", object.title)
        })
    })
}
