//! What a draft does, in sentences: the effect, not the setting. Pure.

use jiff::Zoned;
use jiff::civil::DateTime;

use super::check::Case;
use super::draft::{
    After, CollectionOrigin, Draft, FarPoint, Intent, NearPoint, Origin, Purpose, RunTime, RunWhen,
    Trigger, Wait, When, Window,
};
use super::facts::Facts;
use super::field::{FieldId, Step};

/// `1,840`.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 device`, `1,840 devices`.
pub fn count(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

pub fn devices(n: u64) -> String {
    count(n, "device", "devices")
}

/// The first few of some names: `PC-0007, PC-0012, PC-0013 and 34 more`.
pub fn few(names: &[impl AsRef<str>]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<&str> = names.iter().take(SHOWN).map(AsRef::as_ref).collect();
    match names.len().checked_sub(SHOWN) {
        None | Some(0) => shown.join(", "),
        Some(rest) => format!("{} and {} more", shown.join(", "), number(rest as u64)),
    }
}

/// A day as people say it: `tonight`, `tomorrow`, `Saturday`, `Mon 30 Nov`.
pub fn day(at: DateTime, now: DateTime) -> String {
    let today = now.date();
    if at.date() == today {
        return if at.hour() >= 17 {
            "tonight".into()
        } else {
            "today".into()
        };
    }
    if today.tomorrow().is_ok_and(|tomorrow| tomorrow == at.date()) {
        return "tomorrow".into();
    }
    let ahead = at.date().duration_since(today).as_hours() / 24;
    let form = match ahead {
        2..=6 => "%A",
        _ if at.year() == now.year() => "%a %-d %b",
        _ => "%a %-d %b %Y",
    };
    at.strftime(form).to_string()
}

/// A moment as people say it: `tonight 20:00`, `Mon 30 Nov 20:00`.
pub fn moment(at: DateTime, now: DateTime) -> String {
    format!("{} {}", day(at, now), at.strftime("%H:%M"))
}

/// The clock the times of a draft are meant in.
pub fn clock(draft: &Draft) -> &'static str {
    if draft.is_on(FieldId::AdvertisementUtc) {
        "UTC"
    } else {
        "device time"
    }
}

/// `now`, or a moment with its clock: `tonight 20:00 device time`.
pub fn when(when: When, draft: &Draft, now: &Zoned) -> String {
    match when {
        When::Now => "now".into(),
        When::At(at) => format!("{} {}", moment(at, draft.clock(now)), clock(draft)),
    }
}

/// What a step of the draft does, as one sentence; empty while too little is said.
pub fn step(step: Step, draft: &Draft, facts: &Facts, now: &Zoned) -> String {
    match step {
        Step::Start => String::new(),
        Step::Package => package(draft),
        Step::Program => program(draft),
        Step::Collection => collection(draft, facts),
        Step::DistributionPoints => points(draft),
        Step::Advertisement | Step::Review => effect(draft, facts, now),
    }
}

fn package(draft: &Draft) -> String {
    match draft.package_origin() {
        Origin::Existing => match draft.text(FieldId::PackageUse) {
            name if name.is_empty() => String::new(),
            name => format!("Uses the package {name} as it is."),
        },
        Origin::New if draft.has_source() => {
            "The site copies the files of the source folder to the distribution points you choose."
                .into()
        }
        Origin::New => "Nothing is copied to devices: the command must already be there.".into(),
    }
}

fn program(draft: &Draft) -> String {
    if draft.program_origin() == Origin::Existing {
        return match draft.text(FieldId::ProgramUse) {
            name if name.is_empty() => String::new(),
            name => format!("Runs the program {name} as it is."),
        };
    }
    let rights = match draft.rights() {
        super::draft::Rights::Administrative => "as the system",
        super::draft::Rights::User => "with the user's rights",
    };
    let seen = if draft.window() == Window::Hidden {
        "unseen"
    } else {
        "in sight of whoever is signed in"
    };
    let long = match draft.max_minutes() {
        RunTime::Unknown => "for as long as it takes, 12 hours at most".into(),
        RunTime::Minutes(minutes) => format!("for {minutes} minutes at most"),
    };
    format!(
        "Runs {rights}, {}, {seen}, {long}{}.",
        signed_in(draft.run_when()),
        afterwards(draft.after())
    )
}

fn signed_in(run_when: RunWhen) -> &'static str {
    match run_when {
        RunWhen::Any => "whether or not anyone is signed in",
        RunWhen::User => "only while somebody is signed in",
        RunWhen::NoUser => "only while nobody is signed in",
    }
}

fn afterwards(after: After) -> &'static str {
    match after {
        After::Nothing => "",
        After::Restart | After::ProgramRestarts => ", and restarts the device",
        After::SignOut => ", and signs the user out",
    }
}

/// How a new collection gets its members, with the numbers as far as they are known.
fn collection(draft: &Draft, facts: &Facts) -> String {
    let Some(target) = draft.target() else {
        return String::new();
    };
    let impact = facts.impact(&target);
    let Some(impact) = impact.value() else {
        return match impact.doubt() {
            Some(reason) => format!("Could not count who gets it: {reason}."),
            None => String::new(),
        };
    };
    match &impact.parts {
        Some(parts) if draft.collection_origin() != CollectionOrigin::Existing => format!(
            "Include {} − exclude {} ∩ limited to {} = {}.",
            number(parts.included),
            number(parts.excluded),
            number(parts.limit),
            devices(impact.members)
        ),
        _ => format!("{} get it.", devices(impact.members)),
    }
}

