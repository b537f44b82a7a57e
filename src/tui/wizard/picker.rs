//! One object out of many: letters narrow the list, the marked row is taken. Pure; knows no kinds of objects.
//!
//! Nothing is marked before something was typed or the mark was moved, so Enter never takes what nobody chose.

use std::cmp::Reverse;
use std::sync::Arc;

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32String};
use tui_input::{Input, InputRequest};

use super::line;

/// One object that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What the draft keeps.
    pub id: String,
    pub name: String,
    /// What is said beside the name, column by column.
    pub cells: Vec<String>,
    /// Large or built in: not listed until asked for.
    pub is_hidden: bool,
    /// Seldom what is looked for: stands behind others that fit as well.
    is_seldom: bool,
    /// What somebody should notice before taking it.
    pub warning: Option<String>,
    text: Utf32String,
}

impl Entry {
    pub fn new(id: impl Into<String>, name: impl Into<String>, cells: Vec<String>) -> Self {
        let (id, name) = (id.into(), name.into());
        Self {
            text: Utf32String::from(format!("{name} {id}")),
            id,
            name,
            cells,
            is_hidden: false,
            is_seldom: false,
            warning: None,
        }
    }

    /// Can also be found by these words.
    #[must_use]
    pub fn also(mut self, words: &str) -> Self {
        self.text = Utf32String::from(format!("{} {} {words}", self.name, self.id));
        self
    }

    /// Somebody should look twice.
    #[must_use]
    pub fn warned(mut self, warning: String) -> Self {
        self.warning = Some(warning);
        self
    }

    /// Stands behind others that fit as well.
    #[must_use]
    pub fn seldom(mut self, is_seldom: bool) -> Self {
        self.is_seldom = is_seldom;
        self
    }

    /// Not listed until asked for.
    #[must_use]
    pub fn hidden(mut self, is_hidden: bool) -> Self {
        self.is_hidden = is_hidden;
        self
    }
}

impl Row {
    /// Whether it stands below the objects, however many there are.
    pub fn is_pinned(self) -> bool {
        matches!(self, Self::Hidden(_) | Self::New)
    }
}

/// What stands on one line of a picker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// An object, by its place among the entries.
    Entry(usize),
    /// So many objects are not listed; choosing this lists them.
    Hidden(usize),
    /// What stands behind the objects: something that is not there yet.
    New,
}

/// Where large and built-in objects are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Hidden {
    /// Only their number is said, until somebody asks.
    #[default]
    Counted,
    Behind,
    /// Here they are as good as others.
    Among,
}

/// Objects, what was typed to find one, and the marked row.
#[derive(Debug, Clone, Default)]
pub struct Picker {
    entries: Arc<[Entry]>,
    filter: Input,
    rows: Vec<Row>,
    at: Option<usize>,
    hidden: Hidden,
    offers_new: bool,
    marks_only: bool,
}

impl Picker {
    pub fn over(entries: Arc<[Entry]>) -> Self {
        let mut picker = Self {
            entries,
            ..Self::default()
        };
        picker.arrange();
        picker
    }

    /// A last row for something that is not there yet.
    #[must_use]
    pub fn or_new(mut self) -> Self {
        self.offers_new = true;
        self.arrange();
        self
    }

    /// Lists large and built-in objects among the others.
    #[must_use]
    pub fn with_hidden(mut self) -> Self {
        self.hidden = Hidden::Among;
        self.arrange();
        self
    }

    /// Where there is one object only, the mark is on it from the start.
    #[must_use]
    pub fn marking_only(mut self) -> Self {
        self.marks_only = true;
        self.arrange();
        self
    }

    /// Newer objects; what was typed and the mark stay.
    pub fn supply(&mut self, entries: Arc<[Entry]>) {
        let marked = self.marked().map(|entry| entry.id.clone());
        self.entries = entries;
        self.arrange();
        if let Some(id) = marked {
            self.mark(&id);
        }
    }

