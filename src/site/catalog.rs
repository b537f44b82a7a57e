//! The classes this site knows, read from `assets/classes/*.toml`: properties, types, access, lazy ones, keys,
//! defaults, limits, methods. Tables, JSON, `$metadata` and checks are all derived from it.
//!
//! The files are part of the program; [`Catalog::shipped`] reads them once.

mod file;
mod shipped;

use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};
use std::str::FromStr;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

/// Every class of the site, by name in any case.
#[derive(Debug)]
pub struct Catalog {
    classes: Vec<Class>,
    by_name: HashMap<String, usize>,
}

/// One class.
#[derive(Debug, Clone)]
pub struct Class {
    pub name: String,
    /// Ancestors, nearest first.
    pub derivation: Vec<String>,
    /// Key properties, alphabetically: the order of etags and paths.
    pub key: Vec<String>,
    /// Whether rights are kept for each object; decides `__QUALIFIER_SECURITYVERBS`.
    pub secured: bool,
    pub access: ClassAccess,
    /// Occurs only inside objects of other classes: no entity set, no table.
    pub embedded: bool,
    pub methods: Vec<Method>,
    /// Alphabetically, whatever the case.
    pub properties: Vec<Property>,
}

/// What a client may do with the objects of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClassAccess {
    /// Create, update, delete.
    Write,
    #[default]
    Read,
}

/// One property of a class.
#[derive(Debug, Clone)]
pub struct Property {
    pub name: String,
    pub kind: Kind,
    pub access: Access,
    /// The provider makes the value of this key property.
    pub generated: bool,
    /// May not be null on a create.
    pub required: bool,
    /// Only filled by a read by key.
    pub lazy: bool,
    /// Longest text, in characters.
    pub limit: Option<usize>,
    /// What an insert without a value gets; absent is null.
    pub default: Option<Value>,
}

/// Who writes a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// Set once, on the create.
    Key,
    /// The site.
    Ro,
    /// Any client.
    Rw,
}

/// The type of a property or parameter, in the words of WMI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    String,
    UInt32,
    UInt64,
    SInt32,
    SInt64,
    Boolean,
    DateTime,
    /// `UInt8[]`: base64 text on the wire.
    Bytes,
    Strings,
    Numbers,
    /// One embedded object of this class or of one derived from it.
    Object(String),
    Objects(String),
}

/// A method of a class.
#[derive(Debug, Clone)]
pub struct Method {
    pub name: String,
    /// Called on the class, not on an object.
    pub is_static: bool,
    pub inputs: Vec<(String, Kind)>,
    pub outputs: Vec<(String, Kind)>,
}

/// A class file that cannot be used. Only a faulty build has one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("class file {file}: {reason}")]
pub struct CatalogError {
    pub file: String,
    pub reason: String,
}

impl Catalog {
    /// The catalog of the classes this program was built with.
    pub fn shipped() -> Result<&'static Self, CatalogError> {
        static SHIPPED: LazyLock<Result<Catalog, CatalogError>> =
            LazyLock::new(|| Catalog::read(shipped::FILES));
        SHIPPED.as_ref().map_err(Clone::clone)
    }

    /// Reads class files given as name and text.
    fn read(files: &[(&str, &str)]) -> Result<Self, CatalogError> {
        let mut classes = files
            .iter()
            .map(|(name, text)| file::class(name, text))
            .collect::<Result<Vec<_>, _>>()?;
        classes.sort_by_cached_key(|class| class.name.to_ascii_lowercase());
        file::inherit(&mut classes);
        let by_name = classes
            .iter()
            .enumerate()
            .map(|(index, class)| (class.name.to_ascii_lowercase(), index))
            .collect();
        Ok(Self { classes, by_name })
    }

    /// All classes, alphabetically.
    pub fn classes(&self) -> &[Class] {
        &self.classes
    }

    /// The class of this name, in any case.
    pub fn class(&self, name: &str) -> Option<&Class> {
        let index = *self.by_name.get(&name.to_ascii_lowercase())?;
        self.classes.get(index)
    }

    /// Whether an object of `class` may stand where `declared` is said: the class itself or one derived from it.
    pub fn is_kind_of(&self, class: &Class, declared: &str) -> bool {
        class.name.eq_ignore_ascii_case(declared)
            || class
                .derivation
                .iter()
                .any(|ancestor| ancestor.eq_ignore_ascii_case(declared))
    }

    /// Whether objects of a declared class must say which class they are of: some class is derived from it.
    pub fn is_abstract(&self, declared: &str) -> bool {
        self.classes.iter().any(|class| {
            class
                .derivation
                .iter()
                .any(|ancestor| ancestor.eq_ignore_ascii_case(declared))
        })
    }
}

impl Class {
    /// The property of this name, in any case.
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties
            .iter()
            .find(|property| property.name.eq_ignore_ascii_case(name))
    }

    /// The method of this name, in any case.
    pub fn method(&self, name: &str) -> Option<&Method> {
        self.methods
            .iter()
            .find(|method| method.name.eq_ignore_ascii_case(name))
    }

    /// The key properties, in the order of etags and paths.
    pub fn keys(&self) -> impl Iterator<Item = &Property> {
        self.key.iter().filter_map(|name| self.property(name))
    }

    /// Whether the class has objects of its own to list.
    pub fn has_objects(&self) -> bool {
        !self.embedded && !self.key.is_empty()
    }

    /// The nearest ancestor.
    pub fn superclass(&self) -> Option<&str> {
        self.derivation.first().map(String::as_str)
    }
}

impl Property {
    pub fn is_key(&self) -> bool {
        self.access == Access::Key
    }
}

impl Kind {
    /// Whether values are texts that are compared without regard to case.
    pub fn is_text(&self) -> bool {
        matches!(self, Self::String)
    }

