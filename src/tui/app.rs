//! All state of the console, and the one place that changes it: `update`. Pure: no terminal, no clock, no network.
//!
//! ```text
//! App ─ panes ─ a list (whole or in windows), the details one has gone into
//!     ├ layers: what lies over the place; the top one takes the keys
//!     ├ wizard: kept while a run goes on behind other panes
//!     ├ roll: the devices behind a number of the wizard, a place over all the others
//!     └ site, notice, keymap
//! ```

mod act;
mod beside;
mod command;
mod desk;
mod details;
mod drafting;
mod export;
mod hints;
mod layer;
mod lines;
mod listing;
mod moves;
mod notice;
mod offers;
mod page;
mod pane;
mod patience;
mod popup;
mod reading;
mod remote;
mod requests;
mod roll;
mod sheet;
mod sites;
mod subject;
mod table;
mod window;

#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::Zoned;
use jiff::tz::TimeZone;
use ratatui::layout::Size;

use crate::client::{Request, Role, SiteWords, Slot, Ticket};
use crate::config::Profile;
use crate::sms::rights::Sight;
use crate::tui::event::{Effect, Event, Timer};
use crate::tui::keymap::{Action, Keymap, Scope};
use crate::tui::shape::Shape;
use crate::tui::wizard::{Setting, Wizard};

pub use command::complete;
pub use desk::Desk;
pub use details::{Content, Details, Tab};
pub use hints::hints;
pub use layer::{Choice, Deed, Layer, Question};
#[cfg(test)]
pub use listing::heads;
pub use listing::{Head, ShownRow};
pub use notice::{Notice, way_out};
pub use page::{Laid, LaidOut, Page, Piece};
pub use pane::{Pane, PaneId};
use patience::Patience;
pub use remote::Remote;
pub use roll::Roll;
pub use sheet::Sheet;
pub use subject::{Subject, SubjectKey};
pub use table::{Standing, Table};

/// A pane one comes back to is read again when it was read longer ago than this.
const OLD: Duration = Duration::from_secs(10);

/// All state of the console.
#[derive(Debug)]
pub struct App {
    pub keymap: Keymap,
    pub size: Size,
    pub site: Remote<SiteWords>,
    /// As the settings call the site, before it has said anything of itself.
    pub site_name: String,
    /// Words for every screen of this site.
    pub banner: Option<String>,
    pub pane: PaneId,
    panes: [Pane; PaneId::ALL.len()],
    pub layers: Vec<Layer>,
    pub wizard: Option<Box<Wizard>>,
    /// The list that is open over the wizard.
    roll: Option<Box<roll::Opened>>,
    /// What a wizard begun here takes from its surroundings.
    pub setting: Setting,
    pub notice: Option<Notice>,
    /// What is wrong with the user's files, for the help screen.
    pub complaints: Vec<String>,
    pub mouse: bool,
    /// This machine's zone, in which times of reading are told.
    pub zone: TimeZone,
    /// Who does the work behind the embedded site, as far as it is known.
    worked_by: Role,
    /// The draft that is kept on disk.
    unfinished: Option<drafting::Unfinished>,
    /// How much of the site this account sees, once it was asked.
    sight: Remote<Sight>,
    greeted: Option<Ticket>,
    filling: Option<Ticket>,
    looked_for_runs: Option<Ticket>,
    /// Requests to the site are told as they come to their end.
    follows_requests: bool,
    /// The number of the last ticket.
    tickets: u64,
    /// Until shown rows on their way to another state are asked for again.
    passing: Patience,
    /// Until a site that did not answer is tried again.
    cut: Patience,
    /// The selection whose details will be shown beside the list when it has rested there.
    resting_on: Option<SubjectKey>,
    quitting: bool,
}

/// What the console begins with.
#[derive(Debug, Default)]
pub struct Start {
    pub site_name: String,
    /// Words that stand on every screen, such as PRODUCTION.
    pub banner: Option<String>,
    pub keymap: Keymap,
    /// What is wrong with the user's files, each with its file and line.
    pub complaints: Vec<String>,
    /// Who plans, and what the guard demands on this site.
    pub setting: Setting,
    /// Straight into the wizard.
    pub into_wizard: bool,
}

