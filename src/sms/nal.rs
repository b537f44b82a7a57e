//! NAL paths: the provider's names for servers and shares.
//!
//! ```text
//! ["Display=\\dp01.corp.example\"]MSWNET:["SMS_SITE=XYZ"]\\dp01.corp.example\
//!  └─ display qualifiers ───────┘ └kind─┘ └─ connection ─┘└─ network path ──┘
//! ```
//!
//! A path read from a site is kept character for character, because it is sent back as a key. [`NalParts`] reads and
//! prints its parts.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::KeyPart;
use super::ids::SiteCode;
use super::wire::travels;

/// A NAL path exactly as received. Two paths are equal when they differ only in case.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NalPath(String);

impl NalPath {
    /// The path as received.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The path of a server's role at a site, in the form distribution points carry.
    ///
    /// For a server that exists take the path from `SMS_SystemResourceList` instead.
    pub fn of_server(server: &str, site: &SiteCode) -> Self {
        let path = format!("\\\\{server}\\");
        NalParts {
            display: vec![format!("Display={path}")],
            kind: "MSWNET".to_owned(),
            connection: vec![format!("SMS_SITE={site}")],
            path,
        }
        .into()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The server's name, for people; the whole text when it is no NAL path (some status rows carry a plain name).
    pub fn server(&self) -> &str {
        let path = self.0.rsplit_once(r"\\").map_or("", |(_, path)| path);
        match path.split('\\').next() {
            Some(server) if !server.is_empty() => server,
            _ => &self.0,
        }
    }

    /// The site the path names, if it names one.
    pub fn site(&self) -> Option<SiteCode> {
        self.parts().ok()?.site()
    }

    /// The parts of the path.
    pub fn parts(&self) -> Result<NalParts, NalError> {
        NalParts::parse(&self.0)
    }

    /// Whether both name the same place. That case does not count is unverified; this is the one place that says so.
    pub fn is_same(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl PartialEq for NalPath {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other)
    }
}

impl Eq for NalPath {}

impl Hash for NalPath {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_ascii_lowercase().hash(state);
    }
}

impl fmt::Display for NalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<NalPath> for KeyPart {
    fn from(path: NalPath) -> Self {
        Self::Text(path.0)
    }
}

impl From<NalParts> for NalPath {
    fn from(parts: NalParts) -> Self {
        Self(parts.to_string())
    }
}

travels! { NalPath => "String" }

/// The parts of a NAL path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NalParts {
    /// For example `Display=\\dp01\`; empty in the location form some status rows carry.
    pub display: Vec<String>,
    /// `MSWNET`, or `GENERIC` for accounts.
    pub kind: String,
    /// For example `SMS_SITE=XYZ`.
    pub connection: Vec<String>,
    /// Network path, with its last backslash.
    pub path: String,
}

/// Why a text is not a NAL path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NalError {
    #[error("a bracket of the NAL path is not closed")]
    Unclosed,
    #[error("a qualifier of the NAL path is not in quotes")]
    Unquoted,
    #[error("the NAL path names no network type such as MSWNET")]
    NoKind,
}

impl NalParts {
    pub fn parse(text: &str) -> Result<Self, NalError> {
        let (display, rest) = qualifiers(text)?;
        let (kind, rest) = rest.split_once(':').ok_or(NalError::NoKind)?;
        if kind.is_empty() || !kind.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(NalError::NoKind);
        }
        let (connection, path) = qualifiers(rest)?;
        Ok(Self {
            display,
            kind: kind.to_owned(),
            connection,
            path: path.to_owned(),
        })
    }

    /// The site among the connection qualifiers; a word such as `Preferred` may follow the code.
    pub fn site(&self) -> Option<SiteCode> {
        self.connection.iter().find_map(|qualifier| {
            let (name, value) = qualifier.split_once('=')?;
            let code = value.split_whitespace().next()?;
            name.trim()
                .eq_ignore_ascii_case("SMS_SITE")
                .then(|| SiteCode::new(code))
        })
    }
}

