use serde_json::json;

use super::*;
use crate::config::{Access, FreezeWindow, House, Pattern, PilotFirst};
use crate::distribution::check::trial::{
    Known, MAKING, USING, draft, guarded, has, named, now, using,
};
use crate::distribution::draft::Purpose;
use crate::distribution::facts::{Answer, Fact, Impact, ImpactParts, Question};
use crate::distribution::field::FieldId;

const OFFER: &str = "advertisement.purpose = \"available\"\nadvertisement.trigger = []";

/// So many devices in the target of USING.
fn many(members: u64) -> Known {
    Known::usual()
        .collection(
            "Pilot PCs",
            json!({ "CollectionID": "LAB00014", "MemberCount": members }),
        )
        .impact(using(), members, |_| {})
}

fn limits(change: impl FnOnce(&mut Limits)) -> Limits {
    let mut limits = Limits::default();
    change(&mut limits);
    limits
}

/// The draft of USING with further lines; an offer has no deadline.
fn using_with(lines: &str) -> Draft {
    let mut draft = draft(&format!("{USING}\n{lines}"));
    if draft.purpose() == Purpose::Available {
        draft.put(FieldId::AdvertisementDeadline, None).unwrap();
    }
    draft
}

fn demand(lines: &str, known: &Known, limits: &Limits) -> Demand {
    demands(&using_with(lines), &known.0, limits, &now())
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings
        .iter()
        .map(|finding| finding.code.as_ref())
        .collect()
}

#[test]
fn a_small_draft_in_good_order_demands_nothing() {
    let demand = demand("", &many(37), &Limits::default());
    assert!(demand.is_met(), "{demand:?}");
    assert_eq!(demand.after(&Acceptance::default()), None);
}

#[test]
fn from_the_limit_on_the_name_is_typed() {
    let limits = Limits::default();
    assert_eq!(demand("", &many(99), &limits).typed_name, None);
    assert_eq!(
        demand("", &many(100), &limits).typed_name.as_deref(),
        Some("Pilot PCs")
    );
    assert_eq!(demand(OFFER, &many(999), &limits).typed_name, None);
    assert_eq!(
        demand(OFFER, &many(1_000), &limits).typed_name.as_deref(),
        Some("Pilot PCs")
    );
}

#[test]
fn between_warning_and_typing_a_tick_is_enough() {
    let limits = limits(|limits| limits.confirm_members = 500);
    let demand = demand("", &many(100), &limits);
    assert_eq!(
        (codes(&demand.confirm), demand.typed_name),
        (vec!["SAF-W01"], None)
    );
}

#[test]
fn above_the_most_nothing_is_offered_and_it_says_who_can() {
    let limits = limits(|limits| limits.max_members = 500);
    assert!(demand(OFFER, &many(500), &limits).refused.is_empty());
    let demand = demand(OFFER, &many(501), &limits);
    assert_eq!(codes(&demand.refused), ["SAF-E02"]);
    assert!(demand.refused[0].why.contains("[limits] max_members"));
    assert!(demand.is_hopeless());
}

#[test]
fn servers_and_site_systems_need_more_than_a_tick() {
    let known = |systems: &[&str]| {
        let systems: Vec<String> = systems.iter().map(|name| (*name).to_owned()).collect();
        many(37).impact(using(), 37, |kinds| {
            kinds.servers = vec!["SRV-FILE2".into(), "SRV-PRINT1".into()];
            kinds.site_systems = systems;
        })
    };
    let usual = Limits::default();
    let found = demand("", &known(&[]), &usual);
    assert_eq!(
        (codes(&found.confirm), found.typed_name.as_deref()),
        (vec!["SAF-W04"], Some("Pilot PCs"))
    );
    assert_eq!(
        found.confirm[0].what,
        "2 servers are among the devices: SRV-FILE2, SRV-PRINT1."
    );
    assert_eq!(
        codes(&demand("", &known(&["SRV-FILE2"]), &usual).refused),
        ["SAF-E05"]
    );
    let block = limits(|limits| limits.servers = Policy::Block);
    assert_eq!(codes(&demand("", &known(&[]), &block).refused), ["SAF-E04"]);
    let allow = limits(|limits| limits.servers = Policy::Allow);
    assert_eq!(codes(&demand("", &known(&[]), &allow).confirm), [""; 0]);
    assert!(demand(OFFER, &known(&["SRV-FILE2"]), &usual).is_met());
}

