//! Drafts and facts for the tests of the rules, and the trial every rule stands: it fires, it is silent where nothing
//! is wrong, and it is silent about what nobody knows.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use jiff::{Timestamp, Zoned};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use crate::config::Limits;
use crate::distribution::check::{Finding, check};
use crate::distribution::draft::Draft;
use crate::distribution::facts::{
    Answer, ContentFact, CopyFact, Fact, Facts, GroupFact, Impact, Kinds, NamedProgram,
    PackageFact, PointsFact, Question, SiteFact, SourceFact, Target, WindowGroup, WindowsFact,
};
use crate::distribution::guard;
use crate::sms::nal::NalPath;
use crate::sms::rights::Sight;
use crate::sms::status::ContentState;

/// A Wednesday afternoon.
pub fn now() -> Zoned {
    "2026-11-25T14:02:00[UTC]".parse().unwrap()
}

/// A draft written as `package.name = "x"`, one answer a line; later lines win over earlier ones.
pub fn draft(lines: &str) -> Draft {
    let mut sections: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (path, value) = line.split_once(" = ").expect("path = value");
        let (section, key) = path.split_once('.').expect("section.key");
        sections.entry(section).or_default().insert(key, value);
    }
    let mut text = String::new();
    for (section, answers) in sections {
        writeln!(text, "[{section}]").unwrap();
        for (key, value) in answers {
            writeln!(text, "{key} = {value}").unwrap();
        }
    }
    let (draft, faults) = Draft::parse(Path::new("trial.toml"), &text, &now());
    assert_eq!(faults, [], "{text}");
    draft
}

/// A row of a class out of its properties.
pub fn row<T: DeserializeOwned>(properties: Json) -> T {
    serde_json::from_value(properties).expect("a row")
}

/// A draft that takes an existing program to an existing collection on Friday night.
pub const USING: &str = r#"
    package.use = "LAB00012"
    program.use = "Install"
    collection.use = "Pilot PCs"
    distribution_points.servers = ["dp01.lab.example"]
    advertisement.purpose = "required"
    advertisement.deadline = "2026-11-27T20:00"
"#;

/// A draft that makes everything.
pub const MAKING: &str = r#"
    package.name = "Line Tool"
    package.version = "3.1"
    package.manufacturer = "Example Works"
    package.source = "/srv/line-tool"
    program.name = "Install"
    program.command = "setup.exe /S"
    program.max_minutes = 60
    collection.name = "Line Tool - Pilot"
    collection.limit_to = "All Desktops"
    collection.devices = ["PC-0001"]
    distribution_points.servers = ["dp01.lab.example"]
    advertisement.purpose = "required"
    advertisement.deadline = "2026-11-27T20:00"
"#;

/// Facts as they are known, to be added to.
#[derive(Clone)]
pub struct Known(pub Facts);

impl Known {
    /// An embedded site and nothing else.
    pub fn here() -> Self {
        Self(Facts::default()).site(true)
    }

    /// A real site and nothing else.
    pub fn real() -> Self {
        Self(Facts::default()).site(false)
    }

    /// A real site whose clock is so many seconds ahead.
    pub fn ahead(seconds: i64) -> Self {
        let mut known = Self::usual();
        let Fact::Known { value: site, .. } = Self::real().0.site().map(Clone::clone) else {
            unreachable!("it was just learnt");
        };
        known = known.with(
            Question::Site,
            Answer::Site(SiteFact {
                clock_ahead: Some(seconds),
                ..site
            }),
        );
        known
    }

    /// A real site of which the account sees a part.
    pub fn in_part() -> Self {
        let known = Self::real();
        let Fact::Known { value: site, .. } = known.0.site().map(Clone::clone) else {
            unreachable!("it was just learnt");
        };
        let site = SiteFact {
            sight: Sight::Part,
            ..site
        };
        known.with(Question::Site, Answer::Site(site))
    }

    /// A site that does not say what machine it is on.
    pub fn guessed() -> Self {
        let known = Self::real();
        let Fact::Known { value: site, .. } = known.0.site().map(Clone::clone) else {
            unreachable!("it was just learnt");
        };
        let site = SiteFact {
            guessed: true,
            ..site
        };
        known.with(Question::Site, Answer::Site(site))
    }