/// Takes `["a","b"]` from the front of a text, if it starts so. That several stand in one bracket, parted by commas,
/// is unverified.
fn qualifiers(text: &str) -> Result<(Vec<String>, &str), NalError> {
    let mut found = Vec::new();
    let Some(mut rest) = text.strip_prefix('[') else {
        return Ok((found, text));
    };
    loop {
        rest = rest.strip_prefix('"').ok_or(NalError::Unquoted)?;
        let (qualifier, after) = rest.split_once('"').ok_or(NalError::Unclosed)?;
        found.push(qualifier.to_owned());
        if let Some(after) = after.strip_prefix(']') {
            return Ok((found, after));
        }
        rest = after
            .strip_prefix(',')
            .ok_or(NalError::Unclosed)?
            .trim_start();
    }
}

impl fmt::Display for NalParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bracket = |qualifiers: &[String]| match qualifiers {
            [] => String::new(),
            some => format!("[\"{}\"]", some.join("\",\"")),
        };
        let (display, connection) = (bracket(&self.display), bracket(&self.connection));
        write!(f, "{display}{}:{connection}{}", self.kind, self.path)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const POINT: &str =
        r#"["Display=\\dp01.corp.example\"]MSWNET:["SMS_SITE=XYZ"]\\dp01.corp.example\"#;

    #[test]
    fn a_distribution_point_shows_its_server_and_site() {
        let path = NalPath::new(POINT);
        assert_eq!(path.server(), "dp01.corp.example");
        assert_eq!(path.site(), Some(SiteCode::new("XYZ")));
        assert_eq!(
            NalPath::of_server("dp01.corp.example", &SiteCode::new("XYZ")).as_str(),
            POINT
        );
    }

    #[test]
    fn the_location_form_has_no_display_part() {
        let path = NalPath::new(r#"MSWNET:["SMS_SITE=XYZ"]\\dp01.corp.example\SMSPKGC$\XYZ0001F\"#);
        let parts = path.parts().unwrap();
        assert_eq!(path.server(), "dp01.corp.example");
        assert!(parts.display.is_empty());
        assert_eq!(parts.path, r"\\dp01.corp.example\SMSPKGC$\XYZ0001F\");
    }

    #[test]
    fn a_word_may_follow_the_site_code() {
        let path = NalPath::new(r#"["Display=\\a\"]MSWNET:["SMS_SITE=XYZ Preferred"]\\a\"#);
        assert_eq!(path.site(), Some(SiteCode::new("XYZ")));
    }

    #[test]
    fn a_plain_name_in_a_status_row_is_its_own_server() {
        let path = NalPath::new("dp01.contoso.com");
        assert_eq!(path.server(), "dp01.contoso.com");
        assert_eq!(path.site(), None);
        assert_eq!(path.parts(), Err(NalError::NoKind));
    }

    #[test]
    fn case_does_not_make_another_place() {
        assert_eq!(NalPath::new(POINT), NalPath::new(POINT.to_uppercase()));
        assert_ne!(NalPath::new(POINT), NalPath::new("dp01.corp.example"));
    }

    #[test]
    fn broken_paths_say_what_is_broken() {
        let error = |text| NalParts::parse(text).unwrap_err();
        assert_eq!(error(r#"["Display=\\a\"#), NalError::Unclosed);
        assert_eq!(error(r#"["Display=\\a\""MSWNET:\\a\"#), NalError::Unclosed);
        assert_eq!(error(r"[Display=\\a\]MSWNET:\\a\"), NalError::Unquoted);
        assert_eq!(error(r"\\a\share"), NalError::NoKind);
        assert_eq!(error(""), NalError::NoKind);
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(
            display in proptest::collection::vec(r#"[^"]{0,20}"#, 0..3),
            kind in "[A-Z]{1,8}",
            connection in proptest::collection::vec(r#"[^"]{0,20}"#, 0..3),
            path in r"\\\\[a-z0-9.-]{1,20}\\([A-Za-z$]{1,9}\\)?",
        ) {
            let parts = NalParts { display, kind, connection, path };
            prop_assert_eq!(NalParts::parse(&parts.to_string()), Ok(parts));
        }

        #[test]
        fn no_text_makes_it_panic(text in r#"[\[\]"\\:,A-Z= é]{0,40}"#) {
            let path = NalPath::new(text);
            let _ = (path.server().len(), path.site(), path.parts());
        }
    }
}
