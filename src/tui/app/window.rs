//! A list that grows with the devices of a site: the site sorts and filters, and only the rows around the selection are
//! here. Pages are asked for as the selection nears an edge.
//!
//! ```text
//!       … not read …
//!   ┌─ first row held      ─┐
//!   │  (selection, screen)  │  at most HELD rows, one after another
//!   └─ last row held       ─┘  nearer than AHEAD to an edge: the next page is asked for
//!       … not read …
//! ```

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::client::listing::{Clock, FilterWords, Line, Sorting, WindowLine, WordError, ask};
use crate::client::{Page, Reach, Ticket, WindowAsk};
use crate::error::SiteError;

use super::listing::{Head, ShownRow, heads, passing_mark};

/// Rows of one page.
pub const PAGE: usize = 200;
/// Rows held at most; the far end is let go.
const HELD: usize = 2_000;
/// So near to an edge the next page is asked for.
const AHEAD: usize = 60;
/// The longest single ask while keys run ahead of the rows.
const LONGEST: usize = 1_000;

/// What an ask that is on its way will do to the rows held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joins {
    InPlace,
    Anew,
    AnewAtEnd,
    Behind,
    InFront,
}

/// Some rows of a list too long to be held.
#[derive(Debug, Clone)]
pub struct Window<L: Line> {
    lines: VecDeque<L>,
    /// Nothing lies before the first row held, or behind the last.
    at_start: bool,
    at_end: bool,
    /// Rows known to lie before the first row held, where that is known.
    before: Option<usize>,
    selected: Option<String>,
    at: usize,
    /// Rows the selection still has to go, once they have arrived.
    owed: isize,
    /// All rows there are, as far as the site has counted them.
    pub total: Option<u64>,
    words: FilterWords,
    /// What the rows must be besides, whatever is typed.
    always: FilterWords,
    sorting: Sorting,
    pub read_at: Option<Timestamp>,
    pub asked: Option<Ticket>,
    pub fault: Option<SiteError>,
    joins: Joins,
    /// What is to be read next, if anything.
    due: Option<Joins>,
}

impl<L: WindowLine> Default for Window<L> {
    fn default() -> Self {
        Self {
            lines: VecDeque::new(),
            at_start: false,
            at_end: false,
            before: None,
            selected: None,
            at: 0,
            owed: 0,
            total: None,
            words: FilterWords::default(),
            always: FilterWords::default(),
            sorting: L::ORDER.first().copied().unwrap_or(Sorting::up("name")),
            read_at: None,
            asked: None,
            fault: None,
            joins: Joins::Anew,
            due: Some(Joins::Anew),
        }
    }
}

impl<L: WindowLine> Window<L> {
    /// A window onto those rows only that these words keep.
    pub fn onto(always: FilterWords) -> Self {
        Self {
            always,
            ..Self::default()
        }
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub fn heads(&self) -> Vec<Head> {
        heads::<L>(&[self.sorting])
    }

    pub fn row(&self, at: usize) -> Option<ShownRow<'_>> {
        self.line(at).map(ShownRow::of)
    }

    pub fn line(&self, at: usize) -> Option<&L> {
        self.lines.get(at)
    }

