//! The console on a site that has to be signed in to.

use super::journeys::NTLM_USER;
use super::lab::lab;
use crate::journeys::{run_plan, whole};

#[test]
fn the_wizard_goes_through_after_a_password_that_is_asked_for_once_and_never_seen() {
    let Some(lab) = lab() else { return };
    let person = lab.person().knowing("URL", "user = \"ada\"");
    let source = whole::source(&person.shell.work());
    let mut console = person.at_a_terminal(&["wizard"]);
    console.wait_for("Password of ada for prod:");
    console.type_text(lab.said("PASSWORD")).press("enter");
    whole::fill_in(&mut console, &source);
    run_plan(&mut console);
    console.wait_for("Done.").press("q").press("q");
    let all = String::from_utf8_lossy(&console.bytes()).into_owned();
    assert!(!all.contains(lab.said("PASSWORD")), "{all}");
    assert_eq!(all.matches("Password of ada").count(), 1);
    let person = person.with_ticket("1h");
    let made = person.run(&["get", "packages", "-o", "json"]).ends(0);
    assert!(made.out.contains("Field Probe"), "{}", made.out);
}

#[test]
fn the_wizard_goes_through_by_ticket_and_by_ntlm() {
    let Some(lab) = lab() else { return };
    let by_command = format!(
        "{NTLM_USER}\npassword_command = 'echo {}'",
        lab.said("PASSWORD")
    );
    for (name, keys) in [("Ticket Probe", ""), ("Windows Probe", &by_command)] {
        let person = lab.person().knowing("URL", keys).with_ticket("1h");
        let source = whole::source(&person.shell.work());
        let mut console = person.at_a_terminal(&["wizard"]);
        whole::fill_in_named(&mut console, name, &source);
        run_plan(&mut console);
        console.wait_for("Done.");
        let made = person.run(&["get", "packages", "-o", "json"]).ends(0);
        assert!(made.out.contains(name), "{}", made.out);
    }
}

#[test]
fn whoever_a_new_site_was_asked_as_is_in_its_settings() {
    let Some(lab) = lab() else { return };
    let person = lab.person();
    let add = [
        "site",
        "add",
        "prod",
        lab.server("URL"),
        "--fingerprint",
        lab.said("PIN"),
    ];
    let mut terminal = person.at_a_terminal(&add);
    terminal.wait_for("Sign in to prod as (user@REALM):");
    terminal.type_text("ada@lab.example").press("enter");
    terminal.wait_for("Password of ada@lab.example for prod:");
    terminal.type_text(lab.said("PASSWORD")).press("enter");
    terminal.wait_for("for looking only");
    assert!(terminal.ended().success());
    let mut terminal = person.at_a_terminal(&["--site", "prod", "get", "packages"]);
    terminal.wait_for("Password of ada@lab.example for prod:");
    terminal.type_text(lab.said("PASSWORD")).press("enter");
    terminal.wait_for("Zoom");
    assert!(terminal.ended().success());
}

#[test]
fn a_ticket_that_expires_is_told_and_work_goes_on_after_a_fresh_one() {
    let Some(lab) = lab() else { return };
    // This server wants to be told with every request, so that the end of a ticket shows at once.
    let person = lab.person().knowing("EACH_URL", "").with_ticket("1h");
    let mut console = person.at_a_terminal(&[]);
    console.wait_for("7-Zip");
    let person = person.with_ticket("1s").until_it_expires();
    console.press("r").wait_for("expired").wait_for("7-Zip");
    let _person = person.with_ticket("1h");
    console.press("r").wait_gone("expired").wait_for("7-Zip");
    console.press("q");
    assert!(console.ended().success());
}

#[test]
fn somebody_without_a_ticket_may_say_who_they_are() {
    let Some(lab) = lab() else { return };
    let person = lab.person().knowing("URL", "");
    let mut console = person.at_a_terminal(&["get", "packages"]);
    console.wait_for("Sign in to prod as (user@REALM):");
    console.type_text("ada@lab.example").press("enter");
    console.wait_for("Password of ada@lab.example for prod:");
    console.type_text(lab.said("PASSWORD")).press("enter");
    console.wait_for("Zoom");
    assert!(console.ended().success());
}

#[test]
fn a_question_for_a_password_that_is_left_gives_the_terminal_back() {
    let Some(lab) = lab() else { return };
    let person = lab.person().knowing("URL", "user = \"ada\"");
    let mut console = person.at_a_terminal(&["get", "packages"]);
    console
        .wait_for("Password of ada for prod:")
        .press("ctrl-c");
    assert_eq!(console.ended().exit_code(), 8);
    console.assert_given_back();
}
