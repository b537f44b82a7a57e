//! Distribution points: the servers, their groups, and which package is assigned where.
//!
//! `SMS_DistributionPoint` is **not** a server: one of its objects says "this package belongs on that server". Making
//! one starts distribution, deleting one removes the content.

use super::class::{changes, instance, row};
use super::ids::{AssignmentId, GroupId, PackageId, SiteCode};
use super::nal::NalPath;
use super::package::PackageType;
use super::time::WireTime;
use super::wire::values;

row! {
    /// A package's assignment to one distribution point. Rows whose removal is under way linger in lists.
    pub struct AssignmentRow: "SMS_DistributionPoint" key {
        package_id: PackageId = "PackageID",
        server_nal_path: NalPath = "ServerNALPath",
        site_code: SiteCode = "SiteCode",
    } {
        site_name: String = "SiteName" or default,
        package_type: PackageType = "PackageType" or default,
        object_type_id: Option<u32> = "ObjectTypeID",
        source_site: Option<SiteCode> = "SourceSite",
        status: AssignmentStatus = "Status" or default,
        last_refresh_time: Option<WireTime> = "LastRefreshTime",
    }
}

instance! {
    /// A package's assignment to one distribution point.
    pub struct Assignment: "SMS_DistributionPoint" id AssignmentId = |it| AssignmentId {
        package: it.package_id.clone(),
        nal_path: it.server_nal_path.clone(),
        site: it.site_code.clone(),
    }; {
        package_id: PackageId = "PackageID",
        server_nal_path: NalPath = "ServerNALPath",
        site_code: SiteCode = "SiteCode",
        site_name: String = "SiteName" or default,
        package_type: PackageType = "PackageType" or default,
        object_type_id: Option<u32> = "ObjectTypeID",
        secure_object_id: Option<String> = "SecureObjectID",
        source_site: Option<SiteCode> = "SourceSite",
        status: AssignmentStatus = "Status" or default,
        refresh_now: bool = "RefreshNow" or default,
        last_refresh_time: Option<WireTime> = "LastRefreshTime",
    }
}

changes! {
    /// What may be sent for an assignment: the key travels in the body, never in a URL.
    pub struct AssignmentChanges of Assignment {
        package_id: PackageId = "PackageID",
        server_nal_path: NalPath = "ServerNALPath",
        site_code: SiteCode = "SiteCode",
        /// True sends the package to this point again, all files.
        refresh_now: bool = "RefreshNow",
        /// Text of whoever made the object. Written on a create only: somebody else's is never overwritten.
        isv_string: String = "ISVString",
    }
}

values! {
    /// What is being done with an assignment.
    #[derive(Default)]
    pub enum AssignmentStatus {
        #[default]
        None = 0 => "none",
        Updated = 1 => "updated",
        Added = 2 => "added",
        Deleted = 3 => "being removed",
    }
}

impl AssignmentRow {
    pub fn id(&self) -> AssignmentId {
        AssignmentId {
            package: self.package_id.clone(),
            nal_path: self.server_nal_path.clone(),
            site: self.site_code.clone(),
        }
    }

    pub fn is_being_removed(&self) -> bool {
        self.status == AssignmentStatus::Deleted
    }
}

row! {
    /// A server that is a distribution point.
    pub struct PointRow: "SMS_DistributionPointInfo" key {
        nal_path: NalPath = "NALPath",
        resource_type: String = "ResourceType",
        site_code: SiteCode = "SiteCode",
    } {
        server_name: String = "ServerName" or default,
        name: String = "Name" or default,
        site_name: String = "SiteName" or default,
        description: String = "Description" or default,
        operating_system: String = "OperatingSystem" or default,
        group_count: Option<u32> = "GroupCount",
        has_relationship: Option<bool> = "HasRelationship",
        is_pull_dp: bool = "IsPullDP" or default,
        is_peer_dp: bool = "IsPeerDP" or default,
        is_protected: bool = "IsProtected" or default,
        is_pxe: bool = "IsPXE" or default,
        is_multicast: bool = "IsMulticast" or default,
        pre_staging_allowed: bool = "PreStagingAllowed" or default,
        internet_facing: bool = "InternetFacing" or default,
        communication: Option<u32> = "Communication",
        priority: Option<u32> = "Priority",
        transfer_rate: Option<u32> = "TransferRate",
        health_check_enabled: bool = "HealthCheckEnabled" or default,
        /// Interval string.
        health_check_schedule: String = "HealthCheckSchedule" or default,
    }
}

impl PointRow {
    /// The server's name, for people.
    pub fn server(&self) -> &str {
        if self.server_name.is_empty() {
            self.nal_path.server()
        } else {
            &self.server_name
        }
    }
}

row! {
    /// A group of distribution points. Packages are targeted to the group: a server added later gets them too.
    pub struct GroupRow: "SMS_DistributionPointGroup" key { group_id: GroupId = "GroupID" } {
        name: String = "Name" or default,
        description: String = "Description" or default,
        member_count: Option<u32> = "MemberCount",
        content_count: Option<u32> = "ContentCount",
        out_of_sync_content_count: Option<u32> = "OutOfSyncContentCount",
        content_in_sync: Option<bool> = "ContentInSync",
        collection_count: Option<u32> = "CollectionCount",
        source_site: Option<SiteCode> = "SourceSite",
        created_by: String = "CreatedBy" or default,
        created_on: Option<WireTime> = "CreatedOn",
        modified_by: String = "ModifiedBy" or default,
        modified_on: Option<WireTime> = "ModifiedOn",
    }
}

instance! {
    /// A group of distribution points.
    pub struct Group: "SMS_DistributionPointGroup" id GroupId = |it| it.group_id.clone(); {
        group_id: GroupId = "GroupID",
        name: String = "Name" or default,
        description: String = "Description" or default,
        member_count: Option<u32> = "MemberCount",
        content_count: Option<u32> = "ContentCount",
        out_of_sync_content_count: Option<u32> = "OutOfSyncContentCount",
        content_in_sync: Option<bool> = "ContentInSync",
        collection_count: Option<u32> = "CollectionCount",
        source_site: Option<SiteCode> = "SourceSite",
    }
}

changes! {
    /// What may be sent for a group of distribution points.
    pub struct GroupChanges of Group {
        name: String = "Name",
        description: String = "Description",
    }
}

row! {
    /// That a server is in a group. The shape of this class is unverified.
    pub struct GroupMemberRow: "SMS_DPGroupMembers" key {
        group_id: GroupId = "GroupID",
        dp_nal_path: NalPath = "DPNALPath",
    } {
        site_code: Option<SiteCode> = "SiteCode",
    }
}

row! {
    /// A role of a server. An assignment copies NAL path and site code from a row of
    /// [`DISTRIBUTION_POINT`](Self::DISTRIBUTION_POINT), character for character.
    pub struct RoleRow: "SMS_SystemResourceList" key {
        nal_path: NalPath = "NALPath",
        resource_type: String = "ResourceType",
        role_name: String = "RoleName",
        site_code: SiteCode = "SiteCode",
    } {
        server_name: String = "ServerName" or default,
        server_remote_name: String = "ServerRemoteName" or default,
        internet_enabled: bool = "InternetEnabled" or default,
        ssl_state: Option<u32> = "SslState",
    }
}

impl RoleRow {
    /// `RoleName` of a distribution point.
    pub const DISTRIBUTION_POINT: &str = "SMS Distribution Point";

    pub fn is_distribution_point(&self) -> bool {
        self.role_name
            .eq_ignore_ascii_case(Self::DISTRIBUTION_POINT)
    }
}
