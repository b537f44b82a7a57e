//! Packages: `SMS_Package`, a name for some software and the folder its files come from.

use super::class::{changes, instance, row};
use super::ids::{PackageId, SiteCode};
use super::schedule::Token;
use super::time::WireTime;
use super::wire::{flags, values};

row! {
    /// What lists of packages show.
    pub struct PackageRow: "SMS_Package" key { package_id: PackageId = "PackageID" } {
        name: String = "Name" or default,
        version: String = "Version" or default,
        manufacturer: String = "Manufacturer" or default,
        language: String = "Language" or default,
        description: String = "Description" or default,
        package_type: PackageType = "PackageType" or default,
        pkg_flags: PkgFlags = "PkgFlags" or default,
        pkg_source_flag: SourceFlag = "PkgSourceFlag" or default,
        pkg_source_path: String = "PkgSourcePath" or default,
        priority: Priority = "Priority" or default,
        share_type: ShareType = "ShareType" or default,
        share_name: String = "ShareName" or default,
        action_in_progress: ActionInProgress = "ActionInProgress" or default,
        source_version: Option<u32> = "SourceVersion",
        source_date: Option<WireTime> = "SourceDate",
        source_site: Option<SiteCode> = "SourceSite",
        last_refresh_time: Option<WireTime> = "LastRefreshTime",
        num_of_programs: Option<u32> = "NumOfPrograms",
        /// In a unit the class page does not name; sizes people read come from the summarizers.
        package_size: Option<u32> = "PackageSize",
    }
}

instance! {
    /// A package with its lazy properties.
    pub struct Package: "SMS_Package" id PackageId = |it| it.package_id.clone(); {
        package_id: PackageId = "PackageID",
        name: String = "Name" or default,
        version: String = "Version" or default,
        manufacturer: String = "Manufacturer" or default,
        language: String = "Language" or default,
        description: String = "Description" or default,
        package_type: PackageType = "PackageType" or default,
        pkg_flags: PkgFlags = "PkgFlags" or default,
        pkg_source_flag: SourceFlag = "PkgSourceFlag" or default,
        pkg_source_path: String = "PkgSourcePath" or default,
        priority: Priority = "Priority" or default,
        share_type: ShareType = "ShareType" or default,
        share_name: String = "ShareName" or default,
        preferred_address_type: String = "PreferredAddressType" or default,
        ignore_address_schedule: bool = "IgnoreAddressSchedule" or default,
        forced_disconnect_enabled: bool = "ForcedDisconnectEnabled" or default,
        /// Minutes.
        forced_disconnect_delay: Option<u32> = "ForcedDisconnectDelay",
        forced_disconnect_num_retries: Option<u32> = "ForcedDisconnectNumRetries",
        mif_filename: String = "MIFFilename" or default,
        mif_name: String = "MIFName" or default,
        mif_publisher: String = "MIFPublisher" or default,
        mif_version: String = "MIFVersion" or default,
        refresh_schedule: Vec<Token> = "RefreshSchedule" or default,
        action_in_progress: ActionInProgress = "ActionInProgress" or default,
        is_predefined_package: bool = "IsPredefinedPackage" or default,
        source_version: Option<u32> = "SourceVersion",
        source_date: Option<WireTime> = "SourceDate",
        source_site: Option<SiteCode> = "SourceSite",
        stored_pkg_version: Option<u32> = "StoredPkgVersion",
        stored_pkg_path: String = "StoredPkgPath" or default,
        last_refresh_time: Option<WireTime> = "LastRefreshTime",
        num_of_programs: Option<u32> = "NumOfPrograms",
        package_size: Option<u32> = "PackageSize",
        secured_scope_names: Vec<String> = "SecuredScopeNames" or default,
        /// Changes with every save; a save over someone else's is refused.
        sedo_object_version: Option<String> = "SedoObjectVersion",
    }
}

