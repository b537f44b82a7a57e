//! Keys while something lies over the place: help, notes, questions, the greeting.

use crate::tui::event::Effect;
use crate::tui::keymap::Action;
use crate::tui::wizard::Wizard;

use super::{App, Deed, Desk, Layer, Notice, Page, Piece};

/// Longer than any text of ours, and short enough that scrolling back from it is no wait.
const MOST_SCROLL: usize = 400;

impl App {
    pub(super) fn press_popup(&mut self, action: Action, desk: &mut Desk) {
        if let Err(reason) = self.allows(action) {
            return desk.tell(Notice::tell(reason));
        }
        let page = self.page();
        match (self.layers.last_mut(), action) {
            (Some(Layer::Question(question)), Action::NextField | Action::Down) => {
                question.turn(true);
            }
            (Some(Layer::Question(question)), Action::PreviousField | Action::Up) => {
                question.turn(false);
            }
            (Some(Layer::Question(question)), Action::Accept) => {
                let deed = question.choice().map(|choice| choice.does.clone());
                self.layers.pop();
                if let Some(deed) = deed {
                    self.carry(deed, desk);
                }
            }
            (Some(Layer::Sites { .. }), action) if action != Action::Close => {
                self.press_sites(action, desk);
            }
            (Some(Layer::Greeting), Action::Sites) => self.list_sites(desk),
            (Some(Layer::Greeting), Action::Sample) => self.fill(desk),
            (Some(Layer::Greeting), Action::Wizard) => {
                self.layers.pop();
                self.open_wizard(desk);
            }
            (Some(Layer::Greeting), Action::Connect) => self.connect(),
            (Some(Layer::Greeting), Action::Help) => self.help(),
            (Some(Layer::Greeting), Action::Quit) => self.quit(desk),
            (Some(_), Action::Close) => {
                self.layers.pop();
            }
            (Some(Layer::Help { scroll, .. } | Layer::Notes { scroll, .. }), action) => {
                let rows = match action {
                    Action::Up => -1,
                    Action::Down => 1,
                    Action::PageUp => -page,
                    Action::PageDown => page,
                    Action::Top => isize::MIN,
                    Action::Bottom => isize::MAX,
                    _ => 0,
                };
                // The view knows how long the text is and shows its end at most.
                *scroll = scroll.saturating_add_signed(rows).min(MOST_SCROLL);
            }
            _ => {}
        }
    }

    fn carry(&mut self, deed: Deed, desk: &mut Desk) {
        match deed {
            Deed::Nothing => {}
            Deed::Quit => self.quit_now(desk),
            Deed::ContinueDraft(draft) => self.go_on_with(*draft, desk),
            Deed::BeginAnother => {
                desk.order(Effect::DropDraft);
                self.begin_wizard(desk);
            }
            Deed::DiscardDraft => desk.order(Effect::DropDraft),
            Deed::TakeUp(found, ask) => {
                self.wizard = Some(Box::new(Wizard::take_up(&self.setting, &found, ask, desk)));
                self.show_wizard(desk);
            }
        }
    }
}

/// What a person needs to know to connect a real site.
pub(super) fn connect_page() -> Page {
    let mut page = Page::default();
    page.words("consign speaks to the AdminService of a Configuration Manager site: https://SERVER/AdminService.")
        .blank()
        .words("In a shell, with the full name of the server that is its SMS Provider:")
        .blank();
    page.pieces.push(Piece::Literal(
        "    consign site add production https://cm01.example.com".into(),
    ));
    page.blank()
        .words("It shows the server's certificate, tries the way to the site, and writes an entry for looking \
             only (readonly = true).");
    page.blank()
        .words("Then start with: consign --site production");
    page
}
