//! `consign apply`: carries a plan out, after it was accepted.

use std::collections::BTreeSet;

use jiff::Zoned;
use jiff::tz::TimeZone;

use super::arguments::Apply;
use super::carry::{self, Manner};
use super::compose::{self, Background, Chosen};
use super::exit::Exit;
use super::failure::Failure;
use super::surroundings::Surroundings;
use super::{out, plan, prompt, review};
use crate::distribution::facts::gather;
use crate::distribution::guard::{self, Acceptance, Demand};
use crate::distribution::journal::{Actor, Journals, Record};
use crate::distribution::plan::{Accepted, Plan};
use crate::distribution::run::{self, Run};
use crate::distribution::{Facts, Finding, Weight};
use crate::provider::Provider;

pub async fn run(
    command: Apply,
    site: Option<&str>,
    surroundings: &Surroundings,
) -> Result<Exit, Failure> {
    let journals = Journals::at(surroundings.home.journal_dir());
    let (plan, chosen, opened) = if plan::is_draft(&command.file) {
        let draft = plan::read_draft(&command.file)?;
        let chosen = plan::choose(&draft, site, surroundings)?;
        let opened = chosen.open(Background::Run).await?;
        let plan = plan::make(&draft, &chosen, &opened).await?;
        (plan, chosen, opened)
    } else {
        let plan = plan::read(&command.file)?;
        if let Some(record) = carried_out(&journals, &plan)? {
            return nothing_left(&record);
        }
        let chosen = choose(&plan, site, surroundings)?;
        let opened = chosen.open(Background::Run).await?;
        hold_against(&plan, &chosen, &opened.provider).await?;
        (plan, chosen, opened)
    };
    forbid(&plan, &chosen)?;
    let accepted = accept(&plan, &command).await?;
    let run = Run::open(&journals, &accepted, Actor::here(compose::user()))
        .map_err(|error| Failure::failed(error.to_string()))?;
    let mut run = run.within(chosen.bounds());
    carry::to_its_end(&mut run, &opened.provider, Manner::Terminal).await
}

/// The site a plan is for, unless another is named; that one is then held against it.
fn choose(
    plan: &Plan,
    named: Option<&str>,
    surroundings: &Surroundings,
) -> Result<Chosen, Failure> {
    let made_on = &plan.site.name;
    let chosen = compose::choose(surroundings, named.or(Some(made_on)));
    chosen.map_err(|unknown| match named {
        Some(_) => unknown,
        None => unknown.with(format!(
            "this plan was made on {made_on} and is for no other site; a demo's site is gone when it is left"
        )),
    })
}

/// A plan that waited is held against the site as it is now, the time it is, and the limits of whoever applies it.
async fn hold_against(plan: &Plan, chosen: &Chosen, provider: &Provider) -> Result<(), Failure> {
    plan::reach(provider).await?;
    let facts = Box::pin(gather(provider, &plan.questions())).await;
    let now = Zoned::now();
    let mut drift = plan.drift(&facts, now.timestamp());
    // Another site is said once: by what it says of itself, else by its name in the settings.
    if !drift.iter().any(|finding| finding.code == "DRF-E03") {
        drift.extend(plan.drift_of_name(&chosen.name));
    }
    drift.extend(plan.against(&chosen.limits, &now));
    if drift.is_empty() {
        return Ok(());
    }
    out::say(review::findings(&drift).trim_end());
    if drift.iter().any(|finding| finding.weight == Weight::Stops) {
        answers(provider, &facts).await?;
        return Err(drifted(&drift));
    }
    Ok(())
}

/// A site that does not answer, or not even which one it is, says nothing against a plan: it may hold as before.
async fn answers(provider: &Provider, facts: &Facts) -> Result<(), Failure> {
    let unread = match plan::reach(provider).await {
        Err(unreachable) => unreachable,
        Ok(()) if facts.site().doubt().is_none() => return Ok(()),
        Ok(()) => Failure::failed("whether this plan still holds could not be looked up"),
    };
    Err(unread.with("nothing was changed, and the plan stays as it is: apply it again"))
}