#[test]
fn built_in_collections_are_asked_about_or_refused() {
    let all = many(37).collection(
        "Pilot PCs",
        json!({ "CollectionID": "SMS00001", "Name": "All Systems" }),
    );
    let found = demand("", &all, &Limits::default());
    assert_eq!(
        (codes(&found.confirm), found.typed_name.as_deref()),
        (vec!["SAF-W03"], Some("All Systems"))
    );
    let block = limits(|limits| limits.builtin = Policy::Block);
    assert_eq!(codes(&demand("", &all, &block).refused), ["SAF-E03"]);
    assert_eq!(codes(&demand(OFFER, &all, &block).refused), [""; 0]);
}

#[test]
fn what_nobody_could_count_is_not_harmless() {
    let mut facts = many(37).0;
    facts.learn(
        Question::Impact(using()),
        Fact::unknown("the site refused (403)"),
    );
    let unknown = Known(facts);
    let found = demand("", &unknown, &Limits::default());
    assert_eq!(
        (codes(&found.confirm), found.typed_name.as_deref()),
        (vec!["SAF-W06"], Some("Pilot PCs"))
    );
    assert_eq!(
        found.confirm[0].what,
        "Nobody could count who gets it: the site refused (403)."
    );
    let block = limits(|limits| limits.unknown_impact = Policy::Block);
    assert_eq!(codes(&demand("", &unknown, &block).refused), ["SAF-E06"]);
    assert!(demand(OFFER, &unknown, &block).is_met());
}

#[test]
fn counted_but_not_told_apart_is_in_doubt_too() {
    let impact = Impact {
        members: 30_000,
        hidden: 0,
        fingerprint: String::new(),
        sample: Vec::new(),
        kinds: Fact::unknown("they are too many"),
        largest_included: None,
        collection: None,
        parts: None,
    };
    let known = many(37).with(Question::Impact(using()), Answer::Impact(impact));
    assert!(has(
        &demand("", &known, &Limits::default()).confirm,
        "SAF-W06"
    ));
}

#[test]
fn a_fact_in_no_state_lets_a_required_one_through() {
    let target = using();
    for doubt in [Fact::NotAsked, Fact::Asked, Fact::unknown("nobody knows")] {
        let mut facts = Facts::default();
        facts.learn(Question::Impact(target.clone()), doubt);
        assert!(!demand("", &Known(facts), &Limits::default()).is_met());
    }
}

#[test]
fn ignored_windows_are_confirmed_and_typed_or_refused() {
    for line in [
        "advertisement.override_mw = true",
        "advertisement.reboot_outside_mw = true",
    ] {
        let found = demand(line, &many(37), &Limits::default());
        assert_eq!(
            (codes(&found.confirm), found.typed_name.as_deref()),
            (vec!["ADV-W28"], Some("Pilot PCs"))
        );
        let block = limits(|limits| limits.override_mw = Policy::Block);
        assert_eq!(codes(&demand(line, &many(37), &block).refused), ["ADV-E28"]);
        assert!(!offers_override_of_windows(&block));
    }
}

#[test]
fn a_forced_restart_is_typed() {
    let restarts = many(37).package(json!({}), &[json!({ "ProgramFlags": 0x0818_A000_u32 })]);
    assert_eq!(
        demand("", &restarts, &Limits::default())
            .typed_name
            .as_deref(),
        Some("Pilot PCs")
    );
    assert_eq!(
        demand(OFFER, &restarts, &Limits::default()).typed_name,
        None
    );
}

#[test]
fn as_soon_as_possible_on_many_is_confirmed() {
    let asap = "advertisement.trigger = [\"asap\"]";
    assert_eq!(
        codes(&demand(asap, &many(11), &Limits::default()).confirm),
        ["ADV-W11"]
    );
    assert!(demand(asap, &many(10), &Limits::default()).is_met());
}

