//! What each verb does where it lands: the place, a popup, a line of text.

use crate::client::{Request, Slot};
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, Scope};

use super::details::{self, Content, Details};
use super::popup::connect_page;
use super::{App, Deed, Desk, Layer, Notice, PaneId, Question};

impl App {
    /// Why a verb does nothing here; it is hidden in the footer, and explained when its key is pressed.
    pub fn allows(&self, action: Action) -> Result<(), String> {
        let why = |words: &str| Err(words.to_owned());
        let pane = self.pane();
        let in_details = !pane.trail.is_empty();
        let sheet = pane.focus();
        let has_row = sheet.is_some_and(|sheet| sheet.table.has_selected());
        match action {
            // The review says more than this: what can be done with a plan instead.
            _ if action != Action::Run && self.forbids(action).is_some() => {
                why(self.forbids(action).unwrap_or_default())
            }
            _ if matches!(self.layers.last(), Some(Layer::Wizard)) => self
                .wizard
                .as_ref()
                .map_or(Ok(()), |wizard| wizard.allows(action)),
            _ if self.kept_by_roll(action).is_some() => {
                Err(self.kept_by_roll(action).unwrap_or_default())
            }
            Action::Sample if !self.site.shown.as_ref().is_some_and(|site| site.can_fill) => {
                why("only an empty embedded site can be filled")
            }
            Action::Sample if self.is_filling() => why("the sample fleet is being made"),
            Action::Copy if !self.layers.is_empty() => why("there is nothing to copy here"),
            _ if !self.layers.is_empty() => Ok(()),
            Action::Open if !has_row && !in_details => why("there is no row to open"),
            Action::Open if !has_row => why("there is nothing to open on this tab"),
            Action::Wizard => self.wizard_lock().map_or(Ok(()), Err),
            Action::Describe | Action::Raw if !has_row && !in_details => {
                why("there is no row to look into")
            }
            Action::Filter | Action::Sort | Action::Reverse | Action::Export if sheet.is_none() => {
                why("this tab has no rows")
            }
            Action::Refresh if pane.id == PaneId::Requests => {
                why("requests are shown as they come to their end")
            }
            Action::Attention => match sheet {
                None => why("this tab has no rows"),
                Some(sheet) if sheet.table.is_windowed() => Err(format!(
                    "{} are too many to look through; a filter asks the site instead",
                    sheet.table.called().several
                )),
                Some(_) => Ok(()),
            },
            Action::Back
                if !in_details
                    && !self.shows_roll()
                    && sheet.is_some_and(|sheet| !sheet.is_narrowed() && !sheet.is_waiting()) =>
            {
                let key = self.keymap.key(Scope::Browse, Action::Quit);
                let key = key.map_or_else(String::new, |key| {
                    format!("; {} leaves consign", key.short())
                });
                Err(format!("there is nothing above this list{key}"))
            }
            Action::NextTab | Action::PreviousTab if pane.details().is_none() => {
                why("open a row first: its details have tabs")
            }
            _ => Ok(()),
        }
    }

    pub(super) fn press_place(&mut self, action: Action, desk: &mut Desk) {
        if let Err(reason) = self.allows(action) {
            return desk.tell(Notice::tell(reason));
        }
        if let Some(pane) = PaneId::of_action(action) {
            return self.go(pane, desk);
        }
        match action {
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp => self.step(-self.page()),
            Action::PageDown => self.step(self.page()),
            Action::Top => self.reach_edge(true),
            Action::Bottom => self.reach_edge(false),
            Action::Open => self.open(None),
            Action::Describe => self.open_or_turn(details::SUMMARY),
            Action::Raw => self.open_or_turn(details::RAW),
            Action::Back => self.back(desk),
            Action::Close => self.close_roll(desk),
            Action::NextTab | Action::PreviousTab => {
                if let Some(details) = self.pane_mut().details_mut() {
                    details.turn(action == Action::NextTab);
                    details.ask_due(desk);
                }
            }
            Action::Filter => {
                if let Some(sheet) = self.pane().focus() {
                    self.layers.push(Layer::filter(&sheet.filter));
                }
            }
            Action::Sort => self.with_table(super::Table::sort_next, desk),
            Action::Reverse => self.with_table(super::Table::reverse, desk),
            Action::Attention => self.with_table(
                |table, desk| {
                    // Refused where there is no such switch, before we came here.
                    let _ = table.toggle_attention(desk);
                },
                desk,
            ),
            Action::Refresh => self.refresh(desk),
            Action::Copy => self.copy(desk),
            Action::Export => self.layers.push(Layer::command(&format!(
                "export {}.csv",
                self.export_name()
            ))),
            Action::Mouse => self.toggle_mouse(desk),
            Action::Wizard => self.open_wizard(desk),
            Action::Command => self.layers.push(Layer::command("")),
            Action::Help => self.help(),
            Action::Sample => self.fill(desk),
            Action::Connect => self.connect(),
            Action::Sites => self.list_sites(desk),
            Action::Quit => self.quit(desk),
            _ => {}
        }
    }

    fn with_table(&mut self, work: impl FnOnce(&mut super::Table, &Desk), desk: &mut Desk) {
        if let Some(sheet) = self.pane_mut().focus_mut() {
            work(&mut sheet.table, desk);
            sheet.table.ask_due(desk);
        }
    }

    fn refresh(&mut self, desk: &mut Desk) {
        self.passing.begin_anew();
        self.cut.begin_anew();
        self.ask_anew(desk);
    }

    fn copy(&self, desk: &mut Desk) {
        let pane = self.pane();
        let text = match pane.focus() {
            Some(sheet) => sheet.table.row_text(),
            None => match pane
                .details()
                .and_then(Details::current)
                .map(|tab| &tab.content)
            {
                Some(Content::Page { page, .. }) => Some(page.text()),
                _ => None,
            },
        };
        match text {
            Some(text) => {
                desk.order(Effect::Copy(text));
                desk.tell(Notice::done("copied, if the terminal allows it"));
            }
            None => desk.tell(Notice::tell("there is nothing to copy")),
        }
    }

    pub(super) fn help(&mut self) {
        let scope = self.scope();
        self.layers.push(Layer::Help { scope, scroll: 0 });
    }

    fn toggle_mouse(&mut self, desk: &mut Desk) {
        self.mouse = !self.mouse;
        desk.order(Effect::Mouse(self.mouse));
        desk.tell(Notice::tell(if self.mouse {
            "mouse on: clicks and the wheel work here"
        } else {
            "mouse off: the terminal's own selection works"
        }));
    }

    pub(super) fn fill(&mut self, desk: &mut Desk) {
        self.filling = Some(desk.ask(Slot::Fill, Request::Fill));
        self.layers
            .retain(|layer| !matches!(layer, Layer::Greeting));
        desk.tell(Notice::tell("making the sample fleet…"));
    }

    pub(super) fn connect(&mut self) {
        self.layers.push(Layer::Notes {
            title: "Connect a real site",
            page: connect_page(),
            scroll: 0,
        });
    }

    pub(super) fn quit(&mut self, desk: &mut Desk) {
        let busy = self
            .wizard
            .as_ref()
            .is_some_and(|wizard| wizard.is_running());
        if busy {
            self.layers.push(Layer::Question(Question::new(
                "A plan is being carried out",
                vec![
                    "Leaving stops it after the operation in flight. The next start offers to continue it, to roll it back or to keep what was made.".to_owned(),
                ],
                vec![("Stay", Deed::Nothing), ("Leave", Deed::Quit)],
            )));
        } else {
            self.quit_now(desk);
        }
    }
}
