//! `consign get`: lists, as the panes show them.

use std::future::Future;
use std::io;
use std::time::Duration;

use super::arguments::Get;
use super::compose::{self, Background};
use super::exit::Exit;
use super::failure::Failure;
use super::surroundings::Surroundings;
use super::table::Printer;
use super::{named, out};
use crate::client::listing::ask::{WindowLine, can_sort};
use crate::client::listing::{Clock, FilterWords, Index, Kind, Line, Sorting, sort};
use crate::client::read::Reader;
use crate::client::{Listed, Page, Reach, WindowAsk};
use crate::error::SiteError;
use crate::sms::ids::{AdvertisementId, CollectionId};
use crate::sms::rights::Sight;

/// How long a person who has the rows waits for the word on whether they are all.
const COURTESY: Duration = Duration::from_secs(2);

/// Rows of a window read at once.
const PAGE: usize = 1_000;

pub async fn run(
    get: Get,
    site: Option<&str>,
    surroundings: &Surroundings,
) -> Result<Exit, Failure> {
    let chosen = compose::choose(surroundings, site)?;
    let opened = chosen.open(Background::Leave).await?;
    // Beside the reading, and only for a person who reads it: a script asks the site for nothing but its rows.
    let sight = out::is_heard().then(|| {
        let provider = opened.provider.clone();
        tokio::spawn(async move { provider.sight().await })
    });
    let exit = list(get, &Reader::new(&opened.provider)).await?;
    if let Some(sight) = sight
        && let Ok(Ok(Ok(Sight::Part))) = tokio::time::timeout(COURTESY, sight).await
    {
        out::say(
            "consign: these are those you can see; this account is limited to a part of the site",
        );
    }
    Ok(exit)
}

async fn list(get: Get, reader: &Reader<'_>) -> Result<Exit, Failure> {
    let clock = reader.clock();
    match get.kind {
        Kind::Packages => whole(&get, clock, reader.packages()).await,
        Kind::Programs => whole(&get, clock, reader.programs()).await,
        Kind::Collections => whole(&get, clock, reader.collections()).await,
        Kind::Points => whole(&get, clock, reader.points()).await,
        Kind::Groups => whole(&get, clock, reader.groups()).await,
        Kind::Assignments => whole(&get, clock, reader.assignments()).await,
        Kind::Advertisements => whole(&get, clock, reader.advertisements()).await,
        Kind::Deployments => whole(&get, clock, reader.deployments()).await,
        Kind::Devices => window(&get, async |ask| reader.devices(ask).await).await,
        Kind::Members => {
            let (collection, get) = first_id(get, "members of which collection?")?;
            let lines = || reader.collections();
            let id = named::id(&collection, Kind::Collections, lines).await?;
            let id = CollectionId::new(&id);
            window(&get, async |ask| reader.members(&id, ask).await).await
        }
        Kind::Statuses => {
            let (advertisement, get) = first_id(get, "status of which advertisement?")?;
            let lines = || reader.advertisements();
            let id = named::id(&advertisement, Kind::Advertisements, lines).await?;
            let id = AdvertisementId::new(&id);
            window(&get, async |ask| reader.statuses(&id, ask).await).await
        }
    }
}

/// Members and statuses are of something, which is named first.
fn first_id(mut get: Get, question: &str) -> Result<(String, Get), Failure> {
    if get.ids.is_empty() {
        let way_out = format!("consign get {} ID", get.kind);
        return Err(Failure::usage(question).with(way_out));
    }
    let first = get.ids.remove(0);
    Ok((first, get))
}

/// A list that is read whole, sifted and sorted here.
async fn whole<L: Line>(
    get: &Get,
    clock: &Clock,
    reading: impl Future<Output = Result<Listed<L>, SiteError>>,
) -> Result<Exit, Failure> {
    let words = words::<L>(get)?;
    let sorting = sorting::<L>(get)?;
    let Listed { lines, gaps } = reading.await?;
    for gap in gaps {
        out::say(format_args!(
            "consign: {} left out: {}",
            gap.what, gap.fault
        ));
    }
    let missing = get
        .ids
        .iter()
        .filter(|id| !lines.iter().any(|line| is_it(line, id)));
    let missing: Vec<String> = missing.cloned().collect();
    let mut kept = words.keep(&lines, &Index::of(&lines), clock.now());
    let order: Vec<Sorting> = sorting
        .into_iter()
        .chain(L::ORDER.iter().copied())
        .collect();
    sort(&mut kept, &lines, &order);
    let wanted = kept
        .into_iter()
        .filter_map(|place| lines.get(place))
        .filter(|line| get.ids.is_empty() || get.ids.iter().any(|id| is_it(*line, id)))
        .take(get.limit.unwrap_or(usize::MAX));
    let wanted: Vec<L> = wanted.cloned().collect();
    let mut printer = printer(get);
    let count = printer.lines(&wanted).and_then(|()| printer.end());
    told::<L>(get, count, &missing)
}

