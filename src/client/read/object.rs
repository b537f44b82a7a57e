//! One object as the site has it.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Reader;
use crate::error::SiteError;
use crate::sms::Key;

/// An object as it came, to be seen as the types of this program.
pub(super) struct Object {
    what: String,
    pub(super) raw: Value,
}

impl Object {
    /// The same object as a row or an instance: a read by key has every property of both.
    pub(super) fn seen_as<T: DeserializeOwned>(&self) -> Result<T, SiteError> {
        T::deserialize(&self.raw).map_err(|error| SiteError::Garbled {
            attempt: format!("read {}", self.what),
            reason: error.to_string(),
        })
    }
}

impl Reader<'_> {
    pub(super) async fn object(
        &self,
        class: &str,
        id: &impl Key,
        what: String,
    ) -> Result<Object, SiteError> {
        let raw: Map<String, Value> = self.provider.get_raw(class, id).await?;
        Ok(Object {
            what,
            raw: Value::Object(raw),
        })
    }
}
