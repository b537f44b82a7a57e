//! Plans for tests: one that makes everything, and arbitrary ones.

use jiff::Timestamp;
use jiff::civil::date;
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::distribution::check::Weight;
use crate::distribution::operation::advertisement::Expires;
use crate::distribution::operation::already::What;
use crate::distribution::operation::content::{Destination, Group, Point};
use crate::distribution::operation::package::{Share, Source};
use crate::distribution::operation::wait::Enough;
use crate::distribution::operation::*;
use crate::sms::advertisement::OfferType;
use crate::sms::advertisement_flags::{AdvertFlags, RemoteClientFlags};
use crate::sms::collection::{CollectionType, RefreshType};
use crate::sms::collection_rule::CollectionRule;
use crate::sms::ids::{CollectionId, ResourceId, ScopeId, SiteCode};
use crate::sms::nal::NalPath;
use crate::sms::package::{PkgFlags, Priority};
use crate::sms::program_flags::ProgramFlags;
use crate::sms::schedule::{Recurrence, Span, Token};
use crate::sms::scope::ScopeRow;
use crate::sms::time::Moment;

/// A plan that makes everything: package, program, collection, content, advertisement.
pub(crate) fn everything() -> Plan {
    let package = Ref::MadeBy(OpNumber(1));
    let collection = Ref::MadeBy(OpNumber(3));
    let lab = SiteCode::new("LAB");
    let mut plan = plan_of(vec![
        Operation::Package(MakePackage {
            name: "Line Tool".into(),
            version: "3.1".into(),
            manufacturer: "Example Works".into(),
            language: String::new(),
            description: String::new(),
            source: Source::Folder("/srv/line-tool".into()),
            flags: PkgFlags::empty(),
            priority: Priority::Normal,
            share: Share::Common,
        }),
        Operation::Program(MakeProgram {
            package: package.clone(),
            name: "Install".into(),
            command: "install.sh --quiet".into(),
            start_in: String::new(),
            comment: String::new(),
            flags: ProgramFlags::SILENT,
            duration: 60,
            drive_letter: String::new(),
            disk: String::new(),
            requirements: String::new(),
            depends_on: String::new(),
            removal_key: String::new(),
        }),
        Operation::Collection(MakeCollection {
            name: "Line Tool - Pilot".into(),
            comment: String::new(),
            limit_to: CollectionId::new("SMS00001"),
            limit_to_name: "All Systems".into(),
            collection_type: CollectionType::Device,
            refresh: RefreshType::Manual,
            schedule: Vec::new(),
        }),
        Operation::Rules(AddRules {
            collection: collection.clone(),
            rules: vec![
                CollectionRule::device(ResourceId(16_777_219), "PC-0001"),
                CollectionRule::device(ResourceId(16_777_220), "PC-0002"),
            ],
        }),
        Operation::Evaluation(Evaluate {
            collection: collection.clone(),
            expected: Counted::Known(2),
            minutes: 30,
        }),
        Operation::Content(AssignContent {
            package: package.clone(),
            to: Destination::Point(Point {
                server: "dp01.lab.example".into(),
                nal_path: NalPath::of_server("dp01.lab.example", &lab),
                site: lab,
            }),
        }),
        Operation::Wait(WaitForContent {
            package: package.clone(),
            points: Vec::new(),
            enough: Enough::One,
            at_least: 0,
            version: 1,
            minutes: 30,
        }),
        Operation::Advertisement(MakeAdvertisement {
            name: "Line Tool 3.1 to pilot".into(),
            comment: "via consign".into(),
            collection,
            package,
            program: "Install".into(),
            offer: OfferType::Required,
            flags: AdvertFlags::empty(),
            remote_flags: RemoteClientFlags::CLASS_DEFAULT,
            available: Moment::DeviceClock(date(2026, 11, 28).at(8, 0, 0, 0)),
            assigned: vec![Token::once(Moment::DeviceClock(
                date(2026, 11, 30).at(20, 0, 0, 0),
            ))],
            expires: Expires::Never,
            utc: false,
        }),
    ]);
    let mut needs = |op: usize, needed: &[usize]| {
        plan.operations[op - 1].needs = needed.iter().copied().map(OpNumber).collect();
    };
    needs(5, &[3, 4]);
    needs(7, &[1, 6]);
    needs(8, &[1, 2, 3, 5, 7]);
    plan
}

