//! `consign show`: one object, in words or as the site has it; or what a plan would do.

use std::io::Write;

use unicode_width::UnicodeWidthStr;

use super::arguments::{Show, ShowForm, Shown};
use super::compose::{self, Background};
use super::exit::Exit;
use super::failure::Failure;
use super::surroundings::Surroundings;
use super::{named, out, plan};
use crate::client::WindowAsk;
use crate::client::details::Detail;
use crate::client::listing::{DeviceLine, FilterWords, Kind, Line};
use crate::client::read::Reader;
use crate::error::SiteError;
use crate::sms::ids::{
    AdvertisementId, CollectionId, DeploymentId, GroupId, PackageId, ProgramId, ResourceId,
};

pub async fn run(
    show: Show,
    site: Option<&str>,
    surroundings: &Surroundings,
) -> Result<Exit, Failure> {
    let kind = match (&show.what, &show.id) {
        (Shown::File(file), None) => {
            return Box::pin(plan::show(file, show.output, site, surroundings)).await;
        }
        (Shown::File(_), Some(_)) => {
            return Err(Failure::usage("a file is shown whole, without an id"));
        }
        (Shown::Object(kind), _) => *kind,
    };
    let Some(typed) = show.id.as_deref() else {
        let failure = Failure::usage(format!("show which {}?", kind.singular()));
        return Err(failure.with(format!("consign show {} ID", kind.singular())));
    };
    let chosen = compose::choose(surroundings, site)?;
    let opened = chosen.open(Background::Leave).await?;
    let reader = Reader::new(&opened.provider);
    match kind {
        Kind::Packages => {
            let id = named::id(typed, kind, || reader.packages()).await?;
            let id = PackageId::new(&id);
            let package = Box::pin(reader.package(&id));
            print(&show, &package.await?)
        }
        Kind::Programs => {
            let id: ProgramId = typed.parse().map_err(|_| {
                Failure::usage(format!("'{typed}' names no program"))
                    .with("name it by package and program, as LAB00012/Install")
            })?;
            print(&show, &reader.program(&id).await?)
        }
        Kind::Collections => {
            let id = named::id(typed, kind, || reader.collections()).await?;
            print(&show, &reader.collection(&CollectionId::new(&id)).await?)
        }
        Kind::Points => print(&show, &reader.point_of_server(typed).await?),
        Kind::Groups => {
            let id = named::id(typed, kind, || reader.groups()).await?;
            print(&show, &reader.group(&GroupId::new(&id)).await?)
        }
        Kind::Advertisements | Kind::Deployments => {
            let id = named::id(typed, kind, || reader.deployments()).await?;
            advertised(&show, &reader, &id).await
        }
        Kind::Devices => {
            let id = device(&reader, typed).await?;
            print(&show, &reader.device(id).await?)
        }
        Kind::Members | Kind::Assignments | Kind::Statuses => {
            let what = format!("one {} is no object to show", kind.singular());
            Err(Failure::usage(what).with(format!("list them with `consign get {kind}`")))
        }
    }
}

/// An advertisement, or a deployment of something else that stands in the same list.
async fn advertised(show: &Show, reader: &Reader<'_>, id: &str) -> Result<Exit, Failure> {
    match reader.advertisement(&AdvertisementId::new(id)).await {
        Err(SiteError::Missing { .. }) => {
            print(show, &reader.deployment(&DeploymentId::new(id)).await?)
        }
        advertisement => print(show, &advertisement?),
    }
}

/// A device by its number or its name.
async fn device(reader: &Reader<'_>, typed: &str) -> Result<ResourceId, Failure> {
    if let Ok(id) = typed.parse() {
        return Ok(id);
    }
    let words = FilterWords::read(&named::words_for(typed));
    let ask = WindowAsk::<DeviceLine> {
        words,
        ..WindowAsk::first(1_000)
    };
    let lines = reader.devices(&ask).await?.lines;
    let mut same = lines
        .iter()
        .filter(|line| line.name().eq_ignore_ascii_case(typed));
    same.next()
        .map(DeviceLine::resource_id)
        .ok_or_else(|| Failure::failed(format!("no device called {typed}")))
}

fn print(show: &Show, detail: &impl Detail) -> Result<Exit, Failure> {
    for gap in detail.gaps() {
        out::say(format_args!(
            "consign: {} left out: {}",
            gap.what, gap.fault
        ));
    }
    out::data(|out| match show.output {
        ShowForm::Json => {
            serde_json::to_writer_pretty(&mut *out, detail.raw())?;
            writeln!(out)
        }
        ShowForm::Text => {
            let entries = detail.summary();
            let labels = entries.iter().map(|entry| entry.label.width());
            let room = labels.max().unwrap_or_default();
            writeln!(
                out,
                "{} ({})",
                out::plain(detail.name()),
                out::plain(&detail.id())
            )?;
            entries.iter().try_for_each(|entry| {
                writeln!(out, "  {:room$}  {}", entry.label, out::plain(&entry.words))
            })
        }
    })?;
    Ok(Exit::Done)
}
