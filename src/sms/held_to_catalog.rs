//! Holds the types of this room equal to the class files in `assets/classes/`.
//!
//! The files are read here in their plainest form, so that this test stands on nothing but them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::advertisement::{Advertisement, AdvertisementChanges, AdvertisementRow};
use super::application::ApplicationRow;
use super::collection::{
    Collection, CollectionChanges, CollectionDependencyRow, CollectionRow, CollectionSettings,
    CollectionSettingsChanges, CollectionVariable, MemberRow,
};
use super::collection_rule::CollectionRule;
use super::distribution_point::{
    Assignment, AssignmentChanges, AssignmentRow, Group, GroupChanges, GroupMemberRow, GroupRow,
    PointRow, RoleRow,
};
use super::folder::{FolderItemRow, FolderRow};
use super::package::{Package, PackageChanges, PackageRow};
use super::program::{OsDetails, Program, ProgramChanges, ProgramRow, SupportedPlatformRow};
use super::resource::{Device, DeviceRow};
use super::schedule::unpack;
use super::scope::{ScopeMembershipRow, ScopeRow};
use super::service_window::{ServiceWindow, WindowType};
use super::site::{IdentificationRow, SiteRow};
use super::stamped::{
    StampedAdvertisementRow, StampedAssignmentRow, StampedCollectionRow, StampedPackageRow,
    StampedProgramRow,
};
use super::status::{
    ClientStatusRow, ContentRow, DeploymentSummaryRow, PackageStatusRow, PointMessageRow,
    PointStatusRow,
};
use super::{Changes, Instance, Property, Row};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassFile {
    name: String,
    #[serde(default)]
    derivation: Vec<String>,
    #[serde(default)]
    key: Vec<String>,
    #[serde(default, rename = "secured")]
    _secured: bool,
    access: Option<String>,
    #[serde(default)]
    embedded: bool,
    #[serde(default)]
    method: Vec<MethodEntry>,
    #[serde(default)]
    property: BTreeMap<String, PropertyEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MethodEntry {
    #[serde(rename = "name")]
    _name: String,
    #[serde(default, rename = "static")]
    _is_static: bool,
    #[serde(rename = "in")]
    inputs: BTreeMap<String, String>,
    #[serde(rename = "out")]
    outputs: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PropertyEntry {
    #[serde(rename = "type")]
    kind: String,
    access: String,
    #[serde(default)]
    generated: bool,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    lazy: bool,
    limit: Option<usize>,
    default: Option<Value>,
}

static CLASSES: LazyLock<BTreeMap<String, ClassFile>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/classes");
    let mut classes = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let class: ClassFile =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(path.file_stem().unwrap(), class.name.as_str());
        classes.insert(class.name.clone(), class);
    }
    classes
});

fn class(name: &str) -> &'static ClassFile {
    CLASSES
        .get(name)
        .unwrap_or_else(|| panic!("no class file for {name}"))
}

/// A property of a class, its own or inherited.
fn property(class_name: &str, name: &str) -> &'static PropertyEntry {
    let own = class(class_name);
    let ancestors = own.derivation.iter().filter_map(|name| CLASSES.get(name));
    std::iter::once(own)
        .chain(ancestors)
        .find_map(|class| class.property.get(name))
        .unwrap_or_else(|| panic!("{class_name} has no property {name}"))
}

fn holds(class_name: &str, properties: &[Property]) {
    for Property { name, wire } in properties {
        let kind = &property(class_name, name).kind;
        assert_eq!(kind, wire, "{class_name}.{name}");
    }
}

fn row<R: Row>() {
    holds(R::CLASS, R::PROPERTIES);
    for name in R::SELECT {
        assert!(
            !property(R::CLASS, name).lazy,
            "{}.{name} is lazy: no list may select it",
            R::CLASS
        );
    }
    let mut key: Vec<_> = R::KEY.to_vec();
    let mut expected: Vec<_> = class(R::CLASS).key.iter().map(String::as_str).collect();
    key.sort_unstable();
    expected.sort_unstable();
    assert_eq!(key, expected, "key of {}", R::CLASS);
    assert!(!class(R::CLASS).embedded, "{} has no lists", R::CLASS);
}