    pub fn filter(&self) -> &Input {
        &self.filter
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Objects there are, listed or not.
    pub fn total(&self) -> usize {
        self.entries.len()
    }

    pub fn row(&self, at: usize) -> Option<Row> {
        self.rows.get(at).copied()
    }

    pub fn entry(&self, place: usize) -> Option<&Entry> {
        self.entries.get(place)
    }

    pub fn entry_of(&self, id: &str) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| entry.id.eq_ignore_ascii_case(id))
    }

    /// The marked row's place among the rows.
    pub fn at(&self) -> Option<usize> {
        self.at
    }

    /// What the mark is on.
    pub fn chosen(&self) -> Option<Row> {
        self.row(self.at?)
    }

    pub fn marked(&self) -> Option<&Entry> {
        match self.chosen()? {
            Row::Entry(place) => self.entry(place),
            Row::Hidden(_) | Row::New => None,
        }
    }

    /// Puts the mark on an object, where it is listed.
    pub fn mark(&mut self, id: &str) {
        self.at = self.rows.iter().position(|row| match row {
            Row::Entry(place) => self.entries.get(*place).is_some_and(|entry| entry.id == id),
            Row::Hidden(_) | Row::New => false,
        });
    }

    /// Changes what was typed; answers whether it did.
    pub fn edit(&mut self, request: InputRequest) -> bool {
        let before = self.filter.value().to_owned();
        self.filter.handle(request);
        if self.filter.value() == before {
            return false;
        }
        self.arrange();
        self.at = (!self.filter.value().trim().is_empty() && !self.rows.is_empty()).then_some(0);
        true
    }

    /// Adds to what was typed; answers what was done to the text, in words.
    pub fn paste(&mut self, text: &str) -> Option<String> {
        let said = line::paste(&mut self.filter, text);
        self.arrange();
        self.at = (!self.rows.is_empty()).then_some(0);
        said
    }

    /// Moves the mark, as far as there are rows. Answers false at an end, where the mark cannot move.
    pub fn step(&mut self, rows: isize) -> bool {
        let Some(last) = self.rows.len().checked_sub(1) else {
            return false;
        };
        let to = match self.at {
            None if rows > 0 => 0,
            None => return false,
            Some(at) => at.saturating_add_signed(rows).min(last),
        };
        let moved = self.at != Some(to);
        self.at = Some(to);
        moved
    }

    /// Puts the mark on a row.
    pub fn select(&mut self, at: usize) {
        self.at = (at < self.rows.len()).then_some(at);
    }

    /// Lists what was held back; the mark goes to the first of them.
    pub fn show_hidden(&mut self) {
        let at = self.at;
        self.hidden = Hidden::Behind;
        self.arrange();
        self.at = at.filter(|at| *at < self.rows.len());
    }

    fn arrange(&mut self) {
        let (listed, hidden): (Vec<usize>, Vec<usize>) =
            self.ranked().into_iter().partition(|place| {
                let entry = self.entries.get(*place);
                self.hidden == Hidden::Among || !entry.is_some_and(|entry| entry.is_hidden)
            });
        let mut rows: Vec<Row> = listed.into_iter().map(Row::Entry).collect();
        if self.hidden != Hidden::Counted {
            rows.extend(hidden.into_iter().map(Row::Entry));
        } else if !hidden.is_empty() {
            rows.push(Row::Hidden(hidden.len()));
        }
        if self.offers_new {
            rows.push(Row::New);
        }
        self.rows = rows;
        self.at = self.at.filter(|at| *at < self.rows.len());
        if self.marks_only && self.entries.len() == 1 && !self.rows.is_empty() {
            self.at = Some(0);
        }
    }

    /// How many rows stand below the objects.
    pub fn pinned(&self) -> usize {
        self.rows.iter().filter(|row| row.is_pinned()).count()
    }

    /// Places of the entries that fit what was typed, the closest first; among equals what is usually looked for, then
    /// the shortest name, then by name as the entries stand.
    fn ranked(&self) -> Vec<usize> {
        let typed = self.filter.value().trim();
        if typed.is_empty() {
            return (0..self.entries.len()).collect();
        }
        let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut ranked: Vec<_> = self
            .entries
            .iter()
            .enumerate()
            .filter_map(|(place, entry)| {
                let score = pattern.score(entry.text.slice(..), &mut matcher)?;
                Some((Reverse(score), entry.is_seldom, entry.name.len(), place))
            })
            .collect();
        ranked.sort_unstable();
        ranked.into_iter().map(|(.., place)| place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picker() -> Picker {
        let entry = |id: &str, name: &str| Entry::new(id, name, Vec::new());
        Picker::over(
            [
                entry("LAB00015", "Pilot laptops"),
                entry("LAB00014", "Pilot PCs"),
                entry("LAB00020", "Finance PCs"),
                entry("SMS00001", "All Systems").hidden(true),
                entry("LAB00030", "Pilot of everything").hidden(true),
            ]
            .into(),
        )
    }

    fn typed(picker: &mut Picker, text: &str) {
        for c in text.chars() {
            picker.edit(InputRequest::InsertChar(c));
        }
    }

    fn names(picker: &Picker) -> Vec<String> {
        (0..picker.len())
            .map(|at| match picker.row(at).unwrap() {
                Row::Entry(place) => picker.entry(place).unwrap().name.clone(),
                Row::Hidden(count) => format!("{count} hidden"),
                Row::New => "new".into(),
            })
            .collect()
    }

    #[test]
    fn nothing_is_marked_before_something_was_typed_or_moved() {
        let mut picker = picker();
        assert_eq!(picker.chosen(), None);
        assert!(picker.step(1));
        assert_eq!(picker.marked().unwrap().name, "Pilot laptops");
    }

    #[test]
    fn letters_narrow_and_mark_the_shortest_of_the_closest() {
        let mut picker = picker();
        typed(&mut picker, "pilot");
        assert_eq!(names(&picker), ["Pilot PCs", "Pilot laptops", "1 hidden"]);
        assert_eq!(picker.marked().unwrap().id, "LAB00014");
        picker.edit(InputRequest::DeleteLine);
        assert_eq!(picker.chosen(), None);
    }

    #[test]
    fn the_only_one_is_marked_where_that_is_wished() {
        let only = || -> Arc<[Entry]> { [Entry::new("Install", "Install", Vec::new())].into() };
        assert_eq!(Picker::over(only()).chosen(), None);
        let mut picker = Picker::default().marking_only();
        picker.supply(only());
        assert_eq!(picker.chosen(), Some(Row::Entry(0)));
    }

    #[test]
    fn what_takes_software_away_stands_behind_what_installs_it() {
        let entry = |name: &str| Entry::new(name, name, Vec::new());
        let mut picker = Picker::over(
            [
                entry("Zoom 6 · Install"),
                entry("Zoom 6 · Remove").seldom(true),
                entry("Zoom 6 · Repair all"),
            ]
            .into(),
        );
        typed(&mut picker, "zoom");
        assert_eq!(
            names(&picker),
            ["Zoom 6 · Install", "Zoom 6 · Repair all", "Zoom 6 · Remove"]
        );
        typed(&mut picker, " rem");
        assert_eq!(names(&picker)[0], "Zoom 6 · Remove");
    }

    #[test]
    fn large_ones_stand_among_the_others_where_they_are_meant() {
        let mut picker = picker().with_hidden();
        assert_eq!(picker.len(), 5);
        typed(&mut picker, "all sys");
        assert_eq!(names(&picker), ["All Systems"]);
    }

    #[test]
    fn an_id_finds_its_object() {
        let mut picker = picker();
        typed(&mut picker, "lab00020");
        assert_eq!(names(&picker), ["Finance PCs"]);
    }

    #[test]
    fn large_ones_stand_behind_a_counted_line_that_lists_them() {
        let mut picker = picker();
        assert_eq!(names(&picker)[3..], ["2 hidden"]);
        picker.select(3);
        assert_eq!(picker.chosen(), Some(Row::Hidden(2)));
        picker.show_hidden();
        assert_eq!(picker.marked().unwrap().name, "All Systems");
        assert_eq!(picker.len(), 5);
    }

    #[test]
    fn something_new_is_always_the_last_row() {
        let mut picker = picker().or_new();
        typed(&mut picker, "zzz");
        assert_eq!(names(&picker), ["new"]);
        assert_eq!(picker.chosen(), Some(Row::New));
    }

    #[test]
    fn the_mark_stays_on_its_object_when_newer_ones_arrive() {
        let mut picker = picker();
        typed(&mut picker, "pilot");
        picker.step(1);
        picker.supply(
            [
                Entry::new("LAB00099", "Pilot A", Vec::new()),
                Entry::new("LAB00015", "Pilot laptops", Vec::new()),
            ]
            .into(),
        );
        assert_eq!(picker.marked().unwrap().id, "LAB00015");
    }

    #[test]
    fn the_mark_stops_at_the_ends() {
        let mut picker = picker();
        assert!(!picker.step(-1));
        assert!(picker.step(99), "the first move is onto the first row");
        assert_eq!(picker.at(), Some(0));
        assert!(picker.step(99));
        assert_eq!(picker.at(), Some(3));
        assert!(!picker.step(1));
        assert!(!Picker::default().step(1));
    }
}
