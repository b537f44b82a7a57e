//! Who would be reached, in a few lines (wizard.md 7.9): filled in the background, and never silent about what could
//! not be counted. Every number in them can be opened as a list.

mod number;

use std::cmp::Reverse;

use jiff::Zoned;
use jiff::civil::DateTime;

use super::check::{Case, needs_minutes};
use super::draft::{Draft, Rerun};
use super::facts::windows::{Start, starts};
use super::facts::{Fact, Facts, Impact, Kinds, Question, Target, WindowGroup, WindowsFact};
use super::field::FieldId;
use super::words::{self, count, devices, number};
use crate::sms::rights::Sight;
use crate::sms::schedule::unpack;

pub use number::{Kept, Number, Reached, Way, Who};

/// One line, and whether somebody should stop and look at it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    pub spans: Vec<Span>,
    pub needs_attention: bool,
}

/// Some words of a line, and the number they are, if they are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub words: String,
    pub number: Option<Number>,
}

impl Line {
    pub fn words(&self) -> String {
        self.spans.iter().map(|span| span.words.as_str()).collect()
    }

    pub fn numbers(&self) -> impl Iterator<Item = &Number> {
        self.spans.iter().filter_map(|span| span.number.as_ref())
    }

    fn and(mut self, words: impl Into<String>) -> Self {
        let words = words.into();
        self.spans.push(Span {
            words,
            number: None,
        });
        self
    }

    /// A number whose words say enough of it wherever they stand.
    fn counting(self, who: Who, count: u64, words: impl Into<String>) -> Self {
        let words = words.into();
        let title = words.clone();
        self.titled(Number::new(who, count, title), words)
    }

    /// A number that needs other words where the rest of the panel is out of sight.
    fn titled(mut self, number: Number, words: impl Into<String>) -> Self {
        self.spans.push(Span {
            words: words.into(),
            number: Some(number),
        });
        self
    }

    fn needing_attention(mut self, needs_attention: bool) -> Self {
        self.needs_attention = needs_attention;
        self
    }
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
    lines.extend(largest_included(impact));
    if !impact.sample.is_empty() {
        lines.push(plain(impact.sample.join("  ")));
    }
    lines
}

fn plain(words: impl Into<String>) -> Line {
    Line::default().and(words)
}

fn warned(words: impl Into<String>) -> Line {
    plain(words).needing_attention(true)
}

fn members(impact: &Impact) -> Line {
    let words = devices(impact.members);
    let title = match impact.hidden {
        0 => words.clone(),
        some => format!("{words}, {} hidden from you", number(some)),
    };
    let line = Line::default().titled(Number::new(Who::Members, impact.seen(), title), words);
    let Some(kinds) = impact.kinds.value() else {
        return line;
    };
    let servers = kinds.servers.len() as u64;
    let systems = kinds.site_systems.len() as u64;
    let mut line = line
        .and("   ")
        .counting(
            Who::Workstations,
            kinds.workstations,
            count(kinds.workstations, "workstation", "workstations"),
        )
        .and(" · ")
        .counting(Who::Servers, servers, count(servers, "server", "servers"));
    if kinds.other > 0 {
        let words = format!("{} other", number(kinds.other));
        line = line.and(" · ").counting(Who::Others, kinds.other, words);
    }
    let words = count(systems, "site system", "site systems");
    line.and(" · ")
        .counting(Who::SiteSystems, systems, words)
        .needing_attention(servers > 0 || systems > 0)
}

fn is_new(target: &Target) -> bool {
    matches!(target, Target::New { .. })
}

/// Whether they are in an existing collection is sure.
fn hidden(impact: &Impact, target: &Target) -> Option<Line> {
    let hidden = number(impact.hidden);
    let (before, after) = if is_new(target) {
        ("up to ", " and may get it too")
    } else {
        ("", " and get it too")
    };
    let words = format!("{hidden} of them are hidden from you");
    (impact.hidden > 0).then(|| {
        plain(before)
            .counting(Who::Hidden, impact.hidden, words)
            .and(format!("{after}; what follows leaves them out"))
            .needing_attention(true)
    })
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
        Fact::Known { value, .. } => {
            let clients = format!("{} with a client", number(value.with_client));
            let active = format!("{} active this week", number(value.active));
            Some(
                Line::default()
                    .counting(Who::WithClient, value.with_client, clients)
                    .and(", ")
                    .counting(Who::Active, value.active, active),
            )
        }
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
    match (case.due(), case.running()) {
        (Some(due), Some(running)) => {
            let minutes = needs_minutes(running.max);
            let told = starts(fact, due, minutes, now.time_zone());
            starting(told.collect(), minutes, now.datetime())
        }
        _ => held(fact, now.datetime()),
    }
}

