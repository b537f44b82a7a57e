//! The async client task, which owns the provider, and what lists of each kind show.

pub mod listing;
