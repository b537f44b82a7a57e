//! A list that was read whole: sorted, filtered and selected here, at once.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::client::details::Part;
use crate::client::listing::{
    Align, FilterWords, Index, Line, Share, Sorting, Width, WordError, sort,
};
use crate::client::{Gap, Listed, Ticket};
use crate::error::SiteError;

use super::remote::Remote;

/// A column as the screen needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub title: &'static str,
    pub width: Width,
    pub align: Align,
    /// The highest leave first when there is too little room; 0 never leaves.
    pub leaves: u8,
    pub wide_only: bool,
    /// The list is sorted by it: `Some(descending)`.
    pub sorted: Option<bool>,
}

/// A row as the screen needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownRow<'a> {
    pub cells: Vec<Cow<'a, str>>,
    pub needs_attention: bool,
    pub share: Option<Share>,
}

impl<'a> ShownRow<'a> {
    pub fn of<L: Line>(line: &'a L) -> Self {
        Self {
            cells: (0..L::COLUMNS.len()).map(|at| line.cell(at)).collect(),
            needs_attention: line.needs_attention(),
            share: line.done(),
        }
    }
}

/// A line as it is copied and written to files.
pub fn written<L: Line>(line: &L) -> Vec<String> {
    let columns = 0..L::COLUMNS.len();
    columns.map(|at| line.written(at).into_owned()).collect()
}

/// Columns of a kind of line, with a mark at the one the list is sorted by.
pub fn heads<L: Line>(sorting: &[Sorting]) -> Vec<Head> {
    L::COLUMNS
        .iter()
        .map(|column| Head {
            title: column.title,
            width: column.width,
            align: column.align,
            leaves: column.leaves,
            wide_only: column.wide_only,
            sorted: sorting
                .first()
                .filter(|sorting| sorting.key == column.key)
                .map(|sorting| sorting.descending),
        })
        .collect()
}

/// The next column to sort by, round and round.
pub fn next_sorting<L: Line>(now: &[Sorting]) -> Vec<Sorting> {
    let keys = keys_in_sight_first::<L>();
    let next = next_key(&keys, now.first().map(|now| now.key));
    next.map(|key| vec![Sorting::up(key)]).unwrap_or_default()
}

/// What columns are sorted by, those for wide screens last.
pub fn keys_in_sight_first<L: Line>() -> Vec<&'static str> {
    let (wide, narrow): (Vec<_>, Vec<_>) = L::COLUMNS.iter().partition(|column| column.wide_only);
    let columns = narrow.into_iter().chain(wide);
    columns.map(|column| column.key).collect()
}

