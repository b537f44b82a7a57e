//! Security scopes and console folders of the sample, to put new things in.

use crate::site::context::Context;
use crate::site::placement::{make_folder, make_scope};
use crate::site::store::StoreError;
use crate::sms::folder;

const SCOPES: [&str; 2] = ["Berlin", "Hamburg"];

/// Folders of packages and of collections of devices.
const FOLDERS: [(u32, &str, &[&str]); 2] = [
    (folder::PACKAGES, "Software", &["Tools", "Office"]),
    (folder::DEVICE_COLLECTIONS, "Software", &["Pilots"]),
];

pub(super) fn fill(context: &Context<'_>) -> Result<(), StoreError> {
    for name in SCOPES {
        make_scope(context, name)?;
    }
    for (object_type, name, within) in FOLDERS {
        let parent = make_folder(context, object_type, i64::from(folder::ROOT), name)?;
        for name in within {
            make_folder(context, object_type, parent, name)?;
        }
    }
    Ok(())
}
