//! The rules that make the members of a collection: `SMS_CollectionRule` and its four kinds.
//!
//! Members are ((query ∪ direct ∪ included) ∩ limiting collection) − excluded: exclude always wins.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ids::{CollectionId, ResourceId};
use super::wire::{class_of, travels, typed};

/// One rule of a collection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Map<String, Value>", into = "Map<String, Value>")]
pub enum CollectionRule {
    /// This resource, without condition.
    Direct {
        /// Equal to the name of the resource.
        name: String,
        /// Class of the resource, for example `SMS_R_System`.
        class: String,
        resource: ResourceId,
    },
    /// What a query finds.
    Query {
        name: String,
        /// WQL; the provider may rewrite its text.
        expression: String,
        /// Given by the provider; needed to remove the rule. `None` before that.
        id: Option<u32>,
    },
    /// The members of another collection.
    Include {
        name: String,
        collection: CollectionId,
    },
    /// Without the members of another collection.
    Exclude {
        name: String,
        collection: CollectionId,
    },
    /// A kind of rule this program does not know, as it came.
    Other {
        class: String,
        members: Map<String, Value>,
    },
}

impl CollectionRule {
    /// A device, by its id and name.
    pub fn device(resource: ResourceId, name: impl Into<String>) -> Self {
        Self::Direct {
            name: name.into(),
            class: "SMS_R_System".to_owned(),
            resource,
        }
    }

    pub fn query(name: impl Into<String>, expression: impl Into<String>) -> Self {
        Self::Query {
            name: name.into(),
            expression: expression.into(),
            id: None,
        }
    }

    pub fn name(&self) -> &str {
        match self {
            Self::Direct { name, .. }
            | Self::Query { name, .. }
            | Self::Include { name, .. }
            | Self::Exclude { name, .. } => name,
            Self::Other { members, .. } => members
                .get("RuleName")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        }
    }

    /// Class of the rule.
    pub fn class(&self) -> &str {
        match self {
            Self::Direct { .. } => "SMS_CollectionRuleDirect",
            Self::Query { .. } => "SMS_CollectionRuleQuery",
            Self::Include { .. } => "SMS_CollectionRuleIncludeCollection",
            Self::Exclude { .. } => "SMS_CollectionRuleExcludeCollection",
            Self::Other { class, .. } => class,
        }
    }

    /// What people call this kind of rule.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Direct { .. } => "direct",
            Self::Query { .. } => "query",
            Self::Include { .. } => "include",
            Self::Exclude { .. } => "exclude",
            Self::Other { .. } => "other",
        }
    }

    /// The collection the rule stands on, if it stands on one.
    pub fn collection(&self) -> Option<&CollectionId> {
        match self {
            Self::Include { collection, .. } | Self::Exclude { collection, .. } => Some(collection),
            Self::Direct { .. } | Self::Query { .. } | Self::Other { .. } => None,
        }
    }
}

impl TryFrom<Map<String, Value>> for CollectionRule {
    type Error = String;

