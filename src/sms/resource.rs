//! Devices: `SMS_R_System`, what discovery knows of a computer. Nobody makes or changes one through the provider.

use super::class::{instance, row};
use super::ids::ResourceId;
use super::time::WireTime;

row! {
    /// What lists of devices show. Numbers that mean yes or no may be null.
    pub struct DeviceRow: "SMS_R_System" key { resource_id: ResourceId = "ResourceId" } {
        name: String = "Name" or default,
        resource_domain_or_workgroup: String = "ResourceDomainORWorkgroup" or default,
        operating_system_nameand_version: String = "OperatingSystemNameandVersion" or default,
        client: Option<u32> = "Client",
        client_version: String = "ClientVersion" or default,
        active: Option<u32> = "Active",
        obsolete: Option<u32> = "Obsolete",
        decommissioned: Option<u32> = "Decommissioned",
        unknown: Option<u32> = "Unknown",
        sms_assigned_sites: Vec<String> = "SMSAssignedSites" or default,
        ad_site_name: String = "ADSiteName" or default,
        last_logon_user_name: String = "LastLogonUserName" or default,
        last_logon_timestamp: Option<WireTime> = "LastLogonTimestamp",
        system_roles: Vec<String> = "SystemRoles" or default,
        smsunique_identifier: String = "SMSUniqueIdentifier" or default,
    }
}

instance! {
    /// A device.
    pub struct Device: "SMS_R_System" id ResourceId = |it| it.resource_id; {
        resource_id: ResourceId = "ResourceId",
        name: String = "Name" or default,
        netbios_name: String = "NetbiosName" or default,
        resource_names: Vec<String> = "ResourceNames" or default,
        resource_type: Option<u32> = "ResourceType",
        resource_domain_or_workgroup: String = "ResourceDomainORWorkgroup" or default,
        operating_system_nameand_version: String = "OperatingSystemNameandVersion" or default,
        client: Option<u32> = "Client",
        client_type: Option<u32> = "ClientType",
        client_version: String = "ClientVersion" or default,
        active: Option<u32> = "Active",
        obsolete: Option<u32> = "Obsolete",
        decommissioned: Option<u32> = "Decommissioned",
        unknown: Option<u32> = "Unknown",
        is_virtual_machine: Option<bool> = "IsVirtualMachine",
        sms_assigned_sites: Vec<String> = "SMSAssignedSites" or default,
        sms_installed_sites: Vec<String> = "SMSInstalledSites" or default,
        ad_site_name: String = "ADSiteName" or default,
        distinguished_name: String = "DistinguishedName" or default,
        system_ou_name: Vec<String> = "SystemOUName" or default,
        system_group_name: Vec<String> = "SystemGroupName" or default,
        system_roles: Vec<String> = "SystemRoles" or default,
        ip_addresses: Vec<String> = "IPAddresses" or default,
        mac_addresses: Vec<String> = "MACAddresses" or default,
        last_logon_user_name: String = "LastLogonUserName" or default,
        last_logon_user_domain: String = "LastLogonUserDomain" or default,
        last_logon_timestamp: Option<WireTime> = "LastLogonTimestamp",
        creation_date: Option<WireTime> = "CreationDate",
        smsunique_identifier: String = "SMSUniqueIdentifier" or default,
    }
}

impl DeviceRow {
    pub fn has_client(&self) -> bool {
        self.client == Some(1)
    }

    pub fn is_active(&self) -> bool {
        self.active == Some(1)
    }

    pub fn is_obsolete(&self) -> bool {
        self.obsolete == Some(1)
    }

    /// Whether it holds a role of the site itself.
    pub fn is_site_system(&self) -> bool {
        is_site_system(&self.system_roles)
    }

    pub fn platform(&self) -> Platform {
        Platform::of(&self.operating_system_nameand_version)
    }
}

impl Device {
    /// Whether it holds a role of the site itself.
    pub fn is_site_system(&self) -> bool {
        is_site_system(&self.system_roles)
    }

    pub fn platform(&self) -> Platform {
        Platform::of(&self.operating_system_nameand_version)
    }
}

/// That a plain client has no roles at all is unverified; this is the one place that says so.
fn is_site_system(roles: &[String]) -> bool {
    !roles.is_empty()
}

/// What sort of machine a device is, as far as its operating system tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Platform {
    Workstation,
    Server,
    Other,
}

impl Platform {
    /// Reads the free text of `OperatingSystemNameandVersion`; its form is unverified beyond `NT Workstation` and
    /// `NT Server`.
    pub fn of(operating_system: &str) -> Self {
        let text = operating_system.to_ascii_lowercase();
        if text.contains("server") {
            Self::Server
        } else if text.contains("workstation") || text.contains("windows 1") {
            Self::Workstation
        } else {
            Self::Other
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_a_real_list_is_read() {
        let text =
            include_str!("../../tests/fixtures/adminservice/resp-r-system-filter-row-partial.json");
        let row: DeviceRow = serde_json::from_str(text).unwrap();
        assert_eq!(row.resource_id, ResourceId(16_777_223));
        assert!(row.has_client() && row.is_active() && !row.is_obsolete());
        assert_eq!(row.platform(), Platform::Server);
    }

    #[test]
    fn the_operating_system_tells_servers_from_workstations() {
        assert_eq!(
            Platform::of("Microsoft Windows NT Workstation 10.0"),
            Platform::Workstation
        );
        assert_eq!(
            Platform::of("Microsoft Windows NT Server 10.0"),
            Platform::Server
        );
        assert_eq!(
            Platform::of("Microsoft Windows NT Advanced Server 10.0"),
            Platform::Server
        );
        assert_eq!(Platform::of(""), Platform::Other);
    }
}
