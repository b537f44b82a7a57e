//! Who would be reached, in a few lines (wizard.md 7.9): filled in the background, and never silent about what could
//! not be counted.

use jiff::Zoned;
use jiff::civil::DateTime;

use super::check::{Case, needs_minutes};
use super::draft::{Draft, Rerun};
use super::facts::windows::forecast;
use super::facts::{Fact, Facts, Impact, Kinds, Question, Target, WindowsFact};
use super::field::FieldId;
use super::words::{self, count, devices, number};
use crate::sms::rights::Sight;
use crate::sms::schedule::unpack;

/// One line, and whether somebody should stop and look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub words: String,
    pub needs_attention: bool,
}

/// Numbers about a target as far as they are known.
pub fn lines(target: &Target, draft: &Draft, facts: &Facts, now: &Zoned) -> Vec<Line> {
    let impact = match facts.impact(target) {
        Fact::Known { value, .. } => value,
        Fact::NotAsked | Fact::Asked => return vec![plain("counting…")],
        Fact::Unknown { reason } => return vec![warned(format!("could not count: {reason}"))],
    };
    let mut lines = vec![members(impact)];
    lines.extend(hidden(impact, target));
    lines.extend(counted_in_part(impact, target, facts));
    lines.extend(kinds(&impact.kinds));
    lines.push(windows(target, draft, facts, now));
    lines.extend(history(draft, facts, target));
    if let Some((largest, members)) = &impact.largest_included {
        lines.push(plain(format!(
            "largest included: {} with {}",
            largest.name,
            devices(*members)
        )));
    }
    if !impact.sample.is_empty() {
        lines.push(plain(impact.sample.join("  ")));
    }
    lines
}

fn plain(words: impl Into<String>) -> Line {
    Line {
        words: words.into(),
        needs_attention: false,
    }
}

fn warned(words: impl Into<String>) -> Line {
    Line {
        words: words.into(),
        needs_attention: true,
    }
}

fn members(impact: &Impact) -> Line {
    let total = devices(impact.members);
    let Some(kinds) = impact.kinds.value() else {
        return plain(total);
    };
    let mut parts = vec![
        count(kinds.workstations, "workstation", "workstations"),
        count(kinds.servers.len() as u64, "server", "servers"),
    ];
    if kinds.other > 0 {
        parts.push(format!("{} other", number(kinds.other)));
    }
    parts.push(count(
        kinds.site_systems.len() as u64,
        "site system",
        "site systems",
    ));
    Line {
        words: format!("{total}   {}", parts.join(" · ")),
        needs_attention: !kinds.servers.is_empty() || !kinds.site_systems.is_empty(),
    }
}

fn is_new(target: &Target) -> bool {
    matches!(target, Target::New { .. })
}

/// Whether they are in an existing collection is sure.
fn hidden(impact: &Impact, target: &Target) -> Option<Line> {
    let hidden = number(impact.hidden);
    let words = if is_new(target) {
        format!("up to {hidden} of them are hidden from you and may get it too")
    } else {
        format!("{hidden} of them are hidden from you and get it too")
    };
    (impact.hidden > 0).then(|| warned(format!("{words}; what follows leaves them out")))
}

/// An existing collection was counted by the site itself; what a new one will hold was counted by us.
fn counted_in_part(impact: &Impact, target: &Target, facts: &Facts) -> Option<Line> {
    let site = facts.site();
    let sees_part = site.value().is_some_and(|site| site.sight == Sight::Part);
    let may_be_more = impact.may_be_more() || (is_new(target) && sees_part && impact.hidden == 0);
    may_be_more.then(|| warned("of what you can see: the site may find more devices"))
}

fn kinds(kinds: &Fact<Kinds>) -> Option<Line> {
    match kinds {
        Fact::Known { value, .. } => Some(plain(format!(
            "{} with a client, {} active this week",
            number(value.with_client),
            number(value.active)
        ))),
        Fact::Unknown { reason } => {
            Some(warned(format!("servers could not be told apart: {reason}")))
        }
        Fact::NotAsked | Fact::Asked => None,
    }
}

