//! A site that answers from the fleet, at once and always the same; tests make it fail where they want.

use consign::client::listing::{FilterWords, Index, Line, WindowLine};
use consign::client::{
    Greeting, Listed, OpenRuns, Page, Payload, Reach, Request, RunAsk, RunEnd, Scope, SiteWords,
    WindowAsk,
};
use consign::error::SiteError;
use consign::sms::rights::Sight;

use super::facts::{answered, reached};
use super::fleet::{Fleet, clock};
use super::runs;

/// Answers requests without a network.
pub struct Scripted {
    pub fleet: Fleet,
    pub is_empty: bool,
    /// How much of it is seen; an embedded site is seen whole.
    pub sight: Sight,
    /// Asked before the fleet: what it answers stands.
    pub fault: fn(&Request) -> Option<SiteError>,
    /// How runs end.
    pub run: fn(&RunAsk) -> RunEnd,
}

impl Default for Scripted {
    fn default() -> Self {
        Self {
            fleet: Fleet::default(),
            is_empty: false,
            sight: Sight::Whole,
            fault: |_| None,
            run: runs::done,
        }
    }
}

fn listed<L>(lines: Vec<L>, is_empty: bool) -> Listed<L> {
    Listed {
        lines: if is_empty { Vec::new() } else { lines },
        gaps: Vec::new(),
    }
}

fn missing(what: &str) -> SiteError {
    SiteError::Missing {
        what: what.to_owned(),
    }
}

/// The rows an ask wants, out of all rows in their order.
fn page<L: WindowLine>(all: &[L], ask: &WindowAsk<L>) -> Page<L> {
    let kept = ask.words.keep(all, &Index::of(all), clock().now());
    let mut rows: Vec<&L> = kept.iter().map(|at| &all[*at]).collect();
    if ask.sorting.descending {
        rows.reverse();
    }
    let at = |line: &L| {
        rows.iter()
            .position(|row| row.id() == line.id())
            .unwrap_or(0)
    };
    let (from, to, backwards) = match &ask.from {
        Reach::Start => (0, ask.size, false),
        Reach::End => (rows.len().saturating_sub(ask.size), rows.len(), true),
        Reach::After(line) => (at(line) + 1, at(line) + 1 + ask.size, false),
        Reach::At(line) => (at(line), at(line) + ask.size, false),
        Reach::Before(line) => (at(line).saturating_sub(ask.size), at(line), true),
    };
    let to = to.min(rows.len());
    Page {
        lines: rows[from.min(to)..to]
            .iter()
            .map(|line| (*line).clone())
            .collect(),
        more: if backwards { from > 0 } else { to < rows.len() },
    }
}

impl Scripted {
    pub fn answer(&self, request: &Request) -> Result<Payload, SiteError> {
        if let Some(fault) = (self.fault)(request) {
            return Err(fault);
        }
        let (fleet, is_empty) = (&self.fleet, self.is_empty);
        let devices = || -> Vec<_> { (0..fleet.devices).map(|at| fleet.device(at)).collect() };
        Ok(match request {
            Request::Open => {
                let is_embedded = self.sight == Sight::Whole;
                let about = if is_embedded {
                    "embedded"
                } else {
                    "https://cm01.corp.example"
                };
                Payload::Opened(SiteWords {
                    name: "lab".to_owned(),
                    code: "LAB".to_owned(),
                    about: about.to_owned(),
                    is_embedded,
                    can_fill: is_empty && is_embedded,
                })
            }
            Request::Sight => Payload::Sight(self.sight),
            Request::Greeting => {
                let count = |count: usize| Some(if is_empty { 0 } else { count as u64 });
                Payload::Greeting(Greeting {
                    packages: count(14),
                    collections: count(8),
                    points: count(3),
                    advertisements: count(7),
                    devices: count(fleet.devices),
                })
            }
            Request::Packages => Payload::Packages(listed(fleet.packages(), is_empty)),
            Request::Programs => Payload::Programs(listed(fleet.programs(), is_empty)),
            Request::Collections => Payload::Collections(listed(fleet.collections(), is_empty)),
            Request::Points => Payload::Points(listed(fleet.points(), is_empty)),
            Request::Groups => Payload::Groups(listed(fleet.groups(), is_empty)),
            Request::Advertisements => {
                Payload::Advertisements(listed(fleet.advertisements(), is_empty))
            }
            Request::Devices(ask) => Payload::Devices(page(&devices(), ask)),
            Request::Members(of, ask) => Payload::Members(page(&fleet.members(of), ask)),
            Request::Statuses(_, ask) => Payload::Statuses(page(&fleet.statuses(), ask)),
            Request::Reached(asked) => Payload::Reached(listed(reached(fleet, asked), is_empty)),
            Request::Total(scope, words) => Payload::Total(match scope {
                Scope::Devices => kept(&devices(), words),
                Scope::Members(of) => kept(&fleet.members(of), words),
                Scope::Statuses(_) => kept(&fleet.statuses(), words),
            }),
            Request::Package(id) => Payload::Package(Box::new(
                fleet.package(id).ok_or_else(|| missing("the package"))?,
            )),
            Request::Program(id) => Payload::Program(Box::new(
                fleet.program(id).ok_or_else(|| missing("the program"))?,
            )),
            Request::Collection(id) => Payload::Collection(Box::new(
                fleet
                    .collection(id)
                    .ok_or_else(|| missing("the collection"))?,
            )),
            Request::Point(path) => Payload::Point(Box::new(
                fleet.point(path).ok_or_else(|| missing("the point"))?,
            )),
            Request::Group(_) => Payload::Group(Box::new(fleet.group())),
            Request::Advertisement(id) => Payload::Advertisement(Box::new(
                fleet
                    .advertisement(id)
                    .ok_or_else(|| missing("the advertisement"))?,
            )),
            Request::Deployment(id) => Payload::Deployment(Box::new(
                fleet
                    .deployment(id)
                    .ok_or_else(|| missing("the deployment"))?,
            )),
            Request::Device(id) => Payload::Device(Box::new(fleet.device_detail(*id))),
            Request::Facts(questions) => Payload::Facts(Box::new(answered(fleet, questions))),
            Request::Folders(begun) => Payload::Folders(folders(begun)),
            Request::Evaluate(_) => Payload::Evaluating,
            Request::Run(ask) => Payload::Run((self.run)(ask)),
            Request::OpenRuns => Payload::OpenRuns(OpenRuns::default()),
            Request::Fill => Payload::Filled,
        })
    }
}

fn folders(begun: &str) -> Vec<String> {
    let all = [
        "/srv/apps/line-tool",
        "/srv/apps/line-tools-old",
        "/srv/apps/zoom",
    ];
    let fitting = all.into_iter().filter(|folder| folder.starts_with(begun));
    fitting.map(str::to_owned).collect()
}

fn kept<L: Line>(all: &[L], words: &FilterWords) -> u64 {
    words.keep(all, &Index::of(all), clock().now()).len() as u64
}
