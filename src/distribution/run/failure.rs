//! What stopped an operation, told so that a person can go on: the site's words, the likely reason, the ways out.

mod reason;

use thiserror::Error;

use crate::distribution::check::Finding;
use crate::distribution::journal::{Doing, JournalError, Record, Traces};
use crate::distribution::operation::Operation;
use crate::distribution::plan::{Counted, OpNumber, Plan};
use crate::distribution::words;
use crate::error::SiteError;

/// What stood in an operation's way.
#[derive(Debug, Error)]
pub(crate) enum Trouble {
    /// The site refused, or could not be asked: nothing was changed by this request.
    #[error("{0}")]
    Site(SiteError),
    /// A request left and no answer came back.
    #[error("{0}")]
    Lost(SiteError),
    #[error("{what} is there already as {id}, and differs in {}", differs.join(", "))]
    Taken {
        what: String,
        id: String,
        differs: Vec<String>,
    },
    /// What the plan relied on has changed (DRF-E01).
    #[error("{}", texts(.0))]
    Moved(Vec<Finding>),
    /// The site at hand is not the one of the plan.
    #[error("{}", .0.text())]
    Elsewhere(Box<Finding>),
    /// The settings of this site do not let this be done from here, or by this person.
    #[error("{}", texts(.0))]
    Forbidden(Vec<Finding>),
    #[error("taking back what this plan made was begun and is not at its end")]
    Undoing,
    #[error("{0}")]
    Late(String),
    /// The site itself gave up, for example on a copy.
    #[error("{0}")]
    GaveUp(String),
    #[error("{done} of {total} done; then {cause}")]
    Partly {
        done: usize,
        total: usize,
        cause: Box<Trouble>,
    },
    #[error("the site keeps {property} as {stored} where {sent} was sent")]
    StoredOtherwise {
        property: &'static str,
        sent: String,
        stored: String,
    },
    #[error("stopped as asked")]
    Stopped,
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The plan does not hold together. A plan made here always does; one edited by hand may not.
    #[error("{0}")]
    Broken(String),
}

impl From<SiteError> for Trouble {
    fn from(error: SiteError) -> Self {
        Self::Site(error)
    }
}

/// An operation that did not come to its end, and what can be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub op: OpNumber,
    /// What the operation is about, for example `Collection Line Tool - Pilot`.
    pub about: String,
    /// Whether the operation was begun: what stops a run may stand before it.
    pub is_begun: bool,
    pub cause: Cause,
    /// What was said, in the site's own words where it said anything.
    pub words: String,
    /// The likely reason, in plain words.
    pub reason: String,
    /// What is on the site now.
    pub left: String,
    /// The ways on, the usual one first.
    pub offers: Vec<Offer>,
}

/// The kind of a failure, for exit codes and for what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    Refused,
    SignedOut,
    Unreachable,
    /// A request was sent and what became of it could not be found out.
    Unknown,
    Taken,
    FactsChanged,
    /// This is not the site of the plan.
    OtherSite,
    Forbidden,
    /// A roll back began.
    Undoing,
    Late,
    /// Some of it worked.
    Partly,
    StoredOtherwise,
    /// The journal or the plan itself is at fault, not the site.
    Ours,
}

/// A way on after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumIter)]
pub enum Offer {
    Retry,
    RetryRest,
    WaitMore,
    /// Change the answers and plan anew.
    Edit,
    ChooseExisting,
    /// Go on without the rest of this operation. Asks for a confirmation of its own.
    GoOn,
    /// Leave it open; `consign resume` takes it up.
    Later,
    RollBack,
    /// Leave everything as it is and close the run.
    Keep,
    /// Nothing was made: just close.
    Stop,
}

