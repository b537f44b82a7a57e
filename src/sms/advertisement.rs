//! Advertisements: `SMS_Advertisement`, one program offered to the members of one collection.

use super::advertisement_flags::{AdvertFlags, RemoteClientFlags, TimeFlags};
use super::class::{changes, instance, row};
use super::ids::{AdvertisementId, CollectionId, PackageId, ProgramId, SiteCode};
use super::package::{ActionInProgress, Priority};
use super::program::DeviceFlags;
use super::schedule::Token;
use super::time::{Moment, WireTime};
use super::wire::values;

row! {
    /// What lists of advertisements show. The lazy booleans are missing there; `TimeFlags` says the same.
    pub struct AdvertisementRow: "SMS_Advertisement" key { advertisement_id: AdvertisementId = "AdvertisementID" } {
        advertisement_name: String = "AdvertisementName" or default,
        comment: String = "Comment" or default,
        package_id: PackageId = "PackageID",
        program_name: String = "ProgramName" or default,
        collection_id: CollectionId = "CollectionID",
        offer_type: OfferType = "OfferType" or default,
        advert_flags: AdvertFlags = "AdvertFlags" or default,
        remote_client_flags: RemoteClientFlags = "RemoteClientFlags" or default,
        time_flags: TimeFlags = "TimeFlags" or default,
        present_time: Option<WireTime> = "PresentTime",
        expiration_time: Option<WireTime> = "ExpirationTime",
        priority: Priority = "Priority" or default,
        action_in_progress: ActionInProgress = "ActionInProgress" or default,
        source_site: Option<SiteCode> = "SourceSite",
    }
}

instance! {
    /// An advertisement with its lazy properties.
    pub struct Advertisement: "SMS_Advertisement" id AdvertisementId = |it| it.advertisement_id.clone(); {
        advertisement_id: AdvertisementId = "AdvertisementID",
        advertisement_name: String = "AdvertisementName" or default,
        comment: String = "Comment" or default,
        package_id: PackageId = "PackageID",
        program_name: String = "ProgramName" or default,
        collection_id: CollectionId = "CollectionID",
        offer_type: OfferType = "OfferType" or default,
        advert_flags: AdvertFlags = "AdvertFlags" or default,
        remote_client_flags: RemoteClientFlags = "RemoteClientFlags" or default,
        device_flags: DeviceFlags = "DeviceFlags" or default,
        time_flags: TimeFlags = "TimeFlags" or default,
        present_time: Option<WireTime> = "PresentTime",
        present_time_enabled: Option<bool> = "PresentTimeEnabled",
        present_time_is_gmt: Option<bool> = "PresentTimeIsGMT",
        expiration_time: Option<WireTime> = "ExpirationTime",
        expiration_time_enabled: Option<bool> = "ExpirationTimeEnabled",
        expiration_time_is_gmt: Option<bool> = "ExpirationTimeIsGMT",
        assigned_schedule: Vec<Token> = "AssignedSchedule" or default,
        assigned_schedule_enabled: Option<bool> = "AssignedScheduleEnabled",
        assigned_schedule_is_gmt: Option<bool> = "AssignedScheduleIsGMT",
        mandatory_countdown: Option<u32> = "MandatoryCountdown",
        priority: Priority = "Priority" or default,
        action_in_progress: ActionInProgress = "ActionInProgress" or default,
        assignment_id: Option<u32> = "AssignmentID",
        source_site: Option<SiteCode> = "SourceSite",
    }
}

changes! {
    /// What may be sent for an advertisement. Name, collection, package and program only on a create: they never
    /// change (one how-to writes the collection later; the class page is believed).
    pub struct AdvertisementChanges of Advertisement {
        advertisement_name: String = "AdvertisementName",
        collection_id: CollectionId = "CollectionID",
        package_id: PackageId = "PackageID",
        program_name: String = "ProgramName",
        comment: String = "Comment",
        offer_type: OfferType = "OfferType",
        advert_flags: AdvertFlags = "AdvertFlags",
        remote_client_flags: RemoteClientFlags = "RemoteClientFlags",
        present_time: WireTime = "PresentTime",
        present_time_enabled: bool = "PresentTimeEnabled",
        present_time_is_gmt: bool = "PresentTimeIsGMT",
        expiration_time: WireTime = "ExpirationTime",
        expiration_time_enabled: bool = "ExpirationTimeEnabled",
        expiration_time_is_gmt: bool = "ExpirationTimeIsGMT",
        /// Real sites did not take schedules over REST.
        assigned_schedule: Vec<Token> = "AssignedSchedule",
        assigned_schedule_enabled: bool = "AssignedScheduleEnabled",
        assigned_schedule_is_gmt: bool = "AssignedScheduleIsGMT",
        priority: Priority = "Priority",
        /// Text of whoever made the object. Written on a create only: somebody else's is never overwritten.
        isv_string: String = "ISVString",
    }
}

