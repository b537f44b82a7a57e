//! `consign resume`: runs that were cut are continued, rolled back or kept.

use std::io::Write;

use jiff::tz::TimeZone;

use super::arguments::{Resume, Way};
use super::carry::{self, Manner};
use super::compose::{self, Background, Chosen};
use super::exit::Exit;
use super::failure::Failure;
use super::surroundings::Surroundings;
use super::{out, prompt, review};
use crate::distribution::journal::{Actor, FoundRun, Journals};
use crate::distribution::plan::Plan;
use crate::distribution::run::{Offer, Run, but_for_nothing};
use crate::distribution::{Finding, guard};

pub async fn run(
    command: Resume,
    site: Option<&str>,
    surroundings: &Surroundings,
) -> Result<Exit, Failure> {
    let journals = Journals::at(surroundings.home.journal_dir());
    let open = open_runs(&journals, site)?;
    let way = way(&command.way);
    if command.plan.is_none() && way.is_none() && !prompt::is_somebody_there() {
        list(&open)?;
        return Ok(Exit::Done);
    }
    let Some(found) = choose(&open, command.plan.as_deref())? else {
        out::say("no run was cut; there is nothing to resume");
        return Ok(Exit::Done);
    };
    out::say(in_words(found));
    let plan = &found.record.plan;
    let chosen = compose::choose(surroundings, Some(&plan.site.name))?;
    let way = match way {
        Some(way) => way,
        None => carry::choose_of(&open_ways(found, &chosen)).await?,
    };
    if way == Offer::Later {
        return Ok(Exit::Done);
    }
    forbid(way, plan, &chosen)?;
    let run = Run::resume(&journals, &plan.id, Actor::here(compose::user()))
        .map_err(|error| Failure::failed(error.to_string()))?;
    let mut run = run.within(chosen.bounds());
    if matches!(way, Offer::Keep | Offer::Stop) {
        return carry::keep(&mut run, Exit::Done).await;
    }
    let opened = chosen.open(Background::Run).await?;
    if way == Offer::RollBack {
        carry::roll_back(&mut run, &opened.provider, Manner::Terminal).await
    } else {
        carry::to_its_end(&mut run, &opened.provider, Manner::Terminal).await
    }
}

/// The ways on with a run. One whose roll back began is never carried on: that would make anew what was taken back.
fn offers(found: &FoundRun) -> Vec<Offer> {
    if found.record.is_rolling_back {
        vec![Offer::RollBack, Offer::Keep, Offer::Later]
    } else {
        let ways = vec![Offer::Retry, Offer::RollBack, Offer::Keep, Offer::Later];
        but_for_nothing(&found.record, ways)
    }
}

/// The ways on this person may take here; why the others are none is said before anything is asked.
fn open_ways(found: &FoundRun, chosen: &Chosen) -> Vec<Offer> {
    let plan = &found.record.plan;
    let (open, barred): (Vec<Offer>, Vec<Offer>) = offers(found)
        .into_iter()
        .partition(|way| against(*way, plan, chosen).is_empty());
    if let Some(first) = barred.first() {
        out::say(review::findings(&against(*first, plan, chosen)).trim_end());
    }
    open
}

fn forbid(way: Offer, plan: &Plan, chosen: &Chosen) -> Result<(), Failure> {
    let against = against(way, plan, chosen);
    review::forbid(&against, "this run may not be taken up here")
}

/// What the settings of the site do not let this person do. Keeping what is there only closes the journal.
fn against(way: Offer, plan: &Plan, chosen: &Chosen) -> Vec<Finding> {
    let bounds = chosen.bounds();
    match way {
        Offer::Keep | Offer::Stop | Offer::Later => Vec::new(),
        Offer::RollBack => guard::refuses_changes(bounds.access).into_iter().collect(),
        _ => guard::forbids(&bounds, &plan.author, &compose::user()),
    }
}

/// Runs nobody works on, of one site where one is named; journals that cannot be read are told, and the others still
/// count.
fn open_runs(journals: &Journals, site: Option<&str>) -> Result<Vec<FoundRun>, Failure> {
    let (runs, faults) = journals
        .list()
        .map_err(|error| Failure::failed(error.to_string()))?;
    for fault in faults {
        out::say(format_args!("consign: {fault}"));
    }
    let is_meant = |run: &FoundRun| site.is_none_or(|site| run.record.plan.site.name == site);
    let open = runs.into_iter().filter(FoundRun::is_open);
    Ok(open.filter(is_meant).collect())
}

fn way(way: &Way) -> Option<Offer> {
    if way.go_on {
        Some(Offer::Retry)
    } else if way.roll_back {
        Some(Offer::RollBack)
    } else if way.keep {
        Some(Offer::Keep)
    } else {
        None
    }
}

/// The run that is meant: the named one, or the only one.
fn choose<'r>(open: &'r [FoundRun], named: Option<&str>) -> Result<Option<&'r FoundRun>, Failure> {
    let named = named.map(str::to_lowercase);
    let mut fitting = open.iter().filter(|run| {
        let id = run.record.plan.id.to_string();
        named.as_ref().is_none_or(|named| id.starts_with(named))
    });
    let found = fitting.next();
    if fitting.next().is_some() {
        list(open)?;
        let what = "more than one run is meant";
        return Err(Failure::usage(what).with("name one by the beginning of its id"));
    }
    match (found, named) {
        (None, Some(named)) => Err(Failure::failed(format!(
            "no open run of a plan that begins with {named}"
        ))),
        (found, _) => Ok(found),
    }
}

fn list(open: &[FoundRun]) -> Result<(), Failure> {
    out::data(|out| {
        open.iter()
            .try_for_each(|run| writeln!(out, "{}", in_words(run)))
    })
}

/// Id, when, where, how far, and what it is for.
fn in_words(run: &FoundRun) -> String {
    let record = &run.record;
    let plan = &record.plan;
    let opened = record.opened_at.to_zoned(TimeZone::system());
    format!(
        "{}  {}  {}  {} of {} done  {}",
        plan.id.short(),
        opened.strftime("%Y-%m-%d %H:%M"),
        plan.site.name,
        record.behind(),
        plan.operations.len(),
        out::plain(&plan.sentence())
    )
}