    pub fn shown(&self) -> impl Iterator<Item = &L> {
        self.lines.iter()
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub fn selected(&self) -> Option<&L> {
        self.line(self.at)
    }

    pub fn words(&self) -> &FilterWords {
        &self.words
    }

    /// All the site is asked for: what is typed, and what holds besides.
    pub fn asked_words(&self) -> FilterWords {
        self.always.and(&self.words)
    }

    pub fn is_passing(&self) -> bool {
        self.lines.iter().any(Line::is_passing)
    }

    pub fn passing_mark(&self) -> u64 {
        passing_mark(self.lines.iter())
    }

    /// The place of the selected row among all rows, counted from one, where it is known.
    pub fn number(&self) -> Option<u64> {
        let at = self.before? + self.at + 1;
        (!self.is_empty()).then_some(at as u64)
    }

    /// Moves the selection; what the rows held do not cover is gone when the next page has arrived.
    pub fn step(&mut self, rows: isize) {
        let rows = rows.saturating_add(self.owed);
        self.owed = 0;
        let goal = isize::try_from(self.at)
            .unwrap_or(isize::MAX)
            .saturating_add(rows);
        let last = isize::try_from(self.len()).unwrap_or(isize::MAX) - 1;
        if goal > last && !self.at_end {
            self.owed = goal - last.max(0);
        } else if goal < 0 && !self.at_start {
            self.owed = goal;
        }
        self.select(usize::try_from(goal.clamp(0, last.max(0))).unwrap_or(0));
        self.look_ahead();
    }

    pub fn select(&mut self, at: usize) {
        self.at = at.min(self.len().saturating_sub(1));
        self.selected = self.selected().map(Line::id);
    }

    pub fn find(&mut self, id: &str) -> bool {
        let found = self.lines.iter().position(|line| line.id() == id);
        if let Some(at) = found {
            self.select(at);
        }
        found.is_some()
    }

    /// To the very first row.
    pub fn reach_top(&mut self) {
        self.owed = 0;
        if self.at_start {
            self.select(0);
        } else {
            (self.selected, self.at) = (None, 0);
            self.due = Some(Joins::Anew);
        }
    }

    /// To the very last row.
    pub fn reach_bottom(&mut self) {
        self.owed = 0;
        if self.at_end {
            self.select(self.len());
        } else {
            self.due = Some(Joins::AnewAtEnd);
        }
    }

    /// Other words: the rows are asked for anew, the old ones stay until the answer is here.
    pub fn filter(&mut self, words: FilterWords) {
        if self.words != words {
            self.words = words;
            self.anew();
        }
    }

    pub fn sort_by(&mut self, sorting: Sorting) {
        self.sorting = sorting;
        self.anew();
    }

    pub fn sorting(&self) -> Sorting {
        self.sorting
    }

    /// Reads the same rows again.
    pub fn refresh(&mut self) {
        self.due = Some(if self.is_empty() {
            Joins::Anew
        } else {
            Joins::InPlace
        });
    }

    fn anew(&mut self) {
        self.owed = 0;
        self.total = None;
        self.due = Some(Joins::Anew);
    }

    /// The rows to ask for next, if any are due and none are on their way that would do.
    pub fn next_wanted(&mut self) -> Option<WindowAsk<L>> {
        // A page ahead waits for its turn; anything else takes the place of what is on its way.
        let ahead = matches!(self.due, Some(Joins::Behind | Joins::InFront));
        if ahead && self.asked.is_some() {
            return None;
        }
        let joins = self.due.take()?;
        let size = (PAGE + self.owed.unsigned_abs()).min(LONGEST);
        let (from, size) = match joins {
            Joins::Anew => (Reach::Start, PAGE),
            Joins::AnewAtEnd => (Reach::End, PAGE),
            Joins::InPlace => (Reach::At(self.lines.front()?.clone()), self.len().max(PAGE)),
            Joins::Behind => (Reach::After(self.lines.back()?.clone()), size),
            Joins::InFront => (Reach::Before(self.lines.front()?.clone()), size),
        };
        self.joins = joins;
        Some(WindowAsk {
            words: self.asked_words(),
            sorting: self.sorting,
            from,
            size,
        })
    }

    /// Takes a page if it is the one awaited; answers whether it was.
    pub fn settle(
        &mut self,
        ticket: Ticket,
        read_at: Timestamp,
        result: Result<Page<L>, SiteError>,
    ) -> bool {
        if self.asked != Some(ticket) {
            return false;
        }
        self.asked = None;
        match result {
            Ok(page) => {
                self.fault = None;
                self.read_at = Some(read_at);
                self.join(page.lines, page.more);
            }
            Err(fault) => {
                self.owed = 0;
                self.fault = Some(fault);
            }
        }
        true
    }

    fn join(&mut self, rows: Vec<L>, more: bool) {
        let count = rows.len();
        match self.joins {
            Joins::Anew => {
                self.lines = rows.into();
                (self.at_start, self.at_end, self.before) = (true, !more, Some(0));
                self.find_again();
            }
            Joins::AnewAtEnd => {
                self.lines = rows.into();
                (self.at_start, self.at_end) = (!more, true);
                self.before = self
                    .total
                    .and_then(|total| usize::try_from(total).ok()?.checked_sub(count));
                self.select(count);
            }
            Joins::InPlace => {
                self.lines = rows.into();
                self.at_end = !more;
                self.find_again();
            }
            Joins::Behind => {
                self.lines.extend(rows);
                self.at_end = !more;
                self.let_go_in_front();
            }
            Joins::InFront => {
                for line in rows.into_iter().rev() {
                    self.lines.push_front(line);
                }
                self.at += count;
                self.at_start = !more;
                self.before = if more {
                    self.before.and_then(|before| before.checked_sub(count))
                } else {
                    Some(0)
                };
                if self.len() > HELD {
                    self.lines.truncate(HELD);
                    self.at_end = false;
                }
            }
        }
        self.step(0);
    }

    fn let_go_in_front(&mut self) {
        let surplus = self.len().saturating_sub(HELD).min(self.at);
        if surplus > 0 {
            self.lines.drain(..surplus);
            self.at -= surplus;
            self.at_start = false;
            self.before = self.before.map(|before| before + surplus);
        }
    }

    /// The selection stays on its object, or where it stood.
    fn find_again(&mut self) {
        let id = self.selected.take();
        if !id.is_some_and(|id| self.find(&id)) {
            self.select(self.at);
        }
    }

    fn look_ahead(&mut self) {
        if self.due.is_some() || self.is_empty() || self.fault.is_some() {
            return;
        }
        if !self.at_end && self.at + AHEAD >= self.len() {
            self.due = Some(Joins::Behind);
        } else if !self.at_start && self.at < AHEAD {
            self.due = Some(Joins::InFront);
        }
    }
}

/// Words about a window's lines, or why the site cannot be asked for them.
pub fn words<L: WindowLine>(text: &str, clock: &Clock) -> Result<FilterWords, WordError> {
    let words = FilterWords::parse::<L>(text)?;
    ask::filter::<L>(&words, clock)?;
    Ok(words)
}
