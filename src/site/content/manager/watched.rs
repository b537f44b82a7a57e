//! File work on a blocking thread, watched from outside: how far it is, whether it is still wanted.

use std::sync::Arc;
use std::time::Duration;

use super::Manager;
use crate::site::background::stopped;
use crate::site::content::assignment::Assignment;
use crate::site::content::fault::Fault;
use crate::site::content::progress::{Measure, Progress};
use crate::site::content::status;
use crate::site::store::StoreError;
use crate::sms::ids::PackageId;

/// How often progress is written down at most.
const BEAT: Duration = Duration::from_millis(250);

/// Whom progress is told about.
#[derive(Debug, Clone)]
pub(super) enum Audience {
    /// The point files are copied to, or validated on.
    Point(Assignment),
    /// All points that wait for the source of a package to be read.
    Waiting(PackageId),
}

impl Manager {
    /// Does file work on a thread of its own. It is stopped when the site is, and when nobody wants it any more.
    pub(super) async fn watched<T: Send + 'static>(
        &self,
        audience: Audience,
        work: impl FnOnce(&Progress) -> Result<T, Fault> + Send + 'static,
    ) -> Result<Result<T, Fault>, StoreError> {
        let progress = Arc::new(Progress::default());
        let theirs = Arc::clone(&progress);
        let mut working = tokio::task::spawn_blocking(move || work(&theirs));
        let mut stop = self.stop.clone();
        let mut told = Measure::default();
        loop {
            tokio::select! {
                done = &mut working => {
                    return match done {
                        Ok(result) => Ok(result),
                        Err(error) => match error.try_into_panic() {
                            Ok(panic) => std::panic::resume_unwind(panic),
                            Err(_) => Ok(Err(Fault::Stopped)),
                        },
                    };
                }
                () = stopped(&mut stop), if !progress.is_stopped() => progress.stop(),
                () = tokio::time::sleep(BEAT), if !progress.is_stopped() => {
                    let measure = progress.measure();
                    if measure != told {
                        told = measure;
                        let is_wanted = self.tell_progress(audience.clone(), measure).await;
                        if !is_wanted.unwrap_or(true) {
                            progress.stop();
                        }
                    }
                }
            }
        }
    }

    async fn tell_progress(
        &self,
        audience: Audience,
        measure: Measure,
    ) -> Result<bool, StoreError> {
        self.site
            .write(move |context| match &audience {
                Audience::Point(at) => status::tell_progress(context, at, measure),
                Audience::Waiting(package) => status::tell_reading(context, package, measure),
            })
            .await
    }
}
