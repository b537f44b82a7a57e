//! Runs of the scripted site: how far one has come, and how it ends.

use std::time::Duration;

use consign::client::{RunAsk, RunEnd};
use consign::distribution::operation::Operation;
use consign::distribution::plan::{OpNumber, Plan};
use consign::distribution::run::{
    Cause, Copied, End, Failure, MadeObject, Offer, Phase, Progress, RolledBack, State,
};

/// What becomes of a run: everything is done, and what is taken back is gone.
pub fn done(ask: &RunAsk) -> RunEnd {
    match ask {
        RunAsk::Start(accepted) => RunEnd::Ended(End::Done {
            made: made(accepted.plan()),
        }),
        RunAsk::Continue(_) | RunAsk::GoOn(..) => RunEnd::Ended(End::Done { made: Vec::new() }),
        RunAsk::RollBack(_) => RunEnd::RolledBack(RolledBack {
            removed: 2,
            going: 0,
            left: Vec::new(),
            was_advertised: false,
            stopped: false,
            refused: None,
        }),
        RunAsk::Keep(_) => RunEnd::Kept(Vec::new()),
    }
}

/// A run whose advertisement the site refuses; all else is as with [`done`].
pub fn refused(ask: &RunAsk) -> RunEnd {
    let RunAsk::Start(accepted) = ask else {
        return done(ask);
    };
    let plan = accepted.plan();
    let (op, operation) = plan
        .numbered()
        .find(|(_, operation)| matches!(operation, Operation::Advertisement(_)))
        .unwrap();
    RunEnd::Ended(End::Failed(Failure {
        op,
        about: operation.about(),
        is_begun: true,
        cause: Cause::Refused,
        words: "the site refused: you may not deploy packages on Pilot laptops (403)".to_owned(),
        reason: "Your account lacks the right to deploy packages to this collection.".to_owned(),
        left: "Everything but the advertisement is there; nothing is advertised, so no device is affected."
            .to_owned(),
        offers: vec![Offer::Retry, Offer::Edit, Offer::Keep, Offer::RollBack],
    }))
}

fn made(plan: &Plan) -> Vec<MadeObject> {
    plan.numbered()
        .filter_map(|(op, operation)| {
            let id = id(op, operation)?;
            Some(MadeObject {
                op,
                title: operation.title(),
                subject: operation.subject(),
                id,
                already: matches!(operation, Operation::Already(_)),
            })
        })
        .collect()
}

fn id(op: OpNumber, operation: &Operation) -> Option<String> {
    Some(match operation {
        Operation::Package(_) => "LAB0001F".to_owned(),
        Operation::Program(program) => format!("LAB0001F/{}", program.name),
        Operation::Collection(_) => "LAB00031".to_owned(),
        Operation::Advertisement(_) => "LAB20041".to_owned(),
        Operation::Already(_) if op.0 == 1 => "LAB0000C".to_owned(),
        _ => return None,
    })
}

/// How far a run has come: everything up to the content is done, and that is being copied.
pub fn copying(plan: &Plan) -> Progress {
    let mut progress = Progress::new(plan);
    progress.phase = Phase::Running;
    for (op, operation) in plan.numbered() {
        let is_content = matches!(operation, Operation::Content(_) | Operation::Wait(_));
        let line = progress.line_mut(op).unwrap();
        if is_content {
            line.state = State::Checking;
            line.elapsed = Duration::from_millis(12_300);
            line.copied = Some(Copied {
                done_bytes: 212_000_000,
                total_bytes: 298_000_000,
                done_files: 8,
                total_files: 12,
            });
            break;
        }
        line.state = if matches!(operation, Operation::Already(_)) {
            State::AlreadySo
        } else {
            State::Done
        };
        line.elapsed = Duration::from_millis(140);
        line.id = id(op, operation);
    }
    progress
}

/// How a run stands that came to its end.
pub fn all_done(plan: &Plan) -> Progress {
    let mut progress = Progress::new(plan);
    for (op, operation) in plan.numbered() {
        let line = progress.line_mut(op).unwrap();
        line.state = State::Done;
        line.id = id(op, operation);
        line.elapsed = Duration::from_millis(if matches!(operation, Operation::Wait(_)) {
            76_400
        } else {
            140
        });
    }
    progress
}

/// How a run stands whose last operation failed.
pub fn failed(plan: &Plan) -> Progress {
    let mut progress = Progress::new(plan);
    for (op, operation) in plan.numbered() {
        let line = progress.line_mut(op).unwrap();
        line.id = id(op, operation);
        line.elapsed = Duration::from_millis(140);
        line.state = match operation {
            Operation::Already(_) => State::AlreadySo,
            Operation::Advertisement(_) => {
                line.id = None;
                "the site refused: you may not deploy packages on Pilot laptops (403)"
                    .clone_into(&mut line.words);
                State::Failed
            }
            _ => State::Done,
        };
    }
    progress
}
