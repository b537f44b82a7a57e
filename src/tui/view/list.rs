//! A list: its table, or why there are no rows. An empty list, one still being read and one that could not be read
//! never look alike.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::client::listing::figure;
use crate::tui::app::{App, Sheet, Standing, way_out};
use crate::tui::event::Spot;
use crate::tui::keymap::{Action, Chord, Scope};
use crate::tui::text;
use crate::tui::theme::{Role, Theme};

use super::{Place, Screen, table};

pub fn draw(
    app: &App,
    sheet: &Sheet,
    place: Place,
    theme: &Theme,
    screen: &mut Screen,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let scroll = screen.scroll(place);
    let scroll = table::draw(&sheet.table, scroll, theme, frame.buffer_mut(), area);
    screen.scrolled(place, scroll);
    let rows = sheet.table.len().saturating_sub(scroll.top);
    for line in 0..area
        .height
        .saturating_sub(1)
        .min(u16::try_from(rows).unwrap_or(u16::MAX))
    {
        let at = scroll.top + usize::from(line);
        screen.mark(text::line(area, line + 1), Spot::Row(at));
    }
    if let Some((words, role)) = instead(app, sheet, theme) {
        let room = usize::from(area.width.saturating_sub(3));
        for (row, line) in (1..area.height).zip(text::wrap(&words, room)) {
            text::put(
                frame.buffer_mut(),
                text::skip(text::line(area, row), 2),
                &line,
                theme.style(role),
            );
        }
    }
}

/// What is said where rows would be.
fn instead(app: &App, sheet: &Sheet, theme: &Theme) -> Option<(String, Role)> {
    let kind = sheet.table.kind();
    let key = |action| app.keymap.key(Scope::List, action).map(Chord::short);
    let dots = theme.marks.ellipsis;
    Some(match sheet.table.standing() {
        Standing::Rows => return None,
        Standing::Reading(so_far) => {
            let so_far = if so_far > 0 {
                format!(" {} so far", figure(so_far as u64))
            } else {
                String::new()
            };
            let stop = key(Action::Back).map_or_else(String::new, |key| format!(" ({key} stops)"));
            let site = if app.site.shown.is_none() {
                format!("Opening {}{dots} ", app.site_name)
            } else {
                String::new()
            };
            (
                format!("{site}Reading {}{dots}{so_far}{stop}", kind.several()),
                Role::Busy,
            )
        }
        Standing::Stopped => {
            let again =
                key(Action::Refresh).map_or_else(String::new, |key| format!(" {key} reads them."));
            (
                format!("Stopped reading {}.{again}", kind.several()),
                Role::Notice,
            )
        }
        Standing::Failed => {
            let fault = sheet.table.fault()?;
            let way_out = way_out(fault, &app.keymap, Scope::List);
            (
                format!("Could not read {}: {fault}. {way_out}", kind.several()),
                Role::Fault,
            )
        }
        Standing::NoneKept if sheet.fault.is_some() => {
            let fault = sheet.fault.as_deref().unwrap_or_default();
            (format!("The filter makes no sense: {fault}."), Role::Fault)
        }
        Standing::NoneKept => {
            let all =
                key(Action::Back).map_or_else(String::new, |key| format!(" {key} shows all."));
            let words = if sheet.table.only_attention() && sheet.filter.is_empty() {
                format!("No {} need attention.{all}", kind.several())
            } else {
                format!("The filter keeps none of the {}.{all}", kind.several())
            };
            (words, Role::Notice)
        }
        Standing::Empty => {
            let wizard = key(Action::Wizard)
                .filter(|_| app.allows(Action::Wizard).is_ok() && app.pane().trail.is_empty())
                .map_or_else(String::new, |key| format!(" {key} starts the wizard."));
            (format!("No {} yet.{wizard}", kind.several()), Role::Text)
        }
    })
}
