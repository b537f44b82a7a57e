//! The flag words of `SMS_Advertisement`: every bit.

use super::wire::flags;

flags! {
    /// `SMS_Advertisement.AdvertFlags`.
    pub struct AdvertFlags {
        IMMEDIATE = 5 => "as soon as possible",
        ONSYSTEMSTARTUP = 8 => "at system start",
        ONUSERLOGON = 9 => "at sign-in",
        ONUSERLOGOFF = 10 => "at sign-out",
        OPTIONALPREDOWNLOAD = 12 => "optional pre-download",
        WINDOWS_CE = 15 => "device client",
        ENABLE_PEER_CACHING = 16 => "share with neighbours",
        DONOT_FALLBACK = 17 => "no fallback to default distribution points",
        ENABLE_TS_FROM_CD_AND_PXE = 18 => "task sequence from media and PXE",
        APTSINTRANETONLY = 19 => "intranet only",
        OVERRIDE_SERVICE_WINDOWS = 20 => "ignore maintenance windows",
        REBOOT_OUTSIDE_OF_SERVICE_WINDOWS = 21 => "restart outside maintenance windows",
        WAKE_ON_LAN_ENABLED = 22 => "wake devices",
        SHOW_PROGRESS = 23 => "show task sequence progress",
        NO_DISPLAY = 25 => "users may not run it themselves",
        ONSLOWNET = 26 => "required on slow links too",
        TARGETTOWINPE = 28 => "offered in Windows PE",
        HIDDENINWINPE = 29 => "hidden in Windows PE",
    }
}

flags! {
    /// `SMS_Advertisement.RemoteClientFlags`.
    pub struct RemoteClientFlags {
        BATTERY_POWER = 0 => "battery power (unused)",
        RUN_FROM_CD = 1 => "run from CD (unused)",
        DOWNLOAD_FROM_CD = 2 => "download from CD (unused)",
        RUN_FROM_LOCAL_DISPPOINT = 3 => "near: run from the distribution point",
        DOWNLOAD_FROM_LOCAL_DISPPOINT = 4 => "near: download",
        DONT_RUN_NO_LOCAL_DISPPOINT = 5 => "far: do not run",
        DOWNLOAD_FROM_REMOTE_DISPPOINT = 6 => "far: download",
        RUN_FROM_REMOTE_DISPPOINT = 7 => "far: run from the distribution point",
        DOWNLOAD_ON_DEMAND_FROM_LOCAL_DP = 8 => "near: download on demand (task sequence)",
        DOWNLOAD_ON_DEMAND_FROM_REMOTE_DP = 9 => "far: download on demand (task sequence)",
        BALLOON_REMINDERS_REQUIRED = 10 => "balloon reminders",
        RERUN_ALWAYS = 11 => "always re-run",
        RERUN_NEVER = 12 => "never re-run",
        RERUN_IF_FAILED = 13 => "re-run if it failed",
        RERUN_IF_SUCCEEDED = 14 => "re-run if it succeeded",
        PERSIST_ON_WRITE_FILTER_DEVICES = 15 => "commit on embedded devices",
        DONT_FALLBACK = 17 => "no fallback to the default boundary group",
        DP_ALLOW_METERED_NETWORK = 18 => "metered networks allowed",
    }
}

flags! {
    /// `SMS_Advertisement.TimeFlags`: how a list reads what the lazy booleans say.
    pub struct TimeFlags {
        ENABLE_PRESENT = 0 => "has an available time",
        ENABLE_EXPIRATION = 1 => "expires",
        ENABLE_AVAILABLE = 2 => "available enabled",
        ENABLE_UNAVAILABLE = 3 => "unavailable enabled",
        ENABLE_MANDATORY = 4 => "has an assigned schedule",
        GMT_PRESENT = 5 => "available time is UTC",
        GMT_EXPIRATION = 6 => "expiry is UTC",
        GMT_AVAILABLE = 7 => "available is UTC",
        GMT_UNAVAILABLE = 8 => "unavailable is UTC",
        GMT_MANDATORY = 9 => "assigned schedule is UTC",
    }
}

impl AdvertFlags {
    /// Events that make an advertisement mandatory. System start is not among them on the class page.
    pub const TRIGGERS: Self = Self::IMMEDIATE
        .union(Self::ONUSERLOGON)
        .union(Self::ONUSERLOGOFF);

    pub fn has_trigger(self) -> bool {
        self.intersects(Self::TRIGGERS)
    }
}

