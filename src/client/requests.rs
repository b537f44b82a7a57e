//! What was asked of the site lately, for whoever shows it: see [`Client::requests`](super::Client::requests).

pub use crate::provider::{AskedRequest, Outcome, Requests};
