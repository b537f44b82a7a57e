//! What the provider refuses or fills in.

/// What stands in a time of a collection that has never come: the provider's date without a zone.
pub(super) const NEVER_CHANGED: &str = "1980-01-01T06:00:00Z";
