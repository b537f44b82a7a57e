//! The pane of the last requests: it follows while it is on screen, and only then.

use consign::client::requests::{AskedRequest, Outcome};
use consign::tui::app::{PaneId, Standing};
use consign::tui::event::{Effect, Event};

use crate::support::played::Played;
use crate::support::requests;

fn looking() -> Played {
    let mut played = Played::at(80, 24);
    played.press("7");
    played.happen(Event::Requested(requests::on_a_bad_day()));
    played
}

/// What was ordered about the following since the last look.
fn followed(played: &mut Played) -> Vec<bool> {
    let orders = std::mem::take(&mut played.done);
    let orders = orders.into_iter().filter_map(|effect| match effect {
        Effect::FollowRequests(on) => Some(on),
        _ => None,
    });
    orders.collect()
}

fn copied(played: &Played) -> String {
    let copied = played.done.iter().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.clone()),
        _ => None,
    });
    copied.unwrap()
}

#[test]
fn requests_are_followed_only_while_they_are_on_screen() {
    let mut played = Played::at(80, 24);
    assert_eq!(followed(&mut played), Vec::<bool>::new());
    let asked = played.asked.len();
    played.press("7");
    assert_eq!(followed(&mut played), [true]);
    for (keys, orders) in [
        ("?", &[false][..]),
        ("esc", &[true]),
        (": esc", &[]),
        ("1", &[false]),
        ("7", &[true]),
        ("w", &[false]),
        ("esc", &[true]),
    ] {
        played.press(keys);
        assert_eq!(followed(&mut played), orders, "{keys}");
    }
    played.happen(Event::Requested(requests::on_a_bad_day()));
    played.press("enter");
    assert_eq!(followed(&mut played), [false]);
    assert!(
        !played.asked[asked..]
            .iter()
            .any(|asked| format!("{asked:?}").contains("List")),
        "looking at requests makes none"
    );
}

#[test]
fn the_command_goes_there_and_takes_a_filter() {
    let mut played = Played::at(80, 24);
    played
        .press(":")
        .type_text("requests failed:yes")
        .press("enter");
    played.happen(Event::Requested(requests::on_a_bad_day()));
    assert_eq!(played.app.pane, PaneId::Requests);
    assert_eq!(played.app.pane().sheet.table.len(), 3);
}

#[test]
fn the_newest_is_on_top_and_whoever_stands_there_stays() {
    let mut played = looking();
    let name = |played: &Played| played.app.pane().sheet.table.subject().unwrap().name;
    assert_eq!(name(&played), "GET wmi/SMS_Collection('LAB00099')");
    let mut more = requests::on_a_bad_day();
    let newest = more.last().unwrap();
    more.push(AskedRequest {
        number: newest.number + 1,
        at: newest.at + std::time::Duration::from_secs(1),
        url: "https://cm01.corp.example/AdminService/wmi/SMS_Site".to_owned(),
        outcome: Outcome::Lost("the line was cut".to_owned()),
        ..newest.clone()
    });
    played.happen(Event::Requested(more.clone()));
    assert_eq!(name(&played), "GET wmi/SMS_Site");
    played.press("down");
    let chosen = name(&played);
    more.push(AskedRequest {
        number: 99,
        at: more[0].at + std::time::Duration::from_mins(5),
        ..more[0].clone()
    });
    played.happen(Event::Requested(more));
    assert_eq!(name(&played), chosen);
    assert_eq!(played.app.pane().sheet.table.at(), 2);
}

#[test]
fn a_copied_row_has_the_url_as_it_was_sent() {
    let mut played = looking();
    played.press("down c");
    let sent = "https://cm01.corp.example/AdminService/wmi/SMS_Package?$filter=Name%20eq%20'Line%20Tool'&$select=PackageID,Name&$top=1000";
    assert!(copied(&played).ends_with(sent), "{}", copied(&played));
    played.done.clear();
    played.press("enter c");
    assert!(copied(&played).contains(sent), "{}", copied(&played));
}

#[test]
fn shown_requests_are_written_as_data() {
    let mut played = looking();
    played
        .press(":")
        .type_text("export log.json")
        .press("enter");
    let text = played.done.iter().find_map(|effect| match effect {
        Effect::Write(_, text) => Some(text.clone()),
        _ => None,
    });
    let rows: serde_json::Value = serde_json::from_str(&text.unwrap()).unwrap();
    assert_eq!(rows[0]["status"], 404);
    assert_eq!(rows[2]["lost"], "no whole answer came within 60 s");
    played.press("x");
    assert!(
        played.text().contains("export requests.csv"),
        "{}",
        played.text()
    );
}

#[test]
fn without_requests_it_says_so_and_reading_again_is_explained() {
    let mut played = Played::at(80, 24);
    played.press("7");
    assert_eq!(played.app.pane().sheet.table.standing(), Standing::Empty);
    assert!(
        played.text().contains("Nothing has been asked"),
        "{}",
        played.text()
    );
    let asked = played.asked.len();
    played.press("r");
    assert!(
        played.text().contains("as they come to their end"),
        "{}",
        played.text()
    );
    assert_eq!(played.asked.len(), asked);
}
