//! A plan held against the limits in force and the time it is: both may be others than when it was made.
//!
//! What was acknowledged then stays acknowledged. What nobody was asked, because looser limits held, stops the plan.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::config::{FreezeWindow, Limits, PilotFirst, Rule as Policy};
use crate::distribution::check::Finding;
use crate::distribution::guard::who_can;
use crate::distribution::operation::{MakeAdvertisement, Operation};
use crate::distribution::plan::sentence::moment;
use crate::distribution::plan::{Counted, Plan};
use crate::distribution::words::{count, devices, number};
use crate::sms::advertisement::OfferType;
use crate::sms::advertisement_flags::AdvertFlags;
use crate::sms::ids::CollectionId;
use crate::sms::time::Moment;

/// A plan about to reach devices.
struct Judged<'a> {
    plan: &'a Plan,
    offer: &'a MakeAdvertisement,
    limits: &'a Limits,
    now: &'a Zoned,
}

type Rule = fn(&Judged<'_>) -> Option<Finding>;

const RULES: &[Rule] = &[
    start_passed,
    frozen,
    too_many,
    pilot,
    named,
    many,
    uncounted,
    built_in,
    servers,
    site_systems,
    ignores_windows,
    makes_package,
    makes_collection,
];

impl Plan {
    /// What the limits in force and the time say against it now. Anything means planning anew.
    pub fn against(&self, limits: &Limits, now: &Zoned) -> Vec<Finding> {
        let offers = self
            .numbered()
            .filter_map(|(_, operation)| match operation {
                Operation::Advertisement(offer) => Some(offer),
                _ => None,
            });
        let judged = offers.map(|offer| Judged {
            plan: self,
            offer,
            limits,
            now,
        });
        judged
            .flat_map(|judged| {
                RULES
                    .iter()
                    .filter_map(move |rule| rule(&judged))
                    .collect::<Vec<_>>()
            })
            .collect()
    }
}

impl Judged<'_> {
    fn is_required(&self) -> bool {
        self.offer.offer == OfferType::Required
    }

    fn members(&self) -> Option<u64> {
        self.plan.relied.target.members.known()
    }

    /// When devices begin to run it by themselves.
    fn start(&self) -> Option<Moment> {
        if !self.is_required() {
            return None;
        }
        let by_event = AdvertFlags::IMMEDIATE
            | AdvertFlags::ONSYSTEMSTARTUP
            | AdvertFlags::ONUSERLOGON
            | AdvertFlags::ONUSERLOGOFF;
        let event = self.offer.flags.intersects(by_event);
        let available = event.then_some(self.offer.available);
        let starts = self.offer.deadline().into_iter().chain(available);
        starts.min_by_key(|start| start.digits())
    }

    /// What the clock a moment is meant in shows. This machine's stands for the devices' own.
    fn clock(&self, of: Moment, at: Timestamp) -> DateTime {
        if of.is_utc() {
            TimeZone::UTC.to_datetime(at)
        } else {
            self.now.time_zone().to_datetime(at)
        }
    }

    fn was_confirmed(&self, code: &str) -> bool {
        let mut confirmed = self.plan.demand.confirm.iter();
        confirmed.any(|finding| finding.code == code)
    }

    /// A limit that asks for a tick lets pass what was ticked; `confirm` and `block` are its codes.
    fn by_policy(
        &self,
        policy: Policy,
        [confirm, block]: [&'static str; 2],
        setting: &str,
        what: String,
    ) -> Option<Finding> {
        match policy {
            Policy::Allow => None,
            Policy::Confirm => (!self.was_confirmed(confirm)).then(|| unasked(what)),
            Policy::Block => Some(Finding::stops(block, what).because(who_can(setting))),
        }
    }
}

/// The limits in force ask about something that nobody was asked when the plan was made.
fn unasked(what: String) -> Finding {
    Finding::stops("DRF-E05", what).because(
        "The limits here ask about this, and those it was planned under did not: plan it anew.",
    )
}

/// The evening it was meant for is over: devices would run it the moment they hear of it.
fn start_passed(judged: &Judged<'_>) -> Option<Finding> {
    let start = judged.start()?;
    let planned = judged.clock(start, judged.plan.made_at);
    let now = judged.clock(start, judged.now.timestamp());
    (planned < start.digits() && start.digits() <= now).then(|| {
        let what = format!("It was to start on {}, which has passed.", moment(start));
        Finding::stops("DRF-E04", what).because(
            "Devices would run it as soon as they hear of it: plan it anew for another time.",
        )
    })
}

fn frozen(judged: &Judged<'_>) -> Option<Finding> {
    let start = judged.start()?;
    let now = judged.clock(start, judged.now.timestamp());
    let due = start.digits().max(now);
    let mut freezes = judged.limits.freeze_windows.iter();
    let FreezeWindow { from, until } = freezes.find(|freeze| freeze.contains(due))?;
    let day = |at: &DateTime| at.strftime("%-d %b %Y %H:%M").to_string();
    let what = format!(
        "Nothing required may start from {} to {}.",
        day(from),
        day(until)
    );
    Some(Finding::stops("SAF-E08", what).because(who_can("freeze_windows")))
}

fn too_many(judged: &Judged<'_>) -> Option<Finding> {
    let (members, most) = (judged.members()?, judged.limits.max_members);
    (most > 0 && members > most).then(|| {
        let what = format!(
            "{} are more than the {} allowed here.",
            devices(members),
            number(most)
        );
        Finding::stops("SAF-E02", what).because(who_can("max_members"))
    })
}

fn pilot(judged: &Judged<'_>) -> Option<Finding> {
    let members = judged.members()?;
    let is_wanted = judged.limits.pilot_first == PilotFirst::Require
        && judged.is_required()
        && members > judged.limits.warn_members;
    is_wanted.then(|| {
        let what = format!("Try it on a few devices before {}.", devices(members));
        Finding::stops("SAF-E07", what).because(who_can("pilot_first"))
    })
}

/// From this many members on the collection's name is typed.
fn typed_from(judged: &Judged<'_>) -> u64 {
    if judged.is_required() {
        judged.limits.confirm_members
    } else {
        judged.limits.confirm_members_available
    }
}

fn named(judged: &Judged<'_>) -> Option<Finding> {
    let members = judged.members()?;
    let is_typed = judged.plan.demand.typed_name.is_some();
    (members >= typed_from(judged) && !is_typed).then(|| {
        unasked(format!(
            "It reaches {}, and nobody typed the name of the collection.",
            devices(members)
        ))
    })
}

fn many(judged: &Judged<'_>) -> Option<Finding> {
    let members = judged.members()?;
    let is_warned = judged.is_required()
        && (judged.limits.warn_members..typed_from(judged)).contains(&members)
        && judged.plan.demand.typed_name.is_none();
    (is_warned && !judged.was_confirmed("SAF-W01"))
        .then(|| unasked(format!("This runs by itself on {}.", devices(members))))
}

fn uncounted(judged: &Judged<'_>) -> Option<Finding> {
    let Counted::Unknown(reason) = &judged.plan.relied.target.members else {
        return None;
    };
    let what = format!("Nobody could count who gets it: {reason}.");
    let policy = judged.limits.unknown_impact;
    judged
        .is_required()
        .then(|| judged.by_policy(policy, ["SAF-W06", "SAF-E06"], "unknown_impact", what))?
}

fn built_in(judged: &Judged<'_>) -> Option<Finding> {
    let collection = judged.offer.collection.id()?;
    if !judged.is_required() || !CollectionId::looks_built_in(collection) {
        return None;
    }
    let name = &judged.plan.relied.target.collection;
    let what = format!("'{name}' came with the site: it holds whatever the site knows.");
    judged.by_policy(
        judged.limits.builtin,
        ["SAF-W03", "SAF-E03"],
        "builtin",
        what,
    )
}

fn servers(judged: &Judged<'_>) -> Option<Finding> {
    let servers = judged.plan.relied.target.impact.servers?;
    if !judged.is_required() || servers == 0 {
        return None;
    }
    let are = count(servers, "server is", "servers are");
    let what = format!("{are} among the devices.");
    let policy = judged.limits.servers;
    judged.by_policy(policy, ["SAF-W04", "SAF-E04"], "servers", what)
}

fn site_systems(judged: &Judged<'_>) -> Option<Finding> {
    let systems = judged.plan.relied.target.impact.site_systems?;
    if !judged.is_required() || systems == 0 {
        return None;
    }
    let what = format!("The site itself runs on {systems} of the devices.");
    let policy = judged.limits.site_systems;
    judged.by_policy(policy, ["SAF-W05", "SAF-E05"], "site_systems", what)
}

fn ignores_windows(judged: &Judged<'_>) -> Option<Finding> {
    let overrides =
        AdvertFlags::OVERRIDE_SERVICE_WINDOWS | AdvertFlags::REBOOT_OUTSIDE_OF_SERVICE_WINDOWS;
    if !judged.is_required() || !judged.offer.flags.intersects(overrides) {
        return None;
    }
    let what = "It runs or restarts outside maintenance windows.".to_owned();
    let policy = judged.limits.override_mw;
    judged.by_policy(policy, ["ADV-W28", "ADV-E28"], "override_mw", what)
}

fn makes_package(judged: &Judged<'_>) -> Option<Finding> {
    let mut operations = judged.plan.numbered();
    let makes = operations.any(|(_, operation)| matches!(operation, Operation::Package(_)));
    (makes && !judged.limits.house.new_packages).then(|| {
        Finding::stops("PKG-E01", "You are not allowed to create packages here.")
            .because(who_can("new_packages"))
    })
}

fn makes_collection(judged: &Judged<'_>) -> Option<Finding> {
    let mut operations = judged.plan.numbered();
    let makes = operations.any(|(_, operation)| matches!(operation, Operation::Collection(_)));
    (makes && !judged.limits.house.new_collections).then(|| {
        Finding::stops("COL-E01", "You are not allowed to create collections here.")
            .because(who_can("new_collections"))
    })
}

#[cfg(test)]
mod tests;
