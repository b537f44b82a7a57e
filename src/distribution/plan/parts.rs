//! The small parts of a plan: its id, the numbers of its operations, references between them, and the stamp on what it makes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::distribution::draft::Intent;
use crate::sms::ids::SiteCode;

/// Names one plan for ever: on the stamp of every object it makes and on its journal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanId(#[serde(with = "uuid::serde::simple")] Uuid);

impl PlanId {
    /// A fresh one.
    pub fn fresh() -> Self {
        Self(Uuid::new_v4())
    }

    /// The first four digits, enough for a person to tell plans apart.
    pub fn short(&self) -> String {
        self.to_string().chars().take(4).collect()
    }
}

impl fmt::Display for PlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.simple().fmt(f)
    }
}

impl FromStr for PlanId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Version of the form of a plan. Only the one this program knows can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Form;

impl Form {
    const NUMBER: u32 = 1;
}

impl From<Form> for u32 {
    fn from(_: Form) -> Self {
        Form::NUMBER
    }
}

impl TryFrom<u32> for Form {
    type Error = String;

    fn try_from(number: u32) -> Result<Self, String> {
        if number == Self::NUMBER {
            Ok(Self)
        } else {
            Err(format!(
                "it has form {number}, and this version of consign knows form {} only",
                Self::NUMBER
            ))
        }
    }
}

/// The site a plan is for: its name in the settings, and what the site itself answers with.
///
/// A code of three letters and a name are easily those of another site as well, a laboratory's or a demo's; the site
/// server is not. It is the same whoever asks, where the server asked, the provider, need not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteName {
    pub name: String,
    pub code: SiteCode,
    /// Empty in plans of versions that did not keep it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The site server; empty in plans of versions that did not keep it, and where the site does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub server: String,
}

impl SiteName {
    /// Whether a site that answers so is this one. What a plan did not keep, or a site does not say, tells nothing.
    pub(super) fn is(&self, found: &Self) -> bool {
        let is_same_title = self.title.is_empty() || self.title == found.title;
        let is_told = !self.server.is_empty() && !found.server.is_empty();
        let is_same_server = !is_told || self.server.eq_ignore_ascii_case(&found.server);
        self.code == found.code && is_same_title && is_same_server
    }

    /// What it says of itself: `LAB`, or `LAB (Berlin, on sccm01.corp.example)`.
    pub fn told(&self) -> String {
        let code = &self.code;
        match (self.title.as_str(), self.server.as_str()) {
            ("", "") => code.to_string(),
            (title, "") => format!("{code} ({title})"),
            ("", server) => format!("{code} (on {server})"),
            (title, server) => format!("{code} ({title}, on {server})"),
        }
    }
}

/// What a distribution does to devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    Install,
    Remove,
    Run,
}

impl Verb {
    pub(super) fn of(intent: Intent) -> Self {
        match intent {
            Intent::Install => Self::Install,
            Intent::Remove => Self::Remove,
            Intent::Run => Self::Run,
        }
    }
}

/// Number of an operation in its plan, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OpNumber(pub usize);

impl fmt::Display for OpNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An object an operation needs: one the site already has, or one an earlier operation of the same plan makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ref<T> {
    Id(T),
    MadeBy(OpNumber),
}

impl<T> Ref<T> {
    /// The id, where it is known already.
    pub fn id(&self) -> Option<&T> {
        match self {
            Self::Id(id) => Some(id),
            Self::MadeBy(_) => None,
        }
    }

    /// The operation it waits for.
    pub fn maker(&self) -> Option<OpNumber> {
        match self {
            Self::Id(_) => None,
            Self::MadeBy(number) => Some(*number),
        }
    }
}

impl<T: fmt::Display> fmt::Display for Ref<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::MadeBy(number) => write!(f, "made by {number}"),
        }
    }
}

/// What consign writes into `ISVString` of an object it makes, so that it finds it again whatever happened to the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    pub plan: PlanId,
    pub op: OpNumber,
}

impl Stamp {
    /// Begins every stamp of every plan.
    pub const PREFIX: &str = "consign:1:";

    /// The plan and operation a text names, if it is a stamp of ours.
    pub fn read(text: &str) -> Option<Self> {
        let (plan, op) = text.strip_prefix(Self::PREFIX)?.split_once(':')?;
        Some(Self {
            plan: plan.parse().ok()?,
            op: OpNumber(op.parse().ok()?),
        })
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}:{}", Self::PREFIX, self.plan, self.op)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_read_back_as_it_was_written() {
        let stamp = Stamp {
            plan: PlanId::fresh(),
            op: OpNumber(12),
        };
        assert_eq!(Stamp::read(&stamp.to_string()), Some(stamp));
    }

    #[test]
    fn what_others_put_into_isvstring_is_no_stamp() {
        for text in [
            "",
            "AcmeTool",
            "consign:1:",
            "consign:2:abc:1",
            "consign:1:nonsense:1",
        ] {
            assert_eq!(Stamp::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_site_is_known_by_its_server_where_both_name_it() {
        let kept = SiteName {
            name: "demo".into(),
            code: SiteCode::new("LAB"),
            title: "the demo".into(),
            server: "dp01.the-demo.example".into(),
        };
        let answering = |code: &str, title: &str, server: &str| SiteName {
            name: String::new(),
            code: SiteCode::new(code),
            title: title.into(),
            server: server.into(),
        };
        assert!(kept.is(&answering("LAB", "the demo", "DP01.the-demo.example")));
        assert!(kept.is(&answering("LAB", "the demo", "")));
        assert!(!kept.is(&answering("LAB", "lab", "dp01.the-demo.example")));
        assert!(!kept.is(&answering("LAB", "the demo", "sccm01.corp.example")));
        assert!(!kept.is(&answering("PS1", "the demo", "")));
        let of_an_earlier_version = answering("LAB", "", "");
        assert!(of_an_earlier_version.is(&answering("LAB", "lab", "dp01.lab.example")));
    }

    #[test]
    fn references_read_well_in_json() {
        let made: Ref<String> = Ref::MadeBy(OpNumber(1));
        assert_eq!(serde_json::to_string(&made).unwrap(), r#"{"made_by":1}"#);
        let given: Ref<String> = Ref::Id("LAB00012".into());
        assert_eq!(
            serde_json::to_string(&given).unwrap(),
            r#"{"id":"LAB00012"}"#
        );
    }
}
