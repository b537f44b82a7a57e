//! Security scopes: `SMS_SecuredCategory`, and which objects are in them (classes.md 21).

use super::class::row;
use super::ids::ScopeId;

/// What the site's permission model calls packages. Taken from the vendor's list of secured objects; unverified here.
pub const PACKAGES: u32 = 2;

row! {
    /// A security scope.
    pub struct ScopeRow: "SMS_SecuredCategory" key { category_id: ScopeId = "CategoryID" } {
        category_name: String = "CategoryName",
    }
}

row! {
    /// One object in one scope.
    pub struct ScopeMembershipRow: "SMS_SecuredCategoryMembership" key {
        category_id: ScopeId = "CategoryID",
        object_key: String = "ObjectKey",
        object_type_id: u32 = "ObjectTypeID",
    } {}
}
