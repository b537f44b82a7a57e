//! The site itself: `SMS_Site` and `SMS_Identification`.

use super::class::row;
use super::ids::SiteCode;
use super::wire::values;

row! {
    /// A site of the hierarchy.
    pub struct SiteRow: "SMS_Site" key { site_code: SiteCode = "SiteCode" } {
        site_name: String = "SiteName" or default,
        server_name: String = "ServerName" or default,
        version: String = "Version" or default,
        build_number: Option<u32> = "BuildNumber",
        kind: Option<SiteType> = "Type",
        status: Option<SiteStatus> = "Status",
        /// The parent site; empty at the top.
        reporting_site_code: String = "ReportingSiteCode" or default,
    }
}

row! {
    /// Which site answers: exactly one row, and the first thing to ask after connecting.
    pub struct IdentificationRow: "SMS_Identification" key { this_site_code: SiteCode = "ThisSiteCode" } {
        this_site_name: String = "ThisSiteName" or default,
        sms_version: String = "SMSVersion" or default,
        sms_build_number: Option<u32> = "SMSBuildNumber",
        sms_site_server: String = "SMSSiteServer" or default,
        sms_provider_server: String = "SMSProviderServer" or default,
        locale_id: Option<u32> = "LocaleID",
        monthly_release_version: Option<String> = "MonthlyReleaseVersion",
    }
}

values! {
    /// What a site is in its hierarchy.
    pub enum SiteType {
        Secondary = 1 => "secondary site",
        Primary = 2 => "primary site",
        CentralAdministration = 4 => "central administration site",
    }
}

values! {
    /// How a site is.
    pub enum SiteStatus {
        Active = 1 => "active",
        Pending = 2 => "pending",
        Failed = 3 => "failed",
        Deleted = 4 => "deleted",
        Upgrade = 5 => "upgrading",
        DeleteFailed = 6 => "failed to delete secondary site",
        UpgradeFailed = 7 => "failed to upgrade secondary site",
        Recovering = 8 => "recovering",
        RecoveryFailed = 9 => "recovery failed",
    }
}
