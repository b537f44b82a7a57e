//! How plain values travel: what stands for a value on the wire, and the oddities every reader must survive.
//!
//! Null and absence both occur for values that were never set, and a 32-bit word may come as a negative number.

use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value};

/// A Rust type that travels as one of the class types.
pub trait WireValue {
    /// The type as the catalog writes it: `String`, `UInt32`, `Object[]:SMS_ScheduleToken`, ...
    const WIRE: &'static str;
}

macro_rules! travels {
    ($($type:ty => $wire:literal),+ $(,)?) => {
        $(impl $crate::sms::WireValue for $type { const WIRE: &'static str = $wire; })+
    };
}

travels! {
    String => "String",
    bool => "Boolean",
    u32 => "UInt32",
    u64 => "UInt64",
    i32 => "SInt32",
    i64 => "SInt64",
    Vec<String> => "String[]",
    Vec<u32> => "UInt32[]",
}

impl<T: WireValue> WireValue for Option<T> {
    const WIRE: &'static str = T::WIRE;
}

/// Reads null as the default; for fields whose class documents one, or where empty and never set mean the same.
pub(crate) fn null_as_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Default,
    D: Deserializer<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads a 32-bit word, also one that was printed as a signed number.
///
/// State -1 of an advertisement arrives as 4294967295 or -1, and so may a word whose bit 31 is set.
pub(crate) fn word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let number = i64::deserialize(deserializer)?;
    u32::try_from(number)
        .or_else(|_| i32::try_from(number).map(i32::cast_unsigned))
        .map_err(|_| de::Error::custom(format_args!("{number} is not a 32-bit word")))
}

/// Declares an enum for a number with meanings, each with the words people read. Numbers without a meaning are kept.
///
/// ```ignore
/// values! {
///     /// How urgently the files are sent.
///     pub enum Priority { High = 1 => "high", Normal = 2 => "normal" }
/// }
/// ```
macro_rules! values {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$vmeta:meta])* $variant:ident = $number:literal => $words:literal),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
        #[serde(into = "u32")]
        pub enum $name {
            $($(#[$vmeta])* $variant,)+
            /// A number the class page does not list.
            Other(u32),
        }

        impl $name {
            /// Every listed value, in the order of the class page.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// What people read; `None` for a number without a meaning.
            pub fn words(self) -> Option<&'static str> {
                match self {
                    $(Self::$variant => Some($words),)+
                    Self::Other(_) => None,
                }
            }
        }

        impl From<u32> for $name {
            fn from(number: u32) -> Self {
                match number {
                    $($number => Self::$variant,)+
                    _ => Self::Other(number),
                }
            }
        }

        impl From<$name> for u32 {
            fn from(value: $name) -> Self {
                match value {
                    $($name::$variant => $number,)+
                    $name::Other(number) => number,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self.words() {
                    Some(words) => f.pad(words),
                    None => f.pad(&format!("unknown ({})", u32::from(*self))),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::sms::wire::word(deserializer).map(Self::from)
            }
        }

        impl $crate::sms::WireValue for $name {
            const WIRE: &'static str = "UInt32";
        }
    };
}

/// Declares a flag word: named bits of a plain number. Bits without a name are kept.
macro_rules! flags {
    ($(#[$meta:meta])* pub struct $name:ident {
        $($(#[doc = $doc:literal])* $flag:ident = $bit:literal => $words:literal),+ $(,)?
    }) => {
        bitflags::bitflags! {
            $(#[$meta])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
            pub struct $name: u32 {
                $($(#[doc = $doc])* const $flag = 1 << $bit;)+
                // Bits without a name belong to whoever wrote them: they are read, kept and sent back.
                const _ = !0;
            }
        }

        impl $name {
            /// The named bits with the words people read, lowest first.
            pub const WORDS: &'static [(Self, &'static str)] = &[$((Self::$flag, $words)),+];

            /// The bits that are set, in words, lowest first; a bit without a name is told by its number.
            pub fn words(self) -> Vec<std::borrow::Cow<'static, str>> {
                (0..u32::BITS)
                    .filter(|bit| self.bits() & (1 << bit) != 0)
                    .map(|bit| {
                        let named = Self::WORDS.iter().find(|(flag, _)| flag.bits() == 1 << bit);
                        named.map_or_else(|| format!("bit {bit}").into(), |(_, words)| (*words).into())
                    })
                    .collect()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_u32(self.bits())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::sms::wire::word(deserializer).map(Self::from_bits_retain)
            }
        }

        impl $crate::sms::WireValue for $name {
            const WIRE: &'static str = "UInt32";
        }
    };
}

/// Prefix of the class name in `@odata.type`.
const NAMESPACE: &str = "#AdminService.";

/// Takes the class of an embedded object out of its members: by `@odata.type`, else by the WMI class name beside it.
///
/// Members that only describe the object (`__` and `@odata`) are dropped: a site takes its own answers back without them.
pub(crate) fn class_of(members: &mut Map<String, Value>) -> Option<String> {
    let named = |value: Option<Value>| match value {
        Some(Value::String(name)) => Some(
            name.strip_prefix(NAMESPACE)
                .unwrap_or(&name)
                .trim_start_matches('#')
                .to_owned(),
        ),
        _ => None,
    };
    let typed = named(members.remove("@odata.type"));
    let class = typed.or_else(|| named(members.remove("__CLASS")));
    members.retain(|name, _| !name.starts_with("__") && !name.starts_with("@odata."));
    class
}

/// The members of an embedded object so far: its class.
pub(crate) fn typed(class: &str) -> Map<String, Value> {
    Map::from_iter([(
        "@odata.type".to_owned(),
        format!("{NAMESPACE}{class}").into(),
    )])
}

pub(crate) use {flags, travels, values};
