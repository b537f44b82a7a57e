//! Collections: `SMS_Collection` and the classes around it.

use super::class::{changes, instance, row};
use super::collection_rule::CollectionRule;
use super::ids::{CollectionId, ResourceId, SiteCode};
use super::schedule::Token;
use super::service_window::ServiceWindow;
use super::time::WireTime;
use super::wire::{travels, values};
use super::{Key, KeyPart};

use serde::{Deserialize, Serialize};

row! {
    /// What lists of collections show.
    pub struct CollectionRow: "SMS_Collection" key { collection_id: CollectionId = "CollectionID" } {
        name: String = "Name" or default,
        comment: String = "Comment" or default,
        collection_type: CollectionType = "CollectionType",
        member_count: i32 = "MemberCount" or default,
        limit_to_collection_id: String = "LimitToCollectionID" or default,
        limit_to_collection_name: String = "LimitToCollectionName" or default,
        current_status: CollectionStatus = "CurrentStatus" or default,
        is_built_in: bool = "IsBuiltIn" or default,
        is_reference_collection: bool = "IsReferenceCollection" or default,
        service_windows_count: i32 = "ServiceWindowsCount" or default,
        include_exclude_collections_count: i32 = "IncludeExcludeCollectionsCount" or default,
        last_change_time: Option<WireTime> = "LastChangeTime",
        last_member_change_time: Option<WireTime> = "LastMemberChangeTime",
        last_refresh_time: Option<WireTime> = "LastRefreshTime",
    }
}

instance! {
    /// A collection with its rules and schedule.
    pub struct Collection: "SMS_Collection" id CollectionId = |it| it.collection_id.clone(); {
        collection_id: CollectionId = "CollectionID",
        name: String = "Name" or default,
        comment: String = "Comment" or default,
        collection_type: CollectionType = "CollectionType",
        member_count: i32 = "MemberCount" or default,
        local_member_count: i32 = "LocalMemberCount" or default,
        limit_to_collection_id: String = "LimitToCollectionID" or default,
        limit_to_collection_name: String = "LimitToCollectionName" or default,
        current_status: CollectionStatus = "CurrentStatus" or default,
        is_built_in: bool = "IsBuiltIn" or default,
        is_reference_collection: bool = "IsReferenceCollection" or default,
        owned_by_this_site: bool = "OwnedByThisSite" or default,
        service_windows_count: i32 = "ServiceWindowsCount" or default,
        include_exclude_collections_count: i32 = "IncludeExcludeCollectionsCount" or default,
        collection_rules: Vec<CollectionRule> = "CollectionRules" or default,
        refresh_type: RefreshType = "RefreshType" or default,
        refresh_schedule: Vec<Token> = "RefreshSchedule" or default,
        last_change_time: Option<WireTime> = "LastChangeTime",
        last_member_change_time: Option<WireTime> = "LastMemberChangeTime",
        last_refresh_time: Option<WireTime> = "LastRefreshTime",
        /// Seconds the last full evaluation took; since 2010.
        full_evaluation_run_time: Option<u32> = "FullEvaluationRunTime",
        /// How many members the last full evaluation changed; since 2010.
        full_evaluation_member_changes: Option<u32> = "FullEvaluationMemberChanges",
        full_evaluation_next_refresh_time: Option<WireTime> = "FullEvaluationNextRefreshTime",
    }
}

changes! {
    /// What may be sent for a collection. Rules are added and removed by methods, never by writing them.
    pub struct CollectionChanges of Collection {
        name: String = "Name",
        comment: String = "Comment",
        /// Only on a create.
        collection_type: CollectionType = "CollectionType",
        limit_to_collection_id: CollectionId = "LimitToCollectionID",
        owned_by_this_site: bool = "OwnedByThisSite",
        refresh_type: RefreshType = "RefreshType",
        /// Real sites did not take schedules over REST.
        refresh_schedule: Vec<Token> = "RefreshSchedule",
        /// Text of whoever made the object. Written on a create only: somebody else's is never overwritten.
        isv_string: String = "ISVString",
    }
}

impl CollectionRow {
    /// The collection its members come from, unless nothing limits it.
    pub fn limited_to(&self) -> Option<CollectionId> {
        limited_to(&self.limit_to_collection_id)
    }

    /// Whether the site is working on it: its members are not what they will be.
    pub fn is_busy(&self) -> bool {
        self.current_status.is_busy()
    }
}

impl Collection {
    /// The collection its members come from, unless nothing limits it.
    pub fn limited_to(&self) -> Option<CollectionId> {
        limited_to(&self.limit_to_collection_id)
    }

    /// Whether the site is working on it: its members are not what they will be.
    pub fn is_busy(&self) -> bool {
        self.current_status.is_busy()
    }
}

fn limited_to(id: &str) -> Option<CollectionId> {
    (!id.trim().is_empty()).then(|| CollectionId::new(id))
}

values! {
    /// What a collection holds. Equal in everything it includes, excludes or is limited to.
    pub enum CollectionType {
        Any = 0 => "other",
        User = 1 => "users",
        Device = 2 => "devices",
    }
}

values! {
    /// What the collection evaluator is doing.
    #[derive(Default)]
    pub enum CollectionStatus {
        #[default]
        None = 0 => "none",
        Ready = 1 => "ready",
        Refreshing = 2 => "refreshing",
        Saving = 3 => "saving",
        Evaluating = 4 => "evaluating",
        AwaitingRefresh = 5 => "awaiting refresh",
        Deleting = 6 => "deleting",
        AppendingMember = 7 => "adding members",
        Querying = 8 => "querying",
    }
}

