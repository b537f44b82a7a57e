//! Devices: what a list of them shows (wizard.md 15.6). They are as many as they are, so the site sorts and filters.

use serde_json::Value;

use super::ask::{AskAs, Askable, WindowLine};
use super::clock::{At, Clock};
use super::say::Say;
use super::{Called, Column, Field, FieldValue, Kind, Line, Sorting, fixed, grow, plain};
use crate::sms::ids::ResourceId;
use crate::sms::resource::{DeviceRow, Platform};

/// A device.
#[derive(Debug, Clone, PartialEq)]
pub struct DeviceLine {
    pub row: DeviceRow,
    site: String,
    signed_in: Option<At>,
}

impl DeviceLine {
    pub fn new(row: DeviceRow, clock: &Clock) -> Self {
        Self {
            site: row.sms_assigned_sites.join(" "),
            signed_in: clock.utc(row.last_logon_timestamp),
            row,
        }
    }

    pub fn resource_id(&self) -> ResourceId {
        self.row.resource_id
    }
}

/// `Windows 11`-like words where the operating system's own are long.
pub(crate) fn platform_in_words(platform: Platform) -> &'static str {
    match platform {
        Platform::Workstation => "workstation",
        Platform::Server => "server",
        Platform::Other => "other",
    }
}

impl Line for DeviceLine {
    const CALLED: Called = Kind::Devices.called();
    const COLUMNS: &'static [Column<Self>] = &[
        Column::text("name", "Name", grow(15, 1), |line: &Self| {
            FieldValue::text(&line.row.name)
        }),
        Column::flag("client", "Client", fixed(6), |line: &Self| {
            FieldValue::Flag(line.row.has_client())
        }),
        Column::flag("active", "Active", fixed(6), |line: &Self| {
            FieldValue::Flag(line.row.is_active())
        }),
        Column::text("os", "Operating system", grow(16, 2), |line: &Self| {
            FieldValue::text(&line.row.operating_system_nameand_version)
        })
        .leaves(2),
        Column::text("user", "User", fixed(14), |line: &Self| {
            FieldValue::text(&line.row.last_logon_user_name)
        })
        .leaves(1),
        Column::text("site", "Site", fixed(4), |line: &Self| {
            FieldValue::text(&line.site)
        })
        .leaves(3),
        Column::text("domain", "Domain", fixed(14), |line: &Self| {
            FieldValue::text(&line.row.resource_domain_or_workgroup)
        })
        .wide()
        .leaves(5),
        Column::text("version", "Client version", fixed(15), |line: &Self| {
            FieldValue::text(&line.row.client_version)
        })
        .wide()
        .leaves(4),
        Column::time("signin", "Last sign-in", fixed(16), |line: &Self| {
            FieldValue::time(line.signed_in)
        })
        .wide()
        .leaves(6),
        Column::number("id", "ID", fixed(9), |line: &Self| {
            FieldValue::number(line.row.resource_id.0)
        })
        .wide()
        .leaves(7),
    ];
    const FIELDS: &'static [Field<Self>] = &[
        Field::flag("obsolete", |line| FieldValue::Flag(line.row.is_obsolete())),
        Field::text("adsite", |line| FieldValue::text(&line.row.ad_site_name)),
    ];
    const ORDER: &'static [Sorting] = &[Sorting::up("name")];

    fn id(&self) -> String {
        self.row.resource_id.to_string()
    }

    fn name(&self) -> &str {
        &self.row.name
    }

    fn json(&self) -> Value {
        plain(&self.row)
    }

    fn needs_attention(&self) -> bool {
        self.row.is_obsolete() || !self.row.has_client()
    }

    fn in_words(&self) -> String {
        let row = &self.row;
        let client = match (row.has_client(), row.is_active()) {
            (false, _) => "no client: nothing can be installed on it",
            (true, true) => "client active",
            (true, false) => "client not active",
        };
        let mut words = format!(
            "{}, a {}: {client}",
            row.name,
            platform_in_words(row.platform())
        );
        if !row.last_logon_user_name.is_empty() {
            words.say(format_args!("; last user {}", row.last_logon_user_name));
        }
        if row.is_site_system() {
            words.say(format_args!(
                "; holds site roles: {}",
                row.system_roles.join(", ")
            ));
        }
        if row.is_obsolete() {
            words.say("; obsolete, replaced by another record");
        }
        words.say('.');
        words
    }
}

impl WindowLine for DeviceLine {
    type Row = DeviceRow;
    const ASKABLE: &'static [Askable] = &[
        Askable::sorted("name", "Name", AskAs::Text),
        Askable::sorted("client", "Client", AskAs::OneOrNot),
        Askable::sorted("active", "Active", AskAs::OneOrNot),
        Askable::sorted("obsolete", "Obsolete", AskAs::OneOrNot),
        Askable::sorted("os", "OperatingSystemNameandVersion", AskAs::Text),
        Askable::sorted("user", "LastLogonUserName", AskAs::Text),
        Askable::filtered("site", "SMSAssignedSites", AskAs::OneOfList),
        Askable::sorted("domain", "ResourceDomainORWorkgroup", AskAs::Text),
        Askable::sorted("version", "ClientVersion", AskAs::Text),
        Askable::sorted("signin", "LastLogonTimestamp", AskAs::Utc),
        Askable::sorted("adsite", "ADSiteName", AskAs::Text),
        Askable::sorted("id", "ResourceId", AskAs::Number),
    ];

    fn row(&self) -> &DeviceRow {
        &self.row
    }
}
