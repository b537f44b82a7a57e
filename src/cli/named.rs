//! Objects a person names by id or by name.

use std::future::Future;

use super::failure::Failure;
use crate::client::Listed;
use crate::client::listing::{Kind, Line};
use crate::error::SiteError;

/// The id of what was typed, an id or a name; more than one object of that name is a question back.
pub async fn id<L, R>(typed: &str, kind: Kind, lines: impl FnOnce() -> R) -> Result<String, Failure>
where
    L: Line,
    R: Future<Output = Result<Listed<L>, SiteError>>,
{
    let lines = lines().await?.lines;
    let same = |text: &str| text.to_lowercase() == typed.to_lowercase();
    if let Some(line) = lines.iter().find(|line| same(&line.id())) {
        return Ok(line.id());
    }
    let found: Vec<&L> = lines.iter().filter(|line| same(line.name())).collect();
    match found.as_slice() {
        [] => {
            let what = format!("no {} called {typed}", kind.singular());
            Err(Failure::failed(what).with(format!("see `consign get {kind}`")))
        }
        [line] => Ok(line.id()),
        several => {
            let ids: Vec<String> = several.iter().map(|line| line.id()).collect();
            let what = format!("{} {} are called {typed}", ids.len(), kind.several());
            Err(Failure::usage(what).with(format!("name one of {}", ids.join(", "))))
        }
    }
}

/// Filter words that find a resource by its number or its name, and little else.
pub fn words_for(typed: &str) -> String {
    if typed.parse::<u32>().is_ok() {
        format!("id:{typed}")
    } else {
        format!("\"{}\"", typed.replace('"', ""))
    }
}
