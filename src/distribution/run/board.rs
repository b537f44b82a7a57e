//! The board a run writes its progress on, and those who watch it.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::progress::{LineState, Phase, Progress};
use crate::distribution::journal::Record;
use crate::distribution::plan::OpNumber;

/// The progress of a run; every change is shown to whoever watches.
#[derive(Debug)]
pub(super) struct Board {
    shown: Progress,
    watchers: watch::Sender<Progress>,
    /// The line under way and when it began.
    started: Option<(OpNumber, Instant)>,
}

impl Board {
    /// Begins with what the journal says.
    pub fn new(record: &Record, watchers: watch::Sender<Progress>, phase: Phase) -> Self {
        let mut shown = Progress::new(&record.plan);
        shown.phase = phase;
        for line in &mut shown.lines {
            line.recall(record.past(line.number));
        }
        let board = Self {
            shown,
            watchers,
            started: None,
        };
        board.show();
        board
    }

    /// Changes one line.
    pub fn change(&mut self, op: OpNumber, change: impl FnOnce(&mut LineState)) {
        let elapsed = self.elapsed(op);
        if let Some(line) = self.shown.line_mut(op) {
            line.elapsed = elapsed.unwrap_or(line.elapsed);
            change(line);
        }
        self.show();
    }

    /// A line begins; its clock runs until it is finished.
    pub fn start(&mut self, op: OpNumber) {
        self.started = Some((op, Instant::now()));
    }

    /// Changes every line.
    pub fn change_all(&mut self, mut change: impl FnMut(&mut LineState)) {
        self.shown.lines.iter_mut().for_each(&mut change);
        self.show();
    }

    pub fn phase(&mut self, phase: Phase) {
        self.shown.phase = phase;
        self.show();
    }

    fn elapsed(&self, op: OpNumber) -> Option<Duration> {
        self.started
            .filter(|(started, _)| *started == op)
            .map(|(_, since)| since.elapsed())
    }

    fn show(&self) {
        self.watchers.send_replace(self.shown.clone());
    }
}