#[test]
fn a_pilot_is_suggested_or_required() {
    let usual = demand("", &many(101), &Limits::default());
    assert!(has(&usual.notes, "SAF-W07"));
    let require = limits(|limits| limits.pilot_first = PilotFirst::Require);
    assert_eq!(
        codes(&demand("", &many(101), &require).refused),
        ["SAF-E07"]
    );
    let off = limits(|limits| limits.pilot_first = PilotFirst::Off);
    assert!(!has(&demand("", &many(101), &off).notes, "SAF-W07"));
}

#[test]
fn nothing_required_starts_in_a_freeze() {
    let freeze = FreezeWindow {
        from: jiff::civil::datetime(2026, 11, 27, 0, 0, 0, 0),
        until: jiff::civil::datetime(2026, 11, 30, 0, 0, 0, 0),
    };
    let frozen = limits(|limits| limits.freeze_windows = vec![freeze]);
    assert_eq!(codes(&demand("", &many(37), &frozen).refused), ["SAF-E08"]);
    assert!(
        demand(
            "advertisement.deadline = \"2026-11-30 00:00\"",
            &many(37),
            &frozen
        )
        .is_met()
    );
    assert!(demand(OFFER, &many(37), &frozen).is_met());
}

#[test]
fn a_late_deadline_hides_no_earlier_trigger_from_a_freeze() {
    let today = FreezeWindow {
        from: jiff::civil::datetime(2026, 11, 25, 0, 0, 0, 0),
        until: jiff::civil::datetime(2026, 11, 26, 0, 0, 0, 0),
    };
    let frozen = limits(|limits| limits.freeze_windows = vec![today]);
    let codes_with = |triggers: &str| {
        let lines = format!(
            "advertisement.trigger = [{triggers}]\nadvertisement.deadline = \"2026-12-05 20:00\""
        );
        let found = demand(&lines, &many(10), &frozen);
        codes(&found.refused).join(" ")
    };
    assert_eq!(codes_with("\"time\""), "");
    assert_eq!(codes_with("\"time\", \"asap\""), "SAF-E08");
    assert_eq!(codes_with("\"time\", \"sign-in\""), "SAF-E08");
}

#[test]
fn what_could_not_be_read_about_counted_devices_is_confirmed() {
    let mut facts = many(37).0;
    facts.learn(Question::Windows(using()), Fact::unknown("it refused"));
    let windows = demand("", &Known(facts.clone()), &Limits::default());
    assert_eq!(codes(&windows.confirm), ["SAF-W06"]);
    assert_eq!(
        windows.confirm[0].what,
        "Their maintenance windows could not be read: it refused."
    );
    let question = Question::Advertised {
        program: named(),
        target: using(),
    };
    facts.learn(question, Fact::unknown("it refused"));
    let both = demand("", &Known(facts.clone()), &Limits::default());
    assert_eq!(codes(&both.confirm), ["SAF-W06", "SAF-W06"]);
    assert!(demand(OFFER, &Known(facts), &Limits::default()).is_met());
}

#[test]
fn a_program_with_contradicting_bits_counts_as_the_one_that_disturbs_most() {
    // OKTOREBOOT and OKTOQUIT at once.
    let both = many(37).package(json!({}), &[json!({ "ProgramFlags": 0x081C_A000_u32 })]);
    assert_eq!(
        demand("", &both, &Limits::default()).typed_name.as_deref(),
        Some("Pilot PCs")
    );
}

#[test]
fn a_large_included_collection_is_told() {
    let part = "collection.include = [\"Laptops\"]";
    let laptops = |members: u32| {
        Known::usual().collection(
            "Laptops",
            json!({ "CollectionID": "LAB00005", "MemberCount": members }),
        )
    };
    let usual = Limits::default();
    assert!(has(
        &guarded(MAKING, part, &laptops(100), &usual),
        "COL-W27"
    ));
    assert!(!has(
        &guarded(MAKING, part, &laptops(99), &usual),
        "COL-W27"
    ));
}