changes! {
    /// What may be sent for a package. Its id is the site's to give.
    pub struct PackageChanges of Package {
        name: String = "Name",
        version: String = "Version",
        manufacturer: String = "Manufacturer",
        language: String = "Language",
        description: String = "Description",
        pkg_flags: PkgFlags = "PkgFlags",
        pkg_source_flag: SourceFlag = "PkgSourceFlag",
        pkg_source_path: String = "PkgSourcePath",
        priority: Priority = "Priority",
        share_type: ShareType = "ShareType",
        share_name: String = "ShareName",
        preferred_address_type: String = "PreferredAddressType",
        ignore_address_schedule: bool = "IgnoreAddressSchedule",
        forced_disconnect_enabled: bool = "ForcedDisconnectEnabled",
        forced_disconnect_delay: u32 = "ForcedDisconnectDelay",
        forced_disconnect_num_retries: u32 = "ForcedDisconnectNumRetries",
        mif_filename: String = "MIFFilename",
        mif_name: String = "MIFName",
        mif_publisher: String = "MIFPublisher",
        mif_version: String = "MIFVersion",
        /// Only with [`SourceFlag::Direct`]; real sites did not take schedules over REST.
        refresh_schedule: Vec<Token> = "RefreshSchedule",
        /// Text of whoever made the object. Written on a create only: somebody else's is never overwritten.
        isv_string: String = "ISVString",
    }
}

impl PackageRow {
    /// Whether it is of a kind this console shows and never changes: a driver, an image, an application's content.
    pub fn is_locked(&self) -> bool {
        self.package_type != PackageType::SoftwareDistribution
    }

    /// Whether clients need a distribution point before they can run its programs.
    pub fn needs_distribution_points(&self) -> bool {
        needs_distribution_points(self.pkg_source_flag, self.pkg_flags)
    }

    pub fn is_being_deleted(&self) -> bool {
        self.action_in_progress == ActionInProgress::Delete
    }
}

impl Package {
    /// Whether clients need a distribution point before they can run its programs.
    pub fn needs_distribution_points(&self) -> bool {
        needs_distribution_points(self.pkg_source_flag, self.pkg_flags)
    }

    pub fn is_being_deleted(&self) -> bool {
        self.action_in_progress == ActionInProgress::Delete
    }
}

fn needs_distribution_points(source: SourceFlag, flags: PkgFlags) -> bool {
    source.has_files() && !flags.contains(PkgFlags::NO_PACKAGE)
}

values! {
    /// What kind of content a package is. This console changes software distribution alone (classes.md 1).
    #[derive(Default)]
    pub enum PackageType {
        #[default]
        SoftwareDistribution = 0 => "software distribution",
        Driver = 3 => "driver",
        TaskSequence = 4 => "task sequence",
        SoftwareUpdate = 5 => "software update",
        DeviceSetting = 6 => "device setting",
        VirtualApplication = 7 => "virtual application",
        Application = 8 => "application content",
        Image = 257 => "image",
        BootImage = 258 => "boot image",
        OperatingSystem = 259 => "operating system",
    }
}

values! {
    /// Where the files of a package come from.
    #[derive(Default)]
    pub enum SourceFlag {
        NeedsSpecifying = 0 => "not chosen yet",
        #[default]
        NoSource = 1 => "no files",
        Direct = 2 => "source folder",
        Compressed = 3 => "compressed copy",
        Local = 4 => "local source",
    }
}

values! {
    /// How urgently files or policies are sent to other sites.
    #[derive(Default)]
    pub enum Priority {
        High = 1 => "high",
        #[default]
        Normal = 2 => "normal",
        Low = 3 => "low",
    }
}

values! {
    /// Which share of a distribution point holds a package that is copied to one.
    #[derive(Default)]
    pub enum ShareType {
        #[default]
        Common = 1 => "common share",
        Specific = 2 => "share of its own",
    }
}

values! {
    /// What the site is doing with an object.
    #[derive(Default)]
    pub enum ActionInProgress {
        #[default]
        None = 0 => "none",
        Update = 1 => "updating",
        Add = 2 => "adding",
        Delete = 3 => "deleting",
    }
}

impl SourceFlag {
    /// Whether there are files to distribute. While the source is not chosen nothing can be deployed either way.
    pub fn has_files(self) -> bool {
        !matches!(self, Self::NoSource | Self::NeedsSpecifying)
    }
}

