//! The language on the wire, said once and used by both ends: filters, query options, paths, envelopes, error bodies.
//!
//! `provider` prints these types and `site` parses them; what is printed parses back to the same value. Nothing here
//! knows a class or does I/O.

pub mod envelope;
pub mod error_body;
pub mod extended_status;
pub mod filter;
pub mod path;
pub mod query;

pub use envelope::{Envelope, MethodAnswer};
pub use error_body::ErrorBody;
pub use extended_status::ExtendedStatus;
pub use filter::{Comparison, Filter, Function, Value};
pub use path::{KeyPredicate, KeyValue, Target};
pub use query::{Order, Query};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str};

/// Which characters of a value are written as they are, in a path as in a query: enough to stay readable, nothing
/// that a server could take for its own (`+`, `&`, `#`, `%`, `\`, `/`).
pub(crate) const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b',')
    .remove(b'$')
    .remove(b':')
    .remove(b'=')
    .remove(b'@');

/// Undoes percent-encoding; `None` when what comes out is not UTF-8.
pub(crate) fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text)
        .decode_utf8()
        .ok()
        .map(std::borrow::Cow::into_owned)
}

/// Writes a string literal of OData: in single quotes, each quote inside doubled.
pub(crate) fn write_quoted(to: &mut impl std::fmt::Write, text: &str) -> std::fmt::Result {
    write!(to, "'{}'", text.replace('\'', "''"))
}
