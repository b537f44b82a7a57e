//! A plan made under looser limits, or for a time that has passed, is noticed.

use jiff::civil::{date, datetime};

use super::*;
use crate::distribution::guard::Demand;
use crate::distribution::plan::Ref;
use crate::distribution::plan::samples::everything;
use crate::sms::schedule::Token;

/// Required on Monday 30 Nov 2026 at 20:00, planned three days before.
fn plan() -> Plan {
    everything()
}

fn offer(plan: &mut Plan) -> &mut MakeAdvertisement {
    let last = plan.operations.last_mut().unwrap();
    match &mut last.operation {
        Operation::Advertisement(offer) => offer,
        other => panic!("{other:?}"),
    }
}

fn utc(day: i8, hour: i8, minute: i8) -> Zoned {
    let month = if day < 3 { 12 } else { 11 };
    let at = datetime(2026, month, day, hour, minute, 0, 0);
    at.to_zoned(TimeZone::UTC).unwrap()
}

fn codes(plan: &Plan, limits: &Limits, now: &Zoned) -> Vec<String> {
    let against = plan.against(limits, now);
    against
        .iter()
        .map(|finding| finding.code.to_string())
        .collect()
}

fn in_time() -> Zoned {
    utc(29, 12, 0)
}

const NOTHING: [&str; 0] = [];

type Change<'a> = &'a dyn Fn(&mut Limits);

#[test]
fn a_start_that_was_ahead_and_has_passed_stops() {
    let limits = Limits::default();
    assert_eq!(codes(&plan(), &limits, &utc(30, 19, 59)), NOTHING);
    assert_eq!(codes(&plan(), &limits, &utc(30, 20, 0)), ["DRF-E04"]);
    assert_eq!(codes(&plan(), &limits, &utc(1, 9, 0)), ["DRF-E04"]);
    let told = plan().against(&limits, &utc(1, 9, 0));
    assert!(told[0].what.contains("Mon 30 Nov 20:00"), "{told:?}");
}

#[test]
fn the_clock_the_times_are_meant_in_decides() {
    let mut plan = plan();
    let start: Timestamp = "2026-11-30T20:00:00Z".parse().unwrap();
    offer(&mut plan).assigned = vec![Token::once(Moment::Utc(start))];
    let east = jiff::tz::Offset::constant(5).to_time_zone();
    let at = |hour, minute| {
        let at = date(2026, 11, 30).at(hour, minute, 0, 0);
        at.to_zoned(east.clone()).unwrap()
    };
    assert_eq!(
        codes(&plan, &Limits::default(), &at(23, 0)),
        NOTHING,
        "18:00 UTC"
    );
    offer(&mut plan).assigned = vec![Token::once(Moment::DeviceClock(
        date(2026, 11, 30).at(20, 0, 0, 0),
    ))];
    assert_eq!(codes(&plan, &Limits::default(), &at(23, 0)), ["DRF-E04"]);
}

#[test]
fn what_was_meant_for_now_may_run_later_too() {
    let mut plan = plan();
    let now = TimeZone::UTC.to_datetime(plan.made_at);
    offer(&mut plan).assigned = vec![Token::once(Moment::DeviceClock(now))];
    assert_eq!(codes(&plan, &Limits::default(), &utc(28, 9, 0)), NOTHING);
}

#[test]
fn an_offer_runs_nowhere_by_itself_so_its_start_may_pass() {
    let mut plan = plan();
    offer(&mut plan).offer = OfferType::Available;
    offer(&mut plan).assigned = Vec::new();
    assert_eq!(codes(&plan, &Limits::default(), &utc(1, 9, 0)), NOTHING);
}

#[test]
fn as_soon_as_possible_from_a_moment_on_starts_at_that_moment() {
    let mut plan = plan();
    offer(&mut plan).assigned = Vec::new();
    offer(&mut plan).flags = AdvertFlags::IMMEDIATE;
    assert_eq!(codes(&plan, &Limits::default(), &utc(28, 7, 59)), NOTHING);
    assert_eq!(
        codes(&plan, &Limits::default(), &utc(28, 8, 0)),
        ["DRF-E04"]
    );
}

