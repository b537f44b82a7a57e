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

#[cfg(test)]
mod tests {
    use super::*;

    fn state(text: &str) -> ClientState {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn minus_one_arrives_in_two_ways() {
        assert_eq!(state("-1"), ClientState::AcceptedNoFurtherStatus);
        assert_eq!(state("4294967295"), ClientState::AcceptedNoFurtherStatus);
    }

    #[test]
    fn states_are_grouped_as_people_count_them() {
        let groups = [
            (Outcome::Waiting, vec![-1, 0, 1, 5, 6, 8, 12]),
            (Outcome::Running, vec![9]),
            (Outcome::Retrying, vec![10]),
            (Outcome::Failed, vec![2, 3, 7, 11]),
            (Outcome::Succeeded, vec![4, 13]),
        ];
        for (outcome, numbers) in groups {
            for number in numbers {
                assert_eq!(
                    Outcome::from(state(&number.to_string())),
                    outcome,
                    "{number}"
                );
            }
        }
    }

    #[test]
    fn a_refused_offer_has_failed_whatever_came_after() {
        let refused = Some(ClientState::Rejected);
        assert_eq!(
            Outcome::of(refused, Some(ClientState::Waiting)),
            Outcome::Failed
        );
        assert_eq!(
            Outcome::of(Some(ClientState::Accepted), None),
            Outcome::Waiting
        );
        assert_eq!(
            Outcome::of(None, Some(ClientState::Succeeded)),
            Outcome::Succeeded
        );
    }

    #[test]
    fn severities_are_the_decimals_of_the_page() {
        assert_eq!(u32::from(Severity::Error), 3_221_225_472);
        assert_eq!(u32::from(Severity::Warning), 2_147_483_648);
        assert_eq!(u32::from(Severity::Information), 1_073_741_824);
    }
}
