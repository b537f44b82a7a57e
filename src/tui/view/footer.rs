//! The lines at the bottom: the selected row in words, the state, the keys that apply. A state that is longer than a line
//! is never cut where there is room above it: its last words are the way out.
//!
//! ```text
//!  Required on 37 devices of Pilot PCs from Mon 30 Nov 20:00 (device time): 31 ok,
//!  2 running, 4 waiting. Windows respected; re-run if failed.
//!  copied, if the terminal allows it
//!  Enter open  w wizard  / filter  o sort  ! attention  ? keys  q quit
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::tui::app::{App, Details, Layer, hints, way_out};
use crate::tui::event::Spot;
use crate::tui::keymap::{Action, Keymap, Scope};
use crate::tui::shape::Shape;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};

use super::Screen;

pub fn draw(app: &App, theme: &Theme, screen: &mut Screen, frame: &mut Frame<'_>, shape: &Shape) {
    let over = matches!(
        app.layers.last(),
        Some(
            Layer::Help { .. }
                | Layer::Notes { .. }
                | Layer::Question(_)
                | Layer::Sites { .. }
                | Layer::Greeting
        )
    );
    if let Some(area) = shape.words
        && !over
        && app.pane().trail.is_empty()
    {
        words(app, theme, frame, area);
    }
    state(app, theme, frame, shape.state);
    let scope = app.scope();
    let allowed = |action: &Action| app.allows(*action).is_ok();
    keys(
        &app.keymap,
        scope,
        allowed,
        theme,
        screen,
        frame,
        shape.keys,
    );
}

/// The screen with as many lines for the state as its words take: the way out stands at their end.
pub fn with_room(app: &App, theme: &Theme, shape: Shape) -> Shape {
    if matches!(app.layers.last(), Some(Layer::Command { .. })) {
        return shape;
    }
    let Some((words, _)) = standing(app, theme) else {
        return shape;
    };
    let most = usize::from(app.size.height / 3);
    let lines = text::wrap(&words, room(shape.state)).len().clamp(1, most);
    shape.with_state(u16::try_from(lines).unwrap_or(1))
}

/// Cells of a line at the bottom.
fn room(area: Rect) -> usize {
    usize::from(area.width.saturating_sub(2))
}

/// Words over the lines of an area; the last ends in an ellipsis where there is more.
fn put_wrapped(words: &str, role: Role, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let room = room(area);
    let lines = text::wrap(words, room);
    let rows = usize::from(area.height);
    for (row, line) in (0..area.height).zip(&lines) {
        let last = usize::from(row) + 1 == rows && lines.len() > rows;
        let line = if last {
            text::cut(
                &format!("{line} {}", theme.marks.ellipsis),
                room,
                theme.marks.ellipsis,
            )
            .into_owned()
        } else {
            line.clone()
        };
        text::put(
            frame.buffer_mut(),
            text::skip(text::line(area, row), 1),
            &line,
            theme.style(role),
        );
    }
}

/// What the selected row is; or, where the rows are old and the state tells something else, why they are.
fn words(app: &App, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let stale = stale(app).filter(|_| app.notice.is_some());
    let (words, role) = match stale {
        Some(words) => (words, Role::Fault),
        None => match app.pane().sheet.table.words() {
            Some(words) => (words, Role::Text),
            None => return,
        },
    };
    put_wrapped(&words, role, theme, frame, area);
}

/// Why what is shown is not newer, when something is shown beside a fault.
fn stale(app: &App) -> Option<String> {
    let pane = app.pane();
    let table = &pane.sheet.table;
    let details = pane.trail.last();
    let fault = details.map_or(table.fault(), |details| details.fault())?;
    let read_at = details.map_or(table.read_at(), Details::read_at)?;
    let what = details.map_or(table.called().several, |details| {
        details.subject.key.called()
    });
    let at = read_at.to_zoned(app.zone.clone());
    Some(format!(
        "Could not read {what} again: {fault}. Shown is what was read at {}.",
        at.strftime("%H:%M:%S"),
    ))
}

