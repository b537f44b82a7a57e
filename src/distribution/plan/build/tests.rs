//! What becomes of answers: each draft a whole plan, looked at property by property.

use serde_json::{Value as Json, json};

use crate::config::Limits;
use crate::distribution::check::Weight;
use crate::distribution::draft::{
    Draft, Purpose, Rerun, RunTime, RunWhen, Trigger, Wait, When, Window,
};
use crate::distribution::facts::*;
use crate::distribution::operation::advertisement::Expires;
use crate::distribution::operation::content::Destination;
use crate::distribution::operation::wait::Enough;
use crate::distribution::operation::*;
use crate::distribution::plan::{Counted, Making, OpNumber, Plan, PlanId, Ref};
use crate::sms::advertisement::OfferType;
use crate::sms::advertisement_flags::{AdvertFlags, RemoteClientFlags};
use crate::sms::collection::RefreshType;
use crate::sms::collection_rule::CollectionRule;
use crate::sms::ids::{CollectionId, PackageId, SiteCode};
use crate::sms::nal::NalPath;
use crate::sms::program::ProgramRow;
use crate::sms::program_flags::ProgramFlags;
use crate::sms::rights::Sight;
use crate::sms::status::ContentState;

/// A draft that names everything new.
fn new_everything() -> Draft {
    let mut draft = Draft::default();
    let text = |text: &str| Some(text.to_owned());
    draft.start.reason = text("CHG0042");
    draft.package.name = text("Line Tool");
    draft.package.version = text("3.1");
    draft.package.manufacturer = text("Example Works");
    draft.package.source = text("./line-tool");
    draft.program.name = text("Install");
    draft.program.command = text("install.sh --quiet");
    draft.program.max_minutes = Some(RunTime::Minutes(60));
    draft.collection.name = text("Line Tool - Pilot");
    draft.collection.limit_to = text("All Desktops");
    draft.collection.devices = Some(vec!["PC-0001".into(), "PC-0002".into(), "pc-0001".into()]);
    draft.distribution_points.servers = Some(vec!["dp01".into()]);
    draft.advertisement.purpose = Some(Purpose::Required);
    draft.advertisement.available = Some(at("2026-11-28T08:00"));
    draft.advertisement.deadline = Some(at("2026-11-30T20:00"));
    draft
}

/// A draft that uses what is there.
fn shortest_path() -> Draft {
    let mut draft = Draft::default();
    draft.package.existing = Some("7-Zip".into());
    draft.program.existing = Some("install".into());
    draft.collection.existing = Some("Pilot PCs".into());
    draft.advertisement.purpose = Some(Purpose::Required);
    draft.advertisement.deadline = Some(at("2026-11-30T20:00"));
    draft
}

fn at(text: &str) -> When {
    When::At(text.parse().unwrap())
}

fn known(facts: &mut Facts, question: Question, answer: Answer) {
    facts.learn(
        question,
        Fact::known(answer, "2026-11-27T14:00:00Z".parse().unwrap()),
    );
}

fn row<T: serde::de::DeserializeOwned>(row: Json) -> T {
    serde_json::from_value(row).unwrap()
}

fn collection(id: &str, name: &str, members: u32) -> CollectionFact {
    row(
        json!({ "CollectionID": id, "Name": name, "CollectionType": 2, "MemberCount": members, "CurrentStatus": 1 }),
    )
}

fn point(server: &str) -> NalPath {
    NalPath::of_server(server, &SiteCode::new("LAB"))
}

