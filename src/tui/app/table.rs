//! A list of any kind: the one place that knows which kinds are read whole and which in windows.

use jiff::Timestamp;
use serde_json::Value;

use crate::client::listing::{
    AssignmentLine, Called, CollectionLine, DeploymentLine, DeviceLine, FilterWords, GroupLine,
    Kind, Line, MemberLine, PackageLine, PointLine, ProgramLine, RequestLine, Sorting, StatusLine,
};
use crate::client::{Answer, Gap, Payload, Reading, Request, Scope, Slot, Ticket};
use crate::distribution::impact::{Reached, Way};
use crate::error::SiteError;
use crate::sms::ids::{AdvertisementId, CollectionId};

use super::desk::Desk;
use super::listing::{Head, Listing, ShownRow, keys_in_sight_first, next_key, written};
use super::subject::Subject;
use super::window::{self, Window};

/// Rows of one kind and how they are looked at.
#[derive(Debug, Clone)]
pub enum Table {
    Packages(Listing<PackageLine>),
    Programs(Listing<ProgramLine>),
    Collections(Listing<CollectionLine>),
    Points(Listing<PointLine>),
    Groups(Listing<GroupLine>),
    Assignments(Listing<AssignmentLine>),
    Advertisements(Listing<DeploymentLine>),
    Devices(Windowed<DeviceLine>),
    Members(Windowed<MemberLine>),
    Statuses(Windowed<StatusLine>),
    Requests(Listing<RequestLine>),
    /// Devices that were told from the others one by one.
    Reached(Listing<DeviceLine>, Box<Reached>),
}

/// A window and what it looks onto.
#[derive(Debug, Clone)]
pub struct Windowed<L: crate::client::listing::WindowLine> {
    pub scope: Scope,
    pub window: Window<L>,
    /// The count of all rows that is on its way.
    counting: Option<Ticket>,
}

impl<L: crate::client::listing::WindowLine> Windowed<L> {
    fn of(scope: Scope) -> Self {
        Self {
            scope,
            window: Window::default(),
            counting: None,
        }
    }

    /// Only rows that these words keep, whatever is typed besides.
    fn onto(scope: Scope, always: FilterWords) -> Self {
        Self {
            window: Window::onto(always),
            ..Self::of(scope)
        }
    }
}

/// Does the same with a list of any kind: one arm for those read whole, one for windows.
macro_rules! each {
    ($table:expr, $whole:ident => $then:expr, $windowed:ident => $other:expr) => {
        match $table {
            Table::Packages($whole) => $then,
            Table::Programs($whole) => $then,
            Table::Collections($whole) => $then,
            Table::Points($whole) => $then,
            Table::Groups($whole) => $then,
            Table::Assignments($whole) => $then,
            Table::Advertisements($whole) => $then,
            Table::Requests($whole) => $then,
            Table::Reached($whole, _) => $then,
            Table::Devices($windowed) => $other,
            Table::Members($windowed) => $other,
            Table::Statuses($windowed) => $other,
        }
    };
}

/// What a list is at, so that empty, waiting and failed never look alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing has arrived yet; so many rows have come so far.
    Reading(usize),
    /// The person stopped the reading before anything was here.
    Stopped,
    /// It could not be read, and nothing from before is there.
    Failed,
    /// There is nothing of the kind.
    Empty,
    /// There is something, but the filter keeps none of it.
    NoneKept,
    /// Rows are shown.
    Rows,
}

impl Table {
    pub fn devices() -> Self {
        Self::Devices(Windowed::of(Scope::Devices))
    }

    pub fn members(of: CollectionId) -> Self {
        Self::Members(Windowed::of(Scope::Members(of)))
    }

    /// The devices behind a number.
    pub fn behind(way: Way) -> Self {
        match way {
            Way::Asked(collection, kept) => {
                let words = MemberLine::words_of(kept);
                Self::Members(Windowed::onto(Scope::Members(collection), words))
            }
            Way::Counted(reached) => Self::Reached(Listing::default(), Box::new(reached)),
        }
    }

    pub fn statuses(of: AdvertisementId) -> Self {
        Self::Statuses(Windowed::of(Scope::Statuses(of)))
    }

    pub fn called(&self) -> Called {
        fn whole<L: Line>(_: &Listing<L>) -> Called {
            L::CALLED
        }
        each!(self, list => whole(list), it => it.scope.kind().called())
    }

    /// Whether it grows with the number of devices: read as a window, never whole.
    pub fn is_windowed(&self) -> bool {
        each!(self, _list => false, _it => true)
    }

    /// Where plain words are looked for, if that is not in every column of text.
    pub fn searched_in(&self) -> Option<String> {
        fn windowed<L: crate::client::listing::WindowLine>(_: &Window<L>) -> String {
            crate::client::listing::ask::searched_in::<L>()
        }
        each!(self, _list => None, it => Some(windowed(&it.window)))
    }

