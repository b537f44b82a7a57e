//! The review, said aloud: the sentence, the operations, what stands against them; then each confirmation by itself.

use std::path::Path;

use jiff::Zoned;

use super::said::Said;
use super::talk::{self, patiently};
use super::walk::{Walk, quit};
use crate::cli::failure::Failure;
use crate::cli::{compose, out, review};
use crate::config::private;
use crate::distribution::facts::gather;
use crate::distribution::field::Step;
use crate::distribution::plan::{Accepted, Making, Plan};
use crate::distribution::{Acceptance, Demand, Finding, PlanId, course, guard, needed};

/// What the review comes to.
pub enum Verdict {
    Run(Box<Accepted>),
    /// Something is changed in that step first.
    To(Step),
    Back,
}

impl Walk<'_> {
    /// Reads everything anew, says the plan, and asks for what it demands.
    pub(super) async fn review(&mut self) -> Result<Verdict, Failure> {
        let questions = needed(&self.draft, self.limits());
        self.facts = patiently(Box::pin(gather(self.provider, &questions))).await;
        let steps = course::STEPS.len() + 1;
        out::say("");
        let title = Step::Review.title();
        out::say(format_args!("Step {steps} of {steps}, {title}."));
        let making = Making {
            id: PlanId::fresh(),
            author: compose::user(),
            site: self.chosen.name.clone(),
            now: Zoned::now(),
        };
        let plan = match Plan::make(&self.draft, &self.facts, self.limits(), &making) {
            Ok(plan) => plan,
            Err(findings) => {
                tell(&findings);
                out::say("There is no plan while these stop it.");
                return choose_step().await;
            }
        };
        out::say(out::plain(&plan.sentence()));
        for (number, operation) in plan.numbered() {
            let (about, detail) = (operation.about(), operation.detail());
            out::say(out::plain(&format!("{number}. {about}. {detail}")));
        }
        tell(&plan.demand.notes);
        let against = self.forbidden(&plan);
        if !against.is_empty() {
            tell(&against);
            return saving(&plan).await;
        }
        match acceptance(&plan.demand).await? {
            Some(said) => running(&plan, &said).await,
            None => choose_step().await,
        }
    }

    /// What no acceptance can lift.
    fn forbidden(&self, plan: &Plan) -> Vec<Finding> {
        let user = compose::user();
        let readonly = guard::refuses_changes(self.chosen.access);
        let other = guard::wants_another_person(self.limits(), &plan.author, &user);
        readonly.into_iter().chain(other).collect()
    }
}

fn tell(findings: &[Finding]) {
    for finding in findings {
        out::say(review::in_words(finding));
    }
}

/// Everything said that the plan demands, one thing at a time; `None` as soon as one is not confirmed.
async fn acceptance(demand: &Demand) -> Result<Option<Acceptance>, Failure> {
    let mut said = Acceptance::default();
    let all = demand.confirm.len();
    for (number, finding) in demand.confirm.iter().enumerate() {
        out::say(format_args!(
            "To confirm, {} of {all}: {}",
            number + 1,
            out::plain(&finding.to_string())
        ));
        if !talk::is_agreed("Confirm this?").await? {
            return Ok(None);
        }
        said.ticked.insert(finding.key());
    }
    let Some(name) = &demand.typed_name else {
        return Ok(Some(said));
    };
    out::say(format_args!(
        "The name of the collection must be typed: {}",
        out::plain(name)
    ));
    loop {
        let typed = talk::line("Name of the collection (Enter: do not run)").await?;
        if typed.trim().is_empty() {
            return Ok(None);
        }
        if typed.trim() == name.trim() {
            said.typed_name = Some(typed);
            return Ok(Some(said));
        }
        out::say("That is not its name.");
    }
}

/// The last question: nothing has changed on the site before it is answered with yes.
async fn running(plan: &Plan, said: &Acceptance) -> Result<Verdict, Failure> {
    loop {
        let question = "Run this plan? yes, no, or save FILE (Enter: no)";
        match talk::ask(question).await? {
            Said::Text(word) if matches!(word.to_lowercase().as_str(), "y" | "yes") => {
                return match plan.accept(said) {
                    Ok(accepted) => Ok(Verdict::Run(Box::new(accepted))),
                    Err(wanted) => {
                        out::say(review::demand(&wanted).trim_end());
                        choose_step().await
                    }
                };
            }
            Said::Enter => return choose_step().await,
            Said::Text(word) if matches!(word.to_lowercase().as_str(), "n" | "no") => {
                return choose_step().await;
            }
            Said::Text(text) if save(plan, &text) => {}
            Said::Back => return Ok(Verdict::Back),
            Said::Quit => return Err(quit()),
            _ => out::say(
                "yes runs the plan now; no leads back to the steps; save FILE keeps it for `consign apply`.",
            ),
        }
    }
}

/// A plan that may not run from here can still be kept for somebody else.
async fn saving(plan: &Plan) -> Result<Verdict, Failure> {
    loop {
        match talk::ask("save FILE keeps the plan for somebody else (Enter: back to the steps)")
            .await?
        {
            Said::Text(text) if save(plan, &text) => {}
            Said::Enter => return choose_step().await,
            Said::Back => return Ok(Verdict::Back),
            Said::Quit => return Err(quit()),
            _ => out::say("Type save and the name of a file, or press Enter."),
        }
    }
}

/// Whether that was an order to save; done, or said why not.
fn save(plan: &Plan, text: &str) -> bool {
    let Some(file) = text.strip_prefix("save ").map(str::trim) else {
        return false;
    };
    let written = plan
        .to_json()
        .map_err(|error| error.to_string())
        .and_then(|json| {
            private::replace(Path::new(file), json.as_bytes()).map_err(|error| error.to_string())
        });
    match written {
        Ok(()) => out::say(format_args!("The plan is in {file}.")),
        Err(error) => out::say(format_args!("{file} could not be written: {error}")),
    }
    true
}

/// Nothing runs: to a step, or away.
async fn choose_step() -> Result<Verdict, Failure> {
    for (number, step) in course::STEPS.into_iter().enumerate() {
        out::say(format_args!("{}. {}", number + 1, step.title()));
    }
    loop {
        match talk::ask("Nothing was changed. Number of the step to change, or quit").await? {
            Said::Text(text) => match step_of(&text) {
                Some(step) => return Ok(Verdict::To(step)),
                None => out::say("Answer with one of the numbers."),
            },
            Said::Back => return Ok(Verdict::Back),
            Said::Quit => return Err(quit()),
            _ => out::say("The numbers lead back to the steps; quit leaves and keeps the draft."),
        }
    }
}

/// A step by its number or the beginning of its title.
fn step_of(text: &str) -> Option<Step> {
    if let Ok(number) = text.parse::<usize>() {
        return course::STEPS.get(number.checked_sub(1)?).copied();
    }
    let text = text.to_lowercase();
    let titled = |step: &Step| step.title().to_lowercase().starts_with(&text);
    course::STEPS.into_iter().find(titled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_named_by_its_number_or_its_title() {
        assert_eq!(step_of("1"), Some(Step::Start));
        assert_eq!(step_of("6"), Some(Step::Advertisement));
        assert_eq!(step_of("coll"), Some(Step::Collection));
        for nothing in ["0", "7", "review"] {
            assert_eq!(step_of(nothing), None, "{nothing}");
        }
    }
}
