//! To another site: the list of those there are, and the way there. Until the other one is open this one stays.

use crate::tui::event::Effect;
use crate::tui::keymap::Action;
use crate::tui::sites::KnownSite;

use super::{App, Desk, Layer, Notice};

impl App {
    /// Shows the sites there are; they are looked up anew each time.
    pub(super) fn list_sites(&mut self, desk: &mut Desk) {
        self.layers.push(Layer::Sites { sites: None, at: 0 });
        desk.order(Effect::FindSites);
    }

    pub(super) fn sites_found(&mut self, found: Vec<KnownSite>) {
        let here = found.iter().position(|site| site.name == self.site_name);
        if let Some(Layer::Sites { sites, at }) = self.layers.last_mut() {
            *at = here.unwrap_or(0);
            *sites = Some(found);
        }
    }

    pub(super) fn press_sites(&mut self, action: Action, desk: &mut Desk) {
        let Some(Layer::Sites { sites, at }) = self.layers.last_mut() else {
            return;
        };
        let sites = sites.as_deref().unwrap_or_default();
        let last = sites.len().saturating_sub(1);
        match action {
            Action::Up => *at = at.saturating_sub(1),
            Action::Down => *at = (*at + 1).min(last),
            Action::PageUp | Action::Top => *at = 0,
            Action::PageDown | Action::Bottom => *at = last,
            Action::Accept => {
                let Some(name) = sites.get(*at).map(|site| site.name.clone()) else {
                    return;
                };
                self.layers.pop();
                self.go_to_site(name, desk);
            }
            _ => {}
        }
    }

    /// Whether something is being changed on this site right now.
    pub(super) fn is_busy(&self) -> bool {
        self.is_filling()
            || self
                .wizard
                .as_deref()
                .is_some_and(crate::tui::wizard::Wizard::is_running)
    }

    /// Has another site opened. What changes this one comes to its end first.
    pub(super) fn go_to_site(&mut self, name: String, desk: &mut Desk) {
        if name == self.site_name {
            desk.tell(Notice::tell(format!("this is {name}")));
        } else if self.is_busy() {
            desk.tell(Notice::tell(
                "something is being done on this site; wait until it has ended",
            ));
        } else {
            desk.tell(Notice::tell(format!(
                "opening {name}; until it is open this is still {}",
                self.site_name
            )));
            desk.order(Effect::GoTo(name));
        }
    }
}
