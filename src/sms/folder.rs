//! Folders of the console: `SMS_ObjectContainerNode`, and what is in them (classes.md 18).

use super::class::row;

/// The folder everything is in that is in no other (unverified).
pub const ROOT: u32 = 0;

/// `ObjectType` of folders for packages.
pub const PACKAGES: u32 = 2;

/// `ObjectType` of folders for collections of devices (unverified).
pub const DEVICE_COLLECTIONS: u32 = 5000;

/// `ObjectType` of folders for collections of users (unverified).
pub const USER_COLLECTIONS: u32 = 5001;

row! {
    /// A folder. Folders of different object types may have the same name.
    pub struct FolderRow: "SMS_ObjectContainerNode" key { container_node_id: u32 = "ContainerNodeID" } {
        name: String = "Name" or default,
        object_type: u32 = "ObjectType" or default,
        parent_container_node_id: u32 = "ParentContainerNodeID" or default,
    }
}

row! {
    /// An object in a folder.
    pub struct FolderItemRow: "SMS_ObjectContainerItem" key { member_id: u32 = "MemberID" } {
        container_node_id: u32 = "ContainerNodeID" or default,
        instance_key: String = "InstanceKey" or default,
        object_type: u32 = "ObjectType" or default,
    }
}
