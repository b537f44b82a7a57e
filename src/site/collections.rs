//! The collection evaluator: what a collection's rules say, and who its members are.

pub mod wql;
