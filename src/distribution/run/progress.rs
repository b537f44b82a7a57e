//! How far a run has come, for whoever watches: one state a line, figures where the site gives them.

use std::ops::Add;
use std::time::Duration;

use crate::distribution::journal::{Past, PastRequest, Settled};
use crate::distribution::plan::{OpNumber, Plan, PlanId};

/// All that a screen or a command line shows of a run. Sent whole; only the latest matters.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    pub plan: PlanId,
    pub phase: Phase,
    /// In the order of the plan.
    pub lines: Vec<LineState>,
}

/// What the run as a whole is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Running,
    /// Asked to stop: the operation under way is finished first.
    Stopping,
    RollingBack,
    /// Nothing moves: done, stopped, failed or rolled back.
    AtRest,
}

/// How one operation stands.
#[derive(Debug, Clone, PartialEq)]
pub struct LineState {
    pub number: OpNumber,
    pub state: State,
    /// Time spent on it so far.
    pub elapsed: Duration,
    /// Id of the object it made or found.
    pub id: Option<String>,
    /// The site's figures or words, for example `37 members`.
    pub words: String,
    /// Content under way.
    pub copied: Option<Copied>,
}

/// State of an operation (wizard.md 11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumIter)]
#[strum(serialize_all = "kebab-case")]
pub enum State {
    Waiting,
    Running,
    /// The site took the request and works on it; what it says is shown.
    Checking,
    Done,
    AlreadySo,
    Failed,
    /// A request was sent and no answer came: it may have been carried out.
    Unknown,
    NotStarted,
    Undone,
    /// Rolling back left it; the words say why.
    Left,
}

/// Content on its way, over all points an operation watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Copied {
    pub done_bytes: u64,
    pub total_bytes: u64,
    pub done_files: u64,
    pub total_files: u64,
}

impl Progress {
    /// Everything still waits.
    pub fn new(plan: &Plan) -> Self {
        Self {
            plan: plan.id.clone(),
            phase: Phase::AtRest,
            lines: plan
                .numbered()
                .map(|(number, _)| LineState::waiting(number))
                .collect(),
        }
    }

    /// The line of an operation.
    pub fn line_mut(&mut self, number: OpNumber) -> Option<&mut LineState> {
        self.lines.iter_mut().find(|line| line.number == number)
    }
}

impl LineState {
    fn waiting(number: OpNumber) -> Self {
        Self {
            number,
            state: State::Waiting,
            elapsed: Duration::ZERO,
            id: None,
            words: String::new(),
            copied: None,
        }
    }

    /// Shows what the journal says of the operation.
    pub fn recall(&mut self, past: &Past) {
        self.state = State::of(past);
        self.id.clone_from(&past.id);
        self.words.clone_from(&past.words);
    }
}

impl State {
    /// The state an operation has by its journal alone.
    pub fn of(past: &Past) -> Self {
        match past.settled {
            Some(Settled::Done) => Self::Done,
            Some(Settled::AlreadySo) => Self::AlreadySo,
            Some(Settled::Failed) => Self::Failed,
            Some(Settled::Undone) => Self::Undone,
            Some(Settled::Left) => Self::Left,
            Some(Settled::Unknown) => Self::Unknown,
            None if past.requests.iter().any(PastRequest::is_in_doubt) => Self::Unknown,
            None => Self::Waiting,
        }
    }

    /// One character for a column of marks; the second is its ASCII twin.
    pub fn mark(self) -> (char, char) {
        match self {
            Self::Waiting | Self::NotStarted => ('·', '.'),
            Self::Running | Self::Checking => ('>', '>'),
            Self::Done => ('✓', 'v'),
            Self::AlreadySo => ('=', '='),
            Self::Failed | Self::Left => ('✗', 'x'),
            Self::Unknown => ('?', '?'),
            Self::Undone => ('-', '-'),
        }
    }
}

/// Both together.
impl Add for Copied {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            done_bytes: self.done_bytes + other.done_bytes,
            total_bytes: self.total_bytes + other.total_bytes,
            done_files: self.done_files + other.done_files,
            total_files: self.total_files + other.total_files,
        }
    }
}
