//! Where the wizard is: the header, the rail of steps, and on wide screens what will happen.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::View;
use super::lines::{Column, Line};
use crate::distribution::course::{STEPS, Standing};
use crate::distribution::field::Step;
use crate::distribution::{Finding, Weight};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::view::{Screen, banner};
use crate::tui::wizard::{Kept, Page, Running};

/// Where I am, and at the right whether the draft is kept or how long the run takes.
pub fn header(view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let wizard = view.wizard;
    let crumb = view.theme.marks.crumb;
    let title = match wizard.page {
        Page::Fields(_) => String::new(),
        Page::Review => format!(" {crumb} Review"),
        Page::Run if wizard.run.as_ref().is_some_and(Running::is_done) => {
            format!(" {crumb} Result")
        }
        Page::Run => format!(" {crumb} Run"),
    };
    let title = format!(" Distribute software on {}{title}", view.app.site_name);
    let title = match view.app.standing_here().as_str() {
        "" => title,
        standing => format!("{title} ({standing})"),
    };
    let style = view.theme.style(Role::Place);
    let area = banner::draw(view.app, view.theme, frame.buffer_mut(), area);
    let end = text::put(frame.buffer_mut(), area, &title, style);
    let (words, role) = match (&wizard.run, wizard.page, &wizard.kept) {
        (Some(run), Page::Run, _) => {
            let seconds = run.elapsed(&wizard.now).as_secs();
            let (hours, rest) = (seconds / 3600, seconds % 3600);
            let time = format!("{hours:02}:{:02}:{:02}", rest / 60, rest % 60);
            (format!("plan {} {time}", run.plan.id.short()), Role::Dim)
        }
        (_, _, Kept::Nothing) => return,
        (_, _, Kept::Writing) => ("saving".to_owned(), Role::Dim),
        (_, _, Kept::At(at)) => (format!("saved {}", at.strftime("%H:%M:%S")), Role::Dim),
        (_, _, Kept::Failed(reason)) => (format!("not saved: {reason}"), Role::Fault),
    };
    let room = text::skip(area, end + 2 - area.x);
    let room = Rect {
        width: room.width.saturating_sub(1),
        ..room
    };
    let words = text::cut(&words, usize::from(room.width), view.theme.marks.ellipsis);
    text::put_right(frame.buffer_mut(), room, &words, view.theme.style(role));
}

/// All steps on one line; where they do not fit, the one that is shown.
pub fn line(view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let mut pieces = Line::of(" ", Role::Text);
    for step in STEPS {
        let (mark, role) = mark(view, step);
        pieces = pieces.and(format!("{mark} {} ", step.title()), role);
    }
    let pieces = if pieces.width() <= usize::from(area.width) {
        pieces
    } else {
        short(view)
    };
    let mut rest = area;
    for (words, role) in &pieces.pieces {
        let end = text::put(frame.buffer_mut(), rest, words, view.theme.style(*role));
        rest = text::skip(rest, end - rest.x);
    }
}

/// `Step 4 of 7  Collection  !1`.
fn short(view: &View<'_>) -> Line {
    let step = view.wizard.step();
    let number = STEPS
        .iter()
        .position(|known| *known == step)
        .unwrap_or(STEPS.len())
        + 1;
    let line = Line::of(
        format!(" Step {number} of {}  ", STEPS.len() + 1),
        Role::Dim,
    )
    .and(step.title(), Role::Place);
    match view.wizard.standing(step) {
        Standing::Wrong(count) => line.and(
            format!("  {}{count}", view.theme.marks.failed),
            Role::Failed,
        ),
        Standing::Warned(count) => line.and(
            format!("  {}{count}", view.theme.marks.attention),
            Role::Attention,
        ),
        _ => line,
    }
}

fn mark(view: &View<'_>, step: Step) -> (&'static str, Role) {
    let marks = &view.theme.marks;
    if view.wizard.step() == step {
        return (marks.current, Role::Place);
    }
    match view.wizard.standing(step) {
        Standing::Open => (marks.waiting, Role::Dim),
        Standing::Fine => (marks.done, Role::Good),
        Standing::Warned(_) => (marks.attention, Role::Attention),
        Standing::Wrong(_) => (marks.failed, Role::Failed),
        Standing::NotNeeded(_) => (marks.rule, Role::Dim),
    }
}

/// The steps one below the other, on wide screens.
pub fn column(view: &View<'_>, screen: &mut Screen, frame: &mut Frame<'_>, area: Rect) {
    let mut column = Column::default();
    for step in STEPS.into_iter().chain([Step::Review]) {
        let (mark, role) = mark(view, step);
        column.push(Line::of(format!("  {mark} {}", step.title()), role));
        if let Standing::NotNeeded(why) = view.wizard.standing(step) {
            column.words(why, Role::Dim, 4, usize::from(area.width));
        }
    }
    column.draw(view.theme, screen, frame, area);
}

/// What will happen and what stands against it, live.
pub fn happening(view: &View<'_>, screen: &mut Screen, frame: &mut Frame<'_>, area: Rect) {
    let room = usize::from(area.width);
    let mut column = Column::default();
    column.push(Line::of("What will happen", Role::Strong));
    column.blank();
    let sentences = view.wizard.happening();
    if sentences.is_empty() {
        column.words("Nothing yet.", Role::Dim, 0, room);
    }
    for sentence in sentences {
        column.words(&sentence, Role::Text, 0, room);
        column.blank();
    }
    for finding in view.wizard.standing_against() {
        let (mark, role) = weight(view, finding);
        column.words(&format!("{mark} {}", finding.text()), role, 0, room);
    }
    column.draw(view.theme, screen, frame, area);
}

/// The mark and the role of what was found.
pub fn weight(view: &View<'_>, finding: &Finding) -> (&'static str, Role) {
    match finding.weight {
        Weight::Stops => (view.theme.marks.failed, Role::Failed),
        Weight::Confirm => (view.theme.marks.attention, Role::Attention),
        Weight::Note => (view.theme.marks.dot, Role::Dim),
    }
}
