//! The names of the fields: their paths in a distribution file.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::start::FIELDS as START;
use super::{Field, Step, fields};

/// One field, named by its path in a distribution file.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Display,
    EnumString,
    EnumIter,
    IntoStaticStr,
    Serialize,
    Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub enum FieldId {
    #[strum(serialize = "start.intent")]
    StartIntent,
    #[strum(serialize = "start.reason")]
    StartReason,

    #[strum(serialize = "package.mode")]
    PackageMode,
    #[strum(serialize = "package.use")]
    PackageUse,
    #[strum(serialize = "package.name")]
    PackageName,
    #[strum(serialize = "package.version")]
    PackageVersion,
    #[strum(serialize = "package.manufacturer")]
    PackageManufacturer,
    #[strum(serialize = "package.has_source")]
    PackageHasSource,
    #[strum(serialize = "package.source")]
    PackageSource,
    #[strum(serialize = "package.language")]
    PackageLanguage,
    #[strum(serialize = "package.description")]
    PackageDescription,
    #[strum(serialize = "package.priority")]
    PackagePriority,
    #[strum(serialize = "package.persist_cache")]
    PackagePersistCache,
    #[strum(serialize = "package.copy_to_share")]
    PackageCopyToShare,
    #[strum(serialize = "package.share_name")]
    PackageShareName,
    #[strum(serialize = "package.binary_delta")]
    PackageBinaryDelta,
    #[strum(serialize = "package.on_demand")]
    PackageOnDemand,

    #[strum(serialize = "program.mode")]
    ProgramMode,
    #[strum(serialize = "program.use")]
    ProgramUse,
    #[strum(serialize = "program.name")]
    ProgramName,
    #[strum(serialize = "program.command")]
    ProgramCommand,
    #[strum(serialize = "program.run_when")]
    ProgramRunWhen,
    #[strum(serialize = "program.rights")]
    ProgramRights,
    #[strum(serialize = "program.interact")]
    ProgramInteract,
    #[strum(serialize = "program.window")]
    ProgramWindow,
    #[strum(serialize = "program.max_minutes")]
    ProgramMaxMinutes,
    #[strum(serialize = "program.after")]
    ProgramAfter,
    #[strum(serialize = "program.comment")]
    ProgramComment,
    #[strum(serialize = "program.start_in")]
    ProgramStartIn,
    #[strum(serialize = "program.every_user")]
    ProgramEveryUser,
    #[strum(serialize = "program.depends_on")]
    ProgramDependsOn,
    #[strum(serialize = "program.depends_always")]
    ProgramDependsAlways,
    #[strum(serialize = "program.disk")]
    ProgramDisk,
    #[strum(serialize = "program.requirements_text")]
    ProgramRequirementsText,
    #[strum(serialize = "program.drive_mode")]
    ProgramDriveMode,
    #[strum(serialize = "program.drive_letter")]
    ProgramDriveLetter,
    #[strum(serialize = "program.reconnect")]
    ProgramReconnect,
    #[strum(serialize = "program.suppress_notify")]
    ProgramSuppressNotify,
    #[strum(serialize = "program.ts_allowed")]
    ProgramTsAllowed,
    #[strum(serialize = "program.disabled")]
    ProgramDisabled,
    #[strum(serialize = "program.uninstall_on_expiry")]
    ProgramUninstallOnExpiry,
    #[strum(serialize = "program.removal_key")]
    ProgramRemovalKey,

    #[strum(serialize = "collection.mode")]
    CollectionMode,
    #[strum(serialize = "collection.use")]
    CollectionUse,
    #[strum(serialize = "collection.name")]
    CollectionName,
    #[strum(serialize = "collection.limit_to")]
    CollectionLimitTo,
    #[strum(serialize = "collection.devices")]
    CollectionDevices,
    #[strum(serialize = "collection.query")]
    CollectionQuery,
    #[strum(serialize = "collection.include")]
    CollectionInclude,
    #[strum(serialize = "collection.exclude")]
    CollectionExclude,

    #[strum(serialize = "distribution_points.servers")]
    PointsServers,
    #[strum(serialize = "distribution_points.groups")]
    PointsGroups,
    #[strum(serialize = "distribution_points.wait")]
    PointsWait,
    #[strum(serialize = "distribution_points.wait_minutes")]
    PointsWaitMinutes,

    #[strum(serialize = "advertisement.purpose")]
    AdvertisementPurpose,
    #[strum(serialize = "advertisement.deadline")]
    AdvertisementDeadline,
    #[strum(serialize = "advertisement.name")]
    AdvertisementName,
    #[strum(serialize = "advertisement.available")]
    AdvertisementAvailable,
    #[strum(serialize = "advertisement.trigger")]
    AdvertisementTrigger,
    #[strum(serialize = "advertisement.utc")]
    AdvertisementUtc,
    #[strum(serialize = "advertisement.expires")]
    AdvertisementExpires,
    #[strum(serialize = "advertisement.rerun")]
    AdvertisementRerun,
    #[strum(serialize = "advertisement.run_early")]
    AdvertisementRunEarly,
    #[strum(serialize = "advertisement.override_mw")]
    AdvertisementOverrideMw,
    #[strum(serialize = "advertisement.reboot_outside_mw")]
    AdvertisementRebootOutsideMw,
    #[strum(serialize = "advertisement.comment")]
    AdvertisementComment,
    #[strum(serialize = "advertisement.wake")]
    AdvertisementWake,
    #[strum(serialize = "advertisement.metered")]
    AdvertisementMetered,
    #[strum(serialize = "advertisement.persist_write_filter")]
    AdvertisementPersistWriteFilter,
    #[strum(serialize = "advertisement.fast")]
    AdvertisementFast,
    #[strum(serialize = "advertisement.slow")]
    AdvertisementSlow,
    #[strum(serialize = "advertisement.fallback")]
    AdvertisementFallback,
    #[strum(serialize = "advertisement.peer")]
    AdvertisementPeer,
}

impl FieldId {
    /// The path in a distribution file, for example `package.name`.
    pub fn path(self) -> &'static str {
        self.into()
    }

    /// The last part of the path: the key inside its section.
    pub fn key(self) -> &'static str {
        self.path()
            .rsplit_once('.')
            .map_or(self.path(), |(_, key)| key)
    }

    /// The step that asks for it.
    pub fn step(self) -> Step {
        match self {
            id if id <= Self::StartReason => Step::Start,
            id if id <= Self::PackageOnDemand => Step::Package,
            id if id <= Self::ProgramRemovalKey => Step::Program,
            id if id <= Self::CollectionExclude => Step::Collection,
            id if id <= Self::PointsWaitMinutes => Step::DistributionPoints,
            _ => Step::Advertisement,
        }
    }

    /// False for a mode: it shows in whether `use` is there, so no file holds it.
    pub fn is_stored(self) -> bool {
        !matches!(
            self,
            Self::PackageMode | Self::ProgramMode | Self::CollectionMode
        )
    }

    /// Everything known about the field.
    pub fn field(self) -> &'static Field {
        // The tables hold every id; a test counts them. The first one stands in so that no caller has an Option.
        fields().find(|field| field.id == self).unwrap_or(&START[0])
    }
}

impl From<FieldId> for String {
    fn from(id: FieldId) -> Self {
        id.path().into()
    }
}

impl TryFrom<String> for FieldId {
    type Error = String;

    fn try_from(path: String) -> Result<Self, String> {
        path.parse()
            .map_err(|_| format!("no field is called '{path}'"))
    }
}