    pub fn is_integer(&self) -> bool {
        matches!(
            self,
            Self::UInt32 | Self::UInt64 | Self::SInt32 | Self::SInt64
        )
    }

    /// The class of embedded objects.
    pub fn embedded_class(&self) -> Option<&str> {
        match self {
            Self::Object(class) | Self::Objects(class) => Some(class),
            _ => None,
        }
    }

    /// The smallest and largest value of a whole number.
    pub fn range(&self) -> Option<(i64, i64)> {
        match self {
            Self::UInt32 => Some((0, u32::MAX.into())),
            Self::SInt32 => Some((i32::MIN.into(), i32::MAX.into())),
            Self::UInt64 => Some((0, i64::MAX)),
            Self::SInt64 => Some((i64::MIN, i64::MAX)),
            _ => None,
        }
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "String" => Self::String,
            "UInt32" => Self::UInt32,
            "UInt64" => Self::UInt64,
            "SInt32" => Self::SInt32,
            "SInt64" => Self::SInt64,
            "Boolean" => Self::Boolean,
            "DateTime" => Self::DateTime,
            "UInt8[]" => Self::Bytes,
            "String[]" => Self::Strings,
            "UInt32[]" => Self::Numbers,
            _ => {
                if let Some(class) = text.strip_prefix("Object:") {
                    Self::Object(class.to_owned())
                } else if let Some(class) = text.strip_prefix("Object[]:") {
                    Self::Objects(class.to_owned())
                } else {
                    return Err(format!("{text:?} is no type"));
                }
            }
        })
    }
}

/// As class files write it.
impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => f.write_str("String"),
            Self::UInt32 => f.write_str("UInt32"),
            Self::UInt64 => f.write_str("UInt64"),
            Self::SInt32 => f.write_str("SInt32"),
            Self::SInt64 => f.write_str("SInt64"),
            Self::Boolean => f.write_str("Boolean"),
            Self::DateTime => f.write_str("DateTime"),
            Self::Bytes => f.write_str("UInt8[]"),
            Self::Strings => f.write_str("String[]"),
            Self::Numbers => f.write_str("UInt32[]"),
            Self::Object(class) => write!(f, "Object:{class}"),
            Self::Objects(class) => write!(f, "Object[]:{class}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = r#"
        name = "SMS_Token"
        embedded = true
        [property.StartTime]
        type = "DateTime"
        access = "rw"
    "#;

    const DERIVED: &str = r#"
        name = "SMS_ST_Weekly"
        derivation = ["SMS_Token"]
        embedded = true
        [property.Day]
        type = "UInt32"
        access = "rw"
        default = 1
    "#;

    const THING: &str = r#"
        name = "SMS_Thing"
        derivation = ["SMS_BaseClass"]
        key = ["SiteCode", "NALPath"]
        access = "write"
        [[method]]
        name = "Verify"
        static = true
        in = { NALPath = "String" }
        [property.SiteCode]
        type = "String"
        access = "key"
        limit = 3
        [property.NALPath]
        type = "String"
        access = "key"
        [property.Schedule]
        type = "Object[]:SMS_Token"
        access = "rw"
        lazy = true
    "#;

    fn catalog() -> Catalog {
        Catalog::read(&[
            ("SMS_Token", BASE),
            ("SMS_ST_Weekly", DERIVED),
            ("SMS_Thing", THING),
        ])
        .unwrap()
    }

    #[test]
    fn names_are_found_in_any_case() {
        let catalog = catalog();
        let class = catalog.class("sms_thing").unwrap();
        assert_eq!(class.property("sitecode").unwrap().limit, Some(3));
        assert!(class.method("VERIFY").unwrap().is_static);
        assert_eq!(class.key, ["NALPath", "SiteCode"]);
    }

    #[test]
    fn a_derived_class_has_the_properties_of_its_ancestors() {
        let catalog = catalog();
        let weekly = catalog.class("SMS_ST_Weekly").unwrap();
        assert!(weekly.property("StartTime").is_some());
        assert!(catalog.is_kind_of(weekly, "SMS_Token"));
        assert!(catalog.is_abstract("SMS_Token") && !catalog.is_abstract("SMS_ST_Weekly"));
    }

    #[test]
    fn a_faulty_file_is_named() {
        let fault = Catalog::read(&[(
            "SMS_X",
            "name = \"SMS_X\"\n[property.A]\ntype = \"Int\"\naccess = \"rw\"",
        )])
        .unwrap_err();
        assert!(
            fault.to_string().contains("SMS_X") && fault.reason.contains("Int"),
            "{fault}"
        );
        let fault = Catalog::read(&[("SMS_X", "name = \"SMS_X\"\nkey = [\"Id\"]")]).unwrap_err();
        assert!(fault.reason.contains("Id"), "{fault}");
    }

    #[test]
    fn the_shipped_catalog_is_sound() {
        let catalog = Catalog::shipped().unwrap();
        for class in catalog.classes() {
            for property in &class.properties {
                if let Some(embedded) = property.kind.embedded_class() {
                    assert!(
                        catalog.class(embedded).is_some(),
                        "{}.{}: {embedded} is unknown",
                        class.name,
                        property.name
                    );
                }
            }
        }
    }

    #[test]
    fn every_file_of_the_folder_is_shipped() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/classes");
        let mut there: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| {
                entry
                    .unwrap()
                    .file_name()
                    .to_str()?
                    .strip_suffix(".toml")
                    .map(str::to_owned)
            })
            .collect();
        there.sort();
        let mut shipped: Vec<_> = shipped::FILES
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect();
        shipped.sort();
        assert_eq!(
            shipped, there,
            "src/site/catalog/shipped.rs lists other files than assets/classes holds"
        );
    }
}
