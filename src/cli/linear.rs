//! `consign wizard --linear`: the wizard as plain questions and answers, one line each.
//!
//! For screen readers, braille displays and logs: nothing is drawn, nothing moves, every line is whole when it is
//! written. Fields, draft, facts, checks, guard, plan and run are those of the full-screen wizard; here is only the
//! talk about them.
//!
//! ```text
//! walk      from question to question, back, and step to step
//! ├ answer  one field: what it is for, what holds now, what was said
//! ├ picking an object of the site, out of those that fit what was typed
//! └ review  the plan, what must be confirmed, and going back for what stops it
//! ```

mod answer;
mod candidate;
mod picking;
mod question;
mod review;
mod said;
mod talk;
mod walk;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::carry::{self, Manner};
use super::compose::{self, Background, Chosen};
use super::exit::Exit;
use super::failure::Failure;
use super::signals::StopSignals;
use super::surroundings::Surroundings;
use super::{out, plan};
use crate::distribution::field::FieldId;
use crate::distribution::journal::{Actor, Journals};
use crate::distribution::run::Run;
use crate::distribution::{Draft, course};
use crate::tui::drafts::{DraftFile, Drafts};
use said::Said;
use walk::{Walk, latitude};

/// What works at every question.
const HOW: &str = "Enter takes what is said to hold. At any question: ? explains, < goes back, - empties an answer, quit \
                   leaves and keeps the draft";

/// What works where there are further settings.
const MORE: &str = ", more asks the further settings of the step";

pub async fn run(site: Option<&str>, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let chosen = compose::choose(surroundings, site)?;
    let opened = chosen.open(Background::Run).await?;
    let journals = Journals::at(surroundings.home.journal_dir());
    out::say(format_args!("Distribute software on {}.", chosen.name));
    tell_of_open_runs(&journals);
    let drafts = DraftFile::of(&surroundings.home, &chosen.name);
    let mut signals = StopSignals::listen()?;
    let Some(draft) = interruptible(&mut signals, begin(&drafts, &chosen)).await? else {
        return Ok(Exit::Done);
    };
    let more = if latitude(&chosen).more { MORE } else { "" };
    out::say(format_args!("{HOW}{more}."));
    plan::reach(&opened.provider).await?;
    let mut walk = Walk::over(draft, &chosen, &opened.provider, &drafts);
    let accepted = interruptible(&mut signals, walk.until_accepted()).await;
    let accepted = accepted.map_err(|failure| left(failure, walk.draft(), &chosen))?;
    drop(signals);
    let run = Run::open(&journals, &accepted, Actor::here(compose::user()))
        .map_err(|error| Failure::failed(error.to_string()))?;
    let mut run = run.within(chosen.bounds());
    // From here on the journal knows what is under way; the draft has done its part.
    if let Err(reason) = drafts.discard() {
        out::say(format_args!("The draft could not be removed: {reason}"));
    }
    carry::to_its_end(&mut run, &opened.provider, Manner::Lines).await
}

/// Ends a conversation at the first signal that asks for it.
async fn interruptible<T>(
    signals: &mut StopSignals,
    talk: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::select! {
        ended = talk => ended,
        () = signals.next() => Err(Failure::new(Exit::Interrupted, "interrupted")),
    }
}

/// What becomes of a draft nobody finished.
fn left(failure: Failure, draft: &Draft, chosen: &Chosen) -> Failure {
    if *draft == Draft::begin(&chosen.name) {
        return failure;
    }
    failure.with("the draft is kept; the next start of the wizard offers it again")
}

fn tell_of_open_runs(journals: &Journals) {
    let Ok((runs, _)) = journals.list() else {
        return;
    };
    let open = runs.iter().filter(|run| run.is_open()).count();
    if open > 0 {
        out::say(format_args!(
            "{open} cut short before its end: `consign resume` continues it, rolls it back or keeps what it made.",
            open = if open == 1 {
                "One run was".to_owned()
            } else {
                format!("{open} runs were")
            }
        ));
    }
}

/// The draft to go on with: the one that was kept, if that is wanted, else a new one. `None` leaves it for later.
async fn begin(drafts: &DraftFile, chosen: &Chosen) -> Result<Option<Draft>, Failure> {
    let fresh = Draft::begin(&chosen.name);
    let found = match drafts.find() {
        Ok(found) => found,
        Err(reason) => {
            out::say(format_args!("The kept draft could not be read: {reason}"));
            return Ok(Some(fresh));
        }
    };
    for complaint in found.complaints {
        out::say(complaint);
    }
    let Some((mut draft, kept_at)) = found.draft.filter(|(draft, _)| *draft != fresh) else {
        return Ok(Some(fresh));
    };
    draft.site = Some(chosen.name.clone());
    out::say(format_args!(
        "You have an unfinished distribution: {}, kept {}.",
        about(&draft),
        clock(kept_at)
    ));
    loop {
        match talk::ask("continue, discard, or later (Enter: continue)").await? {
            Said::Enter => return Ok(Some(draft)),
            Said::Text(word) => match word.to_lowercase().as_str() {
                "continue" | "c" | "1" => return Ok(Some(draft)),
                "discard" | "d" | "2" => {
                    drafts.discard().map_err(Failure::failed)?;
                    return Ok(Some(fresh));
                }
                "later" | "l" | "3" => return Ok(None),
                _ => out::say("Answer with continue, discard or later."),
            },
            Said::Quit => return Ok(None),
            _ => out::say(
                "continue goes on with it, discard throws it away and begins anew, later leaves it as it is.",
            ),
        }
    }
}

/// Software and audience, as far as the draft says them.
fn about(draft: &Draft) -> String {
    let said = |ids: [FieldId; 2]| {
        let texts = ids.map(|id| draft.text(id));
        texts.into_iter().find(|text| !text.is_empty())
    };
    let what = said([FieldId::PackageName, FieldId::PackageUse]);
    let who = said([FieldId::CollectionName, FieldId::CollectionUse]);
    let steps = course::STEPS.into_iter();
    let begun = steps.filter(|step| course::is_begun(*step, draft)).count();
    format!(
        "{} to {}, {begun} of {} steps begun",
        what.as_deref().unwrap_or("software not chosen yet"),
        who.as_deref().unwrap_or("nobody chosen yet"),
        course::STEPS.len()
    )
}

fn clock(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system())
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}
