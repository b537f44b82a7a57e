//! What a plan is made of: one file for each kind of operation.
//!
//! Each kind says in words what it does, which right it needs and exactly which properties it writes, and knows how to
//! `look` whether its object is there already, to `make` it, and to `unmake` what this plan made and nothing else. All
//! talk to the site goes through a [`Hand`](crate::distribution::run::Hand), which writes the journal.

pub mod advertisement;
pub mod already;
pub mod collection;
pub mod content;
pub mod evaluation;
pub mod folder;
pub mod package;
pub mod program;
pub mod rules;
pub mod scopes;
pub mod stamped;
pub mod wait;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::distribution::plan::OpNumber;
use crate::distribution::run::{Hand, Trouble};

pub use advertisement::MakeAdvertisement;
pub use already::Already;
pub use collection::MakeCollection;
pub use content::AssignContent;
pub use evaluation::Evaluate;
pub use folder::{MoveToFolder, Placed};
pub use package::MakePackage;
pub use program::MakeProgram;
pub use rules::AddRules;
pub use scopes::PutInScopes;
pub use wait::WaitForContent;

/// One operation, with nothing left to decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Operation {
    /// Something that exists and is used as it is.
    Already(Already),
    Package(MakePackage),
    Scopes(PutInScopes),
    Folder(MoveToFolder),
    Program(MakeProgram),
    Collection(MakeCollection),
    Rules(AddRules),
    Evaluation(Evaluate),
    Content(AssignContent),
    Wait(WaitForContent),
    Advertisement(MakeAdvertisement),
}

/// What an operation does to the site, as a mark before its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    Create,
    Call,
    Wait,
    Already,
}

impl Mark {
    /// The character of the review page and of `consign plan`.
    pub fn symbol(self) -> char {
        match self {
            Self::Create => '+',
            Self::Call => '>',
            Self::Wait => '?',
            Self::Already => '=',
        }
    }
}

/// The right an operation needs on the site, in the site's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display)]
pub enum Right {
    #[strum(to_string = "read")]
    Read,
    #[strum(to_string = "create packages")]
    CreatePackages,
    #[strum(to_string = "modify packages")]
    ModifyPackages,
    #[strum(to_string = "create collections")]
    CreateCollections,
    #[strum(to_string = "modify collections")]
    ModifyCollections,
    #[strum(to_string = "copy to distribution point")]
    CopyToDistributionPoint,
    #[strum(to_string = "deploy packages")]
    DeployPackages,
    #[strum(to_string = "set security scope")]
    SetSecurityScope,
    #[strum(to_string = "move objects")]
    MoveObjects,
}

/// One property an operation writes, for the exact view of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The class's own name of the property.
    pub property: String,
    pub value: Value,
}

/// What looking for an operation's object found.
#[derive(Debug, Clone, PartialEq)]
pub enum Look {
    /// It carries this plan's stamp.
    Ours {
        id: Option<String>,
        words: String,
    },
    /// Not ours, and exactly what would be made.
    Same {
        id: Option<String>,
        words: String,
    },
    /// Not ours, in the way, and different.
    Taken {
        id: String,
        differs: Vec<String>,
    },
    Absent,
}

/// What making it came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// Empty for an operation that makes no object of its own.
    pub id: Option<String>,
    pub words: String,
}

/// What taking it back came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unmade {
    Removed,
    /// The site took the request; the object goes once what hangs on it has gone.
    Going,
    /// There was nothing to take back.
    Nothing,
    /// It stays, and why.
    Left(String),
}

/// Calls a method on whichever kind an operation is.
macro_rules! each {
    ($operation:expr, $kind:ident => $call:expr) => {
        match $operation {
            Operation::Already($kind) => $call,
            Operation::Package($kind) => $call,
            Operation::Scopes($kind) => $call,
            Operation::Folder($kind) => $call,
            Operation::Program($kind) => $call,
            Operation::Collection($kind) => $call,
            Operation::Rules($kind) => $call,
            Operation::Evaluation($kind) => $call,
            Operation::Content($kind) => $call,
            Operation::Wait($kind) => $call,
            Operation::Advertisement($kind) => $call,
        }
    };
}

