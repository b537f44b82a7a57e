//! Pages of lists that grow with devices: the site filters and sorts.

use std::collections::HashMap;

use super::Reader;
use crate::client::listing::ask;
use crate::client::listing::{
    Called, DeviceLine, FilterWords, MemberLine, Sorting, StatusLine, WindowLine, WordError,
};
use crate::client::window::{Page, Reach, Scope, WindowAsk};
use crate::error::SiteError;
use crate::odata::{Filter, Order};
use crate::provider::{Anchor, Position, WindowAsk as ProviderAsk, WindowPage};
use crate::sms::Row;
use crate::sms::collection::MemberRow;
use crate::sms::ids::{AdvertisementId, CollectionId, ResourceId};
use crate::sms::resource::DeviceRow;
use crate::sms::status::ClientStatusRow;

/// Names asked for at once.
const NAMES_AT_ONCE: usize = 40;

impl Reader<'_> {
    pub async fn devices(
        &self,
        ask: &WindowAsk<DeviceLine>,
    ) -> Result<Page<DeviceLine>, SiteError> {
        let page = self.page(ask, None).await?;
        Ok(lined(page, |row| DeviceLine::new(row, &self.clock)))
    }

    pub async fn members(
        &self,
        collection: &CollectionId,
        ask: &WindowAsk<MemberLine>,
    ) -> Result<Page<MemberLine>, SiteError> {
        let page = self.page(ask, Some(of_collection(collection))).await?;
        Ok(lined(page, MemberLine::new))
    }

    pub async fn statuses(
        &self,
        advertisement: &AdvertisementId,
        ask: &WindowAsk<StatusLine>,
    ) -> Result<Page<StatusLine>, SiteError> {
        let page = self
            .page(ask, Some(of_advertisement(advertisement)))
            .await?;
        let mut names = self.device_names(&page.rows).await;
        Ok(lined(page, |row: ClientStatusRow| {
            let name = names.remove(&row.resource_id);
            StatusLine::new(row, name, &self.clock)
        }))
    }

    /// How many rows there are under these words.
    pub async fn total(&self, scope: &Scope, words: &FilterWords) -> Result<u64, SiteError> {
        let (class, own, asked) = match scope {
            Scope::Devices => (
                DeviceRow::CLASS,
                None,
                ask::filter::<DeviceLine>(words, &self.clock),
            ),
            Scope::Members(id) => (
                MemberRow::CLASS,
                Some(of_collection(id)),
                ask::filter::<MemberLine>(words, &self.clock),
            ),
            Scope::Statuses(id) => (
                ClientStatusRow::CLASS,
                Some(of_advertisement(id)),
                ask::filter::<StatusLine>(words, &self.clock),
            ),
        };
        let asked = asked.map_err(|error| unaskable(scope.kind().called(), &error))?;
        self.provider
            .count(class, Filter::all(own.into_iter().chain(asked)))
            .await
    }

    async fn page<L: WindowLine>(
        &self,
        ask: &WindowAsk<L>,
        own: Option<Filter>,
    ) -> Result<WindowPage<L::Row>, SiteError> {
        let asked = ask::filter::<L>(&ask.words, &self.clock)
            .map_err(|error| unaskable(L::CALLED, &error))?;
        let order = ordered::<L>(ask.sorting);
        let anchor = |line: &L| Anchor::of(line.row(), &order);
        let from = match &ask.from {
            Reach::Start => Position::Start,
            Reach::End => Position::End,
            Reach::After(line) => Position::After(anchor(line)),
            Reach::Before(line) => Position::Before(anchor(line)),
            Reach::At(line) => Position::At(anchor(line)),
        };
        self.provider
            .window(&ProviderAsk {
                filter: Filter::all(own.into_iter().chain(asked)),
                order,
                from,
                size: ask.size,
            })
            .await
    }

    /// Status rows carry numbers only. A name that cannot be read is left out, and the number is shown.
    async fn device_names(&self, rows: &[ClientStatusRow]) -> HashMap<ResourceId, String> {
        let mut names = HashMap::new();
        for some in rows.chunks(NAMES_AT_ONCE) {
            let is_one =
                |row: &ClientStatusRow| Filter::eq(ResourceId::PROPERTY, row.resource_id.0);
            let filter = Filter::one_of(some.iter().map(is_one));
            match self.side::<DeviceRow>(filter).await {
                Ok(devices) => {
                    names.extend(devices.into_iter().map(|row| (row.resource_id, row.name)));
                }
                Err(fault) => tracing::warn!(%fault, "names of devices left out"),
            }
        }
        names
    }
}

fn of_collection(id: &CollectionId) -> Filter {
    Filter::eq("CollectionID", id.as_str())
}

fn of_advertisement(id: &AdvertisementId) -> Filter {
    Filter::eq("AdvertisementID", id.as_str())
}

fn ordered<L: WindowLine>(sorting: Sorting) -> Order {
    let (property, descending) = ask::order::<L>(sorting);
    Order {
        property: property.to_owned(),
        descending,
    }
}

fn lined<R, L>(page: WindowPage<R>, line: impl FnMut(R) -> L) -> Page<L> {
    Page {
        more: page.more,
        lines: page.rows.into_iter().map(line).collect(),
    }
}

/// Words nobody checked before they were sent here.
fn unaskable(called: Called, error: &WordError) -> SiteError {
    SiteError::Refused {
        attempt: format!("filter the {}", called.several),
        reason: error.to_string(),
        code: None,
    }
}
