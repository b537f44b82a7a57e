//! The background of a site: who may run its parts, and what wakes them.
//!
//! The parts are the collection evaluator, the distribution manager and the status summarizer. They run in one process
//! at a time, the holder of the role; the others wait for it. What is to be done stands in the rows, so a part that is
//! stopped anywhere is simply started again.

mod due;
mod ear;
mod role;

use jiff::Timestamp;
use tokio::sync::watch;

pub(super) use due::{next_due, tokens};
pub(super) use ear::Ear;

/// Sleeps until a moment; without one, for ever.
pub(super) async fn until(moment: Option<Timestamp>) {
    match moment {
        Some(moment) => {
            let left = moment.duration_since(Timestamp::now());
            tokio::time::sleep(left.try_into().unwrap_or_default()).await;
        }
        None => std::future::pending().await,
    }
}

/// Waits until everything is to stop; that nobody could say so any more is a reason too.
pub(super) async fn stopped(stop: &mut watch::Receiver<bool>) {
    // Told or not, it is time: an error says that the one who would tell has gone.
    let _ = stop.wait_for(|stop| *stop).await;
}
