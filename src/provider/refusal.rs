//! What a site's refusal means: status and body become an error with the site's own words.

use std::time::Duration;

use bytes::Bytes;
use http::header::LOCATION;
use http::{Response, StatusCode};

use super::oddities;
use super::transport::TurnedDown;
use crate::error::{SignInCause, SiteError};
use crate::odata::{ErrorBody, ExtendedStatus};

/// The error an answer other than 2xx stands for. `what` is the object that was asked for by its key, if one was.
pub(super) fn told(
    site: &str,
    attempt: String,
    what: Option<String>,
    answer: &Response<Bytes>,
) -> SiteError {
    let status = answer.status();
    let said = Said::of(answer);
    let site = site.to_owned();
    match status {
        StatusCode::UNAUTHORIZED => signed_out(site, said.or_status(status), answer),
        _ if oddities::is_at_the_door(status) => {
            busy(site, said.or_status(status), oddities::retry_after(answer))
        }
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => SiteError::Unreachable {
            site,
            reason: format!(
                "the administration service is not ready: {}",
                said.or_status(status)
            ),
            after_sending: true,
        },
        _ if status.is_redirection() => SiteError::Garbled {
            attempt,
            reason: redirection(answer),
        },
        _ if status == StatusCode::FORBIDDEN || said.is_about_rights() => SiteError::Forbidden {
            attempt,
            reason: said.or_status(status),
        },
        _ => match what.filter(|_| said.names_nothing(status)) {
            Some(what) => SiteError::Missing { what },
            None if status.is_server_error() && !said.is_judgement() => SiteError::Failed {
                attempt,
                reason: said.or_status(status),
            },
            None => SiteError::Refused {
                attempt,
                code: said.code,
                reason: said.or_status(status),
            },
        },
    }
}

fn busy(site: String, said: String, wait: Option<Duration>) -> SiteError {
    let reason = match wait {
        Some(wait) => format!("{said}; it asks to be left alone for {} s", wait.as_secs()),
        None => said,
    };
    SiteError::Busy { site, reason, wait }
}

/// Whether an answer is that of a site which broke down over a request, and no judgement of it.
pub(super) fn is_breakdown(answer: &Response<Bytes>) -> bool {
    answer.status() == StatusCode::INTERNAL_SERVER_ERROR && {
        let said = Said::of(answer);
        !said.is_judgement() && !said.is_about_rights()
    }
}

/// The site's words, and those of whoever showed it something.
fn signed_out(site: String, said: String, answer: &Response<Bytes>) -> SiteError {
    let (reason, cause) = match answer.extensions().get() {
        Some(TurnedDown { cause, why }) => (format!("{said}; {why}"), *cause),
        None => (said, SignInCause::Nobody),
    };
    SiteError::SignedOut {
        site,
        reason,
        cause,
    }
}

fn redirection(answer: &Response<Bytes>) -> String {
    let to = answer.headers().get(LOCATION);
    let to = to.and_then(|to| to.to_str().ok()).unwrap_or("nowhere");
    format!("{} to {to}: is the url right?", answer.status())
}

/// What can be understood of a refusal's body.
struct Said {
    /// The words are the reason the service gave, in an error as it writes them, and not ours for a bare code.
    is_its_reason: bool,
    /// The site's words, one line of them.
    words: Option<String>,
    /// The provider's code, else the WBEM code.
    code: Option<u32>,
    wbem: Option<u32>,
}

impl Said {
    fn of(answer: &Response<Bytes>) -> Self {
        let Some(body) = ErrorBody::from_slice(answer.body()) else {
            return Self {
                is_its_reason: false,
                words: plain_words(answer.body()),
                code: None,
                wbem: None,
            };
        };
        let status = ExtendedStatus::find(&body.message).unwrap_or_default();
        let is_its_reason = status.description.is_some() || status.status_code.is_none();
        let words = status
            .description
            .or_else(|| status.status_code.and_then(meaning).map(str::to_owned))
            .unwrap_or(body.message);
        Self {
            is_its_reason,
            words: one_line(&words),
            code: status.error_code.or(status.status_code),
            wbem: status.status_code,
        }
    }

