//! The devices behind a number that was counted here, one by one: found again as they were counted, within the same
//! bound.

use super::target::is_site_system;
use super::{Answered, Gatherer, Unanswered};
use crate::distribution::impact::{Reached, Who};
use crate::error::SiteError;
use crate::provider::Provider;
use crate::sms::ids::ResourceId;
use crate::sms::resource::{DeviceRow, Platform};

/// The devices a number of the impact panel counts.
pub async fn reached(provider: &Provider, reached: &Reached) -> Result<Vec<DeviceRow>, SiteError> {
    let found = Gatherer::new(provider).reached(reached).await;
    found.map_err(|Unanswered { reason, fault }| {
        fault.unwrap_or_else(|| SiteError::Refused {
            attempt: "list the devices".to_owned(),
            reason,
            code: None,
        })
    })
}

impl Gatherer<'_> {
    async fn reached(&self, reached: &Reached) -> Answered<Vec<DeviceRow>> {
        let target = &reached.target;
        let ids = match &reached.who {
            Who::Obeying(windows) => {
                let ids = self.crowd(target).await?.require_ids()?;
                let obeyed = self.obeyed(&ids).await?.into_iter();
                of(obeyed.filter(|(_, windows_of_it)| windows.contains(windows_of_it)))
            }
            Who::Ran(program) => of(self.ran(program, target).await?.into_iter()),
            Who::Failed(program) => {
                let ran = self.ran(program, target).await?.into_iter();
                of(ran.filter(|(_, succeeded)| !succeeded))
            }
            _ => self.crowd(target).await?.require_ids()?,
        };
        let mut rows = self.devices_of(&ids).await?;
        self.keep(&reached.who, &mut rows).await?;
        Ok(rows)
    }

    /// Keeps those of a sort of machine, where a sort is meant.
    async fn keep(&self, who: &Who, rows: &mut Vec<DeviceRow>) -> Answered<()> {
        match who {
            Who::Workstations => rows.retain(|row| row.platform() == Platform::Workstation),
            Who::Servers => rows.retain(|row| row.platform() == Platform::Server),
            Who::Others => rows.retain(|row| row.platform() == Platform::Other),
            Who::WithClient => rows.retain(DeviceRow::has_client),
            Who::Active => rows.retain(|row| row.has_client() && row.is_active()),
            Who::SiteSystems => {
                let systems = self.site_systems().await?;
                rows.retain(|row| is_site_system(row, &systems));
            }
            Who::Members
            | Who::Obeying(_)
            | Who::Ran(_)
            | Who::Failed(_)
            | Who::Included(_)
            | Who::Hidden => {}
        }
        Ok(())
    }
}

fn of<T>(devices: impl Iterator<Item = (ResourceId, T)>) -> Vec<ResourceId> {
    devices.map(|(id, _)| id).collect()
}
