//! Waiting until distribution points hold the files, with the site's own figures while they are copied.

use std::ops::Add;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::Instant;

use super::{Kind, Look, Made, Mark, Operation, Right, Unmade, Written};
use crate::distribution::journal::Settled;
use crate::distribution::plan::{OpNumber, Ref};
use crate::distribution::run::{Copied, Hand, Pauses, Sending, Trouble, is_passing};
use crate::error::SiteError;
use crate::odata::filter::Filter;
use crate::sms::ids::{AssignmentId, PackageId};
use crate::sms::nal::NalPath;
use crate::sms::status::{ContentState, PointMessageRow, PointStatusRow};

/// Files to be waited for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaitForContent {
    pub package: Ref<PackageId>,
    /// The points that count; with none named, every point of the package does.
    pub points: Vec<NalPath>,
    pub enough: Enough,
    /// So many points there are at least, where not all of them could be named.
    #[serde(default)]
    pub at_least: usize,
    /// The version they must hold.
    pub version: u32,
    /// How long to wait at most.
    pub minutes: u32,
}

/// How many points must hold the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enough {
    One,
    All,
}

/// How the points that count stand.
#[derive(Debug, Default, PartialEq, Eq)]
struct Standing {
    expected: usize,
    ready: usize,
    failed: usize,
    /// Points that could not be served so far, with the site's words about them.
    troubles: Vec<String>,
    copied: Option<Copied>,
}

impl Standing {
    fn is_reached(&self, enough: Enough) -> bool {
        match enough {
            Enough::One => self.ready > 0,
            Enough::All => self.ready > 0 && self.ready >= self.expected,
        }
    }

    /// Nothing more can come: every point that is still missing has failed for good.
    fn is_hopeless(&self, enough: Enough) -> bool {
        match enough {
            Enough::One => self.expected > 0 && self.failed >= self.expected,
            Enough::All => self.failed > 0,
        }
    }

    fn words(&self) -> String {
        let mut words = format!("{} of {} points", self.ready, self.expected);
        for trouble in &self.troubles {
            words.push_str("; ");
            words.push_str(trouble);
        }
        words
    }
}

impl WaitForContent {
    async fn read(&self, hand: &mut Hand<'_>, package: &PackageId) -> Result<Standing, SiteError> {
        let of_package = Filter::eq("PackageID", package.to_string());
        let rows: Vec<PointStatusRow> = hand.provider.list(Some(of_package.clone())).await?;
        let messages: Vec<PointMessageRow> = hand.provider.list(Some(of_package)).await?;
        self.show_each(hand, &rows, &messages);
        Ok(self.standing(&rows, &messages))
    }

    /// Points of this plan that had failed for good when it gave up are sent the files again: whatever stood in the way
    /// has been put right by whoever asks to go on.
    async fn send_again(&self, hand: &mut Hand<'_>, package: &PackageId) -> Result<(), Trouble> {
        let of_package = Filter::eq("PackageID", package.to_string());
        let rows: Vec<PointStatusRow> = hand.provider.list(Some(of_package)).await?;
        let sent: Vec<NalPath> = self
            .sent(hand)
            .into_iter()
            .flat_map(|sent| sent.1)
            .collect();
        for row in rows {
            if row.state != ContentState::InstallFailed || !sent.contains(&row.server_nal_path) {
                continue;
            }
            let id = AssignmentId {
                package: row.package_id,
                nal_path: row.server_nal_path,
                site: row.site_code,
            };
            let provider = hand.provider.clone();
            let values = json!({ "ServerNALPath": id.nal_path, "RefreshNow": true });
            let again = Sending::make("update SMS_DistributionPoint", &values);
            hand.send(again, provider.redistribute(&id)).await?;
        }
        Ok(())
    }

    /// The operations of this plan that sent the files, with their points.
    fn sent(&self, hand: &Hand<'_>) -> Vec<(OpNumber, Vec<NalPath>)> {
        hand.plan()
            .numbered()
            .filter_map(|(op, operation)| match operation {
                Operation::Content(content) if content.package == self.package => {
                    Some((op, content.to.points()))
                }
                _ => None,
            })
            .collect()
    }

    /// The lines that sent the files show how far their own points are.
    fn show_each(
        &self,
        hand: &mut Hand<'_>,
        rows: &[PointStatusRow],
        messages: &[PointMessageRow],
    ) {
        let sent = self.sent(hand);
        for (op, points) in sent {
            let is_there = |row: &PointStatusRow| row.state.is_usable() && self.is_current(row);
            let rest = rows
                .iter()
                .any(|row| points.contains(&row.server_nal_path) && !is_there(row));
            hand.copying(
                op,
                total(messages, |path| points.contains(path)).filter(|_| rest),
            );
        }
    }