    pub fn heads(&self) -> Vec<Head> {
        each!(self, list => list.heads(), it => it.window.heads())
    }

    /// Rows that can be scrolled through now.
    pub fn len(&self) -> usize {
        each!(self, list => list.len(), it => it.window.len())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where the selection stands among them.
    pub fn at(&self) -> usize {
        each!(self, list => list.at(), it => it.window.at())
    }

    pub fn row(&self, at: usize) -> Option<ShownRow<'_>> {
        each!(self, list => list.row(at), it => it.window.row(at))
    }

    pub fn read_at(&self) -> Option<Timestamp> {
        each!(self, list => list.remote.read_at, it => it.window.read_at)
    }

    pub fn fault(&self) -> Option<&SiteError> {
        each!(self, list => list.remote.fault.as_ref(), it => it.window.fault.as_ref())
    }

    pub fn gaps(&self) -> &[Gap] {
        each!(self, list => &list.gaps, _it => &[])
    }

    pub fn is_reading(&self) -> bool {
        each!(self, list => list.remote.asked.is_some(), it => it.window.asked.is_some())
    }

    pub fn is_passing(&self) -> bool {
        each!(self, list => list.is_passing(), it => it.window.is_passing())
    }

    /// A number that changes when a row on its way to another state does.
    pub fn passing_mark(&self) -> u64 {
        each!(self, list => list.passing_mark(), it => it.window.passing_mark())
    }

    pub fn only_attention(&self) -> bool {
        each!(self, list => list.only_attention(), _it => false)
    }

    /// `9 of 62`, or for a window `12 of 4,000`: the place of the selection, as far as it is known.
    pub fn count(&self) -> (Option<u64>, Option<u64>) {
        each!(
            self,
            list => (Some(list.len() as u64), list.remote.shown.as_ref().map(|all| all.len() as u64)),
            it => (it.window.number(), it.window.total)
        )
    }

    pub fn standing(&self) -> Standing {
        if !self.is_empty() {
            return Standing::Rows;
        }
        let (arrived, so_far, filtered) = each!(
            self,
            list => (list.remote.shown.is_some(), list.remote.so_far, !list.lines().is_empty()),
            it => (it.window.read_at.is_some(), 0, !it.window.words().is_empty())
        );
        match (arrived, self.fault()) {
            (_, Some(_)) => Standing::Failed,
            (false, None) if !self.is_reading() => Standing::Stopped,
            (false, None) => Standing::Reading(so_far),
            (true, None) if filtered => Standing::NoneKept,
            (true, None) => Standing::Empty,
        }
    }

    /// What the selected row is, in words.
    pub fn words(&self) -> Option<String> {
        each!(self, list => list.selected().map(Line::in_words), it => it.window.selected().map(Line::in_words))
    }

    /// Whether a row is selected: cheaper than what it stands for, and asked for every key that is shown.
    pub fn has_selected(&self) -> bool {
        each!(self, list => list.selected().is_some(), it => it.window.selected().is_some())
    }

    /// Why nothing can be begun with the selected row.
    pub fn lock(&self) -> Option<String> {
        match self {
            Self::Packages(list) => list.selected()?.lock(),
            _ => None,
        }
    }

    /// The object the selected row stands for.
    pub fn subject(&self) -> Option<Subject> {
        Some(match self {
            Self::Packages(list) => Subject::package(list.selected()?),
            Self::Programs(list) => Subject::program(list.selected()?),
            Self::Collections(list) => Subject::collection(list.selected()?),
            Self::Points(list) => Subject::point(list.selected()?),
            Self::Groups(list) => Subject::group(list.selected()?),
            Self::Assignments(list) => Subject::assigned_package(list.selected()?),
            Self::Advertisements(list) => Subject::advertisement(list.selected()?),
            Self::Devices(it) => Subject::device(it.window.selected()?),
            Self::Members(it) => Subject::member(it.window.selected()?),
            Self::Statuses(it) => Subject::status(it.window.selected()?),
            Self::Requests(list) => Subject::request(list.selected()?),
            Self::Reached(list, _) => Subject::device(list.selected()?),
        })
    }

    /// The selected row as one line of text.
    pub fn row_text(&self) -> Option<String> {
        let cells = each!(self, list => list.selected().map(written), it => it.window.selected().map(written));
        Some(cells?.join("\t"))
    }

    /// Every row that can be scrolled through, as text.
    pub fn rows_text(&self) -> Vec<Vec<String>> {
        each!(
            self,
            list => list.shown().map(written).collect(),
            it => it.window.shown().map(written).collect()
        )
    }

    /// Every row that can be scrolled through, with the class's own property names.
    pub fn rows_json(&self) -> Vec<Value> {
        each!(
            self,
            list => list.shown().map(Line::json).collect(),
            it => it.window.shown().map(Line::json).collect()
        )
    }

