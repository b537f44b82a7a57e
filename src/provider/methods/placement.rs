//! Methods that say where an object is: in which security scopes, and in which console folder.

use serde_json::{Map, Value, json};

use super::parameters;
use crate::error::SiteError;
use crate::provider::Provider;
use crate::sms::ids::{CollectionId, PackageId, ScopeId};
use crate::sms::{folder, scope};

/// An object that can be put somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Movable {
    Package(PackageId),
    /// A collection of devices.
    Collection(CollectionId),
}

impl Movable {
    /// Its key as the classes of folders and scopes hold it.
    pub fn key(&self) -> &str {
        match self {
            Self::Package(id) => id.as_str(),
            Self::Collection(id) => id.as_str(),
        }
    }

    /// The type of folder it goes into.
    pub fn folder_type(&self) -> u32 {
        match self {
            Self::Package(_) => folder::PACKAGES,
            Self::Collection(_) => folder::DEVICE_COLLECTIONS,
        }
    }
}

impl Provider {
    /// Puts a package into a security scope; one that is in it stays in it.
    pub async fn enter_scope(&self, package: &PackageId, scope: &ScopeId) -> Result<(), SiteError> {
        let attempt = format!("put package {package} into scope {scope}");
        self.membership("AddMemberships", package, scope, &attempt)
            .await
    }

    /// Takes a package out of a security scope.
    pub async fn leave_scope(&self, package: &PackageId, scope: &ScopeId) -> Result<(), SiteError> {
        let attempt = format!("take package {package} out of scope {scope}");
        self.membership("RemoveMemberships", package, scope, &attempt)
            .await
    }

    /// One object and one scope a call: whether longer lists are pairs or every one with every other is not published.
    async fn membership(
        &self,
        method: &str,
        package: &PackageId,
        scope: &ScopeId,
        attempt: &str,
    ) -> Result<(), SiteError> {
        let named = parameters([
            ("ObjectIDs", json!([package])),
            ("ObjectTypeIDs", json!([scope::PACKAGES])),
            ("CategoryIDs", json!([scope])),
        ]);
        self.done("SMS_SecuredCategoryMembership", method, named, attempt)
            .await
    }

    /// Moves an object from one folder into another; [`folder::ROOT`] is neither.
    pub async fn move_to_folder(
        &self,
        object: &Movable,
        from: u32,
        to: u32,
    ) -> Result<(), SiteError> {
        let attempt = format!("move {} into folder {to}", object.key());
        let named = parameters([
            ("InstanceKeys", json!([object.key()])),
            ("ContainerNodeID", json!(from)),
            ("TargetContainerNodeID", json!(to)),
            ("ObjectType", json!(object.folder_type())),
        ]);
        self.done("SMS_ObjectContainerItem", "MoveMembers", named, &attempt)
            .await
    }

    async fn done(
        &self,
        class: &str,
        method: &str,
        named: Map<String, Value>,
        attempt: &str,
    ) -> Result<(), SiteError> {
        let returned = self.call_static(class, method, named).await?;
        returned.done(attempt)?;
        Ok(())
    }
}
