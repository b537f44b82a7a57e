//! What pickers choose from: the lists of the site, read when a question first needs them.

use std::sync::Arc;

use jiff::Timestamp;

use super::picker::Entry;
use crate::client::listing::{
    CollectionLine, GroupLine, Kind, Line, PackageLine, PointLine, ProgramLine, figure, plural,
};
use crate::client::{Answer, Payload, Request, Slot, Ticket};
use crate::config::Limits;
use crate::distribution::check::difference;
use crate::distribution::field::Pick;
use crate::distribution::guard;
use crate::error::SiteError;
use crate::sms::collection::CollectionType;
use crate::tui::app::Desk;

/// One list: what is known of it, what is on its way and what went wrong.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    pub entries: Arc<[Entry]>,
    pub read_at: Option<Timestamp>,
    pub fault: Option<SiteError>,
    asked: Option<Ticket>,
}

impl Shelf {
    pub fn is_reading(&self) -> bool {
        self.asked.is_some()
    }

    fn is_untouched(&self) -> bool {
        self.read_at.is_none() && self.asked.is_none()
    }
}

/// Every list a picker may need.
#[derive(Debug, Clone, Default)]
pub struct Stock {
    packages: Shelf,
    programs: Shelf,
    collections: Shelf,
    points: Shelf,
    groups: Shelf,
    /// Kept because a program is shown with the content of its package.
    package_lines: Vec<PackageLine>,
    program_lines: Vec<ProgramLine>,
}

/// Every kind there is a list of.
const KINDS: [Kind; 5] = [
    Kind::Packages,
    Kind::Programs,
    Kind::Collections,
    Kind::Points,
    Kind::Groups,
];

/// The kinds a picker of that sort is made of; the first gives its rows.
fn kinds(pick: Pick) -> &'static [Kind] {
    match pick {
        Pick::Package => &[Kind::Packages],
        Pick::Program | Pick::AnyProgram => &[Kind::Programs, Kind::Packages],
        Pick::Collection => &[Kind::Collections],
        Pick::DistributionPoint => &[Kind::Points],
        Pick::PointGroup => &[Kind::Groups],
    }
}

fn request(kind: Kind) -> Option<Request> {
    Some(match kind {
        Kind::Packages => Request::Packages,
        Kind::Programs => Request::Programs,
        Kind::Collections => Request::Collections,
        Kind::Points => Request::Points,
        Kind::Groups => Request::Groups,
        _ => return None,
    })
}

impl Stock {
    /// Asks for the lists a picker needs and nobody has asked for, or that could not be read.
    pub fn want(&mut self, pick: Pick, desk: &mut Desk) {
        for kind in kinds(pick) {
            self.ask(*kind, desk);
        }
    }

    fn ask(&mut self, kind: Kind, desk: &mut Desk) {
        let (Some(list), Some(request)) = (self.shelf_mut(kind), request(kind)) else {
            return;
        };
        if list.is_untouched() {
            list.asked = Some(desk.ask(Slot::Pick(kind), request));
        }
    }

    /// Why a list that was asked for could not be read.
    pub fn fault(&self) -> Option<&SiteError> {
        self.shelves().find_map(|shelf| shelf.fault.as_ref())
    }

    fn shelves(&self) -> impl Iterator<Item = &Shelf> {
        [
            &self.packages,
            &self.programs,
            &self.collections,
            &self.points,
            &self.groups,
        ]
        .into_iter()
    }

    /// Asks again for the lists that could not be read.
    pub fn want_again(&mut self, desk: &mut Desk) {
        for kind in KINDS {
            let failed = |shelf: &mut Shelf| shelf.fault.is_some() && !shelf.is_reading();
            if let (Some(request), Some(shelf)) = (request(kind), self.shelf_mut(kind))
                && failed(shelf)
            {
                shelf.asked = Some(desk.ask(Slot::Pick(kind), request));
            }
        }
    }

    /// The list a picker shows.
    pub fn shelf(&self, pick: Pick) -> &Shelf {
        match pick {
            Pick::Package => &self.packages,
            Pick::Program | Pick::AnyProgram => &self.programs,
            Pick::Collection => &self.collections,
            Pick::DistributionPoint => &self.points,
            Pick::PointGroup => &self.groups,
        }
    }

