//! The two lines on top: the panes, and where I am.
//!
//! ```text
//!  1 Packages  2 Programs  3 Collections  4 Points [5 Advertisements] 6 Devices
//!  LAB embedded › Advertisements              / pilot     9 of 62 · read 14:02:11
//! ```
//!
//! Over the wizard the first says which number was opened: `Distribute software › Pilot PCs (LAB00014): 2 servers`.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::client::listing::figure;
use crate::error::SiteError;
use crate::sms::rights::Sight;
use crate::tui::app::{App, Layer, PaneId, Sheet, Table};
use crate::tui::event::Spot;
use crate::tui::keymap::Scope;
use crate::tui::shape::Shape;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};

use super::{Screen, banner};

pub fn draw(app: &App, theme: &Theme, screen: &mut Screen, frame: &mut Frame<'_>, shape: &Shape) {
    if app.is_over_wizard() {
        wizard(app, theme, frame, shape.tabs);
    } else {
        panes(app, theme, screen, frame, shape.tabs);
    }
    place(app, theme, frame, shape.place);
}

/// Over the wizard its name stands where the panes do, with the number that is listed. Where there is too little room
/// for both, the number stays.
fn wizard(app: &App, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    const WIZARD: &str = "Distribute software";
    let area = text::skip(area, 1);
    let room = usize::from(area.width.saturating_sub(1));
    let words = match app.roll_heading() {
        None => WIZARD.to_owned(),
        Some(heading) => {
            let whole = format!("{WIZARD} {} {heading}", theme.marks.crumb);
            if text::width(&whole) <= room {
                whole
            } else {
                heading
            }
        }
    };
    let words = text::cut(&words, room, theme.marks.ellipsis);
    text::put(frame.buffer_mut(), area, &words, theme.style(Role::Strong));
}

fn panes(app: &App, theme: &Theme, screen: &mut Screen, frame: &mut Frame<'_>, area: Rect) {
    let label = |pane: PaneId, title: &str| match app.keymap.key(Scope::Browse, pane.action()) {
        Some(key) => format!("{} {title}", key.short()),
        None => title.to_owned(),
    };
    let panes = PaneId::ALL.into_iter();
    let panes = panes.filter(|pane| *pane != PaneId::Requests || *pane == app.pane);
    let full: usize = panes
        .clone()
        .map(|pane| text::width(&label(pane, pane.title())) + 2)
        .sum();
    let short = full > usize::from(area.width);
    let mut rest = area;
    for pane in panes {
        let label = label(
            pane,
            if short {
                pane.short_title()
            } else {
                pane.title()
            },
        );
        // Brackets beside the style: where one is does not rest on looks alone.
        let (words, role) = if pane == app.pane {
            (format!("[{label}]"), Role::ActiveTab)
        } else {
            (format!(" {label} "), Role::Tab)
        };
        let end = text::put(frame.buffer_mut(), rest, &words, theme.style(role));
        screen.mark(
            Rect {
                width: end - rest.x,
                ..rest
            },
            Spot::Do(pane.action()),
        );
        rest = text::skip(rest, end - rest.x);
    }
}

fn place(app: &App, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let area = banner::draw(app, theme, frame.buffer_mut(), area);
    let area = Rect {
        width: area.width.saturating_sub(1),
        ..text::skip(area, 1)
    };
    let (right, role) = reading(app, theme);
    let filter = filter(app);
    let used = text::width(&right);
    let buffer = frame.buffer_mut();
    text::put_right(buffer, area, &right, theme.style(role));
    let mut left = Rect {
        width: area
            .width
            .saturating_sub(u16::try_from(used + 2).unwrap_or(u16::MAX)),
        ..area
    };
    if let Some(words) = filter {
        let room = usize::from(left.width / 2).min(text::width(&words) + 3);
        let room = u16::try_from(room).unwrap_or(left.width);
        let field = text::skip(left, left.width - room);
        left.width -= room;
        let typed = matches!(app.layers.last(), Some(Layer::Filter { .. }));
        // The end of a long filter is where one types.
        let shown = tail(&words, usize::from(field.width).saturating_sub(2));
        let role = if typed { Role::Input } else { Role::Notice };
        let end = text::put(buffer, field, shown, theme.style(role));
        if let Some(Layer::Filter { input, .. }) = app.layers.last() {
            let behind: String = input.value().chars().skip(input.cursor()).collect();
            let back = u16::try_from(text::width(&behind)).unwrap_or(0);
            let x = end
                .saturating_sub(back)
                .clamp(field.x, field.right().saturating_sub(1));
            frame.set_cursor_position((x, field.y));
        }
    }
    crumbs(app, theme, frame, left);
}

/// As much of the end of a text as fits.
fn tail(words: &str, room: usize) -> &str {
    let mut start = 0;
    let mut indices = words.char_indices();
    while text::width(words.get(start..).unwrap_or_default()) > room {
        match indices.next() {
            Some((at, c)) => start = at + c.len_utf8(),
            None => break,
        }
    }
    words.get(start..).unwrap_or_default()
}

