//! Rows that show by whom an object was made: the columns that identify it, and `ISVString`.
//!
//! The class pages give `ISVString` to partners, and consign writes its stamp there. They are rows of their own because
//! on `SMS_Package` the property is listed for the base class only (unverified over REST): should a site refuse it,
//! no list that people look at is touched.

use super::advertisement::OfferType;
use super::advertisement_flags::{AdvertFlags, RemoteClientFlags};
use super::class::row;
use super::collection::{CollectionStatus, CollectionType};
use super::distribution_point::AssignmentStatus;
use super::ids::{AdvertisementId, AssignmentId, CollectionId, PackageId, ProgramId, SiteCode};
use super::nal::NalPath;
use super::package::{ActionInProgress, PkgFlags, SourceFlag};
use super::program_flags::ProgramFlags;
use super::time::WireTime;

row! {
    /// A package, with what tells it from others of its name.
    pub struct StampedPackageRow: "SMS_Package" key { package_id: PackageId = "PackageID" } {
        name: String = "Name" or default,
        version: String = "Version" or default,
        manufacturer: String = "Manufacturer" or default,
        language: String = "Language" or default,
        description: String = "Description" or default,
        pkg_source_flag: SourceFlag = "PkgSourceFlag" or default,
        pkg_source_path: String = "PkgSourcePath" or default,
        pkg_flags: PkgFlags = "PkgFlags" or default,
        action_in_progress: ActionInProgress = "ActionInProgress" or default,
        isv_string: String = "ISVString" or default,
    }
}

row! {
    /// A program, with what it runs and how.
    pub struct StampedProgramRow: "SMS_Program" key {
        package_id: PackageId = "PackageID",
        program_name: String = "ProgramName",
    } {
        command_line: String = "CommandLine" or default,
        working_directory: String = "WorkingDirectory" or default,
        comment: String = "Comment" or default,
        program_flags: ProgramFlags = "ProgramFlags" or default,
        /// Minutes; 0 is unknown.
        duration: u32 = "Duration" or default,
        drive_letter: String = "DriveLetter" or default,
        dependent_program: String = "DependentProgram" or default,
        action_in_progress: ActionInProgress = "ActionInProgress" or default,
        isv_string: String = "ISVString" or default,
    }
}

row! {
    /// A collection, with what limits it; its rules are lazy and need a read by key.
    pub struct StampedCollectionRow: "SMS_Collection" key { collection_id: CollectionId = "CollectionID" } {
        name: String = "Name" or default,
        comment: String = "Comment" or default,
        limit_to_collection_id: CollectionId = "LimitToCollectionID" or default,
        collection_type: CollectionType = "CollectionType",
        current_status: CollectionStatus = "CurrentStatus" or default,
        isv_string: String = "ISVString" or default,
    }
}

row! {
    /// A package's assignment to a distribution point.
    pub struct StampedAssignmentRow: "SMS_DistributionPoint" key {
        package_id: PackageId = "PackageID",
        server_nal_path: NalPath = "ServerNALPath",
        site_code: SiteCode = "SiteCode",
    } {
        status: AssignmentStatus = "Status" or default,
        isv_string: String = "ISVString" or default,
    }
}

row! {
    /// An advertisement, with what it offers to whom; its schedule is lazy and needs a read by key.
    pub struct StampedAdvertisementRow: "SMS_Advertisement" key {
        advertisement_id: AdvertisementId = "AdvertisementID",
    } {
        advertisement_name: String = "AdvertisementName" or default,
        comment: String = "Comment" or default,
        package_id: PackageId = "PackageID",
        program_name: String = "ProgramName" or default,
        collection_id: CollectionId = "CollectionID",
        offer_type: OfferType = "OfferType" or default,
        advert_flags: AdvertFlags = "AdvertFlags" or default,
        remote_client_flags: RemoteClientFlags = "RemoteClientFlags" or default,
        present_time: Option<WireTime> = "PresentTime",
        isv_string: String = "ISVString" or default,
    }
}

impl StampedProgramRow {
    pub fn id(&self) -> ProgramId {
        ProgramId::new(self.package_id.clone(), self.program_name.clone())
    }
}

impl StampedAssignmentRow {
    pub fn id(&self) -> AssignmentId {
        AssignmentId {
            package: self.package_id.clone(),
            nal_path: self.server_nal_path.clone(),
            site: self.site_code.clone(),
        }
    }
}