/// A list that grows with devices: sifted and sorted by the site, written page by page.
async fn window<L: WindowLine>(
    get: &Get,
    read: impl AsyncFn(&WindowAsk<L>) -> Result<Page<L>, SiteError>,
) -> Result<Exit, Failure> {
    let words = words::<L>(get)?;
    let mut ask = WindowAsk {
        words,
        ..WindowAsk::first(PAGE)
    };
    if let Some(sorting) = sorting::<L>(get)? {
        if !can_sort::<L>(sorting.key) {
            let what = format!("{} cannot be sorted by {}", L::CALLED.several, sorting.key);
            return Err(Failure::usage(what));
        }
        ask.sorting = sorting;
    }
    let mut printer = printer(get);
    if !get.ids.is_empty() {
        let (lines, missing) = picked(get, &ask, read).await?;
        let count = printer.lines(&lines).and_then(|()| printer.end());
        return told::<L>(get, count, &missing);
    }
    let mut left = get.limit.unwrap_or(usize::MAX);
    while left > 0 {
        ask.size = left.min(PAGE);
        let page = read(&ask).await?;
        left -= page.lines.len();
        let written = printer.lines(&page.lines);
        written.map_err(|error| Failure::writing(&error))?;
        match page.lines.into_iter().last() {
            Some(last) if page.more => ask.from = Reach::After(last),
            _ => break,
        }
    }
    told::<L>(get, printer.end(), &[])
}

/// The lines of a window that were asked for one by one, and the ids nothing was found for.
async fn picked<L: WindowLine>(
    get: &Get,
    ask: &WindowAsk<L>,
    read: impl AsyncFn(&WindowAsk<L>) -> Result<Page<L>, SiteError>,
) -> Result<(Vec<L>, Vec<String>), Failure> {
    let (mut lines, mut missing) = (Vec::new(), Vec::new());
    for id in &get.ids {
        let typed = get.filter.as_deref().unwrap_or_default();
        let by = named::words_for(id);
        let ask = WindowAsk {
            words: FilterWords::parse::<L>(&format!("{typed} {by}")).map_err(not_understood)?,
            ..ask.clone()
        };
        let page = read(&ask).await?;
        let mut found = page.lines.into_iter().filter(|line| is_it(line, id));
        match found.next() {
            Some(line) => lines.push(line),
            None => missing.push(id.clone()),
        }
    }
    Ok((lines, missing))
}

fn printer<L: Line>(get: &Get) -> Printer<io::Stdout, L> {
    Printer::new(io::stdout(), get.output, out::room())
}

fn words<L: Line>(get: &Get) -> Result<FilterWords, Failure> {
    let typed = get.filter.as_deref().unwrap_or_default();
    FilterWords::parse::<L>(typed).map_err(not_understood)
}

fn sorting<L: Line>(get: &Get) -> Result<Option<Sorting>, Failure> {
    let typed = get.sort.as_deref().map(Sorting::parse::<L>);
    typed.transpose().map_err(not_understood)
}

fn not_understood(error: impl std::fmt::Display) -> Failure {
    Failure::usage(error.to_string())
}

/// Ids and names are typed in any case.
fn is_it<L: Line>(line: &L, typed: &str) -> bool {
    let typed = typed.to_lowercase();
    line.id().to_lowercase() == typed || line.name().to_lowercase() == typed
}

/// What is said beside the data: what was not found, and that there was nothing at all.
fn told<L: Line>(get: &Get, count: io::Result<usize>, missing: &[String]) -> Result<Exit, Failure> {
    let count = count.map_err(|error| Failure::writing(&error))?;
    if !missing.is_empty() {
        let what = format!("no {} called {}", L::CALLED.one, missing.join(", "));
        return Err(Failure::failed(what));
    }
    // Empty data and data that went astray look alike, whether a person or a pipe reads them.
    if count == 0 {
        let kind = L::CALLED.several;
        let filtered = if get.filter.is_some() {
            " that fit the filter"
        } else {
            ""
        };
        out::say(format_args!("no {kind}{filtered}, or none you may see"));
    }
    Ok(Exit::Done)
}
