//! The classes of the field, as the SMS Provider knows them: pure words, no I/O.
//!
//! For each class there are up to three types, so that nothing read in part can ever be saved whole:
//! - a *row* is what a list shows; its fields **are** its `$select` (see [`row!`](crate::row));
//! - an *instance* is read by key, with its lazy properties; properties we do not know are kept beside the known ones;
//! - *changes* have every field optional and are the only thing ever sent.
//!
//! Rust names are the snake case of the class's property names; serde carries the exact names.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a list of a class shows: a set of columns, never a lazy one.
pub trait Row: DeserializeOwned + Serialize + Clone + Send + Sync + 'static {
    /// Class name, for example `SMS_Package`.
    const CLASS: &'static str;
    /// Property names of the fields, in their order: the `$select` of every list of this type.
    const SELECT: &'static [&'static str];
    /// Key properties of the class, in their order.
    const KEY: &'static [&'static str];
}

/// One object of a class, read by key, lazy properties included.
pub trait Instance: DeserializeOwned + Serialize + Clone + Send + Sync + 'static {
    /// Class name.
    const CLASS: &'static str;
    /// What names one object of the class.
    type Id: Key;
}

/// What is sent on a create or an update: only the properties that are `Some`.
pub trait Changes: Serialize + Send + Sync {
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

/// Declares a row: the struct, its serde names and its `$select` from one list.
///
/// ```
/// consign::row! {
///     /// What the packages pane shows.
///     pub struct Sample: "SMS_Package" key ["PackageID"] {
///         pub package_id: String = "PackageID",
///         /// Publisher.
///         pub manufacturer: Option<String> = "Manufacturer",
///     }
/// }
/// use consign::sms::Row;
/// assert_eq!(Sample::SELECT, ["PackageID", "Manufacturer"]);
/// ```
#[macro_export]
macro_rules! row {
    ($(#[$meta:meta])* $vis:vis struct $name:ident: $class:literal key [$($key:literal),+ $(,)?] {
        $($(#[$fmeta:meta])* $fvis:vis $field:ident: $type:ty = $property:literal),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        $vis struct $name { $($(#[$fmeta])* #[serde(rename = $property)] $fvis $field: $type),+ }

        impl $crate::sms::Row for $name {
            const CLASS: &'static str = $class;
            const SELECT: &'static [&'static str] = &[$($property),+];
            const KEY: &'static [&'static str] = &[$($key),+];
        }
    };
}
