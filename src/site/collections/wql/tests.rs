use rusqlite::{Connection, params_from_iter};

use super::*;

/// Two classes as a site would hold them.
struct Small;

impl Schema for Small {
    fn class(&self, name: &str) -> Option<&str> {
        ["SMS_R_System", "SMS_Extra"]
            .into_iter()
            .find(|class| class.eq_ignore_ascii_case(name))
    }

    fn properties(&self, class: &str) -> Vec<(&str, Shape)> {
        match class {
            "SMS_R_System" => vec![
                ("ResourceID", Shape::Single),
                ("Name", Shape::Single),
                ("Client", Shape::Single),
                ("LastLogonTimestamp", Shape::Date),
                ("SystemGroupName", Shape::Many),
                ("AgentTime", Shape::Opaque),
            ],
            _ => vec![("ResourceID", Shape::Single), ("Model", Shape::Single)],
        }
    }
}

const NOW: &str = "2026-11-20T12:00:00Z";

fn site() -> Connection {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(
        r#"CREATE TABLE SMS_R_System (ResourceID INTEGER PRIMARY KEY, Name TEXT COLLATE NOCASE, Client INTEGER,
             LastLogonTimestamp TEXT COLLATE NOCASE, SystemGroupName TEXT, AgentTime TEXT);
           CREATE TABLE SMS_Extra (ResourceID INTEGER PRIMARY KEY, Model TEXT COLLATE NOCASE);
           INSERT INTO SMS_R_System VALUES
             (1, 'PC-0001', 1, '2026-11-19T08:00:00Z', '["LAB\\Finance","LAB\\All"]', NULL),
             (2, 'PC-0002', 0, '2026-10-01T08:00:00Z', '["LAB\\All"]', NULL),
             (3, 'SRV-FILE1', 1, '2026-11-20T11:00:00Z', '[]', NULL),
             (4, 'O''Brien_50%', NULL, NULL, NULL, NULL);
           INSERT INTO SMS_Extra VALUES (1, 'Tower'), (3, 'Rack');"#,
    )
    .unwrap();
    db
}

fn members(wql: &str) -> Vec<i64> {
    let prepared = prepare(wql, &Small, NOW).unwrap_or_else(|e| panic!("{wql}: {e}"));
    let db = site();
    let mut statement = db
        .prepare(&prepared.sql)
        .unwrap_or_else(|e| panic!("{}: {e}", prepared.sql));
    let rows = statement
        .query_map(params_from_iter(prepared.values), |row| row.get(0))
        .unwrap();
    let mut ids: Vec<i64> = rows.map(Result::unwrap).collect();
    ids.sort_unstable();
    ids
}

fn fault(wql: &str) -> String {
    prepare(wql, &Small, NOW).unwrap_err().to_string()
}

#[test]
fn a_query_without_where_takes_every_resource() {
    assert_eq!(members("select * from SMS_R_System"), [1, 2, 3, 4]);
    assert_eq!(
        members("SELECT DISTINCT * FROM sms_r_system AS s"),
        [1, 2, 3, 4]
    );
}

#[test]
fn the_console_s_own_form_is_understood() {
    let wql = "select SMS_R_SYSTEM.ResourceID,SMS_R_SYSTEM.Name,SMS_R_SYSTEM.Client from SMS_R_System \
               where SMS_R_System.Name like \"PC-%\" and SMS_R_System.Client = 1";
    assert_eq!(members(wql), [1]);
}

#[test]
fn comparisons_pay_no_regard_to_case() {
    assert_eq!(
        members("select * from SMS_R_System where name = 'pc-0001'"),
        [1]
    );
    assert_eq!(
        members("select * from SMS_R_System where upper(Name) = 'pc-0001'"),
        [1]
    );
    assert_eq!(
        members("select * from SMS_R_System where Name LIKE 'srv%'"),
        [3]
    );
    assert_eq!(
        members("select * from SMS_R_System where Name in ('pc-0002', 'SRV-file1')"),
        [2, 3]
    );
}

