//! The rules that depend on a site's limits, one a limit. Required advertisements meet all of them; an offer meets
//! those about sizes.

use jiff::civil::DateTime;

use crate::config::{FreezeWindow, Limits, PilotFirst, Rule as Policy};
use crate::distribution::check::{Case, Finding, Weight};
use crate::distribution::draft::settled::{listed, said};
use crate::distribution::draft::{After, Trigger};
use crate::distribution::facts::{CollectionFact, Fact, Kinds};
use crate::distribution::field::FieldId;
use crate::distribution::words::{self, devices, few, number};
use crate::sms::rights::Sight;

type Rule = fn(&Case<'_>, &Limits) -> Option<Finding>;

const RULES: &[Rule] = &[
    many,
    too_many,
    built_in,
    servers,
    site_systems,
    unknown_impact,
    unknown_kinds,
    hidden_members,
    counted_in_part,
    unread_windows,
    unread_advertisements,
    ignores_windows,
    as_soon_as_possible,
    pilot,
    frozen,
    large_include,
    clock_unproven,
];

/// Codes of what no answer can lift.
const REFUSALS: &[&str] = &[
    "SAF-E02", "SAF-E03", "SAF-E04", "SAF-E05", "SAF-E06", "SAF-E07", "SAF-E08", "ADV-E28",
];

pub(super) fn judge(case: &Case<'_>, limits: &Limits) -> Vec<Finding> {
    RULES.iter().filter_map(|rule| rule(case, limits)).collect()
}

pub(super) fn is_refusal(finding: &Finding) -> bool {
    REFUSALS.contains(&finding.code.as_ref())
}

fn place(case: &Case<'_>) -> FieldId {
    if case.is_new_collection() {
        FieldId::CollectionMode
    } else {
        FieldId::CollectionUse
    }
}

/// A limit said as a finding: nothing, a tick, or a refusal that says who can.
fn by_policy(
    policy: Policy,
    confirm: &'static str,
    block: &'static str,
    setting: &str,
    what: String,
) -> Option<Finding> {
    match policy {
        Policy::Allow => None,
        Policy::Confirm => Some(Finding::confirm(confirm, what)),
        Policy::Block => Some(Finding::stops(block, what).because(who_can(setting))),
    }
}

/// A refusal never ends with a no: it names the setting, and so the one who keeps it.
pub(super) fn who_can(setting: &str) -> String {
    format!(
        "Not offered here: whoever keeps the settings of this site can allow it ([limits] {setting})."
    )
}

/// From this many members on the collection's name is typed.
fn confirm_from(case: &Case<'_>, limits: &Limits) -> u64 {
    if case.draft.is_required() {
        limits.confirm_members
    } else {
        limits.confirm_members_available
    }
}

fn is_large(case: &Case<'_>, limits: &Limits) -> bool {
    case.members()
        .is_some_and(|members| members >= confirm_from(case, limits))
}

/// Where the name is typed a tick adds nothing, so it is only said.
fn many(case: &Case<'_>, limits: &Limits) -> Option<Finding> {
    let members = case.members()?;
    let warned = case.draft.is_required() && members >= limits.warn_members;
    if !warned && !is_large(case, limits) {
        return None;
    }
    let weight = if is_large(case, limits) {
        Weight::Note
    } else {
        Weight::Confirm
    };
    let what = if case.draft.is_required() {
        format!("This runs by itself on {}.", devices(members))
    } else {
        format!("This is offered on {}.", devices(members))
    };
    Some(Finding::new("SAF-W01", weight, what).at(place(case)))
}

fn too_many(case: &Case<'_>, limits: &Limits) -> Option<Finding> {
    let members = case.members()?;
    (limits.max_members > 0 && members > limits.max_members).then(|| {
        Finding::stops(
            "SAF-E02",
            format!(
                "{} are more than the {} allowed here.",
                devices(members),
                number(limits.max_members)
            ),
        )
        .because(who_can("max_members"))
        .at(place(case))
    })
}

pub(super) fn is_built_in(collection: &CollectionFact) -> bool {
    collection.is_built_in || collection.collection_id.looks_built_in()
}

fn targets_built_in(case: &Case<'_>) -> Option<bool> {
    Some(!case.is_new_collection() && is_built_in(case.collection().one()?))
}

fn built_in(case: &Case<'_>, limits: &Limits) -> Option<Finding> {
    let row = case.collection().one()?;
    if !targets_built_in(case)? {
        return None;
    }
    let what = format!(
        "'{}' came with the site: it holds whatever the site knows.",
        row.name
    );
    let policy = if case.draft.is_required() {
        limits.builtin
    } else {
        at_most_confirm(limits.builtin)
    };
    Some(by_policy(policy, "SAF-W03", "SAF-E03", "builtin", what)?.at(place(case)))
}

/// An offer runs nowhere by itself, so a block is a question there.
fn at_most_confirm(policy: Policy) -> Policy {
    match policy {
        Policy::Block => Policy::Confirm,
        other => other,
    }
}

fn kinds<'a>(case: &Case<'a>) -> Option<&'a Kinds> {
    case.impact()?.kinds.value()
}

