//! Which maintenance windows the devices of a target obey.

use std::collections::BTreeMap;

use super::{Answered, Gatherer};
use crate::distribution::facts::Target;
use crate::distribution::facts::answers::{WindowGroup, WindowsFact};
use crate::error::SiteError;
use crate::odata::Filter;
use crate::sms::collection::{CollectionRow, CollectionSettings, SettingsId};
use crate::sms::ids::{CollectionId, ResourceId};
use crate::sms::service_window::ServiceWindow;

impl Gatherer<'_> {
    /// A device obeys the windows of every collection it is in, so those of all collections are looked at.
    pub(super) async fn windows(&self, target: &Target) -> Answered<WindowsFact> {
        let ids = self.crowd(target).await?.require_ids()?;
        let mut obeyed: BTreeMap<ResourceId, Vec<String>> =
            ids.iter().map(|id| (*id, Vec::new())).collect();
        let with_windows: Vec<CollectionRow> = self
            .provider
            .list(Some(Filter::gt("ServiceWindowsCount", 0_i64)))
            .await?;
        for collection in with_windows {
            let schedules = self.schedules(&collection.collection_id).await?;
            if schedules.is_empty() {
                continue;
            }
            for id in self.which_are_in(&collection, &ids).await? {
                obeyed
                    .entry(id)
                    .or_default()
                    .extend(schedules.iter().cloned());
            }
        }
        Ok(WindowsFact {
            groups: grouped(obeyed.into_values()),
        })
    }

    /// Schedules of the windows of one collection that hold packages back.
    async fn schedules(&self, collection: &CollectionId) -> Answered<Vec<String>> {
        match self
            .provider
            .get::<CollectionSettings>(&SettingsId(collection.clone()))
            .await
        {
            Ok(settings) => {
                let windows = settings.service_windows.into_iter();
                Ok(windows
                    .filter(ServiceWindow::counts_for_packages)
                    .map(|window| window.schedules)
                    .collect())
            }
            // Settings are there only once something of them was set.
            Err(SiteError::Missing { .. }) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Devices that obey the same windows, together.
fn grouped(devices: impl Iterator<Item = Vec<String>>) -> Vec<WindowGroup> {
    let mut groups: BTreeMap<Vec<String>, u64> = BTreeMap::new();
    for mut schedules in devices {
        schedules.sort();
        schedules.dedup();
        *groups.entry(schedules).or_default() += 1;
    }
    groups
        .into_iter()
        .map(|(schedules, devices)| WindowGroup { devices, schedules })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_with_the_same_windows_are_one_group() {
        let of = |schedules: &[&str]| {
            schedules
                .iter()
                .map(|text| (*text).to_owned())
                .collect::<Vec<_>>()
        };
        let groups = grouped([of(&["b", "a"]), of(&["a", "b"]), of(&[]), of(&["a"])].into_iter());
        let counts: Vec<(u64, usize)> = groups
            .iter()
            .map(|group| (group.devices, group.schedules.len()))
            .collect();
        assert_eq!(counts, [(1, 0), (1, 1), (2, 2)]);
    }
}
