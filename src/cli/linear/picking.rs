//! Choosing an object of the site: part of a name lists what fits, a number takes it.

use super::answer::heading;
use super::candidate::{self, Candidate, exactly, fitting, of_package};
use super::said::Said;
use super::talk::{self, patiently};
use super::walk::{Turn, Walk};
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::distribution::Value;
use crate::distribution::field::{Field, FieldId, Pick};

/// So many are read out at once.
const AT_ONCE: usize = 12;

/// What became of choosing.
pub enum Picked {
    Id(String),
    /// Something that is not there yet.
    New,
    Turn(Turn),
}

impl Walk<'_> {
    pub(super) async fn pick_one(&mut self, id: FieldId, pick: Pick) -> Result<Turn, Failure> {
        let field = id.field();
        out::say(heading(field));
        let held = self.draft.text(id);
        let held = (!held.is_empty()).then(|| self.name_of(pick, &held));
        match Box::pin(self.choose(pick, held.as_deref(), Some(field), false)).await? {
            Picked::Turn(turn) => Ok(turn),
            Picked::New => Ok(Turn::On),
            Picked::Id(chosen) => {
                self.answer(id, Some(&chosen.as_str().into()));
                Ok(Turn::On)
            }
        }
    }

    pub(super) async fn pick_several(&mut self, id: FieldId, pick: Pick) -> Result<Turn, Failure> {
        let field = id.field();
        out::say(heading(field));
        out::say("Choose one at a time; choosing one again takes it away.");
        loop {
            let mut chosen = match self.draft.get(id) {
                Some(Value::List(chosen)) => chosen,
                _ => Vec::new(),
            };
            let names: Vec<String> = chosen.iter().map(|id| self.name_of(pick, id)).collect();
            let held = match names.as_slice() {
                [] => "none".to_owned(),
                names => names.join(", "),
            };
            match Box::pin(self.choose(pick, Some(&held), Some(field), false)).await? {
                Picked::Turn(turn) => return Ok(turn),
                Picked::New => return Ok(Turn::On),
                Picked::Id(object) => {
                    match chosen
                        .iter()
                        .position(|known| known.eq_ignore_ascii_case(&object))
                    {
                        Some(at) => {
                            chosen.remove(at);
                        }
                        None => chosen.push(object),
                    }
                    let value = (!chosen.is_empty()).then_some(Value::List(chosen));
                    self.answer(id, value.as_ref());
                }
            }
        }
    }

    /// Asks for one object. Enter keeps `held`; what nobody has to choose is passed by Enter.
    pub(super) async fn choose(
        &mut self,
        pick: Pick,
        held: Option<&str>,
        field: Option<&Field>,
        or_new: bool,
    ) -> Result<Picked, Failure> {
        let candidates = self.candidates(pick).await;
        let mut listed: Vec<String> = Vec::new();
        let mut last = String::new();
        let label = field.map_or("Software", |field| field.label);
        let is_optional = field.is_some_and(|field| field.id == FieldId::ProgramDependsOn);
        let question = match (held, is_optional) {
            (Some(held), _) => format!("{label}, part of a name (Enter: {})", out::plain(held)),
            (None, true) => format!("{label}, part of a name (Enter: none)"),
            (None, false) => format!("{label}, part of a name"),
        };
        loop {
            let text = match talk::ask(&question).await? {
                Said::Enter if held.is_some() || is_optional => return Ok(Picked::Turn(Turn::On)),
                Said::Nothing if field.is_some() => {
                    if let Some(field) = field {
                        self.answer(field.id, None);
                    }
                    return Ok(Picked::Turn(Turn::On));
                }
                Said::Text(text) => text,
                other => match self.steer(&other, field)? {
                    Some(turn) => return Ok(Picked::Turn(turn)),
                    None => continue,
                },
            };
            if or_new && text.eq_ignore_ascii_case("new") {
                return Ok(Picked::New);
            }
            let Some(candidates) = &candidates else {
                return Ok(Picked::Id(text));
            };
            let at = text.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
            if let Some(id) = at.and_then(|at| listed.get(at)) {
                return Ok(taken(candidates, id));
            }
            if let Some(candidate) = exactly(&text, candidates) {
                return Ok(taken(candidates, &candidate.id));
            }
            let all = text.eq_ignore_ascii_case("all");
            if !all {
                last.clone_from(&text);
            }
            listed = read_out(&last, all, candidates);
        }
    }

    /// What the field chooses from; `None` where the site did not say, and any name is taken then.
    async fn candidates(&mut self, pick: Pick) -> Option<Vec<Candidate>> {
        let listed = if pick == Pick::Program {
            Pick::AnyProgram
        } else {
            pick
        };
        if !self.lists.iter().any(|(known, _)| *known == listed) {
            let (provider, limits) = (self.provider, self.limits().clone());
            let reading = Box::pin(candidate::read(listed, provider, &limits));
            match patiently(reading).await {
                Ok(list) => self.lists.push((listed, list)),
                Err(fault) => {
                    out::say(format_args!(
                        "What there is could not be read: {fault}. Type the id."
                    ));
                    return None;
                }
            }
        }
        let (_, list) = self.lists.iter().find(|(known, _)| *known == listed)?;
        if pick != Pick::Program {
            return Some(list.clone());
        }
        let named = self.draft.text(FieldId::PackageUse);
        let found = self
            .facts
            .packages(&named)
            .value()
            .and_then(|found| found.first());
        let package = found.map_or(named.as_str(), |package| package.id().as_str());
        Some(of_package(package, list))
    }

    /// What people call an object, where it is known.
    fn name_of(&self, pick: Pick, id: &str) -> String {
        let lists = self.lists.iter().filter(|(known, _)| *known == pick);
        let mut candidates = lists.flat_map(|(_, list)| list);
        let found = candidates.find(|candidate| candidate.id.eq_ignore_ascii_case(id));
        found.map_or_else(|| id.to_owned(), |candidate| candidate.name.clone())
    }
}

fn taken(candidates: &[Candidate], id: &str) -> Picked {
    if let Some(candidate) = candidates.iter().find(|candidate| candidate.id == id) {
        out::say(format_args!("Chosen: {}", out::plain(&candidate.words)));
    }
    Picked::Id(id.to_owned())
}

/// Reads out what fits, and answers the ids in that order. Large and built-in ones are counted until all are asked for.
fn read_out(typed: &str, all: bool, candidates: &[Candidate]) -> Vec<String> {
    let found = fitting(typed, candidates);
    let (hidden, shown): (Vec<&Candidate>, Vec<&Candidate>) = found
        .into_iter()
        .partition(|candidate| candidate.is_hidden && !all);
    if shown.is_empty() && hidden.is_empty() {
        out::say(format_args!("Nothing fits '{}'.", out::plain(typed)));
        return Vec::new();
    }
    for (number, candidate) in shown.iter().take(AT_ONCE).enumerate() {
        let words = out::plain(&candidate.words);
        out::say(format_args!("{}. {words}", number + 1));
    }
    if shown.len() > AT_ONCE {
        out::say(format_args!(
            "{} more fit: type more of the name.",
            shown.len() - AT_ONCE
        ));
    }
    if !hidden.is_empty() {
        out::say(format_args!(
            "{} that fit are large or built in: all reads them out too.",
            hidden.len()
        ));
    }
    let ids = shown.iter().take(AT_ONCE);
    ids.map(|candidate| candidate.id.clone()).collect()
}