/// The key behind this one, round and round; the first where it is none of them.
pub fn next_key(keys: &[&'static str], now: Option<&str>) -> Option<&'static str> {
    let at = keys.iter().position(|key| Some(*key) == now);
    let next = at.map_or(0, |at| (at + 1) % keys.len());
    keys.get(next).copied()
}

/// A number that changes when a line on its way to another state does.
pub fn passing_mark<'a, L: Line + 'a>(lines: impl Iterator<Item = &'a L>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for line in lines.filter(|line| line.is_passing()) {
        line.id().hash(&mut hasher);
        (0..L::COLUMNS.len()).for_each(|at| line.cell(at).hash(&mut hasher));
    }
    hasher.finish()
}

/// Lines of one kind, all of them, and how they are looked at.
#[derive(Debug, Clone)]
pub struct Listing<L: Line> {
    pub remote: Remote<Vec<L>>,
    index: Index,
    /// Positions in `remote.shown` of the rows that pass, in their order.
    order: Vec<usize>,
    /// The selection is an object, not a place: rows move under a refresh.
    selected: Option<String>,
    /// Where the selected row stands in `order`.
    at: usize,
    words: FilterWords,
    sorting: Vec<Sorting>,
    attention: bool,
    /// What could not be read beside the lines: what it would have told is unknown in them.
    pub gaps: Vec<Gap>,
}

impl<L: Line> Default for Listing<L> {
    fn default() -> Self {
        Self {
            remote: Remote::default(),
            index: Index::default(),
            order: Vec::new(),
            selected: None,
            at: 0,
            words: FilterWords::default(),
            sorting: L::ORDER.to_vec(),
            attention: false,
            gaps: Vec::new(),
        }
    }
}

impl<L: Line> Listing<L> {
    /// Lines nobody has to ask for.
    pub fn filled(lines: Vec<L>) -> Self {
        let mut listing = Self::default();
        listing.remote.shown = Some(lines);
        listing
    }

    pub fn lines(&self) -> &[L] {
        self.remote.shown.as_deref().unwrap_or_default()
    }

    /// Rows that pass the filter.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    pub fn heads(&self) -> Vec<Head> {
        heads::<L>(&self.sorting)
    }

    pub fn row(&self, at: usize) -> Option<ShownRow<'_>> {
        self.line(at).map(ShownRow::of)
    }

    pub fn line(&self, at: usize) -> Option<&L> {
        self.lines().get(*self.order.get(at)?)
    }

    /// The lines that pass, in their order.
    pub fn shown(&self) -> impl Iterator<Item = &L> {
        (0..self.len()).filter_map(|at| self.line(at))
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub fn selected(&self) -> Option<&L> {
        self.line(self.at)
    }

    /// Whether a row is on its way to another state by itself.
    pub fn is_passing(&self) -> bool {
        self.lines().iter().any(Line::is_passing)
    }

    pub fn passing_mark(&self) -> u64 {
        passing_mark(self.lines().iter())
    }

    pub fn only_attention(&self) -> bool {
        self.attention
    }

    /// Takes an answer if it is the one awaited.
    pub fn settle(
        &mut self,
        ticket: Ticket,
        read_at: Timestamp,
        result: Result<Listed<L>, SiteError>,
        now: DateTime,
    ) -> bool {
        let (lines, gaps) = match result {
            Ok(listed) => (Ok(listed.lines), listed.gaps),
            Err(fault) => (Err(fault), self.gaps.clone()),
        };
        let taken = self.remote.settle(ticket, read_at, lines);
        if taken {
            self.gaps = gaps;
            self.renew(now);
        }
        taken
    }

    /// Shows lines that came with something else, or why they did not.
    pub fn give(&mut self, part: Part<L>, read_at: Timestamp, now: DateTime) {
        match part {
            Ok(lines) => {
                self.remote.shown = Some(lines);
                self.remote.read_at = Some(read_at);
                self.remote.fault = None;
                self.renew(now);
            }
            Err(fault) => self.remote.fault = Some(fault),
        }
    }

    /// Shows lines that came by themselves. Whoever stands on the first row stays there, to see what comes next.
    pub fn take(&mut self, lines: Vec<L>, now: DateTime) {
        let on_first = self.at == 0;
        self.remote.shown = Some(lines);
        self.renew(now);
        if on_first {
            self.select(0);
        }
    }

    /// The view of the lines is made anew; the selection stays on its object.
    fn renew(&mut self, now: DateTime) {
        self.index = Index::of(self.lines());
        self.arrange(now);
    }

    /// Moves the selection, as far as there are rows.
    pub fn step(&mut self, rows: isize) {
        self.select(self.at.saturating_add_signed(rows));
    }

    pub fn select(&mut self, at: usize) {
        self.at = at.min(self.len().saturating_sub(1));
        self.selected = self.selected().map(Line::id);
    }

    /// Selects an object by id; answers whether it is among the rows.
    pub fn find(&mut self, id: &str) -> bool {
        let found = (0..self.len()).find(|at| self.line(*at).is_some_and(|line| line.id() == id));
        if let Some(at) = found {
            self.select(at);
        }
        found.is_some()
    }

    /// Selects an object by id as soon as it is among the rows.
    pub fn expect(&mut self, id: &str) {
        if !self.find(id) {
            self.selected = Some(id.to_owned());
        }
    }

    pub fn filter(&mut self, text: &str, now: DateTime) -> Result<(), WordError> {
        self.words = FilterWords::parse::<L>(text)?;
        self.arrange(now);
        Ok(())
    }

    pub fn sort_next(&mut self, now: DateTime) {
        self.sorting = next_sorting::<L>(&self.sorting);
        self.arrange(now);
    }

    pub fn sort_by(&mut self, sorting: Sorting, now: DateTime) {
        self.sorting = vec![sorting];
        self.arrange(now);
    }

    pub fn reverse(&mut self, now: DateTime) {
        self.sorting = self
            .sorting
            .iter()
            .map(|sorting| sorting.reversed())
            .collect();
        self.arrange(now);
    }

    pub fn toggle_attention(&mut self, now: DateTime) {
        self.attention = !self.attention;
        self.arrange(now);
    }

    fn arrange(&mut self, now: DateTime) {
        let mut order = self.words.keep(self.lines(), &self.index, now);
        let lines = self.lines();
        if self.attention {
            order.retain(|at| lines.get(*at).is_some_and(Line::needs_attention));
        }
        sort(&mut order, lines, &self.sorting);
        self.order = order;
        let Some(id) = self.selected.take() else {
            return self.select(self.at);
        };
        if !self.find(&id) {
            // An object that has gone leaves the selection where it stood; one that is only filtered out gets it back.
            self.select(self.at);
            if self.lines().iter().any(|line| line.id() == id) {
                self.selected = Some(id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::listing::DeploymentLine;

    #[test]
    fn each_press_sorts_by_another_column_and_those_in_sight_come_first() {
        let keys = keys_in_sight_first::<DeploymentLine>();
        let is_wide = |key: &str| {
            let mut columns = DeploymentLine::COLUMNS.iter();
            columns.any(|column| column.key == key && column.wide_only)
        };
        let narrow = keys.iter().take_while(|key| !is_wide(key)).count();
        assert!(narrow > 1 && narrow < keys.len());
        assert!(keys[narrow..].iter().all(|key| is_wide(key)));
        let mut now = None;
        for key in &keys {
            now = next_key(&keys, now);
            assert_eq!(now, Some(*key));
        }
        assert_eq!(next_key(&keys, now), keys.first().copied());
        assert_eq!(next_key(&[], None), None);
    }
}