/// A site with a few objects, and what it says to both drafts.
fn facts(embedded: bool) -> Facts {
    let mut facts = Facts::default();
    let site = SiteFact {
        code: SiteCode::new("LAB"),
        name: "Lab".into(),
        server: String::new(),
        version: "5.00".into(),
        embedded,
        guessed: false,
        here: embedded,
        clock_ahead: None,
        sight: Sight::Whole,
    };
    known(&mut facts, Question::Site, Answer::Site(site));
    let package = PackageFact {
        row: row(
            json!({ "PackageID": "LAB0000C", "Name": "7-Zip", "Version": "24.08", "PkgSourceFlag": 2, "SourceVersion": 2 }),
        ),
        programs: vec![row(json!({
            "PackageID": "LAB0000C", "ProgramName": "Install", "CommandLine": "7z.msi /qn", "ProgramFlags": 0x0910_A000,
        }))],
    };
    known(
        &mut facts,
        Question::Package("7-Zip".into()),
        Answer::Packages(vec![package]),
    );
    known(
        &mut facts,
        Question::Package("Line Tool".into()),
        Answer::Packages(Vec::new()),
    );
    let copy = |server: &str| CopyFact {
        nal_path: point(server),
        site: SiteCode::new("LAB"),
        state: Some(ContentState::Installed),
        version: 2,
    };
    let content = ContentFact {
        package: PackageId::new("LAB0000C"),
        source_version: 2,
        size_kb: Some(1600),
        copies: vec![copy("dp01.lab.example"), copy("dp02.lab.example")],
    };
    known(
        &mut facts,
        Question::Content("7-Zip".into()),
        Answer::Content(content),
    );
    known(&mut facts, Question::Points, Answer::Points(points()));
    for (id, name, members) in [
        ("LAB00014", "Pilot PCs", 37),
        ("LAB00010", "All Desktops", 240),
    ] {
        let rows = vec![collection(id, name, members)];
        known(
            &mut facts,
            Question::Collection(name.into()),
            Answer::Collections(rows),
        );
    }
    known(
        &mut facts,
        Question::Collection("Line Tool - Pilot".into()),
        Answer::Collections(Vec::new()),
    );
    devices(&mut facts);
    facts
}

fn points() -> PointsFact {
    let server = |name: &str| {
        row(json!({
            "NALPath": point(name), "ResourceType": "Windows NT Server", "SiteCode": "LAB", "ServerName": name,
        }))
    };
    PointsFact {
        points: vec![
            server("dp01.lab.example"),
            server("dp02.lab.example"),
            server("dp03.lab.example"),
        ],
        groups: vec![GroupFact {
            row: row(json!({ "GroupID": "{0B1C}", "Name": "DE points", "MemberCount": 2 })),
            members: Fact::known(
                vec![point("dp02.lab.example"), point("dp03.lab.example")],
                "2026-11-27T14:00:00Z".parse().unwrap(),
            ),
        }],
        ..PointsFact::default()
    }
}

fn devices(facts: &mut Facts) {
    let draft = new_everything();
    let names = draft.collection.devices.clone().unwrap();
    let found = |name: &str, id: u32| ResolvedName {
        name: name.into(),
        matches: vec![DeviceFact {
            row: row(json!({ "ResourceId": id, "Name": name.to_uppercase() })),
            in_limit: Some(true),
        }],
    };
    let resolved = vec![
        found("PC-0001", 16_777_219),
        found("PC-0002", 16_777_220),
        found("pc-0001", 16_777_219),
    ];
    let question = Question::Devices {
        names,
        limit_to: "All Desktops".into(),
    };
    known(facts, question, Answer::Devices(resolved));
    let impact = |members: u64, servers: usize| Impact {
        members,
        hidden: 0,
        fingerprint: format!("of {members}"),
        sample: vec!["PC-0001".into()],
        kinds: Fact::known(
            Kinds {
                workstations: members - servers as u64,
                servers: vec!["SRV-FILE2".into(); servers],
                ..Kinds::default()
            },
            "2026-11-27T14:00:00Z".parse().unwrap(),
        ),
        largest_included: None,
        collection: None,
        parts: None,
    };
    known(
        facts,
        Question::Impact(draft.target().unwrap()),
        Answer::Impact(impact(2, 0)),
    );
    let pilot = Target::Existing("Pilot PCs".into());
    known(
        facts,
        Question::Impact(pilot),
        Answer::Impact(impact(37, 2)),
    );
}