values! {
    /// What an advertisement says it is. The triggers decide what it does: see [`Purpose`].
    pub enum OfferType {
        Required = 0 => "required",
        Available = 2 => "available",
    }
}

impl Default for OfferType {
    /// What null stands for (unverified).
    fn default() -> Self {
        Self::Required
    }
}

/// What an advertisement does on a device.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "kebab-case", ascii_case_insensitive)]
pub enum Purpose {
    /// People choose to run it.
    Available,
    /// It runs by itself.
    Required,
}

impl Purpose {
    /// The text of this purpose in a distribution file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The `OfferType` to be written with it.
    pub fn offer_type(self) -> OfferType {
        match self {
            Self::Available => OfferType::Available,
            Self::Required => OfferType::Required,
        }
    }

    /// Any trigger makes it mandatory, whatever `OfferType` says.
    fn decide(flags: AdvertFlags, has_schedule: bool) -> Self {
        if flags.has_trigger() || has_schedule {
            Self::Required
        } else {
            Self::Available
        }
    }
}

impl std::fmt::Display for Purpose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl AdvertisementRow {
    pub fn program(&self) -> ProgramId {
        ProgramId::new(self.package_id.clone(), self.program_name.clone())
    }

    /// What it does, decided by its triggers.
    pub fn purpose(&self) -> Purpose {
        Purpose::decide(
            self.advert_flags,
            self.time_flags.contains(TimeFlags::ENABLE_MANDATORY),
        )
    }

    /// Whether it says one thing and does another.
    pub fn is_inconsistent(&self) -> bool {
        self.offer_type != self.purpose().offer_type()
    }

    /// From when devices may see it.
    pub fn available(&self) -> Option<Moment> {
        self.time_flags.available(self.present_time)
    }

    /// From when devices forget about it.
    pub fn expires(&self) -> Option<Moment> {
        self.time_flags.expires(self.expiration_time)
    }
}

impl TimeFlags {
    /// What `PresentTime` means; `None` when it does not count.
    pub fn available(self, present_time: Option<WireTime>) -> Option<Moment> {
        self.read(present_time, Self::ENABLE_PRESENT, Self::GMT_PRESENT)
    }

    /// What `ExpirationTime` means; `None` when it does not count.
    pub fn expires(self, expiration_time: Option<WireTime>) -> Option<Moment> {
        self.read(
            expiration_time,
            Self::ENABLE_EXPIRATION,
            Self::GMT_EXPIRATION,
        )
    }

    fn read(self, time: Option<WireTime>, enabled: Self, gmt: Self) -> Option<Moment> {
        if self.contains(enabled) {
            time?.moment(self.contains(gmt))
        } else {
            None
        }
    }
}

impl Advertisement {
    pub fn program(&self) -> ProgramId {
        ProgramId::new(self.package_id.clone(), self.program_name.clone())
    }

    /// What it does, decided by its triggers.
    pub fn purpose(&self) -> Purpose {
        Purpose::decide(self.advert_flags, !self.deadlines().is_empty())
    }

    /// Whether it says one thing and does another.
    pub fn is_inconsistent(&self) -> bool {
        self.offer_type != self.purpose().offer_type()
    }

    /// From when devices may see it.
    pub fn available(&self) -> Option<Moment> {
        let (enabled, gmt) = (TimeFlags::ENABLE_PRESENT, TimeFlags::GMT_PRESENT);
        if self.says(self.present_time_enabled, enabled) {
            self.present_time?
                .moment(self.says(self.present_time_is_gmt, gmt))
        } else {
            None
        }
    }