    /// What a picker chooses from; programs of one package only, by their names, where it is given.
    pub fn entries(&self, pick: Pick, package: &str) -> Arc<[Entry]> {
        if pick != Pick::Program {
            return Arc::clone(&self.shelf(pick).entries);
        }
        self.program_lines
            .iter()
            .filter(|line| line.row.package_id.as_str().eq_ignore_ascii_case(package))
            .map(|line| {
                let row = &line.row;
                let cells = vec![row.command_line.clone(), off(line)];
                Entry::new(&row.program_name, &row.program_name, cells)
            })
            .collect()
    }

    /// What people call the object a draft names by id.
    pub fn name(&self, pick: Pick, id: &str) -> Option<&str> {
        let entries = &self.shelf(pick).entries;
        entries
            .iter()
            .find(|entry| entry.id.eq_ignore_ascii_case(id))
            .map(|entry| entry.name.as_str())
    }

    /// Takes an answer if it is one of the awaited lists; answers which.
    pub fn settle(&mut self, answer: &Answer, limits: &Limits) -> Option<Kind> {
        let Slot::Pick(kind) = answer.ticket.slot else {
            return None;
        };
        let list = self.shelf_mut(kind)?;
        if list.asked != Some(answer.ticket) {
            return None;
        }
        list.asked = None;
        match &answer.result {
            Ok(payload) => {
                list.fault = None;
                list.read_at = Some(answer.read_at);
                self.take(payload, limits);
            }
            Err(fault) => list.fault = Some(fault.clone()),
        }
        Some(kind)
    }

    fn take(&mut self, payload: &Payload, limits: &Limits) {
        match payload {
            Payload::Packages(listed) => {
                self.package_lines.clone_from(&listed.lines);
                self.packages.entries = by_name(listed.lines.iter().filter_map(package));
                self.join();
            }
            Payload::Programs(listed) => {
                self.program_lines.clone_from(&listed.lines);
                self.join();
            }
            Payload::Collections(listed) => {
                self.collections.entries = collections(&listed.lines, limits);
            }
            Payload::Points(listed) => {
                self.points.entries = by_name(listed.lines.iter().map(point));
            }
            Payload::Groups(listed) => {
                self.groups.entries = by_name(listed.lines.iter().map(group));
            }
            _ => {}
        }
    }

    /// Programs with the content of their packages.
    fn join(&mut self) {
        let packages = &self.package_lines;
        let entry = |line: &ProgramLine| {
            let package = packages
                .iter()
                .find(|package| *package.package_id() == line.row.package_id);
            program(line, package)
        };
        self.programs.entries = by_name(self.program_lines.iter().filter_map(entry));
    }

    fn shelf_mut(&mut self, kind: Kind) -> Option<&mut Shelf> {
        Some(match kind {
            Kind::Packages => &mut self.packages,
            Kind::Programs => &mut self.programs,
            Kind::Collections => &mut self.collections,
            Kind::Points => &mut self.points,
            Kind::Groups => &mut self.groups,
            _ => return None,
        })
    }
}

fn package(line: &PackageLine) -> Option<Entry> {
    if !line.is_offered() {
        return None;
    }
    let programs = line.row.num_of_programs;
    let cells = vec![
        line.id(),
        programs.map_or_else(String::new, |count| plural(count, "program")),
        content(line),
    ];
    let entry = Entry::new(line.id(), &line.full_name, cells);
    Some(entry.also(&line.row.manufacturer))
}

/// `7-Zip 24.08 · Install`, with where its files are.
fn program(line: &ProgramLine, package: Option<&PackageLine>) -> Option<Entry> {
    if line.row.is_being_deleted() || package.is_some_and(|package| !package.is_offered()) {
        return None;
    }
    let name = format!("{} · {}", line.package, line.row.program_name);
    let files = package.map_or_else(String::new, content);
    let cells = vec![off(line), files];
    Some(Entry::new(line.id(), name, cells).seldom(takes_away(&line.row.program_name)))
}