impl App {
    /// The console before anything is known, and what it asks for first.
    pub fn begin(start: Start, size: Size, now: &Zoned) -> (Self, Vec<Effect>) {
        let mut app = Self {
            keymap: start.keymap,
            size,
            site: Remote::default(),
            site_name: start.site_name,
            banner: start.banner.filter(|words| !words.trim().is_empty()),
            pane: PaneId::Packages,
            panes: PaneId::ALL.map(Pane::new),
            layers: Vec::new(),
            wizard: None,
            roll: None,
            setting: start.setting,
            notice: start
                .complaints
                .first()
                .map(|first| Notice::fault(first.as_str())),
            complaints: start.complaints,
            mouse: false,
            zone: now.time_zone().clone(),
            worked_by: Role::Nobody,
            unfinished: None,
            sight: Remote::default(),
            greeted: None,
            filling: None,
            looked_for_runs: None,
            follows_requests: false,
            tickets: 0,
            passing: Patience::with(Timer::Again),
            cut: Patience::with(Timer::Reconnect),
            resting_on: None,
            quitting: false,
        };
        let effects = app.with_desk(now, |app, desk| {
            app.site.ask(desk.ask(Slot::Site, Request::Open));
            app.greeted = Some(desk.ask(Slot::Greeting, Request::Greeting));
            app.looked_for_runs = Some(desk.ask(Slot::OpenRuns, Request::OpenRuns));
            if start.into_wizard {
                app.open_wizard(desk);
            }
        });
        (app, effects)
    }

    /// Takes what happened; answers what is to be done.
    pub fn update(&mut self, event: Event, now: &Zoned) -> Vec<Effect> {
        self.with_desk(now, |app, desk| app.take(event, desk))
    }

    /// Whether the last update ended the console.
    pub fn is_done(&self) -> bool {
        self.quitting
    }

    /// The place that is on screen.
    pub fn pane(&self) -> &Pane {
        match &self.roll {
            Some(roll) => &roll.pane,
            None => &self.panes[self.pane as usize],
        }
    }

    fn pane_mut(&mut self) -> &mut Pane {
        match &mut self.roll {
            Some(roll) => &mut roll.pane,
            None => &mut self.panes[self.pane as usize],
        }
    }

    /// Every place, whether on screen or not.
    fn places_mut(&mut self) -> impl Iterator<Item = &mut Pane> {
        let over = self.roll.as_mut().map(|roll| &mut roll.pane);
        over.into_iter().chain(&mut self.panes)
    }

    /// Whether the screen only says that it is too small: nothing may change that nobody sees.
    fn is_unseen(&self) -> bool {
        Shape::of(self.size).is_none()
    }

    /// Where a key press lands.
    pub fn scope(&self) -> Scope {
        match self.layers.last() {
            _ if self.is_unseen() => Scope::Browse,
            Some(Layer::Help { .. } | Layer::Notes { .. }) => Scope::Popup,
            Some(Layer::Question(_)) => Scope::Question,
            Some(Layer::Sites { .. }) => Scope::Sites,
            Some(Layer::Greeting) => Scope::Greeting,
            Some(Layer::Filter { .. }) => Scope::Filter,
            Some(Layer::Command { .. }) => Scope::Command,
            Some(Layer::Wizard) => self
                .wizard
                .as_ref()
                .map_or(Scope::Wizard, |wizard| wizard.scope()),
            None if self.shows_roll() => Scope::Roll,
            None if self.pane().trail.is_empty() => Scope::List,
            None => Scope::Details,
        }
    }

    /// Whether printable keys are text now.
    pub fn takes_text(&self) -> bool {
        match self.layers.last() {
            _ if self.is_unseen() => false,
            Some(Layer::Filter { .. } | Layer::Command { .. }) => true,
            Some(Layer::Wizard) => self
                .wizard
                .as_ref()
                .is_some_and(|wizard| wizard.takes_text()),
            _ => false,
        }
    }

    /// What the site is called on screen, at length and in short, each with what is unusual about being here.
    pub fn site_titles(&self) -> [String; 2] {
        let Some(site) = &self.site.shown else {
            return [self.site_name.clone(), self.site_name.clone()].map(|name| self.marked(name));
        };
        let name = if site.code.eq_ignore_ascii_case(&site.name) || site.name.is_empty() {
            site.code.clone()
        } else {
            format!("{} {}", site.code, site.name)
        };
        let name = name.trim().to_owned();
        let long = format!("{name} {}", site.about);
        [long, name].map(|title| self.marked(title))
    }

    /// How much of the site this account sees. Whoever runs an embedded one sees all of it.
    pub fn sight(&self) -> Sight {
        match (&self.site.shown, self.sight.shown) {
            (Some(site), _) if site.is_embedded => Sight::Whole,
            (_, sight) => sight.unwrap_or_default(),
        }
    }

    /// Profile, and whether anything may be changed: said where it is not as usual.
    pub fn standing_here(&self) -> String {
        let profile = self.setting.profile;
        let profile = (profile != Profile::Admin).then(|| profile.name());
        let words: Vec<_> = profile
            .into_iter()
            .chain(self.setting.access.title())
            .collect();
        words.join(", ")
    }

    fn marked(&self, title: String) -> String {
        match self.standing_here().as_str() {
            "" => title,
            standing => format!("{title} ({standing})"),
        }
    }