/// The path: site, pane, object. The site and the last step stay when there is too little room.
fn crumbs(app: &App, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let pane = app.pane();
    let [long, short] = app.site_titles();
    let mut steps = vec![long];
    // The pane the wizard was begun from is not where one is.
    if app.shows_roll() || !app.is_over_wizard() {
        steps.push(pane.id.title().to_owned());
        let trail = pane.trail.iter();
        steps.extend(trail.map(|details| details.subject.name.clone()));
    }
    match app.layers.last() {
        Some(Layer::Help { .. }) => steps.push("Keys".to_owned()),
        Some(Layer::Sites { .. }) => steps.push("Sites".to_owned()),
        Some(Layer::Notes { title, .. }) => steps.push((*title).to_owned()),
        _ => {}
    }
    let between = format!(" {} ", theme.marks.crumb);
    let width = |steps: &[String]| text::width(&steps.join(&between));
    if width(&steps) > usize::from(area.width)
        && let Some(site) = steps.first_mut()
    {
        *site = short;
    }
    while steps.len() > 3 && width(&steps) > usize::from(area.width) {
        steps.remove(2);
        if let Some(step) = steps.get_mut(1) {
            theme.marks.ellipsis.clone_into(step);
        }
        if steps.len() == 3 {
            break;
        }
    }
    let path = steps.join(&between);
    let path = text::cut(&path, usize::from(area.width), theme.marks.ellipsis);
    text::put(frame.buffer_mut(), area, &path, theme.style(Role::Place));
}

fn filter(app: &App) -> Option<String> {
    if let Some(Layer::Filter { input, .. }) = app.layers.last() {
        return Some(format!("/ {}", input.value()));
    }
    let sheet = app.pane().focus()?;
    match (sheet.filter.is_empty(), sheet.table.only_attention()) {
        (true, false) => None,
        (true, true) => Some("! only".to_owned()),
        (false, false) => Some(format!("/ {}", sheet.filter)),
        (false, true) => Some(format!("! / {}", sheet.filter)),
    }
}

/// How many rows there are and when they were read; first of all, why they are not newer.
fn reading(app: &App, theme: &Theme) -> (String, Role) {
    let pane = app.pane();
    if app.is_over_wizard() && !app.shows_roll() {
        // What lies below the wizard was not read for this screen.
        return (String::new(), Role::Dim);
    }
    let count = pane.focus().and_then(|sheet| count(app, sheet));
    let read_at = match pane.trail.last() {
        Some(details) => details.read_at(),
        None => pane.sheet.table.read_at(),
    };
    let fault = app.shown_fault().or(app.site.fault.as_ref());
    let trouble = fault.map(|fault| in_brief(fault).to_owned());
    let role = if trouble.is_some() {
        Role::Fault
    } else {
        Role::Dim
    };
    let read = read_at.map(|at| {
        let at = at.to_zoned(app.zone.clone());
        format!("read {}", at.strftime("%H:%M:%S"))
    });
    let parts: Vec<_> = [trouble, count, read].into_iter().flatten().collect();
    (parts.join(&format!(" {} ", theme.marks.dot)), role)
}

/// What is wrong, in a word or two.
pub(super) fn in_brief(fault: &SiteError) -> &'static str {
    match fault {
        SiteError::Unreachable { .. } => "unreachable",
        SiteError::Busy { .. } => "busy",
        SiteError::Untrusted { .. } => "not trusted",
        SiteError::SignedOut { .. } => "signed out",
        SiteError::Forbidden { .. } | SiteError::Refused { .. } => "refused",
        SiteError::Missing { .. } => "gone",
        SiteError::Garbled { .. } => "unreadable",
        SiteError::Failed { .. } => "failed",
    }
}

/// `62`, `9 of 62`; where the account sees a part of the site, those are no counts of the site: `9 of 62 you can see`.
fn count(app: &App, sheet: &Sheet) -> Option<String> {
    let rows = rows(sheet)?;
    let is_part = app.sight() == Sight::Part && !matches!(sheet.table, Table::Requests(_));
    Some(if is_part {
        format!("{rows} you can see")
    } else {
        rows
    })
}

fn rows(sheet: &Sheet) -> Option<String> {
    let windowed = sheet.table.is_windowed();
    match sheet.table.count() {
        (Some(at), Some(all)) if windowed => Some(format!("row {} of {}", figure(at), figure(all))),
        (None, Some(all)) => Some(figure(all)),
        (Some(at), None) if windowed => Some(format!("row {}", figure(at))),
        (Some(shown), Some(all)) if shown != all => {
            Some(format!("{} of {}", figure(shown), figure(all)))
        }
        (Some(shown), Some(_)) => Some(figure(shown)),
        (_, None) => None,
    }
}