fn points(draft: &Draft) -> String {
    let servers = draft.distribution_points.servers.iter().flatten().count() as u64;
    let groups = draft.distribution_points.groups.iter().flatten().count() as u64;
    if servers + groups == 0 {
        return String::new();
    }
    let mut to = Vec::new();
    if groups > 0 {
        to.push(count(groups, "group", "groups"));
    }
    if servers > 0 {
        to.push(count(servers, "server", "servers"));
    }
    let wait = match draft.wait() {
        Wait::One => "and advertises when the first one has them",
        Wait::All => "and advertises when all have them",
        Wait::Never => "and advertises without waiting",
    };
    format!("Sends the files to {} {wait}.", to.join(" and "))
}

/// The whole effect: `This will install on 37 devices tonight 20:00 device time, whether or not anyone is signed in,
/// inside maintenance windows only.`
pub fn effect(draft: &Draft, facts: &Facts, now: &Zoned) -> String {
    let case = Case::new(draft, facts, now);
    let who = match case.members() {
        Some(members) => devices(members),
        None => "an unknown number of devices".into(),
    };
    let mut parts = Vec::new();
    if draft.purpose() == Purpose::Available {
        parts.push(format!(
            "People on {who} may {} it from {}",
            verb(draft.intent()),
            when(draft.available(), draft, now)
        ));
    } else {
        parts.push(format!(
            "This will {} on {who} {}",
            verb_on(draft.intent()),
            starts(draft, now)
        ));
    }
    if let Some(running) = case.running() {
        parts.push(signed_in(running.run_when).into());
        if draft.is_required() {
            parts.push(window_rule(draft).into());
        }
        parts.push(match running.after {
            After::Restart | After::ProgramRestarts => "restarting each".into(),
            After::SignOut => "signing people out".into(),
            After::Nothing => "restarting none".into(),
        });
    } else if draft.is_required() {
        parts.push(window_rule(draft).into());
    }
    if case.has_files() == Some(true) {
        parts.push(files(draft).into());
    }
    format!("{}.", parts.join(", "))
}

fn verb(intent: Intent) -> &'static str {
    match intent {
        Intent::Install => "install",
        Intent::Remove => "remove",
        Intent::Run => "run",
    }
}

fn verb_on(intent: Intent) -> &'static str {
    match intent {
        Intent::Install => "install",
        Intent::Remove => "remove the software",
        Intent::Run => "run",
    }
}

fn starts(draft: &Draft, now: &Zoned) -> String {
    let mut starts = Vec::new();
    for trigger in draft.triggers() {
        starts.push(match trigger {
            Trigger::Time => match draft.deadline() {
                Some(deadline) => when(deadline, draft, now),
                None => "at a time not chosen yet".into(),
            },
            Trigger::Asap => "as soon as devices hear about it".into(),
            Trigger::SignIn => "at the next sign-in".into(),
            Trigger::SignOut => "at the next sign-out".into(),
        });
    }
    if starts.is_empty() {
        "at a time not chosen yet".into()
    } else {
        starts.join(" and ")
    }
}

fn window_rule(draft: &Draft) -> &'static str {
    if draft.is_on(FieldId::AdvertisementOverrideMw) {
        "ignoring maintenance windows"
    } else {
        "inside maintenance windows only where a device has one"
    }
}

fn files(draft: &Draft) -> &'static str {
    match (draft.fast(), draft.slow()) {
        (NearPoint::RunFrom, _) => "running from the server",
        (NearPoint::Download, FarPoint::DoNotRun) => "downloading from near points only",
        (NearPoint::Download, FarPoint::Download) => "downloading from near and far points",
        (NearPoint::Download, FarPoint::RunFrom) => {
            "downloading from near points and running from far ones"
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;

    use super::*;

    fn now() -> DateTime {
        datetime(2026, 11, 25, 14, 0, 0, 0)
    }

    #[test]
    fn a_moment_is_named_by_its_day() {
        let cases = [
            (datetime(2026, 11, 25, 20, 0, 0, 0), "tonight 20:00"),
            (datetime(2026, 11, 25, 9, 5, 0, 0), "today 09:05"),
            (datetime(2026, 11, 26, 2, 0, 0, 0), "tomorrow 02:00"),
            (datetime(2026, 11, 28, 2, 0, 0, 0), "Saturday 02:00"),
            (datetime(2026, 12, 2, 20, 0, 0, 0), "Wed 2 Dec 20:00"),
            (datetime(2027, 1, 4, 20, 0, 0, 0), "Mon 4 Jan 2027 20:00"),
            (datetime(2026, 11, 20, 20, 0, 0, 0), "Fri 20 Nov 20:00"),
        ];
        for (at, expected) in cases {
            assert_eq!(moment(at, now()), expected);
        }
    }

    #[test]
    fn numbers_and_names_are_short() {
        assert_eq!(number(1_912_007), "1,912,007");
        assert_eq!(devices(1), "1 device");
        assert_eq!(few(&["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
        assert_eq!(few(&["a", "b"]), "a, b");
        assert_eq!(few(&[""; 0]), "");
    }
}