/// Devices that start together, as far as one says.
struct Starters<'w> {
    words: String,
    /// What they are said to do where only this number is told.
    does: String,
    groups: Vec<&'w WindowGroup>,
}

impl Starters<'_> {
    fn number(&self, title: String) -> Number {
        let windows = self.groups.iter().map(|group| group.schedules.clone());
        let devices = self.groups.iter().map(|group| group.devices).sum();
        Number::new(Who::Obeying(windows.collect()), devices, title)
    }
}

/// `12 tonight, 20 Saturday, 5 never: the program needs 90 min and their window has 60`.
fn starting(mut told: Vec<(Start, &WindowGroup)>, minutes: i64, now: DateTime) -> Line {
    told.sort_by_key(|(start, _)| *start);
    let longest = told.iter().rev().find_map(|(start, _)| match start {
        Start::Never { longest } => Some(*longest),
        _ => None,
    });
    let mut together: Vec<Starters> = Vec::new();
    for (start, group) in told {
        let (words, does) = when(start, now);
        match together.iter_mut().find(|known| known.words == words) {
            Some(known) => known.groups.push(group),
            None => together.push(Starters {
                words,
                does,
                groups: vec![group],
            }),
        }
    }
    let mut line = Line::default();
    for starters in &together {
        if !line.spans.is_empty() {
            line = line.and(", ");
        }
        let sum = starters.number(String::new()).count;
        let words = format!("{} {}", number(sum), starters.words);
        let title = format!("{} {}", number(sum), starters.does);
        line = line.titled(starters.number(title), words);
    }
    match longest {
        Some(longest) => line
            .and(format!(
                ": the program needs {minutes} min and their window has {longest}"
            ))
            .needing_attention(true),
        None => line,
    }
}

/// When, and what somebody does who is told of alone.
fn when(start: Start, now: DateTime) -> (String, String) {
    let words = match start {
        Start::AtOnce => "at once, having no window".to_owned(),
        Start::At(at) => words::day(at, now),
        Start::Unclear => return ("unclear".to_owned(), "start nobody knows when".to_owned()),
        Start::Never { .. } => return ("never".to_owned(), "never start".to_owned()),
    };
    let does = format!("start {words}");
    (words, does)
}

/// `25 have a maintenance window, next Sat 02:00 · 12 have none`.
fn held(fact: &WindowsFact, now: DateTime) -> Line {
    let (without, with): (Vec<_>, Vec<_>) = fact
        .groups
        .iter()
        .partition(|group| group.schedules.is_empty());
    let [with, without] = [with, without].map(|groups| Starters {
        words: String::new(),
        does: String::new(),
        groups,
    });
    let (count, count_without) = (fact.with_windows(), fact.without_windows());
    if count == 0 {
        return plain("none has a maintenance window");
    }
    let words = format!("{} have a maintenance window", number(count));
    let line = Line::default().titled(with.number(words.clone()), words);
    let line = match next_window(fact, now) {
        Some((opens, closes)) if opens <= now => line.and(format!(
            ", one is open until {}",
            words::moment(closes, now)
        )),
        Some((opens, _)) => line.and(format!(", next {}", words::moment(opens, now))),
        None => line,
    };
    if count_without == 0 {
        return line;
    }
    let title = format!("{} have no maintenance window", number(count_without));
    let words = format!("{} have none", number(count_without));
    line.and(" · ").titled(without.number(title), words)
}

/// When the next window opens and closes; of those that are open now, the one that stays open longest.
fn next_window(fact: &WindowsFact, now: DateTime) -> Option<(DateTime, DateTime)> {
    let schedules = fact.groups.iter().flat_map(|group| &group.schedules);
    schedules
        .filter_map(|schedule| unpack(schedule).ok())
        .flatten()
        .filter_map(|token| token.next_window(now))
        .min_by_key(|(opens, closes)| ((*opens).max(now), Reverse(*closes)))
}

