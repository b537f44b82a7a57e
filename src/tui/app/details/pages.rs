//! What the tabs without rows say: facts of an object as pages.

use crate::client::details::{Bar, CollectionDetail, Entry};
use crate::error::SiteError;
use crate::tui::app::page::Page;
use crate::tui::theme::Role;

pub(super) fn entries(entries: &[Entry]) -> Page {
    let mut page = Page::default();
    for entry in entries {
        page.fact(entry.label, entry.words.as_str());
    }
    page
}

pub(super) fn bars(page: &mut Page, bars: Vec<Bar>) {
    if bars.is_empty() {
        return;
    }
    page.blank();
    let whole = bars.iter().map(|bar| bar.count).sum();
    for bar in bars {
        let role = match bar.label {
            "Success" => Role::Good,
            "Failed" => Role::Failed,
            "In progress" => Role::Busy,
            _ => Role::Dim,
        };
        page.bar(role, bar.label, bar.count, whole);
    }
}

pub(super) fn flags(set: &[(u32, String)]) -> Page {
    let mut page = Page::default();
    if set.is_empty() {
        page.words("No bit is set.");
    }
    for (bit, words) in set {
        page.words(format!("bit {bit:>2}  {words}"));
    }
    page
}

pub(super) fn rules(detail: &CollectionDetail) -> Page {
    let mut page = Page::default();
    if detail.rules.is_empty() {
        page.words("It has no rules, so it has no members.");
    }
    for rule in &detail.rules {
        let kind = match rule.kind.as_str() {
            "direct" => "direct",
            "query" => "query",
            "include" => "include",
            "exclude" => "exclude",
            _ => "other",
        };
        page.fact(kind, rule.words.as_str());
    }
    page
}

pub(super) fn relations(detail: &CollectionDetail) -> Page {
    let mut page = Page::default();
    let relations = match &detail.relations {
        Ok(relations) => relations.as_slice(),
        Err(fault) => return unread(fault),
    };
    if relations.is_empty() {
        page.words("It stands on no other collection, and none stands on it.");
    }
    for relation in relations {
        page.words(relation.in_words());
    }
    page
}

/// The page of a part that could not be read.
fn unread(fault: &SiteError) -> Page {
    let mut page = Page::default();
    page.words(format!("This could not be read: {fault}."));
    page
}

pub(super) fn windows(detail: &CollectionDetail) -> Page {
    let mut page = Page::default();
    let windows = match &detail.windows {
        Ok(windows) => windows.as_slice(),
        Err(fault) => return unread(fault),
    };
    if windows.is_empty() {
        page.words(
            "It has no maintenance windows. Its members may have some from other collections.",
        );
    }
    for window in windows {
        let role = if window.counts { Role::Text } else { Role::Dim };
        page.heading(window.name.as_str());
        page.fact_as(role, "Opens", window.words.as_str());
        let next = window
            .next
            .map(|at| at.strftime("%a %-d %b %Y %H:%M").to_string());
        page.fact_as(role, "Next", next.unwrap_or_else(|| "never".to_owned()));
        page.blank();
    }
    page
}
