//! What an account may do with an object: the bits of `__QUALIFIER_SECURITYVERBS`.
//!
//! The names are those of the product's early documentation, in the words its console uses today. A site gives all bits
//! at once (-1) to whoever may do everything.

use serde::{Deserialize, Serialize};

use super::wire::flags;

flags! {
    /// Rights on one object.
    pub struct Rights {
        READ = 0 => "Read",
        MODIFY = 1 => "Modify",
        DELETE = 2 => "Delete",
        DISTRIBUTE = 3 => "Copy to Distribution Point",
        REMOTE_CONTROL = 5 => "Remote Control",
        ADVERTISE = 6 => "Deploy Packages",
        MODIFY_RESOURCE = 7 => "Modify Resource",
        ADMINISTER = 8 => "Administer",
        DELETE_RESOURCE = 9 => "Delete Resource",
        CREATE = 10 => "Create",
        VIEW_COLLECTED_FILE = 11 => "View Collected File",
        READ_RESOURCE = 12 => "Read Resource",
    }
}

impl Rights {
    /// The number as a site writes it: signed, and -1 for everything.
    pub fn of_number(number: i64) -> Option<Self> {
        let signed = i32::try_from(number).map(i32::cast_unsigned);
        let bits = signed.or_else(|_| u32::try_from(number)).ok()?;
        Some(Self::from_bits_retain(bits))
    }

    /// Those of the wanted rights that are not there, in words.
    pub fn missing(self, wanted: Self) -> Vec<String> {
        let missing = Self::from_bits_retain(wanted.bits() & !self.bits());
        missing.words().into_iter().map(Into::into).collect()
    }
}

/// How much of a site an account sees, as far as the site says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sight {
    /// Lists are of everything there is, and counts are those of the site.
    Whole,
    /// Security scopes or collections limit the account: what lies outside is left out without a word.
    Part,
    #[default]
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_read_signed_and_unsigned() {
        let wanted = Rights::READ | Rights::CREATE | Rights::ADVERTISE;
        for all in [-1, 0xffff_ffff] {
            let rights = Rights::of_number(all).unwrap();
            assert_eq!(rights.missing(wanted), Vec::<String>::new());
        }
        let some = Rights::of_number(1 | 1 << 10).unwrap();
        assert_eq!(some.missing(wanted), ["Deploy Packages"]);
        assert_eq!(Rights::of_number(i64::MAX), None);
    }
}