fn history(draft: &Draft, facts: &Facts, target: &Target) -> Option<Line> {
    let program = draft.named_program()?;
    let history = match facts.history(&program, target) {
        Fact::Known { value, .. } => value,
        Fact::Unknown { reason } => {
            let words = format!("who ran this program before could not be read: {reason}");
            return Some(warned(words));
        }
        Fact::NotAsked | Fact::Asked => return None,
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
    let ran = format!("{} already ran this program", number(history.ran()));
    let failed = format!("{} failed", number(history.failed));
    let title = format!("{failed} when they ran this program");
    Some(
        Line::default()
            .counting(Who::Ran(program.clone()), history.ran(), ran)
            .and(", ")
            .titled(
                Number::new(Who::Failed(program), history.failed, title),
                failed,
            )
            .and(format!(" ({then})")),
    )
}

fn largest_included(impact: &Impact) -> Option<Line> {
    let (largest, members) = impact.largest_included.as_ref()?;
    let words = devices(*members);
    let title = format!("{words} of {}, which it includes", largest.name);
    let number = Number::new(Who::Included(largest.clone()), *members, title);
    Some(plain(format!("largest included: {} with ", largest.name)).titled(number, words))
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

    #[test]
    fn devices_that_start_on_one_day_are_one_number() {
        use jiff::civil::datetime;
        let group = |devices, schedule: &str| WindowGroup {
            devices,
            schedules: vec![schedule.to_owned()],
        };
        let at = |day, hour| Start::At(datetime(2026, 11, day, hour, 0, 0, 0));
        let groups = [
            (at(28, 2), group(20, "c")),
            (Start::Never { longest: 60 }, group(5, "d")),
            (at(25, 23), group(2, "b")),
            (at(25, 22), group(10, "a")),
            (
                Start::AtOnce,
                WindowGroup {
                    devices: 3,
                    schedules: Vec::new(),
                },
            ),
        ];
        let told = groups.iter().map(|(start, group)| (*start, group));
        let line = starting(told.collect(), 90, datetime(2026, 11, 25, 14, 0, 0, 0));
        assert!(line.needs_attention);
        assert_eq!(
            line.words(),
            "3 at once, having no window, 12 tonight, 20 Saturday, 5 never: the program needs 90 min and their window has 60"
        );
        let numbers: Vec<_> = line.numbers().map(|number| number.count).collect();
        assert_eq!(numbers, [3, 12, 20, 5]);
        let titles: Vec<_> = line.numbers().map(|number| number.title.as_str()).collect();
        assert_eq!(
            titles[1..],
            ["12 start tonight", "20 start Saturday", "5 never start"]
        );
        let tonight = line.numbers().nth(1).unwrap();
        let both = Who::Obeying(vec![vec!["a".to_owned()], vec!["b".to_owned()]]);
        assert_eq!(tonight.who, both);
    }

    #[test]
    fn a_window_that_is_open_is_not_the_next_one() {
        use jiff::civil::datetime;

        use crate::sms::schedule::{Recurrence, Span, Token, pack};
        use crate::sms::time::Moment;

        let start = Moment::DeviceClock(datetime(2026, 1, 1, 22, 0, 0, 0));
        let nightly = Token::new(start, Recurrence::Interval(Span::days(1)));
        let schedule = pack(&[nightly.lasting(Span::minutes(360))]).unwrap();
        let fact = WindowsFact {
            groups: vec![WindowGroup {
                devices: 25,
                schedules: vec![schedule],
            }],
        };
        for (hour, words) in [
            (14, "25 have a maintenance window, next tonight 22:00"),
            (
                23,
                "25 have a maintenance window, one is open until tomorrow 04:00",
            ),
        ] {
            let now = datetime(2026, 11, 28, hour, 30, 0, 0);
            assert_eq!(held(&fact, now).words(), words);
        }
    }

    #[test]
    fn a_history_that_could_not_be_read_is_not_left_out() {
        let draft = draft(USING);
        let program = draft.named_program().unwrap();
        let question = Question::History {
            program,
            target: using(),
        };
        let mut known = Known::usual().impact(using(), 12, |_| {});
        known.0.learn(question, Fact::unknown("too many to read"));
        let lines = lines(&using(), &draft, &known.0, &now());
        let told = lines.iter().filter(|line| line.needs_attention);
        let told: Vec<String> = told.map(Line::words).collect();
        assert_eq!(
            told,
            ["who ran this program before could not be read: too many to read"]
        );
    }

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
        lines.map(|line| line.words()).collect()
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
