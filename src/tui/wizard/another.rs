//! *Another like this*, on the result page: the same answers again, without those that must be others.

use super::{Running, Wizard};
use crate::distribution::Draft;
use crate::distribution::Value;
use crate::distribution::draft::{Origin, When};
use crate::distribution::field::{FieldId, Step};
use crate::distribution::operation::Operation;
use crate::tui::app::{Desk, Notice};

/// Answers of a collection: who gets it is what differs from one to the next.
const WHO: [FieldId; 7] = [
    FieldId::CollectionUse,
    FieldId::CollectionName,
    FieldId::CollectionLimitTo,
    FieldId::CollectionDevices,
    FieldId::CollectionQuery,
    FieldId::CollectionInclude,
    FieldId::CollectionExclude,
];

impl Wizard {
    /// Begins anew with the answers of what was made. The run is behind us: nothing of it is asked any more.
    pub(super) fn another(&mut self, desk: &mut Desk) {
        let Some(run) = self.run.take() else {
            return;
        };
        let draft = another_like(&self.draft, &run, desk);
        *self = Self::over(&self.setting.clone(), draft, desk);
        self.settled(desk);
        let step = self.next_open(Step::Start);
        self.open(step, desk);
        desk.tell(Notice::tell(
            "the same answers again; choose who gets it this time",
        ));
    }
}

/// The draft of a done run without what must differ. Software that was new then is there by now; a time that has
/// passed is asked again.
fn another_like(draft: &Draft, run: &Running, desk: &Desk) -> Draft {
    let mut next = draft.clone();
    if draft.package_origin() == Origin::New
        && let Some(package) = made(run, |made| matches!(made, Operation::Package(_)))
    {
        put(&mut next, FieldId::PackageMode, Some(&"existing".into()));
        put(&mut next, FieldId::PackageUse, Some(&Value::Text(package)));
    }
    if draft.program_origin() == Origin::New {
        put(&mut next, FieldId::ProgramMode, Some(&"existing".into()));
        let name = draft.text(FieldId::ProgramName);
        put(&mut next, FieldId::ProgramUse, Some(&Value::Text(name)));
    } else {
        let name = draft.text(FieldId::ProgramUse);
        put(&mut next, FieldId::ProgramUse, Some(&Value::Text(name)));
    }
    for field in WHO {
        put(&mut next, field, None);
    }
    put(&mut next, FieldId::CollectionMode, Some(&"existing".into()));
    put(&mut next, FieldId::AdvertisementName, None);
    let has_passed = |when: &When| matches!(when, When::At(at) if *at <= draft.clock(&desk.now));
    let times = &draft.advertisement;
    for (field, when) in [
        (FieldId::AdvertisementAvailable, &times.available),
        (FieldId::AdvertisementDeadline, &times.deadline),
        (FieldId::AdvertisementExpires, &times.expires),
    ] {
        if when.as_ref().is_some_and(has_passed) {
            put(&mut next, field, None);
        }
    }
    next
}

/// The id of the first object of a sort the run made or found.
fn made(run: &Running, is_sort: impl Fn(&Operation) -> bool) -> Option<String> {
    let super::running::Stage::Done(objects) = &run.stage else {
        return None;
    };
    let is_it = |op| run.plan.operation(op).is_some_and(&is_sort);
    let object = objects.iter().find(|object| is_it(object.op))?;
    Some(object.id.clone())
}

fn put(draft: &mut Draft, field: FieldId, value: Option<&Value>) {
    // A value of the field's own kind always fits, and taking one back does.
    let _ = draft.put(field, value);
}
