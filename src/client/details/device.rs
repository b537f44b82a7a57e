//! A device: summary, the collections it is in, what is advertised to it.

use serde_json::Value;

use super::{Detail, Entries, Entry, Part};
use crate::client::answer::Gap;
use crate::client::listing::device::platform_in_words;
use crate::client::listing::{At, CollectionLine, DeploymentLine, Kind};
use crate::sms::resource::Device;

#[derive(Debug, Clone, PartialEq)]
pub struct DeviceDetail {
    pub device: Device,
    pub last_sign_in: Option<At>,
    pub collections: Part<CollectionLine>,
    pub advertisements: Part<DeploymentLine>,
    pub raw: Value,
    pub gaps: Vec<Gap>,
}

impl Detail for DeviceDetail {
    const KIND: Kind = Kind::Devices;

    fn id(&self) -> String {
        self.device.resource_id.to_string()
    }

    fn name(&self) -> &str {
        &self.device.name
    }

    fn summary(&self) -> Vec<Entry> {
        let device = &self.device;
        let mut entries = Entries::default();
        entries.say(
            "Device",
            format!("{} ({})", device.name, device.resource_id),
        );
        entries.say("System", device.operating_system_nameand_version.as_str());
        entries.say("Kind", platform_in_words(device.platform()));
        entries.say(
            "Client",
            match (device.client, device.active) {
                (Some(1), Some(1)) => format!("version {}, active", device.client_version),
                (Some(1), _) => format!("version {}, not active", device.client_version),
                _ => "none: nothing can be installed on it".to_owned(),
            },
        );
        if device.obsolete == Some(1) {
            entries.say("State", "obsolete: another record has taken its place");
        }
        entries.say("Domain", device.resource_domain_or_workgroup.as_str());
        entries.say("Site", device.sms_assigned_sites.join(", "));
        entries.say("Site roles", device.system_roles.join(", "));
        entries.say("User", self.user());
        entries.say("Addresses", device.ip_addresses.join(", "));
        entries.say(
            "Unit",
            device.system_ou_name.last().map_or("", String::as_str),
        );
        entries.0
    }

    fn raw(&self) -> &Value {
        &self.raw
    }

    fn gaps(&self) -> &[Gap] {
        &self.gaps
    }
}

impl DeviceDetail {
    fn user(&self) -> String {
        let device = &self.device;
        if device.last_logon_user_name.is_empty() {
            return String::new();
        }
        let user = match device.last_logon_user_domain.as_str() {
            "" => device.last_logon_user_name.clone(),
            domain => format!("{domain}\\{}", device.last_logon_user_name),
        };
        match self.last_sign_in {
            Some(at) => format!("{user}, {}", at.digits.strftime("%Y-%m-%d %H:%M")),
            None => user,
        }
    }
}