fn servers(case: &Case<'_>, limits: &Limits) -> Option<Finding> {
    let servers = &kinds(case)?.servers;
    if servers.is_empty() || !case.draft.is_required() {
        return None;
    }
    let are = words::count(servers.len() as u64, "server is", "servers are");
    let what = format!("{are} among the devices: {}.", few(servers));
    Some(by_policy(limits.servers, "SAF-W04", "SAF-E04", "servers", what)?.at(place(case)))
}

fn site_systems(case: &Case<'_>, limits: &Limits) -> Option<Finding> {
    let systems = &kinds(case)?.site_systems;
    if systems.is_empty() || !case.draft.is_required() {
        return None;
    }
    let what = format!(
        "The site itself runs on {} of the devices: {}.",
        systems.len(),
        few(systems)
    );
    Some(
        by_policy(
            limits.site_systems,
            "SAF-W05",
            "SAF-E05",
            "site_systems",
            what,
        )?
        .at(place(case)),
    )
}

/// Somebody is meant, and nobody could count them.
fn unknown_impact(case: &Case<'_>, limits: &Limits) -> Option<Finding> {
    let fact = case.facts.impact(&case.target()?);
    let reason = fact.doubt()?;
    let what = format!("Nobody could count who gets it: {reason}.");
    Some(doubt(case, limits, what)?.at(place(case)))
}

/// Counted, but not told apart: servers and site systems may be among them.
fn unknown_kinds(case: &Case<'_>, limits: &Limits) -> Option<Finding> {
    let impact = case.impact()?;
    let reason = impact.kinds.doubt()?;
    if impact.members == 0 {
        return None;
    }
    let what = format!(
        "Servers among the {} could not be told apart: {reason}.",
        devices(impact.members)
    );
    Some(doubt(case, limits, what)?.at(place(case)))
}

/// The site counts more members than it shows. What sort of machines those are is unknown, and confirmed as such.
fn hidden_members(case: &Case<'_>, _: &Limits) -> Option<Finding> {
    let impact = case.impact()?;
    (impact.hidden > 0 && !case.is_new_collection()).then(|| {
        let what = format!(
            "{} of the {} are hidden from you and get it too.",
            number(impact.hidden),
            devices(impact.members)
        );
        Finding::note("SAF-W06", what)
            .because("What is said of their windows and of earlier runs leaves them out.")
            .at(place(case))
    })
}

