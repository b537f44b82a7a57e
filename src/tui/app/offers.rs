//! What the start offers to take up again: runs that were cut, or failed and were left so.

use crate::client::{Answer, OpenRuns, Payload, RunAsk};
use crate::config::Access;
use crate::distribution::journal::{FoundRun, Record, Traces};

use super::{App, Deed, Desk, Layer, Notice, Question};

/// How a run that is not at its end stands, and what can be done about it. What changes a site is not offered where that
/// is only read, going on is not offered once taking back began, and taking back is not where nothing was made.
pub(super) fn ways_on(
    found: &FoundRun,
    access: Access,
) -> (&'static str, Vec<(&'static str, Deed)>) {
    let traces = found.record.traces();
    let plan = &found.record.plan.id;
    let take_up = |ask| Deed::TakeUp(Box::new(found.clone()), ask);
    let later = ("Ask again at the next start", Deed::Nothing);
    let go_on = ("Continue", take_up(RunAsk::Continue(plan.clone())));
    let roll_back = (
        "Roll back what it made",
        take_up(RunAsk::RollBack(plan.clone())),
    );
    let keep = (
        "Keep what it made, and close it",
        take_up(RunAsk::Keep(plan.clone())),
    );
    if traces == Traces::Nothing && !found.record.is_rolling_back {
        let close = ("Close it", take_up(RunAsk::Keep(plan.clone())));
        let words = "It has changed nothing on the site.";
        let ways = if access.may_write() {
            vec![later, go_on, close]
        } else {
            vec![later, close]
        };
        (words, ways)
    } else if !access.may_write() {
        let words =
            "What it made so far is on the site, and nothing may be changed there from here.";
        (words, vec![later, keep])
    } else if found.record.is_rolling_back {
        let words = "Taking back what it made was begun; what is left is still on the site.";
        (words, vec![later, roll_back, keep])
    } else {
        let words = if traces == Traces::Perhaps {
            "Whether the site made anything is not known. It is looked for before anything is made or removed."
        } else {
            "What it made so far is on the site. Nothing is made twice when it goes on."
        };
        (words, vec![later, go_on, roll_back, keep])
    }
}

/// What stopped a run, where it was not cut itself.
fn stopped_by(record: &Record) -> Option<String> {
    let (op, operation, past) = record.failed()?;
    let about = operation.about();
    Some(format!(
        "It failed at operation {op}, {about}: {}.",
        past.words
    ))
}

impl App {
    /// Runs that were cut, each with a question of its own; the newest is asked about first.
    pub(super) fn runs_found(&mut self, answer: &Answer, desk: &mut Desk) {
        if self.looked_for_runs != Some(answer.ticket) {
            return;
        }
        self.looked_for_runs = None;
        let Ok(Payload::OpenRuns(OpenRuns { runs, faults })) = &answer.result else {
            return;
        };
        if let Some(fault) = faults.first() {
            desk.tell(Notice::fault(fault.as_str()));
        }
        let mut runs: Vec<_> = runs.iter().collect();
        runs.sort_by_key(|found| found.record.opened_at);
        for found in runs {
            let question = self.run_question(found);
            self.layers.push(Layer::Question(question));
        }
    }

    fn run_question(&self, found: &FoundRun) -> Question {
        let plan = &found.record.plan;
        let at = found.record.opened_at.to_zoned(self.zone.clone());
        let begun = format!(
            "Plan {} on site {}, begun {}:",
            plan.id,
            plan.site.name,
            at.strftime("%a %-d %b %H:%M")
        );
        let (standing, answers) = ways_on(found, self.setting.access);
        let mut words = vec![begun, plan.sentence()];
        let failure = stopped_by(&found.record);
        let title = match failure {
            Some(_) => "A run did not come to its end",
            None => "A run was cut before its end",
        };
        words.extend(failure);
        words.push(standing.to_owned());
        Question::new(title, words, answers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Profile;
    use crate::distribution::guard::Acceptance;
    use crate::distribution::journal::{Actor, Answered, Doing, Entry, Event, Record};
    use crate::distribution::plan::OpNumber;
    use crate::distribution::plan::samples::everything;
    use serde_json::Value;

    /// A run whose first request was answered so.
    fn found(is_rolling_back: bool, answer: Answered) -> FoundRun {
        let plan = everything();
        let opened = Entry {
            at: plan.made_at,
            event: Event::Opened {
                by: Actor::here("anna"),
                plan: Box::new(plan),
                acceptance: Acceptance::default(),
            },
        };
        let mut record = Record::begin(&opened).unwrap();
        record.is_rolling_back = is_rolling_back;
        let op = OpNumber(1);
        for event in [
            Event::Intent {
                op,
                doing: Doing::Make,
                request: "create SMS_Package".into(),
                values: Value::Null,
                before: Value::Null,
            },
            Event::Answered { op, answer },
        ] {
            let at = opened.at;
            record.apply(&Entry { at, event });
        }
        FoundRun {
            file: "run.jsonl".into(),
            record,
            live: None,
        }
    }

    /// Whether it is offered to carry the run on, to take it back, to keep it.
    fn offered(is_rolling_back: bool, is_readonly: bool) -> [bool; 3] {
        let found = found(is_rolling_back, Answered::Done { after: Value::Null });
        let access = Access::of(is_readonly, Profile::Admin, false);
        let (_, answers) = ways_on(&found, access);
        let has = |fits: fn(&RunAsk) -> bool| {
            answers
                .iter()
                .any(|(_, deed)| matches!(deed, Deed::TakeUp(_, ask) if fits(ask)))
        };
        assert!(matches!(answers[0].1, Deed::Nothing), "the harmless first");
        [
            has(|ask| matches!(ask, RunAsk::Continue(_))),
            has(|ask| matches!(ask, RunAsk::RollBack(_))),
            has(|ask| matches!(ask, RunAsk::Keep(_))),
        ]
    }

    #[test]
    fn a_run_whose_roll_back_began_is_not_offered_to_go_on() {
        assert_eq!(offered(false, false), [true, true, true]);
        assert_eq!(offered(true, false), [false, true, true]);
    }

    #[test]
    fn what_was_made_is_said_as_the_journal_knows_it() {
        let access = Access::of(false, Profile::Admin, false);
        let told = |answer| {
            let (words, answers) = ways_on(&found(false, answer), access);
            (
                words,
                answers
                    .into_iter()
                    .map(|(label, _)| label)
                    .collect::<Vec<_>>(),
            )
        };
        let words = || String::from("(500)");
        let (refused, ways) = told(Answered::Refused { words: words() });
        assert_eq!(refused, "It has changed nothing on the site.");
        assert_eq!(
            ways,
            ["Ask again at the next start", "Continue", "Close it"]
        );
        let (lost, ways) = told(Answered::Lost { words: words() });
        assert!(lost.contains("is not known"), "{lost}");
        assert!(ways.contains(&"Roll back what it made"));
        let (made, _) = told(Answered::Done { after: Value::Null });
        assert!(
            made.starts_with("What it made so far is on the site."),
            "{made}"
        );
    }

    #[test]
    fn nothing_that_writes_is_offered_on_a_site_that_is_only_read() {
        assert_eq!(offered(false, true), [false, false, true]);
        assert_eq!(offered(true, true), [false, false, true]);
    }
}