fn drifted(drift: &[Finding]) -> Failure {
    let tells = |code| drift.iter().any(|finding| finding.code == code);
    if tells("DRF-E03") {
        return Failure::new(Exit::FactsChanged, "this plan is for another site")
            .with("make a plan on this site, or name the plan's own with --site");
    }
    let what = if tells("DRF-E01") {
        "the facts this plan rests on have changed"
    } else {
        "the limits in force, or the time, stand against this plan"
    };
    Failure::new(Exit::FactsChanged, what).with("make a new plan")
}

/// The run of this very plan, where it came to its end before. One whose file was changed since is another plan, which
/// the journal refuses.
fn carried_out(journals: &Journals, plan: &Plan) -> Result<Option<Record>, Failure> {
    let done = journals
        .done(&plan.id)
        .map_err(|error| Failure::failed(error.to_string()))?;
    Ok(done.filter(|record| record.plan == *plan))
}

/// Nobody is asked to accept what was carried out, and nothing is sent: what it made is told again.
fn nothing_left(record: &Record) -> Result<Exit, Failure> {
    let began = record.opened_at.to_zoned(TimeZone::system());
    out::say(format_args!(
        "this plan was carried out on {} at {}; nothing is sent again, and this is what it made",
        record.plan.site.name,
        began.strftime("%Y-%m-%d %H:%M")
    ));
    carry::print_made(&run::made(record))?;
    Ok(Exit::Done)
}

/// What no acceptance can lift.
fn forbid(plan: &Plan, chosen: &Chosen) -> Result<(), Failure> {
    let against = guard::forbids(&chosen.bounds(), &plan.author, &compose::user());
    review::forbid(&against, "this plan may not be applied here")
}

/// The plan with everything said to it that it demands; asked for where somebody is there.
async fn accept(plan: &Plan, command: &Apply) -> Result<Accepted, Failure> {
    let mut acceptance = if command.yes {
        Acceptance::ticking_all(&plan.demand)
    } else {
        Acceptance::default()
    };
    acceptance
        .typed_name
        .clone_from(&command.confirm_collection);
    out::say(review::plan(plan));
    let said = review::demand(&plan.demand);
    if !said.is_empty() {
        out::say(said.trim_end());
    }
    if !command.yes {
        if !prompt::is_somebody_there() {
            let what = "the plan was not accepted";
            return Err(Failure::new(Exit::Confirmation, what).with("accept it with --yes"));
        }
        ask(&plan.demand, &mut acceptance).await?;
    }
    plan.accept(&acceptance)
        .map_err(|wanted| unmet(&wanted, acceptance.typed_name.as_deref()))
}

async fn ask(demand: &Demand, acceptance: &mut Acceptance) -> Result<(), Failure> {
    let mut ticked = BTreeSet::new();
    for finding in &demand.confirm {
        if prompt::is_agreed(&format!("{finding} Go on?")).await? {
            ticked.insert(finding.key());
        } else {
            return Err(Failure::new(
                Exit::Confirmation,
                "not confirmed; nothing was changed",
            ));
        }
    }
    acceptance.ticked = ticked;
    if demand.typed_name.is_some() && acceptance.typed_name.is_none() {
        acceptance.typed_name = prompt::ask("Type the name of the collection:").await?;
    }
    if prompt::is_agreed("Carry this plan out?").await? {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Confirmation,
        "not accepted; nothing was changed",
    ))
}

fn unmet(wanted: &Demand, typed: Option<&str>) -> Failure {
    let is_mistyped = wanted.typed_name.is_some() && typed.is_some();
    let what = if is_mistyped {
        "another collection was named than the one of this plan; nothing was changed"
    } else {
        "a confirmation is missing; nothing was changed"
    };
    let failure = Failure::new(Exit::Confirmation, what);
    let failure = wanted.confirm.iter().fold(failure, |failure, finding| {
        failure.with(finding.to_string())
    });
    match (&wanted.typed_name, typed) {
        (Some(name), Some(typed)) => failure.with(format!(
            "this plan reaches {name:?}, and {typed:?} was named"
        )),
        (Some(name), None) => failure.with(format!(
            "this reaches many or unusual devices: add --confirm-collection {name:?}"
        )),
        (None, _) => failure,
    }
}