flags! {
    /// `SMS_Package.PkgFlags`.
    pub struct PkgFlags {
        /// Copy the content to a package share on the distribution points. Seen in public scripts, missing from the
        /// published table: unverified.
        COPY_TO_SHARE = 7 => "copy to a package share",
        /// The published hexadecimal is a misprint; the bit number is taken.
        DO_NOT_ENCRYPT_CONTENT_ON_CLOUD = 23 => "do not encrypt in the cloud",
        DO_NOT_DOWNLOAD = 24 => "do not send, content is prestaged",
        PERSIST_IN_CACHE = 25 => "keep in the client cache",
        USE_BINARY_DELTA_REP = 26 => "send binary differences",
        NO_PACKAGE = 28 => "no distribution points needed",
        USE_SPECIAL_MIF = 29 => "match status files by their own names",
        DISTRIBUTE_ON_DEMAND = 30 => "distribute on demand",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_bits_are_those_of_the_table() {
        let table = [
            (7, PkgFlags::COPY_TO_SHARE),
            (23, PkgFlags::DO_NOT_ENCRYPT_CONTENT_ON_CLOUD),
            (24, PkgFlags::DO_NOT_DOWNLOAD),
            (25, PkgFlags::PERSIST_IN_CACHE),
            (26, PkgFlags::USE_BINARY_DELTA_REP),
            (28, PkgFlags::NO_PACKAGE),
            (29, PkgFlags::USE_SPECIAL_MIF),
            (30, PkgFlags::DISTRIBUTE_ON_DEMAND),
        ];
        for (bit, flag) in table {
            assert_eq!(flag.bits(), 1 << bit);
        }
    }

    #[test]
    fn nulls_and_absent_properties_mean_the_documented_defaults() {
        let row: PackageRow = serde_json::from_value(json!({
            "PackageID": "lab00012", "Name": "Line Tool", "Version": null, "PkgFlags": null,
        }))
        .unwrap();
        assert_eq!(row.package_id.as_str(), "LAB00012");
        assert_eq!(row.version, "");
        assert_eq!(row.pkg_source_flag, SourceFlag::NoSource);
        assert_eq!(row.source_version, None);
        assert!(serde_json::from_value::<PackageRow>(json!({"Name": "no id"})).is_err());
    }

    #[test]
    fn files_need_distribution_points_unless_the_package_says_otherwise() {
        assert!(needs_distribution_points(
            SourceFlag::Direct,
            PkgFlags::empty()
        ));
        assert!(needs_distribution_points(
            SourceFlag::Other(9),
            PkgFlags::empty()
        ));
        assert!(!needs_distribution_points(
            SourceFlag::NoSource,
            PkgFlags::empty()
        ));
        assert!(!needs_distribution_points(
            SourceFlag::Direct,
            PkgFlags::NO_PACKAGE
        ));
    }

    #[test]
    fn an_instance_keeps_what_it_does_not_know() {
        let package: Package = serde_json::from_value(json!({
            "PackageID": "LAB00012", "PackageType": 8, "__CLASS": "SMS_Package", "CloudThing": 7,
        }))
        .unwrap();
        assert_eq!(package.package_type, PackageType::Application);
        assert_eq!(package.other["CloudThing"], 7);
        assert_eq!(package.other["__CLASS"], "SMS_Package");
        assert_eq!(serde_json::to_value(&package).unwrap()["CloudThing"], 7);
    }

    #[test]
    fn changes_send_nothing_that_was_not_changed() {
        let changes = PackageChanges {
            description: Some("Freeware".to_owned()),
            ..PackageChanges::default()
        };
        assert_eq!(
            serde_json::to_value(&changes).unwrap(),
            json!({"Description": "Freeware"})
        );
    }

    proptest! {
        #[test]
        fn every_value_survives_the_wire_with_and_without_a_meaning(number in any::<u32>()) {
            let small = number % 300;
            let kind: PackageType = serde_json::from_str(&small.to_string()).unwrap();
            prop_assert_eq!(serde_json::to_string(&kind).unwrap(), small.to_string());
            let flags: PkgFlags = serde_json::from_str(&number.to_string()).unwrap();
            prop_assert_eq!(serde_json::to_string(&flags).unwrap(), number.to_string());
        }
    }
}
