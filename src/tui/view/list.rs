//! A list: its table, or why there are no rows. An empty list, one still being read and one that could not be read
//! never look alike.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::client::listing::{FilterWords, figure};
use crate::sms::rights::Sight;
use crate::tui::app::{App, Sheet, Standing, Table, way_out};
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
    let several = sheet.table.called().several;
    Some(match sheet.table.standing() {
        Standing::Rows => return None,
        Standing::Reading(so_far) => (reading(app, several, so_far, theme), Role::Busy),
        Standing::Stopped => {
            let again = with_key(app, Action::Refresh, "reads them.");
            (format!("Stopped reading {several}.{again}"), Role::Notice)
        }
        Standing::Failed => {
            let fault = sheet.table.fault()?;
            let way_out = way_out(fault, &app.keymap, Scope::List);
            (
                format!("Could not read {several}: {fault}. {way_out}"),
                Role::Fault,
            )
        }
        Standing::NoneKept if sheet.fault.is_some() => {
            let fault = sheet.fault.as_deref().unwrap_or_default();
            (format!("The filter makes no sense: {fault}."), Role::Fault)
        }
        Standing::NoneKept => {
            let all = with_key(app, Action::Back, "shows all.");
            let words = if sheet.table.only_attention() && sheet.filter.is_empty() {
                format!("No {several} need attention.{all}")
            } else {
                let words = FilterWords::read(&sheet.filter);
                let searched = sheet.table.searched_in().filter(|_| words.has_plain());
                let searched = searched.map_or_else(String::new, |columns| {
                    format!(" Plain words are looked for in {columns}.")
                });
                format!("The filter keeps none of the {several}.{searched}{all}")
            };
            (words, Role::Notice)
        }
        Standing::Empty => (none(app, sheet), Role::Text),
    })
}

/// ` r reads them.`; nothing where no key does it.
fn with_key(app: &App, action: Action, what: &str) -> String {
    let key = app.keymap.key(Scope::List, action).map(Chord::short);
    key.map_or_else(String::new, |key| format!(" {key} {what}"))
}

fn reading(app: &App, several: &str, so_far: usize, theme: &Theme) -> String {
    let dots = theme.marks.ellipsis;
    let site = match app.site.shown {
        None => format!("Opening {}{dots} ", app.site_name),
        Some(_) => String::new(),
    };
    let so_far = match so_far {
        0 => String::new(),
        some => format!(" {} so far", figure(some as u64)),
    };
    let stop = app.keymap.key(Scope::List, Action::Back).map(Chord::short);
    let stop = stop.map_or_else(String::new, |key| format!(" ({key} stops)"));
    format!("{site}Reading {several}{dots}{so_far}{stop}")
}

/// An empty list is not always one of nothing: who sees a part of a site is told that.
fn none(app: &App, sheet: &Sheet) -> String {
    let several = sheet.table.called().several;
    if matches!(sheet.table, Table::Requests(_)) {
        return "Nothing has been asked of the site yet.".to_owned();
    }
    let none = match app.sight() {
        Sight::Whole if app.shows_roll() => format!("There are no such {several}."),
        Sight::Whole => format!("No {several} yet."),
        Sight::Part => format!("No {several} that you can see."),
        Sight::Unknown => format!("No {several}, or none that you may see."),
    };
    let is_offered = app.allows(Action::Wizard).is_ok() && app.pane().trail.is_empty();
    let wizard = if is_offered {
        with_key(app, Action::Wizard, "starts the wizard.")
    } else {
        String::new()
    };
    format!("{none}{wizard}")
}
