//! What can go wrong with a sign-in, each with its own words and its own way out.

use super::lab::{Person, lab};

const WRONG: &str = "password_command = 'echo not-the-password'";
const RIGHT: &str = "password_env = \"LAB_PASSWORD\"";
const NTLM: &str = "auth = \"ntlm\"\nuser = 'LAB\\ada'";

/// It is refused with these words, and nothing is listed.
#[track_caller]
fn refused(person: &Person, words: &[&str]) {
    let told = person.run(&["get", "programs"]).ends(5).without_data();
    told.never_says("not-the-password").says(words);
}

#[test]
fn without_a_ticket_one_is_asked_for() {
    let Some(lab) = lab() else { return };
    let person = lab.person().knowing("URL", "");
    refused(&person, &["there is no Kerberos ticket", "`kinit`"]);
}

#[test]
fn an_expired_ticket_is_told_and_a_fresh_one_holds_at_once() {
    let Some(lab) = lab() else { return };
    let person = lab.person().knowing("URL", "");
    let person = person.with_ticket("1s").until_it_expires();
    refused(
        &person,
        &["the Kerberos ticket has expired", "run `kinit` again"],
    );
    let person = person.with_ticket("1h");
    person.run(&["get", "programs"]).ends(0);
}

#[test]
fn a_wrong_password_is_tried_once_however_many_requests_there_are() {
    let Some(lab) = lab() else { return };
    let person = lab
        .person()
        .knowing("URL", &format!("user = \"counted\"\n{WRONG}"));
    refused(&person, &["the password is wrong", "not tried again"]);
    let log = lab.log("kdc.log");
    let failed = log
        .lines()
        .filter(|line| line.contains("counted@") && line.contains("PREAUTH_FAILED"));
    assert_eq!(failed.count(), 1, "{log}");
}

#[test]
fn a_wrong_password_by_ntlm_is_tried_once_too() {
    let Some(lab) = lab() else { return };
    let path = format!("{}/mistyped", lab.server("EPA_URL"));
    let person = lab
        .person()
        .knowing_at(&path, lab.said("PIN"), &format!("{NTLM}\n{WRONG}"));
    refused(&person, &["the password of LAB\\ada is wrong", "2509"]);
    let log = lab.log("epa.log");
    let asked = log.lines().filter(|line| line.contains("GET /mistyped/"));
    assert_eq!(asked.count(), 2, "{log}");
}

#[test]
fn a_user_nobody_knows_is_named() {
    let Some(lab) = lab() else { return };
    let person = lab
        .person()
        .knowing("URL", &format!("user = \"nobody\"\n{RIGHT}"));
    refused(
        &person,
        &["'nobody@LAB.EXAMPLE' not found", "correct `user`"],
    );
}

#[test]
fn a_kerberos_server_that_does_not_answer_is_told_as_such() {
    let Some(lab) = lab() else { return };
    let person = lab
        .person()
        .knowing("URL", &format!("user = \"ada\"\n{RIGHT}"));
    let kdc = lab.said("KDC").trim_start_matches("tcp://");
    let person = person.with_kerberos(&format!("kdc = {kdc}"), "kdc = 127.0.0.1:1");
    refused(&person, &["no Kerberos server answers", "VPN"]);
}

#[test]
fn without_a_kerberos_library_a_ticket_is_no_use() {
    let Some(lab) = lab() else { return };
    let person = lab
        .person()
        .knowing("URL", "")
        .with_ticket("1h")
        .without_library();
    refused(&person, &["no Kerberos library", "libgssapi-krb5-2"]);
}

#[test]
fn without_a_kerberos_library_a_wrong_password_and_a_dead_server_are_told_all_the_same() {
    let Some(lab) = lab() else { return };
    let keys = format!("user = \"mistyped@LAB.EXAMPLE\"\n{WRONG}");
    let person = lab.person().knowing("URL", &keys).without_library();
    refused(&person, &["the password is wrong"]);
    let keys = format!("user = \"ada@LAB.EXAMPLE\"\n{RIGHT}");
    let person = lab.person().knowing("URL", &keys).without_library();
    let kdc = lab.said("KDC").trim_start_matches("tcp://");
    let person = person.with_kerberos(&format!("kdc = {kdc}"), "kdc = 127.0.0.1:1");
    refused(&person, &["no Kerberos server answers", "127.0.0.1:1"]);
}