/// The lines for what just happened, or what keeps going on.
fn state(app: &App, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    if let Some(Layer::Command { input }) = app.layers.last() {
        let style = theme.style(Role::Input);
        text::put(
            frame.buffer_mut(),
            text::skip(area, 1),
            &format!(":{}", input.value()),
            style,
        );
        let before: String = input.value().chars().take(input.cursor()).collect();
        let x = u16::try_from(2 + text::width(&before)).unwrap_or(u16::MAX);
        frame.set_cursor_position((x.min(area.width.saturating_sub(1)), area.y));
        return;
    }
    let Some((words, role)) = standing(app, theme) else {
        return;
    };
    put_wrapped(&words, role, theme, frame, area);
}

fn standing(app: &App, theme: &Theme) -> Option<(String, Role)> {
    if let Some(notice) = &app.notice {
        return Some((notice.words.clone(), notice.role));
    }
    let pane = app.pane();
    if let Some(fault) = pane.focus().and_then(|sheet| sheet.fault.as_ref()) {
        return Some((
            format!("the rows do not follow the filter: {fault}"),
            Role::Fault,
        ));
    }
    if let Some(words) = stale(app) {
        let fault = pane
            .trail
            .last()
            .map_or(pane.sheet.table.fault(), Details::fault)?;
        let way_out = way_out(fault, &app.keymap, Scope::List);
        return Some((format!("{words} {way_out}"), Role::Fault));
    }
    let gaps = match pane.trail.last() {
        Some(details) => &details.gaps,
        None => pane.sheet.table.gaps(),
    };
    if let Some(gap) = gaps.first() {
        let words = format!(
            "{} could not be read ({}): what hangs on it is unknown",
            gap.what, gap.fault
        );
        return Some((words, Role::Attention));
    }
    if app.is_filling() {
        return Some((
            format!("making the sample fleet{}", theme.marks.ellipsis),
            Role::Busy,
        ));
    }
    if let (Some(wizard), false) = (&app.wizard, app.is_over_wizard()) {
        let key = app.keymap.key(Scope::Browse, Action::Command);
        let key = key.map_or_else(String::new, |key| format!(" ({}run shows it)", key.short()));
        return Some(if wizard.is_running() {
            (format!("a plan is being carried out{key}"), Role::Busy)
        } else {
            (
                format!("a run waits for your decision{key}"),
                Role::Attention,
            )
        });
    }
    None
}

/// Keys with what they do, as many as fit; the last two hints stay.
pub fn keys(
    keymap: &Keymap,
    scope: Scope,
    allowed: impl Fn(&Action) -> bool,
    theme: &Theme,
    screen: &mut Screen,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let mut shown: Vec<(Action, String)> = hints(scope)
        .iter()
        .filter(|action| allowed(action))
        .filter_map(|action| Some((*action, keymap.key(scope, *action)?.short())))
        .collect();
    let width = |(action, key): &(Action, String)| {
        text::width(key) + 1 + text::width(action.hint_in(scope)) + 2
    };
    let room = usize::from(area.width.saturating_sub(1));
    while shown.len() > 2 && shown.iter().map(width).sum::<usize>() > room + 2 {
        shown.remove(shown.len() - 3);
    }
    let mut rest = text::skip(area, 1);
    for (action, key) in shown {
        let start = rest.x;
        let buffer = frame.buffer_mut();
        let end = text::put(buffer, rest, &key, theme.style(Role::Key));
        rest = text::skip(rest, end + 1 - rest.x);
        let end = text::put(buffer, rest, action.hint_in(scope), theme.style(Role::Dim));
        screen.mark(
            Rect {
                x: start,
                width: end - start,
                ..rest
            },
            Spot::Do(action),
        );
        rest = text::skip(rest, end + 2 - rest.x);
    }
}
