//! The way through the questions: on, back, from step to step, and to the review.

use jiff::Zoned;

use super::candidate::Candidate;
use super::question::{Question, Reach, further, questions};
use super::review::Verdict;
use super::said::Said;
use super::talk::{self, patiently};
use crate::cli::compose::Chosen;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::{out, review};
use crate::config::Limits;
use crate::distribution::check::{Fix, Remedy};
use crate::distribution::facts::gather;
use crate::distribution::field::{FieldId, Latitude, Level, Pick, Step};
use crate::distribution::needed;
use crate::distribution::occasion::Occasion;
use crate::distribution::plan::Accepted;
use crate::distribution::{Draft, Facts, Finding, Value, Weight, course, guard, impact, words};
use crate::provider::Provider;
use crate::tui::drafts::{DraftFile, Drafts};

/// What an answer leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The next question.
    On,
    /// The question before.
    Back,
}

/// A draft, what the site says of it, and where the conversation stands.
pub struct Walk<'a> {
    pub(super) chosen: &'a Chosen,
    pub(super) provider: &'a Provider,
    pub(super) draft: Draft,
    pub(super) facts: Facts,
    /// What fields choose from, read when first needed.
    pub(super) lists: Vec<(Pick, Vec<Candidate>)>,
    pub(super) reach: Reach,
    drafts: &'a DraftFile,
    kept: Draft,
    step: Step,
    /// Where the step begins when it is not its first question.
    at: Option<Question>,
    /// Every question that was answered, for the way back.
    trail: Vec<(Step, Question)>,
}