#[test]
fn a_freeze_that_was_set_meanwhile_stops() {
    let freeze = |from: i8, until: i8| Limits {
        freeze_windows: vec![FreezeWindow {
            from: date(2026, 11, from).at(0, 0, 0, 0),
            until: date(2026, 11, until).at(23, 0, 0, 0),
        }],
        ..Limits::default()
    };
    assert_eq!(codes(&plan(), &freeze(30, 30), &in_time()), ["SAF-E08"]);
    assert_eq!(
        codes(&plan(), &freeze(28, 29), &in_time()),
        NOTHING,
        "it starts after it"
    );
    let mut now = plan();
    let made = TimeZone::UTC.to_datetime(now.made_at);
    offer(&mut now).assigned = vec![Token::once(Moment::DeviceClock(made))];
    assert_eq!(
        codes(&now, &freeze(28, 29), &in_time()),
        ["SAF-E08"],
        "what is due already starts now"
    );
}

#[test]
fn limits_stricter_than_those_of_the_planner_stop() {
    let strict = |change: &dyn Fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        limits
    };
    let with = |change: &dyn Fn(&mut Plan)| {
        let mut plan = plan();
        change(&mut plan);
        plan
    };
    let most = |limits: &mut Limits| limits.max_members = 500;
    let large = with(&|plan| {
        plan.relied.target.members = Counted::Known(1_912);
        plan.demand.typed_name = Some("Line Tool - Pilot".into());
    });
    let all_systems = with(&|plan| {
        offer(plan).collection = Ref::Id(CollectionId::new("SMS00001"));
    });
    let servers = with(&|plan| plan.relied.target.impact.servers = Some(2));
    let systems = with(&|plan| plan.relied.target.impact.site_systems = Some(1));
    let unknown = with(&|plan| {
        plan.relied.target.members = Counted::Unknown("it took too long".into());
    });
    let anytime = with(&|plan| offer(plan).flags = AdvertFlags::OVERRIDE_SERVICE_WINDOWS);
    let cases: [(&Plan, Change<'_>, &str); 10] = [
        (&large, &most, "SAF-E02"),
        (
            &large,
            &|limits| limits.pilot_first = PilotFirst::Require,
            "SAF-E07",
        ),
        (
            &all_systems,
            &|limits| limits.builtin = Policy::Block,
            "SAF-E03",
        ),
        (
            &servers,
            &|limits| limits.servers = Policy::Block,
            "SAF-E04",
        ),
        (
            &systems,
            &|limits| limits.site_systems = Policy::Block,
            "SAF-E05",
        ),
        (
            &unknown,
            &|limits| limits.unknown_impact = Policy::Block,
            "SAF-E06",
        ),
        (
            &anytime,
            &|limits| limits.override_mw = Policy::Block,
            "ADV-E28",
        ),
        (&plan(), &|limits| limits.confirm_members = 2, "DRF-E05"),
        (
            &plan(),
            &|limits| limits.house.new_packages = false,
            "PKG-E01",
        ),
        (
            &plan(),
            &|limits| limits.house.new_collections = false,
            "COL-E01",
        ),
    ];
    let loose = strict(&|limits| {
        limits.builtin = Policy::Allow;
        limits.servers = Policy::Allow;
        limits.site_systems = Policy::Allow;
        limits.unknown_impact = Policy::Allow;
        limits.override_mw = Policy::Allow;
    });
    for (plan, limits, code) in cases {
        assert_eq!(codes(plan, &loose, &in_time()), NOTHING, "{code}");
        let mut limited = loose.clone();
        limits(&mut limited);
        assert_eq!(codes(plan, &limited, &in_time()), [code]);
    }
}

#[test]
fn what_was_confirmed_stays_confirmed_and_what_nobody_was_asked_stops() {
    let mut plan = plan();
    plan.relied.target.impact.servers = Some(2);
    assert_eq!(codes(&plan, &Limits::default(), &in_time()), ["DRF-E05"]);
    plan.demand = Demand {
        confirm: vec![Finding::confirm(
            "SAF-W04",
            "2 servers are among the devices.",
        )],
        ..Demand::default()
    };
    assert_eq!(codes(&plan, &Limits::default(), &in_time()), NOTHING);
}
