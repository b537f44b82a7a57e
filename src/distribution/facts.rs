//! What the site says about a draft: which questions it raises ([`needed`], pure) and their answers.
//!
//! A question names things as the draft does (by id or name); whoever answers resolves them. A fact is in one of four
//! states, and every rule is total over all four: what this site has no class for is [`Fact::Unknown`] and says so.
//! The console, the command line and the check before a run share all of this; only [`gather()`] talks to a site.

pub mod answers;
mod gather;
mod needed;
pub mod windows;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::sms::application::ApplicationRow;
use crate::sms::folder::FolderRow;
use crate::sms::scope::ScopeRow;

pub use answers::{
    Advertised, CollectionFact, ContentFact, CopyFact, DependencyFact, DependencyLink, DeviceFact,
    GroupFact, History, Impact, ImpactParts, Kinds, Named, PackageFact, PointsFact, Preview,
    QueryFact, ResolvedName, SiteFact, SourceFact, WindowGroup, WindowsFact,
};
pub use gather::{gather, reached};
pub use needed::{LARGE, needed};

/// What is known of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact<T> {
    /// Nobody asked yet.
    NotAsked,
    /// An answer is on its way.
    Asked,
    Known {
        value: T,
        read_at: Timestamp,
    },
    /// It cannot be known, or could not be read; in words that end a sentence.
    Unknown {
        reason: String,
    },
}

impl<T> Fact<T> {
    pub fn known(value: T, read_at: Timestamp) -> Self {
        Self::Known { value, read_at }
    }

    pub fn unknown(reason: impl Into<String>) -> Self {
        Self::Unknown {
            reason: reason.into(),
        }
    }

    /// The value, where it is known.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Known { value, .. } => Some(value),
            _ => None,
        }
    }

    pub fn read_at(&self) -> Option<Timestamp> {
        match self {
            Self::Known { read_at, .. } => Some(*read_at),
            _ => None,
        }
    }

    /// Why it is not known; `None` when it is.
    pub fn doubt(&self) -> Option<&str> {
        match self {
            Self::Known { .. } => None,
            Self::NotAsked | Self::Asked => Some("it has not been read yet"),
            Self::Unknown { reason } => Some(reason),
        }
    }

    pub fn as_ref(&self) -> Fact<&T> {
        match self {
            Self::NotAsked => Fact::NotAsked,
            Self::Asked => Fact::Asked,
            Self::Known { value, read_at } => Fact::Known {
                value,
                read_at: *read_at,
            },
            Self::Unknown { reason } => Fact::Unknown {
                reason: reason.clone(),
            },
        }
    }

    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Fact<U> {
        match self {
            Self::NotAsked => Fact::NotAsked,
            Self::Asked => Fact::Asked,
            Self::Known { value, read_at } => Fact::Known {
                value: f(value),
                read_at,
            },
            Self::Unknown { reason } => Fact::Unknown { reason },
        }
    }
}

/// Who is meant: an existing collection, or what a new one would hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// By id or name.
    Existing(String),
    New {
        limit_to: String,
        devices: Vec<String>,
        query: Option<String>,
        include: Vec<String>,
        exclude: Vec<String>,
    },
}

/// A package and one of its programs, as a draft names them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NamedProgram {
    /// By id or name.
    pub package: String,
    pub program: String,
}

/// Something to ask a site. Ordered so that what others build on comes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Who answers, and what its clock says.
    Site,
    /// Packages with this id or name, each with its programs.
    Package(String),
    /// Names of manufacturers in use.
    Makers,
    /// Applications that may be the same software.
    Applications { name: String, maker: String },
    /// Packages that read this folder.
    SourceUsers(String),
    /// Packages that use this share.
    ShareUsers(String),
    /// What is in this folder.
    Source(String),
    /// Which points hold this package, and in which version.
    Content(String),
    /// Distribution points and their groups.
    Points,
    /// Collections with this id or name.
    Collection(String),
    /// Collections with at least so many members.
    LargeCollections(u64),
    /// Devices of these names, and whether they are in the limiting collection.
    Devices {
        names: Vec<String>,
        limit_to: String,
    },
    /// Whether a site takes this query, and whom it finds.
    Query { wql: String, limit_to: String },
    /// Who would be reached.
    Impact(Target),
    /// When their maintenance windows open.
    Windows(Target),
    /// Who of them ran the program before.
    History {
        program: NamedProgram,
        target: Target,
    },
    /// What already deploys the program, and to how many of them.
    Advertised {
        program: NamedProgram,
        target: Target,
    },
    /// Advertisements of this name.
    AdvertisementNamed(String),
    /// What this program waits for, link by link.
    Dependency(NamedProgram),
    /// The security scopes one may see.
    Scopes,
    /// The console folders.
    Folders,
}

/// The answer to a question, one variant a kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Site(SiteFact),
    Packages(Vec<PackageFact>),
    Makers(Vec<String>),
    Applications(Vec<ApplicationRow>),
    /// Ids and names of the packages that use something.
    Users(Vec<Named>),
    Source(SourceFact),
    Content(ContentFact),
    Points(PointsFact),
    Collections(Vec<CollectionFact>),
    Devices(Vec<ResolvedName>),
    Query(QueryFact),
    Impact(Impact),
    Windows(WindowsFact),
    History(History),
    Advertised(Vec<Advertised>),
    Dependency(DependencyFact),
    Scopes(Vec<ScopeRow>),
    Folders(Vec<FolderRow>),
}