    fn site(self, embedded: bool) -> Self {
        let (code, name, version) = ("LAB".into(), "Lab".into(), "5.00".into());
        self.with(
            Question::Site,
            Answer::Site(SiteFact {
                code,
                name,
                server: String::new(),
                version,
                embedded,
                guessed: false,
                here: embedded,
                clock_ahead: Some(0).filter(|_| embedded),
                sight: Sight::Whole,
            }),
        )
    }

    /// Everything USING and MAKING speak of, in good order.
    pub fn usual() -> Self {
        Self::here()
            .package(
                json!({ "PkgSourceFlag": 2, "SourceVersion": 2 }),
                &[json!({})],
            )
            .content(2, ContentState::Installed)
            .points()
            .collection(
                "Pilot PCs",
                json!({ "CollectionID": "LAB00014", "MemberCount": 37 }),
            )
            .collection(
                "All Desktops",
                json!({ "CollectionID": "LAB00002", "MemberCount": 1840 }),
            )
            .source(2, &[])
            .impact(using(), 37, |_| {})
            .impact(making(), 1, |_| {})
            .windows(using(), &[(37, &[])])
            .windows(making(), &[(1, &[])])
    }

    pub fn with(mut self, question: Question, answer: Answer) -> Self {
        self.0
            .learn(question, Fact::known(answer, Timestamp::UNIX_EPOCH));
        self
    }

    /// LAB00012, with a program for each object; they are called Install unless they say otherwise.
    pub fn package(self, properties: Json, programs: &[Json]) -> Self {
        let usual = json!({ "PackageID": "LAB00012", "Name": "7-Zip", "Version": "24.08" });
        let row: crate::sms::package::PackageRow = row(merged(usual, properties));
        let program = |properties: &Json| {
            let usual = json!({
                "PackageID": "LAB00012", "ProgramName": "Install", "Duration": 60, "ProgramFlags": 0x0810_A000_u32,
            });
            self::row(merged(usual, properties.clone()))
        };
        let fact = PackageFact {
            row,
            programs: programs.iter().map(program).collect(),
        };
        self.with(
            Question::Package("LAB00012".into()),
            Answer::Packages(vec![fact]),
        )
    }

    /// One copy of LAB00012 on dp01; its current version is 2.
    pub fn content(self, version: u32, state: ContentState) -> Self {
        let copy = CopyFact {
            nal_path: dp01(),
            site: "LAB".into(),
            state: Some(state),
            version,
        };
        let content = ContentFact {
            package: "LAB00012".into(),
            source_version: 2,
            size_kb: Some(1600),
            copies: vec![copy],
        };
        self.with(
            Question::Content("LAB00012".into()),
            Answer::Content(content),
        )
    }

    /// dp01, and the groups *Everywhere* with it and *Nowhere* without any.
    pub fn points(self) -> Self {
        let point = row(json!({
            "NALPath": dp01(), "ResourceType": "Windows NT Server", "SiteCode": "LAB", "ServerName": "dp01.lab.example",
        }));
        let group = |name: &str, members| GroupFact {
            row: row(json!({ "GroupID": format!("{{{name}}}"), "Name": name })),
            members: Fact::known(members, Timestamp::UNIX_EPOCH),
        };
        let groups = vec![
            group("Everywhere", vec![dp01()]),
            group("Nowhere", Vec::new()),
        ];
        self.with(
            Question::Points,
            Answer::Points(PointsFact {
                points: vec![point],
                groups,
                ..PointsFact::default()
            }),
        )
    }

    pub fn collection(self, named: &str, properties: Json) -> Self {
        let usual = json!({ "Name": named, "CollectionType": 2, "CurrentStatus": 1 });
        let found = vec![row(merged(usual, properties))];
        self.with(
            Question::Collection(named.into()),
            Answer::Collections(found),
        )
    }

    pub fn no_collection(self, named: &str) -> Self {
        self.with(
            Question::Collection(named.into()),
            Answer::Collections(Vec::new()),
        )
    }

    /// What is in /srv/line-tool.
    pub fn source(self, files: u64, hidden: &[&str]) -> Self {
        let fact = SourceFact::Folder {
            full_path: "/srv/line-tool".into(),
            files,
            bytes: 1_600_000,
            hidden: hidden.iter().map(|name| (*name).to_owned()).collect(),
            top: vec!["setup.exe".into(), "data".into()],
        };
        self.with(
            Question::Source("/srv/line-tool".into()),
            Answer::Source(fact),
        )
    }

