//! What became of content and advertisements: the status classes. All are read-only.
//!
//! Numbers differ between these classes: 0 is *installed* in the summarizer and *none* in `SMS_PackageStatus`.

use super::class::row;
use super::ids::{AdvertisementId, CollectionId, DeploymentId, PackageId, ResourceId, SiteCode};
use super::nal::NalPath;
use super::time::WireTime;

mod client;
mod content;

pub use client::{ClientState, Outcome, Severity};
pub use content::{ContentState, MessageState, PackageCopyStatus, PackageCopyType};

use super::wire::values;

row! {
    /// Distribution Manager's own row of a package and a server.
    pub struct PackageStatusRow: "SMS_PackageStatus" key {
        package_id: PackageId = "PackageID",
        personality: u32 = "Personality",
        /// A NAL path on real sites.
        pkg_server: NalPath = "PkgServer",
        site_code: SiteCode = "SiteCode",
        status: PackageCopyStatus = "Status",
        kind: PackageCopyType = "Type",
    } {
        location: String = "Location" or default,
        share_name: String = "ShareName" or default,
        update_time: Option<WireTime> = "UpdateTime",
    }
}

row! {
    /// The state of a package on a distribution point: what people are shown.
    pub struct PointStatusRow: "SMS_PackageStatusDistPointsSummarizer" key {
        package_id: PackageId = "PackageID",
        server_nal_path: NalPath = "ServerNALPath",
        site_code: SiteCode = "SiteCode",
    } {
        state: ContentState = "State",
        /// The version now on that point, to be compared with the package's.
        source_version: Option<u32> = "SourceVersion",
        last_copied: Option<WireTime> = "LastCopied",
        summary_date: Option<WireTime> = "SummaryDate",
    }
}

row! {
    /// The last status message about a package on a distribution point.
    pub struct PointMessageRow: "SMS_DistributionDPStatus" key { id: u64 = "ID" } {
        package_id: PackageId = "PackageID",
        nal_path: NalPath = "NalPath" or default,
        name: String = "Name" or default,
        site_code: Option<SiteCode> = "SiteCode",
        message_id: Option<u32> = "MessageID",
        message_state: Option<MessageState> = "MessageState",
        message_severity: Option<Severity> = "MessageSeverity",
        last_update_date: Option<WireTime> = "LastUpdateDate",
        ins_string1: Option<String> = "InsString1",
        ins_string2: Option<String> = "InsString2",
        ins_string3: Option<String> = "InsString3",
        ins_string4: Option<String> = "InsString4",
        ins_string5: Option<String> = "InsString5",
        ins_string6: Option<String> = "InsString6",
        ins_string7: Option<String> = "InsString7",
        ins_string8: Option<String> = "InsString8",
        ins_string9: Option<String> = "InsString9",
        ins_string10: Option<String> = "InsString10",
    }
}

impl PointMessageRow {
    /// The words to put into the text of the message, first to last.
    pub fn words(&self) -> [&str; 10] {
        [
            &self.ins_string1,
            &self.ins_string2,
            &self.ins_string3,
            &self.ins_string4,
            &self.ins_string5,
            &self.ins_string6,
            &self.ins_string7,
            &self.ins_string8,
            &self.ins_string9,
            &self.ins_string10,
        ]
        .map(|word| word.as_deref().unwrap_or_default())
    }

    /// The figures of a copy under way, as the embedded site writes them into the first four words.
    ///
    /// Real sites put other words into their messages; what is no number is no figure.
    pub fn figures(&self) -> Option<CopyFigures> {
        let [done_bytes, total_bytes, done_files, total_files, ..] = self.words();
        Some(CopyFigures {
            done_bytes: done_bytes.parse().ok()?,
            total_bytes: total_bytes.parse().ok()?,
            done_files: done_files.parse().ok()?,
            total_files: total_files.parse().ok()?,
        })
    }
}

/// How far the copy of a package to a point has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyFigures {
    pub done_bytes: u64,
    pub total_bytes: u64,
    pub done_files: u64,
    pub total_files: u64,
}

row! {
    /// Content counts of an object. The shape of this class is unverified beyond its counts.
    pub struct ContentRow: "SMS_ObjectContentInfo" key { object_id: String = "ObjectID" } {
        package_id: Option<PackageId> = "PackageID",
        software_name: String = "SoftwareName" or default,
        targeted: Option<u32> = "Targeted",
        number_success: Option<u32> = "NumberSuccess",
        number_in_progress: Option<u32> = "NumberInProgress",
        number_errors: Option<u32> = "NumberErrors",
        number_unknown: Option<u32> = "NumberUnknown",
        source_version: Option<u32> = "SourceVersion",
        /// KB.
        source_size: Option<u32> = "SourceSize",
    }
}

