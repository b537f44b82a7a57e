//! What the provider says when it refuses: `SMS_ExtendedStatus`, which travels as text inside the message of an error
//! body (errors.md 1 and 2).

use std::fmt::{self, Display, Formatter};

/// The wording around the codes is the text form of a WMI object; only these members are of use to anybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExtendedStatus {
    /// What went wrong, in words. Shown first.
    pub description: Option<String>,
    /// The provider's own code (errors.md 2).
    pub error_code: Option<u32>,
    /// The WBEM code, `0x8004…` (errors.md 3).
    pub status_code: Option<u32>,
    /// `PutInstance`, `DeleteInstance`, `ExecMethod`, `ExecQuery`.
    pub operation: Option<String>,
    /// The object or query that was asked for.
    pub parameter: Option<String>,
}

impl ExtendedStatus {
    /// Finds what there is to find in an error message; `None` when it holds neither a code nor a description.
    pub fn find(message: &str) -> Option<Self> {
        let status = Self {
            description: text(message, "Description"),
            error_code: number(message, "ErrorCode"),
            status_code: number(message, "StatusCode").or_else(|| wbem_code(message)),
            operation: text(message, "Operation"),
            parameter: text(message, "ParameterInfo"),
        };
        let found = status.description.is_some()
            || status.error_code.is_some()
            || status.status_code.is_some();
        found.then_some(status)
    }
}

impl Display for ExtendedStatus {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("instance of SMS_ExtendedStatus\n{\n")?;
        let texts = [
            ("Description", &self.description),
            ("Operation", &self.operation),
            ("ParameterInfo", &self.parameter),
        ];
        for (name, value) in texts {
            if let Some(value) = value {
                let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
                writeln!(f, "\t{name} = \"{escaped}\";")?;
            }
        }
        let codes = [
            ("ErrorCode", self.error_code),
            ("StatusCode", self.status_code),
        ];
        for (name, value) in codes {
            if let Some(value) = value {
                writeln!(f, "\t{name} = {value};")?;
            }
        }
        f.write_str("}")
    }
}

/// What stands behind `Name =`.
fn after<'m>(message: &'m str, name: &str) -> Option<&'m str> {
    message.match_indices(name).find_map(|(at, _)| {
        let before = message.get(..at)?.chars().next_back();
        let behind = message
            .get(at + name.len()..)?
            .trim_start()
            .strip_prefix('=')?;
        (!before.is_some_and(char::is_alphanumeric)).then(|| behind.trim_start())
    })
}

fn text(message: &str, name: &str) -> Option<String> {
    let mut characters = after(message, name)?.strip_prefix('"')?.chars();
    let mut value = String::new();
    loop {
        match characters.next()? {
            '"' => return Some(value),
            '\\' => value.push(characters.next()?),
            character => value.push(character),
        }
    }
}

fn number(message: &str, name: &str) -> Option<u32> {
    let behind = after(message, name)?;
    let end = behind
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(behind.len());
    behind.get(..end)?.parse().ok()
}

/// A `0x8004xxxx` anywhere in the text.
fn wbem_code(message: &str) -> Option<u32> {
    message.match_indices("0x8").find_map(|(at, _)| {
        let digits = message.get(at + 2..at + 10)?;
        u32::from_str_radix(digits, 16).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_alone_is_found() {
        let status = ExtendedStatus::find("Generic failure (0x80041001) of the provider").unwrap();
        assert_eq!(
            (status.status_code, status.description),
            (Some(0x8004_1001), None)
        );
        assert_eq!(ExtendedStatus::find("Not a code: 0x8, nor ErrorCode"), None);
    }

    #[test]
    fn members_are_found_in_any_order() {
        let status = ExtendedStatus::find(
            "instance of SMS_ExtendedStatus\n{\n\tErrorCode = 1078462258;\n\tDescription = \"User \\\"LAB\\\\ann\\\" is not able to get the lock\";\n\tStatusCode = 2147749889;\n};",
        )
        .unwrap();
        assert_eq!(
            status.description.as_deref(),
            Some("User \"LAB\\ann\" is not able to get the lock")
        );
        assert_eq!(
            (status.error_code, status.status_code),
            (Some(0x4048_0732), Some(0x8004_1001))
        );
    }

    proptest! {
        #[test]
        fn what_is_printed_is_found_again(description in any::<String>(), code in any::<Option<u32>>(), status in any::<u32>()) {
            let status = ExtendedStatus {
                description: Some(description),
                error_code: None,
                status_code: Some(status),
                operation: None,
                parameter: None,
            };
            // A description may quote anything, even another status: only what leads is compared.
            let found = ExtendedStatus::find(&ExtendedStatus { error_code: code, ..status.clone() }.to_string()).unwrap();
            prop_assert_eq!(found.description, status.description);
        }

        #[test]
        fn any_text_can_be_searched(text in any::<String>()) {
            let _found = ExtendedStatus::find(&text);
        }
    }
}
