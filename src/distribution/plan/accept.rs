//! Accepting a plan is a type: a run takes an [`Accepted`] plan, and there is one way to get one.

use super::Plan;
use crate::distribution::guard::{Acceptance, Demand};

/// A plan that somebody looked at and accepted, and what was said to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    plan: Plan,
    acceptance: Acceptance,
}

impl Plan {
    /// The plan as something that may be carried out, or what is still wanted for that.
    pub fn accept(&self, acceptance: &Acceptance) -> Result<Accepted, Demand> {
        match self.demand.after(acceptance) {
            Some(wanted) => Err(wanted),
            None => Ok(Accepted {
                plan: self.clone(),
                acceptance: acceptance.clone(),
            }),
        }
    }
}

impl Accepted {
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What was ticked and typed.
    pub fn acceptance(&self) -> &Acceptance {
        &self.acceptance
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::check::Finding;
    use crate::distribution::plan::samples::everything;

    fn demanding() -> Plan {
        let mut plan = everything();
        plan.demand.confirm = vec![Finding::confirm(
            "SAF-W04",
            "2 servers are among the devices.",
        )];
        plan.demand.typed_name = Some("Pilot PCs".into());
        plan
    }

    #[test]
    fn a_plan_that_demands_nothing_is_accepted_as_it_is() {
        assert!(everything().accept(&Acceptance::default()).is_ok());
    }

    #[test]
    fn a_tick_does_not_stand_for_a_typed_name() {
        let plan = demanding();
        let wanted = plan
            .accept(&Acceptance::ticking_all(&plan.demand))
            .unwrap_err();
        assert_eq!(wanted.typed_name.as_deref(), Some("Pilot PCs"));
        assert!(wanted.confirm.is_empty());
    }

    #[test]
    fn what_was_said_stays_with_the_accepted_plan() {
        let plan = demanding();
        let mut said = Acceptance::ticking_all(&plan.demand);
        said.typed_name = Some("Pilot PCs".into());
        let accepted = plan.accept(&said).unwrap();
        assert_eq!(accepted.acceptance(), &said);
    }

    #[test]
    fn what_stops_a_plan_cannot_be_acknowledged_away() {
        let mut plan = demanding();
        plan.demand.refused = vec![Finding::stops(
            "SAF-E05",
            "A site system is among the devices.",
        )];
        let mut said = Acceptance::ticking_all(&plan.demand);
        said.typed_name = Some("Pilot PCs".into());
        assert!(plan.accept(&said).is_err());
    }
}