#[test]
fn clocks_that_are_apart_are_told_as_such() {
    let Some(lab) = lab() else { return };
    let person = lab
        .person()
        .knowing("URL", &format!("user = \"ada\"\n{RIGHT}"));
    // Else the library takes the Kerberos server's clock for its own.
    let person = person.with_kerberos("[libdefaults]", "[libdefaults]\n  kdc_timesync = 0");
    let told = person.run_ahead("+20m", &["get", "programs"]).ends(5);
    told.without_data().says(&["clock", "five minutes"]);
}

#[test]
fn an_address_is_no_name_that_kerberos_knows() {
    let Some(lab) = lab() else { return };
    let url = lab.server("URL").replace("localhost", "127.0.0.1");
    let person = lab
        .person()
        .knowing_at(&url, lab.said("PIN"), "")
        .with_ticket("1h");
    refused(
        &person,
        &[
            "HTTP/127.0.0.1@LAB.EXAMPLE not found",
            "own full name in `url`",
        ],
    );
}

#[test]
fn somebody_who_opens_tls_in_between_gets_nothing() {
    let Some(lab) = lab() else { return };
    let person = lab.person().knowing("RELAY_URL", "").with_ticket("1h");
    refused(&person, &["channel binding", "opens TLS"]);
    let ntlm = lab
        .person()
        .knowing("RELAY_URL", &format!("{NTLM}\n{RIGHT}"));
    refused(&ntlm, &["did not accept the sign-in", "channel binding"]);
}

#[test]
fn a_session_that_cannot_be_bound_is_refused_where_binding_is_required() {
    let Some(lab) = lab() else { return };
    let url = format!("{}/required", lab.server("UNBOUND_URL"));
    let pin = lab.said("UNBOUND_PIN");
    let person = lab.person().knowing_at(&url, pin, "").with_ticket("1h");
    refused(&person, &["wants a channel binding", "has none"]);
    // Elsewhere nothing hangs on it.
    let person = person.knowing("UNBOUND_URL", "");
    person
        .run(&["get", "programs"])
        .ends(1)
        .says(&["could not be read"]);
}

#[test]
fn ntlm_is_never_tried_unasked() {
    let Some(lab) = lab() else { return };
    let url = format!("{}/ntlm", lab.server("EPA_URL"));
    let person = lab
        .person()
        .knowing_at(&url, lab.said("PIN"), "")
        .with_ticket("1h");
    refused(&person, &["offers NTLM and no Kerberos", "set `auth`"]);
}

#[test]
fn a_site_that_refuses_ntlm_says_so_before_it_sees_a_password() {
    let Some(lab) = lab() else { return };
    let url = format!("{}/kerberos", lab.server("EPA_URL"));
    let keys = format!("{NTLM}\n{RIGHT}");
    let person = lab.person().knowing_at(&url, lab.said("PIN"), &keys);
    refused(&person, &["does not take NTLM", "2509"]);
}

#[test]
fn a_server_that_does_not_prove_itself_is_not_believed() {
    let Some(lab) = lab() else { return };
    let url = format!("{}/unproven", lab.server("EPA_URL"));
    let person = lab
        .person()
        .knowing_at(&url, lab.said("PIN"), "")
        .with_ticket("1h");
    refused(&person, &["did not prove"]);
}

#[test]
fn an_account_that_administers_nothing_is_told_so_as_often_as_it_asks() {
    let Some(lab) = lab() else { return };
    let url = format!("{}/forbidden", lab.server("EPA_URL"));
    let ntlm = format!("{NTLM}\n{RIGHT}");
    for (keys, known) in [
        ("", "Kerberos with a ticket"),
        (ntlm.as_str(), "NTLM, as LAB\\ada"),
    ] {
        let person = lab.person().knowing_at(&url, lab.said("PIN"), keys);
        let person = person.with_ticket("1h");
        let checked = person.run(&["site", "check", "prod"]).ends(5);
        assert!(checked.out.contains(known), "{}", checked.out);
        assert!(
            !checked.out.contains("password is wrong"),
            "{}",
            checked.out
        );
        assert!(!checked.out.contains("sent twice"), "{}", checked.out);
        let refused = person.run(&["get", "packages"]).ends(5);
        refused.says(&["the site refused", "Forbidden"]);
    }
}

#[test]
fn a_wrong_token_is_told_and_never_shown() {
    let Some(lab) = lab() else { return };
    let keys = "auth = \"bearer\"\ntoken_command = 'echo not-the-password'";
    refused(&lab.person().knowing("SERVED_URL", keys), &["fresh token"]);
}
