//! The wizard: a cursor over a draft. Knows neither keys nor cells nor the network.
//!
//! ```text
//! Wizard ─ draft, facts, findings      what was said, what the site says of it, what stands against it
//!        ├ page: a step's fields, the review, the run
//!        ├ place and editor            where the cursor stands and what is being edited there
//!        ├ number                      the number of who is reached the cursor is on instead
//!        └ stock                       lists to choose from
//! ```
//!
//! It only ever changes the draft; what is to be done outside goes onto the [`Desk`]. A plan is made on the review and
//! can be carried out once it is accepted; nothing else here leads to a change of the site.

mod another;
mod answering;
mod asking;
mod beginning;
mod completing;
mod editor;
mod happening;
mod holding;
mod line;
mod listing;
mod moving;
mod numbers;
mod paper;
pub mod picker;
pub mod place;
pub mod popup;
pub mod review;
pub mod running;
mod stock;
mod typing;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Zoned;
use tui_input::InputRequest;

use crate::client::{Answer, Ticket};
use crate::config::{Access, Limits, Profile};
use crate::distribution::course::{self, Standing};
use crate::distribution::draft::Origin;
use crate::distribution::field::{FieldId, Latitude, Step};
use crate::distribution::impact::Who;
use crate::distribution::plan::PlanId;
use crate::distribution::{Draft, Facts, Finding, Question, Weight};
use crate::tui::app::{Desk, Roll, SubjectKey};
use crate::tui::event::{Event, Spot, Timer};
use crate::tui::keymap::{Action, Scope};

use completing::Completion;
pub use editor::{Editor, Line, Names, text};
pub use holding::Holding;
pub use place::Place;
pub use popup::Popup;
pub use review::Review;
pub use running::Running;
pub use stock::Stock;

/// The pause in typing after which the draft is kept and facts are asked for.
const TYPED: Timer = Timer::Wizard(0);
/// The pause after which a marked collection is counted.
const GLANCE: Timer = Timer::Wizard(1);
/// A run shows how long it has taken.
const TICK: Timer = Timer::Wizard(2);

const TYPING: Duration = Duration::from_millis(400);
const GLANCING: Duration = Duration::from_millis(250);

/// What the wizard takes from its surroundings.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The site's name in the settings.
    pub site: String,
    /// Who plans.
    pub author: String,
    pub limits: Limits,
    /// Whether anything may be changed on this site from here.
    pub access: Access,
    /// Whom the console is for here.
    pub profile: Profile,
    /// Names the next plan. Given from outside, so that a plan can be told beforehand.
    pub plan_id: fn() -> PlanId,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            site: String::new(),
            author: String::new(),
            limits: Limits::default(),
            access: Access::default(),
            profile: Profile::default(),
            plan_id: PlanId::fresh,
        }
    }
}

impl Setting {
    /// What the person may choose.
    pub fn latitude(&self) -> Latitude {
        Latitude::of(self.profile, &self.limits.house)
    }
}

/// Which page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// The fields of a step.
    Fields(Step),
    Review,
    Run,
}

/// Whether the draft is on disk.
#[derive(Debug, Clone, Default)]
pub enum Kept {
    /// There is nothing to keep yet.
    #[default]
    Nothing,
    Writing,
    At(Box<Zoned>),
    /// Why it is not.
    Failed(String),
}

/// Whether the draft of this wizard is the one on disk, or on its way there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnDisk {
    Nothing,
    ThisDraft,
}