/// When they can start, once it is known from when on; before that who has windows at all.
fn windows(target: &Target, draft: &Draft, facts: &Facts, now: &Zoned) -> Line {
    let fact = match facts.windows(target) {
        Fact::Known { value, .. } => value,
        Fact::Unknown { reason } => {
            return warned(format!("windows could not be read: {reason}"));
        }
        Fact::NotAsked | Fact::Asked => return plain("counting maintenance windows…"),
    };
    let case = Case::new(draft, facts, now);
    if let (Some(due), Some(running)) = (case.due(), case.running()) {
        let minutes = needs_minutes(running.max);
        let told = forecast(fact, due, minutes, now.time_zone());
        return Line {
            needs_attention: told.never > 0,
            words: words::windows(&told, minutes, now.datetime()),
        };
    }
    plain(held(fact, now.datetime()))
}

/// `25 have a maintenance window, next Sat 02:00 · 12 have none`.
fn held(fact: &WindowsFact, now: DateTime) -> String {
    let (with, without) = (fact.with_windows(), fact.without_windows());
    if with == 0 {
        return "none has a maintenance window".into();
    }
    let next = next_window(fact, now).map_or_else(String::new, |at| {
        format!(", next {}", words::moment(at, now))
    });
    let rest = if without == 0 {
        String::new()
    } else {
        format!(" · {} have none", number(without))
    };
    format!("{} have a maintenance window{next}{rest}", number(with))
}

fn next_window(fact: &WindowsFact, now: DateTime) -> Option<DateTime> {
    let schedules = fact.groups.iter().flat_map(|group| &group.schedules);
    schedules
        .filter_map(|schedule| unpack(schedule).ok())
        .flatten()
        .filter_map(|token| token.next_window(now))
        .map(|(opens, _)| opens.max(now))
        .min()
}

fn history(draft: &Draft, facts: &Facts, target: &Target) -> Option<Line> {
    let program = draft.named_program()?;
    let Fact::Known { value: history, .. } = facts.history(&program, target) else {
        return None;
    };
    if history.ran() == 0 {
        return Some(plain("none ran this program before"));
    }
    let then = match draft.rerun() {
        Rerun::IfFailed if history.failed == 0 => "skipped: re-run only if it failed",
        Rerun::IfFailed => "run again only where it failed",
        Rerun::Always => "run again everywhere",
        Rerun::IfSucceeded => "run again only where it succeeded",
        Rerun::Never => "skipped: never run again",
    };
    Some(plain(format!(
        "{} already ran this program, {} failed ({then})",
        number(history.ran()),
        number(history.failed)
    )))
}

/// What has to be asked to show a collection that is only marked, not chosen.
pub fn questions(collection: &str, draft: &Draft) -> Vec<Question> {
    let target = Target::Existing(collection.to_owned());
    let mut questions = vec![
        Question::Impact(target.clone()),
        Question::Windows(target.clone()),
    ];
    questions.extend(
        draft
            .named_program()
            .map(|program| Question::History { program, target }),
    );
    questions
}

/// Who is meant by the draft, as a heading.
pub fn title(draft: &Draft, name: Option<&str>) -> String {
    match name {
        Some(name) => name.to_owned(),
        None => draft.text(FieldId::CollectionName),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::check::trial::{Known, MAKING, USING, draft, now, using};
    use crate::distribution::facts::Answer;

    /// What needs attention beside a count of so many, of whom some are hidden.
    fn attention(known: Known, base: &str, hidden: u64) -> Vec<String> {
        let draft = draft(base);
        let target = draft.target().unwrap();
        let mut known = known.impact(target.clone(), 12, |_| {});
        let impact = known.0.impact(&target).map(|impact| {
            Answer::Impact(Impact {
                hidden,
                ..impact.clone()
            })
        });
        known.0.learn(Question::Impact(target.clone()), impact);
        let lines = lines(&target, &draft, &known.0, &now()).into_iter();
        let lines = lines.filter(|line| line.needs_attention);
        lines.map(|line| line.words).collect()
    }

    #[test]
    fn whom_the_account_does_not_see_is_told() {
        assert_eq!(draft(USING).target(), Some(using()));
        assert_eq!(
            attention(Known::in_part(), USING, 6),
            ["6 of them are hidden from you and get it too; what follows leaves them out"]
        );
        assert_eq!(
            attention(Known::in_part(), MAKING, 0),
            ["of what you can see: the site may find more devices"]
        );
        assert_eq!(
            attention(Known::real(), MAKING, 6),
            [
                "up to 6 of them are hidden from you and may get it too; what follows leaves them out"
            ]
        );
        assert!(attention(Known::in_part(), USING, 0).is_empty());
        assert!(attention(Known::real(), MAKING, 0).is_empty());
    }
}