/// Whether a program's name says that it removes software.
fn takes_away(name: &str) -> bool {
    let name = name.to_lowercase();
    ["remove", "uninstall", "deinstall", "delete"]
        .iter()
        .any(|word| name.contains(word))
}

fn off(line: &ProgramLine) -> String {
    if line.row.is_enabled() {
        String::new()
    } else {
        "switched off".into()
    }
}

fn content(line: &PackageLine) -> String {
    use crate::client::listing::Content;
    match line.content {
        Content::NotNeeded => "no files".into(),
        Content::Unknown => "files unknown".into(),
        Content::Counted(counted) if counted.targeted == 0 => "on no point".into(),
        Content::Counted(counted) => {
            format!("on {} of {} points", counted.current, counted.targeted)
        }
    }
}

/// As people look for them.
fn by_name(entries: impl Iterator<Item = Entry>) -> Arc<[Entry]> {
    let mut entries: Vec<Entry> = entries.collect();
    entries.sort_by_cached_key(|entry| entry.name.to_lowercase());
    entries.into()
}

/// Collections by name, each warned of where another has nearly its name and far more or far fewer members.
fn collections(lines: &[CollectionLine], limits: &Limits) -> Arc<[Entry]> {
    let mut lines: Vec<&CollectionLine> = lines.iter().collect();
    lines.sort_by_cached_key(|line| line.row.name.to_lowercase());
    let entries = lines.iter().enumerate().map(|(at, line)| {
        // Names that begin alike stand together; looking further would cost a second on a large site.
        let near = at.saturating_sub(NEAR)..(at + NEAR + 1).min(lines.len());
        let others = lines.get(near).unwrap_or_default();
        let twin = others.iter().find(|other| is_taken_for(line, other));
        let entry = collection(line, limits);
        match twin {
            Some(twin) => entry.warned(format!(
                "not {} ({})",
                twin.row.name,
                figure(u64::from(twin.members()))
            )),
            None => entry,
        }
    });
    entries.collect()
}

/// Neighbours by name that are compared.
const NEAR: usize = 30;

/// Whether two collections are easily taken for one another, and it would matter.
fn is_taken_for(one: &CollectionLine, other: &CollectionLine) -> bool {
    let (ours, theirs) = (one.row.name.to_lowercase(), other.row.name.to_lowercase());
    let (few, many) = {
        let (a, b) = (one.members(), other.members());
        (a.min(b), a.max(b))
    };
    let is_alike = ours.starts_with(&theirs)
        || theirs.starts_with(&ours)
        || difference(&ours, &theirs).is_some();
    ours != theirs && is_alike && many >= 10 && many / 10 >= few
}

fn collection(line: &CollectionLine, limits: &Limits) -> Entry {
    let row = &line.row;
    let name = if row.collection_type == CollectionType::User {
        format!("{} (users)", row.name)
    } else {
        row.name.clone()
    };
    let windows = match row.service_windows_count {
        0 => String::new(),
        count => plural(count.unsigned_abs(), "window"),
    };
    let cells = vec![
        figure(u64::from(line.members())),
        row.limit_to_collection_name.clone(),
        format!("evaluated {}", cell(line, "evaluated")),
        windows,
    ];
    Entry::new(line.id(), name, cells).hidden(guard::is_hidden_from_pickers(row, limits))
}

/// What stands in a column of a line.
fn cell<L: Line>(line: &L, key: &str) -> String {
    let column = L::COLUMNS.iter().position(|column| column.key == key);
    column.map_or_else(String::new, |at| line.cell(at).into_owned())
}

fn point(line: &PointLine) -> Entry {
    let server = line.row.server();
    let cells = vec![line.row.site_code.to_string(), line.row.description.clone()];
    Entry::new(server, server, cells)
}

fn group(line: &GroupLine) -> Entry {
    let points = plural(line.row.member_count.unwrap_or_default(), "point");
    let cells = vec![points, line.row.description.clone()];
    Entry::new(&line.row.name, &line.row.name, cells)
}
