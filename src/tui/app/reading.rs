//! What is asked of the site, when, and what its answers change.

use crate::client::{Answer, Greeting, Payload, Request, Role, Slot};
use crate::tui::event::{Event, Timer};

use super::{App, Desk, Layer, Notice};

impl App {
    /// Something on the site was changed by us: what is shown is read again, the rest when it is next looked at.
    pub(super) fn read_all_again(&mut self, desk: &mut Desk) {
        let shown = self.pane;
        for pane in &mut self.panes {
            if pane.id == shown {
                pane.sheet.table.refresh(desk);
            } else {
                pane.is_stale = true;
            }
        }
    }

    pub(super) fn settle(&mut self, answer: &Answer, desk: &mut Desk) {
        match answer.ticket.slot {
            Slot::Site => self.opened(answer, desk),
            Slot::Greeting => self.counted(answer),
            Slot::Sight => self.sighted(answer),
            Slot::OpenRuns => self.runs_found(answer, desk),
            Slot::Run => self.read_all_again(desk),
            Slot::Fill if self.filling == Some(answer.ticket) => self.filled(answer, desk),
            _ => {}
        }
        if self
            .wizard
            .as_mut()
            .is_some_and(|wizard| wizard.settle(answer, desk))
        {
            return self.await_changes(desk);
        }
        for pane in self.places_mut() {
            let places = pane.trail.iter_mut().chain(&mut pane.beside);
            let taken = pane.sheet.table.settle(answer, desk)
                || places
                    .into_iter()
                    .any(|details| details.settle(answer, desk));
            if taken {
                break;
            }
        }
        self.await_changes(desk);
    }

    fn opened(&mut self, answer: &Answer, desk: &mut Desk) {
        let result = match &answer.result {
            Ok(Payload::Opened(site)) => Ok(site.clone()),
            Ok(_) => return,
            Err(fault) => Err(fault.clone()),
        };
        if let Err(fault) = &result {
            desk.tell(Notice::fault(fault.to_string()));
        }
        self.site.settle(answer.ticket, answer.read_at, result);
        self.ask_sight(desk);
    }

    /// Asks how much of the site is seen, until it is known: behind the first rows, which do not wait for it.
    fn ask_sight(&mut self, desk: &mut Desk) {
        let is_far = self
            .site
            .shown
            .as_ref()
            .is_some_and(|site| !site.is_embedded);
        if is_far && self.sight.shown.is_none() && self.sight.asked.is_none() {
            self.sight.ask(desk.ask(Slot::Sight, Request::Sight));
        }
    }

    fn sighted(&mut self, answer: &Answer) {
        let sight = match &answer.result {
            Ok(Payload::Sight(sight)) => Ok(*sight),
            Ok(_) => return,
            Err(fault) => Err(fault.clone()),
        };
        self.sight.settle(answer.ticket, answer.read_at, sight);
    }

    fn counted(&mut self, answer: &Answer) {
        if self.greeted != Some(answer.ticket) {
            return;
        }
        self.greeted = None;
        // Without the counts nobody is greeted; what could not be read is told where it is shown.
        if let Ok(Payload::Greeting(greeting)) = &answer.result
            && Greeting::is_empty(greeting)
            && self.layers.is_empty()
        {
            self.layers.push(Layer::Greeting);
        }
    }

    fn filled(&mut self, answer: &Answer, desk: &mut Desk) {
        self.filling = None;
        match &answer.result {
            Ok(_) => {
                desk.tell(Notice::done("the sample fleet is there"));
                self.read_all_again(desk);
            }
            Err(fault) => desk.tell(Notice::fault(fault.to_string())),
        }
    }

    /// Whether the sample fleet is being made.
    pub fn is_filling(&self) -> bool {
        self.filling.is_some()
    }

    pub(super) fn due(&mut self, timer: Timer, event: &Event, desk: &mut Desk) {
        match timer {
            Timer::Filter => self.apply_filter(desk),
            Timer::Beside => self.follow_selection(desk),
            Timer::Again => self.passing_is_due(desk),
            Timer::Reconnect => self.reconnecting_is_due(desk),
            Timer::Wizard(_) => self.tell_wizard(event, desk),
        }
    }

    /// Asks for what is on screen again, and for what is not known of the site itself.
    pub(super) fn ask_anew(&mut self, desk: &mut Desk) {
        if self.site.shown.is_none() && self.site.asked.is_none() {
            self.site.ask(desk.ask(Slot::Site, Request::Open));
        }
        match (self.layers.last(), &mut self.wizard) {
            (Some(Layer::Wizard), Some(wizard)) => wizard.ask_again(desk),
            _ => self.refresh_shown(desk),
        }
        self.ask_sight(desk);
    }

    pub(super) fn refresh_shown(&mut self, desk: &mut Desk) {
        let pane = self.pane_mut();
        if pane.trail.is_empty() {
            pane.sheet.table.refresh(desk);
        }
        if let Some(details) = pane.details_mut() {
            details.refresh(desk);
        }
    }

    /// Asks for what is on screen and was never asked for, or has become due.
    pub(super) fn ask_due(&mut self, desk: &mut Desk) {
        if self.quitting || matches!(self.layers.last(), Some(Layer::Wizard)) {
            return;
        }
        let pane = self.pane_mut();
        match pane.trail.last_mut() {
            Some(details) => details.ask_due(desk),
            None => pane.sheet.table.ask_due(desk),
        }
        self.watch_selection(desk);
    }

    /// Who does the work behind the site has changed. What is as it should be from the start is not told.
    pub(super) fn worked(&mut self, role: Role, desk: &mut Desk) {
        let has_waited = matches!(self.worked_by, Role::Elsewhere { .. });
        match &role {
            Role::Elsewhere { process } if self.worked_by != role => desk.tell(Notice::tell(format!(
                "process {process} does the site's background work; this console takes over when it ends"
            ))),
            Role::Here if has_waited => desk.tell(Notice::tell(
                "this console does the site's background work now",
            )),
            Role::Broken { reason } => desk.tell(Notice::fault(format!(
                "the site's background work cannot be done: {reason}"
            ))),
            _ => {}
        }
        // Between two tries nobody is known to have it: that it was waited for is not forgotten.
        if role != Role::Nobody {
            self.worked_by = role;
        }
    }
}