#[test]
fn times_on_a_real_site_are_confirmed_until_its_clock_is_verified() {
    let real = Known(many(37).0).with(
        Question::Site,
        Known::real()
            .0
            .iter()
            .next()
            .unwrap()
            .1
            .value()
            .unwrap()
            .clone(),
    );
    assert!(has(
        &demand("", &real, &Limits::default()).confirm,
        "CLK-W01"
    ));
    let verified = limits(|limits| limits.clock_verified = true);
    assert!(!has(&demand("", &real, &verified).confirm, "CLK-W01"));
    assert!(!has(
        &demand("", &many(37), &Limits::default()).confirm,
        "CLK-W01"
    ));
}

#[test]
fn ticks_and_a_typed_name_meet_a_demand_and_nothing_less_does() {
    let known = many(100).package(json!({}), &[json!({ "ProgramFlags": 0x0810_B000_u32 })]);
    let demand = demand("", &known, &Limits::default());
    assert_eq!(codes(&demand.confirm), ["PRG-E02"]);
    let ticked = Acceptance::ticking_all(&demand);
    let left = demand
        .after(&ticked)
        .expect("the name is still to be typed");
    assert_eq!(
        (left.confirm.len(), left.typed_name.as_deref()),
        (0, Some("Pilot PCs"))
    );
    let typed = |name: &str| Acceptance {
        typed_name: Some(name.into()),
        ..ticked.clone()
    };
    assert!(demand.after(&typed("pilot pcs")).is_some());
    assert!(demand.after(&typed("yes")).is_some());
    assert_eq!(demand.after(&typed(" Pilot PCs ")), None);
    let only_typed = Acceptance {
        ticked: BTreeSet::new(),
        typed_name: Some("Pilot PCs".into()),
    };
    assert_eq!(
        demand.after(&only_typed).map(|left| left.confirm.len()),
        Some(1)
    );
}

#[test]
fn what_is_refused_stays_refused_whatever_is_said() {
    let limits = limits(|limits| limits.max_members = 10);
    let demand = demand("", &many(37), &limits);
    let acceptance = Acceptance {
        typed_name: Some("Pilot PCs".into()),
        ..Acceptance::ticking_all(&demand)
    };
    assert!(
        demand
            .after(&acceptance)
            .is_some_and(|left| left.is_hopeless())
    );
}

#[test]
fn a_new_collection_is_typed_by_its_own_name() {
    let target = draft(MAKING).target().unwrap();
    let known = Known::usual().impact(target, 100, |_| {});
    let demand = demands(&draft(MAKING), &known.0, &Limits::default(), &now());
    assert_eq!(demand.typed_name.as_deref(), Some("Line Tool - Pilot"));
}

#[test]
fn pickers_hide_large_and_built_in_collections() {
    let row = |properties| crate::distribution::check::trial::row::<CollectionFact>(properties);
    let limits = Limits::default();
    let hidden = |id: &str, members: u32| {
        is_hidden_from_pickers(
            &row(json!({ "CollectionID": id, "CollectionType": 2, "MemberCount": members })),
            &limits,
        )
    };
    assert!(!hidden("LAB00014", 99));
    assert!(hidden("LAB00014", 100));
    assert!(hidden("SMSDM003", 1));
}

#[test]
fn two_persons_and_readonly_sites() {
    let two = limits(|limits| limits.two_person = true);
    assert!(wants_another_person(&two, "ann", "ann").is_some());
    assert!(wants_another_person(&two, "ann", "bob").is_none());
    assert!(wants_another_person(&Limits::default(), "ann", "ann").is_none());
    let refusal = |access| refuses_changes(access).map(|finding| finding.to_string());
    assert!(refusal(Access::ReadOnly).unwrap().contains("--write"));
    assert!(refusal(Access::Viewer).unwrap().contains("viewer"));
    assert_eq!(refusal(Access::Write), None);
    assert_eq!(refusal(Access::Lifted), None);
}

#[test]
fn an_acceptance_travels_as_json() {
    let acceptance = Acceptance {
        ticked: ["SAF-W04 2 servers".to_owned()].into(),
        typed_name: Some("Pilot PCs".into()),
    };
    let text = serde_json::to_string(&acceptance).unwrap();
    assert_eq!(
        serde_json::from_str::<Acceptance>(&text).unwrap(),
        acceptance
    );
}

