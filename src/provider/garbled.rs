//! What came instead of an answer, in a few words: a web page, half an answer, noise.

use super::refusal::{one_line, plain_words};

/// Characters of a foreign text that are shown.
const SHOWN: usize = 60;

/// Whether a body looks like whole JSON from both ends: enough to tell a web page, noise, and most halves from an answer,
/// without reading it.
pub(super) fn looks_whole(body: &[u8]) -> bool {
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    let body = body.trim_ascii();
    match (body.first(), body.last()) {
        (Some(b'{'), Some(last)) => *last == b'}',
        (Some(b'['), Some(last)) => *last == b']',
        (Some(b'"'), Some(last)) => *last == b'"' && body.len() > 1,
        (Some(first), Some(last)) => first.is_ascii_digit() && last.is_ascii_digit(),
        _ => false,
    }
}

/// Why a body is not what was asked for.
pub(super) fn told(body: &[u8], error: &serde_json::Error) -> String {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return "it is empty".to_owned();
    }
    if text.starts_with('<') {
        return match title(text).or_else(|| plain_words(body)) {
            Some(words) => format!(
                "it is a web page, \"{}\", as a proxy sends one",
                short(&words)
            ),
            None => "it is a web page, as a proxy sends one".to_owned(),
        };
    }
    if error.is_data() {
        return error.to_string();
    }
    if error.is_eof() {
        return format!("it ends in the middle, after {} bytes", body.len());
    }
    match one_line(text) {
        Some(words) => format!("it is no JSON but \"{}\"", short(&words)),
        None => "it is no JSON".to_owned(),
    }
}

fn title(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let from = lower.find("<title>")? + "<title>".len();
    let to = from + lower.get(from..)?.find('<')?;
    one_line(page.get(from..to)?)
}

fn short(words: &str) -> String {
    words.chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_look_whole_and_what_comes_instead_does_not() {
        for whole in ["{\"value\":[]}", " [1]\r\n", "7", "\u{feff}37", "\"37\""] {
            assert!(looks_whole(whole.as_bytes()), "{whole}");
        }
        for other in [
            "",
            "{\"value\":[{\"a\":1",
            "<html></html>",
            "\"",
            "\u{1}\u{2}",
        ] {
            assert!(!looks_whole(other.as_bytes()), "{other}");
        }
    }
}
