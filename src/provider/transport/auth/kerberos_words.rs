//! What Kerberos's own words mean. Its numbers would be surer, but libraries renumber them between their layers; the words
//! are those of RFC 4120 in every one of them.

use crate::error::SignInCause::{
    self, AccountClosed, ClockSkew, NoKdc, NoTicket, Other, RefusedThough, TicketExpired,
    UnknownUser, WrongPassword, WrongServerName,
};

const WRONG: &str = "the password is wrong";
const NONE: &str = "there is no Kerberos ticket";
const CLOSED: &str = "the account is locked or disabled";

/// What was said, in small letters, and what it means.
const MEANINGS: &[(&str, &str, SignInCause)] = &[
    (
        "ticket expired",
        "the Kerberos ticket has expired",
        TicketExpired,
    ),
    (
        "clock skew",
        "this machine's clock and the server's are too far apart",
        ClockSkew,
    ),
    ("preauthentication failed", WRONG, WrongPassword),
    (
        "pre-authentication information was invalid",
        WRONG,
        WrongPassword,
    ),
    ("password incorrect", WRONG, WrongPassword),
    ("integrity check", WRONG, WrongPassword),
    ("credentials have been revoked", CLOSED, AccountClosed),
    (
        "password has expired",
        "the password has expired",
        AccountClosed,
    ),
    (
        "client not yet valid",
        "the account does not hold yet",
        AccountClosed,
    ),
    (
        "cannot contact any kdc",
        "no Kerberos server answers",
        NoKdc,
    ),
    (
        "cannot find kdc",
        "no Kerberos server is known for the realm",
        NoKdc,
    ),
    (
        "no kdc server found",
        "no Kerberos server is known for the realm",
        NoKdc,
    ),
    (
        "address for kdc",
        "the Kerberos server's name is not known",
        NoKdc,
    ),
    ("no kerberos credentials available", NONE, NoTicket),
    (
        "can't find client principal",
        "there is no Kerberos ticket of this user",
        NoTicket,
    ),
    ("no credentials cache found", NONE, NoTicket),
];

/// The words with what they mean in front, and the way out.
pub(super) fn meaning(words: &str) -> (String, SignInCause) {
    let said = words.to_lowercase();
    // Both a user and a server can be "not found in Kerberos database".
    if said.contains("not found in kerberos database") {
        let is_server = said.contains("server ");
        let cause = if is_server {
            WrongServerName
        } else {
            UnknownUser
        };
        return (words.to_owned(), cause);
    }
    let known = MEANINGS.iter().find(|(known, ..)| said.contains(known));
    known.map_or_else(
        || (format!("Kerberos says: {words}"), Other),
        |(_, meaning, cause)| (format!("{meaning} ({words})"), *cause),
    )
}

/// What a server's refusal of a ticket means: it knows nothing of passwords, and its key may be another than that of its
/// name.
pub(super) fn of_server(words: &str) -> (String, SignInCause) {
    match meaning(words) {
        told @ (_, ClockSkew | TicketExpired) => told,
        _ => (
            format!("the server refuses the ticket ({words})"),
            RefusedThough,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_of_kerberos_words_has_its_way_out() {
        for (words, cause) in [
            (
                "No Kerberos credentials available (default cache: FILE:/tmp/krb5cc_0)",
                NoTicket,
            ),
            (
                "Can't find client principal bob@LAB.EXAMPLE in cache collection",
                NoTicket,
            ),
            ("Ticket expired", TicketExpired),
            ("Preauthentication failed", WrongPassword),
            (
                "KdcInvalidRequest: pre-authentication information was invalid",
                WrongPassword,
            ),
            (
                "Client 'bob@LAB.EXAMPLE' not found in Kerberos database",
                UnknownUser,
            ),
            (
                "UnknownCredentials: client not found in Kerberos database",
                UnknownUser,
            ),
            (
                "Server HTTP/client.example@LAB.EXAMPLE not found in Kerberos database",
                WrongServerName,
            ),
            ("Client's credentials have been revoked", AccountClosed),
            ("Cannot contact any KDC for realm 'LAB.EXAMPLE'", NoKdc),
            ("Cannot find KDC for realm \"NOWHERE.EXAMPLE\"", NoKdc),
            ("NoAuthenticatingAuthority: No KDC server found", NoKdc),
            ("Clock skew too great", ClockSkew),
            ("KDC policy rejects request", Other),
        ] {
            assert_eq!(meaning(words).1, cause, "{words}");
        }
    }

    #[test]
    fn a_server_that_cannot_read_a_ticket_says_nothing_about_the_password() {
        assert_eq!(of_server("Decrypt integrity check failed").1, RefusedThough);
        assert_eq!(of_server("Key version is not available").1, RefusedThough);
        assert_eq!(of_server("Clock skew too great").1, ClockSkew);
    }
}