/// A plan of these operations, each waiting for what it refers to.
pub(crate) fn plan_of(operations: Vec<Operation>) -> Plan {
    let made_at: Timestamp = "2026-11-27T14:02:11Z".parse().unwrap();
    Plan {
        form: Form,
        id: PlanId::fresh(),
        author: "lab\\admin".into(),
        site: SiteName {
            name: "lab".into(),
            code: SiteCode::new("LAB"),
            title: String::new(),
            server: String::new(),
        },
        verb: Verb::Install,
        reason: "CHG0042".into(),
        made_at,
        expires_at: made_at.saturating_add(LIFETIME).unwrap(),
        operations: operations
            .into_iter()
            .map(|operation| Line {
                needs: operation.referred(),
                operation,
            })
            .collect(),
        relied: Relied {
            target: Target {
                collection: "Line Tool - Pilot".into(),
                asked: None,
                members: Counted::Known(2),
                members_hash: None,
                impact: Impact::default(),
            },
            package: None,
            program_flags: ProgramFlags::SILENT,
            program: None,
            copies: Vec::new(),
            size: Some(1_640_000),
            thresholds: vec![100],
        },
        demand: Demand::default(),
    }
}

/// Any plan whose JSON can be written, whether it makes sense or not.
pub(crate) fn any_plan() -> impl Strategy<Value = Plan> {
    let operations = vec(any_operation(), 0..6);
    let findings = vec(any_finding(), 0..3);
    (operations, findings, any_counted(), any_text()).prop_map(
        |(operations, findings, members, text)| {
            let mut plan = plan_of(operations);
            plan.demand.confirm = findings;
            plan.relied.target.members = members;
            plan.reason = text;
            plan
        },
    )
}

fn any_text() -> impl Strategy<Value = String> {
    r#"[ -~äöü→\\"\n]{0,24}"#
}

fn any_finding() -> impl Strategy<Value = Finding> {
    let weight = prop_oneof![Just(Weight::Confirm), Just(Weight::Note)];
    (weight, any_text()).prop_map(|(weight, text)| Finding::new("PKG-W07", weight, text))
}

fn any_counted() -> impl Strategy<Value = Counted> {
    prop_oneof![
        any::<u64>().prop_map(Counted::Known),
        any_text().prop_map(Counted::Unknown)
    ]
}

fn any_ref<T: Clone + std::fmt::Debug + From<String>>() -> impl Strategy<Value = Ref<T>> {
    prop_oneof![
        "[A-Z]{3}[0-9A-F]{5}".prop_map(|id| Ref::Id(T::from(id))),
        (1..9_usize).prop_map(|number| Ref::MadeBy(OpNumber(number))),
    ]
}

fn any_moment() -> impl Strategy<Value = Moment> {
    (
        2000..2100_i16,
        1..=12_i8,
        1..=28_i8,
        0..24_i8,
        0..60_i8,
        any::<bool>(),
    )
        .prop_map(|(year, month, day, hour, minute, utc)| {
            let digits = date(year, month, day).at(hour, minute, 0, 0);
            if utc {
                Moment::Utc(jiff::tz::TimeZone::UTC.to_timestamp(digits).unwrap())
            } else {
                Moment::DeviceClock(digits)
            }
        })
}

fn any_operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        any_already(),
        any_package(),
        any_program(),
        any_collection(),
        any_scopes(),
        any_folder(),
        any_rules(),
        any_evaluation(),
        any_content(),
        any_wait(),
        any_advertisement(),
    ]
}

fn any_already() -> impl Strategy<Value = Operation> {
    let what = prop_oneof![
        Just(What::Package),
        Just(What::Program),
        Just(What::Collection),
        Just(What::Content)
    ];
    (what, any_text(), any_text(), any_text()).prop_map(|(what, id, name, words)| {
        Operation::Already(Already {
            what,
            id,
            name,
            words,
        })
    })
}

fn any_package() -> impl Strategy<Value = Operation> {
    let source = prop_oneof![Just(Source::None), any_text().prop_map(Source::Folder)];
    let share = prop_oneof![Just(Share::Common), any_text().prop_map(Share::Named)];
    (
        any_text(),
        any_text(),
        source,
        share,
        any::<u32>(),
        1..4_u32,
    )
        .prop_map(|(name, version, source, share, flags, priority)| {
            Operation::Package(MakePackage {
                name,
                version,
                manufacturer: String::new(),
                language: String::new(),
                description: String::new(),
                source,
                flags: PkgFlags::from_bits_retain(flags),
                priority: priority.into(),
                share,
            })
        })
}

fn any_program() -> impl Strategy<Value = Operation> {
    (any_ref(), any_text(), any_text(), any::<u32>(), 0..720_u32).prop_map(
        |(package, name, command, flags, duration)| {
            Operation::Program(MakeProgram {
                package,
                name,
                command,
                start_in: String::new(),
                comment: String::new(),
                flags: ProgramFlags::from_bits_retain(flags),
                duration,
                drive_letter: "z".into(),
                disk: "300 MB".into(),
                requirements: String::new(),
                depends_on: ";;Runtime".into(),
                removal_key: String::new(),
            })
        },
    )
}

