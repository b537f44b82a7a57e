//! Adding the membership rules of a new collection, one request each: the service takes no arrays of rules.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Kind, Look, Made, Mark, Operation, Right, Unmade, Written};
use crate::distribution::plan::{OpNumber, Plan, Ref};
use crate::distribution::run::{Hand, Sending, Trouble, is_passing};
use crate::sms::collection::Collection;
use crate::sms::collection_rule::CollectionRule;
use crate::sms::ids::CollectionId;

/// Rules to be added to a collection of this plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddRules {
    pub collection: Ref<CollectionId>,
    pub rules: Vec<CollectionRule>,
}

impl AddRules {
    /// Whether any of them leaves devices out.
    pub fn excludes(&self) -> bool {
        let mut rules = self.rules.iter();
        rules.any(|rule| matches!(rule, CollectionRule::Exclude { .. }))
    }

    async fn missing(
        &self,
        hand: &Hand<'_>,
        id: &CollectionId,
    ) -> Result<Vec<&CollectionRule>, Trouble> {
        let there: Collection = hand.provider.get(id).await?;
        let is_missing = |rule: &&CollectionRule| {
            !there
                .collection_rules
                .iter()
                .any(|other| is_same(other, rule))
        };
        Ok(self.rules.iter().filter(is_missing).collect())
    }

    async fn add(
        &self,
        hand: &mut Hand<'_>,
        id: &CollectionId,
        rule: &CollectionRule,
    ) -> Result<(), Trouble> {
        let provider = hand.provider.clone();
        if let CollectionRule::Query { expression, .. } = rule
            && !provider.validate_query(expression).await?
        {
            // An invalid query is stored all the same and finds nobody.
            return Err(Trouble::GaveUp("the site does not accept the query".into()));
        }
        let values = json!({ "CollectionID": id, "collectionRule": rule });
        hand.send(
            Sending::make(self.request(), &values),
            provider.add_membership_rule(id, rule),
        )
        .await?;
        Ok(())
    }

    /// How many of each kind, for example `37 direct, 1 exclude`.
    fn counts(&self) -> String {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for rule in &self.rules {
            match counts.iter_mut().find(|(kind, _)| *kind == rule.kind()) {
                Some((_, count)) => *count += 1,
                None => counts.push((rule.kind(), 1)),
            }
        }
        let counts: Vec<String> = counts
            .iter()
            .map(|(kind, count)| format!("{count} {kind}"))
            .collect();
        counts.join(", ")
    }
}