/// Counted among what the account sees. The site works a collection out among all there is, and a new one is nowhere
/// counted but here. That only a part is seen is known of the account, or shows in the collections it is made of.
fn counted_in_part(case: &Case<'_>, limits: &Limits) -> Option<Finding> {
    let impact = case.impact().filter(|_| case.is_new_collection())?;
    let may_be_more = impact.may_be_more() || case.sight() == Sight::Part;
    if impact.hidden == 0 && !may_be_more {
        return None;
    }
    let hidden = match impact.hidden {
        0 => String::new(),
        hidden => format!(" and up to {} hidden from you", number(hidden)),
    };
    let more = if may_be_more {
        ": the site may find more"
    } else {
        ""
    };
    let seen = devices(impact.seen());
    let what = format!("Counted are the {seen} you can see{hidden}{more}.");
    Some(doubt(case, limits, what)?.at(place(case)))
}

/// Counted, but when its devices may run it is not known.
fn unread_windows(case: &Case<'_>, limits: &Limits) -> Option<Finding> {
    let target = case.target()?;
    if !case.draft.is_required() || overrides_windows(case) || case.impact()?.members == 0 {
        return None;
    }
    let Fact::Unknown { reason } = case.facts.windows(&target) else {
        return None;
    };
    let what = format!("Their maintenance windows could not be read: {reason}.");
    Some(doubt(case, limits, what)?.at(place(case)))
}

/// Counted, but what else reaches its devices is not known.
fn unread_advertisements(case: &Case<'_>, limits: &Limits) -> Option<Finding> {
    let (program, target) = (case.named_program()?, case.target()?);
    if !case.draft.is_required() || case.impact()?.members == 0 {
        return None;
    }
    let Fact::Unknown { reason } = case.facts.advertised(&program, &target) else {
        return None;
    };
    let what =
        format!("Whether this program is advertised to them already could not be read: {reason}.");
    Some(doubt(case, limits, what)?.at(place(case)))
}

fn doubt(case: &Case<'_>, limits: &Limits, what: String) -> Option<Finding> {
    if case.draft.is_required() {
        by_policy(
            limits.unknown_impact,
            "SAF-W06",
            "SAF-E06",
            "unknown_impact",
            what,
        )
    } else {
        Some(Finding::note("SAF-W06", what))
    }
}

fn overrides_windows(case: &Case<'_>) -> bool {
    let is_on = |id| case.draft.is_on(id);
    case.draft.is_required()
        && (is_on(FieldId::AdvertisementOverrideMw) || is_on(FieldId::AdvertisementRebootOutsideMw))
}

fn ignores_windows(case: &Case<'_>, limits: &Limits) -> Option<Finding> {
    if !overrides_windows(case) {
        return None;
    }
    let (field, what) = if case.draft.is_on(FieldId::AdvertisementOverrideMw) {
        (
            FieldId::AdvertisementOverrideMw,
            "Maintenance windows are ignored: it installs whatever the device is doing.",
        )
    } else {
        (
            FieldId::AdvertisementRebootOutsideMw,
            "Restarts do not wait for maintenance windows.",
        )
    };
    Some(
        by_policy(
            limits.override_mw,
            "ADV-W28",
            "ADV-E28",
            "override_mw",
            what.into(),
        )?
        .at(field),
    )
}

fn as_soon_as_possible(case: &Case<'_>, limits: &Limits) -> Option<Finding> {
    let members = case.members()?;
    let asap = case.draft.is_required() && case.draft.has_trigger(Trigger::Asap);
    (asap && members > limits.required_asap_max).then(|| {
        Finding::confirm(
            "ADV-W11",
            format!("It runs as soon as possible on {}.", devices(members)),
        )
        .because("There is no time to notice a mistake.")
        .at(FieldId::AdvertisementTrigger)
    })
}

fn pilot(case: &Case<'_>, limits: &Limits) -> Option<Finding> {
    let members = case.members()?;
    if !case.draft.is_required() || members <= limits.warn_members {
        return None;
    }
    let what = format!("Try it on a few devices before {}.", devices(members));
    match limits.pilot_first {
        PilotFirst::Off => None,
        PilotFirst::Suggest => Some(Finding::note("SAF-W07", what)),
        PilotFirst::Require => {
            Some(Finding::stops("SAF-E07", what).because(who_can("pilot_first")))
        }
    }
    .map(|finding| finding.at(place(case)))
}

