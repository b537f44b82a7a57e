//! What the provider says when it refuses something: a WBEM code (errors.md 3) and a description for people.

use thiserror::Error;

/// A refusal: nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{description}")]
pub struct Refusal {
    pub code: Wbem,
    pub description: String,
}

/// Codes of the management layer that this site uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Wbem {
    Failed = 0x8004_1001,
    NotFound = 0x8004_1002,
    TypeMismatch = 0x8004_1005,
    InvalidParameter = 0x8004_1008,
    NotSupported = 0x8004_100C,
    InvalidOperation = 0x8004_1016,
    InvalidQuery = 0x8004_1017,
    AlreadyExists = 0x8004_1019,
    ProviderNotCapable = 0x8004_1024,
    ReadOnly = 0x8004_1023,
    IllegalNull = 0x8004_1028,
    OutOfRange = 0x8004_102B,
    CircularReference = 0x8004_1047,
}

impl Wbem {
    pub fn number(self) -> u32 {
        self as u32
    }
}

impl Refusal {
    pub fn new(code: Wbem, description: impl Into<String>) -> Self {
        Self {
            code,
            description: description.into(),
        }
    }

    /// A value that is missing or not allowed.
    pub fn invalid(description: impl Into<String>) -> Self {
        Self::new(Wbem::InvalidParameter, description)
    }

    /// Something referred to is not there.
    pub fn not_found(description: impl Into<String>) -> Self {
        Self::new(Wbem::NotFound, description)
    }

    pub fn already_exists(description: impl Into<String>) -> Self {
        Self::new(Wbem::AlreadyExists, description)
    }

    /// Not possible in the state the object is in, or never for this object.
    pub fn not_now(description: impl Into<String>) -> Self {
        Self::new(Wbem::InvalidOperation, description)
    }
}
