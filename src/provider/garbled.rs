//! What came instead of an answer, in a few words: a web page, half an answer, noise.

use super::refusal::{one_line, plain_words};

/// Characters of a foreign text that are shown.
const SHOWN: usize = 60;

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
                "it is a web page, \"{}\": is a proxy in between?",
                short(&words)
            ),
            None => "it is a web page: is a proxy in between?".to_owned(),
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
