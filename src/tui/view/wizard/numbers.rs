//! A line of numbers: pieces that break between words, never within a number.

use super::lines::{Column, Line};
use crate::distribution::impact::{self, Number};
use crate::tui::text;
use crate::tui::theme::Role;

/// Cells before each line.
const INDENT: usize = 3;

/// Puts a line of the panel onto the page, over as many lines as it takes. The number under the cursor is lit, with the
/// text cursor on it and the mark of the selected row at the edge: it does not rest on looks alone.
pub fn put(
    line: &impact::Line,
    here: Option<&Number>,
    role: Role,
    room: usize,
    column: &mut Column,
) {
    let fits = INDENT + text::width(&line.words()) < room;
    let mut made = Line::of(" ".repeat(INDENT), role);
    for (words, is_here) in pieces(line, here) {
        // Wide gaps are for lines that have the room.
        if !fits && words == " " && made.ends_blank() {
            continue;
        }
        let is_begun = made.width() > INDENT;
        if is_begun && made.width() + text::width(words.trim_end()) >= room {
            column.push(std::mem::replace(
                &mut made,
                Line::of(" ".repeat(INDENT), role),
            ));
        }
        let words = if made.width() > INDENT {
            words
        } else {
            words.trim_start()
        };
        if is_here {
            made.has_edge = true;
            made.caret = Some(made.width());
            made = made.and(words, Role::Selected);
        } else {
            made = made.and(words, role);
        }
    }
    if made.width() > INDENT {
        column.push(made);
    }
}

/// What is not broken: numbers whole, everything else word by word with the blanks behind it.
fn pieces<'l>(
    line: &'l impact::Line,
    here: Option<&'l Number>,
) -> impl Iterator<Item = (&'l str, bool)> {
    line.spans.iter().flat_map(move |span| {
        let is_here = here.is_some() && span.number.as_ref() == here;
        let words: Vec<&str> = match span.number {
            Some(_) => vec![&span.words],
            None => span.words.split_inclusive(' ').collect(),
        };
        words.into_iter().map(move |words| (words, is_here))
    })
}