#[test]
fn known_facts_travel_as_json() {
    let facts = many(37).0;
    let text = serde_json::to_string(&facts).unwrap();
    assert_eq!(serde_json::from_str::<Facts>(&text).unwrap(), facts);
}

#[test]
fn the_house_says_what_is_made_and_how_it_is_called() {
    let pattern = |text: &str| Pattern::new(text).unwrap();
    let told = |base: &str, lines: &str, change: &dyn Fn(&mut House)| {
        let limits = limits(|limits| change(&mut limits.house));
        let found = guarded(base, lines, &Known::usual(), &limits);
        let house = [
            "PKG-E01", "COL-E01", "PKG-W08", "COL-W08", "ST-E04", "ST-E05",
        ];
        let codes = codes(&found)
            .into_iter()
            .filter(|code| house.contains(code));
        codes.map(str::to_owned).collect::<Vec<_>>()
    };
    let nothing = |_: &mut House| {};
    assert_eq!(told(MAKING, "", &nothing), [""; 0]);
    let no_making =
        |house: &mut House| (house.new_packages, house.new_collections) = (false, false);
    assert_eq!(told(MAKING, "", &no_making), ["PKG-E01", "COL-E01"]);
    assert_eq!(told(USING, "", &no_making), [""; 0]);
    let names = |house: &mut House| {
        house.package_names_like = Some(pattern("* (team)"));
        house.collection_names_like = Some(pattern("INST *"));
    };
    assert_eq!(told(MAKING, "", &names), ["PKG-W08", "COL-W08"]);
    assert_eq!(told(USING, "", &names), [""; 0]);
    let well = "package.name = \"Line Tool (team)\"\ncollection.name = \"INST Line Tool\"";
    assert_eq!(told(MAKING, well, &names), [""; 0]);
    let reason = |house: &mut House| {
        (house.reason_required, house.reason_like) = (true, Some(pattern("CHG####")));
    };
    assert_eq!(told(USING, "", &reason), ["ST-E04"]);
    assert_eq!(
        told(USING, "start.reason = \"because\"", &reason),
        ["ST-E05"]
    );
    assert_eq!(told(USING, "start.reason = \"CHG0042\"", &reason), [""; 0]);
}

/// Every limit that looks at who gets it: with this setting its code speaks of the first devices, not of the second.
fn limits_on_devices() -> Vec<(&'static str, Limits, &'static str, Known, Known)> {
    let asap = "advertisement.trigger = [\"asap\"]";
    let holds = |servers: &[&str], systems: &[&str]| {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let (servers, systems): (Vec<String>, Vec<String>) = (owned(servers), owned(systems));
        many(37).impact(using(), 37, |kinds| {
            (kinds.servers, kinds.site_systems) = (servers, systems);
        })
    };
    let servers = || holds(&["SRV-1"], &[]);
    let systems = || holds(&[], &["SRV-1"]);
    let built_in = || {
        let all = json!({ "CollectionID": "SMS00001", "Name": "All Systems", "MemberCount": 37 });
        many(37).collection("Pilot PCs", all)
    };
    let usual = Limits::default;
    vec![
        ("SAF-W01", usual(), "", many(100), many(99)),
        (
            "SAF-E02",
            limits(|limits| limits.max_members = 500),
            "",
            many(501),
            many(500),
        ),
        ("SAF-W03", usual(), "", built_in(), many(37)),
        (
            "SAF-E03",
            limits(|limits| limits.builtin = Policy::Block),
            "",
            built_in(),
            many(37),
        ),
        ("SAF-W04", usual(), "", servers(), many(37)),
        (
            "SAF-E04",
            limits(|limits| limits.servers = Policy::Block),
            "",
            servers(),
            many(37),
        ),
        (
            "SAF-W05",
            limits(|limits| limits.site_systems = Policy::Confirm),
            "",
            systems(),
            many(37),
        ),
        ("SAF-E05", usual(), "", systems(), many(37)),
        ("ADV-W11", usual(), asap, many(11), many(10)),
        ("SAF-W07", usual(), "", many(101), many(100)),
        (
            "SAF-E07",
            limits(|limits| limits.pilot_first = PilotFirst::Require),
            "",
            many(101),
            many(100),
        ),
    ]
}