    fn or_status(self, status: StatusCode) -> String {
        let number = status.as_u16();
        self.words.map_or_else(
            || {
                let name = status.canonical_reason().unwrap_or("no reason");
                format!("{name} ({number}, and no word of why)")
            },
            |words| format!("{words} ({number})"),
        )
    }

    fn is_judgement(&self) -> bool {
        let reason = self.words.as_deref().filter(|_| self.is_its_reason);
        oddities::is_judgement(reason, self.wbem)
    }

    fn is_about_rights(&self) -> bool {
        const DENIED: [u32; 2] = [0x8004_1003, 0x8007_0005];
        let words = self.words.as_deref().unwrap_or_default().to_lowercase();
        let told = ["insufficient right", "access is denied", "access denied"];
        [self.wbem, self.code]
            .into_iter()
            .flatten()
            .any(|code| DENIED.contains(&code))
            || told.iter().any(|told| words.contains(told))
            || (words.contains("permission") && words.contains("no "))
            || words.contains("does not have permission")
    }

    /// Not there: 404, unless it is a method's parameters the site could not read; or the provider's code for it.
    fn names_nothing(&self, status: StatusCode) -> bool {
        let words = self.words.as_deref().unwrap_or_default().to_lowercase();
        let misread = words.contains("parameter");
        self.wbem == Some(0x8004_1002) || (status == StatusCode::NOT_FOUND && !misread)
    }
}

/// The first words of a body that is not the JSON of an error; markup is left out.
pub(super) fn plain_words(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let mut plain = String::new();
    let mut in_tag = false;
    for character in text.chars().take(4_000) {
        match character {
            '<' => in_tag = true,
            '>' => {
                in_tag = false;
                plain.push(' ');
            }
            _ if in_tag => {}
            _ => plain.push(character),
        }
    }
    one_line(&plain)
}

/// One line of a reasonable length, without characters a terminal would take for commands.
pub(super) fn one_line(text: &str) -> Option<String> {
    const LONGEST: usize = 400;
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let mut line: String = words.join(" ");
    if line.chars().count() > LONGEST {
        line = line.chars().take(LONGEST).chain(['…']).collect();
    }
    (!line.is_empty()).then_some(line)
}

