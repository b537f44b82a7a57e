//! States of content on distribution points.

use crate::sms::KeyPart;
use crate::sms::wire::values;

values! {
    /// `SMS_PackageStatusDistPointsSummarizer.State`.
    pub enum ContentState {
        Installed = 0 => "installed",
        InstallPending = 1 => "waiting",
        InstallRetrying = 2 => "retrying",
        InstallFailed = 3 => "failed",
        RemovalPending = 4 => "removing",
        RemovalRetrying = 5 => "retrying removal",
        RemovalFailed = 6 => "removal failed",
        ContentUpdating = 7 => "copying",
        ContentMonitoring = 8 => "validating",
    }
}

impl ContentState {
    /// Whether clients can fetch the files. While they are validated they can.
    pub fn is_usable(self) -> bool {
        matches!(self, Self::Installed | Self::ContentMonitoring)
    }

    /// Whether nothing more happens without somebody's help.
    pub fn is_failed(self) -> bool {
        matches!(self, Self::InstallFailed | Self::RemovalFailed)
    }

    /// Whether it will change by itself.
    pub fn is_passing(self) -> bool {
        !matches!(self, Self::Installed | Self::Other(_)) && !self.is_failed()
    }
}

values! {
    /// `SMS_DistributionDPStatus.MessageState`.
    pub enum MessageState {
        Success = 1 => "success",
        InProgress = 2 => "in progress",
        /// The error of the class page.
        Error = 3 => "error",
        /// The error reported from the field; the same to every reader.
        FieldError = 4 => "error",
    }
}

impl MessageState {
    /// Whether the message tells of an error, by either number.
    pub fn is_error(self) -> bool {
        matches!(self, Self::Error | Self::FieldError)
    }
}

values! {
    /// `SMS_PackageStatus.Status`. Not the numbers of [`ContentState`].
    pub enum PackageCopyStatus {
        None = 0 => "none",
        Sent = 1 => "sent",
        Received = 2 => "received",
        Installed = 3 => "installed",
        Retry = 4 => "retrying",
        Failed = 5 => "failed",
        Removed = 6 => "removed",
        PendingRemove = 7 => "removing",
    }
}

values! {
    /// `SMS_PackageStatus.Type`.
    pub enum PackageCopyType {
        Master = 1 => "stored copy on the site server",
        Copy = 2 => "distribution point",
    }
}

impl From<PackageCopyStatus> for KeyPart {
    fn from(status: PackageCopyStatus) -> Self {
        Self::from(u32::from(status))
    }
}

impl From<PackageCopyType> for KeyPart {
    fn from(kind: PackageCopyType) -> Self {
        Self::from(u32::from(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_is_usable_passing_or_failed_as_its_row_shows() {
        let told = |state: ContentState| (state.is_usable(), state.is_passing(), state.is_failed());
        assert_eq!(told(ContentState::Installed), (true, false, false));
        assert_eq!(told(ContentState::ContentMonitoring), (true, true, false));
        assert_eq!(told(ContentState::ContentUpdating), (false, true, false));
        assert_eq!(told(ContentState::RemovalRetrying), (false, true, false));
        assert_eq!(told(ContentState::InstallFailed), (false, false, true));
        assert_eq!(told(ContentState::Other(9)), (false, false, false));
        assert_eq!(ContentState::Other(9).to_string(), "unknown (9)");
    }

    #[test]
    fn both_numbers_of_an_error_are_errors() {
        for number in [3, 4] {
            assert!(MessageState::from(number).is_error());
            assert_eq!(MessageState::from(number).to_string(), "error");
            assert_eq!(u32::from(MessageState::from(number)), number);
        }
        assert!(!MessageState::InProgress.is_error());
    }

    #[test]
    fn zero_is_none_here_and_installed_there() {
        assert_eq!(PackageCopyStatus::from(0), PackageCopyStatus::None);
        assert_eq!(ContentState::from(0), ContentState::Installed);
    }
}