/// What every kind of operation can say and do.
pub(crate) trait Kind {
    /// One word for the first column.
    fn title(&self) -> &'static str;
    /// What it is about: a name.
    fn subject(&self) -> String;
    /// The rest of its line.
    fn detail(&self) -> String;
    fn mark(&self) -> Mark;
    fn right(&self) -> Right;
    /// The operations it refers to.
    fn needs(&self) -> Vec<OpNumber>;
    /// The request it sends.
    fn request(&self) -> String;
    /// What it writes, apart from the stamp and from ids that are not known yet.
    fn written(&self) -> Vec<Written>;
    /// Whether sending its request a second time changes nothing, so that a lost answer needs no doubt.
    fn is_repeatable(&self) -> bool {
        false
    }

    async fn look(&self, hand: &mut Hand<'_>) -> Result<Look, Trouble>;
    async fn make(&self, hand: &mut Hand<'_>) -> Result<Made, Trouble>;
    /// Holds what the site has against what was asked for, once it is there.
    async fn confirm(&self, _hand: &mut Hand<'_>, _id: Option<&str>) -> Result<(), Trouble> {
        Ok(())
    }
    async fn unmake(&self, hand: &mut Hand<'_>) -> Result<Unmade, Trouble>;
}

impl Operation {
    /// One word for the first column.
    pub fn title(&self) -> &'static str {
        each!(self, kind => kind.title())
    }

    /// What it is about: a name.
    pub fn subject(&self) -> String {
        each!(self, kind => kind.subject())
    }

    /// Both together, for messages: `Package Line Tool 3.1`.
    pub fn about(&self) -> String {
        format!("{} {}", self.title(), self.subject())
    }

    /// Whether it leaves something of its own on the site; rules, evaluations and places belong to their object.
    pub fn makes_an_object(&self) -> bool {
        match self {
            Self::Package(_)
            | Self::Program(_)
            | Self::Collection(_)
            | Self::Content(_)
            | Self::Advertisement(_) => true,
            Self::Already(_)
            | Self::Scopes(_)
            | Self::Folder(_)
            | Self::Rules(_)
            | Self::Evaluation(_)
            | Self::Wait(_) => false,
        }
    }

    /// The rest of its line.
    pub fn detail(&self) -> String {
        each!(self, kind => kind.detail())
    }

    pub fn mark(&self) -> Mark {
        each!(self, kind => kind.mark())
    }

    /// The right it needs.
    pub fn right(&self) -> Right {
        each!(self, kind => kind.right())
    }

    /// The request it sends, for example `create SMS_Package`; empty when it sends none.
    pub fn request(&self) -> String {
        each!(self, kind => kind.request())
    }

    /// What it writes, property by property.
    pub fn written(&self) -> Vec<Written> {
        each!(self, kind => kind.written())
    }

    pub(crate) fn referred(&self) -> Vec<OpNumber> {
        each!(self, kind => kind.needs())
    }

    pub(crate) fn is_repeatable(&self) -> bool {
        each!(self, kind => kind.is_repeatable())
    }

    pub(crate) async fn look(&self, hand: &mut Hand<'_>) -> Result<Look, Trouble> {
        each!(self, kind => kind.look(hand).await)
    }

    pub(crate) async fn make(&self, hand: &mut Hand<'_>) -> Result<Made, Trouble> {
        each!(self, kind => kind.make(hand).await)
    }

    pub(crate) async fn confirm(
        &self,
        hand: &mut Hand<'_>,
        id: Option<&str>,
    ) -> Result<(), Trouble> {
        each!(self, kind => kind.confirm(hand, id).await)
    }

    pub(crate) async fn unmake(&self, hand: &mut Hand<'_>) -> Result<Unmade, Trouble> {
        each!(self, kind => kind.unmake(hand).await)
    }
}

/// The properties of anything that is sent, in the order they are sent.
pub(crate) fn written(changes: &impl Serialize) -> Vec<Written> {
    match serde_json::to_value(changes) {
        Ok(Value::Object(properties)) => properties
            .into_iter()
            .map(|(property, value)| Written { property, value })
            .collect(),
        _ => Vec::new(),
    }
}