impl Kind for AddRules {
    fn title(&self) -> &'static str {
        "Rules"
    }

    fn subject(&self) -> String {
        match self.rules.len() {
            1 => "add 1 rule".into(),
            count => format!("add {count} rules"),
        }
    }

    fn detail(&self) -> String {
        self.counts()
    }

    fn mark(&self) -> Mark {
        Mark::Call
    }

    fn right(&self) -> Right {
        Right::ModifyCollections
    }

    fn needs(&self) -> Vec<OpNumber> {
        self.collection.maker().into_iter().collect()
    }

    fn request(&self) -> String {
        "call SMS_Collection.AddMembershipRule".into()
    }

    fn written(&self) -> Vec<Written> {
        self.rules
            .iter()
            .map(|rule| Written {
                property: "collectionRule".into(),
                value: json!(rule),
            })
            .collect()
    }

    /// A rule that is there already is not added again.
    fn is_repeatable(&self) -> bool {
        true
    }

    async fn look(&self, hand: &mut Hand<'_>) -> Result<Look, Trouble> {
        let id = hand.resolve(&self.collection)?;
        let missing = self.missing(hand, &id).await?;
        Ok(if missing.is_empty() {
            Look::Ours {
                id: None,
                words: self.counts(),
            }
        } else {
            Look::Absent
        })
    }

    async fn make(&self, hand: &mut Hand<'_>) -> Result<Made, Trouble> {
        let id = hand.resolve(&self.collection)?;
        let total = self.rules.len();
        let missing = self.missing(hand, &id).await?;
        let mut done = total - missing.len();
        for rule in missing {
            hand.running(format!("{done} of {total}"));
            match self.add(hand, &id, rule).await {
                Ok(()) => done += 1,
                // Nothing is wrong with the rules: they are taken up where they were.
                Err(Trouble::Site(silent)) if is_passing(&silent) => return Err(silent.into()),
                Err(cause @ (Trouble::Site(_) | Trouble::GaveUp(_))) if total > 1 => {
                    return Err(Trouble::Partly {
                        done,
                        total,
                        cause: Box::new(cause),
                    });
                }
                Err(Trouble::Lost(lost)) => {
                    // One lost answer of many: the rest is added if this rule is there.
                    let left = self.missing(hand, &id).await;
                    if left.is_ok_and(|left| !left.contains(&rule)) {
                        done += 1;
                    } else {
                        return Err(Trouble::Lost(lost));
                    }
                }
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(Made {
            id: None,
            words: self.counts(),
        })
    }

    /// The rules go with their collection.
    async fn unmake(&self, _hand: &mut Hand<'_>) -> Result<Unmade, Trouble> {
        Ok(Unmade::Nothing)
    }
}

fn has_same_query(one: &CollectionRule, other: &CollectionRule) -> bool {
    let words = |rule: &CollectionRule| match rule {
        CollectionRule::Query { expression, .. } => Some(
            expression
                .split_whitespace()
                .map(str::to_lowercase)
                .collect::<Vec<_>>(),
        ),
        _ => None,
    };
    words(one) == words(other)
}

/// Whether both rules of a collection of this plan select the same; the site may have rewritten a query, so a query is
/// known by its name.
fn is_same(one: &CollectionRule, other: &CollectionRule) -> bool {
    use CollectionRule::{Direct, Query};
    match (one, other) {
        (
            Direct { resource: one, .. },
            Direct {
                resource: other, ..
            },
        ) => one == other,
        (Query { name: one, .. }, Query { name: other, .. }) => one == other,
        _ => {
            one.kind() == other.kind()
                && one.collection().is_some()
                && one.collection() == other.collection()
        }
    }
}

/// Whether somebody else's collection has exactly these rules, its queries word for word.
///
/// A query the site has rewritten then counts as another: better a name that is taken than the wrong devices.
pub(super) fn are_equal(there: &[CollectionRule], planned: &[CollectionRule]) -> bool {
    let holds = |all: &[CollectionRule], rule: &CollectionRule| {
        all.iter()
            .any(|other| is_same(other, rule) && has_same_query(other, rule))
    };
    there.iter().all(|rule| holds(planned, rule)) && planned.iter().all(|rule| holds(there, rule))
}

/// The rules a plan adds to the collection an operation makes.
pub(super) fn of_collection(plan: &Plan, maker: OpNumber) -> &[CollectionRule] {
    plan.numbered()
        .find_map(|(_, operation)| match operation {
            Operation::Rules(rules) if rules.collection == Ref::MadeBy(maker) => {
                Some(rules.rules.as_slice())
            }
            _ => None,
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_of_the_same_name_for_other_devices_is_another_rule() {
        let everyone = CollectionRule::query("Pilot", "select * from SMS_R_System");
        let spelled_otherwise = CollectionRule::query("Pilot", "SELECT *  FROM SMS_R_System");
        let one_device =
            CollectionRule::query("Pilot", "select * from SMS_R_System where Name = 'PC-0001'");
        let is_taken_over = |there: &CollectionRule| {
            are_equal(
                std::slice::from_ref(there),
                std::slice::from_ref(&one_device),
            )
        };
        assert!(!is_taken_over(&everyone));
        assert!(is_taken_over(&one_device));
        assert!(
            are_equal(&[everyone], &[spelled_otherwise]),
            "spelling is no difference"
        );
    }
}
