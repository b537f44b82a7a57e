//! What a rule looks at: the draft, the facts, the limits and the time, with the questions most rules share.

use jiff::Zoned;
use jiff::civil::DateTime;

use crate::distribution::draft::settled::{listed, said};
use crate::distribution::draft::{
    After, CollectionOrigin, Draft, DriveMode, Origin, Rights, RunTime, RunWhen, Trigger, When,
    Window,
};
use crate::distribution::facts::windows::{Forecast, forecast};
use crate::distribution::facts::{
    CollectionFact, Fact, Facts, Impact, NamedProgram, PackageFact, SourceFact, Target,
};
use crate::distribution::field::FieldId;
use crate::sms::choices;
use crate::sms::distribution_point::PointRow;
use crate::sms::nal::NalPath;
use crate::sms::program::ProgramRow;
use crate::sms::program_flags::ProgramFlags;
use crate::sms::rights::Sight;

/// One draft to be judged.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    pub draft: &'a Draft,
    pub facts: &'a Facts,
    pub now: &'a Zoned,
}

/// How the program of a draft runs, whether it is new or exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running {
    pub run_when: RunWhen,
    pub rights: Rights,
    /// Somebody must answer it.
    pub interacts: bool,
    pub window: Window,
    pub after: After,
    pub max: RunTime,
    pub needs_letter: bool,
    pub is_disabled: bool,
}

/// What a name found.
#[derive(Debug, Clone, PartialEq)]
pub enum Found<'a, T> {
    One(&'a T),
    /// Nothing of that name.
    Nothing,
    Several(&'a [T]),
    /// The site has not said, or cannot.
    Unknown,
}

impl<'a, T> Found<'a, T> {
    fn of(fact: &Fact<&'a Vec<T>>) -> Self {
        match fact {
            Fact::Known { value, .. } => match value.as_slice() {
                [] => Self::Nothing,
                [one] => Self::One(one),
                several => Self::Several(several),
            },
            _ => Self::Unknown,
        }
    }

    pub fn one(&self) -> Option<&'a T> {
        match self {
            Self::One(one) => Some(one),
            _ => None,
        }
    }
}

impl<'a> Case<'a> {
    pub fn new(draft: &'a Draft, facts: &'a Facts, now: &'a Zoned) -> Self {
        Self { draft, facts, now }
    }

    /// A text of the draft without blanks around it; empty when there is none.
    pub fn text(&self, id: FieldId) -> String {
        self.draft.text(id)
    }

    /// Whether the field counts for this draft.
    pub fn shows(&self, id: FieldId) -> bool {
        (id.field().shown)(self.draft)
    }

    /// An embedded site, whose paths are not those of Windows; `None` while nobody said.
    pub fn is_embedded(&self) -> Option<bool> {
        self.facts.site().value().map(|site| site.embedded)
    }

    /// The site does not say what machine it is on, and is taken for a real one.
    pub fn is_guessed(&self) -> bool {
        let site = self.facts.site();
        site.value().is_some_and(|site| site.guessed)
    }

    /// The site reads folders of this machine; `None` while nobody said.
    pub fn is_here(&self) -> Option<bool> {
        self.facts.site().value().map(|site| site.here)
    }

    /// How much of the site the account sees.
    pub fn sight(&self) -> Sight {
        self.facts
            .site()
            .value()
            .map_or(Sight::Unknown, |site| site.sight)
    }

