//! `consign get` and `consign show`: every kind, every form, and words about what is not there.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::Value;

use crate::support::shell::Shell;

/// Words for a kind, a property each object of it has, and how many there are at least in a fleet.
const KINDS: &[(&[&str], &str, usize)] = &[
    (&["packages", "package", "pkg"], "PackageID", 30),
    (&["programs", "program", "prog"], "ProgramName", 30),
    (&["collections", "collection", "coll"], "CollectionID", 40),
    (
        &["distribution-points", "distribution-point", "dp"],
        "NALPath",
        3,
    ),
    (&["groups", "group"], "GroupID", 1),
    (&["assignments", "assignment"], "ServerNALPath", 3),
    (
        &["advertisements", "advertisement", "adv"],
        "AdvertisementID",
        60,
    ),
    (&["deployments", "deployment"], "CollectionID", 63),
    (&["devices", "device"], "ResourceId", 60),
];

#[test]
fn every_kind_is_listed_in_every_form_under_every_name() {
    let shell = Shell::with_fleet();
    for (names, property, least) in KINDS {
        let rows = shell.list(&[names[0]]);
        assert!(rows.len() >= *least, "{names:?}: {}", rows.len());
        assert!(rows.iter().all(|row| row.get(property).is_some()));
        for name in *names {
            let form = |form: &str| shell.run(&["get", name, "-o", form]).ends(0).out;
            assert_eq!(form("name").lines().count(), rows.len(), "{name}");
            assert_eq!(form("table").lines().count(), rows.len() + 1, "{name}");
            assert_eq!(form("csv").lines().count(), rows.len() + 1, "{name}");
            let head = |text: String| text.lines().next().map(str::len);
            assert!(head(form("wide")) >= head(form("table")), "{name}");
        }
    }
}

#[test]
fn members_are_of_a_collection_named_by_id_or_name() {
    let shell = Shell::with_fleet();
    let members = shell.list(&["members", "Pilot PCs"]);
    assert_eq!(members.len(), 37);
    let collection = shell.list(&["coll", "Pilot PCs"]);
    let id = collection[0]["CollectionID"].as_str().unwrap();
    assert_eq!(shell.list(&["member", id]), members);
    assert_eq!(shell.list(&["members", "Pilot PCs", "PC-0001"]).len(), 1);
    shell
        .run(&["get", "members"])
        .ends(2)
        .says(&["members of which collection?"]);
    shell
        .run(&["get", "members", "Nobody"])
        .ends(1)
        .says(&["no collection called Nobody"]);
}

#[test]
fn filter_sort_and_limit_are_those_of_the_panes() {
    let shell = Shell::with_fleet();
    let names = |line: &[&str], property: &str| -> Vec<String> {
        let rows = shell.list(line);
        let names = rows
            .iter()
            .map(|row| row[property].as_str().unwrap().to_owned());
        names.collect()
    };
    let line = [
        "coll",
        "--filter",
        "members>30 !laptops",
        "--sort",
        "name:desc",
    ];
    let found = names(&line, "Name");
    assert!(found.contains(&"Pilot PCs".to_owned()), "{found:?}");
    assert!(
        found
            .windows(2)
            .all(|pair| pair[0].to_lowercase() >= pair[1].to_lowercase())
    );
    assert!(found.iter().all(|name| !name.contains("aptops")));
    let line = ["coll", "--filter", "members>30 !laptops", "--limit", "2"];
    assert_eq!(names(&line, "Name").len(), 2);
    let line = ["devices", "--sort", "name:desc", "--limit", "3"];
    let devices = names(&line, "Name");
    assert!(
        devices.windows(2).all(|pair| pair[0] > pair[1]),
        "{devices:?}"
    );
}

#[test]
fn mistyped_words_are_answered_with_the_nearest() {
    let shell = Shell::with_site();
    for (line, words) in [
        (&["get", "packagse"][..], "did you mean 'packages'?"),
        (
            &["get", "pkg", "--filter", "nmae:zip"],
            "did you mean 'name'?",
        ),
        (&["get", "pkg", "--sort", "nmae"], "did you mean 'name'?"),
        (&["get", "pkg", "--sort", "name:dsc"], "write asc or desc"),
        (
            &["get", "pkg", "--filter", "size>abc"],
            "write a size such as",
        ),
        (&["get", "pkg", "--limit", "x"], "invalid value 'x'"),
        (&["show", "pakage", "x"], "did you mean 'package'?"),
    ] {
        shell.run(line).ends(2).says(&[words]).without_data();
    }
}

#[test]
fn an_id_that_is_not_there_fails_and_the_others_are_listed() {
    let shell = Shell::with_fleet();
    let found = shell.run(&["get", "coll", "Pilot PCs", "NOPE", "-o", "name"]);
    assert_eq!(found.ids().len(), 1);
    found.ends(1).says(&["no collection called NOPE"]);
}

