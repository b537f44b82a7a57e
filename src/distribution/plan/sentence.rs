//! What a plan will do, in one sentence that somebody who was not there can read (wizard.md 10.1).

use jiff::civil::DateTime;

use super::{Counted, Impact, Plan, Verb};
use crate::distribution::operation::already::What;
use crate::distribution::operation::content::Destination;
use crate::distribution::operation::{Already, AssignContent, MakeAdvertisement, Operation};
use crate::distribution::words;
use crate::sms::advertisement::OfferType;
use crate::sms::advertisement_flags::AdvertFlags;
use crate::sms::program_flags::ProgramFlags;
use crate::sms::time::Moment;

/// The sentence of a plan.
pub(super) fn of(plan: &Plan) -> String {
    let clauses: Vec<String> = [
        software(plan),
        content(plan),
        collection(plan),
        effect(plan),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut sentence = match clauses.as_slice() {
        [] => "Nothing is to be done".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{}, and {last}", first.join(", ")),
    };
    sentence.push('.');
    sentence
}

fn operations(plan: &Plan) -> impl Iterator<Item = &Operation> {
    plan.operations.iter().map(|line| &line.operation)
}

fn already(plan: &Plan, what: What) -> Option<&Already> {
    operations(plan).find_map(|operation| match operation {
        Operation::Already(already) if already.what == what => Some(already),
        _ => None,
    })
}

fn software(plan: &Plan) -> Option<String> {
    let new_program = operations(plan).find_map(|operation| match operation {
        Operation::Program(program) => Some(program.name.as_str()),
        _ => None,
    });
    let new_package = operations(plan).find_map(|operation| match operation {
        Operation::Package(package) => Some(package.full_name()),
        _ => None,
    });
    let old_package = already(plan, What::Package).map(|package| package.name.as_str());
    let old_program = already(plan, What::Program).map(|program| program.name.as_str());
    Some(match (new_package, old_package, new_program, old_program) {
        (Some(package), _, Some(program), _) => {
            format!("Create package {package} with program {program}")
        }
        (Some(package), ..) => format!("Create package {package}"),
        (None, Some(package), Some(program), _) => {
            format!("Add program {program} to package {package}")
        }
        (None, Some(package), None, Some(program)) => format!("Use {package}, program {program}"),
        _ => return None,
    })
}

fn content(plan: &Plan) -> Option<String> {
    let sent: Vec<&AssignContent> = operations(plan)
        .filter_map(|operation| match operation {
            Operation::Content(content) => Some(content),
            _ => None,
        })
        .collect();
    if sent.is_empty() {
        return already(plan, What::Content).map(|content| format!("already on {}", content.name));
    }
    let size = plan.relied.size.map_or_else(|| "the files".into(), bytes);
    let groups: Vec<usize> = sent
        .iter()
        .filter_map(|content| match &content.to {
            Destination::Group(group) => Some(group.points.len()),
            Destination::Point(_) => None,
        })
        .collect();
    let servers = sent.len() - groups.len();
    let mut to = Vec::new();
    if !groups.is_empty() {
        let inside = many(groups.iter().sum::<usize>() as u64, "server");
        to.push(format!("{} ({inside})", many(groups.len() as u64, "group")));
    }
    if servers > 0 {
        to.push(many(servers as u64, "server"));
    }
    Some(format!("send {size} to {}", to.join(" and ")))
}

fn collection(plan: &Plan) -> Option<String> {
    operations(plan).find_map(|operation| match operation {
        Operation::Collection(collection) => Some(format!("make collection {}", collection.name)),
        _ => None,
    })
}

fn effect(plan: &Plan) -> Option<String> {
    let advertisement = operations(plan).find_map(|operation| match operation {
        Operation::Advertisement(advertisement) => Some(advertisement),
        _ => None,
    })?;
    let devices = devices(plan);
    Some(match advertisement.offer {
        OfferType::Required => {
            let verb = match plan.verb {
                Verb::Install => "install it on",
                Verb::Remove => "remove it from",
                Verb::Run => "run it on",
            };
            format!(
                "{verb} {devices} {}, {}, {}",
                trigger(advertisement),
                windows(advertisement.flags),
                restarts(plan)
            )
        }
        _ => format!(
            "offer it to {devices} from {}",
            moment(advertisement.available)
        ),
    })
}

fn devices(plan: &Plan) -> String {
    let target = &plan.relied.target;
    match &target.members {
        Counted::Known(count) => format!("{}{}", many(*count, "device"), kinds(&target.impact)),
        Counted::Unknown(_) => format!(
            "the devices of {} (their number is not known)",
            target.collection
        ),
    }
}

fn kinds(impact: &Impact) -> String {
    match (impact.workstations, impact.servers) {
        (Some(workstations), Some(servers)) => {
            format!(
                " ({}, {})",
                many(workstations, "workstation"),
                many(servers, "server")
            )
        }
        _ => String::new(),
    }
}

fn trigger(advertisement: &MakeAdvertisement) -> String {
    let flags = advertisement.flags;
    let mut when = Vec::new();
    if let Some(deadline) = advertisement.deadline() {
        when.push(format!("from {}", moment(deadline)));
    }
    if flags.contains(AdvertFlags::IMMEDIATE) {
        when.push(format!(
            "as soon as they hear about it from {} on",
            moment(advertisement.available)
        ));
    }
    if flags.contains(AdvertFlags::ONUSERLOGON) {
        when.push("when somebody signs in".to_owned());
    }
    if flags.contains(AdvertFlags::ONUSERLOGOFF) {
        when.push("when somebody signs out".to_owned());
    }
    when.join(" or ")
}

fn windows(flags: AdvertFlags) -> &'static str {
    let ignores_for_running = flags.contains(AdvertFlags::OVERRIDE_SERVICE_WINDOWS);
    let ignores_for_restarts = flags.contains(AdvertFlags::REBOOT_OUTSIDE_OF_SERVICE_WINDOWS);
    match (ignores_for_running, ignores_for_restarts) {
        (false, false) => "in maintenance windows only",
        (true, false) => "whatever their maintenance windows say",
        (false, true) => "in maintenance windows, restarts at any time",
        (true, true) => "whatever their maintenance windows say, restarts included",
    }
}

fn restarts(plan: &Plan) -> &'static str {
    let flags = plan.relied.program_flags;
    if flags.contains(ProgramFlags::OKTOREBOOT) {
        "restarting each one afterwards"
    } else if flags.contains(ProgramFlags::OKTOQUIT) {
        "the program restarting each one"
    } else if flags.contains(ProgramFlags::OKTOLOGOFF) {
        "signing people out afterwards"
    } else {
        "restarting none"
    }
}

/// A moment with its clock: `Mon 30 Nov 20:00 device time`.
pub(in crate::distribution) fn moment(moment: Moment) -> String {
    let clock = if moment.is_utc() {
        "UTC"
    } else {
        "device time"
    };
    format!("{} {clock}", day_and_time(moment.digits()))
}

fn day_and_time(digits: DateTime) -> String {
    digits.strftime("%a %-d %b %H:%M").to_string()
}

/// A count with its noun.
pub(super) fn many(count: u64, noun: &str) -> String {
    words::count(count, noun, &format!("{noun}s"))
}

/// A size as people read it.
fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return many(bytes, "byte");
    }
    let mut tenths = bytes / 100;
    let mut unit = 0;
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths /= 1000;
        unit += 1;
    }
    let name = UNITS.get(unit).copied().unwrap_or("kB");
    if tenths >= 100 {
        format!("{} {name}", tenths / 10)
    } else {
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    }
}
