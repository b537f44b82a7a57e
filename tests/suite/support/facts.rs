//! What the scripted site says about a draft: answers to the wizard's questions, out of the fleet.

use consign::client::listing::DeviceLine;
use consign::distribution::facts::{
    Answer, CollectionFact, ContentFact, CopyFact, DependencyFact, DeviceFact, Fact, Facts,
    GroupFact, History, Impact, ImpactParts, Kinds, Named, PackageFact, PointsFact, Preview,
    QueryFact, Question, ResolvedName, SiteFact, SourceFact, Target, WindowGroup, WindowsFact,
};
use consign::distribution::impact::{Reached, Who};
use consign::sms::ids::{PackageId, SiteCode};
use consign::sms::resource::Platform;
use consign::sms::rights::Sight;
use consign::sms::status::ContentState;

use super::fleet::{Fleet, now};

/// Saturday 02:00, one hour.
const WINDOW: &str = "00343940081A2000";

/// The folder nobody can read.
pub const GONE: &str = "/srv/apps/gone";

/// Everything that was asked, answered.
pub fn answered(fleet: &Fleet, questions: &[Question]) -> Facts {
    let mut facts = Facts::default();
    for question in questions {
        let answer = answer(fleet, question);
        facts.learn(question.clone(), Fact::known(answer, now().timestamp()));
    }
    facts
}

fn answer(fleet: &Fleet, question: &Question) -> Answer {
    match question {
        Question::Site => Answer::Site(SiteFact {
            code: SiteCode::new("LAB"),
            name: "Laboratory".to_owned(),
            server: String::new(),
            version: "5.00.9128.1000".to_owned(),
            embedded: true,
            guessed: false,
            here: true,
            clock_ahead: None,
            sight: Sight::Whole,
        }),
        Question::Package(named) => Answer::Packages(packages(fleet, named)),
        Question::Makers => Answer::Makers(vec!["Igor Pavlov".to_owned(), "Mozilla".to_owned()]),
        Question::Applications { .. } => Answer::Applications(Vec::new()),
        Question::SourceUsers(_) | Question::ShareUsers(_) | Question::AdvertisementNamed(_) => {
            Answer::Users(Vec::new())
        }
        Question::Source(folder) => Answer::Source(source(folder)),
        Question::Content(package) => Answer::Content(content(fleet, package)),
        Question::Points => Answer::Points(points(fleet)),
        Question::Collection(named) => Answer::Collections(collections(fleet, named)),
        Question::LargeCollections(least) => {
            let all = fleet.collections().into_iter();
            let large = all.filter(|line| u64::from(line.members()) >= *least);
            Answer::Collections(large.map(|line| line.row).collect())
        }
        Question::Devices { names, .. } => {
            Answer::Devices(names.iter().map(|name| resolved(fleet, name)).collect())
        }
        Question::Query { .. } => Answer::Query(QueryFact {
            is_valid: true,
            message: String::new(),
            preview: Fact::known(
                Preview {
                    count: 12,
                    sample: names(0, 5),
                },
                now().timestamp(),
            ),
        }),
        Question::Impact(target) => Answer::Impact(impact(fleet, target)),
        Question::Windows(target) => Answer::Windows(windows(fleet, target)),
        Question::History { .. } => Answer::History(History {
            succeeded: 9,
            failed: 0,
        }),
        Question::Advertised { .. } => Answer::Advertised(Vec::new()),
        Question::Dependency(_) => Answer::Dependency(DependencyFact::default()),
        Question::Scopes => Answer::Scopes(Vec::new()),
        Question::Folders => Answer::Folders(Vec::new()),
    }
}

fn packages(fleet: &Fleet, named: &str) -> Vec<PackageFact> {
    let rows = fleet.packages().into_iter().map(|line| line.row);
    let fits =
        |id: &str, name: &str| id.eq_ignore_ascii_case(named) || name.eq_ignore_ascii_case(named);
    rows.filter(|row| fits(row.package_id.as_str(), &row.name))
        .map(|row| PackageFact {
            programs: fleet
                .programs()
                .into_iter()
                .map(|line| line.row)
                .filter(|program| program.package_id == row.package_id)
                .collect(),
            row,
        })
        .collect()
}

fn source(folder: &str) -> SourceFact {
    if folder.starts_with(GONE) {
        return SourceFact::Trouble {
            full_path: folder.to_owned(),
            reason: "it is not there".to_owned(),
        };
    }
    SourceFact::Folder {
        full_path: folder.to_owned(),
        files: 12,
        bytes: 298_000_000,
        hidden: Vec::new(),
        top: vec!["install.sh".to_owned(), "line-tool.bin".to_owned()],
    }
}

/// The first two points have the current version of 7-Zip; nobody has anything of the rest.
fn content(fleet: &Fleet, package: &str) -> ContentFact {
    let rows = fleet.points().into_iter().map(|line| line.row);
    let copies = rows.take(2).map(|row| CopyFact {
        nal_path: row.nal_path.clone(),
        site: row.site_code.clone(),
        state: Some(ContentState::Installed),
        version: 2,
    });
    ContentFact {
        package: PackageId::new(package),
        source_version: 2,
        size_kb: Some(1_640),
        copies: if package == "LAB0000C" {
            copies.collect()
        } else {
            Vec::new()
        },
    }
}

