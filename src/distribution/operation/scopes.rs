//! Putting a new package into the security scopes the site's settings name, and out of the one the site chose.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Kind, Look, Made, Mark, Right, Unmade, Written};
use crate::distribution::plan::{OpNumber, Ref};
use crate::distribution::run::{Hand, Sending, Trouble};
use crate::odata::Filter;
use crate::sms::ids::{PackageId, ScopeId};
use crate::sms::scope::{self, ScopeMembershipRow, ScopeRow};

/// The scopes a package of this plan is to be in, and in no other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutInScopes {
    pub package: Ref<PackageId>,
    pub scopes: Vec<ScopeRow>,
}

/// What a package's scopes lack.
struct Misplaced {
    missing: Vec<ScopeId>,
    others: Vec<ScopeId>,
}

impl PutInScopes {
    fn names(&self) -> String {
        let names: Vec<&str> = self
            .scopes
            .iter()
            .map(|scope| scope.category_name.as_str())
            .collect();
        names.join(", ")
    }

    async fn misplaced(&self, hand: &Hand<'_>, package: &PackageId) -> Result<Misplaced, Trouble> {
        let of_package = Filter::eq("ObjectKey", package.as_str())
            .and(Filter::eq("ObjectTypeID", i64::from(scope::PACKAGES)));
        let there: Vec<ScopeMembershipRow> = hand.provider.list(Some(of_package)).await?;
        let wanted = || self.scopes.iter().map(|scope| &scope.category_id);
        let is_in = |scope: &ScopeId| there.iter().any(|row| row.category_id == *scope);
        Ok(Misplaced {
            missing: wanted().filter(|scope| !is_in(scope)).cloned().collect(),
            others: there
                .iter()
                .map(|row| &row.category_id)
                .filter(|scope| wanted().all(|wanted| wanted != *scope))
                .cloned()
                .collect(),
        })
    }
}

impl Kind for PutInScopes {
    fn title(&self) -> &'static str {
        "Scopes"
    }

    fn subject(&self) -> String {
        self.names()
    }

    fn detail(&self) -> String {
        "and no other security scope".into()
    }

    fn mark(&self) -> Mark {
        Mark::Call
    }

    fn right(&self) -> Right {
        Right::SetSecurityScope
    }

    fn needs(&self) -> Vec<OpNumber> {
        self.package.maker().into_iter().collect()
    }

    fn request(&self) -> String {
        "call SMS_SecuredCategoryMembership.AddMemberships".into()
    }

    fn written(&self) -> Vec<Written> {
        let ids: Vec<&ScopeId> = self.scopes.iter().map(|scope| &scope.category_id).collect();
        vec![Written {
            property: "CategoryIDs".into(),
            value: json!(ids),
        }]
    }

    /// A package that is in a scope already stays in it.
    fn is_repeatable(&self) -> bool {
        true
    }

    async fn look(&self, hand: &mut Hand<'_>) -> Result<Look, Trouble> {
        let package = hand.resolve(&self.package)?;
        let misplaced = self.misplaced(hand, &package).await?;
        Ok(
            if misplaced.missing.is_empty() && misplaced.others.is_empty() {
                Look::Ours {
                    id: None,
                    words: self.names(),
                }
            } else {
                Look::Absent
            },
        )
    }

    /// In before out: an object is never in no scope.
    async fn make(&self, hand: &mut Hand<'_>) -> Result<Made, Trouble> {
        let package = hand.resolve(&self.package)?;
        let provider = hand.provider.clone();
        let misplaced = self.misplaced(hand, &package).await?;
        for scope in &misplaced.missing {
            let values = json!({ "PackageID": package, "CategoryID": scope });
            let sending = Sending::make(self.request(), &values);
            hand.send(sending, provider.enter_scope(&package, scope))
                .await?;
        }
        for scope in &misplaced.others {
            let values = json!({ "PackageID": package, "CategoryID": scope });
            let request = "call SMS_SecuredCategoryMembership.RemoveMemberships";
            let sending = Sending::make(request, &values);
            hand.send(sending, provider.leave_scope(&package, scope))
                .await?;
        }
        Ok(Made {
            id: None,
            words: self.names(),
        })
    }

    /// A package goes with its memberships.
    async fn unmake(&self, _hand: &mut Hand<'_>) -> Result<Unmade, Trouble> {
        Ok(Unmade::Nothing)
    }
}