row! {
    /// Counts of one deployment of any kind, computed by the site on a schedule.
    pub struct DeploymentSummaryRow: "SMS_DeploymentSummary" key {
        deployment_id: DeploymentId = "DeploymentID",
    } {
        feature_type: FeatureType = "FeatureType",
        deployment_intent: Option<DeploymentIntent> = "DeploymentIntent",
        package_id: Option<PackageId> = "PackageID",
        program_name: String = "ProgramName" or default,
        software_name: String = "SoftwareName" or default,
        collection_id: Option<CollectionId> = "CollectionID",
        collection_name: String = "CollectionName" or default,
        deployment_time: Option<WireTime> = "DeploymentTime",
        enforcement_deadline: Option<WireTime> = "EnforcementDeadline",
        creation_time: Option<WireTime> = "CreationTime",
        summarization_time: Option<WireTime> = "SummarizationTime",
        number_targeted: Option<i32> = "NumberTargeted",
        number_success: Option<i32> = "NumberSuccess",
        number_in_progress: Option<i32> = "NumberInProgress",
        number_errors: Option<i32> = "NumberErrors",
        /// Requirements not met.
        number_other: Option<i32> = "NumberOther",
        number_unknown: Option<i32> = "NumberUnknown",
    }
}

impl DeploymentSummaryRow {
    /// The advertisement this row counts, if it counts one.
    pub fn advertisement(&self) -> Option<AdvertisementId> {
        (self.feature_type == FeatureType::Program)
            .then(|| AdvertisementId::new(self.deployment_id.as_str()))
    }
}

values! {
    /// What a deployment deploys.
    pub enum FeatureType {
        Application = 1 => "application",
        Program = 2 => "program",
        MobileProgram = 3 => "mobile program",
        Script = 4 => "script",
        SoftwareUpdate = 5 => "software update",
        Baseline = 6 => "baseline",
        TaskSequence = 7 => "task sequence",
        ContentDistribution = 8 => "content distribution",
        DistributionPointGroup = 9 => "distribution point group",
        DistributionPointHealth = 10 => "distribution point health",
        ConfigurationPolicy = 11 => "configuration policy",
        AbstractConfigurationItem = 28 => "configuration item",
    }
}

values! {
    /// Purpose of a deployment; **not** the numbers of `OfferType`.
    pub enum DeploymentIntent {
        Required = 1 => "required",
        Available = 2 => "available",
        Simulate = 3 => "simulate",
    }
}

row! {
    /// The last messages of one device about one advertisement. Rows stay after the device leaves the collection.
    pub struct ClientStatusRow: "SMS_ClientAdvertisementStatus" key {
        advertisement_id: AdvertisementId = "AdvertisementID",
        resource_id: ResourceId = "ResourceID",
    } {
        last_acceptance_state: Option<ClientState> = "LastAcceptanceState",
        last_acceptance_state_name: String = "LastAcceptanceStateName" or default,
        last_acceptance_message_id: Option<u32> = "LastAcceptanceMessageID",
        last_acceptance_message_id_name: String = "LastAcceptanceMessageIDName" or default,
        last_acceptance_status_time: Option<WireTime> = "LastAcceptanceStatusTime",
        last_state: Option<ClientState> = "LastState",
        last_state_name: String = "LastStateName" or default,
        last_status_message_id: Option<u32> = "LastStatusMessageID",
        last_status_message_id_name: String = "LastStatusMessageIDName" or default,
        last_status_message_id_severity: Option<Severity> = "LastStatusMessageIDSeverity",
        last_status_time: Option<WireTime> = "LastStatusTime",
        /// Exit code of a failed program, or the text of its status file.
        last_execution_result: String = "LastExecutionResult" or default,
        /// Account the program ran as.
        last_execution_context: String = "LastExecutionContext" or default,
    }
}

impl ClientStatusRow {
    /// How the device stands: a refused offer counts before everything that came after it.
    pub fn outcome(&self) -> Outcome {
        Outcome::of(self.last_acceptance_state, self.last_state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_a_real_list_is_read() {
        let text =
            include_str!("../../tests/fixtures/adminservice/resp-packagestatus-filter-row.json");
        let row: PackageStatusRow = serde_json::from_str(text).unwrap();
        assert_eq!(row.status, PackageCopyStatus::Failed);
        assert_eq!(row.kind, PackageCopyType::Master);
        assert_eq!(row.pkg_server.server(), "dp01.contoso.com");
    }
}
