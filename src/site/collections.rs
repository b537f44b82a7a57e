//! The collection evaluator: what a collection's rules say, and who its members are.
//!
//! Membership = ((queries ∪ direct members ∪ members of included collections) ∩ members of the limiting collection) −
//! members of excluded collections. What a collection stands on is evaluated before it (distribution.md 9).

pub(super) mod evaluation;
mod evaluator;
mod membership;
mod methods;
mod schema;
pub mod wql;

pub use evaluation::{evaluate_waiting, request_all};
pub use evaluator::Evaluator;
pub use methods::METHODS;
