//! One object, a level deeper than its list: tabs instead of rows.

mod pages;

use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::Timestamp;

use crate::client::details::{Detail, Part};
use crate::client::listing::{AssignmentLine, DeploymentLine, Line};
use crate::client::{Answer, Gap, Payload};
use crate::error::SiteError;

use super::desk::Desk;
use super::listing::Listing;
use super::page::Page;
use super::remote::Remote;
use super::sheet::Sheet;
use super::subject::{Subject, SubjectKey};
use super::table::Table;
use pages::{bars, entries, flags, relations, rules, windows};

/// An object in tabs.
#[derive(Debug, Clone)]
pub struct Details {
    pub subject: Subject,
    pub remote: Remote<()>,
    pub tabs: Vec<Tab>,
    pub tab: usize,
    /// What could not be read beside the object.
    pub gaps: Vec<Gap>,
    /// The site is working on the object: it will be another soon.
    passing: bool,
}

#[derive(Debug, Clone)]
pub struct Tab {
    pub title: &'static str,
    pub content: Content,
}

#[derive(Debug, Clone)]
pub enum Content {
    Page {
        page: Page,
        /// Lines scrolled past.
        scroll: usize,
    },
    Table(Box<Sheet>),
}

pub const SUMMARY: &str = "Summary";
pub const RAW: &str = "Raw";

impl Details {
    pub fn of(subject: Subject) -> Self {
        let tabs = tabs(&subject.key);
        let mut details = Self {
            subject,
            remote: Remote::default(),
            tabs,
            tab: 0,
            gaps: Vec::new(),
            passing: false,
        };
        if let SubjectKey::Request(line) = details.subject.key.clone() {
            details.put(SUMMARY, &entries(&line.entries()));
            details.put(RAW, &Page::json(&line.json()));
            details.remote.shown = Some(());
        }
        details
    }

    pub fn current(&self) -> Option<&Tab> {
        self.tabs.get(self.tab)
    }

    pub fn current_mut(&mut self) -> Option<&mut Tab> {
        self.tabs.get_mut(self.tab)
    }

    pub fn sheet(&self) -> Option<&Sheet> {
        match &self.current()?.content {
            Content::Table(sheet) => Some(sheet),
            Content::Page { .. } => None,
        }
    }

    pub fn sheet_mut(&mut self) -> Option<&mut Sheet> {
        match &mut self.current_mut()?.content {
            Content::Table(sheet) => Some(sheet),
            Content::Page { .. } => None,
        }
    }

    /// To the next tab, or the one before, round and round.
    pub fn turn(&mut self, forward: bool) {
        let count = self.tabs.len().max(1);
        self.tab = (self.tab + if forward { 1 } else { count - 1 }) % count;
    }

    /// To the tab of this title.
    pub fn turn_to(&mut self, title: &str) {
        if let Some(at) = self.tabs.iter().position(|tab| tab.title == title) {
            self.tab = at;
        }
    }

    /// When what is shown was read: a window has its own time.
    pub fn read_at(&self) -> Option<Timestamp> {
        match self.sheet().map(|sheet| &sheet.table) {
            Some(table @ (Table::Members(_) | Table::Statuses(_) | Table::Devices(_))) => {
                table.read_at()
            }
            _ => self.remote.read_at,
        }
    }

    /// Why what is shown is not newer.
    pub fn fault(&self) -> Option<&SiteError> {
        let sheet = self.sheet().and_then(|sheet| sheet.table.fault());
        sheet.or(self.remote.fault.as_ref())
    }

    pub fn is_passing(&self) -> bool {
        self.passing
            || self.tabs.iter().any(|tab| match &tab.content {
                Content::Table(sheet) => sheet.table.is_passing(),
                Content::Page { .. } => false,
            })
    }

    /// A number that changes when what is on its way to another state has come further.
    pub fn passing_mark(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for tab in &self.tabs {
            match &tab.content {
                Content::Table(sheet) => sheet.table.passing_mark().hash(&mut hasher),
                Content::Page { page, .. } if self.passing => page.text().hash(&mut hasher),
                Content::Page { .. } => {}
            }
        }
        hasher.finish()
    }

    /// Asks for what is shown and was never asked for.
    pub fn ask_due(&mut self, desk: &mut Desk) {
        if self.remote.is_untouched() {
            self.ask(desk);
        }
        if let Some(sheet) = self.sheet_mut() {
            sheet.table.ask_due(desk);
        }
    }

    /// Reads again.
    pub fn refresh(&mut self, desk: &mut Desk) {
        self.ask(desk);
        if let Some(sheet) = self.sheet_mut() {
            sheet.table.refresh(desk);
        }
    }

    fn ask(&mut self, desk: &mut Desk) {
        if let Some((slot, request)) = self.subject.key.question() {
            self.remote.ask(desk.ask(slot, request));
        }
    }

    /// What was on its way when another place took the slot is asked for again.
    pub fn forget_asked(&mut self) {
        self.remote.asked = None;
        for tab in &mut self.tabs {
            if let Content::Table(sheet) = &mut tab.content {
                sheet.table.forget_asked();
            }
        }
    }

    /// Takes an answer if it belongs here.
    pub fn settle(&mut self, answer: &Answer, desk: &mut Desk) -> bool {
        if self.remote.asked == Some(answer.ticket) {
            let result = match &answer.result {
                Ok(payload) => {
                    self.fill(payload, answer.read_at, desk);
                    Ok(())
                }
                Err(fault) => Err(fault.clone()),
            };
            return self.remote.settle(answer.ticket, answer.read_at, result);
        }
        self.tabs.iter_mut().any(|tab| match &mut tab.content {
            Content::Table(sheet) => sheet.table.settle(answer, desk),
            Content::Page { .. } => false,
        })
    }