#[test]
fn every_kind_is_shown_in_words_and_as_the_site_has_it() {
    let shell = Shell::with_fleet();
    let first = |kind: &str| {
        let ids = shell.run(&["get", kind, "-o", "name"]).ends(0);
        ids.ids()[0].to_owned()
    };
    for (kind, id, property) in [
        ("pkg", first("pkg"), "PackageID"),
        ("prog", first("prog"), "CommandLine"),
        ("coll", "Pilot PCs".to_owned(), "CollectionRules"),
        ("dp", "dp01.lab.example".to_owned(), "NALPath"),
        ("group", first("group"), "GroupID"),
        ("adv", first("adv"), "ProgramName"),
        ("device", "PC-0001".to_owned(), "ResourceId"),
    ] {
        let text = shell.run(&["show", kind, &id]).ends(0);
        assert!(text.out.lines().count() > 3, "{kind}: {}", text.out);
        let json = shell.run(&["show", kind, &id, "-o", "json"]).ends(0);
        let object: Value = serde_json::from_str(&json.out).unwrap();
        assert!(object.get(property).is_some(), "{kind}: {}", json.out);
    }
}

#[test]
fn what_cannot_be_shown_says_why() {
    let shell = Shell::with_site();
    for (line, code, words) in [
        (["show", "pkg", "NOPE"], 1, "no package called NOPE"),
        (
            ["show", "prog", "LAB00001/Nope"],
            1,
            "LAB00001/Nope is not there",
        ),
        (["show", "prog", "Nope"], 2, "LAB00012/Install"),
        (["show", "coll", "NOPE"], 1, "no collection called NOPE"),
        (
            ["show", "dp", "nope"],
            1,
            "distribution point nope is not there",
        ),
        (["show", "adv", "NOPE"], 1, "no advertisement called NOPE"),
        (["show", "device", "nope"], 1, "no device called nope"),
        (
            ["show", "device", "999999"],
            1,
            "device 999999 is not there",
        ),
        (["show", "members", "x"], 2, "consign get members"),
    ] {
        shell.run(&line).ends(code).says(&[words]).without_data();
    }
}

#[test]
fn a_reader_who_has_seen_enough_is_no_failure() {
    let shell = Shell::with_fleet();
    for line in [
        &["get", "devices", "-o", "json"][..],
        &["get", "pkg"],
        &["show", "coll", "Pilot PCs"],
        &["completions", "bash"],
    ] {
        let mut reading = shell.start(line);
        reading.stop_reading();
        let end = reading.end().ends(0);
        assert_eq!(end.err, "", "{line:?}");
    }
    assert!(!shell.log().contains("failed exit"), "{}", shell.log());
}

#[test]
fn nothing_but_data_is_piped_and_nothing_is_coloured() {
    let shell = Shell::with_fleet();
    for form in ["table", "wide", "json", "csv", "name"] {
        let listed = shell.run(&["get", "adv", "-o", form]).ends(0);
        assert_eq!(listed.err, "");
        assert!(!listed.out.contains('\u{1b}'), "{form}");
    }
}

#[test]
fn an_empty_list_is_told_beside_the_data() {
    let shell = Shell::with_fleet();
    for form in ["table", "name", "json", "csv"] {
        let line = ["get", "pkg", "--filter", "nosuchthing", "-o", form];
        let empty = shell.run(&line).ends(0);
        empty.says(&["no packages that fit the filter"]);
    }
    let some = shell.run(&["get", "pkg"]).ends(0);
    some.never_says("no packages");
}

#[test]
fn times_are_told_to_programs_with_their_zone_as_far_as_it_is_known() {
    let shell = Shell::with_fleet();
    let read = shell.run(&["get", "adv", "--filter", "deadline>2000-01-01", "-o", "csv"]);
    let read = read.ends(0).out;
    let mut records = csv::Reader::from_reader(read.as_bytes());
    let head = records.headers().unwrap().clone();
    let place = |key: &str| head.iter().position(|title| title == key).unwrap();
    let (available, deadline, counted) =
        (place("available"), place("deadline"), place("summarised"));
    let rows: Vec<csv::StringRecord> = records.records().map(Result::unwrap).collect();
    assert!(!rows.is_empty());
    for row in &rows {
        assert!(row[deadline].parse::<DateTime>().is_ok(), "{row:?}");
        assert!(row[counted].parse::<Timestamp>().is_ok(), "{row:?}");
    }
    let listed = shell.list(&["adv"]);
    let by_devices = listed
        .iter()
        .find(|row| row["TimeFlags"].as_u64().unwrap() & 0x20 == 0);
    let by_devices = by_devices.unwrap();
    let own_clock = by_devices["PresentTime"].as_str().unwrap();
    assert!(
        own_clock.parse::<DateTime>().is_ok() && !own_clock.ends_with('Z'),
        "{own_clock}"
    );
    let same = rows
        .iter()
        .find(|row| row[place("id")] == *by_devices["AdvertisementID"].as_str().unwrap());
    assert!(same.is_none_or(|row| row[available] == *own_clock));
    let programs = shell.list(&["pkg"]);
    assert!(
        programs[0]["SourceDate"]
            .as_str()
            .unwrap()
            .parse::<Timestamp>()
            .is_ok()
    );
}
