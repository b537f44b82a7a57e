//! States of an advertisement on a device.

use crate::sms::wire::values;

values! {
    /// `MessageState` of `SMS_AdvertisementStatusInformation`, and the states of a device derived from it.
    pub enum ClientState {
        NoStatus = 0 => "no status",
        Accepted = 1 => "accepted",
        Rejected = 2 => "rejected",
        Expired = 3 => "expired",
        WillNotRerun = 4 => "will not re-run",
        DownloadInProgress = 5 => "downloading",
        DownloadComplete = 6 => "downloaded",
        Canceled = 7 => "cancelled",
        Waiting = 8 => "waiting",
        Running = 9 => "running",
        Retrying = 10 => "retrying",
        Failed = 11 => "failed",
        RebootPending = 12 => "restart pending",
        Succeeded = 13 => "succeeded",
        /// -1: it arrives as 4294967295 or as -1.
        AcceptedNoFurtherStatus = 4_294_967_295 => "accepted, nothing further",
    }
}

values! {
    /// Severity of a status message. The hexadecimal column of one class page is swapped; the decimals are right.
    pub enum Severity {
        Information = 0x4000_0000 => "information",
        Warning = 0x8000_0000 => "warning",
        Error = 0xC000_0000 => "error",
    }
}

/// How people count devices. The grouping is ours; the site's own summary has counts of its own.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "lowercase")]
pub enum Outcome {
    Waiting,
    Running,
    Retrying,
    Failed,
    Succeeded,
}

impl Outcome {
    /// Where a device with these states counts. States it does not know count as waiting: nothing is claimed for them.
    pub fn of(acceptance: Option<ClientState>, delivery: Option<ClientState>) -> Self {
        match acceptance {
            Some(ClientState::Rejected | ClientState::Expired) => Self::Failed,
            _ => delivery.map_or(Self::Waiting, Self::from),
        }
    }

    pub fn words(self) -> &'static str {
        self.into()
    }
}

impl From<ClientState> for Outcome {
    fn from(state: ClientState) -> Self {
        use ClientState as S;
        match state {
            S::Running => Self::Running,
            S::Retrying => Self::Retrying,
            S::Rejected | S::Expired | S::Canceled | S::Failed => Self::Failed,
            // That it will not run again means it is done: our choice.
            S::WillNotRerun | S::Succeeded => Self::Succeeded,
            S::NoStatus
            | S::Accepted
            | S::AcceptedNoFurtherStatus
            | S::DownloadInProgress
            | S::DownloadComplete
            | S::Waiting
            | S::RebootPending
            | S::Other(_) => Self::Waiting,
        }
    }
}