fn make(draft: &Draft, facts: &Facts) -> Plan {
    // Only what the building does: whether it is wise is the guard's business.
    let (plan, _) = super::build(draft, facts, &Limits::default(), &making()).unwrap();
    plan
}

fn making() -> Making {
    Making {
        id: PlanId::fresh(),
        author: "anna".into(),
        site: "lab".into(),
        now: "2026-11-27T15:02:11+01:00[Europe/Berlin]".parse().unwrap(),
    }
}

fn stopped(draft: &Draft, facts: &Facts) -> Vec<String> {
    let findings = super::build(draft, facts, &Limits::default(), &making()).unwrap_err();
    findings
        .iter()
        .map(|finding| finding.code.to_string())
        .collect()
}

fn titles(plan: &Plan) -> Vec<String> {
    let line = |(number, operation): (OpNumber, &Operation)| {
        let needs: Vec<String> = plan
            .line(number)
            .unwrap()
            .needs
            .iter()
            .map(ToString::to_string)
            .collect();
        format!(
            "{number} {} {} ({})",
            operation.mark().symbol(),
            operation.title(),
            needs.join(",")
        )
    };
    plan.numbered().map(line).collect()
}

fn advertisement(plan: &Plan) -> &MakeAdvertisement {
    match plan.numbered().last() {
        Some((_, Operation::Advertisement(advertisement))) => advertisement,
        other => panic!("{other:?}"),
    }
}

fn program(plan: &Plan) -> &MakeProgram {
    plan.numbered()
        .find_map(|(_, operation)| match operation {
            Operation::Program(program) => Some(program),
            _ => None,
        })
        .unwrap()
}

#[test]
fn everything_new_is_made_in_order_and_the_advertisement_waits_for_all_of_it() {
    let plan = make(&new_everything(), &facts(true));
    assert_eq!(
        titles(&plan),
        [
            "1 + Package ()",
            "2 + Program (1)",
            "3 + Collection ()",
            "4 > Rules (3)",
            "5 > Evaluation (3,4)",
            "6 + Content (1)",
            "7 ? Wait (1,6)",
            "8 + Advertisement (1,2,3,5,7)",
        ]
    );
    assert!(Plan::from_json(&plan.to_json().unwrap()).is_ok());
}

#[test]
fn what_is_there_already_is_a_line_to_read() {
    let plan = make(&shortest_path(), &facts(true));
    assert_eq!(
        titles(&plan),
        [
            "1 = Package ()",
            "2 = Program ()",
            "3 = Collection ()",
            "4 = Content ()",
            "5 + Advertisement (2,3)",
        ]
    );
    assert_eq!(
        plan.sentence(),
        "Use 7-Zip 24.08, program Install, already on 2 of 2 points, and install it on 37 devices (35 workstations, \
         2 servers) from Mon 30 Nov 20:00 device time, in maintenance windows only, restarting none."
    );
    let made = advertisement(&plan);
    assert_eq!(made.name, "7-Zip 24.08 Install → Pilot PCs");
    assert_eq!(made.package, Ref::Id(PackageId::new("LAB0000C")));
    assert_eq!(made.program, "Install", "as the site spells it");
}

#[test]
fn the_facts_a_plan_relies_on_are_in_it() {
    let plan = make(&shortest_path(), &facts(true));
    let relied = &plan.relied;
    assert_eq!(relied.target.members, Counted::Known(37));
    assert_eq!(relied.target.impact.servers, Some(2));
    assert_eq!(relied.target.members_hash.as_deref(), Some("of 37"));
    assert_eq!(
        relied
            .package
            .as_ref()
            .map(|version| version.source_version),
        Some(2)
    );
    assert_eq!(relied.thresholds, [100]);
    assert_eq!(relied.size, Some(1600 * 1024));
}