impl<'a> Walk<'a> {
    /// Begins with this draft, at the first step that needs an answer.
    pub fn over(
        draft: Draft,
        chosen: &'a Chosen,
        provider: &'a Provider,
        drafts: &'a DraftFile,
    ) -> Self {
        let is_new = draft == Draft::begin(&chosen.name);
        let by_hand = Occasion::of(&draft, &Zoned::now()) == Some(Occasion::Other);
        Self {
            chosen,
            provider,
            kept: draft.clone(),
            facts: Facts::default(),
            lists: Vec::new(),
            reach: Reach {
                latitude: latitude(chosen),
                by_hand,
                more: false,
            },
            drafts,
            step: if is_new { Step::Start } else { Step::Review },
            at: None,
            trail: Vec::new(),
            draft,
        }
    }

    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.chosen.limits
    }

    /// Asks until a plan is accepted.
    pub async fn until_accepted(&mut self) -> Result<Accepted, Failure> {
        if self.step == Step::Review {
            self.learn().await;
            self.step = self.next_open(Step::Start);
        }
        loop {
            if self.step != Step::Review {
                self.walk_step(self.step).await?;
                continue;
            }
            match Box::pin(self.review()).await? {
                Verdict::Run(accepted) => return Ok(*accepted),
                Verdict::To(step) => self.go(step, None),
                Verdict::Back => self.go_back(),
            }
        }
    }

    /// Asks the questions of a step, until it is done or left backwards.
    async fn walk_step(&mut self, step: Step) -> Result<(), Failure> {
        self.announce(step);
        let begin = self.at.take();
        let asked = questions(step, &self.draft, self.reach);
        let mut next = begin.or(asked.first().copied());
        while let Some(question) = next {
            match Box::pin(self.put(question)).await? {
                Turn::Back => {
                    self.go_back();
                    return Ok(());
                }
                Turn::On => self.trail.push((step, question)),
            }
            let asked = questions(step, &self.draft, self.reach);
            let behind = asked.iter().position(|known| *known == question);
            next = behind.and_then(|at| asked.get(at + 1).copied());
        }
        Box::pin(self.end_step(step)).await
    }

    async fn put(&mut self, question: Question) -> Result<Turn, Failure> {
        let turn = match question {
            Question::What => Box::pin(self.ask_what()).await,
            Question::When => self.ask_when().await,
            Question::Field(id) => Box::pin(self.ask_field(id)).await,
        };
        self.keep();
        turn
    }

    fn announce(&self, step: Step) {
        let number = course::STEPS.iter().position(|known| *known == step);
        let number = number.map_or(0, |at| at + 1);
        out::say("");
        out::say(format_args!(
            "Step {number} of {}, {}. {}",
            course::STEPS.len() + 1,
            step.title(),
            course::question(step)
        ));
        let latitude = self.reach.latitude;
        let further = further(step, &self.draft, latitude);
        if further > 0 && !self.reach.more {
            let changed = course::changed(step, &self.draft, latitude);
            let changed: Vec<&str> = changed.iter().map(|field| field.label).collect();
            let changed = match changed.as_slice() {
                [] => "with usual values".to_owned(),
                labels => format!("changed: {}", labels.join(", ")),
            };
            out::say(format_args!(
                "More settings: {further}, {changed}; more asks them too."
            ));
        }
    }

    /// What the step does and what was found; then the next one, unless something is to be put right here first.
    async fn end_step(&mut self, step: Step) -> Result<(), Failure> {
        self.learn().await;
        let now = Zoned::now();
        if step == Step::Collection {
            self.tell_impact(&now);
        }
        let effect = words::step(step, &self.draft, &self.facts, &now);
        if !effect.is_empty() {
            out::say(out::plain(&effect));
        }
        let findings: Vec<Finding> = course::of_step(step, &self.findings()).cloned().collect();
        for finding in &findings {
            out::say(review::in_words(finding));
        }
        let stops = findings.into_iter().filter_map(|finding| {
            let field = finding.field?;
            (finding.weight == Weight::Stops).then_some((finding, field))
        });
        match stops.into_iter().next() {
            Some((finding, field)) if !self.is_left_open(&finding, field).await? => {
                self.go(step, Some(field));
            }
            _ => self.go(self.next_open(step), None),
        }
        Ok(())
    }

    /// Whether the person goes on although something stops the plan. A fix that was offered may be taken instead.
    async fn is_left_open(&mut self, stop: &Finding, field: FieldId) -> Result<bool, Failure> {
        let fix = match &stop.fix {
            Some(Fix {
                label,
                remedy: Remedy::Set(answers),
            }) => Some((label, answers)),
            _ => None,
        };
        let offered = fix.map_or_else(String::new, |(label, _)| {
            format!("fix does this: {label}; ")
        });
        let question = format!(
            "Enter goes back to {}; {offered}on goes on all the same",
            field.field().label
        );
        loop {
            match (talk::ask(&question).await?, fix) {
                (Said::Enter | Said::Back, _) => return Ok(false),
                (Said::Quit, _) => return Err(quit()),
                (Said::Text(word), _) if word.eq_ignore_ascii_case("on") => return Ok(true),
                (Said::Text(word), Some((_, answers))) if word.eq_ignore_ascii_case("fix") => {
                    for (field, value) in answers {
                        self.answer(*field, Some(value));
                    }
                    self.keep();
                    return Ok(false);
                }
                _ => out::say("Press Enter, or type on."),
            }
        }
    }

    /// Who would be reached, in figures.
    fn tell_impact(&self, now: &Zoned) {
        let Some(target) = self.draft.target() else {
            return;
        };
        out::say("Who would be reached:");
        for line in impact::lines(&target, &self.draft, &self.facts, now) {
            out::say(spoken(&out::plain(&line.words())));
        }
    }

    /// Takes an answer that fits its field; one that does not is said and not taken.
    pub(super) fn answer(&mut self, id: FieldId, value: Option<&Value>) -> bool {
        let taken = self.draft.put(id, value);
        if let Err(misfit) = &taken {
            out::say(misfit);
        }
        taken.is_ok()
    }

    /// What stands against the draft as it is now.
    pub(super) fn findings(&self) -> Vec<Finding> {
        guard::findings(&self.draft, &self.facts, self.limits(), &Zoned::now())
    }

    /// Asks the site what the draft raises and nobody has asked yet.
    pub(super) async fn learn(&mut self) {
        let questions = needed(&self.draft, self.limits());
        self.facts.keep_only(&questions);
        let missing = self.facts.missing(questions);
        if !missing.is_empty() {
            let facts = patiently(Box::pin(gather(self.provider, &missing))).await;
            self.facts.merge(facts);
        }
    }

    /// Writes the draft where it changed.
    fn keep(&mut self) {
        if self.draft == self.kept {
            return;
        }
        self.kept = self.draft.clone();
        if let Err(reason) = self.drafts.keep(&self.draft) {
            out::say(format_args!("The draft could not be kept: {reason}"));
        }
    }

    fn next_open(&self, after: Step) -> Step {
        course::next_open(after, &self.draft, &self.facts, &self.findings())
    }

    /// To a step, from its first question or from one of its fields.
    fn go(&mut self, step: Step, field: Option<FieldId>) {
        self.step = step;
        self.reach.more = field.is_some_and(|field| field.field().level == Level::More);
        let is_when = matches!(
            field,
            Some(FieldId::AdvertisementPurpose | FieldId::AdvertisementDeadline)
        );
        self.at = if is_when && !self.reach.by_hand {
            Some(Question::When)
        } else {
            field.map(Question::Field)
        };
    }

    fn go_back(&mut self) {
        match self.trail.pop() {
            Some((step, question)) => {
                let is_more =
                    matches!(question, Question::Field(id) if id.field().level == Level::More);
                self.reach.more = is_more || (self.reach.more && step == self.step);
                self.step = step;
                self.at = Some(question);
            }
            None => out::say("This is the first question."),
        }
    }
}

/// What the person may choose on a site.
pub fn latitude(chosen: &Chosen) -> Latitude {
    Latitude::of(chosen.profile, &chosen.limits.house)
}

/// Words that were set apart by space and dots on a screen, as they are said.
fn spoken(words: &str) -> String {
    words
        .replace("   ", ": ")
        .replace(" · ", ", ")
        .replace("  ", ", ")
}

/// Leaving in so many words.
pub fn quit() -> Failure {
    Failure::new(Exit::Interrupted, "left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_said_with_commas() {
        assert_eq!(
            spoken("37 devices   35 workstations · 2 servers"),
            "37 devices: 35 workstations, 2 servers"
        );
        assert_eq!(spoken("PC-0001  PC-0002"), "PC-0001, PC-0002");
    }
}
