//! Programs: `SMS_Program`, one command of one package and how it runs.

use serde::{Deserialize, Serialize};

use super::class::{changes, instance, row};
use super::ids::{PackageId, ProgramId};
use super::package::{ActionInProgress, PackageType};
use super::program_flags::ProgramFlags;
use super::wire::{flags, travels};

row! {
    /// What lists of programs show. Lists still hold programs whose deletion is under way.
    pub struct ProgramRow: "SMS_Program" key {
        package_id: PackageId = "PackageID",
        program_name: String = "ProgramName",
    } {
        package_name: String = "PackageName" or default,
        package_version: String = "PackageVersion" or default,
        package_type: PackageType = "PackageType" or default,
        command_line: String = "CommandLine" or default,
        working_directory: String = "WorkingDirectory" or default,
        comment: String = "Comment" or default,
        /// Minutes; see [`max_minutes`](Self::max_minutes).
        duration: u32 = "Duration" or default,
        program_flags: ProgramFlags = "ProgramFlags" or default,
        dependent_program: String = "DependentProgram" or default,
        disk_space_req: String = "DiskSpaceReq" or default,
        drive_letter: String = "DriveLetter" or default,
        action_in_progress: ActionInProgress = "ActionInProgress" or default,
    }
}

instance! {
    /// A program with its lazy properties.
    pub struct Program: "SMS_Program" id ProgramId
        = |it| ProgramId::new(it.package_id.clone(), it.program_name.clone());
    {
        package_id: PackageId = "PackageID",
        program_name: String = "ProgramName",
        package_name: String = "PackageName" or default,
        package_version: String = "PackageVersion" or default,
        package_type: PackageType = "PackageType" or default,
        command_line: String = "CommandLine" or default,
        working_directory: String = "WorkingDirectory" or default,
        comment: String = "Comment" or default,
        duration: u32 = "Duration" or default,
        program_flags: ProgramFlags = "ProgramFlags" or default,
        device_flags: DeviceFlags = "DeviceFlags" or default,
        dependent_program: String = "DependentProgram" or default,
        disk_space_req: String = "DiskSpaceReq" or default,
        drive_letter: String = "DriveLetter" or default,
        requirements: String = "Requirements" or default,
        removal_key: String = "RemovalKey" or default,
        msi_file_path: String = "MSIFilePath" or default,
        msi_product_id: String = "MSIProductID" or default,
        /// Lazy: an enumeration leaves it empty, and writing that back would wipe the list.
        supported_operating_systems: Vec<OsDetails> = "SupportedOperatingSystems" or default,
        action_in_progress: ActionInProgress = "ActionInProgress" or default,
    }
}

changes! {
    /// What may be sent for a program. Package and name only on a create: they never change.
    pub struct ProgramChanges of Program {
        package_id: PackageId = "PackageID",
        program_name: String = "ProgramName",
        command_line: String = "CommandLine",
        working_directory: String = "WorkingDirectory",
        comment: String = "Comment",
        duration: u32 = "Duration",
        program_flags: ProgramFlags = "ProgramFlags",
        device_flags: DeviceFlags = "DeviceFlags",
        dependent_program: String = "DependentProgram",
        disk_space_req: String = "DiskSpaceReq",
        drive_letter: String = "DriveLetter",
        requirements: String = "Requirements",
        removal_key: String = "RemovalKey",
        msi_file_path: String = "MSIFilePath",
        msi_product_id: String = "MSIProductID",
        supported_operating_systems: Vec<OsDetails> = "SupportedOperatingSystems",
        /// Text of whoever made the object. Written on a create only: somebody else's is never overwritten.
        isv_string: String = "ISVString",
    }
}

row! {
    /// A platform the site knows: one row for each range of versions.
    pub struct SupportedPlatformRow: "SMS_SupportedPlatforms" key {
        os_name: String = "OSName",
        os_platform: String = "OSPlatform",
        os_min_version: String = "OSMinVersion",
        os_max_version: String = "OSMaxVersion",
    } {
        display_text: String = "DisplayText" or default,
        is_supported: bool = "IsSupported" or default,
    }
}

