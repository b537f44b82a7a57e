//! Reads: what a list, a window or a page about one object asks of the site, and how the answers are joined.
//!
//! The rows a list is about must be there, or the list has failed. What only stands beside them may be missing: the
//! lines then say *unknown*, and a [`Gap`] says why. Nothing here is about slots or tickets, so the command line reads
//! the same way.

mod about;
mod folders;
mod lists;
mod object;
mod points;
mod software;
mod targets;
mod windows;

use jiff::Timestamp;

use super::answer::{Gap, Greeting};
use super::listing::Clock;
use crate::error::SiteError;
use crate::odata::Filter;
use crate::provider::Provider;
use crate::sms::Row;

/// Reads from one site, at one moment.
pub struct Reader<'a> {
    provider: &'a Provider,
    clock: Clock,
    progress: &'a (dyn Fn(usize) + Sync),
}

impl<'a> Reader<'a> {
    /// A reader that tells nobody how far it has come.
    pub fn new(provider: &'a Provider) -> Self {
        Self::telling(provider, Timestamp::now(), &|_| ())
    }

    /// A reader whose lists are as of `read_at`, and which tells how many rows a long one has so far.
    pub fn telling(
        provider: &'a Provider,
        read_at: Timestamp,
        progress: &'a (dyn Fn(usize) + Sync),
    ) -> Self {
        Self {
            provider,
            clock: Clock::at(read_at),
            progress,
        }
    }

    /// The moment the lines are told against.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// How much there is on the site. A count that fails is unknown, not nothing.
    pub async fn greeting(&self) -> Greeting {
        let count = async |class: &str| self.provider.count(class, None).await.ok();
        let packages = async {
            let own = Some(lists::software_distribution());
            self.provider.count("SMS_Package", own).await.ok()
        };
        let (packages, collections, points, advertisements, devices) = tokio::join!(
            packages,
            count("SMS_Collection"),
            count("SMS_DistributionPointInfo"),
            count("SMS_Advertisement"),
            count("SMS_R_System"),
        );
        Greeting {
            packages,
            collections,
            points,
            advertisements,
            devices,
        }
    }

    /// The rows a list is about.
    async fn main<R: Row>(&self, filter: Option<Filter>) -> Result<Vec<R>, SiteError> {
        let progress = self.progress;
        Box::pin(self.provider.list_with(filter, progress)).await
    }

    /// Rows that stand beside them.
    async fn side<R: Row>(&self, filter: Option<Filter>) -> Result<Vec<R>, SiteError> {
        // On the heap: a page about one object reads half a dozen of these side by side.
        Box::pin(self.provider.list(filter)).await
    }
}

/// What was missing so far.
#[derive(Debug, Default)]
struct Gaps(Vec<Gap>);

impl Gaps {
    /// The part, or a gap where it would have been.
    fn fill<T>(&mut self, what: &'static str, result: Result<T, SiteError>) -> Option<T> {
        self.note(what, result).ok()
    }

    /// The part as it came; a fault is noted as a gap as well.
    fn note<T>(
        &mut self,
        what: &'static str,
        result: Result<T, SiteError>,
    ) -> Result<T, SiteError> {
        if let Err(fault) = &result {
            tracing::warn!(what, %fault, "left out of a page");
            let fault = fault.clone();
            self.0.push(Gap { what, fault });
        }
        result
    }
}

/// The gaps of parts read side by side; what is missing for the same reason twice is said once.
fn all_gaps<const N: usize>(parts: [Gaps; N]) -> Vec<Gap> {
    let mut all: Vec<Gap> = Vec::new();
    for gap in parts.into_iter().flat_map(|part| part.0) {
        if !all.contains(&gap) {
            all.push(gap);
        }
    }
    all
}
