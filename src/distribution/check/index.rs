//! The index of rules across fields (wizard.md 17), row by row: each fires with the weight of the book, is silent where
//! all is well, and is silent about what nobody knows. `DRF-E01` is tried beside the drift of a plan; a recurring
//! advertisement (`ADV-E17`) cannot be said yet.

use serde_json::json;

use super::trial::{Known, MAKING, USING, dp01, draft, found, named, now, using};
use super::{Weight, check};
use crate::distribution::facts::{
    Advertised, Answer, ContentFact, DependencyFact, DependencyLink, NamedProgram, Question,
};
use crate::sms::ids::ProgramId;

/// One row of the index, tried.
struct Row {
    code: &'static str,
    weight: Weight,
    base: &'static str,
    /// Further lines of the draft, and what is known, when it fires.
    wrong: (String, Known),
    /// The same when all is well.
    right: (String, Known),
}

/// A row about the draft alone.
fn said(code: &'static str, weight: Weight, wrong: &str, right: &str) -> Row {
    Row {
        code,
        weight,
        base: MAKING,
        wrong: (wrong.into(), Known::usual()),
        right: (right.into(), Known::usual()),
    }
}

/// A row about what the site says.
fn known(code: &'static str, weight: Weight, lines: &str, wrong: Known, right: Known) -> Row {
    Row {
        code,
        weight,
        base: USING,
        wrong: (lines.into(), wrong),
        right: (lines.into(), right),
    }
}

/// An existing program with these flags.
fn flags(flags: u32) -> Known {
    Known::usual().package(json!({}), &[json!({ "ProgramFlags": flags })])
}

fn about_the_draft() -> Vec<Row> {
    use Weight::{Confirm, Note, Stops};
    let letter = "program.drive_mode = \"letter\"\nprogram.drive_letter = \"Q\"";
    let nobody = "program.run_when = \"no-user\"";
    let at = |event: &str| format!("advertisement.trigger = [\"{event}\"]");
    let offered = "advertisement.purpose = \"available\"\nadvertisement.trigger = [\"asap\"]";
    let soon = "distribution_points.wait = \"none\"\nadvertisement.deadline = \"+30m\"";
    vec![
        said(
            "PRG-E22",
            Stops,
            &format!("{nobody}\nprogram.interact = true"),
            nobody,
        ),
        said(
            "PRG-W23",
            Confirm,
            "program.interact = true",
            "program.interact = true\nprogram.run_when = \"user\"",
        ),
        said(
            "PRG-W20",
            Note,
            "program.interact = true\nprogram.window = \"hidden\"",
            "program.interact = true\nprogram.window = \"normal\"",
        ),
        said(
            "DFT-I02",
            Note,
            "program.rights = \"user\"",
            "program.rights = \"user\"\nprogram.run_when = \"user\"",
        ),
        said(
            "PRG-E27",
            Stops,
            letter,
            &format!("{letter}\nadvertisement.fast = \"run-from\""),
        ),
        said(
            "ADV-E09",
            Stops,
            &at("sign-out"),
            &format!("{}\n{nobody}", at("sign-out")),
        ),
        said(
            "ADV-E10",
            Stops,
            &format!("{}\n{nobody}", at("sign-in")),
            &at("sign-in"),
        ),
        said("ADV-E03", Stops, offered, ""),
        said("ADV-E08", Stops, "advertisement.trigger = []", &at("asap")),
        said(
            "ADV-E12",
            Stops,
            "advertisement.available = \"2026-11-27T20:01\"",
            "advertisement.available = \"2026-11-27T20:00\"",
        ),
        said(
            "ADV-E22",
            Stops,
            "advertisement.expires = \"2026-11-27T19:00\"",
            "advertisement.expires = \"2026-12-27T19:00\"",
        ),
        said(
            "REQ-W11",
            Note,
            "program.max_minutes = \"unknown\"",
            "program.max_minutes = 60",
        ),
        said(
            "CNT-E01",
            Stops,
            "distribution_points.servers = []",
            "distribution_points.groups = [\"Everywhere\"]",
        ),
        said(
            "CNT-W08",
            Confirm,
            soon,
            &format!("{soon}\ndistribution_points.wait = \"one\""),
        ),
        said("PRG-W31", Confirm, "program.disabled = true", ""),
    ]
}