impl Offer {
    /// A few words for a button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Retry => "Retry",
            Self::RetryRest => "Retry the rest",
            Self::WaitMore => "Wait more",
            Self::Edit => "Edit",
            Self::ChooseExisting => "Choose an existing collection",
            Self::GoOn => "Go on without the rest",
            Self::Later => "Later",
            Self::RollBack => "Roll back",
            Self::Keep => "Keep",
            Self::Stop => "Stop",
        }
    }

    /// What choosing it does.
    pub fn effect(self) -> &'static str {
        match self {
            Self::Retry => "Looks first whether it is there by now, then tries again.",
            Self::RetryRest => "Sends only what is still missing.",
            Self::WaitMore => "Waits once more as long.",
            Self::Edit => {
                "Back to the answers; what was made so far is found again by the next plan."
            }
            Self::ChooseExisting => "Back to the collection step.",
            Self::GoOn => "Goes on with what there is; you confirm the number first.",
            Self::Later => "Leaves the run open; it is offered again at the next start.",
            Self::RollBack => "Removes what this plan made, and nothing else.",
            Self::Keep => "Leaves what was made and closes the run.",
            Self::Stop => "Nothing was made; closes the run.",
        }
    }
}

impl Failure {
    /// Tells a trouble to a person.
    pub(super) fn tell(
        record: &Record,
        op: OpNumber,
        operation: &Operation,
        trouble: &Trouble,
    ) -> Self {
        let cause = trouble.cause();
        let past = record.past(op);
        Self {
            op,
            about: operation.about(),
            is_begun: past.settled.is_some() || !past.requests.is_empty(),
            cause,
            words: trouble.to_string(),
            reason: reason::likely(operation, trouble, past.was_refused(Doing::Make)),
            left: left(record, operation),
            offers: but_for_nothing(record, offers(operation, cause)),
        }
    }

    /// Where the run came to a halt, in a sentence.
    pub fn halt(&self) -> String {
        if self.is_begun {
            format!("{} did not come to its end.", self.about)
        } else {
            format!("The run stopped before {}.", self.about)
        }
    }

    /// What going on without the rest of the operation means, with its numbers, as a question.
    pub fn going_on(&self, plan: &Plan) -> String {
        let planned = match &plan.relied.target.members {
            Counted::Known(members) => words::devices(*members),
            Counted::Unknown(_) => "devices nobody could count".to_owned(),
        };
        let outcome = match plan.operation(self.op) {
            Some(Operation::Rules(_)) => {
                format!("It was planned for {planned}, and will reach fewer")
            }
            Some(Operation::Content(_) | Operation::Wait(_)) => {
                format!("{planned} are told to fetch the files, and some may not find them")
            }
            Some(Operation::Folder(folder)) => {
                format!("What was made stays outside the folder {}", folder.path)
            }
            _ => format!("It was planned for {planned}"),
        };
        format!("{}: {}. {outcome}. Go on?", self.about, self.words)
    }
}

impl Trouble {
    pub(super) fn cause(&self) -> Cause {
        match self {
            Self::Site(
                SiteError::Unreachable { .. }
                | SiteError::Busy { .. }
                | SiteError::Untrusted { .. },
            ) => Cause::Unreachable,
            Self::Site(SiteError::SignedOut { .. }) => Cause::SignedOut,
            Self::Site(_) | Self::GaveUp(_) => Cause::Refused,
            Self::Lost(_) => Cause::Unknown,
            Self::Taken { .. } => Cause::Taken,
            Self::Moved(_) => Cause::FactsChanged,
            Self::Elsewhere(_) => Cause::OtherSite,
            Self::Forbidden(_) => Cause::Forbidden,
            Self::Undoing => Cause::Undoing,
            Self::Late(_) | Self::Stopped => Cause::Late,
            Self::Partly { .. } => Cause::Partly,
            Self::StoredOtherwise { .. } => Cause::StoredOtherwise,
            Self::Journal(_) | Self::Broken(_) => Cause::Ours,
        }
    }
}

/// A run that stopped as asked, and what can be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Halt {
    /// The operation that would have been next.
    pub before: OpNumber,
    /// What is on the site now.
    pub left: String,
    /// The ways on, the usual one first.
    pub offers: Vec<Offer>,
}