/// The steps over a draft, its review, its run and the result.
#[derive(Debug, Clone)]
pub struct Wizard {
    pub setting: Setting,
    pub draft: Draft,
    pub facts: Facts,
    pub findings: Vec<Finding>,
    pub page: Page,
    pub place: Place,
    pub editor: Editor,
    /// The number of the impact panel the cursor is on, instead of the field at `place`.
    number: Option<Who>,
    pub stock: Stock,
    pub kept: Kept,
    pub review: Review,
    pub run: Option<Running>,
    pub popup: Option<Popup>,
    /// *More settings* are unfolded.
    pub shows_more: bool,
    /// Purpose and deadline are answered by hand.
    pub is_other_time: bool,
    /// The clock at the last update; what is shown is told against it.
    pub now: Zoned,
    visited: BTreeSet<Step>,
    /// Facts on their way.
    rounds: Vec<(Ticket, Vec<Question>)>,
    round: u32,
    /// The draft as it was last kept.
    kept_draft: Draft,
    /// Where the review sent the cursor from.
    comes_from_review: bool,
    /// The draft as it was before anybody said anything here.
    begun_draft: Draft,
    on_disk: OnDisk,
    /// A run before this one is being kept, and the reviewed plan runs when that is done.
    runs_next: Option<PlanId>,
    completion: Completion,
    /// The place whose text is in the editor outside.
    edited_outside: Option<Place>,
    plan_id: PlanId,
}

/// What a press in the wizard comes to, seen from outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Stay,
    /// Back to the panes. A run goes on, and `:run` shows it again.
    Leave,
    /// Back to the panes, and into the details of something that was made.
    Show(SubjectKey),
    /// Over the wizard: the devices behind a number.
    List(Box<Roll>),
}

impl Wizard {
    pub fn scope(&self) -> Scope {
        match (&self.popup, self.page) {
            (Some(popup), _) => popup.scope(),
            (None, Page::Fields(_)) if self.number().is_some() => Scope::Numbers,
            (None, Page::Fields(_)) => Scope::Wizard,
            (None, Page::Review) if self.review.is_on_name() => Scope::Name,
            (None, Page::Review) => Scope::Review,
            (None, Page::Run) => Scope::Run,
        }
    }

    /// Whether printable keys are text now.
    pub fn takes_text(&self) -> bool {
        match (&self.popup, self.page) {
            (Some(popup), _) => popup.takes_text(),
            (None, Page::Fields(_)) => self.number().is_none(),
            (None, Page::Review) => self.review.is_on_name(),
            (None, Page::Run) => false,
        }
    }

    /// Why a verb does nothing here, if it does not.
    pub fn allows(&self, action: Action) -> Result<(), String> {
        match (&self.popup, self.page) {
            (Some(popup), _) => popup.allows(action),
            (None, Page::Fields(step)) if self.number().is_some() => {
                self.allows_on_numbers(step, action)
            }
            (None, Page::Fields(step)) => self.allows_on_fields(step, action),
            (None, Page::Review) => self.allows_on_review(action),
            (None, Page::Run) => match &self.run {
                Some(run) => run.allows(action),
                None => Ok(()),
            },
        }
    }

    /// Whether a plan is being carried out: quitting asks first.
    pub fn is_running(&self) -> bool {
        self.run.as_ref().is_some_and(Running::is_going)
    }

    /// Whether there is a run to come back to after leaving.
    pub fn is_worth_keeping(&self) -> bool {
        self.run.as_ref().is_some_and(|run| !run.is_closed())
    }

    pub fn update(&mut self, event: &Event, desk: &mut Desk) -> Outcome {
        self.now = desk.now.clone();
        match event {
            Event::Do(action) => return self.act(*action, desk),
            Event::Typed(request) => self.type_in(*request, desk),
            Event::Pasted(text) => self.paste(text, desk),
            Event::Clicked(Spot::Wizard(at)) => self.click(*at, desk),
            Event::Edited(result) => self.edited_outside(result, desk),
            Event::Due(timer) => self.due(*timer, desk),
            // What was typed a moment ago is not lost with the line.
            Event::HangUp => self.keep(desk),
            Event::Progressed(progress) => {
                if let Some(run) = &mut self.run {
                    run.come_further(progress);
                }
            }
            Event::DraftKept(result) => {
                self.kept = match result {
                    Ok(()) if self.on_disk == OnDisk::Nothing => Kept::Nothing,
                    Ok(()) => Kept::At(Box::new(desk.now.clone())),
                    Err(reason) => Kept::Failed(reason.clone()),
                };
            }
            _ => {}
        }
        Outcome::Stay
    }