#[test]
fn and_binds_tighter_than_or_and_not_tightest() {
    let wql = "select * from SMS_R_System where Name = 'PC-0002' or Name like 'PC%' and Client = 1";
    assert_eq!(members(wql), [1, 2]);
    let wql = "select * from SMS_R_System where not Name = 'PC-0001' and not (Client = 1)";
    assert_eq!(members(wql), [2]);
}

#[test]
fn every_operator_compares() {
    let with = |test: &str| {
        members(&format!(
            "select * from SMS_R_System where ResourceID {test}"
        ))
    };
    assert_eq!(with("<> 2"), [1, 3, 4]);
    assert_eq!(with("!= 2"), [1, 3, 4]);
    assert_eq!(with("< 2"), [1]);
    assert_eq!(with("<= 2"), [1, 2]);
    assert_eq!(with("> 3"), [4]);
    assert_eq!(with(">= '3'"), [3, 4]);
    assert_eq!(with("not in (1, 2, 3)"), [4]);
}

#[test]
fn null_is_asked_for_by_name() {
    assert_eq!(
        members("select * from SMS_R_System where Client is null"),
        [4]
    );
    assert_eq!(
        members("select * from SMS_R_System where Client IS NOT NULL"),
        [1, 2, 3]
    );
    assert_eq!(
        members("select * from SMS_R_System where SystemGroupName is null"),
        [3, 4]
    );
}

#[test]
fn patterns_know_sets_and_quoted_wildcards() {
    assert_eq!(
        members("select * from SMS_R_System where Name like 'PC-000[2-9]'"),
        [2]
    );
    assert_eq!(
        members("select * from SMS_R_System where Name not like '[ps]%'"),
        [4]
    );
    assert_eq!(
        members("select * from SMS_R_System where Name like '%[%]'"),
        [4]
    );
}

