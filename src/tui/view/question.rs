//! A question with named answers, the cursor on the one that loses nothing.
//!
//! ```text
//!   A plan is being carried out
//!
//!   Leaving stops it after the operation in flight. …
//!
//!   ▌ Stay
//!     Leave
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::app::Question;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};

pub fn draw(question: &Question, theme: &Theme, buffer: &mut Buffer, area: Rect) {
    let area = Rect {
        width: area.width.saturating_sub(3),
        ..text::skip(area, 2)
    };
    let room = usize::from(area.width);
    let mut lines = vec![
        (question.title.clone(), Role::Strong),
        (String::new(), Role::Text),
    ];
    for words in &question.words {
        lines.extend(
            text::wrap(words, room)
                .into_iter()
                .map(|line| (line, Role::Text)),
        );
    }
    // The answers are never pushed off the screen by the words.
    let answers = question.answers.len() + 1;
    lines.truncate(usize::from(area.height).saturating_sub(answers));
    lines.push((String::new(), Role::Text));
    for (at, choice) in question.answers.iter().enumerate() {
        let role = if at == question.at {
            Role::Selected
        } else {
            Role::Text
        };
        lines.push((format!("  {} ", choice.label), role));
    }
    for (row, (line, role)) in (0..area.height).zip(&lines) {
        let area = text::line(area, row);
        text::put(buffer, area, line, theme.style(*role));
        if *role == Role::Selected {
            text::put(
                buffer,
                area,
                theme.marks.selected,
                theme.on_selected(Role::Bar),
            );
        }
    }
}