    /// Whether rows beyond those held are left out of an export.
    pub fn is_partial(&self) -> bool {
        each!(self, _list => false, it => it.window.total.is_none_or(|total| total > it.window.len() as u64))
    }

    pub fn step(&mut self, rows: isize) {
        each!(self, list => list.step(rows), it => it.window.step(rows));
    }

    pub fn reach_top(&mut self) {
        each!(self, list => list.select(0), it => it.window.reach_top());
    }

    pub fn reach_bottom(&mut self) {
        each!(self, list => list.select(list.len()), it => it.window.reach_bottom());
    }

    pub fn select(&mut self, at: usize) {
        each!(self, list => list.select(at), it => it.window.select(at));
    }

    pub fn find(&mut self, id: &str) -> bool {
        each!(self, list => list.find(id), it => it.window.find(id))
    }

    /// Selects an object by id as soon as it is among the rows; they may not be here yet.
    pub fn expect(&mut self, id: &str) {
        each!(self, list => list.expect(id), it => {
            it.window.find(id);
        });
    }

    /// Keeps only what the words keep. Lists do it at once; windows when they are next asked.
    pub fn filter(&mut self, text: &str, desk: &Desk) -> Result<(), String> {
        fn windowed<L: crate::client::listing::WindowLine>(
            window: &mut Window<L>,
            text: &str,
            desk: &Desk,
        ) -> Result<(), String> {
            let words =
                window::words::<L>(text, &desk.clock()).map_err(|error| error.to_string())?;
            window.filter(words);
            Ok(())
        }
        each!(
            self,
            list => list.filter(text, desk.now.datetime()).map_err(|error| error.to_string()),
            it => windowed(&mut it.window, text, desk)
        )
    }

    pub fn sort_next(&mut self, desk: &Desk) {
        fn windowed<L: crate::client::listing::WindowLine>(window: &mut Window<L>) {
            let mut keys = keys_in_sight_first::<L>();
            keys.retain(|key| crate::client::listing::ask::can_sort::<L>(key));
            if let Some(key) = next_key(&keys, Some(window.sorting().key)) {
                window.sort_by(Sorting::up(key));
            }
        }
        each!(self, list => list.sort_next(desk.now.datetime()), it => windowed(&mut it.window));
    }

    /// Sorts as `COLUMN` or `COLUMN:desc` says.
    pub fn sort_by(&mut self, text: &str, desk: &Desk) -> Result<(), String> {
        fn whole<L: Line>(list: &mut Listing<L>, text: &str, desk: &Desk) -> Result<(), String> {
            let sorting = Sorting::parse::<L>(text).map_err(|error| error.to_string())?;
            list.sort_by(sorting, desk.now.datetime());
            Ok(())
        }
        fn windowed<L: crate::client::listing::WindowLine>(
            window: &mut Window<L>,
            text: &str,
        ) -> Result<(), String> {
            let sorting = Sorting::parse::<L>(text).map_err(|error| error.to_string())?;
            if !crate::client::listing::ask::can_sort::<L>(sorting.key) {
                return Err(format!(
                    "the site cannot sort {} by {}",
                    L::CALLED.several,
                    sorting.key
                ));
            }
            window.sort_by(sorting);
            Ok(())
        }
        each!(self, list => whole(list, text, desk), it => windowed(&mut it.window, text))
    }

    pub fn reverse(&mut self, desk: &Desk) {
        each!(self, list => list.reverse(desk.now.datetime()), it => {
            let sorting = it.window.sorting().reversed();
            it.window.sort_by(sorting);
        });
    }

    /// Only rows that need attention, or all again; `Err` says why it cannot be.
    pub fn toggle_attention(&mut self, desk: &Desk) -> Result<(), String> {
        each!(
            self,
            list => list.toggle_attention(desk.now.datetime()),
            it => return Err(format!(
                "{} are too many to look through; a filter asks the site instead",
                it.scope.kind().several()
            ))
        );
        Ok(())
    }

    /// What the site is asked for to fill a list that is read whole.
    fn whole_request(&self) -> Option<(Slot, Request)> {
        let (kind, request) = match self {
            Self::Packages(_) => (Kind::Packages, Request::Packages),
            Self::Programs(_) => (Kind::Programs, Request::Programs),
            Self::Collections(_) => (Kind::Collections, Request::Collections),
            Self::Points(_) => (Kind::Points, Request::Points),
            Self::Groups(_) => (Kind::Groups, Request::Groups),
            Self::Advertisements(_) => (Kind::Advertisements, Request::Advertisements),
            Self::Reached(_, reached) => (Kind::Devices, Request::Reached(reached.clone())),
            _ => return None,
        };
        Some((Slot::List(kind), request))
    }

