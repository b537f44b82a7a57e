//! The shape of a class file, and what is made of it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Access, CatalogError, Class, ClassAccess, Kind, Method, Property};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassFile {
    name: String,
    #[serde(default)]
    derivation: Vec<String>,
    #[serde(default)]
    key: Vec<String>,
    #[serde(default)]
    secured: bool,
    #[serde(default)]
    access: ClassAccess,
    #[serde(default)]
    embedded: bool,
    #[serde(default)]
    method: Vec<MethodEntry>,
    #[serde(default)]
    property: BTreeMap<String, PropertyEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MethodEntry {
    name: String,
    #[serde(default, rename = "static")]
    is_static: bool,
    #[serde(default, rename = "in")]
    inputs: BTreeMap<String, String>,
    #[serde(default, rename = "out")]
    outputs: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PropertyEntry {
    #[serde(rename = "type")]
    kind: String,
    access: Access,
    #[serde(default)]
    generated: bool,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    lazy: bool,
    limit: Option<usize>,
    default: Option<Value>,
}

/// Reads one class file.
pub(super) fn class(file: &str, text: &str) -> Result<Class, CatalogError> {
    let fault = |reason: String| CatalogError {
        file: file.to_owned(),
        reason,
    };
    let read: ClassFile = toml::from_str(text).map_err(|error| fault(error.to_string()))?;
    let mut properties = read
        .property
        .into_iter()
        .map(|(name, entry)| property(name, entry))
        .collect::<Result<Vec<_>, _>>()
        .map_err(fault)?;
    sort(&mut properties);
    let mut class = Class {
        name: read.name,
        derivation: read.derivation,
        key: read.key,
        secured: read.secured,
        access: read.access,
        embedded: read.embedded,
        methods: read
            .method
            .into_iter()
            .map(method)
            .collect::<Result<_, _>>()
            .map_err(fault)?,
        properties,
    };
    class.key.sort_by_key(|name| name.to_ascii_lowercase());
    match class.key.iter().find(|name| class.property(name).is_none()) {
        Some(missing) => Err(fault(format!("the key {missing} is no property"))),
        None => Ok(class),
    }
}

/// Gives each class the properties its ancestors have and it does not name itself.
pub(super) fn inherit(classes: &mut [Class]) {
    let before = classes.to_vec();
    for class in classes {
        let ancestors = class.derivation.clone();
        for ancestor in before
            .iter()
            .filter(|other| ancestors.contains(&other.name))
        {
            for property in &ancestor.properties {
                if class.property(&property.name).is_none() {
                    class.properties.push(property.clone());
                }
            }
        }
        sort(&mut class.properties);
    }
}

fn sort(properties: &mut [Property]) {
    properties.sort_by_cached_key(|property| property.name.to_ascii_lowercase());
}

fn property(name: String, entry: PropertyEntry) -> Result<Property, String> {
    let kind: Kind = entry
        .kind
        .parse()
        .map_err(|reason| format!("{name}: {reason}"))?;
    Ok(Property {
        name,
        kind,
        access: entry.access,
        generated: entry.generated,
        required: entry.required,
        lazy: entry.lazy,
        limit: entry.limit,
        default: entry.default,
    })
}

fn method(entry: MethodEntry) -> Result<Method, String> {
    let parameters = |named: BTreeMap<String, String>| {
        named
            .into_iter()
            .map(|(name, kind)| Ok((name, kind.parse()?)))
            .collect::<Result<Vec<_>, String>>()
    };
    Ok(Method {
        inputs: parameters(entry.inputs).map_err(|reason| format!("{}: {reason}", entry.name))?,
        outputs: parameters(entry.outputs).map_err(|reason| format!("{}: {reason}", entry.name))?,
        name: entry.name,
        is_static: entry.is_static,
    })
}