impl Halt {
    pub(super) fn before(record: &Record, op: OpNumber, operation: &Operation) -> Self {
        let offers = vec![Offer::Retry, Offer::RollBack, Offer::Keep, Offer::Later];
        Self {
            before: op,
            left: left(record, operation),
            offers: but_for_nothing(record, offers),
        }
    }
}

/// The ways on, without those that take back or keep what is made where nothing was.
pub fn but_for_nothing(record: &Record, mut offers: Vec<Offer>) -> Vec<Offer> {
    let has_end = |offer: &Offer| matches!(offer, Offer::RollBack | Offer::Keep);
    if record.traces() == Traces::Nothing && offers.iter().any(has_end) {
        offers.retain(|offer| !has_end(offer) && *offer != Offer::Later);
        offers.push(Offer::Stop);
    }
    offers
}

/// The ways on (wizard.md 11.1), the usual one first.
fn offers(operation: &Operation, cause: Cause) -> Vec<Offer> {
    use Offer::{ChooseExisting, Edit, GoOn, Keep, Later, Retry, RetryRest, RollBack, WaitMore};
    match (operation, cause) {
        // The run belongs to another place, person or moment: nothing is decided about it here.
        (_, Cause::OtherSite | Cause::Forbidden) => vec![Later],
        (_, Cause::Undoing) => vec![RollBack, Keep, Later],
        (_, Cause::FactsChanged | Cause::Ours) => vec![Edit, RollBack, Keep],
        (_, Cause::StoredOtherwise) => vec![RollBack, Keep],
        (_, Cause::Unknown) => vec![Retry, Later, RollBack, Keep],
        (Operation::Scopes(_), _) => vec![Retry, RollBack, Keep],
        // Without a rule that leaves devices out there would be more members, not fewer.
        (Operation::Rules(rules), _) if rules.excludes() => vec![RetryRest, RollBack, Keep],
        (Operation::Rules(_), _) => vec![RetryRest, GoOn, RollBack, Keep],
        (Operation::Evaluation(_), Cause::Late) => vec![WaitMore, Later, RollBack, Keep],
        (Operation::Evaluation(_), _) => vec![Retry, Later, RollBack, Keep],
        (Operation::Wait(_), Cause::Late) => vec![WaitMore, Later, GoOn, RollBack, Keep],
        (Operation::Wait(_), _) => vec![Retry, Later, GoOn, RollBack, Keep],
        (Operation::Content(_) | Operation::Folder(_), _) => vec![Retry, GoOn, RollBack, Keep],
        (Operation::Collection(_), _) => vec![Retry, ChooseExisting, RollBack, Keep],
        (Operation::Advertisement(_), _) => vec![Retry, Edit, Keep, RollBack],
        (Operation::Package(_) | Operation::Program(_) | Operation::Already(_), _) => {
            vec![Retry, Edit, RollBack, Keep]
        }
    }
}

/// What is on the site after a halt at this operation.
fn left(record: &Record, operation: &Operation) -> String {
    let advertised = record.plan.numbered().any(|(op, operation)| {
        matches!(operation, Operation::Advertisement(_)) && record.past(op).may_have(Doing::Make)
    });
    let made = match (record.traces(), operation) {
        (Traces::Nothing, _) => return "Nothing was changed on the site.".into(),
        (Traces::Perhaps, _) if advertised => {
            return "Nothing else was made; the advertisement may be there.".into();
        }
        (Traces::Perhaps, _) => "Whether the site made anything is not known",
        (_, Operation::Advertisement(_)) => "Everything but the advertisement is there",
        _ => "What was made so far is on the site",
    };
    if advertised {
        format!("{made}; the advertisement may be there too.")
    } else {
        format!("{made}; nothing is advertised, so no device is affected.")
    }
}

fn texts(findings: &[Finding]) -> String {
    let texts: Vec<String> = findings.iter().map(Finding::text).collect();
    texts.join(" ")
}