    /// Reads again.
    pub fn refresh(&mut self, desk: &mut Desk) {
        let request = self.whole_request();
        each!(
            self,
            list => if let Some((slot, request)) = request {
                list.remote.ask(desk.ask(slot, request));
            },
            it => it.window.refresh()
        );
        self.ask_window(desk);
    }

    /// Asks for what is due: a list that was never read, the next page of a window, its count.
    pub fn ask_due(&mut self, desk: &mut Desk) {
        let untouched = each!(self, list => list.remote.is_untouched(), _it => false);
        if untouched {
            self.refresh(desk);
        } else {
            self.ask_window(desk);
        }
    }

    fn ask_window(&mut self, desk: &mut Desk) {
        macro_rules! ask {
            ($it:expr, $request:expr) => {{
                let slot = Slot::Window($it.scope.kind());
                while let Some(wanted) = $it.window.next_wanted() {
                    let request = $request(&$it.scope, wanted);
                    let Some(request) = request else { break };
                    $it.window.asked = Some(desk.ask(slot, request));
                }
                if $it.window.total.is_none()
                    && $it.counting.is_none()
                    && $it.window.read_at.is_some()
                {
                    let slot = Slot::Total($it.scope.kind());
                    let request = Request::Total($it.scope.clone(), $it.window.asked_words());
                    $it.counting = Some(desk.ask(slot, request));
                }
            }};
        }
        match self {
            Self::Devices(it) => ask!(it, |_: &Scope, wanted| Some(Request::Devices(wanted))),
            Self::Members(it) => ask!(it, |scope: &Scope, wanted| match scope {
                Scope::Members(id) => Some(Request::Members(id.clone(), wanted)),
                _ => None,
            }),
            Self::Statuses(it) => ask!(it, |scope: &Scope, wanted| match scope {
                Scope::Statuses(id) => Some(Request::Statuses(id.clone(), wanted)),
                _ => None,
            }),
            _ => {}
        }
    }

    /// Takes an answer if it is one this list awaits; answers whether it was.
    pub fn settle(&mut self, answer: &Answer, desk: &mut Desk) -> bool {
        macro_rules! take {
            (whole $list:expr, $payload:ident) => {
                $list.remote.asked == Some(answer.ticket) && {
                    let result = match &answer.result {
                        Ok(Payload::$payload(listed)) => Ok(listed.clone()),
                        Ok(_) => return false,
                        Err(fault) => Err(fault.clone()),
                    };
                    $list.settle(answer.ticket, answer.read_at, result, desk.now.datetime())
                }
            };
            (window $it:expr, $payload:ident) => {
                if $it.counting == Some(answer.ticket) {
                    $it.counting = None;
                    // A total is a courtesy: without it the place of the selection is not told.
                    if let Ok(Payload::Total(total)) = &answer.result {
                        $it.window.total = Some(*total);
                    }
                    true
                } else {
                    $it.window.asked == Some(answer.ticket) && {
                        let result = match &answer.result {
                            Ok(Payload::$payload(page)) => Ok(page.clone()),
                            Ok(_) => return false,
                            Err(fault) => Err(fault.clone()),
                        };
                        $it.window.settle(answer.ticket, answer.read_at, result)
                    }
                }
            };
        }
        let taken = match self {
            Self::Packages(list) => take!(whole list, Packages),
            Self::Programs(list) => take!(whole list, Programs),
            Self::Collections(list) => take!(whole list, Collections),
            Self::Points(list) => take!(whole list, Points),
            Self::Groups(list) => take!(whole list, Groups),
            Self::Assignments(_) | Self::Requests(_) => false,
            Self::Advertisements(list) => take!(whole list, Advertisements),
            Self::Reached(list, _) => take!(whole list, Reached),
            Self::Devices(it) => take!(window it, Devices),
            Self::Members(it) => take!(window it, Members),
            Self::Statuses(it) => take!(window it, Statuses),
        };
        if taken {
            self.ask_window(desk);
        }
        taken
    }

    /// A long list has come further; answers whether it is this one.
    pub fn come_further(&mut self, reading: Reading) -> bool {
        each!(
            self,
            list => {
                let ours = list.remote.asked == Some(reading.ticket);
                if ours {
                    list.remote.so_far = reading.so_far;
                }
                ours
            },
            _it => false
        )
    }

    /// Forgets what is on its way: its slot has been given to another ask meanwhile.
    pub fn forget_asked(&mut self) {
        each!(self, list => list.remote.asked = None, it => {
            it.counting = None;
            if it.window.asked.take().is_some() {
                it.window.refresh();
            }
        });
    }

    /// Stops waiting; answers whether there was anything to wait for.
    pub fn stop_reading(&mut self) -> bool {
        each!(self, list => list.remote.stop(), it => it.window.asked.take().is_some())
    }
}