    fn fill(&mut self, payload: &Payload, read_at: Timestamp, desk: &Desk) {
        match payload {
            Payload::Package(detail) => {
                self.common(detail.as_ref());
                self.passing = detail.package.is_being_deleted();
                self.subject.name.clone_from(&detail.line.full_name);
                self.give("Programs", read_at, desk, |table| match table {
                    Table::Programs(list) => Some((list, detail.programs.clone())),
                    _ => None,
                });
                self.give_content(&detail.content, read_at, desk);
                self.give_advertisements(&detail.advertisements, read_at, desk);
            }
            Payload::Program(detail) => {
                self.common(detail.as_ref());
                self.put("Flags", &flags(&detail.flags()));
                self.give_advertisements(&detail.advertisements, read_at, desk);
            }
            Payload::Collection(detail) => {
                self.common(detail.as_ref());
                self.passing = detail.collection.is_busy();
                self.put("Rules", &rules(detail));
                self.put("Relations", &relations(detail));
                self.put("Windows", &windows(detail));
                self.give_advertisements(&detail.advertisements, read_at, desk);
            }
            Payload::Point(detail) => {
                self.common(detail.as_ref());
                self.give_content(&detail.holds, read_at, desk);
            }
            Payload::Group(detail) => self.common(detail.as_ref()),
            Payload::Advertisement(detail) => {
                self.common(detail.as_ref());
                let mut summary = entries(&detail.summary());
                bars(&mut summary, detail.bars());
                self.put(SUMMARY, &summary);
                self.put("Settings", &entries(&detail.settings()));
                self.give_content(&detail.content, read_at, desk);
            }
            Payload::Deployment(detail) => {
                self.common(detail.as_ref());
                let mut summary = entries(&detail.summary());
                bars(&mut summary, detail.bars());
                self.put(SUMMARY, &summary);
            }
            Payload::Device(detail) => {
                self.common(detail.as_ref());
                self.give("Collections", read_at, desk, |table| match table {
                    Table::Collections(list) => Some((list, detail.collections.clone())),
                    _ => None,
                });
                self.give_advertisements(&detail.advertisements, read_at, desk);
            }
            _ => {}
        }
    }

    fn common(&mut self, detail: &impl Detail) {
        detail.name().clone_into(&mut self.subject.name);
        self.gaps = detail.gaps().to_vec();
        self.put(SUMMARY, &entries(&detail.summary()));
        self.put(RAW, &Page::json(detail.raw()));
    }

    fn put(&mut self, title: &str, new: &Page) {
        for tab in self.tabs.iter_mut().filter(|tab| tab.title == title) {
            if let Content::Page { page, .. } = &mut tab.content {
                page.clone_from(new);
            }
        }
    }

    fn give<L: Line>(
        &mut self,
        title: &str,
        read_at: Timestamp,
        desk: &Desk,
        take: impl for<'a> Fn(&'a mut Table) -> Option<(&'a mut Listing<L>, Part<L>)>,
    ) {
        for tab in self.tabs.iter_mut().filter(|tab| tab.title == title) {
            if let Content::Table(sheet) = &mut tab.content
                && let Some((list, lines)) = take(&mut sheet.table)
            {
                list.give(lines, read_at, desk.now.datetime());
            }
        }
    }

    fn give_content(&mut self, lines: &Part<AssignmentLine>, read_at: Timestamp, desk: &Desk) {
        self.give("Content", read_at, desk, |table| match table {
            Table::Assignments(list) => Some((list, lines.clone())),
            _ => None,
        });
    }

    fn give_advertisements(
        &mut self,
        lines: &Part<DeploymentLine>,
        read_at: Timestamp,
        desk: &Desk,
    ) {
        self.give("Advertisements", read_at, desk, |table| match table {
            Table::Advertisements(list) => Some((list, lines.clone())),
            _ => None,
        });
    }
}

/// The tabs of each kind, empty until the answer is here.
fn tabs(key: &SubjectKey) -> Vec<Tab> {
    let page = |title| Tab {
        title,
        content: Content::Page {
            page: Page::default(),
            scroll: 0,
        },
    };
    let table = |title, table| Tab {
        title,
        content: Content::Table(Box::new(Sheet::of(table))),
    };
    let advertisements = || table("Advertisements", Table::Advertisements(Listing::default()));
    let content = || table("Content", Table::Assignments(Listing::default()));
    let mut tabs = vec![page(SUMMARY)];
    match key {
        SubjectKey::Package(_) => {
            tabs.push(table("Programs", Table::Programs(Listing::default())));
            tabs.extend([content(), advertisements()]);
        }
        SubjectKey::Program(_) => tabs.extend([page("Flags"), advertisements()]),
        SubjectKey::Collection(id) => {
            tabs.push(table("Members", Table::members(id.clone())));
            tabs.extend(["Rules", "Relations", "Windows"].map(page));
            tabs.push(advertisements());
        }
        SubjectKey::Point(_) => tabs.push(content()),
        SubjectKey::Group(_) | SubjectKey::Deployment(_) | SubjectKey::Request(_) => {}
        SubjectKey::Advertisement(id) => {
            tabs.push(table("Devices", Table::statuses(id.clone())));
            tabs.extend([page("Settings"), content()]);
        }
        SubjectKey::Device(_) => {
            tabs.push(table("Collections", Table::Collections(Listing::default())));
            tabs.push(advertisements());
        }
    }
    tabs.push(page(RAW));
    tabs
}
