//! Accepting a plan is a type: a run takes an [`Accepted`] plan, and there is one way to get one.

use super::Plan;

/// A plan that somebody looked at and accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted(Plan);

impl Accepted {
    pub fn plan(&self) -> &Plan {
        &self.0
    }

    /// Nobody was asked: for tests of what comes after.
    #[cfg(test)]
    pub(crate) fn without_asking(plan: Plan) -> Self {
        Self(plan)
    }
}
