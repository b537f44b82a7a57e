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
    pub(super) async fn windows(&self, target: &Target) -> Answered<WindowsFact> {
        let ids = self.crowd(target).await?.require_ids()?;
        let obeyed = self.obeyed(&ids).await?;
        Ok(WindowsFact {
            groups: grouped(obeyed.into_values()),
        })
    }

    /// What windows each of these devices obeys: those of every collection it is in, so all collections are looked at.
    pub(super) async fn obeyed(
        &self,
        ids: &[ResourceId],
    ) -> Answered<BTreeMap<ResourceId, Vec<String>>> {
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
            for id in self.which_are_in(&collection, ids).await? {
                obeyed
                    .entry(id)
                    .or_default()
                    .extend(schedules.iter().cloned());
            }
        }
        for schedules in obeyed.values_mut() {
            put_in_order(schedules);
        }
        Ok(obeyed)
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

/// The same windows are the same list, whatever collections they come from.
fn put_in_order(schedules: &mut Vec<String>) {
    schedules.sort();
    schedules.dedup();
}

/// Devices that obey the same windows, together.
fn grouped(devices: impl Iterator<Item = Vec<String>>) -> Vec<WindowGroup> {
    let mut groups: BTreeMap<Vec<String>, u64> = BTreeMap::new();
    for schedules in devices {
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
            let mut schedules = schedules.iter().map(|text| (*text).to_owned()).collect();
            put_in_order(&mut schedules);
            schedules
        };
        let groups =
            grouped([of(&["b", "a"]), of(&["a", "b", "a"]), of(&[]), of(&["a"])].into_iter());
        let counts: Vec<(u64, usize)> = groups
            .iter()
            .map(|group| (group.devices, group.schedules.len()))
            .collect();
        assert_eq!(counts, [(1, 0), (1, 1), (2, 2)]);
    }
}