impl CollectionStatus {
    /// Whether it will change by itself.
    pub fn is_busy(self) -> bool {
        !matches!(self, Self::None | Self::Ready | Self::Other(_))
    }
}

values! {
    /// When the members are worked out anew.
    #[derive(Default)]
    pub enum RefreshType {
        #[default]
        Manual = 1 => "by hand",
        Periodic = 2 => "on a schedule",
        Incremental = 4 => "as devices appear",
        Both = 6 => "on a schedule and as devices appear",
    }
}

impl RefreshType {
    /// Whether the schedule counts.
    pub fn is_periodic(self) -> bool {
        u32::from(self) & 2 != 0
    }

    pub fn is_incremental(self) -> bool {
        u32::from(self) & 4 != 0
    }
}

row! {
    /// A member of a collection.
    pub struct MemberRow: "SMS_FullCollectionMembership" key {
        collection_id: CollectionId = "CollectionID",
        resource_id: ResourceId = "ResourceID",
    } {
        name: String = "Name" or default,
        domain: String = "Domain" or default,
        resource_type: Option<u32> = "ResourceType",
        site_code: String = "SiteCode" or default,
        smsid: String = "SMSID" or default,
        client_version: String = "ClientVersion" or default,
        /// Member by a direct rule; null means no.
        is_direct: bool = "IsDirect" or default,
        is_client: Option<bool> = "IsClient",
        is_assigned: Option<bool> = "IsAssigned",
        is_active: Option<bool> = "IsActive",
        is_obsolete: Option<bool> = "IsObsolete",
    }
}

row! {
    /// That one collection stands on another.
    pub struct CollectionDependencyRow: "SMS_CollectionDependencies" key {
        /// The collection that is used.
        source_collection_id: CollectionId = "SourceCollectionID",
        /// The collection that uses it.
        dependent_collection_id: CollectionId = "DependentCollectionID",
        relationship_type: Relationship = "RelationshipType",
    } {}
}

values! {
    /// How one collection stands on another.
    pub enum Relationship {
        Limiting = 1 => "limited to",
        Include = 2 => "includes",
        Exclude = 3 => "excludes",
    }
}

impl From<Relationship> for KeyPart {
    fn from(relationship: Relationship) -> Self {
        Self::from(u32::from(relationship))
    }
}

instance! {
    /// Maintenance windows and variables of a collection. Not there until something of it was set.
    pub struct CollectionSettings: "SMS_CollectionSettings" id SettingsId
        = |it| SettingsId(it.collection_id.clone());
    {
        collection_id: CollectionId = "CollectionID",
        service_windows: Vec<ServiceWindow> = "ServiceWindows" or default,
        collection_variables: Vec<CollectionVariable> = "CollectionVariables" or default,
        source_site: Option<SiteCode> = "SourceSite",
    }
}

changes! {
    /// What may be sent for the settings of a collection: whole lists, read first.
    pub struct CollectionSettingsChanges of CollectionSettings {
        collection_id: CollectionId = "CollectionID",
        service_windows: Vec<ServiceWindow> = "ServiceWindows",
        collection_variables: Vec<CollectionVariable> = "CollectionVariables",
    }
}

/// The settings of a collection are named by it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SettingsId(pub CollectionId);

impl Key for SettingsId {
    fn parts(&self) -> Vec<(&'static str, KeyPart)> {
        self.0.parts()
    }
}

/// `SMS_CollectionVariable`: a variable for the task sequences of a collection's members.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct CollectionVariable {
    pub name: String,
    /// Not shown where [`is_masked`](Self::is_masked).
    pub value: String,
    pub is_masked: bool,
}

travels! { Vec<CollectionVariable> => "Object[]:SMS_CollectionVariable" }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_answer_is_read_and_nothing_of_it_lost() {
        let text = include_str!("../../tests/fixtures/adminservice/resp-collection-create.json");
        let wire: serde_json::Value = serde_json::from_str(text).unwrap();
        let collection: Collection = serde_json::from_str(text).unwrap();
        assert_eq!(collection.collection_id.as_str(), "ABC00200");
        assert_eq!(collection.current_status, CollectionStatus::AwaitingRefresh);
        assert!(collection.is_busy());
        assert_eq!(
            collection
                .last_member_change_time
                .and_then(WireTime::as_utc),
            None
        );
        let back = serde_json::to_value(&collection).unwrap();
        for (name, value) in wire.as_object().unwrap() {
            assert_eq!(&back[name], value, "{name}");
        }
    }

    #[test]
    fn a_row_of_a_real_list_is_read() {
        let text =
            include_str!("../../tests/fixtures/adminservice/resp-collection-list-row-partial.json");
        let row: CollectionRow = serde_json::from_str(text).unwrap();
        assert_eq!((row.name.as_str(), row.member_count), ("All Systems", 20));
        assert_eq!(row.limit_to_collection_name, "");
    }

    #[test]
    fn refreshing_both_ways_is_the_sum_of_both() {
        assert!(RefreshType::Both.is_periodic() && RefreshType::Both.is_incremental());
        assert!(!RefreshType::Incremental.is_periodic());
        assert!(!RefreshType::Manual.is_periodic() && !RefreshType::Manual.is_incremental());
    }
}