/// `SMS_OS_Details`: a platform a program may run on, embedded in the program.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct OsDetails {
    pub max_version: String,
    pub min_version: String,
    pub name: String,
    pub platform: String,
}

impl From<SupportedPlatformRow> for OsDetails {
    fn from(row: SupportedPlatformRow) -> Self {
        Self {
            max_version: row.os_max_version,
            min_version: row.os_min_version,
            name: row.os_name,
            platform: row.os_platform,
        }
    }
}

travels! { Vec<OsDetails> => "Object[]:SMS_OS_Details" }

flags! {
    /// `DeviceFlags` of programs and advertisements for mobile devices.
    pub struct DeviceFlags {
        ALWAYS_ASSIGN = 24 => "always assign",
        ONLY_FAST_LINK = 25 => "only on a fast link",
        ONLY_DOCKED = 26 => "only when docked",
    }
}

/// What a client allows a program whose run time is unknown, in minutes.
pub const UNKNOWN_MINUTES: u32 = 720;

/// The longest run time a program may state, in minutes.
pub const MOST_MINUTES: u32 = 720;

/// The run time of a `Duration`; `None` when unknown. That 0 is the code for unknown is unverified.
pub fn max_minutes(duration: u32) -> Option<u32> {
    (duration != 0).then_some(duration)
}

impl ProgramRow {
    pub fn id(&self) -> ProgramId {
        ProgramId::new(self.package_id.clone(), self.program_name.clone())
    }

    pub fn is_enabled(&self) -> bool {
        !self.program_flags.contains(ProgramFlags::DISABLED)
    }

    pub fn is_being_deleted(&self) -> bool {
        self.action_in_progress == ActionInProgress::Delete
    }

    /// The longest it may run; `None` when unknown.
    pub fn max_minutes(&self) -> Option<u32> {
        max_minutes(self.duration)
    }

    /// The program that must run first.
    pub fn depends_on(&self) -> Option<ProgramId> {
        depends_on(&self.package_id, &self.dependent_program)
    }
}

impl Program {
    /// The longest it may run; `None` when unknown.
    pub fn max_minutes(&self) -> Option<u32> {
        max_minutes(self.duration)
    }

    /// The program that must run first.
    pub fn depends_on(&self) -> Option<ProgramId> {
        depends_on(&self.package_id, &self.dependent_program)
    }
}

/// Reads `<PackageID>;;<ProgramName>`, or `;;<ProgramName>` for the same package.
fn depends_on(own: &PackageId, dependent_program: &str) -> Option<ProgramId> {
    let (package, name) = dependent_program.split_once(";;")?;
    let package = match package.trim() {
        "" => own.clone(),
        package => PackageId::new(package),
    };
    (!name.is_empty()).then(|| ProgramId::new(package, name))
}

/// The text of `DependentProgram` for a program of package `own` that waits for `first`.
pub fn dependent_program(own: &PackageId, first: &ProgramId) -> String {
    if *own == first.package {
        format!(";;{}", first.name)
    } else {
        format!("{};;{}", first.package, first.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_in_the_same_package_leaves_the_package_out() {
        let own = PackageId::new("LAB00012");
        for first in [
            ProgramId::new("LAB00012", "Runtime"),
            ProgramId::new("LAB00007", "Base"),
        ] {
            let text = dependent_program(&own, &first);
            assert_eq!(depends_on(&own, &text), Some(first));
        }
        assert_eq!(
            dependent_program(&own, &ProgramId::new("LAB00012", "Runtime")),
            ";;Runtime"
        );
        assert_eq!(depends_on(&own, ""), None);
        assert_eq!(depends_on(&own, "LAB00007;;"), None);
    }

    #[test]
    fn device_bits_are_those_of_the_page() {
        assert_eq!(DeviceFlags::ALWAYS_ASSIGN.bits(), 0x0100_0000);
        assert_eq!(DeviceFlags::ONLY_FAST_LINK.bits(), 0x0200_0000);
        assert_eq!(DeviceFlags::ONLY_DOCKED.bits(), 0x0400_0000);
    }

    #[test]
    fn zero_minutes_are_an_unknown_run_time() {
        assert_eq!(max_minutes(0), None);
        assert_eq!(max_minutes(60), Some(60));
    }
}
