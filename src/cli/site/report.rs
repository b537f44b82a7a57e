//! What a check found, step by step: written as it comes, or as JSON at the end.

use std::io::Write;

use serde::Serialize;

use super::super::arguments::ShowForm;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::out;
use crate::error::SiteError;

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Ok,
    /// It works, and there is something to know about it.
    Note,
    /// The site does not say.
    Unknown,
    Failed,
    /// An earlier step stands in the way.
    Skipped,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// One step and its result.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// A word that stays the same from version to version.
    #[serde(rename = "step")]
    pub name: &'static str,
    pub outcome: Outcome,
    pub says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub way_out: Option<String>,
}

/// All steps so far.
#[derive(Debug)]
pub struct Report {
    form: ShowForm,
    steps: Vec<Step>,
    worst: Exit,
}

impl Report {
    pub fn new(form: ShowForm) -> Self {
        Self {
            form,
            steps: Vec::new(),
            worst: Exit::Done,
        }
    }

    pub fn ok(&mut self, step: &'static str, says: impl Into<String>) -> Result<(), Failure> {
        self.add(step, Outcome::Ok, &says.into(), None)
    }

    pub fn note(
        &mut self,
        step: &'static str,
        says: impl Into<String>,
        way_out: impl Into<String>,
    ) -> Result<(), Failure> {
        self.add(step, Outcome::Note, &says.into(), Some(&way_out.into()))
    }

    pub fn unknown(&mut self, step: &'static str, says: impl Into<String>) -> Result<(), Failure> {
        self.add(step, Outcome::Unknown, &says.into(), None)
    }

    /// Steps nobody can take, told on one line.
    pub fn skipped(&mut self, steps: &[&'static str], after: &str) -> Result<(), Failure> {
        if self.form == ShowForm::Text {
            let (word, all) = (Outcome::Skipped.word(), steps.join(", "));
            out::data(|out| writeln!(out, "{word:7}  {:16}  {all}: needs {after}", ""))?;
        }
        self.steps.extend(steps.iter().map(|step| Step {
            name: step,
            outcome: Outcome::Skipped,
            says: format!("needs {after}"),
            way_out: None,
        }));
        Ok(())
    }

    /// A step that failed, and what the shell is to be told of it.
    pub fn failed(&mut self, step: &'static str, failure: &Failure) -> Result<(), Failure> {
        self.worst = worse(self.worst, failure.exit);
        let way_out = (!failure.ways_out.is_empty()).then(|| failure.ways_out.join("; "));
        self.add(step, Outcome::Failed, &failure.what, way_out.as_deref())
    }

    /// The site's answer, or its refusal with the way out.
    pub fn told<T>(
        &mut self,
        step: &'static str,
        answer: Result<T, SiteError>,
    ) -> Result<Option<T>, Failure> {
        match answer {
            Ok(answer) => Ok(Some(answer)),
            Err(error) => {
                self.failed(step, &Failure::from(error))?;
                Ok(None)
            }
        }
    }

    /// The same of what a site may leave unsaid; one that breaks down over the question has not said it.
    pub fn told_if_said<T>(
        &mut self,
        step: &'static str,
        answer: Result<Option<T>, SiteError>,
        unsaid: &str,
    ) -> Result<Option<T>, Failure> {
        match answer {
            Ok(None) | Err(SiteError::Failed { .. }) => {
                self.unknown(step, unsaid)?;
                Ok(None)
            }
            answer => Ok(self.told(step, answer)?.flatten()),
        }
    }

    fn add(
        &mut self,
        step: &'static str,
        outcome: Outcome,
        says: &str,
        way_out: Option<&str>,
    ) -> Result<(), Failure> {
        let step = Step {
            name: step,
            outcome,
            says: out::plain(says),
            way_out: way_out.map(out::plain),
        };
        if self.form == ShowForm::Text {
            let word = outcome.word();
            out::data(|out| {
                writeln!(out, "{word:7}  {:16}  {}", step.name, step.says)?;
                match &step.way_out {
                    Some(way_out) => writeln!(out, "{:25}  -> {way_out}", ""),
                    None => Ok(()),
                }
            })?;
        }
        self.steps.push(step);
        Ok(())
    }

    /// Ends the report; the worst step decides what the shell is told.
    pub fn end(self) -> Result<Exit, Failure> {
        if self.form == ShowForm::Json {
            let steps = serde_json::to_string_pretty(&self.steps);
            let steps = steps.map_err(|error| Failure::failed(error.to_string()))?;
            out::data(|out| writeln!(out, "{steps}"))?;
        }
        Ok(self.worst)
    }
}

/// A site that was not reached is worse than one that refused, and that worse than anything else.
fn worse(one: Exit, other: Exit) -> Exit {
    let weight = |exit| match exit {
        Exit::Done => 0,
        Exit::Refused => 2,
        Exit::Unreachable => 3,
        _ => 1,
    };
    if weight(other) > weight(one) {
        other
    } else {
        one
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_that_breaks_down_over_a_question_has_left_it_unsaid() {
        let mut report = Report::new(ShowForm::Json);
        let failed = SiteError::Failed {
            attempt: "read the administrators".to_owned(),
            reason: "no word of why".to_owned(),
        };
        let refused = SiteError::Forbidden {
            attempt: "read the administrators".to_owned(),
            reason: "no".to_owned(),
        };
        for answer in [Ok(Some(())), Ok(None), Err(failed), Err(refused)] {
            report.told_if_said("roles", answer, "unsaid").unwrap();
        }
        let outcomes: Vec<Outcome> = report.steps.iter().map(|step| step.outcome).collect();
        assert_eq!(
            outcomes,
            [Outcome::Unknown, Outcome::Unknown, Outcome::Failed]
        );
    }
}
