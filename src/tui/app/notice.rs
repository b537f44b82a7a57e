//! The one line that says what just happened or why something did not.

use crate::error::{Doubt, Hint, SiteError};
use crate::tui::keymap::{Action, Keymap, Scope};
use crate::tui::theme::Role;

/// Words for the state line. They stay until the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub words: String,
    pub role: Role,
}

impl Notice {
    /// Something was done.
    pub fn done(words: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            role: Role::Good,
        }
    }

    /// Something to know, such as why a key does nothing here.
    pub fn tell(words: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            role: Role::Notice,
        }
    }

    /// Something went wrong.
    pub fn fault(words: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            role: Role::Fault,
        }
    }
}

/// The way out of an error as a sentence, with the key that takes it.
pub fn way_out(error: &SiteError, keymap: &Keymap, scope: Scope) -> String {
    let again = keymap.key(scope, Action::Refresh).map_or_else(
        || "Read again later.".to_owned(),
        |key| format!("{} tries again.", key.short()),
    );
    match error.hint() {
        Hint::TryAgain => format!("It is tried again by itself. {again}"),
        Hint::Reload => again,
        Hint::SignInAgain(cause) if cause.can_be_renewed() => format!(
            "To sign in: {}; it goes on by itself then. {again}",
            cause.way_out()
        ),
        Hint::SignInAgain(cause) => format!("To sign in: {}. {again}", cause.way_out()),
        Hint::AskForRight(right) => {
            format!("Ask the site's administrator for the right to {right}.")
        }
        Hint::CheckCertificate(doubt) => distrusted(error, doubt),
        Hint::Correct => "Change what the site's words name.".to_owned(),
        Hint::SeeRequests => {
            let requests = keymap.key(scope, Action::Requests);
            let requests = requests.map_or_else(String::new, |key| {
                format!(" {} shows which request it was.", key.short())
            });
            format!("{again}{requests}")
        }
    }
}

/// A certificate is judged outside the console, where there is room to compare it and time to think.
fn distrusted(error: &SiteError, doubt: Doubt) -> String {
    let SiteError::Untrusted { site, .. } = error else {
        return String::new();
    };
    match doubt {
        Doubt::Unproven => format!("In a shell, consign site trust {site} shows it and asks."),
        Doubt::Changed => {
            format!("In a shell, consign site trust {site} --replace shows both certificates.")
        }
        Doubt::OtherThanSet => {
            format!("Compare the fingerprint with `pin` of [site.{site}] in settings.toml.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::keymap::Keymap;

    #[test]
    fn an_answer_nobody_can_read_points_to_its_request_and_promises_no_more() {
        let garbled = SiteError::Garbled {
            attempt: String::from("read the packages"),
            reason: String::from("it is empty"),
        };
        assert_eq!(
            way_out(&garbled, &Keymap::default(), Scope::List),
            "r tries again. 7 shows which request it was."
        );
    }

    #[test]
    fn a_doubt_about_a_certificate_is_settled_in_a_shell() {
        for (doubt, way) in [
            (
                Doubt::Unproven,
                "In a shell, consign site trust prod shows it and asks.",
            ),
            (
                Doubt::Changed,
                "In a shell, consign site trust prod --replace shows both certificates.",
            ),
            (
                Doubt::OtherThanSet,
                "Compare the fingerprint with `pin` of [site.prod] in settings.toml.",
            ),
        ] {
            let error = SiteError::Untrusted {
                site: String::from("prod"),
                reason: String::from("another certificate than the known one"),
                fingerprint: String::new(),
                doubt,
            };
            assert_eq!(way_out(&error, &Keymap::default(), Scope::List), way);
        }
    }
}