fn instance<I: Instance>() {
    holds(I::CLASS, I::PROPERTIES);
    for name in &class(I::CLASS).key {
        assert!(
            I::PROPERTIES.iter().any(|property| property.name == name),
            "{} leaves out its key {name}",
            I::CLASS
        );
    }
}

fn changes<C: Changes>() {
    let class_name = C::Of::CLASS;
    holds(class_name, C::PROPERTIES);
    for Property { name, .. } in C::PROPERTIES {
        let entry = property(class_name, name);
        assert_ne!(
            entry.access, "ro",
            "{class_name}.{name} is the site's to write"
        );
        assert!(
            !entry.generated,
            "{class_name}.{name} is the site's to give"
        );
    }
    let required = class(class_name)
        .property
        .iter()
        .filter(|(_, entry)| entry.required);
    for (name, _) in required {
        assert!(
            C::PROPERTIES.iter().any(|property| property.name == name),
            "nothing could be created: {class_name} wants {name}"
        );
    }
    assert_eq!(
        class(class_name).access.as_deref(),
        Some("write"),
        "{class_name}"
    );
}

#[test]
fn rows_select_what_their_class_has_and_lists_give() {
    row::<PackageRow>();
    row::<ProgramRow>();
    row::<SupportedPlatformRow>();
    row::<CollectionRow>();
    row::<MemberRow>();
    row::<CollectionDependencyRow>();
    row::<AssignmentRow>();
    row::<PointRow>();
    row::<GroupRow>();
    row::<GroupMemberRow>();
    row::<RoleRow>();
    row::<AdvertisementRow>();
    row::<PackageStatusRow>();
    row::<PointStatusRow>();
    row::<PointMessageRow>();
    row::<ContentRow>();
    row::<ApplicationRow>();
    row::<DeploymentSummaryRow>();
    row::<ClientStatusRow>();
    row::<ScopeRow>();
    row::<ScopeMembershipRow>();
    row::<FolderRow>();
    row::<FolderItemRow>();
    row::<DeviceRow>();
    row::<SiteRow>();
    row::<IdentificationRow>();
    row::<StampedPackageRow>();
    row::<StampedProgramRow>();
    row::<StampedCollectionRow>();
    row::<StampedAssignmentRow>();
    row::<StampedAdvertisementRow>();
}

#[test]
fn instances_name_properties_of_their_class() {
    instance::<Package>();
    instance::<Program>();
    instance::<Collection>();
    instance::<CollectionSettings>();
    instance::<Assignment>();
    instance::<Group>();
    instance::<Advertisement>();
    instance::<Device>();
}

#[test]
fn changes_name_nothing_a_site_keeps_for_itself() {
    changes::<PackageChanges>();
    changes::<ProgramChanges>();
    changes::<CollectionChanges>();
    changes::<CollectionSettingsChanges>();
    changes::<AssignmentChanges>();
    changes::<GroupChanges>();
    changes::<AdvertisementChanges>();
}

/// Every member of an embedded object is a property of its class, or its class.
fn members(class_name: &str, object: &impl serde::Serialize) {
    let Value::Object(members) = serde_json::to_value(object).unwrap() else {
        panic!("{class_name} is no object");
    };
    for (name, value) in &members {
        if name == "@odata.type" {
            assert_eq!(value, &Value::from(format!("#AdminService.{class_name}")));
            continue;
        }
        let fits = match property(class_name, name).kind.as_str() {
            "Boolean" => value.is_boolean(),
            "UInt32" => value.is_u64(),
            "String" | "DateTime" => value.is_string(),
            _ => false,
        };
        assert!(fits, "{class_name}.{name} = {value}");
    }
}