    /// Why a verb that changes a site is not offered on this one.
    pub fn forbids(&self, action: Action) -> Option<&'static str> {
        let refused = self.setting.access.in_brief();
        refused.filter(|_| action.changes_the_site())
    }

    fn with_desk(&mut self, now: &Zoned, work: impl FnOnce(&mut Self, &mut Desk)) -> Vec<Effect> {
        let mut desk = Desk::new(now.clone(), self.size, self.tickets);
        work(self, &mut desk);
        self.ask_due(&mut desk);
        self.follow_requests(&mut desk);
        let (tickets, notice, effects) = desk.close();
        self.remember_draft(&effects, now.timestamp());
        self.tickets = tickets;
        if notice.is_some() {
            self.notice = notice;
        }
        effects
    }

    fn take(&mut self, event: Event, desk: &mut Desk) {
        match event {
            Event::Resized(size) => {
                self.size = size;
                desk.size = size;
                if self
                    .layers
                    .last()
                    .is_some_and(|layer| matches!(layer, Layer::Wizard))
                {
                    self.tell_wizard(&event, desk);
                }
            }
            Event::Answered(answer) => self.settle(&answer, desk),
            Event::Reading(reading) => {
                for pane in self.places_mut() {
                    pane.sheet.table.come_further(reading);
                }
            }
            Event::Due(timer) => self.due(timer, &event, desk),
            // A run goes on and a draft is written whatever is on top.
            Event::Progressed(_) | Event::DraftKept(_) => self.tell_wizard(&event, desk),
            Event::DraftFound(draft, kept_at) => self.draft_found(draft, kept_at),
            Event::Complained(complaint) => {
                desk.tell(Notice::fault(complaint.as_str()));
                self.complaints.push(complaint);
            }
            Event::NotSuspended => {
                desk.tell(Notice::tell("there is no shell above to go back to"));
            }
            Event::Written(path, result) => desk.tell(match result {
                Ok(()) => Notice::done(format!("written to {}", path.display())),
                Err(reason) => {
                    Notice::fault(format!("could not write {}: {reason}", path.display()))
                }
            }),
            Event::Worked(role) => self.worked(role, desk),
            Event::Requested(latest) => self.requested(&latest, desk),
            Event::SitesFound(sites) => self.sites_found(sites),
            Event::SiteOpened(name, Ok(())) if self.is_busy() => desk.tell(Notice::tell(format!(
                "something is being done on this site; {name} waits until it has ended"
            ))),
            Event::SiteOpened(_, Ok(())) => {
                // What was typed a moment ago is kept with this site's draft.
                self.tell_wizard(&Event::HangUp, desk);
                self.quit_now(desk);
            }
            Event::SiteOpened(name, Err(reason)) => {
                desk.tell(Notice::fault(format!("{name} was not opened: {reason}")));
            }
            Event::HangUp => {
                self.tell_wizard(&event, desk);
                self.quit_now(desk);
            }
            Event::Clicked(spot) => self.click(spot, desk),
            Event::Do(_) | Event::Typed(_) | Event::Pasted(_) | Event::Edited(_) => {
                if !self.is_unseen() {
                    self.notice = None;
                }
                self.press(event, desk);
            }
        }
    }

    /// A key, text or paste: the top layer takes it.
    fn press(&mut self, event: Event, desk: &mut Desk) {
        if let Event::Do(action @ (Action::Suspend | Action::Redraw)) = event
            && !(action == Action::Redraw && matches!(self.layers.last(), Some(Layer::Wizard)))
        {
            return desk.order(if action == Action::Suspend {
                Effect::Suspend
            } else {
                Effect::Redraw
            });
        }
        match (self.layers.last(), event) {
            (_, Event::Do(Action::Quit)) if self.is_unseen() => self.quit_unseen(desk),
            // What an editor wrote is taken: its person is not at these keys.
            (Some(Layer::Wizard), event @ Event::Edited(_)) => self.tell_wizard(&event, desk),
            (_, _) if self.is_unseen() => {}
            (Some(Layer::Wizard), Event::Do(Action::Help)) => self.help(),
            (Some(Layer::Wizard), event) => self.tell_wizard(&event, desk),
            (Some(Layer::Filter { .. }), event) => self.press_filter(event, desk),
            (Some(Layer::Command { .. }), event) => self.press_command(event, desk),
            (Some(_), Event::Do(action)) => self.press_popup(action, desk),
            (None, Event::Do(action)) => self.press_place(action, desk),
            (_, _) => {}
        }
    }

    /// Leaves a screen on which no question can be shown: what was typed is kept, and a run is not left so.
    fn quit_unseen(&mut self, desk: &mut Desk) {
        if self
            .wizard
            .as_ref()
            .is_some_and(|wizard| wizard.is_running())
        {
            return desk.tell(Notice::tell(
                "A plan is being carried out; make the window larger to leave it.",
            ));
        }
        self.tell_wizard(&Event::HangUp, desk);
        self.quit_now(desk);
    }

    fn quit_now(&mut self, desk: &mut Desk) {
        self.quitting = true;
        desk.order(Effect::Quit);
    }
}