#[test]
fn every_limit_on_devices_speaks_only_of_what_it_counted() {
    for (code, limits, lines, wrong, right) in limits_on_devices() {
        assert!(
            has(&guarded(USING, lines, &wrong, &limits), code),
            "{code} speaks"
        );
        assert!(
            !has(&guarded(USING, lines, &right, &limits), code),
            "{code} is silent where all is well"
        );
        for doubt in wrong.in_doubt() {
            let doubt = Known(doubt);
            assert!(
                !has(&guarded(USING, lines, &doubt, &limits), code),
                "{code} speaks although nobody counted"
            );
            let demand = demand(lines, &doubt, &limits);
            assert!(
                !demand.is_met(),
                "{code}: what nobody counted is let through"
            );
        }
    }
}

#[test]
fn where_doubt_is_allowed_a_required_one_may_run_uncounted() {
    let allow = limits(|limits| limits.unknown_impact = Policy::Allow);
    for doubt in many(37).in_doubt() {
        let demand = demand("", &Known(doubt), &allow);
        assert!(!has(&demand.confirm, "SAF-W06") && !has(&demand.refused, "SAF-E06"));
        assert_eq!(demand.typed_name, None);
    }
}

#[test]
fn a_new_collection_is_counted_in_part_where_a_part_is_seen() {
    let counted = |known: Known| {
        let target = draft(MAKING).target().unwrap();
        known.impact(target, 1, |_| {})
    };
    let found = |known: Known, lines: &str| {
        guarded(MAKING, lines, &counted(known), &Limits::default())
            .into_iter()
            .find(|finding| finding.code == "SAF-W06")
            .map(|finding| finding.what)
    };
    let told = found(Known::in_part(), "").unwrap();
    assert_eq!(
        told,
        "Counted are the 1 device you can see: the site may find more."
    );
    assert!(found(Known::in_part(), OFFER).is_some());
    assert_eq!(found(Known::real(), ""), None);
    let mut site_counted = many(37).0;
    site_counted.merge(Known::in_part().0);
    assert!(!has(
        &demand("", &Known(site_counted), &Limits::default()).confirm,
        "SAF-W06"
    ));
}

#[test]
fn a_new_collection_of_hidden_members_is_counted_in_part_whatever_the_account_is_known_to_see() {
    let target = || draft(MAKING).target().unwrap();
    let found = |hidden: u64, may_find_more: bool| {
        let mut known = Known::real().impact(target(), 400, |_| {});
        let impact = known.0.impact(&target()).map(|impact| {
            Answer::Impact(Impact {
                hidden,
                parts: Some(ImpactParts {
                    included: 400,
                    excluded: 0,
                    limit: 5_000,
                    outside: 0,
                    may_find_more,
                }),
                ..impact.clone()
            })
        });
        known.0.learn(Question::Impact(target()), impact);
        let found = guarded(MAKING, "", &known, &Limits::default());
        let told = found.into_iter().filter(|found| found.code == "SAF-W06");
        told.map(|found| found.what).collect::<Vec<_>>()
    };
    assert_eq!(
        found(388, false),
        ["Counted are the 12 devices you can see and up to 388 hidden from you."]
    );
    assert_eq!(
        found(388, true),
        [
            "Counted are the 12 devices you can see and up to 388 hidden from you: the site may find more."
        ]
    );
    assert_eq!(
        found(0, true),
        ["Counted are the 400 devices you can see: the site may find more."]
    );
    assert!(found(0, false).is_empty());
}

#[test]
fn members_that_are_hidden_are_told() {
    let mut known = many(37);
    let impact = known.0.impact(&using()).map(|impact| {
        Answer::Impact(Impact {
            hidden: 6,
            ..impact.clone()
        })
    });
    known.0.learn(Question::Impact(using()), impact);
    let notes = demand("", &known, &Limits::default()).notes;
    let told = notes.iter().find(|finding| finding.code == "SAF-W06");
    assert_eq!(
        told.map(|finding| finding.what.as_str()),
        Some("6 of the 37 devices are hidden from you and get it too.")
    );
}
