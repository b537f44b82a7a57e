//! Having a new collection evaluated, and waiting until it holds the members the plan counts on.
//!
//! The evaluation is asynchronous: the site takes the request and works on. A plan never goes on with a count it does
//! not know.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::Instant;

use super::{Kind, Look, Made, Mark, Right, Unmade, Written};
use crate::distribution::plan::{Counted, OpNumber, Ref, count_drift};
use crate::distribution::run::{Hand, Pauses, Sending, Trouble, is_passing};
use crate::distribution::words::count;
use crate::error::SiteError;
use crate::sms::collection::{Collection, CollectionStatus};
use crate::sms::ids::CollectionId;
use crate::sms::time::WireTime;

/// A collection to be evaluated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluate {
    pub collection: Ref<CollectionId>,
    /// Members it should have then.
    pub expected: Counted,
    /// How long to wait for it at most.
    pub minutes: u32,
}

/// A collection that is ready but holds other numbers may still be about to change: the site evaluates in steps.
const GRACE: Duration = Duration::from_mins(1);

/// A site that shows no sign of evaluating has done so by now, or has nothing to do.
const QUIET: Duration = Duration::from_secs(30);

/// How often it is asked for while the answers get lost: asking again changes nothing.
const ASKS: usize = 3;

/// What is known of an evaluation while it is watched.
struct Watch {
    asked_at: Instant,
    refreshed_before: Option<WireTime>,
    seen_busy: bool,
    settled_at: Option<Instant>,
}

/// Where an evaluation stands.
enum Standing {
    Busy,
    /// Ready, with another count than expected; it may still move.
    Odd,
    Ready,
}

impl Evaluate {
    async fn read(&self, hand: &Hand<'_>) -> Result<Collection, SiteError> {
        let id = hand.known(&self.collection).unwrap_or_default();
        hand.provider.get(&id).await
    }

    /// The members to expect: fewer when the person went on with part of the rules.
    fn expected(&self, hand: &Hand<'_>) -> Option<u64> {
        self.expected
            .known()
            .filter(|_| !hand.went_on_without_all_rules())
    }

    /// Asks for it. When its answers keep getting lost, the collection itself tells whether it was heard.
    async fn ask(&self, hand: &mut Hand<'_>, id: &CollectionId) -> Result<(), Trouble> {
        let provider = hand.provider.clone();
        for _ in 0..ASKS {
            let sending = Sending::make(self.request(), &json!({ "CollectionID": id }));
            match hand.send(sending, provider.request_refresh(id)).await {
                Err(Trouble::Lost(_)) => {}
                other => return other,
            }
        }
        Ok(())
    }

    async fn watch(&self, hand: &mut Hand<'_>, mut watch: Watch) -> Result<u64, Trouble> {
        let limit = Duration::from_mins(self.minutes.into());
        let mut pauses = Pauses::new();
        loop {
            let read = self.read(hand).await;
            let odd = match &read {
                Ok(collection) => {
                    let members = members(collection);
                    hand.checking(words(collection), None);
                    match watch.standing(collection, self.expected(hand)) {
                        Standing::Ready => return Ok(members),
                        Standing::Odd => Some(members),
                        Standing::Busy => None,
                    }
                }
                // A line that is down for a moment is no reason to give up waiting.
                Err(error) if is_passing(error) => {
                    hand.waiting_for_site(error, None);
                    None
                }
                Err(error) => return Err(error.clone().into()),
            };
            if let (Some(members), true) = (odd, watch.is_settled()) {
                return self.moved(hand, members);
            }
            if watch.asked_at.elapsed() >= limit {
                let said = match &read {
                    Err(error) => format!(" ({error})"),
                    Ok(_) => String::new(),
                };
                return Err(Trouble::Late(format!(
                    "the collection was not evaluated within {} minutes{said}",
                    self.minutes
                )));
            }
            hand.pause(pauses.next()).await?;
        }
    }

    fn moved(&self, hand: &Hand<'_>, members: u64) -> Result<u64, Trouble> {
        let Some(expected) = self.expected(hand) else {
            return Ok(members);
        };
        let thresholds = &hand.plan().relied.thresholds;
        match count_drift(expected, members, thresholds) {
            Some(finding) => Err(Trouble::Moved(vec![finding])),
            None => Ok(members),
        }
    }
}

impl Watch {
    fn standing(&mut self, collection: &Collection, expected: Option<u64>) -> Standing {
        let is_ready = collection.current_status == CollectionStatus::Ready;
        self.seen_busy |= !is_ready;
        let is_moved = self.refreshed_before != collection.last_refresh_time;
        // Silence says something only where a count is expected: without one nothing tells evaluated from untouched.
        let is_quiet = expected.is_some() && self.asked_at.elapsed() >= QUIET;
        if !is_ready {
            self.settled_at = None;
            return Standing::Busy;
        }
        let is_expected = expected == Some(members(collection));
        if is_expected && members(collection) > 0 {
            return Standing::Ready;
        }
        if !(self.seen_busy || is_moved || is_quiet) {
            return Standing::Busy;
        }
        if is_expected || expected.is_none() {
            return Standing::Ready;
        }
        self.settled_at.get_or_insert_with(Instant::now);
        Standing::Odd
    }

    fn is_settled(&self) -> bool {
        self.settled_at
            .is_some_and(|since| since.elapsed() >= GRACE)
    }
}

fn members(collection: &Collection) -> u64 {
    u64::try_from(collection.member_count).unwrap_or_default()
}

fn words(collection: &Collection) -> String {
    count(members(collection), "member", "members")
}

impl Kind for Evaluate {
    fn title(&self) -> &'static str {
        "Evaluation"
    }

    fn subject(&self) -> String {
        match &self.expected {
            Counted::Known(members) => {
                format!("wait until {}", count(*members, "member", "members"))
            }
            Counted::Unknown(_) => "wait until it is counted".into(),
        }
    }

    fn detail(&self) -> String {
        format!("up to {} min", self.minutes)
    }

    fn mark(&self) -> Mark {
        Mark::Call
    }

    fn right(&self) -> Right {
        Right::Read
    }

    fn needs(&self) -> Vec<OpNumber> {
        self.collection.maker().into_iter().collect()
    }

    fn request(&self) -> String {
        "call SMS_Collection.RequestRefresh".into()
    }

    fn written(&self) -> Vec<Written> {
        Vec::new()
    }

    fn is_repeatable(&self) -> bool {
        true
    }

    async fn look(&self, _hand: &mut Hand<'_>) -> Result<Look, Trouble> {
        Ok(Look::Absent)
    }

    async fn make(&self, hand: &mut Hand<'_>) -> Result<Made, Trouble> {
        let id = hand.resolve(&self.collection)?;
        let before = self.read(hand).await?;
        self.ask(hand, &id).await?;
        let watch = Watch {
            asked_at: Instant::now(),
            refreshed_before: before.last_refresh_time,
            seen_busy: false,
            settled_at: None,
        };
        let members = self.watch(hand, watch).await?;
        Ok(Made {
            id: None,
            words: count(members, "member", "members"),
        })
    }

    async fn unmake(&self, _hand: &mut Hand<'_>) -> Result<Unmade, Trouble> {
        Ok(Unmade::Nothing)
    }
}
