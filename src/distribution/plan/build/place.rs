//! Into the security scopes and console folders the settings name, right after an object is made.

use super::{Builder, Built};
use crate::distribution::field::FieldId;
use crate::distribution::operation::{MoveToFolder, Operation, Placed, PutInScopes};
use crate::distribution::placement;
use crate::distribution::plan::Ref;
use crate::sms::folder;
use crate::sms::ids::{CollectionId, PackageId};

impl Builder<'_> {
    pub(super) fn place_package(&mut self, package: &Ref<PackageId>) -> Built<()> {
        let placement = self.placement;
        if !placement.scopes.is_empty() {
            let scopes = placement::scopes(&placement.scopes, self.facts);
            let scopes = scopes.or_else(|finding| self.stop(finding.at(FieldId::PackageMode)))?;
            let package = package.clone();
            self.push(Operation::Scopes(PutInScopes { package, scopes }), &[]);
        }
        match &placement.packages {
            Some(path) => self.place(path, folder::PACKAGES, Placed::Package(package.clone())),
            None => Ok(()),
        }
    }

    pub(super) fn place_collection(&mut self, collection: &Ref<CollectionId>) -> Built<()> {
        let object = Placed::Collection(collection.clone());
        match &self.placement.collections {
            Some(path) => self.place(path, folder::DEVICE_COLLECTIONS, object),
            None => Ok(()),
        }
    }

    /// What stops it is said at the field the guard says it at, and so said once.
    fn place(&mut self, path: &str, object_type: u32, object: Placed) -> Built<()> {
        let found = placement::folder(path, object_type, self.facts);
        let field = match object {
            Placed::Package(_) => FieldId::PackageMode,
            Placed::Collection(_) => FieldId::CollectionMode,
        };
        let folder = found.or_else(|finding| self.stop(finding.at(field)))?;
        let path = path.to_owned();
        self.push(
            Operation::Folder(MoveToFolder {
                object,
                folder,
                path,
            }),
            &[],
        );
        Ok(())
    }
}