    fn try_from(mut members: Map<String, Value>) -> Result<Self, String> {
        let class = class_of(&mut members).ok_or("a collection rule names no class")?;
        let text = |name: &str| {
            members
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let number = |name: &str| {
            members
                .get(name)
                .and_then(Value::as_u64)
                .and_then(|n| u32::try_from(n).ok())
        };
        let name = text("RuleName");
        Ok(match class.as_str() {
            "SMS_CollectionRuleDirect" => Self::Direct {
                name,
                class: text("ResourceClassName"),
                resource: number("ResourceID")
                    .map(ResourceId)
                    .ok_or("a direct rule names no resource")?,
            },
            "SMS_CollectionRuleQuery" => Self::Query {
                name,
                expression: text("QueryExpression"),
                id: number("QueryID").filter(|id| *id != 0),
            },
            "SMS_CollectionRuleIncludeCollection" => Self::Include {
                name,
                collection: text("IncludeCollectionID").into(),
            },
            "SMS_CollectionRuleExcludeCollection" => Self::Exclude {
                name,
                collection: text("ExcludeCollectionID").into(),
            },
            _ => Self::Other { class, members },
        })
    }
}

impl From<CollectionRule> for Map<String, Value> {
    fn from(rule: CollectionRule) -> Self {
        let mut members = typed(rule.class());
        let mut set = |name: &str, value: Value| {
            members.insert(name.to_owned(), value);
        };
        match rule {
            CollectionRule::Direct {
                name,
                class,
                resource,
            } => {
                set("ResourceClassName", class.into());
                set("RuleName", name.into());
                set("ResourceID", resource.0.into());
            }
            CollectionRule::Query {
                name,
                expression,
                id,
            } => {
                set("RuleName", name.into());
                set("QueryExpression", expression.into());
                if let Some(id) = id {
                    set("QueryID", id.into());
                }
            }
            CollectionRule::Include { name, collection } => {
                set("RuleName", name.into());
                set("IncludeCollectionID", String::from(collection).into());
            }
            CollectionRule::Exclude { name, collection } => {
                set("RuleName", name.into());
                set("ExcludeCollectionID", String::from(collection).into());
            }
            CollectionRule::Other { members: kept, .. } => members.extend(kept),
        }
        members
    }
}

travels! { Vec<CollectionRule> => "Object[]:SMS_CollectionRule" }

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn survives(wire: &Value) -> CollectionRule {
        let rule: CollectionRule = serde_json::from_value(wire.clone()).unwrap();
        assert_eq!(&serde_json::to_value(&rule).unwrap(), wire);
        rule
    }

    #[test]
    fn every_kind_of_rule_travels_as_clients_send_it() {
        let direct = survives(&json!({
            "@odata.type": "#AdminService.SMS_CollectionRuleDirect",
            "ResourceClassName": "SMS_R_System", "RuleName": "PC-0042", "ResourceID": 16_777_219,
        }));
        assert_eq!(
            direct,
            CollectionRule::device(ResourceId(16_777_219), "PC-0042")
        );
        let query = survives(&json!({
            "@odata.type": "#AdminService.SMS_CollectionRuleQuery",
            "RuleName": "All PCs", "QueryExpression": "select * from SMS_R_System",
        }));
        assert_eq!(
            query,
            CollectionRule::query("All PCs", "select * from SMS_R_System")
        );
        let include = survives(&json!({
            "@odata.type": "#AdminService.SMS_CollectionRuleIncludeCollection",
            "RuleName": "Pilot", "IncludeCollectionID": "LAB00014",
        }));
        assert_eq!(include.collection(), Some(&CollectionId::new("LAB00014")));
        let exclude = survives(&json!({
            "@odata.type": "#AdminService.SMS_CollectionRuleExcludeCollection",
            "RuleName": "Servers", "ExcludeCollectionID": "LAB00015",
        }));
        assert_eq!((exclude.kind(), exclude.name()), ("exclude", "Servers"));
    }

    #[test]
    fn a_query_keeps_the_id_the_provider_gave_it() {
        let rule = survives(&json!({
            "@odata.type": "#AdminService.SMS_CollectionRuleQuery",
            "RuleName": "q", "QueryExpression": "", "QueryID": 3,
        }));
        assert!(matches!(rule, CollectionRule::Query { id: Some(3), .. }));
    }

    #[test]
    fn an_unknown_kind_is_kept_as_it_came() {
        let rule = survives(&json!({
            "@odata.type": "#AdminService.SMS_CollectionRuleLunar", "RuleName": "tide", "Phase": 3,
        }));
        assert_eq!((rule.kind(), rule.name()), ("other", "tide"));
    }

    #[test]
    fn a_rule_without_class_or_resource_is_none() {
        assert!(serde_json::from_value::<CollectionRule>(json!({"RuleName": "x"})).is_err());
        let nobody =
            json!({"@odata.type": "#AdminService.SMS_CollectionRuleDirect", "RuleName": "x"});
        assert!(serde_json::from_value::<CollectionRule>(nobody).is_err());
    }
}
