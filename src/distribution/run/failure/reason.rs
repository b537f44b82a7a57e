//! The likely reason of a failure in plain words: what a person would ask a colleague next.

use super::Trouble;
use crate::distribution::check::Finding;
use crate::distribution::operation::Operation;
use crate::error::SiteError;

/// The likely reason an operation met this trouble. What is left on the site is told beside it and not here.
/// `is_answered`: what broke down is the request that makes something, and not a look at the site.
pub(super) fn likely(operation: &Operation, trouble: &Trouble, is_answered: bool) -> String {
    match trouble {
        Trouble::Site(error) => site(operation, error, is_answered),
        Trouble::Lost(_) => "The request was sent and its answer was lost. The site was asked for it by its stamp and does not show it \
             yet: it may still be under way."
            .into(),
        Trouble::Taken { .. } => "Somebody else made it in the meantime, or an earlier attempt did, with other settings.".into(),
        Trouble::Moved(findings) if findings.iter().all(is_of_bounds) => {
            "The limits in force here, or the time, do not let this plan be carried out any more. Plan anew.".into()
        }
        Trouble::Moved(_) => "The site is no longer as it was when this was planned. Look at it, then plan anew.".into(),
        Trouble::Elsewhere(_) => "A plan is carried out, and taken back, on the site it was made for. Nothing was asked of this one."
            .into(),
        Trouble::Forbidden(_) => "The settings of this site stand against it, not the site itself.".into(),
        Trouble::Undoing => "What was taken back would be made anew without anybody having accepted that. Roll the rest back, or keep \
             what is left and make a new plan."
            .into(),
        Trouble::Late(_) => "The site is still working on it.".into(),
        Trouble::GaveUp(_) => "The site tried and gave up. Put right what its words name, then try again.".into(),
        Trouble::Partly { cause, .. } => likely(operation, cause, is_answered),
        Trouble::StoredOtherwise { .. } => "The site reads times on another clock than they were meant on (wizard setting clock_verified). \
             Devices would act at the wrong hour."
            .into(),
        Trouble::Stopped => "You asked to stop.".into(),
        Trouble::Journal(_) => "Nothing is sent that cannot be written down first. Is the disk full or read-only?".into(),
        Trouble::Broken(_) => "The plan does not hold together; was its file edited by hand?".into(),
    }
}

/// Whether a finding is about limits or the time, and not about what the site holds.
fn is_of_bounds(finding: &Finding) -> bool {
    !finding.code.starts_with("DRF-E01")
}

fn site(operation: &Operation, error: &SiteError, is_answered: bool) -> String {
    match error {
        SiteError::Forbidden { .. } => format!(
            "The site refused: you may not {} on {}.",
            operation.right(),
            operation.subject()
        ),
        SiteError::SignedOut { .. } => {
            "The sign-in has ended, or never held. Sign in again, then retry.".into()
        }
        SiteError::Untrusted { .. } => {
            "The server shows another certificate than the one this site is known by. Nothing was sent to it."
                .into()
        }
        SiteError::Unreachable { .. } => {
            "The site cannot be reached from here. See whether the line and the server are up, then retry."
                .into()
        }
        SiteError::Busy { .. } => {
            "The site has too much to do, or is being started. Nothing was changed by this request.".into()
        }
        SiteError::Missing { .. } if operation.request().contains('.') => format!(
            "This site's service does not offer {}, or the object has gone.",
            operation.request()
        ),
        SiteError::Missing { .. } => {
            "Something it needs has gone from the site, or is hidden from your account.".into()
        }
        SiteError::Failed { .. } | SiteError::Refused { code: None, .. }
            if is_answered && sends_schedules(operation) =>
        {
            NO_SCHEDULES.into()
        }
        SiteError::Failed { .. } if is_answered => {
            "The site broke down over it. It was asked afterwards, and does not show what this asked for."
                .into()
        }
        SiteError::Failed { .. } => {
            "The site broke down when it was looked at. That is often over in a minute: retry then.".into()
        }
        SiteError::Garbled { .. } => {
            "The answer did not come from this service; a proxy may stand between here and the site.".into()
        }
        SiteError::Refused { reason, code, .. } => refused(reason, *code),
    }
}

/// Why an operation with a schedule may be refused for no reason of its own (wizard.md 1.4).
const NO_SCHEDULES: &str = "It carries a schedule, and many sites take none over their REST service. Set takes_schedules = false in the \
                            limits of this site and plan it anew: a single deadline is then written as the moment it becomes \
                            available and required at once. Anything that repeats is set in the vendor's console.";

fn sends_schedules(operation: &Operation) -> bool {
    match operation {
        Operation::Advertisement(advertisement) => !advertisement.assigned.is_empty(),
        Operation::Collection(collection) => !collection.schedule.is_empty(),
        _ => false,
    }
}

/// Reasons worth a text of their own (errors.md 2 and 3).
fn refused(reason: &str, code: Option<u32>) -> String {
    const ALREADY_EXISTS: u32 = 0x8004_1019;
    const NO_LOCK: u32 = 0x4048_0732;
    const ACCESS_DENIED: u32 = 0x8004_1003;
    const BUSY_COLLECTION: u32 = 0xC148_0500;
    let said = reason.to_lowercase();
    let text = if code == Some(ALREADY_EXISTS) || said.contains("already exist") {
        "The name is taken."
    } else if code == Some(NO_LOCK) || said.contains("lock") && said.contains("not able") {
        "Somebody has this object open for editing. Try again later, or ask who."
    } else if code == Some(BUSY_COLLECTION) {
        "The collection is busy or being deleted. Wait a little and try again."
    } else if code == Some(ACCESS_DENIED)
        || said.contains("permission")
        || said.contains("insufficient rights")
    {
        "Your account lacks a right for this."
    } else {
        "A rule of the site stands against it; its own words say which."
    };
    text.into()
}
