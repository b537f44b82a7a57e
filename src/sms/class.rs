//! How a class becomes types: the macros that make rows, instances and changes from one list of properties.
//!
//! A field is `name: Type = "Property"`. Written so, the property must be there and not null, unless the type is an
//! `Option`. With `or default` behind it, null and absence mean the type's default: right for texts, lists and words
//! whose class documents a default, wrong for anything where a guess would mislead.

/// Declares a row: the struct, its serde names, its key and its `$select` from one list.
///
/// ```ignore
/// row! {
///     /// What the packages pane shows.
///     pub struct PackageRow: "SMS_Package" key { package_id: PackageId = "PackageID" } {
///         /// Publisher.
///         manufacturer: String = "Manufacturer" or default,
///         source_version: Option<u32> = "SourceVersion",
///     }
/// }
/// ```
macro_rules! row {
    ($(#[$meta:meta])* pub struct $name:ident: $class:literal key {
        $($(#[$kmeta:meta])* $key:ident: $ktype:ty = $kprop:literal),+ $(,)?
    } {
        $($(#[$fmeta:meta])* $field:ident: $type:ty = $prop:literal $(or $blank:ident)?),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $($(#[$kmeta])* #[serde(rename = $kprop)] pub $key: $ktype,)+
            $($(#[$fmeta])* #[serde(rename = $prop)]
              $(#[serde($blank, deserialize_with = "crate::sms::wire::null_as_default")])?
              pub $field: $type,)*
        }

        impl $crate::sms::Described for $name {
            const PROPERTIES: &'static [$crate::sms::Property] = &[
                $($crate::sms::Property::of::<$ktype>($kprop),)+
                $($crate::sms::Property::of::<$type>($prop),)*
            ];
        }

        impl $crate::sms::Row for $name {
            const CLASS: &'static str = $class;
            const SELECT: &'static [&'static str] = &[$($kprop,)+ $($prop),*];
            const KEY: &'static [&'static str] = &[$($kprop),+];

            fn key(&self) -> Vec<(&'static str, $crate::sms::KeyPart)> {
                vec![$(($kprop, $crate::sms::KeyPart::from(self.$key.clone()))),+]
            }
        }
    };
}

/// Declares an instance: like a row, with what names it, and a place for the properties it does not know.
///
/// ```ignore
/// instance! {
///     pub struct Program: "SMS_Program" id ProgramId = |it| it.name_it() { .. }
/// }
/// ```
macro_rules! instance {
    ($(#[$meta:meta])* pub struct $name:ident: $class:literal id $id:ty = |$this:ident| $make:expr; {
        $($(#[$fmeta:meta])* $field:ident: $type:ty = $prop:literal $(or $blank:ident)?),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $($(#[$fmeta])* #[serde(rename = $prop)]
              $(#[serde($blank, deserialize_with = "crate::sms::wire::null_as_default")])?
              pub $field: $type,)+
            /// What came beside the properties named above, as it came: other properties, `__` and `@odata` members.
            #[serde(flatten)]
            pub other: serde_json::Map<String, serde_json::Value>,
        }

        impl $crate::sms::Described for $name {
            const PROPERTIES: &'static [$crate::sms::Property] =
                &[$($crate::sms::Property::of::<$type>($prop)),+];
        }

        impl $crate::sms::Instance for $name {
            const CLASS: &'static str = $class;
            type Id = $id;

            fn id(&self) -> $id {
                let $this = self;
                $make
            }
        }
    };
}

/// Declares changes: every field an `Option`, absent when `None`.
///
/// ```ignore
/// changes! {
///     pub struct PackageChanges of Package { name: String = "Name" }
/// }
/// ```
macro_rules! changes {
    ($(#[$meta:meta])* pub struct $name:ident of $of:ty {
        $($(#[$fmeta:meta])* $field:ident: $type:ty = $prop:literal),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            $($(#[$fmeta])* #[serde(rename = $prop, skip_serializing_if = "Option::is_none")]
              pub $field: Option<$type>,)+
        }

        impl $crate::sms::Described for $name {
            const PROPERTIES: &'static [$crate::sms::Property] =
                &[$($crate::sms::Property::of::<$type>($prop)),+];
        }

        impl $crate::sms::Changes for $name {
            type Of = $of;
        }
    };
}

pub(crate) use {changes, instance, row};