    /// From when devices forget about it.
    pub fn expires(&self) -> Option<Moment> {
        let (enabled, gmt) = (TimeFlags::ENABLE_EXPIRATION, TimeFlags::GMT_EXPIRATION);
        if self.says(self.expiration_time_enabled, enabled) {
            self.expiration_time?
                .moment(self.says(self.expiration_time_is_gmt, gmt))
        } else {
            None
        }
    }

    /// The assigned schedule as far as it counts: when the program runs by itself.
    pub fn deadlines(&self) -> &[Token] {
        if self.says(self.assigned_schedule_enabled, TimeFlags::ENABLE_MANDATORY) {
            &self.assigned_schedule
        } else {
            &[]
        }
    }

    /// The earliest deadline, told in the clock its token names.
    pub fn deadline(&self) -> Option<Moment> {
        let starts = self.deadlines().iter().filter_map(Token::starts);
        starts.min_by_key(|moment| moment.digits())
    }

    /// A lazy boolean, or its mirror in the flags where it is missing.
    fn says(&self, lazy: Option<bool>, mirror: TimeFlags) -> bool {
        lazy.unwrap_or_else(|| self.time_flags.contains(mirror))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn advertisement(more: Value) -> Advertisement {
        let mut members = json!({
            "AdvertisementID": "LAB20001", "AdvertisementName": "Line Tool to pilot",
            "PackageID": "LAB00012", "ProgramName": "Install", "CollectionID": "LAB00014",
        });
        let Value::Object(more) = more else {
            panic!("no object")
        };
        members.as_object_mut().unwrap().extend(more);
        serde_json::from_value(members).unwrap()
    }

    #[test]
    fn the_triggers_decide_whatever_the_offer_type_says() {
        let available = advertisement(json!({"OfferType": 2}));
        assert_eq!(available.purpose(), Purpose::Available);
        assert!(!available.is_inconsistent());

        let at_once = advertisement(json!({"OfferType": 2, "AdvertFlags": 0x20}));
        assert_eq!(at_once.purpose(), Purpose::Required);
        assert!(at_once.is_inconsistent());

        let never = advertisement(json!({"OfferType": 0}));
        assert_eq!(never.purpose(), Purpose::Available);
        assert!(never.is_inconsistent());
    }

    #[test]
    fn a_schedule_counts_only_when_it_is_enabled() {
        let schedule = json!([{
            "@odata.type": "#AdminService.SMS_ST_NonRecurring",
            "StartTime": "2026-12-01T20:00:00Z", "IsGMT": false,
        }]);
        let with = |enabled: bool| {
            advertisement(json!({
                "OfferType": 0, "AssignedSchedule": schedule, "AssignedScheduleEnabled": enabled,
            }))
        };
        assert_eq!(with(true).purpose(), Purpose::Required);
        assert_eq!(
            with(true).deadline().unwrap().to_string(),
            "2026-12-01 20:00 device time"
        );
        assert_eq!(with(false).purpose(), Purpose::Available);
        assert_eq!(with(false).deadline(), None);
    }

    #[test]
    fn a_list_reads_the_lazy_booleans_from_the_time_flags() {
        let row = |flags: u32| -> AdvertisementRow {
            serde_json::from_value(json!({
                "AdvertisementID": "LAB20001", "PackageID": "LAB00012", "CollectionID": "LAB00014",
                "OfferType": 0, "TimeFlags": flags,
                "PresentTime": "2026-12-01T08:00:00Z", "ExpirationTime": "1990-01-01T00:00:00Z",
            }))
            .unwrap()
        };
        assert_eq!(
            row(0x1).available().unwrap().to_string(),
            "2026-12-01 08:00 device time"
        );
        assert_eq!(
            row(0x21).available().unwrap().to_string(),
            "2026-12-01 08:00 UTC"
        );
        assert_eq!(row(0).available(), None);
        assert_eq!(row(0x3).expires(), None, "a placeholder is no date");
        assert_eq!(row(0x11).purpose(), Purpose::Required);
        assert_eq!(row(0x1).purpose(), Purpose::Available);
    }

    #[test]
    fn an_instance_believes_its_booleans_before_the_mirror() {
        let it = advertisement(json!({
            "PresentTime": "2026-12-01T08:00:00Z", "PresentTimeEnabled": true, "PresentTimeIsGMT": true,
            "TimeFlags": 0,
        }));
        assert!(it.available().unwrap().is_utc());
    }
}
