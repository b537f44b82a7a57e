//! The files: to which points they go, which hold them already, and how long the run waits for them.

use super::software::Software;
use super::{Builder, Built};
use crate::distribution::check::Finding;
use crate::distribution::draft::Wait;
use crate::distribution::draft::settled::listed;
use crate::distribution::facts::{ContentFact, Fact, GroupFact};
use crate::distribution::field::FieldId;
use crate::distribution::operation::already::What;
use crate::distribution::operation::content::{Destination, Group, Point};
use crate::distribution::operation::wait::Enough;
use crate::distribution::operation::{Already, AssignContent, Operation, WaitForContent};
use crate::distribution::plan::OpNumber;
use crate::sms::nal::NalPath;

/// Version of the files of a package that was never updated.
const FIRST_VERSION: u32 = 1;

/// Points that were chosen and what they hold.
struct Choice {
    missing: Vec<Destination>,
    /// Every chosen point, members of groups included.
    points: Vec<NalPath>,
    /// Servers of groups whose members could not be read, as many as the groups count.
    unread: usize,
}

impl<'a> Builder<'a> {
    /// The operations for the files; those the advertisement has to wait for are handed on.
    pub(super) fn content(&mut self, software: &Software) -> Built<Vec<OpNumber>> {
        if !software.has_files {
            return Ok(Vec::new());
        }
        let held = self.held();
        let choice = self.choice(held)?;
        let current = held.map_or(0, |held| held.current().count());
        if choice.points.is_empty() && choice.missing.is_empty() && current == 0 {
            let finding = Finding::stops(
                "CNT-E01",
                "Devices cannot install before the files are on at least one distribution point.",
            );
            return self.stop(finding.at(FieldId::PointsServers));
        }
        if choice.missing.is_empty() {
            self.already_there(held, current);
        }
        self.copies = held
            .map(|held| counted_on(held, &choice))
            .unwrap_or_default();
        let assigned: Vec<OpNumber> = choice
            .missing
            .iter()
            .map(|to| {
                let content = AssignContent {
                    package: software.package.clone(),
                    to: to.clone(),
                };
                self.push(Operation::Content(content), &[])
            })
            .collect();
        Ok(self.wait(software, held, choice, assigned))
    }

    /// What the points hold of an existing package, as far as that is known.
    fn held(&self) -> Option<&'a ContentFact> {
        let package = self.draft.text(FieldId::PackageUse);
        if package.is_empty() {
            return None;
        }
        self.facts.content(&package).value().copied()
    }

    fn choice(&mut self, held: Option<&ContentFact>) -> Built<Choice> {
        let draft = self.draft;
        let servers: Vec<&str> = listed(draft.distribution_points.servers.as_ref()).collect();
        let groups: Vec<&str> = listed(draft.distribution_points.groups.as_ref()).collect();
        let mut choice = Choice {
            missing: Vec::new(),
            points: Vec::new(),
            unread: 0,
        };
        if servers.is_empty() && groups.is_empty() {
            return Ok(choice);
        }
        let facts = self.facts;
        let there = self.known(
            facts.points(),
            FieldId::PointsServers,
            "The distribution points",
        )?;
        let holds = |path: &NalPath| held.is_some_and(|held| held.copy_on(path).is_some());
        for name in groups {
            let Some(group) = there.group(name) else {
                let what = format!("There is no group of distribution points called {name}.");
                return self.stop(Finding::stops("CNT-E01", what).at(FieldId::PointsGroups));
            };
            let members = members(group);
            if members.is_empty() {
                choice.unread += group
                    .row
                    .member_count
                    .and_then(|count| usize::try_from(count).ok())
                    .unwrap_or(1);
            }
            if members.is_empty() || !members.iter().all(holds) {
                choice.missing.push(Destination::Group(Group {
                    id: group.row.group_id.clone(),
                    name: group.row.name.clone(),
                    points: members.clone(),
                }));
            }
            choice.add(members);
        }
        for name in servers {
            let Some(point) = there.point(name) else {
                let what = format!("There is no distribution point called {name}.");
                return self.stop(Finding::stops("CNT-E01", what).at(FieldId::PointsServers));
            };
            // A server that comes with a chosen group is not sent the files twice.
            if !holds(&point.nal_path) && !choice.points.contains(&point.nal_path) {
                choice.missing.push(Destination::Point(Point {
                    server: point.server().to_owned(),
                    nal_path: point.nal_path.clone(),
                    site: point.site_code.clone(),
                }));
            }
            choice.add(vec![point.nal_path.clone()]);
        }
        Ok(choice)
    }

    fn already_there(&mut self, held: Option<&ContentFact>, current: usize) {
        let Some(held) = held else {
            return;
        };
        self.push(
            Operation::Already(Already {
                what: What::Content,
                id: String::new(),
                name: format!("{current} of {} points", held.copies.len()),
                words: format!("version {}", held.source_version),
            }),
            &[],
        );
    }

    fn wait(
        &mut self,
        software: &Software,
        held: Option<&ContentFact>,
        choice: Choice,
        assigned: Vec<OpNumber>,
    ) -> Vec<OpNumber> {
        let (enough, points) = match self.draft.wait() {
            Wait::Never => return assigned,
            Wait::One => (Enough::One, Vec::new()),
            // Whose points are not known is waited for by number: all the site lists, and no fewer than there are.
            Wait::All if choice.unread > 0 => (Enough::All, Vec::new()),
            Wait::All => (Enough::All, choice.points),
        };
        let at_least = if enough == Enough::All {
            choice.unread
        } else {
            0
        };
        let version = held.map_or(FIRST_VERSION, |held| held.source_version);
        if at_least == 0 && held.is_some_and(|held| is_enough(held, enough, &points)) {
            return assigned;
        }
        let wait = WaitForContent {
            package: software.package.clone(),
            points,
            enough,
            at_least,
            version,
            minutes: self.draft.wait_minutes(),
        };
        vec![self.push(Operation::Wait(wait), &assigned)]
    }
}

impl Choice {
    fn add(&mut self, points: Vec<NalPath>) {
        for point in points {
            if !self.points.contains(&point) {
                self.points.push(point);
            }
        }
    }
}

/// Points whose current copies the plan counts on: the chosen ones that hold the files, or any where none was chosen.
fn counted_on(held: &ContentFact, choice: &Choice) -> Vec<NalPath> {
    let current = held.current().map(|copy| copy.nal_path.clone());
    current
        .filter(|point| choice.points.is_empty() || choice.points.contains(point))
        .collect()
}

fn members(group: &GroupFact) -> Vec<NalPath> {
    match &group.members {
        Fact::Known { value, .. } => value.clone(),
        // The shape of the class that lists them is unverified: the group is still sent the files as a whole.
        _ => Vec::new(),
    }
}

/// Whether there is nothing to wait for.
fn is_enough(held: &ContentFact, enough: Enough, points: &[NalPath]) -> bool {
    let is_current = |point: &NalPath| held.current().any(|copy| copy.nal_path == *point);
    match enough {
        Enough::One => held.current().next().is_some(),
        Enough::All => points.iter().all(is_current),
    }
}