/// What a WBEM code means where the site adds no words of its own (errors.md 3).
fn meaning(code: u32) -> Option<&'static str> {
    Some(match code {
        0x8004_1002 => "it is not there any more, or you may not see it",
        0x8004_1003 | 0x8007_0005 => "you do not have the right to do this",
        0x8004_1004 => "the site's provider is in trouble",
        0x8004_1005 => "a field has the wrong kind of value",
        0x8004_1006 => "the provider is out of memory",
        0x8004_1008 => "a value is missing or not allowed",
        0x8004_1009 => "it is not available now",
        0x8004_100C => "this cannot be done to this object",
        0x8004_100E => "this server does not serve that site",
        0x8004_1010 => "this site's version does not have that class",
        0x8004_1011 | 0x8004_1012 => "the provider is not installed",
        0x8004_1013 | 0x8004_1014 => "the provider could not be started",
        0x8004_1015 => "the provider lost its connection",
        0x8004_1016 => "not possible now",
        0x8004_1017 | 0x8004_1021 => "the query is wrong",
        0x8004_1019 => "it already exists",
        0x8004_1023 => "a property that cannot be changed was sent",
        0x8004_1024 => "this cannot be changed here",
        0x8004_1028 => "a required field is empty",
        0x8004_102B => "a number is out of range",
        0x8004_102E | 0x8004_102F => "the method or its parameters are unknown",
        0x8004_1031 => "a property is unknown",
        0x8004_1033 => "the site is restarting",
        0x8004_1044 => "it is too large",
        0x8004_1045 => "the site is busy",
        0x8004_1047 => "it would go in a circle",
        0x8004_1055 | 0x8000_4001 => "this site's version cannot do that",
        0x8004_1069 => "the site took too long",
        0x8004_106C => "too much was asked for at once",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, body: &str) -> SiteError {
        let answer = Response::builder()
            .status(status)
            .body(Bytes::from(body.to_owned()))
            .unwrap();
        let what = Some("package LAB00012".to_owned());
        told("lab", "change it".into(), what, &answer)
    }

    fn wrapped(status: u16, message: &str) -> SiteError {
        error(status, &ErrorBody::new(status, message).to_json())
    }

    #[test]
    fn the_description_is_shown_before_the_codes() {
        let message = "instance of SMS_ExtendedStatus { Description = \"User CORP\\\\ann is not able to get the lock \
                       at this time\"; ErrorCode = 1078462258; StatusCode = 2147749889; };";
        assert_eq!(
            wrapped(500, message),
            SiteError::Refused {
                attempt: "change it".into(),
                reason: "User CORP\\ann is not able to get the lock at this time (500)".into(),
                code: Some(0x4048_0732),
            }
        );
    }

    #[test]
    fn a_bare_code_gets_our_words() {
        let SiteError::Refused { reason, code, .. } = wrapped(500, "Exception 0x80041019") else {
            panic!("not refused");
        };
        assert_eq!(reason, "it already exists (500)");
        assert_eq!(code, Some(0x8004_1019));
    }

    #[test]
    fn rights_are_recognised_by_status_code_and_words() {
        for refused in [
            error(403, ""),
            wrapped(500, "Insufficient rights to do so"),
            wrapped(500, "User has no Modify permissions on the object"),
            wrapped(500, "0x80041003"),
        ] {
            assert!(
                matches!(refused, SiteError::Forbidden { .. }),
                "{refused:?}"
            );
        }
        assert_eq!(
            error(403, "").to_string(),
            "the site refused to change it: Forbidden (403, and no word of why)"
        );
    }

    #[test]
    fn what_is_gone_is_missing_and_a_misread_body_is_refused() {
        for gone in [
            error(404, ""),
            wrapped(404, "Not Found"),
            wrapped(500, "0x80041002"),
        ] {
            assert!(matches!(gone, SiteError::Missing { .. }), "{gone:?}");
        }
        let body = include_str!(
            "../../tests/fixtures/adminservice/resp-error-404-addmembershiprules.json"
        );
        let refused = error(404, body);
        assert!(
            refused.to_string().contains("ODataParameterReader"),
            "{refused}"
        );
    }

    #[test]
    fn pages_of_markup_and_empty_bodies_survive() {
        let html = "<html><head><title>Service Unavailable</title></head><body>\u{1b}[2JTry later</body></html>";
        let text = error(503, html).to_string();
        assert_eq!(
            text,
            "lab is not ready: Service Unavailable [2JTry later (503)"
        );
        assert!(error(500, "").to_string().contains("Internal Server Error"));
        assert!(error(302, "").to_string().contains("is the url right?"));
    }

    #[test]
    fn doubt_is_told_for_writes_a_gateway_may_have_passed_on() {
        for (status, in_doubt) in [(502, true), (504, true), (503, false), (429, false)] {
            assert_eq!(error(status, "").leaves_doubt(), in_doubt, "{status}");
        }
    }

    #[test]
    fn a_breakdown_leaves_doubt_and_a_judgement_does_not() {
        for breakdown in [
            error(500, ""),
            error(500, "<html><body>Runtime Error</body></html>"),
            wrapped(500, "An error has occurred."),
            wrapped(
                500,
                "Exception of type 'System.OutOfMemoryException' was thrown. 0x80041006",
            ),
            error(501, ""),
        ] {
            let is_breakdown = matches!(breakdown, SiteError::Failed { .. });
            assert!(is_breakdown && breakdown.leaves_doubt(), "{breakdown:?}");
        }
        for judgement in [
            wrapped(500, "Collection name is already in use."),
            wrapped(500, "Exception of type X was thrown. 0x80041019"),
            error(400, ""),
            error(409, ""),
        ] {
            let is_judgement = matches!(judgement, SiteError::Refused { .. });
            assert!(is_judgement && !judgement.leaves_doubt(), "{judgement:?}");
        }
    }
}
