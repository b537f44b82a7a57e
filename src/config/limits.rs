//! The safety limits of a site: from which size on something must be confirmed, and what is never offered.

use jiff::civil::DateTime;

use super::house::House;
use super::profile::Profile;
use super::toml_file::{Section, TomlFile};

/// What the guard demands, with the defaults for an administrator (wizard.md 13).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Required at or above this many members: a finding, and hidden from the picker until asked for.
    pub warn_members: u64,
    /// Required at or above this many members: the collection's name is typed.
    pub confirm_members: u64,
    /// Available at or above this many members: the collection's name is typed.
    pub confirm_members_available: u64,
    /// Above this many members nothing is offered; 0 is off.
    pub max_members: u64,
    /// All Systems, All Users and every other collection the site came with.
    pub builtin: Rule,
    /// Any member with a server operating system.
    pub servers: Rule,
    /// Any member with a site-system role.
    pub site_systems: Rule,
    /// The number of members could not be read.
    pub unknown_impact: Rule,
    /// Running or restarting outside maintenance windows.
    pub override_mw: Rule,
    /// As soon as possible on more members than this: confirm.
    pub required_asap_max: u64,
    /// A small collection first.
    pub pilot_first: PilotFirst,
    /// Ranges of the calendar in which nothing Required may start.
    pub freeze_windows: Vec<FreezeWindow>,
    /// A plan is made by one person and applied by another.
    pub two_person: bool,
    /// Somebody has compared how this site reads times with the vendor's console (wizard.md 1.5).
    pub clock_verified: bool,
    /// Whether the site takes schedules over its REST service; real ones are expected not to, until somebody has tried.
    pub takes_schedules: Option<bool>,
    /// What may be made anew, and what names look like.
    pub house: House,
}

/// What happens when a limit is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    Allow,
    Confirm,
    Block,
}

/// Whether a large Required advertisement should go to a pilot first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PilotFirst {
    Off,
    Suggest,
    Require,
}

/// A range of the calendar, the first moment in it and the first after it, on the wall clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreezeWindow {
    pub from: DateTime,
    pub until: DateTime,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            warn_members: 100,
            confirm_members: 100,
            confirm_members_available: 1_000,
            max_members: 0,
            builtin: Rule::Confirm,
            servers: Rule::Confirm,
            site_systems: Rule::Block,
            unknown_impact: Rule::Confirm,
            override_mw: Rule::Confirm,
            required_asap_max: 10,
            pilot_first: PilotFirst::Suggest,
            freeze_windows: Vec::new(),
            two_person: false,
            clock_verified: false,
            takes_schedules: None,
            house: House::default(),
        }
    }
}

impl Limits {
    /// What holds for a profile where the settings say nothing else (wizard.md 13, 14.4).
    pub fn of(profile: Profile) -> Self {
        match profile {
            Profile::Admin | Profile::Viewer => Self::default(),
            Profile::Helpdesk => Self {
                max_members: 500,
                builtin: Rule::Block,
                unknown_impact: Rule::Block,
                override_mw: Rule::Block,
                pilot_first: PilotFirst::Require,
                house: House {
                    new_packages: false,
                    new_collections: false,
                    ..House::default()
                },
                ..Self::default()
            },
        }
    }
}

impl FreezeWindow {
    pub fn contains(&self, moment: DateTime) -> bool {
        self.from <= moment && moment < self.until
    }
}

const RULES: &[(&str, Rule)] = &[
    ("allow", Rule::Allow),
    ("confirm", Rule::Confirm),
    ("block", Rule::Block),
];

const PILOT: &[(&str, PilotFirst)] = &[
    ("off", PilotFirst::Off),
    ("suggest", PilotFirst::Suggest),
    ("require", PilotFirst::Require),
];

impl Limits {
    /// Takes what a `[limits]` table says over what holds so far.
    pub(super) fn take(&mut self, file: &mut TomlFile<'_>, mut section: Section<'_>) {
        for (key, limit) in [
            ("warn_members", &mut self.warn_members),
            ("confirm_members", &mut self.confirm_members),
            (
                "confirm_members_available",
                &mut self.confirm_members_available,
            ),
            ("max_members", &mut self.max_members),
            ("required_asap_max", &mut self.required_asap_max),
        ] {
            set(limit, section.number(file, key));
        }
        for (key, rule) in [
            ("builtin", &mut self.builtin),
            ("servers", &mut self.servers),
            ("site_systems", &mut self.site_systems),
            ("unknown_impact", &mut self.unknown_impact),
            ("override_mw", &mut self.override_mw),
        ] {
            set(rule, section.choice(file, key, RULES));
        }
        set(
            &mut self.pilot_first,
            section.choice(file, "pilot_first", PILOT),
        );
        set(&mut self.two_person, section.truth(file, "two_person"));
        set(
            &mut self.clock_verified,
            section.truth(file, "clock_verified"),
        );
        if let Some(truth) = section.truth(file, "takes_schedules") {
            self.takes_schedules = Some(truth);
        }
        self.house.take(file, &mut section);
        if let Some(windows) = section.sections(file, "freeze_windows") {
            self.freeze_windows = windows
                .into_iter()
                .filter_map(|window| freeze_window(file, window))
                .collect();
        }
        section.finish(file);
    }
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn freeze_window(file: &mut TomlFile<'_>, mut section: Section<'_>) -> Option<FreezeWindow> {
    let from = section.moment(file, "from");
    let until = section.moment(file, "until");
    let span = section.span();
    section.finish(file);
    let (Some(from), Some(until)) = (from, until) else {
        file.fault(
            span,
            "a freeze window needs `from` and `until`",
            "write { from = 2026-12-20, until = 2027-01-04 }",
        );
        return None;
    };
    let window = FreezeWindow { from, until };
    if window.until <= window.from {
        file.fault(
            span,
            "a freeze window ends before it begins",
            "exchange `from` and `until`",
        );
        return None;
    }
    Some(window)
}