    pub fn impact(self, target: Target, members: u64, change: impl FnOnce(&mut Kinds)) -> Self {
        let mut kinds = Kinds {
            workstations: members,
            with_client: members,
            active: members,
            ..Kinds::default()
        };
        change(&mut kinds);
        let impact = Impact {
            members,
            hidden: 0,
            fingerprint: "abc".into(),
            sample: Vec::new(),
            kinds: Fact::known(kinds, Timestamp::UNIX_EPOCH),
            largest_included: None,
            collection: None,
            parts: None,
        };
        self.with(Question::Impact(target), Answer::Impact(impact))
    }

    pub fn windows(self, target: Target, groups: &[(u64, &[&str])]) -> Self {
        let groups = groups.iter().map(|(devices, schedules)| WindowGroup {
            devices: *devices,
            schedules: schedules
                .iter()
                .map(|schedule| (*schedule).to_owned())
                .collect(),
        });
        self.with(
            Question::Windows(target),
            Answer::Windows(WindowsFact {
                groups: groups.collect(),
            }),
        )
    }

    /// The same questions, none of them answered.
    pub fn in_doubt(&self) -> [Facts; 3] {
        let doubts = [Fact::NotAsked, Fact::Asked, Fact::unknown("nobody knows")];
        doubts.map(|doubt| {
            let mut facts = Facts::default();
            for (question, _) in self.0.iter() {
                facts.learn(question.clone(), doubt.clone());
            }
            facts
        })
    }
}

fn merged(mut usual: Json, more: Json) -> Json {
    if let (Some(usual), Json::Object(more)) = (usual.as_object_mut(), more) {
        usual.extend(more);
    }
    usual
}

pub fn dp01() -> NalPath {
    NalPath::of_server("dp01.lab.example", &"LAB".into())
}

/// The target of [`USING`].
pub fn using() -> Target {
    Target::Existing("Pilot PCs".into())
}

/// The target of [`MAKING`].
pub fn making() -> Target {
    Target::New {
        limit_to: "All Desktops".into(),
        devices: vec!["PC-0001".into()],
        query: None,
        include: Vec::new(),
        exclude: Vec::new(),
    }
}

/// The program of [`USING`].
pub fn named() -> NamedProgram {
    NamedProgram {
        package: "LAB00012".into(),
        program: "Install".into(),
    }
}

/// The findings of a draft with these further lines.
pub fn found(base: &str, lines: &str, known: &Known) -> Vec<Finding> {
    check(&draft(&format!("{base}\n{lines}")), &known.0, &now())
}

/// All findings, those of the guard too.
pub fn guarded(base: &str, lines: &str, known: &Known, limits: &Limits) -> Vec<Finding> {
    guard::findings(
        &draft(&format!("{base}\n{lines}")),
        &known.0,
        limits,
        &now(),
    )
}

pub fn has(findings: &[Finding], code: &str) -> bool {
    findings.iter().any(|finding| finding.code == code)
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings
        .iter()
        .map(|finding| finding.code.as_ref())
        .collect()
}

/// A rule about the draft alone: it fires for the first lines, not for the second, whatever is known.
pub fn by_draft(base: &str, table: &[(&str, &str, &str)]) {
    for (code, wrong, right) in table {
        let known = Known::usual();
        let findings = found(base, wrong, &known);
        assert!(
            has(&findings, code),
            "{code} does not fire for {wrong}: {:?}",
            codes(&findings)
        );
        assert!(
            !has(&found(base, right, &known), code),
            "{code} fires for {right}"
        );
        for doubt in known.in_doubt() {
            // Total over every state of a fact: it may fire or not, but it never panics.
            let _ = check(&draft(&format!("{base}\n{wrong}")), &doubt, &now());
        }
    }
}

/// A rule about facts: with these lines it fires for the first facts, not for the second, and not for unknown ones.
pub fn by_facts(base: &str, table: &[(&str, &str, Known, Known)]) {
    for (code, lines, wrong, right) in table {
        let findings = found(base, lines, wrong);
        assert!(
            has(&findings, code),
            "{code} does not fire: {:?}",
            codes(&findings)
        );
        assert!(
            !has(&found(base, lines, right), code),
            "{code} fires where all is well"
        );
        for doubt in wrong.in_doubt() {
            let findings = check(&draft(&format!("{base}\n{lines}")), &doubt, &now());
            assert!(!has(&findings, code), "{code} fires although nobody knows");
        }
    }
}