    /// Takes an answer if it is one the wizard awaits, whatever is on top of it.
    pub fn settle(&mut self, answer: &Answer, desk: &mut Desk) -> bool {
        self.now = desk.now.clone();
        self.settle_list(answer, desk)
            || self.settle_facts(answer, desk)
            || self.settle_folders(answer, desk)
            || self.settle_run(answer, desk)
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Outcome {
        if self.popup.is_some() {
            return self.act_on_popup(action, desk);
        }
        match self.page {
            Page::Fields(step) if self.number().is_some() => {
                self.act_on_numbers(step, action, desk)
            }
            Page::Fields(step) => self.act_on_fields(step, action, desk),
            Page::Review => self.act_on_review(action, desk),
            Page::Run => self.act_on_run(action, desk),
        }
    }

    /// Text where text is taken.
    fn type_in(&mut self, request: InputRequest, desk: &mut Desk) {
        match (&mut self.popup, self.page) {
            (Some(popup), _) => popup.edit(request),
            (None, Page::Fields(_)) => self.edit(request, desk),
            (None, Page::Review) => self.review.edit(request),
            (None, Page::Run) => {}
        }
    }

    /// How a step stands, for the rail.
    pub fn standing(&self, step: Step) -> Standing {
        let standing = course::standing(step, &self.draft, &self.facts, &self.findings);
        match standing {
            // Nobody is reproached with a step they have not come to.
            Standing::Wrong(_) | Standing::Warned(_) if !self.visited.contains(&step) => {
                Standing::Open
            }
            Standing::Open if step == Step::Start && self.visited.len() > 1 => Standing::Fine,
            standing => standing,
        }
    }

    /// The step that is shown; the review stands for itself and the run.
    pub fn step(&self) -> Step {
        match self.page {
            Page::Fields(step) => step,
            Page::Review | Page::Run => Step::Review,
        }
    }

    /// What was found that the line under the fields says: about the field, else the worst of the step.
    pub fn finding(&self) -> Option<&Finding> {
        let here = self.place.field();
        // What is being typed is an answer as soon as it is taken.
        let is_answer = here.is_some_and(|id| matches!(self.typed_moment(id), Some(Ok(_))));
        let counts = |finding: &&Finding| !(is_answer && finding.field == here);
        let of_field = self
            .findings
            .iter()
            .filter(counts)
            .find(|finding| finding.field.is_some() && finding.field == here);
        let of_step = || {
            course::of_step(self.step(), &self.findings)
                .filter(counts)
                .find(|finding| finding.weight != Weight::Note)
        };
        of_field.or_else(of_step)
    }

    /// `7-Zip 24.08 Install → Pilot PCs`: what an advertisement is called that nobody gave a name.
    pub fn usual_name(&self) -> Option<String> {
        let draft = &self.draft;
        let software = match draft.package_origin() {
            Origin::Existing => {
                let id = draft.text(FieldId::PackageUse);
                self.object_name(FieldId::PackageUse, &id)
                    .unwrap_or(&id)
                    .to_owned()
            }
            Origin::New => format!(
                "{} {}",
                draft.text(FieldId::PackageName),
                draft.text(FieldId::PackageVersion)
            ),
        };
        let program = match draft.program_origin() {
            Origin::Existing => draft.text(FieldId::ProgramUse),
            Origin::New => draft.text(FieldId::ProgramName),
        };
        let id = draft.text(FieldId::CollectionUse);
        let collection = match self.object_name(FieldId::CollectionUse, &id) {
            Some(name) => name.to_owned(),
            None if id.is_empty() => draft.text(FieldId::CollectionName),
            None => id,
        };
        let software = software.trim();
        (!software.is_empty() && !collection.is_empty())
            .then(|| format!("{software} {program} → {collection}"))
    }

    /// What people call the object a field names by id.
    pub fn object_name(&self, id: FieldId, value: &str) -> Option<&str> {
        self.stock.name(Place::Field(id).pick()?, value)
    }

    /// The step that needs an answer next.
    fn next_open(&self, after: Step) -> Step {
        course::next_open(after, &self.draft, &self.facts, &self.findings)
    }
}
