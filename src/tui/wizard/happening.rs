//! What will happen, in words: the live panel beside the fields, and the line that says what a step does.

use super::Wizard;
use crate::distribution::field::{FieldId, Step};
use crate::distribution::{Finding, Weight, course, words};

impl Wizard {
    /// What the shown step does, as one sentence; empty while too little is said.
    pub fn effect_of_step(&self) -> String {
        words::step(self.step(), &self.draft, &self.facts, &self.now)
    }

    /// What will happen, sentence by sentence, as far as it is said.
    pub fn happening(&self) -> Vec<String> {
        course::STEPS
            .into_iter()
            .filter(|step| course::is_begun(*step, &self.draft))
            .map(|step| words::step(step, &self.draft, &self.facts, &self.now))
            .filter(|sentence| !sentence.is_empty())
            .collect()
    }

    /// What stands against it so far, the worst first.
    pub fn standing_against(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| {
            let step = finding.field.map(FieldId::step);
            finding.weight != Weight::Note
                && step.is_none_or(|step| self.visited.contains(&step) || step == Step::Review)
        })
    }

    /// What *More settings* hold that is not as it would be by default.
    pub fn fold_title(&self) -> String {
        let changed = course::changed(self.step(), &self.draft);
        if changed.is_empty() {
            return "More settings".to_owned();
        }
        let names: Vec<String> = changed
            .iter()
            .map(|field| field.label.to_lowercase())
            .collect();
        format!(
            "More settings ({} changed: {})",
            changed.len(),
            names.join(", ")
        )
    }
}
