//! Methods of collections: their rules and their evaluation.

use serde_json::{Value, json};

use super::parameters;
use crate::error::SiteError;
use crate::provider::Provider;
use crate::sms::collection_rule::CollectionRule;
use crate::sms::ids::CollectionId;

const CLASS: &str = "SMS_Collection";

impl Provider {
    /// Adds one rule; the number the site gave a query rule comes back, 0 for every other kind.
    ///
    /// Rules go one by one: real sites do not read arrays of them.
    pub async fn add_membership_rule(
        &self,
        collection: &CollectionId,
        rule: &CollectionRule,
    ) -> Result<u32, SiteError> {
        let parameters = parameters([("collectionRule", json!(rule))]);
        let returned = self
            .call(CLASS, collection, "AddMembershipRule", parameters)
            .await?;
        let out = returned.done(&format!("add a rule to collection {collection}"))?;
        let number = out.get("QueryID").and_then(Value::as_u64);
        Ok(number
            .and_then(|number| u32::try_from(number).ok())
            .unwrap_or_default())
    }

    /// Asks the collection evaluator to look again. It answers before the members are there.
    pub async fn request_refresh(&self, collection: &CollectionId) -> Result<(), SiteError> {
        let returned = self
            .call(CLASS, collection, "RequestRefresh", parameters([]))
            .await?;
        returned.done(&format!("evaluate collection {collection}"))?;
        Ok(())
    }

    /// Whether the site would take this WQL for a query rule.
    pub async fn validate_query(&self, wql: &str) -> Result<bool, SiteError> {
        let parameters = parameters([("WQLQuery", json!(wql))]);
        let returned = self
            .call_static("SMS_CollectionRuleQuery", "ValidateQuery", parameters)
            .await?;
        let truth = returned.value.as_ref().and_then(truth);
        truth.ok_or_else(|| SiteError::Garbled {
            attempt: "check the query".into(),
            reason: "it is neither true nor false".into(),
        })
    }
}

/// A Boolean, however the method's declared type made it travel.
fn truth(value: &Value) -> Option<bool> {
    value
        .as_bool()
        .or_else(|| value.as_i64().map(|number| number != 0))
}