fn any_collection() -> impl Strategy<Value = Operation> {
    (any_text(), any_text(), vec(any_moment(), 0..3)).prop_map(|(name, comment, starts)| {
        Operation::Collection(MakeCollection {
            name,
            comment,
            limit_to: CollectionId::new("SMS00001"),
            limit_to_name: "All Systems".into(),
            collection_type: CollectionType::Device,
            refresh: RefreshType::Periodic,
            schedule: starts
                .into_iter()
                .map(|start| Token::new(start, Recurrence::Interval(Span::days(1))))
                .collect(),
        })
    })
}

fn any_rules() -> impl Strategy<Value = Operation> {
    let rule = prop_oneof![
        (any::<u32>(), any_text())
            .prop_map(|(id, name)| CollectionRule::device(ResourceId(id), name)),
        (any_text(), any_text()).prop_map(|(name, wql)| CollectionRule::query(name, wql)),
        any_text().prop_map(|name| CollectionRule::Include {
            name,
            collection: CollectionId::new("LAB00014"),
        }),
        any_text().prop_map(|name| CollectionRule::Exclude {
            name,
            collection: CollectionId::new("LAB00015"),
        }),
    ];
    (any_ref(), vec(rule, 0..4))
        .prop_map(|(collection, rules)| Operation::Rules(AddRules { collection, rules }))
}

fn any_scopes() -> impl Strategy<Value = Operation> {
    (any_ref(), vec(any_text(), 0..3)).prop_map(|(package, names)| {
        let scopes = names.into_iter().map(|category_name| ScopeRow {
            category_id: ScopeId::new("LAB00001"),
            category_name,
        });
        Operation::Scopes(PutInScopes {
            package,
            scopes: scopes.collect(),
        })
    })
}

fn any_folder() -> impl Strategy<Value = Operation> {
    let placed = prop_oneof![
        any_ref().prop_map(Placed::Package),
        any_ref().prop_map(Placed::Collection),
    ];
    (placed, any::<u32>(), any_text()).prop_map(|(object, folder, path)| {
        Operation::Folder(MoveToFolder {
            object,
            folder,
            path,
        })
    })
}

fn any_evaluation() -> impl Strategy<Value = Operation> {
    (any_ref(), any_counted(), any::<u32>()).prop_map(|(collection, expected, minutes)| {
        Operation::Evaluation(Evaluate {
            collection,
            expected,
            minutes,
        })
    })
}

fn any_point() -> impl Strategy<Value = NalPath> {
    "[a-z0-9]{1,8}\\.lab\\.example"
        .prop_map(|server| NalPath::of_server(&server, &SiteCode::new("LAB")))
}

fn any_content() -> impl Strategy<Value = Operation> {
    let point = any_point().prop_map(|nal_path| {
        Destination::Point(Point {
            server: nal_path.server().to_owned(),
            nal_path,
            site: SiteCode::new("LAB"),
        })
    });
    let group = (any_text(), vec(any_point(), 0..4)).prop_map(|(name, points)| {
        Destination::Group(Group {
            id: "{0B1C}".into(),
            name,
            points,
        })
    });
    (any_ref(), prop_oneof![point, group])
        .prop_map(|(package, to)| Operation::Content(AssignContent { package, to }))
}

fn any_wait() -> impl Strategy<Value = Operation> {
    let enough = prop_oneof![Just(Enough::One), Just(Enough::All)];
    (
        any_ref(),
        vec(any_point(), 0..4),
        enough,
        any::<u32>(),
        any::<u32>(),
    )
        .prop_map(|(package, points, enough, version, minutes)| {
            Operation::Wait(WaitForContent {
                package,
                points,
                enough,
                at_least: 0,
                version,
                minutes,
            })
        })
}

fn any_advertisement() -> impl Strategy<Value = Operation> {
    let ids = (any_ref(), any_ref());
    let expires = prop_oneof![Just(Expires::Never), any_moment().prop_map(Expires::At)];
    let flags = (any::<u32>(), any::<u32>());
    (
        ids,
        any_text(),
        flags,
        any_moment(),
        vec(any_moment(), 0..3),
        expires,
    )
        .prop_map(
            |((collection, package), name, (flags, remote_flags), available, assigned, expires)| {
                Operation::Advertisement(MakeAdvertisement {
                    name,
                    comment: String::new(),
                    collection,
                    package,
                    program: "Install".into(),
                    offer: OfferType::Available,
                    flags: AdvertFlags::from_bits_retain(flags),
                    remote_flags: RemoteClientFlags::from_bits_retain(remote_flags),
                    available,
                    assigned: assigned.into_iter().map(Token::once).collect(),
                    expires,
                    utc: available.is_utc(),
                })
            },
        )
}
