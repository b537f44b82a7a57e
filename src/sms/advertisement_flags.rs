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