#[test]
fn embedded_objects_have_the_members_of_their_class() {
    let rules = [
        CollectionRule::device(super::ids::ResourceId(7), "PC-0007"),
        CollectionRule::Query {
            name: "q".into(),
            expression: "select".into(),
            id: Some(1),
        },
        CollectionRule::Include {
            name: "i".into(),
            collection: "LAB00001".into(),
        },
        CollectionRule::Exclude {
            name: "e".into(),
            collection: "LAB00002".into(),
        },
    ];
    for rule in rules {
        members(rule.class(), &rule);
    }
    // One token of each kind.
    let tokens = "00413E000008000000413E000010040000473E00001F4000004A3E0000231400004F3E00002BCC00";
    for token in unpack(tokens).unwrap() {
        members(token.recurrence.class(), &token);
    }
    members("SMS_OS_Details", &OsDetails::default());
    members("SMS_CollectionVariable", &CollectionVariable::default());
    let window = ServiceWindow {
        name: "Nights".into(),
        description: String::new(),
        id: String::new(),
        is_enabled: true,
        schedules: "0034394008100008".into(),
        kind: WindowType::General,
        start_time: Some("2026-03-01T01:00:00Z".parse().unwrap()),
        duration: Some(60),
        recurrence_type: Some(super::service_window::RecurrenceType::Daily),
        is_gmt: Some(false),
        other: Map::new(),
    };
    members("SMS_ServiceWindow", &window);
}

#[test]
fn class_files_fit_together() {
    for class in CLASSES.values() {
        let name = &class.name;
        // What has neither a key nor an owner offers methods alone.
        let only_methods = class.property.is_empty() && !class.method.is_empty();
        assert_eq!(
            class.embedded || only_methods,
            class.key.is_empty(),
            "{name}: embedded or keyed"
        );
        assert_eq!(
            class.embedded,
            class.access.is_none(),
            "{name}: access is for lists"
        );
        assert_eq!(
            class.derivation.last().map(String::as_str),
            Some("SMS_BaseClass"),
            "{name}"
        );
        for key in &class.key {
            assert_eq!(property(name, key).access, "key", "{name}.{key}");
        }
        for (property_name, entry) in &class.property {
            property_fits(class, property_name, entry);
        }
        let parameters = class
            .method
            .iter()
            .flat_map(|method| method.inputs.values().chain(method.outputs.values()));
        parameters.for_each(|kind| kind_is_known(name, kind));
    }
}

fn property_fits(class: &ClassFile, name: &str, entry: &PropertyEntry) {
    let place = format!("{}.{name}", class.name);
    kind_is_known(&place, &entry.kind);
    assert!(
        ["key", "ro", "rw"].contains(&entry.access.as_str()),
        "{place}"
    );
    assert_eq!(
        entry.access == "key",
        class.key.iter().any(|key| key == name),
        "{place}: key"
    );
    assert!(
        !(entry.access == "ro" && entry.required),
        "{place}: nobody could give it"
    );
    assert!(
        entry.limit.is_none() || entry.kind == "String",
        "{place}: limit"
    );
    let fits = match (&entry.default, entry.kind.as_str()) {
        (None, _) => true,
        (Some(value), "Boolean") => value.is_boolean(),
        (Some(value), "UInt32" | "UInt64") => value.is_u64(),
        (Some(value), "SInt32" | "SInt64") => value.is_i64(),
        (Some(value), "String") => value.is_string(),
        (Some(Value::String(text)), "DateTime") => text.parse::<super::time::WireTime>().is_ok(),
        _ => false,
    };
    assert!(fits, "{place}: default");
}

fn kind_is_known(place: &str, kind: &str) {
    const PLAIN: [&str; 10] = [
        "String", "UInt32", "UInt64", "SInt32", "SInt64", "Boolean", "DateTime", "UInt8[]",
        "String[]", "UInt32[]",
    ];
    let embedded = kind
        .strip_prefix("Object:")
        .or_else(|| kind.strip_prefix("Object[]:"));
    match embedded {
        Some(name) => assert!(class(name).embedded, "{place}: {kind}"),
        None => assert!(PLAIN.contains(&kind), "{place}: {kind}"),
    }
}
