//! The classes of the field, as the SMS Provider knows them: pure words, no I/O.
//!
//! For each class there are up to three types, so that nothing read in part can ever be saved whole:
//! - a *row* is what a list shows; its fields **are** its `$select` (see `row!` in `class`);
//! - an *instance* is read by key, with its lazy properties; properties we do not know are kept beside the known ones;
//! - *changes* have every field optional and are the only thing ever sent.
//!
//! Rust names are the snake case of the class's property names; serde carries the exact names. What the provider
//! refuses or fills in is not said here: that is the business of a site.

use serde::Serialize;
use serde::de::DeserializeOwned;

pub mod advertisement;
pub mod advertisement_flags;
pub mod application;
pub mod choices;
pub(crate) mod class;
pub mod collection;
pub mod collection_rule;
pub mod distribution_point;
pub mod folder;
#[cfg(test)]
mod held_to_catalog;
pub mod ids;
pub mod nal;
pub mod package;
pub mod program;
pub mod program_flags;
pub mod resource;
pub mod rights;
pub mod schedule;
pub mod scope;
pub mod service_window;
pub mod site;
pub mod stamped;
pub mod status;
pub mod time;
pub mod wire;

pub use wire::WireValue;

/// What a list of a class shows: a set of columns, never a lazy one.
pub trait Row: Described + DeserializeOwned + Serialize + Clone + Send + Sync + 'static {
    /// Class name, for example `SMS_Package`.
    const CLASS: &'static str;
    /// Property names of the fields, in their order: the `$select` of every list of this type.
    const SELECT: &'static [&'static str];
    /// Key properties of the class, in their order.
    const KEY: &'static [&'static str];

    /// Key properties and their values: what names this row, and what a window of rows is anchored by.
    fn key(&self) -> Vec<(&'static str, KeyPart)>;
}

/// One object of a class, read by key, lazy properties included.
pub trait Instance:
    Described + DeserializeOwned + Serialize + Clone + Send + Sync + 'static
{
    /// Class name.
    const CLASS: &'static str;
    /// What names one object of the class.
    type Id: Key;

    /// What names this object.
    fn id(&self) -> Self::Id;
}

/// What is sent on a create or an update: only the properties that are `Some`.
pub trait Changes: Described + Serialize + Send + Sync {
    /// The class these changes are for.
    type Of: Instance;
}

/// The key of an object as the provider knows it.
pub trait Key: Clone + Send + Sync + 'static {
    /// Key properties and their values, in the class's order.
    fn parts(&self) -> Vec<(&'static str, KeyPart)>;
}

/// One value of a key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum KeyPart {
    Text(String),
    Number(u64),
}

/// A type whose properties are known by name and type, so that a test can hold it against the catalog.
pub trait Described {
    /// Every property the type names, in the order of its fields.
    const PROPERTIES: &'static [Property];
}

/// One property of a class as a type of this room sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Property {
    pub name: &'static str,
    /// Type as the catalog writes it, for example `UInt32`.
    pub wire: &'static str,
}

impl Property {
    /// The property of this name, with the type that travels for `T`.
    pub const fn of<T: WireValue>(name: &'static str) -> Self {
        Self {
            name,
            wire: T::WIRE,
        }
    }
}

impl From<String> for KeyPart {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for KeyPart {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for KeyPart {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}
