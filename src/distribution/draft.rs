//! What a person has said so far. Every answer is optional.
//!
//! A draft on disk *is* a distribution file plus the name of its site ([`file`] reads and prints it, [`disk`] keeps
//! it). The fields themselves (labels, limits, defaults) are in [`field`](super::field); what answers mean
//! together, with defaults and fixed values taken in, is in [`settled`].

pub mod choice;
pub mod disk;
pub mod file;
pub mod folder;
pub mod settled;
pub mod typed;
pub mod value;
pub mod when;

pub use choice::{
    After, Choice, Chosen, CollectionOrigin, DriveMode, FarPoint, Intent, NearPoint, Origin,
    Priority, Purpose, Rerun, Rights, RunWhen, Trigger, Wait, Window,
};
pub use typed::Misfit;
pub use value::{Answer, RunTime, Value};
pub use when::When;

use super::field::{FieldId, Step};

macro_rules! section {
    ($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident: $type:ty = $id:ident,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct $name {
            $($(#[$fmeta])* pub $field: Option<$type>,)+
        }

        impl $name {
            fn get(&self, id: FieldId) -> Option<Value> {
                match id {
                    $(FieldId::$id => self.$field.as_ref().map(Answer::to_value),)+
                    _ => None,
                }
            }

            /// False when the value is not of the field's kind.
            fn put(&mut self, id: FieldId, value: Option<&Value>) -> bool {
                match id {
                    $(FieldId::$id => match value.map(<$type as Answer>::from_value) {
                        None => self.$field = None,
                        Some(Some(answer)) => self.$field = Some(answer),
                        Some(None) => return false,
                    },)+
                    _ => return false,
                }
                true
            }
        }
    };
}

section! {
    /// Step 1: why this goes out.
    Start {
        intent: Intent = StartIntent,
        reason: String = StartReason,
    }
}

section! {
    /// Step 2: the software and the folder its files come from.
    Package {
        /// An existing package by id or name; empty when one is wanted but not chosen yet.
        existing: String = PackageUse,
        name: String = PackageName,
        version: String = PackageVersion,
        manufacturer: String = PackageManufacturer,
        language: String = PackageLanguage,
        description: String = PackageDescription,
        has_source: bool = PackageHasSource,
        source: String = PackageSource,
        priority: Priority = PackagePriority,
        persist_cache: bool = PackagePersistCache,
        copy_to_share: bool = PackageCopyToShare,
        share_name: String = PackageShareName,
        binary_delta: bool = PackageBinaryDelta,
        on_demand: bool = PackageOnDemand,
    }
}

section! {
    /// Step 3: one command of the package, and how it runs.
    Program {
        /// An existing program of the package; empty when one is wanted but not chosen yet.
        existing: String = ProgramUse,
        name: String = ProgramName,
        command: String = ProgramCommand,
        start_in: String = ProgramStartIn,
        window: Window = ProgramWindow,
        run_when: RunWhen = ProgramRunWhen,
        rights: Rights = ProgramRights,
        interact: bool = ProgramInteract,
        after: After = ProgramAfter,
        drive_mode: DriveMode = ProgramDriveMode,
        drive_letter: String = ProgramDriveLetter,
        reconnect: bool = ProgramReconnect,
        comment: String = ProgramComment,
        every_user: bool = ProgramEveryUser,
        suppress_notify: bool = ProgramSuppressNotify,
        ts_allowed: bool = ProgramTsAllowed,
        disabled: bool = ProgramDisabled,
        uninstall_on_expiry: bool = ProgramUninstallOnExpiry,
        removal_key: String = ProgramRemovalKey,
        depends_on: String = ProgramDependsOn,
        depends_always: bool = ProgramDependsAlways,
        disk: String = ProgramDisk,
        max_minutes: RunTime = ProgramMaxMinutes,
        requirements_text: String = ProgramRequirementsText,
    }
}

section! {
    /// Step 4: who gets it.
    Collection {
        /// An existing collection by id or name; empty when one is wanted but not chosen yet.
        existing: String = CollectionUse,
        name: String = CollectionName,
        limit_to: String = CollectionLimitTo,
        devices: Vec<String> = CollectionDevices,
        query: String = CollectionQuery,
        include: Vec<String> = CollectionInclude,
        exclude: Vec<String> = CollectionExclude,
    }
}

section! {
    /// Step 5: where devices fetch the files.
    DistributionPoints {
        servers: Vec<String> = PointsServers,
        groups: Vec<String> = PointsGroups,
        wait: Wait = PointsWait,
        wait_minutes: u32 = PointsWaitMinutes,
    }
}

section! {
    /// Step 6: the offer of the program to the collection.
    Advertisement {
        name: String = AdvertisementName,
        comment: String = AdvertisementComment,
        purpose: Purpose = AdvertisementPurpose,
        available: When = AdvertisementAvailable,
        trigger: Vec<String> = AdvertisementTrigger,
        deadline: When = AdvertisementDeadline,
        utc: bool = AdvertisementUtc,
        expires: When = AdvertisementExpires,
        rerun: Rerun = AdvertisementRerun,
        wake: bool = AdvertisementWake,
        metered: bool = AdvertisementMetered,
        run_early: bool = AdvertisementRunEarly,
        override_mw: bool = AdvertisementOverrideMw,
        reboot_outside_mw: bool = AdvertisementRebootOutsideMw,
        persist_write_filter: bool = AdvertisementPersistWriteFilter,
        fast: NearPoint = AdvertisementFast,
        slow: FarPoint = AdvertisementSlow,
        fallback: bool = AdvertisementFallback,
        peer: bool = AdvertisementPeer,
    }
}

/// Everything said about one distribution so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The site the draft is for; only a draft on disk needs it.
    pub site: Option<String>,
    pub start: Start,
    pub package: Package,
    pub program: Program,
    pub collection: Collection,
    pub distribution_points: DistributionPoints,
    pub advertisement: Advertisement,
}

impl Draft {
    /// The draft a wizard begins with: for this site, everything still open.
    pub fn begin(site: &str) -> Self {
        Self {
            site: Some(site.into()),
            package: Package {
                has_source: Some(true),
                ..Package::default()
            },
            ..Self::default()
        }
    }

    /// What was answered, without defaults. A mode, which is not stored, is read off the other answers.
    pub fn get(&self, id: FieldId) -> Option<Value> {
        match id {
            FieldId::PackageMode => Some(self.package_origin().to_value()),
            FieldId::ProgramMode => Some(self.program_origin().to_value()),
            FieldId::CollectionMode => Some(self.collection_origin().to_value()),
            _ => match id.step() {
                Step::Start => self.start.get(id),
                Step::Package => self.package.get(id),
                Step::Program => self.program.get(id),
                Step::Collection => self.collection.get(id),
                Step::DistributionPoints => self.distribution_points.get(id),
                Step::Advertisement => self.advertisement.get(id),
                Step::Review => None,
            },
        }
    }

    /// Takes an answer, or takes it back with `None`, and forgets what hangs on it when it changed.
    pub fn put(&mut self, id: FieldId, value: Option<&Value>) -> Result<(), Misfit> {
        let before = self.get(id);
        self.place(id, value)?;
        if self.get(id) != before {
            self.forget_what_hangs_on(id);
        }
        Ok(())
    }

    /// Takes an answer beside all others, as they stand in a file.
    fn place(&mut self, id: FieldId, value: Option<&Value>) -> Result<(), Misfit> {
        let fits = match id {
            FieldId::PackageMode | FieldId::ProgramMode | FieldId::CollectionMode => {
                self.put_origin(id, value)
            }
            _ => match id.step() {
                Step::Start => self.start.put(id, value),
                Step::Package => self.package.put(id, value),
                Step::Program => self.program.put(id, value),
                Step::Collection => self.collection.put(id, value),
                Step::DistributionPoints => self.distribution_points.put(id, value),
                Step::Advertisement => self.advertisement.put(id, value),
                Step::Review => false,
            },
        };
        if fits {
            Ok(())
        } else {
            Err(Misfit::kind(id, value))
        }
    }

    /// A mode is not stored: it shows in whether `use` is there.
    fn put_origin(&mut self, id: FieldId, value: Option<&Value>) -> bool {
        let Some(Value::Text(word)) = value else {
            return false;
        };
        match id {
            FieldId::PackageMode => match word.parse() {
                Ok(Origin::Existing) => open(&mut self.package.existing),
                Ok(Origin::New) => {
                    self.package.existing = None;
                    self.package.has_source.get_or_insert(true);
                    open(&mut self.package.name);
                }
                Err(_) => return false,
            },
            FieldId::ProgramMode => match word.parse() {
                Ok(Origin::Existing) => open(&mut self.program.existing),
                Ok(Origin::New) => {
                    self.program.existing = None;
                    open(&mut self.program.command);
                }
                Err(_) => return false,
            },
            _ => return self.put_collection_origin(word),
        }
        true
    }

    fn put_collection_origin(&mut self, word: &str) -> bool {
        let Ok(origin) = word.parse() else {
            return false;
        };
        let collection = &mut self.collection;
        match origin {
            CollectionOrigin::Existing => open(&mut collection.existing),
            CollectionOrigin::Devices => {
                collection.existing = None;
                (collection.query, collection.include, collection.exclude) = (None, None, None);
                collection.devices.get_or_insert_default();
            }
            CollectionOrigin::Rule => {
                collection.existing = None;
                // A list nobody wrote anything on leaves with its choice.
                collection.devices = collection.devices.take().filter(|names| !names.is_empty());
                open(&mut collection.query);
            }
        }
        true
    }

    /// A changed answer forgets only what hangs on it; all else stays, also when it is hidden for the moment.
    fn forget_what_hangs_on(&mut self, id: FieldId) {
        if matches!(id, FieldId::PackageMode | FieldId::PackageUse)
            && self.package_origin() == Origin::Existing
            && self.package.source.is_none()
        {
            // Only a new package says whether it has files; the yes it begins with means nothing here.
            self.package.has_source = self.package.has_source.filter(|has_source| !has_source);
        }
        match id {
            // A program belongs to its package.
            FieldId::PackageMode | FieldId::PackageUse if self.program.existing.is_some() => {
                self.program.existing = match self.package_origin() {
                    Origin::Existing => Some(String::new()),
                    Origin::New => None,
                };
            }
            // What runs by itself runs at a time or an event; an offer has neither.
            FieldId::AdvertisementPurpose if self.purpose() == Purpose::Available => {
                (self.advertisement.trigger, self.advertisement.deadline) = (None, None);
            }
            FieldId::ProgramDriveMode if self.drive_mode() != DriveMode::Letter => {
                self.program.drive_letter = None;
            }
            _ => {}
        }
    }
}

/// Makes room for an answer that is expected but not given yet.
fn open(answer: &mut Option<String>) {
    answer.get_or_insert_default();
}