fn about_the_site() -> Vec<Row> {
    use Weight::{Confirm, Note, Stops};
    let shared =
        Known::usual().package(json!({ "PkgSourceFlag": 2, "PkgFlags": 128 }), &[json!({})]);
    let hour = |minutes: u32| {
        Known::usual()
            .windows(using(), &[(5, &["0034394008100008"])])
            .package(json!({}), &[json!({ "Duration": minutes })])
    };
    let nowhere = ContentFact {
        package: "LAB00012".into(),
        source_version: 2,
        size_kb: None,
        copies: Vec::new(),
    };
    let nowhere = Known::usual().with(
        Question::Content("LAB00012".into()),
        Answer::Content(nowhere),
    );
    let users = flags(0x0812_A000).collection(
        "Pilot PCs",
        json!({ "CollectionID": "LAB00014", "CollectionType": 1, "MemberCount": 37 }),
    );
    vec![
        known("PRG-E22", Stops, "", flags(0x0812_8000), flags(0x0812_A000)),
        known(
            "PRG-W23",
            Confirm,
            "",
            flags(0x0810_8000),
            flags(0x0810_A000),
        ),
        known(
            "ADV-E31",
            Stops,
            "advertisement.fast = \"run-from\"",
            Known::usual(),
            shared,
        ),
        known("REQ-W12", Confirm, "", hour(90), hour(60)),
        known(
            "CNT-E01",
            Stops,
            "distribution_points.servers = []",
            nowhere,
            Known::usual(),
        ),
        known("COL-W14", Confirm, "", users, flags(0x0812_A000)),
        known("PRG-E02", Confirm, "", flags(0x0810_B000), Known::usual()),
        known(
            "ADV-W34",
            Confirm,
            "",
            deployed("LAB00014", 37),
            deployed("LAB00099", 0),
        ),
        known(
            "ADV-W35",
            Note,
            "",
            deployed("LAB00099", 3),
            deployed("LAB00099", 0),
        ),
        Row {
            base: MAKING,
            ..known(
                "REQ-W02",
                Confirm,
                "program.depends_on = \"LAB00007/Base\"",
                waits_for(false),
                waits_for(true),
            )
        },
    ]
}

/// The program of `USING`, deployed already to so many of its devices.
fn deployed(collection: &str, shared: u64) -> Known {
    let other = Advertised {
        id: "LAB20001".into(),
        name: "7-Zip to pilot".into(),
        collection: collection.into(),
        collection_name: String::new(),
        is_required: true,
        words: "Required, Mon 20:00".into(),
        shared: Some(shared),
    };
    let question = Question::Advertised {
        program: named(),
        target: using(),
    };
    Known::usual().with(question, Answer::Advertised(vec![other]))
}

/// A program that must run first, its files on the chosen point or nowhere.
fn waits_for(is_there: bool) -> Known {
    let link = DependencyLink {
        program: ProgramId::new("LAB00007", "Base"),
        package_name: "Base".into(),
        has_files: true,
        on: if is_there { vec![dp01()] } else { Vec::new() },
    };
    let fact = DependencyFact {
        links: vec![link],
        ..DependencyFact::default()
    };
    let program = NamedProgram {
        package: "LAB00007".into(),
        program: "Base".into(),
    };
    Known::usual().with(Question::Dependency(program), Answer::Dependency(fact))
}

#[test]
fn every_row_of_the_index_fires_with_its_weight_and_is_silent_when_all_is_well() {
    for row in about_the_draft().into_iter().chain(about_the_site()) {
        let told = |(lines, facts): &(String, Known)| {
            let findings = found(row.base, lines, facts);
            let own = findings.into_iter().filter(|found| found.code == row.code);
            own.map(|found| found.weight).collect::<Vec<_>>()
        };
        assert_eq!(told(&row.wrong), [row.weight], "{} fires", row.code);
        assert_eq!(told(&row.right), [], "{} where all is well", row.code);
    }
}

#[test]
fn no_row_of_the_index_speaks_of_what_nobody_knows() {
    for row in about_the_site() {
        let draft = draft(&format!("{}\n{}", row.base, row.wrong.0));
        for doubt in row.wrong.1.in_doubt() {
            let findings = check(&draft, &doubt, &now());
            assert!(
                findings.iter().all(|found| found.code != row.code),
                "{} speaks although nobody knows",
                row.code
            );
        }
    }
}
