//! What will happen, in words: the live panel beside the fields, and the line that says what a step does.

use super::{Editor, Place, Wizard};
use crate::distribution::field::{FieldId, Step};
use crate::distribution::occasion::Occasion;
use crate::distribution::{Draft, Finding, Value, Weight, course, words};

impl Wizard {
    /// What the shown step does, as one sentence; empty while too little is said.
    pub fn effect_of_step(&self) -> String {
        let step = self.step();
        if step != Step::Advertisement {
            return self.sentence(step, &self.draft);
        }
        let marked = match self.editor {
            Editor::Occasions(at) => at.and_then(|at| Occasion::ALL.get(at)),
            _ => None,
        };
        let mut tried = self.draft.clone();
        if let Some(occasion) = marked {
            // An occasion answers with values of the fields' own kinds.
            let _ = occasion.answer(&mut tried, &self.now);
        }
        if let Place::Field(id) = self.place
            && let Some(Ok(when)) = self.typed_moment(id)
        {
            // A moment fits the field of a moment.
            let _ = tried.put(id, Some(&Value::Moment(when)));
        }
        if tried.advertisement.purpose.is_none() {
            // Nobody is told what would happen by a default that is never taken.
            return String::new();
        }
        self.sentence(step, &tried)
    }

    /// The sentence of a step, with the package by its name.
    fn sentence(&self, step: Step, draft: &Draft) -> String {
        let sentence = words::step(step, draft, &self.facts, &self.now);
        let id = draft.text(FieldId::PackageUse);
        match self.object_name(FieldId::PackageUse, &id) {
            Some(name) if step == Step::Package => sentence.replacen(&id, name, 1),
            _ => sentence,
        }
    }

    /// What will happen, sentence by sentence, as far as it is said.
    pub fn happening(&self) -> Vec<String> {
        course::STEPS
            .into_iter()
            .filter(|step| course::is_begun(*step, &self.draft))
            .filter(|step| {
                *step != Step::Advertisement || self.draft.advertisement.purpose.is_some()
            })
            .map(|step| self.sentence(step, &self.draft))
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
        let changed = course::changed(self.step(), &self.draft, self.setting.latitude());
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