fn frozen(case: &Case<'_>, limits: &Limits) -> Option<Finding> {
    if !case.draft.is_required() {
        return None;
    }
    let due = case.due().unwrap_or_else(|| case.now.datetime());
    let freeze = limits
        .freeze_windows
        .iter()
        .find(|freeze| freeze.contains(due))?;
    let FreezeWindow { from, until } = freeze;
    Some(
        Finding::stops(
            "SAF-E08",
            format!(
                "Nothing required may start from {} to {}.",
                date(*from),
                date(*until)
            ),
        )
        .because(who_can("freeze_windows"))
        .at(FieldId::AdvertisementDeadline),
    )
}

fn date(at: DateTime) -> String {
    at.strftime("%-d %b %Y %H:%M").to_string()
}

fn large_include(case: &Case<'_>, limits: &Limits) -> Option<Finding> {
    if !case.is_new_collection() {
        return None;
    }
    let included = listed(case.draft.collection.include.as_ref())
        .filter_map(|name| case.collection_named(name).one());
    let largest = included.max_by_key(|row| row.member_count)?;
    let members = u64::try_from(largest.member_count).ok()?;
    (members >= limits.warn_members).then(|| {
        Finding::note(
            "COL-W27",
            format!("It includes '{}' with {}.", largest.name, devices(members)),
        )
        .at(FieldId::CollectionInclude)
    })
}

/// How a real site reads a time without a zone is unproven until somebody looked (wizard.md 1.5).
fn clock_unproven(case: &Case<'_>, limits: &Limits) -> Option<Finding> {
    let advertisement = &case.draft.advertisement;
    let timed = [
        advertisement.available,
        advertisement.deadline,
        advertisement.expires,
    ]
    .into_iter()
    .flatten()
    .next();
    let is_open = case.is_embedded() == Some(false) && !limits.clock_verified;
    (is_open && timed.is_some()).then(|| {
        Finding::confirm("CLK-W01", "Nobody has verified yet how this site reads times.")
            .because("Compare one deployment with the vendor's console, then set clock_verified = true in [site.NAME.limits].")
            .at(FieldId::AdvertisementUtc)
    })
}

/// Whether the collection's name must be typed: large, or one of the risks that no tick should let through.
pub(super) fn wants_name(case: &Case<'_>, limits: &Limits) -> bool {
    if is_large(case, limits) {
        return true;
    }
    if !case.draft.is_required() || case.target().is_none() {
        return false;
    }
    let has_servers = kinds(case)
        .is_some_and(|kinds| !kinds.servers.is_empty() || !kinds.site_systems.is_empty());
    let restarts = case
        .running()
        .is_some_and(|running| matches!(running.after, After::Restart | After::ProgramRestarts));
    let uncounted = !matches!(
        case.target().map(|target| case.facts.impact(&target)),
        Some(Fact::Known { .. })
    );
    let asks = |policy: Policy| policy != Policy::Allow;
    (has_servers && (asks(limits.servers) || asks(limits.site_systems)))
        || (targets_built_in(case) == Some(true) && asks(limits.builtin))
        || (overrides_windows(case) && asks(limits.override_mw))
        || (uncounted && asks(limits.unknown_impact))
        || restarts
}

/// The name to be typed: of the collection as the site has it, or as the new one will be called.
pub(super) fn collection_name(case: &Case<'_>) -> String {
    if let Some(row) = case.collection().one() {
        return row.name.clone();
    }
    let collection = &case.draft.collection;
    said(collection.existing.as_ref())
        .or(said(collection.name.as_ref()))
        .unwrap_or_default()
        .to_owned()
}
