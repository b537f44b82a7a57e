//! What has become of an advertisement on each member: the status messages its clients would have sent.

use jiff::{SignedDuration, Timestamp};
use rusqlite::params;
use serde::Deserialize;

use super::dice::Dice;
use crate::site::context::Context;
use crate::site::store::StoreError;
use crate::sms::time::WireTime;

/// How far the members have come.
#[derive(Debug, Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Not due yet: accepted here and there, nothing has run.
    Scheduled,
    /// The files are nowhere: every client waits.
    Waiting,
    /// On offer: some people have taken it.
    Open,
    /// Under way, most are through.
    Running,
    /// Half of them are through, many were never seen.
    Half,
    Done,
    Failing,
}

/// One status message of a client: id, state, severity, what the program said.
#[derive(Clone, Copy)]
struct Message {
    id: u32,
    name: &'static str,
    state: u32,
    state_name: &'static str,
    severity: u32,
    result: &'static str,
}

const INFORMATION: u32 = 0x4000_0000;
const ERROR: u32 = 0xC000_0000;

const fn message(
    id: u32,
    name: &'static str,
    state: u32,
    state_name: &'static str,
    severity: u32,
) -> Message {
    Message {
        id,
        name,
        state,
        state_name,
        severity,
        result: "",
    }
}

const SUCCEEDED: Message = message(
    10_008,
    "Program completed with success",
    13,
    "Succeeded",
    INFORMATION,
);
const RUNNING: Message = message(10_005, "Program started", 9, "Running", INFORMATION);
const WAITING: Message = message(10_035, "Waiting for content", 8, "Waiting", INFORMATION);
const REBOOT: Message = message(10_022, "Reboot pending", 12, "Reboot Pending", INFORMATION);
const ACCEPTED: Message = message(0, "", 0, "No Status", 0);
const CANNOT_START: Message = message(10_004, "Program failed to start", 11, "Failed", ERROR);
const FAILED: Message = message(
    10_006,
    "Program failed (unexpected exit code)",
    11,
    "Failed",
    ERROR,
);

impl Message {
    const fn said(self, result: &'static str) -> Self {
        Self { result, ..self }
    }
}

impl Outcome {
    /// Percent of the members with each message; the rest were never heard of.
    fn shares(self) -> &'static [(u64, Message)] {
        const FATAL: Message = FAILED.said("1603");
        const BUSY: Message = FAILED.said("1618");
        match self {
            Self::Scheduled => &[(70, ACCEPTED)],
            Self::Waiting => &[(85, WAITING)],
            Self::Open => &[(24, SUCCEEDED), (1, FATAL), (60, ACCEPTED)],
            Self::Running => &[(84, SUCCEEDED), (5, RUNNING), (8, ACCEPTED), (1, REBOOT)],
            Self::Half => &[(50, SUCCEEDED), (6, FATAL), (4, RUNNING), (15, ACCEPTED)],
            Self::Done => &[(97, SUCCEEDED), (1, FATAL)],
            Self::Failing => &[
                (20, SUCCEEDED),
                (38, FATAL),
                (9, BUSY),
                (6, CANNOT_START),
                (12, ACCEPTED),
            ],
        }
    }
}

/// Writes a status row for each member that was heard of. Devices without a client never are.
pub fn fill(
    context: &Context<'_>,
    advertisement: &str,
    collection: &str,
    outcome: Outcome,
    seed: u64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut members = context.db.prepare_cached(
        "SELECT consign_member.ResourceID FROM consign_member JOIN SMS_R_System \
         ON SMS_R_System.ResourceId = consign_member.ResourceID \
         WHERE consign_member.CollectionID = ?1 AND SMS_R_System.Client = 1 ORDER BY 1",
    )?;
    let members: Vec<i64> = members
        .query_map([collection], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut insert = context.db.prepare_cached(
        "INSERT INTO SMS_ClientAdvertisementStatus (AdvertisementID, ResourceID, LastAcceptanceState, \
         LastAcceptanceStateName, LastAcceptanceMessageID, LastAcceptanceMessageIDName, \
         LastAcceptanceMessageIDSeverity, LastAcceptanceStatusTime, LastState, LastStateName, LastStatusMessageID, \
         LastStatusMessageIDName, LastStatusMessageIDSeverity, LastStatusTime, LastExecutionResult, \
         LastExecutionContext) VALUES (?1, ?2, 1, 'Accepted', 10002, 'Advertisement received', ?3, ?4, ?5, ?6, ?7, \
         ?8, ?9, ?10, ?11, 'NT AUTHORITY\\SYSTEM')",
    )?;
    let mut dice = Dice::for_subject(seed, &format!("outcome of {advertisement}"));
    for member in members {
        let Some(message) = roll(&mut dice, outcome.shares()) else {
            continue;
        };
        let accepted = ago(now, 24 * 60 + dice.below(24 * 60));
        let last = ago(now, dice.below(20 * 60));
        insert.execute(params![
            advertisement,
            member,
            INFORMATION,
            accepted,
            message.state,
            message.state_name,
            message.id,
            message.name,
            message.severity,
            last,
            message.result,
        ])?;
    }
    Ok(())
}

fn roll(dice: &mut Dice, shares: &[(u64, Message)]) -> Option<Message> {
    let mut at = dice.below(100);
    for (percent, message) in shares {
        if at < *percent {
            return Some(*message);
        }
        at -= percent;
    }
    None
}

fn ago(now: Timestamp, minutes: u64) -> String {
    let back = SignedDuration::from_mins(i64::try_from(minutes).unwrap_or(0));
    WireTime::utc(now.checked_sub(back).unwrap_or(now)).to_string()
}
