//! Applications: `SMS_ApplicationLatest`, the newest revision of each. This console never changes one; it reads them so
//! that nobody packages what is there as an application already.
//!
//! Public documentation of the software distribution classes does not cover this class: names and types are those of
//! general knowledge of the product, and unverified.

use super::class::row;

row! {
    /// What is read of an application.
    pub struct ApplicationRow: "SMS_ApplicationLatest" key { ci_id: u32 = "CI_ID" } {
        localized_display_name: String = "LocalizedDisplayName" or default,
        manufacturer: String = "Manufacturer" or default,
        software_version: String = "SoftwareVersion" or default,
        is_expired: Option<bool> = "IsExpired",
        number_of_deployments: Option<u32> = "NumberOfDeployments",
    }
}

impl ApplicationRow {
    /// Name and maker.
    pub fn named(&self) -> (&str, &str) {
        (&self.localized_display_name, &self.manufacturer)
    }
}