#[test]
fn quotes_are_doubled_or_escaped() {
    assert_eq!(
        members("select * from SMS_R_System where Name like 'O''Brien%'"),
        [4]
    );
    assert_eq!(
        members(r"select * from SMS_R_System where Name like 'O\'Brien%'"),
        [4]
    );
    assert_eq!(
        members(r#"select * from SMS_R_System where Name like "O'Brien%""#),
        [4]
    );
}

#[test]
fn a_property_of_many_values_fits_when_any_value_does() {
    let wql = r"select * from SMS_R_System where SystemGroupName = 'lab\\finance'";
    assert_eq!(members(wql), [1]);
    let wql = r"select * from SMS_R_System where SystemGroupName like '%all'";
    assert_eq!(members(wql), [1, 2]);
}

#[test]
fn dates_are_compared_as_dates_in_whatever_form_they_are_written() {
    let with = |test: &str| {
        members(&format!(
            "select * from SMS_R_System where LastLogonTimestamp {test}"
        ))
    };
    assert_eq!(with("> '2026/11/01'"), [1, 3]);
    assert_eq!(with("< '20261101000000.000000+***'"), [2]);
    assert_eq!(with(">= DateAdd(dd, -2, GetDate())"), [1, 3]);
    let wql = "select * from SMS_R_System where DateDiff(day, LastLogonTimestamp, GetDate()) > 30";
    assert_eq!(members(wql), [2]);
    let wql = "select * from SMS_R_System where DateDiff(hh, LastLogonTimestamp, GetDate()) <= 1";
    assert_eq!(members(wql), [3]);
    let wql = "select * from SMS_R_System where DatePart(mm, LastLogonTimestamp) = 10";
    assert_eq!(members(wql), [2]);
}

#[test]
fn classes_join_and_nest() {
    let wql = "select s.ResourceID from SMS_R_System as s inner join SMS_Extra as x \
               on x.ResourceID = s.ResourceID where x.Model = 'Rack'";
    assert_eq!(members(wql), [3]);
    let wql = "select * from SMS_R_System where ResourceID not in (select ResourceID from SMS_Extra where Model like 'T%')";
    assert_eq!(members(wql), [2, 3, 4]);
}

#[test]
fn a_fault_is_told_with_its_place() {
    assert_eq!(
        fault("select * from SMS_R_System where Name lik 'PC%'"),
        "line 1, column 39: expected a comparison (=, <>, <, >, like, in, is null), found `lik`"
    );
    assert_eq!(
        fault("select *\nfrom SMS_R_System\nwhere Name ="),
        "line 3, column 13: expected a property or a value, but the query ends here"
    );
    assert_eq!(
        fault("select * from SMS_R_System where (Name = 'a'"),
        "line 1, column 45: expected `and`, `or` or `)`, but the query ends here"
    );
    assert_eq!(
        fault("select * from SMS_R_System where Name = 'open"),
        "line 1, column 41: the text in quotes is not closed"
    );
    assert_eq!(
        fault("select * from SMS_R_System were Name = 'a'"),
        "line 1, column 33: expected `where`, `and`, `or`, `order by` or the end of the query, found `Name`"
    );
    assert_eq!(
        fault(""),
        "line 1, column 1: expected `select`, but the query ends here"
    );
    assert_eq!(
        fault("select * from SMS_R_System where Name in 'a'"),
        "line 1, column 42: expected `(`, found `'a'`"
    );
}

#[test]
fn names_the_site_does_not_hold_are_told_with_the_nearest_it_does() {
    assert_eq!(
        fault("select * from SMS_R_System where Nmae = 'a'"),
        "line 1, column 34: SMS_R_System has no property Nmae (nearest: Name)"
    );
    assert_eq!(
        fault("select * from SMS_R_System where x.Name = 'a'"),
        "line 1, column 34: `x` is neither a class nor an alias of this query"
    );
    assert_eq!(
        fault("select * from SMS_R_User"),
        "line 1, column 15: this site holds no class SMS_R_User"
    );
    assert_eq!(
        fault("select * from SMS_R_System join SMS_G_System_DISK d on d.ResourceID = ResourceID"),
        "line 1, column 33: this site holds no class SMS_G_System_DISK"
    );
    assert_eq!(
        fault("select * from SMS_Package"),
        "line 1, column 15: a rule selects from a resource class such as SMS_R_System, not from SMS_Package"
    );
    assert_eq!(
        fault("select * from SMS_R_System where LastLogonTimestamp > 'soon'"),
        "line 1, column 55: `soon` is not a date (2026-03-01 or 2026-03-01 02:00:00)"
    );
    assert_eq!(
        fault("select count(*) from SMS_R_System"),
        "line 1, column 8: a rule selects resources: count() gives none"
    );
}

#[test]
fn no_text_however_long_or_deep_overwhelms_it() {
    let open = "(".repeat(10_000);
    assert!(
        fault(&format!("select * from SMS_R_System where {open}")).contains("nested too deeply")
    );
    let nots = "not ".repeat(20_000);
    assert_eq!(
        members(&format!(
            "select * from SMS_R_System where {nots} ResourceID = 1"
        )),
        [1]
    );
    let terms = vec!["ResourceID = 1"; 5_000].join(" or ");
    assert_eq!(
        members(&format!("select * from SMS_R_System where {terms}")),
        [1]
    );
    let list = (0..50_000)
        .map(|n| n.to_string())
        .collect::<Vec<_>>()
        .join(",");
    assert_eq!(
        members(&format!(
            "select * from SMS_R_System where ResourceID in ({list})"
        )),
        [1, 2, 3, 4]
    );
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused_within_its_bounds(text in "\\PC{0,80}") {
        if let Err(fault) = prepare(&text, &Small, NOW) {
            proptest::prop_assert!(fault.column <= text.chars().count() + 1);
        }
    }

    #[test]
    fn a_quoted_value_reaches_the_database_as_it_was_meant(value in "[a-z'\"\\\\%_\\[\\]]{0,12}") {
        let quoted = value.replace('\\', "\\\\").replace('\'', "''");
        let prepared = prepare(&format!("select * from SMS_R_System where Name = '{quoted}'"), &Small, NOW).unwrap();
        proptest::prop_assert_eq!(prepared.values, vec![Value::Text(value)]);
    }
}