    fn is_current(&self, row: &PointStatusRow) -> bool {
        row.source_version.unwrap_or_default() >= self.version
    }

    fn standing(&self, rows: &[PointStatusRow], messages: &[PointMessageRow]) -> Standing {
        let counts = |path: &NalPath| self.points.is_empty() || self.points.contains(path);
        let rows: Vec<&PointStatusRow> = rows
            .iter()
            .filter(|row| counts(&row.server_nal_path))
            .collect();
        let ready = rows
            .iter()
            .filter(|row| row.state.is_usable() && self.is_current(row))
            .count();
        let in_trouble = rows
            .iter()
            .filter(|row| row.state.is_failed() || row.state == ContentState::InstallRetrying);
        Standing {
            expected: self.points.len().max(rows.len()).max(self.at_least),
            ready,
            failed: rows.iter().filter(|row| row.state.is_failed()).count(),
            troubles: in_trouble.map(|row| trouble(row, messages)).collect(),
            copied: total(messages, counts),
        }
    }
}

/// A point in trouble, and what the site says about it. Real sites put a word of a numbered message there.
fn trouble(row: &PointStatusRow, messages: &[PointMessageRow]) -> String {
    let message = messages
        .iter()
        .find(|message| message.nal_path == row.server_nal_path);
    let said = message
        .filter(|message| message.figures().is_none())
        .map(|message| message.words()[0].trim())
        .unwrap_or_default();
    let server = row.server_nal_path.server();
    let is_a_word = !said.is_empty() && said.parse::<u64>().is_err();
    if is_a_word {
        format!("{server} {}: {said}", row.state)
    } else {
        format!("{server} {}", row.state)
    }
}

/// The figures of every point that counts, together.
fn total(messages: &[PointMessageRow], counts: impl Fn(&NalPath) -> bool) -> Option<Copied> {
    messages
        .iter()
        .filter(|message| counts(&message.nal_path))
        .filter_map(copied)
        .reduce(Copied::add)
}

/// The figures of a copy under way.
fn copied(message: &PointMessageRow) -> Option<Copied> {
    let figures = message.figures()?;
    Some(Copied {
        done_bytes: figures.done_bytes,
        total_bytes: figures.total_bytes,
        done_files: figures.done_files,
        total_files: figures.total_files,
    })
}

impl Kind for WaitForContent {
    fn title(&self) -> &'static str {
        "Wait"
    }

    fn subject(&self) -> String {
        match self.enough {
            Enough::One => format!("until one point has version {}", self.version),
            Enough::All => format!("until all points have version {}", self.version),
        }
    }

    fn detail(&self) -> String {
        format!("up to {} min", self.minutes)
    }

    fn mark(&self) -> Mark {
        Mark::Wait
    }

    fn right(&self) -> Right {
        Right::Read
    }

    fn needs(&self) -> Vec<OpNumber> {
        self.package.maker().into_iter().collect()
    }

    fn request(&self) -> String {
        String::new()
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
        let package = hand.resolve(&self.package)?;
        let since = Instant::now();
        let limit = Duration::from_mins(self.minutes.into());
        if hand.past().settled == Some(Settled::Failed) {
            self.send_again(hand, &package).await?;
        }
        let mut pauses = Pauses::new();
        let mut last = None;
        loop {
            let so_far = match self.read(hand, &package).await {
                Ok(standing) if standing.is_reached(self.enough) => {
                    return Ok(Made {
                        id: None,
                        words: standing.words(),
                    });
                }
                Ok(standing) if standing.is_hopeless(self.enough) => {
                    return Err(Trouble::GaveUp(standing.words()));
                }
                Ok(standing) => {
                    if last != standing.copied {
                        pauses.quicken();
                        last = standing.copied;
                    }
                    hand.checking(standing.words(), standing.copied);
                    standing.words()
                }
                // A line that is down for a moment is no reason to give up waiting.
                Err(error) if is_passing(&error) => {
                    hand.waiting_for_site(&error, last);
                    error.to_string()
                }
                Err(error) => return Err(error.into()),
            };
            if since.elapsed() >= limit {
                let minutes = self.minutes;
                return Err(Trouble::Late(format!(
                    "the files did not arrive within {minutes} minutes ({so_far})"
                )));
            }
            hand.pause(pauses.next()).await?;
        }
    }

    async fn unmake(&self, _hand: &mut Hand<'_>) -> Result<Unmade, Trouble> {
        Ok(Unmade::Nothing)
    }
}
