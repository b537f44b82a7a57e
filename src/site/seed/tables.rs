//! The rows every site is born with.

/// A built-in collection. Ids and names of the user collections, and of two device ones, are unverified pairings.
pub(super) struct BuiltIn {
    pub id: &'static str,
    pub name: &'static str,
    pub comment: &'static str,
    /// 1 users, 2 devices.
    pub kind: u32,
    pub limit: Option<&'static str>,
    /// What its only rule asks for. This site discovers no users: their collections are empty.
    pub query: Option<&'static str>,
}

pub(super) const COLLECTIONS: &[BuiltIn] = &[
    BuiltIn {
        id: "SMS00001",
        name: "All Systems",
        comment: "All desktop and server clients, mobile devices and unknown computers",
        kind: 2,
        limit: None,
        query: Some("select * from SMS_R_System"),
    },
    BuiltIn {
        id: "SMS00002",
        name: "All Users",
        comment: "All users",
        kind: 1,
        limit: Some("SMS00004"),
        query: None,
    },
    BuiltIn {
        id: "SMS00003",
        name: "All User Groups",
        comment: "All user groups",
        kind: 1,
        limit: Some("SMS00004"),
        query: None,
    },
    BuiltIn {
        id: "SMS00004",
        name: "All Users and User Groups",
        comment: "All users and user groups",
        kind: 1,
        limit: None,
        query: None,
    },
    BuiltIn {
        id: "SMSDM001",
        name: "All Mobile Devices",
        comment: "All mobile devices",
        kind: 2,
        limit: Some("SMS00001"),
        query: Some("select * from SMS_R_System where SMS_R_System.ClientType = 3"),
    },
    BuiltIn {
        id: "SMSDM003",
        name: "All Desktop and Server Clients",
        comment: "All desktop and server clients",
        kind: 2,
        limit: Some("SMS00001"),
        query: Some("select * from SMS_R_System where SMS_R_System.ClientType = 1"),
    },
    BuiltIn {
        id: "SMS000US",
        name: "All Unknown Computers",
        comment: "All unknown computers",
        kind: 2,
        limit: Some("SMS00001"),
        query: Some("select * from SMS_R_System where SMS_R_System.Unknown = 1"),
    },
];

pub(super) fn collection_name(id: &str) -> Option<&'static str> {
    COLLECTIONS
        .iter()
        .find(|built_in| built_in.id == id)
        .map(|built_in| built_in.name)
}

/// Status messages of clients: id, name, state, name of the state. Several ids are unverified (distribution.md 14): who
/// reads statuses takes this table from the site, never from memory.
pub(super) const MESSAGES: &[(u32, &str, u32, &str)] = &[
    (0, "No Status", 0, "No Status"),
    (10_000, "Advertisement data error", 11, "Failed"),
    (10_001, "Package data error", 11, "Failed"),
    (10_002, "Advertisement received", 1, "Accepted"),
    (10_003, "Program failed (bad environment)", 11, "Failed"),
    (10_004, "Program failed to start", 11, "Failed"),
    (10_005, "Program started", 9, "Running"),
    (
        10_006,
        "Program failed (unexpected exit code)",
        11,
        "Failed",
    ),
    (10_007, "Program failed (status MIF)", 11, "Failed"),
    (10_008, "Program completed with success", 13, "Succeeded"),
    (
        10_009,
        "Program completed with success (status MIF)",
        13,
        "Succeeded",
    ),
    (10_010, "Program cannot be monitored", 11, "Failed"),
    (10_018, "Advertisement rejected (platform)", 2, "Rejected"),
    (10_019, "Advertisement rejected (expired)", 3, "Expired"),
    (10_021, "Program failed (unexpected restart)", 11, "Failed"),
    (10_022, "Reboot pending", 12, "Reboot Pending"),
    (10_035, "Waiting for content", 8, "Waiting"),
    (10_040, "Program will not rerun", 4, "Will Not Rerun"),
];

/// Platforms: words, architecture, lowest and highest version.
pub(super) const PLATFORMS: &[(&str, &str, &str, &str)] = &[
    (
        "All Windows 10 (32-bit)",
        "I386",
        "10.00.10240.0",
        "10.00.21999.9999",
    ),
    (
        "All Windows 10 (64-bit)",
        "x64",
        "10.00.10240.0",
        "10.00.21999.9999",
    ),
    (
        "All Windows 11 (64-bit)",
        "x64",
        "10.00.22000.0",
        "99.99.9999.9999",
    ),
    (
        "All Windows 11 (ARM64)",
        "ARM64",
        "10.00.22000.0",
        "99.99.9999.9999",
    ),
    (
        "All Windows Server 2016 and higher (64-bit)",
        "x64",
        "10.00.14393.0",
        "99.99.9999.9999",
    ),
];
