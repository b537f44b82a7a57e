//! WQL's LIKE patterns: `%`, `_`, `[abc]`, `[a-f]`, `[^x]`. SQLite's LIKE knows no sets and its GLOB is strict about
//! case, so a pattern becomes the one when it can and the other, over lower case, when it must.

/// A pattern as SQLite takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// For `LIKE ? ESCAPE '\'`.
    Like(String),
    /// For `lower(value) GLOB ?`.
    Glob(String),
}

enum Piece {
    Any,
    One,
    Exactly(char),
    Set { negated: bool, members: String },
}

/// Translates a pattern.
pub fn pattern(wql: &str) -> Pattern {
    let pieces = pieces(wql);
    let has_set = pieces.iter().any(|p| matches!(p, Piece::Set { .. }));
    if has_set {
        Pattern::Glob(pieces.iter().map(as_glob).collect())
    } else {
        Pattern::Like(pieces.iter().map(as_like).collect())
    }
}

fn pieces(wql: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = wql;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        pieces.push(match c {
            '%' => Piece::Any,
            '_' => Piece::One,
            '[' => match set(rest) {
                Some((set, behind)) => {
                    rest = behind;
                    set
                }
                None => Piece::Exactly('['),
            },
            other => Piece::Exactly(other),
        });
    }
    pieces
}

/// What stands between the brackets, and the text behind them; `None` when they are not closed.
fn set(behind_bracket: &str) -> Option<(Piece, &str)> {
    let (negated, body) = match behind_bracket.strip_prefix('^') {
        Some(body) => (true, body),
        None => (false, behind_bracket),
    };
    // A bracket that closes at once is a member: `[]]`.
    let first = body.chars().next()?;
    let close = body[first.len_utf8()..].find(']')? + first.len_utf8();
    let (members, behind) = (&body[..close], &body[close + 1..]);
    let mut letters = members.chars();
    let piece = match (letters.next(), letters.next(), negated) {
        (Some(only), None, false) => Piece::Exactly(only),
        _ => Piece::Set {
            negated,
            members: members.to_owned(),
        },
    };
    Some((piece, behind))
}

fn as_like(piece: &Piece) -> String {
    match piece {
        Piece::Any => "%".to_owned(),
        Piece::One => "_".to_owned(),
        Piece::Exactly(c @ ('%' | '_' | '\\')) => format!("\\{c}"),
        Piece::Exactly(c) => c.to_string(),
        Piece::Set { .. } => String::new(),
    }
}

fn as_glob(piece: &Piece) -> String {
    match piece {
        Piece::Any => "*".to_owned(),
        Piece::One => "?".to_owned(),
        Piece::Exactly(c @ ('*' | '?' | '[')) => format!("[{c}]"),
        Piece::Exactly(c) => c.to_ascii_lowercase().to_string(),
        Piece::Set { negated, members } => {
            let not = if *negated { "^" } else { "" };
            format!("[{not}{}]", members.to_ascii_lowercase())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_pass_and_what_sqlite_would_take_for_one_is_escaped() {
        assert_eq!(pattern("PC-%"), Pattern::Like("PC-%".into()));
        assert_eq!(pattern("a_c"), Pattern::Like("a_c".into()));
        assert_eq!(pattern(r"LAB\x"), Pattern::Like(r"LAB\\x".into()));
    }

    #[test]
    fn a_bracketed_wildcard_is_the_letter_itself() {
        assert_eq!(pattern("100[%]"), Pattern::Like(r"100\%".into()));
        assert_eq!(pattern("a[_]b"), Pattern::Like(r"a\_b".into()));
        assert_eq!(pattern("a[[]b"), Pattern::Like("a[b".into()));
    }

    #[test]
    fn sets_become_globs_in_lower_case() {
        assert_eq!(pattern("PC-[0-4]%"), Pattern::Glob("pc-[0-4]*".into()));
        assert_eq!(pattern("[^ABC]_*"), Pattern::Glob("[^abc]?[*]".into()));
    }

    #[test]
    fn an_open_bracket_that_is_never_closed_is_a_letter() {
        assert_eq!(pattern("a[b"), Pattern::Like("a[b".into()));
        assert_eq!(pattern("a["), Pattern::Like("a[".into()));
        assert_eq!(pattern("[]]x[ab]"), Pattern::Glob("]x[ab]".into()));
    }
}
