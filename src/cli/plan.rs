//! `consign plan`: from a distribution file to a plan, with the draft, the checks and the guard of the wizard.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::{Timestamp, Zoned};

use super::arguments::{Plan as Command, ShowForm};
use super::compose::{self, Background, Chosen, Opened};
use super::exit::Exit;
use super::failure::Failure;
use super::surroundings::Surroundings;
use super::{out, review};
use crate::config::private;
use crate::distribution::facts::gather;
use crate::distribution::{Draft, Making, Plan, PlanId, needed};
use crate::error::SiteError;
use crate::provider::Provider;
use crate::sms::site::IdentificationRow;

pub async fn run(
    command: Command,
    site: Option<&str>,
    surroundings: &Surroundings,
) -> Result<Exit, Failure> {
    let draft = read_draft(&command.file)?;
    let chosen = choose(&draft, site, surroundings)?;
    let opened = chosen.open(Background::Leave).await?;
    let plan = make(&draft, &chosen, &opened).await?;
    let is_data_wanted = command.output.as_deref() == Some(Path::new("-"));
    match &command.output {
        Some(_) if is_data_wanted => {
            let json = as_json(&plan)?;
            out::data(|out| out.write_all(json.as_bytes()))?;
        }
        Some(file) => {
            let json = as_json(&plan)?;
            private::replace(file, json.as_bytes()).map_err(|error| {
                Failure::failed(format!("cannot write {}: {error}", file.display()))
            })?;
            out::say(review::plan(&plan));
            out::say(format_args!("the plan is in {}", file.display()));
        }
        None => out::data(|out| out.write_all(review::plan(&plan).as_bytes()))?,
    }
    let demand = review::demand(&plan.demand);
    if !demand.is_empty() {
        out::say(demand.trim_end());
    }
    Ok(Exit::Done)
}

/// Shows a plan that was kept, which asks no site, or the one a distribution file would make.
pub async fn show(
    file: &Path,
    form: ShowForm,
    site: Option<&str>,
    surroundings: &Surroundings,
) -> Result<Exit, Failure> {
    if is_draft(file) {
        let command = Command {
            file: file.to_owned(),
            output: (form == ShowForm::Json).then(|| PathBuf::from("-")),
        };
        return run(command, site, surroundings).await;
    }
    let plan = read(file)?;
    out::data(|out| match form {
        ShowForm::Json => serde_json::to_writer_pretty(&mut *out, &plan)
            .map_err(io::Error::from)
            .and_then(|()| writeln!(out)),
        ShowForm::Text => out.write_all(review::plan(&plan).as_bytes()),
    })?;
    out::say(review::origin(&plan));
    let demand = review::demand(&plan.demand);
    if !demand.is_empty() {
        out::say(demand.trim_end());
    }
    if let Some(expired) = plan.drift_of_time(Timestamp::now()) {
        out::say(review::findings(&[expired]).trim_end());
    }
    Ok(Exit::Done)
}

/// A distribution file by the ending of its name; everything else is a plan.
pub fn is_draft(file: &Path) -> bool {
    file.extension().is_some_and(|kind| kind == "toml")
}

/// A plan that was kept.
pub fn read(file: &Path) -> Result<Plan, Failure> {
    let unusable = |error: &dyn std::fmt::Display| {
        Failure::usage(format!("cannot use {}: {error}", file.display()))
    };
    let text = std::fs::read_to_string(file).map_err(|error| unusable(&error))?;
    Plan::from_json(&text).map_err(|error| unusable(&error))
}

fn as_json(plan: &Plan) -> Result<String, Failure> {
    plan.to_json()
        .map_err(|error| Failure::failed(format!("the plan cannot be written: {error}")))
}

/// The draft of a distribution file; every fault in it with its line.
pub fn read_draft(file: &Path) -> Result<Draft, Failure> {
    Draft::read_file(file, &Zoned::now()).map_err(|faults| {
        let what = format!("{} cannot be used", file.display());
        faults
            .0
            .iter()
            .fold(Failure::usage(what), |failure, fault| {
                failure.with(fault.to_string())
            })
    })
}

/// The site a draft is for: the one named, else the one in the draft, else the default.
pub fn choose(
    draft: &Draft,
    named: Option<&str>,
    surroundings: &Surroundings,
) -> Result<Chosen, Failure> {
    compose::choose(surroundings, named.or(draft.site.as_deref()))
}

/// A site that cannot be asked at all is told as that, and not as a finding about each thing it did not say.
pub async fn reach(provider: &Provider) -> Result<(), Failure> {
    let greeted = provider.list::<IdentificationRow>(None).await;
    match greeted {
        Err(
            error @ (SiteError::Unreachable { .. }
            | SiteError::Busy { .. }
            | SiteError::Untrusted { .. }
            | SiteError::SignedOut { .. }),
        ) => Err(error.into()),
        _ => Ok(()),
    }
}

/// Asks the site what the draft needs to know, and makes the plan.
pub async fn make(draft: &Draft, chosen: &Chosen, opened: &Opened) -> Result<Plan, Failure> {
    reach(&opened.provider).await?;
    let facts = Box::pin(gather(&opened.provider, &needed(draft, &chosen.limits))).await;
    let making = Making {
        id: PlanId::fresh(),
        author: compose::user(),
        site: chosen.name.clone(),
        now: Zoned::now(),
    };
    Plan::make(draft, &facts, &chosen.limits, &making).map_err(|findings| {
        out::say(review::findings(&findings).trim_end());
        Failure::new(
            Exit::Findings,
            "there is no plan while these stand against it",
        )
    })
}