    /// Behind what is not there: whether it may only be hidden.
    pub fn that_is_seen(&self) -> &'static str {
        match self.sight() {
            Sight::Whole => "",
            Sight::Part => " that you can see",
            Sight::Unknown => ", or none that you may see",
        }
    }

    /// What the clock of the draft shows now.
    pub fn clock(&self) -> DateTime {
        self.draft.clock(self.now)
    }

    /// Digits of a moment of the draft.
    pub fn digits(&self, when: When) -> DateTime {
        when.at(self.clock())
    }

    /// The existing package the draft names.
    pub fn package(&self) -> Found<'a, PackageFact> {
        match said(self.draft.package.existing.as_ref()) {
            Some(name) => Found::of(&self.facts.packages(name)),
            None => Found::Unknown,
        }
    }

    /// The existing program the draft names; `Nothing` when its package is known and has none of that name.
    pub fn program(&self) -> Found<'a, ProgramRow> {
        let (Some(package), Some(name)) = (
            self.package().one(),
            said(self.draft.program.existing.as_ref()),
        ) else {
            return Found::Unknown;
        };
        package.program(name).map_or(Found::Nothing, Found::One)
    }

    /// Whether there are files to distribute; `None` while the site has not said.
    pub fn has_files(&self) -> Option<bool> {
        match self.draft.package_origin() {
            Origin::New => Some(self.draft.has_source()),
            Origin::Existing => self
                .package()
                .one()
                .map(|package| package.row.needs_distribution_points()),
        }
    }

    /// Size of the files, as far as the site or the folder tells.
    pub fn megabytes(&self) -> Option<u64> {
        match self.draft.package_origin() {
            Origin::Existing => {
                let fact = self.facts.content(&self.text(FieldId::PackageUse));
                Some(fact.value()?.size_kb? / 1024)
            }
            Origin::New => match self.facts.source(&self.text(FieldId::PackageSource)) {
                Fact::Known {
                    value: SourceFact::Folder { bytes, .. },
                    ..
                } => Some(bytes / (1024 * 1024)),
                _ => None,
            },
        }
    }

    /// Whether the files are put into a share that programs can run from.
    pub fn is_shared(&self) -> Option<bool> {
        use crate::sms::package::PkgFlags;
        match self.draft.package_origin() {
            Origin::New => Some(self.draft.is_on(FieldId::PackageCopyToShare)),
            Origin::Existing => self
                .package()
                .one()
                .map(|package| package.row.pkg_flags.contains(PkgFlags::COPY_TO_SHARE)),
        }
    }

    /// How the program runs; `None` while an existing one is not known.
    pub fn running(&self) -> Option<Running> {
        match self.draft.program_origin() {
            Origin::New => Some(of_draft(self.draft)),
            Origin::Existing => self.program().one().map(of_row),
        }
    }

    /// The existing collection the draft names.
    pub fn collection(&self) -> Found<'a, CollectionFact> {
        match said(self.draft.collection.existing.as_ref()) {
            Some(name) => Found::of(&self.facts.collections(name)),
            None => Found::Unknown,
        }
    }

    /// A collection of this id or name.
    pub fn collection_named(&self, name: &str) -> Found<'a, CollectionFact> {
        Found::of(&self.facts.collections(name))
    }

    /// A new collection is wanted.
    pub fn is_new_collection(&self) -> bool {
        self.draft.collection_origin() != CollectionOrigin::Existing
    }

    pub fn target(&self) -> Option<Target> {
        self.draft.target()
    }

    pub fn impact(&self) -> Option<&'a Impact> {
        match self.facts.impact(&self.target()?) {
            Fact::Known { value, .. } => Some(value),
            _ => None,
        }
    }

    /// How many devices get it, as far as anybody counted.
    pub fn members(&self) -> Option<u64> {
        let listed = || {
            self.collection()
                .one()
                .and_then(|row| u64::try_from(row.member_count).ok())
        };
        self.impact().map(|impact| impact.members).or_else(listed)
    }

    /// The existing program, for what happened to it before.
    pub fn named_program(&self) -> Option<NamedProgram> {
        self.draft.named_program()
    }

    /// When devices can start; `None` without a time, a known program or known windows.
    pub fn forecast(&self) -> Option<Forecast> {
        let Fact::Known { value: windows, .. } = self.facts.windows(&self.target()?) else {
            return None;
        };
        let running = self.running()?;
        Some(forecast(
            windows,
            self.due()?,
            needs_minutes(running.max),
            self.now.time_zone(),
        ))
    }

    /// The first moment it may run by itself, as a device's wall clock shows it: every trigger but a time can fire
    /// from the moment devices hear of it.
    pub fn due(&self) -> Option<DateTime> {
        let events = [Trigger::Asap, Trigger::SignIn, Trigger::SignOut];
        let at_once = events
            .into_iter()
            .any(|trigger| self.draft.has_trigger(trigger))
            .then(|| self.draft.available());
        let moments = [self.draft.deadline(), at_once].into_iter().flatten();
        let digits = moments.map(|when| self.digits(when)).min()?;
        if !self.draft.is_on(FieldId::AdvertisementUtc) {
            return Some(digits);
        }
        let utc = digits.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(utc.with_time_zone(self.now.time_zone().clone()).datetime())
    }

    /// The points the draft sends files to, of groups and by name; `None` while points are not known.
    pub fn chosen_points(&self) -> Option<Vec<NalPath>> {
        let fact = self.facts.points();
        let points = fact.value()?;
        let mut chosen: Vec<NalPath> = self
            .named_points()?
            .into_iter()
            .map(|point| point.nal_path.clone())
            .collect();
        for name in listed(self.draft.distribution_points.groups.as_ref()) {
            let members = points.group(name).and_then(|group| group.members.value());
            for path in members.into_iter().flatten() {
                if !chosen.contains(path) {
                    chosen.push(path.clone());
                }
            }
        }
        Some(chosen)
    }

    fn named_points(&self) -> Option<Vec<&'a PointRow>> {
        let Fact::Known { value: points, .. } = self.facts.points() else {
            return None;
        };
        let servers = listed(self.draft.distribution_points.servers.as_ref());
        Some(servers.filter_map(|server| points.point(server)).collect())
    }
}

/// How many minutes a window must have; an unknown run time starts in any.
pub fn needs_minutes(max: RunTime) -> i64 {
    match max {
        RunTime::Unknown => 0,
        RunTime::Minutes(minutes) => i64::from(minutes),
    }
}

fn of_draft(draft: &Draft) -> Running {
    Running {
        run_when: draft.run_when(),
        rights: draft.rights(),
        interacts: draft.interact(),
        window: draft.window(),
        after: draft.after(),
        max: draft.max_minutes(),
        needs_letter: draft.drive_mode() != DriveMode::Unc,
        is_disabled: draft.is_on(FieldId::ProgramDisabled),
    }
}

/// Of bits that contradict each other the one that disturbs most: whichever the client obeys, it is no surprise.
fn worst_after(flags: ProgramFlags) -> After {
    if flags.contains(ProgramFlags::OKTOREBOOT) {
        After::Restart
    } else if flags.contains(ProgramFlags::OKTOQUIT) {
        After::ProgramRestarts
    } else {
        After::SignOut
    }
}

fn of_row(row: &ProgramRow) -> Running {
    let flags = row.program_flags;
    Running {
        run_when: RunWhen::from_flags(flags).unwrap_or(RunWhen::Any),
        rights: Rights::from_flags(flags).unwrap_or(Rights::User),
        interacts: choices::interacts(flags),
        window: Window::from_flags(flags).unwrap_or(Window::Normal),
        after: After::from_flags(flags).unwrap_or_else(|| worst_after(flags)),
        max: if row.duration == 0 {
            RunTime::Unknown
        } else {
            RunTime::Minutes(row.duration)
        },
        needs_letter: !flags.contains(ProgramFlags::USEUNCPATH),
        is_disabled: flags.contains(ProgramFlags::DISABLED),
    }
}
