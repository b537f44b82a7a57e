//! The class files that are part of the program: all of `assets/classes/`, one name a line.

macro_rules! files {
    ($($name:literal,)+) => {
        /// Class name and text of its file.
        pub(super) const FILES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../assets/classes/", $name, ".toml")))),+];
    };
}

files! {
    "SMS_Admin",
    "SMS_Advertisement",
    "SMS_AdvertisementInfo",
    "SMS_AdvertisementStatusInformation",
    "SMS_ApplicationLatest",
    "SMS_ClientAdvertisementStatus",
    "SMS_Collection",
    "SMS_CollectionDependencies",
    "SMS_CollectionRule",
    "SMS_CollectionRuleDirect",
    "SMS_CollectionRuleExcludeCollection",
    "SMS_CollectionRuleIncludeCollection",
    "SMS_CollectionRuleQuery",
    "SMS_CollectionSettings",
    "SMS_CollectionVariable",
    "SMS_ContentPackage",
    "SMS_DPGroupMembers",
    "SMS_DeploymentSummary",
    "SMS_DistributionDPStatus",
    "SMS_DistributionPoint",
    "SMS_DistributionPointGroup",
    "SMS_DistributionPointInfo",
    "SMS_FullCollectionMembership",
    "SMS_Identification",
    "SMS_NAL_Methods",
    "SMS_ObjectContainerItem",
    "SMS_ObjectContainerNode",
    "SMS_OS_Details",
    "SMS_ObjectContentExtraInfo",
    "SMS_ObjectContentInfo",
    "SMS_Package",
    "SMS_PackageStatus",
    "SMS_PackageStatusDistPointsSummarizer",
    "SMS_PackageStatusRootSummarizer",
    "SMS_Program",
    "SMS_R_System",
    "SMS_SecuredCategory",
    "SMS_SecuredCategoryMembership",
    "SMS_ST_NonRecurring",
    "SMS_ST_RecurInterval",
    "SMS_ST_RecurMonthlyByDate",
    "SMS_ST_RecurMonthlyByWeekday",
    "SMS_ST_RecurWeekly",
    "SMS_ScheduleMethods",
    "SMS_ScheduleToken",
    "SMS_ServiceWindow",
    "SMS_Site",
    "SMS_SupportedPlatforms",
    "SMS_SystemResourceList",
}