#[test]
fn a_device_named_twice_becomes_one_rule() {
    let plan = make(&new_everything(), &facts(true));
    let Some(Operation::Rules(rules)) = plan.operation(OpNumber(4)) else {
        panic!("rules")
    };
    let names: Vec<&str> = rules.rules.iter().map(CollectionRule::name).collect();
    assert_eq!(names, ["PC-0001", "PC-0002"]);
}

#[test]
fn program_flags_are_written_whole() {
    type Case = (&'static str, fn(&mut Draft), u32);
    let cases: Vec<Case> = vec![
        ("silent install: wizard.md 16", |_| {}, 0x0910_A000),
        (
            "in the user's own session",
            |draft| {
                draft.program.run_when = Some(RunWhen::User);
                draft.program.rights = Some(crate::distribution::draft::Rights::User);
                draft.program.window = Some(Window::Normal);
            },
            0x0810_4000,
        ),
        (
            "when nobody is signed in, normal window, with a restart",
            |draft| {
                draft.program.run_when = Some(RunWhen::NoUser);
                draft.program.window = Some(Window::Normal);
                draft.program.after = Some(crate::distribution::draft::After::Restart);
            },
            0x0812_A000 | 1 << 19,
        ),
        (
            "switched off, in task sequences, without notifications",
            |draft| {
                draft.program.disabled = Some(true);
                draft.program.ts_allowed = Some(true);
                draft.program.suppress_notify = Some(true);
            },
            0x0910_A000 | 1 << 12 | 1 | 1 << 10,
        ),
        (
            "an answer that is not shown any more does not count",
            |draft| draft.program.every_user = Some(true),
            0x0910_A000,
        ),
    ];
    for (what, change, bits) in cases {
        let mut draft = new_everything();
        change(&mut draft);
        let plan = make(&draft, &facts(true));
        let flags = program(&plan).flags;
        assert_eq!(
            flags,
            ProgramFlags::from_bits_retain(bits),
            "{what}: {:?}",
            flags.words()
        );
    }
}

#[test]
fn a_drive_letter_takes_the_network_path_away() {
    let mut draft = new_everything();
    draft.program.drive_mode = Some(crate::distribution::draft::DriveMode::Letter);
    draft.program.drive_letter = Some("Z".into());
    draft.program.reconnect = Some(true);
    let plan = make(&draft, &facts(true));
    let program = program(&plan);
    assert_eq!(program.drive_letter, "z");
    assert!(!program.flags.contains(ProgramFlags::USEUNCPATH));
    assert!(program.flags.contains(ProgramFlags::PERSISTCONNECTION));
}

#[test]
fn a_deadline_is_a_schedule_in_each_devices_own_time() {
    let plan = make(&new_everything(), &facts(true));
    let made = advertisement(&plan);
    assert_eq!(made.offer, OfferType::Required);
    assert_eq!(made.available.to_string(), "2026-11-28 08:00 device time");
    assert_eq!(
        made.deadline().unwrap().to_string(),
        "2026-11-30 20:00 device time"
    );
    assert!(!made.flags.contains(AdvertFlags::IMMEDIATE) && !made.utc);
    assert_eq!(made.expires, Expires::Never);
    assert_eq!(made.comment, "CHG0042; via consign");
}

#[test]
fn a_site_that_takes_no_schedules_gets_the_deadline_as_the_moment_it_becomes_available() {
    let mut draft = new_everything();
    draft.collection.devices = None;
    draft.collection.existing = Some("Pilot PCs".into());
    let (plan, notes) = super::build(&draft, &facts(false), &Limits::default(), &making()).unwrap();
    let made = advertisement(&plan);
    assert!(made.assigned.is_empty() && made.flags.contains(AdvertFlags::IMMEDIATE));
    assert_eq!(made.available.to_string(), "2026-11-30 20:00 device time");
    let codes: Vec<&str> = notes.iter().map(|note| note.code.as_ref()).collect();
    assert_eq!(codes, ["PLN-I03"]);
    assert!(notes.iter().all(|note| note.weight == Weight::Note));
}

#[test]
fn utc_is_said_of_every_time_and_now_is_read_on_the_right_clock() {
    let mut draft = shortest_path();
    draft.advertisement.utc = Some(true);
    draft.advertisement.expires = Some(at("2027-03-01T00:00"));
    let plan = make(&draft, &facts(true));
    let made = advertisement(&plan);
    assert!(made.utc && made.assigned.iter().all(|token| token.is_gmt));
    assert_eq!(made.available.to_string(), "2026-11-27 14:02 UTC");
    assert!(matches!(made.expires, Expires::At(moment) if moment.is_utc()));

    draft.advertisement.utc = None;
    let plan = make(&draft, &facts(true));
    assert_eq!(
        advertisement(&plan).available.to_string(),
        "2026-11-27 15:02 device time"
    );
}

#[test]
fn advert_flags_follow_the_purpose() {
    let mut draft = shortest_path();
    draft.advertisement.run_early = Some(false);
    draft.advertisement.wake = Some(true);
    draft.advertisement.override_mw = Some(true);
    let required = make(&draft, &facts(true));
    let hidden = AdvertFlags::NO_DISPLAY
        | AdvertFlags::WAKE_ON_LAN_ENABLED
        | AdvertFlags::OVERRIDE_SERVICE_WINDOWS;
    let usual = AdvertFlags::ENABLE_PEER_CACHING | AdvertFlags::DONOT_FALLBACK;
    assert_eq!(advertisement(&required).flags, hidden | usual);

    draft.advertisement.purpose = Some(Purpose::Available);
    let available = make(&draft, &facts(true));
    let made = advertisement(&available);
    assert_eq!(made.offer, OfferType::Available);
    assert_eq!(
        made.flags, usual,
        "an offer has no trigger and hides from nobody"
    );
    assert!(made.assigned.is_empty());
}

#[test]
fn events_and_times_may_stand_together() {
    let mut draft = shortest_path();
    let words = [
        Trigger::Time,
        Trigger::Asap,
        Trigger::SignIn,
        Trigger::SignOut,
    ];
    draft.advertisement.trigger = Some(
        words
            .into_iter()
            .map(|word| <&str>::from(word).to_owned())
            .collect(),
    );
    let plan = make(&draft, &facts(true));
    let made = advertisement(&plan);
    assert!(made.flags.contains(AdvertFlags::TRIGGERS));
    assert_eq!(made.assigned.len(), 1);
}

#[test]
fn remote_flags_choose_exactly_one_of_each_kind() {
    let mut draft = shortest_path();
    draft.advertisement.rerun = Some(Rerun::Always);
    draft.advertisement.persist_write_filter = Some(false);
    let plan = make(&draft, &facts(true));
    // wizard.md 16: download near and far, always again.
    assert_eq!(
        advertisement(&plan).remote_flags,
        RemoteClientFlags::from_bits_retain(2128)
    );
}

#[test]
fn a_package_without_files_goes_to_no_point() {
    let mut draft = new_everything();
    draft.package.source = None;
    draft.distribution_points.servers = None;
    let plan = make(&draft, &facts(true));
    assert!(
        titles(&plan)
            .iter()
            .all(|line| !line.contains("Content") && !line.contains("Wait"))
    );
}

#[test]
fn files_without_a_point_stop() {
    let mut draft = new_everything();
    draft.distribution_points.servers = None;
    assert_eq!(stopped(&draft, &facts(true)), ["CNT-E01"]);
}

#[test]
fn a_server_that_comes_with_a_group_is_sent_the_files_once() {
    let mut draft = new_everything();
    draft.distribution_points.groups = Some(vec!["de points".into()]);
    draft.distribution_points.servers = Some(vec!["dp03".into(), "dp01".into()]);
    draft.distribution_points.wait = Some(Wait::All);
    let plan = make(&draft, &facts(true));
    let sent: Vec<String> = plan
        .numbered()
        .filter_map(|(_, operation)| match operation {
            Operation::Content(content) => Some(match &content.to {
                Destination::Group(group) => group.name.clone(),
                Destination::Point(point) => point.server.clone(),
            }),
            _ => None,
        })
        .collect();
    assert_eq!(sent, ["DE points", "dp01.lab.example"]);
    let wait = plan.numbered().find_map(|(_, operation)| match operation {
        Operation::Wait(wait) => Some((wait.enough, wait.points.len())),
        _ => None,
    });
    assert_eq!(wait, Some((Enough::All, 3)));
}

#[test]
fn a_point_that_is_still_missing_is_sent_the_files_and_not_waited_for_when_one_has_them() {
    let mut draft = shortest_path();
    draft.distribution_points.servers = Some(vec!["dp01".into(), "dp03".into()]);
    let plan = make(&draft, &facts(true));
    assert_eq!(
        titles(&plan)[3..],
        ["4 + Content ()", "5 + Advertisement (2,3,4)"]
    );

    draft.distribution_points.wait = Some(Wait::All);
    let plan = make(&draft, &facts(true));
    assert_eq!(
        titles(&plan)[3..],
        [
            "4 + Content ()",
            "5 ? Wait (4)",
            "6 + Advertisement (2,3,5)"
        ]
    );
}

#[test]
fn a_query_is_asked_again_daily_where_the_site_takes_a_schedule() {
    let mut draft = new_everything();
    draft.collection.devices = None;
    draft.collection.query = Some("select * from SMS_R_System where Name like 'PC-%'".into());
    for (embedded, refresh) in [(true, RefreshType::Periodic), (false, RefreshType::Manual)] {
        let plan = make(&draft, &facts(embedded));
        let Some(Operation::Collection(made)) = plan.operation(OpNumber(3)) else {
            panic!("collection")
        };
        assert_eq!(made.refresh, refresh);
        assert_eq!(made.schedule.is_empty(), !embedded);
        assert_eq!(made.limit_to, CollectionId::new("LAB00010"));
    }
}

#[test]
fn what_is_made_goes_where_the_settings_want_it_and_a_missing_place_is_said_once() {
    let mut facts = facts(true);
    let mut limits = Limits::default();
    limits.house.placement.scopes = vec!["berlin".into()];
    limits.house.placement.packages = Some("Software".into());
    let said = |facts: &Facts| {
        let made = Plan::make(&new_everything(), facts, &limits, &making());
        made.map_err(|findings| {
            let codes = findings.iter().map(|finding| finding.code.to_string());
            codes
                .filter(|code| code.starts_with("HSE"))
                .collect::<Vec<_>>()
        })
    };
    let scope = row(json!({ "CategoryID": "LAB00001", "CategoryName": "Berlin" }));
    known(&mut facts, Question::Scopes, Answer::Scopes(vec![scope]));
    known(&mut facts, Question::Folders, Answer::Folders(Vec::new()));
    assert_eq!(said(&facts).unwrap_err(), ["HSE-E02"]);
    let folder = row(json!({ "ContainerNodeID": 7, "Name": "Software", "ObjectType": 2 }));
    known(&mut facts, Question::Folders, Answer::Folders(vec![folder]));
    let titles = titles(&said(&facts).unwrap());
    let begin = |title: &str| titles.iter().position(|line| line.contains(title));
    let order = ["Package", "Scopes", "Folder", "Program"].map(begin);
    assert_eq!(order, [0, 1, 2, 3].map(Some), "{titles:#?}");
}

#[test]
fn nothing_is_planned_on_what_could_not_be_read() {
    let mut facts = facts(true);
    facts.learn(
        Question::Package("7-Zip".into()),
        Fact::unknown("the site refused"),
    );
    facts.learn(Question::Collection("Pilot PCs".into()), Fact::Asked);
    assert_eq!(stopped(&shortest_path(), &facts), ["PLN-E01", "PLN-E01"]);
    assert_eq!(stopped(&shortest_path(), &Facts::default()), ["PLN-E01"]);
}

#[test]
fn an_unknown_count_is_kept_as_unknown() {
    let mut facts = facts(true);
    let pilot = Question::Impact(Target::Existing("Pilot PCs".into()));
    facts.learn(pilot, Fact::unknown("it took too long"));
    let plan = make(&shortest_path(), &facts);
    assert_eq!(
        plan.relied.target.members,
        Counted::Unknown("it took too long".into())
    );
    assert!(
        plan.sentence().contains("their number is not known"),
        "{}",
        plan.sentence()
    );
}

#[test]
fn names_that_mean_nothing_or_two_things_stop() {
    let mut draft = shortest_path();
    draft.program.existing = Some("Repair".into());
    assert_eq!(stopped(&draft, &facts(true)), ["PRG-E01"]);

    let mut facts = facts(true);
    let twins = vec![
        collection("LAB00014", "Pilot PCs", 37),
        collection("LAB00015", "Pilot PCs", 3),
    ];
    known(
        &mut facts,
        Question::Collection("Pilot PCs".into()),
        Answer::Collections(twins),
    );
    assert_eq!(stopped(&shortest_path(), &facts), ["COL-E02"]);
}

#[test]
fn a_plan_notices_what_changed_since() {
    let plan = make(&shortest_path(), &facts(true));
    let soon = plan
        .made_at
        .saturating_add(jiff::SignedDuration::from_mins(5))
        .unwrap();
    assert_eq!(plan.drift(&asked_again(&plan, |_| {}), soon), Vec::new());
    let codes = |change: &dyn Fn(&mut Facts)| -> Vec<String> {
        let findings = plan.drift(&asked_again(&plan, change), soon);
        findings.iter().map(ToString::to_string).collect()
    };
    let impact = |members: u64, fingerprint: &str, servers: usize| {
        Answer::Impact(Impact {
            members,
            hidden: 0,
            fingerprint: fingerprint.into(),
            sample: Vec::new(),
            kinds: Fact::known(
                Kinds {
                    workstations: 35,
                    servers: vec![String::new(); servers],
                    ..Kinds::default()
                },
                soon,
            ),
            largest_included: None,
            collection: None,
            parts: None,
        })
    };
    let pilot = Question::Impact(Target::Existing("Pilot PCs".into()));
    let grown = codes(&|facts| known(facts, pilot.clone(), impact(1912, "x", 2)));
    assert!(grown[0].starts_with(
        "DRF-E01 The collection had 37 members when this was planned and has 1,912 now."
    ));
    let served = codes(&|facts| known(facts, pilot.clone(), impact(38, "x", 3)));
    assert!(
        served[0].contains("There were 2 servers among the members"),
        "{served:?}"
    );
    let others = codes(&|facts| known(facts, pilot.clone(), impact(37, "x", 2)));
    assert!(others[0].starts_with("DRF-I01"), "{others:?}");
    let lost = codes(&|facts| facts.learn(pilot.clone(), Fact::unknown("the site refused")));
    assert!(lost[0].starts_with("DRF-E01"), "{lost:?}");
    let site = codes(&|facts| {
        let site = SiteFact {
            code: SiteCode::new("XYZ"),
            name: String::new(),
            server: String::new(),
            version: String::new(),
            embedded: true,
            guessed: false,
            here: true,
            clock_ahead: Some(0),
            sight: Sight::Whole,
        };
        known(facts, Question::Site, Answer::Site(site));
    });
    assert!(site[0].starts_with("DRF-E03"), "{site:?}");
    let nobody = codes(&|facts| facts.learn(Question::Site, Fact::unknown("the site refused")));
    assert!(nobody[0].starts_with("DRF-E01"), "{nobody:?}");
    let untold = codes(&|facts| {
        let Answer::Impact(mut impact) = impact(37, "x", 2) else {
            unreachable!()
        };
        impact.kinds = Fact::unknown("the site refused");
        known(facts, pilot.clone(), Answer::Impact(impact));
    });
    assert!(
        untold[0].starts_with("DRF-E01") && untold[0].contains("servers"),
        "{untold:?}"
    );
    let late = plan.drift(&asked_again(&plan, |_| {}), plan.expires_at);
    assert!(late[0].to_string().starts_with("DRF-E02"), "{late:?}");
}

#[test]
fn new_files_of_the_package_are_noticed() {
    let plan = make(&shortest_path(), &facts(true));
    let again = asked_again(&plan, |facts| {
        let package = PackageFact {
            row: row(
                json!({ "PackageID": "LAB0000C", "Name": "7-Zip", "PkgSourceFlag": 2, "SourceVersion": 3 }),
            ),
            programs: Vec::new(),
        };
        known(
            facts,
            Question::Package("LAB0000C".into()),
            Answer::Packages(vec![package]),
        );
    });
    let findings = plan.drift(&again, plan.made_at);
    assert!(
        findings[0]
            .to_string()
            .contains("had version 2 when this was planned and have version 3 now")
    );
}

#[test]
fn a_program_that_does_something_else_by_now_is_noticed() {
    let plan = make(&shortest_path(), &facts(true));
    let with = |change: &dyn Fn(&mut ProgramRow)| -> String {
        let again = asked_again(&plan, |facts| {
            let mut package = facts.packages("LAB0000C").value().unwrap()[0].clone();
            package.programs.iter_mut().for_each(change);
            let answer = Answer::Packages(vec![package]);
            known(facts, Question::Package("LAB0000C".into()), answer);
        });
        let findings = plan.drift(&again, plan.made_at);
        let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
        told.join("\n")
    };
    assert_eq!(with(&|_| {}), "");
    let command = with(&|program| program.command_line = "format.com c:".into());
    assert!(
        command.starts_with("DRF-E01") && command.contains("runs 'format.com c:' now"),
        "{command}"
    );
    let flags = with(&|program| program.program_flags.toggle(ProgramFlags::DISABLED));
    assert!(flags.contains("runs in another way"), "{flags}");
    let gone = with(&|program| program.program_name = "Other".into());
    assert!(gone.contains("any more"), "{gone}");
}

#[test]
fn copies_a_plan_counts_on_are_looked_for_again() {
    let plan = make(&shortest_path(), &facts(true));
    assert!(!plan.relied.copies.is_empty());
    let question = Question::Content("LAB0000C".into());
    let told = |fact: &dyn Fn(ContentFact) -> Fact<Answer>| {
        let again = asked_again(&plan, |facts| {
            let held = facts
                .content("LAB0000C")
                .value()
                .map(|held| (*held).clone());
            facts.learn(question.clone(), fact(held.unwrap()));
        });
        let findings = plan.drift(&again, plan.made_at);
        findings
            .first()
            .map(ToString::to_string)
            .unwrap_or_default()
    };
    let as_it_was = |held| Fact::known(Answer::Content(held), plan.made_at);
    assert_eq!(told(&as_it_was), "");
    let taken_off = told(&|mut held| {
        held.copies.clear();
        as_it_was(held)
    });
    assert!(taken_off.contains("held the files when"), "{taken_off}");
    let unread = told(&|_| Fact::unknown("the site refused"));
    assert!(unread.contains("could not be read again"), "{unread}");
}

/// What the site says to the questions of a plan, after a change.
fn asked_again(plan: &Plan, change: impl Fn(&mut Facts)) -> Facts {
    let mut facts = facts(true);
    let package = facts
        .packages("7-Zip")
        .value()
        .map(|found| (*found).clone())
        .unwrap();
    known(
        &mut facts,
        Question::Package("LAB0000C".into()),
        Answer::Packages(package),
    );
    let held = facts.content("7-Zip").value().map(|held| (*held).clone());
    if let Some(held) = held {
        let question = Question::Content("LAB0000C".into());
        known(&mut facts, question, Answer::Content(held));
    }
    change(&mut facts);
    let missing = facts.missing(plan.questions());
    assert!(missing.is_empty(), "{missing:?}");
    facts
}