/// Everything known so far.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    from = "Vec<(Question, Fact<Answer>)>",
    into = "Vec<(Question, Fact<Answer>)>"
)]
pub struct Facts {
    facts: BTreeMap<Question, Fact<Answer>>,
}

macro_rules! answers {
    ($($(#[$meta:meta])* $name:ident($($arg:ident: $type:ty),*): $question:expr => $variant:ident($value:ty);)+) => {
        impl Facts {$(
            $(#[$meta])*
            pub fn $name(&self, $($arg: $type),*) -> Fact<&$value> {
                match self.get(&$question) {
                    Fact::NotAsked => Fact::NotAsked,
                    Fact::Asked => Fact::Asked,
                    Fact::Known { value: Answer::$variant(value), read_at } => Fact::Known { value, read_at },
                    Fact::Known { .. } => Fact::unknown("its answer is of another kind"),
                    Fact::Unknown { reason } => Fact::Unknown { reason },
                }
            }
        )+}
    };
}

answers! {
    site(): Question::Site => Site(SiteFact);
    /// Packages with this id or name.
    packages(named: &str): Question::Package(named.into()) => Packages(Vec<PackageFact>);
    makers(): Question::Makers => Makers(Vec<String>);
    applications(name: &str, maker: &str):
        Question::Applications { name: name.into(), maker: maker.into() } => Applications(Vec<ApplicationRow>);
    source_users(folder: &str): Question::SourceUsers(folder.into()) => Users(Vec<Named>);
    share_users(share: &str): Question::ShareUsers(share.into()) => Users(Vec<Named>);
    source(folder: &str): Question::Source(folder.into()) => Source(SourceFact);
    content(package: &str): Question::Content(package.into()) => Content(ContentFact);
    points(): Question::Points => Points(PointsFact);
    /// Collections with this id or name.
    collections(named: &str): Question::Collection(named.into()) => Collections(Vec<CollectionFact>);
    large_collections(least: u64): Question::LargeCollections(least) => Collections(Vec<CollectionFact>);
    devices(names: &[String], limit_to: &str):
        Question::Devices { names: names.to_vec(), limit_to: limit_to.into() } => Devices(Vec<ResolvedName>);
    query(wql: &str, limit_to: &str):
        Question::Query { wql: wql.into(), limit_to: limit_to.into() } => Query(QueryFact);
    impact(target: &Target): Question::Impact(target.clone()) => Impact(Impact);
    windows(target: &Target): Question::Windows(target.clone()) => Windows(WindowsFact);
    history(program: &NamedProgram, target: &Target):
        Question::History { program: program.clone(), target: target.clone() } => History(History);
    advertised(program: &NamedProgram, target: &Target):
        Question::Advertised { program: program.clone(), target: target.clone() } => Advertised(Vec<Advertised>);
    advertisements_named(name: &str): Question::AdvertisementNamed(name.into()) => Users(Vec<Named>);
    dependency(program: &NamedProgram): Question::Dependency(program.clone()) => Dependency(DependencyFact);
    scopes(): Question::Scopes => Scopes(Vec<ScopeRow>);
    folders(): Question::Folders => Folders(Vec<FolderRow>);
}

impl Facts {
    /// The state of one question.
    pub fn get(&self, question: &Question) -> Fact<&Answer> {
        self.facts
            .get(question)
            .map_or(Fact::NotAsked, Fact::as_ref)
    }

    /// Questions of a draft that nobody has asked yet.
    pub fn missing(&self, questions: impl IntoIterator<Item = Question>) -> Vec<Question> {
        questions
            .into_iter()
            .filter(|question| !self.facts.contains_key(question))
            .collect()
    }

    /// Notes that answers are on their way. A known answer stays until the new one is there.
    pub fn ask(&mut self, questions: &[Question]) {
        for question in questions {
            let fact = self.facts.entry(question.clone()).or_insert(Fact::Asked);
            if !matches!(fact, Fact::Known { .. }) {
                *fact = Fact::Asked;
            }
        }
    }

    /// Takes an answer.
    pub fn learn(&mut self, question: Question, fact: Fact<Answer>) {
        self.facts.insert(question, fact);
    }

    /// Takes every answer of `newer`.
    pub fn merge(&mut self, newer: Self) {
        self.facts.extend(newer.facts);
    }

    /// Forgets what the draft has no use for any more, so that facts do not grow with every key typed.
    pub fn keep_only(&mut self, questions: &[Question]) {
        self.facts
            .retain(|question, _| questions.contains(question));
    }

    /// Whether every answer of these is there or will never be.
    pub fn is_settled(&self, questions: &[Question]) -> bool {
        questions.iter().all(|question| {
            matches!(
                self.facts.get(question),
                Some(Fact::Known { .. } | Fact::Unknown { .. })
            )
        })
    }

    /// All questions and their states.
    pub fn iter(&self) -> impl Iterator<Item = (&Question, &Fact<Answer>)> {
        self.facts.iter()
    }
}

impl From<Vec<(Question, Fact<Answer>)>> for Facts {
    fn from(facts: Vec<(Question, Fact<Answer>)>) -> Self {
        Self {
            facts: facts.into_iter().collect(),
        }
    }
}

impl From<Facts> for Vec<(Question, Fact<Answer>)> {
    fn from(facts: Facts) -> Self {
        facts.facts.into_iter().collect()
    }
}
