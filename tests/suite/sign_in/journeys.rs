//! The whole way, through every mechanism.

use std::collections::BTreeMap;

use super::lab::{Person, lab};
use crate::cli::files::{OFFER, sources};

const BY_PASSWORD: &str = "user = \"ada\"\npassword_env = \"LAB_PASSWORD\"";
pub(super) const NTLM_USER: &str = "auth = \"ntlm\"\nuser = 'LAB\\ada'";
const NTLM: &str =
    "auth = \"ntlm\"\nuser = 'LAB\\ada'\npassword_command = 'echo \"$LAB_PASSWORD\"'";

/// A whole distribution is planned and carried out, and found afterwards.
fn distributes(person: &Person, name: &str) {
    sources(&person.shell);
    let source = person.shell.work().join("line-tool");
    let offer = OFFER.replace("Line Tool X", name);
    let offer = offer.replace("./line-tool", source.to_str().unwrap());
    person.shell.write("offer.toml", &offer);
    let applied = person.run(&["apply", "offer.toml", "--yes"]).ends(0);
    assert_eq!(applied.ids().len(), 5, "{}", applied.out);
    let listed = person.run(&["get", "packages", "-o", "json"]).ends(0);
    assert!(listed.out.contains(name), "{}", listed.out);
    applied.never_says(person.lab.said("PASSWORD"));
    assert!(!person.shell.log().contains(person.lab.said("PASSWORD")));
}

#[test]
fn with_a_ticket_each_connection_is_signed_in_once() {
    let Some(lab) = lab() else { return };
    let person = lab.person().knowing("URL", "").with_ticket("1h");
    distributes(&person, "By Ticket");
    let mut asked: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let log = lab.log("access.log");
    let port = lab.server("URL").rsplit(':').next().unwrap();
    for line in log.lines().filter(|line| line.starts_with(port)) {
        let mut words = line.split(' ').skip(1);
        let (connection, user) = (words.next().unwrap(), words.nth(1).unwrap());
        if user == "ada@LAB.EXAMPLE" {
            let (requests, sign_ins) = asked.entry(connection).or_default();
            *requests += 1;
            *sign_ins += usize::from(line.contains("by=Negotiate"));
        }
    }
    assert!(
        asked.values().all(|(_, sign_ins)| *sign_ins == 1),
        "{asked:?}"
    );
    assert!(
        asked.values().any(|(requests, _)| *requests > 5),
        "{asked:?}"
    );
}

#[test]
fn a_password_is_as_good_as_a_ticket() {
    let Some(lab) = lab() else { return };
    let person = lab.person().knowing("URL", BY_PASSWORD);
    distributes(&person, "By Password");
}

#[test]
fn a_password_does_without_a_kerberos_library() {
    let Some(lab) = lab() else { return };
    let keys = BY_PASSWORD.replace("\"ada\"", "\"ada@LAB.EXAMPLE\"");
    let person = lab.person().knowing("URL", &keys).without_library();
    distributes(&person, "By Own Means");
}

#[test]
fn ntlm_works_where_the_settings_ask_for_it() {
    let Some(lab) = lab() else { return };
    distributes(&lab.person().knowing("URL", NTLM), "By Ntlm");
}

#[test]
fn what_signs_a_connection_in_is_in_the_log_of_requests_and_the_password_is_not() {
    let Some(lab) = lab() else { return };
    let person = lab.person().knowing("URL", NTLM);
    person.run(&["--log-requests", "get", "packages"]).ends(0);
    let log = person.shell.log();
    let legs = log
        .lines()
        .filter(|line| line.contains("GET https://") && line.contains(" 401 "));
    assert!(legs.count() >= 1, "{log}");
    assert!(
        !log.contains(lab.said("PASSWORD")) && !log.contains("TlRMTVNTU"),
        "{log}"
    );
}

#[test]
fn a_token_is_shown_with_every_request() {
    let Some(lab) = lab() else { return };
    let token = format!("token_file = \"{}\"", lab.said("SERVED_TOKEN_FILE"));
    distributes(&lab.person().knowing("SERVED_URL", &token), "By Token");
}

#[test]
fn a_server_that_forgets_who_asked_is_told_with_every_request() {
    let Some(lab) = lab() else { return };
    let person = lab.person().knowing("EACH_URL", "").with_ticket("1h");
    distributes(&person, "Each Time");
}

#[test]
fn a_check_tells_by_which_mechanism_and_as_whom() {
    let Some(lab) = lab() else { return };
    let ticket = lab.person().knowing("URL", "").with_ticket("1h");
    let token = format!("token_file = \"{}\"", lab.said("SERVED_TOKEN_FILE"));
    for (person, told) in [
        (
            ticket,
            "Kerberos with a ticket, as ada@LAB.EXAMPLE, for HTTP/localhost",
        ),
        (
            lab.person().knowing("URL", BY_PASSWORD),
            "Kerberos by password, as ada@LAB.EXAMPLE",
        ),
        (lab.person().knowing("URL", NTLM), "NTLM, as LAB\\ada"),
        (lab.person().knowing("SERVED_URL", &token), "bearer token"),
    ] {
        let checked = person.run(&["site", "check", "prod"]);
        assert!(checked.out.contains(told), "{}{}", checked.out, checked.err);
    }
}

#[test]
fn every_way_is_bound_to_the_session_it_travels_in() {
    let Some(lab) = lab() else { return };
    let url = format!("{}/required", lab.server("EPA_URL"));
    for keys in ["", BY_PASSWORD, NTLM] {
        let person = lab.person().knowing_at(&url, lab.said("PIN"), keys);
        let person = if keys.is_empty() {
            person.with_ticket("1h")
        } else {
            person
        };
        // The acceptor knows no packages; that it is asked for them at all shows that it was content.
        person
            .run(&["get", "programs"])
            .ends(1)
            .says(&["could not be read"]);
    }
}
