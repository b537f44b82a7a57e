//! What the answers mean together: defaults and fixed values taken in. A plan is made from these, never from the
//! bare answers.

use super::value::{Answer, RunTime, Value};
use super::{
    After, CollectionOrigin, Draft, DriveMode, FarPoint, Intent, NearPoint, Origin, Priority,
    Purpose, Rerun, Rights, RunWhen, Trigger, Wait, When, Window,
};
use crate::distribution::field::FieldId;

/// The text without blanks around it, when there is any.
pub fn said(answer: Option<&String>) -> Option<&str> {
    answer
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
}

/// The entries of a list without blanks and empty lines.
pub fn listed(answer: Option<&Vec<String>>) -> impl Iterator<Item = &str> {
    answer
        .into_iter()
        .flatten()
        .map(|entry| entry.trim())
        .filter(|entry| !entry.is_empty())
}

impl Draft {
    /// What holds for a field: what is fixed, else what was answered, else the default.
    pub fn value(&self, id: FieldId) -> Option<Value> {
        let field = id.field();
        if let Some(fixed) = (field.fixed)(self) {
            return Some(fixed.value);
        }
        self.get(id).or_else(|| (field.default)(self))
    }

    fn settled<T: Answer>(&self, id: FieldId, fallback: T) -> T {
        self.value(id)
            .as_ref()
            .and_then(T::from_value)
            .unwrap_or(fallback)
    }

    /// A switch.
    pub fn is_on(&self, id: FieldId) -> bool {
        self.settled(id, false)
    }

    /// A text without blanks around it; empty when there is none.
    pub fn text(&self, id: FieldId) -> String {
        self.settled(id, String::new()).trim().to_owned()
    }

    pub fn intent(&self) -> Intent {
        self.start.intent.unwrap_or_default()
    }

    /// Whether the package exists. Until anything is said, a new one is wanted.
    pub fn package_origin(&self) -> Origin {
        if self.package.existing.is_some() {
            Origin::Existing
        } else {
            Origin::New
        }
    }

    /// Whether the program exists. Until anything is said, that of an existing package does.
    pub fn program_origin(&self) -> Origin {
        let unsaid = self.program == super::Program::default();
        match (&self.program.existing, self.package_origin()) {
            (Some(_), _) => Origin::Existing,
            (None, Origin::Existing) if unsaid => Origin::Existing,
            (None, _) => Origin::New,
        }
    }

    /// Where the members come from. Until anything is said, an existing collection is wanted.
    pub fn collection_origin(&self) -> CollectionOrigin {
        let collection = &self.collection;
        let unsaid = *collection == super::Collection::default();
        if collection.existing.is_some() || unsaid {
            CollectionOrigin::Existing
        } else if collection.query.is_some()
            || collection.include.is_some()
            || collection.exclude.is_some()
        {
            CollectionOrigin::Rule
        } else {
            CollectionOrigin::Devices
        }
    }

    /// Whether a new package brings files: as answered, else whether a folder is named.
    pub fn has_source(&self) -> bool {
        self.package
            .has_source
            .unwrap_or(self.package.source.is_some())
    }

    pub fn priority(&self) -> Priority {
        self.settled(FieldId::PackagePriority, Priority::Normal)
    }

    pub fn window(&self) -> Window {
        self.settled(FieldId::ProgramWindow, Window::Normal)
    }

    pub fn run_when(&self) -> RunWhen {
        self.settled(FieldId::ProgramRunWhen, RunWhen::User)
    }

    pub fn rights(&self) -> Rights {
        self.settled(FieldId::ProgramRights, Rights::User)
    }

    /// Whether the user may see and answer the program (`ProgramFlags` bit 13 clear).
    pub fn interact(&self) -> bool {
        self.is_on(FieldId::ProgramInteract)
    }

    pub fn after(&self) -> After {
        self.settled(FieldId::ProgramAfter, After::Nothing)
    }

    pub fn drive_mode(&self) -> DriveMode {
        self.settled(FieldId::ProgramDriveMode, DriveMode::Unc)
    }

    /// Maximum run time of a new program.
    pub fn max_minutes(&self) -> RunTime {
        self.settled(FieldId::ProgramMaxMinutes, RunTime::Unknown)
    }

    pub fn wait(&self) -> Wait {
        self.settled(FieldId::PointsWait, Wait::One)
    }

    pub fn wait_minutes(&self) -> u32 {
        self.settled(FieldId::PointsWaitMinutes, 30)
    }

    pub fn purpose(&self) -> Purpose {
        self.advertisement.purpose.unwrap_or(Purpose::Available)
    }

    pub fn is_required(&self) -> bool {
        self.purpose() == Purpose::Required
    }

    /// What makes a required advertisement run; none for an available one.
    ///
    /// A deadline without any word about triggers means *at a time*.
    pub fn triggers(&self) -> Vec<Trigger> {
        match &self.advertisement.trigger {
            Some(words) => words.iter().filter_map(|word| word.parse().ok()).collect(),
            None if self.advertisement.deadline.is_some() => vec![Trigger::Time],
            None => Vec::new(),
        }
    }

    pub fn has_trigger(&self, trigger: Trigger) -> bool {
        self.triggers().contains(&trigger)
    }

    /// When devices may see it.
    pub fn available(&self) -> When {
        self.advertisement.available.unwrap_or(When::Now)
    }

    /// The deadline, where one counts.
    pub fn deadline(&self) -> Option<When> {
        self.advertisement
            .deadline
            .filter(|_| self.has_trigger(Trigger::Time))
    }

    pub fn rerun(&self) -> Rerun {
        self.settled(FieldId::AdvertisementRerun, Rerun::IfFailed)
    }

    pub fn fast(&self) -> NearPoint {
        self.settled(FieldId::AdvertisementFast, NearPoint::Download)
    }

    pub fn slow(&self) -> FarPoint {
        self.settled(FieldId::AdvertisementSlow, FarPoint::DoNotRun)
    }
}
