//! What a run must pass before it touches a site: that this is the site of its plan, and that nothing forbids it here
//! and now. No way to a run leads around it.

use jiff::Zoned;

use super::failure::Trouble;
use crate::distribution::check::Finding;
use crate::distribution::guard::{self, Bounds};
use crate::distribution::journal::{Actor, Doing, Record};
use crate::distribution::operation::Operation;
use crate::distribution::plan::Plan;
use crate::provider::Provider;
use crate::sms::site::IdentificationRow;

/// Before a run is carried on.
pub(super) async fn carrying_on(
    provider: &Provider,
    record: &Record,
    bounds: &Bounds,
    by: &Actor,
) -> Result<(), Trouble> {
    if record.is_rolling_back {
        return Err(Trouble::Undoing);
    }
    let plan = &record.plan;
    let forbidden = guard::forbids(bounds, &plan.author, &by.user);
    if !forbidden.is_empty() {
        return Err(Trouble::Forbidden(forbidden));
    }
    let now = Zoned::now();
    if let Some(expired) = plan.drift_of_time(now.timestamp()) {
        return Err(Trouble::Moved(vec![expired]));
    }
    // One that may be there already is only looked for: whether its time has passed matters before it is made.
    if !may_be_advertised(record) {
        in_bounds(plan, bounds, &now)?;
    }
    same_site(provider, plan).await
}

/// Before what was made is taken back.
pub(super) async fn rolling_back(
    provider: &Provider,
    plan: &Plan,
    bounds: &Bounds,
) -> Result<(), Trouble> {
    if let Some(forbidden) = guard::refuses_changes(bounds.access) {
        return Err(Trouble::Forbidden(vec![forbidden]));
    }
    same_site(provider, plan).await
}

/// Whether the limits in force, and the calendar, still let the plan be advertised.
pub(super) fn in_bounds(plan: &Plan, bounds: &Bounds, now: &Zoned) -> Result<(), Trouble> {
    let against = plan.against(&bounds.limits, now);
    if against.is_empty() {
        Ok(())
    } else {
        Err(Trouble::Moved(against))
    }
}

fn may_be_advertised(record: &Record) -> bool {
    record.plan.numbered().any(|(op, operation)| {
        matches!(operation, Operation::Advertisement(_)) && record.past(op).may_have(Doing::Make)
    })
}

/// A plan is carried out on the site it was made for, and taken back there; elsewhere its ids mean other objects.
async fn same_site(provider: &Provider, plan: &Plan) -> Result<(), Trouble> {
    if let Some(other) = plan.drift_of_name(provider.site()) {
        return Err(Trouble::Elsewhere(Box::new(other)));
    }
    let rows: Vec<IdentificationRow> = provider.list(None).await?;
    let other = match rows.first() {
        Some(row) => plan.drift_of_identity(
            &row.this_site_code,
            &row.this_site_name,
            &row.sms_site_server,
        ),
        None => Some(Finding::stops(
            "DRF-E03",
            "This site does not say which one it is.",
        )),
    };
    match other {
        Some(other) => Err(Trouble::Elsewhere(Box::new(other))),
        None => Ok(()),
    }
}
