//! Text in one line: pasted text made fit for it, and moments whose parts can be stepped. Pure.

use jiff::civil::DateTime;
use jiff::{Span, ToSpan};
use tui_input::Input;

/// More than this in one line nobody meant to paste.
const MOST: usize = 4_096;
/// More names than this nobody means to put into one list.
pub const MOST_NAMES: usize = 5_000;

/// Puts pasted text where the cursor stands: line feeds become blanks. Answers what was done to it, in words.
pub fn paste(input: &mut Input, text: &str) -> Option<String> {
    let text = text.trim_end_matches(['\r', '\n']);
    let breaks = text.bytes().filter(|byte| *byte == b'\n').count();
    let is_long = text.chars().nth(MOST).is_some();
    let line: String = text
        .chars()
        .filter(|c| *c != '\r')
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MOST)
        .collect();
    let (before, cursor) = (input.value().to_owned(), input.cursor());
    let head: String = before.chars().take(cursor).collect();
    let tail: String = before.chars().skip(cursor).collect();
    let at = cursor + line.chars().count();
    *input = Input::new(format!("{head}{line}{tail}")).with_cursor(at);
    let cut = if is_long {
        format!(", and only the first {MOST} characters were taken")
    } else {
        String::new()
    };
    match (breaks, is_long) {
        (0, false) => None,
        (0, true) => Some(format!("only the first {MOST} characters were taken")),
        (1, _) => Some(format!("a line break became a space{cut}")),
        (breaks, _) => Some(format!("{breaks} line breaks became spaces{cut}")),
    }
}

/// Names out of pasted text, one a line, and what was left out, in words.
pub fn names(text: &str) -> (Vec<String>, Option<String>) {
    let mut named = text
        .split(['\n', '\r', '\t', ';', ','])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned);
    let taken: Vec<String> = named.by_ref().take(MOST_NAMES).collect();
    let rest = named.count();
    let words = (rest > 0).then(|| {
        format!("{rest} names beyond the first {MOST_NAMES} were left out: use a rule instead")
    });
    (taken, words)
}

/// Steps the part of `2026-11-30 20:00` the cursor is in; nothing where the text is not of that form.
pub fn step_moment(input: &Input, by: i64) -> Option<Input> {
    let text = input.value();
    let at: DateTime = (text.len() == 16).then(|| text.parse().ok())??;
    let span: Span = match input.cursor() {
        0..=4 => by.years(),
        5..=7 => by.months(),
        8..=10 => by.days(),
        11..=13 => by.hours(),
        _ => by.minutes(),
    };
    let moved = at.checked_add(span).ok()?;
    let text = moved.strftime("%Y-%m-%d %H:%M").to_string();
    Some(Input::new(text).with_cursor(input.cursor()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_feeds_become_blanks_and_are_counted() {
        let mut input = Input::new("ab".into()).with_cursor(1);
        assert_eq!(
            paste(&mut input, "x\r\ny\n").as_deref(),
            Some("a line break became a space")
        );
        assert_eq!(input.value(), "ax yb");
        assert_eq!(input.cursor(), 4);
    }

    #[test]
    fn ten_thousand_lines_in_one_line_are_bounded_and_said() {
        let mut input = Input::default();
        let said = paste(&mut input, &"word\n".repeat(10_000)).unwrap();
        assert_eq!(input.value().chars().count(), MOST);
        assert!(
            said.contains("9999 line breaks") && said.contains("4096"),
            "{said}"
        );
    }

    #[test]
    fn names_are_told_apart_by_lines_and_bounded() {
        assert_eq!(names(" PC-1\r\n\nPC-2, PC-3").0, ["PC-1", "PC-2", "PC-3"]);
        let (taken, said) = names(&"PC\n".repeat(10_000));
        assert_eq!(taken.len(), MOST_NAMES);
        assert!(said.unwrap().starts_with("5000 names"));
    }

    #[test]
    fn the_part_of_a_moment_under_the_cursor_steps() {
        let moved = |cursor, by| {
            step_moment(
                &Input::new("2026-11-30 20:00".into()).with_cursor(cursor),
                by,
            )
            .map(|input| input.value().to_owned())
        };
        assert_eq!(moved(12, 1).as_deref(), Some("2026-11-30 21:00"));
        assert_eq!(moved(9, 1).as_deref(), Some("2026-12-01 20:00"));
        assert_eq!(moved(15, -1).as_deref(), Some("2026-11-30 19:59"));
        assert_eq!(moved(6, 1).as_deref(), Some("2026-12-30 20:00"));
        assert!(step_moment(&Input::new("tonight".into()), 1).is_none());
    }
}