impl RemoteClientFlags {
    /// The documented default, 48: download near, do not run far; no choice about re-running.
    pub const CLASS_DEFAULT: Self =
        Self::DOWNLOAD_FROM_LOCAL_DISPPOINT.union(Self::DONT_RUN_NO_LOCAL_DISPPOINT);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_bits_are_those_of_the_tables() {
        use AdvertFlags as A;
        use RemoteClientFlags as R;
        let advert = [
            (5, A::IMMEDIATE),
            (8, A::ONSYSTEMSTARTUP),
            (9, A::ONUSERLOGON),
            (10, A::ONUSERLOGOFF),
            (12, A::OPTIONALPREDOWNLOAD),
            (15, A::WINDOWS_CE),
            (16, A::ENABLE_PEER_CACHING),
            (17, A::DONOT_FALLBACK),
            (18, A::ENABLE_TS_FROM_CD_AND_PXE),
            (19, A::APTSINTRANETONLY),
            (20, A::OVERRIDE_SERVICE_WINDOWS),
            (21, A::REBOOT_OUTSIDE_OF_SERVICE_WINDOWS),
            (22, A::WAKE_ON_LAN_ENABLED),
            (23, A::SHOW_PROGRESS),
            (25, A::NO_DISPLAY),
            (26, A::ONSLOWNET),
            (28, A::TARGETTOWINPE),
            (29, A::HIDDENINWINPE),
        ];
        for (bit, flag) in advert {
            assert_eq!(flag.bits(), 1 << bit);
        }
        let remote = [
            (3, R::RUN_FROM_LOCAL_DISPPOINT),
            (4, R::DOWNLOAD_FROM_LOCAL_DISPPOINT),
            (5, R::DONT_RUN_NO_LOCAL_DISPPOINT),
            (6, R::DOWNLOAD_FROM_REMOTE_DISPPOINT),
            (7, R::RUN_FROM_REMOTE_DISPPOINT),
            (10, R::BALLOON_REMINDERS_REQUIRED),
            (11, R::RERUN_ALWAYS),
            (12, R::RERUN_NEVER),
            (13, R::RERUN_IF_FAILED),
            (14, R::RERUN_IF_SUCCEEDED),
            (15, R::PERSIST_ON_WRITE_FILTER_DEVICES),
            (17, R::DONT_FALLBACK),
            (18, R::DP_ALLOW_METERED_NETWORK),
        ];
        for (bit, flag) in remote {
            assert_eq!(flag.bits(), 1 << bit);
        }
        assert_eq!(TimeFlags::all().bits() & 0x3FF, 0x3FF);
        assert_eq!(TimeFlags::ENABLE_MANDATORY.bits(), 0x10);
        assert_eq!(TimeFlags::GMT_PRESENT.bits(), 0x20);
        assert_eq!(TimeFlags::GMT_MANDATORY.bits(), 0x200);
    }

    #[test]
    fn the_worked_examples_come_out() {
        use RemoteClientFlags as R;
        assert_eq!(
            (AdvertFlags::IMMEDIATE | AdvertFlags::NO_DISPLAY).bits(),
            0x0200_0020
        );
        assert_eq!(R::CLASS_DEFAULT.bits(), 48);
        assert_eq!((R::CLASS_DEFAULT | R::RERUN_ALWAYS).bits(), 2096);
        assert_eq!((R::CLASS_DEFAULT | R::RERUN_IF_FAILED).bits(), 8240);
        let download = R::DOWNLOAD_FROM_LOCAL_DISPPOINT | R::DOWNLOAD_FROM_REMOTE_DISPPOINT;
        assert_eq!((download | R::RERUN_ALWAYS).bits(), 2128);
    }

    #[test]
    fn system_start_is_no_trigger() {
        assert!(AdvertFlags::ONUSERLOGOFF.has_trigger());
        assert!(!AdvertFlags::ONSYSTEMSTARTUP.has_trigger());
    }

    proptest! {
        #[test]
        fn every_word_survives_the_wire_with_its_unknown_bits(word in any::<u32>()) {
            let advert: AdvertFlags = serde_json::from_str(&word.to_string()).unwrap();
            let remote: RemoteClientFlags = serde_json::from_str(&word.to_string()).unwrap();
            let time: TimeFlags = serde_json::from_str(&word.to_string()).unwrap();
            prop_assert_eq!(serde_json::to_string(&advert).unwrap(), word.to_string());
            prop_assert_eq!(serde_json::to_string(&remote).unwrap(), word.to_string());
            prop_assert_eq!(serde_json::to_string(&time).unwrap(), word.to_string());
        }
    }
}
