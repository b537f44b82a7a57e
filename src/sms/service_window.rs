//! Maintenance windows: `SMS_ServiceWindow`, embedded in the settings of a collection.
//!
//! A device obeys the windows of every collection it is in; only general windows hold a package back.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::schedule::{Token, UnpackError, unpack};
use super::time::WireTime;
use super::wire::{null_as_default, travels, values};

/// A maintenance window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ServiceWindow {
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub description: String,
    /// Given by the provider.
    #[serde(
        rename = "ServiceWindowID",
        default,
        deserialize_with = "null_as_default"
    )]
    pub id: String,
    /// A window that is not enabled does not count.
    #[serde(default, deserialize_with = "null_as_default")]
    pub is_enabled: bool,
    /// Interval string: the truth about start, recurrence and duration.
    #[serde(
        rename = "ServiceWindowSchedules",
        default,
        deserialize_with = "null_as_default"
    )]
    pub schedules: String,
    #[serde(rename = "ServiceWindowType")]
    pub kind: WindowType,
    /// Derived by the provider, like everything below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<WireTime>,
    /// Minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurrence_type: Option<RecurrenceType>,
    #[serde(rename = "IsGMT", skip_serializing_if = "Option::is_none")]
    pub is_gmt: Option<bool>,
    /// Members this program does not know, kept as they came.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl ServiceWindow {
    /// Whether it holds packages back.
    pub fn counts_for_packages(&self) -> bool {
        self.is_enabled && self.kind == WindowType::General
    }

    /// When it opens and for how long.
    pub fn tokens(&self) -> Result<Vec<Token>, UnpackError> {
        unpack(&self.schedules)
    }
}

values! {
    /// What a window is for.
    pub enum WindowType {
        General = 1 => "all deployments",
        SoftwareUpdates = 4 => "software updates",
        TaskSequences = 5 => "task sequences",
    }
}

values! {
    /// How a window comes again, as the provider derives it from the schedule.
    pub enum RecurrenceType {
        None = 1 => "once",
        Daily = 2 => "daily",
        Weekly = 3 => "weekly",
        MonthlyByWeekday = 4 => "monthly by weekday",
        MonthlyByDate = 5 => "monthly by date",
    }
}

travels! { Vec<ServiceWindow> => "Object[]:SMS_ServiceWindow" }

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_an_enabled_general_window_holds_packages_back() {
        let window = |enabled: bool, kind: u32| -> ServiceWindow {
            serde_json::from_value(json!({
                "Name": "Nights", "IsEnabled": enabled, "ServiceWindowType": kind,
                "ServiceWindowSchedules": "0034394008100008", "Description": null, "Odd": 1,
            }))
            .unwrap()
        };
        assert!(window(true, 1).counts_for_packages());
        assert!(!window(false, 1).counts_for_packages());
        assert!(!window(true, 4).counts_for_packages());
        assert_eq!(
            window(true, 1).tokens().unwrap()[0]
                .duration
                .total_minutes(),
            60
        );
        assert_eq!(window(true, 1).other["Odd"], 1);
    }
}