fn points(fleet: &Fleet) -> PointsFact {
    let points: Vec<_> = fleet.points().into_iter().map(|line| line.row).collect();
    let members = points.iter().map(|row| row.nal_path.clone()).collect();
    let groups = fleet.groups().into_iter().map(|line| GroupFact {
        row: line.row,
        members: Fact::known(Clone::clone(&members), now().timestamp()),
    });
    PointsFact {
        groups: groups.collect(),
        points,
        ..PointsFact::default()
    }
}

fn collections(fleet: &Fleet, named: &str) -> Vec<CollectionFact> {
    let rows = fleet.collections().into_iter().map(|line| line.row);
    rows.filter(|row| {
        row.collection_id.as_str().eq_ignore_ascii_case(named)
            || row.name.eq_ignore_ascii_case(named)
    })
    .collect()
}

fn resolved(fleet: &Fleet, name: &str) -> ResolvedName {
    let mut rows = (0..fleet.devices).map(|at| fleet.device(at).row);
    let found = rows.find(|row| row.name.eq_ignore_ascii_case(name));
    ResolvedName {
        name: name.to_owned(),
        matches: found
            .map(|row| DeviceFact {
                in_limit: Some(!row.name.starts_with("SRV")),
                row,
            })
            .into_iter()
            .collect(),
    }
}

fn names(from: usize, count: usize) -> Vec<String> {
    (from..from + count)
        .map(|at| format!("PC-{:04}", at + 1))
        .collect()
}

/// How many there are, and how many of them are servers.
fn counted(fleet: &Fleet, target: &Target) -> (u64, u64) {
    let Target::Existing(named) = target else {
        return (3, 0);
    };
    match collections(fleet, named).first() {
        Some(row) if row.name == "Pilot PCs" => (37, 2),
        Some(row) if row.name == "Servers" => (21, 21),
        Some(row) => (u64::try_from(row.member_count).unwrap_or(0), 0),
        None => (0, 0),
    }
}

fn impact(fleet: &Fleet, target: &Target) -> Impact {
    let (members, servers) = counted(fleet, target);
    let kinds = Kinds {
        workstations: members - servers,
        servers: (1..=servers)
            .map(|at| format!("SRV-{:04}", at * 20))
            .collect(),
        other: 0,
        site_systems: Vec::new(),
        with_client: members.saturating_sub(1),
        active: members.saturating_sub(3),
    };
    Impact {
        members,
        hidden: fleet.hidden as u64,
        fingerprint: format!("{members} members"),
        sample: names(6, usize::try_from(members.min(8)).unwrap()),
        kinds: if fleet.hidden == 0 {
            Fact::known(kinds, now().timestamp())
        } else {
            Fact::unknown("some devices cannot be read")
        },
        largest_included: None,
        collection: match target {
            Target::Existing(named) => collections(fleet, named).first().map(|row| {
                Box::new(Named {
                    id: row.collection_id.to_string(),
                    name: row.name.clone(),
                })
            }),
            Target::New { .. } => None,
        },
        parts: matches!(target, Target::New { .. }).then_some(ImpactParts {
            included: 3,
            excluded: 0,
            limit: 400,
            outside: 0,
            may_find_more: false,
        }),
    }
}

/// As many devices as the number says that was made up for them.
pub fn reached(fleet: &Fleet, reached: &Reached) -> Vec<DeviceLine> {
    let (members, servers) = counted(fleet, &reached.target);
    let (platform, count) = match &reached.who {
        Who::Servers => (Platform::Server, servers),
        Who::SiteSystems | Who::Failed(_) => (Platform::Server, 0),
        Who::Ran(_) => (Platform::Workstation, 9),
        Who::Obeying(obeyed) => {
            let groups = windows(fleet, &reached.target).groups.into_iter();
            let meant = groups.filter(|group| obeyed.contains(&group.schedules));
            let devices = meant.map(|group| group.devices).sum();
            (Platform::Workstation, devices)
        }
        _ => (Platform::Workstation, members - servers),
    };
    let devices = (0..fleet.devices).map(|at| fleet.device(at));
    let of_platform = devices.filter(|line| line.row.platform() == platform);
    of_platform.take(usize::try_from(count).unwrap()).collect()
}

/// All laptops obey a window, and two thirds of everything else.
fn windows(fleet: &Fleet, target: &Target) -> WindowsFact {
    let (members, _) = counted(fleet, target);
    let without = if members == 12 { 0 } else { members / 3 };
    let group = |devices, schedules: &[&str]| WindowGroup {
        devices,
        schedules: schedules.iter().map(ToString::to_string).collect(),
    };
    let groups = [group(members - without, &[WINDOW]), group(without, &[])];
    WindowsFact {
        groups: groups
            .into_iter()
            .filter(|group| group.devices > 0)
            .collect(),
    }
}
